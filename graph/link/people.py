"""Nicks of notes → names of authors: where an account has both, or where a nick is built from one name only."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from graph.link.model import BELOW, LINKED, Link, Select, rows, values
from graph.profile import Profile

ACCOUNT, SURE = 0.95, 0.7
_WHOLE, _INITIAL, _BEGUN, _LAST, _FIRST = 0.85, 0.7, 0.7, 0.6, 0.45
_SHARE = 0.6  # of the score, where several people fit
_YEAR = 365
_BEGINNING = 5  # letters of a last name that a nick must have
_NICKS = "SELECT DISTINCT ?person ?nick WHERE { ?person foaf:nick ?nick }"
_NAMES = "SELECT DISTINCT ?person ?name WHERE { ?person foaf:name ?name }"
_SEEN = """SELECT DISTINCT ?person ?date WHERE {
  ?mention kg:kind "person" ; kg:mentions ?person ; dcterms:date ?date }"""
_MONTHS = """SELECT DISTINCT ?person ?month WHERE {{
  VALUES ?person {{ {things} }} ?commit kg:author ?person ; kg:merged ?date .
  BIND(SUBSTR(STR(?date), 1, 7) AS ?month) }}"""


class People:
    """Nicks and names of every person of the community, by IRI."""

    def __init__(self, select: Select, profile: Profile) -> None:
        self.nicks: dict[str, set[str]] = defaultdict(set)
        self.names: dict[str, set[str]] = defaultdict(set)
        for person, nick in rows(select, profile.name, _NICKS):
            self.nicks[person].add(nick)
        for person, name in rows(select, profile.name, _NAMES):
            self.names[person].add(name)


def link(select: Select, profile: Profile, people: People, settled: Iterable[str]) -> list[Link]:
    """Links of nicks that no alias settles."""
    left = set(settled)
    # One person can be an author by several writings of a name; who has a nick is looked for, not found.
    authors = {person: names for person, names in people.names.items() if person not in people.nicks}
    by_name = _by_name(authors)
    spelt = [
        (person, _plain(name).split()) for person, names in sorted(authors.items()) for name in sorted(names)
    ]
    links: list[Link] = []
    open_: dict[str, dict[str, tuple[float, str]]] = {}
    for person, nicks in sorted(people.nicks.items()):
        if person in left:
            continue
        own = {one for name in people.names.get(person, ()) for one in by_name.get(_plain(name), ())}
        if len(own) == 1:
            why = "its account carries this name"
            links.append(Link("person", person, next(iter(own)), ACCOUNT, why, LINKED))
        elif not people.names.get(person):
            open_[person] = _built(nicks, spelt)
    return links + _dated(select, profile, {nick: found for nick, found in open_.items() if found})


def _by_name(authors: Mapping[str, set[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for person, names in authors.items():
        for name in names:
            found[_plain(name)].add(person)
    return found


def _built(nicks: Iterable[str], spelt: Iterable[tuple[str, list[str]]]) -> dict[str, tuple[float, str]]:
    """Authors whose name a nick can be built from, with how sure that is, and how."""
    found: dict[str, tuple[float, str]] = {}
    keys = [key for nick in sorted(nicks) if len(key := re.sub(r"[^a-z]", "", _plain(nick))) > 2]
    for person, words in spelt:
        best = max((_shape(key, words) for key in keys), default=(0.0, "")) if len(words) > 1 else (0.0, "")
        if best[0] > found.get(person, (0.0, ""))[0]:
            found[person] = best
    return found


def _shape(key: str, words: list[str]) -> tuple[float, str]:
    """How a nick is built from the words of a name."""
    first, last = words[0], words[-1]
    if key in (first + last, last + first):
        return _WHOLE, "first and last name as one"
    if key in (first[0] + last, last + first[0]):
        return _INITIAL, "an initial and the last name"
    rest = key.removeprefix(first)
    if len(first) > 2 and rest not in ("", key) and last.startswith(rest):
        return (_WHOLE if len(rest) > 2 else _INITIAL), "the first name and the beginning of the last"
    if key[0] == first[0] and len(key) > _BEGINNING and last.startswith(key[1:]):
        return _BEGUN, "an initial and the beginning of the last name"
    if key == last:
        return _LAST, "the last name alone"
    return (_FIRST, "the first name alone") if key == first else (0.0, "")


def _dated(
    select: Select, profile: Profile, open_: Mapping[str, Mapping[str, tuple[float, str]]]
) -> list[Link]:
    """Of the authors a nick may be of, those active around the days it is named."""
    things = values(person for found in open_.values() for person in found)
    if not things:
        return []
    seen: dict[str, list[str]] = defaultdict(list)
    for person, date in sorted(set(rows(select, profile.name, _SEEN))):
        seen[person].append(date)
    months: dict[str, list[str]] = defaultdict(list)
    for person, month in sorted(set(rows(select, profile.name, _MONTHS.format(things=things)))):
        months[person].append(month)
    links: list[Link] = []
    for nick, found in sorted(open_.items()):
        active = {
            person: sure
            for person, sure in found.items()
            if _around(seen.get(nick, []), months.get(person, []))
        }
        links += _judged(nick, active)
    return links


def _judged(nick: str, active: Mapping[str, tuple[float, str]]) -> list[Link]:
    ranked = sorted(active, key=lambda person: (-active[person][0], person))
    if not ranked:
        return []
    top = active[ranked[0]][0]
    even = [person for person in ranked if active[person][0] == top]
    if len(even) == 1 and top >= SURE:
        return [
            Link("person", nick, even[0], top, f"{active[even[0]][1]}; no other author near those days fits")
        ]
    links = []
    for person in ranked[:2]:
        sure, why = active[person]
        share = _SHARE if len(even) > 1 else 1.0
        said = f"{why}; {len(even)} authors fit" if len(even) > 1 else f"{why}; below {SURE}"
        links.append(Link("person", nick, person, sure * share, said, BELOW))
    return links


def _around(dates: Iterable[str], months: list[str]) -> bool:
    days = [datetime.date.fromisoformat(f"{month}-15").toordinal() for month in months]
    return any(
        abs(datetime.date.fromisoformat(date).toordinal() - day) <= _YEAR for date in dates for day in days
    )


def _plain(name: str) -> str:
    """A name in plain letters, lower case, one space between its words."""
    letters = unicodedata.normalize("NFKD", name).lower()
    return " ".join(
        re.sub(r"[^\w\s]|_", "", "".join(c for c in letters if not unicodedata.combining(c))).split()
    )
