"""The monthly post from plain tables: its shape in both languages, and that notes cannot write markup into it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from contract import CONTRACT
from markdown_it import MarkdownIt
from view_samples import HOSTILE

from graph.table import Table
from graph.views.document import md_text
from graph.views.report import Tables, is_empty, months, report_html, report_markdown
from graph.views.report_lines import plain
from graph.views.report_model import name_of
from graph.views.report_words import EN, ZH, day, listed, sentence, status

NEEDED = ("meetings", "discussions", "mentions", "statuses", "decisions", "milestones", "todos")
COLUMNS = {
    **{name: CONTRACT[name] for name in NEEDED},
    "problems": "source line kind what written hint",
    "releases": "release label start freeze ship",
    "things": "kind key url title",
}
NOTE = "notes/2031-03.md"
M1, M2 = "urn:m1", "urn:m2"


def made(**rows) -> Tables:
    """Tables from rows given as dictionaries; a column that is not given is None."""
    tables = {}
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
            {**pools, "kind": "feature", "line": 7},
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
        problems=[{"line": 36, "kind": "odd", "what": "not after"}],
        releases=[{"release": "kestrel", "label": "Kestrel"}, {"release": "juniper", "label": "Juniper"}],
        things=[
            {"kind": "patch", "key": "900", "url": "https://review.example/900", "title": "Add *pools*"},
            {"kind": "bug", "key": "4711", "url": "https://bugs.example/4711"},
        ],
    )  # fmt: skip


def bare(text: str) -> str:
    """Without the places of evidence."""
    return re.sub(r" *<sub>.*?</sub>", "", text)


CHINESE = """# 调度例会（2031年3月）

## 1. 会议记录

### 里程碑

- 2031年4月3日：Juniper feature freeze

### 2031年3月3日

先谈磁盘池。

#### Feature

1. **Shared disk pools**
   - client：推迟到 Kestrel，补丁 [900 Add \\*pools\\*](https://review.example/900)
   - 有风险：这件事有风险
   - 链接 [lists.example/1.html](https://lists.example/1.html)
   - 参与：Abe、zoe

#### Bug

1. **bug/[4711](https://bugs.example/4711): pool leaks**

### 2031年3月10日

已完成：Quota tree；决定：kim 负责写补丁（由记录归纳）。

#### Feature

1. **Quota tree**
   - 已完成
   - 决定：kim 负责写补丁

#### 开放讨论

1. **Fair queue**
   - “推迟到Juniper版本”（存疑，照原文保留）

## 2. TODO

1. 分析Quota tree（未完成，已 31 天，延续 2 次） `aaaa1111`
2. 试用pool（已完成：[https://blog.example/67](https://blog.example/67)） `bbbb2222`

天数算至2031年4月10日。另有 1 条更早的 TODO 尚未完成。
"""


def test_chinese():
    assert bare(report_markdown(sample(), "2031-03", "zh", "2031-04-10")) == CHINESE


def test_english():
    text = bare(report_markdown(sample(), "2031-03", "en", "2031-04-10"))
    assert text.startswith("# Meeting record of nova, March 2031\n\n## 1. Meeting record\n")
    assert "   - client: deferred to Kestrel, patch [900 " in text
    assert "Done: Quota tree; decision: kim: 写补丁 (generated from the record)." in text
    assert "(open, 31 days, carried 2×) `aaaa1111`" in text


def test_every_line_leads_to_its_evidence():
    text = report_markdown(sample(), "2031-03", "zh", "2031-04-10")
    for line in text.splitlines():
        if line.lstrip().startswith(("- ", "1. ", "2. ")):
            assert re.search(r"<sub>\[2031-03\.md:\d+\]\(notes/2031-03\.md#L\d+\)", line), line
    assert "[2031-03.md:6](notes/2031-03.md#L6) [:31](notes/2031-03.md#L31)" in text


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
    assert is_empty(tables, "2030-01")
    assert not is_empty(tables, "2031-03")
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
    assert "### 3 March 2031 · A\n" in text
    assert "### 3 March 2031 · B\n" in text


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


def test_contradictions_of_one_sentence_are_quoted():
    at = {"meeting": M1, "date": "2031-03-03", "position": 1, "heading": "Pools", "line": 3}
    quote = "这些都没能完成，不过都已接近完成。"
    tables = made(
        meetings=[{**at, "line": 1}],
        discussions=[{**at, "kind": "feature", "line": 2}],
        statuses=[{**at, "status": s, "part": "都", "quote": quote} for s in ("deferred", "nearly-done")],
    )
    text = bare(report_markdown(tables, "2031-03", "zh", "2031-04-10"))
    assert "   - “这些都没能完成，不过都已接近完成”\n" in text
    assert "讨论了Pools（由记录归纳）。" in text


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
        discussions=[{**at, "kind": "feature"}],
        statuses=[{**at, "part": text, "status": "done", "quote": text, "person": text, "release": text}],
        mentions=[{**at, "kind": k, "key": text} for k in ("patch", "bug", "person", "link", "post")],
        decisions=[{**at, "assignee": text, "about": text, "quote": text}],
        milestones=[{"release": text, "name": text, "date": "2031-03-05", "line": 1}],
        todos=[
            {"todo": text, "text": text, "raised_in": "2031-03", "state": text, "closed_by": text, "line": 1}
        ],
        things=[{"kind": "patch", "key": text, "url": text, "title": text}],
    )


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
        assert re.match(r"https?://", target) or target.split("#")[0].endswith(".md"), target
        assert ":" not in target or target.startswith("http")


@pytest.mark.parametrize("text", NASTY)
def test_notes_cannot_write_markup(text):
    seen = Seen(report_html(hostile(text), "2031-03", "en", "2031-04-10").partition("<body>")[2])
    assert seen.tags <= {
        "main", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "code", "a", "small", "script",
    }  # fmt: skip
    assert {name for name, _ in seen.attrs} <= {"class", "href", "rel", "title", "type", "id"}
    targets = [value for name, value in seen.attrs if name == "href"]
    assert all(t.startswith("http") or t.split("#")[0].endswith(".md") for t in targets)


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
