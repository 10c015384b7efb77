"""What a commit's title and trailers say: which patch it is, what it implements, fixes, reverts, and with whom.

Every way of saying so is a trailer of the profile. They are tried in its order; words that one has taken as a key
are not read again by a later one, so that the general stands behind the special. A commit that names one thing in
several places keeps the firmest of them: a trailer before free text, then by strength.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from graph.profile_commits import STRENGTHS, CommitWays, Trailer
from graph.records import CommitRecord

_GAP: Final = "\n\0\n"  # between kept lines that were apart: no pattern reaches across it
_PERSON: Final = re.compile(r"^(.*?)\s*(?:<([0-9a-f]{40})?>.*)?$")


@dataclass(frozen=True)
class Reference:
    """A feature (slug) or bug (number) named in a message; `project` is that of a feature's link, or empty.

    `line` is the number of the message's line, `written` its text; `low` says that free text was read.
    """

    kind: str
    key: str
    project: str
    strength: str
    low: bool
    line: int
    written: str


@dataclass(frozen=True)
class Told:
    """What a message says. `change` is empty where it names no patch; people are pairs of name and mbox hash."""

    change: str = ""
    references: tuple[Reference, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    picked: tuple[str, ...] = ()
    reverts: tuple[str, ...] = ()
    reverted: str = ""


NOTHING: Final = Told()


class _Match(NamedTuple):
    trailer: Trailer
    start: int
    key: str
    project: str


def read(record: CommitRecord, ways: CommitWays) -> Told:
    """What the kept lines of a commit say."""
    if not record.lines:
        return NOTHING
    data = _text(record).encode()
    found: dict[str, list[_Match]] = {}
    taken: set[int] = set()
    for number in ways.matching(data):
        for hit in _hits(data, ways.readers[number]):
            if hit.start not in taken:
                taken.add(hit.start)
                found.setdefault(hit.trailer.kind, []).append(hit)
    return _told(record, data, found)


def signers(lines: tuple[tuple[int, str], ...], ways: CommitWays) -> tuple[tuple[str, str], ...]:
    """The people whom kept lines of a message name as authors: pairs of name and mbox hash."""
    return read(CommitRecord("", "", "", "", "", lines, "", "", ""), ways).people


def _hits(data: bytes, reader: tuple[Trailer, Any, Any, int, int]) -> list[_Match]:
    """Each key that a trailer finds."""
    trailer, regex, keys, group, project = reader
    hits = []
    for match in regex.finditer(data):
        start, end = match.span(group)
        if start < 0:
            continue
        span = match.span(project) if project else (-1, -1)
        where = data[span[0] : span[1]].decode() if span[0] >= 0 else ""
        if keys is None or data[start:end].isalnum():
            hits.append(_Match(trailer, start, data[start:end].decode(), where))
        else:
            hits += [
                _Match(trailer, one.start(), one.group().decode(), where)
                for one in keys.finditer(data, start, end)
            ]
    return hits


def _text(record: CommitRecord) -> str:
    """The title and the kept lines, those apart kept apart."""
    parts, last = [record.title], 1
    for number, line in record.lines:
        if number > 1:
            parts += ["\n" if number == last + 1 else _GAP, line]
            last = number
    return "".join(parts)


def _told(record: CommitRecord, data: bytes, found: dict[str, list[_Match]]) -> Told:
    changes = [hit.key for hit in found.pop("change", ())]
    if not found:
        return Told(changes[-1] if changes else "")
    named = {kind: found[kind] for kind in STRENGTHS if kind in found}
    references = _firmest(record, data, named) if named else ()
    return Told(
        changes[-1] if changes else "",  # what is quoted from other messages stands before its own
        references,
        tuple(dict.fromkeys(_person(hit.key) for hit in found.get("author", ()))),
        tuple(hit.key for hit in found.get("picked", ())),
        tuple(hit.key for hit in found.get("reverts", ())),
        next((hit.key for hit in found.get("title", ())), ""),
    )


def _firmest(record: CommitRecord, data: bytes, named: dict[str, list[_Match]]) -> tuple[Reference, ...]:
    best: dict[tuple[str, str, str], tuple[tuple[bool, int, int], _Match]] = {}
    for kind, hits in named.items():
        for hit in hits:
            key = hit.key.lower() if kind == "feature" else hit.key.lstrip("0")
            rank = (hit.trailer.low, STRENGTHS[kind].index(hit.trailer.strength), hit.start)
            place = (kind, key, hit.project.lower())
            if place not in best or rank < best[place][0]:
                best[place] = (rank, hit)
    _drop_doubles(best)
    return tuple(_reference(record, data, place, hit) for place, (_, hit) in sorted(best.items()))


def _drop_doubles(best: dict[tuple[str, str, str], Any]) -> None:
    """A feature named both by itself and by a link that says its project: one is enough."""
    for kind, key, project in [place for place in best if place[2]]:
        if (kind, key, "") in best:
            del best[kind, key, project]


def _reference(record: CommitRecord, data: bytes, place: tuple[str, str, str], hit: _Match) -> Reference:
    line, written = _line(record, data[: hit.start].count(b"\n"))
    kind, key, project = place
    return Reference(kind, key, project, hit.trailer.strength, hit.trailer.low, line, written)


def _line(record: CommitRecord, nth: int) -> tuple[int, str]:
    """The line of the message behind a line of `_text`, counted from 0."""
    last, at = 1, 0
    found = (1, record.title)
    for number, line in record.lines:
        if number > 1:
            at += 1 if number == last + 1 else _GAP.count("\n")
            last = number
            if at > nth:
                break
            found = (number, line)
    return found


def _person(text: str) -> tuple[str, str]:
    match = _PERSON.match(" ".join(text.split()))
    return (match[1].strip("\"'<>,; "), match[2] or "") if match else (text, "")
