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
        # What may be missing is asked for by itself, and MIN needs a value in every row.
        _query("""
        { SELECT ?slip (MIN(COALESCE(STR(?day), "~")) AS ?first) (MIN(COALESCE(STR(?at), "~")) AS ?source)
            (MIN(COALESCE(?number, 1000000)) AS ?low) (MIN(COALESCE(STR(?name), "~")) AS ?thing)
          WHERE {
            { ?slip a kg:Slip ; prov:wasDerivedFrom/dcterms:date ?day }
            UNION { ?slip a kg:Slip ; prov:wasDerivedFrom/kg:line ?number }
            UNION { ?slip a kg:Slip ; prov:wasDerivedFrom/kg:fromSource/dcterms:source ?at }
            UNION { ?slip a kg:Slip ; kg:feature/skos:prefLabel ?name }
          } GROUP BY ?slip }
        ?slip kg:from/rdfs:label ?from ; kg:to/rdfs:label ?to .
        BIND(IF(?first = "~", "", ?first) AS ?date) BIND(IF(?low = 1000000, 0, ?low) AS ?line)
        BIND(CONCAT(?from, " → ", ?to) AS ?release)"""),
        lambda said: (said.thing, said.release),
        first=True,
    ),
    _Kind(
        "spec",
        _query("""?item a kg:StateChange ; dcterms:date ?date ; kg:state ?says ; kg:of ?spec ; kg:fromSource ?from .
        ?spec kg:slug ?thing ; kg:forRelease/rdfs:label ?release . ?from dcterms:source ?source . BIND(0 AS ?line)"""),
        lambda said: (said.thing, said.release, said.says, said.date),
        first=True,
    ),
    _Kind(
        "merged",
        _query("""?item a kg:Reference ; kg:kind "feature" ; kg:strength ?tie ; kg:about/kg:slug ?thing ;
          kg:inCommit ?commit ; kg:fromSource/dcterms:source ?place . FILTER(?tie IN ("implements", "part", "bare"))
        ?commit kg:merged ?date ; dcterms:title ?says ; kg:onBranch ?release ; kg:key ?sha .
        BIND(CONCAT(?place, ":", SUBSTR(?sha, 1, 12)) AS ?source) BIND(0 AS ?line)"""),
        _whole,
        first=True,
    ),
    _Kind(
        "version",
        _query("""?item a kg:Version ; dcterms:date ?date ; kg:key ?thing ; kg:project ?says ; kg:fromSource ?from .
        ?from dcterms:source ?source . OPTIONAL { ?item kg:versionOf/rdfs:label ?release } BIND(0 AS ?line)"""),
        lambda said: (said.thing, said.says),
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
