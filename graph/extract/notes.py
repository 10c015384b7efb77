"""A post to facts: the outline gives meetings and items, each line gives what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from graph.errors import Problem
from graph.extract import headings, outline, refs
from graph.extract.commitments import DecisionFinder, MilestoneFinder, PromiseFinder
from graph.extract.parts import PartFinder
from graph.extract.people import PeopleFinder, Person, known_people
from graph.extract.releases import ReleaseFinder
from graph.extract.status import Report, StatusFinder
from graph.extract.text import Unit, mask_span, sentences, units
from graph.facts import (
    Decision, Discussion, Engagement, Evidence, Fact, ItemKey, Meeting, MeetingKey, Mention, Milestone, Status, Todo,
)  # fmt: skip
from graph.lexicon import Lexicon
from graph.lexicon.phrases import PhraseSet
from graph.profile import Profile
from graph.records import NoteRecord

TODO_SENTENCE = 200  # characters of a promise that are its text


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
        self.releases = ReleaseFinder(profile, lexicon)
        self.statuses = StatusFinder(lexicon, self.releases)
        self.parts = PartFinder(lexicon, self.releases)
        self.decisions = DecisionFinder(lexicon)
        self.milestones = MilestoneFinder(profile, self.releases)
        self.promises = PromiseFinder(lexicon)
        self.summary_cues = PhraseSet(("cue", word) for word in lexicon.words("summary.cues"))
        self.summary_meeting = PhraseSet(("meeting", word) for word in lexicon.words("summary.meeting"))

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
        self.headings: list[tuple[ItemKey, str]] = []
        self.promised: list[tuple[MeetingKey, str, str, Evidence]] = []
        self.people = PeopleFinder(tools.lexicon, tools.profile, (), ())

    def _opens(self, line: str) -> bool:
        return bool(headings.section_of(line, self.tools.lexicon))

    def _own_date(self) -> str:
        match = re.match(r"\d{4}-\d{2}-\d{2}", dict(self.record.front).get("date", ""))
        return match[0] if match else ""

    def _without_titles(self, unit: Unit) -> Unit:
        for start, end in refs.titles(unit, self.tools.profile):
            unit = mask_span(unit, start, end, "t")
        return unit

    def run(self) -> Extraction:
        """All facts, meetings first to last, then the closing lists."""
        parts = self.outline.meetings or list(self._only_meeting())
        keys = self._keys(parts)
        cut = [(key, part, self._items(part)) for key, part in zip(keys, parts, strict=True)]
        titles = [item.heading for _, _, items in cut for item in items if item.heading]
        self.people = PeopleFinder(self.tools.lexicon, self.tools.profile, titles, known_people(self.units))
        for key, part, items in cut:
            self._meeting(key, part, items)
        self._todo_lists(keys)
        self._left_over()
        return self.out

    def _only_meeting(self) -> Iterator[outline.MeetingPart]:
        """A post without dated sections whose title holds a date is one meeting."""
        from graph.extract import dates

        for text, unit in ((self.record.title, self.units[0] if self.units else None),):
            found = dates.full(text)
            if unit is not None and len(found) == 1 and found[0].date:
                line = headings.DateLine(found[0].date, text, "date from the post's title")
                part = outline.MeetingPart(unit, line, 0, [outline.Section("", 0, None)])
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

    def _items(self, part: outline.MeetingPart) -> list[outline.Item]:
        return list(outline.items(part, self.tools.lexicon, self.tools.profile))

    # --- meetings and items -----------------------------------------------------------------------------------

    def _meeting(self, key: MeetingKey, part: outline.MeetingPart, items: list[outline.Item]) -> None:
        summary = self._summary(items)
        self._understood(part.unit)
        if part.date.inferred:
            self._problem(part.unit, "inferred", part.date.inferred)
        self.out.facts.append(
            Meeting(
                key, part.date.rest or self.record.title, summary.quote if summary else "",
                self._project(), part.unit.evidence(), summary.line if summary else 0, part.date.inferred,
            )
        )  # fmt: skip
        for section in part.sections:
            if section.opener is not None:
                self._understood(section.opener)
        position = 0
        for item in items:
            if item.title is not None:
                position += 1
            self._item(ItemKey(key, position if item.title is not None else 0), item)

    def _project(self) -> str:
        words = f"{self.record.title} {dict(self.record.front).get('tags', '')}".lower()
        named = [name for name in self.tools.profile.projects if re.search(rf"\b{re.escape(name)}\b", words)]
        return named[0] if named else self.tools.profile.project

    def _item(self, key: ItemKey, item: outline.Item) -> None:
        lines = list(item.lines)
        if item.title is not None:
            self.headings.append((key, item.heading))
            self._understood(item.title)
            self.out.facts.append(
                Discussion(key, item.kind, item.heading, self._named_feature(item), item.title.evidence())
            )
            lines.insert(0, item.title)
        for unit in lines:
            self._line(key, item, unit)

    def _named_feature(self, item: outline.Item) -> str:
        """Slug of a feature the item names by reference: in its title, else the only one below it."""
        profile = self.tools.profile
        title = [r.key for r in refs.in_unit(item.title, profile) if r.kind == "feature"] if item.title else []
        if title:
            return title[0].lower()
        below = {r.key.lower() for unit in item.lines for r in refs.in_unit(unit, profile) if r.kind == "feature"}
        return below.pop() if len(below) == 1 and item.kind == "feature" else ""

    def _line(self, key: ItemKey, item: outline.Item, unit: Unit) -> None:
        if unit.role in ("code", "html"):
            return
        if self._is_summary(unit):
            key = ItemKey(key.meeting, 0)
        before = len(self.out.facts)
        found = refs.in_unit(unit, self.tools.profile)
        self._mentions(key, unit, found)
        people = self._persons(key, unit)
        said = unit
        if item.title is unit:
            said = mask_span(unit, 0, item.rest[0] if item.rest else len(unit.plain), "t")
        if unit.role not in ("quote", "table"):
            decided = self._decisions(key, said)
            self._statuses(key, item.heading if key.position else "", said, found, people, decided)
            self._milestones(key, said)
            self._promise(key, item.heading, said, people)
        if len(self.out.facts) > before:
            self._understood(unit)

    def _mentions(self, key: ItemKey, unit: Unit, found: list[refs.Ref]) -> None:
        seen: set[tuple[str, str]] = set()
        for ref in found:
            if ref.kind == "feature" or (ref.kind, ref.key) in seen:
                continue
            seen.add((ref.kind, ref.key))
            url = ref.url or self.tools.profile.url(ref.kind, ref.key)
            title = ref.title or self._title_after(unit, ref)
            evidence = unit.evidence(ref.start, ref.end)
            self.out.facts.append(Mention(key, ref.kind, ref.key, evidence, (), title, url))

    def _title_after(self, unit: Unit, ref: refs.Ref) -> str:
        for start, end in refs.titles(unit, self.tools.profile):
            if ref.end <= start <= ref.end + 4:
                return unit.plain[start:end].strip(" :：.。")
        return ""

    def _persons(self, key: ItemKey, unit: Unit) -> list[Person]:
        people = self.people.all(unit) if unit.role != "quote" else self.people.marked(unit)
        for person in people:
            evidence = unit.evidence(person.start, person.end)
            self.out.facts.append(Mention(key, "person", person.key, evidence, person.aliases))
            sentence = next((s for s in sentences(unit) if s[0] <= person.start < s[1]), (0, len(unit.plain)))
            roles = {"discusses", person.role}
            self.out.facts.extend(
                Engagement(key, person.key, role, unit.evidence(person.start, sentence[1])) for role in sorted(roles)
            )
        return people

    def _statuses(
        self, key: ItemKey, heading: str, unit: Unit, found: list[refs.Ref], people: list[Person],
        decided: list[tuple[int, int]],
    ) -> None:  # fmt: skip
        count: dict[str, int] = {}
        for report in self.tools.statuses.reports(unit):
            if any(start <= report.start < end for start, end in decided):
                continue
            count[report.status] = count.get(report.status, 0) + 1
            self.out.facts.append(
                Status(
                    key, report.status, self.tools.parts.part(unit, report, heading, [p.key for p in people]), report.release,
                    _nearest(found, "patch", report), _nearest(found, "bug", report), _subject(people, report),
                    unit.evidence(*report.sentence), count[report.status],
                )
            )  # fmt: skip
            self._odd(key, report, unit)

    def _odd(self, key: ItemKey, report: Report, unit: Unit) -> None:
        """A deferral to a release that is under way, or over, is kept as written and said to be odd."""
        profile = self.tools.profile
        cycle = profile.cycle_at(key.meeting.date)
        if report.status == "deferred" and report.release and cycle:
            if profile.ordinal(report.release) <= profile.ordinal(cycle) and self._moves_to(unit, report):
                what = f"deferred to {report.release}, which is not after the {cycle} cycle of {key.meeting.date}"
                self._problem(unit, "odd", what, "kept as written; a correction can set it right")

    def _moves_to(self, unit: Unit, report: Report) -> bool:
        """Whether the release is where the work moves to: it stands in the deferral's words or after them."""
        text = unit.plain[report.start : report.clause[1]]
        return any(named.name == report.release for named in self.tools.releases.find(text))

    def _decisions(self, key: ItemKey, unit: Unit) -> list[tuple[int, int]]:
        spans = []
        for row in self.tools.decisions.find(unit, self.people.known):
            if row.bare and not self.people.is_name(row.assignee, "", 0):
                continue
            self.out.facts.append(Decision(key, row.assignee, row.about, unit.evidence(row.start, row.end)))
            spans.append((row.start, row.end))
        return spans

    def _milestones(self, key: ItemKey, unit: Unit) -> None:
        for row in self.tools.milestones.find(unit, key.meeting.date):
            evidence = unit.evidence(row.start, row.end)
            self.out.facts.append(Milestone(row.release, row.name, row.date, evidence, row.inferred))
            if row.inferred:
                self._problem(unit, "inferred", f"{row.name} of {row.release} on {row.date}: {row.inferred}")

    def _promise(self, key: ItemKey, heading: str, unit: Unit, people: list[Person]) -> None:
        spans = [(person.start, person.end) for person in people]
        for start, end in self.tools.promises.find(unit, spans):
            evidence = unit.evidence(start, end)
            self.promised.append((key.meeting, heading, unit.plain[start:end], evidence))
            self._understood(unit)

    # --- summaries --------------------------------------------------------------------------------------------

    def _is_summary(self, unit: Unit) -> bool:
        """A closing word on the meeting: a word of summing up with one for the meeting, or one that opens it."""
        if unit.role not in ("text", "item") or unit.links:
            return False
        text = unit.visible(0, len(unit.plain))
        cue = self.tools.summary_cues.find(text)
        if not cue:
            return False
        chinese = any(ord(char) > 0x2FFF for char in text[cue[0].start : cue[0].end])
        if chinese:
            return bool(self.tools.summary_meeting.find(text))
        return cue[0].start <= 1

    def _summary(self, items: list[outline.Item]) -> Evidence | None:
        """The author's sentence on the meeting: one with a cue, else the single line under the date."""
        for item in items:
            for unit in item.lines:
                if self._is_summary(unit):
                    self._understood(unit)
                    return unit.evidence()
        opening = items[0].lines if items and items[0].title is None else []
        if len(opening) == 1 and not opening[0].links and not self.tools.milestones.find(opening[0], ""):
            if opening[0].role == "text" and "@" not in opening[0].plain:
                self._understood(opening[0])
                return opening[0].evidence()
        return None

    # --- TODOs ------------------------------------------------------------------------------------------------

    def _todo_lists(self, keys: list[MeetingKey]) -> None:
        listed = [todo for part in self.outline.todos for todo in self._listed(part, keys)]
        for meeting, heading, text, evidence in self.promised:
            match = self._same_todo(listed, heading, text)
            if match is None:
                about = heading
                listed.append(Todo(text[:TODO_SENTENCE].strip(), about, meeting.date, meeting, False, evidence))
            else:
                row = listed[match]
                listed[match] = replace(row, promises=(*row.promises, evidence))
        self.out.facts.extend(listed)

    def _listed(self, part: outline.TodoPart, keys: list[MeetingKey]) -> Iterator[Todo]:
        self._understood(part.opener)
        meeting = keys[part.meeting] if part.meeting is not None and part.meeting < len(keys) else None
        raised = meeting.date if meeting else (keys[-1].date[:7] if keys else self._own_date()[:7])
        for unit in part.lines:
            struck = bool(unit.plain.strip()) and set(unit.mask[: len(unit.plain.rstrip())].strip()) <= {"s"}
            if unit.role not in ("item", "text") or unit.level > 0 or not unit.plain.strip():
                continue
            if unit.role == "text" and unit.plain.rstrip().endswith((":", "：")):
                continue
            self._understood(unit)
            done = struck or "[x]" in unit.marker.lower()
            text = unit.plain.strip()
            yield Todo(text, self._about(text), raised, meeting, done, unit.evidence())

    def _about(self, text: str) -> str:
        """Heading of the latest item whose words the TODO names, or empty."""
        subject = self.tools.promises.subject(text)
        best: tuple[int, str] = (0, "")
        for _, heading in self.headings:
            words = self.tools.promises.subject(heading)
            common = len(subject & words)
            enough = words and (subject <= words or words <= subject or common * 3 >= 2 * len(subject))
            if subject and enough and common >= best[0]:
                best = (common, heading)
        return best[1]

    def _same_todo(self, listed: list[Todo], heading: str, text: str) -> int | None:
        """A listed TODO about the same thing: its words stand in the promise, or in the promise's heading."""
        for words in (self.tools.promises.subject(text), self.tools.promises.subject(heading)):
            for index, todo in enumerate(listed):
                subject = self.tools.promises.subject(todo.text)
                if subject and words and (subject <= words or (len(words) > 1 and words <= subject)):
                    return index
        return None

    # --- what is left -----------------------------------------------------------------------------------------

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
