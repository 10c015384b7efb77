"""`kg diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import FORMATS, App, output_option, pass_app, rendered, write

if TYPE_CHECKING:
    from graph.table import Table

MOST_DIGITS = 6  # of the number of a build; more are a date


@click.command()
@click.option(
    "--since", metavar="DATE|BUILD", help="A day, or the number of a build [the build before the last]."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="md", show_default=True,
              help="md is a text for a mail; the others print rows.")  # fmt: skip
@output_option
@pass_app
def diff(app: App, since: str | None, form: str, output: Path | None) -> None:
    """Say what changed: meetings, features, slips, reports, decisions, TODOs, sources.

    By default between the last build and the one before; with a day, what is dated since.
    """
    from graph.views.changes import changes_markdown

    table, title = _dated(app, since) if since and not _is_build(since) else _built(app, since)
    text = (
        changes_markdown(table, title, app.lang) if form == "md" else rendered(table, form, {"title": title})
    )
    write(text, output)


def _is_build(word: str) -> bool:
    return word.isdecimal() and len(word) <= MOST_DIGITS


def _dated(app: App, word: str) -> tuple[Table, str]:
    from graph import diff
    from graph.names import Names

    with app.reader() as reader:
        _, date = Names(reader).resolve("date", word)
        table = diff.since(reader, date)
    return table, app.say(f"What is dated since {date}", f"{date} 以来的内容")


def _built(app: App, word: str | None) -> tuple[Table, str]:
    from graph import diff
    from graph.errors import UnknownName
    from graph.generations import kept
    from graph.store import Reader

    with app.reader() as new:
        before = [number for number in kept(app.store) if number < new.generation]
        if not word and not before:
            hint = "`kg diff --since DATE` shows what is dated since a day"
            raise UnknownName(f"build {new.generation} is the only one kept", hint=hint)
        number = int(word) if word else before[-1]
        with Reader(app.store, number) as old:
            table = diff.between(old, new)
        last = new.generation
    return table, app.say(
        f"What changed from build {number} to build {last}", f"从第 {number} 次到第 {last} 次构建的变化"
    )
