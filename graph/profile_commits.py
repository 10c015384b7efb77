"""How a community writes its commits and names its versions, as a profile's [commits] says it.

    [commits]
    branch = "stable/{release}"         a branch that is gone, named after the release of its versions
    define = { bp = "blueprints?|bp" }  pieces that a pattern takes up as {bp}
    features = { placement = "nova" }   a project whose features are kept by another one

    [[commits.tag]]                     the first that matches a tag says what it is
    stage = "final"                     final, candidate, milestone; `branch` names the release of a branch that ended,
                                        `end` that of one whose support ended with it
    pattern = '^v(\\d+\\.\\d+\\.\\d+)$'  a group is needed for these two only

    [[commits.trailer]]                 in order: what an earlier one took, a later one does not take again
    kind = "bug"                        one of KINDS
    strength = "closes"                 of a feature or a bug, strongest first: see STRENGTHS
    confidence = "low"                  free text; what a trailer says counts more
    pattern = '(?im)^Fixes:? (#\\d+)'   matched against the message; its group (or the one named `key`) is the key,
                                        one named `project` the project of a feature
    each = '\\d+'                       the keys in that group, where it is more than one word

Patterns run on RE2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import re2

from graph.errors import KgError

ENDS: Final = ("branch", "end")  # what is no version
STAGES: Final = ("milestone", "candidate", "final", *ENDS)
STRENGTHS: Final = {
    "feature": ("implements", "part", "bare", "related", "mention"),
    "bug": ("closes", "partial", "related", "mention"),
}
# A class of characters that leaves out the end of a line.
_WITHIN: Final = re.compile(r"\[\^(?:[^\]\\]|\\.)*?\\[ns](?:[^\]\\]|\\.)*\]")
_ACROSS: Final = re.compile(r"\[\^|\\[snWDv]|\(\?[a-zA-Z]*s")  # what can match the end of a line
_MEMORY: Final = 256 * 1024 * 1024
KINDS: Final = (*STRENGTHS, "change", "reverts", "title", "picked", "author", "none")


@dataclass(frozen=True)
class TagWay:
    """What a tag's name says it is."""

    stage: str
    pattern: str

    @cached_property
    def regex(self) -> Any:  # noqa: ANN401 - re2 ships no types
        """The compiled pattern."""
        return re2.compile(self.pattern)


@dataclass(frozen=True)
class Trailer:
    """One way of naming something in a commit message; `pattern` has its pieces put in already."""

    kind: str
    strength: str
    low: bool
    pattern: str
    each: str = ""

    @cached_property
    def regex(self) -> Any:  # noqa: ANN401
        """The compiled pattern."""
        return re2.compile(self.pattern)

    @cached_property
    def keys(self) -> Any:  # noqa: ANN401
        """The compiled pattern of a single key; None where the group is the key."""
        return re2.compile(self.each) if self.each else None

    @cached_property
    def wide(self) -> bool:
        """Whether it may reach from one line into another."""
        rest = _WITHIN.sub("", self.pattern)
        return bool(_ACROSS.search(rest))

    @cached_property
    def groups(self) -> tuple[int, int]:
        """Numbers of the groups with the key and the project (0: there is none)."""
        names = self.regex.groupindex
        return names.get("key", 1), names.get("project", 0)


def _set(trailers: tuple[Trailer, ...]) -> Any:  # noqa: ANN401
    options = re2.Options()
    options.max_mem = _MEMORY
    found = re2.Set.SearchSet(options)
    for trailer in trailers:
        found.Add(trailer.pattern)
    found.Compile()
    return found


def _matching(finder: Any, count: int, text: bytes) -> list[int]:  # noqa: ANN401
    found = finder.Match(text) if count else []
    return list(range(count)) if found is None else found  # None: it ran out of memory


@dataclass(frozen=True)
class CommitWays:
    """The section as read; without one, a repository has commits and nothing else."""

    branch: str = "{release}"
    features: tuple[tuple[str, str], ...] = ()
    tags: tuple[TagWay, ...] = ()
    trailers: tuple[Trailer, ...] = ()

    @cached_property
    def readers(self) -> tuple[tuple[Trailer, Any, Any, int, int], ...]:
        """Each trailer with its patterns (of the whole, of a single key) and its groups (key, project)."""
        return tuple((way, way.regex, way.keys, *way.groups) for way in self.trailers)

    @cached_property
    def _finder(self) -> Any:  # noqa: ANN401
        """All trailers at once: gives the numbers of those that match a text."""
        return _set(self.trailers)

    def matching(self, text: bytes) -> list[int]:
        """Numbers of the trailers that match a text, in order."""
        return sorted(_matching(self._finder, len(self.trailers), text))

    @cached_property
    def _search(self) -> Any:  # noqa: ANN401
        """Searches for all trailers at once that stay within a line."""
        patterns = [f"(?:{way.pattern})" for way in self.trailers if not way.wide]
        options = re2.Options()
        options.max_mem, options.never_capture = _MEMORY, True
        return re2.compile("|".join(patterns) or "$^", options).search

    @cached_property
    def _wide(self) -> tuple[tuple[Trailer, ...], Any]:
        trailers = tuple(way for way in self.trailers if way.wide)
        return trailers, _set(trailers)

    def lines(self, text: bytes) -> set[int]:
        """Numbers (from 0) of the lines of a message that trailers match; of no other lines.

        One pattern is asked for all of them, so this costs little more than looking at the text once.
        """
        lines: set[int] = set()
        search, line, at = self._search, 0, 0
        found = search(text)
        while found:
            start, end = found.span()
            line += text.count(b"\n", at, start)
            lines.add(line)
            at = text.find(b"\n", end)
            found = search(text, at) if at >= 0 else None
        trailers, finder = self._wide
        for number in _matching(finder, len(trailers), text):
            for match in trailers[number].regex.finditer(text):
                start, end = match.span()
                first = text.count(b"\n", 0, start)
                lines.update(range(first, first + text.count(b"\n", start, end) + 1))
        return lines

    @cached_property
    def authors(self) -> CommitWays:
        """The same with the trailers alone that name co-authors."""
        return replace(self, trailers=tuple(way for way in self.trailers if way.kind == "author"))

    def tag(self, name: str) -> tuple[str, str]:
        """Stage of a tag and its group; both empty for one that means nothing."""
        for way in self.tags:
            match = way.regex.search(name)
            if match:
                return way.stage, (match.group(1) or "") if way.regex.groups else ""
        return "", ""

    def feature_project(self, project: str) -> str:
        """The project that keeps the features of a project."""
        return dict(self.features).get(project, project)


def _fault(what: str, place: str, hint: str) -> KgError:
    return KgError(f"[commits] {what}", place=place, hint=hint)


def _compile(pattern: str, place: str) -> Any:  # noqa: ANN401
    try:
        return re2.compile(pattern)
    except re2.error as error:
        raise _fault(f"pattern {pattern!r}: {error}", place, "patterns are RE2") from error


def _rows(data: dict[str, Any], key: str, place: str) -> list[dict[str, Any]]:
    rows = data.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _fault(f"{key} is no list of tables", place, f"write [[commits.{key}]]")
    return rows


def _words(data: dict[str, Any], key: str, place: str) -> dict[str, str]:
    table = data.get(key, {})
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise _fault(f"{key} is no table of strings", place, f'write {key} = {{ name = "…" }}')
    return table


def _tag(row: dict[str, Any], place: str) -> TagWay:
    way = TagWay(str(row.get("stage", "")), str(row.get("pattern", "")))
    if way.stage not in STAGES:
        raise _fault(f"a tag has stage {way.stage!r}", place, f"stage is one of {', '.join(STAGES)}")
    groups = _compile(way.pattern, place).groups
    if way.stage in ENDS and groups != 1:
        hint = "mark the release's name, and nothing else"
        raise _fault(f"pattern {way.pattern!r} has {groups} groups", place, hint)
    return way


def _trailer(row: dict[str, Any], pieces: dict[str, str], place: str) -> Trailer:
    kind, strength = str(row.get("kind", "")), str(row.get("strength", ""))
    if kind not in KINDS:
        raise _fault(f"a trailer has kind {kind!r}", place, f"kind is one of {', '.join(KINDS)}")
    known = STRENGTHS.get(kind, ("",))
    if strength not in known:
        hint = f"strength is one of {', '.join(known)}" if known != ("",) else "leave it out"
        raise _fault(f"a trailer of kind {kind} has strength {strength!r}", place, hint)
    pattern = _fill(str(row.get("pattern", "")), pieces)
    trailer = Trailer(kind, strength, row.get("confidence") == "low", pattern, str(row.get("each", "")))
    regex = _compile(pattern, place)
    if regex.groups != 1 and "key" not in regex.groupindex:
        hint = "mark the key only, or name its group: (?P<key>…)"
        raise _fault(f"pattern {pattern!r} has {regex.groups} groups", place, hint)
    _compile(trailer.each, place)
    return trailer


def _fill(pattern: str, pieces: dict[str, str]) -> str:
    for name, piece in pieces.items():
        pattern = pattern.replace(f"{{{name}}}", f"(?:{piece})")
    return pattern


def _pieces(data: dict[str, Any], place: str) -> dict[str, str]:
    """The pieces, later ones made of earlier ones."""
    pieces: dict[str, str] = {}
    for name, piece in _words(data, "define", place).items():
        pieces[name] = _fill(piece, pieces)
        _compile(pieces[name], place)
    return pieces


def parse(data: dict[str, Any], place: str) -> CommitWays:
    """The section of a profile. Raises KgError for a value that cannot be used."""
    if not isinstance(data, dict):
        raise _fault("is no table", place, "write it as [commits]")
    pieces = _pieces(data, place)
    branch = str(data.get("branch", CommitWays.branch))
    if "{release}" not in branch:
        raise _fault(f"branch {branch!r} names no release", place, 'write it like "stable/{release}"')
    return CommitWays(
        branch,
        tuple(sorted(_words(data, "features", place).items())),
        tuple(_tag(row, place) for row in _rows(data, "tag", place)),
        tuple(_trailer(row, pieces, place) for row in _rows(data, "trailer", place)),
    )
