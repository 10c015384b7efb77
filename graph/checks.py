"""Checks of a whole graph: its shapes, references that lead nowhere, terms outside the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from graph import terms
from graph.store import Reader

if TYPE_CHECKING:
    import rdflib

_DANGLING = """SELECT DISTINCT ?thing ?by WHERE {
  ?by ?link ?thing . FILTER(ISIRI(?thing) && STRSTARTS(STR(?thing), STR(id:)))
  FILTER NOT EXISTS { ?thing a ?class }
} ORDER BY ?thing ?by"""
_TERMS = """SELECT DISTINCT ?term WHERE {
  { ?s ?term ?o } UNION { ?s a ?term } FILTER(STRSTARTS(STR(?term), STR(kg:)))
} ORDER BY ?term"""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: which check, what it concerns, what is wrong."""

    check: str
    thing: str
    what: str


def run(reader: Reader) -> list[Fault]:
    """All faults of a graph, in order."""
    faults = [Fault("store", "store", what) for what in reader.verify()]
    faults += _unknown_terms(reader)
    faults += _dangling(reader)
    faults += _shapes(reader)
    return sorted(faults)


def _rows(reader: Reader, text: str) -> Iterable[tuple[object, ...]]:
    return reader.select(text).rows


def _unknown_terms(reader: Reader) -> list[Fault]:
    known = {terms.NS + name for name in terms.CLASS_NAMES | terms.PROPERTY_NAMES}
    known |= {terms.status_iri(status) for status in terms.STATUSES}
    return [
        Fault("vocabulary", str(term), "is no term of the vocabulary")
        for (term,) in _rows(reader, _TERMS)
        if str(term) not in known
    ]


def _dangling(reader: Reader) -> list[Fault]:
    return [
        Fault("reference", str(by), f"refers to {thing}, of which nothing is said")
        for thing, by in _rows(reader, _DANGLING)
    ]


def _shapes(reader: Reader) -> list[Fault]:
    import pyshacl  # noqa: PLC0415 - slow to load, needed here only
    import rdflib  # noqa: PLC0415

    data = rdflib.Dataset(default_union=True)
    data.parse(data="\n".join(reader.nquads()), format="nquads")
    merged = rdflib.Graph()
    for triple in data.triples((None, None, None)):
        merged.add(triple)
    text = (resources.files("graph") / "shapes.ttl").read_text(encoding="utf-8")
    shapes = rdflib.Graph().parse(data=text, format="turtle")
    _, report, _ = pyshacl.validate(merged, shacl_graph=shapes, advanced=False, inference="none")
    return list(_results(report))


def _results(report: rdflib.Graph) -> Iterable[Fault]:
    import rdflib  # noqa: PLC0415

    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    for result in report.subjects(rdflib.RDF.type, shacl.ValidationResult):
        focus = report.value(result, shacl.focusNode)
        path = report.value(result, shacl.resultPath)
        message = report.value(result, shacl.resultMessage)
        yield Fault("shape", str(focus), f"{path}: {message}")
