"""`kg records`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graph.cli.common import App, pass_app, talk

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
              help="Write to this file (.jsonl), not to stdout.")  # fmt: skip
@click.option(
    "--as", "identity", metavar="NAME", help="The source's identity in the graph; its path by default."
)
@click.option("--release", "releases", nargs=2, metavar="FIRST LAST",
              help="Only what belongs to these releases and those between.")  # fmt: skip
@pass_app
def records(
    app: App, source: Path, output: Path | None, identity: str | None, releases: tuple[str, str] | None
) -> int:
    """Write what the reader of SOURCE reads, as lines of JSON.

    A build from this file gives the same graph as a build from the source. Of repositories it holds titles, trailers
    and the lines that the community's patterns matched, never whole messages; of notes, their text.
    """
    from graph import slices, sources
    from graph.dumps import Header, lines

    found = sources.opened(source, identity or "")
    entries = found.entries
    if releases:
        entries = slices.between(entries, found.settings.profile, *releases)
    rows = lines(Header(found.kind.name, found.source), _told(entries))
    count = _write(rows, output)
    talk(app.say(f"{count} records", f"{count} 条记录") + (f" → {output}" if output else ""))
    return 0


def _told(entries: Iterator[Any]) -> Iterator[Any]:
    from graph.errors import Problem

    for entry in entries:
        if isinstance(entry, Problem):
            talk(f"{entry.kind}: {entry.source}: {entry.what}")
        yield entry


def _write(rows: Iterator[str], output: Path | None) -> int:
    """Number of lines behind the header."""
    first = next(rows)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
    handle = output.open("w", encoding="utf-8") if output else sys.stdout
    count = 0
    try:
        handle.write(first + "\n")
        for row in rows:
            handle.write(row + "\n")
            count += 1
        count -= 1  # the line that says how many
    finally:
        handle.flush()
        if output is not None:
            handle.close()
    return count
