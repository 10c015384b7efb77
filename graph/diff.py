"""What changed from one build to another, or since a day, in the words of the domain.

Facts are compared by what they say, not by where: a line that moved, or a note that was renamed, is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from graph.store import Reader
from graph.table import Table

COLUMNS = ("change", "kind", "date", "thing", "says", "release", "source", "line")
_PLACE = "kg:line ?line ; kg:fromSource/dcterms:source ?source"


class _Said(NamedTuple):
    """A fact: the day it is dated, what it is about, what is said of it, which release, and its place."""

    date: str
    thing: str
    says: str
    release: str
    source: str
    line: int


class _Kind(NamedTuple):
    """A kind of fact: its query, what makes two facts one, whether one that is said again counts once."""

    name: str
    query: str
    key: Callable[[_Said], tuple[str, ...]]
    first: bool = False


def _query(where: str) -> str:
    return f"""SELECT DISTINCT ?date ?thing ?says ?release ?source ?line WHERE {{ {where} }}
ORDER BY ?date ?source ?line ?thing ?says ?release"""


def _whole(said: _Said) -> tuple[str, ...]:
    return said[:4]


_KINDS: tuple[_Kind, ...] = (
    _Kind(
        "meeting",
        _query(f"""?item a kg:Meeting ; dcterms:date ?date ; {_PLACE} .
        OPTIONAL {{ ?item dcterms:title ?thing }} OPTIONAL {{ ?item kg:summary ?says }}"""),
        lambda said: (said.date, said.thing),
    ),
    _Kind(
        "feature",
        _query(f"""?item a kg:Discussion ; kg:kind "feature" ; dcterms:date ?date ; kg:about ?topic ; {_PLACE} .
        ?topic a kg:Topic ; skos:prefLabel ?thing"""),
        lambda said: (said.thing,),
        first=True,
    ),
    _Kind(
        "slip",
        _query(f"""?slip a kg:Slip ; kg:feature ?topic ; kg:from/rdfs:label ?from ; kg:to/rdfs:label ?to ;
          prov:wasDerivedFrom ?item . ?topic skos:prefLabel ?thing . ?item dcterms:date ?date ; {_PLACE} .
        BIND(CONCAT(?from, " → ", ?to) AS ?release)"""),
        lambda said: (said.thing, said.release),
        first=True,
    ),
    _Kind(
        "status",
        _query(f"""?item a kg:StatusReport ; dcterms:date ?date ; kg:status/skos:notation ?says ; {_PLACE} .
        OPTIONAL {{ ?item kg:inDiscussion/kg:heading ?heading }} OPTIONAL {{ ?item kg:part ?part }}
        OPTIONAL {{ ?item kg:forRelease/rdfs:label ?release }}
        BIND(IF(BOUND(?heading) && BOUND(?part), " · ", "") AS ?dot)
        BIND(CONCAT(COALESCE(?heading, ""), ?dot, COALESCE(?part, "")) AS ?thing)
        """),
        _whole,
    ),
    _Kind(
        "decision",
        _query(f"""?item a kg:Decision ; dcterms:date ?date ; kg:key ?who ; {_PLACE} .
        OPTIONAL {{ ?item kg:inDiscussion/kg:heading ?thing }} OPTIONAL {{ ?item dcterms:description ?about }}
        BIND(CONCAT(?who, IF(BOUND(?about), CONCAT(": ", ?about), "")) AS ?says)"""),
        _whole,
    ),
    _Kind(
        "milestone",
        _query(f"""?item a kg:Milestone ; dcterms:date ?date ; rdfs:label ?thing ; kg:milestoneOf/rdfs:label ?release .
        ?said kg:mentions ?item ; kg:kind "milestone" ; {_PLACE}"""),
        _whole,
    ),
    _Kind(
        "todo",
        _query(
            f"?item a kg:Todo ; dcterms:date ?date ; dcterms:description ?thing ; kg:todoId ?says ; {_PLACE}"
        ),
        lambda said: (said.says,),
        first=True,
    ),
    _Kind(
        "closed",
        _query(f"""?item a kg:Todo ; dcterms:description ?thing ; kg:todoId ?id .
        {{ ?item kg:state "COMPLETED" ; dcterms:date ?date ; {_PLACE} }}
        UNION {{ ?closing a kg:Closing ; kg:of ?id ; kg:closedBy ?says ; {_PLACE} .
          OPTIONAL {{ ?closing dcterms:date ?date }} }}"""),
        lambda said: (said.thing,),
        first=True,
    ),
)
_SOURCES = """SELECT DISTINCT ?source ?sha WHERE {
  ?item a kg:Source ; dcterms:source ?source ; kg:sha256 ?sha } ORDER BY ?source"""


def between(old: Reader, new: Reader) -> Table:
    """What is new and what is gone from one build to the other; columns as in COLUMNS, the first of `change`:
    new, gone or changed."""
    rows = []
    for kind in _KINDS:
        before, after = _facts(old, kind), _facts(new, kind)
        rows += [("new", kind.name, *after[key]) for key in after if key not in before]
        rows += [("gone", kind.name, *before[key]) for key in before if key not in after]
    return Table(COLUMNS, (*rows, *_sources(old, new)))


def since(reader: Reader, date: str) -> Table:
    """What is dated on or after an ISO date, in the columns of COLUMNS; sources bear no date."""
    rows = []
    for kind in _KINDS:
        found = _facts(reader, kind).values()
        rows += [("new", kind.name, *said) for said in found if said.date >= date]
    return Table(COLUMNS, tuple(rows))


def _facts(reader: Reader, kind: _Kind) -> dict[tuple[str, ...], _Said]:
    """Facts by key, in order; where more than the first counts, equal ones are numbered."""
    found: dict[tuple[str, ...], _Said] = {}
    seen: Counter[tuple[str, ...]] = Counter()
    for said in _said(reader.select(kind.query)):
        key = kind.key(said)
        seen[key] += 1
        found.setdefault(key if kind.first else (*key, str(seen[key])), said)
    return found


def _said(table: Table) -> Iterable[_Said]:
    for *words, line in table.rows:
        date, thing, says, release, source = ("" if word is None else str(word) for word in words)
        yield _Said(date, thing, says, release, source, int(line or 0))


def _sources(old: Reader, new: Reader) -> Iterable[tuple[str | int, ...]]:
    before, after = ({str(path): sha for path, sha in r.select(_SOURCES).rows} for r in (old, new))
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path):
            change = "new" if path not in before else "gone" if path not in after else "changed"
            yield (change, "source", "", path, "", "", path, 0)
