"""Slips of a scene as arrows, and which features take up which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.terms import iri, keys_of
from graph.views.models import SlipArrow
from graph.views.scene_words import slip_class
from graph.views.scenes import Row, Scene, merged


def best_witness(rows: list[Row]) -> Row:
    """The row that says a slip most plainly: it names the release moved to, or is `deferred`, or the last."""
    return max(
        rows,
        key=lambda row: (
            bool(row["date"]),
            row["named"] == row["to"],
            row["status"] == "deferred",
            row["date"],
        ),
    )


def slips_of(scene: Scene, release: str = "") -> Iterator[SlipArrow]:
    """Every slip whose feature is known; from or to one release (IRI) where it is given.

    One that only specs tell has the day on which the first release shipped.
    """
    for first, rows in merged(scene.rows["slips"], "slip"):
        key = scene.subject_of(first)
        if not key or release not in ("", first["from"], first["to"]):
            continue
        row, source = best_witness(rows), scene.releases.get(first["from"])
        date = row["date"] or (source.ship if source is not None else "")
        words = slip_class(first["class"], scene.lang)
        early, late, line = scene.slug(first["from"]), scene.slug(first["to"]), int(row["line"] or 0)
        became = _became(scene, first)
        yield SlipArrow(key, early, late, words, date, row["quote"], row["source"], line, became)


def _became(scene: Scene, row: Row) -> str:
    """Key of the row that carries the name which the later release has for it."""
    keys = keys_of(row["thing"])
    if not row["became"] or len(keys) < 4:
        return ""
    return scene.heads.get(iri(keys[0], keys[1], keys[2], row["became"]), "")


def relatives(scene: Scene, key: str) -> list[str]:
    """Keys of the rows that a feature continues, the earliest first, and of those that it became, in order."""
    pairs = [
        (scene.heads.get(row["early"], ""), scene.heads.get(row["late"], ""))
        for row in scene.rows["continued"]
    ]
    before = _reached([(late, early) for early, late in pairs], key)
    return [*reversed(before), *_reached(pairs, key)]


def _reached(pairs: Iterable[tuple[str, str]], start: str) -> list[str]:
    """Whatever is reached from `start` along the pairs, the nearest first."""
    found, at = [start], 0
    known = [pair for pair in pairs if all(pair)]
    while at < len(found):
        found += dict.fromkeys(other for one, other in known if one == found[at] and other not in found)
        at += 1
    return found[1:]
