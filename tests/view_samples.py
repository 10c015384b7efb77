"""Invented things for the tests of the views: an ordinary set, and one with an attack in every field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from graph.terms import STATUSES
from graph.views.models import (
    Edge,
    Evidence,
    Feature,
    Landing,
    Mark,
    Node,
    Promise,
    Release,
    SlipArrow,
    Taking,
    Timeline,
)

HOSTILE = (
    "<script>window.__pwned=1</script>",
    '"><img src=x onerror="window.__pwned=1">',
    "'onmouseover='window.__pwned=1",
    "</script><script>window.__pwned=1</script>",
    "<!--<script>",
    "javascript:window.__pwned=1",
    "</title></style></svg><svg onload=window.__pwned=1>",
    "\u202egnp.exe\u2066\u200b\u2028\x1b[31m\x00\ud800",
    "]]>&lt;b&gt;{{7*7}}{title}[red]x[/red]",
)
FEATURES = (
    ("shared-disk-pools", "Shared disk pools"),
    ("volume-groups", "卷组一致性快照"),
    ("quota-tree", "Hierarchical quota 层级配额"),
    ("rolling-schema", "滚动升级时的数据库模式"),
    ("fair-queue", "Fair queueing for API workers"),
    ("edge-cache", "边缘节点镜像缓存"),
    ("vgpu-share", "vGPU 共享与迁移"),
    ("cold-move", "Cold move across zones"),
    ("signed-images", "镜像签名校验 (signed images) with a rather long name that must be cut"),
    ("trait-filter", "Trait 过滤器"),
    ("audit-log", "审计日志"),
    ("ipv6-only", "IPv6-only control plane"),
    ("backup-window", "备份时间窗"),
    ("host-tags", "主机标签 API"),
    ("drain-node", "节点排空"),
)
MEETINGS = tuple(date(2031, 3, 3) + timedelta(days=7 * n) for n in range(7))
RELEASES = (
    Release("juniper", "Juniper", "2030-10-14", "2031-04-03", "2031-04-24"),
    Release("kestrel", "Kestrel", "2031-04-24", "2031-10-02", "2031-10-23"),
)
QUOTES = (
    "这部分基本完成了，还差一个补丁。",
    "No progress this week, waiting for review.",
    "本周期赶不上，推到下个版本。",
)


def _mark(at: int) -> Mark:
    key, label = FEATURES[at * 7 % len(FEATURES)]
    status = list(STATUSES)[at * 5 % len(STATUSES)] if at % 9 else ""
    kind = "report" if at % 9 else ("decision", "patch")[at % 2]
    day = MEETINGS[at * 3 % len(MEETINGS)].isoformat()
    part = "client 部分" if at % 4 == 0 else ""
    return Mark(
        key, day, kind, status, part, "", f"{label}: {status}", QUOTES[at % 3], "notes/2031-03.md", 20 + at
    )


def timeline(lang: str = "zh") -> Timeline:
    """15 features, 40 marks, two releases, three slips."""
    slips = tuple(
        SlipArrow(key, "juniper", to, "partial", day, QUOTES[2], "notes/2031-03.md", 90 + n)
        for n, (key, to, day) in enumerate(
            (("volume-groups", "kestrel", "2031-03-17"), ("vgpu-share", "kestrel", "2031-03-24"),
             ("audit-log", "lark", "2031-04-07"))
        )
    )  # fmt: skip
    return Timeline(
        tuple(Feature(*f) for f in FEATURES), tuple(_mark(n) for n in range(40)), RELEASES, slips, lang,
        "特性进展 2031-03" if lang == "zh" else "Feature progress 2031-03",
    )  # fmt: skip


def network() -> tuple[list[Node], list[Edge]]:
    """Meetings, features, people, patches, bugs, TODOs and their links, in Chinese and English."""
    nodes = [
        Node("rel:juniper", "release", "Juniper", "2031-04-24"),
        Node("ms:freeze", "milestone", "特性冻结 Feature freeze", "2031-04-03"),
    ]
    edges = [Edge("ms:freeze", "rel:juniper", "of", "所属版本")]
    people = ("林晓", "Ada Marsh", "周远 (yuanz)", "Tobias Ek")
    nodes += [Node(f"person:{n}", "person", name, "", (("角色", "评审"),)) for n, name in enumerate(people)]
    for n, day in enumerate(MEETINGS):
        nodes.append(
            Node(
                f"meeting:{n}",
                "meeting",
                f"{day.month}月{day.day}日例会",
                day.isoformat(),
                (("议题数", "4"),),
            )
        )
    for n, (key, label) in enumerate(FEATURES):
        quote = Evidence(QUOTES[n % 3], "notes/2031-03.md", 30 + n)
        nodes.append(Node(f"feature:{key}", "feature", label, "", (("slug", key), ("状态", "进行中")),
                          f"https://example.org/{key}", (quote,)))  # fmt: skip
        edges.append(Edge(f"meeting:{n % 7}", f"feature:{key}", "about", "讨论"))
        edges.append(Edge(f"person:{n % 4}", f"feature:{key}", "worksOn", "参与"))
        for p in range(1 + n % 3):
            patch = f"patch:{7000 + 10 * n + p}"
            day = MEETINGS[(n + p) % 7].isoformat()
            nodes.append(
                Node(
                    patch, "patch", f"{7000 + 10 * n + p} {label}", day, (), f"https://example.org/c/{patch}"
                )
            )
            edges.append(Edge(f"feature:{key}", patch, "implementedBy", "由补丁实现"))
    for n in range(4):
        nodes.append(
            Node(f"todo:{n}", "todo", f"弄清楚第 {n} 个问题：为什么重试会失败？", MEETINGS[n].isoformat())
        )
        nodes.append(
            Node(f"bug:{n}", "bug", f"bug/{91000 + n} resize fails now and then", MEETINGS[n + 2].isoformat())
        )
        nodes.append(Node(f"topic:{n}", "topic", ("重试", "Generation", "配额", "升级")[n], ""))
        edges.append(Edge(f"todo:{n}", f"meeting:{n}", "raisedIn", "提出于"))
        edges.append(Edge(f"meeting:{n + 2}", f"bug:{n}", "mentions", "提及"))
        edges.append(Edge(f"person:{n}", f"topic:{n}", "discusses", "讨论"))
    nodes.append(Node("topic:lonely", "topic", "没有日期的主题", ""))
    return nodes, edges


def large_network(count: int) -> tuple[list[Node], list[Edge]]:
    """`count` nodes of all sorts over 24 meetings, each with a fact and a quote, and three edges a node."""
    kinds = ("meeting", "discussion", "feature", "patch", "patch", "bug", "person", "todo", "status", "link")
    days = [(date(2030, 1, 7) + timedelta(days=14 * n)).isoformat() for n in range(24)]
    quote = (Evidence(QUOTES[0], "notes/2030.md", 7),)
    nodes = [
        Node(f"https://example.org/id/{n}", kinds[n % 10], f"第 {n} 件事 thing number {n}",
             "" if n % 10 in (2, 6) else days[n * 7 % 24], (("序号", str(n)),), "", quote)
        for n in range(count)
    ]  # fmt: skip
    edges = [
        Edge(nodes[n].id, nodes[(n * step + step) % count].id, "mentions", "提及")
        for n in range(count) for step in (3, 7, 11)
    ]  # fmt: skip
    return nodes, edges


def hostile_network() -> tuple[list[Node], list[Edge]]:
    """Every attack as id, label, fact, link, quote and place of one node; the nodes form a ring."""
    kinds = ("feature", "patch", "<script>window.__pwned=1</script>")
    nodes = [
        Node(
            text,
            kinds[n % 3],
            text,
            text if n % 2 else "2031-03-03",
            ((text, text),),
            text,
            (Evidence(text, text, 1),),
        )
        for n, text in enumerate(HOSTILE)
    ]
    edges = [Edge(a.id, b.id, b.id, b.id) for a, b in zip(nodes, nodes[1:] + nodes[:1], strict=True)]
    return nodes, edges


def hostile_timeline() -> Timeline:
    """Every attack in each field of features, marks, releases and slips."""
    features = tuple(Feature(text, text) for text in HOSTILE)
    marks = tuple(
        Mark(
            text,
            "2031-03-03",
            text if n % 2 else "report",
            text if n % 3 == 0 else "done",
            text,
            text,
            text,
            text,
            text,
            1,
        )
        for n, text in enumerate(HOSTILE)
    )
    releases = tuple(
        Release(text, text, "2031-02-01", f"2031-03-{n + 10}", f"2031-04-{n + 10}")
        for n, text in enumerate(HOSTILE)
    )
    slips = tuple(SlipArrow(text, text, text + "x", text, "2031-03-04", text, text, 2) for text in HOSTILE)
    return Timeline(features, marks, releases, slips, "zh", HOSTILE[6])


def promised_timeline(lang: str = "zh", years: int = 0) -> Timeline:
    """The same with promises of every outcome, patches, small marks, people and milestones; `years` of a past before."""
    base = timeline(lang)
    spec = Evidence("Shared disk pools", "specs.git:specs/juniper/shared-disk-pools.rst", 8)
    promises = tuple(
        Promise(FEATURES[n][0], "juniper", outcome, "2030-11-01", end, FEATURES[n][1], spec)
        for n, (outcome, end) in enumerate(
            (("implemented", "2031-04-10"), ("slipped", "2031-04-24"), ("skipped", "2031-04-24"),
             ("dropped", "2031-04-24"), ("open", ""))
        )
    )  # fmt: skip
    landings = tuple(
        Landing(FEATURES[n % 3][0], f"2031-0{2 + n % 2}-{n + 1:02}", f"p{n}", f"Patch {n}", "3.0.0", "juniper", n > 9, f"r:{n}")
        for n in range(12)
    )  # fmt: skip
    small = tuple(
        Mark(
            FEATURES[0][0], f"2031-0{n + 1}-11", kind, status, "", "juniper", f"{kind} words", "", f"r:{n}", 0
        )
        for n, (kind, status) in enumerate((("spec", "approved"), ("version", ""), ("revert", "")))
    )
    people = (Taking("ada", "Ada", "author", 7), Taking("bo", "Bo", "discusses it", 1))
    features = (
        replace(base.features[0], slugs=("pools",), group="juniper", people=people),
        *base.features[1:],
    )
    past = tuple(
        Release(f"r{n}", f"R{n}", f"{2030 - years + n}-10-14", "", f"{2031 - years + n}-10-14")
        for n in range(years)
    )
    releases = (*past, replace(RELEASES[0], milestones=(("2031-01-09", "milestone 1"),)), RELEASES[1])
    return replace(
        base,
        features=features,
        marks=(*base.marks, *small),
        releases=releases,
        promises=promises,
        landings=landings,
    )


def hostile_promises() -> Timeline:
    """Every attack also in promises, patches, people and milestones."""
    base = hostile_timeline()
    promises = tuple(
        Promise(text, text, text if n % 2 else "open", "2031-02-03", text, text, Evidence(text, text, 1))
        for n, text in enumerate(HOSTILE)
    )
    landings = tuple(
        Landing(text, "2031-03-01", text, text, text, text, n % 2 > 0, text) for n, text in enumerate(HOSTILE)
    )
    people = tuple(Taking(text, text, text, 1) for text in HOSTILE)
    features = tuple(replace(one, slugs=HOSTILE, people=people) for one in base.features)
    releases = tuple(replace(one, milestones=(("2031-03-05", one.slug),)) for one in base.releases)
    return replace(base, features=features, releases=releases, promises=promises, landings=landings)


# A note whose every place tries to run something.
HOSTILE_NOTE = """---
title: "</title><script>window.pwned=1</script>"
---
# <img src=x onerror="window.pwned=1"> weekly notes
## 2018-01-08
### Features
#### 1. Quota tree <script>window.pwned=1</script>
https://review.openstack.org/521001 is merged, @<svg/onload=window.pwned=1>(mallory) says "done" & 'done'.
[a patch](javascript:window.pwned=1) and https://review.openstack.org/521002"onmouseover="window.pwned=1
The client part is deferred to Rocky.
#### 2. Edge cache </script><script>window.pwned=1</script>
@ada"><script>window.pwned=1</script> works on it.
It is stalled, https://bugs.launchpad.net/nova/+bug/1740001?x=<script>
### Open discussion
#### 1. javascript:window.pwned=1
Decided: @mallory writes "'><img src=x onerror=window.pwned=1>.
## TODO
- read <iframe srcdoc="<script>parent.pwned=1</script>"> again
- [click](javascript:window.pwned=1)
"""
NASTY_NAME = "<img src=x onerror=window.pwned=1>'&.md"
