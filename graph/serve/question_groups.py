"""What each question of the catalogue is about, told from its parameters and columns; nothing is listed by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.sparql import QueryFile

# What a group is about: English, Chinese, and the kinds of parameters and names of columns that tell it.
GROUPS: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    ("feature", "Features and specs", "特性与规格", frozenset({"feature", "topic"})),
    ("release", "Releases and versions", "版本与发行号", frozenset({"release", "version", "newest", "from", "to"})),
    ("meeting", "Meetings: what was said", "会议：说了什么、定了什么", frozenset({"meeting", "date", "quote"})),
    ("todo", "TODOs", "待办", frozenset({"todo"})),
    ("code", "Code: patches and commits", "代码：补丁与提交", frozenset({"patch", "commit", "sha"})),
    ("bug", "Bugs", "缺陷", frozenset({"bug"})),
    ("person", "People", "人", frozenset({"person"})),
    ("source", "Sources and how they were understood", "来源及理解程度", frozenset({"source"})),
    ("other", "Names and others", "名称及其他", frozenset()),
)  # fmt: skip
_VALUES = frozenset(
    {"date", "month", "text", "project"}
)  # kinds that say when or what, and not of which thing


@dataclass(frozen=True)
class Group:
    """A heading and its questions."""

    key: str
    title: str
    questions: tuple[QueryFile, ...]


def subject(question: QueryFile) -> str:
    """The key of the group that a question belongs to: by what it is asked of, else by what it lists."""
    things = [param.kind for param in question.params if param.kind not in _VALUES]
    kept = set(question.columns) - {param.name for param in question.params}
    for name in [*things, *(column for column in question.columns if column in kept)]:
        for key, _, _, names in GROUPS:
            if name in names:
                return key
    return "other"


def grouped(questions: Iterable[QueryFile], lang: str, sought: str = "") -> list[Group]:
    """The questions that have every word sought, group by group, by their titles."""
    words = _words(sought)
    found: dict[str, list[QueryFile]] = {}
    for question in questions:
        if all(word in _said(question) for word in words):
            found.setdefault(subject(question), []).append(question)
    return [
        Group(key, zh if lang == "zh" else en, tuple(sorted(found[key], key=lambda q: title(q, lang))))
        for key, en, zh, _ in GROUPS
        if key in found
    ]


def title(question: QueryFile, lang: str) -> str:
    """A question's title in a language, else in English."""
    return question.titles.get(lang) or question.titles["en"]


def phrases(question: QueryFile, lang: str) -> tuple[str, ...]:
    """The ways of asking it in a language, else in English."""
    return question.phrases.get(lang) or question.phrases.get("en", ())


def _words(sought: str) -> list[str]:
    return re.split(r"\s+", sought.casefold().strip()) if sought.strip() else []


def _said(question: QueryFile) -> str:
    said = [question.name, *question.titles.values(), *question.columns]
    said += [text for texts in (*question.phrases.values(), *question.keywords.values()) for text in texts]
    return "\n".join(said).casefold()
