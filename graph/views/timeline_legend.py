"""The signs of the timeline and what they mean, for page and drawing alike; each in a box of 18 by 18."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from graph.views.models import Timeline
from graph.views.timeline_bars import filled
from graph.views.timeline_marks import ARROW, SMALL
from graph.views.timeline_words import (
    BACKPORT,
    BARE,
    LOOKS,
    MERGED,
    OUTCOME_LOOKS,
    Look,
    outcome_label,
    status_label,
    words_of,
)

SLIP_SIGN = f'<path class="arrow" d="M3 2V9H15m-5-4 5 4-5 4" {ARROW}/>'
OUTLINE = 'class="outline" fill="none" stroke="#5a6570" stroke-width="1.5"'
KEYS = (
    ("report", f'<circle cx="9" cy="9" r="6.5" {OUTLINE}/>'),
    ("decision", f'<path d="M9 1 17 9 9 17 1 9Z" {OUTLINE}/>'),
    ("patch", f'<rect x="3" y="3" width="12" height="12" rx="2.5" {OUTLINE}/>'),
    ("spec", f'<g transform="translate(9 0.5)">{SMALL["spec"]}</g>'),
    ("version", f'<g transform="translate(9 2)">{SMALL["version"]}</g>'),
    ("revert", f'<g transform="translate(9 1)">{SMALL["revert"]}</g>'),
    ("merged", f'<rect class="own" x="5" y="5" width="6" height="12" fill="{MERGED}"/>'),
    ("backport", f'<rect class="back" x="5" y="5" width="6" height="12" fill="{BACKPORT}"/>'),
    ("milestone", '<path class="milestone" d="M9 6V13" stroke="#5a6570" stroke-width="2"/>'),
    (
        "freeze",
        '<path class="freeze" d="M9 0V18" stroke="#0b62a8" stroke-width="1.5" stroke-dasharray="3 3"/>',
    ),
    ("ship", '<path class="ship" d="M9 0V18" stroke="#00805f" stroke-width="1.5"/>'),
)


class Sign(NamedTuple):
    """A sign: its key in the page, its SVG, its meaning and how often it occurs (0 when not counted)."""

    key: str
    drawn: str
    label: str
    times: int


def _dot(look: Look, sign: str) -> str:
    letter = 'x="9" y="12.6" font-size="10" font-weight="600" text-anchor="middle"'
    return f'<circle cx="9" cy="9" r="8.5" fill="{look.fill}"/><text {letter} fill="{look.ink}">{sign}</text>'


def counted(model: Timeline) -> list[Sign]:
    """A sign for each status that is there, one for marks without, one for slips."""
    counts = Counter(m.status if m.status in LOOKS else "" for m in model.marks)
    zh, words = model.lang == "zh", words_of(model.lang)
    signs = [
        Sign(status, _dot(look, look.zh if zh else look.en), status_label(status, model.lang), counts[status])
        for status, look in LOOKS.items()
        if counts[status]
    ]
    if any(mark.status not in LOOKS and mark.kind not in SMALL for mark in model.marks):
        signs.append(Sign("none", _dot(BARE, BARE.en), words["bare"], counts[""]))
    if model.slips:
        signs.append(Sign("slip", SLIP_SIGN, words["slip"], len(model.slips)))
    return signs


def outcomes(model: Timeline) -> list[Sign]:
    """A sign for each outcome of a promise that is there."""
    counts = Counter(one.outcome for one in model.promises)
    spot = 'x="0" y="2" width="18" height="14" rx="3"'
    return [
        Sign(name, filled(look, spot), f"{look.sign} {outcome_label(name, model.lang)}", counts[name])
        for name, look in OUTCOME_LOOKS.items()
        if counts[name]
    ]


def crowd(lang: str) -> Sign:
    """The sign of several marks that stand together."""
    return Sign("crowd", _dot(BARE, "5"), words_of(lang)["crowd"], 0)


def keys(model: Timeline) -> list[Sign]:
    """Shapes of the kinds of marks that are there, lines of freeze and ship."""
    there = {mark.kind for mark in model.marks}
    there |= {"milestone" for release in model.releases if release.milestones}
    there |= {"backport" if one.backport else "merged" for one in model.landings}
    there |= {name for r in model.releases for name, day in (("freeze", r.freeze), ("ship", r.ship)) if day}
    return [Sign(name, drawn, words_of(model.lang)[name], 0) for name, drawn in KEYS if name in there]
