"""What stands in the rows of the drawn timeline: marks at their dates, slips as arrows to a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from graph.views.axis import Axis, parse_day
from graph.views.models import Mark, Release, SlipArrow, Timeline
from graph.views.page import clip, columns, esc
from graph.views.timeline_words import BARE, LOOKS, letter, status_label, words_of

EDGE = 14  # pixels of air at both ends of the axis
MARK_Y, SLIP_Y, RADIUS, APART = 16, 41, 8.5, 19
ARROW = 'fill="none" stroke="#a33b00" stroke-width="1.5"'
HIT = 'stroke="#000000" stroke-opacity="0" stroke-width="16"'  # a thin line is hard to point at
GOES = 'font-size="11" font-weight="600" fill="#a33b00"'
SHAPES = {
    "decision": '<path class="shape" d="M0-10.5 10.5 0 0 10.5-10.5 0Z" fill="{fill}"/>',
    "patch": '<rect class="shape" x="-7.5" y="-7.5" width="15" height="15" rx="3" fill="{fill}"/>',
}
ROUND = '<circle class="shape" r="{r}" fill="{fill}"/>'


class _OfFeature(Protocol):
    @property
    def feature(self) -> str: ...


T = TypeVar("T", bound=_OfFeature)
Numbered = list[tuple[int, T]]


def by_feature(items: Sequence[T]) -> dict[str, Numbered[T]]:
    """Marks or slips by feature, each with its number in the model."""
    grouped: dict[str, Numbered[T]] = defaultdict(list)
    for number, item in enumerate(items):
        grouped[item.feature].append((number, item))
    return grouped


def place(source: str, line: int) -> str:
    """Where words stand: `source:line`; line 0 is the source as a whole."""
    return f"{source}:{line}" if source and line else source


def mark_title(mark: Mark, lang: str) -> str:
    """All of a mark in three lines, for tooltips and screen readers."""
    about = " · ".join(t for t in (mark.date, status_label(mark.status, lang), mark.part, mark.text) if t)
    return "\n".join(t for t in (about, mark.quote, place(mark.source, mark.line)) if t)


def slip_target(slip: SlipArrow, releases: dict[str, Release]) -> str:
    """The label of the release it moved to, or its slug when that release is not known."""
    target = releases.get(slip.to_release)
    return target.label if target is not None else slip.to_release


def spots(marks: Numbered[Mark], axis: Axis) -> list[tuple[int, Mark, float]]:
    """Marks of one row with their x, in order of date, moved right where they would cover each other."""
    dated = [(day, number, mark) for number, mark in marks if (day := parse_day(mark.date)) is not None]
    found: list[tuple[int, Mark, float]] = []
    after = -1.0 * APART
    for day, number, mark in sorted(dated, key=lambda entry: entry[:2]):
        after = max(axis.x(day), after + APART)
        found.append((number, mark, after))
    return found


def _mark(mark: Mark, x: float, number: int, lang: str) -> str:
    look = LOOKS.get(mark.status, BARE)
    shape = SHAPES.get(mark.kind, ROUND).format(fill=look.fill, r=f"{RADIUS:g}")
    status = mark.status if mark.status in LOOKS else "none"
    return (
        f'<g class="mark" data-mark="{number}" data-status="{status}" transform="translate({x:g} {MARK_Y})">'
        f"<title>{esc(mark_title(mark, lang))}</title>{shape}"
        f'<text y="3.6" font-size="10" text-anchor="middle" fill="{look.ink}" font-weight="600">'
        f"{letter(mark.kind, mark.status, lang)}</text></g>"
    )


def _tip(slip: SlipArrow, x: float, releases: dict[str, Release], axis: Axis) -> float:
    """Where an arrow ends: where the release it moved to begins, else the right edge; never too short."""
    target = releases.get(slip.to_release)
    begin = parse_day(target.start) if target is not None else None
    inside = axis.x(begin) if begin is not None and begin <= axis.last else axis.width + EDGE
    return min(max(inside, x + 34), axis.width + EDGE - 3.0)


def _slip(slip: SlipArrow, number: int, releases: dict[str, Release], axis: Axis, lang: str) -> str:
    """The arrow of a slip: down from its day, then right to the release it moved to."""
    day = parse_day(slip.date)
    if day is None:
        return ""
    x = axis.x(day)
    tip, label = _tip(slip, x, releases, axis), "→ " + clip(slip_target(slip, releases), 20)
    room = x + 8 + 6.6 * columns(label) < axis.width + EDGE
    at, anchor = (x + 6, "start") if room else (tip - 2, "end")
    head = f"{words_of(lang)['slip']} {label} · {slip.date}"
    title = "\n".join(t for t in (head, slip.quote, place(slip.source, slip.line)) if t)
    return (
        f'<g class="mark slip" data-slip="{number}" data-status="slip"><title>{esc(title)}</title>'
        f'<path class="hit" d="M{x:g} {SLIP_Y - 5}H{tip:g}" {HIT}/>'
        f'<path class="arrow" d="M{x:g} {MARK_Y + 9}V{SLIP_Y}H{tip:g}m-6-4 6 4-6 4" {ARROW}/>'
        f'<text class="goes" x="{at:g}" y="{SLIP_Y - 4}" text-anchor="{anchor}" {GOES}>{esc(label)}</text>'
        "</g>"
    )


def row_contents(model: Timeline, axis: Axis) -> Iterator[str]:
    """One string of SVG per feature, in their order: arrows first, so that marks lie above them."""
    releases = {r.slug: r for r in model.releases}
    marks, slips = by_feature(model.marks), by_feature(model.slips)
    for feature in model.features:
        arrows = [_slip(s, n, releases, axis, model.lang) for n, s in slips.get(feature.key, [])]
        dots = [_mark(m, x, n, model.lang) for n, m, x in spots(marks.get(feature.key, []), axis)]
        yield "".join(arrows + dots)
