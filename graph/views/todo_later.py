"""What may have closed an open TODO since: told with its evidence, and never taken for an answer."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graph.table import Table
from graph.views.document import Code, Line, Places
from graph.views.page import clip
from graph.views.todo_list import Row, Todo, number, text
from graph.views.todo_words import TodoWords

_TITLE = 80  # columns
_KINDS = ("post", "link", "patch", "discussed")


@dataclass(frozen=True)
class Maybe:
    """What speaks for it that a TODO is done: in words, where that stands, and what could be named as closing it."""

    todo: str
    says: str
    source: str
    line: int
    by: str

    @property
    def command(self) -> str:
        """The command that would close it."""
        return f"kg todo close {self.todo} --by {shlex.quote(self.by)}"

    @property
    def place(self) -> str:
        """`note.md:12`, or the commit."""
        return f"{self.source}:{self.line}" if self.line else self.source


def maybes(
    todos: Iterable[Todo], later: Table, words: TodoWords, today: str = "9999-12-31"
) -> dict[str, list[Maybe]]:
    """For each open TODO (by id) what happened after the last month that lists it, up to an ISO date."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in later.dicts():
        if text(row["date"])[:10] <= today:
            rows[text(row["todo"])].append(row)
    found = {}
    for todo in todos:
        after = [row for row in rows[todo.id] if text(row["date"])[:7] > todo.last] if todo.is_open else []
        told = list(_told(todo, after, words))
        if told:
            found[todo.id] = told
    return found


def _told(todo: Todo, rows: list[Row], words: TodoWords) -> Iterable[Maybe]:
    for kind in _KINDS:
        same = sorted(
            (row for row in rows if row["kind"] == kind),
            key=lambda row: (text(row["date"]), text(row["what"])),
        )
        if not same:
            continue
        newest, title = same[-1], clip(text(same[-1]["what"]), _TITLE)
        count = len({text(row["url"]) for row in same})
        shape = words.patches if kind == "patch" and count > 1 else getattr(words, kind)
        says = shape.format(date=text(newest["date"]), title=title, count=count)
        done = _implemented(rows, words) if kind == "patch" else ""
        source = text(newest["source"])
        by = text(newest["url"]) if kind in ("link", "patch") else source
        yield Maybe(todo.id, words.comma.join(filter(None, (done, says))), source, number(newest["line"]), by)


def _implemented(rows: list[Row], words: TodoWords) -> str:
    """The release that finished it, as its spec says."""
    done = [(text(row["date"]), text(row["release"])) for row in rows if row["kind"] == "implemented"]
    if not done:
        return ""
    date, release = max(done)
    return words.implemented.format(release=release, date=date)


def maybe_lines(found: Iterable[Maybe], words: TodoWords) -> list[str]:
    """Two lines for a terminal each: what speaks for it, and the command."""
    return [f"{words.maybe}: {one.todo} {one.says} ({one.place})\n    {one.command}\n" for one in found]


def maybe_line(one: Maybe, words: TodoWords) -> Line:
    """The same as a line of a page."""
    place = (Places(((one.source, one.line),)),) if one.line else (f" ({one.source})",)
    return (f"{words.maybe}: {one.says} ", Code(one.command), *place)
