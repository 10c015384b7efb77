"""The SPARQL editor: a page that works with and without a script, and results drawn as a network."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from graph.errors import KgError, QueryFault, StoreBusy
from graph.serve import faults
from graph.serve.editor_patterns import comes_twice, ordered, unknown
from graph.serve.editor_words import words
from graph.serve.languages import language
from graph.serve.layout import drawing, href, page, say_in
from graph.serve.question_groups import grouped, title
from graph.serve.question_samples import example, samples
from graph.serve.question_text import standalone
from graph.serve.results_cells import Grid, Row, Shown, short
from graph.serve.results_network import linked, pictured
from graph.serve.state import Generation, Serving
from graph.table import Table
from graph.terms import ID
from graph.views.page import safe_url, script_json
from graph.worker import run_user_query

ROWS = 1000  # rows shown where there is no script
AT_ONCE = 4
_ROOM = threading.BoundedSemaphore(AT_ONCE)
FIRST = """SELECT DISTINCT ?release ?label ?ship
WHERE {
  ?thing a kg:Release ; kg:slug ?release ; rdfs:label ?label .
  OPTIONAL { ?thing kg:cycleEnd ?ship }
}
ORDER BY DESC(?ship)
LIMIT 20
"""
_TRIPLE = re.compile(r"^(<[^>]*>|_:\S+) (<[^>]*>) (.+) \.$")
_LITERAL = re.compile(r'^"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Outcome:
    """What running a query without a script gave: rows, or what is wrong and where."""

    grid: Grid | None = None
    count: int = 0
    seconds: float = 0.0
    fault: KgError | None = None
    notes: tuple[str, ...] = ()
    line: int = 0
    column: int = 0
    shown: str = ""


def editor(request: Request) -> Response:
    """The editor with the query of the address; `example` names a question of the catalogue, `run` runs it here."""
    serving = request.app.state.serving
    now, lang = serving.current(), language(request, serving.lang)
    asked = request.query_params
    text = asked.get("query", "") or _example(now, asked.get("example", ""))
    if text and asked.get("as") == "graph":
        return _drawn(request, text, lang)
    outcome = _run(request, text, words(lang)) if text and asked.get("run") else None
    status = faults.status_of(outcome.fault) if outcome and outcome.fault else 200
    data = {"words": words(lang), "run": bool(asked.get("query")) and outcome is None}
    return page(
        request, "editor.html", status=status, query=text or FIRST, outcome=outcome, rows=ROWS, said=words(lang),
        examples=_examples(now, lang), chosen=asked.get("example", ""), data=_safe(data),
    )  # fmt: skip


def _safe(data: object) -> Markup:
    return Markup(script_json(data))  # noqa: S704 - script_json makes it safe to embed


def _example(now: Generation, name: str) -> str:
    """The SPARQL of a question with values that have answers here; empty without a name."""
    if not name:
        return ""
    question = now.catalogue.get(name)
    given = example(question, samples(now)) or {}
    every = {p.name: given.get(p.name, p.default or "") for p in question.params}
    bound = {p.name: now.names.resolve(p.kind, every[p.name]) for p in question.params if every[p.name]}
    return standalone(question, bound)


def _examples(now: Generation, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    groups = grouped(now.catalogue.questions.values(), lang)
    return [(group.title, [(q.name, title(q, lang)) for q in group.questions]) for group in groups]


# ---- without a script


def _run(request: Request, text: str, said: Mapping[str, str]) -> Outcome:
    serving = request.app.state.serving
    began = time.perf_counter()
    try:
        found = _asked(serving, text)
    except KgError as fault:
        return _failed(text, fault)
    table = ordered(text, found) if isinstance(found, Table) else triples(found)
    part = Table(table.columns, table.rows[:ROWS])
    notes = _notes(text, found, said)
    return Outcome(plain_grid(part), len(table.rows), time.perf_counter() - began, notes=notes)


def _notes(text: str, found: Table | list[str], said: Mapping[str, str]) -> tuple[str, ...]:
    """Terms that are not there, else that statements come once for each source, where that changes a result."""
    odd = [
        f"{said['stranger']}{name}" + (f"{said['comma']}{said['meant']} {near}" if near else "")
        for name, near in unknown(text)
    ]
    twice = not odd and isinstance(found, Table) and comes_twice(text, found)
    return (said["once"],) if twice else tuple(odd)


def _asked(serving: Serving, text: str) -> Table | list[str]:
    """Run a query in a process of its own; only so many at once, as the endpoint has it."""
    if not _ROOM.acquire(timeout=serving.timeout):
        raise StoreBusy("too many queries are running", hint="try again in a moment")
    try:
        return run_user_query(serving.store, text, seconds=serving.timeout)
    finally:
        _ROOM.release()


def _failed(text: str, fault: KgError) -> Outcome:
    """A fault with its place: line and column, counted from 1, and the line with a caret under the place."""
    place = re.search(r":(\d+)$", fault.place)
    column = re.search(r"at column (\d+)", fault.what)
    line, at = int(place[1]) if place else 0, int(column[1]) if column else 1
    rows = text.replace("\r\n", "\n").split("\n")
    shown = f"{rows[line - 1]}\n{' ' * (at - 1)}^" if 0 < line <= len(rows) else ""
    return Outcome(fault=fault, line=line, column=at, shown=shown)


def triples(lines: Sequence[str]) -> Table:
    """N-Triples lines as a table of subject, predicate and object."""
    found = [match.groups() for line in lines if (match := _TRIPLE.match(line))]
    rows = tuple((_value(s), _value(p), _value(o)) for s, p, o in found)
    return Table(("subject", "predicate", "object"), rows)


def _value(term: str) -> str:
    if term.startswith("<"):
        return term[1:-1]
    match = _LITERAL.match(term)
    return (
        re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": ""}.get(m[1], m[1]), match[1])
        if match
        else term
    )


def plain_grid(table: Table) -> Grid:
    """A table of a query of one's own: our things are linked, IRIs are short, numbers stand to the right."""
    rows = tuple(Row(tuple(map(_cell, row))) for row in table.rows)
    return Grid(tuple((name, name) for name in table.columns), rows)


def _cell(value: object) -> Shown:
    text = "" if value is None else str(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Shown(text, look="num")
    if text.startswith(ID):
        return Shown(short(text), href(text), whole=text)
    if safe_url(text):
        small = short(text)
        return Shown(small, "" if small != text else text, away=small == text, whole=text)
    return Shown(text)


# ---- as a network


def _drawn(request: Request, text: str, lang: str) -> Response:
    """The things of a result and what ties them, as the network page."""
    serving = request.app.state.serving
    found = _asked(serving, text)
    table = found if isinstance(found, Table) else triples(found)
    say = say_in(lang)
    pairs = linked(table, text if isinstance(found, Table) else "")
    if not pairs:
        what = say("there is nothing to draw: no row ties two things", "没有可画的图：没有一行连着两个事物")
        hint = say(
            "select two columns of things, or CONSTRUCT triples", "请选出两列事物，或用 CONSTRUCT 造三元组"
        )
        raise QueryFault(what, hint=hint)
    return drawing(request, pictured(pairs, say("Result of a query", "查询结果"), lang))
