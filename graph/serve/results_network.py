"""The result of a query as a network: things are nodes, a row that holds two of them is an edge."""

from __future__ import annotations

from collections.abc import Sequence

from graph.serve.results_cells import short
from graph.table import Table
from graph.terms import ID, keys_of
from graph.views.models import Edge, Node
from graph.views.network import network_page
from graph.views.page import Page

MOST = 2000  # nodes of one picture
Pair = tuple[str, str, str]


def linked(table: Table) -> list[Pair]:
    """Pairs of IRIs with what ties them: triples as they are, else the first thing of each row with its others."""
    if table.columns == ("subject", "predicate", "object"):
        return [(str(s), str(o), short(str(p))) for s, p, o in table.rows if _is_iri(s) and _is_iri(o)]
    found: dict[Pair, None] = {}
    for row in table.rows:
        things = [at for at, cell in enumerate(row) if _is_iri(cell)]
        for other in things[1:]:
            found[str(row[things[0]]), str(row[other]), table.columns[other]] = None
    return list(found)


def _is_iri(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://")) and " " not in value


def pictured(pairs: Sequence[Pair], title: str, lang: str) -> Page:
    """The network page of some pairs; beyond MOST nodes the rest is left out, and the title says so."""
    kept: dict[str, None] = {}
    for one, other, _ in pairs:
        for iri in (one, other):
            if len(kept) < MOST:
                kept[iri] = None
    edges = [Edge(s, o, "link", label) for s, o, label in pairs if s in kept and o in kept]
    whole = {iri for pair in pairs for iri in pair[:2]}
    if len(whole) > MOST:
        title += f" ({MOST} / {len(whole)})"
    return network_page([_node(iri) for iri in kept], edges, title=title, lang=lang)


def _node(iri: str) -> Node:
    keys = keys_of(iri)
    kind = keys[1] if len(keys) > 2 else "link"
    return Node(iri, kind, short(iri), url="" if iri.startswith(ID) else iri)
