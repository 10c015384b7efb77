"""The home page: what changed, what is open, what slips, the last meetings, and how fresh all of it is."""

from __future__ import annotations

import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from graph.errors import KgError, StoreDamaged
from graph.serve.ask_index import rows_of
from graph.serve.home_changes import DAYS, LONGER, Background, background_of, sections
from graph.serve.home_examples import Example, examples_of, sure_examples
from graph.serve.home_facts import FEW, STALE, Facts
from graph.serve.languages import language
from graph.serve.layout import page
from graph.serve.state import Generation, Serving


def home(request: Request) -> Response:
    """The page of the newest build; where there is none yet, how to make one."""
    serving: Serving = request.app.state.serving
    lang = language(request, serving.lang)
    try:
        now = serving.current()
    except StoreDamaged:
        raise
    except KgError as fault:
        return page(request, "home_empty.html", status=503, store=str(serving.store), what=fault.what)
    shown = _shown(Facts(now, lang))
    problems = len(rows_of(now, "problems"))
    work = background_of(
        now, serving.store
    )  # last: begun before, it would slow down what the reader waits for
    return page(
        request, "home.html", **shown, few=FEW, stale=STALE, days=DAYS, longer=LONGER, number=now.number,
        changed=work.changed, sections=sections(now, work.changed, lang) if work.changed else [],
        working=not work.done.is_set(), examples=_examples(now, work, lang), built=_built(serving),
        problems=problems, count=now.reader.count, program=now.reader.meta.get("version", ""),
    )  # fmt: skip


def _shown(facts: Facts) -> dict[str, Any]:
    """All that stands on the page and is asked at once."""
    cycle, promised = facts.under_way(), facts.newest_promised()
    of = cycle or promised
    return {
        "facts": facts, "cycle": cycle, "promised": promised, "of": of, "promises": facts.promises(of) if of else [],
        "planned": facts.planned(of) if of else 0, "then": facts.cycle(facts.notes) if facts.notes else None,
        "todos": facts.todos(), "decisions": facts.decisions(), "pairs": facts.pairs(), "risks": facts.risks(),
        "meetings": facts.meetings(), "sources": facts.sources(),
    }  # fmt: skip


def _examples(now: Generation, work: Background, lang: str) -> list[Example]:
    """Questions to try: those with an answer; any likely ones where none of them was found to have one."""
    return sure_examples(now, lang) or (examples_of(now, lang) if work.done.is_set() else [])


def _built(serving: Serving) -> str:
    """When the newest build was published, by this machine's clock."""
    try:
        stamp = (serving.store / "CURRENT").stat().st_mtime
    except OSError:
        return ""
    return datetime.datetime.fromtimestamp(stamp).strftime("%Y-%m-%d %H:%M")
