"""Networks of any size for measuring the network page, the same every time and of the shape that real ones have.

A few releases with milestones, features that meetings speak of, and mostly patches that hang on one feature.
"""

from __future__ import annotations

from datetime import date, timedelta

from graph.views.models import Edge, Evidence, Node

SIZES = (100, 500, 2000, 10_000)
BEGIN = date(2024, 1, 1)
FEATURES = 8  # of so many nodes, one is a feature
LINKS = {"patch": "implemented by", "release": "promised for", "meeting": "discussed", "person": "works on"}


def network(count: int) -> tuple[list[Node], list[Edge]]:
    """`count` nodes and some 1.4 links for each of them."""
    releases = [_node("release", n, 180 * n) for n in range(max(1, count // 400))]
    meetings = [_node("meeting", n, 7 * n) for n in range(max(1, count // 60))]
    people = [_node("person", n, None) for n in range(max(1, count // 40))]
    features = [_node("feature", n, (n * 37) % (180 * len(releases))) for n in range(count // FEATURES)]
    few = [*releases, *meetings, *people, *features]
    patches = [_node("patch", n, (n * 13) % (180 * len(releases))) for n in range(count - len(few))]
    edges = [
        *(_edge(feature, releases[n % len(releases)], "release") for n, feature in enumerate(features)),
        *(_edge(meetings[n * 7 % len(meetings)], feature, "meeting") for n, feature in enumerate(features)),
        *(_edge(people[n * 11 % len(people)], feature, "person") for n, feature in enumerate(features)),
        *(_edge(features[_hub(n, len(features))], patch, "patch") for n, patch in enumerate(patches)),
        *(_edge(features[n * 5 % len(features)], patch, "patch") for n, patch in enumerate(patches[::20])),
    ]
    return [*few, *patches], edges


def _hub(n: int, count: int) -> int:
    """Some features have many patches, most have few."""
    return (n * n * 31 + n) % count if n % 3 else n % max(1, count // 9)


def _node(kind: str, n: int, day: int | None) -> Node:
    when = "" if day is None else (BEGIN + timedelta(days=day)).isoformat()
    label = f"{kind} {n} 第 {n} 个 with a name of usual length"
    quote = (Evidence(f"What was said of {kind} {n}.", "notes/2024.md", n + 1),) if n % 9 == 0 else ()
    url = f"https://example.org/{kind}/{n}"
    return Node(
        f"https://w3id.org/release-kg/id/bench/{kind}/{n}",
        kind,
        label,
        when,
        (("Number", str(n)),),
        url,
        quote,
    )


def _edge(one: Node, other: Node, kind: str) -> Edge:
    return Edge(one.id, other.id, kind, LINKS[kind])
