"""Records as lines of JSON, so that what a reader read can be kept, looked at, and built from elsewhere.

    {"kg-records": 1, "kind": "git", "source": "openstack/nova"}          what reader made it, and its identity
    {"record": "SourceRecord", "kind": "git", "sha256": "…", …}           then every record, in order
    {"record": "CommitRecord", "sha": "…", "author": "…", "lines": [[1, "…"]], …}
    {"records": 2}                                                        how many there are: nothing was cut off

Empty values are left out. A dump carries its source's identity: building from it gives the same bytes as building
from the source.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Iterable, Iterator
from typing import Any

from graph import records
from graph.errors import KgError, Problem

FORMAT = 1
_KEY = "kg-records"
_END = "records"
_HINT = "make it anew with `kg records SOURCE -o FILE`"
_TYPES: dict[str, type] = {
    **{
        n: thing
        for n, thing in vars(records).items()
        if isinstance(thing, type) and dataclasses.is_dataclass(thing)
    },
    "Problem": Problem,
}


@dataclasses.dataclass(frozen=True)
class Header:
    """The first line: which kind of source the records are of, and its identity."""

    kind: str
    source: str


def sniff(head: bytes) -> bool:
    """Whether a file's first bytes are those of a dump."""
    return head.startswith(f'{{"{_KEY}":'.encode())


def lines(header: Header, entries: Iterable[object]) -> Iterator[str]:
    """Lines without their ends, the header first."""
    first = {_KEY: FORMAT, "kind": header.kind, "source": header.source}
    yield json.dumps(first, ensure_ascii=False)
    count = 0
    for entry in entries:
        count += 1
        body = {"record": type(entry).__name__, **_plain(entry)}
        yield json.dumps(body, ensure_ascii=False)
    yield json.dumps({_END: count})


def _plain(entry: object) -> dict[str, Any]:
    found = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}  # type: ignore[arg-type]
    return {name: _value(value) for name, value in found.items() if value not in ("", (), 0, False)}


def _value(value: object) -> object:
    if isinstance(value, tuple):
        return [_value(part) for part in value]
    return _plain(value) if dataclasses.is_dataclass(value) else value


def header_of(first: str, place: str) -> Header:
    """The header of a dump's first line. Raises KgError for another format."""
    try:
        data = json.loads(first)
        if data[_KEY] != FORMAT:
            raise KgError(f"format {data[_KEY]} of dumps is not known", place=f"{place}:1", hint=_HINT)
        return Header(str(data["kind"]), str(data["source"]))
    except (ValueError, KeyError, TypeError) as error:
        raise KgError(f"it is no dump of records: {error}", place=f"{place}:1", hint=_HINT) from error


def entries(rows: Iterable[str], place: str) -> Iterator[Any]:
    """The records of the lines after the header; a line that is none is a problem, and the rest goes on.

    Raises KgError where not even the first record is whole.
    """
    count, whole = 0, False
    for number, row in enumerate(rows, 2):
        if not row.strip():
            continue
        entry = _entry(row, place, number)
        if isinstance(entry, int):
            whole = entry == count
            break
        if not count and isinstance(entry, Problem) and entry.source == place:
            raise KgError("the dump has no whole record", place=f"{place}:{number}", hint=_HINT)
        count += 1
        yield entry
    if not count:
        raise KgError("the dump has no record", place=place, hint=_HINT)
    if not whole:
        yield Problem(
            place, 0, "odd", f"the dump is cut short, or was put together: {count} records", hint=_HINT
        )


def _entry(row: str, place: str, number: int) -> Any:  # noqa: ANN401 - a record of any kind
    """A record, or a problem, or how many records there should have been."""
    try:
        data = json.loads(row)
        if set(data) == {_END}:
            return int(data[_END])
        return _made(_TYPES[data.pop("record")], data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"the line is no record: {type(error).__name__} {error}"
        return Problem(place, number, "unread", what[:200], row[:80], hint=_HINT)


@functools.cache
def _shape(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind, vars(records))
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(kind))


def _made(kind: type, data: dict[str, Any]) -> object:
    shape = _shape(kind)
    unknown = set(data) - {name for name, _ in shape}
    if unknown:
        raise KeyError(f"unknown {', '.join(sorted(unknown))}")
    return kind(**{name: _read(hint, data.get(name)) for name, hint in shape})


def _read(hint: Any, value: Any) -> Any:  # noqa: ANN401 - the shape is known at run time only
    """A JSON value as a field of this type; a missing one is the type's empty value."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return _read_tuple(inside, value or [])
    if dataclasses.is_dataclass(hint):
        return _made(typing.cast("type", hint), value or {})
    if origin in (typing.Union, types.UnionType):
        return None if value is None else _read(inside[0], value)
    wanted = str if origin is typing.Literal else hint
    empty = wanted() if value is None else value
    if type(empty) is not wanted:
        raise TypeError(f"{value!r} is no {wanted.__name__}")
    return empty


def _read_tuple(inside: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if len(inside) == 2 and inside[1] is ...:
        return tuple(_read(inside[0], part) for part in value)
    if len(value) != len(inside):
        raise TypeError(f"{value!r} has not {len(inside)} parts")
    return tuple(_read(hint, part) for hint, part in zip(inside, value, strict=True))
