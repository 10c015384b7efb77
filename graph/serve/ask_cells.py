"""The rows of an answer as a page shows them: names of things linked to their pages, quotes with their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from graph.answers import Answer, Quoted
from graph.serve.layout import href
from graph.serve.results_cells import Row, Shown
from graph.serve.results_cells import grid as cells_of
from graph.serve.state import Generation
from graph.serve.thing_words import value_word
from graph.table import Table

_LINE = re.compile(r"(?P<source>.+):(?P<line>\d{1,6})")
_CHANGE, SHORT = re.compile(r"I[0-9a-f]{40}"), 11
_ASIDE = ("evidence", "source", "line", "path", "position")  # told by the quotes below a row
_QUOTED = ("quote",)


@dataclass(frozen=True)
class Piece:
    """Words, and the page they link to ("" for none)."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Proof:
    """The words a row rests on, where they stand in short and in full, and the page of that place."""

    quote: str
    place: str
    whole: str
    href: str


@dataclass(frozen=True)
class Line:
    """A row of an answer with what it rests on; `told` when its cells have the words already."""

    cells: tuple[Shown, ...]
    proofs: tuple[Proof, ...]
    told: bool = False


@dataclass(frozen=True)
class Grid:
    """A table for a page: its columns with the words for them, rows, and how many rows there are in all."""

    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    count: int


def grid(now: Generation, answer: Answer, lang: str, most: int) -> Grid:
    """An answer's table with links, its first `most` rows."""
    whole = Table(answer.table.columns, answer.table.rows[:most])
    quotes = _by_row(answer.evidence)
    told = all(n in quotes for n in range(len(whole.rows)))
    meetings = _meetings(whole)
    aside = [*_ASIDE, *(_QUOTED if told else ()), *(["meeting"] if meetings else [])]
    plain = whole.without([*aside, *_again(whole)])
    shown = cells_of(now, answer.understood.question, plain if plain.columns else whole, lang)
    names = [name for name, _ in shown.columns]
    rows = [_row(row, names, lang, meetings[n] if meetings else "") for n, row in enumerate(shown.rows)]
    lines = tuple(_line(cells, proofs(quotes.get(n, ()))) for n, cells in enumerate(rows))
    return Grid(shown.columns, lines, len(answer.table.rows))


def _line(cells: tuple[Shown, ...], rests: tuple[Proof, ...]) -> Line:
    words = {cell.whole or cell.text for cell in cells}
    return Line(tuple(map(_brief, cells)), rests, len(rests) == 1 and rests[0].quote in words)


def _brief(cell: Shown) -> Shown:
    """A cell whose Change-Id is cut: its beginning tells it from others, and its page has the whole."""
    return (
        replace(cell, text=f"{cell.text[:SHORT]}…", whole=cell.text) if _CHANGE.fullmatch(cell.text) else cell
    )


def _again(table: Table) -> list[str]:
    """Columns that say in every row what one before them says."""
    rows = table.dicts()
    columns = {name: tuple(row[name] for row in rows) for name in table.columns}
    first = {values: name for name, values in reversed(columns.items())}
    return [
        name for name, values in columns.items() if any(values) and first[values] != name and len(rows) > 1
    ]


def _meetings(table: Table) -> list[str]:
    """The pages of the meetings of rows, where their days can stand for them."""
    if not {"meeting", "date"} <= set(table.columns):
        return []
    return [href(str(row["meeting"] or "")) for row in table.dicts()]


def _row(row: Row, names: Sequence[str], lang: str, meeting: str) -> tuple[Shown, ...]:
    cells = [
        cell if cell.href else replace(cell, text=value_word(name, cell.text, lang))
        for name, cell in zip(names, row.cells, strict=True)
    ]
    return tuple(
        replace(cell, href=meeting) if name == "date" and meeting else cell
        for name, cell in zip(names, cells, strict=True)
    )


def _by_row(evidence: Iterable[Quoted]) -> dict[int, list[Quoted]]:
    found: dict[int, list[Quoted]] = {}
    for quoted in evidence:
        found.setdefault(quoted.row, []).append(quoted)
    return found


def proofs(quoted: Iterable[Quoted]) -> tuple[Proof, ...]:
    """Quotes with their places, each once."""
    found = {(q.source, q.line, q.quote): q for q in quoted}
    return tuple(
        Proof(q.quote, short_place(q.source, q.line), whole_place(q), evidence_url(q.source, q.line))
        for q in found.values()
    )


def whole_place(quoted: Quoted) -> str:
    """A place as other commands write it."""
    return f"{quoted.source}:{quoted.line}" if quoted.line else quoted.source


def short_place(source: str, line: int) -> str:
    """A place without the folders before it.

    >>> short_place("/srv/notes/2018.md", 25), short_place("/srv/nova.git:596a2a0bb620", 0)
    ('2018.md:25', 'nova.git:596a2a0bb620')
    """
    root, colon, rest = source.partition(":")
    tail = root.rstrip("/").rpartition("/")[2] or root
    return tail + colon + rest + (f":{line}" if line else "")


def evidence_url(source: str, line: int) -> str:
    """The page of a place; a line that stands at the end of the source's name is taken as one.

    >>> evidence_url("nova-specs:specs/a.rst:8", 0)
    '/evidence?source=nova-specs%3Aspecs%2Fa.rst&line=8'
    """
    match = _LINE.fullmatch(source) if not line else None
    if match:
        source, line = match["source"], int(match["line"])
    return "/evidence?" + urlencode({"source": source, **({"line": line} if line else {})})
