"""A timeline as a table: a row for everything on record, feature by feature, by date."""

from __future__ import annotations

from collections.abc import Iterator

from graph.table import Cell, Table
from graph.views.models import Timeline

COLUMNS = (
    "feature", "label", "date", "end", "kind", "status", "part", "release", "to", "version", "text", "quote", "source",
    "line",
)  # fmt: skip
ORDER = ("promise", "spec", "report", "decision", "patch", "merged", "backport", "version", "revert", "slip")
Row = dict[str, Cell]


def timeline_table(model: Timeline) -> Table:
    """Columns COLUMNS; slugs of features and releases, ISO dates; line None for a source as a whole.

    kind: as of marks, or promise (status: its outcome, end: the day it was clear), merged, backport, slip (status: its
    class, release and to: where it moved).
    """
    names = {one.key: (one.slugs[0] if one.slugs else "", one.label) for one in model.features}
    place = {one.key: at for at, one in enumerate(model.features)}
    rows = [(key, row) for key, row in _rows(model) if key in place]
    rows.sort(key=lambda pair: _order(place[pair[0]], pair[1]))
    cells = ({"feature": names[key][0], "label": names[key][1], **row} for key, row in rows)
    return Table(COLUMNS, tuple(tuple(row.get(name, "") for name in COLUMNS) for row in cells))


def _order(place: int, row: Row) -> tuple[int, str, int, str, int]:
    kind, line = str(row["kind"]), row["line"]
    at = ORDER.index(kind) if kind in ORDER else len(ORDER)
    return place, str(row["date"]), at, str(row["source"]), line if isinstance(line, int) else 0


def _rows(model: Timeline) -> Iterator[tuple[str, Row]]:
    yield from _promises(model)
    for mark in model.marks:
        yield mark.feature, {
            "date": mark.date, "kind": mark.kind, "status": mark.status, "part": mark.part, "release": mark.release,
            "text": mark.text, "quote": mark.quote, "source": mark.source, "line": mark.line or None,
        }  # fmt: skip
    for one in model.landings:
        yield one.feature, {
            "date": one.date, "kind": "backport" if one.backport else "merged", "release": one.release,
            "version": one.version, "text": one.title, "source": one.place, "line": None,
        }  # fmt: skip
    for slip in model.slips:
        yield slip.feature, {
            "date": slip.date, "kind": "slip", "status": slip.slip_class, "release": slip.from_release,
            "to": slip.to_release, "quote": slip.quote, "source": slip.source, "line": slip.line or None,
        }  # fmt: skip


def _promises(model: Timeline) -> Iterator[tuple[str, Row]]:
    for one in model.promises:
        place = one.evidence
        yield one.feature, {
            "date": one.begin, "end": one.end, "kind": "promise", "status": one.outcome, "release": one.release,
            "text": one.text, "quote": place.quote, "source": place.source, "line": place.line or None,
        }  # fmt: skip
