"""Interpreted statements, each with its evidence. An extractor makes them, `quads` writes them down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Evidence:
    """A verbatim quote and the line of its source where it begins (from 1)."""

    line: int
    quote: str


@dataclass(frozen=True)
class MeetingKey:
    """A meeting within its source: ISO date and which of that date it is (from 1)."""

    date: str
    nth: int


@dataclass(frozen=True)
class Meeting:
    """A dated meeting; `inferred` says what of its date was completed from the surroundings, or is empty."""

    key: MeetingKey
    title: str
    summary: str
    project: str
    evidence: Evidence
    summary_line: int = 0
    inferred: str = ""


@dataclass(frozen=True)
class ItemKey:
    """An item of a meeting; position counts from 1, 0 is what stands outside any item."""

    meeting: MeetingKey
    position: int


@dataclass(frozen=True)
class Discussion:
    """An item: kind is feature, bug or topic; `feature` is a slug the text itself names, or empty."""

    key: ItemKey
    kind: str
    heading: str
    feature: str
    evidence: Evidence


@dataclass(frozen=True)
class Mention:
    """A patch, bug, person, link or post named in an item. `aliases` are other names of the same thing."""

    item: ItemKey
    kind: str
    key: str
    evidence: Evidence
    aliases: tuple[str, ...] = ()
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Engagement:
    """A person discusses, or works on, what an item is about."""

    item: ItemKey
    person: str
    role: str
    evidence: Evidence


@dataclass(frozen=True)
class Status:
    """A report of how the work stands; empty strings where the sentence does not say."""

    item: ItemKey
    status: str
    part: str
    release: str
    patch: str
    bug: str
    person: str
    evidence: Evidence
    nth: int = 1


@dataclass(frozen=True)
class Decision:
    """What was decided, and who does it; `words` tell it from other decisions."""

    item: ItemKey
    assignee: str
    about: str
    evidence: Evidence
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Milestone:
    """A dated point of a release; `inferred` says what was completed from the surroundings."""

    release: str
    name: str
    date: str
    evidence: Evidence
    inferred: str = ""


@dataclass(frozen=True)
class Todo:
    """Something to be learnt or done. `about` is an item heading or empty; `raised` a date or a month.

    kind: listed or promised; `subject` is what a promise is known by beside its words, `words` what tells it from
    others.
    """

    text: str
    about: str
    raised: str
    meeting: MeetingKey | None
    done: bool
    evidence: Evidence
    promises: tuple[Evidence, ...] = ()
    kind: str = "listed"
    subject: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Learnt:
    """The author says that something was learnt: what, on which date (or in which month), in which words."""

    text: str
    date: str
    meeting: MeetingKey | None
    evidence: Evidence
    words: tuple[str, ...] = ()


Fact = Meeting | Discussion | Mention | Engagement | Status | Decision | Milestone | Todo | Learnt
