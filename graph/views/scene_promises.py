"""What releases promised, and what became of it: the specs of a scene as promises and as marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from graph.views.models import Evidence, Mark, Promise
from graph.views.scene_patches import SHA
from graph.views.scenes import Row, Scene

APPROVED, IMPLEMENTED, NOWHERE = "approved", "implemented", "removed"
OUTCOME_OF_CLASS = {"skipped": "skipped", "dropped": "dropped"}


def promises(scene: Scene, release: str = "") -> Iterator[Promise]:
    """A promise for every spec that a release had; of one release (IRI) where it is given."""
    states, moves = _by_spec(scene.rows["states"]), _by_spec(scene.rows["moves"])
    for row in scene.rows["plans"]:
        key = scene.subject_of(row)
        if key and release in ("", row["release"]):
            yield _promise(scene, key, row, states.get(row["spec"], []), moves.get(row["spec"], []))


def _by_spec(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["spec"]].append(row)
    return found


def _promise(scene: Scene, key: str, row: Row, states: list[Row], moves: list[Row]) -> Promise:
    release = scene.releases.get(row["release"])
    start, ship = (release.start, release.ship) if release is not None else ("", "")
    outcome = _outcome(scene, row["state"], moves)
    begin = _first(states, APPROVED) or min((one["date"] for one in states), default="") or start
    done = _first(states, IMPLEMENTED) if outcome == IMPLEMENTED else ""
    end = "" if outcome == "open" else done or max(begin, ship)
    place = Evidence(row["title"], f"{row['source']}:{row['path']}", int(row["line"] or 0))
    return Promise(key, scene.slug(row["release"]), outcome, begin, end, row["title"], place)


def _first(states: list[Row], state: str) -> str:
    """The first day on which a spec came into a state, "" if it never did."""
    return min((row["date"] for row in states if row["state"] == state), default="")


def _outcome(scene: Scene, state: str, moves: list[Row]) -> str:
    """What became of a spec; where several took it up, the earliest of them counts."""
    if state == IMPLEMENTED:
        return state
    if state != APPROVED:
        return "dropped"
    order = {iri: at for at, iri in enumerate(scene.releases)}
    found = min(
        moves, key=lambda row: (row["class"] == "dropped", order.get(row["to"], len(order))), default=None
    )
    return "open" if found is None else OUTCOME_OF_CLASS.get(found["class"], "slipped")


def spec_marks(scene: Scene, release: str = "") -> Iterator[Mark]:
    """The days on which specs entered or left a state; of one release (IRI) where it is given."""
    plans = {row["spec"]: row["release"] for row in scene.rows["plans"]}
    last: dict[str, str] = {}
    for row in scene.rows["states"]:
        key, target = scene.subject_of(row), plans.get(row["spec"], "")
        if not key or release not in ("", target) or last.get(row["spec"]) == row["state"]:
            continue
        last[row["spec"]] = row["state"]
        # What was added where no state is kept is proposed, and has none yet.
        status = "" if (row["state"], row["kind"]) == (NOWHERE, "added") else row["state"]
        place = f"{row['source']}:{row['sha'][:SHA]}"
        yield Mark(key, row["date"], "spec", status, "", scene.slug(target), row["title"], "", place, 0)
