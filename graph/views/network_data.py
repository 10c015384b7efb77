"""What the network page embeds: nodes, links, folds and positions as columns of plain values.

Columns, and places in lists for ids, keep ten thousand nodes small and quick to read. All text is made visible
here, as the scripts write it as text only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graph.terms import ID
from graph.views.kinds import KINDS, OTHER, look
from graph.views.models import Edge, Node
from graph.views.network_fold import Fold, folds, middle_date, unfolded
from graph.views.network_free import free_layout
from graph.views.network_layout import Layout, Strip, lay_out
from graph.views.network_time import spans
from graph.views.page import clip, safe_url, visible

LABEL_COLUMNS = 34
Spots = list[tuple[int, int]]


@dataclass(frozen=True)
class Drawn:
    """A network ready to be embedded: distinct nodes, links among them, folds, and one position for each.

    `spots` and `free` hold the nodes first and then the folds; a list that was not wanted is empty.
    """

    nodes: list[Node]
    edges: list[Edge]
    folds: list[Fold]
    spots: Spots
    free: Spots
    layout: Layout


def drawn(nodes: Sequence[Node], edges: Sequence[Edge], *, fold: bool, meaning: bool, free: bool) -> Drawn:
    """Of nodes with one id the first counts; a link is kept when both its ends are among the nodes."""
    known: dict[str, Node] = {}
    for node in nodes:
        known.setdefault(node.id, node)
    kept = [e for e in edges if e.source in known and e.target in known]
    each = list(known.values())
    found = folds(each, kept) if fold else []
    standing, links = _standing(each, kept, found)
    layout = lay_out(standing, links) if meaning else Layout({}, (), ())
    by_meaning = [layout.positions[node.id] for node in standing] if meaning else []
    by_links = free_layout(standing, links) if free else []
    spots, loose = (_all(len(each), found, some) if some else [] for some in (by_meaning, by_links))
    return Drawn(each, kept, found, spots, loose, layout)


def _standing(nodes: list[Node], edges: list[Edge], found: list[Fold]) -> tuple[list[Node], list[Edge]]:
    """The network as it is first seen: each fold is a node in place of its members."""
    inside = {nodes[at].id for fold in found for at in fold.members}
    ids = [f"\x00{at}" for at in range(len(found))]
    shown = [node for node in nodes if node.id not in inside]
    shown += [
        Node(key, nodes[fold.members[0]].kind, "", middle_date(nodes, fold))
        for key, fold in zip(ids, found, strict=True)
    ]
    links = [e for e in edges if e.source not in inside and e.target not in inside]
    links += [Edge(nodes[fold.hub].id, key, "", "") for key, fold in zip(ids, found, strict=True)]
    return shown, links


def _all(count: int, found: list[Fold], standing: Spots) -> Spots:
    """Positions of all nodes and then the folds, from those of what is first seen."""
    inside = {at for fold in found for at in fold.members}
    spots: Spots = [(0, 0)] * count
    for at, spot in zip((n for n in range(count) if n not in inside), standing, strict=False):
        spots[at] = spot
    folded = standing[count - len(inside) :]
    for fold, centre in zip(found, folded, strict=True):
        for at, spot in zip(fold.members, unfolded(len(fold.members), centre), strict=True):
            spots[at] = spot
    return spots + folded


@lru_cache(4096)
def label_lines(text: str) -> str:
    """At most two lines of half of LABEL_COLUMNS each, as neither a canvas nor vis-network breaks Chinese."""
    line = _clip(text, LABEL_COLUMNS)
    head = _clip(line, LABEL_COLUMNS // 2)
    if head == line:
        return line
    cut = len(head) - 1
    pause = max(line.rfind(" ", 0, cut + 1), *(line.rfind(mark, 0, cut) + 1 for mark in "-_/"))
    cut = pause if pause >= cut // 3 else cut
    return f"{line[:cut].rstrip()}\n{_clip(line[cut:].lstrip(), LABEL_COLUMNS // 2)}"


def _clip(text: str, width: int) -> str:
    """`clip`, quicker for what most labels are; of a long text only what may be shown is looked at."""
    line = text if text.isascii() and text.isprintable() and "  " not in text else ""
    if not line or line != line.strip():
        return clip(text[: 8 * LABEL_COLUMNS], width)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def columns_of(net: Drawn, lang: str) -> dict[str, Any]:
    """The network as the page's script reads it."""
    kinds = _kinds(net.nodes)
    links = list(dict.fromkeys((e.kind, e.label) for e in net.edges))
    place = {node.id: at for at, node in enumerate(net.nodes)}
    link_at = {pair: at for at, pair in enumerate(links)}
    kind_at = {kind.name: at for at, kind in enumerate(kinds)}
    counts, linked = Counter(look(n.kind).name for n in net.nodes), Counter(e.kind for e in net.edges)
    days = spans(net.nodes, net.edges)
    return {
        "base": ID,
        "kinds": [[k.name, k.zh if lang == "zh" else k.en, k.colour, k.shape, k.size, counts[k.name]] for k in kinds],
        "links": [[visible(kind), visible(label or kind), linked[kind]] for kind, label in links],
        "keys": [visible(n.id.removeprefix(ID)) for n in net.nodes],
        "foreign": [at for at, n in enumerate(net.nodes) if not n.id.startswith(ID)],
        "kind": [kind_at[look(n.kind).name] for n in net.nodes],
        "labels": [visible(n.label or n.id) for n in net.nodes],
        "lines": [label_lines(n.label or n.id) for n in net.nodes],
        "dates": [visible(n.date) for n in net.nodes],
        "days": [day for span in days for day in span],
        "details": [_detail(n) for n in net.nodes],
        "edges": [v for e in net.edges for v in (place[e.source], place[e.target], link_at[e.kind, e.label])],
        "folds": [
            [f.hub, link_at[f.edge.kind, f.edge.label], int(f.outward), list(f.members)] for f in net.folds
        ],
        "at": [v for spot in net.spots for v in spot],
        "free": [v for spot in net.free for v in spot],
        "bands": _strips(net.layout.bands),
        "columns": _strips(net.layout.columns),
    }  # fmt: skip


def _kinds(nodes: Sequence[Node]) -> list[Any]:
    there = {look(n.kind).name for n in nodes}
    return [kind for kind in (*KINDS, OTHER) if kind.name in there]


def _detail(node: Node) -> list[Any]:
    """Facts, quotes with places, the address, and whether it may be opened; empty ends are left out."""
    facts = [[visible(name), visible(value)] for name, value in node.facts]
    quotes = [[visible(e.quote), f"{visible(e.source)}:{e.line}"] for e in node.evidence]
    found: list[Any] = [facts, quotes, visible(node.url), int(bool(safe_url(node.url)))]
    while found and not found[-1]:
        found.pop()
    return found


def _strips(strips: Sequence[Strip]) -> list[list[str | int]]:
    return [[s.name, s.begin, s.end] for s in strips]
