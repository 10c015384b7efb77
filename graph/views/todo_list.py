"""TODOs by month: one table a month for a terminal, or Markdown; `todo_calendar` has the third form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from graph.views.todo_words import todo_words

Row = dict[str, Cell]


@dataclass(frozen=True)
class Todo:
    """A TODO, once however often it is raised: age in days, raised a date or month, by what closed it.

    kind: listed, promised or assigned (then to `assignee`); listed are the months that have it, in order.
    since: the day from which the age is counted, if it is known.
    """

    id: str
    text: str
    about: str
    raised: str
    state: str
    age: int
    carried: int
    by: str
    places: tuple[tuple[str, int], ...]
    kind: str = "listed"
    listed: tuple[str, ...] = ()
    closed_on: str = ""
    reopened: str = ""
    assignee: str = ""
    since: str = ""

    @property
    def last(self) -> str:
        """The last month that lists it."""
        return max(self.listed, default=self.month)

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
        text(first.get("kind")) or "listed", tuple(text(first.get("listed")).split()),
        text(first.get("closed_on")), text(first.get("reopened")), text(first.get("assignee")),
    )  # fmt: skip


def todo_line(todo: Todo, words: Words) -> Line:
    """`分析A（未完成，已 30 天）d146bf72`, with its place."""
    what = todo.text.strip().rstrip("。.；;，, ")
    state = _state(todo, words)
    parts = [state]
    if todo.is_open:
        parts += [_age(todo, words)] if todo.age else []
        parts += [words.carried.format(count=todo.carried)] if todo.carried else []
    noted = _noted(todo.by)
    if not todo.by or noted:
        # A note that says so is one more place.
        places = Places(tuple(dict.fromkeys((*todo.places, *noted))))
        return (f"{what}{aside(parts, words)} ", Code(todo.id), places)
    closed: Inline = Link(clip(todo.by, 60), todo.by) if safe_url(todo.by) else todo.by
    return (
        f"{what}{words.open}{state}{words.colon}",
        closed,
        f"{words.close} ",
        Code(todo.id),
        Places(todo.places),
    )


def _noted(by: str) -> tuple[tuple[str, int], ...]:
    """The place in a note that says a todo is done; none for what closes it by hand."""
    source, _, line = by.rpartition(":")
    return ((source, int(line)),) if source and line.isdecimal() and "//" not in by else ()


def _age(todo: Todo, words: Words) -> str:
    return (words.day_one if todo.age == 1 else words.days).format(days=todo.age)


def by_month(todos: Iterable[Todo]) -> list[tuple[str, list[Todo]]]:
    """The todos of each month, in order."""
    return [(name, list(same)) for name, same in groupby(todos, key=lambda todo: todo.month)]


def month_heading(month: str, todos: list[Todo], words: Words) -> str:
    """`2018年1月：3 条未完成，1 条已完成`."""
    left = sum(todo.is_open for todo in todos)
    return f"{day(month, words)}{words.colon}{words.counts.format(open=left, closed=len(todos) - left)}"


def _state(todo: Todo, words: Words) -> str:
    again = todo_words(words.lang).reopened
    plain = words.states.get(todo.state, todo.state)
    return again.format(date=todo.reopened) if todo.is_open and todo.reopened else plain


def _kind(todo: Todo, words: Words) -> str:
    return todo_words(words.lang).kinds.get(todo.kind, "").format(who=todo.assignee)


def todo_table(todos: list[Todo], words: Words) -> Table:
    """The columns a reader wants: id, text, feature, kind, age, carried, state, what closed it, place."""
    return Table(todo_words(words.lang).columns, tuple(_cells(todo, words) for todo in todos))


def _cells(todo: Todo, words: Words) -> tuple[Cell, ...]:
    about = "" if todo.about.casefold() in todo.text.casefold() else todo.about
    source, line = todo.places[0] if todo.places else ("", 0)
    more = f" (+{len(todo.places) - 1})" if len(todo.places) > 1 else ""
    age = todo.age if todo.is_open else None
    return (
        todo.id, todo.text, about, _kind(todo, words), age, todo.carried or None, _state(todo, words), todo.by,
        f"{source}:{line}{more}",
    )  # fmt: skip


def todo_markdown(
    todos: list[Todo], words: Words, locate: Locate = str, more: Mapping[str, tuple[Line, ...]] | None = None
) -> str:
    """A list for each month; an empty text for no todos. `more` are lines below a todo, by its id."""
    blocks: list[Block] = [Heading(1, ("TODO",))]
    below = more or {}
    for name, same in by_month(todos):
        blocks.append(Heading(2, (month_heading(name, same, words),)))
        entries = tuple(Entry(_labelled(todo, words), below.get(todo.id, ())) for todo in same)
        blocks.append(Entries(entries, numbered=True))
    return markdown(tuple(blocks), locate) if todos else ""


def _labelled(todo: Todo, words: Words) -> Line:
    """The line with its kind before it, where it is no TODO of a list."""
    kind = _kind(todo, words)
    line = todo_line(todo, words)
    return (f"{kind}{words.colon}", *line) if kind else line
