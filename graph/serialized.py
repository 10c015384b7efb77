"""Answers to SPARQL in the formats of its recommendations, whole or not at all."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import pyoxigraph as ox

from graph.engine import Limits, syntax_fault
from graph.errors import QueryFault
from graph.store import Reader
from graph.terms import PREFIXES
from graph.tokens import graphs_named, names_graphs, tokens

Dataset = tuple[Sequence[str], Sequence[str]]
"""IRIs of the graphs that make the default graph together, and of the named graphs."""
Found = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

TABLES = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
FORMATS = (*TABLES, *GRAPHS)
# What the recommendation on CSV and TSV leaves open: a yes or no is a table of one column.
_ANSWER = {"csv": b"answer\r\n%s\r\n", "tsv": b"?answer\n%s\n"}
# A text may hold them, but XML 1.0 cannot, not even escaped.
_NO_XML = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# Turtle writes these without their names.
_UNSPOKEN = {PREFIXES["xsd"] + name for name in ("string", "integer", "decimal", "double", "boolean")}
_QNAME_END = re.compile(r"[^\W\d][\w.-]*\Z")


class Answering(Reader):
    """A store that answers in a serialisation."""

    def serialized(self, text: str, form: str, limits: Limits, dataset: Dataset | None = None) -> bytes:
        """The whole answer in one of FORMATS.

        Raises QueryFault with a place for a text that is no SPARQL or names a graph that is not there, and without
        one for an answer that is larger than its limits or that the format cannot hold.
        """
        chosen = self._chosen(text, dataset)
        with self._guarded():
            try:
                found = self._store.query(text, prefixes=PREFIXES, **chosen)  # type: ignore[arg-type]
            except SyntaxError as fault:
                raise syntax_fault(text, fault) from fault
            return _written(found, form, limits)

    def _chosen(self, text: str, dataset: Dataset | None) -> Mapping[str, object]:
        if dataset is not None:
            self._need(dataset[0], "default-graph-uri")
            self._need(dataset[1], "named-graph-uri")
            default, named = ([ox.NamedNode(iri) for iri in graphs] for graphs in dataset)
            return {"default_graph": default, "named_graphs": named}
        found = tokens(text)
        self._need(graphs_named(found), "FROM")
        # The union would win over the clauses of the query.
        return {} if names_graphs(found) else {"use_default_graph_as_union": True}

    def _need(self, graphs: Iterable[str], place: str) -> None:
        known = self.graphs()
        for graph in graphs:
            if graph not in known:
                hint = "SELECT DISTINCT ?g { GRAPH ?g { } } lists the graphs"
                raise QueryFault(f"there is no graph <{graph}>", place=place, hint=hint)


def _written(found: Found, form: str, limits: Limits) -> bytes:
    if isinstance(found, ox.QueryTriples):
        body = _graph(found, form, limits)
    elif isinstance(found, ox.QueryBoolean) and form in _ANSWER:
        body = _ANSWER[form] % (b"true" if found else b"false")
    else:
        body = _table(found, form, limits)
    if form in {"xml", "rdfxml"}:
        if _NO_XML.search(body):
            raise _unfit("a control character", "JSON" if form == "xml" else "Turtle")
        body = body.replace(b"\r", b"&#13;")  # a parser reads a bare one as a line feed
    return body


def _unfit(what: str, other: str) -> QueryFault:
    return QueryFault(f"the answer has {what}, which XML cannot hold", hint=f"ask for {other}")


def _too_large(much: str) -> QueryFault:
    return QueryFault(f"the answer is larger than {much}", hint="add a LIMIT, or ask for less")


class _Room(io.BytesIO):
    """Takes so many bytes and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: object, /) -> int:
        size = super().write(data)  # type: ignore[arg-type]
        if self.tell() > self._most:
            raise _too_large(f"{self._most:,} bytes")
        return size


def _table(found: ox.QuerySolutions | ox.QueryBoolean, form: str, limits: Limits) -> bytes:
    room = _Room(limits.characters)
    found.serialize(room, format=TABLES[form])
    body = room.getvalue()
    if isinstance(found, ox.QuerySolutions) and _rows(body, form, limits.rows) > limits.rows:
        raise _too_large(f"{limits.rows:,} rows")
    return body


def _rows(body: bytes, form: str, enough: int) -> int:
    """Rows of a serialised table; where texts could hold what parts rows, they are counted only past `enough`."""
    rough, exact = _ROWS[form]
    found = rough(body)
    return exact(body) if found > enough else found


def _json_rows(body: bytes) -> int:
    bare = re.sub(rb'"[^"\\]*(?:\\.[^"\\]*)*"', b"", body)
    return bare.count(b"[{") + bare.count(b",{")


def _csv_rows(body: bytes) -> int:
    return re.sub(rb'"[^"]*"', b"", body).count(b"\n") - 1


Count = Callable[[bytes], int]
_ROWS: dict[str, tuple[Count, Count]] = {
    "json": (lambda body: body.count(b"},{") + 1, _json_rows),
    "csv": (lambda body: body.count(b"\n") - 1, _csv_rows),
    "tsv": (lambda body: body.count(b"\n") - 1, lambda body: body.count(b"\n") - 1),
    "xml": (lambda body: body.count(b"<result>"), lambda body: body.count(b"<result>")),
}


def _graph(found: ox.QueryTriples, form: str, limits: Limits) -> bytes:
    triples: dict[str, ox.Triple] = {}
    size = 0
    for triple in found:
        line = str(triple)
        if line not in triples:
            size += len(line)
            triples[line] = triple
        if len(triples) > limits.rows or size > limits.characters:
            few = len(triples) <= limits.rows
            raise _too_large(f"{limits.characters:,} characters" if few else f"{limits.rows:,} statements")
    return graph_as([triples[line] for line in sorted(triples)], form)


def graph_as(triples: Sequence[ox.Triple], form: str) -> bytes:
    """Triples in one of GRAPHS, with those of our prefixes that they need. Raises QueryFault where RDF/XML cannot."""
    if form == "rdfxml" and not all(_QNAME_END.search(triple.predicate.value) for triple in triples):
        raise _unfit("a property whose name ends in a digit or sign", "Turtle")
    text = "".join({term.value for triple in triples for term in triple if isinstance(term, ox.NamedNode)})
    types = {t.object.datatype.value for t in triples if isinstance(t.object, ox.Literal)} - _UNSPOKEN
    used = {name: iri for name, iri in PREFIXES.items() if any(iri in one for one in (text, *types))}
    body = ox.serialize(triples, format=GRAPHS[form], prefixes=used) or b""
    return _steady(body) if form == "turtle" else body


def _steady(body: bytes) -> bytes:
    """Oxigraph writes prefixes in any order; here they are sorted."""
    lines = body.split(b"\n")
    head = [line for line in lines if line.startswith(b"@prefix ")]
    return b"\n".join([*sorted(head), *(line for line in lines if not line.startswith(b"@prefix "))])


def turtle_as(text: str, form: str) -> bytes:
    """A text in Turtle, written in one of GRAPHS."""
    if form == "turtle":
        return text.encode()
    found = {str(quad.triple): quad.triple for quad in ox.parse(input=text, format=ox.RdfFormat.TURTLE)}
    return graph_as([found[line] for line in sorted(found)], form)
