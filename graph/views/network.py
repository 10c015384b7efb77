"""The network page: networkx → pyvis → one HTML file that needs no network at all.

pyvis gives the nodes, edges and options as vis-network reads them, and the vis-network script it ships. Its
own template is not used: it links to a CDN and writes headings as markup. Of vis-network's stylesheet nothing
is needed, as the page has its own panel, search and buttons.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import networkx as nx
from pyvis.network import Network

from graph.views.kinds import KINDS, OTHER, Kind, look
from graph.views.models import Edge, Node
from graph.views.network_layout import Layout, Strip, lay_out
from graph.views.network_words import WORDS
from graph.views.page import Page, asset, clip, esc, safe_url, single_file, visible

LABEL_COLUMNS = 34
MANY = 1500  # nodes from which edges are hidden while the view moves

SYMBOLS = {
    "dot": '<circle cx="8" cy="8" r="6"/>',
    "square": '<rect x="2.5" y="2.5" width="11" height="11"/>',
    "diamond": '<path d="M8 1 15 8 8 15 1 8Z"/>',
    "triangle": '<path d="M8 1.5 15 14H1Z"/>',
    "triangleDown": '<path d="M8 14.5 1 2H15Z"/>',
    "hexagon": '<path d="M4.5 2h7L15 8l-3.5 6h-7L1 8Z"/>',
    "star": '<path d="M8 .5l2 5.1 5.5.4-4.2 3.5 1.3 5.5L8 12l-4.6 3 1.3-5.5L.5 6 6 5.6Z"/>',
}


class _Ids(list[str]):
    """pyvis looks every id up in a list; with a set beside it ten thousand nodes stay quick."""

    def __init__(self) -> None:
        super().__init__()
        self.known: set[str] = set()

    def append(self, item: str) -> None:
        super().append(item)
        self.known.add(item)

    def __contains__(self, item: object) -> bool:
        return item in self.known


def _label(text: str) -> str:
    """At most two lines of half of LABEL_COLUMNS each, as vis-network does not break Chinese."""
    line = clip(text, LABEL_COLUMNS)
    head = clip(line, LABEL_COLUMNS // 2)
    if head == line:
        return line
    cut = len(head) - 1
    space = line.rfind(" ", 0, cut + 1)
    cut = space if space >= cut // 3 else cut
    return f"{line[:cut].rstrip()}\n{clip(line[cut:].lstrip(), LABEL_COLUMNS // 2)}"


def _graph(nodes: Sequence[Node], edges: Sequence[Edge], layout: Layout) -> nx.MultiDiGraph[str]:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in nodes:
        kind, (x, y) = look(node.kind), layout.positions[node.id]
        graph.add_node(
            node.id,
            label=_label(node.label or node.id),
            shape=kind.shape,
            color=kind.colour,
            size=kind.size,
            x=x,
            y=y,
        )
    for edge in edges:
        graph.add_edge(edge.source, edge.target, label=visible(edge.label), kind=edge.kind)
    return graph


def _options(count: int) -> dict[str, object]:
    """vis-network's options: no physics, straight edges, which also cost the least to draw."""
    return {
        "physics": {"enabled": False, "solver": "forceAtlas2Based", "stabilization": False},
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "interaction": {
            "hideEdgesOnDrag": count > MANY,
            "hideEdgesOnZoom": count > MANY,
            "selectConnectedEdges": False,
            "keyboard": {"enabled": True, "bindToWindow": False},
        },
        "edges": {"smooth": False, "width": 1, "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}}},
        "nodes": {"borderWidth": 1, "borderWidthSelected": 3, "scaling": {"label": {"drawThreshold": 6}}},
    }


def _through_pyvis(graph: nx.MultiDiGraph[str]) -> dict[str, Any]:
    net = Network(directed=True)
    net.node_ids = _Ids()
    net.from_nx(graph)
    net.set_options(json.dumps(_options(graph.number_of_nodes())))
    nodes, edges, _, _, _, options = net.get_network_data()
    for at, edge in enumerate(edges):
        edge["id"] = at
        del edge["arrows"], edge["width"]  # the options say it once for all
    return {"nodes": nodes, "edges": edges, "options": json.loads(options)}


def _detail(node: Node) -> dict[str, object]:
    """What panel and search show of a node, made visible here, as the script writes it as text only."""
    return {
        "kind": look(node.kind).name,
        "label": visible(node.label or node.id),
        "date": visible(node.date),
        "facts": [[visible(name), visible(value)] for name, value in node.facts],
        "url": visible(node.url),
        "open": bool(safe_url(node.url)),
        "quotes": [[visible(e.quote), f"{visible(e.source)}:{e.line}"] for e in node.evidence],
    }


def _legend(counts: Counter[str], lang: str) -> str:
    rows = [k for k in (*KINDS, OTHER) if counts[k.name]]
    return "\n".join(_legend_entry(kind, counts[kind.name], lang) for kind in rows)


def _legend_entry(kind: Kind, count: int, lang: str) -> str:
    symbol = f'<svg viewBox="0 0 16 16" aria-hidden="true" fill="{kind.colour}">{SYMBOLS[kind.shape]}</svg>'
    name = kind.zh if lang == "zh" else kind.en
    return (
        f'<button type="button" class="kind" aria-pressed="true" data-kind="{kind.name}">{symbol}'
        f'<span>{name}</span> <span class="count">{count}</span></button>'
    )


def _body(title: str, words: dict[str, str], legend: str) -> str:
    markup = asset("network.html").replace("{legend}", legend)
    for key, value in words.items():
        markup = markup.replace("{" + key + "}", esc(value))
    return markup.replace("{title}", esc(title))


def _strips(strips: Sequence[Strip]) -> list[list[str | int]]:
    return [[s.name, s.begin, s.end] for s in strips]


def _distinct(nodes: Sequence[Node]) -> list[Node]:
    kept: dict[str, Node] = {}
    for node in nodes:
        kept.setdefault(node.id, node)
    return list(kept.values())


def network_html(nodes: Sequence[Node], edges: Sequence[Edge], *, title: str, lang: str) -> str:
    """The page as one HTML file, the same for the same input."""
    return single_file(network_page(nodes, edges, title=title, lang=lang))


def network_page(nodes: Sequence[Node], edges: Sequence[Edge], *, title: str, lang: str) -> Page:
    """The page before it is put together.

    Of nodes with one id the first counts; an edge is drawn when both its ends are among the nodes. `lang` is
    `zh` or `en` and sets the page's own words; labels and facts are shown as given.
    """
    lang = lang if lang in WORDS else "en"
    nodes = _distinct(nodes)
    known = {n.id for n in nodes}
    edges = [e for e in edges if e.source in known and e.target in known]
    layout, words = lay_out(nodes, edges), WORDS[lang]
    counts = Counter(look(n.kind).name for n in nodes)
    data = {
        **_through_pyvis(_graph(nodes, edges, layout)),
        "details": {n.id: _detail(n) for n in nodes},
        "bands": _strips(layout.bands),
        "columns": _strips(layout.columns),
        "kinds": {k.name: [k.zh if lang == "zh" else k.en, k.colour] for k in (*KINDS, OTHER)},
        "words": words,
    }
    return Page(
        title, lang, _body(title, words, _legend(counts, lang)), data, ("page.css", "network.css"),
        ("vis-network", "network.js"),
    )  # fmt: skip
