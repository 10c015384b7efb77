"""How a TODO stands, by what its notes and the rows that close it by hand say, the last word first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

OPEN, DONE = "NEEDS-ACTION", "COMPLETED"


@dataclass(frozen=True, order=True)
class Told:
    """A note's word: the day (or `2018-01-99` at the end of a month), source and line, whether it is done."""

    date: str
    source: str
    line: int
    done: bool
    listed: bool = True

    @property
    def place(self) -> str:
        """`note.md:12`."""
        return f"{self.source}:{self.line}"


@dataclass(frozen=True)
class ByHand:
    """A row of `todo-closed.toml`: by what, on which day (may be missing), the last month it was listed then."""

    by: str
    on: str = ""
    listed: str = ""

    @property
    def until(self) -> str:
        """The last month of which a list does not open it again; a row without a day closes it for good."""
        return max(self.on[:7], self.listed[:7]) if self.on or self.listed else "9999"


@dataclass(frozen=True)
class Standing:
    """State, what closed it and when; since when it is open again; the months in which notes listed it."""

    state: str
    closed_by: str = ""
    closed_on: str = ""
    reopened: str = ""
    months: tuple[str, ...] = field(default=())


def standing(told: Iterable[Told], by_hand: Iterable[ByHand] = ()) -> Standing:
    """How a TODO stands. What closed it where it was first listed is its own place, and not said again."""
    said = sorted(told)
    months = tuple(sorted({row.date[:7] for row in said if row.listed and row.date[:7]}))
    done, reopened = _by_notes(said)
    opened = [row.date for row in said if row.listed and not row.done]
    hands = sorted(by_hand, key=lambda row: (row.on or "9999", row.by))
    hand = next((row for row in hands if not opened or opened[-1][:7] <= row.until), None)
    if hand and (done is None or (hand.on and hand.on <= done.date)):
        return Standing(DONE, hand.by, hand.on, months=months)
    if done:
        return Standing(DONE, "" if done == said[0] else done.place, _day(done.date), months=months)
    after = max((row.until for row in hands), default="9999")
    again = next((date for date in opened if date[:7] > after), "")
    return Standing(OPEN, reopened=_day(reopened or again), months=months)


def _by_notes(said: list[Told]) -> tuple[Told | None, str]:
    """What closed it, if the last day says so; the day since which it is open again."""
    days: dict[str, list[Told]] = defaultdict(list)
    for row in said:
        days[row.date].append(row)
    done: Told | None = None
    reopened = ""
    for date in sorted(days):
        closing = _closing(days[date])
        reopened = "" if closing else date if done else reopened
        done = (done or closing) if closing else None
    return done, reopened


def _closing(rows: list[Told]) -> Told | None:
    """The word of a day that closes it: of each source the last line counts, of several sources any."""
    last: dict[str, Told] = {}
    for row in sorted(rows, key=lambda row: (row.source, row.line)):
        last[row.source] = row
    return next((row for row in last.values() if row.done), None)


def _day(date: str) -> str:
    """The day, or the month where only that is known."""
    return date[:7] if date.endswith("-99") else date
