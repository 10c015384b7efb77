"""Facts of one post as triples of its graph."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from graph import terms
from graph.corrections import Corrected
from graph.facts import (
    Decision,
    Discussion,
    Engagement,
    Fact,
    ItemKey,
    Learnt,
    Meeting,
    Mention,
    Milestone,
    Status,
    Todo,
)  # fmt: skip
from graph.profile import Profile
from graph.quads import Quads, SourceInfo, date_literal, literal, node, todo_key
from graph.terms import fold

TODO_ID = 8  # hex digits


class NoteQuads:
    """Facts of one post as triples."""

    def __init__(self, profile: Profile, info: SourceInfo) -> None:
        self.out = Quads(profile, info.path)
        self.headings: dict[ItemKey, Discussion] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._last_day = ""
        self.out.describe(info)

    def write(
        self, rows: Sequence[tuple[Fact, Corrected | None]], dropped: Sequence[Corrected] = ()
    ) -> list[str]:
        """Sorted lines of all facts; a corrected one is said to be so."""
        facts = [fact for fact, _ in rows]
        self.headings = {fact.key: fact for fact in facts if isinstance(fact, Discussion)}
        self._last_day = max((fact.key.date for fact in facts if isinstance(fact, Meeting)), default="")
        writers = {
            Meeting: self._meeting, Discussion: self._discussion, Mention: self._mention, Status: self._status,
            Engagement: self._engagement, Decision: self._decision, Milestone: self._milestone, Todo: self._todo,
            Learnt: self._learnt,
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
        self.out.texts(
            thing, kind=row.fact, written=corrected.before, value=corrected.after, reason=row.reason
        )
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
        what = todo_key(fact.about or fact.evidence.quote)
        digest = _short(f"{fact.item.meeting.date[:7]} {fact.assignee.lower()} {what}")
        out.texts(thing, todoId=digest, todoKey=" ".join(fact.words) or what)
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
        key = todo_key(f"{fact.text} {fact.subject}".strip())
        digest = _short(f"{fact.raised[:7]} {key}")
        # Lists of several meetings of one month can have the same words: each is a node, and all have one id.
        self._counts[digest, 0] = self._counts.get((digest, 0), 0) + 1
        nth = self._counts[digest, 0]
        thing = out.iri("todo", digest, out.path, *([nth] if nth > 1 else []))
        out.type(thing, "Todo")
        out.texts(
            thing, todoId=digest, key=key, todoKey=" ".join(fact.words), kind=fact.kind,
            state="COMPLETED" if fact.done else "NEEDS-ACTION",
        )  # fmt: skip
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

    def _learnt(self, fact: Learnt) -> str:
        out = self.out
        thing = self._numbered("learnt", fact.evidence.line)
        out.type(thing, "Mention")
        out.texts(thing, kind="learnt", key=todo_key(fact.text), todoKey=" ".join(fact.words))
        out.add(thing, "dcterms:description", literal(fact.text))
        out.add(thing, "kg:raisedOn", date_literal(fact.date))
        day = fact.date if fact.meeting else self._last_day
        if day:
            out.add(thing, "dcterms:date", date_literal(day))
        out.evidence(thing, fact.evidence)
        return thing


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:TODO_ID]
