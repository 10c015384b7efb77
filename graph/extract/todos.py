"""TODOs: what the lists of a post name, and the promises in its text, each joined to the list's where it is the
same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from graph.extract.commitments import PromiseFinder
from graph.extract.outline import TodoPart
from graph.extract.text import Unit
from graph.facts import Evidence, MeetingKey, Todo

PROMISE = 200  # characters of a promise that are its text


@dataclass(frozen=True)
class Promise:
    """A promise in the text of a meeting, under an item's heading (or none)."""

    meeting: MeetingKey
    heading: str
    text: str
    evidence: Evidence


class Todos:
    """Collects the TODOs of one post; `headings` are those of its items, in order."""

    def __init__(self, finder: PromiseFinder, headings: list[str]) -> None:
        self._finder = finder
        self._headings = headings
        self._listed: list[Todo] = []

    def take(self, part: TodoPart, meeting: MeetingKey | None, raised: str) -> Iterator[Unit]:
        """Take over a list; yields the lines that were understood."""
        for unit in part.lines:
            if not _is_todo(unit):
                continue
            struck = set(unit.mask[: len(unit.plain.rstrip())].strip()) <= {"s"}
            text = unit.plain.strip()
            done = struck or "[x]" in unit.marker.lower()
            self._listed.append(Todo(text, self._about(text), raised, meeting, done, unit.evidence()))
            yield unit

    def all(self, promises: Iterable[Promise]) -> list[Todo]:
        """Every TODO: those listed with the promises that speak of them, then the promises of their own."""
        for promise in promises:
            index = self._same(promise)
            if index is None:
                text = promise.text[:PROMISE].strip()
                date = promise.meeting.date
                todo = Todo(text, promise.heading, date, promise.meeting, False, promise.evidence)
                self._listed.append(todo)
            else:
                todo = self._listed[index]
                self._listed[index] = replace(todo, promises=(*todo.promises, promise.evidence))
        return self._listed

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


def _is_todo(unit: Unit) -> bool:
    """Whether a line of a list is one of its own: no detail below another, no line that only announces."""
    if unit.role not in ("item", "text") or unit.level > 0 or not unit.plain.strip():
        return False
    return not (unit.role == "text" and unit.plain.rstrip().endswith((":", "：")))
