"""Result tables → the meetings of some months, their items, and what was said line by line. No words yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.names import acronym
from graph.table import Cell, Table
from graph.terms import fold
from graph.views.page import columns
from graph.views.report_period import Period
from graph.views.todo_list import Row, number, text

__all__ = [
    "KINDS", "Item", "Meeting", "Month", "Row", "Said", "Tables", "month", "months", "name_of", "number",
    "text",
]  # fmt: skip
KINDS = ("feature", "bug", "topic")
_LEAD = re.compile(r"[A-Za-z][A-Za-z0-9 _/-]*")
_PART_WIDTH = 64  # columns; a longer part is a sentence
_SENTENCE_MARKS = frozenset("，。；：！？,;!?、“”\n")


@dataclass(frozen=True)
class Tables:
    """Results of the named queries of these names; the last eight are those of `queries/views/report-*.rq`.

    `things` has kind, key, url, title of patches and bugs; the last four are of the period only.
    """

    meetings: Table
    discussions: Table
    mentions: Table
    statuses: Table
    decisions: Table
    milestones: Table
    todos: Table
    releases: Table
    odd: Table
    things: Table
    closings: Table
    told: Table
    merged: Table
    whole: Table
    specs: Table
    tags: Table


@dataclass
class Said:
    """What was made of one line of a source: reports, decisions, and what is named there."""

    source: str
    line: int
    statuses: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    doubtful: bool = False


@dataclass
class Item:
    """An item of a meeting; the one without a heading holds what stands outside any."""

    heading: str
    kind: str
    source: str
    line: int
    feature: str = ""
    said: dict[int, Said] = field(default_factory=dict)

    def at(self, source: str, line: int) -> Said:
        """The line of the source, made when first met."""
        return self.said.setdefault(line, Said(source, line))

    def lines(self) -> list[Said]:
        """In the order of the source."""
        return [self.said[line] for line in sorted(self.said)]

    def people(self) -> dict[str, list[tuple[str, int]]]:
        """Everybody named, in order of the alphabet, with the places."""
        found: dict[str, list[tuple[str, int]]] = {}
        for said in self.lines():
            for row in said.mentions:
                if row["kind"] == "person":
                    found.setdefault(str(row["key"]), []).append((said.source, said.line))
        return dict(sorted(found.items(), key=lambda pair: (pair[0].casefold(), pair[0])))


@dataclass
class Meeting:
    """A meeting and its items by position; position 0 is what stands outside any.

    nth: which meeting of its date and source (from 1); titled: its title tells it from others of its date.
    """

    row: Row
    nth: int = 1
    titled: bool = False
    items: dict[int, Item] = field(default_factory=dict)

    @property
    def date(self) -> str:
        """Its ISO date."""
        return text(self.row["date"])

    @property
    def source(self) -> str:
        """The note it stands in."""
        return text(self.row["source"])

    @property
    def place(self) -> tuple[str, int]:
        """Where it begins."""
        return self.source, number(self.row["line"])

    def of(self, kind: str) -> list[Item]:
        """Items of a kind, in order."""
        return [item for position, item in sorted(self.items.items()) if position and item.kind == kind]


@dataclass(frozen=True)
class Month:
    """What is on record for a period; `past` is all before it.

    `things` gives (kind, key) → (url, title), `freezes` the day of a release's feature freeze.
    """

    period: Period
    meetings: tuple[Meeting, ...]
    past: tuple[Meeting, ...]
    releases: Mapping[str, str]
    freezes: Mapping[str, str]
    things: Mapping[tuple[str, str], tuple[str, str]]

    @property
    def projects(self) -> list[str]:
        """The projects whose meetings these are."""
        return sorted({text(meeting.row["project"]) for meeting in (*self.meetings, *self.past)} - {""})

    @property
    def before(self) -> list[Meeting]:
        """The meetings of the period right before."""
        return [meeting for meeting in self.past if self.period.before.holds(meeting.date)]

    @property
    def home(self) -> str:
        """The one note that all meetings stand in, or empty."""
        sources = {meeting.source for meeting in self.meetings}
        return sources.pop() if len(sources) == 1 else ""


def months(tables: Tables) -> list[str]:
    """Months that something is on record for, in order."""
    dates = [text(row["date"]) for row in tables.meetings.dicts()]
    dates += [text(row["raised_in"]) for row in tables.todos.dicts()]
    return sorted({date[:7] for date in dates if len(date) >= 7})


def month(tables: Tables, period: Period) -> Month:
    """What is on record for a period, and what was before."""
    meetings = _meetings(tables)
    by_iri = {text(meeting.row["meeting"]): meeting for meeting in meetings}
    _fill(tables, by_iri)
    return Month(
        period,
        tuple(m for m in meetings if period.holds(m.date)),
        tuple(m for m in meetings if m.date < period.first),
        {text(row["release"]): text(row["label"]) for row in tables.releases.dicts()},
        {text(row["release"]): text(row["freeze"]) for row in tables.releases.dicts()},
        {(text(r["kind"]), text(r["key"])): _page(r) for r in tables.things.dicts()},
    )


def _page(thing: Row) -> tuple[str, str]:
    return text(thing["url"]), text(thing["title"])


def _meetings(tables: Tables) -> list[Meeting]:
    found: dict[str, Meeting] = {}
    seen: dict[tuple[Cell, Cell], int] = {}
    titles: dict[Cell, set[Cell]] = {}
    for row in tables.meetings.dicts():
        iri = text(row["meeting"])
        if iri not in found:
            key = (row["source"], row["date"])
            seen[key] = seen.get(key, 0) + 1
            titles.setdefault(row["date"], set()).add(row["title"])
            found[iri] = Meeting(row, seen[key])
    for meeting in found.values():
        meeting.titled = len(titles[meeting.row["date"]]) > 1
    return list(found.values())


def _fill(tables: Tables, meetings: Mapping[str, Meeting]) -> None:
    for row in _of(tables.discussions, meetings):
        kind = text(row["kind"]) if row["kind"] in KINDS else "topic"
        item = Item(
            text(row["heading"]), kind, text(row["source"]), number(row["line"]), text(row["feature"])
        )
        meetings[text(row["meeting"])].items.setdefault(number(row["position"]), item)
    doubts = {(text(r["source"]), number(r["line"])) for r in tables.odd.dicts()}
    for row in _of(tables.statuses, meetings):
        said = _said(meetings, row)
        said.doubtful = (said.source, said.line) in doubts
        if is_itself(text(row["part"]), text(row["heading"])):
            row["part"] = None
        if not any(_same(row, other) for other in said.statuses):
            said.statuses.append(row)
    for row in _of(tables.mentions, meetings):
        _said(meetings, row).mentions.append(row)
    for row in _of(tables.decisions, meetings):
        _item_of_decision(meetings[text(row["meeting"])], row).decisions.append(row)


def _of(table: Table, meetings: Mapping[str, Meeting]) -> Iterable[Row]:
    return (row for row in table.dicts() if text(row["meeting"]) in meetings)


def _same(one: Row, other: Row) -> bool:
    """A report on two things has a row for each; it is still one report."""
    return all(one[name] == other[name] for name in ("part", "status", "release", "person", "quote"))


def _said(meetings: Mapping[str, Meeting], row: Row) -> Said:
    meeting = meetings[text(row["meeting"])]
    source, line = text(row["source"]), number(row["line"])
    position = number(row["position"])
    item = meeting.items.setdefault(position, Item(text(row["heading"]), "topic", source, line))
    return item.at(source, line)


def _item_of_decision(meeting: Meeting, row: Row) -> Said:
    """Decisions carry the heading only: the item is the last of that heading that begins before the line."""
    source, line, heading = text(row["source"]), number(row["line"]), text(row["heading"])
    held = [item for item in meeting.items.values() if item.heading == heading and item.line <= line]
    item = max(held, key=lambda item: item.line, default=None) if heading else None
    if item is None:
        item = meeting.items.setdefault(0, Item("", "topic", source, line))
    return item.at(source, line)


def is_itself(part: str, heading: str) -> bool:
    """Whether what was taken for a part begins with the item's own name or its initials: `NRP的目标`."""
    lead = _LEAD.match(part)
    if lead is None or not heading:
        return False
    rest = part[lead.end() :].lstrip()
    whole = not rest or not rest[0].isascii()
    short = lead[0].strip().lower().rstrip("s") == acronym(heading).rstrip("s") != ""
    return whole and (short or fold(lead[0]) == fold(heading))


def name_of(part: str, quote: str) -> str:
    """The part when it can stand as a name: as written, from the beginning of a word to an end; else empty.

    A part is cut out of a sentence. Chinese has no spaces, so there only its beginning can be told.
    """
    at = quote.find(part) if part else -1
    if at < 0 or columns(part) > _PART_WIDTH or _SENTENCE_MARKS & set(part):
        return ""
    before, after = quote[at - 1 : at] if at else "", quote[at + len(part) :][:1]
    torn = before.isalnum() and before.isascii() == part[0].isascii()
    cut = after.isalnum() and after.isascii() and part[-1].isalnum() and part[-1].isascii()
    return "" if torn or cut else part
