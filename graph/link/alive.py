"""When a feature was worked on: its spec was approved for a release under way, or its patches came in."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.link.model import Select, rows, values
from graph.profile import Profile

ALIVE, NEAR, FAR, UNSAID = 1.0, 0.8, 0.7, 0.9
_YEAR = 365
_BEFORE_MERGE, _AFTER_MERGE = 180, 60  # days: work is spoken of long before it comes in
_BEFORE_SPEC = 45
_SPECCED, _SOME, _ONE, _NAMED_ONLY = 1.0, 0.97, 0.93, 0.85  # how well a feature is known
_ELSEWHERE = 0.97  # a feature of another project than the community's first

_SPECS = """SELECT DISTINCT ?feature ?release ?approved WHERE {{
  VALUES ?feature {{ {things} }} ?spec dcterms:isVersionOf ?feature ; kg:forRelease/kg:slug ?release .
  OPTIONAL {{ ?change kg:of ?spec ; kg:state "approved" ; dcterms:date ?approved }} }}"""
_MERGES = """SELECT DISTINCT ?feature ?patch ?merged WHERE {{
  VALUES ?feature {{ {things} }} ?feature kg:implementedBy ?patch . ?commit kg:commitOf ?patch ; kg:merged ?merged }}"""


@dataclass
class Life:
    """Spans (first and last day, and what says so) in which a feature was alive; its patches."""

    spans: list[tuple[int, int, str]] = field(default_factory=list)
    patches: set[str] = field(default_factory=set)
    specs: set[str] = field(default_factory=set)

    def at(self, date: str) -> tuple[float, str]:
        """How well a date fits, and why."""
        if not self.spans:
            return UNSAID, "no source says when it was worked on"
        day = _day(date)
        # Of several spans a spec's is told, which comes after «a patch» in the alphabet.
        gap, why = max((-max(first - day, day - last, 0), why) for first, last, why in self.spans)
        if gap:
            return (NEAR if -gap <= _YEAR else FAR), f"worked on {-gap} days from then"
        return ALIVE, f"alive then: {why}"

    def known(self) -> float:
        """How well the feature is known: a slug met in one message may be misspelt."""
        if self.specs:
            return _SPECCED
        return _SOME if len(self.patches) > 1 else _ONE if self.patches else _NAMED_ONLY


class Lives:
    """Lives of the features that may be meant; the others are not looked at."""

    def __init__(self, select: Select, profile: Profile, features: Iterable[str]) -> None:
        self._lives: dict[str, Life] = defaultdict(Life)
        self._cycles = {release.name: (release.start, release.ship) for release in profile.releases}
        self._titles = {release.title.lower(): release.name for release in profile.releases}
        self._home = f"/feature/{profile.project}/"
        features = sorted(features)
        things = values(features)
        if things:
            self._specs(rows(select, profile.name, _SPECS.format(things=things)))
            self._merges(rows(select, profile.name, _MERGES.format(things=things)))
        for feature in features:
            self._suffixed(feature)

    def __getitem__(self, feature: str) -> Life:
        return self._lives[feature]

    def known(self, feature: str) -> float:
        """How well a feature is known, those of the community's first project better."""
        return self._lives[feature].known() * (1.0 if self._home in feature else _ELSEWHERE)

    def _specs(self, found: list[tuple[str, ...]]) -> None:
        for feature, release, approved in sorted(found):
            life = self._lives[feature]
            life.specs.add(release)
            start, ship = self._cycles.get(release, ("", ""))
            # A spec carried over was approved before, and is alive from the start of its cycle.
            first = _day(approved) - _BEFORE_SPEC if approved else _day(start) if start else None
            if first is not None and (ship or approved):
                last = _day(ship) if ship else first + _YEAR
                life.spans.append((first, last, f"spec for {release}"))

    def _merges(self, found: list[tuple[str, ...]]) -> None:
        for feature, patch, merged in sorted(found):
            self._lives[feature].patches.add(patch)
            day = _day(merged)
            span = (day - _BEFORE_MERGE, day + _AFTER_MERGE, f"a patch came in on {merged}")
            self._lives[feature].spans.append(span)

    def _suffixed(self, feature: str) -> None:
        """A slug that ends with a release's name is that release's part of the work."""
        release = self._titles.get(re.split("[-_]", feature.rsplit("/", 1)[-1])[-1], "")
        start, ship = self._cycles.get(release, ("", ""))
        if start and ship:
            self._lives[feature].spans = [(_day(start), _day(ship), f"named for {release}")]


def _day(date: str) -> int:
    """Number of a day; a month counts from its first."""
    return datetime.date.fromisoformat(date if len(date) == 10 else f"{date[:7]}-01").toordinal()
