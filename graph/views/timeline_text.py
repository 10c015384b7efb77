"""The timeline for a terminal: letters per status, so that it reads the same without colour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rich.console import Group
from rich.table import Table
from rich.text import Text

from graph.views.axis import axis_of, parse_day, said_on, shown
from graph.views.models import Feature, Mark, SlipArrow, Timeline
from graph.views.page import clip, columns, visible
from graph.views.timeline_marks import by_feature, slip_target
from graph.views.timeline_words import BARE, BARE_LETTERS, LOOKS, letter, status_label, words_of

GRAINS = (10, 7, 4)  # characters of an ISO date kept: day, month, year
FREEZE, SHIP, GOES = "┊", "│", "→"
LEAST_NAME, MOST_GOES = 12, 22
STYLES = {"freeze": "blue", "ship": "green", "slip": "bold dark_orange", "soft": "dim", "title": "bold"}


@dataclass(frozen=True)
class Column:
    """The days of one column: the start of their ISO dates, what is written above, and the lines in it."""

    prefix: str
    label: str
    lines: str


@dataclass(frozen=True)
class _Paint:
    """Styles by name, all empty when colour is off."""

    color: bool

    def of(self, name: str) -> str:
        return STYLES.get(name, name) if self.color else ""


def _deadlines(model: Timeline) -> list[tuple[date, str]]:
    """Freezes and ship dates within the axis, with their sign."""
    axis = axis_of(model)
    if axis is None:
        return []
    pairs = ((r.freeze, FREEZE) for r in shown(model, axis)), ((r.ship, SHIP) for r in shown(model, axis))
    found = ((parse_day(text), sign) for group in pairs for text, sign in group)
    return sorted((day, sign) for day, sign in found if day is not None and axis.holds(day))


def _columns(model: Timeline, grain: int) -> list[Column]:
    deadlines = _deadlines(model)
    days = {*said_on(model), *(day for day, _ in deadlines)}
    lines: dict[str, str] = defaultdict(str)
    for day, sign in deadlines:
        name = day.isoformat()[:grain]
        lines[name] += "" if sign in lines[name] else sign
    one_year = len({day.year for day in days}) == 1
    names = sorted({day.isoformat()[:grain] for day in days})
    return [Column(name, name[5:] if one_year and grain == 10 else name, lines[name]) for name in names]


def _width(found: Sequence[Column]) -> int:
    return sum(columns(c.label) + len(c.lines) + 1 for c in found)


def _fitting(model: Timeline, room: int) -> tuple[list[Column], int]:
    """Columns at the finest grain that fits, and how many of the oldest had to be left out."""
    found: list[Column] = []
    for grain in GRAINS:
        found = _columns(model, grain)
        if _width(found) <= room:
            return found, 0
    kept = list(found)
    while len(kept) > 1 and _width(kept) > room:
        kept.pop(0)
    return kept, len(found) - len(kept)


def _signs(
    column: Column, marks: Sequence[Mark], slips: Sequence[SlipArrow], lang: str
) -> Iterator[tuple[str, str]]:
    """Pairs of sign and style name of one cell, by date."""
    entries = [(m.date, letter(m.kind, m.status, lang), LOOKS.get(m.status, BARE).style) for m in marks]
    entries += [(s.date, GOES, "slip") for s in slips]
    for when, sign, style in sorted(entries, key=lambda entry: entry[0]):
        day = parse_day(when)
        if day is not None and day.isoformat().startswith(column.prefix):
            yield sign, style


def _cell(column: Column, signs: list[tuple[str, str]], paint: _Paint) -> Text:
    cell = Text(no_wrap=True, end="")
    for line in column.lines:
        cell.append(line, paint.of("freeze" if line == FREEZE else "ship"))
    room, cut = columns(column.label), False
    while signs and sum(columns(sign) for sign, _ in signs) > room - cut:
        signs, cut = signs[1:], True
    if cut:
        cell.append("…", paint.of("soft"))
    for sign, style in signs:
        cell.append(sign, paint.of(style))
    return cell


def _goes(slips: Sequence[SlipArrow], model: Timeline) -> str:
    releases = {r.slug: r for r in model.releases}
    targets = dict.fromkeys(slip_target(slip, releases) for slip in slips)
    return clip(", ".join(f"{GOES} {target}" for target in targets), MOST_GOES)


def _goes_room(model: Timeline) -> int:
    """Columns that the last column takes: its widest cell, or its title."""
    if not model.slips:
        return 0
    cells = (_goes([s for _, s in slips], model) for slips in by_feature(model.slips).values())
    return 1 + max(columns(words_of(model.lang)["goes"]), *(columns(cell) for cell in cells))


def _table(model: Timeline, found: Sequence[Column], name_room: int, paint: _Paint) -> Table:
    words = words_of(model.lang)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style=paint.of("soft"))
    table.add_column(Text(words["feature"]), no_wrap=True)
    for column in found:
        head = _cell(Column("", "", column.lines), [], paint)
        table.add_column(head.append(column.label), no_wrap=True)
    if model.slips:
        table.add_column(Text(words["goes"]), no_wrap=True)
    marks, slips = by_feature(model.marks), by_feature(model.slips)
    for feature in model.features:
        own = [slip for _, slip in slips.get(feature.key, [])]
        said = [mark for _, mark in marks.get(feature.key, [])]
        cells = [_cell(c, list(_signs(c, said, own, model.lang)), paint) for c in found]
        last = [Text(_goes(own, model), paint.of("slip"))] if model.slips else []
        table.add_row(Text(clip(feature.label, name_room)), *cells, *last)
    return table


def _releases(model: Timeline, paint: _Paint) -> Iterator[Text]:
    axis, words = axis_of(model), words_of(model.lang)
    for release in shown(model, axis) if axis is not None else []:
        line = Text(clip(release.label, 30), paint.of("title"))
        for day, sign, name in ((release.freeze, FREEZE, "freeze"), (release.ship, SHIP, "ship")):
            if day:
                line.append(f"  {sign} {words[name]} {visible(day)}", paint.of(name))
        yield line


def _legend(model: Timeline, paint: _Paint) -> Text:
    """The signs that occur, each with its meaning."""
    words, line = words_of(model.lang), Text()
    used = {m.status for m in model.marks}
    entries = [
        (letter("", name, model.lang), status_label(name, model.lang), look.style)
        for name, look in LOOKS.items()
        if name in used
    ]
    bare = {m.kind for m in model.marks if m.status not in LOOKS}
    entries += [(sign, words[kind], "") for kind, sign in BARE_LETTERS.items() if kind in bare]
    if bare - set(BARE_LETTERS):
        entries.append((BARE.en, words["bare"], ""))
    if model.slips:
        entries.append((GOES, words["slip"], "slip"))
    for sign, meaning, style in entries:
        line.append(sign, paint.of(style)).append("\u00a0" + meaning.replace(" ", "\u00a0") + "   ")
    line.rstrip()
    return line


def _name_room(features: Sequence[Feature], title: str, width: int) -> int:
    longest = max(columns(title), *(columns(visible(f.label)) for f in features))
    return min(longest, max(LEAST_NAME, width * 3 // 10))


def _readable(model: Timeline, room: int) -> Timeline:
    """Without the patches that no note speaks of, where months would not fit: what was said counts for more."""
    if _width(_columns(model, GRAINS[1])) <= room:
        return model
    spoken = replace(model, marks=tuple(mark for mark in model.marks if mark.kind != "patch" or mark.quote))
    return spoken if said_on(spoken) else model


def timeline_text(model: Timeline, width: int = 100, color: bool = True) -> Group:
    """A rich renderable of at most `width` columns: a row per feature, a column per day, month or year.

    Names from the notes are plain text to rich, never its markup, and hold no control characters.
    """
    paint, words = _Paint(color), words_of(model.lang)
    title = Text(clip(model.title, width), paint.of("title"))
    if not model.features or not said_on(model):
        return Group(title, Text(words["empty"]))
    name_room = _name_room(model.features, words["feature"], width)
    room = width - name_room - 1 - _goes_room(model)
    model = _readable(model, room)
    found, left_out = _fitting(model, room)
    note = [Text(f"{left_out} {words['older']}", paint.of("soft"))] if left_out else []
    table = _table(model, found, name_room, paint)
    return Group(title, *_releases(model, paint), Text(), table, *note, Text(), _legend(model, paint))
