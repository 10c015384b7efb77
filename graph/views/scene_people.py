"""Who takes part in the features of a scene: authors by their patches, those whom notes name by how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from graph.views.models import Taking
from graph.views.scenes import Scene

ROLES: dict[str, tuple[str, str]] = {
    "author": ("author", "作者"),
    "co-author": ("co-author", "共同作者"),
    "works-on": ("works on it", "参与"),
    "discusses": ("discusses it", "讨论"),
}


def taking_part(scene: Scene, keys: Collection[str]) -> dict[str, tuple[Taking, ...]]:
    """Key of a subject → those who take part, by name; authors are counted by patches, others by mentions."""
    stands = {row["thing"]: row["target"] for row in scene.rows["stands"]}
    wrote = {(key, person, role, patch) for key, person, role, patch in _wrote(scene) if key in keys}
    counts = Counter((key, person, role) for key, person, role, _ in wrote)
    counts.update(
        (key, stands.get(person, person), role) for key, person, role in _named(scene) if key in keys
    )
    return _sorted(scene, counts)


def _wrote(scene: Scene) -> Iterator[tuple[str, str, str, str]]:
    """Subject, person, role and patch of all who wrote patches."""
    for row in scene.rows["landings"]:
        if row["author"]:
            yield scene.subject_of(row), row["author"], "author", row["patch"]
    for row in scene.rows["helpers"]:
        yield scene.subject_of(row), row["person"], "co-author", row["patch"]


def _named(scene: Scene) -> list[tuple[str, str, str]]:
    """Subject, person and role, once for every mention of the person with a role."""
    seen = {(row["mention"], row["role"]): row for row in scene.rows["spoken"] if row["role"]}
    return [
        (key, row["target"], row["role"])
        for row in seen.values()
        for key in scene.subjects_of_items.get(row["item"], ())
    ]


def _sorted(scene: Scene, counts: Counter[tuple[str, str, str]]) -> dict[str, tuple[Taking, ...]]:
    names = _names(scene)
    order = list(ROLES)
    found: dict[str, list[Taking]] = {}
    entries = sorted(
        (
            names.get(person, person).casefold(),
            person,
            order.index(role) if role in order else len(order),
            role,
            key,
        )
        for key, person, role in counts
    )
    for _, person, _, role, key in entries:
        word = scene.say(*ROLES.get(role, (role, role)))
        entry = Taking(person, names.get(person, person), word, counts[key, person, role])
        found.setdefault(key, []).append(entry)
    return {key: tuple(each) for key, each in found.items()}


def _names(scene: Scene) -> dict[str, str]:
    """IRI of a person → the name that commits have, else the first that notes have."""
    nicks = {row["person"]: row["name"] for row in reversed(scene.rows["people"])}
    return nicks | {row["person"]: row["name"] for row in reversed(scene.rows["written"])}


def parts_of(scene: Scene, person: str) -> set[str]:
    """Subjects that somebody speaks of, works on, reports on, writes patches for or is to do something for."""
    names = {*scene.spoken(person), person}
    found = {key for key, who, _, _ in _wrote(scene) if who in names}
    for row in (*scene.rows["reports"], *scene.rows["decisions"]):
        if row["person"] in names:
            found.add(scene.subject_of(row))
    for row in scene.rows["spoken"]:
        if row["target"] in names:
            found.update(scene.subjects_of_items.get(row["item"], ()))
    return found - {""}
