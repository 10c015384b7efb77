"""networkx → pyvis → what vis-network reads: nodes, edges and options.

pyvis' own template is not used: it links to a CDN and writes headings as markup.
"""

from __future__ import annotations

import json
from typing import Any

import networkx as nx
from pyvis.network import Network

from graph.views.kinds import Kind, look
from graph.views.network_data import Drawn, label_lines

MANY = 1200  # links from which they are hidden while the view moves
FOLD_SIZE = 4  # pixels that a fold is larger than its kind


class _Ids(list[int]):
    """pyvis looks every id up in a list; with a set beside it thousands of nodes stay quick."""

    def __init__(self) -> None:
        super().__init__()
        self.known: set[int] = set()

    def append(self, item: int) -> None:
        super().append(item)
        self.known.add(item)

    def __contains__(self, item: object) -> bool:
        return item in self.known


def through_pyvis(net: Drawn, free: bool) -> dict[str, Any]:
    """Nodes (ids are places in the list, folds after the nodes) and edges, and the options of vis-network."""
    vis = Network(directed=True)
    vis.node_ids = _Ids()
    vis.from_nx(_graph(net, free))
    vis.set_options(json.dumps(_options(len(net.edges))))
    nodes, edges, _, _, _, options = vis.get_network_data()
    for edge in edges:
        edge["id"] = edge.pop("at")
        del edge["arrows"], edge["width"]  # the options say it once for all
    return {"nodes": nodes, "edges": edges, "options": json.loads(options)}


def _graph(net: Drawn, free: bool) -> nx.MultiDiGraph[int]:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    spots = net.free if free else net.spots
    place = {node.id: at for at, node in enumerate(net.nodes)}
    for at, node in enumerate(net.nodes):
        graph.add_node(at, label=label_lines(node.label or node.id), **_look(look(node.kind), spots[at]))
    for at, fold in enumerate(net.folds, len(net.nodes)):
        kind = look(net.nodes[fold.members[0]].kind)
        grown = kind._replace(size=kind.size + FOLD_SIZE)
        graph.add_node(at, label=f"+{len(fold.members)}", **_look(grown, spots[at]))
    # Edges come back ordered by their ends; `at` is their place in the page's list.
    for at, edge in enumerate(net.edges):
        graph.add_edge(place[edge.source], place[edge.target], at=at)
    for at, fold in enumerate(net.folds):
        hub, group = fold.hub, len(net.nodes) + at
        graph.add_edge(*((hub, group) if fold.outward else (group, hub)), at=len(net.edges) + at)
    return graph


def _look(kind: Kind, spot: tuple[int, int]) -> dict[str, str | int]:
    return {"shape": kind.shape, "color": kind.colour, "size": kind.size, "x": spot[0], "y": spot[1]}


def _options(links: int) -> dict[str, object]:
    """vis-network's options: no physics, straight edges, which also cost the least to draw."""
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "interaction": {
            "hideEdgesOnDrag": links > MANY, "hideEdgesOnZoom": links > MANY, "hover": True, "dragNodes": False,
            "selectConnectedEdges": False, "hoverConnectedEdges": False, "keyboard": False, "tooltipDelay": 86400000,
        },
        "edges": {"smooth": False, "width": 1, "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}}},
        "nodes": {"borderWidth": 1, "borderWidthSelected": 3, "scaling": {"label": {"drawThreshold": 6}}},
    }  # fmt: skip
