"""What lies behind the marks of a drawn row: promises as bars in colour and pattern, merged patches as a strip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from graph.views.axis import Axis, parse_day
from graph.views.models import Landing, Promise, Release
from graph.views.page import clip, esc
from graph.views.timeline_words import BACKPORT, MERGED, OUTCOME_LOOKS, Outcome, outcome_label, words_of

BAR_Y, BAR = 4, 15  # top and height of a bar, pixels
STRIP_Y, STRIP, BIN = 40, 10, 6  # bottom and height of the strip, width of what is counted together
LEAST = 5  # width of the shortest bar
MOST_TITLES = 3
WHITE = 'stroke="#ffffff" stroke-width="2.2"'
PATTERNS = (
    '<pattern id="kg-slant" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<path d="M1 0V7" {WHITE} stroke-opacity=".6"/></pattern>'
    '<pattern id="kg-cross" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<path d="M0 0 7 7M7 0 0 7" stroke="#ffffff" stroke-opacity=".6"/></pattern>'
    '<pattern id="kg-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<circle cx="2" cy="2" r="1.4" fill="#ffffff" fill-opacity=".75"/></pattern>'
)
HALO = ' stroke="#ffffff" stroke-width="2.5" stroke-opacity=".7" paint-order="stroke"'
PATTERNED = ("slant", "cross", "dots")
OTHER = Outcome("", "#c3ccd4", "plain", "", "", "")


def filled(look: Outcome, spot: str) -> str:
    """A rectangle in the colour and pattern of an outcome; spot: its place, size and corners as attributes."""
    if look.pattern == "hollow":
        dashes = f'fill="{look.fill}" fill-opacity=".18" stroke="{look.fill}" stroke-width="1.5" stroke-dasharray="4 2"'
        return f'<rect class="bar-open" {spot} {dashes}/>'
    drawn = f'<rect {spot} fill="{look.fill}"/>'
    return drawn + (f'<rect {spot} fill="url(#kg-{look.pattern})"/>' if look.pattern in PATTERNED else "")


def bars(promises: Sequence[Promise], axis: Axis, releases: dict[str, Release], lang: str) -> Iterator[str]:
    """A bar per promise from its day to that of its outcome; an open one reaches to the end of its release."""
    for promise in promises:
        begin, release = parse_day(promise.begin), releases.get(promise.release)
        end = parse_day(promise.end or (release.ship if release else "")) or axis.last
        if begin is None or begin > axis.last or end < axis.first:
            continue
        x = axis.x(begin)
        width = max(LEAST, axis.x(max(begin, end)) - x)
        yield _bar(promise, x, width, release.label if release else promise.release, lang)


def _bar(promise: Promise, x: float, width: float, release: str, lang: str) -> str:
    look, place = OUTCOME_LOOKS.get(promise.outcome, OTHER), promise.evidence
    span = f"{promise.begin} – {promise.end}" if promise.end else promise.begin
    head = f"{release}: {outcome_label(promise.outcome, lang)} · {span}"
    where = f"{place.source}:{place.line}" if place.line else place.source
    title = "\n".join(part for part in (head, promise.text, where) if part)
    spot = f'x="{x:g}" y="{BAR_Y}" width="{width:.1f}" height="{BAR}" rx="3"'
    name = clip(release, int((width - 20) / 6.4)) if width > 44 else ""
    label = f"{look.sign} {name}".strip() if width >= 14 else ""
    spot_of_text = f'x="{x + 4:g}" y="{BAR_Y + 11}" font-size="10.5" fill="#111111"'
    halo = HALO if look.pattern in PATTERNED else ""
    text = f'<text class="in" {spot_of_text}{halo}>{esc(label)}</text>'
    outcome = promise.outcome if promise.outcome in OUTCOME_LOOKS else "none"
    drawn = filled(look, spot) + (text if label else "")
    return f'<g class="bar" data-outcome="{outcome}"><title>{esc(title)}</title>{drawn}</g>'


# ---- merged patches


def strip(landings: Sequence[Landing], axis: Axis, lang: str) -> Iterator[str]:
    """Merged patches as columns, as high as there are many in a few days; backports stand on top."""
    held: dict[int, list[Landing]] = defaultdict(list)
    for one in landings:
        day = parse_day(one.date)
        if axis.holds(day) and day is not None:
            held[int(axis.x(day) // BIN)].append(one)
    for at, group in sorted(held.items()):
        yield _pile(at * BIN, group, lang)


def _pile(x: int, group: list[Landing], lang: str) -> str:
    own = [one for one in group if not one.backport]
    low, high = _height(len(own)), _height(len(group))
    parts = (("own", STRIP_Y - low, low, MERGED), ("back", STRIP_Y - high, high - low, BACKPORT))
    drawn = "".join(
        f'<rect class="{name}" x="{x}" y="{y:g}" width="{BIN - 1}" height="{height:g}" fill="{fill}"/>'
        for name, y, height, fill in parts
        if height > 0
    )
    return f'<g class="pile" data-patches="{len(group)}"><title>{esc(_pile_title(group, lang))}</title>{drawn}</g>'


def _height(count: int) -> float:
    """Pixels for so many patches: one can be seen, and twelve fill the strip."""
    return 0 if not count else min(STRIP, 4 + (STRIP - 4) * (count - 1) / 11)


def _pile_title(group: list[Landing], lang: str) -> str:
    words, first, last = words_of(lang), group[0].date, group[-1].date
    span = first if first == last else f"{first} – {last}"
    titles = [
        " · ".join(part for part in (one.title, one.version, one.place) if part)
        for one in group[:MOST_TITLES]
    ]
    more = [words["more"].format(n=len(group) - MOST_TITLES)] if len(group) > MOST_TITLES else []
    return "\n".join([f"{span}: {len(group)} × {words['merged']}", *titles, *more])
