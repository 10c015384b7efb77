"""A community's ways: the shapes of its references, its releases in order, its projects. All data, from TOML.

    [community]            name, title, project (the default one), projects
    [[reference]]          kind = "patch" | "bug" | "feature" | "post"; pattern with one group: the key;
                           place = "url" (matched against whole links) or "text"
    [url]                  patch = "https://…/{key}" and so on: where a key can be looked at
    [[release]]            name, title, aliases, start, freeze, ship; in order, oldest first
    [[milestone]]          kind, words
    [commits]              tags, trailers and branches of its repositories (see `profile_commits`)
    [specs]                where specs lie (see `profile_specs`)
    [schedule]             release files and their habits: see `profile_schedule`
    [link.words]           what words stand for (see `profile_link`)

Patterns run on RE2, whose time is linear whatever the text: a profile may come with a stranger's folder.
"""

from __future__ import annotations

import datetime
import functools
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import re2

from graph import profile_commits, profile_link, profile_schedule, profile_specs
from graph.errors import KgError
from graph.profile_commits import CommitWays
from graph.profile_schedule import ScheduleShape
from graph.profile_specs import SpecWays

PROFILE_NAME = "community.toml"
PLACES = ("url", "text")
REFERENCE_KINDS = ("patch", "bug", "feature", "post")


@dataclass(frozen=True)
class Reference:
    """One way of writing a reference; `pattern` has exactly one group, the key."""

    kind: str
    place: str
    pattern: str

    @cached_property
    def regex(self) -> Any:  # noqa: ANN401 - re2 ships no types
        """The compiled pattern."""
        return re2.compile(self.pattern)


@dataclass(frozen=True)
class ReleaseInfo:
    """A release: slug, title, other names, and ISO dates of its cycle (empty where unknown)."""

    name: str
    title: str
    aliases: tuple[str, ...]
    start: str
    freeze: str
    ship: str


@dataclass(frozen=True)
class Profile:
    """One community, read by `load`."""

    name: str
    title: str
    project: str
    projects: tuple[str, ...]
    references: tuple[Reference, ...]
    urls: dict[str, str]
    releases: tuple[ReleaseInfo, ...]
    milestones: tuple[tuple[str, tuple[str, ...]], ...]
    schedule: ScheduleShape = field(default_factory=ScheduleShape)
    specs: SpecWays = field(default_factory=SpecWays)
    commits: CommitWays = field(default_factory=CommitWays)
    link_words: tuple[tuple[str, str], ...] = ()
    place: str = field(default="", compare=False)

    @cached_property
    def release_names(self) -> dict[str, str]:
        """Every lower-case name and alias of a release → its slug."""
        names: dict[str, str] = {}
        for release in self.releases:
            for name in (release.name, release.title, *release.aliases):
                names.setdefault(name.lower(), release.name)
        return names

    def cycle_at(self, date: str) -> str:
        """Slug of the release under way on an ISO date: started, not yet shipped; empty where unknown."""
        for release in self.releases:
            if release.start and release.ship and release.start <= date < release.ship:
                return release.name
        return ""

    def ordinal(self, name: str) -> int:
        """Place of a release in the order (from 1), 0 where unknown."""
        order = [release.name for release in self.releases]
        return order.index(name) + 1 if name in order else 0

    def project_of(self, path: str) -> str:
        """The project that a source belongs to, by the last part of its path; the default one where that is none."""
        name = (
            path.rstrip("/").rpartition("/")[2].removesuffix(".git").removesuffix(self.specs.suffix or "\0")
        )
        return name if name in self.projects else self.project

    @cached_property
    def _openings(self) -> list[tuple[str, str]]:
        """Names that versions of a release begin with, longest first, with its slug."""
        names = [(name, slug) for name, slug in self.release_names.items() if len(name) > 1]
        return sorted(names, key=lambda pair: (-len(pair[0]), pair))

    def release_of_version(self, version: str) -> str:
        """Slug of the release whose name or alias a version begins with, empty where none does."""
        low = version.lower()
        for name, slug in self._openings:
            if low.startswith(name):
                rest, last = low[len(name) :], name[-1]
                goes_on = rest[:1].isdigit() if last.isdigit() else rest[:1].isalnum()
                if not goes_on:
                    return slug
        return ""

    def url(self, kind: str, key: str) -> str:
        """Live page of a key, or empty. A patch known by no number is looked for, where `url.change` says how."""
        found = self.urls.get("change", "") if kind == "patch" and not key.isdecimal() else ""
        return (found or self.urls.get(kind, "")).replace("{key}", key)


def _strings(value: object, what: str, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise KgError(f"{what} is no list of strings", place=place, hint='write it like ["a", "b"]')
    return tuple(value)


def _date(value: object, place: str) -> str:
    if value in (None, ""):
        return ""
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise KgError(f"{value!r} is no date", place=place, hint="write dates like 2018-01-25") from error


def _reference(row: dict[str, Any], place: str) -> Reference:
    kind, where = str(row.get("kind", "")), str(row.get("place", "text"))
    if kind not in REFERENCE_KINDS or where not in PLACES:
        hint = f"kind is one of {', '.join(REFERENCE_KINDS)}; place is one of {', '.join(PLACES)}"
        raise KgError(f"a [[reference]] has kind {kind!r} and place {where!r}", place=place, hint=hint)
    reference = Reference(kind, where, str(row.get("pattern", "")))
    try:
        groups = reference.regex.groups
    except re2.error as error:
        raise KgError(
            f"pattern {reference.pattern!r}: {error}", place=place, hint="patterns are RE2"
        ) from error
    if groups != 1:
        raise KgError(
            f"pattern {reference.pattern!r} has {groups} groups", place=place, hint="mark the key only"
        )
    return reference


def _release(row: dict[str, Any], place: str) -> ReleaseInfo:
    name = str(row.get("name", ""))
    if not name:
        raise KgError("a [[release]] has no name", place=place, hint='add name = "…"')
    aliases = _strings(row.get("aliases", []), f"aliases of {name}", place)
    dates = {key: _date(row.get(key), place) for key in ("start", "freeze", "ship")}
    return ReleaseInfo(name, str(row.get("title", name.title())), aliases, **dates)


def parse(text: str, place: str) -> Profile:
    """A profile from the text of its TOML file; `place` stands in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KgError(str(error), place=place, hint="mend the TOML") from error
    head = data.get("community", {})
    if not head.get("name"):
        raise KgError("no [community] name", place=place, hint='add [community] with name = "…"')
    return Profile(
        name=str(head["name"]),
        title=str(head.get("title", head["name"])),
        project=str(head.get("project", "")),
        projects=_strings(head.get("projects", []), "projects", place),
        references=tuple(_reference(row, place) for row in data.get("reference", [])),
        urls={str(k): str(v) for k, v in data.get("url", {}).items()},
        releases=tuple(_release(row, place) for row in data.get("release", [])),
        milestones=tuple(
            (str(row["kind"]), _strings(row.get("words", []), "words", place))
            for row in data.get("milestone", [])
        ),
        schedule=profile_schedule.parse(data.get("schedule", {}), place),
        specs=profile_specs.parse(data.get("specs", {}), place),
        commits=profile_commits.parse(data.get("commits", {}), place),
        link_words=profile_link.parse(data.get("link", {}), place),
        place=place,
    )


def load(folder: Path | None = None) -> Profile:
    """The profile a folder brings (`community.toml`), else OpenStack's."""
    if folder is not None and (folder / PROFILE_NAME).is_file():
        path = folder / PROFILE_NAME
        return parse(path.read_text(encoding="utf-8"), str(path))
    return _ours()


@functools.cache
def _ours() -> Profile:
    """OpenStack's, read once: a build asks for it at every turn."""
    shipped = resources.files("graph") / "profiles" / "openstack.toml"
    return parse(shipped.read_text(encoding="utf-8"), "profiles/openstack.toml")
