"""The home page, questions in words, and suggestions while typing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from graph.answers import Answer
from graph.engine import Bound
from graph.errors import KgError, UsageFault
from graph.serve import home_page
from graph.serve.ask_cells import Grid, grid
from graph.serve.ask_data import FORMS, data_of, fault_data
from graph.serve.ask_index import can_answer, index_of
from graph.serve.ask_refused import Refused, refused
from graph.serve.ask_thread import Told, ask_url, talks_of, thread_of
from graph.serve.faults import status_of
from graph.serve.home_examples import examples_of
from graph.serve.languages import language
from graph.serve.layout import as_json, href, page
from graph.serve.question_text import standalone
from graph.serve.state import Generation, Serving
from graph.serve.thing_words import kind_word
from graph.suggest import Asked, Index, Thing, squeezed

MOST_ROWS = 50  # shown of an answer, unless all are asked for
MOST_THINGS, MOST_SUGGESTED = 6, 10
PATIENCE = 0.015  # seconds after which no more suggestions are tried
FROM, ALIKE = (
    4,
    75,
)  # letters from which a misspelt name is looked for, and how much of it must be right (percent)
LONGEST = 100  # characters that are looked at while somebody types


def home(request: Request) -> Response:
    """What changed, what is open, what slips; how to build a store where there is none."""
    return home_page.home(request)


# --- an answer ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """An earlier question of the conversation, the sentence it was answered with, and its own address."""

    question: str
    said: str
    url: str


def ask(request: Request) -> Response:
    """`?q=…` answered; `&after=…` (repeated) are the questions before it, `&format=json|csv|md` gives data."""
    serving: Serving = request.app.state.serving
    asked = request.query_params
    thread = thread_of(asked.get("q", ""), asked.getlist("after")) if asked.get("q", "").strip() else []
    form = _form(request)
    if not thread and form == "html":
        now, lang = serving.current(), language(request, serving.lang)
        return page(request, "ask.html", q="", after=[], turns=[], examples=examples_of(now, lang), told=None)
    if not thread:
        raise UsageFault("there is no question", hint="/ask?q=…")
    now = serving.current()
    told = talks_of(now).told(thread)
    return _page(request, now, thread, told) if form == "html" else _data(told, form)


def _form(request: Request) -> str:
    form = request.query_params.get("format", "")
    if not form:
        accept = request.headers.get("accept", "")
        form = "json" if "application/json" in accept and "text/html" not in accept else "html"
    if form not in (*FORMS, "html"):
        raise UsageFault(f"{form!r} is no format here", hint=", ".join((*FORMS, "html")))
    return form


def _data(told: Told, form: str) -> Response:
    if isinstance(told, KgError):
        answer = as_json(fault_data(told), status_of(told))
    else:
        answer = Response(data_of(told, form), media_type=FORMS[form])
        if form != "json":
            name = f"{told.understood.question.name}.{form}"
            answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Vary"] = "Accept"
    return answer


def _page(request: Request, now: Generation, thread: Sequence[str], told: Told) -> Response:
    *after, question = thread
    lang = language(request, request.app.state.serving.lang)
    shared: dict[str, Any] = {"q": question, "after": after, "turns": _turns(now, after), "examples": []}
    if isinstance(told, KgError):
        why: Refused = refused(now, told, question, after)
        return page(request, "ask.html", status=status_of(told), told=None, why=why, **shared)
    everything = bool(request.query_params.get("all"))
    table: Grid = grid(now, told, lang, len(told.table.rows) if everything else MOST_ROWS)
    links = {form: ask_url(question, after, format=form) for form in FORMS}
    understood = told.understood
    return page(
        request, "ask.html", told=told, why=None, table=table, links_to=links, more=[*after, question][-6:],
        title_of=understood.question.titles.get(lang) or understood.question.titles["en"],
        same=_same(told), sparql=_sparql(told), all_url=ask_url(question, after, all="1"),
        drawing=_drawing(told), limits=[limit.shown for limit in understood.limits], **shared,
    )  # fmt: skip


def _turns(now: Generation, after: Sequence[str]) -> list[Turn]:
    """The questions before, each with what it was answered."""
    turns = []
    for n, question in enumerate(after):
        told = talks_of(now).told(after[: n + 1])
        said = told.what if isinstance(told, KgError) else told.sentence
        turns.append(Turn(question, said, ask_url(question, after[:n])))
    return turns


def _params(told: Answer) -> dict[str, str]:
    """The parameters as a form takes them: names of things, the values of all others."""
    bound, shown = told.understood.bound, told.understood.shown
    return {
        name: shown[name] if bound[name][0] == "iri" else bound[name][1] for name in shown if name in bound
    }


def _same(told: Answer) -> str:
    """The page of the question with the same parameters."""
    query = urlencode(_params(told))
    return f"/questions/{quote(told.understood.question.name)}" + (f"?{query}" if query else "")


def _sparql(told: Answer) -> str:
    """What ran, with its values in it."""
    question = told.understood.question
    bound: dict[str, Bound] = dict(told.understood.bound)
    return standalone(replace(question, text=told.sparql), bound)


def _drawing(told: Answer) -> str:
    """The timeline of the one feature that was asked about."""
    kinds = {param.name: param.kind for param in told.understood.question.params}
    shown = told.understood.shown
    names = [shown[name] for name, kind in kinds.items() if kind == "feature" and name in shown]
    return "/timeline?" + urlencode({"feature": names[0]}) if len(names) == 1 else ""


# --- suggestions ----------------------------------------------------------------------------------------------------


def suggest(request: Request) -> Response:
    """`?q=…` → `[{kind, word, label, note, url}]`: things by name, and questions that can be answered."""
    serving: Serving = request.app.state.serving
    now, asked = serving.current(), request.query_params
    lang = asked.get("lang", "")
    lang = lang if lang in ("zh", "en") else language(request, serving.lang)
    index, text = index_of(now), asked.get("q", "")[:LONGEST]
    found = _suggested(now, index, text, lang) if text.strip() else []
    answer = as_json(found)
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer


def _suggested(now: Generation, index: Index, text: str, lang: str) -> list[dict[str, str]]:
    things = [thing for thing in index.named(text, MOST_THINGS + 2) if href(thing.iri)][:MOST_THINGS]
    chinese = lang == "zh" or any("\u3400" <= char <= "\u9fff" for char in text)
    questions = list(_answerable(now, index.questions(text, ("zh", "en") if chinese else ("en",))))
    things = things if things or questions else _alike(index, text)
    rows = [
        _thing(now, thing, lang) for thing in things[: max(MOST_THINGS - 2, MOST_SUGGESTED - len(questions))]
    ]
    rows += [_question(asked, lang) for asked in questions]
    return rows[:MOST_SUGGESTED]


def _alike(index: Index, text: str) -> list[Thing]:
    """Things with a name that a misspelt one can be meant for."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for a misspelt name only

    if len(text.strip()) < FROM:
        return []
    names = index.by_name
    near = process.extract(
        squeezed(text), names.keys(), scorer=fuzz.ratio, limit=MOST_THINGS, score_cutoff=ALIKE
    )
    return list({names[name].iri: names[name] for name, _, _ in near}.values())


def _answerable(now: Generation, found: Iterator[Asked]) -> Iterator[Asked]:
    """Those that can be answered here, as long as it takes no time to tell."""
    end, count = time.monotonic() + PATIENCE, 0
    for asked in found:
        if can_answer(now, asked):
            yield asked
            count += 1
        if count == MOST_SUGGESTED or time.monotonic() > end:
            return


_TITLES = """SELECT DISTINCT ?title ?patch WHERE { ?commit kg:commitOf ?patch ; dcterms:title ?title }
ORDER BY ?title LIMIT 1"""


def _thing(now: Generation, thing: Thing, lang: str) -> dict[str, str]:
    note = thing.note
    if thing.kind == "patch":
        rows = now.reader.select(_TITLES, {"patch": ("iri", thing.iri)}).rows
        note = str(rows[0][0]) if rows else ""
    return {"kind": thing.kind, "word": kind_word(thing.kind, lang), "label": thing.label, "note": note,
            "url": href(thing.iri)}  # fmt: skip


def _question(asked: Asked, lang: str) -> dict[str, str]:
    return {"kind": "question", "word": "问题" if lang == "zh" else "Question", "label": asked.text, "note": "",
            "url": ask_url(asked.text)}  # fmt: skip
