"""`corrections.toml`, beside the notes: facts that were misread, set right by hand, each with a reason.

[[correction]]
source = "2018-01.md"        the note, by file name
line = 102                   the line of the fact
fact = "status"              meeting, discussion, mention, status, decision, milestone or todo
where = { status = "deferred" }    optional: which of that line's facts
set = { release = "rocky" }  what is right; or drop = true, when it is no fact at all
reason = "…"
"""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from graph.errors import KgError, Problem
from graph.facts import Decision, Discussion, Fact, Meeting, Mention, Milestone, Status, Todo
from graph.terms import STATUSES

FILE = "corrections.toml"
FACTS: dict[str, type] = {
    "meeting": Meeting,
    "discussion": Discussion,
    "mention": Mention,
    "status": Status,
    "decision": Decision,
    "milestone": Milestone,
    "todo": Todo,
}
_KEYS = {"source", "line", "fact", "where", "set", "drop", "reason"}


@dataclass(frozen=True)
class Correction:
    """One row of the file; `nth` is its place there, from 1."""

    nth: int
    source: str
    line: int
    fact: str
    where: tuple[tuple[str, str], ...]
    set: tuple[tuple[str, str], ...]
    drop: bool
    reason: str


@dataclass(frozen=True)
class Corrected:
    """A correction as it was applied: what stood there before, what stands there now."""

    correction: Correction
    before: str
    after: str


def parse(text: str, place: str) -> tuple[Correction, ...]:
    """All rows of the file; KgError names the first that cannot be used."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KgError(str(error), place=place, hint="mend the TOML, or take the file away") from error
    rows = data.get("correction", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        hint = "write each row under [[correction]]"
        raise KgError("correction is no list of tables", place=place, hint=hint)
    return tuple(_row(row, nth, f"{place}: correction {nth}") for nth, row in enumerate(rows, 1))


def _row(row: dict[str, Any], nth: int, place: str) -> Correction:
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise KgError(
            f"unknown key {unknown[0]}", place=place, hint=f"the keys are {', '.join(sorted(_KEYS))}"
        )
    fact = str(row.get("fact", ""))
    if fact not in FACTS:
        raise KgError(f"fact is {fact!r}", place=place, hint=f"fact is one of {', '.join(FACTS)}")
    if not row.get("source") or type(row.get("line")) is not int or not str(row.get("reason", "")).strip():
        raise KgError("source, line and reason are needed", place=place, hint="add what is missing")
    if bool(row.get("set")) == bool(row.get("drop")):
        raise KgError("either set or drop is needed", place=place, hint="write set = { … } or drop = true")
    for fields in (row.get("where", {}), row.get("set", {})):
        if not isinstance(fields, dict):
            hint = "write set and where as { field = value }"
            raise KgError(f"{fields!r} is no table of fields", place=place, hint=hint)
        for name, value in fields.items():
            _check_field(fact, name, str(value), place)
    return Correction(
        nth, str(row["source"]), int(row["line"]), fact, _pairs(row.get("where")), _pairs(row.get("set")),
        bool(row.get("drop")), str(row["reason"]),
    )  # fmt: skip


def _pairs(table: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in (table or {}).items()))


def _check_field(fact: str, name: str, value: str, place: str) -> None:
    fields = {f.name for f in dataclasses.fields(FACTS[fact]) if f.type in ("str", "bool")}
    if name not in fields:
        raise KgError(
            f"{fact} has no field {name}", place=place, hint=f"its fields are {', '.join(sorted(fields))}"
        )
    if name == "status" and value not in STATUSES:
        raise KgError(
            f"{value!r} is no status", place=place, hint=f"a status is one of {', '.join(STATUSES)}"
        )


def apply(
    facts: list[Fact], rows: tuple[Correction, ...], source: str
) -> tuple[list[tuple[Fact, Corrected | None]], list[Corrected], list[Problem]]:
    """Facts with the corrections of their source applied: pairs, what was dropped, rows that met nothing."""
    mine = [row for row in rows if PurePath(row.source).name == PurePath(source).name]
    kept: list[tuple[Fact, Corrected | None]] = []
    dropped: list[Corrected] = []
    used: set[int] = set()
    for fact in facts:
        row = next((row for row in mine if _meets(row, fact)), None)
        if row is None:
            kept.append((fact, None))
            continue
        used.add(row.nth)
        if row.drop:
            dropped.append(Corrected(row, _said(fact, row), ""))
        else:
            right = _changed(fact, row)
            kept.append((right, Corrected(row, _said(fact, row), _said(right, row))))
    what = "a correction that meets no fact of this line"
    hint = f"see {FILE}: is the line still right?"
    unmet = [
        Problem(source, r.line, "odd", what, f"{r.fact}: {r.reason}", hint) for r in mine if r.nth not in used
    ]
    return kept, dropped, unmet


def _meets(row: Correction, fact: Fact) -> bool:
    if not isinstance(fact, FACTS[row.fact]):
        return False
    at = fact.evidence.line
    return at == row.line and all(str(getattr(fact, name)) == value for name, value in row.where)


def _changed(fact: Fact, row: Correction) -> Fact:
    values: dict[str, Any] = {}
    for name, value in row.set:
        values[name] = value.lower() == "true" if isinstance(getattr(fact, name), bool) else value
    return dataclasses.replace(fact, **values)


def _said(fact: Fact, row: Correction) -> str:
    names = [name for name, _ in row.set] or [f.name for f in dataclasses.fields(fact) if f.type == "str"]
    return ", ".join(f"{name} = {getattr(fact, name)}" for name in names)
