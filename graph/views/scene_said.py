"""What notes say of the features of a scene, as marks: reports, decisions, patches that they name."""

from __future__ import annotations

from collections.abc import Iterator

from graph.terms import keys_of
from graph.views.models import Mark
from graph.views.scenes import Row, Scene, in_range


def said(scene: Scene, release: str = "") -> Iterator[Mark]:
    """Reports, decisions and named patches of all subjects; of one release (IRI) where it is given."""
    yield from _reports(scene, release)
    yield from _decisions(scene, release)
    yield from _patches(scene, release)


def in_cycle(scene: Scene, release: str, date: str) -> bool:
    """Whether a day lies in the cycle of a release (IRI); any does for "", none for one that is not known."""
    found = scene.releases.get(release)
    if found is None:
        return not release
    return bool(date) and in_range(date, found.start, found.ship)


def joined(*parts: str) -> str:
    """The parts that are there, with a dot between them."""
    return " · ".join(part for part in parts if part)


def _mark(
    key: str, row: Row, kind: str, text: str, *, status: str = "", part: str = "", release: str = ""
) -> Mark:
    place = row["quote"], row["source"], int(row["line"] or 0)
    return Mark(key, row["date"], kind, status, part, release, text, *place)


def _tracked(iri: str) -> str:
    """The number or name that a patch or bug is known by."""
    return (keys_of(iri) or [""])[-1]


def _reports(scene: Scene, release: str) -> Iterator[Mark]:
    """Reports of a release are those that name it and those given while it was made."""
    seen: set[tuple[str, str]] = set()
    for row in scene.rows["reports"]:
        key = scene.subject_of(row)
        if not key or (row["report"], key) in seen:
            continue
        if release and release not in (row["release"], row["cycle"]):
            continue
        seen.add((row["report"], key))
        text = joined(_tracked(row["patch"]), _tracked(row["bug"]), row["key"])
        named = scene.slug(row["release"])
        yield _mark(key, row, "report", text, status=row["status"], part=row["part"], release=named)


def _decisions(scene: Scene, release: str) -> Iterator[Mark]:
    seen: set[tuple[str, str]] = set()
    for row in scene.rows["decisions"]:
        key = scene.subject_of(row)
        if key and (row["decision"], key) not in seen and in_cycle(scene, release, row["date"]):
            seen.add((row["decision"], key))
            yield _mark(key, row, "decision", joined(row["key"], row["about"]))


def _patches(scene: Scene, release: str) -> Iterator[Mark]:
    """A patch named on a day, once, and not where a report of that day speaks of it."""
    titles = {row["thing"]: row["title"] for row in reversed(scene.rows["titles"])}
    seen = {(scene.subject_of(row), row["date"], row["patch"]) for row in scene.rows["reports"]}
    for row in scene.rows["spoken"]:
        if row["kind"] != "patch" or not in_cycle(scene, release, row["date"]):
            continue
        for key in scene.subjects_of_items.get(row["item"], ()):
            if (key, row["date"], row["target"]) not in seen:
                seen.add((key, row["date"], row["target"]))
                yield _mark(key, row, "patch", joined(row["key"], titles.get(row["target"], "")))
