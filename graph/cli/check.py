"""`kg check`."""

from __future__ import annotations

import click

from graph.cli.common import App, format_option, pass_app, show, talk


@click.command()
@format_option
@pass_app
def check(app: App, form: str) -> int:
    """Check the graph: hashes of the store, SHACL shapes, references that lead nowhere, unknown terms.

    Exit 4 when a fault is found.
    """
    from graph.checks import run
    from graph.table import Table

    with app.reader() as reader:
        faults = run(reader)
        count = reader.count
    if faults or form != "table":
        show(Table(("check", "thing", "what"), tuple((f.check, f.thing, f.what) for f in faults)), form)
    talk(
        app.say(
            f"{count} statements checked, {len(faults)} faults",
            f"已检查 {count} 条陈述，{len(faults)} 处问题",
        )
    )
    return 4 if faults else 0
