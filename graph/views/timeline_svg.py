"""The timeline as SVG: a row per feature, releases as bands, freeze and ship as lines, slips as arrows.

Colours stand as attributes, so that any renderer draws it; the stylesheet only adds the dark theme. The page
takes the same two drawings, head and rows, without the column of names, which it writes as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from graph.views.axis import Axis, axis_of, parse_day, shown, ticks
from graph.views.models import Feature, Release, Timeline
from graph.views.page import FONTS, asset, clip, columns, esc
from graph.views.timeline_bars import PATTERNS
from graph.views.timeline_legend import counted, crowd, keys, outcomes
from graph.views.timeline_marks import EDGE, row_contents
from graph.views.timeline_page_story import chapters
from graph.views.timeline_page_words import page_words
from graph.views.timeline_sheet import CYCLES, ROWS, sheet
from graph.views.timeline_words import words_of

ROW, HEAD, NAMES = 42, 64, 290
NAME_COLUMNS = 40
AGAIN = 600  # pixels
EMPTY_SIZE = (720, 160)
LINES = {"freeze": ("#0b62a8", "4 4"), "ship": ("#00805f", ""), "grid": ("#e3e7ea", "")}  # colour, dashes


@dataclass(frozen=True)
class Parts:
    """The drawing in two pieces of one width (pixels): releases and dates above, a row per feature below."""

    width: int
    height: int
    head: str
    rows: str


def _text(
    x: float, y: float, content: str, name: str, *, size: float = 12, fill: str = "#5a6570", **extra: str
) -> str:
    more = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in extra.items())
    spot = f'x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}"'
    return f'<text class="{name}" {spot}{more}>{esc(content)}</text>'


def _line(x: float, y1: float, y2: float, name: str) -> str:
    colour, dash = LINES[name]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path class="{name}" d="M{x:g} {y1:g}V{y2:g}" stroke="{colour}"{dashes} fill="none"/>'


def _span(release: Release, axis: Axis, edge: float = 0) -> tuple[float, float]:
    """Left and right end of a release; `edge` pixels further out where it goes on beyond the axis."""
    start, ship = parse_day(release.start), parse_day(release.ship)
    begin = axis.x(start) if start is not None and start > axis.first else -edge
    end = axis.x(ship) if ship is not None and ship < axis.last else axis.width + edge
    return begin, end


# ---- behind the rows


def _bands(releases: Sequence[Release], axis: Axis, height: int) -> Iterator[str]:
    for at, release in enumerate(releases):
        begin, end = _span(release, axis, EDGE)
        if end > begin and at % 2 == 0:
            spot = f'x="{begin:g}" width="{end - begin:g}" height="{height}"'
            yield f'<rect class="band" {spot} fill="#eef3f7"/>'


def _lines(releases: Sequence[Release], axis: Axis, top: float, bottom: float) -> Iterator[str]:
    for release in releases:
        freeze, ship = parse_day(release.freeze), parse_day(release.ship)
        if freeze is not None and axis.holds(freeze):
            yield _line(axis.x(freeze), top, bottom, "freeze")
        if ship is not None and axis.holds(ship):
            yield _line(axis.x(ship), top, bottom, "ship")


def _grid(axis: Axis, top: float, bottom: float) -> Iterator[str]:
    for day, _ in ticks(axis):
        yield _line(axis.x(day), top, bottom, "grid")


def _milestones(releases: Sequence[Release], axis: Axis) -> Iterator[str]:
    """Short strokes at the foot of the head, with their names as tooltips."""
    named: dict[date, list[str]] = {}
    for day, name in (pair for release in releases for pair in release.milestones):
        known = parse_day(day)
        if known is not None and axis.holds(known):
            named.setdefault(known, []).append(name)
    for known, names in sorted(named.items()):
        title = "\n".join([known.isoformat(), *dict.fromkeys(names)])
        stroke = f'<path class="milestone" d="M{axis.x(known):g} {HEAD - 6}V{HEAD}" stroke="#5a6570" stroke-width="2"/>'
        yield f"<g><title>{esc(title)}</title>{stroke}</g>"


# ---- the head


def _clear(taken: list[tuple[float, float]], begin: float, end: float) -> bool:
    """Whether a label fits beside those already written; takes the room when it does."""
    if any(begin < b and end > a for a, b in taken):
        return False
    taken.append((begin, end))
    return True


def _head(releases: Sequence[Release], axis: Axis, lang: str) -> Iterator[str]:
    words = words_of(lang)
    named: list[tuple[float, float]] = []
    dated: list[tuple[float, float]] = []
    for release in releases:
        begin, end = _span(release, axis)
        label = clip(release.label, max(4, int((end - begin + EDGE) / 7.5)))
        # A long cycle says its name again and again, as only a part of it is in view.
        for x in (begin, *range(int(begin) + AGAIN, int(end) - AGAIN // 2, AGAIN)):
            if _clear(named, x, x + 8 * columns(label)):
                yield _text(x + 6, 17, label, "release", size=13.5, fill="#1f262d", font_weight="650")
    for release in releases:
        for text, name in ((release.ship, "ship"), (release.freeze, "freeze")):
            day = parse_day(text)
            if day is not None and axis.holds(day):
                yield from _dated(axis, day, name, words[name], dated)
    lines = _line_spots(releases, axis)
    for day, label in ticks(axis):
        x, end = axis.x(day), axis.x(day) + 7 * len(label)
        if end < axis.width + EDGE and not any(x < line < end for line in lines):
            yield _text(x + 4, 57, label, "tick", size=11)


def _line_spots(releases: Sequence[Release], axis: Axis) -> list[float]:
    """Where lines of freezes and ship dates cross the head."""
    days = [parse_day(text) for release in releases for text in (release.freeze, release.ship)]
    return [axis.x(day) for day in days if day is not None and axis.holds(day)]


def _dated(axis: Axis, day: date, name: str, word: str, taken: list[tuple[float, float]]) -> Iterator[str]:
    """The label of a line, to its right, or to its left at the right edge."""
    x, label = axis.x(day), f"{word} {day.isoformat()[5:]}"
    long = 6.2 * columns(label) + 8
    left = x + long > axis.width
    begin = x - long if left else x
    if _clear(taken, begin, begin + long):
        anchor = "end" if left else "start"
        yield _text(
            x - 4 if left else x + 4, 37, label, name, size=11, fill=LINES[name][0], text_anchor=anchor
        )


# ---- together


def _row(at: int, content: str, width: float) -> str:
    rule = f'<path class="rule" d="M{-EDGE} {ROW - 0.5:g}H{width - EDGE:g}" stroke="#e3e7ea"/>'
    return f'<g class="row" data-row="{at}" transform="translate(0 {at * ROW})">{rule}{content}</g>'


def parts(model: Timeline, since: str = "") -> Parts | None:
    """The head and the rows as SVG content, or None when there is no row or no date to draw."""
    axis = axis_of(model, since)
    if axis is None or not model.features:
        return None
    width, height = axis.width + 2 * EDGE, ROW * len(model.features)
    releases = shown(model, axis)
    behind = [*_bands(releases, axis, height), *_grid(axis, 0, height), *_lines(releases, axis, 0, height)]
    rows = [_row(at, content, width) for at, content in enumerate(row_contents(model, axis))]
    top = [*_bands(releases, axis, HEAD), *_lines(releases, axis, 26, HEAD), *_grid(axis, 46, HEAD)]
    top += _milestones(releases, axis)
    shift = f'<g transform="translate({EDGE} 0)">'
    head = f"{shift}{''.join(top)}{''.join(_head(releases, axis, model.lang))}</g>"
    return Parts(width, height, head, f"{shift}{''.join(behind)}{''.join(rows)}</g>")


def _name(at: int, feature: Feature) -> str:
    label = clip(feature.label, NAME_COLUMNS)
    text = _text(0, HEAD + at * ROW + 17, label, "name", size=13, fill="#1f262d")
    return f"<g><title>{esc(feature.label)}</title>{text}</g>"


def _document(width: int, height: int, title: str, content: str) -> str:
    size = f'width="{width}" height="{height}"'
    style = f"<style>{asset('timeline_svg.css')}</style>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}" '
        f'role="img" font-family="{esc(FONTS)}"><title>{esc(title)}</title>{style}'
        f'<rect class="paper" width="{width}" height="{height}" fill="#ffffff"/>{content}</svg>\n'
    )


def _legend(model: Timeline, width: int, crowds: bool) -> tuple[str, int]:
    """The signs in lines of at most `width` pixels, and the height they take; `crowds`: some marks stand together."""
    x, y, drawn = 0, 0, ""
    signs = [*outcomes(model), *counted(model), *([crowd(model.lang)] if crowds else []), *keys(model)]
    for sign in signs:
        room = 46 + round(6.6 * columns(sign.label))
        if x and x + room > width:
            x, y = 0, y + 24
        label = _text(24, 13, sign.label, "tick")
        drawn += f'<g transform="translate({x} {y})"><g transform="scale(0.9)">{sign.drawn}</g>{label}</g>'
        x += room
    return drawn, y + 24


def _blank(model: Timeline) -> str:
    width, height = EMPTY_SIZE
    title = _text(24, 34, clip(model.title, 70), "name", size=17)
    words = words_of(model.lang)["empty"]
    return _document(width, height, model.title, title + _text(24, 90, words, "name", size=14))


def _story(model: Timeline, width: int) -> tuple[str, int]:
    """One feature's life in dated lines, and the height they take."""
    page, drawn, y = page_words(model.lang), "", 0
    for entry in (one for _, entries in chapters(model) for one in entries if model.story):
        y += 20
        says = clip(entry.says, int((width - 190) / 6.6))
        drawn += _text(0, y, entry.date, "tick") + _text(82, y, page[entry.verb], "name", fill="#1f262d")
        drawn += _text(172, y, says, "name", fill="#1f262d")
    return drawn, y + 16 if y else 0


def timeline_svg(model: Timeline, rows: int = ROWS, cycles: int = CYCLES, since: str = "") -> str:
    """A standalone SVG document without script; tooltips carry quote and place.

    At most `rows` features and, of many, the last `cycles` (0: all), or from the day `since` on; what is left out is
    said below. One feature's
    life has its dated lines under the drawing. Marks and slips of a feature that is not listed are not drawn.
    """
    part = sheet(model, rows, 0 if since else cycles)
    shown, drawn = part.model, parts(part.model, since or part.since)
    if drawn is None:
        return _blank(model)
    names = "".join(_name(at, feature) for at, feature in enumerate(shown.features))
    title = _text(20, 34, clip(model.title, 100), "name", size=18, fill="#1f262d", font_weight="650")
    width, foot = drawn.width + NAMES, 52 + HEAD + drawn.height + 22
    legend, below = _legend(shown, width, "mark crowd" in drawn.rows)
    story, more = _story(shown, width)
    said = " · ".join([*part.notes(), words_of(model.lang)["page-all"]]) if part.notes() else ""
    note = _text(20, foot + below + more + 14, clip(said, width // 6), "tick") if said else ""
    body = (
        f'<defs>{PATTERNS}</defs>{title}<g transform="translate(20 52)">{names}<g transform="translate({NAMES} 0)">'
        f'{drawn.head}<g transform="translate(0 {HEAD})">{drawn.rows}</g></g></g>'
        f'<g transform="translate(20 {foot})">{legend}</g><g transform="translate(20 {foot + below})">{story}</g>{note}'
    )
    return _document(width + 40, foot + below + more + (38 if note else 14), model.title, body)
