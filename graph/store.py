"""The graph on disk: a directory of whole generations and a small file that names the one that counts.

    store/
    ├── CURRENT               JSON: generation, quads, sha256, hash and size of every graph, meta, file hashes
    ├── lock                  flock of the writer; says who holds it
    └── generations/000007/   one Oxigraph directory each, complete before CURRENT names it

A build makes the next generation (hard links to the one before, or empty), changes it, syncs it, and only
then replaces CURRENT by a rename; a crash at any point leaves the old pointer and the old generation as they
were. Readers open only what CURRENT names and hold a shared lock on it, so that collecting never takes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph.engine import (
    Bound,
    Limits,
    Mark,
    dump,
    evaluate,
    mark_of,
    quads_of,
    syntax_fault,
    term,
)  # fmt: skip
from graph.errors import KgError, QueryFault
from graph.generations import (
    Pointer,
    damaged,
    directory,
    earlier,
    hashes,
)  # fmt: skip
from graph.table import Table

__all__ = ["Bound", "Limits", "Reader", "syntax_fault", "term"]


class Reader:
    """The published graph, read-only; what a later build publishes needs a new Reader.

    With `generation`, an earlier build that is still kept: it can be queried, but not dumped or verified.
    Raises KgError when nothing was built yet, UnknownName for a build that is not kept, StoreDamaged when the
    store is not what its pointer says.
    """

    def __init__(self, path: str | Path, generation: int | None = None) -> None:
        self._hold = -1
        self._root = Path(path)
        self._pointer = Pointer.load(self._root)
        if generation is not None and generation != self._pointer.generation:
            self._pointer = earlier(self._root, generation)
        self._store = self._open()

    def _open(self) -> ox.Store:
        while True:
            if not self._pointer.generation:
                raise KgError("there is no graph yet", place=str(self._root), hint="run `kg build`")
            place = directory(self._root, self._pointer.generation)
            try:
                self._hold = os.open(place, os.O_RDONLY)
                fcntl.flock(self._hold, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return ox.Store.read_only(str(place))
            except (OSError, RuntimeError) as fault:
                self.close()
                self._moved_on(fault)

    def _moved_on(self, fault: Exception) -> None:
        # Two builds may have passed between reading the pointer and opening: then the pointer is another one.
        newer = Pointer.load(self._root)
        if newer.generation == self._pointer.generation or not self._pointer.files:
            place = directory(self._root, self._pointer.generation)
            raise damaged("the graph cannot be opened", place, fault) from fault
        self._pointer = newer

    def close(self) -> None:
        """Let go of the generation."""
        if self._hold >= 0:
            os.close(self._hold)
            self._hold = -1

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """Number of the build this graph comes from."""
        return self._pointer.generation

    @property
    def meta(self) -> dict[str, Any]:
        """What the build noted beside the graph."""
        return dict(self._pointer.meta)

    @property
    def count(self) -> int:
        """Statements in all graphs together."""
        return self._pointer.quads

    def graphs(self) -> dict[str, str]:
        """Graph IRI → sha256 of its sorted N-Triples lines."""
        return {graph: mark.sha256 for graph, mark in sorted(self._pointer.graphs.items())}

    def query(
        self, text: str, substitutions: Mapping[str, Bound] | None = None, *, limits: Limits | None = None
    ) -> Table | list[str]:
        """Run a query over all graphs together: SELECT and ASK give a table, CONSTRUCT sorted N-Triples.

        Raises QueryFault for a query that is no SPARQL or exceeds its limits, StoreDamaged if reading fails.
        """
        with self._guarded():
            return evaluate(self._store, text, substitutions or {}, limits)

    def select(self, text: str, substitutions: Mapping[str, Bound] | None = None) -> Table:
        """Run a SELECT or ASK over all graphs together. Raises QueryFault for another form."""
        found = self.query(text, substitutions)
        if not isinstance(found, Table):
            raise QueryFault("a SELECT was expected")
        return found

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as fault:
            raise damaged("reading failed", self._root, fault) from fault

    def nquads(self, *graphs: str) -> Iterator[str]:
        """N-Quads lines without line ends, graph after graph, sorted; of the given graphs, else of all."""
        for graph in sorted(graphs or self._pointer.graphs):
            with self._guarded():
                triples = dump(self._store, graph)
            yield from (line[:-1] for line in quads_of(graph, triples))

    def verify(self) -> list[str]:
        """Read everything and compare with the pointer; one sentence per fault, none when all is well."""
        faults = [text for g, m in sorted(self._pointer.graphs.items()) if (text := self._fault(g, m))]
        try:
            found = len(self._store)
        except (OSError, RuntimeError) as fault:
            return [*faults, f"the graph cannot be counted: {fault}"]
        if found != self.count:
            faults.append(f"{found} statements stand in the graph, {self.count} were written")
        files = hashes(directory(self._root, self.generation))
        wrong = sorted(name for name, sha in self._pointer.files.items() if files.get(name) != sha)
        return [*faults, *(f"{name} is not the file that was written" for name in wrong)]

    def _fault(self, graph: str, mark: Mark) -> str:
        try:
            found = mark_of(dump(self._store, graph))
        except (OSError, RuntimeError, ValueError) as fault:
            return f"{graph}: cannot be read: {fault}"
        return (
            "" if found == mark else f"{graph}: {found.quads} statements differ from the {mark.quads} written"
        )
