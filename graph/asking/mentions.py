"""Where a question names something, and as what it can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from graph.asking import periods
from graph.asking.words import THING
from graph.store import Bound

_NOUNS = {
    "release": ("release|cycle|series", "版本|版|周期|发行版"),
    "feature": (
        "feature|spec|blueprint|bp|topic|work|effort|support|series",
        "特性|功能|需求|规格|蓝图|议题",
    ),
    "version": ("version|release|tag", "版本|版"),
    "person": ("", ""),
    "project": ("project|repo|repository|service", "项目|仓库|组件"),
}
_SLOTS = {"bug": r"bugs?|缺陷|漏洞", "patch": r"patch(?:es)?|changes?|reviews?|补丁|评审|提交"}
_FROM = re.compile(r"(?:\b(?:from|out of|off)|从|由|自)\s*(?:the\s+)?$")
_TO = re.compile(r"(?:\b(?:to|into|towards)|到|至|进|给|->|→|=>)\s*了?\s*(?:the\s+)?$")


@dataclass(frozen=True)
class Reading:
    """One thing that words can name: its kind, its value as a parameter, its name to show, what a column may hold."""

    kind: str
    bound: Bound
    shown: str
    values: frozenset[str] = frozenset()
    period: periods.Period | None = None


@dataclass(frozen=True)
class Mention:
    """Where a question names something, and as what it can be read; `role` is from, to, except or empty.

    A release with `since` or `before` can be read as a stretch of releases too, and `extent` is where that is said.
    """

    start: int
    end: int
    role: str
    readings: tuple[Reading, ...]
    extent: tuple[int, int] = (0, 0)

    def of(self, kind: str) -> Reading | None:
        """Its reading as a kind. A day can stand for a month."""
        return next((reading for reading in self.readings if reading.kind == kind), None)


Span = tuple[int, int, str, list[Reading]]


def once(mentions: list[Mention]) -> list[Mention]:
    """Each thing once, at its place with a role or at its first: `what slipped to Rocky and landed in Rocky`."""
    found: dict[tuple[Bound, ...], Mention] = {}
    for mention in mentions:
        key = tuple(sorted(reading.bound for reading in mention.readings))
        if key not in found or (mention.role and not found[key].role):
            found[key] = mention
    return sorted(found.values(), key=lambda m: m.start)


def hidden(text: str, mentions: list[Mention]) -> str:
    """The text with every thing masked, character by character, so that places stay."""
    for m in mentions:
        text = text[: m.start] + THING * (m.end - m.start) + text[m.end :]
    return text


def keyed(kind: str, key: str) -> Reading:
    """A reading that is known by its key alone."""
    return Reading(kind, ("string", key), key, frozenset({key.casefold()}))


def role_before(text: str) -> str:
    """Whether what follows a text is where something comes from, where it goes to, or neither."""
    return "from" if _FROM.search(text) else "to" if _TO.search(text) else ""


def without_nouns(text: str, kinds: Mapping[str, str]) -> str:
    """A phrase with its slots masked as things are in a question: with the nouns that name their kind."""
    for name, kind in kinds.items():
        slot = rf"\{{{name}\}}"
        latin, chinese = _NOUNS.get(kind, ("", ""))
        after = rf"(?:\s*(?:(?:{latin})(?![a-z])|(?:{chinese})))?" if latin else ""
        before = rf"(?:(?<![a-z])(?:{_SLOTS[kind]})\s*)?" if kind in _SLOTS else ""
        if kind in ("feature", "version", "project"):
            before = rf"(?:(?<![a-z])(?:the\s+)?(?:{latin})\s+|(?:{chinese})\s*)?"
        text = re.sub(before + slot + after, THING, text)
    return text


def with_noun(text: str, start: int, end: int, kind: str) -> tuple[int, int]:
    """The span with what names its kind: `the Queens release`, `特性 X`."""
    latin, chinese = _NOUNS.get(kind, ("", ""))
    if not latin and not chinese:
        return start, end
    after = re.match(rf"\s*(?:(?:{latin})(?![a-z])|这个?(?:{chinese})|(?:{chinese}))", text[end:])
    before = re.search(rf"(?:(?<![a-z])(?:the\s+)?(?:{latin})\s+|(?:{chinese})\s*)$", text[:start])
    if before and kind in ("feature", "version", "project") and not after:
        start = before.start()
    return start, end + (after.end() if after else 0)
