"""An answer: a sentence, the table, and for each row the words and the place it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from graph import sparql
from graph.asking.asker import Understood
from graph.asking.composed import composed
from graph.asking.limits import Limit, Pick
from graph.errors import UnknownName
from graph.names import Names
from graph.sentences import count, filled, meets
from graph.sparql import QueryFile
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
    """What is said to a question; `count` is what a question of how many is answered with, `sparql` what was run."""

    understood: Understood
    sentence: str
    table: Table
    evidence: tuple[Quoted, ...]
    count: int
    sparql: str


def answer(reader: Reader, understood: Understood) -> Answer:
    """Run the question and say the result in the asker's language.

    Raises UnknownName when nothing was found and nothing here could have known it.
    """
    whole = _run(reader, understood, understood.question)
    understood = _of_main_project(reader, understood, whole)
    limited = composed(understood.question, _limits(reader, understood), _rows(understood.pick))
    table = whole
    if limited is not understood.question:
        table = _in_order(_run(reader, understood, limited), whole)
    if not table.rows:
        _check_known(reader, understood, whole)
    shown = table.without(_hidden(understood.question))
    return Answer(
        understood,
        _sentence(understood, table, whole),
        shown,
        tuple(_evidence(reader, shown)),
        count(table.dicts(), understood.question.counts),
        limited.text,
    )


def data(answer: Answer) -> dict[str, object]:
    """What JSON says of an answer beside its columns and rows."""
    understood = answer.understood
    limits = [
        {"columns": list(limit.columns), "op": limit.op, "values": list(limit.values), "shown": limit.shown}
        for limit in understood.limits
    ]
    quoted = [{"row": q.row, "quote": q.quote, "source": q.source, "line": q.line} for q in answer.evidence]
    return {
        "answer": answer.sentence, "count": answer.count, "question": understood.question.name,
        "params": understood.shown, "limits": limits, "evidence": quoted,
    }  # fmt: skip


def _of_main_project(reader: Reader, understood: Understood, whole: Table) -> Understood:
    """A version without a project is that of the main one, where several have a version of this name."""
    asked = any(param.kind == "newest" for param in understood.question.params)
    if not asked or any("project" in limit.columns for limit in understood.limits):
        return understood
    projects = {str(row["project"]) for row in whole.dicts() if row.get("project")}
    if len(projects) < 2:
        return understood
    main = sorted(projects & Names(reader).main_projects())
    if not main:
        return understood
    limit = Limit(("project",), "=", tuple(main), ", ".join(main))
    return replace(understood, limits=(*understood.limits, limit))


def _in_order(table: Table, whole: Table) -> Table:
    """The rows of a table in the order that they have in the whole: limits change no order."""
    at = {row: n for n, row in enumerate(whole.rows)}
    return Table(table.columns, tuple(sorted(table.rows, key=lambda row: at.get(row, len(at)))))


def _limits(reader: Reader, understood: Understood) -> tuple[Limit, ...]:
    """The limits, with the day that was asked for as the first or the last: all rows of that day are meant."""
    pick = understood.pick
    if pick is None or not pick.column:
        return understood.limits
    picked = _run(reader, understood, composed(understood.question, understood.limits, pick))
    days = [str(row[pick.column])[:10] for row in picked.dicts()]
    return (*understood.limits, *(Limit((pick.column,), "in", (day, day), day) for day in days))


def _rows(pick: Pick | None) -> Pick | None:
    """A pick of so many rows; one by day is a limit."""
    return None if pick and pick.column else pick


def _run(reader: Reader, understood: Understood, question: QueryFile) -> Table:
    return sparql.run(
        reader, replace(question, keep=tuple(p.name for p in question.params)), understood.bound
    )


def _hidden(question: QueryFile) -> list[str]:
    return [param.name for param in question.params if param.name not in question.keep]


def _check_known(reader: Reader, understood: Understood, whole: Table) -> None:
    """Raise UnknownName where an empty result means only that nothing here tells."""
    question, lang = understood.question, understood.lang
    text = question.unsures.get(lang) or question.unsures.get("en")
    searched = any(param.kind == "text" for param in question.params)
    if searched or (not whole.rows and not all(_holds(reader, p, understood) for p in question.sures)):
        said = text or question.empties.get(lang) or question.empties.get("en") or ""
        raise UnknownName(
            filled(said, (), understood.shown, "", lang),
            hint="`kg sources` 列出已读取的来源" if lang == "zh" else "`kg sources` lists what was read",
        )
    for limit in understood.limits:
        if limit.text:
            zh, en = f"这里没有提到“{limit.shown}”", f"nothing here speaks of {limit.shown!r}"
            raise UnknownName(zh if lang == "zh" else en, hint="`kg sources` lists what was read")
        if limit.op == "in":
            _check_days(reader, limit, whole, lang)


def _holds(reader: Reader, pattern: str, understood: Understood) -> bool:
    """Whether a pattern over the parameters has a solution."""
    query = sparql.sure_query(pattern)
    names = set(re.findall(r"\?(\w+)", query))
    return bool(reader.select(query, {n: v for n, v in understood.bound.items() if n in names}).rows)


def _check_days(reader: Reader, limit: Limit, whole: Table, lang: str) -> None:
    """Raise UnknownName when days are asked for of which nothing is on record, neither before nor after."""
    days = sorted(
        str(row[column])[:10] for row in whole.dicts() for column in limit.columns if row.get(column)
    )
    first, last = limit.values
    met = any(first <= day <= last for day in Names(reader).meeting_days())
    if "merged" in limit.columns:
        days = _merged(reader) or days
    if days and not met and (last < days[0][: len(last)] or first > f"{days[-1]}~"):
        zh = f"记录的日期从 {days[0]} 到 {days[-1]}，没有 {limit.shown} 的记录"
        en = f"what is on record reaches from {days[0]} to {days[-1]}, not to {limit.shown}"
        raise UnknownName(zh if lang == "zh" else en, hint="`kg sources` lists what was read")


def _merged(reader: Reader) -> list[str]:
    """The first and the last day of the histories on record: of one thing there may be less than of all."""
    rows = reader.select("SELECT (MIN(?day) AS ?first) (MAX(?day) AS ?last) WHERE { ?c kg:merged ?day }").rows
    return [str(day)[:10] for day in rows[0] if day] if rows else []


def _sentence(understood: Understood, table: Table, whole: Table) -> str:
    question, lang = understood.question, understood.lang
    base, verdict = _base(question, table.dicts(), understood)
    scope, zh = _scope(understood.limits, lang), lang == "zh"
    if not understood.limits or (not table.rows and not whole.rows):
        return (verdict or ("" if table.rows else _no(understood))) + base
    if len(table.rows) == len(whole.rows) and not understood.pick:
        scope = ""  # nothing was left out
    if table.rows and not scope:
        return (verdict or _yes(understood)) + base
    if table.rows:
        said = f"限于{scope}（{len(whole.rows)} 行中的 {len(table.rows)} 行）：{base}"
        en = f"Only {scope} ({len(table.rows)} of {len(whole.rows)} rows): {base}"
        worded = any(limit.worded for limit in understood.limits)  # what was asked for is there
        return (_yes(understood) if worded or not verdict else verdict) + (said if zh else en)
    rest, _ = _base(question, whole.dicts(), understood)
    none = (
        f"没有一条符合{scope}。不加限制时：{rest}" if zh else f"None of them: {scope}. Without that: {rest}"
    )
    return _no(understood) + none


def _base(question: QueryFile, rows: list[dict[str, Cell]], understood: Understood) -> tuple[str, str]:
    """The question's sentence on some rows, and the yes or no that it brings where that was asked."""
    lang = understood.lang
    texts = question.answers if rows else question.empties
    text = texts.get(lang) or texts.get("en") or "{count}"
    if rows:
        for when in question.whens:
            if when.lang == lang and any(meets(row, when.condition) for row in rows):
                text = when.text
                break
    yes, no = ("{no}", "{yes}") if "turned" in understood.asks else ("{yes}", "{no}")
    verdict = _yes(understood) if yes in text else _no(understood) if no in text else ""
    slots = {**understood.shown, "yes": "", "no": ""}
    return filled(text, rows, slots, question.counts, lang), verdict


def _scope(limits: tuple[Limit, ...], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(limit.shown for limit in limits)


def _yes(understood: Understood) -> str:
    return ("是。" if understood.lang == "zh" else "Yes. ") if "whether" in understood.asks else ""


def _no(understood: Understood) -> str:
    return ("否。" if understood.lang == "zh" else "No. ") if "whether" in understood.asks else ""


def places(row: dict[str, Cell]) -> list[str]:
    """Where a row comes from: its source and line, or the places its evidence column names."""
    if row.get("source") and row.get("line") is not None:
        return [f"{row['source']}:{row['line']}"]
    return [piece for piece in str(row.get("evidence") or "").split("; ") if piece]


def _evidence(reader: Reader, table: Table) -> list[Quoted]:
    rows = table.dicts()
    own = [quoted for index, row in enumerate(rows) if (quoted := _of_code(index, row))]
    told = {quoted.row for quoted in own}
    found = [(index, place) for index, row in enumerate(rows) if index not in told for place in places(row)]
    rests = "evidence" in table.columns and bool(found)
    known = {str(p): Quoted(0, str(w), str(p), 0) for p, w in reader.select(_RESTS).rows} if rests else {}
    open_ = {place: match for _, place in found if place not in known and (match := _PLACE.match(place))}
    for source in sorted({match["source"] for match in open_.values()}):
        said = _quotes(reader, source)
        for place, match in open_.items():
            if match["source"] == source:
                line = int(match["line"])
                known[place] = Quoted(0, said.get(line, ""), source, line)
    said_of = [replace(known[p], row=index) for index, p in found if p in known and known[p].quote]
    return sorted([*own, *said_of], key=lambda q: q.row)


def _of_code(index: int, row: dict[str, Cell]) -> Quoted | None:
    """What a row about a commit or a spec rests on: its place in the repository, and its title."""
    words = str(row.get("title") or row.get("label") or "")
    if not row.get("source") or not words:
        return None
    if row.get("sha"):
        return Quoted(index, words, f"{row['source']}:{str(row['sha'])[:12]}", 0)
    if row.get("path"):
        return Quoted(index, words, f"{row['source']}:{row['path']}", int(str(row.get("line") or 0)))
    return None


def _quotes(reader: Reader, source: str) -> dict[int, str]:
    """The longest quote of each line of a source: asked for once, as an answer has many lines."""
    longest: dict[int, str] = {}
    for origin, _ in reader.select(_FROM, {"source": ("string", source)}).rows:
        for line, exact, _ in reader.select(_QUOTES, {"from": ("iri", str(origin))}).rows:
            number, text = int(str(line)), str(exact)
            longest[number] = max(longest.get(number, ""), text, key=lambda quote: (len(quote), quote))
    return longest
