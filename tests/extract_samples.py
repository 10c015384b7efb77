"""Short ways to ask the extractor about one line, one item or one post."""

from __future__ import annotations

from functools import cache

from graph import lexicon, profile
from graph.extract.notes import Extraction, NoteExtractor
from graph.facts import Decision, Discussion, Fact, Mention, Status
from graph.readers import notes


@cache
def extractor() -> NoteExtractor:
    return NoteExtractor(lexicon.load(), profile.load())


def extract(text: str | bytes, name: str = "note.md") -> Extraction:
    data = text if isinstance(text, bytes) else text.encode()
    record, _ = notes.read(data, name)
    assert record is not None
    return extractor().extract(record)


def item(lines: str) -> list[Fact]:
    """Facts of lines below an item whose title says nothing."""
    return extract(f"## 2018-01-08\n### Features\n#### 1. Some thing\n{lines}\n").facts


def reports(line: str) -> str:
    rows = [fact for fact in item(line) if isinstance(fact, Status)]
    return " ".join(f"{row.status}@{row.release}" if row.release else row.status for row in rows)


def people(line: str) -> str:
    """Keys of the people in order."""
    return " ".join(fact.key for fact in item(line) if isinstance(fact, Mention) and fact.kind == "person")


def references(line: str) -> str:
    """Kinds and keys of everything else that is mentioned."""
    rows = [fact for fact in item(line) if isinstance(fact, Mention) and fact.kind != "person"]
    return " ".join(f"{row.kind}:{row.key}" for row in rows)


def assignees(line: str) -> str:
    return " ".join(fact.assignee for fact in item(line) if isinstance(fact, Decision))


def headings(text: str, name: str = "note.md") -> list[tuple[str, str]]:
    """Kind and heading of every item of a post."""
    return [(fact.kind, fact.heading) for fact in extract(text, name).facts if isinstance(fact, Discussion)]
