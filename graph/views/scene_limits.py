"""Less of a network: the surroundings of some things, some kinds, or what can still be looked at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable

from graph.views.kinds import BY_NAME
from graph.views.models import Edge, Node
from graph.views.scene_network import Net

MOST_NODES = 2000


def around(net: Net, centres: Iterable[str], hops: int) -> Net:
    """What is at most `hops` links away from one of the centres."""
    near: dict[str, set[str]] = defaultdict(set)
    for edge in net.edges:
        near[edge.source].add(edge.target)
        near[edge.target].add(edge.source)
    found = {key for key in centres if key in net.nodes}
    ring = set(found)
    for _ in range(hops):
        ring = {other for key in ring for other in near[key]} - found
        found |= ring
    return only(net, found)


def of_kinds(net: Net, kinds: Collection[str]) -> Net:
    """Only nodes of some kinds."""
    return only(net, {key for key, node in net.nodes.items() if node.kind in kinds})


def only(net: Net, keys: Collection[str]) -> Net:
    """Some of the nodes, and the links among them."""
    nodes = {key: node for key, node in net.nodes.items() if key in keys}
    return Net(nodes, tuple(e for e in net.edges if e.source in nodes and e.target in nodes))


def slipped(net: Net, source: str, target: str) -> set[str]:
    """Ids of what slipped from one release (IRI) to another."""
    pairs = {(e.source, e.target, e.kind) for e in net.edges}
    return {e.source for e in net.edges if e.kind == "slippedFrom" and e.target == source
            and (e.source, target, "slippedTo") in pairs}  # fmt: skip


HAPPENINGS = frozenset(
    {"meeting", "discussion", "status", "decision", "todo", "patch", "version", "milestone"}
)


def in_month(net: Net, month: str) -> list[str]:
    """Ids of what happened in a month, `2018-01`: meetings, what was said in them, patches, versions, milestones."""
    return [key for key, node in net.nodes.items() if node.kind in HAPPENINGS and node.date.startswith(month)]


def fold(net: Net, most: int = MOST_NODES, keep: Collection[str] = ()) -> tuple[Net, list[tuple[str, int]]]:
    """A network of `most` nodes at most, where folding can do it; kinds to `keep` are never folded.

    Patches that no note names go first, then status reports, what is only mentioned, single items, TODOs,
    decisions and the other patches. Also says what went: pairs of a kind and how many nodes of it.
    """
    folded: list[tuple[str, int]] = []
    for kind, goes in _STEPS:
        if len(net.nodes) <= most:
            break
        if kind in keep:
            continue
        less = {key for key in net.nodes if goes(net.nodes[key])} if goes else _only_mentioned(net, keep)
        if less:
            folded.append((kind, len(less)))
            net = only(net, net.nodes.keys() - less)
    return net, folded


def _of(kind: str) -> Callable[[Node], bool]:
    return lambda node: node.kind == kind


_STEPS: tuple[tuple[str, Callable[[Node], bool] | None], ...] = (
    ("patch", lambda node: node.kind == "patch" and bool(node.date) and not node.evidence),
    ("status", _of("status")), ("mentions", None), ("discussion", _of("discussion")), ("todo", _of("todo")),
    ("decision", _of("decision")), ("patch", _of("patch")),
)  # fmt: skip


def _only_mentioned(net: Net, keep: Collection[str]) -> set[str]:
    """Patches, bugs and people that nothing is said of but their name."""
    said: dict[str, list[Edge]] = defaultdict(list)
    for edge in net.edges:
        said[edge.source].append(edge)
        said[edge.target].append(edge)
    return {
        key
        for key, node in net.nodes.items()
        if node.kind in {"patch", "bug", "person"}.difference(keep)
        and all(e.kind == "mentions" for e in said[key])
    }


def folded_words(folded: Iterable[tuple[str, int]], lang: str) -> str:
    """What was folded, in words; "" when nothing was."""
    zh = lang == "zh"
    named, counts = [], Counter[str]()
    for kind, count in folded:
        counts[kind] += count
    for kind, count in counts.items():
        if kind == "mentions":
            named.append(f"{count} 个只被提到的" if zh else f"{count} only mentioned")
        else:
            named.append(f"{count} {BY_NAME[kind].zh if zh else BY_NAME[kind].en.lower()}")
    if not named:
        return ""
    return f"已收起：{'、'.join(named)}" if zh else f"folded: {', '.join(named)}"
