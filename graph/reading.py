"""Reading one source into its graphs: all of it, or what came since it was read last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from graph.errors import KgError, Problem
from graph.gitrepo import Rewritten
from graph.places import Place
from graph.records import COUNT, SourceRecord
from graph.settings import Settings
from graph.sources import About, SourceKind
from graph.writer import Writer

EVERY = 500  # records between two words on how far it is
Watch = Callable[[str, int, int], None]  # what is done now, how many of how many (0: not known)
Known = dict[str, Any]  # what the store remembers of a source


@dataclass(frozen=True)
class Reading:
    """A source about to be read: where, as what, under which identity, and how to get its records."""

    place: Place
    kind: SourceKind
    source: str
    settings: Settings
    entries: Callable[[], Iterator[Any]]
    more: Callable[[About], Iterator[Any]] | None = None


@dataclass
class Taken:
    """What was written of a source: its graphs, what was doubtful, how much was understood."""

    graphs: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    about: list[list[str]] = field(default_factory=list)
    total: int = 0
    understood: int = 0


def taken_of(writer: Writer, graph: str, reading: Reading, known: Known, watch: Watch) -> Taken:
    """What came since the last reading, where the kind of source can tell; else everything."""
    same = known.get("graph") == graph and known.get("settings") == reading.settings.digest
    if reading.more and same and "about" in known:
        about = tuple((str(key), str(value)) for key, value in known["about"])
        try:
            taken = take(writer, graph, reading, reading.more(about), watch, add=True)
        except Rewritten as fault:
            watch(f"{reading.place.path}: {fault.what}", 0, 0)
        else:
            taken.graphs.update(known["graphs"])
            return taken
    return take(writer, graph, reading, reading.entries(), watch)


def take(
    writer: Writer, graph: str, reading: Reading, entries: Iterator[Any], watch: Watch, *, add: bool = False
) -> Taken:
    """Read a source into its graphs, one after the other, so that only one is held; all or none of them."""
    taken = Taken()
    try:
        for part in reading.kind.write(_heard(reading, entries, taken, watch), reading.settings):
            name = f"{graph}/{quote(part.name, safe='')}" if part.name else graph
            taken.graphs.add(name)
            if add and part.name:
                writer.revise(name, set(part.lines).union)
            else:
                writer.replace(name, part.lines, plain=part.plain)
            taken.problems.extend(part.problems)
            taken.total += part.total
            taken.understood += part.understood
    except KgError:
        for name in sorted(taken.graphs):
            writer.restore(name)
        raise
    return taken


def _heard(reading: Reading, entries: Iterator[Any], taken: Taken, watch: Watch) -> Iterator[Any]:
    """The entries as they are, with the problems among them noted and their number told."""
    step, total = f"reading {reading.place.path}", 0
    watch(step, 0, 0)
    for count, entry in enumerate(entries, 1):
        if isinstance(entry, Problem):
            taken.problems.append(entry)
        elif isinstance(entry, SourceRecord):
            taken.about = [list(pair) for pair in entry.about]
            total = int(dict(entry.about).get(COUNT, "0"))
        if count % EVERY == 0:
            watch(step, count, total)
        yield entry


def refusal(path: str, error: KgError) -> Problem:
    """Why a place cannot be read; an error of another place, or of none, is one of its settings."""
    if not error.place.startswith(path):
        return Problem(path, 0, "refused", f"its settings cannot be used: {error}", hint=error.hint)
    return Problem(path, _line_of(error), "refused", error.what, hint=error.hint)


def usable(settings: Settings | KgError) -> Settings:
    """Settings as they are. Raises the reason why they cannot be used."""
    if isinstance(settings, KgError):
        raise settings
    return settings


def _line_of(error: KgError) -> int:
    """The line that an error's place ends with, or 0."""
    tail = error.place.rpartition(":")[2]
    return int(tail) if tail.isdecimal() else 0
