"""How much a network does not draw: patches of no feature, by release, and bugs that only commits name."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence

from graph.views.models import Edge, Node
from graph.views.scene_more import Days
from graph.views.scene_network import Net
from graph.views.scene_words import link_word
from graph.views.scenes import Row, Scene, in_range


def loose(scene: Scene, rows: Sequence[Row]) -> tuple[Counter[str], int]:
    """Patches that are not drawn, by the day of their first commit, and bugs; of a scene of all days.

    rows: of `network-loose.rq`, which counts all there are.
    """
    patches = Counter({row["date"]: int(row["count"]) for row in rows if row["kind"] == "patch"})
    first: dict[str, str] = {}
    for row in scene.rows["commits"]:
        first[row["patch"]] = min(row["date"], first.get(row["patch"], row["date"]))
    patches.subtract(Counter(first.values()))
    known = {row["thing"] for row in scene.rows["tracked"] if row["type"] == "bug"}
    bugs = sum(int(row["count"]) for row in rows if row["kind"] == "bug") - len(known)
    return +patches, max(0, bugs)


def of_days(patches: Mapping[str, int], days: Days) -> Counter[str]:
    """The same of some days."""
    return Counter({day: n for day, n in patches.items() if in_range(day, days.since, days.until)})


def with_folds(net: Net, scene: Scene, patches: Mapping[str, int]) -> Net:
    """A network with one node for all such patches of a release's cycle, tied to the release."""
    cycles = sorted((release.start, key) for key, release in scene.releases.items() if release.start)
    counts: Counter[str] = Counter()
    for day, count in patches.items():
        at = bisect_right(cycles, day, key=lambda cycle: cycle[0]) - 1
        if at >= 0 and cycles[at][1] in net.nodes:
            counts[cycles[at][1]] += count
    nodes, edges = dict(net.nodes), list(net.edges)
    for release, count in counts.items():
        key = f"patches-of-no-feature:{scene.releases[release].slug}"
        nodes[key] = Node(key, "patch", _label(scene, count))
        edges.append(Edge(key, release, "inCycle", link_word("inCycle", scene.lang)))
    return Net(nodes, tuple(edges))


def month_node(month: str) -> str:
    """The id of the node of all such patches of a month."""
    return f"patches-of-no-feature:{month}"


def with_month(net: Net, scene: Scene, month: str, count: int) -> Net:
    """A network with one node for all such patches of a month, where there are any."""
    if not count:
        return net
    key = month_node(month)
    return Net({**net.nodes, key: Node(key, "patch", _label(scene, count), month)}, net.edges)


def _label(scene: Scene, count: int) -> str:
    return scene.say(f"+{count:,} patches of no feature", f"+{count:,} 个不属于任何特性的补丁")


def not_drawn(scene: Scene, patches: int, bugs: int) -> str:
    """What is not drawn one by one, and how to see it; "" where that is nothing."""
    each = (
        [scene.say(f"{patches:,} patches of no feature", f"{patches:,} 个不属于任何特性的补丁")]
        if patches
        else []
    )
    if bugs:
        each.append(scene.say(f"{bugs:,} bugs that only commits name", f"{bugs:,} 个只有提交提到的缺陷"))
    names = scene.say(" and ", "和").join(each)
    return names and scene.say(
        f"Not drawn one by one: {names}. Name one to see what is around it.",
        f"没有逐个画出：{names}。指定其中一个即可查看其周围。",
    )
