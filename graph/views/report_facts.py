"""What was reported at a meeting, one fact each: of which item, which part of it, and how it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.views.report_model import KINDS, Item, Meeting, Month, Row, Said, name_of, text

# What moved comes first; what merely goes on is told only when nothing else is.
TELLING = ("missed", "deferred", "abandoned", "at-risk", "done", "fixed", "nearly-done", "stalled")
GOING_ON = ("in-progress", "planned")
ORDER = {status: n for n, status in enumerate((*TELLING, *GOING_ON))}
SLIPPED = ("missed", "deferred", "abandoned", "at-risk")
_CORE = re.compile(r"[\u3400-\u9fff]{1,4}\s*([\x21-\x7e][\x20-\x7e]{2,62})")


@dataclass(frozen=True)
class Fact:
    """A report; `part` is empty for the whole item, `kind` and `key` name the patch or bug it is on."""

    part: str
    status: str
    release: str
    kind: str
    key: str
    date: str
    place: tuple[str, int]


def part_name(row: Row) -> str:
    """The part when it can stand as a name; a verb that it begins with is left out: `完成GET /x` → `GET /x`."""
    part, quote = text(row["part"]), text(row["quote"])
    core = _CORE.fullmatch(part)
    return name_of(part, quote) or (name_of(core[1].strip(), quote) if core else "")


def part_of(row: Row, said: Said) -> str:
    """The name of the part that a report is on; one without is on the part that its sentence names for its patch."""
    if text(row["part"]) or not row["patch"]:
        return part_name(row)
    rows = [r for r in said.statuses if r["quote"] == row["quote"] and r["patch"] == row["patch"]]
    return next((name for name in map(part_name, rows) if name), "")


def status_of(row: Row, month: Month) -> str:
    """What is reported; a release that is at risk after its feature freeze was missed."""
    status, freeze = text(row["status"]), month.freezes.get(text(row["release"]), "")
    late = bool(freeze) and text(row["date"]) >= freeze
    return "missed" if status == "at-risk" and late else status


def facts_of(item: Item, month: Month) -> list[Fact]:
    """The reports of an item in order; doubtful ones, and those that contradict each other, are left out."""
    return [fact for said in item.lines() if not said.doubtful for fact in _facts(said, item, month)]


def _facts(said: Said, item: Item, month: Month) -> Iterable[Fact]:
    for row in said.statuses:
        part = part_of(row, said)
        others = [r for r in said.statuses if r is not row and r["quote"] == row["quote"]]
        if text(row["part"]) and not part and others and all(text(r["part"]) for r in others):
            continue
        same = [r for r in said.statuses if part_of(r, said) == part and r["quote"] == row["quote"]]
        if contradict(same):
            continue
        kind = next((k for k in ("bug", "patch") if row[k]), "")
        status = status_of(row, month)
        status = "fixed" if status == "done" and kind == "bug" else status
        release = month.releases.get(text(row["release"]), text(row["release"]))
        key = text(row[kind]) if kind else ""
        yield Fact(part if part != item.heading else "", status, release, kind, key, text(row["date"]),
                   (said.source, said.line))  # fmt: skip


def contradict(rows: list[Row]) -> bool:
    """Whether reports on one thing in one sentence cannot both be told: two states, and no release sets them apart."""
    states = {(text(row["status"]), text(row["release"])) for row in rows}
    return len({status for status, _ in states}) > 1 and len({bool(release) for _, release in states}) == 1


def items_of(meeting: Meeting) -> list[Item]:
    """The items of a meeting: features, bugs, then open topics."""
    return [item for kind in KINDS for item in meeting.of(kind)]


def is_whole(fact: Fact, facts: list[Fact]) -> bool:
    """Whether a fact is on the item as a whole; a patch is a part of it where something else is reported too."""
    alone = fact.kind == "patch" and all(f.kind == "patch" and f.key == fact.key for f in facts)
    return not fact.part and (not fact.kind or alone)
