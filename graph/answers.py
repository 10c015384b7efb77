"""An answer: a sentence, the table, and for each row the words and the place it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from graph import sparql
from graph.ask import Understood
from graph.store import Reader
from graph.table import Cell, Table

_QUOTES = """SELECT DISTINCT ?line ?exact ?from WHERE {
  { SELECT DISTINCT ?quote ?from WHERE { ?quote a kg:Quote ; kg:fromSource ?from } }
  ?quote kg:line ?line ; oa:exact ?exact
} ORDER BY ?line ?exact"""
_FROM = "SELECT DISTINCT ?from ?source WHERE { ?from dcterms:source ?source } ORDER BY ?from"
# What a derived fact rests on beside the words of notes: specs by path, the commits that changed a spec, patches.
_RESTS = """SELECT DISTINCT ?place ?words WHERE {
  { SELECT DISTINCT ?node WHERE { ?slip a kg:Slip ; prov:wasDerivedFrom ?node } }
  ?node dcterms:title ?words ; kg:fromSource/dcterms:source ?source .
  { ?node kg:path ?path ; kg:line ?line . BIND(CONCAT(?path, ":", STR(?line)) AS ?tail) }
  UNION { { ?node kg:sha ?sha } UNION { ?node a kg:Commit ; kg:key ?sha } BIND(SUBSTR(?sha, 1, 12) AS ?tail) }
  BIND(CONCAT(?source, ":", ?tail) AS ?place)
} ORDER BY ?place ?words"""
_PLACE = re.compile(r"^(?P<source>.+):(?P<line>\d+)$")


@dataclass(frozen=True)
class Quoted:
    """The words a row rests on; row counts from 0, line is 0 where the source names the whole place."""

    row: int
    quote: str
    source: str
    line: int


@dataclass(frozen=True)
class Answer:
    """What is said to a question."""

    understood: Understood
    sentence: str
    table: Table
    evidence: tuple[Quoted, ...]


def answer(reader: Reader, understood: Understood) -> Answer:
    """Run the question and say the result in the asker's language."""
    table = sparql.run(reader, understood.question, understood.bound)
    return Answer(understood, _sentence(understood, table), table, tuple(_evidence(reader, table)))


def _sentence(understood: Understood, table: Table) -> str:
    question, lang = understood.question, understood.lang
    texts = question.answers if table.rows else question.empties
    text = texts.get(lang) or texts.get("en") or "{count}"
    slots = {"count": str(len(table.rows)), **understood.shown}
    said = re.sub(r"\{(\w+)\}", lambda slot: slots.get(slot[1], slot[0]), text)
    return _one(said) if len(table.rows) == 1 else said


def _one(text: str) -> str:
    """English says one thing in the singular."""
    text = re.sub(
        r"^1 (\w+?)s\b( \w+)? (are|were)\b",
        lambda m: f"1 {m[1]}{m[2] or ''} {'is' if m[3] == 'are' else 'was'}",
        text,
    )
    return re.sub(
        r"^1 (feature|item|mention|report|decision|meeting|milestone|source|line|role)s\b", r"1 \1", text
    )


def places(row: dict[str, Cell]) -> list[str]:
    """Where a row comes from: its source and line, or the places its evidence column names."""
    if row.get("source") and row.get("line") is not None:
        return [f"{row['source']}:{row['line']}"]
    return [piece for piece in str(row.get("evidence") or "").split("; ") if piece]


def _evidence(reader: Reader, table: Table) -> list[Quoted]:
    found = [(index, place) for index, row in enumerate(table.dicts()) for place in places(row)]
    rests = "evidence" in table.columns and bool(found)
    known = {str(p): Quoted(0, str(w), str(p), 0) for p, w in reader.select(_RESTS).rows} if rests else {}
    open_ = {place: match for _, place in found if place not in known and (match := _PLACE.match(place))}
    for source in sorted({match["source"] for match in open_.values()}):
        said = _quotes(reader, source)
        for place, match in open_.items():
            if match["source"] == source:
                line = int(match["line"])
                known[place] = Quoted(0, said.get(line, ""), source, line)
    return [replace(known[p], row=index) for index, p in found if p in known and known[p].quote]


def _quotes(reader: Reader, source: str) -> dict[int, str]:
    """The longest quote of each line of a source: asked for once, as an answer has many lines."""
    longest: dict[int, str] = {}
    for origin, _ in reader.select(_FROM, {"source": ("string", source)}).rows:
        for line, exact, _ in reader.select(_QUOTES, {"from": ("iri", str(origin))}).rows:
            number, text = int(str(line)), str(exact)
            longest[number] = max(longest.get(number, ""), text, key=lambda quote: (len(quote), quote))
    return longest
