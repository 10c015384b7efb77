"""TODOs by month: one table a month for a terminal, or Markdown; `todo_calendar` has the third form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from graph.table import Cell, Table
from graph.views.document import (
    Block,
    Code,
    Entries,
    Entry,
    Heading,
    Inline,
    Line,
    Link,
    Locate,
    Places,
    markdown,
)
from graph.views.page import clip, safe_url
from graph.views.report_words import Words, aside, day

Row = dict[str, Cell]


@dataclass(frozen=True)
class Todo:
    """A TODO, once however many sources raise it: age in days, raised a date or month, by what closed it."""

    id: str
    text: str
    about: str
    raised: str
    state: str
    age: int
    carried: int
    by: str
    places: tuple[tuple[str, int], ...]

    @property
    def month(self) -> str:
        """The month it was raised in, like `2018-01`."""
        return self.raised[:7]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state not in ("COMPLETED", "CANCELLED")


def text(value: Cell) -> str:
    """A cell as text; a missing one is empty."""
    return "" if value is None else str(value)


def number(value: Cell) -> int:
    """A cell as a whole number; a missing one is 0."""
    return int(value) if isinstance(value, int | float) else 0


def todos_of(table: Table) -> list[Todo]:
    """The rows of the query `todos`, one for each id, in the order of their months and places."""
    rows: dict[str, list[Row]] = {}
    for row in table.dicts():
        rows.setdefault(text(row["todo"]), []).append(row)
    todos = [_todo(key, same) for key, same in rows.items()]
    return sorted(todos, key=lambda todo: (todo.month, todo.places, todo.id))


def _todo(key: str, rows: list[Row]) -> Todo:
    """Closed in one source is closed; the age is that of the first time it was raised."""
    first = rows[0]
    states = {text(row["state"]) for row in rows}
    places = tuple(sorted({(text(row["source"]), number(row["line"])) for row in rows}))
    return Todo(
        key, text(first["text"]), next((text(row["about"]) for row in rows if row["about"]), ""),
        text(first["raised_in"]), "COMPLETED" if "COMPLETED" in states else text(first["state"]),
        max(number(row["age_days"]) for row in rows), max(number(row["carried"]) for row in rows),
        min((text(row["closed_by"]) for row in rows if row["closed_by"]), default=""), places,
    )  # fmt: skip


def todo_line(todo: Todo, words: Words) -> Line:
    """`分析A（未完成，已 30 天）d146bf72`, with its place."""
    what = todo.text.strip().rstrip("。.；;，, ")
    state = words.states.get(todo.state, todo.state)
    parts = [state]
    if todo.is_open:
        parts += [_age(todo, words)] if todo.age else []
        parts += [words.carried.format(count=todo.carried)] if todo.carried else []
    if not todo.by:
        return (f"{what}{aside(parts, words)} ", Code(todo.id), Places(todo.places))
    closed: Inline = Link(clip(todo.by, 60), todo.by) if safe_url(todo.by) else todo.by
    return (
        f"{what}{words.open}{state}{words.colon}",
        closed,
        f"{words.close} ",
        Code(todo.id),
        Places(todo.places),
    )


def _age(todo: Todo, words: Words) -> str:
    return (words.day_one if todo.age == 1 else words.days).format(days=todo.age)


def by_month(todos: Iterable[Todo]) -> list[tuple[str, list[Todo]]]:
    """The todos of each month, in order."""
    return [(name, list(same)) for name, same in groupby(todos, key=lambda todo: todo.month)]


def month_heading(month: str, todos: list[Todo], words: Words) -> str:
    """`2018年1月：3 条未完成，1 条已完成`."""
    left = sum(todo.is_open for todo in todos)
    return f"{day(month, words)}{words.colon}{words.counts.format(open=left, closed=len(todos) - left)}"


def todo_table(todos: list[Todo], words: Words) -> Table:
    """The columns a reader wants: id, text, about, age, carried, state, what closed it, place."""
    return Table(words.todo_columns, tuple(_cells(todo, words) for todo in todos))


def _cells(todo: Todo, words: Words) -> tuple[Cell, ...]:
    about = "" if todo.about.casefold() in todo.text.casefold() else todo.about
    state = words.states.get(todo.state, todo.state)
    places = " ".join(f"{source}:{line}" for source, line in todo.places)
    age = todo.age if todo.is_open else None
    return (todo.id, todo.text, about, age, todo.carried or None, state, todo.by, places)


def todo_markdown(todos: list[Todo], words: Words, locate: Locate = str) -> str:
    """A list for each month; an empty text for no todos."""
    blocks: list[Block] = [Heading(1, ("TODO",))]
    for name, same in by_month(todos):
        blocks.append(Heading(2, (month_heading(name, same, words),)))
        blocks.append(Entries(tuple(Entry(todo_line(todo, words)) for todo in same), numbered=True))
    return markdown(tuple(blocks), locate) if todos else ""
