"""The timeline as a table: a row for every promise, slip, mark and merged patch, feature by feature, by date.

A short one stands in the page; a long one is built by the script, from the same facts in the same order,
when it is opened.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.views.models import Landing, Mark, Promise, SlipArrow, Timeline
from graph.views.page import esc, visible
from graph.views.timeline_drops import dropped
from graph.views.timeline_page_words import page_words
from graph.views.timeline_words import status_label

COLUMNS = ("feature", "date", "kind", "status", "part", "release", "text", "quote", "place")
MOST = 300  # rows that are written into the page
Cells = tuple[str, ...]


class _Namer:
    """Names of features and releases as the table shows them."""

    def __init__(self, model: Timeline) -> None:
        self.lang = model.lang
        self.words = page_words(model.lang)
        self.order = {feature.key: at for at, feature in enumerate(model.features)}
        self._features = {feature.key: feature.label for feature in model.features}
        self._releases = {release.slug: release.label for release in model.releases}

    def feature(self, key: str) -> str:
        return self._features.get(key, "")

    def release(self, slug: str) -> str:
        return self._releases.get(slug, slug)

    def word(self, name: str) -> str:
        return self.words.get(name, name)


def place(source: str, line: int) -> str:
    """Where words stand: `source:line`; line 0 is the source as a whole."""
    return f"{source}:{line}" if source and line else source


def span(begin: str, end: str) -> str:
    """Two days as one text; the second is "" while it is open."""
    return f"{begin} – {end}" if end else begin


def _promise(fact: Promise, names: _Namer) -> Cells:
    told = place(fact.evidence.source, fact.evidence.line)
    return (
        names.feature(fact.feature), span(fact.begin, fact.end), names.word("promise"), names.word(fact.outcome), "",
        names.release(fact.release), fact.text, fact.evidence.quote, told,
    )  # fmt: skip


def _slip(fact: SlipArrow, names: _Namer) -> Cells:
    goal = "×" if dropped(fact, names.lang) else names.release(fact.to_release)
    moved = f"{names.release(fact.from_release)} → {goal}"
    return (
        names.feature(fact.feature), fact.date, names.word("slip"), fact.slip_class, "", moved, "", fact.quote,
        place(fact.source, fact.line),
    )  # fmt: skip


def _mark(fact: Mark, names: _Namer) -> Cells:
    status = status_label(fact.status, names.lang) if fact.status else ""
    return (
        names.feature(fact.feature), fact.date, names.word(fact.kind), status, fact.part,
        names.release(fact.release), fact.text, fact.quote, place(fact.source, fact.line),
    )  # fmt: skip


def _landing(fact: Landing, names: _Namer) -> Cells:
    kind = names.word("backport" if fact.backport else "merged")
    return (
        names.feature(fact.feature), fact.date, kind, fact.version, "", names.release(fact.release), fact.title,
        "", fact.place,
    )  # fmt: skip


def _dated(model: Timeline, names: _Namer) -> Iterator[tuple[str, str, int, Cells]]:
    """Feature, day, place among the kinds, and the cells of every fact."""
    for promise in model.promises:
        yield promise.feature, promise.begin, 0, _promise(promise, names)
    for slip in model.slips:
        yield slip.feature, slip.date, 1, _slip(slip, names)
    for mark in model.marks:
        yield mark.feature, mark.date, 2, _mark(mark, names)
    for landing in model.landings:
        yield landing.feature, landing.date, 3, _landing(landing, names)


def cells(model: Timeline) -> list[Cells]:
    """All rows as they are shown: features in their order, then what belongs to none of them; by day."""
    names = _Namer(model)
    last = len(names.order)
    rows = sorted(_dated(model, names), key=lambda row: (names.order.get(row[0], last), row[1], row[2]))
    return [tuple(visible(cell) for cell in row) for *_, row in rows]


def table(model: Timeline) -> str:
    """The table in a `details` element; its body is empty when there are more than MOST rows."""
    words = page_words(model.lang)
    rows = cells(model)
    head = "".join(f'<th scope="col">{esc(words[name])}</th>' for name in COLUMNS)
    body = "\n".join(_row(row) for row in rows) if len(rows) <= MOST else ""
    label = esc(words["table"])
    return (
        f'<details class="tl-table" id="tl-table"><summary>{label} <span class="count">{len(rows)}</span></summary>'
        f'<div class="wide" tabindex="0" role="group" aria-label="{label}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>\n{body}\n</tbody></table></div></details>"
    )


def _row(row: Cells) -> str:
    return f"<tr>{''.join(f'<td>{esc(cell)}</td>' for cell in row)}</tr>"
