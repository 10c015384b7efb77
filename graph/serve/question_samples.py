"""Values that have answers in this graph, so that each question can be tried at once; found once per build."""

from __future__ import annotations

from collections.abc import Mapping

from graph.errors import KgError
from graph.names import Names
from graph.question import Param
from graph.serve.state import Generation
from graph.sparql import QueryFile

# The pair of releases with most slips, and what is spoken of most; each query gives names, the best first.
_PAIR = """SELECT ?from ?to (COUNT(DISTINCT ?slip) AS ?slips) WHERE {
  ?slip a kg:Slip ; kg:from/kg:slug ?from ; kg:to/kg:slug ?to }
  GROUP BY ?from ?to ORDER BY DESC(?slips) ?from ?to LIMIT 1"""
_RELEASE = "SELECT DISTINCT ?name WHERE { ?version kg:versionOf/kg:slug ?name } ORDER BY DESC(?name) LIMIT 1"
_BEST: dict[str, tuple[str, ...]] = {
    "feature": (
        """SELECT ?iri (COUNT(DISTINCT ?one) AS ?times) WHERE { ?one a kg:Discussion ; kg:about ?topic .
  ?topic kg:resolvesTo ?iri } GROUP BY ?iri ORDER BY DESC(?times) ?iri LIMIT 5""",
        """SELECT ?iri (COUNT(DISTINCT ?one) AS ?times) WHERE { ?one a kg:SpecRevision ; dcterms:isVersionOf ?iri }
  GROUP BY ?iri ORDER BY DESC(?times) ?iri LIMIT 5""",
        "SELECT DISTINCT ?iri WHERE { ?one a kg:Discussion ; kg:about ?iri } ORDER BY ?iri LIMIT 5",
    ),
    "person": (
        """SELECT ?iri (COUNT(DISTINCT ?one) AS ?times) WHERE { ?one a kg:Mention ; kg:mentions ?iri .
  ?iri a kg:Person } GROUP BY ?iri ORDER BY DESC(?times) ?iri LIMIT 5""",
        "SELECT DISTINCT ?iri WHERE { ?spec a kg:SpecRevision ; kg:author ?iri } ORDER BY ?iri LIMIT 5",
        "SELECT DISTINCT ?iri WHERE { ?iri a kg:Person } ORDER BY ?iri LIMIT 5",
    ),
    "patch": (
        """SELECT DISTINCT ?name WHERE { ?one a kg:Mention ; kg:mentions ?note . ?note a kg:Patch .
  { ?note kg:resolvesTo ?patch } UNION { ?note kg:samePatch ?patch } ?commit kg:commitOf ?patch .
  ?note kg:key ?name } ORDER BY ?name LIMIT 5""",
        """SELECT DISTINCT ?name WHERE { { SELECT ?patch WHERE { ?patch kg:fixes ?bug } ORDER BY ?patch LIMIT 5 }
  ?patch kg:key ?name } ORDER BY ?name""",
        """SELECT DISTINCT ?name WHERE { ?one a kg:Mention ; kg:mentions ?it . ?it a kg:Patch ; kg:key ?name }
  ORDER BY ?name LIMIT 5""",
    ),
    "bug": (
        """SELECT DISTINCT ?name WHERE { ?one a kg:Mention ; kg:mentions ?bug . ?patch kg:fixes ?bug .
  ?bug kg:key ?name } ORDER BY ?name LIMIT 5""",
        "SELECT DISTINCT ?name WHERE { ?patch kg:fixes ?bug . ?bug kg:key ?name } ORDER BY DESC(?name) LIMIT 1",
        "SELECT DISTINCT ?name WHERE { ?bug a kg:Bug ; kg:key ?name } ORDER BY ?name LIMIT 1",
    ),
    "text": ("""SELECT DISTINCT ?name WHERE { ?one a kg:Topic ; skos:prefLabel ?name }
  ORDER BY STRLEN(?name) ?name LIMIT 1""",),
    "date": (
        "SELECT ?name WHERE { ?one a kg:Meeting ; dcterms:date ?name } ORDER BY DESC(?name) LIMIT 1",
        "SELECT (MAX(?day) AS ?name) WHERE { ?one kg:merged ?day }",
    ),
}  # fmt: skip


def samples(now: Generation) -> Mapping[str, str]:
    """A name for each kind of parameter, and `from` and `to`; a kind of which there is nothing is left out."""
    return now.kept("samples", lambda: _samples(now))


def _samples(now: Generation) -> dict[str, str]:
    found: dict[str, str] = {}
    pair = now.reader.select(_PAIR).rows or [(r, r, 0) for (r,) in now.reader.select(_RELEASE).rows]
    if pair:
        found = {"from": str(pair[0][0]), "to": str(pair[0][1]), "release": str(pair[0][0])}
        newest = now.names.newest(now.names.thing("release", found["release"]).iri)
        version = newest or min(now.names.keys("version"), default="")
        found |= {"version": version, "newest": version} if version else {}
    for kind, queries in _BEST.items():
        word = next((w for text in queries if (w := _first(now, kind, text))), "")
        found |= {kind: word} if word else {}
    found |= {"topic": found["feature"]} if "feature" in found else {}
    found |= {"month": found["date"][:7]} if "date" in found else {}
    found |= {"project": min(now.names.main_projects())} if now.names.main_projects() else {}
    return found


def _first(now: Generation, kind: str, text: str) -> str:
    """The first name that leads back to one thing."""
    for row in now.reader.select(text).rows:
        try:
            word = _name(now.names, kind, str(row[0]))
            now.names.resolve(kind, word)
        except KgError:
            continue
        return word
    return ""


def _name(names: Names, kind: str, value: str) -> str:
    if kind in ("feature", "person"):
        return names.thing(kind, value).shown
    return value


def example(question: QueryFile, found: Mapping[str, str]) -> dict[str, str] | None:
    """Values for the parameters that need one; None where this graph has none to show."""
    words = {param.name: _word(param, found) for param in question.params if param.default is None}
    return words if all(words.values()) else None


def _word(param: Param, found: Mapping[str, str]) -> str:
    return found.get(param.name if param.kind == "release" else param.kind) or found.get(param.kind, "")
