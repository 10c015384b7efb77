"""The result of a query as a network: things are nodes, a row that holds two of them is an edge."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.serve.editor_patterns import Tie, ties
from graph.serve.results_cells import short
from graph.table import Table
from graph.terms import ID, PREFIXES, keys_of
from graph.views.models import Edge, Node
from graph.views.network import network_page
from graph.views.page import Page

MOST = 2000  # nodes of one picture
Pair = tuple[str, str, str]
_PROPERTY = re.compile(r"[\w-]+:(?!status-)[^\W\d_A-Z]")


def linked(table: Table, text: str = "") -> list[Pair]:
    """Pairs of IRIs with what ties them: as the patterns of the query say, else the first thing with its others."""
    said = ties(text, table.columns)
    properties = {name for at, name in enumerate(table.columns) if _are_properties(table, at)}
    done = {name for tie in said for name in tie[:3]}
    left = [name for name in table.columns if name not in done | properties]
    words = sorted(properties) if len(left) == 2 and len(properties) == 1 else []
    between = {tie.p for tie in said} | properties
    head = next((name for name in table.columns if name not in between and _has_things(table, name)), "")
    said += [Tie(head, "".join(words), name, "") for name in left if head and name != head]
    found: dict[Pair, None] = {}
    for row in table.dicts():
        for s, p, o, label in said:
            one, other = row.get(s) or _written(s), row.get(o) or _written(o)
            if _is_iri(one) and _is_iri(other):
                found[str(one), str(other), short(str(row[p])) if p else label or o] = None
    return list(found)


def _written(name: str) -> str:
    """The IRI of a term of a query; "" for a column, or a prefix that is not ours."""
    prefix, colon, local = name.partition(":")
    if name.startswith("<"):
        return name[1:-1]
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else ""


def _has_things(table: Table, name: str) -> bool:
    at = table.columns.index(name)
    return any(_is_iri(row[at]) for row in table.rows)


def _are_properties(table: Table, at: int) -> bool:
    """Whether all IRIs of a column, and there are some, name properties: those begin with a small letter."""
    found = {str(row[at]) for row in table.rows if _is_iri(row[at])}
    return bool(found) and all(_PROPERTY.match(short(iri)) for iri in found)


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
