"""The timeline page's markup: tools, filters that are the key to the signs as well, and the empty chart.

The script draws into the chart; search, filters and buttons are plain form controls that it listens to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from graph.terms import STATUSES
from graph.views.models import OUTCOMES, Timeline
from graph.views.page import esc
from graph.views.timeline_page_words import page_words
from graph.views.timeline_words import BARE, LOOKS, Look, status_label

KINDS = ("report", "decision", "patch", "spec", "version", "revert", "slip", "merged", "backport")
SHAPES = {  # in a box of 18 by 18; the script draws the same around 0,0 (timeline_draw.js)
    "report": '<circle cx="9" cy="9" r="6.5" class="sign"/>',
    "decision": '<path d="M9 1.5 16.5 9 9 16.5 1.5 9Z" class="sign"/>',
    "patch": '<rect x="3" y="3" width="12" height="12" rx="2.5" class="sign"/><path d="M9 6v6M6 9h6" class="sign"/>',
    "spec": '<path d="M4 2.5h7l3.5 3.5v9.5H4Z M11 2.5V6h3.5" class="sign"/>',
    "version": '<path d="M9 2 16 15H2Z" class="s-version"/>',
    "revert": '<path d="M14.5 13.5A6 6 0 1 0 4 12M3 7.5V12.5H8" class="s-revert"/>',
    "slip": '<path d="M2 14V5H15m-4-4 4 4-4 4" class="s-slip"/>',
    "merged": '<path d="M4 16V7M9 16V2M14 16V9" class="s-merged"/>',
    "backport": '<path d="M4 16V9M9 16V5M14 16V11" class="s-backport"/>',
}
LINES = {
    "freeze": '<path d="M9 0V18" class="l-freeze"/>', "milestone": '<path d="M9 0V18" class="l-milestone"/>',
    "ship": '<path d="M9 0V18" class="l-ship"/>',
}  # fmt: skip
# Each outcome has a pattern as well as a colour; the script refers to them by these names.
PATTERNS = {
    "implemented": "",
    "slipped": '<path d="M-2 2 2-2M0 8 8 0M6 10 10 6"/>',
    "skipped": '<circle cx="2" cy="2" r="1.4"/><circle cx="6" cy="6" r="1.4"/>',
    "dropped": '<path d="M0 0 8 8M8 0 0 8"/>',
    "open": '<path d="M0 2H8M0 6H8"/>',
}


def _svg(drawn: str) -> str:
    return f'<svg viewBox="0 0 18 18" aria-hidden="true">{drawn}</svg>'


def _definitions() -> str:
    made = "".join(
        f'<pattern id="o-{name}" class="o-{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8"/>{drawn}</pattern>'
        for name, drawn in PATTERNS.items()
    )
    return f'<svg class="tl-defs" width="0" height="0" aria-hidden="true"><defs>{made}</defs></svg>'


def _chip(facet: str, value: str, drawn: str, label: str, times: int) -> str:
    return (
        f'<label class="chip"><input type="checkbox" data-facet="{facet}" value="{esc(value)}">{drawn}'
        f'<span>{esc(label)}</span> <span class="count">{times}</span></label>'
    )


def _chips(label: str, chips: Iterable[str]) -> str:
    made = "".join(chips)
    return f'<div class="chips" role="group" aria-label="{esc(label)}">{made}</div>' if made else ""


def _dot(look: Look, letter: str) -> str:
    ink = f'x="9" y="12.6" font-size="10" font-weight="600" text-anchor="middle" fill="{look.ink}"'
    return _svg(f'<circle cx="9" cy="9" r="8.5" fill="{look.fill}"/><text {ink}>{letter}</text>')


def _outcomes(model: Timeline, words: dict[str, str]) -> str:
    counts = Counter(promise.outcome for promise in model.promises)
    bar = '<rect x="0" y="4" width="18" height="10" rx="2" class="bar" fill="url(#o-{0})"/>'
    return _chips(words["outcomes"], (
        _chip("outcome", name, _svg(bar.format(name)), words[name], counts[name]) for name in OUTCOMES if counts[name]
    ))  # fmt: skip


def _kinds(model: Timeline, words: dict[str, str]) -> str:
    counts = Counter(mark.kind for mark in model.marks)
    counts["slip"] += len(model.slips)
    counts["backport"] += sum(landing.backport for landing in model.landings)
    counts["merged"] += sum(not landing.backport for landing in model.landings)
    return _chips(words["kinds"], (
        _chip("kind", name, _svg(SHAPES[name]), words[name], counts[name]) for name in KINDS if counts[name]
    ))  # fmt: skip


def _statuses(model: Timeline, words: dict[str, str]) -> str:
    counts = Counter(mark.status for mark in model.marks if mark.kind == "report")
    at = 1 if model.lang == "zh" else 0
    looks = {**LOOKS, "": BARE}
    return _chips(words["statuses"], (
        _chip("status", name, _dot(looks[name], looks[name][at]), status_label(name, model.lang), counts[name])
        for name in (*STATUSES, "") if counts[name]
    ))  # fmt: skip


def _classes(model: Timeline, words: dict[str, str]) -> str:
    counts = Counter(slip.slip_class for slip in model.slips)
    return _chips(words["classes"], (
        _chip("class", name, "", name, counts[name]) for name in sorted(counts) if name
    ))  # fmt: skip


def _lines(model: Timeline, words: dict[str, str]) -> str:
    there = {name: any(getattr(r, name) for r in model.releases) for name in ("freeze", "ship")}
    there["milestone"] = any(release.milestones for release in model.releases)
    made = "".join(
        f'<span class="key">{_svg(drawn)}{esc(words[name])}</span>'
        for name, drawn in LINES.items()
        if there[name]
    )
    return f'<div class="keys">{made}</div>'


def _filters(model: Timeline, words: dict[str, str]) -> str:
    more = _statuses(model, words) + _classes(model, words)
    folded = (
        f'<details class="tl-more"><summary>{esc(words["filters"])}</summary>{more}</details>' if more else ""
    )
    return (
        f'<div class="tl-filters">{_outcomes(model, words)}{_kinds(model, words)}{_lines(model, words)}{folded}'
        f'<button type="button" id="tl-clear" hidden>{esc(words["clear"])}</button>'
        '<span id="tl-person" class="chip" hidden></span></div>'
    )


def _button(name: str, label: str, sign: str = "") -> str:
    said = f' aria-label="{esc(label)}" title="{esc(label)}"' if sign else ""
    return f'<button type="button" id="tl-{name}"{said}>{esc(sign or label)}</button>'


def _tools(words: dict[str, str], *, story: bool) -> str:
    hidden = " hidden" if story else ""
    orders = "".join(
        f'<option value="{name}">{esc(words[f"by-{name}"])}</option>' for name in ("moved", "name", "promise")
    )
    buttons = (
        _button("out", words["zoom-out"], "−") + _button("in", words["zoom-in"], "+")
        + _button("whole", words["whole"], words["all"]) + _button("today", words["today"])
        + _button("fold", words["fold-all"]) + _button("help", words["keys"], "?")
    )  # fmt: skip
    find, hint, sort = esc(words["search"]), esc(words["hint"]), esc(words["sort"])
    return (
        f'<label class="tl-find"{hidden}><span class="sr">{find}</span><input type="search" id="search" '
        f'placeholder="{find}" title="{hint}" autocomplete="off" spellcheck="false"></label>'
        f'<label class="tl-sort"{hidden}><span>{sort}</span> <select id="tl-order" aria-label="{sort}">{orders}'
        "</select></label>"
        f'<label class="tl-check"{hidden}><input type="checkbox" id="tl-grouped" checked> '
        f"{esc(words['grouped'])}</label>"
        f'<div class="tl-buttons" role="group" aria-label="{esc(words["range"])}">{buttons}</div>'
        f'<span id="tl-shown" class="count" role="status"{hidden}></span>'
    )


def _overview(words: dict[str, str]) -> str:
    ends = "".join(
        f'<div class="tl-end" id="tl-{name}" role="slider" tabindex="0" aria-label="{esc(words[f"range-{name}"])}" '
        'aria-valuemin="0" aria-valuemax="0" aria-valuenow="0"></div>'
        for name in ("from", "to")
    )
    return (
        f'<div class="tl-over" id="tl-over" role="group" aria-label="{esc(words["range"])}">'
        f'<svg aria-hidden="true"></svg><div class="tl-brush" id="tl-brush">{ends}</div></div>'
    )


def _chart(model: Timeline) -> str:
    words = page_words(model.lang)
    return (
        f'<noscript><p class="empty">{esc(words["no-script"])}</p></noscript>'
        f'<div class="tl-body"><div class="tl-chart">{_overview(words)}'
        f'<div class="tl-scroll" id="tl-scroll" tabindex="0" role="application" aria-label="{esc(words["chart"])}">'
        '<div class="tl-sheet" id="tl-sheet"><div class="tl-head"><div class="tl-corner"></div>'
        '<svg class="tl-times" aria-hidden="true"></svg></div>'
        '<svg class="tl-rows" aria-hidden="true"></svg><div class="tl-names"></div>'
        '<div id="tl-at" class="tl-ring" role="img" aria-label="" hidden></div>'
        '<div id="tl-picked" class="tl-ring" hidden></div></div>'
        f'<p class="empty" id="none" hidden>{esc(words["none"])}</p></div></div>'
        f'<aside id="panel" aria-label="{esc(words["panel"])}" tabindex="-1" hidden></aside></div>'
        '<div id="tl-tip" class="tl-tip" hidden></div><div id="tl-said" class="sr" aria-live="polite"></div>'
        f'<dialog id="tl-keys" aria-label="{esc(words["keys"])}"></dialog><div id="tl-print" aria-hidden="true"></div>'
    )


def chart(model: Timeline) -> tuple[str, str]:
    """Two pieces of markup: tools for the head of the page, and filters with the chart they are for."""
    words = page_words(model.lang)
    return _tools(words, story=model.story), f"{_definitions()}{_filters(model, words)}{_chart(model)}"
