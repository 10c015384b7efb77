"""When the patches of a scene came onto their branches, and when a feature is first on record."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graph.terms import keys_of
from graph.views.scenes import Row, Scene

SHA = 12  # characters of a commit's hash that are shown


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


def patch_label(row: Row, title: str) -> str:
    """The number that people say and the title; a hash that nobody says only where there is no title."""
    return f"{row['key']} {title}".strip() if row["key"].isdecimal() else title or row["key"]
