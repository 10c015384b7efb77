"""`todo-closed.toml`, beside the notes: TODOs closed by hand, so that they stay closed after a rebuild.

    [[closed]]
    todo = "1f3a9c20"            the id that `kg todo` shows
    by = "https://…"             what closed it: a link or a file
    on = 2018-02-11
    note = "…"                   optional

`kg todo close` adds a row; taking the row away opens the TODO again.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from graph.errors import KgError

FILE = "todo-closed.toml"


@dataclass(frozen=True)
class Closed:
    """One row; `line` is where it begins."""

    todo: str
    by: str
    on: str
    note: str
    line: int


def parse(text: str, place: str) -> tuple[Closed, ...]:
    """All rows; KgError names the first that cannot be used."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KgError(str(error), place=place, hint="mend the TOML, or take the row away") from error
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[closed]]"]
    rows = []
    for nth, row in enumerate(data.get("closed", [])):
        line = lines[nth] if nth < len(lines) else 0
        if not row.get("todo") or not row.get("by"):
            raise KgError("a [[closed]] needs todo and by", place=f"{place}:{line}", hint="add what is missing")
        rows.append(Closed(str(row["todo"]), str(row["by"]), str(row.get("on", "")), str(row.get("note", "")), line))
    return tuple(rows)


def _quoted(text: str) -> str:
    body = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{body}"'


def append(path: Path, todo: str, by: str, on: str, note: str = "") -> None:
    """Add a row to the file, which is made when missing; what stands there is kept as it is."""
    row = f'[[closed]]\ntodo = {_quoted(todo)}\nby = {_quoted(by)}\non = {on}\n'
    if note:
        row += f"note = {_quoted(note)}\n"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    parse(before, str(path))
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    path.write_text(before + gap + row, encoding="utf-8")
