"""A release's promises and what became of them, counted from tables. No words yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.table import Table
from graph.views.report_model import Row, number, text

PROMISED = ("approved", "implemented")
FATES = ("shipped", "slipped", "dropped", "open")


@dataclass(frozen=True)
class Promises:
    """Results of the named questions, of one release; `cycle` and `shipped` are those of `queries/views/report-*.rq`.

    release: its slug; plan: `release-plan`; slips: `slips-from`; statuses: all reports of meetings.
    """

    release: str
    releases: Table
    plan: Table
    slips: Table
    versions: Table
    milestones: Table
    statuses: Table
    odd: Table
    cycle: Table
    shipped: Table


@dataclass
class Promise:
    """A spec that a release approved: its fate (one of FATES), where it went, and the versions of its patches."""

    feature: str
    label: str
    path: str
    source: str
    fate: str
    slips: list[Row] = field(default_factory=list)
    things: set[str] = field(default_factory=set)
    landed: list[Row] = field(default_factory=list)
    said: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Cycle:
    """Patches of the versions up to the first final one by month, after it, and the bugs that they fix."""

    project: str
    months: dict[str, int]
    after: int
    bugs: int
    bugs_after: int
    first: Row | None
    last: Row | None


def promises_of(tables: Promises) -> list[Promise]:
    """Every spec that was approved for the release, in order of its slug."""
    found: dict[str, Promise] = {}
    moved: dict[str, list[Row]] = {}
    for row in tables.slips.dicts():
        if row["class"] != "said":
            moved.setdefault(text(row["feature"]), []).append(row)
    for row in tables.plan.dicts():
        if row["state"] in PROMISED:
            slips = moved.get(text(row["feature"]), [])
            found.setdefault(text(row["feature"]), Promise(
                text(row["feature"]), text(row["label"]), text(row["path"]), text(row["source"]),
                _fate(text(row["state"]), slips), slips,
            ))  # fmt: skip
    _landed(tables.shipped, found)
    _said(tables, found)
    return [promise for _, promise in sorted(found.items())]


def _fate(state: str, slips: list[Row]) -> str:
    if state == "implemented":
        return "shipped"
    if any(row["class"] != "dropped" for row in slips):
        return "slipped"
    return "dropped" if slips else "open"


def _landed(table: Table, found: Mapping[str, Promise]) -> None:
    for row in table.dicts():
        promise = found.get(text(row["feature"]))
        if promise:
            promise.things.add(text(row["thing"]))
            if row["version"]:
                promise.landed.append(row)


def _said(tables: Promises, found: Mapping[str, Promise]) -> None:
    """Reports are on the feature, which may have another name than its spec."""
    by_slug: dict[str, list[Promise]] = {}
    for promise in found.values():
        for slug in {promise.feature, *(thing.rsplit("/", 1)[-1] for thing in promise.things)}:
            by_slug.setdefault(slug, []).append(promise)
    for row in tables.statuses.dicts():
        for promise in by_slug.get(text(row["feature"]), ()):
            if row not in promise.said:
                promise.said.append(row)


def heard(tables: Promises) -> list[Row]:
    """Slips that a meeting alone tells of."""
    return [row for row in tables.slips.dicts() if row["class"] == "said"]


def release_row(tables: Promises) -> Row:
    """Names and dates of the release."""
    return next((row for row in tables.releases.dicts() if row["release"] == tables.release), {})


def cycles_of(tables: Promises) -> list[Cycle]:
    """One for each project that has patches in the release's versions."""
    versions: dict[str, list[Row]] = {}
    for row in tables.versions.dicts():
        versions.setdefault(text(row["project"]), []).append(row)
    rows: dict[str, list[Row]] = {}
    for row in tables.cycle.dicts():
        rows.setdefault(text(row["project"]), []).append(row)
    return [_cycle(project, rows[project], versions.get(project, [])) for project in sorted(rows)]


def _cycle(project: str, rows: list[Row], versions: list[Row]) -> Cycle:
    finals = [row for row in versions if row["stage"] == "final" and row["date"]]
    first = min(finals, key=lambda row: text(row["date"]), default=None)
    later = {
        text(row["version"]) for row in finals if first is not None and row["version"] != first["version"]
    }
    months: dict[str, int] = {}
    for row in rows:
        if row["month"] and row["version"] not in later:
            months[text(row["month"])] = months.get(text(row["month"]), 0) + number(row["patches"])
    after = sum(number(row["patches"]) for row in rows if row["month"] and row["version"] in later)
    bugs = {text(row["bug"]) for row in rows if row["bug"] and row["version"] not in later}
    bugs_after = {text(row["bug"]) for row in rows if row["bug"]} - bugs
    last = max(finals, key=lambda row: text(row["date"]), default=None)
    return Cycle(project, dict(sorted(months.items())), after, len(bugs), len(bugs_after), first, last)
