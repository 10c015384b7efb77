"""What stands in the rows of the drawn timeline: marks at their dates, slips as arrows to a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from graph.views.axis import Axis, parse_day
from graph.views.models import Mark, Release, SlipArrow, Timeline
from graph.views.page import clip, columns, esc
from graph.views.timeline_bars import bars, strip
from graph.views.timeline_drops import Drops, dropped, drops_of
from graph.views.timeline_words import BARE, LOOKS, letter, status_label, words_of

EDGE = 14  # pixels of air at both ends of the axis
MARK_Y, SLIP_Y, RADIUS, APART = 11.5, 25, 8.5, 19
ARROW = 'fill="none" stroke="#a33b00" stroke-width="1.5"'
HIT = 'stroke="#000000" stroke-opacity="0" stroke-width="16"'  # a thin line is hard to point at
GOES = 'font-size="10.5" font-weight="600" fill="#a33b00"'
MOST_LINES = 12  # marks that the tooltip of a crowd tells
SHAPES = {
    "decision": '<path class="shape" d="M0-10.5 10.5 0 0 10.5-10.5 0Z" fill="{fill}"/>',
    "patch": '<rect class="shape" x="-7.5" y="-7.5" width="15" height="15" rx="3" fill="{fill}"/>',
}
SMALL = {  # what the code and the specs say stands on its day, however close
    "spec": '<circle class="small" cy="8.5" r="3" fill="#ffffff" stroke="#333b43" stroke-width="1.3"/>',
    "version": '<path class="small" d="M0 3 4.5 10.5H-4.5Z" fill="#333b43"/>',
    "revert": '<path class="revert" d="M-4 4 4 12M4 4-4 12" stroke="#a33b00" stroke-width="2" fill="none"/>',
}
ROUND = '<circle class="shape" r="{r}" fill="{fill}"/>'


class _OfFeature(Protocol):
    @property
    def feature(self) -> str: ...


HEAD, NOWHERE = "m-6-4 6 4-6 4", "m-4-4 8 8m0-8-8 8"  # the tip of an arrow, and of one that leads nowhere
T = TypeVar("T", bound=_OfFeature)
Numbered = list[tuple[int, T]]
Begins = dict[tuple[str, str], str]
"""Row and release → the first day of its promise; "" and release → the first day of its cycle."""


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


def slip_label(slip: SlipArrow, releases: dict[str, Release], lang: str) -> str:
    """Where it moved, and the class of the slip."""
    if dropped(slip, lang):
        return clip(slip.slip_class, 24)
    said = f" · {clip(slip.slip_class, 24)}" if slip.slip_class else ""
    return f"→ {clip(slip_target(slip, releases), 20)}{said}"


def spots(marks: Numbered[Mark], axis: Axis) -> list[tuple[float, Numbered[Mark]]]:
    """Marks of one row with their x, by date: each by itself where there is room, else those of some days together.

    Where a few crowd and there is room behind them, they are moved right. Small marks stay on their day; what lies
    before or after the axis is left out.
    """
    dated = [(day, number, mark) for number, mark in marks if (day := parse_day(mark.date)) is not None]
    held = [(axis.x(day), number, mark) for day, number, mark in dated if axis.holds(day)]
    small = [(x, [(number, mark)]) for x, number, mark in held if mark.kind in SMALL]
    crowds: list[tuple[float, Numbered[Mark]]] = []
    for x, number, mark in sorted((one for one in held if one[2].kind not in SMALL), key=lambda one: one[:2]):
        if crowds and x < crowds[-1][0] + APART:
            crowds[-1][1].append((number, mark))
        else:
            crowds.append((x, [(number, mark)]))
    return [*small, *_spread(crowds, axis.width + EDGE + APART)]


def _spread(crowds: list[tuple[float, Numbered[Mark]]], end: float) -> Iterator[tuple[float, Numbered[Mark]]]:
    """The marks of a crowd side by side where there is room before the next one, else together."""
    for at, (x, crowd) in enumerate(crowds):
        after = crowds[at + 1][0] if at + 1 < len(crowds) else end
        if x + APART * len(crowd) <= after:
            yield from ((x + APART * n, [one]) for n, one in enumerate(crowd))
        else:
            yield x, crowd


def _crowd(crowd: Numbered[Mark], x: float, lang: str) -> str:
    """How many marks there are, with all of them in the tooltip."""
    titles = [mark_title(mark, lang).replace("\n", " · ") for _, mark in crowd]
    more = [words_of(lang)["more"].format(n=len(titles) - MOST_LINES)] if len(titles) > MOST_LINES else []
    title = "\n".join(titles[:MOST_LINES] + more)
    return (
        f'<g class="mark crowd" data-marks="{len(crowd)}" transform="translate({x:g} {MARK_Y})">'
        f"<title>{esc(title)}</title>"
        f'{ROUND.format(fill=BARE.fill, r=f"{RADIUS + 1:g}")}<text y="3.6" font-size="9.5" text-anchor="middle" '
        f'fill="{BARE.ink}" font-weight="600">{len(crowd)}</text></g>'
    )


def _mark(mark: Mark, x: float, number: int, lang: str) -> str:
    look = LOOKS.get(mark.status, BARE)
    status = mark.status if mark.status in LOOKS else "none"
    title = f"<title>{esc(mark_title(mark, lang))}</title>"
    head = f'<g class="mark" data-mark="{number}" data-status="{status}" transform="translate({x:g} {MARK_Y})">{title}'
    if mark.kind in SMALL:
        return f"{head}{SMALL[mark.kind]}</g>"
    shape = SHAPES.get(mark.kind, ROUND).format(fill=look.fill, r=f"{RADIUS:g}")
    return (
        f'{head}{shape}<text y="3.6" font-size="10" text-anchor="middle" fill="{look.ink}" font-weight="600">'
        f"{letter(mark.kind, mark.status, lang)}</text></g>"
    )


def _tip(slip: SlipArrow, x: float, begins: Begins, axis: Axis) -> float:
    """Where an arrow ends: at the promise of the release it moved to, or where that begins; never too short."""
    text = begins.get((slip.became, slip.to_release)) or begins.get(("", slip.to_release), "")
    begin = parse_day(text)
    inside = axis.x(begin) if begin is not None and begin <= axis.last else axis.width + EDGE
    return min(max(inside, x + 16), axis.width + EDGE - 3.0)


def _begins(model: Timeline) -> Begins:
    found = {("", release.slug): release.start for release in model.releases}
    for one in model.promises:
        found[one.feature, one.release] = max(one.begin, found.get(("", one.release), ""))
    return found


@dataclass(frozen=True)
class _Row:
    """What the arrows of a row are drawn with: each one's number, its slip and both ends, from left to right."""

    axis: Axis
    releases: dict[str, Release]
    drops: Drops
    lang: str
    arrows: Sequence[tuple[int, SlipArrow, float, float]]

    def drawn(self) -> Iterator[str]:
        for at, (number, slip, x, tip) in enumerate(self.arrows):
            after = self.arrows[at + 1][2] if at + 1 < len(self.arrows) else self.axis.width + EDGE
            yield self._arrow(number, slip, (x, tip), after)

    def _arrow(self, number: int, slip: SlipArrow, ends: tuple[float, float], after: float) -> str:
        """Down from its day, then right to the release; its label where the next arrow leaves room."""
        (x, tip), label = ends, slip_label(slip, self.releases, self.lang)
        moved = f"{words_of(self.lang)['slip']} {label}"
        left = dropped(slip, self.lang)
        head = f"{self.drops.says(slip.feature, slip.from_release) if left else moved} · {slip.date}"
        title = "\n".join(t for t in (head, slip.quote, place(slip.source, slip.line)) if t)
        end = NOWHERE if left else HEAD
        return (
            f'<g class="mark slip" data-slip="{number}" data-status="slip"><title>{esc(title)}</title>'
            f'<path class="hit" d="M{x:g} {SLIP_Y - 4}H{tip:g}" {HIT}/>'
            f'<path class="arrow" d="M{x:g} {SLIP_Y - 7}V{SLIP_Y}H{tip:g}{end}" {ARROW}/>'
            f"{_label(label, (x, tip), after)}</g>"
        )


def _label(label: str, ends: tuple[float, float], after: float) -> str:
    """Behind the tip of an arrow, or before its begin at the right edge; nothing without room."""
    (x, tip), room = ends, 6.1 * columns(label)
    if tip + 5 + room < after:
        return f'<text class="goes" x="{tip + 5:g}" y="{SLIP_Y + 4}" {GOES}>{esc(label)}</text>'
    short = label.partition(" · ")[0]
    if tip + 5 + 6.1 * columns(short) < after:
        return f'<text class="goes" x="{tip + 5:g}" y="{SLIP_Y + 4}" {GOES}>{esc(short)}</text>'
    if after - tip < EDGE + 60 and x > room:
        return (
            f'<text class="goes" x="{x - 4:g}" y="{SLIP_Y + 4}" text-anchor="end" {GOES}>{esc(label)}</text>'
        )
    return ""


def _arrows(
    slips: Numbered[SlipArrow], begins: Begins, axis: Axis
) -> Iterator[tuple[int, SlipArrow, float, float]]:
    """Those of a row that lie on the axis, with both ends."""
    for number, slip in sorted(slips, key=lambda pair: pair[1].date):
        day = parse_day(slip.date)
        if axis.holds(day) and day is not None:
            x = min(axis.x(day), axis.width - 16.0)
            yield number, slip, x, _tip(slip, x, begins, axis)


def row_contents(model: Timeline, axis: Axis) -> Iterator[str]:
    """One string of SVG per feature, in their order: bars first, then patches, arrows and marks above them."""
    releases, begins, drops = {r.slug: r for r in model.releases}, _begins(model), drops_of(model)
    marks, slips = by_feature(model.marks), by_feature(model.slips)
    promises, landings = by_feature(model.promises), by_feature(model.landings)
    for feature in model.features:
        promised = [one for _, one in promises.get(feature.key, [])]
        merged = [one for _, one in landings.get(feature.key, [])]
        arrows = list(_arrows(slips.get(feature.key, []), begins, axis))
        parts = [*bars(promised, axis, releases, model.lang), *strip(merged, axis, model.lang)]
        parts += _Row(axis, releases, drops, model.lang, arrows).drawn()
        for x, crowd in spots(marks.get(feature.key, []), axis):
            number, mark = crowd[0]
            many = len(crowd) > 1
            parts.append(_crowd(crowd, x, model.lang) if many else _mark(mark, x, number, model.lang))
        yield "".join(parts)
