"""Milestones of release schedules: weeks joined with the sections that their keys name, and what is wrong in them.

A deadline falls on the community's day of its week, unless the section's text says another day of that week. What
lasts counts from its first day. A date that does not fit its week, its cycle or the calendar is told and not
believed; where a sentence says the day outright, the sentence is believed over the week.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from graph.errors import Problem
from graph.extract import dates, schedule_days
from graph.extract.schedule_days import Week
from graph.profile import Profile
from graph.records import CycleRecord, SectionRecord, SeriesRecord, WeekEvent, WeekRecord
from graph.terms import fold

_WEEKS: Final = re.compile(r"\((\d{1,3}) weeks?\)")
_SLACK: Final = 2  # weeks by which a schedule's own count may differ


@dataclass(frozen=True)
class Dated:
    """A milestone: release (slug), name, ISO date, the file and line it rests on, and the words there."""

    release: str
    name: str
    date: str
    path: str
    line: int
    quote: str
    project: str = ""


@dataclass
class Schedules:
    """All schedules of one source; `problems` fills while its parts are asked for, each with its file's place."""

    profile: Profile
    source: str
    series: list[SeriesRecord] = field(default_factory=list)
    cycles: list[CycleRecord] = field(default_factory=list)
    weeks: list[WeekRecord] = field(default_factory=list)
    sections: list[SectionRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def odd(self, path: str, line: int, what: str, quote: str, *, hint: str = "", kind: str = "odd") -> None:
        """Note what is doubtful in a file."""
        place = f"{self.source}/{path}" if path else self.source
        self.problems.append(Problem(place, line, kind, what, quote, hint))

    # --- releases and their names -------------------------------------------------------------------------

    @cached_property
    def names(self) -> dict[str, str]:
        """Every lower-case name of a release → its slug: the community's, then the source's own."""
        found = dict(self.profile.release_names)
        for row in self.series:
            slug = found.get(row.name.lower(), row.name.lower())
            for name in filter(None, (row.name, row.number)):
                found.setdefault(name.lower(), slug)
        return found

    @cached_property
    def shipped(self) -> dict[str, datetime.date]:
        """Release → the day it ships: as the source says, else as the community does."""
        days = {info.name: schedule_days.day(info.ship) for info in self.profile.releases}
        days |= {
            self.names[row.name.lower()]: day
            for row in self.series
            if (day := schedule_days.day(row.released))
        }
        return {slug: day for slug, day in days.items() if day}

    @cached_property
    def _named(self) -> re.Pattern[str]:
        words = sorted(
            (name for name in self.names if len(name) > 1 and not name.isdecimal()), key=len, reverse=True
        )
        body = "|".join(map(re.escape, words)) or r"(?!)"
        return re.compile(rf"(?<![\w.])(?:{body})(?![\w.])", re.IGNORECASE)

    def _bare(self, title: str) -> str:
        """A title without the names of releases."""
        return fold(self._named.sub(" ", title))

    def release_of(self, title: str, series: str) -> str:
        """The one release that a title names, else that of the schedule; empty where it is not known."""
        named = {self.names[match.lower()] for match in self._named.findall(title)}
        return named.pop() if len(named) == 1 else self.names.get(series.lower(), "")

    # --- weeks ----------------------------------------------------------------------------------------------

    def _placed(self) -> Iterator[Week]:
        """The weeks that can be believed, in order; what is wrong with weeks and heads is noted."""
        before: dict[str, Week] = {}
        for record in self.weeks:
            ships = self.shipped.get(self.names.get(record.series.lower(), ""))
            week, faults = schedule_days.week(record, ships)
            for what in faults:
                self.odd(record.path, record.line, what, record.written or f"{record.start} – {record.end}")
            if week is None:
                continue
            last = before.get(record.series)
            if last and week.monday <= last.monday:
                again = "stands twice" if week.monday == last.monday else "stands below a later one"
                what = f"the week of {week.monday} {again}"
                self.odd(record.path, record.line, what, record.start, hint="order the weeks")
            before[record.series] = week if not last or week.monday > last.monday else last
            yield week

    def check_heads(self) -> None:
        """Note what is wrong in the heads of schedules."""
        for cycle in self.cycles:
            ships = self.shipped.get(self.names.get(cycle.series.lower(), ""))
            for what, line, written in schedule_days.head_faults(cycle, ships):
                self.odd(cycle.path, line, what, written, hint="the days of the weeks are believed")
        for section in self.sections:
            for line, text in [] if section.keys else section.lines:
                self._check_span(section, line, text)

    def _check_span(self, section: SectionRecord, line: int, text: str) -> None:
        """A line such as `4 September 2017 - 2 March 2018 (26 weeks)`."""
        count, ends = _WEEKS.search(text), [found.date for found in dates.full(text)]
        if not count or len(ends) != 2 or not all(ends):
            return
        first, last = map(datetime.date.fromisoformat, ends)
        weeks = (last - first).days / 7
        if abs(weeks - int(count[1])) > _SLACK:
            what = (
                f"from {first} to {last} are {round(weeks)} weeks, not {count[1]}: a day or a year is wrong"
            )
            self.odd(section.path, line, what, text, hint="the days of the weeks are believed")
        ships = self.shipped.get(self.names.get(section.series.lower(), ""))
        if ships and last < ships:
            what = f"the cycle is said to end on {last}, the release is dated {ships}"
            self.odd(section.path, line, what, text, hint="the day of the release is believed")

    # --- milestones -----------------------------------------------------------------------------------------

    @cached_property
    def _by_key(self) -> dict[str, list[SectionRecord]]:
        found: dict[str, list[SectionRecord]] = {}
        for section in self.sections:
            for key in section.keys:
                found.setdefault(key, []).append(section)
        return found

    def _section(self, key: str, series: str) -> SectionRecord | None:
        """The section of a key: in the schedule's own text, else in that of another."""
        found = self._by_key.get(key, [])
        return next((section for section in found if section.series == series), found[0] if found else None)

    def milestones(self) -> list[Dated]:
        """Every milestone with its day, in order; faults are noted."""
        self.check_heads()
        found: dict[tuple[str, str, str], Dated] = {}
        homes: dict[str, list[Week]] = {}
        strangers: list[tuple[Week, WeekEvent]] = []
        for week in self._placed():
            for event in week.record.events:
                section = self._section(event.key, week.record.series)
                if section is None or section.series != week.record.series:
                    strangers.append((week, event))
                    continue
                again = event.key in homes and self._lasts(section.title)
                homes.setdefault(event.key, []).append(week)
                row = None if again else self._dated(week, event, section)
                if row:
                    found.setdefault((row.release, row.name, row.date), row)
        for row in self._foreign(strangers, homes):
            found.setdefault((row.release, row.name, row.date), row)
        self._unplaced({*homes, *(event.key for _, event in strangers)})
        return sorted(found.values(), key=lambda row: (row.date, row.release, row.name))

    def _foreign(
        self, strangers: list[tuple[Week, WeekEvent]], homes: dict[str, list[Week]]
    ) -> Iterator[Dated]:
        """Keys of another schedule: a reminder of what stands there, unless only this one gives them a week."""
        for week, event in strangers:
            section, own = self._section(event.key, week.record.series), homes.get(event.key, [])
            if section is None:
                self.odd(
                    week.record.path,
                    event.line,
                    f"no text says what {event.key} is",
                    event.key,
                    kind="unread",
                )
            elif not own:
                row = self._dated(week, event, section)
                if row:
                    yield row
            elif week.monday not in [other.monday for other in own]:
                there = f"{own[0].record.path} has it in the week of {own[0].monday}"
                what = f"{event.key} in the week of {week.monday}: {there}, which is believed"
                self.odd(week.record.path, event.line, what, event.key)

    def _unplaced(self, placed: set[str]) -> None:
        for section in self.sections:
            if section.keys and placed.isdisjoint(section.keys):
                what = f"no week has {section.keys[0]}, so its day is not known"
                self.odd(section.path, section.line, what, section.title, kind="unread")

    def _lasts(self, title: str) -> bool:
        words = f" {fold(title)} ".replace("-", " ")
        return any(f" {fold(word)} ".replace("-", " ") in words for word in self.profile.schedule.lasting)

    def _dated(self, week: Week, event: WeekEvent, section: SectionRecord) -> Dated | None:
        release = self.release_of(section.title, week.record.series)
        name, project = self._name(section, event)
        if not release:
            what = f"the release {week.record.series} is not known"
            self.odd(
                week.record.path,
                event.line,
                what,
                section.title,
                hint="name it in the profile",
                kind="unread",
            )
            return None
        lasts, shape = self._lasts(section.title), self.profile.schedule
        said, faults = schedule_days.said(section, week, shape, lasts=lasts)
        for what, line, text in faults:
            self.odd(section.path, line, f"{event.key}: {what}", text)
        if name == shape.ship:
            said = self._shipping(release, week, section, said)
        if said:
            return Dated(
                release, name, said.date.isoformat(), said.path or section.path, said.line, said.text, project
            )
        day = week.monday if lasts else week.monday + datetime.timedelta(days=shape.deadline)
        return Dated(release, name, day.isoformat(), week.record.path, event.line, event.key, project)

    def _shipping(
        self, release: str, week: Week, section: SectionRecord, said: schedule_days.Said | None
    ) -> schedule_days.Said | None:
        """The day of the release itself: the list of releases knows it too."""
        day = self.shipped.get(release)
        row = next((row for row in self.series if self.names[row.name.lower()] == release), None)
        if said and day and said.date != day:
            what = f"the text says {said.date}, the release is dated {day}"
            self.odd(section.path, said.line, what, said.text)
        if said or not day or not row or not week.holds(day):
            return said
        return schedule_days.Said(day, row.line, row.name, row.path)

    def _name(self, section: SectionRecord, event: WeekEvent) -> tuple[str, str]:
        """A milestone's name, and the project it is for."""
        title = section.title.rstrip(" :.")
        if not event.project:
            names = {fold(words): name for words, name in self.profile.schedule.names}
            return names.get(self._bare(title), title), ""
        words = title.lower().split()
        projects = [p for p in self.profile.projects if p == section.above.lower() or words[:1] == [p]]
        named = not projects or projects[0] in title.lower()
        return title if named else f"{section.above} {title}", projects[0] if projects else ""


def collect(records: Iterable[object], profile: Profile, source: str) -> Schedules:
    """The schedules among a source's records."""
    found = Schedules(profile, source)
    for record in records:
        if isinstance(record, SeriesRecord):
            found.series.append(record)
        elif isinstance(record, CycleRecord):
            found.cycles.append(record)
        elif isinstance(record, WeekRecord):
            found.weeks.append(record)
        elif isinstance(record, SectionRecord):
            found.sections.append(record)
    return found
