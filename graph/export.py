"""The graph written out, sorted: the same content gives the same bytes in every format."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

from graph import terms
from graph.quads import literal, node
from graph.store import Reader

_COUNTS = """SELECT DISTINCT ?class (COUNT(DISTINCT ?thing) AS ?entities) WHERE {
  ?thing a ?class } GROUP BY ?class ORDER BY ?class"""
_PROPERTIES = """SELECT DISTINCT ?property (COUNT(*) AS ?triples) WHERE {
  ?s ?property ?o } GROUP BY ?property ORDER BY ?property"""
_SIZES = """SELECT DISTINCT ?graph (COUNT(*) AS ?triples) WHERE {
  GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"""
_SOURCES = """SELECT DISTINCT ?source ?property ?value WHERE {
  ?source a kg:Source ; ?property ?value FILTER(?property IN (dcterms:title, dcterms:source)) }
ORDER BY ?source ?property ?value"""
_ABOUT = (
    ("en", "what an open-source community says and does, with its evidence"),
    ("zh", "一个开源社区所说与所做，附证据"),
)
_LABELS = (
    "rdfs:label",
    "skos:prefLabel",
    "kg:heading",
    "dcterms:title",
    "dcterms:description",
    "kg:key",
    "kg:slug",
)


def nquads(reader: Reader) -> str:
    """Sorted N-Quads."""
    return "".join(f"{line}\n" for line in reader.nquads())


def void(reader: Reader) -> str:
    """A VoID description of the whole in Turtle: size, vocabularies, classes, properties, every graph as a subset."""
    properties, classes = _pairs(reader, _PROPERTIES), _pairs(reader, _COUNTS)
    lines = [f"@prefix {name}: <{iri}> ." for name, iri in sorted(terms.PREFIXES.items())]
    lines += [
        "",
        f"<{terms.ID}> a void:Dataset ;",
        f"  dcterms:title {literal('release-kg graph')} ;",
        *(f"  dcterms:description {literal(text, lang=lang)} ;" for lang, text in _ABOUT),
        f"  void:triples {reader.count} ;",
        f"  void:uriSpace {literal(terms.ID)} ;",
        f"  void:uriRegexPattern {literal('^' + re.escape(terms.ID))} ;",
        *(
            f"  void:vocabulary {node(iri)} ;"
            for iri in _vocabularies([name for name, _ in properties + classes])
        ),
        *(f"  void:subset {node(graph)} ;" for graph in reader.graphs()),
    ]
    for name, count in classes:
        lines.append(f"  void:classPartition [ void:class {node(name)} ; void:entities {count} ] ;")
    for name, count in properties:
        lines.append(f"  void:propertyPartition [ void:property {node(name)} ; void:triples {count} ] ;")
    lines.append(f"  void:classes {len(classes)} ; void:properties {len(properties)} .")
    return "\n".join([*lines, *_subsets(reader)]) + "\n"


def _vocabularies(names: list[str]) -> list[str]:
    return sorted({iri for iri in terms.PREFIXES.values() if any(name.startswith(iri) for name in names)})


def _subsets(reader: Reader) -> Iterator[str]:
    for graph, count in _pairs(reader, _SIZES):
        yield f"{node(graph)} void:triples {count} ."
    for source, name, value in reader.select(_SOURCES).rows:
        yield f"{node(str(source))} {node(str(name))} {literal(str(value))} ."


def _pairs(reader: Reader, text: str) -> list[tuple[str, str]]:
    return [(str(a), str(b)) for a, b in reader.select(text).rows]


def _serialized(kind: str) -> Callable[[Reader], str]:
    def write(reader: Reader) -> str:
        import pyoxigraph as ox  # noqa: PLC0415 - the serializers are its

        form = {"trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}[
            kind
        ]
        quads = list(ox.parse(input=nquads(reader), format=ox.RdfFormat.N_QUADS))
        rows = sorted({quad.triple for quad in quads}, key=str) if kind == "turtle" else quads
        written = ox.serialize(rows, format=form, prefixes=terms.PREFIXES) or b""
        return _steady(written.decode("utf-8"))

    return write


def _steady(text: str) -> str:
    """Oxigraph writes the prefixes in any order; here they are sorted."""
    lines = text.split("\n")
    head = [line for line in lines if line.startswith("@prefix ")]
    return "\n".join([*sorted(head), *(line for line in lines if not line.startswith("@prefix "))])


def _terms(reader: Reader) -> Iterator[tuple[str, str, str, bool, str]]:
    """Subject, predicate, object, whether the object is a thing, graph; in order."""
    import pyoxigraph as ox  # noqa: PLC0415

    for quad in ox.parse(input=nquads(reader), format=ox.RdfFormat.N_QUADS):
        thing = isinstance(quad.object, ox.NamedNode)
        yield quad.subject.value, quad.predicate.value, quad.object.value, thing, quad.graph_name.value


def csv(reader: Reader) -> str:
    """Statements as CSV: subject, predicate, object, graph."""
    import csv as rows  # noqa: PLC0415

    out = io.StringIO()
    writer = rows.writer(out, lineterminator="\n")
    writer.writerow(["subject", "predicate", "object", "graph"])
    for subject, predicate, value, _, graph in _terms(reader):
        writer.writerow([subject, predicate, f"'{value}" if value[:1] in "=+-@\t\r" else value, graph])
    return out.getvalue()


def graphml(reader: Reader) -> str:
    """Things and the edges between them as GraphML, for Gephi and its like."""
    import networkx as nx  # noqa: PLC0415 - slow to load

    labels = [terms.kg(n.split(":")[1]) if n.startswith("kg:") else terms.expand(n) for n in _LABELS]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    kind_of = terms.expand("rdf:type")
    best: dict[str, tuple[int, str]] = {}
    for subject, predicate, value, thing, _ in _terms(reader):
        if predicate == kind_of:
            if value.startswith(terms.NS):
                graph.add_node(subject, kind=value.removeprefix(terms.NS))
        elif thing and value.startswith(terms.ID):
            graph.add_edge(
                subject, value, key=predicate, kind=predicate.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
            )
        elif predicate in labels:
            best[subject] = min(best.get(subject, (99, "")), (labels.index(predicate), value))
    for subject, (_, label) in sorted(best.items()):
        if subject in graph:
            graph.nodes[subject]["label"] = "".join(c for c in label if c >= " ")
    return "\n".join(nx.generate_graphml(graph)) + "\n"


FORMATS: dict[str, Callable[[Reader], str]] = {
    "nquads": nquads,
    "trig": _serialized("trig"),
    "turtle": _serialized("turtle"),
    "jsonld": _serialized("jsonld"),
    "graphml": graphml,
    "csv": csv,
    "void": void,
}
SUFFIXES = {
    ".nq": "nquads", ".trig": "trig", ".ttl": "turtle", ".jsonld": "jsonld", ".graphml": "graphml", ".csv": "csv",
}  # fmt: skip
