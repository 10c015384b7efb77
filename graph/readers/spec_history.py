"""When specs came into their places, from a repository's history along its main line.

Two passes over the log: the messages of all commits, and what each step of the main line changed (of a merge, what
it brought). A merge speaks with the message of the commit it brought.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from graph.gitrepo import GitRepo
from graph.profile_commits import CommitWays
from graph.profile_specs import SpecWays
from graph.readers.git_words import kept, mbox, person
from graph.readers.spec_text import said
from graph.records import SpecChange

_HEAD = b"\x01"
_MOST = 100_000  # bytes of a message that are looked at


@dataclass(frozen=True)
class _Commit:
    parents: tuple[str, ...]
    date: str
    title: str
    lines: tuple[tuple[int, str], ...]
    author: str
    mbox: str
    signed: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Event:
    """What a step did to one path: git's letter, the path, where it came from, how alike they are (of 100)."""

    letter: str
    path: str
    before: str
    similar: int


@dataclass
class Step:
    """A step of the main line: the commit it brought, the day it came, who wrote it, what it changed."""

    sha: str
    date: str
    title: str
    lines: tuple[tuple[int, str], ...]
    events: list[Event] = field(default_factory=list)
    author: str = ""
    mbox: str = ""
    signed: tuple[tuple[int, str], ...] = ()


def steps(repo: GitRepo, head: str, ways: SpecWays, people: CommitWays) -> list[Step]:
    """The steps of the main line, newest first; `people` are the trailers that name co-authors."""
    commits = dict(_commits(repo, head, ways, people))
    found: list[Step] = []
    for sha, events in _changes(repo, head):
        own = commits.get(sha)
        if own is not None:
            told = _told(sha, commits)
            found.append(_step(told, own.date, commits[told], events))
    return found


def _step(sha: str, date: str, told: _Commit, events: list[Event]) -> Step:
    """A step in the words of the commit that speaks for it; who made a merge wrote nothing of what it brought."""
    if len(told.parents) > 1:
        return Step(sha, date, told.title, told.lines, events)
    return Step(sha, date, told.title, told.lines, events, told.author, told.mbox, told.signed)


def _commits(repo: GitRepo, head: str, ways: SpecWays, people: CommitWays) -> Iterator[tuple[str, _Commit]]:
    form = "--format=%H%x01%P%x01%ct%x01%an%x01%ae%x01%B"
    for record in repo.stream("log", "-z", form, head, most=_MOST):
        sha, parents, seconds, name, address, body = [*record.split(_HEAD, 5), *[b""] * 5][:6]
        text = body.decode("utf-8", "replace")
        lines = text.split("\n")
        yield (
            sha.decode(),
            _Commit(
                tuple(parents.decode().split()),
                _day(seconds),
                lines[0],
                said(text, lines, ways, "telling"),
                person(name.decode("utf-8", "replace")),
                mbox(address.decode("utf-8", "replace")),
                kept(text, people),
            ),
        )


def _day(seconds: bytes) -> str:
    try:
        return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _told(sha: str, commits: dict[str, _Commit]) -> str:
    """The commit that speaks for a step: what a merge brought, where that is one commit's work."""
    parents = commits[sha].parents
    if len(parents) == 2 and parents[1] in commits and len(commits[parents[1]].parents) < 2:
        return parents[1]
    return sha


def _changes(repo: GitRepo, head: str) -> Iterator[tuple[str, list[Event]]]:
    words = ("log", "--first-parent", "-m", "--name-status", "-M", "-C", "-l2000", "-z", "--format=%x01%H")
    sha, events, fields = "", list[Event](), list[str]()
    for record in repo.stream(*words, head):
        if record.startswith(_HEAD):
            if sha:
                yield sha, events
            sha, events, fields = record[1:].decode(), [], []
            continue
        fields.append(record.decode("utf-8", "replace").removeprefix("\n" if not fields else ""))
        if len(fields) == (3 if fields[0][:1] in ("R", "C") else 2):
            events.append(_event(fields))
            fields = []
    if sha:
        yield sha, events


def _event(fields: list[str]) -> Event:
    letter, similar = fields[0][:1], fields[0][1:]
    before = fields[1] if len(fields) == 3 or letter in ("M", "D") else ""
    return Event(letter, fields[-1], before, int(similar) if similar.isdigit() else 0)


class Trace:
    """Follows specs back from where they stand now, step by step."""

    def __init__(self, paths: Iterable[str], ways: SpecWays) -> None:
        self._now = {path: path for path in paths}
        self._narrows = ways.regex("narrows")
        self.changes: dict[str, list[SpecChange]] = {path: [] for path in self._now}
        self.edits: dict[str, list[SpecChange]] = {path: [] for path in self._now}

    def follow(self, step: Step) -> None:
        """One step further back."""
        moved: dict[str, str] = {}
        for event in step.events:
            spec = self._now.get(event.path)
            if spec is None:
                continue
            change = SpecChange(
                step.date, step.sha, event.path, event.before, step.title, step.lines, event.similar,
                step.author, step.mbox, step.signed,
            )  # fmt: skip
            if event.letter == "D":
                change = replace(change, path="")
            elif event.letter == "R":
                moved[event.path] = event.before
            if event.letter != "M" or any(self._narrows.search(words) for _, words in step.lines):
                self.changes[spec].append(change)
            else:
                self.edits[spec].append(replace(change, lines=()))
        for path, before in moved.items():
            self._now[before] = self._now.pop(path)
