"""What was closed by hand, row by row, with how the TODO stands now."""

from __future__ import annotations

from graph.table import Cell, Table
from graph.views.todo_list import Row, Todo, number, text
from graph.views.todo_words import todo_words

COLUMNS = ("todo", "text", "closed_on", "by", "note", "state", "source", "line")


def log_table(rows: Table, known: list[Todo], lang: str = "") -> Table:
    """The rows of the question `report-closings` in the order of their days.

    With a language the columns are a reader's; without, those of COLUMNS: state is closed, open again or unknown.
    """
    todos = {todo.id: todo for todo in known}
    ordered = sorted(
        rows.dicts(), key=lambda row: (text(row["on"]), text(row["source"]), number(row["line"]))
    )
    made = [_cells(row, todos.get(text(row["todo"])), lang) for row in ordered]
    if not lang:
        return Table(COLUMNS, tuple(made))
    return Table(todo_words(lang).log_columns, tuple((*row[:-2], f"{row[-2]}:{row[-1]}") for row in made))


def _cells(row: Row, todo: Todo | None, lang: str) -> tuple[Cell, ...]:
    words = todo_words(lang or "en")
    state = words.unknown if todo is None else words.again if todo.is_open else words.closed
    said = todo.text if todo else text(row["said"])
    return row["todo"], said, row["on"], row["by"], row["note"], state, row["source"], row["line"]
