"""Which nodes of a crowded network stand together as one "+12" until somebody unfolds them.

What is folded are leaves: patches, bugs, people and the like that are tied to one thing only and that no note
speaks of. Leaves of one thing, one kind and one link are one fold.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.views.kinds import look
from graph.views.models import Edge, Node

CROWDED = 250  # nodes from which leaves are folded
LEAST = 4  # fewer are not worth a click
KINDS = frozenset({"patch", "bug", "person", "link", "milestone", "version", "discussion"})
PLANNED = frozenset({"milestone", "version"})  # folded with their words, which are those of a plan
TURN = math.pi * (3 - math.sqrt(5))  # from one seed of a sunflower to the next
APART = (62, 44)  # layout pixels between things that were unfolded


@dataclass(frozen=True)
class Fold:
    """Members by their places in the list of nodes, and the edge that ties the first of them to the hub.

    `outward` says that the link goes from the hub to the members.
    """

    hub: int
    members: tuple[int, ...]
    edge: Edge
    outward: bool


def folds(nodes: Sequence[Node], edges: Sequence[Edge], crowded: int = CROWDED) -> list[Fold]:
    """The folds of a network of distinct nodes; none where it is not crowded."""
    if len(nodes) < crowded:
        return []
    place = {node.id: at for at, node in enumerate(nodes)}
    groups: dict[tuple[int, str, str, bool], list[tuple[int, Edge]]] = defaultdict(list)
    for leaf, edge in _leaves(nodes, edges, place):
        outward = place[edge.target] == leaf
        hub = place[edge.source if outward else edge.target]
        groups[hub, look(nodes[leaf].kind).name, edge.kind, outward].append((leaf, edge))
    found = [
        Fold(hub, tuple(leaf for leaf, _ in each), each[0][1], outward)
        for (hub, _, _, outward), each in groups.items()
        if len(each) >= LEAST
    ]
    inside = {leaf for fold in found for leaf in fold.members}
    return [fold for fold in found if fold.hub not in inside]


def _leaves(nodes: Sequence[Node], edges: Sequence[Edge], place: Mapping[str, int]) -> list[tuple[int, Edge]]:
    """Nodes that may be folded and have one edge, with that edge."""
    tied: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        tied[place[edge.source]].append(edge)
        tied[place[edge.target]].append(edge)
    return [
        (at, tied[at][0])
        for at, node in enumerate(nodes)
        if node.kind in KINDS and (not node.evidence or node.kind in PLANNED) and len(tied[at]) == 1
    ]


def unfolded(count: int, centre: tuple[int, int]) -> list[tuple[int, int]]:
    """Where the members of a fold stand once it is open: a sunflower around it."""
    return [
        (
            round(centre[0] + APART[0] * math.sqrt(n + 0.6) * 0.72 * math.cos(n * TURN)),
            round(centre[1] + APART[1] * math.sqrt(n + 0.6) * 0.72 * math.sin(n * TURN)),
        )
        for n in range(count)
    ]


def middle_date(nodes: Sequence[Node], fold: Fold) -> str:
    """The date in the middle of those of the members, "" where they have none."""
    dates = sorted(nodes[at].date for at in fold.members if nodes[at].date)
    return dates[len(dates) // 2] if dates else ""
