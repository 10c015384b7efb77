"""A thing as RDF: what it says, what points at it, a page at a time, and the quotes that both rest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import pyoxigraph as ox

from graph import terms
from graph.errors import KgError
from graph.quads import node
from graph.store import Reader
from graph.table import Table
from graph.things import into, kind_of, own

PAGE = 500  # statements that point at a thing, on one page of its data

MEDIA: dict[str, tuple[str, ox.RdfFormat]] = {
    "turtle": ("text/turtle", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdfxml": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
# Kinds whose own statements come along where they point at a thing: its page shows them.
_ALONG = frozenset(("slip", "status", "decision", "spec", "todo"))
# What a page tells of a thing though it points at another: at a name that stands for it, at a spec that goes on.
_AROUND = (
    "?topic kg:resolvesTo ?thing . ?s kg:about ?topic BIND(kg:about AS ?p) BIND(?topic AS ?o)",
    "?known kg:about ?thing ; kg:firstRevision ?o . ?s kg:firstRevision ?o BIND(kg:firstRevision AS ?p)",
    """?known kg:about ?thing ; kg:firstRevision ?root . ?o kg:firstRevision ?root . ?s prov:wasDerivedFrom ?o
       FILTER EXISTS { ?s a kg:Slip } BIND(prov:wasDerivedFrom AS ?p)""",
)
_EVIDENCE = "kg:quote, kg:line, kg:written, kg:fromSource, kg:inCommit, kg:path, kg:sha"


class Described(NamedTuple):
    """Statements about a thing as sorted N-Triples lines, and how many pages there are of those that point at it."""

    lines: list[str]
    pages: int


def described(reader: Reader, iri: str, page: int = 1, here: str = "") -> Described:
    """All that is said of a thing, what points at it (a page of it), and the quotes that both rest on.

    Slips, reports, decisions, specs and TODOs that point at it come with their own statements. `here`: the address
    from which the next page is got, to which its number is added; the IRI of the thing by default. Empty for a thing
    that nobody knows, and for a page that there is not.
    """
    pointing = _pointing(reader, iri)
    pages = max(1, -(-len(pointing) // PAGE))
    shown = pointing[(page - 1) * PAGE : page * PAGE]
    lines = set(_lines(reader, f"CONSTRUCT {{ {node(iri)} ?p ?o }} WHERE {{ {node(iri)} ?p ?o }}"))
    if page > pages or not (lines or shown):
        return Described([], pages)
    lines.update(f"{node(subject)} {node(name)} {node(value)} ." for subject, name, value in shown)
    subjects = [subject for subject, *_ in shown]
    lines.update(_whole(reader, [subject for subject in subjects if kind_of(subject) in _ALONG]))
    rests = [value for name, value in own(reader, iri) if name == terms.expand("prov:wasDerivedFrom")]
    lines.update(_evidence(reader, [iri, *rests, *subjects]))
    if page < pages:
        following = f"{here or f'{iri}?page='}{page + 1}"
        lines.add(f"{node(iri)} {node(terms.expand('rdfs:seeAlso'))} {node(following)} .")
    return Described(sorted(lines), pages)


def _pointing(reader: Reader, iri: str) -> list[tuple[str, str, str]]:
    """Statements that lead to a thing, in order; of a feature also those that its page follows other names for."""
    found = {(subject, name, iri) for name, subject in into(reader, iri)}
    for pattern in _AROUND if kind_of(iri) == "feature" else ():
        rows = reader.select(
            f"SELECT DISTINCT ?s ?p ?o ?thing WHERE {{ {pattern} }}", {"thing": ("iri", iri)}
        ).rows
        found.update((str(s), str(p), str(o)) for s, p, o, _ in rows)
    return sorted(found, key=lambda one: (one[1], one[0], one[2]))


def _whole(reader: Reader, things: Sequence[str]) -> list[str]:
    """All that things say of themselves."""
    given = f"VALUES ?s {{ {' '.join(node(iri) for iri in dict.fromkeys(things))} }}"
    return _lines(reader, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {given} ?s ?p ?o }}") if things else []


def _evidence(reader: Reader, things: Sequence[str]) -> list[str]:
    """The places and words that statements rest on."""
    given = f"VALUES ?s {{ {' '.join(node(iri) for iri in dict.fromkeys(things))} }}"
    places = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {given} ?s ?p ?o FILTER(?p IN ({_EVIDENCE})) }}"
    quotes = f"CONSTRUCT {{ ?q ?p ?o }} WHERE {{ {given} ?s kg:quote ?q . ?q ?p ?o }}"
    sources = (
        f"CONSTRUCT {{ ?f dcterms:source ?o }} WHERE {{ {given} ?s kg:fromSource ?f . ?f dcterms:source ?o }}"
    )
    return [line for text in (places, quotes, sources) for line in _lines(reader, text)]


def _lines(reader: Reader, text: str) -> list[str]:
    found = reader.query(text)
    if isinstance(found, Table):
        raise KgError("statements were expected")
    return found


def serialised(lines: Sequence[str], form: str) -> bytes:
    """Sorted N-Triples lines in a format of MEDIA; the same lines give the same bytes."""
    text = "".join(f"{line}\n" for line in lines)
    if form == "nt":
        return text.encode()
    triples = list(ox.parse(input=text.encode(), format=ox.RdfFormat.N_TRIPLES))
    # Our IRIs have slashes, which a short name would have to escape: they are written in full.
    used = {name: iri for name, iri in terms.PREFIXES.items() if name != "id" and f"<{iri}" in text}
    return _steady(
        (ox.serialize(triples, format=MEDIA[form][1], prefixes=used) or b"").decode(), form
    ).encode()


def _steady(text: str, form: str) -> str:
    """The prefixes, which come in any order, sorted."""
    if form == "turtle":
        head, body = _split(text.split("\n"))
        return "\n".join([*sorted(head), *body])
    if form == "rdfxml":
        text = text.replace("\r", "&#13;")  # a parser reads a bare one as a line feed
        return re.sub(
            r"(?<=<rdf:RDF)( xmlns:[^>]*)(?=>)", lambda m: " " + " ".join(sorted(m[1].split())), text, count=1
        )
    return text


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    at = next((n for n, line in enumerate(lines) if not line.startswith("@prefix ")), len(lines))
    return lines[:at], lines[at:]
