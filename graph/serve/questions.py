"""The catalogue of questions with forms: what can be asked, its answer as a page, as data and as SPARQL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from graph.answers import Answer
from graph.asking.asker import Understood
from graph.asking.composed import composed
from graph.errors import KgError, UnknownName, UsageFault
from graph.serve import faults
from graph.serve.editor_page import editor
from graph.serve.editor_terms import terms
from graph.serve.languages import language
from graph.serve.layout import page
from graph.serve.question_answers import answered
from graph.serve.question_forms import Form, filled_form
from graph.serve.question_groups import grouped, phrases, title
from graph.serve.question_samples import example, samples
from graph.serve.question_text import body, standalone
from graph.serve.results_cells import grid
from graph.serve.state import Generation
from graph.sparql import QueryFile
from graph.table import Table
from graph.views.tables import rendered

__all__ = ["editor", "question", "questions", "terms"]

ROWS = 200  # rows of an answer on one page
FORMATS = {
    "csv": "text/csv; charset=utf-8", "json": "application/json", "jsonl": "application/x-ndjson",
    "md": "text/markdown; charset=utf-8",
}  # fmt: skip
_BY_TYPE = {
    "text/csv": "csv",
    "application/json": "json",
    "application/x-ndjson": "jsonl",
    "text/markdown": "md",
}
_NUMBER = (int, float)
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")


def questions(request: Request) -> Response:
    """The catalogue, grouped by what the questions are about; `q` keeps those that have all its words."""
    serving = request.app.state.serving
    now, lang = serving.current(), language(request, serving.lang)
    sought = request.query_params.get("q", "")
    found = samples(now)
    groups = grouped(now.catalogue.questions.values(), lang, sought)
    entries = [(g, [_entry(q, lang, found) for q in g.questions]) for g in groups]
    count = sum(len(g.questions) for g in groups)
    return page(request, "questions.html", groups=entries, sought=sought, count=count)


@dataclass(frozen=True)
class Way:
    """A way of asking, and the address that asks it."""

    text: str
    href: str


@dataclass(frozen=True)
class Entry:
    """A question of the catalogue: its name and title, an example with its address, words to find it by."""

    name: str
    title: str
    example: Way | None
    words: str


def _entry(asked: QueryFile, lang: str, found: Mapping[str, str]) -> Entry:
    words, ways = example(asked, found), phrases(asked, lang)
    said = " ".join([asked.name, *asked.titles.values(), *ways, *asked.keywords.get(lang, ())])
    way = None
    if words is not None:
        text = _filled(ways[0], words) if ways else title(asked, lang)
        way = Way(text, _address(asked.name, list(words.items())))
    return Entry(asked.name, title(asked, lang), way, said.casefold())


def _filled(phrase: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: words.get(slot[1], slot[0]), phrase)


def _address(name: str, given: Sequence[tuple[str, str]]) -> str:
    return f"/questions/{quote(name)}" + (f"?{urlencode(given)}" if given else "")


# ---- one question


@dataclass(frozen=True)
class Asked:
    """A question as it was asked by an address: its form, its answer, and why there is none."""

    form: Form
    given: tuple[tuple[str, str], ...]
    answer: Answer | None = None
    fault: KgError | None = None


def question(request: Request) -> Response:
    """A question: its form, and its answer when all that it needs is given; `format` gives the answer as data."""
    serving = request.app.state.serving
    now, lang = serving.current(), language(request, serving.lang)
    name, wanted = _wanted(request, now)
    asked = _asked(now, now.catalogue.get(name), request.query_params.multi_items(), lang)
    if wanted:
        return _data(asked, wanted)
    return _shown(request, now, asked, lang)


def _wanted(request: Request, now: Generation) -> tuple[str, str]:
    """The question's name, and the format that was asked for: by `format`, a suffix, or the header."""
    name = request.path_params["name"]
    wanted = request.query_params.get("format", "")
    stem, _, suffix = name.rpartition(".")
    if suffix in FORMATS and name not in now.catalogue.questions:
        name, wanted = stem, wanted or suffix
    accept = request.headers.get("accept", "")
    if not wanted and "text/html" not in accept:
        wanted = next((form for kind, form in _BY_TYPE.items() if kind in accept), "")
    if wanted not in ("", "html", *FORMATS):
        raise UsageFault(f"{wanted!r} is no format here", hint=f"one of {', '.join(FORMATS)}")
    return name, "" if wanted == "html" else wanted


def _asked(now: Generation, asked: QueryFile, given: Sequence[tuple[str, str]], lang: str) -> Asked:
    form = filled_form(asked, now.names, given, lang)
    kept = tuple((name, value) for name, value in given if value.strip() and name not in ("format", "page"))
    if form.fault or not form.ready:
        return Asked(form, kept, fault=form.fault)
    understood = Understood(asked, form.bound, form.shown, lang, tuple(form.limits))
    try:
        return Asked(form, kept, answered(now, understood))
    except UnknownName as fault:
        return Asked(form, kept, fault=fault)


def _data(asked: Asked, wanted: str) -> Response:
    """The answer as a file. Raises what stands in the way of it."""
    if asked.fault:
        raise asked.fault
    if asked.answer is None:
        lacks = next(f for f in asked.form.fields if f.name not in asked.form.bound)
        raise UsageFault(f"the parameter {lacks.name!r} is needed", hint=f"give {lacks.name}=…: {lacks.hint}")
    name = asked.form.question.name
    extra = {"query": name, "answer": asked.answer.sentence, "params": asked.form.shown}
    text = rendered(asked.answer.table, wanted, extra if wanted == "json" else {})
    stem = re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join([name, *(v for _, v in asked.given)])).strip("-")[:80]
    headers = {"Content-Disposition": f'attachment; filename="{stem}.{wanted}"', "Vary": "Accept"}
    return Response(text, media_type=FORMATS[wanted], headers=headers)


def _shown(request: Request, now: Generation, asked: Asked, lang: str) -> Response:
    form, answer = asked.form, asked.answer
    found = samples(now)
    words = form.shown if form.ready else (example(form.question, found) or {})
    status = faults.status_of(asked.fault) if asked.fault else 200
    return page(
        request, "question.html", status=status, title=title(form.question, lang), question=form.question,
        form=form, ways=_ways(form.question, words, lang), fault=asked.fault,
        nearest=() if form.fault or not isinstance(asked.fault, UnknownName) else asked.fault.nearest,
        example=example(form.question, found), address=_address(form.question.name, asked.given),
        result=_result(request, now, asked, lang) if answer else None, answer=answer, address_of=_address,
        releases=_releases(now, lang), sparql=_sparql(asked), join="&" if asked.given else "?",
        corrected=lambda name, word: _address(form.question.name, [*_without(asked.given, name), (name, word)]),
    )  # fmt: skip


def _without(given: Sequence[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    return [(n, v) for n, v in given if n != name]


def _ways(asked: QueryFile, words: Mapping[str, str], lang: str) -> list[Way]:
    return [
        Way(text, f"/ask?q={quote(text, safe='')}")
        for p in phrases(asked, lang)
        for text in [_filled(p, words)]
    ]


def _releases(now: Generation, lang: str) -> list[tuple[str, str]]:
    """Slugs and labels of the releases, the newest first."""
    begins = now.names.positions()
    things = sorted(now.names.of("release"), key=lambda thing: begins.get(thing.iri, ""), reverse=True)
    return [(thing.iri.rsplit("/", 1)[-1], thing.shown) for thing in things]


@dataclass(frozen=True)
class Result:
    """The rows of one page of an answer: which they are, how many there are, and whether a chart says something."""

    grid: object
    count: int
    first: int
    last: int
    pages: int
    number: int
    charted: bool


def _result(request: Request, now: Generation, asked: Asked, lang: str) -> Result | None:
    table = asked.answer.table if asked.answer else None
    if table is None or not table.rows:
        return None
    pages = -(-len(table.rows) // ROWS)
    word = request.query_params.get("page", "1")
    number = min(pages, max(1, int(word))) if word.isascii() and word.isdecimal() and len(word) < 9 else 1
    start = (number - 1) * ROWS
    part = Table(table.columns, table.rows[start : start + ROWS])
    made = grid(now, asked.form.question, part, lang)
    return Result(made, len(table.rows), start + 1, start + len(part.rows), pages, number, _charted(table))


def _charted(table: Table) -> bool:
    """Whether a column beside the line holds numbers or days that are not all the same."""
    for at, name in enumerate(table.columns):
        values = {row[at] for row in table.rows[:ROWS]} - {None, ""}
        drawn = all(isinstance(v, _NUMBER) or (isinstance(v, str) and _DAY.fullmatch(v)) for v in values)
        if name != "line" and len(values) > 1 and drawn:
            return True
    return False


def _sparql(asked: Asked) -> str:
    """The question's SPARQL with its values and its limits, to be run anywhere; without them where it has none yet."""
    asking = asked.form.question
    plain = replace(asking, text=body(asking))
    if not asked.form.ready:
        return standalone(plain, {})
    limits = asked.answer.understood.limits if asked.answer else asked.form.limits
    return standalone(composed(plain, limits, None), asked.form.bound)
