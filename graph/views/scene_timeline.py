"""A scene → a timeline: a row per feature, its reports, decisions and patches, its slips as arrows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from graph.views.models import Feature, Mark, Release, SlipArrow, Timeline
from graph.views.scene_patches import merged_marks
from graph.views.scene_words import slip_class
from graph.views.scenes import Row, Scene, community, in_range, merged


@dataclass(frozen=True)
class Choice:
    """What a timeline is limited to, as IRIs: things (none: all features), a release, a person ("": any)."""

    things: tuple[str, ...] = ()
    release: str = ""
    person: str = ""


def timeline_scene(scene: Scene, choice: Choice, title: str) -> Timeline:
    """The timeline of a scene: rows with reports first, then what only slipped; what moved last before the rest.

    What was chosen by name has a row in any case; patches that only a repository knows make none by themselves.
    """
    rows = _chosen(scene, choice)
    found = (*_reports(scene, choice), *_decisions(scene, choice), *_patches(scene, choice))
    marks = [mark for mark in found if mark.feature in rows]
    slips = [slip for slip in _slips(scene, choice) if slip.feature in rows]
    kept = _in_order(scene, rows if choice.things else (), marks, slips)
    marks += merged_marks(scene, kept, lambda date: _in_cycle(scene, choice, date))
    features = tuple(Feature(key, scene.subjects[key].label) for key in kept)
    marks.sort(key=lambda m: (m.date, m.source, m.line))
    releases = _releases(scene, features, marks, slips, choice)
    title = _title(scene, title, marks, slips)
    return Timeline(features, tuple(marks), releases, tuple(slips), scene.lang, title)


def _in_order(scene: Scene, named: Collection[str], marks: list[Mark], slips: list[SlipArrow]) -> list[str]:
    """Keys of what is named or spoken of, by what is on record: reports, other words of notes, slips, nothing."""
    reported, spoken = {m.feature for m in marks if m.kind == "report"}, {m.feature for m in marks}
    last: dict[str, str] = dict.fromkeys(named, "")
    for key, day in [*_days(marks, []), *((s.feature, s.date) for s in slips if s.feature not in spoken)]:
        last[key] = max(day, last.get(key, ""))
    kept = sorted(last, key=lambda key: scene.subjects[key].label)
    return sorted(kept, key=lambda key: (key in reported, key in spoken, last[key]), reverse=True)


def _days(marks: list[Mark], slips: list[SlipArrow]) -> list[tuple[str, str]]:
    """Pairs of a feature's key and a day on which something was said of it."""
    return [(m.feature, m.date) for m in marks] + [(s.feature, s.date) for s in slips if s.date]


def _chosen(scene: Scene, choice: Choice) -> Collection[str]:
    """Keys of the subjects that get a row."""
    if choice.things:
        rows = list(dict.fromkeys(scene.heads[thing] for thing in choice.things if thing in scene.heads))
    else:
        rows = [key for key, subject in scene.subjects.items() if subject.kind == "feature"]
    taking_part = _of_person(scene, choice.person) if choice.person else set(rows)
    return [key for key in rows if key in taking_part]


def _of_person(scene: Scene, person: str) -> set[str]:
    """Subjects that somebody speaks of, works on, reports on or is to do something for."""
    said, names = (*scene.rows["reports"], *scene.rows["decisions"]), scene.spoken(person)
    found = {scene.subject_of(row) for row in said if row["person"] in names}
    for row in scene.rows["mentions"]:
        if row["target"] in names:
            found.update(scene.subjects_of_items.get(row["item"], ()))
    found |= {scene.heads.get(row["other"], "") for row in scene.rows["links"] if row["one"] in names}
    return found - {""}


def _in_cycle(scene: Scene, choice: Choice, date: str) -> bool:
    release = scene.releases.get(choice.release)
    if release is None:
        return not choice.release
    return bool(date) and in_range(date, release.start, release.ship)


def _slug(scene: Scene, iri: str) -> str:
    release = scene.releases.get(iri)
    return release.slug if release is not None else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _mark(
    key: str, row: Row, kind: str, text: str, *, status: str = "", part: str = "", release: str = ""
) -> Mark:
    place = row["quote"], row["source"], int(row["line"] or 0)
    return Mark(key, row["date"], kind, status, part, release, text, *place)


def _reports(scene: Scene, choice: Choice) -> Iterator[Mark]:
    """Reports of a release are those that name it and those given while it was made."""
    keys = {row["thing"]: row["key"] for row in scene.rows["tracked"]}
    seen: set[tuple[str, str]] = set()
    for row in scene.rows["reports"]:
        key = scene.subject_of(row)
        if not key or (row["report"], key) in seen:
            continue
        if choice.release and choice.release not in (row["release"], row["cycle"]):
            continue
        seen.add((row["report"], key))
        text = _joined(keys.get(row["patch"], ""), keys.get(row["bug"], ""), row["key"])
        release = _slug(scene, row["release"])
        yield _mark(key, row, "report", text, status=row["status"], part=row["part"], release=release)


def _decisions(scene: Scene, choice: Choice) -> Iterator[Mark]:
    seen: set[tuple[str, str]] = set()
    for row in scene.rows["decisions"]:
        key = scene.subject_of(row)
        if key and (row["decision"], key) not in seen and _in_cycle(scene, choice, row["date"]):
            seen.add((row["decision"], key))
            yield _mark(key, row, "decision", _joined(row["key"], row["about"]))


def _patches(scene: Scene, choice: Choice) -> Iterator[Mark]:
    """A patch named on a day, once, and not where a report of that day speaks of it."""
    titles = {row["thing"]: row["title"] for row in reversed(scene.rows["tracked"])}
    seen = {(scene.subject_of(row), row["date"], row["patch"]) for row in scene.rows["reports"]}
    for row in scene.rows["mentions"]:
        if row["kind"] != "patch" or not _in_cycle(scene, choice, row["date"]):
            continue
        for key in scene.subjects_of_items.get(row["item"], ()):
            if (key, row["date"], row["target"]) not in seen:
                seen.add((key, row["date"], row["target"]))
                yield _mark(key, row, "patch", _joined(row["key"], titles.get(row["target"], "")))


def best_witness(rows: list[Row]) -> Row:
    """The row that says a slip most plainly: it names the release moved to, or is `deferred`, or the last."""
    return max(rows, key=lambda row: (row["named"] == row["to"], row["status"] == "deferred", row["date"]))


def _slips(scene: Scene, choice: Choice) -> Iterator[SlipArrow]:
    for first, rows in merged(scene.rows["slips"], "slip"):
        row, key = best_witness(rows), scene.subject_of(first)
        if not key or choice.release not in ("", first["from"], first["to"]):
            continue
        source = scene.releases.get(first["from"])
        date = row["date"] or (source.ship if source is not None else "")
        pair = _slug(scene, first["from"]), _slug(scene, first["to"])
        kind = slip_class(first["class"], scene.lang)
        yield SlipArrow(key, *pair, kind, date, row["quote"], row["source"], int(row["line"] or 0))


def _releases(
    scene: Scene, features: tuple[Feature, ...], marks: list[Mark], slips: list[SlipArrow], choice: Choice
) -> tuple[Release, ...]:
    """The cycles that overlap what is shown, the releases that slips speak of, and the one asked for."""
    said = [day for _, day in _days(marks, slips)]
    first, last = min(said, default=""), max(said, default="")
    named = {slug for s in slips for slug in (s.from_release, s.to_release)}
    homes = {community(feature.key) for feature in features}
    return tuple(
        release
        for iri, release in scene.releases.items()
        if community(iri) in homes
        and (release.slug in named or iri == choice.release or _overlaps(release, first, last))
    )


def _overlaps(release: Release, first: str, last: str) -> bool:
    return bool(first and release.start and release.ship) and release.start <= last and release.ship >= first


def _title(scene: Scene, title: str, marks: list[Mark], slips: list[SlipArrow]) -> str:
    days = [day for _, day in _days(marks, slips)]
    head = scene.say("How the features went", "特性进展")
    if not days:
        return _joined(head, title)
    first, last = min(days), max(days)
    span = first if first == last else scene.say(f"{first} to {last}", f"{first} 至 {last}")
    return _joined(head, title, span)
