"""Patches known by number → the Change-Id each carries, as review data or an exact title says."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from graph.link.model import BELOW, LINKED, Link, Select, rows, unfound, values
from graph.profile import Profile
from graph.quads import literal

TITLED = 0.9
_LISTED = 0.5  # one of several patches of one title
_YEAR = 365
_SAME = "SELECT DISTINCT ?patch ?change WHERE { ?patch kg:samePatch ?change }"
_NUMBERED = """SELECT DISTINCT ?patch ?key ?title ?date WHERE {
  ?mention a kg:Mention ; kg:kind "patch" ; kg:mentions ?patch ; dcterms:date ?date . ?patch kg:key ?key .
  OPTIONAL { ?patch dcterms:title ?title } }"""
_TITLED = """SELECT DISTINCT ?patch ?title WHERE {{ VALUES ?title {{ {titles} }}
  ?patch dcterms:title ?title ; a kg:Patch . ?commit kg:commitOf ?patch }}"""
# A title in other letters is looked for among all of them: only when one has not been found as it is written.
_ALIKE = """SELECT DISTINCT ?patch ?title WHERE {{ ?patch dcterms:title ?title .
  FILTER(LCASE(?title) IN ({titles})) ?patch a kg:Patch . ?commit kg:commitOf ?patch }}"""
_MERGED = """SELECT DISTINCT ?patch ?merged WHERE {{
  VALUES ?patch {{ {things} }} ?commit kg:commitOf ?patch ; kg:merged ?merged }}"""


class Noted:
    """Patches that notes name: keys, titles and the days of the mentions, by IRI."""

    def __init__(self, select: Select, profile: Profile) -> None:
        self.keys: dict[str, str] = {}
        self.titles: dict[str, set[str]] = defaultdict(set)
        self.dates: dict[str, set[str]] = defaultdict(set)
        for patch, key, title, date in rows(select, profile.name, _NUMBERED):
            self.keys[patch] = key
            self.dates[patch].add(date)
            self.titles[patch] |= {title} - {""}


def same(select: Select, profile: Profile) -> dict[str, str]:
    """Patch by number → patch by Change-Id, where review data says so of one only."""
    pairs = sorted(set(rows(select, profile.name, _SAME)))
    found: dict[str, set[str]] = defaultdict(set)
    for patch, change in pairs:
        found[patch].add(change)
    return {patch: next(iter(changes)) for patch, changes in found.items() if len(changes) == 1}


def link(
    select: Select, profile: Profile, noted: Noted, known: Mapping[str, str], settled: Iterable[str]
) -> list[Link]:
    """Links of patches by number: those that review data joins, then those whose title is one patch's only."""
    left = set(settled)
    links = [
        Link("patch", patch, change, 1.0, "review data gives both keys", LINKED)
        for patch, change in sorted(known.items())
        if patch not in left
    ]
    open_ = [
        patch
        for patch in sorted(noted.keys)
        if patch not in left and patch not in known and noted.keys[patch].isdigit() and noted.titles[patch]
    ]
    links += _by_title(select, profile, noted, open_)
    numbers = (patch for patch, key in noted.keys.items() if key.isdigit() and patch not in left)
    return links + unfound(
        "patch", numbers, links, "no review data names its Change-Id, and no merged patch its title"
    )


def _by_title(select: Select, profile: Profile, noted: Noted, open_: list[str]) -> list[Link]:
    if not open_:
        return []
    wanted = {_folded(title) for patch in open_ for title in noted.titles[patch]}
    written = {" ".join(title.split()) for patch in open_ for title in noted.titles[patch]}
    found = _titled(select, profile, _TITLED, written)
    missing = wanted - set(found)
    if missing:
        found |= _titled(select, profile, _ALIKE, missing)
    things = values(patch for of in found.values() for patch in of)
    merged: dict[str, list[str]] = defaultdict(list)
    for patch, date in sorted(rows(select, profile.name, _MERGED.format(things=things))) if things else ():
        merged[patch].append(date)
    return [
        link
        for patch in open_
        for link in _joined(patch, {one for title in noted.titles[patch] for one in found.get(_folded(title), ())},
                            noted.dates[patch], merged)
    ]  # fmt: skip


def _titled(select: Select, profile: Profile, text: str, titles: set[str]) -> dict[str, set[str]]:
    shown = (literal(title) for title in sorted(titles))
    joint = ", " if text is _ALIKE else " "
    found: dict[str, set[str]] = defaultdict(set)
    for patch, title in rows(select, profile.name, text.format(titles=joint.join(shown))):
        found[_folded(title)].add(patch)
    return dict(found)


def _joined(patch: str, found: set[str], dates: set[str], merged: Mapping[str, list[str]]) -> list[Link]:
    near = sorted(one for one in found if any(_near(a, b) for a in dates for b in merged.get(one, ())))
    near = [one for one in near if one != patch]
    if len(near) == 1:
        return [
            Link("patch", patch, near[0], TITLED, "the same title, and no other patch near that day has it")
        ]
    why = f"{len(near)} patches near that day have its title"
    return [Link("patch", patch, one, _LISTED, why, BELOW) for one in near[:2]]


def _near(a: str, b: str) -> bool:
    first, second = (datetime.date.fromisoformat(date) for date in (a, b))
    return abs((first - second).days) <= _YEAR


def _folded(title: str) -> str:
    return " ".join(title.split()).lower()
