"""How a community keeps its specs: where they lie, how they link, what people write when one takes up another.

[specs]
suffix = "-specs"           a repository X-specs belongs to the project X
redirects = '…'             paths of files that say where a moved spec is now
skip = '…'                  names of files that are no spec (templates)
blueprint = '…'             one group: the slug that a link near the head names
previously = '…'            one group: the words of a trailer that name earlier releases
takes-up = ['…']            what stands before the name of a spec that is taken up
again = ['…']               a line that says that a spec comes again
narrows = ['…']             a line that says that a spec was cut down to what was done
[[specs.place]]             pattern with the groups `slug` and, where they are told, `release` and `state`;
                            else state = "…"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import re2

from graph.errors import KgError

_GROUPS = frozenset({"slug", "release", "state"})


@dataclass(frozen=True)
class Spot:
    """Where a path says a spec stands: its release's folder (empty for none), its state, its name in lower case."""

    release: str
    state: str
    slug: str


@dataclass(frozen=True)
class SpecPlace:
    """A shape of path; `state` where the path itself does not tell."""

    pattern: str
    state: str = ""

    @cached_property
    def regex(self) -> Any:  # noqa: ANN401 - re2 ships no types
        """The compiled pattern."""
        return re2.compile(self.pattern)

    def spot(self, path: str) -> Spot | None:
        """What a path says, or None when it has another shape."""
        match = self.regex.fullmatch(path)
        if not match:
            return None
        found = match.groupdict()
        slug, release = (found.get(name) or "" for name in ("slug", "release"))
        return Spot(release, found.get("state") or self.state, slug.lower())


@dataclass(frozen=True)
class SpecWays:
    """The `[specs]` section of a profile; without one, nothing is a spec."""

    places: tuple[SpecPlace, ...] = ()
    suffix: str = ""
    redirects: str = ""
    skip: str = ""
    blueprint: str = ""
    previously: str = ""
    takes_up: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    narrows: tuple[str, ...] = ()

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        rows = {"takes_up": self.takes_up, "narrows": self.narrows, "telling": self._telling}
        rows |= {key: (getattr(self, key),) for key in ("redirects", "skip", "blueprint", "previously")}
        return {key: re2.compile(_either(patterns)) for key, patterns in rows.items()}

    @property
    def _telling(self) -> tuple[str, ...]:
        return (self.blueprint, self.previously, *self.takes_up, *self.again, *self.narrows)

    def regex(self, name: str) -> Any:  # noqa: ANN401 - re2 ships no types
        """A compiled pattern by its field; `telling` is whatever of a commit message is worth keeping."""
        return self._compiled[name]

    def spot(self, path: str) -> Spot | None:
        """What a path says of the spec in it; None for what is no spec."""
        name = path.rpartition("/")[2].rpartition(".")[0]
        if self.skip and self.regex("skip").fullmatch(name):
            return None
        return next((spot for place in self.places if (spot := place.spot(path))), None)


def _either(patterns: tuple[str, ...]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns if pattern) or r"[^\s\S]"


def _checked(pattern: object, groups: int | None, place: str) -> str:
    """A pattern that compiles and has so many groups (None: any)."""
    try:
        found = re2.compile(str(pattern)).groups
    except re2.error as error:
        raise KgError(
            f"[specs] pattern {pattern!r}: {error}", place=place, hint="patterns are RE2"
        ) from error
    if groups is not None and found != groups:
        hint = "mark the key only" if groups else "use (?:…), which marks nothing"
        raise KgError(f"[specs] pattern {pattern!r} has {found} groups", place=place, hint=hint)
    return str(pattern)


def _place(row: Mapping[str, Any], place: str) -> SpecPlace:
    pattern, state = _checked(row.get("pattern", ""), None, place), str(row.get("state", ""))
    names = set(re2.compile(pattern).groupindex)
    if "slug" not in names or names - _GROUPS or not (state or "state" in names):
        what = f"[[specs.place]] pattern {pattern!r} has the groups {', '.join(sorted(names)) or 'none'}"
        raise KgError(
            what, place=place, hint="name (?P<slug>…), (?P<release>…), and (?P<state>…) or state = "
        )
    return SpecPlace(pattern, state)


def _patterns(value: object, name: str, place: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise KgError(f"[specs] {name} is no list", place=place, hint="write it like ['…', '…']")
    return tuple(_checked(pattern, 0, place) for pattern in value)


def parse(section: object, place: str) -> SpecWays:
    """The section of a profile. Raises KgError with the place of what is wrong."""
    if not isinstance(section, dict):
        raise KgError("[specs] is no section", place=place, hint="write [specs] on a line of its own")
    rows = section.get("place", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise KgError("[specs] place is no list of sections", place=place, hint="write [[specs.place]]")
    return SpecWays(
        places=tuple(_place(row, place) for row in rows),
        suffix=str(section.get("suffix", "")),
        redirects=_checked(section.get("redirects", ""), 0, place),
        skip=_checked(section.get("skip", ""), 0, place),
        blueprint=_checked(section["blueprint"], 1, place) if "blueprint" in section else "",
        previously=_checked(section["previously"], 1, place) if "previously" in section else "",
        takes_up=_patterns(section.get("takes-up", []), "takes-up", place),
        again=_patterns(section.get("again", []), "again", place),
        narrows=_patterns(section.get("narrows", []), "narrows", place),
    )
