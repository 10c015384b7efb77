"""Which refs contain each commit, and what follows: its first versions, its branch, the day it came there.

Commits come newest first, children before parents (`git rev-list --topo-order`). What holds for a commit, that a tag
or a branch contains it, holds for its parents: so one walk hands it down, and only the frontier of the walk is kept
in memory beside the result. Most commits share few sets of refs, so a set is judged once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from graph.gitrepo import Ref, short
from graph.profile import Profile
from graph.profile_commits import ENDS, STAGES

_PIECES = re.compile(r"\d+|[a-z]+")


class Node(NamedTuple):
    """A commit in the walk: its time in seconds (None where it makes no sense) and its parents."""

    sha: str
    time: int | None
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Tag:
    """A tag that names a version: its stage and release (slug, empty where unknown)."""

    name: str
    sha: str
    stage: str
    release: str


class Fate(NamedTuple):
    """What the refs that contain a commit say of it: branch, first version, first final version (or empty)."""

    branch: str
    version: str
    final: str


def version_order(name: str, stage: str, ordinal: int) -> tuple[object, ...]:
    """Key of a version among those that no history puts in order: release, number, stage, the rest of its name."""
    match = re.search(r"\d+(?:\.\d+)*", name) if not re.match(r"[a-z]{3,}-", name.lower()) else None
    numbers = [int(part) for part in match[0].split(".")] if match else []
    while numbers and not numbers[-1]:
        numbers.pop()
    pieces = [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in _PIECES.findall(name.lower())]
    return ordinal, tuple(numbers), STAGES.index(stage), tuple(pieces), name


@dataclass
class Containment:
    """The refs that matter, each with a bit; versions first, in the order of their numbers."""

    profile: Profile
    project: str
    tags: list[Tag]
    ended: list[tuple[str, str]]  # release as the tag writes it, commit: branches that came to an end
    live: list[tuple[str, str]]  # branch, commit
    default: tuple[str, str]
    later: dict[int, int] = field(default_factory=dict)  # bit of a version → bits that contain its commit
    ends: list[Tag] = field(default_factory=list)  # tags that say so; the release as the tag writes it

    @classmethod
    def of(cls, refs: Iterable[Ref], default: tuple[str, str], profile: Profile, project: str) -> Containment:
        """From a repository's refs, its default branch and its project.

        What the profile says of releases' versions holds for the community's own project only.
        """
        releases = profile.release_of_version if project == profile.project else lambda _: ""
        tags: list[Tag] = []
        ended: list[tuple[str, str]] = []
        ends: list[Tag] = []
        live: set[tuple[str, str]] = set()
        for ref in refs:
            if ref.kind != "commit" or ref.symref:
                continue
            if not ref.name.startswith("refs/tags/"):
                live.add((short(ref.name), ref.sha))
                continue
            name = short(ref.name)
            stage, group = profile.commits.tag(name)
            if stage in ENDS:
                ended.append((group, ref.sha))
                ends += [Tag(name, ref.sha, stage, group)] if stage == "end" else []
            elif stage:
                tags.append(Tag(name, ref.sha, stage, releases(name)))
        tags.sort(key=lambda tag: version_order(tag.name, tag.stage, profile.ordinal(tag.release)))
        ends.sort(key=lambda tag: tag.name)
        return cls(profile, project, tags, sorted(ended), sorted(live - {default}), default, ends=ends)

    @cached_property
    def tips(self) -> dict[str, int]:
        """Commit → bits of the refs that lead to it."""
        tips: dict[str, int] = {}
        versions = [tag.sha for tag in self.tags]
        others = [sha for _, sha in (*self.ended, *self.live, self.default)]
        for bit, sha in enumerate(versions + others):
            if sha:
                tips[sha] = tips.get(sha, 0) | 1 << bit
        return tips

    @property
    def default_bit(self) -> int:
        """Bit of the default branch."""
        return 1 << len(self.tags) + len(self.ended) + len(self.live)

    @cached_property
    def finals(self) -> int:
        """Bits of the final versions."""
        return sum(1 << bit for bit, tag in enumerate(self.tags) if tag.stage == "final")

    @cached_property
    def _tag_bits(self) -> dict[str, int]:
        bits: dict[str, int] = {}
        for bit, tag in enumerate(self.tags):
            bits[tag.sha] = bits.get(tag.sha, 0) | 1 << bit
        return bits

    def met(self, sha: str, refs: int) -> None:
        """In the walk: the commit of some ref, with all refs that contain it."""
        own = self._tag_bits.get(sha, 0)
        for bit in _bits(own):
            self.later[bit] = refs & ~own

    @cached_property
    def _earlier(self) -> dict[int, int]:
        """Bit of a version → versions whose commits its history contains. After the walk."""
        earlier: dict[int, int] = dict.fromkeys(range(len(self.tags)), 0)
        versions = (1 << len(self.tags)) - 1
        for bit, later in self.later.items():
            for other in _bits(later & versions):
                earlier[other] |= 1 << bit
        return earlier

    def first(self, refs: int) -> str:
        """Of the versions in a set the one that no other's history precedes; of several the lowest."""
        for bit in _bits(refs):
            if not self._earlier[bit] & refs:
                return self.tags[bit].name
        return ""

    def fate(self, refs: int) -> Fate:
        """What a set of refs says."""
        versions = refs & (1 << len(self.tags)) - 1
        version = self.first(versions)
        return Fate(self._branch(refs, version), version, self.first(versions & self.finals))

    def _branch(self, refs: int, version: str) -> str:
        if refs & self.default_bit:
            return self.default[0]
        release = self._releases.get(version, "")
        if release:
            return self._stable(self._labels.get(release, release))
        others = refs >> len(self.tags)
        for bit, (name, _) in enumerate((*self.ended, *self.live)):
            if others & 1 << bit:
                return self._stable(name) if bit < len(self.ended) else name
        return ""

    @cached_property
    def _releases(self) -> dict[str, str]:
        return {tag.name: tag.release for tag in self.tags}

    def _stable(self, label: str) -> str:
        return self.profile.commits.branch.replace("{release}", label)

    @cached_property
    def _labels(self) -> dict[str, str]:
        """Release → the name its branches go by in this repository (2023.1 where others say antelope)."""
        names = [name for name, _ in self.ended] + [name.rpartition("/")[2] for name, _ in self.live]
        known = self.profile.release_names
        return {known[name.lower()]: name for name in names if name.lower() in known}


def _bits(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


@dataclass
class Walk:
    """The result: for each commit the number of its set of refs, and the time it came onto its branch.

    `merges` are those that have no record of their own.
    """

    sets: list[int] = field(default_factory=list)
    marks: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    merges: set[str] = field(default_factory=set)

    def order(self) -> list[str]:
        """The commits that are no merges as they came onto their branches, oldest first; without a date before all."""
        shas = [sha for sha in reversed(self.marks) if sha not in self.merges]
        return sorted(shas, key=lambda sha: self.marks[sha][1] or 0)


class _Handed(NamedTuple):
    """What children hand down: refs; place on a first-parent line (-1: on none); who brought it, and when."""

    refs: int
    line: int
    by: int
    time: int | None


_NOTHING = _Handed(0, -1, -1, None)


def walk(nodes: Iterable[Node], contained: Containment) -> Walk:
    """Hand down what contains what. Linear in commits and parents.

    A commit on the first-parent line of its branch came there when it was made; any other when the oldest merge on
    that line which contains it was made.
    """
    done = Walk()
    numbers: dict[int, int] = {}
    waiting: dict[str, _Handed] = {}
    tips, head, default = contained.tips, contained.default[1], contained.default_bit
    for sha, time, parents in nodes:
        refs, line, by, came = waiting.pop(sha, _NOTHING)
        own = tips.get(sha)
        if own:
            refs |= own
            contained.met(sha, refs)
        if line < 0 and (sha == head or by < 0):
            line = 0
        if line >= 0:
            by, came = line, time
        number = numbers.setdefault(refs, len(numbers))
        done.marks[sha] = (number, came)
        if len(parents) > 1:
            done.merges.add(sha)
        for nth, parent in enumerate(parents):
            follows = line + 1 if line >= 0 and not nth else -1
            waiting[parent] = _joined(waiting.get(parent), _Handed(refs, follows, by, came), default)
    done.sets = list(numbers)
    return done


def _joined(one: _Handed | None, other: _Handed, default: int) -> _Handed:
    """What two children hand down together: those on the default branch decide who brought it, the oldest of them."""
    if one is None:
        return other
    refs = one.refs | other.refs
    first, second = sorted((one, other), key=lambda h: (not h.refs & default, -h.by, h.time or 0))
    line = (
        first.line if bool(first.refs & default) != bool(second.refs & default) else max(one.line, other.line)
    )
    return _Handed(refs, line, first.by, first.time)
