"""Habits of writing: the same meeting in many layouts, and what stands where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from extract_samples import extract, headings

from graph import lexicon, profile
from graph.extract.notes import NoteExtractor
from graph.facts import Decision, Discussion, Fact, Meeting, Mention, Milestone, Status, Todo
from graph.readers import notes

CASES = Path(__file__).parent / "cases" / "notes"

# One meeting, a feature with a patch that merged, a bug that is in review, and a question; in many habits.
SAME = {
    "headings": """## 2018-03-05
### Features
#### Tagged ports
https://review.openstack.org/#/c/530001/ merged.
### Bugs
#### Quota is counted twice
bug 1750001, fix in review.
### Open discussion
#### Who runs the forum session
gibi asked for volunteers.
## TODO
- read the code of tagged ports
""",
    "bold": """# 5 March 2018

**Features**

- **Tagged ports**: https://review.openstack.org/#/c/530001/ merged.

**Bugs**

- **Quota is counted twice**: bug 1750001, fix in review.

**Open discussion**

- **Who runs the forum session**: gibi asked for volunteers.

**TODO**

- read the code of tagged ports
""",
    "numbered": """2018年3月5日
一、特性
1. Tagged ports
https://review.openstack.org/#/c/530001/ merged.
二、Bug
1. Quota is counted twice
bug 1750001, fix in review.
三、开放讨论
1. Who runs the forum session
gibi asked for volunteers.
TODO
- read the code of tagged ports
""",
    "labels": """Date: 2018-03-05

Features:
* Tagged ports: https://review.openstack.org/#/c/530001/ merged.

Bugs:
* Quota is counted twice: bug 1750001, fix in review.

Open discussion:
* Who runs the forum session: gibi asked for volunteers.

To do:
* read the code of tagged ports
""",
    "nested": """# Notes
## Mar 5, 2018
### Features
* Tagged ports
  * https://review.openstack.org/#/c/530001/ merged.
### Bugs
* Quota is counted twice
  * bug 1750001, fix in review.
### Open discussion
* Who runs the forum session
  * gibi asked for volunteers.
## Homework
* read the code of tagged ports
""",
    "underlined": """5 Mar 2018
==========

Features
--------

1. Tagged ports

   https://review.openstack.org/#/c/530001/ merged.

Bugs
----

1. Quota is counted twice

   bug 1750001, fix in review.

Open discussion
---------------

1. Who runs the forum session

   gibi asked for volunteers.

Notes to self
-------------

- read the code of tagged ports
""",
    "plain": """March 5, 2018

Features

Tagged ports
https://review.openstack.org/#/c/530001/ merged.

Bugs

Quota is counted twice
bug 1750001, fix in review.

Open discussion

Who runs the forum session
gibi asked for volunteers.

Things to look into

- read the code of tagged ports
""",
    "table": """## 2018-03-05

### Features

| what | how it stands |
| --- | --- |
| Tagged ports | https://review.openstack.org/#/c/530001/ merged. |

### Bugs

| what | how it stands |
| --- | --- |
| Quota is counted twice | bug 1750001, fix in review. |

### Open discussion

| what | notes |
| --- | --- |
| Who runs the forum session | gibi asked for volunteers. |

## 待办

- read the code of tagged ports
""",
    "dated bullets": """# Notes
- 2018-03-05
  - Features
    - Tagged ports: https://review.openstack.org/#/c/530001/ merged.
  - Bugs
    - Quota is counted twice: bug 1750001, fix in review.
  - Open discussion
    - Who runs the forum session: gibi asked for volunteers.

# TODO
- read the code of tagged ports
""",
    "announced": """## 2018-03-05 log
### Features
#topic Tagged ports
https://review.openstack.org/#/c/530001/ merged.
### Bugs
#topic Quota is counted twice
bug 1750001, fix in review.
### Open discussion
#topic Who runs the forum session
gibi asked for volunteers.
## TODO
- read the code of tagged ports
""",
}


def told(facts: list[Fact]) -> set[tuple[object, ...]]:
    """What facts say, places and quotes aside."""
    out: set[tuple[object, ...]] = set()
    for fact in facts:
        if isinstance(fact, Meeting):
            out.add(("meeting", fact.key))
        elif isinstance(fact, Discussion):
            out.add(("item", fact.key, fact.kind, re.sub(r"\W", "", fact.heading)))
        elif isinstance(fact, Mention) and fact.kind != "link":
            out.add((fact.kind, fact.item, fact.key))
        elif isinstance(fact, Status):
            out.add(("status", fact.item, fact.status, fact.release))
        elif isinstance(fact, Decision):
            out.add(("decision", fact.item, fact.assignee))
        elif isinstance(fact, Milestone):
            out.add(("milestone", fact.release, fact.date))
        elif isinstance(fact, Todo):
            out.add(("todo", re.sub(r"\W", "", fact.text)))
    return out


@pytest.mark.parametrize("name", SAME)
def test_the_same_meeting(name: str) -> None:
    suffix = "note.txt" if name in ("numbered", "labels", "plain") else "note.md"
    assert told(extract(SAME[name], suffix).facts) == told(extract(SAME["headings"]).facts)


def test_the_first_of_them_is_right() -> None:
    facts = extract(SAME["headings"]).facts
    assert [(f.kind, f.heading) for f in facts if isinstance(f, Discussion)] == [
        ("feature", "Tagged ports"), ("bug", "Quota is counted twice"), ("topic", "Who runs the forum session"),
    ]  # fmt: skip
    assert [(f.item.position, f.status, f.patch, f.bug) for f in facts if isinstance(f, Status)] == [
        (1, "done", "530001", ""), (2, "in-progress", "", "1750001"),
    ]  # fmt: skip
    assert [(f.item.position, f.key) for f in facts if isinstance(f, Mention)] == [
        (1, "530001"), (2, "1750001"), (3, "gibi"),
    ]  # fmt: skip
    assert [(f.text, f.about, f.raised) for f in facts if isinstance(f, Todo)] == [
        ("read the code of tagged ports", "Tagged ports", "2018-03")
    ]


def flatten(text: str) -> str:
    """A Markdown post as plain lines: no marks, no blank lines, half-width punctuation."""
    lines = []
    for line in text.splitlines():
        bare = re.sub(r"^\s*#{1,6}\s*", "\0", line)
        bare = re.sub(r"^\s*(?:[*+-]|\d{1,2}\.)\s+(?=\S)", "- ", bare).replace("\0", "")
        bare = re.sub(r"\[([^\]]*)\]\((https?://[^)]*)\)", r"\1", bare)
        lines.append(
            bare.replace("**", "").replace("`", "").translate(str.maketrans("，：（）！", ",:()!")).strip()
        )
    return "\n".join(line for line in lines if line)


@pytest.mark.parametrize("folder", ["zh-scheduler-2018-03", "en-prose-2018-05", "en-release-desk-2018-07"])
def test_flattened_lines_say_the_same(folder: str) -> None:
    text = (CASES / folder / "note.md").read_text(encoding="utf-8")
    assert told(extract(flatten(text), "note.txt").facts) == told(extract(text).facts)


@pytest.mark.parametrize("change", ["bom", "crlf", "gb18030", "utf-16"])
def test_encodings_change_nothing(change: str) -> None:
    text = (CASES / "zh-scheduler-2018-03" / "note.md").read_text(encoding="utf-8")
    data = {
        "bom": text.encode("utf-8-sig"),
        "crlf": text.replace("\n", "\r\n").encode(),
        "gb18030": text.encode("gb18030"),
        "utf-16": text.encode("utf-16"),
    }[change]
    assert extract(data).facts == extract(text).facts


def test_a_heading_that_no_word_names_can_hold_a_list_of_items() -> None:
    text = (
        "## 2018-07-05\n### What slipped\n1. **One thing**: moved to Stein\n### Bugs we looked at\n"
        "1. **bug 1778591: it fails**: fixed\n### Features\n1. **Another thing**: done\n"
    )
    assert headings(text) == [("feature", "One thing"), ("bug", "it fails"), ("feature", "Another thing")]


def test_a_list_inside_an_item_opens_no_items() -> None:
    text = "## 2018-07-05\n### Features\n#### One thing\n1. first we read\n2. then we write\n#### Another\nDone.\n"
    assert headings(text) == [("feature", "One thing"), ("feature", "Another")]


def test_kinds_without_sections() -> None:
    text = (
        "## 2018-07-05\n- **One thing**: merged\n- **bug 1778591 it fails**: fixed\n"
        "- **Should we drop it?**: no\n- **关于命名的讨论**：没有结论\n"
    )
    assert [kind for kind, _ in headings(text)] == ["feature", "bug", "topic", "topic"]


@pytest.mark.parametrize(
    "heading",
    ["TODO", "Todo list", "待办", "待办事项", "后续学习", "Homework", "Action items", "Notes to self", "Open ends",
     "Next steps", "Things to read", "My to-do list", "Loose ends", "学习计划", "3. TODO", "遗留问题", "Follow-ups"],
)  # fmt: skip
def test_lists_of_todos(heading: str) -> None:
    text = f"## 2018-07-05\n- **One thing**: merged\n\n## {heading}\n- read the code\n- [x] ask about it\n"
    rows = [(fact.text, fact.done) for fact in extract(text).facts if isinstance(fact, Todo)]
    assert rows == [("read the code", False), ("ask about it", True)]


@pytest.mark.parametrize("heading", ["Links", "参考", "Attendees", "Summary", "背景"])
def test_lists_of_something_else(heading: str) -> None:
    text = f"## 2018-07-05\n- **One thing**: merged\n\n## {heading}\n- one thing more\n"
    assert not [fact for fact in extract(text).facts if isinstance(fact, Todo)]


SUMMARIES = [
    ("总的来说，这次会议很短。", "总的来说，这次会议很短。"),
    ("本次Meeting总的来说还是充满干货的。", "本次Meeting总的来说还是充满干货的。"),
    ("总结：这周进度不错。", "总结：这周进度不错。"),
    ("In short: a quiet week.", "In short: a quiet week."),
    ("总的来说，三月份是一个收尾的月份。", ""),
    ("总结来说，就是我们最初的设计。", ""),
    ("重要事件：1月25日，Queens版本的Feature Freeze即将到来。", ""),
    ("@efried 提到，总的来说没有问题。", ""),
]


@pytest.mark.parametrize(("line", "expected"), SUMMARIES)
def test_summary(line: str, expected: str) -> None:
    text = f"## 2018-01-22\n### Features\n#### One thing\nDone.\n\n{line}\n"
    facts = extract(text).facts
    assert [fact.summary for fact in facts if isinstance(fact, Meeting)] == [expected]


def test_a_promise_about_what_the_list_names_is_the_same_todo() -> None:
    text = (
        "## 2018-01-15\n### Features\n#### Granular resource requests\n最近会专门写一个文章记录一下其实现。\n"
        "#### Something else\n后续需要学习一下锁的实现。\n# TODO\n1. Granular resource requests分析\n"
    )
    rows = [(fact.text, len(fact.promises)) for fact in extract(text).facts if isinstance(fact, Todo)]
    assert rows == [("Granular resource requests分析", 1), ("后续需要学习一下锁的实现。", 0)]


def test_nothing_is_dropped_silently() -> None:
    text = "## 2018-01-15\n### Features\n#### One thing\nDone.\nThe weather was fine.\n```\ncode\n```\n"
    result = extract(text)
    assert [(p.line, p.what) for p in result.problems] == [
        (5, "nothing was made of this line"), (6, "a block of code"),
    ]  # fmt: skip
    assert len(result.understood) == 4


def test_a_community_of_its_own() -> None:
    folder = CASES / "en-kubernetes-flat-2018-02"
    data = (folder / "note.txt").read_bytes()
    record, problems = notes.read(data, "note.txt")
    assert record is not None
    assert not problems
    facts = NoteExtractor(lexicon.load(folder), profile.load(folder)).extract(record).facts
    assert {fact.release for fact in facts if isinstance(fact, Milestone)} == {"1.10"}


PARTS = [
    ("placement侧已合入", "placement侧"),
    ("API部分基本完成", "API"),
    ("NUMA/PCI部分的工作，估计搞不定", "NUMA/PCI"),
    ("update_provider_tree series接近完成了", "update_provider_tree series"),
    ("Eric said that the client half is in review", "client half"),
    ("spec已经合入", "spec"),
    ("这个特性已经完成", ""),
    ("Some thing is done", ""),
    ("目前基本完成", ""),
    ("The kubelet part is in review", "kubelet"),
    ("the driver half is missing reviews", "driver half"),
    ("It was deferred to Rocky", ""),
    ("@efried 表示，libvirt的部分已经合入", "libvirt"),
    ("because of the freeze it was deferred to Rocky", ""),
    ("report client部分：https://review.openstack.org/#/c/573674/ WIP", "report client"),
]


@pytest.mark.parametrize(("line", "expected"), PARTS)
def test_part(line: str, expected: str) -> None:
    text = f"## 2018-01-08\n### Features\n#### 1. Some thing\n{line}\n"
    assert [fact.part for fact in extract(text).facts if isinstance(fact, Status)] == [expected]
