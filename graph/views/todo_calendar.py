r"""TODOs as an iCalendar file (RFC 5545), one VTODO each.

    BEGIN:VTODO
    UID:d146bf72@release-kg
    DTSTAMP:20180101T000000Z     the day from which its age counts, or the first of its month: same input, same bytes
    SUMMARY:…
    STATUS:NEEDS-ACTION
    END:VTODO

Lines end with CRLF and are folded at 75 octets, never inside a character; text is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from graph.views.page import safe_url, visible
from graph.views.todo_list import Todo

_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_STATES = ("NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "CANCELLED")
OCTETS = 75


def _stamp(date: str) -> str:
    """A day, or the first of a month, as UTC midnight; empty where there is none."""
    found = _DATE.match(date)
    return f"{found[1]}{found[2]}{found[3] or '01'}T000000Z" if found else ""


def _escaped(text: str) -> str:
    plain = visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    for char in "\\;,":
        plain = plain.replace(char, f"\\{char}")
    return plain.replace("\n", "\\n")


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets; each after the first begins with a space."""
    pieces, used = [""], 0
    for char in line:
        size = len(char.encode("utf-8"))
        if used + size > OCTETS:
            pieces.append(" ")
            used = 1
        pieces[-1] += char
        used += size
    return "\r\n".join(pieces) + "\r\n"


def _lines(todo: Todo, closed_on: str) -> list[str]:
    state = todo.state if todo.state in _STATES else "NEEDS-ACTION"
    raised = _stamp(todo.since or todo.raised) or "19700101T000000Z"
    places = "\n".join(f"{source}:{line}" for source, line in todo.places)
    lines = [
        "BEGIN:VTODO", f"UID:{_escaped(todo.id)}@release-kg", f"DTSTAMP:{raised}", f"CREATED:{raised}",
        f"SUMMARY:{_escaped(todo.text)}", f"DESCRIPTION:{_escaped(places)}", f"STATUS:{state}",
    ]  # fmt: skip
    lines += [f"CATEGORIES:{_escaped(todo.about)}"] if todo.about else []
    lines += [f"CONTACT:{_escaped(todo.assignee)}"] if todo.assignee else []
    lines += _closing(todo, _stamp(closed_on)) if state == "COMPLETED" else []
    return [*lines, "END:VTODO"]


def _closing(todo: Todo, stamp: str) -> list[str]:
    lines = ["PERCENT-COMPLETE:100"]
    lines += [f"COMPLETED:{stamp}"] if stamp else []
    lines += [f"COMMENT:{_escaped(todo.by)}"] if todo.by else []
    return lines + ([f"URL:{todo.by}"] if safe_url(todo.by) and todo.by.isascii() else [])


def calendar(todos: Iterable[Todo], closed_on: Mapping[str, str] | None = None) -> str:
    """The file; `closed_on` gives the ISO date on which a todo (by id) was closed, else the todo's own counts."""
    days = closed_on or {}
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//release-kg//kg todo//EN", "CALSCALE:GREGORIAN"]
    for todo in todos:
        lines += _lines(todo, days.get(todo.id, todo.closed_on))
    return "".join(folded(line) for line in [*lines, "END:VCALENDAR"])
