"""The columns of the timeline in a terminal: days, months, cycles or years, and what stands in each for a feature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from graph.views.axis import axis_of, parse_day, said_on, shown
from graph.views.models import Landing, Mark, Promise, Release, SlipArrow, Timeline
from graph.views.page import clip, columns
from graph.views.timeline_words import BARE, LOOKS, OUTCOME_LOOKS, letter

DAY, MONTH, YEAR = 10, 7, 4  # characters of an ISO date kept
FREEZE, SHIP, GOES = "┊", "│", "→"
LABEL = 9  # columns of a release's name
Sign = tuple[str, str]
"""A sign and the name of its style."""


@dataclass(frozen=True)
class Column:
    """The days of one column: the start of their ISO dates, or a release's cycle; its label, the lines in it."""

    prefix: str
    label: str
    lines: str
    release: Release | None = None

    def holds(self, text: str) -> bool:
        """Whether a date lies in it."""
        day = parse_day(text)
        if day is None:
            return False
        if self.release is None:
            return day.isoformat().startswith(self.prefix)
        return self.release.start <= day.isoformat() and (
            not self.release.ship or day.isoformat() < self.release.ship
        )


@dataclass(frozen=True)
class Said:
    """All that is on record of one feature."""

    marks: Sequence[Mark]
    slips: Sequence[SlipArrow]
    landings: Sequence[Landing]
    promises: Sequence[Promise]


def room_of(found: Sequence[Column]) -> int:
    """Terminal columns that they take."""
    return sum(max(columns(c.label), 1) + len(c.lines) + 1 for c in found)


def fitting(model: Timeline, room: int) -> tuple[list[Column], int]:
    """Columns at the finest grain that fits, and how many of the oldest had to be left out."""
    found: list[Column] = []
    for found in (_dated(model, DAY), _dated(model, MONTH), _cycles(model)):
        if found and room_of(found) <= room:
            return found, 0
    kept = found = found or _dated(model, YEAR)
    while len(kept) > 1 and room_of(kept) > room:
        kept = kept[1:]
    return kept, len(found) - len(kept)


def _deadlines(model: Timeline) -> list[tuple[date, str]]:
    """Freezes and ship dates within the axis, with their sign."""
    axis = axis_of(model)
    if axis is None:
        return []
    pairs = ((r.freeze, FREEZE) for r in shown(model, axis)), ((r.ship, SHIP) for r in shown(model, axis))
    found = ((parse_day(text), sign) for group in pairs for text, sign in group)
    return sorted((day, sign) for day, sign in found if day is not None and axis.holds(day))


def _dated(model: Timeline, grain: int) -> list[Column]:
    deadlines = _deadlines(model)
    days = {*said_on(model, begins=False), *(day for day, _ in deadlines)}
    lines: dict[str, str] = defaultdict(str)
    for day, sign in deadlines:
        name = day.isoformat()[:grain]
        lines[name] += "" if sign in lines[name] else sign
    one_year = len({day.year for day in days}) == 1
    names = sorted({day.isoformat()[:grain] for day in days})
    return [Column(name, name[5:] if one_year and grain == DAY else name, lines[name]) for name in names]


def _cycles(model: Timeline) -> list[Column]:
    """A column for each release whose cycle is known, but for those before and after all that is on record."""
    known = sorted((r for r in model.releases if parse_day(r.start)), key=lambda r: (r.start, r.ship, r.slug))
    found = [Column("", clip(release.label, LABEL), "", release) for release in known]
    days = [day.isoformat() for day in said_on(model)]
    used = [any(one.holds(day) for day in days) for one in found]
    if True not in used:
        return []
    return found[used.index(True) : len(used) - used[::-1].index(True)]


def signs(column: Column, said: Said, lang: str) -> list[Sign]:
    """What stands in one cell: promises and patches of a cycle; else marks, patches and slips by date."""
    if column.release is None:
        return list(_by_date(column, said, lang))
    told = [
        (letter(m.kind, m.status, lang), _style(m))
        for m in said.marks
        if m.status in LOOKS and column.holds(m.date)
    ]
    return [
        *told,
        *_of_cycle(column.release.slug, said),
    ]  # what is cut off where there is no room is told first


def _style(mark: Mark) -> str:
    return LOOKS.get(mark.status, BARE).style


def _of_cycle(slug: str, said: Said) -> Iterator[Sign]:
    """What became of the promise, or where it was said to move; how many patches landed."""
    outcomes = [one.outcome for one in said.promises if one.release == slug]
    for name in dict.fromkeys(outcomes):
        look = OUTCOME_LOOKS.get(name)
        yield (look.sign, look.style) if look else ("?", "")
    if not outcomes and any(slip.from_release == slug for slip in said.slips):
        yield GOES, "slip"
    landed = {one.patch for one in said.landings if one.release == slug}
    if landed:
        yield str(len(landed)), ""


def _by_date(column: Column, said: Said, lang: str) -> Iterator[Sign]:
    entries = [(m.date, letter(m.kind, m.status, lang), _style(m)) for m in said.marks]
    entries += [(s.date, GOES, "slip") for s in said.slips]
    entries += [(one.date, "▪", "") for one in _first_each(said.landings, column)]
    ends = ((one.end, OUTCOME_LOOKS.get(one.outcome)) for one in said.promises if one.outcome != "slipped")
    entries += [(day, look.sign, look.style) for day, look in ends if look is not None]
    for when, sign, style in sorted(entries, key=lambda entry: entry[0]):
        if column.holds(when):
            yield sign, style


def _first_each(landings: Iterable[Landing], column: Column) -> list[Landing]:
    """One landing of a column, however many there are: a cell has little room."""
    return [one for one in landings if column.holds(one.date)][:1]
