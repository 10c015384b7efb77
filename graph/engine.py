"""Oxigraph behind plain values: triples as text lines in and out, results as tables.

A graph's content is its sorted N-Triples lines; what hashes and compares them is here, so that no other
module depends on how Oxigraph writes a number or an escape.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pyoxigraph as ox

from graph.errors import KgError, QueryFault, UsageFault
from graph.table import Cell, Table
from graph.terms import PREFIXES

Bound = tuple[str, str]
"""A value for a parameter: its kind (`iri`, `string`, or an XSD type such as `date`) and its text."""

XSD = PREFIXES["xsd"]
_KINDS = frozenset({"integer", "decimal", "double", "boolean", "date", "dateTime", "gYearMonth", "gYear"})
_CHUNK = 100_000
BULK = 20_000  # statements from which a bulk load is the quicker one
_IRI = r'<[^<>"\\\x00-\x20]*>'
_BODY = r'[^"\\\x00-\x1f\x7f]*'
# A line of this shape comes back from Oxigraph letter for letter; other numbers and escapes may be rewritten.
_PLAIN = re.compile(
    rf'{_IRI} {_IRI} (?:{_IRI}|"{_BODY}(?:\\["\\nrt]{_BODY})*"(?:@[a-z]{{1,8}}(?:-[a-z0-9]{{1,8}})*)?'
    rf'|"(?:0|-?[1-9]\d{{0,17}})"\^\^<{XSD}integer>|"(?:true|false)"\^\^<{XSD}boolean>'
    rf'|"\d{{4}}-\d\d-\d\d"\^\^<{XSD}date>|"\d{{4}}-\d\d"\^\^<{XSD}gYearMonth>'
    rf'|"[!#-\[\]-~]*"\^\^<{XSD}anyURI>) \.'
)
_BLANK = re.compile(r"_:|<[^>]*> <[^>]*> _:")
_NUMBERS: dict[str, type[int | float]] = {"integer": int, "decimal": float, "double": float}


class Mark(NamedTuple):
    """What a graph holds: the hash of its sorted N-Triples lines, and how many they are."""

    sha256: str
    quads: int


def triples_of(graph: str, lines: Iterable[str]) -> list[str]:
    """Sorted lines without their graph; a triple about the graph itself (three spaces) is no quad."""
    tail = f" <{graph}> ."
    short = [
        line[: -len(tail)] + " ." if line.endswith(tail) and line.count(" ") != 3 else line
        for line in (line.rstrip("\r\n") for line in lines)
    ]
    in_order = all(one < other for one, other in itertools.pairwise(short))
    return short if in_order else sorted(set(short))


def mark_of(triples: list[str]) -> Mark:
    """Hash and size of a graph."""
    digest = hashlib.sha256()
    for start in range(0, len(triples), _CHUNK):
        digest.update(text_of(triples[start : start + _CHUNK]))
    return Mark(digest.hexdigest(), len(triples))


def text_of(triples: list[str]) -> bytes:
    """N-Triples with a line end behind each."""
    return ("\n".join(triples) + "\n").encode() if triples else b""


def quads_of(graph: str, triples: Iterable[str]) -> Iterator[str]:
    """N-Quads lines, with their ends, of a graph's triples."""
    return (f"{line[:-1]}<{graph}> .\n" for line in triples)


def canonical(graph: str, triples: list[str]) -> list[str]:
    """The lines as the store will give them back: it rewrites numbers, times, escapes and language tags."""
    odd = [line for line in triples if not _PLAIN.fullmatch(line)]
    if not odd:
        return triples
    memory = ox.Store()
    load(memory, {graph: odd})
    mended = dump(memory, graph)
    blank = next((line for line in mended if _BLANK.match(line)), None)
    if blank is not None:
        hint = "mint an IRI: blank nodes get new names at every load"
        raise KgError(f"blank node in {blank}", place=graph, hint=hint)
    return sorted({*mended, *set(triples).difference(odd)})


def load(store: ox.Store, graphs: Mapping[str, list[str]]) -> None:
    """Load triples into the graphs of a store; KgError for a line that is none.

    A bulk load writes files of its own each time and pays only when there is much to load; in pieces, as its memory
    grows with what it is given. Small graphs are loaded together, large ones each by itself, without a line of
    theirs being put together anew.
    """
    bulk = sum(map(len, graphs.values())) >= BULK
    small = {graph: triples for graph, triples in graphs.items() if len(triples) < BULK}
    lines = [line for graph, triples in small.items() for line in quads_of(graph, triples)]
    for start in range(0, len(lines), _CHUNK):
        text = "".join(lines[start : start + _CHUNK]).encode()
        _load(store, bulk, text, ox.RdfFormat.N_QUADS, None)
    for graph in graphs.keys() - small.keys():
        for start in range(0, len(graphs[graph]), _CHUNK):
            text = text_of(graphs[graph][start : start + _CHUNK])
            _load(store, bulk, text, ox.RdfFormat.N_TRIPLES, ox.NamedNode(graph))


def _load(store: ox.Store, bulk: bool, text: bytes, form: ox.RdfFormat, graph: ox.NamedNode | None) -> None:
    try:
        (store.bulk_load if bulk else store.load)(input=text, format=form, to_graph=graph)
    except (SyntaxError, ValueError) as fault:
        place = graph.value if graph else ""
        raise KgError(f"a line is not N-Triples: {fault}", place=place) from fault


def dump(store: ox.Store, graph: str) -> list[str]:
    """Sorted triples of a graph."""
    text = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph)) or b""
    return sorted(text.decode().split("\n"))[1:]


def remove(store: ox.Store, graph: str, triples: list[str]) -> None:
    """Take triples out of a graph."""
    name = ox.NamedNode(graph)
    for quad in ox.parse(input="\n".join(triples).encode(), format=ox.RdfFormat.N_TRIPLES):
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object, name))


def term(kind: str, value: str) -> ox.NamedNode | ox.Literal:
    """An RDF term of a kind named in `Bound`. Raises UsageFault for an unknown kind or no IRI."""
    if kind == "string":
        return ox.Literal(value)
    if kind == "iri":
        try:
            return ox.NamedNode(value)
        except ValueError as fault:
            raise UsageFault(f"{value!r} is no IRI: {fault}") from fault
    if kind not in _KINDS:
        hint = f"one of iri, string, {', '.join(sorted(_KINDS))}"
        raise UsageFault(f"{kind!r} is no kind of value", hint=hint)
    return ox.Literal(value, datatype=ox.NamedNode(XSD + kind))


def _cell(value: object) -> Cell:
    if value is None:
        return None
    if not isinstance(value, ox.Literal):
        return value.value if isinstance(value, ox.NamedNode) else str(value)
    kind = value.datatype.value.removeprefix(XSD)
    if kind == "boolean":
        return value.value == "true"
    if kind in _NUMBERS:
        with contextlib.suppress(ValueError):
            return _NUMBERS[kind](value.value)
    return value.value


class Limits(NamedTuple):
    """How much a result may hold: rows (or lines), and characters in all."""

    rows: int
    characters: int


def _capped(rows: Iterable[tuple[Cell, ...]], limits: Limits | None) -> Iterator[tuple[Cell, ...]]:
    size = 0
    for count, row in enumerate(rows, 1):
        if limits:
            size += sum(len(str(cell)) for cell in row)
            if count > limits.rows or size > limits.characters:
                much = f"{limits.rows:,} rows" if count > limits.rows else f"{limits.characters:,} characters"
                raise QueryFault(f"the answer is larger than {much}", hint="add a LIMIT, or ask for less")
        yield row


def _ask(
    store: ox.Store, text: str, bound: Mapping[str, Bound]
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    terms: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {}
    terms.update((ox.Variable(name), term(*value)) for name, value in bound.items())
    try:
        return store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True, substitutions=terms)
    except SyntaxError as fault:
        raise syntax_fault(text, fault) from fault
    except RuntimeError as fault:
        raise QueryFault(str(fault), hint="a parameter must stand in the outer SELECT") from fault


def evaluate(
    store: ox.Store, text: str, bound: Mapping[str, Bound], limits: Limits | None
) -> Table | list[str]:
    """Run a query: SELECT and ASK give a table, CONSTRUCT sorted N-Triples lines."""
    found = _ask(store, text, bound)
    if isinstance(found, ox.QueryBoolean):
        return Table(("answer",), ((bool(found),),))
    if isinstance(found, ox.QuerySolutions):
        names = tuple(v.value for v in found.variables)
        rows = (tuple(map(_cell, solution)) for solution in found)
        return Table(names, tuple(_capped(rows, limits)))
    lines = ((f"{triple} .",) for triple in found)
    return sorted({str(line) for (line,) in _capped(lines, limits)})


def syntax_fault(text: str, fault: SyntaxError, place: str = "query") -> QueryFault:
    """A readable form of Oxigraph's syntax error, which lists every character that could have come next."""
    found = re.match(r"error at (\d+):(\d+): ", str(fault))
    line, column = (int(found[1]), int(found[2])) if found else (1, 1)
    rows = text.split("\n")
    near = rows[line - 1][max(0, column - 1) :].strip() if line <= len(rows) else ""
    known = re.search("Prefix not found|The SELECT contains a variable that is unbound", str(fault))
    what = f"syntax error at column {column}" + (f", before {near[:40]!r}" if near else ", at its end")
    hint = known[0] if known else "check braces, full stops and keywords just before this point"
    return QueryFault(what, place=f"{place}:{line}", hint=hint)
