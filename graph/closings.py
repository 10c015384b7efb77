"""`todo-closed.toml`, beside the notes: TODOs closed by hand, so that they stay closed after a rebuild.

    [[closed]]
    todo = "1f3a9c20"            the id that `kg todo` shows
    by = "https://…"             what closed it: a link or a file
    on = 2018-02-11
    note = "…"                   optional, like all below
    text = "…"                   its words then: where they change a little in the note, the row still finds it
    listed = "2018-02"           the last month it was listed then: a later one that lists it opens it again
    assignee = "…"               of a decision

`kg todo close` adds a row, `kg todo reopen` takes it away; by hand is as good. Writing replaces the file as
a whole and leaves every other byte of it as it was.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import KgError

FILE = "todo-closed.toml"
_WORDS = ("on", "note", "text", "listed", "assignee")
_HEADER = re.compile(r"[ \t]*\[\[[ \t]*closed[ \t]*\]\][ \t]*(?:#.*)?")


@dataclass(frozen=True)
class Closed:
    """One row; `line` is where it begins."""

    todo: str
    by: str
    on: str
    note: str
    line: int
    text: str = ""
    listed: str = ""
    assignee: str = ""


def _data(text: str, place: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KgError(str(error), place=place, hint="mend the TOML, or take the row away") from error


def _rows(data: dict[str, Any], place: str) -> list[dict[str, Any]]:
    rows = data.get("closed", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise KgError("closed is no list of tables", place=place, hint="write each row under [[closed]]")
    return rows


def parse(text: str, place: str) -> tuple[Closed, ...]:
    """All rows; KgError names the first that cannot be used."""
    lines = [n for n, line in enumerate(text.split("\n"), 1) if _HEADER.fullmatch(line.rstrip("\r"))]
    rows = []
    for nth, row in enumerate(_rows(_data(text, place), place)):
        line = lines[nth] if nth < len(lines) else 0
        if not row.get("todo") or not row.get("by"):
            raise KgError(
                "a [[closed]] needs todo and by", place=f"{place}:{line}", hint="add what is missing"
            )
        words = {name: str(row.get(name, "")) for name in _WORDS}
        rows.append(Closed(todo=str(row["todo"]).strip().lower(), by=str(row["by"]), line=line, **words))
    return tuple(rows)


def _escape(char: str) -> str:
    if char in '\\"':
        return f"\\{char}"
    return f"\\u{ord(char):04X}" if ord(char) < 0x20 or ord(char) == 0x7F else char


def _quoted(text: str) -> str:
    # A lone surrogate has no place in UTF-8.
    kept = text.encode("utf-8", errors="replace").decode("utf-8")
    return f'"{"".join(_escape(char) for char in kept)}"'


def _read(path: Path) -> str:
    """The text with the line ends it has. Raises KgError when it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise KgError(f"cannot be read: {error}", place=str(path), hint="it is a UTF-8 text file") from error


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, so that a crash leaves the old or the new one."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(text.encode("utf-8"))
                out.flush()
                os.fsync(out.fileno())
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        hint = "check the folder's permissions"
        raise KgError(f"cannot be written: {error.strerror}", place=str(path), hint=hint) from error


def read(path: Path) -> tuple[Closed, ...]:
    """All rows of a file; none for one that is missing. Raises KgError like `parse`."""
    return parse(_read(path), str(path))


def append(
    path: Path,
    todo: str,
    by: str,
    on: str,
    note: str = "",
    *,
    text: str = "",
    listed: str = "",
    assignee: str = "",
) -> None:
    """Add a row to the file, which is made when missing; what stands there is kept as it is.

    `on` is an ISO date, `listed` a month like `2018-02`. Raises KgError for a file that cannot be read or written.
    """
    before = _read(path)
    known = parse(before, str(path))
    end = "\r\n" if "\r\n" in before else "\n"
    row = ["[[closed]]", f"todo = {_quoted(todo)}", f"by = {_quoted(by)}", f"on = {on}"]
    words = (("note", note), ("text", text), ("listed", listed), ("assignee", assignee))
    row += [f"{name} = {_quoted(value)}" for name, value in words if value]
    gap = "" if not before else end if before.endswith("\n") else end * 2
    after = before + gap + "".join(line + end for line in row)
    if len(parse(after, str(path))) != len(known) + 1:
        raise KgError("a row cannot be added here", place=str(path), hint="add it by hand")
    _write(path, after)


def _spans(lines: list[str]) -> list[tuple[int, int]]:
    """First and last line (exclusive) of each row, without the blank lines and comments after it."""
    heads = [n for n, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip("\r\n"))]
    spans = []
    for head, after in zip(heads, [*heads, len(lines)][1:], strict=True):
        end = next((n for n in range(head + 1, after) if re.match(r"[ \t]*\[", lines[n])), after)
        while end > head + 1 and not lines[end - 1].split("#", 1)[0].strip():
            end -= 1
        spans.append((head, end))
    return spans


def remove(path: Path, *todos: str) -> bool:
    """Take the rows of some TODOs out, with a blank line each; every other byte stays. False for none.

    Raises KgError, and leaves the file, when it is written in a way in which the rows cannot be cut out.
    """
    text = _read(path)
    data, place = _data(text, str(path)), str(path)
    rows = parse(text, place)
    gone = [row.todo in todos for row in rows]
    if not any(gone):
        return False
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    spans = _spans(lines)
    left = "".join(_without(lines, [span for span, out in zip(spans, gone, strict=False) if out]))
    wanted = [row for row, out in zip(_rows(data, place), gone, strict=True) if not out]
    now = _data_or_none(left)
    if len(spans) != len(rows) or now is None or now.pop("closed", []) != wanted or now != _others(data):
        named = ", ".join(sorted({row.todo for row in rows} & set(todos)))
        what = f"the row of {named} cannot be cut out safely"
        raise KgError(what, place=place, hint="take it out by hand")
    _write(path, left)
    return True


def _others(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "closed"}


def _data_or_none(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _without(lines: list[str], spans: list[tuple[int, int]]) -> list[str]:
    gone: set[int] = set()
    for start, end in spans:
        gone |= set(range(start, end))
        if start and not lines[start - 1].strip():
            gone.add(start - 1)
        elif not start and end < len(lines) and not lines[end].strip():
            gone.add(end)
    return [line for n, line in enumerate(lines) if n not in gone]
