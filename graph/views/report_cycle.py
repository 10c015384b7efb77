"""How a release came about in one project: its versions, patches merged by month, bugs fixed."""

from __future__ import annotations

from graph.views.document import Block, Code, Grid, Paragraph, Places
from graph.views.report_model import number, text
from graph.views.report_promises import Cycle
from graph.views.report_release_words import said_of
from graph.views.report_words import Words, day


def cycle_blocks(cycle: Cycle, release: str, words: Words) -> list[Block]:
    """The first and the latest version, the numbers, and a table of months."""
    merged = Paragraph(
        (f"{_merged(cycle, words)}{words.stop} ", Code(f"kg query versions -p release={release}"))
    )
    rows = tuple(((day(month, words),), (str(count),)) for month, count in cycle.months.items())
    grid = [Grid(said_of(words).month_heads, rows)] if rows else []
    return [*_versions(cycle, words), merged, *grid]


def _versions(cycle: Cycle, words: Words) -> list[Block]:
    if not cycle.first or not cycle.last:
        return []
    said, shown = said_of(words), [cycle.first]
    told = [
        said.first.format(version=text(cycle.first["version"]), date=day(text(cycle.first["date"]), words))
    ]
    if cycle.last is not cycle.first:
        told.append(
            said.last.format(version=text(cycle.last["version"]), date=day(text(cycle.last["date"]), words))
        )
        shown.append(cycle.last)
    places = dict.fromkeys((text(row["source"]), number(row["line"])) for row in shown if row["source"])
    return [Paragraph((words.comma.join(told) + words.stop, Places(tuple(places))))]


def _merged(cycle: Cycle, words: Words) -> str:
    said, total = said_of(words), sum(cycle.months.values())
    if not cycle.first:
        return said.merged_so_far.format(n=total, bugs=cycle.bugs)
    line = said.merged.format(n=total, bugs=cycle.bugs, version=text(cycle.first["version"]))
    return line + (said.after.format(n=cycle.after, bugs=cycle.bugs_after) if cycle.after else "")
