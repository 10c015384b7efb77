"""A community's ways with its release schedules, as a profile's [schedule] says them.

    series, deliverables, weeks, texts    where the files lie: patterns of whole paths below the source, whose groups
                                          are the series, and for deliverables the project too
    deadline      the day of the week on which deadlines fall
    lasting       words in the title of what lasts (a gathering): its first day counts
    stated        patterns around {date}: sentences that say the day of a thing, where its week says another
    ship, freeze  which of the milestones are the release itself, and the feature freeze
    names         title without the release's name → name of the milestone

Patterns run on RE2. Without the section no place is taken for release files.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import re2

from graph.errors import KgError

PATHS: Final = {"series": 0, "deliverables": 2, "weeks": 1, "texts": 1}  # key → groups of its pattern
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOLE: Final = "\N{WHITE SQUARE}"  # stands for a date in a text whose dates were found already


@dataclass(frozen=True)
class ScheduleShape:
    """The section as read; `deadline` counts from Monday = 0, `names` are pairs in the file's order."""

    series: str = ""
    deliverables: str = ""
    weeks: str = ""
    texts: str = ""
    deadline: int = 4
    ship: str = ""
    freeze: str = ""
    lasting: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _paths(self) -> dict[str, Any]:
        return {key: re2.compile(getattr(self, key)) for key in PATHS if getattr(self, key)}

    def kind(self, path: str) -> tuple[str, tuple[str, ...]]:
        """What a path below the source holds, a key of PATHS, and the groups of its pattern; empty where nothing."""
        for key, pattern in self._paths.items():
            match = pattern.fullmatch(path)
            if match:
                return key, tuple(group or "" for group in match.groups())
        return "", ()

    @cached_property
    def roots(self) -> frozenset[str]:
        """First parts of the paths, as far as the patterns spell them out; "." where one of them does not."""
        heads = (
            getattr(self, key).lstrip("^").split("/")[0].replace("\\.", ".").rstrip("$") for key in PATHS
        )
        return frozenset("." if set(head) & set("[](){}*+?|^\\") else head for head in heads if head)

    @cached_property
    def states(self) -> tuple[Any, ...]:
        """The patterns of `stated`, for texts whose dates are HOLEs; the group is the date's."""
        return tuple(re2.compile(text.replace("{date}", f"({HOLE})")) for text in self.stated)


def parse(data: object, place: str) -> ScheduleShape:
    """The section of a profile. Raises KgError, with the place, for a value that cannot be used."""
    if not isinstance(data, dict):
        raise KgError(
            "[schedule] is no table", place=place, hint='write [schedule] and below it key = "value"'
        )
    paths = {key: _pattern(key, data.get(key, ""), groups, place) for key, groups in PATHS.items()}
    day = str(data.get("deadline", "friday")).lower()
    if day not in WEEKDAYS:
        raise KgError(f"deadline {day!r} is no day", place=place, hint=f"it is one of {', '.join(WEEKDAYS)}")
    stated = _strings("stated", data.get("stated", []), place)
    for text in stated:
        _checked("stated", text.replace("{date}", f"({HOLE})"), 1, place)
    names = data.get("names", {})
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise KgError(
            "[schedule.names] is no table of names", place=place, hint='write "title" = "milestone"'
        )
    lasting = _strings("lasting", data.get("lasting", []), place)
    return ScheduleShape(
        **paths,
        deadline=WEEKDAYS.index(day),
        ship=str(data.get("ship", "")),
        freeze=str(data.get("freeze", "")),
        lasting=lasting,
        stated=stated,
        names=tuple(names.items()),
    )


def _strings(key: str, value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise KgError(f"{key} of [schedule] is no list of strings", place=place, hint='write ["a", "b"]')
    return tuple(value)


def _pattern(key: str, value: object, groups: int, place: str) -> str:
    if not isinstance(value, str):
        raise KgError(f"{key} of [schedule] is no string", place=place, hint="patterns stand in '…'")
    return _checked(key, value, groups, place) if value else ""


def _checked(key: str, value: str, groups: int, place: str) -> str:
    try:
        found = re2.compile(value).groups
    except re2.error as error:
        raise KgError(
            f"{key} of [schedule], {value!r}: {error}", place=place, hint="patterns are RE2"
        ) from error
    if found != groups:
        hint = "the groups are the series and, for deliverables, the project; in `stated` write {date} once"
        raise KgError(f"{key} of [schedule] has {found} groups, not {groups}", place=place, hint=hint)
    return value
