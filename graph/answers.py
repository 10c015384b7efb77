"""An answer: a sentence, the table, and for each row the words and the place it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph import sparql
from graph.ask import Understood
from graph.store import Reader
from graph.table import Cell, Table

_QUOTES = """SELECT DISTINCT ?exact ?source ?line WHERE {
  ?quote a kg:Quote ; kg:line ?line ; kg:fromSource/dcterms:source ?source ; oa:exact ?exact
} ORDER BY ?exact"""
_PLACE = re.compile(r"^(?P<source>.+):(?P<line>\d+)$")


@dataclass(frozen=True)
class Quoted:
    """The words a row rests on; row counts from 0."""

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


def places(row: dict[str, Cell]) -> list[tuple[str, int]]:
    """Where a row comes from: its source and line, or the places its evidence column names."""
    if row.get("source") and row.get("line") is not None:
        return [(str(row["source"]), int(str(row["line"])))]
    found = []
    for piece in str(row.get("evidence") or "").split("; "):
        match = _PLACE.match(piece)
        if match:
            found.append((match["source"], int(match["line"])))
    return found


def _evidence(reader: Reader, table: Table) -> list[Quoted]:
    known: dict[tuple[str, int], str] = {}
    out = []
    for index, row in enumerate(table.dicts()):
        for source, line in places(row):
            if (source, line) not in known:
                known[source, line] = _quote(reader, source, line)
            if known[source, line]:
                out.append(Quoted(index, known[source, line], source, line))
    return out


def _quote(reader: Reader, source: str, line: int) -> str:
    """The longest quote of a line."""
    found = reader.select(_QUOTES, {"source": ("string", source), "line": ("integer", str(line))})
    quotes = [str(row[0]) for row in found.rows]
    return max(quotes, key=lambda quote: (len(quote), quote), default="")
