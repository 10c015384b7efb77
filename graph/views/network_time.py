"""From when to when each node of a network is on record, for the time slider.

What happens (a meeting, a patch) is there on its day. What lasts (a feature, a person, a release) is there
from the first to the last day of what happens to it; a node without any day takes those of its neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from graph.views.axis import parse_day
from graph.views.models import Edge, Node

LASTING = frozenset({"feature", "topic", "person", "release", "bug", "note"})
Span = tuple[int, int]


def spans(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[Span]:
    """First and last ordinal day of each node; (0, 0) where nothing dated is near: that is always shown."""
    own = [_own(node) for node in nodes]
    place = {node.id: at for at, node in enumerate(nodes)}
    around: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        around[place[edge.source]].append(place[edge.target])
        around[place[edge.target]].append(place[edge.source])
    found = [_lasting(at, nodes, own, around[at]) for at in range(len(nodes))]
    waiting = [at for at, span in enumerate(found) if span is None]
    while waiting:
        more = {at: span for at in waiting if (span := _hull([found[n] for n in around[at]])) is not None}
        if not more:
            break
        for at, span in more.items():
            found[at] = span
        waiting = [at for at in waiting if at not in more]
    return [span or (0, 0) for span in found]


def _own(node: Node) -> Span | None:
    day = parse_day(node.date)
    return None if day is None else (day.toordinal(), day.toordinal())


def _lasting(at: int, nodes: Sequence[Node], own: Sequence[Span | None], near: Sequence[int]) -> Span | None:
    """A node's own day, widened to what happens to it if it lasts."""
    if nodes[at].kind not in LASTING:
        return own[at]
    return _hull([own[at], *(own[n] for n in near if nodes[n].kind not in LASTING)])


def _hull(each: Sequence[Span | None]) -> Span | None:
    known = [span for span in each if span is not None]
    return (min(first for first, _ in known), max(last for _, last in known)) if known else None
