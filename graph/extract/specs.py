"""What the words around a spec say of releases: its trailers, and what in them cannot be so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.errors import Problem
from graph.profile import Profile
from graph.records import SpecChange, SpecRecord

_NAME = re.compile(r"\w+(?:\.\d+)?")
_LIST = re.compile(r"[\w.]+(?:\s*(?:,|and|&)\s*[\w.]+)*[.\s]*")
_SAME = 100  # of 100: no word was changed
_JOINING = frozenset({"and"})


def named_releases(words: str, profile: Profile) -> list[str]:
    """Slugs of the releases that words name, in their order; numbers and letters alone are no names here."""
    found = (profile.release_names.get(word.lower(), "") for word in _NAME.findall(words) if len(word) > 2)
    return list(dict.fromkeys(slug for slug in found if slug))


def release_of(spec: SpecRecord, profile: Profile) -> str:
    """Slug of a spec's release; the folder's own name where the profile does not know it, empty for none."""
    return profile.release_names.get(spec.release.lower(), spec.release.lower())


def entry(spec: SpecRecord) -> SpecChange | None:
    """The change that first brought a spec to its place."""
    return next((change for change in spec.changes if change.path), None)


def came(change: SpecChange, profile: Profile) -> str:
    """How a spec came into a place: `added`, there or to this release, `changed` or just `moved`, or `removed`."""
    if not change.path:
        return "removed"
    new, old = profile.specs.spot(change.path), profile.specs.spot(change.before)
    if not change.before or (new and old and new.release != old.release):
        return "added"
    return "moved" if change.similar == _SAME else "changed"


def edits(spec: SpecRecord) -> tuple[SpecChange, ...]:
    """Changes of its words in place."""
    found = (*spec.edits, *(change for change in spec.changes if change.path == change.before))
    return tuple(sorted(found, key=lambda change: change.date))


def _trailers(spec: SpecRecord, profile: Profile) -> Iterator[tuple[SpecChange, str, str]]:
    """Change, line and words of every trailer about earlier approval, in the messages that brought a spec."""
    regex = profile.specs.regex("previously")
    for change in spec.changes:
        for _, line in change.lines:
            if change.path and (match := regex.search(line)) and match[1]:
                yield change, line, match[1]


def claimed(spec: SpecRecord, profile: Profile) -> tuple[str, ...]:
    """Releases that trailers say to have approved a spec before, in their order."""
    found = {slug for _, _, words in _trailers(spec, profile) for slug in named_releases(words, profile)}
    return tuple(sorted(found, key=profile.ordinal))


def doubts(spec: SpecRecord, profile: Profile, source: str) -> Iterator[Problem]:
    """Trailers that cannot be right: of the spec's own release, of a later one, or of none that is known."""
    here = profile.ordinal(release_of(spec, profile))
    for change, line, words in _trailers(spec, profile):
        where = f"commit {change.sha[:12]} on {spec.path}"
        wrong = [slug for slug in named_releases(words, profile) if here and profile.ordinal(slug) >= here]
        if wrong:
            what = f"{where} says that {', '.join(wrong)} approved it before, but it is of {release_of(spec, profile)}"
            yield Problem(source, 0, "odd", what, line, "it is kept as written and decides nothing")
        if _LIST.fullmatch(words) and (unknown := _unknown(words, profile)):
            what = f"{where} says that {', '.join(unknown)} approved it before, which is no release"
            yield Problem(source, 0, "odd", what, line, "it is kept as written and decides nothing")


def _unknown(words: str, profile: Profile) -> list[str]:
    names = (word for word in _NAME.findall(words) if word.lower() not in _JOINING)
    return [word for word in names if word.lower() not in profile.release_names]
