"""What code and specs add to a network of notes: who wrote what, versions, and what releases promised and shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph.terms import keys_of
from graph.views.models import Edge, Evidence, Node
from graph.views.scene_network import Net
from graph.views.scene_words import fact_word, link_word, stage_word
from graph.views.scenes import Row, Scene, in_range

PROMISED = {"approved": "promisedFor", "implemented": "shippedIn"}


@dataclass(frozen=True)
class Days:
    """A range of ISO days, "" for open."""

    since: str = ""
    until: str = ""


def widened(net: Net, scene: Scene, authors: Sequence[Row], days: Days) -> Net:
    """The network with authors, versions and promises; of people and features only what the network can tie."""
    nodes, edges = dict(net.nodes), list(net.edges)
    _add_promises(scene, nodes, edges, days)
    _add_versions(scene, nodes, edges, days)
    _add_authors(scene, authors, nodes, edges, days)
    return Net(nodes, tuple(edges))


def _link(scene: Scene, source: str, target: str, kind: str) -> Edge:
    return Edge(source, target, kind, link_word(kind, scene.lang))


def _release(scene: Scene, nodes: dict[str, Node], iri: str) -> bool:
    """Whether a release is among the nodes; one that nothing was tied to so far is put there."""
    release = scene.releases.get(iri)
    if release is not None and iri not in nodes:
        dates = {"start": release.start, "freeze": release.freeze, "ship": release.ship}
        facts = tuple((fact_word(name, scene.lang), day) for name, day in dates.items() if day)
        nodes[iri] = Node(iri, "release", release.label, release.ship, facts)
    return iri in nodes


def _add_promises(scene: Scene, nodes: dict[str, Node], edges: list[Edge], days: Days) -> None:
    """A feature is tied to the releases that promised or shipped it; where it slipped from, that is told already."""
    known = {(e.source, e.target) for e in edges if e.kind == "slippedFrom"}
    for row in scene.rows.get("plans", ()):
        key, kind = scene.subject_of(row), PROMISED.get(row["state"], "")
        release = scene.releases.get(row["release"])
        start = release.start if release is not None else ""
        if (
            key not in nodes
            or not kind
            or (key, row["release"]) in known
            or not in_range(start, "", days.until)
        ):
            continue
        if (days.since or days.until) and row["release"] not in nodes:
            continue
        if _release(scene, nodes, row["release"]):
            known.add((key, row["release"]))
            edges.append(_link(scene, key, row["release"], kind))
            _quote(
                nodes, key, Evidence(row["title"], f"{row['source']}:{row['path']}", int(row["line"] or 0))
            )


def _quote(nodes: dict[str, Node], key: str, quote: Evidence) -> None:
    """A spec's title is shown where there are no words of a meeting."""
    if not nodes[key].evidence:
        nodes[key] = replace(nodes[key], evidence=(quote,))


def _add_versions(scene: Scene, nodes: dict[str, Node], edges: list[Edge], days: Days) -> None:
    """Versions that were tagged, on their days, tied to their releases."""
    for row in scene.rows.get("versions", ()):
        if row["version"] in nodes or not row["date"] or not in_range(row["date"], days.since, days.until):
            continue
        if row["release"] not in nodes:
            continue
        keys = keys_of(row["version"])
        stage = (fact_word("stage", scene.lang), stage_word(row["stage"], scene.lang))
        nodes[row["version"]] = Node(
            row["version"], "version", " ".join(keys[2:]) or row["version"], row["date"], (stage,)
        )
        edges.append(_link(scene, row["version"], row["release"], "versionOf"))


def _add_authors(
    scene: Scene, authors: Sequence[Row], nodes: dict[str, Node], edges: list[Edge], days: Days
) -> None:
    """Who wrote patches of a feature is tied to it; a person whom notes know by a nick is that node."""
    spoken = {row["target"]: row["thing"] for row in scene.rows.get("stands", ()) if row["thing"] in nodes}
    names = _names(scene.rows.get("written", ()))
    patches: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in authors:
        thing = scene.subject_of(row)
        if thing in nodes and in_range(row["date"], days.since, days.until):
            patches[spoken.get(row["person"], row["person"]), thing, row["link"]].add(row["patch"])
    counts: dict[str, set[str]] = defaultdict(set)
    for (person, thing, link), found in sorted(patches.items()):
        counts[person] |= found
        edges.append(_link(scene, person, thing, link))
    for person, found in counts.items():
        fact = (fact_word("patches", scene.lang), str(len(found)))
        node = nodes.get(person) or Node(person, "person", names.get(person) or keys_of(person)[-1])
        nodes[person] = replace(node, facts=(*node.facts, fact))


def _names(rows: Iterable[Row]) -> dict[str, str]:
    """The name of each person: the one with most capitals of those that commits have."""
    found: dict[str, str] = {}
    for row in rows:
        name, old = row["name"], found.get(row["person"], "")
        if (not name.islower(), len(name), name) > (bool(old) and not old.islower(), len(old), old):
            found[row["person"]] = name
    return found
