"""What one line of an item says: references, people, statuses, decisions, milestones, promises."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from graph.extract import headings, outline, refs
from graph.extract.commitments import DecisionFinder, MilestoneFinder, PromiseFinder
from graph.extract.parts import PartFinder, settle
from graph.extract.people import PeopleFinder, Person
from graph.extract.releases import ReleaseFinder
from graph.extract.status import Report, StatusFinder
from graph.extract.text import Unit, mask_span, sentences
from graph.extract.todo_words import TodoWords
from graph.extract.todos import Promise
from graph.facts import Decision, Engagement, Fact, ItemKey, Mention, Milestone, Status
from graph.lexicon import Lexicon
from graph.lexicon.phrases import pattern
from graph.profile import Profile

Tell = Callable[[Unit, str, str, str], None]


class Finders:
    """Everything that is compiled once from a lexicon and a profile."""

    def __init__(self, lexicon: Lexicon, profile: Profile) -> None:
        self.lexicon = lexicon
        self.profile = profile
        self.releases = ReleaseFinder(profile, lexicon)
        self.statuses = StatusFinder(lexicon, self.releases)
        self.parts = PartFinder(lexicon, self.releases)
        self.decisions = DecisionFinder(lexicon)
        self.milestones = MilestoneFinder(profile, self.releases)
        self.promises = PromiseFinder(lexicon)
        self.todo_words = TodoWords(lexicon)
        towards = "|".join(pattern(word, {}) for word in lexicon.words("release.towards"))
        self.towards = re.compile(rf"(?:{towards})(?:[ \t]+the)?$", re.IGNORECASE)


@dataclass(frozen=True)
class _Said:
    """A line of an item: where it belongs, its words without the title, what it refers to and who it names."""

    key: ItemKey
    heading: str
    unit: Unit
    found: list[refs.Ref]
    people: list[Person]


class LineReader:
    """Reads the lines of one post's items; `tell` takes what was doubtful (unit, kind, what, hint)."""

    def __init__(self, finders: Finders, people: PeopleFinder, tell: Tell) -> None:
        self._finders = finders
        self.people = people
        self._tell = tell
        self.promised: list[Promise] = []

    def read(self, key: ItemKey, item: outline.Item, unit: Unit, *, narrates: bool = False) -> list[Fact]:
        """Facts of a line; one that `narrates` gives what it names, and no statements."""
        if unit.role in ("code", "html") or (unit.role == "table" and unit.marker == "head"):
            return []
        found = refs.in_unit(unit, self._finders.profile)
        people = self.people.all(unit) if unit.role != "quote" else self.people.marked(unit)
        facts: list[Fact] = [*self._mentions(key, unit, found), *self._persons(key, unit, people)]
        # Outside the items a line of section words is a caption («What is at risk»), inside one a report.
        caption = not key.position and headings.generic(unit.plain, self._finders.lexicon)
        if not narrates and not caption and unit.role != "quote":
            said = unit
            if item.title is unit:
                said = mask_span(unit, 0, item.rest[0] if item.rest else len(unit.plain), "t")
            heading = item.heading if key.position else ""
            facts += self._statements(_Said(key, heading, said, found, people))
        return facts

    def milestones(self, unit: Unit, date: str, lead: str = "") -> list[Milestone]:
        """Milestones of a line; `date` is its meeting's, `lead` the release that the lines above speak of."""
        rows = []
        for row in self._finders.milestones.find(unit, date, lead):
            evidence = unit.evidence(row.start, row.end)
            rows.append(Milestone(row.release, row.name, row.date, evidence, row.inferred))
            if row.inferred:
                self._tell(unit, "inferred", f"{row.name} of {row.release} on {row.date}: {row.inferred}", "")
        return rows

    def _statements(self, said: _Said) -> list[Fact]:
        decided, facts = self._decisions(said)
        facts += self._statuses(said, decided)
        facts += self.milestones(said.unit, said.key.meeting.date)
        spans = [(person.start, person.end) for person in said.people]
        for start, end in self._finders.promises.find(said.unit, spans):
            evidence = said.unit.evidence(start, end)
            text = said.unit.plain[start:end]
            self.promised.append(Promise(said.key.meeting, said.heading, text, evidence))
        return facts

    def _mentions(self, key: ItemKey, unit: Unit, found: list[refs.Ref]) -> list[Mention]:
        seen: set[tuple[str, str]] = set()
        facts = []
        for ref in found:
            if ref.kind == "feature" or (ref.kind, ref.key) in seen:
                continue
            seen.add((ref.kind, ref.key))
            url = ref.url or self._finders.profile.url(ref.kind, ref.key)
            title = ref.title or self._title_after(unit, ref)
            facts.append(Mention(key, ref.kind, ref.key, unit.evidence(ref.start, ref.end), (), title, url))
        return facts

    def _title_after(self, unit: Unit, ref: refs.Ref) -> str:
        for start, end in refs.titles(unit, self._finders.profile):
            if ref.end <= start <= ref.end + 4:
                return unit.plain[start:end].strip(" :：.。")
        return ""

    @staticmethod
    def _persons(key: ItemKey, unit: Unit, people: list[Person]) -> list[Fact]:
        facts: list[Fact] = []
        spans = sentences(unit) if people else []
        for person in people:
            evidence = unit.evidence(person.start, person.end)
            facts.append(Mention(key, "person", person.key, evidence, person.aliases))
            sentence = next((s for s in spans if s[0] <= person.start < s[1]), (0, len(unit.plain)))
            roles = sorted({"discusses", person.role})
            facts.extend(Engagement(key, person.key, role, unit.evidence(*sentence)) for role in roles)
        return facts

    def _decisions(self, said: _Said) -> tuple[list[tuple[int, int]], list[Fact]]:
        """Spans of the sentences that decide, and the decisions; an assignee is mentioned too."""
        spans: list[tuple[int, int]] = []
        facts: list[Fact] = []
        named = {person.key.lower() for person in said.people}
        for row in self._finders.decisions.find(said.unit, self.people.known):
            if row.bare and not self.people.is_name(row.assignee, "", 0):
                continue
            evidence = said.unit.evidence(row.start, row.end)
            words = self._finders.todo_words.of(row.about or evidence.quote)
            facts.append(Decision(said.key, row.assignee, row.about, evidence, words))
            if row.assignee.lower() not in named:
                facts.append(Mention(said.key, "person", row.assignee, evidence))
                facts.append(Engagement(said.key, row.assignee, "works-on", evidence))
            spans.append((row.start, row.end))
        return spans, facts

    def _statuses(self, said: _Said, decided: list[tuple[int, int]]) -> list[Status]:
        unit, names = said.unit, [person.key for person in said.people]
        reports = [
            report
            for report in self._finders.statuses.reports(unit)
            if not any(start <= report.start < end for start, end in decided)
        ]
        count: dict[str, int] = {}
        facts = []
        for told in settle(self._finders.parts.all(unit, reports, said.heading, names)):
            report = told.report
            count[report.status] = count.get(report.status, 0) + 1
            facts.append(
                Status(
                    said.key, report.status, told.part, report.release, _nearest(said.found, "patch", report),
                    _nearest(said.found, "bug", report), _subject(said.people, report),
                    unit.evidence(*report.sentence), count[report.status],
                )
            )  # fmt: skip
            self._odd(said, report)
        return facts

    def _odd(self, said: _Said, report: Report) -> None:
        """A deferral to a release that is under way, or over, is kept as written and said to be odd."""
        profile = self._finders.profile
        cycle = profile.cycle_at(said.key.meeting.date)
        late = report.status == "deferred" and report.release and cycle
        if (
            late
            and profile.ordinal(report.release) <= profile.ordinal(cycle)
            and self._moves_to(said.unit, report)
        ):
            what = f"deferred to {report.release}, which is not after the {cycle} cycle of {said.key.meeting.date}"
            self._tell(said.unit, "odd", what, "kept as written; a correction can set it right")

    def _moves_to(self, unit: Unit, report: Report) -> bool:
        """Whether the release is where the work moves to: a word of direction stands before it. «Not finished in
        Queens» moves nothing to Queens."""
        start = report.start
        for named in self._finders.releases.find(unit.plain[start : report.clause[1]]):
            before = unit.plain[start : start + named.start].rstrip()
            if named.name == report.release and self._finders.towards.search(before):
                return True
        return False


def _nearest(found: list[refs.Ref], kind: str, report: Report) -> str:
    """The reference a report speaks of: in its clause, else in its sentence, else the only one of its line."""
    rows = [ref for ref in found if ref.kind == kind]
    for low, high in (report.clause, report.sentence):
        inside = [ref for ref in rows if low <= ref.start < high]
        if inside:
            return min(inside, key=lambda ref: abs(ref.start - report.start)).key
    return rows[0].key if len({ref.key for ref in rows}) == 1 else ""


def _subject(people: list[Person], report: Report) -> str:
    """Who says or does it: the last one named before the report's words, in its sentence."""
    inside = [p for p in people if report.sentence[0] <= p.start < report.start]
    return inside[-1].key if inside else ""
