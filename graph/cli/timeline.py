"""`kg timeline`: how features went, by date."""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import App, check_suffix, day, output_option, pass_app, talk, write

if TYPE_CHECKING:
    from graph.views.models import Timeline

FORMS = (".html", ".svg", ".png")
PIPE_WIDTH = 120  # columns when nobody says how wide the terminal is


@click.command()
@click.argument("features", nargs=-1, metavar="[FEATURE]...")
@click.option("--release", help="Only what was said of this release, or while it was made.")
@click.option("--person", help="Only features that this person takes part in.")
@click.option("--since", metavar="DATE", help="Only what was said on this day or later.")
@click.option("--until", metavar="DATE", help="Only what was said on this day or earlier.")
@output_option
@pass_app
def timeline(
    app: App, features: tuple[str, ...], release: str | None, person: str | None, since: str | None,
    until: str | None, output: Path | None,
) -> None:  # fmt: skip
    """Draw how features went: reports, decisions, patches and slips by date.

    On the terminal, or with -o into a .html page or a .svg or .png drawing. Without FEATURE, all of them.
    """
    from graph.drawn import read_scene, subject
    from graph.names import Names
    from graph.views.scene_timeline import Choice, timeline_scene
    from graph.views.scenes import within

    check_suffix(output, FORMS)
    with app.reader() as reader:
        names, scene = Names(reader), read_scene(reader, app.lang)
        chosen = tuple(subject(scene, names, word) for word in features)
        cycle = names.thing("release", release) if release else None
        who = names.thing("person", person) if person else None
        limits = day(names, since), day(names, until)
    title = ", ".join(named.shown for named in (cycle, who) if named is not None)
    choice = Choice(chosen, cycle.iri if cycle else "", who.iri if who else "")
    _put(timeline_scene(within(scene, *limits), choice, title), output)


# ---- where it goes


def _put(model: Timeline, output: Path | None) -> None:
    if output is None:
        write(_terminal(model), None)
        return
    suffix = output.suffix.lower()
    if suffix == ".html":
        from graph.views.timeline import timeline_html

        write(timeline_html(model), output)
        return
    from graph.views.timeline_svg import timeline_svg

    if suffix == ".svg":
        write(timeline_svg(model), output)
    else:
        from graph.views.png import png

        png(timeline_svg(model), output)
        talk(f"wrote {output}")


def _terminal(model: Timeline) -> str:
    from rich.console import Console

    from graph.views.timeline_text import timeline_text

    tty = sys.stdout.isatty()
    color = tty and "NO_COLOR" not in os.environ
    width = max(40, shutil.get_terminal_size((PIPE_WIDTH, 24)).columns)
    out = io.StringIO()
    console = Console(file=out, force_terminal=color, no_color=not color, width=width, legacy_windows=False)
    console.print(timeline_text(model, width, color))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))
