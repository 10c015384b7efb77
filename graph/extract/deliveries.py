"""Releases and versions as release files list them, with what contradicts itself told and left out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from graph.errors import Problem
from graph.extract import schedule_days
from graph.profile import Profile
from graph.profile_commits import ENDS
from graph.records import DeliveredRecord, SeriesRecord

Stage = Literal["final", "candidate", "milestone"]
# The numbering that release files use: 17.0.0, with b2 or rc1 before it; 2013.1.rc1 among the oldest.
_VERSION: Final = re.compile(r"v?(\d+(?:\.\d+)*)(?:[.-]?(a|b|g|gamma|dev|rc)(\d*))?")
_ALL: Final[tuple[Stage, ...]] = ("final", "candidate", "milestone")
_STAGES: Final[dict[str, Stage]] = {"": "final", "rc": "candidate"}


@dataclass(frozen=True)
class Version:
    """A version of a project: the release it belongs to (empty where none is known), its stage, its place."""

    project: str
    name: str
    release: str
    stage: Stage
    nth: int
    path: str
    line: int


@dataclass(frozen=True)
class Series:
    """A release as listed: its slug, other names, status, ISO day of release (empty where none can be believed).

    `ended` is the day its support ended, `then` the status it is to have next, `turns` the day of that.
    """

    slug: str
    names: tuple[str, ...]
    status: str
    released: str
    path: str
    line: int
    written: str
    ended: str = ""
    then: str = ""
    turns: str = ""


@dataclass
class Deliveries:
    """What the lists of one source say; `problems` fills as they are read."""

    profile: Profile
    source: str
    names: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def _odd(self, path: str, line: int, what: str, quote: str, hint: str = "") -> None:
        place = f"{self.source}/{path}" if path else self.source
        self.problems.append(Problem(place, line, "odd", what, quote, hint))

    def series(self, rows: Iterable[SeriesRecord], versions: Iterable[Version]) -> list[Series]:
        """The releases, oldest first; those without a day come first, in the order of the list's names."""
        numbers = _numbers(versions, self.profile.project)
        found: dict[str, Series] = {}
        for row in rows:
            slug = self.names[row.name.lower()]
            if slug in found:
                self._odd(row.path, row.line, f"{row.name} stands twice; the first is believed", row.name)
                continue
            names = dict.fromkeys(filter(None, (row.name.title(), row.number, numbers.get(slug, ""))))
            found[slug] = Series(
                slug, tuple(names), row.status, self._released(row), row.path, row.line, row.name,
                self._day(row, "reached its end of life", row.ended), row.then,
                self._day(row, f"turns {row.then or 'something else'}", row.turns),
            )  # fmt: skip
        return sorted(found.values(), key=lambda one: (one.released, one.slug))

    def _released(self, row: SeriesRecord) -> str:
        if not self._day(row, "was released", row.released):
            return ""
        info = next(
            (info for info in self.profile.releases if info.name == self.names[row.name.lower()]), None
        )
        if info and info.ship and info.ship != row.released:
            what = f"{row.name} was released on {row.released}, the community's profile says {info.ship}"
            self._odd(row.path, row.line, what, row.released, "set the profile right, if it is wrong")
        return row.released

    def _day(self, row: SeriesRecord, does: str, day: str) -> str:
        """A day as written, or empty where it is none."""
        if day and schedule_days.day(day) is None:
            self._odd(row.path, row.line, f"{row.name} {does} on {day}, which is no date", day)
            return ""
        return day

    def versions(self, rows: Iterable[DeliveredRecord]) -> list[Version]:
        """The versions in the order of the files; what marks the end of a branch is none."""
        found: dict[tuple[str, str], Version] = {}
        last: dict[str, Version] = {}
        for row in rows:
            stage = self._stage(row.version)
            if stage is None:
                continue
            release = self._release(row)
            one = Version(row.project, row.version, release, stage, row.nth, row.path, row.line)
            other = found.get((row.project, row.version))
            if other:
                what = f"version {row.version} stands twice, also in {other.path}:{other.line}, which is believed"
                self._odd(row.path, row.line, what, row.version)
                continue
            found[row.project, row.version] = one
            before = last.get(row.path)
            if before and order(row.version) < order(before.name):
                self._odd(
                    row.path, row.line, f"version {row.version} stands below {before.name}", row.version
                )
            last[row.path] = one
        return list(found.values())

    def _stage(self, version: str) -> Stage | None:
        """What a name is by the community's patterns, else by the usual numbering; None for what is no version."""
        named, match = self.profile.commits.tag(version)[0], _VERSION.fullmatch(version)
        if named in ENDS or not (named or match):
            return None
        usual: Stage = _STAGES.get(match[2] or "", "milestone") if match else "final"
        return next((stage for stage in _ALL if stage == named), usual)

    def _release(self, row: DeliveredRecord) -> str:
        """The release of a version: its folder's, unless its number is another's."""
        folder = self.names.get(row.series.lower(), "")
        if row.project != self.profile.project:
            return folder
        numbered = self.profile.release_of_version(row.version)
        if folder and numbered and numbered != folder:
            what = f"version {row.version} belongs to {numbered} by its number, but is listed for {folder}"
            self._odd(row.path, row.line, what, row.version, "its number is believed")
        return numbered or folder


def _numbers(versions: Iterable[Version], project: str) -> dict[str, str]:
    """Release → the number that the first final version of the default project gives it: 17.0.0 makes it 17."""
    found: dict[str, str] = {}
    for one in versions:
        if one.project == project and one.stage == "final" and one.release:
            found.setdefault(one.release, re.sub(r"(?:\.0)+$", "", one.name.removeprefix("v")))
    return found


def order(version: str) -> tuple[tuple[int, ...], int, int]:
    """A key that puts versions in order: 17.0.0.0b2 < 17.0.0.0rc1 < 17.0.0 < 17.0.1 < 17.0.10."""
    match = _VERSION.fullmatch(version)
    if not match:
        return (), 0, 0
    numbers = [int(number) for number in match[1].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    rank = {"": 2, "rc": 1}.get(match[2] or "", 0)
    return tuple(numbers), rank, int(match[3] or 0)


def after(date: str, other: str) -> bool:
    """Whether an ISO date lies behind another; an unknown one lies behind nothing."""
    return bool(date and other) and datetime.date.fromisoformat(date) > datetime.date.fromisoformat(other)
