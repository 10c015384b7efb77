"""Every statement behind a thing, with the words and the place it rests on; contradictions side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph import behind
from graph.errors import AmbiguousName, UnknownName
from graph.names import Names
from graph.store import Bound, Reader
from graph.table import Cell, Table

_TODO = "SELECT DISTINCT ?iri WHERE { ?iri a kg:Todo ; kg:todoId ?id } ORDER BY ?iri"
_VERSION = "SELECT DISTINCT ?iri WHERE { ?iri a kg:Version ; kg:key ?id } ORDER BY ?iri"
_TRACKER = re.compile(r"^(?:bug|lp|patch|change|缺陷|补丁)[\s:#/]*(?=\d)", re.IGNORECASE)
KINDS = ("release", "feature", "person", "patch", "bug")  # a release's own name is part of many a feature's
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
    version = _rows(reader, _VERSION, {"id": ("string", word)})
    if version:
        return _of(reader, str(version[0][0]), word)
    nearest: list[str] = []
    word = _TRACKER.sub("", word)
    for kind in KINDS:
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
    own = [(*row[:6], "") for row in reader.select(_SELF, {"thing": ("iri", iri)}).rows]
    found = behind.rows(reader, iri)
    if not own and not found:
        raise UnknownName(f"nothing is said of {title}", hint="`kg queries` shows what can be asked")
    return Statements(iri, title, Table(behind.COLUMNS, tuple(dict.fromkeys([*own, *found]))))


def _rows(reader: Reader, text: str, bound: dict[str, Bound]) -> tuple[tuple[object, ...], ...]:
    text = text.replace("SELECT DISTINCT ?iri", "SELECT DISTINCT ?iri ?id")
    return reader.select(text, bound).rows
