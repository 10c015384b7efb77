"""Changes under review as triples: a number and a Change-Id made one patch, its state, its owner, its topic.

An account's user name stands beside the person's name, so that a nick in a note and an author in a history meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graph.errors import Problem
from graph.extract import schedule_days
from graph.facts import Evidence
from graph.profile import Profile
from graph.quads import Quads, SourceInfo, date_literal, literal, node
from graph.readers import gerrit as reader
from graph.records import ReviewRecord, SourceRecord


def write(profile: Profile, records: Iterable[Any]) -> Iterator[tuple[str, list[str]]]:
    """One segment: the source, its changes, what was wrong."""
    out: Quads | None = None
    read, unread, source = 0, 0, None
    for record in records:
        if isinstance(record, SourceRecord):
            source, out = record, Quads(profile, record.source)
        elif out and isinstance(record, Problem):
            out.problem(record)
            unread += record.kind == "unread"
        elif out and isinstance(record, ReviewRecord):
            _Review(out, record).write()
            read += 1
    if out and source:
        name = f"{reader.NAME} {reader.VERSION}"
        out.describe(SourceInfo(source.source, source.sha256, "", name, read + unread, read))
        yield "", out.lines()


class _Review:
    """One change."""

    def __init__(self, out: Quads, record: ReviewRecord) -> None:
        self.out = out
        self.record = record
        self.patch = out.patch(record.number, title=record.subject)

    def write(self) -> None:
        """Its triples."""
        out, record, patch = self.out, self.record, self.patch
        out.add(patch, "kg:samePatch", node(out.patch(record.change)))
        out.texts(patch, mergedStatus=record.status, onBranch=record.branch, project=self._project())
        created, submitted = record.created[:10], record.submitted[:10]
        if schedule_days.day(created):
            out.add(patch, "dcterms:date", date_literal(created))
        if schedule_days.day(submitted):
            out.add(patch, "kg:merged", date_literal(submitted))
        owner = self._owner()
        if owner:
            out.add(patch, "kg:author", node(owner))
        self._evidence()
        for kind, key in dict.fromkeys(self._named()):
            self._reference(kind, key)

    def _project(self) -> str:
        return self.record.project.rsplit("/", 1)[-1]

    def _owner(self) -> str:
        """The person: by user name, else by name; empty where neither is told."""
        record, out = self.record, self.out
        key = record.owner or record.owner_name
        if not key:
            return ""
        person = out.person(key) if record.owner else out.iri("person", key.lower())
        out.type(person, "Person")
        if record.owner_name:
            out.add(person, "foaf:name", literal(record.owner_name))
        if record.mbox:
            out.add(person, "foaf:mbox_sha1sum", literal(record.mbox))
        return person

    def _evidence(self) -> None:
        """The place in the answer that says so."""
        said = self.out.iri("review", self.out.path, self.record.nth, self.record.number)
        self.out.type(said, "Mention")
        self.out.texts(said, kind="review", key=self.record.number, mergedStatus=self.record.status)
        self.out.add(said, "kg:mentions", node(self.patch))
        self._place(said, self.record.subject or self.record.change)

    def _place(self, thing: str, words: str) -> None:
        self.out.evidence(thing, Evidence(self.record.line, words))

    def _named(self) -> Iterator[tuple[str, str]]:
        """Features and bugs that the topic names, as text or as a link to a topic would."""
        topic = self.record.topic
        if not topic:
            return
        texts = {"text": f"topic:{topic}", "url": f"https://review.invalid/q/topic:{topic}"}
        for reference in self.out.profile.references:
            match = (
                reference.regex.search(texts[reference.place])
                if reference.kind in ("feature", "bug")
                else None
            )
            if match:
                yield reference.kind, match.group(1).lower()

    def _reference(self, kind: str, key: str) -> None:
        """What the topic names: it says what the change is about, and no more."""
        out, thing = self.out, self.out.iri("reference", self.out.path, self.record.number, kind, key)
        home = out.profile.commits.feature_project(self._project())
        about = (
            out.feature(key, home if home in out.profile.projects else "")
            if kind == "feature"
            else out.bug(key)
        )
        out.type(thing, "Reference")
        out.texts(thing, kind=kind, strength="mention", written=self.record.topic)
        out.add(thing, "kg:about", node(about))
        out.add(thing, "kg:onPatch", node(self.patch))
        self._place(thing, self.record.topic)
