"""When the patches of a scene came onto their branches, and when a feature is first on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.terms import keys_of
from graph.views.axis import parse_day
from graph.views.models import Mark
from graph.views.scenes import Row, Scene

MOST_TITLES = 3
SHA = 12  # characters of a commit's hash that are shown
LONG = 2200  # days from which marks of single weeks would push each other aside


@dataclass(frozen=True)
class Merge:
    """A patch's first commit: day, the repository and the hash, and the patch's title."""

    date: str
    place: str
    title: str


def merges(scene: Scene) -> dict[str, Merge]:
    """IRI of a patch → its first commit; a review number is the patch whose Change-Id it carries."""
    titles = {row["thing"]: row["title"] for row in reversed(scene.rows["tracked"])}
    paths = {row["note"]: row["path"] for row in scene.rows["notes"]}
    found: dict[str, Merge] = {}
    for row in scene.rows["commits"]:
        place = f"{paths.get(row['note'], '')}:{keys_of(row['commit'])[-1][:SHA]}"
        found.setdefault(row["patch"], Merge(row["date"], place, titles.get(row["patch"], "")))
    for row in scene.rows["stands"]:
        if row["target"] in found:
            found[row["thing"]] = found[row["target"]]
    return found


def merges_of(scene: Scene) -> dict[str, list[Merge]]:
    """Key of a subject → first commits of the patches that it has, in order."""
    known = merges(scene)
    found: dict[str, dict[Merge, None]] = defaultdict(dict)
    for row in scene.rows["links"]:
        key = scene.heads.get(row["one"])
        if key is not None and row["link"] == "implementedBy" and row["other"] in known:
            found[key][known[row["other"]]] = None
    return {key: sorted(each, key=lambda one: (one.date, one.place)) for key, each in found.items()}


def first_days(scene: Scene) -> dict[str, str]:
    """Key of a subject → the first day that its specs, its patches or the notes have for it."""
    days = [(scene.subject_of(row), row["date"]) for row in (*scene.rows["specs"], *scene.rows["items"])]
    days += [(key, each[0].date) for key, each in merges_of(scene).items()]
    found: dict[str, str] = {}
    for key, day in days:
        found[key] = min(day, found.get(key, day))
    return found


def merged_marks(scene: Scene, rows: Iterable[str], holds: Callable[[str], bool]) -> Iterator[Mark]:
    """Merged patches of some subjects, on days that `holds`: one mark a week, or a month where they span long."""
    known = merges_of(scene)
    chosen = {key: [one for one in known.get(key, ()) if holds(one.date)] for key in rows}
    period = _period(chosen)
    for key, each in chosen.items():
        held: dict[tuple[int, ...], list[Merge]] = defaultdict(list)
        for one in each:
            held[period(one.date)].append(one)
        for group in held.values():
            yield _mark(scene, key, group)


def _period(chosen: Mapping[str, list[Merge]]) -> Callable[[str], tuple[int, ...]]:
    days = [day for each in chosen.values() for one in each if (day := parse_day(one.date)) is not None]
    long = bool(days) and (max(days) - min(days)).days > LONG

    def name(date: str) -> tuple[int, ...]:
        day = parse_day(date)
        return () if day is None else (day.year, day.month) if long else day.isocalendar()[:2]

    return name


def _mark(scene: Scene, key: str, group: list[Merge]) -> Mark:
    count, first = len(group), group[0]
    head = scene.say(f"{count} patch{'es' if count > 1 else ''} merged", f"合入 {count} 个补丁")
    titles = [one.title for one in group[:MOST_TITLES] if one.title]
    text = "; ".join([*titles, *(["…"] if count > MOST_TITLES else [])])
    return Mark(key, first.date, "patch", "", "", "", f"{head}: {text}" if text else head, "", first.place, 0)


def patch_label(row: Row, title: str) -> str:
    """The number that people say and the title; a hash that nobody says only where there is no title."""
    return f"{row['key']} {title}".strip() if row["key"].isdecimal() else title or row["key"]
