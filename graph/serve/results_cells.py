"""The cells of a result for a page: what in them is a thing of this graph links to its page, a place to its evidence.

What a column holds is told by the questions themselves: their parameters and what narrows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from graph.answers import places
from graph.quads import literal
from graph.serve.layout import href
from graph.serve.results_words import column as called
from graph.serve.state import Generation
from graph.sparql import QueryFile
from graph.table import Cell, Table
from graph.terms import ID, PREFIXES, keys_of
from graph.views.page import safe_url

SHORT_SHA = 12
# Columns that all questions use in one way, and that no parameter or limit is named after.
_ALWAYS = {
    "change_id": ("patch",), "number": ("patch",), "patch": ("patch",), "sha": ("commit",), "final": ("version",),
    "version": ("version",), "latest": ("version",), "key": ("patch", "bug"), "bug": ("bug",), "bugs": ("bug",),
    "features": ("feature",), "feature": ("feature",), "release": ("release",), "next": ("release",),
    "person": ("person",),
}  # fmt: skip
_KEYED = ("patch", "bug", "commit", "version")
_NAMED = ("release", "feature", "person")
_FOUND = """SELECT DISTINCT ?iri ?name WHERE {{ VALUES ?name {{ {keys} }} ?iri kg:key ?name }}"""
_HASH = re.compile(r"I?[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_LINE = re.compile(r"^(?P<source>.+):(?P<line>\d{1,7})$")
_PLACE = ("source", "line", "path", "evidence")
COMMON = {iri: name for name, iri in PREFIXES.items()}


@dataclass(frozen=True)
class Shown:
    """A cell: its text, the address it leads to (`away` to another site), the class it is drawn with."""

    text: str
    href: str = ""
    away: bool = False
    look: str = ""
    whole: str = ""


@dataclass(frozen=True)
class Place:
    """Where a row comes from: in short, the address of its evidence, and in full."""

    text: str
    href: str
    whole: str


@dataclass(frozen=True)
class Row:
    """Cells and places of a row."""

    cells: tuple[Shown, ...]
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table to be shown: names of its columns with their words, rows, and what was left out for being empty."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    placed: bool = False
    empty: tuple[str, ...] = ()


def grid(now: Generation, question: QueryFile, table: Table, lang: str) -> Grid:
    """The rows of an answer as cells with links. Columns that only say where a row comes from become its places."""
    rows = table.dicts()
    placed = [places_of(row) for row in rows]
    kept = [c for c in table.columns if not (c in _PLACE and any(placed))]
    full = [c for c in kept if any(row[c] not in (None, "") for row in rows)]
    links = _links(now, question, rows, full)
    made = tuple(
        Row(tuple(links.cell(c, row) for c in full), where) for row, where in zip(rows, placed, strict=True)
    )
    names = tuple((c, called(c, lang)) for c in full)
    return Grid(names, made, any(placed), tuple(called(c, lang) for c in kept if c not in full))


def places_of(row: Mapping[str, Cell]) -> tuple[Place, ...]:
    """The places of a row: a commit by its name, a file by its path, a line of a source; none without a source."""
    source = str(row.get("source") or "")
    if source and row.get("sha"):
        return (_place(f"{source}:{str(row['sha'])[:SHORT_SHA]}", ""),)
    if source and row.get("path"):
        return (_place(f"{source}:{row['path']}", _text(row.get("line"))),)
    found = []
    for one in places(dict(row)):
        match = _LINE.match(one)
        found.append(_place(match["source"], match["line"]) if match else _place(one, ""))
    return tuple(found)


def _place(source: str, line: str) -> Place:
    address, whole = f"/evidence?source={quote(source, safe='')}", source
    if line and line != "0":
        address, whole = f"{address}&line={line}", f"{source}:{line}"
    return Place(_last(whole), address, whole)


def _last(place: str) -> str:
    """A place without the folders that its source lies in, and of a file in it the last folder only."""
    source, colon, rest = place.partition(":")
    if "//" in place or not colon:
        return place
    inner = rest.rsplit("/", 2)
    return f"{source.rsplit('/', 1)[-1]}:{'…/' if len(inner) > 2 else ''}{'/'.join(inner[-2:])}"


class Keyed(NamedTuple):
    """A thing that is found by its key: its IRI, its kind, and the project (or whatever else) its key counts in."""

    iri: str
    kind: str
    within: str


@dataclass(frozen=True)
class Links:
    """What the cells of each column can be: kinds of things, and the things by folded name."""

    kinds: Mapping[str, Sequence[str]]
    found: Mapping[str, Mapping[str, str]]
    keyed: Mapping[str, Sequence[Keyed]]
    main: frozenset[str]

    def cell(self, column: str, row: Mapping[str, Cell]) -> Shown:
        """One cell of a row."""
        value = row[column]
        text = _text(value)
        if text.startswith(ID):
            return Shown(short(text), href(text), look="day", whole=text)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Shown(text, look="num")
        shown = text[:SHORT_SHA] if _HASH.fullmatch(text) else text
        iri = next((iri for kind in self.kinds.get(column, ()) if (iri := self._iri(kind, text, row))), "")
        if iri:
            return Shown(shown, href(iri), whole=text if shown != text else "")
        if text.startswith("http") and safe_url(text):
            return Shown(text, text, away=True)
        return Shown(shown, look="day" if _DAY.fullmatch(text) else "", whole=text if shown != text else "")

    def _iri(self, kind: str, text: str, row: Mapping[str, Cell]) -> str:
        if kind in self.found:
            return self.found[kind].get(text.casefold(), "")
        fit = [one for one in self.keyed.get(text, ()) if one.kind == kind]
        if len(fit) < 2:
            return fit[0].iri if fit else ""
        own = [one for one in fit if one.within == _text(row.get("project"))]
        main = [one for one in fit if one.within in self.main]
        return (own or main or fit)[0].iri


def _links(
    now: Generation, question: QueryFile, rows: Sequence[Mapping[str, Cell]], full: Iterable[str]
) -> Links:
    kinds = {column: _kinds(now, question, column) for column in full}
    tracked = [c for c, some in kinds.items() if set(some) & set(_KEYED)]
    keys = sorted({_text(row[c]) for row in rows for c in tracked} - {""})
    return Links(kinds, by_name(now), _keyed(now, keys), now.kept("main projects", now.names.main_projects))


def _kinds(now: Generation, question: QueryFile, column: str) -> tuple[str, ...]:
    """The kinds of things that a column can hold: as its own question says, else as all the others do."""
    agreed = now.kept("columns", lambda: _agreed(now)).get(column, ())
    return tuple(dict.fromkeys((*_said([question]).get(column, ()), *_ALWAYS.get(column, ()), *agreed)))


def _agreed(now: Generation) -> dict[str, tuple[str, ...]]:
    """Columns that hold things of one kind wherever they are said to hold any."""
    return {c: kinds for c, kinds in _said(now.catalogue.questions.values()).items() if len(kinds) == 1}


def _said(questions: Iterable[QueryFile]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for question in questions:
        pairs = [(c, n.kind) for n in question.narrows for c in n.columns]
        for column, kind in [*pairs, *((p.name, p.kind) for p in question.params)]:
            if kind in (*_NAMED, *_KEYED):
                found.setdefault(column, {})[kind] = None
    return {column: tuple(kinds) for column, kinds in found.items()}


def by_name(now: Generation) -> dict[str, dict[str, str]]:
    """Kind → folded name → IRI, of the names that only one thing has; a slug of its own comes first."""
    return now.kept("things by name", lambda: {kind: _by_name(now, kind) for kind in _NAMED})


def _by_name(now: Generation, kind: str) -> dict[str, str]:
    claims: dict[str, set[str]] = {}
    for thing in now.names.of(kind):
        for name in thing.names:
            claims.setdefault(name.casefold(), set()).add(thing.iri)
    main = now.names.main_projects() if kind == "feature" else frozenset()
    return {name: one for name, iris in claims.items() if (one := _one(name, iris, main))}


def _one(name: str, iris: set[str], main: frozenset[str]) -> str:
    """The thing a name stands for: the only one, the only one keyed by it, or the one of the main project."""
    keyed = {iri for iri in iris if keys_of(iri)[-1].casefold() == name}
    for some in (iris, keyed, {iri for iri in keyed if main.intersection(keys_of(iri))}):
        if len(some) == 1:
            return next(iter(some))
    return ""


def _keyed(now: Generation, keys: Sequence[str]) -> dict[str, list[Keyed]]:
    """Patches, bugs, commits and versions by key; only those of the rows at hand are looked up."""
    found: dict[str, list[Keyed]] = {}
    if keys:
        text = _FOUND.format(keys=" ".join(literal(key) for key in keys))
        for iri, name in sorted((str(i), str(n)) for i, n in now.reader.select(text).rows):
            parts = keys_of(iri)
            if len(parts) > 2:
                found.setdefault(name, []).append(Keyed(iri, parts[1], parts[2]))
    return found


def short(iri: str) -> str:
    """An IRI in few words: the telling keys of one of our things, `prefix:name` of a known vocabulary, else all of it.

    >>> short("https://w3id.org/release-kg/id/openstack/version/nova/17.0.0")
    '17.0.0'
    """
    # Keys that are places of files say little; a small number alone says nothing.
    whole = keys_of(iri)[2:]
    keys = [key for key in whole if "/" not in key] or [key.rpartition("/")[2] for key in whole[-1:]]
    if keys:
        small = len(keys[-1]) < len("1000") and keys[-1].isdecimal()
        return " ".join(keys) if len(keys) > 2 or small else keys[-1]
    for space, name in COMMON.items():
        if iri.startswith(space) and len(iri) > len(space):
            return f"{name}:{iri[len(space) :]}"
    return iri


def _text(value: Cell) -> str:
    return "" if value is None else ("true" if value else "false") if isinstance(value, bool) else str(value)
