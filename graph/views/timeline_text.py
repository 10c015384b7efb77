"""The timeline for a terminal: letters and signs, so that it reads the same without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group
from rich.table import Table
from rich.text import Text

from graph.views.axis import axis_of, said_on, shown
from graph.views.models import Feature, SlipArrow, Timeline
from graph.views.page import clip, columns, visible
from graph.views.timeline_columns import FREEZE, GOES, SHIP, Column, Said, Sign, fitting, signs
from graph.views.timeline_drops import dropped
from graph.views.timeline_marks import by_feature, slip_target
from graph.views.timeline_sheet import ROWS, sheet
from graph.views.timeline_told import timeline_story
from graph.views.timeline_words import (
    BARE,
    BARE_LETTERS,
    LOOKS,
    OUTCOME_LOOKS,
    letter,
    outcome_label,
    status_label,
    words_of,
)

LEAST_NAME, MOST_GOES, FEW_RELEASES = 12, 22, 4
STYLES = {"freeze": "blue", "ship": "green", "slip": "bold dark_orange", "soft": "dim", "title": "bold"}


@dataclass(frozen=True)
class _Paint:
    """Styles by name, all empty when colour is off."""

    color: bool

    def of(self, name: str) -> str:
        return STYLES.get(name, name) if self.color else ""


def timeline_text(model: Timeline, width: int = 100, color: bool = True, rows: int = ROWS) -> Group:
    """A rich renderable of at most `width` columns: a row per feature, a column per day, month or cycle.

    At most `rows` of them, 0 for all. One feature's life is told as dated lines instead. Names from the notes are
    plain text to rich, never its markup, and hold no control characters.
    """
    if model.story:
        return timeline_story(model, width, color)
    return _overview(model, width, _Paint(color), rows)


def _overview(whole: Timeline, width: int, paint: _Paint, rows: int) -> Group:
    part = sheet(whole, rows)
    model, words = part.model, words_of(whole.lang)
    title = Text(clip(model.title, width), paint.of("title"))
    if not model.features or not said_on(model):
        return Group(title, Text(words["empty"]))
    name_room = _name_room(model.features, words["feature"], width)
    found, left_out = fitting(model, width - name_room - 1 - _goes_room(model))
    notes = [f"{left_out} {words['older']}"] if left_out else []
    if part.left_out:
        notes += [*part.notes(), words["rows-all"]]
    said = [Text(note, paint.of("soft")) for note in notes]
    table = _table(model, found, name_room, paint)
    return Group(
        title, *_releases(model, found, paint), Text(), table, *said, Text(), _legend(model, found, paint)
    )


# ---- the table


def _table(model: Timeline, found: Sequence[Column], name_room: int, paint: _Paint) -> Table:
    words = words_of(model.lang)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style=paint.of("soft"))
    table.add_column(Text(words["feature"]), no_wrap=True)
    for column in found:
        head = _cell(Column("", "", column.lines), [], paint)
        table.add_column(head.append(column.label), no_wrap=True)
    if model.slips:
        table.add_column(Text(words["goes"]), no_wrap=True)
    of = _said(model)
    for feature in model.features:
        said = of[feature.key]
        cells = [_cell(c, signs(c, said, model.lang), paint) for c in found]
        last = [Text(_goes(said.slips, model), paint.of("slip"))] if model.slips else []
        table.add_row(Text(clip(feature.label, name_room)), *cells, *last)
    return table


def _said(model: Timeline) -> dict[str, Said]:
    marks, slips = by_feature(model.marks), by_feature(model.slips)
    landings, promises = by_feature(model.landings), by_feature(model.promises)
    return {
        one.key: Said(
            [mark for _, mark in marks.get(one.key, [])],
            [slip for _, slip in slips.get(one.key, [])],
            [landing for _, landing in landings.get(one.key, [])],
            [promise for _, promise in promises.get(one.key, [])],
        )
        for one in model.features
    }


def _cell(column: Column, found: list[Sign], paint: _Paint) -> Text:
    cell = Text(no_wrap=True, end="")
    for line in column.lines:
        cell.append(line, paint.of("freeze" if line == FREEZE else "ship"))
    room, cut = columns(column.label), False
    while found and sum(columns(sign) for sign, _ in found) > room - cut:
        found, cut = found[1:], True
    if cut:
        cell.append("…", paint.of("soft"))
    for sign, style in found:
        cell.append(sign, paint.of(style))
    return cell


def _goes(slips: Sequence[SlipArrow], model: Timeline) -> str:
    """The releases that it moved to, the last ones where there is no room for all."""
    releases = {r.slug: r for r in model.releases}
    moves = (slip for slip in slips if not dropped(slip, model.lang))
    targets = [f"{GOES} {name}" for name in dict.fromkeys(slip_target(slip, releases) for slip in moves)]
    first = next((at for at in range(len(targets)) if columns(", ".join(targets[at:])) < MOST_GOES - 3), 0)
    return clip(", ".join((["…"] if first else []) + targets[first:]), MOST_GOES)


def _goes_room(model: Timeline) -> int:
    """Columns that the last column takes: its widest cell, or its title."""
    if not model.slips:
        return 0
    cells = (_goes([s for _, s in slips], model) for slips in by_feature(model.slips).values())
    return 1 + max(columns(words_of(model.lang)["goes"]), *(columns(cell) for cell in cells))


def _name_room(features: Sequence[Feature], title: str, width: int) -> int:
    longest = max(columns(title), *(columns(visible(f.label)) for f in features))
    return min(longest, max(LEAST_NAME, width * 3 // 10))


# ---- around it


def _releases(model: Timeline, found: Sequence[Column], paint: _Paint) -> Iterator[Text]:
    """The dates of the releases, where they are few."""
    axis, words = axis_of(model), words_of(model.lang)
    known = shown(model, axis) if axis is not None else []
    for release in known if len(known) <= FEW_RELEASES or found[0].release is None else []:
        line = Text(clip(release.label, 30), paint.of("title"))
        for day, sign, name in ((release.freeze, FREEZE, "freeze"), (release.ship, SHIP, "ship")):
            if day:
                line.append(f"  {sign} {words[name]} {visible(day)}", paint.of(name))
        yield line


def _legend(model: Timeline, found: Sequence[Column], paint: _Paint) -> Text:
    """The signs that occur, each with its meaning."""
    line, cycles = Text(), found[0].release is not None
    for sign, meaning, style in [*_statuses(model), *(_of_cycles(model) if cycles else _of_days(model))]:
        line.append(sign, paint.of(style)).append("\u00a0" + meaning.replace(" ", "\u00a0") + "   ")
    line.rstrip()
    return line


Entry = tuple[str, str, str]
"""A sign, its meaning, its style."""


def _statuses(model: Timeline) -> Iterator[Entry]:
    used = {m.status for m in model.marks}
    for name, look in LOOKS.items():
        if name in used:
            yield letter("", name, model.lang), status_label(name, model.lang), look.style


def _of_days(model: Timeline) -> Iterator[Entry]:
    words, bare = words_of(model.lang), {m.kind for m in model.marks if m.status not in LOOKS}
    yield from ((sign, words[kind], "") for kind, sign in BARE_LETTERS.items() if kind in bare)
    if bare - set(BARE_LETTERS):
        yield BARE.en, words["bare"], ""
    ended = {one.outcome for one in model.promises if one.end and one.outcome != "slipped"}
    yield from (
        (look.sign, outcome_label(n, model.lang), look.style)
        for n, look in OUTCOME_LOOKS.items()
        if n in ended
    )
    if model.landings:
        yield "▪", words["merged"], ""
    if model.slips:
        yield GOES, words["slip"], "slip"


def _of_cycles(model: Timeline) -> Iterator[Entry]:
    used = {one.outcome for one in model.promises} | ({"slipped"} if model.slips else set())
    for name, look in OUTCOME_LOOKS.items():
        if name in used:
            yield look.sign, outcome_label(name, model.lang), look.style
    if model.landings:
        yield "12", words_of(model.lang)["number"], ""
