"""A post to facts: the outline gives meetings and items, each line gives what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph.errors import Problem
from graph.extract import dates, headings, outline, refs
from graph.extract.items import Cutter
from graph.extract.people import PeopleFinder, known_people
from graph.extract.statements import Finders, LineReader
from graph.extract.summaries import SummaryFinder
from graph.extract.text import Unit, mask_span, units
from graph.extract.todos import TodoFinders, Todos, meeting_of
from graph.facts import Discussion, Evidence, Fact, ItemKey, Meeting, MeetingKey
from graph.lexicon import Lexicon
from graph.profile import Profile
from graph.records import NoteRecord


@dataclass
class Extraction:
    """Facts of one post, what was doubtful or not understood, and how many lines said something."""

    facts: list[Fact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    understood: set[int] = field(default_factory=set)
    lines: int = 0


class NoteExtractor:
    """Everything compiled from a lexicon and a profile; `extract` is a pure function of the record."""

    def __init__(self, lexicon: Lexicon, profile: Profile) -> None:
        self.lexicon = lexicon
        self.profile = profile
        self.finders = Finders(lexicon, profile)
        self.summaries = SummaryFinder(lexicon, self.finders.milestones)
        self.todos = TodoFinders(lexicon, self.finders.promises, self.finders.todo_words)

    def extract(self, record: NoteRecord) -> Extraction:
        """Facts of one post."""
        return _Post(self, record).run()


class _Post:
    """One post being read: keeps its people, its items and what has been understood."""

    def __init__(self, tools: NoteExtractor, record: NoteRecord) -> None:
        self.tools = tools
        self.record = record
        self.out = Extraction(lines=record.line_count)
        self.units = [self._without_titles(unit) for unit in units(record.blocks, self._opens)]
        self.outline = outline.read(self.units, tools.lexicon, self._own_date())
        levels = outline.section_levels(self.units, tools.lexicon)
        self.cutter = Cutter(tools.lexicon, tools.profile, levels)
        self.headings: list[str] = []

    def _opens(self, line: str) -> bool:
        return bool(headings.section_of(line, self.tools.lexicon))

    def _own_date(self) -> str:
        match = re.match(r"\d{4}-\d{2}-\d{2}", dict(self.record.front).get("date", ""))
        if match:
            return match[0]
        # A year in the title, or in the line that opens the post, bounds the dates without one.
        opening = f"{self.record.title} {self.units[0].plain if self.units else ''}"
        year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", opening)
        return f"{year[0]}-12-31" if year and not dates.full(opening) else ""

    def _without_titles(self, unit: Unit) -> Unit:
        for start, end in refs.titles(unit, self.tools.profile):
            unit = mask_span(unit, start, end, "t")
        return unit

    def run(self) -> Extraction:
        """All facts, meetings first to last, then the closing lists."""
        parts = self.outline.meetings or list(self._only_meeting())
        keys = self._keys(parts)
        cut = [
            (key, part, list(outline.items(part, self.cutter))) for key, part in zip(keys, parts, strict=True)
        ]
        titles = [item.heading for _, _, items in cut for item in items if item.heading]
        reader = LineReader(self.tools.finders, self._people(titles), self._problem)
        self._before(reader, keys)
        for key, part, items in cut:
            self._meeting(reader, key, part, items)
        self._todo_lists(reader, keys)
        self._left_over()
        return self.out

    def _people(self, titles: list[str]) -> PeopleFinder:
        """Finds people; whoever a first reading is sure of is known in the second."""
        lexicon, profile = self.tools.lexicon, self.tools.profile
        known = known_people(self.units)
        first = PeopleFinder(lexicon, profile, titles, known)
        met = {person.key for unit in self.units for person in first.bare(unit) if person.sure}
        return PeopleFinder(lexicon, profile, titles, known, met)

    def _only_meeting(self) -> Iterator[outline.MeetingPart]:
        """A post without dated sections whose title, or first line, holds a date is one meeting."""
        found = [date for date in dates.full(self.record.title) if date.date]
        if self.units and len(found) == 1:
            line = headings.DateLine(found[0].date, self.record.title, "date from the post's title")
            part = outline.MeetingPart(self.units[0], line, 0, [outline.Section("", 0, None)])
            part.sections[0].lines.extend(self.outline.before)
            self.outline.before.clear()
            yield part

    @staticmethod
    def _keys(parts: Iterable[outline.MeetingPart]) -> list[MeetingKey]:
        count: dict[str, int] = {}
        keys = []
        for part in parts:
            count[part.date.date] = count.get(part.date.date, 0) + 1
            keys.append(MeetingKey(part.date.date, count[part.date.date]))
        return keys

    # --- meetings and items -----------------------------------------------------------------------------------

    def _before(self, reader: LineReader, keys: list[MeetingKey]) -> None:
        """Milestones that stand outside the meetings, such as a calendar at the top."""
        date, lead = (keys[0].date if keys else self._own_date()), ""
        for unit in self.outline.before:
            named = {found.name for found in self.tools.finders.releases.find(unit.plain)}
            if unit.role == "heading" or unit.plain.rstrip().endswith((":", "：")):
                lead = named.pop() if len(named) == 1 else ""
            elif unit.role != "code":
                rows = reader.milestones(unit, date, lead)
                self.out.facts.extend(rows)
                if rows:
                    self._understood(unit)

    def _meeting(
        self, reader: LineReader, key: MeetingKey, part: outline.MeetingPart, items: list[outline.Item]
    ) -> None:
        summary = self.tools.summaries.of_meeting(items)
        self._understood(part.unit)
        if part.date.inferred:
            self._problem(part.unit, "inferred", part.date.inferred)
        self.out.facts.append(self._meeting_fact(key, part, summary.evidence() if summary else None))
        for opener in [summary, *(section.opener for section in part.sections)]:
            if opener is not None:
                self._understood(opener)
        position = 0
        for item in items:
            position += item.title is not None
            self._item(reader, ItemKey(key, position if item.title is not None else 0), item)

    def _meeting_fact(self, key: MeetingKey, part: outline.MeetingPart, summary: Evidence | None) -> Meeting:
        return Meeting(
            key, part.date.rest or self.record.title, summary.quote if summary else "", self._project(),
            part.unit.evidence(), summary.line if summary else 0, part.date.inferred,
        )  # fmt: skip

    def _project(self) -> str:
        words = f"{self.record.title} {dict(self.record.front).get('tags', '')}".lower()
        named = [name for name in self.tools.profile.projects if re.search(rf"\b{re.escape(name)}\b", words)]
        return named[0] if named else self.tools.profile.project

    def _item(self, reader: LineReader, key: ItemKey, item: outline.Item) -> None:
        lines = list(item.lines)
        if item.title is not None:
            self.headings.append(item.heading)
            self._understood(item.title)
            feature, evidence = self._named_feature(item), item.title.evidence()
            self.out.facts.append(Discussion(key, item.kind, item.heading, feature, evidence))
            lines.insert(0, item.title)
        for unit in lines:
            closing = unit is not item.title and self.tools.summaries.is_closing(unit)
            # A line that sums up a meeting speaks of the meeting: it reports on no work and promises nothing.
            facts = reader.read(ItemKey(key.meeting, 0) if closing else key, item, unit, narrates=closing)
            self.out.facts.extend(facts)
            if facts:
                self._understood(unit)

    def _named_feature(self, item: outline.Item) -> str:
        """Slug of a feature the item names by reference: in its title, else the only one below it."""
        profile = self.tools.profile
        title = (
            [r.key for r in refs.in_unit(item.title, profile) if r.kind == "feature"] if item.title else []
        )
        if title:
            return title[0].lower()
        below = {
            r.key.lower() for unit in item.lines for r in refs.in_unit(unit, profile) if r.kind == "feature"
        }
        return below.pop() if len(below) == 1 and item.kind == "feature" else ""

    # --- TODOs, and what is left ------------------------------------------------------------------------------

    def _todo_lists(self, reader: LineReader, keys: list[MeetingKey]) -> None:
        todos = Todos(self.tools.todos, self.headings)
        for part in self.outline.todos:
            self._understood(part.opener)
            nth = meeting_of(part, self.outline, self.units)
            meeting = keys[nth] if nth is not None and nth < len(keys) else None
            raised = meeting.date if meeting else (keys[-1].date[:7] if keys else self._own_date()[:7])
            for unit in todos.take(part, meeting, raised):
                self._understood(unit)
        self._learnt(todos, reader.people, keys)
        self.out.facts.extend([*todos.all(reader.promised), *todos.learnt])
        promised = {promise.evidence.line for promise in reader.promised}
        for unit in self.units:
            if promised & set(range(unit.first, unit.first + len(unit.raw))):
                self._understood(unit)

    def _learnt(self, todos: Todos, people: PeopleFinder, keys: list[MeetingKey]) -> None:
        """What the author says was learnt, anywhere but in a list of TODOs or in words of others."""
        listed = {unit.first for part in self.outline.todos for unit in part.lines}
        begins = list(zip((part.unit.first for part in self.outline.meetings), keys, strict=False))
        last = keys[-1].date[:7] if keys else self._own_date()[:7]
        for unit in self.units:
            if unit.role in ("item", "text") and unit.first not in listed:
                meeting = next((key for first, key in reversed(begins) if first <= unit.first), None)
                spans = [(person.start, person.end) for person in people.all(unit)]
                if todos.hear(unit, meeting.date if meeting else last, meeting, spans):
                    self._understood(unit)

    def _understood(self, unit: Unit) -> None:
        self.out.understood.update(range(unit.first, unit.first + len(unit.raw)))

    def _problem(self, unit: Unit, kind: str, what: str, hint: str = "") -> None:
        evidence = unit.evidence()
        self.out.problems.append(
            Problem(self.record.source, evidence.line, kind, what, evidence.quote[:300], hint)
        )

    def _left_over(self) -> None:
        """Every line that nothing was made of."""
        for unit in self.outline.bad_dates:
            self._problem(unit, "unread", "written like a date, and is none", "mend the date")
            self._understood(unit)
        for unit in self.outline.records:
            self._understood(unit)
        for unit in self.units:
            if unit.first not in self.out.understood and unit.plain.strip():
                what = "a block of code" if unit.role == "code" else "nothing was made of this line"
                self._problem(unit, "unread", what)
