"""Facts as RDF: the one place where terms are minted. A source's facts become sorted N-Triples lines.

Every node has an IRI made from its keys (no blank nodes), so that the same input gives the same bytes and two
sources that speak of one thing meet.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph import terms
from graph.closings import Closed
from graph.corrections import Corrected
from graph.errors import Problem
from graph.facts import (
    Decision, Discussion, Engagement, Evidence, Fact, ItemKey, Meeting, MeetingKey, Mention, Milestone, Status, Todo,
)  # fmt: skip
from graph.profile import Profile
from graph.terms import fold

RDF_TYPE = terms.expand("rdf:type")
LABEL = terms.expand("rdfs:label")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BAD_IRI = re.compile(r'[<>"{}|\\^`\x00-\x20]')
TODO_ID = 8  # hex digits


def literal(text: str, datatype: str = "", lang: str = "") -> str:
    """An N-Triples literal; control characters that RDF text cannot hold are dropped."""
    kept = "".join(c for c in text if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    body = "".join(_ESCAPES.get(char, char) for char in kept)
    if lang:
        return f'"{body}"@{lang}'
    return f'"{body}"^^<{terms.expand("xsd:" + datatype)}>' if datatype else f'"{body}"'


def node(iri: str) -> str:
    """An N-Triples IRI."""
    if _BAD_IRI.search(iri):
        raise ValueError(f"no IRI: {iri!r}")
    return f"<{iri}>"


def date_literal(date: str) -> str:
    """A date, or a month, by how much of it is known."""
    return literal(date, "date" if len(date) == 10 else "gYearMonth" if len(date) == 7 else "")


def todo_key(text: str) -> str:
    """Key of a TODO's words."""
    return fold(text)


@dataclass(frozen=True)
class SourceInfo:
    """What is known of a source as a whole; `path` is as given."""

    path: str
    sha256: str
    title: str
    reader: str
    lines: int
    understood: int


class Quads:
    """Collects the triples of one graph."""

    def __init__(self, profile: Profile, source: str) -> None:
        self.profile = profile
        self.community = profile.name
        self.path = source
        self.source = source_iri(profile.name, source)
        self._lines: set[str] = set()

    def lines(self) -> list[str]:
        """Sorted, unique N-Triples lines."""
        return sorted(self._lines)

    def add(self, subject: str, predicate: str, value: str) -> None:
        """One triple; `predicate` is a CURIE, `value` is written already."""
        prefix, _, name = predicate.partition(":")
        iri = terms.kg(name) if prefix == "kg" else terms.expand(predicate)
        self._lines.add(f"{node(subject)} {node(iri)} {value} .")

    def type(self, subject: str, name: str) -> None:
        """Our class and the standard ones beside it."""
        self.add(subject, "rdf:type", node(terms.kg(name)))
        for parent in terms.PARENTS[name]:
            self.add(subject, "rdf:type", node(terms.expand(parent)))

    def texts(self, subject: str, **values: str) -> None:
        """Plain text properties of ours; empty ones are left out."""
        for name, value in values.items():
            if value:
                self.add(subject, f"kg:{name.rstrip('_')}", literal(value))

    def number(self, subject: str, name: str, value: int) -> None:
        """A whole number of ours."""
        self.add(subject, f"kg:{name}", literal(str(value), "integer"))

    def iri(self, kind: str, *keys: str | int) -> str:
        """IRI of a thing of this community."""
        return terms.iri(self.community, kind, *keys)

    # --- evidence ---------------------------------------------------------------------------------------------

    def evidence(self, subject: str, evidence: Evidence) -> None:
        """Line, quote and source of a fact."""
        self.number(subject, "line", evidence.line)
        self.add(subject, "kg:fromSource", node(self.source))
        digest = hashlib.sha256(evidence.quote.encode()).hexdigest()[:10]
        quote = self.iri("quote", self.path, evidence.line, digest)
        self.add(subject, "kg:quote", node(quote))
        self.add(subject, "prov:wasQuotedFrom", node(quote))
        self.type(quote, "Quote")
        self.add(quote, "oa:exact", literal(evidence.quote))
        self.number(quote, "line", evidence.line)
        self.add(quote, "kg:fromSource", node(self.source))

    # --- things -----------------------------------------------------------------------------------------------

    def meeting(self, key: MeetingKey) -> str:
        """IRI of a meeting."""
        return self.iri("meeting", self.path, key.date, key.nth)

    def discussion(self, key: ItemKey) -> str:
        """IRI of an item."""
        return self.iri("discussion", self.path, key.meeting.date, key.meeting.nth, key.position)

    def topic(self, label: str) -> str:
        """A topic, known by its folded name."""
        key = fold(label)
        topic = self.iri("topic", key)
        self.type(topic, "Topic")
        self.add(topic, "kg:slug", literal(key))
        self.add(topic, "skos:altLabel", literal(label))
        return topic

    def feature(self, slug: str) -> str:
        """A feature, known by project and slug."""
        feature = self.iri("feature", self.profile.project, slug)
        self.type(feature, "Feature")
        self.add(feature, "kg:slug", literal(slug))
        self.texts(feature, project=self.profile.project)
        return feature

    def patch(self, key: str, url: str = "", title: str = "") -> str:
        """A patch, known by number or Change-Id."""
        return self._tracked("Patch", "patch", key, url, title)

    def bug(self, key: str, url: str = "", title: str = "") -> str:
        """A bug, known by number."""
        return self._tracked("Bug", "bug", key, url, title)

    def _tracked(self, name: str, kind: str, key: str, url: str, title: str) -> str:
        thing = self.iri(kind, key)
        self.type(thing, name)
        self.add(thing, "kg:key", literal(key))
        live = self.profile.url(kind, key) or url
        if live:
            self.add(thing, "schema:url", literal(live, "anyURI"))
        if title:
            self.add(thing, "dcterms:title", literal(title))
        return thing

    def person(self, key: str, aliases: Sequence[str] = ()) -> str:
        """A person, known by nick without regard to case."""
        person = self.iri("person", key.lower())
        self.type(person, "Person")
        for name in (key, *aliases):
            self.add(person, "foaf:nick", literal(name))
        return person

    def release(self, slug: str) -> str:
        """IRI of a release."""
        return self.iri("release", slug)

    def problem(self, problem: Problem) -> None:
        """What was not understood."""
        digest = hashlib.sha256(f"{problem.kind} {problem.what} {problem.quote}".encode()).hexdigest()[:10]
        thing = self.iri("problem", problem.source, problem.line, digest)
        self.type(thing, "Problem")
        self.add(thing, "dcterms:description", literal(problem.what))
        self.texts(thing, kind=problem.kind, written=problem.quote, hint=problem.hint)
        self.number(thing, "line", problem.line)
        self.add(thing, "kg:fromSource", node(source_iri(self.community, problem.source)))


def source_iri(community: str, path: str) -> str:
    """IRI of a source, which is also its named graph."""
    return terms.iri(community, "source", path)


def graph_iri(community: str, name: str) -> str:
    """IRI of a graph that no source owns: `profile`, `refused`, `rules/NN-name`."""
    return terms.iri(community, "graph", name)


class NoteQuads:
    """Facts of one post as triples."""

    def __init__(self, profile: Profile, info: SourceInfo) -> None:
        self.out = Quads(profile, info.path)
        self.headings: dict[ItemKey, Discussion] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._last_day = ""
        self._source(info)

    def _source(self, info: SourceInfo) -> None:
        out, source = self.out, self.out.source
        out.type(source, "Source")
        out.add(source, "dcterms:source", literal(info.path))
        out.texts(source, sha256=info.sha256, reader=info.reader)
        out.number(source, "lines", info.lines)
        out.number(source, "understood", info.understood)
        if info.title:
            out.add(source, "dcterms:title", literal(info.title))

    def write(self, rows: Sequence[tuple[Fact, Corrected | None]], dropped: Sequence[Corrected] = ()) -> list[str]:
        """Sorted lines of all facts; a corrected one is said to be so."""
        facts = [fact for fact, _ in rows]
        self.headings = {fact.key: fact for fact in facts if isinstance(fact, Discussion)}
        self._last_day = max((fact.key.date for fact in facts if isinstance(fact, Meeting)), default="")
        writers = {
            Meeting: self._meeting, Discussion: self._discussion, Mention: self._mention, Status: self._status,
            Engagement: self._engagement, Decision: self._decision, Milestone: self._milestone, Todo: self._todo,
        }  # fmt: skip
        for fact, corrected in rows:
            thing = writers[type(fact)](fact)  # type: ignore[operator]
            if corrected is not None:
                self.out.add(thing, "kg:correctedBy", node(self._correction(corrected)))
        for corrected in dropped:
            self._correction(corrected)
        return self.out.lines()

    def _correction(self, corrected: Corrected) -> str:
        row = corrected.correction
        thing = self.out.iri("correction", self.out.path, row.line, row.nth)
        self.out.type(thing, "Correction")
        self.out.number(thing, "line", row.line)
        self.out.texts(thing, kind=row.fact, written=corrected.before, value=corrected.after, reason=row.reason)
        self.out.add(thing, "kg:fromSource", node(self.out.source))
        return thing

    def _numbered(self, kind: str, line: int) -> str:
        """IRI of the n-th fact of a kind on a line."""
        self._counts[kind, line] = self._counts.get((kind, line), 0) + 1
        return self.out.iri(kind, self.out.path, line, self._counts[kind, line])

    def _place(self, thing: str, key: ItemKey) -> None:
        self.out.add(thing, "kg:inMeeting", node(self.out.meeting(key.meeting)))
        self.out.add(thing, "dcterms:date", date_literal(key.meeting.date))
        if key.position:
            self.out.add(thing, "kg:inDiscussion", node(self.out.discussion(key)))

    def _subjects(self, key: ItemKey) -> list[str]:
        """What an item is about: its topic, and the feature it names."""
        item = self.headings.get(key)
        if item is None:
            return []
        return [self.out.topic(item.heading), *([self.out.feature(item.feature)] if item.feature else [])]

    def _about(self, thing: str, key: ItemKey) -> None:
        for subject in self._subjects(key):
            self.out.add(thing, "kg:about", node(subject))

    def _meeting(self, fact: Meeting) -> str:
        out, thing = self.out, self.out.meeting(fact.key)
        out.type(thing, "Meeting")
        out.add(thing, "dcterms:date", date_literal(fact.key.date))
        out.add(thing, "schema:startDate", date_literal(fact.key.date))
        out.number(thing, "nth", fact.key.nth)
        out.texts(thing, summary=fact.summary, project=fact.project, inferred=fact.inferred)
        if fact.title:
            out.add(thing, "dcterms:title", literal(fact.title))
        out.evidence(thing, fact.evidence)
        return thing

    def _discussion(self, fact: Discussion) -> str:
        out, thing = self.out, self.out.discussion(fact.key)
        out.type(thing, "Discussion")
        out.add(thing, "kg:inMeeting", node(out.meeting(fact.key.meeting)))
        out.add(thing, "schema:superEvent", node(out.meeting(fact.key.meeting)))
        out.add(thing, "dcterms:date", date_literal(fact.key.meeting.date))
        out.number(thing, "position", fact.key.position)
        out.texts(thing, kind=fact.kind, heading=fact.heading)
        self._about(thing, fact.key)
        out.evidence(thing, fact.evidence)
        return thing

    def _mention(self, fact: Mention) -> str:
        thing = self.out.iri(
            "mention", self.out.path, fact.item.meeting.date, fact.item.meeting.nth, fact.item.position,
            fact.evidence.line, fact.kind, fact.key,
        )  # fmt: skip
        self.out.type(thing, "Mention")
        self.out.texts(thing, kind=fact.kind, key=fact.key)
        self._place(thing, fact.item)
        self._mentioned(thing, fact)
        self.out.evidence(thing, fact.evidence)
        return thing

    def _mentioned(self, thing: str, fact: Mention) -> None:
        out = self.out
        if fact.kind == "person":
            out.add(thing, "kg:mentions", node(out.person(fact.key, fact.aliases)))
        elif fact.kind in ("patch", "bug"):
            make = out.patch if fact.kind == "patch" else out.bug
            target = make(fact.key, fact.url, fact.title)
            out.add(thing, "kg:mentions", node(target))
            self._implements(fact, target)
        elif fact.url.startswith(("http://", "https://")):
            out.add(thing, "schema:url", literal(fact.url, "anyURI"))

    def _implements(self, fact: Mention, target: str) -> None:
        """A patch named in an item on a feature is taken as part of it; the mention is the evidence."""
        item = self.headings.get(fact.item)
        if fact.kind == "patch" and item is not None and item.kind == "feature":
            for subject in self._subjects(fact.item):
                self.out.add(subject, "kg:implementedBy", node(target))

    def _engagement(self, fact: Engagement) -> str:
        person = self.out.person(fact.person)
        predicate = "kg:worksOn" if fact.role == "works-on" else "kg:discusses"
        for subject in self._subjects(fact.item):
            self.out.add(person, predicate, node(subject))
        mention = self.out.iri(
            "mention", self.out.path, fact.item.meeting.date, fact.item.meeting.nth, fact.item.position,
            fact.evidence.line, "person", fact.person,
        )  # fmt: skip
        self.out.texts(mention, role=fact.role)
        return mention

    def _status(self, fact: Status) -> str:
        out, thing = self.out, self._numbered("status", fact.evidence.line)
        out.type(thing, "StatusReport")
        out.add(thing, "kg:status", node(terms.status_iri(fact.status)))
        self._place(thing, fact.item)
        self._about(thing, fact.item)
        out.texts(thing, part=fact.part, key=fact.person)
        out.number(thing, "nth", fact.nth)
        if fact.release:
            out.add(thing, "kg:forRelease", node(out.release(fact.release)))
        cycle = self.out.profile.cycle_at(fact.item.meeting.date)
        if cycle:
            out.add(thing, "kg:duringCycle", node(out.release(cycle)))
        if fact.patch:
            out.add(thing, "kg:onPatch", node(out.patch(fact.patch)))
        if fact.bug:
            out.add(thing, "kg:onBug", node(out.bug(fact.bug)))
        if fact.person:
            out.add(thing, "kg:byPerson", node(out.person(fact.person)))
        out.evidence(thing, fact.evidence)
        return thing

    def _decision(self, fact: Decision) -> str:
        out, thing = self.out, self._numbered("decision", fact.evidence.line)
        out.type(thing, "Decision")
        self._place(thing, fact.item)
        self._about(thing, fact.item)
        out.add(thing, "kg:assignee", node(out.person(fact.assignee)))
        out.texts(thing, key=fact.assignee)
        if fact.about:
            out.add(thing, "dcterms:description", literal(fact.about))
        out.evidence(thing, fact.evidence)
        return thing

    def _milestone(self, fact: Milestone) -> str:
        out = self.out
        thing = out.iri("milestone", fact.release, fold(fact.name), fact.date)
        out.type(thing, "Milestone")
        out.add(thing, "kg:milestoneOf", node(out.release(fact.release)))
        out.add(thing, "rdfs:label", literal(fact.name))
        out.add(thing, "dcterms:date", date_literal(fact.date))
        report = self._numbered("milestone-said", fact.evidence.line)
        out.type(report, "Mention")
        out.texts(report, kind="milestone", key=fact.name, inferred=fact.inferred)
        out.add(report, "kg:mentions", node(thing))
        out.evidence(report, fact.evidence)
        return report

    def _todo(self, fact: Todo) -> str:
        out = self.out
        key = todo_key(fact.text)
        digest = hashlib.sha256(f"{fact.raised[:7]} {key}".encode()).hexdigest()[:TODO_ID]
        thing = out.iri("todo", digest, out.path)
        out.type(thing, "Todo")
        out.texts(thing, todoId=digest, todoKey=key, state="COMPLETED" if fact.done else "NEEDS-ACTION")
        out.add(thing, "dcterms:description", literal(fact.text))
        out.add(thing, "kg:raisedOn", date_literal(fact.raised))
        if self._last_day:
            out.add(thing, "dcterms:date", date_literal(fact.raised if fact.meeting else self._last_day))
        target = out.meeting(fact.meeting) if fact.meeting else out.source
        out.add(thing, "kg:raisedIn", node(target))
        if fact.about:
            for key_, item in self.headings.items():
                if item.heading == fact.about:
                    self._about(thing, key_)
        out.evidence(thing, fact.evidence)
        for promise in fact.promises:
            quote = hashlib.sha256(promise.quote.encode()).hexdigest()[:10]
            place = out.iri("promise", digest, out.path, promise.line, quote)
            out.type(place, "Mention")
            out.texts(place, kind="promise", key=digest)
            out.add(place, "kg:mentions", node(thing))
            out.evidence(place, promise)
        return thing



def profile_lines(profile: Profile) -> list[str]:
    """The community's releases in order, as triples of a graph of their own."""
    out = Quads(profile, profile.place)
    for ordinal, release in enumerate(profile.releases, 1):
        thing = out.release(release.name)
        out.type(thing, "Release")
        out.add(thing, "rdfs:label", literal(release.title))
        out.texts(thing, slug=release.name)
        out.number(thing, "ordinal", ordinal)
        for alias in release.aliases:
            out.add(thing, "skos:altLabel", literal(alias))
        for name, date in (("cycleStart", release.start), ("cycleEnd", release.ship), ("freeze", release.freeze)):
            if date:
                out.add(thing, f"kg:{name}", date_literal(date))
        if ordinal < len(profile.releases):
            following = out.release(profile.releases[ordinal].name)
            out.add(thing, "kg:successor", node(following))
            out.add(thing, "time:intervalMeets", node(following))
    for status, (en, zh) in terms.STATUSES.items():
        concept = terms.status_iri(status)
        out.add(concept, "rdf:type", node(terms.expand("skos:Concept")))
        out.add(concept, "skos:notation", literal(status))
        out.add(concept, "skos:prefLabel", literal(en, lang="en"))
        out.add(concept, "skos:prefLabel", literal(zh, lang="zh"))
    return out.lines()


def closing_lines(profile: Profile, source: str, sha256: str, rows: Iterable[Closed]) -> list[str]:
    """TODOs closed by hand, as triples of their file's graph."""
    rows = list(rows)
    out = Quads(profile, source)
    out.type(out.source, "Source")
    out.add(out.source, "dcterms:source", literal(source))
    out.texts(out.source, sha256=sha256, reader="closings 1")
    out.number(out.source, "lines", len(rows))
    out.number(out.source, "understood", len(rows))
    for row in rows:
        thing = out.iri("closing", source, row.todo)
        out.type(thing, "Closing")
        out.texts(thing, of=row.todo, closedBy=row.by, reason=row.note)
        out.number(thing, "line", row.line)
        out.add(thing, "kg:fromSource", node(out.source))
        if row.on:
            out.add(thing, "dcterms:date", date_literal(row.on))
    return out.lines()


def refusal_lines(profile: Profile, problems: Iterable[Problem]) -> list[str]:
    """Sources refused in the last build, as triples of a graph of their own."""
    out = Quads(profile, "")
    for problem in problems:
        out.problem(problem)
        out.add(source_iri(profile.name, problem.source), "dcterms:source", literal(problem.source))
    return out.lines()
