"""The post of a release from plain tables of a made-up community: counts, fates, words in both languages."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from view_samples import HOSTILE

from graph.table import Table
from graph.views.report_promises import Promises, cycles_of, promises_of
from graph.views.report_release import release_html, release_markdown

COLUMNS = {
    "releases": "release label start freeze ship",
    "plan": "feature state outcome label patches source path",
    "slips": "feature to became label class outcome next witnesses evidence disagreement",
    "versions": "project version stage date source line",
    "milestones": "date name source line",
    "statuses": "meeting date position heading feature part status release patch bug person quote source line",
    "odd": "source line",
    "cycle": "project version month bug patches",
    "shipped": "feature thing landed version project patches first last",
}
SPECS = "tern-specs"


def made(**rows) -> Promises:
    tables = {}
    for name, text in COLUMNS.items():
        columns = tuple(text.split())
        tables[name] = Table(columns, tuple(tuple(row.get(c) for c in columns) for row in rows.get(name, ())))
    return Promises("juniper", **tables)


def spec(feature: str, state: str) -> dict:
    path = f"specs/juniper/{state}/{feature}.rst"
    return {"feature": feature, "state": state, "label": feature.title(), "source": SPECS, "path": path}


def landed(feature: str, release: str, version: str, patches: int, first: str) -> dict:
    return {"feature": feature, "thing": f"urn:feature/{feature}", "landed": release, "version": version,
            "project": "tern", "patches": patches, "first": first, "last": first}  # fmt: skip


def sample() -> Promises:
    pool = {"feature": "pool", "date": "2031-04-07", "heading": "Pool", "source": "notes/a.md"}
    return made(
        releases=[
            {"release": "heron", "label": "Heron"},
            {"release": "juniper", "label": "Juniper", "start": "2030-10-01", "freeze": "2031-04-10", "ship": "2031-05-20"},
            {"release": "kestrel", "label": "Kestrel"},
        ],
        plan=[
            spec("cache", "implemented"), spec("pool", "approved"), spec("quota", "approved"),
            spec("fair-queue", "approved"), spec("resize", "approved"), spec("idea", "proposed"),
        ],
        slips=[
            {"feature": "pool", "to": "kestrel", "became": "pool-two", "class": "narrowed", "outcome": "implemented",
             "evidence": f"notes/a.md:9; {SPECS}:specs/juniper/approved/pool.rst:8; {SPECS}:specs/kestrel/approved/pool-two.rst:8"},
            {"feature": "quota", "to": "kestrel", "became": "quota", "class": "re-proposed", "outcome": "approved",
             "next": "lark", "evidence": ""},
            {"feature": "fair-queue", "to": "kestrel", "class": "dropped", "outcome": "none",
             "disagreement": "specs: never implemented; code: patches landed in Kestrel"},
            {"feature": "leap", "to": "kestrel", "label": "Leap", "class": "said", "evidence": "notes/a.md:12"},
        ],
        versions=[
            {"project": "tern", "version": "7.0.0b1", "stage": "milestone", "date": "2031-02-01"},
            {"project": "tern", "version": "7.0.0", "stage": "final", "date": "2031-05-20", "source": "r/tern.yaml", "line": 3},
            {"project": "tern", "version": "7.0.1", "stage": "final", "date": "2031-07-01", "source": "r/tern.yaml", "line": 5},
        ],
        milestones=[{"date": "2031-05-20", "name": "final release", "source": "r/schedule.yaml", "line": 7}],
        statuses=[
            {**pool, "status": "at-risk", "release": "juniper", "quote": "may miss", "line": 9},
            {**pool, "date": "2031-04-14", "status": "at-risk", "release": "juniper", "quote": "missed", "line": 19},
            {**pool, "date": "2031-04-14", "status": "deferred", "release": "juniper", "quote": "to juniper", "line": 20},
        ],
        odd=[{"source": "notes/a.md", "line": 20}],
        cycle=[
            {"project": "tern", "version": "7.0.0b1", "month": "2031-01", "patches": 3},
            {"project": "tern", "version": "7.0.0", "month": "2031-01", "patches": 2},
            {"project": "tern", "version": "7.0.0", "month": "2031-05", "patches": 4},
            {"project": "tern", "version": "7.0.1", "month": "2031-06", "patches": 5},
            {"project": "tern", "version": "7.0.0b1", "bug": "1", "patches": 1},
            {"project": "tern", "version": "7.0.0", "bug": "1", "patches": 1},
            {"project": "tern", "version": "7.0.0", "bug": "2", "patches": 1},
            {"project": "tern", "version": "7.0.1", "bug": "2", "patches": 1},
            {"project": "tern", "version": "7.0.1", "bug": "3", "patches": 1},
        ],
        shipped=[
            landed("cache", "juniper", "7.0.0b1", 2, "2031-01-02"), landed("cache", "juniper", "7.0.0", 1, "2031-05-02"),
            landed("cache", "heron", "6.0.0", 1, "2030-05-02"), landed("pool", "kestrel", "8.0.0", 4, "2031-08-02"),
            {"feature": "quota", "thing": "urn:feature/quota"},
        ],
    )  # fmt: skip


def bare(text: str) -> str:
    return re.sub(r" *<sub>.*?</sub>", "", text)


CHINESE = """# Juniper：承诺与结果

周期始于2030年10月1日，特性冻结在2031年4月10日，2031年5月20日发布。

## 1. 数字

|  | 个数 | 依据 | 列出明细 |
| --- | --- | --- | --- |
| 承诺 | 5 | tern-specs | `kg query release-plan -p release=juniper` |
| 完成 | 1 | tern-specs，状态为 implemented | `kg query release-plan -p release=juniper` |
| 推迟 | 2 | tern-specs，后来的版本接手：缩减 1、同名重提 1 | `kg query slips-from -p from=juniper` |
| 放弃 | 1 | tern-specs，下一版本发布后仍无人接手 | `kg query dropped -p release=juniper` |
| 未定 | 1 | tern-specs，获批，尚未实现 | `kg query release-plan -p release=juniper` |
| 只在会上说到的推迟 | 1 | 会议记录；没有规格为证，不计入上面各数 | `kg query slips-from -p from=juniper` |

只数有规格的特性；其他地方（如缺陷与蓝图系统）的计数口径不同，数字会不一样。

## 2. 完成（1）

1. **Cache** cache，
   - 补丁：Juniper 3 个（7.0.0b1、7.0.0）、Heron 1 个（6.0.0） `kg query patches -p feature=cache`

## 3. 推迟（2）

1. **Pool** pool，
   - → Kestrel：做了一部分，其余另立，新名 pool-two，已实现，
   - 补丁：Kestrel 4 个（8.0.0） `kg query patches -p feature=pool`
   - 会上（a.md）：可能赶不上 Juniper（2031年4月7日）→ 没赶上 Juniper（2031年4月14日）
   - 2031年4月14日：“to juniper”（存疑，照原文保留）
2. **Quota** quota，
   - → Kestrel：重新提出，只获批，未实现，又推迟到 lark

## 4. 放弃（1）

1. **Fair-Queue** fair-queue，
   - 说法不一：specs: never implemented; code: patches landed in Kestrel

## 5. 未定（1）

1. **Resize** resize，

## 6. 只在会上说到的推迟

- **Leap** → Kestrel

## 7. tern 的周期

首个正式版 7.0.0 于2031年5月20日打标签，最近一个 7.0.1 于2031年7月1日。

到 7.0.0 为止合入 9 个补丁，修复 2 个 bug；此后的稳定版又合入 5 个补丁，另修复 1 个 bug。 `kg query versions -p release=juniper`

| 月份 | 合入补丁 |
| --- | --- |
| 2031年1月 | 5 |
| 2031年5月 | 4 |
"""


def test_chinese():
    assert bare(release_markdown(sample(), "zh")) == CHINESE


def test_english():
    text = bare(release_markdown(sample(), "en"))
    assert text.startswith(
        "# Juniper: what it promised, and what became of it\n\nCycle began on 1 October 2030, "
    )
    assert "| Promised | 5 | tern-specs | `kg query release-plan -p release=juniper` |" in text
    assert "| Slipped | 2 | tern-specs, taken up by a later release: narrowed 1, re-proposed 1 |" in text
    assert (
        "   - → Kestrel: part was done, the rest became another feature, now pool-two, implemented there,"
        in text
    )
    assert "   - At meetings (a.md): may miss Juniper (7 April 2031) → missed Juniper (14 April 2031)" in text
    assert (
        "9 patches merged up to 7.0.0, 2 bugs fixed; 5 more patches in its stable versions, 1 more bugs"
        in text
    )


def test_every_promise_leads_to_its_spec():
    text = release_markdown(sample(), "zh")
    assert "[specs/juniper/implemented/cache.rst](tern-specs/specs/juniper/implemented/cache.rst#L1)" in text
    assert "[specs/kestrel/approved/pool-two.rst](tern-specs/specs/kestrel/approved/pool-two.rst#L1)" in text
    assert "[L9](notes/a.md#L9) [L19](notes/a.md#L19)" in text
    paged = release_markdown(sample(), "zh", page=lambda kind, key: f"https://forge.example/{kind}/{key}")
    assert "[cache](https://forge.example/feature/urn:feature/cache)" in paged
    assert "(https://forge.example/spec/specs/juniper/implemented/cache.rst)" in paged


def test_what_is_no_folder_is_not_linked_into():
    tables = made(plan=[{**spec("cache", "implemented"), "source": "tern-specs.git"}])
    told = release_markdown(tables, "zh")
    assert "，specs/juniper/implemented/cache.rst `kg query spec -p feature=cache`\n" in told
    paged = release_markdown(tables, "en", page=lambda _, key: f"https://forge.example/{key}")
    assert "(https://forge.example/specs/juniper/implemented/cache.rst)" in paged
    assert "kg query spec " not in paged


def test_the_spec_that_took_it_up_is_asked_for_by_its_new_name():
    path = "specs/kestrel/approved/pool-two.rst"
    slip = {"feature": "pool", "to": "kestrel", "became": "pool-two", "class": "renamed", "outcome": "approved",
            "evidence": f"t.git:{path}:8"}  # fmt: skip
    told = release_markdown(made(plan=[{**spec("pool", "approved"), "source": "t.git"}], slips=[slip]), "en")
    assert f", {path} `kg query spec -p feature=pool-two`\n" in told
    assert "approved/pool.rst `kg query spec -p feature=pool`\n" in told


def test_fates_and_counts():
    assert {p.feature: p.fate for p in promises_of(sample())} == {
        "cache": "shipped", "pool": "slipped", "quota": "slipped", "fair-queue": "dropped", "resize": "open",
    }  # fmt: skip
    (cycle,) = cycles_of(sample())
    assert (cycle.months, cycle.after, cycle.bugs, cycle.bugs_after) == (
        {"2031-01": 5, "2031-05": 4},
        5,
        2,
        1,
    )


def test_a_release_nothing_is_known_of():
    text = release_markdown(made(), "en")
    assert text.endswith("No spec of juniper is on record, so nobody can tell what it promised.\n")


class Seen(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.targets += [value or "" for name, value in attrs if name == "href"]
        assert not any(name.startswith("on") or name in ("src", "style") for name, _ in attrs)


@pytest.mark.parametrize("text", [*HOSTILE, "a | b", "`c`", "](javascript:1)", "a\n# h", "<b>"])
def test_sources_cannot_write_markup(text):
    tables = made(
        releases=[{"release": "juniper", "label": text, "ship": "2031-05-20"}],
        plan=[{"feature": text, "state": "approved", "label": text, "source": text, "path": text}],
        slips=[
            {"feature": text, "to": text, "became": "x" + text, "class": "renamed", "outcome": text, "next": text,
             "evidence": f"{text}:a/b:1", "disagreement": text},
            {"feature": "y", "to": text, "label": text, "class": "said", "evidence": text},
        ],
        versions=[{"project": text, "version": text, "stage": "final", "date": "2031-05-20", "source": text, "line": 1}],
        statuses=[{"feature": text, "date": "2031-04-07", "status": "done", "quote": text, "source": text, "line": 1}],
        cycle=[{"project": text, "version": text, "month": text, "patches": 1}],
        shipped=[landed(text, text, text, 1, "2031-01-02")],
    )  # fmt: skip
    page = Seen(release_html(tables, "en").partition("<body>")[2])
    assert page.tags <= {
        "main", "h1", "h2", "p", "ul", "ol", "li", "strong", "code", "a", "small", "script", "table", "thead",
        "tbody", "tr", "th", "td",
    }  # fmt: skip
    rendered = Seen(MarkdownIt("commonmark").enable("table").render(release_markdown(tables, "en")))
    assert rendered.tags <= page.tags | {"sub"}
    for target in (*page.targets, *rendered.targets):
        assert ":" not in target or target.startswith("http"), target
