"""Milestones of the time, and those ahead in the cycle under way."""

from __future__ import annotations

from dataclasses import dataclass

from graph.table import Table
from graph.views.document import Block, Entries, Entry, Heading, Places
from graph.views.report_model import Month, Row, Tables, number, text
from graph.views.report_phrases import phrases_of
from graph.views.report_words import Words, day


@dataclass(frozen=True)
class Ways:
    """What is known of a community: its kinds of milestone, its projects; none where it is another's."""

    kinds: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()


def milestones(tables: Tables, month: Month, ways: Ways, words: Words) -> list[Block]:
    """Those within the time, and those that follow in the cycle under way or that its meetings speak of."""
    rows = [row for row in tables.milestones.dicts() if _ours(row, month, ways)]
    cycle = cycle_at(tables.releases, month.period.last)
    within = [r for r in rows if month.period.holds(text(r["date"]))]
    later = [r for r in rows if text(r["date"]) > month.period.last]
    ahead = [r for r in later if r["release"] == cycle or _said_in(r, month)]
    phrases, blocks = phrases_of(words), list[Block]()
    this = phrases.within.format(this=phrases.this[0 if month.period.count == 1 else 1])
    for name, some in ((this, within), (phrases.ahead, ahead)):
        if some:
            blocks += [Heading(3, (name,)), Entries(_entries(some, month, words))]
    return blocks


def cycle_at(releases: Table, date: str) -> str:
    """The release that ships first after a date, or the one without a day of shipping that has begun; or empty."""
    rows = [(text(r["ship"]), text(r["start"]), text(r["release"])) for r in releases.dicts()]
    later = [(ship, release) for ship, start, release in rows if ship > date and start <= date]
    if later:
        return min(later)[1]
    return next(
        (release for ship, start, release in reversed(rows) if not ship and start and start <= date), ""
    )


def _ours(row: Row, month: Month, ways: Ways) -> bool:
    """Whether a milestone is said in notes, is the whole community's, or is of the notes' own projects."""
    notes = {meeting.source for meeting in (*month.meetings, *month.past)}
    if text(row["source"]) in notes or not ways.kinds:
        return True
    named = set(text(row["name"]).lower().split())
    if named & {project.lower() for project in month.projects}:
        return True
    return text(row["name"]) in ways.kinds and not named & ways.projects


def _said_in(row: Row, month: Month) -> bool:
    """Whether it is said at one of the meetings: at the last that begins before its line."""
    source, line = text(row["source"]), number(row["line"])
    begun = [m for m in (*month.meetings, *month.past) if m.source == source and m.place[1] <= line]
    return bool(begun) and max(begun, key=lambda m: m.place[1]) in month.meetings


def _entries(rows: list[Row], month: Month, words: Words) -> tuple[Entry, ...]:
    places: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for row in rows:
        key = (text(row["date"]), text(row["release"]), text(row["name"]))
        places.setdefault(key, []).append((text(row["source"]), number(row["line"])))
    return tuple(
        Entry((
            f"{day(date, words)}{words.colon}{month.releases.get(release, release)} {name}",
            Places(tuple(sorted(at)), month.home),
        ))
        for (date, release, name), at in sorted(places.items())
    )  # fmt: skip
