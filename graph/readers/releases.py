"""Release files: the series in order, the versions of each deliverable, the weeks of each cycle and what they mean.

    data/series_status.yaml                  - name: queens              newest first
                                               initial-release: 2018-02-28
                                               eol-date: 2023-01-18
    deliverables/queens/nova.yaml            releases:
                                             - version: 17.0.0.0b1       oldest first
    doc/source/queens/schedule.yaml          cycle:
                                             - name: R-5
                                               start: '2018-01-22'
                                               x-project: [q-ff]
    doc/source/queens/schedule.rst           .. _q-ff:
                                             Feature freeze
                                             --------------

Where the files lie is the profile's to say (its [schedule] section). Older schedules have their weeks in a table of
the text. What a key or a date means is the extractor's business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from graph import profile as profiles
from graph.errors import KgError, Problem
from graph.profile import Profile
from graph.profile_schedule import ScheduleShape
from graph.readers import rst_sections, safeyaml, trees
from graph.readers.safeyaml import Node
from graph.records import (
    CycleRecord,
    DeliveredRecord,
    SectionRecord,
    SeriesRecord,
    SourceRecord,
    WeekEvent,
    WeekRecord,
)

NAME: Final = "releases"
VERSION: Final = "1"
_LOOKED_AT: Final = 20  # files looked into before a place is said to be something else
Entry = SourceRecord | SeriesRecord | DeliveredRecord | CycleRecord | WeekRecord | SectionRecord | Problem


def sniff(path: Path, profile: Profile | None = None) -> bool:
    """Whether a folder, a repository or a single file holds release files. Cheap, and never raises."""
    try:
        shape = (profile or profiles.load()).schedule
        if path.is_dir() and not trees.has_roots(path, shape.roots):
            return False
        files = _files(path, shape) if path.is_dir() else {path.name: _alone(path)}
        few = [name for name, (kind, _) in files.items() if kind not in ("", "texts")][:_LOOKED_AT]
        place = path if path.is_dir() else path.parent
        return any(
            _fits(files[name][0], data) for name, data in trees.contents(place, few, safeyaml.MAX_BYTES)
        )
    except (KgError, OSError, ValueError):
        return False


Kind = tuple[str, tuple[str, ...]]


def _files(path: Path, shape: ScheduleShape) -> dict[str, Kind]:
    """Files by path below the source that a pattern of the profile knows, in order."""
    return {name: known for name in trees.names(path, shape.roots) if (known := shape.kind(name))[0]}


def _alone(path: Path) -> Kind:
    """What a file given by itself holds, by its keys; the folder it lies in is its series."""
    if path.suffix not in (".yaml", ".yml"):
        return "", ()
    data = trees.one(path, safeyaml.MAX_BYTES)
    root = safeyaml.load(data, "") if data else None
    if not isinstance(root, Node):
        return "", ()
    series = path.absolute().parent.name
    known: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("series", ()),
        ("deliverables", (series, path.stem)),
        ("weeks", (series,)),
    )
    return next((row for row in known if _looks(row[0], root)), ("", ()))


def _fits(kind: str, data: bytes | None) -> bool:
    root = safeyaml.load(data, "") if data else None
    return isinstance(root, Node) and _looks(kind, root)


def _looks(kind: str, root: Node) -> bool:
    """Whether a file has the keys of its kind."""
    if kind == "series":
        rows = root.items()
        return bool(rows) and all(row.text("name") and row.text("status") for row in rows)
    if kind == "deliverables":
        rows = root.get("releases").items()
        return bool(rows) and all(row.text("version") and row.get("projects").items() for row in rows)
    return kind == "weeks" and any(row.text("start") and row.text("end") for row in root.get("cycle").items())


# --- reading --------------------------------------------------------------------------------------------------


def read(path: Path, source: str, profile: Profile) -> Iterator[Entry]:
    """The source, then the records of its files in the order of their paths. Raises KgError where nothing can be read.

    A file that cannot be read is a problem with its own path; the others go on.
    """
    alone = path.is_file()
    files = {path.name: _alone(path)} if alone else _files(path, profile.schedule)
    if not any(kind for kind, _ in files.values()):
        raise KgError(
            "it holds no release files", place=source, hint="the profile's [schedule] says where they lie"
        )
    found = dict(trees.contents(path.parent if alone else path, sorted(files), safeyaml.MAX_BYTES))
    digest, lines = hashlib.sha256(), 0
    for name, data in found.items():
        digest.update(name.encode("utf-8", "replace") + b"\0" + hashlib.sha256(data or b"").digest())
        lines += (data or b"").count(b"\n")
    yield SourceRecord(NAME, source, digest.hexdigest(), profile.project, (("lines", str(lines)),))
    for name, (kind, groups) in files.items():
        yield from _file(kind, groups, "" if alone else name, found[name], source)


def _file(kind: str, groups: tuple[str, ...], name: str, data: bytes | None, source: str) -> Iterator[Entry]:
    place = f"{source}/{name}" if name else source
    if data is None:
        what = f"it cannot be read, or has more than {safeyaml.MAX_BYTES:,} bytes"
        yield Problem(place, 0, "refused", what, hint="release files are small")
    elif kind == "texts":
        yield from rst_sections.read(name, groups[0], data, place)
    else:
        root = safeyaml.load(data, place)
        yield from [root] if isinstance(root, Problem) else _YAML[kind](root, name, groups, place)


def _odd(place: str, line: int, what: str, quote: str = "", hint: str = "") -> Problem:
    return Problem(place, line, "unread", what, quote, hint or "see how the other files write it")


def _series(root: Node, name: str, _: tuple[str, ...], place: str) -> Iterator[Entry]:
    if not root.items():
        yield _odd(place, root.line, "it is no list of releases")
    for row in root.items():
        title = row.text("name")
        if not title:
            yield _odd(place, row.line, "an entry without a name")
            continue
        line, number, status = row.get("name").line, row.text("release-id"), row.text("status")
        then = row.get("next-phase")
        turns = (row.text("eol-date"), then.text("status"), then.text("date"))
        yield SeriesRecord(name, line, title, number, status, row.text("initial-release"), *turns)


def _delivered(root: Node, name: str, groups: tuple[str, ...], place: str) -> Iterator[Entry]:
    series, stem = groups
    if not isinstance(root.value, dict):
        yield _odd(place, root.line, "it is no table of keys")
    for nth, row in enumerate(root.get("releases").items(), 1):
        version = row.get("version")
        if not version.text():
            yield _odd(place, row.line, "a release without a version")
            continue
        first = next(iter(row.get("projects").items()), row)
        project = first.text("repo").rsplit("/", 1)[-1] or stem
        yield DeliveredRecord(name, version.line, series, project, version.text(), first.text("hash"), nth)


def _weeks(root: Node, name: str, groups: tuple[str, ...], place: str) -> Iterator[Entry]:
    starts, ships = root.get("start-week"), root.get("release-week")
    yield CycleRecord(name, groups[0], starts.text(), starts.line, ships.text(), ships.line)
    if not root.get("cycle").items():
        yield _odd(place, root.line, "it lists no weeks")
    for row in root.get("cycle").items():
        events = (*_events(row, "x-project", False), *_events(row, "project-specific", True))
        days = (row.text("start"), row.text("end"))
        if not all(days):
            yield _odd(place, row.line, "a week without its first or its last day")
            continue
        yield WeekRecord(name, row.line, groups[0], row.text("name"), *days, "", events)


def _events(row: Node, key: str, project: bool) -> list[WeekEvent]:
    return [WeekEvent(node.text(), node.line, project) for node in row.get(key).items() if node.text()]


_YAML: Final = {"series": _series, "deliverables": _delivered, "weeks": _weeks}
