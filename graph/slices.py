"""A part of a source's records: what belongs to some releases, to make a small true graph of a large one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from graph.errors import KgError, Problem
from graph.profile import Profile
from graph.records import COUNT, CommitRecord, SourceRecord, SpecRecord, TagRecord


def between(entries: Iterable[Any], profile: Profile, first: str, last: str) -> Iterator[Any]:
    """The records of the releases from `first` to `last` (slugs, titles or aliases), in order.

    Commits belong to the release of their first version, or of their day where they have none. What was doubtful
    about the source as a whole is left to the whole. Raises KgError for a release that the profile does not know,
    or one that is later than the last.
    """
    span = _span(profile, first, last)
    found = [entry for entry in entries if _within(entry, profile, span)]
    commits = sum(isinstance(entry, CommitRecord) for entry in found)
    for entry in found:
        yield _cut(entry, f"{first} to {last}", commits) if isinstance(entry, SourceRecord) else entry


def _cut(source: SourceRecord, span: str, commits: int) -> SourceRecord:
    """The source as a part of itself: how much of it there is, and no refs, which lead elsewhere."""
    kept = [pair for pair in source.about if not pair[0].startswith("refs/") and pair[0] != COUNT]
    count = [(COUNT, str(commits))] if commits else []
    return dataclasses.replace(source, about=(*kept, *count, ("slice", span)))


def _span(profile: Profile, first: str, last: str) -> frozenset[str]:
    names = [release.name for release in profile.releases]
    ends = [profile.release_names.get(name.lower(), "") for name in (first, last)]
    if "" in ends:
        unknown = (first, last)[ends.index("")]
        raise KgError(f"no release is known as {unknown!r}", hint="`kg query releases` lists them")
    low, high = (names.index(name) for name in ends)
    if low > high:
        raise KgError(f"{first} comes after {last}", hint="name the earlier release first")
    return frozenset(names[low : high + 1])


def _within(entry: object, profile: Profile, span: frozenset[str]) -> bool:
    """Whether a record belongs to one of the releases; what belongs to none (the source, a list) is kept."""
    if isinstance(entry, Problem):
        return False
    for kind, release_of in _RELEASES.items():
        if isinstance(entry, kind):
            return release_of(entry, profile) in span
    series = getattr(entry, "series", None)
    return series is None or profile.release_names.get(str(series).lower(), "") in span


def _of_commit(entry: CommitRecord, profile: Profile) -> str:
    return profile.release_of_version(entry.version) if entry.version else profile.cycle_at(entry.merged)


def _of_tag(entry: TagRecord, profile: Profile) -> str:
    named = profile.release_names.get(entry.release.lower(), "")
    return named or profile.release_of_version(entry.name)


def _of_spec(entry: SpecRecord, profile: Profile) -> str:
    return profile.release_names.get(entry.release.lower(), "")


_RELEASES: dict[type, Callable[[Any, Profile], str]] = {
    CommitRecord: _of_commit,
    TagRecord: _of_tag,
    SpecRecord: _of_spec,
}
