"""A schedule's text: its sections with their keys, and the weeks of those that have them in a table.

.. _q-ff:                                the key, for the weeks to refer to

Feature freeze                           the title, underlined; above it may stand a line of the same
--------------
The Queens-3 milestone marks …

| Oct 19-23  | R-24 | :ref:`m-1`         a row of weeks; rows without a week belong to the one above
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graph.errors import Problem
from graph.readers.text import decode, lines_of
from graph.records import SectionRecord, WeekEvent, WeekRecord

_KEY: Final = re.compile(r"\.\. _([^:`]{1,200}):\s*$")
_DIRECTIVE: Final = re.compile(r"\.\. ")
_LINE: Final = re.compile(r"([=\-~^\"'*+#`:.])\1{2,}\s*$")
_WEEK: Final = re.compile(
    r"\|\s*(?:(?P<week>[A-Za-z]{3,9} \d{1,2} ?- ?\d{1,2})\s*)?\|\s*(?P<name>R[+-]\d{1,2})?\s*\|"
)
_REF: Final = re.compile(r":ref:`([^`<>]{1,200})`")


@dataclass
class _Section:
    line: int
    title: str
    above: str
    keys: tuple[str, ...]
    lines: list[tuple[int, str]] = field(default_factory=list)


def read(name: str, series: str, data: bytes, place: str) -> Iterator[SectionRecord | WeekRecord | Problem]:
    """Weeks of a table, then every section that has a key, and the document's own."""
    text = decode(data, place)
    if isinstance(text, Problem):
        yield text
        return
    lines, problems = lines_of(text, place)
    yield from problems
    yield from _table(name, series, lines)
    for nth, section in enumerate(_sections(lines)):
        if nth == 0 or section.keys:
            body = tuple(section.lines)
            yield SectionRecord(name, section.line, series, section.keys, section.title, section.above, body)


def _sections(lines: list[str]) -> list[_Section]:
    """Every titled section in order; what stands before the first is left out."""
    found: list[_Section] = []
    styles: list[str] = []
    path: list[str] = []
    keys: list[str] = []
    for index, line in enumerate(lines):
        style = _title_style(lines, index)
        match = _KEY.match(line)
        if match:
            keys.append(match[1].strip())
        elif style:
            styles += [] if style in styles else [style]
            depth = styles.index(style)
            path[depth:] = [line.strip()]
            above = path[depth - 1] if 0 < depth <= len(path) - 1 else ""
            found.append(_Section(index + 1, line.strip(), above, tuple(keys)))
            keys = []
        elif line.strip() and not _LINE.match(line):
            keys = keys if _DIRECTIVE.match(line) else []
            if found and not line.startswith(("|", "+")):
                found[-1].lines.append((index + 1, line.strip()))
    return found


def _title_style(lines: list[str], index: int) -> str:
    """The marks above and below a title; empty for a line that is none."""
    line = lines[index]
    if not line.strip() or _LINE.match(line) or line.startswith(("..", "|", "+")) or index + 1 >= len(lines):
        return ""
    under = _LINE.match(lines[index + 1])
    if not under or len(lines[index + 1].rstrip()) < min(len(line.rstrip()), 4):
        return ""
    over = (
        index > 0 and _LINE.match(lines[index - 1]) and lines[index - 1].rstrip() == lines[index + 1].rstrip()
    )
    return under[1] * (2 if over else 1)


def _table(name: str, series: str, lines: list[str]) -> Iterator[WeekRecord]:
    week: WeekRecord | None = None
    for number, line in enumerate(lines, 1):
        match = _WEEK.match(line)
        if match and match["week"]:
            if week:
                yield week
            week = WeekRecord(name, number, series, match["name"] or "", "", "", match["week"], ())
        if match and week:
            events = _row_events(line[match.end() :], number)
            week = WeekRecord(
                name, week.line, series, week.name, "", "", week.written, (*week.events, *events)
            )
    if week:
        yield week


def _row_events(cells: str, number: int) -> list[WeekEvent]:
    columns = cells.split("|")
    return [
        WeekEvent(key, number, column > 0)
        for column, cell in enumerate(columns)
        for key in _REF.findall(cell)
    ]
