"""Saved answers of a Gerrit server's query API, `/changes/?q=…`: a list of changes, or one list for each query.

    )]}'                                              a line against scripts; it may have been taken away
    [
      {
        "project": "openstack/nova", "branch": "master", "topic": "bp/alternate-hosts",
        "change_id": "I…", "subject": "…", "status": "MERGED", "_number": 498830,
        "created": "2017-08-29 16:51:06.000000000",
        "owner": {"name": "…", "email": "…", "username": "…"}
      }
    ]

Entries are taken one by one, so that one that is broken costs only itself. Addresses are hashed at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graph.errors import KgError, Problem
from graph.profile import Profile
from graph.records import ReviewRecord, SourceRecord

NAME: Final = "gerrit"
VERSION: Final = "1"
MAX_BYTES: Final = 50_000_000
GUARD: Final = ")]}'"
_HEAD: Final = 65_536
_CHANGE: Final = re.compile(r'"change_id"\s*:\s*"I[0-9a-f]{8,40}"')
_CHANGE_ID: Final = re.compile(r"I[0-9a-f]{40}")
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_HINT: Final = "save it again, as the server gave it"
STATUSES: Final = ("NEW", "MERGED", "ABANDONED")


def sniff(path: Path) -> bool:
    """Whether a file is such an answer, by its first bytes. Cheap, and never raises."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8-sig", "replace").lstrip()
    except (OSError, ValueError):
        return False
    if head.startswith(GUARD):
        return head[len(GUARD) :].lstrip()[:1] in ("[", "{")
    return head[:1] in ("[", "{") and bool(_CHANGE.search(head))


def read(path: Path, source: str, profile: Profile) -> Iterator[SourceRecord | ReviewRecord | Problem]:
    """The source, then its changes in order. Raises KgError when the file as a whole cannot be used."""
    data = _bytes(path, source)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise KgError("it is not UTF-8", place=f"{source}:{line}", hint=_HINT) from error
    about = (("lines", str(text.count("\n") + 1)),)
    yield SourceRecord(NAME, source, hashlib.sha256(data).hexdigest(), profile.project, about)
    start = _SPACE.match(text).end()  # type: ignore[union-attr] # it matches anything
    if text.startswith(GUARD, start):
        start += len(GUARD)
    for nth, entry in enumerate(_Entries(text, source).walk(start), 1):
        if isinstance(entry, Problem):
            yield entry
        else:
            yield from _change(entry, nth, source)


def _bytes(path: Path, source: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise KgError(
            f"cannot be read: {error.strerror}", place=source, hint="check its permissions"
        ) from error
    if len(data) > MAX_BYTES:
        hint = "ask the server for fewer changes at once"
        raise KgError(f"it has more than {MAX_BYTES:,} bytes", place=source, hint=hint)
    return data


@dataclass(frozen=True)
class _Entry:
    line: int
    value: Any


class _Entries:
    """Takes the entries out of a text one after another, each with its line."""

    def __init__(self, text: str, source: str) -> None:
        self.text = text
        self.source = source
        self._decode = json.JSONDecoder().raw_decode
        self._counted, self._line = 0, 1

    def _line_at(self, at: int) -> int:
        """The line of a place; places are asked for in order."""
        self._line += self.text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _skip(self, at: int) -> int:
        return _SPACE.match(self.text, at).end()  # type: ignore[union-attr]

    def walk(self, at: int) -> Iterator[_Entry | Problem]:
        """Entries from a place on; the last one is a problem where the text breaks off or goes wrong."""
        try:
            yield from self._value(self._skip(at), 0)
        except (ValueError, RecursionError) as error:
            broken = getattr(error, "pos", self._counted)
            line = self._line_at(max(broken, self._counted))
            why = getattr(error, "msg", "it is nested too deeply")
            what = f"no JSON from here on: {why}; what stands before is read"
            yield Problem(self.source, line, "unread", what, self.text[broken : broken + 80].strip(), _HINT)

    def _value(self, at: int, depth: int) -> Iterator[_Entry | Problem]:
        """A list's entries, and those of the lists in it: an answer to several queries is a list of lists."""
        if self.text[at : at + 1] != "[" or depth > 1:
            line = self._line_at(at)
            value, end = self._decode(self.text, at)
            self._end = end
            yield from _flat(_Entry(line, value))
            return
        at = self._skip(at + 1)
        while self.text[at : at + 1] != "]":
            yield from self._value(at, depth + 1)
            at = self._skip(self._end)
            if self.text[at : at + 1] == ",":
                at = self._skip(at + 1)
            elif self.text[at : at + 1] != "]":
                raise json.JSONDecodeError("expected ',' or ']'", self.text, at)
        self._end = at + 1


def _flat(entry: _Entry) -> Iterator[_Entry]:
    """An object that is no change but holds lists of them, by query, gives these."""
    value = entry.value
    lists = [rows for rows in value.values() if isinstance(rows, list)] if isinstance(value, dict) else []
    if lists and "change_id" not in value and "_number" not in value:
        for rows in lists:
            yield from (_Entry(entry.line, row) for row in rows)
    else:
        yield entry


# --- one change -------------------------------------------------------------------------------------------------


def _change(entry: _Entry, nth: int, source: str) -> Iterator[ReviewRecord | Problem]:
    value, line = entry.value, entry.line
    if not isinstance(value, dict):
        yield Problem(source, line, "unread", f"entry {nth} is no change", str(value)[:80], _HINT)
        return
    number, change = _number(value), _text(value, "change_id")
    fault = "has no number" if not number else "has no Change-Id" if not _CHANGE_ID.fullmatch(change) else ""
    if fault:
        yield Problem(
            source, line, "unread", f"entry {nth} {fault}", number or change or _text(value, "id"), _HINT
        )
        return
    status = _text(value, "status")
    if status not in STATUSES:
        what = f"entry {nth}, change {number}, has the status {status!r}"
        yield Problem(source, line, "odd", what, number, f"a change is {', '.join(STATUSES)}")
    owner = value["owner"] if isinstance(value.get("owner"), dict) else {}
    yield ReviewRecord(
        nth=nth, line=line, number=number, change=change, status=status,
        project=_text(value, "project"), branch=_text(value, "branch"), topic=_text(value, "topic"),
        subject=_text(value, "subject"), created=_text(value, "created"), updated=_text(value, "updated"),
        submitted=_text(value, "submitted"), revision=_text(value, "current_revision"),
        owner=_text(owner, "username"), owner_name=_text(owner, "name"), mbox=_mbox(_text(owner, "email")),
    )  # fmt: skip
    if value.get("_more_changes") is True:
        what = f"the server had more changes after entry {nth}, and they are not here"
        yield Problem(source, line, "odd", what, number, "ask for the rest with &S=…, and save that too")


def _number(value: dict[str, Any]) -> str:
    found = value.get("_number", value.get("number"))
    whole = isinstance(found, int) and not isinstance(found, bool) and found > 0
    return str(found) if whole or (isinstance(found, str) and found.isascii() and found.isdecimal()) else ""


def _text(value: dict[str, Any], key: str) -> str:
    """A text without the ends of lines and the halves of characters that JSON can smuggle in."""
    found = value.get(key)
    return " ".join(found.encode("utf-8", "replace").decode().split()) if isinstance(found, str) else ""


def _mbox(address: str) -> str:
    address = address.strip().lower()
    return hashlib.sha1(f"mailto:{address}".encode(), usedforsecurity=False).hexdigest() if address else ""
