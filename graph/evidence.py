"""Every statement behind a thing, with the words and the place it rests on; contradictions side by side."""

from __future__ import annotations

from dataclasses import dataclass

from graph.errors import AmbiguousName, UnknownName
from graph.names import Names
from graph.store import Bound, Reader
from graph.table import Cell, Table

_COLUMNS = ("date", "statement", "says", "quote", "source", "line", "corrected", "thing")


def _part(where: str) -> str:
    """One kind of statement behind ?thing; what it does not say stays empty."""
    return f"SELECT DISTINCT {' '.join('?' + name for name in _COLUMNS)} WHERE {{ {where} }}"


# What is said of a topic is said of the feature that it stands for; a slip rests on the reports it was derived from.
_SPOKEN = _part("""
  { SELECT DISTINCT ?node ?thing WHERE {
    { ?node ?link ?thing . FILTER(?link IN (kg:about, kg:mentions, kg:byPerson, kg:assignee, kg:onPatch, kg:onBug,
                                            kg:forRelease, kg:milestoneOf)) }
    UNION { ?topic kg:resolvesTo ?thing . ?node kg:about ?topic }
    UNION { ?slip kg:feature ?thing ; prov:wasDerivedFrom ?node }
  } }
  ?node a ?class ; kg:line ?line ; kg:fromSource/dcterms:source ?source .
  FILTER(STRSTARTS(STR(?class), STR(kg:)) && ?class NOT IN (kg:Reference, kg:SpecRevision))
  BIND(STRAFTER(STR(?class), STR(kg:)) AS ?statement)
  OPTIONAL { ?node dcterms:date ?date }
  OPTIONAL { ?node kg:quote/oa:exact ?quote }
  OPTIONAL { ?node kg:status/skos:notation ?status }
  OPTIONAL { ?node kg:part ?part }
  OPTIONAL { ?node kg:forRelease/kg:slug ?release }
  OPTIONAL { ?node kg:key ?key }
  OPTIONAL { ?node kg:heading ?heading }
  OPTIONAL { ?node dcterms:description ?text }
  OPTIONAL {
    ?node kg:correctedBy ?correction . ?correction kg:reason ?reason ; kg:written ?before
    BIND(CONCAT(?reason, " (read as ", ?before, ")") AS ?corrected)
  }
  BIND(CONCAT(COALESCE(?status, ?heading, ?text, ?key, ""), IF(BOUND(?part), CONCAT(" · ", ?part), ""),
       IF(BOUND(?release), CONCAT(" → ", ?release), "")) AS ?says)""")
_SPECS = _part("""
  { SELECT DISTINCT ?node ?thing WHERE {
    { ?node dcterms:isVersionOf ?thing } UNION { ?node a kg:SpecRevision ; kg:forRelease ?thing } } }
  ?node kg:state ?state ; kg:forRelease/kg:slug ?release ; kg:path ?path ; kg:line ?line ; dcterms:title ?quote ;
        kg:fromSource/dcterms:source ?place .
  BIND("Spec" AS ?statement) BIND(CONCAT(?place, ":", ?path) AS ?source)
  BIND(CONCAT(?state, " → ", ?release) AS ?says)""")
_CHANGES = _part("""
  ?spec dcterms:isVersionOf ?thing . ?node kg:of ?spec ; kg:state ?state ; dcterms:date ?date ; kg:sha ?sha ;
    dcterms:title ?title ; kg:fromSource/dcterms:source ?place .
  OPTIONAL { ?node kg:path ?path }
  OPTIONAL { ?node kg:written ?words }
  BIND("StateChange" AS ?statement) BIND(CONCAT(?place, ":", SUBSTR(?sha, 1, 12)) AS ?source)
  BIND(CONCAT(?state, IF(BOUND(?path), CONCAT(" · ", ?path), "")) AS ?says)
  BIND(CONCAT(?title, IF(BOUND(?words), CONCAT(" · ", ?words), "")) AS ?quote)""")
_CONTINUATIONS = _part("""
  { SELECT DISTINCT ?node ?thing WHERE {
    ?spec dcterms:isVersionOf ?thing . { ?node kg:from ?spec } UNION { ?node kg:to ?spec } ?node a kg:Continuation } }
  ?node kg:slipClass ?kind ; kg:reason ?quote .
  ?node kg:from ?early . ?early kg:slug ?was ; kg:forRelease/kg:slug ?first .
  ?node kg:to ?late . ?late kg:slug ?is ; kg:forRelease/kg:slug ?last ; kg:path ?path ;
    kg:line ?line ; kg:fromSource/dcterms:source ?place .
  BIND("Continuation" AS ?statement) BIND(CONCAT(?place, ":", ?path) AS ?source)
  BIND(CONCAT(?kind, " · ", ?was, " (", ?first, ") → ", ?is, " (", ?last, ")") AS ?says)""")
_REFERENCES = _part("""
  ?node a kg:Reference ; kg:about ?thing ; kg:strength ?strength ; kg:written ?quote ; kg:line ?line ;
    kg:inCommit ?commit ; kg:fromSource/dcterms:source ?place .
  ?commit kg:key ?sha ; kg:merged ?date ; kg:commitOf/kg:key ?change .
  OPTIONAL { ?commit kg:landedIn ?version . ?version kg:key ?name
    OPTIONAL { ?version kg:versionOf/kg:slug ?release } }
  BIND("Commit" AS ?statement) BIND(CONCAT(?place, ":", SUBSTR(?sha, 1, 12)) AS ?source)
  BIND(CONCAT(?strength, " · ", ?change, IF(BOUND(?name), CONCAT(" · ", ?name), ""),
       IF(BOUND(?release), CONCAT(" → ", ?release), "")) AS ?says)""")
_COMMITS = _part("""
  { SELECT DISTINCT ?node ?thing WHERE { { ?node kg:commitOf ?thing }
    UNION { ?thing (kg:samePatch|kg:resolvesTo) ?patch . ?node kg:commitOf ?patch } } }
  ?node kg:key ?sha ; kg:merged ?date ; kg:onBranch ?branch ; dcterms:title ?quote ;
    kg:fromSource/dcterms:source ?place .
  OPTIONAL { ?node kg:landedIn ?version . ?version kg:key ?name
    OPTIONAL { ?version kg:versionOf/kg:slug ?release } }
  BIND("Commit" AS ?statement) BIND(CONCAT(?place, ":", SUBSTR(?sha, 1, 12)) AS ?source)
  BIND(CONCAT(?branch, IF(BOUND(?name), CONCAT(" · ", ?name), ""),
       IF(BOUND(?release), CONCAT(" → ", ?release), "")) AS ?says)""")
_LINKS = _part("""
  { SELECT DISTINCT ?node ?thing WHERE { { ?node kg:target ?thing } UNION { ?node kg:of ?thing } ?node a kg:Link } }
  ?node kg:of ?name ; kg:target ?target ; kg:score ?score ; kg:reason ?quote ; kg:state ?state .
  BIND("Link" AS ?statement)
  BIND(CONCAT(REPLACE(STR(?name), "^.*/", ""), " = ", REPLACE(STR(?target), "^.*/", ""), " · ", STR(?score),
       IF(?state = "linked", "", " (below the threshold: not linked)")) AS ?says)""")
_SLIPS = _part("""
  { SELECT DISTINCT ?node ?thing WHERE { { ?node kg:feature ?thing } UNION { ?node kg:about ?thing } ?node a kg:Slip } }
  ?node kg:from/kg:slug ?early ; kg:to/kg:slug ?late ; kg:slipClass ?kind .
  OPTIONAL { ?node kg:outcome ?outcome }
  OPTIONAL { ?node kg:disagreement ?quote }
  BIND("Slip" AS ?statement)
  BIND(CONCAT(?kind, " · ", ?early, " → ", ?late,
       IF(BOUND(?outcome), CONCAT(" · ", ?outcome, " there"), "")) AS ?says)""")
_PARTS = (_SPOKEN, _SPECS, _CHANGES, _CONTINUATIONS, _REFERENCES, _COMMITS, _LINKS, _SLIPS)
_TODO = "SELECT DISTINCT ?iri WHERE { ?iri a kg:Todo ; kg:todoId ?id } ORDER BY ?iri"
_SELF = """SELECT DISTINCT ?date ?statement ?says ?quote ?source ?line ?thing WHERE {
  ?thing a ?class ; kg:line ?line ; kg:fromSource/dcterms:source ?source .
  FILTER(STRSTARTS(STR(?class), STR(kg:))) BIND(STRAFTER(STR(?class), STR(kg:)) AS ?statement)
  OPTIONAL { ?thing dcterms:date ?date }
  OPTIONAL { ?thing kg:quote/oa:exact ?quote }
  OPTIONAL { ?thing dcterms:description ?text }
  OPTIONAL { ?thing kg:heading ?heading }
  BIND(COALESCE(?heading, ?text, "") AS ?says)
} ORDER BY ?date ?source ?line"""
# Reports that cannot both hold of one part on one day.
_AGAINST = ({"done", "nearly-done"}, {"stalled", "at-risk", "deferred", "abandoned"})


@dataclass(frozen=True)
class Statements:
    """What stands behind a thing."""

    iri: str
    title: str
    table: Table

    def contradictions(self, lang: str) -> list[str]:
        """Reports of one day and one part that speak against each other, said and left as they are."""
        days: dict[tuple[str, str], list[dict[str, object]]] = {}
        for row in self.table.dicts():
            if row["statement"] == "StatusReport":
                part = str(row["says"]).partition(" · ")[2].partition(" → ")[0]
                days.setdefault((str(row["date"]), part), []).append(dict(row))
        out = [
            self._against(row, lang)
            for row in self.table.dicts()
            if row["statement"] == "Slip" and row["quote"]
        ]
        for (day, _), rows in sorted(days.items()):
            said = [[r for r in rows if str(r["says"]).split(" ")[0] in side] for side in _AGAINST]
            if said[0] and said[1]:
                places = ", ".join(f"{r['source']}:{r['line']} ({r['says']})" for r in [*said[0], *said[1]])
                out.append(
                    f"{day}：说法不一，均保留：{places}"
                    if lang == "zh"
                    else f"{day}: said both ways, both kept: {places}"
                )
        return out

    @staticmethod
    def _against(row: dict[str, Cell], lang: str) -> str:
        words = f"{row['says']}: {row['quote']}"
        return (
            f"来源说法不一，均保留：{words}" if lang == "zh" else f"the witnesses disagree, all kept: {words}"
        )


def statements(reader: Reader, names: Names, word: str) -> Statements:
    """Everything said of the thing a word names; UnknownName when it names none."""
    if word.startswith("http"):
        return _of(reader, word, word)
    todo = _rows(reader, _TODO, {"id": ("string", word)})
    if todo:
        return _of(reader, str(todo[0][0]), word)
    nearest: list[str] = []
    for kind in ("feature", "person", "patch", "bug", "release"):
        try:
            named = names.thing(kind, word)
        except AmbiguousName:
            raise
        except UnknownName as error:
            nearest += error.nearest
            continue
        return _of(reader, named.iri, named.shown)
    hint = f"did you mean {nearest[0]}?" if nearest else "`kg queries` shows what can be asked"
    raise UnknownName(f"nothing is known as {word!r}", nearest=tuple(nearest), hint=hint)


def _of(reader: Reader, iri: str, title: str) -> Statements:
    bound = {"thing": ("iri", iri)}
    own = [(*row[:6], "", row[6]) for row in reader.select(_SELF, bound).rows]
    found = dict.fromkeys(row for part in _PARTS for row in reader.select(part, bound).rows)
    if not own and not found:
        raise UnknownName(f"nothing is said of {title}", hint="`kg queries` shows what can be asked")
    rows = tuple(dict.fromkeys([*own, *sorted(found, key=_order)]))
    return Statements(iri, title, Table(_COLUMNS, rows).without(["thing"]))


def _order(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """By day, then place; a line counts as a number."""
    date, statement, says, quote, source, line = row[:6]
    return (
        *(str(cell or "") for cell in (date, source)),
        f"{line or 0:>9}",
        str(statement),
        str(says),
        str(quote),
    )


def _rows(reader: Reader, text: str, bound: dict[str, Bound]) -> tuple[tuple[object, ...], ...]:
    text = text.replace("SELECT DISTINCT ?iri", "SELECT DISTINCT ?iri ?id")
    return reader.select(text, bound).rows
