"""`kg timeline`: how features went, by date."""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import FORMATS, App, check_suffix, day, output_option, pass_app, show, talk, write

if TYPE_CHECKING:
    from graph.views.models import Timeline

DRAWINGS = (".html", ".svg", ".png")
PIPE_WIDTH = 120  # columns when nobody says how wide the terminal is


@click.command()
@click.argument("features", nargs=-1, metavar="[FEATURE]...")
@click.option("--release", help="Only what was said of this release, or while it was made.")
@click.option("--person", help="Only features that this person takes part in.")
@click.option("--since", metavar="DATE", help="Only what was said on this day or later.")
@click.option("--until", metavar="DATE", help="Only what was said on this day or earlier.")
@click.option("--rows", type=click.IntRange(0), default=60, show_default=True,
              help="At most so many features on the terminal or in a drawing; 0 for all.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS),
              help="Everything on record as a table, not a drawing.")  # fmt: skip
@output_option
@pass_app
def timeline(
    app: App, features: tuple[str, ...], release: str | None, person: str | None, since: str | None,
    until: str | None, rows: int, form: str | None, output: Path | None,
) -> None:  # fmt: skip
    """Draw how features went: promises, reports, decisions, patches and slips by date.

    On the terminal, or with -o into a .html page or a .svg or .png drawing. Without FEATURE, all of them; one FEATURE
    is told as a story, from its first spec to its last backport.
    """
    from graph.drawn import Wanted, read_timeline
    from graph.errors import UsageFault
    from graph.names import Names

    check_suffix(output, DRAWINGS)
    if output is not None and form is not None:
        raise UsageFault("--format is for the table on stdout", hint="leave out -o, or --format")
    with app.reader() as reader:
        names = Names(reader)
        limits = day(names, since), day(names, until)
        model = read_timeline(reader, names, app.lang, Wanted(features, release or "", person or "", *limits))
    if form is not None:
        from graph.views.timeline_table import timeline_table

        show(timeline_table(model), form)
    else:
        _put(model, output, rows, limits[0])


# ---- where it goes


def _put(model: Timeline, output: Path | None, rows: int, since: str) -> None:
    if output is None:
        write(_terminal(model, rows), None)
        return
    suffix = output.suffix.lower()
    if suffix == ".html":
        from graph.views.timeline import timeline_html

        write(timeline_html(model), output)
        return
    from graph.views.timeline_svg import timeline_svg

    drawn = timeline_svg(model, rows, since=since)
    if suffix == ".svg":
        write(drawn, output)
    else:
        from graph.views.png import png

        png(drawn, output)
        talk(f"wrote {output}")


def _terminal(model: Timeline, rows: int) -> str:
    from rich.console import Console

    from graph.views.timeline_text import timeline_text

    tty = sys.stdout.isatty()
    color = tty and "NO_COLOR" not in os.environ
    width = max(40, shutil.get_terminal_size((PIPE_WIDTH, 24)).columns)
    out = io.StringIO()
    console = Console(file=out, force_terminal=color, no_color=not color, width=width, legacy_windows=False)
    console.print(timeline_text(model, width, color, rows))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))
