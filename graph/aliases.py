"""`aliases.toml`, beside the notes: names joined to what they mean, or kept apart, by hand. It wins over every guess.

[[feature]]
name = "NRP"                       as the notes write it
is = "nested-resource-providers"   a slug, or another name of the feature; "" keeps the name apart for good
why = "…"                          optional

[[person]]
name = "efried"
is = "Eric Fried"

[[patch]]
number = "521685"
is = "I…"                          its Change-Id
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from graph.errors import KgError

FILE = "aliases.toml"
KINDS = {"feature": "name", "person": "name", "patch": "number"}  # kind → the key that holds its name
_HEADER = re.compile(r"[ \t]*\[\[[ \t]*(\w+)[ \t]*\]\][ \t]*(?:#.*)?")


@dataclass(frozen=True)
class Alias:
    """One row: kind (feature, person, patch), the name, what it stands for (empty: nothing), why, its line."""

    kind: str
    name: str
    target: str
    why: str
    line: int


def parse(text: str, place: str) -> tuple[Alias, ...]:
    """All rows in the order of the file; KgError names the first that cannot be used, by its line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KgError(str(error), place=place, hint="mend the TOML, or take the row away") from error
    unknown = sorted(set(data) - set(KINDS))
    if unknown:
        hint = "the tables are " + ", ".join(f"[[{kind}]]" for kind in KINDS)
        raise KgError(f"[[{unknown[0]}]] is no kind of alias", place=place, hint=hint)
    found = [_row(kind, row, place) for kind, row in _numbered(data, text, place)]
    _check_twice(found, place)
    return tuple(sorted(found, key=lambda alias: (alias.line, alias.kind, alias.name)))


def _numbered(data: dict[str, Any], text: str, place: str) -> list[tuple[str, tuple[int, dict[str, Any]]]]:
    """Each table with the line of its header, as far as headers are written one by one."""
    lines: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for number, line in enumerate(text.split("\n"), 1):
        header = _HEADER.fullmatch(line.rstrip("\r"))
        if header and header[1] in lines:
            lines[header[1]].append(number)
    out = []
    for kind, tables in data.items():
        if not isinstance(tables, list) or not all(isinstance(row, dict) for row in tables):
            raise KgError(f"{kind} is no list of tables", place=place, hint=f"write each under [[{kind}]]")
        at = lines[kind] if len(lines[kind]) == len(tables) else [0] * len(tables)
        out += [(kind, pair) for pair in zip(at, tables, strict=True)]
    return out


def _row(kind: str, numbered: tuple[int, dict[str, Any]], place: str) -> Alias:
    line, row = numbered
    key, where = KINDS[kind], f"{place}:{line}" if line else place
    unknown = sorted(set(row) - {key, "is", "why"})
    if unknown:
        hint = f"the keys are {key}, is, why"
        raise KgError(f"a [[{kind}]] has an unknown key {unknown[0]!r}", place=where, hint=hint)
    name = row.get(key)
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    texts = (name, row.get("is"), row.get("why", ""))
    if not all(isinstance(text, str) for text in texts) or not str(name).strip():
        hint = f'write {key} = "…" and is = "…"; is = "" keeps the name apart'
        raise KgError(f"a [[{kind}]] needs {key} and is, as texts", place=where, hint=hint)
    return Alias(kind, str(name).strip(), str(row["is"]).strip(), str(row.get("why", "")).strip(), line)


def _check_twice(found: list[Alias], place: str) -> None:
    seen: dict[tuple[str, str], Alias] = {}
    for alias in found:
        key = (alias.kind, alias.name.casefold())
        first = seen.setdefault(key, alias)
        if first.target != alias.target:
            what = f"{alias.kind} {alias.name!r} stands for {first.target!r} and for {alias.target!r}"
            raise KgError(what, place=f"{place}:{alias.line}", hint="keep one of the two rows")
