"""What the code says of the features of a scene: commits on every branch, first final versions, what was taken back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from graph.terms import keys_of
from graph.views.models import Landing, Mark
from graph.views.scene_patches import SHA
from graph.views.scene_said import in_cycle
from graph.views.scenes import Row, Scene

Final = tuple[str, str]
"""A final version: its day and its name."""


def landings(scene: Scene, release: str = "") -> Iterator[Landing]:
    """Every commit of every patch that a feature has; of one release (IRI) where it is given."""
    paths = {row["note"]: row["path"] for row in scene.rows["notes"]}
    trunks = {row["note"]: row["main"] for row in scene.rows["notes"] if row["main"]}
    known = _releases_of(scene)
    seen: set[tuple[str, str]] = set()
    for row in _own(scene.rows["landings"]):
        key = scene.subject_of(row)
        if not key or (key, row["commit"]) in seen:
            continue
        landed = known.get(row["version"]) or row["kept"]
        if release in ("", landed):
            seen.add((key, row["commit"]))
            backport = row["branch"] != trunks.get(row["note"], row["branch"])
            place = f"{paths.get(row['note'], '')}:{keys_of(row['commit'])[-1][:SHA]}"
            version, slug = _name(row["version"]), scene.slug(landed)
            yield Landing(key, row["date"], row["patch"], row["title"], version, slug, backport, place)


def _own(rows: Sequence[Row]) -> list[Row]:
    """Without the copies that a repository split off from another has of that one's history."""
    own = {(row["thing"], row["patch"]) for row in rows if _project(row["thing"]) == _project(row["commit"])}
    return [
        row
        for row in rows
        if (row["thing"], row["patch"]) not in own or _project(row["thing"]) == _project(row["commit"])
    ]


def _project(iri: str) -> str:
    """The project in the IRI of a feature or a commit, as it is written there."""
    return iri.rsplit("/", 2)[-2]


def _name(version: str) -> str:
    """The name of a version, from its IRI."""
    return (keys_of(version) or [""])[-1]


def _releases_of(scene: Scene) -> dict[str, str]:
    """IRI of a version → IRI of its release."""
    return {row["version"]: row["release"] for row in scene.rows["versions"]}


def version_marks(scene: Scene, release: str = "") -> Iterator[Mark]:
    """The first final version of each release that has patches of a feature made for it; backports do not count."""
    finals, known = _finals(scene), _releases_of(scene)
    paths = {row["note"]: row["path"] for row in scene.rows["notes"]}
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for row in _trunk(
        _own(scene.rows["landings"]), {row["note"]: row["main"] for row in scene.rows["notes"]}
    ):
        key, landed = scene.subject_of(row), known.get(row["version"], "")
        if key and landed and release in ("", landed):
            counts[key, landed, keys_of(row["version"])[2], paths.get(row["note"], "")] += 1
    for (key, landed, project, path), count in counts.items():
        final = finals.get((project, landed))
        if final is not None:
            day, name = final
            text = f"{project} {name}: " + scene.say(f"{count} patch{'es' * (count > 1)}", f"{count} 个补丁")
            yield Mark(key, day, "version", "", "", scene.slug(landed), text, "", f"{path}:{name}", 0)


def _trunk(rows: Sequence[Row], trunks: dict[str, str]) -> Iterator[Row]:
    """One row for each patch of a feature on its repository's main branch that a version has."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if (
            row["version"]
            and row["branch"] == trunks.get(row["note"])
            and (row["thing"], row["patch"]) not in seen
        ):
            seen.add((row["thing"], row["patch"]))
            yield row


def _finals(scene: Scene) -> dict[tuple[str, str], Final]:
    """Project and IRI of a release → its first final version that has a day."""
    found: dict[tuple[str, str], list[Final]] = defaultdict(list)
    for row in scene.rows["versions"]:
        keys = keys_of(row["version"])
        if row["stage"] == "final" and row["date"] and len(keys) > 3:
            found[keys[2], row["release"]].append((row["date"], keys[3]))
    return {pair: min(each) for pair, each in found.items()}


def revert_marks(scene: Scene, release: str = "") -> Iterator[Mark]:
    """Commits that take back a patch of a feature; in the cycle of one release (IRI) where it is given."""
    of_patch: dict[str, set[str]] = defaultdict(set)
    for row in scene.rows["landings"]:
        if key := scene.subject_of(row):
            of_patch[row["patch"]].add(key)
    paths = {row["note"]: row["path"] for row in scene.rows["notes"]}
    seen: set[tuple[str, str]] = set()
    for row in scene.rows["reverts"]:
        place = f"{paths.get(row['note'], '')}:{keys_of(row['commit'])[-1][:SHA]}"
        for key in sorted(of_patch.get(row["back"], ())):
            if (key, place) not in seen and in_cycle(scene, release, row["date"]):
                seen.add((key, place))
                yield Mark(key, row["date"], "revert", "", "", "", row["title"], "", place, 0)
