"""Where each node stands by its meaning: date across, kind down, the same every time and without overlap.

Dates become columns (days while they are few, else months or years), kinds become bands. The nodes of one
column and band stand in a grid; a band is as high as its fullest grid, a column as wide.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.views.axis import parse_day
from graph.views.kinds import KINDS, OTHER, look
from graph.views.models import Edge, Node

CELL_W, CELL_H = 132, 66
COLUMN_GAP, BAND_GAP = 16, 18
MOST_COLUMNS = 40
VIEW, SPREADS = (1040, 600), (0.6, 1.0, 1.4, 1.8, 2.4, 3.2, 4.4)
GRAINS = (10, 7, 4)  # characters of an ISO date kept: day, month, year

Groups = dict[tuple[str, str], list[Node]]  # nodes by column and band


@dataclass(frozen=True)
class Strip:
    """A band or a column: what it stands for, and its extent in layout pixels."""

    name: str
    begin: int
    end: int


@dataclass(frozen=True)
class Layout:
    """Positions by node id (centre, layout pixels), and the strips behind them; column "" has no date."""

    positions: Mapping[str, tuple[int, int]]
    bands: tuple[Strip, ...]
    columns: tuple[Strip, ...]


def _neighbours(edges: Iterable[Edge]) -> dict[str, list[str]]:
    around: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        around[edge.source].append(edge.target)
        around[edge.target].append(edge.source)
    return around


def _days(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, int]:
    """Ordinal day by node id; a node without a date takes the mean of its neighbours', ring by ring."""
    parsed = ((n.id, parse_day(n.date)) for n in nodes)
    days = {key: day.toordinal() for key, day in parsed if day is not None}
    around = _neighbours(edges)
    waiting = [n.id for n in nodes if n.id not in days]
    while waiting:
        found = {}
        for key in waiting:
            near = [days[other] for other in around[key] if other in days]
            if near:
                found[key] = round(sum(near) / len(near))
        if not found:
            break
        days.update(found)
        waiting = [key for key in waiting if key not in found]
    return days


def _stops(nodes: Sequence[Node]) -> list[tuple[int, str]]:
    """The columns in order: (ordinal day of the first date, name), at the finest grain that serves."""
    dates = sorted({day for n in nodes if (day := parse_day(n.date)) is not None})
    names: dict[str, int] = {}
    for grain in GRAINS:
        names = {}
        for date in dates:
            names.setdefault(date.isoformat()[:grain], date.toordinal())
        if len(names) <= MOST_COLUMNS:
            break
    return [(day, name) for name, day in names.items()]


def _column_of(day: int | None, stops: Sequence[tuple[int, str]]) -> str:
    """The last column begun by that day; "" for a day that is not known."""
    if day is None or not stops:
        return ""
    return stops[max(0, bisect_right(stops, day, key=lambda stop: stop[0]) - 1)][1]


def _grid(count: int, spread: float) -> tuple[int, int]:
    """Columns and rows of a grid of `count` cells; the larger `spread`, the wider it is."""
    wide = max(1, int(math.sqrt(count * CELL_H / CELL_W) * spread + 0.3))
    return wide, math.ceil(count / wide)


def _strips(names: Sequence[str], sizes: Mapping[str, int], cell: int, gap: int) -> tuple[Strip, ...]:
    strips, at = [], 0
    for name in names:
        end = at + sizes[name] * cell
        strips.append(Strip(name, at, end))
        at = end + gap
    return tuple(strips)


def _sizes(groups: Groups, spread: float) -> tuple[dict[str, int], dict[str, int]]:
    """Cells across by column and cells down by band."""
    wide: dict[str, int] = defaultdict(int)
    high: dict[str, int] = defaultdict(int)
    for (column, band), members in groups.items():
        across, down = _grid(len(members), spread)
        wide[column] = max(wide[column], across)
        high[band] = max(high[band], down)
    return wide, high


def _best_spread(groups: Groups) -> float:
    """The spread at which the whole fills a usual view best, so that it is seen as large as can be."""

    def scale(spread: float) -> float:
        wide, high = _sizes(groups, spread)
        across = sum(wide.values()) * CELL_W + len(wide) * COLUMN_GAP
        down = sum(high.values()) * CELL_H + len(high) * BAND_GAP
        return min(VIEW[0] / max(1, across), VIEW[1] / max(1, down))

    return max(SPREADS, key=scale)


def _place(members: list[Node], column: Strip, band: Strip, spread: float) -> dict[str, tuple[int, int]]:
    across, down = _grid(len(members), spread)
    left = (column.begin + column.end - across * CELL_W) // 2 + CELL_W // 2
    top = (band.begin + band.end - down * CELL_H) // 2 + CELL_H // 2 - 10
    return {n.id: (left + i % across * CELL_W, top + i // across * CELL_H) for i, n in enumerate(members)}


def lay_out(nodes: Sequence[Node], edges: Sequence[Edge]) -> Layout:
    """Positions and strips for nodes of distinct ids and the edges among them."""
    days, stops = _days(nodes, edges), _stops(nodes)
    groups: Groups = defaultdict(list)
    for node in sorted(nodes, key=lambda n: (days.get(n.id, 0), n.date, n.id)):
        groups[_column_of(days.get(node.id), stops), look(node.kind).name].append(node)
    spread = _best_spread(groups)
    wide, high = _sizes(groups, spread)
    column_names = [name for name in (*(name for _, name in stops), "") if name in wide]
    band_names = [k.name for k in (*KINDS, OTHER) if k.name in high]
    columns = _strips(column_names, wide, CELL_W, COLUMN_GAP)
    bands = _strips(band_names, high, CELL_H, BAND_GAP)
    by_column, by_band = {s.name: s for s in columns}, {s.name: s for s in bands}
    positions: dict[str, tuple[int, int]] = {}
    for (column, band), members in groups.items():
        positions.update(_place(members, by_column[column], by_band[band], spread))
    return Layout(positions, bands, columns)
