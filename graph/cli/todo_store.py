"""TODOs out of a store: all of them with their places, one by its id, and what may have closed them since."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from graph.errors import UnknownName, UsageFault

if TYPE_CHECKING:
    from graph.names import Names
    from graph.store import Reader
    from graph.table import Cell, Table
    from graph.views.todo_list import Todo

SHORTEST = 4  # characters of an id that may stand for it
NEAREST = 3


def view(reader: Reader, name: str) -> Table:
    """The result of a question that only views ask."""
    from graph import sparql
    from graph.queries import shipped

    return sparql.run(reader, sparql.load(shipped() / "views" / f"{name}.rq"), {})


def table_of(reader: Reader, today: str) -> Table:
    """The named query `todos`, and behind its rows the decisions that somebody was given, in the same columns."""
    from graph import sparql
    from graph.names import Names
    from graph.queries import Catalogue
    from graph.table import Table as Made

    bound = Names(reader).resolve("date", today)
    found = sparql.run(reader, Catalogue.load().get("todos"), {"today": bound})
    assigned = view(reader, "todo-assigned").dicts()
    columns = (*found.columns, "assignee")
    rows = [(*row, None) for row in found.rows]
    for row in assigned:
        row["age_days"] = _age(str(row["raised_in"]), bound[1])
        rows.append(tuple(row.get(name) for name in columns))
    return Made(columns, tuple(rows))


def _age(raised: str, today: str) -> Cell:
    days = datetime.date.fromisoformat(today) - datetime.date.fromisoformat(raised)
    return max(0, days.days)


def todos(reader: Reader, table: Table) -> list[Todo]:
    """The TODOs of the table with every place that mentions each, the first one first."""
    from dataclasses import replace

    from graph.views.todo_list import number, text, todos_of

    places: dict[str, dict[tuple[str, int], None]] = {}
    since: dict[str, str] = {}
    for row in view(reader, "todo-places").dicts():
        places.setdefault(text(row["todo"]), {})[text(row["source"]), number(row["line"])] = None
        if row["date"] and row["id"] == row["todo"]:
            day = text(row["date"])
            since[text(row["todo"])] = min(day, since.get(text(row["todo"]), day))
    return [
        replace(todo, places=tuple(places.get(todo.id, todo.places)), since=since.get(todo.id, ""))
        for todo in todos_of(table)
    ]


def find(reader: Reader, word: str, known: list[Todo]) -> Todo:
    """The TODO of an id, or of the beginning of one. Any id that it has had is as good.

    Raises UnknownName with candidates or the nearest, UsageFault for a beginning that is too short.
    """
    names = {todo.id: todo for todo in known}
    for row in view(reader, "todo-places").dicts() + view(reader, "report-closings").dicts():
        if str(row["todo"]) in names:
            names.setdefault(str(row["id"]), names[str(row["todo"])])
    return pick(word, names)


def pick(word: str, names: dict[str, Todo]) -> Todo:
    """The one TODO that a word names, of all by each of their ids."""
    key = word.strip().lower().removeprefix("#")
    if key in names:
        return names[key]
    if len(key) < SHORTEST:
        hint = f"give at least {SHORTEST} characters; `kg todo` lists them"
        raise UsageFault(f"{word!r} is too short for an id", hint=hint)
    found = {todo.id: todo for name, todo in sorted(names.items()) if name.startswith(key)}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        shown = tuple(f"{todo.id} {todo.text}" for todo in found.values())
        raise UnknownName(
            f"{word!r} can be any of several", nearest=shown, hint="say which: " + "; ".join(shown)
        )
    nearest = _nearest(key, names)
    hint = f"did you mean {nearest[0]}?" if nearest else "`kg todo` lists them"
    raise UnknownName(f"no TODO has the id {word!r}", nearest=nearest, hint=hint)


def _nearest(key: str, names: dict[str, Todo]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    pool = {name: name for name in sorted(names)}
    found = process.extract(key, pool, scorer=fuzz.ratio, limit=NEAREST, score_cutoff=50)
    return tuple(f"{name} {names[str(name)].text}" for _, _, name in found)


def about(reader: Reader, names: Names, feature: str) -> set[str]:
    """Ids of the TODOs about a feature or topic. Raises UnknownName for a name of none."""
    thing = names.thing("feature", feature).iri
    return {str(row["todo"]) for row in view(reader, "todo-about").dicts() if row["thing"] == thing}


def given_to(names: Names, who: str, known: list[Todo]) -> set[str]:
    """Ids of the decisions that somebody is to carry out. Raises UnknownName for a name of nobody."""
    key = who.strip().lstrip("@").casefold()
    found = {todo.id for todo in known if todo.assignee.casefold() == key}
    if not found:
        other = {name.casefold() for name in names.thing("person", key).names}
        found = {todo.id for todo in known if todo.assignee and todo.assignee.casefold() in other}
    return found
