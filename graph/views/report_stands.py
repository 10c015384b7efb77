"""How each TODO stood at the end of a time: what is said or closed later is not known yet."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from graph.link.standing import DONE, ByHand, Standing, Told, standing
from graph.views.report_model import Row, Tables, number, text
from graph.views.report_period import Period
from graph.views.todo_list import Todo, todos_of

_END = "-99"  # behind a month: at its end, as its day is not known
_MONTH = 7


@dataclass(frozen=True)
class Stood:
    """A TODO and how it stood; `told` is what notes had said of it by then, `hand` the row that closed it."""

    todo: Todo
    told: tuple[Told, ...]
    stands: Standing
    hand: Row | None

    @property
    def first(self) -> str:
        """The month in which it was first listed."""
        return self.told[0].date[:_MONTH]

    @property
    def is_open(self) -> bool:
        """Whether it was still to be done."""
        return self.stands.state != DONE

    @property
    def closed_on(self) -> str:
        """The day or month it was closed; empty if open, or if nobody says when."""
        return self.stands.closed_on

    @property
    def again(self) -> int:
        """In how many later months it was listed again."""
        return len(set(self.stands.months) - {self.first})

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Every list that has it."""
        return tuple(dict.fromkeys((row.source, row.line) for row in self.told if row.listed))

    @property
    def closing(self) -> tuple[str, int] | None:
        """The place in a note that says it is done; None for what is closed by hand or where it was first listed."""
        by = self.stands.closed_by
        return next(((row.source, row.line) for row in self.told if row.place == by), None)

    def age(self, today: str) -> int:
        """Days that it was open: to the day (or the end of the month) it was closed, else to `today`.

        The age of its TODO counts to `today`.
        """
        closed = self.closed_on
        if not closed:
            return self.todo.age
        until = Period(closed, closed).last if len(closed) == _MONTH else closed
        days = datetime.date.fromisoformat(today) - datetime.date.fromisoformat(until)
        return max(0, self.todo.age - max(0, days.days))


def stood(tables: Tables, period: Period) -> list[Stood]:
    """Every TODO that was listed by the end of a period, in the order of the list."""
    told: dict[str, list[Told]] = defaultdict(list)
    for row in tables.told.dicts():
        if text(row["on"])[:_MONTH] <= period.end:
            told[text(row["todo"])].append(_told(row))
    hands: dict[str, list[Row]] = defaultdict(list)
    for row in tables.closings.dicts():
        # A row without a day was written when the last list was that of `listed`, or later.
        if (text(row["on"]) or text(row.get("listed")))[:_MONTH] <= period.end:
            hands[text(row["todo"])].append(row)
    return [
        _stood(todo, sorted(told[todo.id]), hands[todo.id])
        for todo in todos_of(tables.todos)
        if any(row.listed for row in told[todo.id])
    ]


def _told(row: Row) -> Told:
    on = text(row["on"])
    date = f"{on}{_END}" if len(on) == _MONTH else on
    return Told(date, text(row["source"]), number(row["line"]), bool(row["done"]), bool(row["listed"]))


def _stood(todo: Todo, told: list[Told], hands: list[Row]) -> Stood:
    by_hand = [ByHand(text(row["by"]), text(row["on"]), text(row.get("listed"))) for row in hands]
    stands = standing(told, by_hand)
    close = (stands.closed_by, stands.closed_on)
    hand = next((row for row in hands if (text(row["by"]), text(row["on"])) == close), None)
    return Stood(todo, tuple(told), stands, hand)
