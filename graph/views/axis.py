"""Dates on a line: reading them, the range to show, the scale and its ticks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from graph.views.models import Release, Timeline

ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")
PLAIN_WIDTH, MOST_WIDTH, MOST_PER_DAY = 780, 1640, 6


def parse_day(text: str) -> date | None:
    """The day of an ISO date; a month or a year stands for its first day; None for anything else."""
    match = ISO.match(text[:10])
    if match is None:
        return None
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True)
class Axis:
    """The days shown, both ends included, on `width` pixels."""

    first: date
    last: date
    width: int

    @property
    def days(self) -> int:
        """Days from the first to the last."""
        return max(1, (self.last - self.first).days)

    def x(self, day: date) -> float:
        """Pixels from the left edge; days outside are held at the edges."""
        inside = min(max(day, self.first), self.last)
        return round((inside - self.first).days * self.width / self.days, 1)

    def holds(self, day: date | None) -> bool:
        """Whether the day is known and shown."""
        return day is not None and self.first <= day <= self.last


def said_on(model: Timeline, begins: bool = True) -> list[date]:
    """Every day on which something was said, promised (with `begins`), kept or merged, in order."""
    texts = {mark.date for mark in model.marks} | {slip.date for slip in model.slips}
    texts |= {landing.date for landing in model.landings}
    texts |= {promise.end for promise in model.promises}
    texts |= {promise.begin for promise in model.promises} if begins else set()
    return sorted(day for text in texts if (day := parse_day(text)) is not None)


def _reach(first: date, last: date, releases: Iterable[Release]) -> tuple[date, date]:
    """The range, widened to the freezes and ship dates that lie close by."""
    near = timedelta(days=max(35, (last - first).days // 2))
    points = [d for r in releases for d in (parse_day(r.freeze), parse_day(r.ship)) if d is not None]
    close = [d for d in points if first - d <= near / 3 and d - last <= near]
    return min([first, *close]), max([last, *close])


def axis_of(model: Timeline, since: str = "") -> Axis | None:
    """The axis of a timeline, with some air at both ends, not before `since`; None when nothing is dated."""
    said = said_on(model)
    if not said:
        return None
    begin = parse_day(since)
    if begin is not None:
        said = [day for day in said if day >= begin] or said[-1:]
    first, last = _reach(said[0], said[-1], model.releases)
    air = timedelta(days=max(4, (last - first).days // 25))
    with suppress(OverflowError):  # at the first and last days that a calendar has
        first, last = first - air, last + air
    days = max(1, (last - first).days)
    return Axis(first, last, min(MOST_WIDTH, max(PLAIN_WIDTH, days * MOST_PER_DAY)))


def ticks(axis: Axis) -> list[tuple[date, str]]:
    """Days to label: Mondays of a short axis, else firsts of months, quarters or years."""
    if axis.days <= 75:
        monday = axis.first + timedelta(days=-axis.first.weekday() % 7)
        weeks = range(0, (axis.last - monday).days + 1, 7)
        return [(day, day.isoformat()[5:]) for day in (monday + timedelta(days=n) for n in weeks)]
    years = 12 * (1 + axis.days // (366 * 24))
    step = next((s for limit, s in ((800, 1), (2000, 3)) if axis.days <= limit), years)
    months = range(axis.first.year * 12 + axis.first.month - 1, axis.last.year * 12 + axis.last.month)
    firsts = [date(n // 12, n % 12 + 1, 1) for n in months if n % step == 0]
    shown = [day for day in firsts if axis.holds(day)]
    return [(day, str(day.year) if step >= 12 else day.isoformat()[:7]) for day in shown]


def shown(model: Timeline, axis: Axis) -> list[Release]:
    """Releases with a cycle, freeze or ship date inside the axis, oldest first."""
    return sorted(
        (r for r in model.releases if _touches(r, axis)), key=lambda r: (r.start, r.ship, r.freeze, r.slug)
    )


def _touches(release: Release, axis: Axis) -> bool:
    start, ship = parse_day(release.start), parse_day(release.ship)
    if start is not None and ship is not None:
        return start <= axis.last and ship >= axis.first
    return any(axis.holds(parse_day(text)) for text in (release.start, release.freeze, release.ship))
