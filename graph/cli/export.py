"""`kg export`."""

from __future__ import annotations

from pathlib import Path

import click

from graph.cli.common import App, output_option, pass_app, talk, write

NAMES = ("nquads", "trig", "turtle", "jsonld", "graphml", "csv", "void")


@click.command()
@click.option(
    "--format", "form", type=click.Choice(NAMES), help="[default: by the file's suffix, else nquads]"
)
@output_option
@pass_app
def export(app: App, form: str | None, output: Path | None) -> None:
    """Write the whole graph out, sorted: the same content gives the same bytes.

    Beside a file, a VoID description of it is written (FILE.void.ttl).
    """
    from graph.export import FORMATS, SUFFIXES

    kind = form or (SUFFIXES.get(output.suffix.lower(), "nquads") if output else "nquads")
    with app.reader() as reader:
        write(FORMATS[kind](reader), output)
        if output is not None and kind != "void":
            write(FORMATS["void"](reader), output.with_name(output.name + ".void.ttl"))
        talk(app.say(f"{reader.count} statements", f"{reader.count} 条陈述"))
