"""TODOs: what the lists of a post name, and the promises in its text, each joined to the list's where it is the
same; and what the author says was learnt since."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graph.extract.commitments import PromiseFinder
from graph.extract.done import DoneFinder
from graph.extract.outline import Outline, TodoPart
from graph.extract.text import Unit, sentences
from graph.extract.todo_words import TodoWords
from graph.facts import Evidence, Learnt, MeetingKey, Todo
from graph.lexicon import Lexicon

PROMISE = 200  # characters of a promise that are its text
_FEW = 2  # words, below which a promise is known by its heading too: «to be read later»
_ID = re.compile(r"#?[0-9a-f]{8}")
_BLANK = " \t。.，,;；:：()（）-—–"


@dataclass(frozen=True)
class Promise:
    """A promise in the text of a meeting, under an item's heading (or none)."""

    meeting: MeetingKey
    heading: str
    text: str
    evidence: Evidence


class TodoFinders:
    """What tells TODOs, compiled once from a lexicon."""

    def __init__(self, lexicon: Lexicon, promises: PromiseFinder, words: TodoWords) -> None:
        self.promises = promises
        self.done = DoneFinder(lexicon)
        self.words = words


class Todos:
    """Collects the TODOs of one post; `headings` are those of its items, in order."""

    def __init__(self, finders: TodoFinders, headings: list[str]) -> None:
        self._finders = finders
        self._finder = finders.promises
        self._headings = headings
        self._listed: list[Todo] = []
        self.learnt: list[Learnt] = []

    def take(self, part: TodoPart, meeting: MeetingKey | None, raised: str) -> Iterator[Unit]:
        """Take over a list; yields the lines that were understood."""
        all_done, depth = False, 0
        for unit in part.lines:
            said = self._finders.done.heads(unit.plain) if _may_head(unit) else None
            if said is not None:
                # «Done:» with a list below it, deeper when it is an item itself and no line behind one.
                all_done, depth = said, unit.level + 1 if unit.role == "item" and unit.marker else 0
                yield unit
                continue
            if unit.role == "heading" or (depth and unit.level < depth):
                all_done, depth = False, 0
            if _is_todo(unit, depth):
                self._add(unit, meeting, raised, all_done=all_done)
                yield unit

    def _add(self, unit: Unit, meeting: MeetingKey | None, raised: str, *, all_done: bool) -> None:
        text, done = self._read(unit)
        done = done or all_done
        if done and _ID.fullmatch(text):
            # A note speaks of meetings until its last day.
            self._say(text, raised, meeting, unit.evidence())
            return
        words = self._finders.words.of(text)
        row = Todo(text, self._about(text), raised, meeting, done, unit.evidence(), words=words)
        self._listed.append(row)

    def _read(self, unit: Unit) -> tuple[str, bool]:
        """A line's words without marks, and whether they say that it is done."""
        pairs = list(zip(unit.plain, unit.mask, strict=True))
        struck = "".join(char for char, kind in pairs if kind == "s").strip()
        left = "".join(char for char, kind in pairs if kind != "s").strip()
        ticked = "[x]" in unit.marker.lower()
        if struck and (not left.strip(_BLANK) or self._finders.done.is_mark(left)):
            return self._finders.done.strip(struck)[0], True
        text, done = self._finders.done.strip(left)
        return text.strip(), done or ticked

    def _say(self, text: str, date: str, meeting: MeetingKey | None, evidence: Evidence) -> None:
        words = self._finders.words.of(text)
        self.learnt.append(Learnt(text, date, meeting, evidence, words))

    def hear(self, unit: Unit, date: str, meeting: MeetingKey | None, people: list[tuple[int, int]]) -> bool:
        """Note what a line of running text says was learnt; somebody else's learning is none of the author's."""
        before = len(self.learnt)
        for start, end in sentences(unit):
            done = self._finders.done
            named = done.named(unit.visible(start, end, keep=".clq"))
            subjects = named or (done.learnt(unit.visible(start, end, keep=".cl")),)
            if any(start <= at < end for at, _ in people):
                continue
            for subject in filter(None, subjects):
                self._say(subject, date, meeting, unit.evidence(start, end))
        return len(self.learnt) > before

    def all(self, promises: Iterable[Promise]) -> list[Todo]:
        """Every TODO: those listed with the promises that speak of them, then the promises of their own."""
        for promise in promises:
            index = self._same(promise)
            if index is None:
                self._listed.append(self._promised(promise))
            else:
                todo = self._listed[index]
                self._listed[index] = replace(todo, promises=(*todo.promises, promise.evidence))
        return self._listed

    def _promised(self, promise: Promise) -> Todo:
        text, words = promise.text[:PROMISE].strip(), self._finders.words.of(promise.text)
        subject = promise.heading if len(words) < _FEW else ""
        words = (*words, *self._finders.words.of(subject)) if subject else words
        return Todo(
            text, promise.heading, promise.meeting.date, promise.meeting, False, promise.evidence,
            kind="promised", subject=subject, words=words,
        )  # fmt: skip

    def _about(self, text: str) -> str:
        """Heading of the latest item whose words the TODO names, or empty."""
        subject = self._finder.subject(text)
        best: tuple[int, str] = (0, "")
        for heading in self._headings:
            words = self._finder.subject(heading)
            common = len(subject & words)
            enough = words and (subject <= words or words <= subject or common * 3 >= 2 * len(subject))
            if subject and enough and common >= best[0]:
                best = (common, heading)
        return best[1]

    def _same(self, promise: Promise) -> int | None:
        """A listed TODO about the same thing: its words stand in the promise, or in the promise's heading."""
        for words in (self._finder.subject(promise.text), self._finder.subject(promise.heading)):
            for index, todo in enumerate(self._listed):
                subject = self._finder.subject(todo.text)
                if subject and words and (subject <= words or (len(words) > 1 and words <= subject)):
                    return index
        return None


def meeting_of(part: TodoPart, outline: Outline, units: Iterable[Unit]) -> int | None:
    """Index of the meeting whose day a list has: its own; or, in a post of several months that each have a list, the
    last of the section in which it stands. None for a list of the whole post.
    """
    own = [other.opener.first for other in outline.todos if other.meeting is None]
    months = {meeting.date.date[:7] for meeting in outline.meetings}
    if part.meeting is not None or len(own) < 2 or len(months) < 2:
        return part.meeting
    at = part.opener.first
    above = [unit.first for unit in units if unit.role == "heading" and 0 < unit.level < part.level]
    start = max((first for first in above if first < at), default=-1)
    end = min((first for first in above if first > at), default=sys.maxsize)
    if sum(start <= first < end for first in own) > 1:
        # One heading above them all tells them not apart: each has the meetings that come before it.
        end = at
    begins = [(meeting.unit.first, meeting.date.date, i) for i, meeting in enumerate(outline.meetings)]
    inside = [(date, i) for first, date, i in begins if max(start, _before(own, at, end)) <= first < end]
    return max(inside or [(date, i) for first, date, i in begins if first < at], default=("", None))[1]


def _before(lists: list[int], at: int, end: int) -> int:
    """The line of the list before, where meetings are told by what stands between two lists."""
    return max((first for first in lists if first < at), default=-1) if end == at else -1


def _may_head(unit: Unit) -> bool:
    return unit.role == "heading" or (unit.role in ("item", "text") and not unit.links)


def _is_todo(unit: Unit, depth: int = 0) -> bool:
    """Whether a line of a list is one of its own: no detail below another, no line that only announces."""
    if unit.role not in ("item", "text") or unit.level > depth or not unit.plain.strip():
        return False
    return not (unit.role == "text" and unit.plain.rstrip().endswith((":", "：")))
