"""The kinds of source there are: how each is recognised, read into records, and written as triples.

A row is all that the build needs of a kind. A place is offered to the rows in order, folders to those that take
folders; the first that knows it reads it.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from graph import aliases, closings, corrections, dumps, gitrepo, places, quads
from graph.errors import KgError, Problem
from graph.note_quads import NoteQuads
from graph.profile import Profile
from graph.readers import notes
from graph.readers.text import MAX_BYTES
from graph.records import NoteRecord, TextRecord
from graph.settings import Folders, Settings

About = tuple[tuple[str, str], ...]
Entries = Iterator[Any]  # records of one reader, and problems between them
MAX_DUMP_LINE = 16_000_000  # characters; a note is one line of its dump


class Segment(NamedTuple):
    """A graph's worth of a source: its name (empty for the main one), its lines, how much was understood.

    `problems` are those that came up behind the reader; `plain` is what `Writer.replace` says of it.
    """

    name: str
    lines: list[str]
    total: int = 0
    understood: int = 0
    problems: tuple[Problem, ...] = ()
    plain: bool = False


@dataclass(frozen=True)
class SourceKind:
    """A kind of source. `sniff` gets the path and a file's first bytes (none for a folder).

    `more` reads only what came since the SourceRecord with those pairs: its main segment is whole, the lines of the
    others come to those that are there. Raises Rewritten where everything must be read again.
    """

    name: str
    takes: Literal["file", "folder", "either"]
    sniff: Callable[[Path, bytes, Profile], bool]
    read: Callable[[Path, str, Settings], Entries]
    write: Callable[[Entries, Settings], Iterator[Segment]]
    more: Callable[[Path, str, Settings, About], Entries] | None = None


# --- text beside the notes, and the notes ---------------------------------------------------------------------


def _bytes(path: Path, limit: int) -> bytes:
    data = places.read_bytes(str(path), limit)
    if isinstance(data, Problem):
        raise KgError(data.what, place=str(path), hint=data.hint)
    return data


def _read_note(path: Path, source: str, _: Settings) -> Entries:
    record, problems = notes.read(_bytes(path, MAX_BYTES), source)
    return itertools.chain([] if record is None else [record], problems)


def _write_note(entries: Entries, settings: Settings) -> Iterator[Segment]:
    found = list(entries)
    problems = [entry for entry in found if isinstance(entry, Problem)]
    for record in found:
        if isinstance(record, NoteRecord):
            yield _note(record, problems, settings)


def _note(record: NoteRecord, problems: list[Problem], settings: Settings) -> Segment:
    found = settings.extractor.extract(record)
    rows, dropped, unmet = corrections.apply(found.facts, settings.corrections, record.source)
    right = {row.correction.line for row in (*dropped, *(done for _, done in rows if done))}
    found_odd = (p for p in found.problems if p.kind != "odd" or p.line not in right)
    understood = len(found.understood)
    info = quads.SourceInfo(
        record.source, record.sha256, record.title, f"{notes.NAME} {notes.VERSION}", found.lines, understood
    )
    writer = NoteQuads(settings.profile, info)
    told = [*found_odd, *unmet]
    for problem in (*problems, *told):
        writer.out.problem(problem)
    return Segment("", writer.write(rows, dropped), found.lines, understood, tuple(told))


def _read_text(path: Path, source: str, _: Settings) -> Entries:
    data = _bytes(path, MAX_BYTES)
    text = data.decode("utf-8", errors="replace")
    yield TextRecord(source, hashlib.sha256(data).hexdigest(), text)


def _write_closings(entries: Entries, settings: Settings) -> Iterator[Segment]:
    for record in entries:
        rows = closings.parse(record.text, record.source)
        lines = quads.closing_lines(settings.profile, record.source, record.sha256, rows)
        yield Segment("", lines, len(rows), len(rows))


def _write_aliases(entries: Entries, settings: Settings) -> Iterator[Segment]:
    for record in entries:
        rows = aliases.parse(record.text, record.source)
        lines = quads.alias_lines(settings.profile, record.source, record.sha256, rows)
        yield Segment("", lines, len(rows), len(rows))


# --- repositories and their kin ---------------------------------------------------------------------------------


def _read_git(path: Path, source: str, settings: Settings) -> Entries:
    from graph.readers import git  # noqa: PLC0415

    return git.read(path, source, settings.profile)


def _more_git(path: Path, source: str, settings: Settings, about: About) -> Entries:
    from graph.readers import git  # noqa: PLC0415

    return git.read(path, source, settings.profile, about)


def _read_specs(path: Path, source: str, settings: Settings) -> Entries:
    from graph.readers import specs  # noqa: PLC0415

    return specs.read(path, source, settings.profile)


def _read_releases(path: Path, source: str, settings: Settings) -> Entries:
    from graph.readers import releases  # noqa: PLC0415

    return releases.read(path, source, settings.profile)


def _read_gerrit(path: Path, source: str, settings: Settings) -> Entries:
    from graph.readers import gerrit  # noqa: PLC0415

    return gerrit.read(path, source, settings.profile)


def _segments(found: Iterable[tuple[str, list[str]]], *, plain: bool = False) -> Iterator[Segment]:
    return (Segment(name, lines, plain=plain) for name, lines in found)


def _write_git(entries: Entries, settings: Settings) -> Iterator[Segment]:
    from graph import commit_quads  # noqa: PLC0415 - a build with nothing changed writes nothing

    return _segments(commit_quads.write(settings.profile, entries), plain=True)


def _write_specs(entries: Entries, settings: Settings) -> Iterator[Segment]:
    from graph import spec_quads  # noqa: PLC0415

    return _segments(spec_quads.write(settings.profile, entries))


def _write_releases(entries: Entries, settings: Settings) -> Iterator[Segment]:
    from graph import release_quads  # noqa: PLC0415

    return _segments(release_quads.write(settings.profile, entries))


def _write_gerrit(entries: Entries, settings: Settings) -> Iterator[Segment]:
    from graph import gerrit_quads  # noqa: PLC0415

    return _segments(gerrit_quads.write(settings.profile, entries))


def _sniff_gerrit(path: Path, _: bytes, __: Profile) -> bool:
    from graph.readers import gerrit  # noqa: PLC0415

    return gerrit.sniff(path)


def _sniff_specs(path: Path, _: bytes, profile: Profile) -> bool:
    from graph.readers import specs  # noqa: PLC0415

    return specs.sniff(path, profile)


def _sniff_releases(path: Path, _: bytes, profile: Profile) -> bool:
    from graph.readers import releases  # noqa: PLC0415

    return releases.sniff(path, profile)


def _sniff_git(path: Path, _: bytes, profile: Profile) -> bool:
    from graph.readers import git  # noqa: PLC0415

    return git.sniff(path, profile)


SOURCES: tuple[SourceKind, ...] = (
    SourceKind("closings", "file", lambda path, *_: path.name == closings.FILE, _read_text, _write_closings),
    SourceKind("aliases", "file", lambda path, *_: path.name == aliases.FILE, _read_text, _write_aliases),
    SourceKind("gerrit", "file", _sniff_gerrit, _read_gerrit, _write_gerrit),
    SourceKind("specs", "folder", _sniff_specs, _read_specs, _write_specs),
    SourceKind("releases", "either", _sniff_releases, _read_releases, _write_releases),
    SourceKind("git", "folder", _sniff_git, _read_git, _write_git, _more_git),
    SourceKind("notes", "file", lambda path, head, _: notes.sniff(path.name, head), _read_note, _write_note),
)
_BY_NAME = {kind.name: kind for kind in SOURCES}


def kind_of(path: Path, head: bytes, profile: Profile, *, folder: bool = False) -> SourceKind | None:
    """The first row that knows a place; files and folders are shown only to rows that take them."""
    takes = ("folder", "either") if folder else ("file", "either")
    return next((kind for kind in SOURCES if kind.takes in takes and kind.sniff(path, head, profile)), None)


def named(kind: str, place: str) -> SourceKind:
    """The row of a name. Raises KgError for one that a dump should not name."""
    if kind not in _BY_NAME:
        raise KgError(
            f"records of the kind {kind!r} are not known", place=place, hint="was it made by a newer kg?"
        )
    return _BY_NAME[kind]


# --- dumps --------------------------------------------------------------------------------------------------------


def _rows(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as handle:
        while row := handle.readline(MAX_DUMP_LINE):
            yield row.rstrip("\n")


def read_dump(path: Path) -> tuple[dumps.Header, Entries]:
    """A dump's identity and its records. Raises KgError when its first line is no header."""
    rows = _rows(path)
    return dumps.header_of(next(rows, ""), str(path)), dumps.entries(rows, str(path))


class Opened(NamedTuple):
    """A place about to be read: what reads it, its identity in the graph, its folder's settings, its records."""

    kind: SourceKind
    source: str
    settings: Settings
    entries: Entries


def opened(path: Path, identity: str = "") -> Opened:
    """A source, or a dump of one, under an identity of one's own where that is given.

    Raises KgError when nothing reads it, or its settings cannot be used.
    """
    folder = path.is_dir()
    head = b"" if folder else places.head_of(str(path))
    if isinstance(head, Problem):
        raise KgError(head.what, place=str(path), hint=head.hint)
    settings = Folders().of(str(path), folder=folder)
    if isinstance(settings, KgError):
        raise settings
    if dumps.sniff(head):
        header, entries = read_dump(path)
        name = identity or header.source
        return Opened(named(header.kind, str(path)), name, settings, _renamed(entries, header.source, name))
    kind = kind_of(path, head, settings.profile, folder=folder)
    if kind is None:
        raise KgError(
            "no kind of source is known for it", place=str(path), hint="give notes, or a repository"
        )
    name = identity or places.normal(str(path))
    return Opened(kind, name, settings, kind.read(path, name, settings))


def _renamed(entries: Entries, old: str, new: str) -> Entries:
    for entry in entries:
        yield replace(entry, source=new) if getattr(entry, "source", None) == old != new else entry


# --- has it changed? ----------------------------------------------------------------------------------------------


def stamp(path: Path) -> str:
    """A digest that differs when what is read there differs; of a repository, its refs.

    Raises KgError when the place cannot be read.
    """
    if gitrepo.is_repository(path):
        return _refs_stamp(path)
    if path.is_dir():
        return _tree_stamp(path)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as handle:
            while chunk := handle.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        raise KgError(
            f"cannot be read: {error.strerror}", place=str(path), hint="check its permissions"
        ) from error
    return digest.hexdigest()


def _refs_stamp(path: Path) -> str:
    with gitrepo.GitRepo(path) as repo:
        refs = repo.refs()
        return hashlib.sha256(repr((repo.head(refs), refs, sorted(repo.shallow))).encode()).hexdigest()


def _tree_stamp(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        digest.update(path.relative_to(folder).as_posix().encode("utf-8", "replace") + b"\0")
        digest.update(stamp(path).encode())
    return digest.hexdigest()
