"""The home page: what changed, what is open, what slips, the last meetings, and how fresh all of it is."""

from __future__ import annotations

import datetime

from starlette.requests import Request
from starlette.responses import Response

from graph.errors import KgError, StoreDamaged
from graph.serve.ask_index import rows_of
from graph.serve.home_changes import background_of, sections
from graph.serve.home_examples import examples_of
from graph.serve.home_facts import FEW, STALE, Facts
from graph.serve.languages import language
from graph.serve.layout import page
from graph.serve.state import Serving


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
    facts, work = Facts(now, lang), background_of(now, serving.store)
    cycle = facts.cycle(facts.newest) if facts.newest else None
    return page(
        request, "home.html", facts=facts, few=FEW, stale=STALE, cycle=cycle, number=now.number,
        then=facts.cycle(facts.notes) if facts.notes else None, promises=facts.promises(cycle) if cycle else [],
        changed=work.changed, sections=sections(now, work.changed, lang) if work.changed else [],
        working=not work.done.is_set(), examples=examples_of(now, lang), built=_built(serving),
        problems=len(rows_of(now, "problems")), count=now.reader.count, program=now.reader.meta.get("version", ""),
    )  # fmt: skip


def _built(serving: Serving) -> str:
    """When the newest build was published, by this machine's clock."""
    try:
        stamp = (serving.store / "CURRENT").stat().st_mtime
    except OSError:
        return ""
    return datetime.datetime.fromtimestamp(stamp).strftime("%Y-%m-%d %H:%M")
