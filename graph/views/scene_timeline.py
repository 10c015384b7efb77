"""A scene → a timeline: a row per feature, what was promised, said and merged of it, and its slips as arrows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from graph.errors import UsageFault
from graph.terms import keys_of
from graph.views.models import Feature, Landing, Mark, Promise, Release, SlipArrow, Timeline
from graph.views.scene_landings import landings, revert_marks, version_marks
from graph.views.scene_people import parts_of, taking_part
from graph.views.scene_promises import promises, spec_marks
from graph.views.scene_said import joined, said
from graph.views.scene_slips import best_witness, relatives, slips_of
from graph.views.scenes import Scene, community, in_range

IN_TITLE = 3  # features that a title names

__all__ = ["Choice", "best_witness", "story_of", "timeline_scene"]


@dataclass(frozen=True)
class Choice:
    """What a timeline is limited to: things (none: all features), a release and a person as IRIs ("": any), days.

    since and until are ISO dates, by as much as is known of them, "" for open.
    """

    things: tuple[str, ...] = ()
    release: str = ""
    person: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class _Found:
    """All that is on record of some rows."""

    promises: tuple[Promise, ...]
    landings: tuple[Landing, ...]
    marks: tuple[Mark, ...]
    slips: tuple[SlipArrow, ...]

    def days(self) -> Iterator[tuple[str, str]]:
        """Pairs of a row's key and a day on which something happened; a ship date alone is none."""
        yield from ((mark.feature, mark.date) for mark in self.marks)
        yield from ((landing.feature, landing.date) for landing in self.landings)
        yield from ((promise.feature, promise.begin) for promise in self.promises)

    def keys(self) -> set[str]:
        """Keys of the rows that anything is known of."""
        return {key for key, _ in self.days()} | {slip.feature for slip in self.slips}


def timeline_scene(scene: Scene, choice: Choice, title: str) -> Timeline:
    """The timeline of a scene; rows by what moved last, those of a story from the one asked for on.

    What was chosen by name has a row in any case, everything else only where something is on record.
    """
    _in_order(choice)
    story = story_of(scene, choice)
    rows = story or _chosen(scene, choice)
    found = _within(_found(scene, choice.release, frozenset(rows)), choice)
    features = _features(scene, found, story or _kept(scene, choice, rows, found), not story)
    releases = _releases(scene, features, found, choice)
    head = _named(scene, choice) or scene.say("How the features went", "特性进展")
    title = _title(scene, joined(head, title), found, choice.since)
    parts = features, found.marks, releases, found.slips, scene.lang, title
    return Timeline(*parts, found.promises, found.landings, bool(story))


def _in_order(choice: Choice) -> None:
    """Refuse days of which the later comes first; a month or a year holds its own days."""
    if choice.until and choice.since > choice.until and not choice.since.startswith(choice.until):
        what = f"the range is reversed: {choice.since} is later than {choice.until}"
        raise UsageFault(what, hint=f"begin with the earlier day: {choice.until} to {choice.since}")


def story_of(scene: Scene, choice: Choice) -> list[str]:
    """Keys of the rows of one feature's life: itself, and what it continues or became; none for another choice."""
    keys = {scene.heads[thing] for thing in choice.things if thing in scene.heads}
    if len(keys) != 1 or choice.release or choice.person:
        return []
    return [*keys, *(key for one in keys for key in relatives(scene, one))]


# ---- which rows


def _chosen(scene: Scene, choice: Choice) -> Collection[str]:
    """Keys of the subjects that may have a row: features, and whatever moved from one release to another."""
    if choice.things:
        rows = list(dict.fromkeys(scene.heads[thing] for thing in choice.things if thing in scene.heads))
    else:
        moved = {scene.subject_of(row) for row in scene.rows["slips"]}
        rows = [key for key, one in scene.subjects.items() if one.kind == "feature" or key in moved]
    part = parts_of(scene, choice.person) if choice.person else set(rows)
    return [key for key in rows if key in part]


def _kept(scene: Scene, choice: Choice, rows: Collection[str], found: _Found) -> list[str]:
    known = found.keys()
    return [key for key in rows if choice.things or key in known]


def _features(scene: Scene, found: _Found, keys: Collection[str], sort: bool) -> tuple[Feature, ...]:
    moved: dict[str, str] = defaultdict(str)
    for key, day in found.days():
        moved[key] = max(moved[key], day)
    groups, people = _groups(scene, found.promises), taking_part(scene, frozenset(keys))
    features = [
        Feature(key, one.label, one.slugs, groups.get(key, ""), moved[key], people.get(key, ()))
        for key, one in ((key, scene.subjects[key]) for key in keys)
    ]
    if sort:
        features.sort(key=lambda one: (one.label, one.key))
        features.sort(key=lambda one: one.moved, reverse=True)
    return tuple(features)


def _groups(scene: Scene, found: Iterable[Promise]) -> dict[str, str]:
    """Key of a row → the last release, in their order, that it was promised for."""
    order = {release.slug: at for at, release in enumerate(scene.releases.values())}
    groups: dict[str, str] = {}
    for one in found:
        groups[one.feature] = max(
            groups.get(one.feature, one.release), one.release, key=lambda s: order.get(s, -1)
        )
    return groups


# ---- what is in them


def _found(scene: Scene, release: str, keys: Collection[str]) -> _Found:
    """Everything on record of some rows, each part by date."""
    marks = [
        mark
        for part in (said, spec_marks, version_marks, revert_marks)
        for mark in part(scene, release)
        if mark.feature in keys
    ]
    marks.sort(key=lambda m: (m.date, m.source, m.line, m.feature, m.kind))
    slips = [slip for slip in slips_of(scene, release) if slip.feature in keys]
    promised = [one for one in promises(scene, release) if one.feature in keys]
    promised.sort(key=lambda one: (one.begin, one.feature, one.release))
    merged = [one for one in landings(scene, release) if one.feature in keys]
    return _Found(tuple(promised), tuple(merged), tuple(marks), tuple(slips))


def _within(found: _Found, choice: Choice) -> _Found:
    """Only what is dated in a range; a promise is while any day from its begin to its end is."""
    since, until = choice.since, choice.until
    if not since and not until:
        return found
    return _Found(
        tuple(p for p in found.promises if in_range(p.begin, "", until) and in_range(p.end, since, "")),
        tuple(one for one in found.landings if in_range(one.date, since, until)),
        tuple(one for one in found.marks if in_range(one.date, since, until)),
        tuple(one for one in found.slips if in_range(one.date, since, until)),
    )


# ---- around them


def _releases(
    scene: Scene, features: tuple[Feature, ...], found: _Found, choice: Choice
) -> tuple[Release, ...]:
    """The cycles that overlap what is shown, the releases that it speaks of, and the one asked for."""
    days = [day for _, day in found.days() if day] + [slip.date for slip in found.slips if slip.date]
    first, last = min(days, default=""), max(days, default="")
    named = {slug for s in found.slips for slug in (s.from_release, s.to_release)}
    named |= {one.release for one in found.promises} | {one.release for one in found.landings}
    homes = {community(feature.key) for feature in features}
    plans = _milestones(scene, features)
    return tuple(
        replace(release, milestones=tuple(plans.get(iri, ())))
        for iri, release in scene.releases.items()
        if community(iri) in homes
        and (release.slug in named or iri == choice.release or _overlaps(release, first, last))
    )


def _milestones(scene: Scene, features: tuple[Feature, ...]) -> dict[str, dict[tuple[str, str], None]]:
    """IRI of a release → days and names of its milestones; of a project's own, only where one of its features is."""
    projects = {keys[2] for feature in features if len(keys := keys_of(feature.key)) > 3}
    found: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for row in scene.rows["milestones"]:
        if row["date"] and (not row["project"] or row["project"] in projects):
            found[row["release"]][row["date"], row["name"]] = None
    return found


def _overlaps(release: Release, first: str, last: str) -> bool:
    return bool(first and release.start and release.ship) and release.start <= last and release.ship >= first


def _named(scene: Scene, choice: Choice) -> str:
    """The labels of what was chosen by name, as far as they fit a title."""
    keys = dict.fromkeys(scene.heads[thing] for thing in choice.things if thing in scene.heads)
    labels = [scene.subjects[key].label for key in keys]
    return ", ".join(labels[:IN_TITLE]) + (" …" if len(labels) > IN_TITLE else "")


def _title(scene: Scene, title: str, found: _Found, since: str) -> str:
    days = [max(day, since) for _, day in found.days() if day]
    if not days:
        return title
    first, last = min(days), max(days)
    span = first if first == last else scene.say(f"{first} to {last}", f"{first} 至 {last}")
    return joined(title, span)
