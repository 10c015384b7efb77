"""The monthly post from plain tables: its shape in both languages, and that notes cannot write markup into it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from contract import CONTRACT
from markdown_it import MarkdownIt
from view_samples import HOSTILE

from graph.errors import UsageFault
from graph.table import Table
from graph.views import report
from graph.views.document import md_text
from graph.views.report import Period, Tables, Ways, is_empty, months, period
from graph.views.report_lines import plain
from graph.views.report_milestones import cycle_at
from graph.views.report_model import is_itself, name_of
from graph.views.report_phrases import age, says, series, short_day, spaced
from graph.views.report_words import EN, ZH, day, listed, sentence, status

NEEDED = ("meetings", "discussions", "mentions", "statuses", "decisions", "milestones", "todos")
COLUMNS = {
    **{name: CONTRACT[name] for name in NEEDED},
    "releases": "release label start freeze ship",
    "odd": "source line",
    "things": "kind key url title",
    "closings": "todo by on note source line listed",
    "told": "todo on done listed source line",
    "merged": "feature patch sha title merged version url source",
    "whole": "project patches newest",
    "specs": "date state feature release title path line source",
    "tags": "date project version release source line",
}
NOTE = "notes/2031-03.md"
M1, M2 = "urn:m1", "urn:m2"


def report_markdown(tables: Tables, wanted: str, *rest, **more) -> str:
    found = period(wanted)
    assert found is not None
    return report.report_markdown(tables, found, *rest, **more)


def report_html(tables: Tables, wanted: str, *rest) -> str:
    found = period(wanted)
    assert found is not None
    return report.report_html(tables, found, *rest)


def made(**rows) -> Tables:
    """Tables from rows given as dictionaries; a column that is not given is None."""
    tables = {}
    listed = [
        {"on": row["raised_in"], "done": False, "listed": True, **{k: row[k] for k in ("todo", "source", "line") if k in row}}
        for row in rows.get("todos", ())
    ]  # fmt: skip
    rows = {"told": listed, **rows}
    for name, text in COLUMNS.items():
        columns = tuple(text.split())
        given = [{"source": NOTE, **row} for row in rows.get(name, ())]
        tables[name] = Table(columns, tuple(tuple(row.get(c) for c in columns) for row in given))
    return Tables(**tables)


def sample() -> Tables:
    one = {"meeting": M1, "date": "2031-03-03"}
    two = {"meeting": M2, "date": "2031-03-10"}
    pools = {**one, "position": 1, "heading": "Shared disk pools"}
    return made(
        meetings=[
            {**one, "title": "调度例会（2031年3月）", "project": "nova", "summary": "先谈磁盘池", "line": 5},
            {**two, "title": "调度例会（2031年3月）", "project": "nova", "line": 30},
        ],
        discussions=[
            {**pools, "kind": "feature", "feature": "shared-disk-pools", "line": 7},
            {**one, "position": 2, "kind": "bug", "heading": "bug/4711: pool leaks", "line": 12},
            {**two, "position": 1, "kind": "feature", "heading": "Quota tree", "line": 31},
            {**two, "position": 2, "kind": "topic", "heading": "Fair queue", "line": 35},
        ],
        statuses=[
            {**pools, "part": "client", "status": "deferred", "release": "kestrel", "line": 8,
             "quote": "client推迟到Kestrel版本：https://review.example/900"},
            {**pools, "part": "件事", "status": "at-risk", "line": 9, "quote": "这件事有风险。"},
            {**two, "position": 1, "heading": "Quota tree", "status": "done", "line": 32, "quote": "做完了"},
            {**two, "position": 2, "heading": "Fair queue", "status": "deferred", "release": "juniper",
             "line": 36, "quote": "推迟到Juniper版本。"},
        ],
        mentions=[
            {**pools, "kind": "patch", "key": "900", "line": 8},
            {**pools, "kind": "person", "key": "zoe", "line": 8},
            {**pools, "kind": "person", "key": "Abe", "line": 9},
            {**pools, "kind": "link", "key": "https://lists.example/1.html", "line": 10},
            {**one, "position": 2, "kind": "bug", "key": "4711", "line": 12},
        ],
        decisions=[
            {**two, "heading": "Quota tree", "assignee": "kim", "about": "来写补丁", "quote": "决定", "line": 33},
        ],
        milestones=[
            {"release": "juniper", "name": "feature freeze", "date": "2031-04-03", "line": 31},
            {"release": "juniper", "name": "feature freeze", "date": "2031-04-03", "line": 6},
        ],
        todos=[
            {"todo": "aaaa1111", "text": "分析Quota tree。", "raised_in": "2031-03", "state": "NEEDS-ACTION",
             "age_days": 31, "carried": 2, "line": 40},
            {"todo": "bbbb2222", "text": "试用pool", "raised_in": "2031-03", "state": "COMPLETED",
             "age_days": 31, "carried": 0, "closed_by": "https://blog.example/67", "line": 41},
            {"todo": "cccc3333", "text": "旧的", "raised_in": "2031-02", "state": "NEEDS-ACTION", "age_days": 60,
             "carried": 0, "line": 4},
        ],
        odd=[{"line": 36}],
        closings=[{"todo": "bbbb2222", "by": "https://blog.example/67", "line": 2}],
        releases=[
            {"release": "juniper", "label": "Juniper", "start": "2030-10-01", "freeze": "2031-04-03", "ship": "2031-05-20"},
            {"release": "kestrel", "label": "Kestrel", "start": "2031-05-20"},
        ],
        merged=[
            {"feature": "shared-disk-pools", "patch": "p1", "sha": "aa", "title": "One", "merged": "2031-03-04",
             "url": "https://review.example/1", "version": "7.0.0b1"},
            {"feature": "shared-disk-pools", "patch": "p1", "sha": "ab", "title": "One", "merged": "2031-03-06"},
            {"feature": "shared-disk-pools", "patch": "p2", "sha": "ba", "title": "Two [x]", "merged": "2031-03-05",
             "url": "https://review.example/2"},
            {"feature": "quota", "patch": "p3", "sha": "ca", "title": "Three", "merged": "2031-03-05"},
        ],
        whole=[{"project": "nova", "patches": 12}, {"project": "other", "patches": 99}],
        specs=[{"date": "2031-03-20", "state": "approved", "feature": "shared-disk-pools", "release": "kestrel",
                "title": "T", "path": "specs/k/a.rst", "line": 8, "source": "specs"}],
        tags=[{"date": "2031-03-21", "project": "nova", "version": "7.0.0b1", "source": "r/nova.yaml", "line": 3}],
        things=[
            {"kind": "patch", "key": "900", "url": "https://review.example/900", "title": "Add *pools*"},
            {"kind": "bug", "key": "4711", "url": "https://bugs.example/4711"},
        ],
    )  # fmt: skip


def bare(text: str) -> str:
    """Without the places of evidence."""
    return re.sub(r" *<sub>.*?</sub>", "", text)


CHINESE = """# 调度例会（2031年3月）

2031年3月共 2 次会议，讨论了 2 个特性、1 个 bug、1 个开放议题，提到 1 个补丁。依据，各行后的 L 加数字是该行在原文中的行号。

## 1. 会议记录

### 2031年3月3日

Shared disk pools 有风险，其中 client 推迟到 Kestrel。（由记录归纳）

作者小结：先谈磁盘池。

#### Feature 讨论

1. **Shared disk pools**
   - client：推迟到 Kestrel，补丁 [900 Add \\*pools\\*](https://review.example/900)
   - 有风险：这件事有风险
   - 链接 [lists.example/1.html](https://lists.example/1.html)
   - 参与：Abe、zoe

#### Bug 讨论

1. **bug/[4711](https://bugs.example/4711): pool leaks**

### 2031年3月10日

Quota tree 已完成。会上决定由 kim 写补丁。（由记录归纳）

#### Feature 讨论

1. **Quota tree**
   - 已完成
   - 决定：由 kim 写补丁

#### 开放讨论

1. **Fair queue**：“推迟到Juniper版本”（存疑，照原文保留）

## 2. 变化与进展

2031年2月没有记录，只看本月内的变化。

- **Shared disk pools**：有风险，部分推迟到 Kestrel（3月3日）
  - 合入 2 个补丁，最新的是 [Two \\[x\\]](https://review.example/2)（3月5日）
  - 规格获批（Kestrel，3月20日）
- **Quota tree**：已完成（3月10日）

代码库：nova 合入 12 个补丁，新标签 7.0.0b1（3月21日），规格 1 个获批。

## 3. 里程碑

### 接下来

- 2031年4月3日：Juniper feature freeze

## 4. TODO

新增 2 条，结转 1 条。

### 新增

1. 分析Quota tree `aaaa1111`
2. 试用pool（已完成：[https://blog.example/67](https://blog.example/67)） `bbbb2222`

### 结转

1. 旧的（已挂 1 个月） `cccc3333`
"""


def test_chinese():
    assert bare(report_markdown(sample(), "2031-03", "zh", "2031-04-10")) == CHINESE


def test_english():
    text = bare(report_markdown(sample(), "2031-03", "en", "2031-04-10"))
    assert text.startswith(
        "# Meeting record of nova, March 2031\n\nOn record for March 2031: 2 meetings; 2 features"
    )
    assert "   - client: deferred to Kestrel, patch [900 " in text
    assert "Shared disk pools is at risk (client is deferred to Kestrel). (made from the record)" in text
    assert "Quota tree is done. Decided: kim – 写补丁. (made from the record)" in text
    assert (
        "- **Shared disk pools**: at risk, part deferred to Kestrel (3 Mar)\n  - 2 patches merged, the newest [Two"
        in text
    )
    assert "In the repositories: nova 12 patches merged, tagged 7.0.0b1 (21 Mar), 1 spec approved." in text
    assert "1. 旧的 (open for 1 month) `cccc3333`" in text


def test_every_line_leads_to_its_evidence():
    text = report_markdown(sample(), "2031-03", "zh", "2031-04-10")
    for line in text.splitlines():
        if line.lstrip().startswith(("- ", "1. ", "2. ")):
            assert re.search(r"<sub>\[(L|[\w.-]+:)\d+\]\([\w./-]+#L\d+\)|\]\(https://review", line), line
    assert "[L6](notes/2031-03.md#L6) [L31](notes/2031-03.md#L31)" in text


def test_links_are_seen_from_where_the_page_lies():
    text = report_markdown(sample(), "2031-03", "zh", "2031-04-10", lambda path: f"../{path}")
    assert "(../notes/2031-03.md#L8)" in text


def test_no_empty_headings():
    text = report_markdown(sample(), "2031-03", "zh", "2031-04-10")
    blocks = [block for block in text.split("\n\n") if block]
    for block, following in pairwise(blocks):
        if block.startswith("#"):
            level = len(block) - len(block.lstrip("#"))
            deeper = not following.startswith("#") or following.startswith("#" * (level + 1))
            assert deeper, block


def test_empty_month():
    tables = sample()
    assert is_empty(tables, Period("2030-01", "2030-01"))
    assert not is_empty(tables, Period("2030-12", "2031-03"))
    assert months(tables) == ["2031-02", "2031-03"]
    assert report_markdown(tables, "2030-01", "zh", "2031-04-10").endswith("\n\n2030年1月没有会议记录。\n")
    assert "No meeting is on record for January 2030." in report_html(tables, "2030-01", "en", "2031-04-10")


def test_todos_alone_are_the_first_section():
    assert "## 1. TODO" in report_markdown(sample(), "2031-02", "en", "2031-04-10")


def test_same_bytes_for_the_same_tables():
    for make in (report_markdown, report_html):
        assert make(sample(), "2031-03", "zh", "2031-04-10") == make(sample(), "2031-03", "zh", "2031-04-10")


def test_two_sources_of_one_date_are_told_apart_by_title():
    rows = [
        {"meeting": M1, "date": "2031-03-03", "title": "A", "summary": "x", "line": 1},
        {"meeting": M2, "date": "2031-03-03", "title": "B", "summary": "y", "line": 1, "source": "b.md"},
    ]
    text = report_markdown(made(meetings=rows), "2031-03", "en", "2031-04-10")
    assert "### 3 March 2031 · A <sub>[2031-03.md:1]" in text
    assert "### 3 March 2031 · B <sub>[b.md:1]" in text


def test_one_todo_of_two_sources_is_listed_once():
    todo = {"todo": "aaaa1111", "text": "t", "raised_in": "2031-03", "state": "NEEDS-ACTION", "line": 1}
    text = report_markdown(made(todos=[todo, {**todo, "source": "b.md"}]), "2031-03", "en", "2031-04-10")
    assert text.count("`aaaa1111`") == 1
    assert "[b.md:1](b.md#L1) [2031-03.md:1]" in text


def test_what_the_summary_says_is_not_said_again():
    one = {"meeting": M1, "date": "2031-03-03"}
    tables = made(
        meetings=[{**one, "summary": "This was done.", "line": 1}],
        statuses=[{**one, "status": "done", "quote": "This was done.", "line": 2}],
    )
    assert bare(report_markdown(tables, "2031-03", "en", "2031-04-10")).rstrip().endswith("This was done.")


def contradicting(*statuses: str, release: str | None = None) -> Tables:
    at = {"meeting": M1, "date": "2031-03-03", "position": 1, "heading": "Pools", "line": 3}
    quote = "这些都没能完成，不过都已接近完成。"
    told = [{**at, "status": s, "part": "都", "quote": quote} for s in statuses]
    told[0]["release"] = release
    return made(
        meetings=[{**at, "line": 1}],
        discussions=[{**at, "kind": "feature", "line": 2}],
        statuses=told,
        releases=[{"release": "juniper", "label": "Juniper", "freeze": "2031-03-01"}],
    )


def test_contradictions_of_one_sentence_are_quoted():
    tables = contradicting("deferred", "nearly-done")
    text = bare(report_markdown(tables, "2031-03", "zh", "2031-04-10"))
    assert "1. **Pools**：“这些都没能完成，不过都已接近完成”\n" in text
    assert "讨论了 Pools。（由记录归纳）" in text


def test_a_release_at_risk_after_its_freeze_was_missed():
    told = [
        {"meeting": M1, "date": day, "position": 1, "heading": "Pools", "status": "at-risk", "release": "juniper",
         "quote": "来不及", "line": line}
        for day, line in (("2031-03-03", 3),)
    ]  # fmt: skip
    for freeze, en, zh in (
        ("2031-03-01", "Pools missed Juniper.", "Pools 没赶上 Juniper。"),
        ("2031-04-01", "Pools may miss Juniper.", "Pools 可能赶不上 Juniper。"),
    ):
        tables = made(
            meetings=[{"meeting": M1, "date": "2031-03-03", "line": 1}],
            discussions=[{**told[0], "kind": "feature", "line": 2}],
            statuses=told,
            releases=[{"release": "juniper", "label": "Juniper", "freeze": freeze}],
        )
        assert en in report_markdown(tables, "2031-03", "en", "2031-04-10")
        assert zh in report_markdown(tables, "2031-03", "zh", "2031-04-10")


# --- from one time to another ------------------------------------------------------------------------------


def two_months() -> Tables:
    """March: pools nearly done, queue stalled, quota to be documented by kim; April: pools done, quota done, cache late."""
    march, april = {"meeting": M1, "date": "2031-03-10"}, {"meeting": M2, "date": "2031-04-07"}

    def item(at: dict, position: int, heading: str, line: int, **said) -> tuple[dict, dict]:
        row = {**at, "position": position, "heading": heading, "line": line}
        return {**row, "kind": "feature"}, {**row, "line": line + 1, "quote": heading, **said}

    pairs = [
        item(march, 1, "Pools", 2, status="nearly-done"),
        item(march, 2, "Queue", 4, status="stalled"),
        item(march, 3, "Quota", 6, status="in-progress", person="kim"),
        item(april, 1, "Pools", 22, status="done"),
        item(april, 2, "Quota", 24, status="done"),
        item(
            april, 3, "Cache", 26, status="deferred", release="kestrel", part="lookup", quote="lookup later"
        ),
    ]
    return made(
        meetings=[{**march, "line": 1}, {**april, "line": 21}],
        discussions=[item for item, _ in pairs],
        statuses=[said for _, said in pairs],
        decisions=[{**march, "heading": "Quota", "assignee": "kim", "about": "去写文档", "quote": "q", "line": 8}],
        releases=[
            {"release": "juniper", "label": "Juniper", "start": "2030-10-01", "ship": "2031-05-20"},
            {"release": "kestrel", "label": "Kestrel", "start": "2031-05-20"},
        ],
        todos=[
            {"todo": "aaaa1111", "text": "Read on pools", "raised_in": "2031-03", "state": "COMPLETED", "age_days": 31,
             "carried": 0, "closed_by": "https://blog.example/67", "line": 10},
            {"todo": "bbbb2222", "text": "Read on quota", "raised_in": "2031-03", "state": "NEEDS-ACTION",
             "age_days": 31, "carried": 1, "line": 11},
            {"todo": "cccc3333", "text": "Read on quota.", "raised_in": "2031-04", "state": "NEEDS-ACTION", "line": 30},
            {"todo": "dddd4444", "text": "Read on cache", "raised_in": "2031-04", "state": "COMPLETED", "line": 31,
             "closed_by": "https://blog.example/68"},
        ],
        closings=[
            {"todo": "aaaa1111", "by": "https://blog.example/67", "on": "2031-04-12"},
            {"todo": "dddd4444", "by": "https://blog.example/68", "on": "2031-06-01"},
        ],
        milestones=[
            {"release": "juniper", "name": "final release", "date": "2031-05-20", "source": "s.yaml", "line": 3},
            {"release": "juniper", "name": "gull freeze", "date": "2031-05-02", "source": "s.yaml", "line": 2},
            {"release": "juniper", "name": "elections", "date": "2031-05-03", "source": "s.yaml", "line": 4},
            {"release": "kestrel", "name": "final release", "date": "2031-11-20", "source": "s.yaml", "line": 5},
        ],
    )  # fmt: skip


APRIL = {
    "zh": """与2031年3月相比：

- 新讨论：Cache
- 不再讨论：Queue
- 首次说到推迟：Cache（lookup）推迟到 Kestrel（4月7日）
- 决定已落实：由 kim 写文档（3月10日）

逐个来看：

- **Pools**：接近完成（3月10日）→ 已完成（4月7日）
- **Quota**：进行中（3月10日）→ 已完成（4月7日）
- **Cache**：部分推迟到 Kestrel（4月7日）
""",
    "en": """Compared with March 2031:

- Newly discussed: Cache
- No longer discussed: Queue
- Slips first heard: Cache (lookup) is deferred to Kestrel (7 Apr)
- Decisions carried out: kim: 写文档 (10 Mar)

One by one:

- **Pools**: nearly done (10 Mar) → done (7 Apr)
- **Quota**: in progress (10 Mar) → done (7 Apr)
- **Cache**: part deferred to Kestrel (7 Apr)
""",
}
TODOS = {
    "zh": """新增 1 条，结转 1 条，关闭 1 条。

### 新增

1. Read on cache `dddd4444`

### 结转

1. Read on quota（已挂 4 周） `bbbb2222`

### 关闭

1. Read on pools（4月12日由 [https://blog.example/67](https://blog.example/67) 关闭，历时 13 天） `aaaa1111`
""",
    "en": """1 opened, 1 carried over, 1 closed.

### Opened

1. Read on cache `dddd4444`

### Carried over

1. Read on quota (open for 4 weeks) `bbbb2222`

### Closed

1. Read on pools (12 Apr, by [https://blog.example/67](https://blog.example/67), after 13 days) `aaaa1111`
""",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_changed_since_the_month_before(lang):
    assert APRIL[lang] in bare(report_markdown(two_months(), "2031-04", lang, "2031-04-30"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_todos_opened_carried_closed(lang):
    text = bare(report_markdown(two_months(), "2031-04", lang, "2031-04-30"))
    assert text.endswith(f"TODO\n\n{TODOS[lang]}")


def told(todo: str, on: str, line: int, **more) -> dict:
    return {"todo": todo, "on": on, "line": line, "done": False, "listed": True, **more}


def carried() -> Tables:
    """A TODO that is carried, one that a note closes and a later one opens again, one closed by words of a post."""
    at = {"raised_in": "2031-02", "state": "NEEDS-ACTION", "age_days": 61, "line": 1}
    return made(
        todos=[{**at, "todo": todo, "text": f"Read {todo}"} for todo in ("alpha", "beta", "gamma")],
        told=[
            told("alpha", "2031-02", 1), told("alpha", "2031-03", 11), told("alpha", "2031-04", 21),
            told("beta", "2031-02-07", 2), told("beta", "2031-03-07", 12, done=True), told("beta", "2031-04-07", 22),
            told("gamma", "2031-02", 3), told("gamma", "2031-03", 13),
            told("gamma", "2031-05-02", 33, done=True, listed=False),
        ],
        closings=[{"todo": "gamma", "by": "post #7", "on": "2031-04-20", "source": "todo-closed.toml", "line": 5}],
    )  # fmt: skip


STOOD = {
    ("2031-02", "en"): "3 opened.\n\n1. Read alpha `alpha`\n2. Read beta `beta`\n3. Read gamma `gamma`\n",
    ("2031-03", "en"): "2 carried over, 1 closed.\n\n### Carried over\n\n"
    "1. Read alpha (open for 2 months, noted again) `alpha`\n2. Read gamma (open for 2 months, noted again) `gamma`\n\n"
    "### Closed\n\n1. Read beta (7 Mar, noted as done, after 5 weeks) `beta`\n",
    ("2031-03", "zh"): "结转 2 条，关闭 1 条。\n\n### 结转\n\n"
    "1. Read alpha（已挂 2 个月，再次记下） `alpha`\n2. Read gamma（已挂 2 个月，再次记下） `gamma`\n\n"
    "### 关闭\n\n1. Read beta（3月7日记为完成，历时 5 周） `beta`\n",
    ("2031-04", "en"): "2 carried over, 1 closed.\n\n### Carried over\n\n"
    "1. Read alpha (open for 2 months, noted 2 more times) `alpha`\n"
    "2. Read beta (open for 2 months, noted 2 more times, open again since 7 Apr) `beta`\n\n"
    "### Closed\n\n1. Read gamma (20 Apr, by post #7, after 7 weeks) `gamma`\n",
    ("2031-02..2031-03", "zh"): "新增 3 条，关闭 1 条。\n\n### 新增\n\n"
    "1. Read alpha `alpha`\n2. Read beta（已完成） `beta`\n3. Read gamma `gamma`\n\n"
    "### 关闭\n\n1. Read beta（3月7日记为完成，历时 5 周） `beta`\n",
}  # fmt: skip


@pytest.mark.parametrize(("wanted", "lang"), STOOD)
def test_todos_as_they_stood_at_the_end_of_the_time(wanted, lang):
    found = period(wanted)
    text = report_markdown(carried(), wanted, lang, found.last)
    assert bare(text).endswith(f"TODO\n\n{STOOD[wanted, lang]}")


def test_what_closed_a_todo_is_linked_and_nothing_later():
    march = report_markdown(carried(), "2031-03", "en", "2031-03-31")
    assert f"noted as done <sub>[2031-03.md:12]({NOTE}#L12)</sub>" in march
    assert "#L21" not in march
    assert "#L22" not in march
    april = report_markdown(carried(), "2031-04", "zh", "2031-04-30")
    assert "4月20日由 post #7 <sub>[todo-closed.toml:5](todo-closed.toml#L5)</sub> 关闭" in april
    assert "#L33" not in april


def test_a_row_without_a_day_closes_no_earlier_than_the_list_it_names():
    row = {"todo": "alpha", "by": "https://blog.example/1", "listed": "2031-04"}
    tables = replace(carried(), closings=made(closings=[row]).closings)
    assert "Read alpha `alpha`" in bare(report_markdown(tables, "2031-02", "en", "2031-02-28"))
    assert "Read alpha" not in report_markdown(tables, "2031-04", "en", "2031-04-30")


def test_a_slip_heard_before_is_not_first_heard():
    tables = two_months()
    again = [
        {**row, "meeting": M1, "date": "2031-03-10", "position": 4}
        for row in tables.statuses.dicts()
        if row["part"]
    ]
    rows = (*tables.statuses.rows, *(tuple(row[c] for c in tables.statuses.columns) for row in again))
    later = replace(tables, statuses=Table(tables.statuses.columns, rows))
    assert "首次" not in report_markdown(later, "2031-04", "zh", "2031-04-30")


def test_a_range_takes_all_in():
    text = bare(report_markdown(two_months(), "2031-03..2031-04", "zh", "2031-04-30"))
    assert "# 会议记录（2031年3月至4月）\n\n2031年3月至4月共 2 次会议，讨论了 4 个特性。" in text
    assert "2031年1月至2月没有记录，只看本期内的变化。" in text
    assert "- **Pools**：接近完成（3月10日）→ 已完成（4月7日）\n" in text
    assert text.count("Read on quota") == 1


def test_milestones_are_those_of_the_notes_projects():
    ways = Ways(frozenset({"final release"}), frozenset({"gull", "tern"}))
    told = report_markdown(two_months(), "2031-04", "en", "2031-04-30", ways=ways)
    ahead = bare(told).partition("### Ahead\n\n")[2].partition("\n\n")[0]
    assert ahead == "- 20 May 2031: Juniper final release"
    # Of a community that nothing is known of all are told that the cycle has.
    ahead = bare(report_markdown(two_months(), "2031-04", "en", "2031-04-30")).partition("### Ahead\n\n")[2]
    assert ahead.partition("\n\n")[0].count("\n") == 2


def test_cycle_at():
    releases = two_months().releases
    assert cycle_at(releases, "2031-04-30") == "juniper"
    assert cycle_at(releases, "2031-05-20") == "kestrel"
    assert cycle_at(releases, "2029-01-01") == ""


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018-01", "2018-01-01", "2018-01-31"),
        ("2018年1月", "2018-01-01", "2018-01-31"),
        ("January 2018", "2018-01-01", "2018-01-31"),
        ("2018-01..2018-03", "2018-01-01", "2018-03-31"),
        ("2018-01 2018-03", "2018-01-01", "2018-03-31"),
        ("2018-01 to 2018-03", "2018-01-01", "2018-03-31"),
        ("2017年12月至2018年2月", "2017-12-01", "2018-02-28"),
        ("2018年1月至3月", "2018-01-01", "2018-03-31"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("2019年", "2019-01-01", "2019-12-31"),
        ("2019..2020-02", "2019-01-01", "2020-02-29"),
    ],
)
def test_periods(text, first, last):
    found = period(text)
    assert found is not None
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["queens", "2018-13", "17", "2018-01 queens", "2018-01..", "", "0000", "2018-01-02"]
)
def test_no_periods(text):
    assert period(text) is None or text == "2018-01.."


def test_a_range_must_not_end_before_it_begins():
    with pytest.raises(UsageFault, match="ends before it begins"):
        period("2018-03..2018-01")


def test_period_words():
    assert Period("2018-01", "2018-03").said(ZH) == "2018年1月至3月"
    assert Period("2018-01", "2018-03").said(EN) == "January to March 2018"
    assert Period("2018-01", "2018-12").said(ZH) == "2018年"
    assert Period("2017-12", "2018-01").said(EN) == "December 2017 to January 2018"
    assert Period("2018-01", "2018-03").before == Period("2017-10", "2017-12")


# --- hostile notes -----------------------------------------------------------------------------------------

NASTY = (
    *HOSTILE, "[x](javascript:alert(1))", "![x](https://evil.example/x.png)", "<https://a.b>", "a\n\n# h", "`c` $x$",
    "x | y\n--- | ---", "[r]: javascript:x", "> q", "1. one", "***", "&lt;b&gt;", "~~s~~", "\\[x\\](javascript:1)",
    "](javascript:1)", "```\ncode", "- item", "=====", "#",
)  # fmt: skip


def hostile(text: str) -> Tables:
    at = {
        "meeting": M1,
        "date": "2031-03-03",
        "position": 1,
        "heading": text,
        "source": f"{text}.md",
        "line": 3,
    }
    return made(
        meetings=[{**at, "title": text, "project": text, "summary": text}],
        discussions=[{**at, "kind": "feature", "feature": "f"}],
        statuses=[{**at, "part": text, "status": "done", "quote": text, "person": text, "release": text}],
        mentions=[{**at, "kind": k, "key": text} for k in ("patch", "bug", "person", "link", "post")],
        decisions=[{**at, "assignee": text, "about": text, "quote": text}],
        milestones=[{"release": text, "name": text, "date": "2031-03-05", "line": 1}],
        todos=[
            {"todo": text, "text": text, "raised_in": "2031-03", "state": text, "closed_by": text, "line": 1}
        ],
        things=[{"kind": "patch", "key": text, "url": text, "title": text}],
        releases=[{"release": text, "label": text}],
        odd=[{"line": 99}],
        closings=[{"todo": text, "by": text, "on": "2031-03-09"}],
        merged=[
            {"feature": "f", "patch": text, "sha": text, "title": text, "merged": "2031-03-05", "url": text}
        ],
        whole=[{"project": text, "patches": 2}],
        specs=[
            {
                "date": "2031-03-05",
                "state": "approved",
                "feature": "f",
                "release": text,
                "title": text,
                "path": text,
            }
        ],
        tags=[{"date": "2031-03-05", "project": text, "version": text, "release": text, "line": 1}],
    )


def is_place(target: str) -> bool:
    """Whether a target is a path of a note, or of a spec of the sample's source."""
    path = target.split("#", maxsplit=1)[0]
    return path.endswith(".md") or path.startswith(f"{NOTE}/")


class Seen(HTMLParser):
    """Elements and targets of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attrs: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attrs += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("text", NASTY)
def test_notes_cannot_write_markdown(text):
    made_text = report_markdown(hostile(text), "2031-03", "en", "2031-04-10")
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(made_text)
    seen = Seen(page)
    assert seen.tags <= {"h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "code", "a", "sub"}
    assert {name for name, _ in seen.attrs} <= {"href"}
    for _, target in seen.attrs:
        assert re.match(r"https?://", target) or is_place(target), target
        assert ":" not in target or target.startswith("http")


@pytest.mark.parametrize("text", NASTY)
def test_notes_cannot_write_markup(text):
    seen = Seen(report_html(hostile(text), "2031-03", "en", "2031-04-10").partition("<body>")[2])
    assert seen.tags <= {
        "main", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "code", "a", "small", "script",
    }  # fmt: skip
    assert {name for name, _ in seen.attrs} <= {"class", "href", "rel", "title", "type", "id"}
    targets = [value for name, value in seen.attrs if name == "href"]
    assert all(t.startswith("http") or is_place(t) for t in targets)


def test_text_comes_back_as_written():
    for text in ("a_b _c_ *d* [e](f) `g` <h> i&amp;j", "snake_case_name", "100% ~x~ $y$ \\ !z"):
        inline = MarkdownIt("commonmark").parseInline(md_text(text))[0].children
        assert "".join(token.content for token in inline) == text


# --- words -------------------------------------------------------------------------------------------------


def test_words():
    assert day("2031-03-03", ZH) == "2031年3月3日"
    assert day("2031-03", EN) == "March 2031"
    assert day("soon", EN) == "soon"
    assert status("in-progress", "Kestrel", ZH, "zoe") == "进行中（目标 Kestrel，zoe）"
    assert status("deferred", "", EN) == "deferred"
    assert status("strange", "Kestrel", EN) == "strange (Kestrel)"
    assert sentence("谈得不多。", ZH) == "谈得不多。"
    assert sentence("谈得不多，", ZH) == "谈得不多。"
    assert sentence("他说“好。”", ZH) == "他说“好。”"
    assert sentence("All done", ZH) == "All done."
    assert listed(["a", "b", "c", "d", "e"], ZH) == "a、b、c、d等 5 项"


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("Series done: https://r.example/1", "Series done"),
        ("正在写代码，代码见 https://r.example/1/", "正在写代码"),
        ("**粗** [题](https://r.example/1) 已合入。", "粗 题 已合入"),
        ("题](https://r.example/1) 已修复", "题 已修复"),
        (
            "spec merged (https://r.example/1), code in review (https://r.example/2)",
            "spec merged, code in review",
        ),
    ],
)
def test_plain(quote, words):
    assert plain(quote) == words


def test_plain_is_quick_on_repetition():
    for char in "[](（,，：: h*#":
        plain(char * 100_000 + "x")
    plain("https://" * 10_000)


def test_name_of():
    assert name_of("client", "client推迟") == "client"
    assert name_of("件事", "这件事") == ""
    assert name_of("Shared poo", "Shared pool: done") == ""
    assert name_of("client", "server") == ""
    assert name_of("a，b", "a，b") == ""
    assert is_itself("NRP的目标", "Nested Resource Providers")
    assert is_itself("NRP", "Nested Resource Provider")
    assert is_itself("Shared pools这一周", "Shared pool")
    assert not is_itself("NRP selection", "Nested Resource Providers")
    assert not is_itself("client", "Shared pool")


def test_phrases():
    assert says("deferred", "Rocky", EN, many=True) == "are deferred to Rocky"
    assert says("strange", "", ZH) == "strange"
    assert series(["a", "b", "c"], EN) == "a, b and c"
    assert series(["a", "b"], ZH) == "a、b"
    assert short_day("2031-03-09", EN) == "9 Mar"
    assert short_day("2031-03", EN) == "2031-03"
    assert spaced("由kim写patch", ZH) == "由 kim 写 patch"
    assert spaced("由kim写", EN) == "由kim写"
    assert [age(n, ZH) for n in (1, 13, 14, 59, 60, 400, 729, 730, 3220)] == [
        "1 天", "13 天", "2 周", "8 周", "1 个月", "13 个月", "23 个月", "1 年", "8 年",
    ]  # fmt: skip
    assert [age(n, EN) for n in (1, 21, 61, 800)] == ["1 day", "3 weeks", "2 months", "2 years"]
