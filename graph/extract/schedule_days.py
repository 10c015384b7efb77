"""Days and weeks of release schedules: which week a row means, and which day a section's text says."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.extract import dates
from graph.profile_schedule import HOLE, ScheduleShape
from graph.records import CycleRecord, SectionRecord, WeekRecord

DAY: Final = datetime.timedelta(days=1)
WEEK: Final = datetime.timedelta(days=7)
_BEFORE_SHIP: Final = 400  # days before a release in which its schedule lies
_AFTER_SHIP: Final = 200
_MIDDLE: Final = datetime.timedelta(days=100)  # a cycle's middle lies about so long before its release
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER: Final = re.compile(r"R([+-]\d{1,2})")
_ORDINAL: Final = r"(?:st|nd|rd|th)?"
_TO: Final = r"\s*(?:-|–|to|till|until)\s*"
_FROM: Final = re.compile(
    rf"(?<![\w-])(\d{{1,2}}){_ORDINAL}{_TO}$"
)  # what stands before the last day of a range
_UNTIL: Final = re.compile(rf"{_TO}(\d{{1,2}}){_ORDINAL}(?![\w:])(?!\s+[A-Z][a-z]{{2}})")
_JOINED: Final = re.compile(rf"{_TO}")
_WEEK_OF: Final = re.compile(r"\bweek of(?: the)?\s*$", re.IGNORECASE)

Fault = tuple[str, int, str]  # what, line, words


@dataclass(frozen=True)
class Week:
    """A week of the calendar and the row that means it."""

    monday: datetime.date
    record: WeekRecord

    @property
    def sunday(self) -> datetime.date:
        """Its last day."""
        return self.monday + 6 * DAY

    def holds(self, date: datetime.date) -> bool:
        """Whether a day lies in it."""
        return self.monday <= date <= self.sunday


@dataclass(frozen=True)
class Said:
    """A day that a text says, with the line and its words; `path` only where it is another file's."""

    date: datetime.date
    line: int
    text: str
    path: str = ""


def day(text: str) -> datetime.date | None:
    """An ISO date, or None."""
    try:
        return datetime.date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        return None


def monday(date: datetime.date) -> datetime.date:
    """The first day of a date's week."""
    return date - date.weekday() * DAY


# --- weeks ------------------------------------------------------------------------------------------------------


def week(record: WeekRecord, ships: datetime.date | None) -> tuple[Week | None, list[str]]:
    """The week a row means, None where it cannot be believed, and what is wrong with it."""
    faults: list[str] = []
    first = _from_table(record, ships, faults) if record.written else _from_days(record, faults)
    if first is None:
        return None, faults
    found = Week(monday(first), record)
    if ships and not -_AFTER_SHIP <= (ships - first).days <= _BEFORE_SHIP:
        return None, [*faults, f"the week of {first} lies outside the cycle that ships on {ships}"]
    number = _NUMBER.fullmatch(record.name)
    if number and ships and found.monday != monday(ships) + int(number[1]) * WEEK:
        meant = monday(ships) + int(number[1]) * WEEK
        faults.append(
            f"{record.name} counts to the week of {meant}, its days say {found.monday}; they are believed"
        )
    return found, faults


def _from_days(record: WeekRecord, faults: list[str]) -> datetime.date | None:
    first, last = day(record.start), day(record.end)
    if first is None or last is None:
        faults.append("a day of the week is no date")
        return None
    if last < first:
        faults.append("the week ends before it starts")
        return None
    if first.weekday():
        faults.append(f"the week starts on no Monday; the one of {monday(first)} is taken")
    if last - first > 6 * DAY:
        faults.append(f"the week has {(last - first).days + 1} days; the first of its weeks is taken")
    return first


def _from_table(record: WeekRecord, ships: datetime.date | None, faults: list[str]) -> datetime.date | None:
    """A row such as `Oct 19-23`: the year is the cycle's."""
    if ships is None:
        faults.append("the year of the weeks is not known, as the day of the release is not")
        return None
    found = [f for f in dates.near(record.written.split("-")[0], (ships - _MIDDLE).isoformat()) if f.date]
    if not found:
        faults.append("the week's first day is no date")
        return None
    first = datetime.date.fromisoformat(found[0].date)
    if first.weekday():
        faults.append(f"the week starts on no Monday; the one of {monday(first)} is taken")
    return first


def head_faults(cycle: CycleRecord, ships: datetime.date | None) -> Iterator[Fault]:
    """What is wrong with the first week and the release week of a schedule's head."""
    rows = (("start-week", cycle.starts, cycle.starts_line), ("release-week", cycle.ships, cycle.ships_line))
    for key, written, line in rows:
        date = day(written)
        if date is None:
            yield f"{key} is {'no date' if written else 'missing'}", line, written
        elif date.weekday():
            yield f"{key} {written} is no Monday", line, written
    first, last = day(cycle.starts), day(cycle.ships)
    if first and last and last < first:
        yield f"release-week {last} lies before start-week {first}", cycle.ships_line, cycle.ships
    if last and ships and not Week(monday(last), _NONE).holds(ships):
        yield (
            f"release-week {last} does not hold the day of the release, {ships}",
            cycle.ships_line,
            cycle.ships,
        )


_NONE: Final = WeekRecord("", 0, "", "", "", "", "", ())


# --- what a text says -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Span:
    """A day, or the days from one to another, in a text; `week` where only the week they lie in is meant."""

    first: datetime.date
    last: datetime.date
    start: int
    end: int
    week: bool
    exact: bool  # the year is written


def said(
    section: SectionRecord, week: Week, shape: ScheduleShape, *, lasts: bool
) -> tuple[Said | None, list[Fault]]:
    """The day that a section says of itself, None where it leaves it to its week, and what is wrong with its dates."""
    text, places = _joined(section)
    faults: list[Fault] = []
    spans = [_mended(span, week, places(span.start), faults) for span in _spans(text, week)]
    found = _of_week(spans, week, lasts) or _stated(text, spans, week, shape, lasts)
    if found is None:
        return None, faults
    date, span = found
    line, words = places(span.start)
    if not week.holds(date):
        faults.append(
            (f"its week is that of {week.monday}, the text says {date} and is believed", line, words)
        )
    return Said(date, line, words), faults


def _joined(section: SectionRecord) -> tuple[str, Callable[[int], tuple[int, str]]]:
    """A section's lines as one text, and where in it which line stands."""
    starts: list[tuple[int, int, str]] = []
    text = ""
    for number, line in section.lines:
        starts.append((len(text), number, line))
        text += line + " "

    def place(at: int) -> tuple[int, str]:
        return next(
            ((number, line) for start, number, line in reversed(starts) if start <= at), (section.line, "")
        )

    return text, place


def _of_week(spans: list[_Span], week: Week, lasts: bool) -> tuple[datetime.date, _Span] | None:
    """A day of the week that the text names: of what lasts its first; else a single day, else a range's last."""
    if lasts:
        return next(((span.first, span) for span in spans if week.holds(span.first)), None)
    named = [span for span in spans if not span.week and week.holds(span.last)]
    single = [span for span in named if span.first == span.last]
    return next(((span.last, span) for span in (*single, *named)), None)


def _stated(
    text: str, spans: list[_Span], week: Week, shape: ScheduleShape, lasts: bool
) -> tuple[datetime.date, _Span] | None:
    """The day that a sentence says outright, though it lies outside the week."""
    for span in spans:
        near = abs((span.last - week.monday).days) <= _AFTER_SHIP
        holed = f"{text[: span.start]}{HOLE}{text[span.end :]}"
        if near and not span.week and any(state.search(holed) for state in shape.states):
            return (span.first if lasts else span.last), span
    return None


def _mended(span: _Span, week: Week, place: tuple[int, str], faults: list[Fault]) -> _Span:
    """A span whose year is written wrong: its day and month lie in the week."""
    if not span.exact or week.holds(span.first) or week.holds(span.last):
        return span
    for year in sorted({week.monday.year, week.sunday.year}):
        first, last = _in_year(span.first, year), _in_year(span.last, year)
        if first and last and (week.holds(first) or week.holds(last)):
            line, words = place
            faults.append(
                (f"the year {span.last.year} is wrong: its week is that of {week.monday}", line, words)
            )
            return _Span(first, last, span.start, span.end, span.week, True)
    return span


def _in_year(date: datetime.date, year: int) -> datetime.date | None:
    try:
        return date.replace(year=year)
    except ValueError:
        return None


def _spans(text: str, week: Week) -> list[_Span]:
    """Days and ranges of days in a text, those without a year put near the week."""
    found: list[_Span] = []
    for row in dates.near(text, (week.monday + 3 * DAY).isoformat()):
        written = text[row.start : row.end]
        if not row.date or not any(char.isdigit() for char in written):
            continue
        span = _widened(text, row, datetime.date.fromisoformat(row.date))
        last = found[-1] if found else None
        joined = last and (span.start < last.end or _JOINED.fullmatch(text[last.end : span.start]))
        if last and joined and last.first <= span.last:
            found[-1] = _Span(
                last.first, span.last, last.start, span.end, last.week, last.exact and span.exact
            )
        else:
            found.append(span)
    return found


def _widened(text: str, row: dates.Found, date: datetime.date) -> _Span:
    """A date with the other end of its range, where that is only a number: `7-11 August`, `Dec 1-3`."""
    before, after = text[max(0, row.start - 40) : row.start], text[row.end : row.end + 16]
    low, high = _FROM.search(before), _UNTIL.match(after)
    first = _on(date, int(low[1])) if low else None
    last = _on(date, int(high[1])) if high else None
    start, end = row.start, row.end
    if low and first and first <= date:
        start -= len(before) - low.start()
        before = before[: low.start()]
    elif high and last and last >= date:
        end += high.end()
    first = first if first and first <= date else date
    last = last if last and last >= date else date
    return _Span(first, last, start, end, bool(_WEEK_OF.search(before)), not row.inferred)


def _on(date: datetime.date, number: int) -> datetime.date | None:
    try:
        return date.replace(day=number)
    except ValueError:
        return None
