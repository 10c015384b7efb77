"""The shape of a post: meetings by date, sections by kind, items by the author's own habit.

    meeting ─ section (feature, bug, topic) ─ item ─ lines
            └ lines outside any item          todo list

In each section the items are whichever the author uses there, tried in this order: headings, numbered title
lines, bold leads, lines that open with a reference and its title, bullets that are titles, plain title lines.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from graph.extract import headings
from graph.extract.items import Cut, Cutter
from graph.extract.text import Unit
from graph.lexicon import Lexicon


@dataclass
class Item:
    """An item: its title line (None for what stands outside any item) and the lines below it."""

    title: Unit | None
    heading: str
    kind: str
    lines: list[Unit]
    rest: tuple[int, int] | None = None


@dataclass
class Section:
    """Lines under a section's heading; `kind` empty where no section was opened."""

    kind: str
    level: int
    opener: Unit | None
    lines: list[Unit] = field(default_factory=list)


@dataclass
class MeetingPart:
    """A meeting's date line and sections."""

    unit: Unit
    date: headings.DateLine
    level: int
    sections: list[Section] = field(default_factory=list)


@dataclass
class TodoPart:
    """A TODO list; `meeting` is the index of the meeting it stands in, None for the post's own."""

    opener: Unit
    level: int
    meeting: int | None
    lines: list[Unit] = field(default_factory=list)


@dataclass
class Outline:
    """A whole post: what stands before the first meeting, the meetings, the TODO lists, odd lines."""

    before: list[Unit] = field(default_factory=list)
    meetings: list[MeetingPart] = field(default_factory=list)
    todos: list[TodoPart] = field(default_factory=list)
    records: list[Unit] = field(default_factory=list)
    bad_dates: list[Unit] = field(default_factory=list)


class _Reader:
    """Goes down the lines and opens meetings, sections and lists as their headings come."""

    def __init__(self, lexicon: Lexicon, latest: str) -> None:
        self.lexicon = lexicon
        self.latest = latest
        self.out = Outline()
        self.put: Callable[[Unit], None] = self.out.before.append
        self.section_level = 0
        self.section_kind = ""

    def line(self, unit: Unit) -> None:
        """Place one line."""
        date = self._date(unit)
        if date is not None:
            self._open_meeting(unit, date)
            return
        kind = headings.section_kind(unit, self.lexicon) if self._may_open(unit) else ""
        if kind:
            self._open_section(unit, kind)
        elif self._leaves(unit):
            self.put = self.out.before.append
            self.put(unit)
        elif unit.role == "heading" and self.out.todos and self.put == self.out.todos[-1].lines.append:
            self._after_todo(unit)
        else:
            self.put(unit)

    def _date(self, unit: Unit) -> headings.DateLine | None:
        if unit.role in ("code", "quote", "table", "html"):
            return None
        date = headings.date_line(unit, self.lexicon, self._bound())
        if date is not None and not date.date:
            self.out.bad_dates.append(unit)
            return None
        return date

    def _bound(self) -> str:
        """The last day (ISO) that a date without a year may be: the post's own, else half a year after the
        meeting before; empty when neither is known."""
        if self.latest or not self.out.meetings:
            return self.latest
        before = datetime.date.fromisoformat(self.out.meetings[-1].date.date)
        return (before + datetime.timedelta(days=183)).isoformat()

    def _may_open(self, unit: Unit) -> bool:
        if unit.role == "heading":
            return True
        return unit.role in ("text", "item") and unit.level <= self._depth() and not unit.links

    def _depth(self) -> int:
        """Depth at which a bullet may open a section: one below a bullet that opened the meeting."""
        meeting = self.out.meetings[-1].unit if self.out.meetings else None
        return meeting.level + 1 if meeting is not None and meeting.role == "item" else 0

    def _leaves(self, unit: Unit) -> bool:
        """A heading as high as the dates' that is none closes the last meeting."""
        meeting = self.out.meetings[-1] if self.out.meetings else None
        return meeting is not None and unit.role == "heading" and unit.level <= meeting.level

    def _open_meeting(self, unit: Unit, date: headings.DateLine) -> None:
        level = unit.level if unit.role == "heading" else 0
        meeting = MeetingPart(unit, date, level)
        keep = 0 < self.section_level < level
        meeting.sections.append(Section(self.section_kind if keep else "", 0, None))
        if not keep:
            self.section_level, self.section_kind = 0, ""
        self.out.meetings.append(meeting)
        self.put = meeting.sections[-1].lines.append

    def _open_section(self, unit: Unit, kind: str) -> None:
        level = unit.level if unit.role == "heading" else 0
        if kind == "todo":
            self._open_todo(unit, level)
            return
        meeting = self.out.meetings[-1] if self.out.meetings else None
        closes = meeting is not None and meeting.level > 0 and 0 < level <= meeting.level
        if kind == "record":
            self._open_record(unit, closes)
            return
        self.section_level, self.section_kind = level, kind
        if meeting is None:
            self.out.records.append(unit)
            return
        meeting.sections.append(Section(kind, level, unit))
        self.put = meeting.sections[-1].lines.append

    def _open_record(self, unit: Unit, closes: bool) -> None:
        """A heading such as «Summary»: inside a meeting its lines stay there, outside any item."""
        self.out.records.append(unit)
        if closes or not self.out.meetings:
            self.put = self.out.before.append
            return
        self.out.meetings[-1].sections.append(Section("record", unit.level, unit))
        self.put = self.out.meetings[-1].sections[-1].lines.append

    def _open_todo(self, unit: Unit, level: int) -> None:
        inside = self.out.meetings and (level == 0 or level > self.out.meetings[-1].level > 0)
        part = TodoPart(unit, level, len(self.out.meetings) - 1 if inside else None)
        self.out.todos.append(part)
        self.put = part.lines.append

    def _after_todo(self, unit: Unit) -> None:
        """A heading after a list: deeper ones belong to it, others close it."""
        todo = self.out.todos[-1]
        if unit.level > todo.level > 0:
            self.put(unit)
        elif todo.meeting is not None:
            meeting = self.out.meetings[todo.meeting]
            meeting.sections.append(Section("", 0, None))
            self.put = meeting.sections[-1].lines.append
            self.put(unit)
        else:
            self.put = self.out.before.append
            self.put(unit)


def read(lines: list[Unit], lexicon: Lexicon, latest: str = "") -> Outline:
    """The outline of a post. `latest` is the post's own date (ISO), the bound for dates without a year."""
    reader = _Reader(lexicon, latest)
    for unit in lines:
        reader.line(unit)
    _settle_todos(reader.out)
    return reader.out


def _settle_todos(out: Outline) -> None:
    """A single list in flat text after the last meeting closes the post; several belong to their meetings."""
    flat = [todo for todo in out.todos if todo.level == 0 and todo.meeting is not None]
    last = len(out.meetings) - 1
    if len(flat) == 1 and flat[0].meeting == last and (last > 0 or len(out.todos) == 1):
        flat[0].meeting = None


def section_levels(lines: list[Unit], lexicon: Lexicon) -> frozenset[int]:
    """Levels of headings at which some heading opens a section by its words."""
    kinds = ((unit.level, headings.section_kind(unit, lexicon)) for unit in lines if unit.role == "heading")
    return frozenset(level for level, kind in kinds if kind in ("feature", "bug", "topic"))


def items(meeting: MeetingPart, cutter: Cutter) -> Iterator[Item]:
    """Items of a meeting in the order of the text; lines outside any item come with an empty heading."""
    for section in meeting.sections:
        if section.kind == "record":
            yield Item(None, "", "", section.lines)
            continue
        for cut in cutter.split(section.lines, section.kind):
            yield _item(cut, section.kind)


def _item(cut: Cut, kind: str) -> Item:
    if cut.title is None:
        return Item(None, "", "", cut.lines)
    return Item(cut.title, cut.heading, kind or cut.kind, cut.lines, cut.rest)
