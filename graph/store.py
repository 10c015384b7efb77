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
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, NamedTuple

import pyoxigraph as ox

from graph.engine import (
    Bound,
    Limits,
    Mark,
    canonical,
    dump,
    evaluate,
    load,
    mark_of,
    quads_of,
    remove,
    syntax_fault,
    term,
    triples_of,
)  # fmt: skip
from graph.errors import KgError, QueryFault, StoreDamaged
from graph.generations import (
    Pointer,
    collect,
    damaged,
    directory,
    earlier,
    hashes,
    json_text,
    locked,
    publish,
    sync,
    writing,
)  # fmt: skip
from graph.table import Table

__all__ = ["Bound", "Limits", "Reader", "Writer", "syntax_fault", "term"]


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
        """Graph IRI → sha256 of its sorted N-Quads lines."""
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
            found = mark_of(graph, dump(self._store, graph))
        except (OSError, RuntimeError, ValueError) as fault:
            return f"{graph}: cannot be read: {fault}"
        return (
            "" if found == mark else f"{graph}: {found.quads} statements differ from the {mark.quads} written"
        )


class _Change(NamedTuple):
    graph: str
    gone: list[str]
    new: list[str]
    whole: list[str]


class Writer:
    """One build: a context manager that alone may write; without `commit` nothing is changed.

    Entering raises StoreBusy when somebody else is building, StoreDamaged when the pointer cannot be read.
    """

    def __init__(self, path: str | Path) -> None:
        self._root = Path(path)
        self._lock: IO[str] | None = None
        self._base = Pointer()
        self._store: ox.Store | None = None
        self._marks: dict[str, Mark] = {}
        self._pending: dict[str, list[str]] = {}

    def __enter__(self) -> Writer:
        with writing(self._root):
            (self._root / "generations").mkdir(parents=True, exist_ok=True)
            self._lock = locked(self._root / "lock")
        try:
            self._start(Pointer.load(self._root))
            collect(self._root, self._base.generation)
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        unfinished = self._store is not None
        self._start(self._base)
        if unfinished:
            collect(self._root, self._base.generation)
        if self._lock:
            self._lock.close()

    def _start(self, pointer: Pointer) -> None:
        self._base, self._store = pointer, None
        self._marks, self._pending = dict(pointer.graphs), {}

    @property
    def meta(self) -> dict[str, Any]:
        """What the last build noted beside the graph."""
        return dict(self._base.meta)

    def graphs(self) -> dict[str, str]:
        """Graph IRI → sha256 of its sorted N-Quads lines, as they will stand after this build."""
        return {graph: mark.sha256 for graph, mark in sorted(self._marks.items())}

    def replace(self, graph: str, lines: Iterable[str]) -> None:
        """Make the lines (N-Triples, or N-Quads of this graph) the whole content of the graph.

        Free when they are what stands there. Raises KgError for a line that is no statement or has a blank
        node.
        """
        triples = triples_of(graph, lines)
        if not triples:
            return self.drop(graph)
        if self._marks.get(graph) == mark_of(graph, triples):
            return None
        triples = canonical(graph, triples)
        mark = mark_of(graph, triples)
        if self._marks.get(graph) != mark:
            self._marks[graph], self._pending[graph] = mark, triples
        return None

    def drop(self, graph: str) -> None:
        """Take the graph away; nothing happens when there is none."""
        if self._marks.pop(graph, None):
            self._pending[graph] = []

    def select(self, text: str, substitutions: Mapping[str, Bound] | None = None) -> Table:
        """Run a SELECT over all graphs together as they stand in this build."""
        found = evaluate(self._current(), text, substitutions or {}, None)
        if not isinstance(found, Table):
            raise QueryFault("a SELECT was expected")
        return found

    def construct(self, text: str) -> list[str]:
        """Run a CONSTRUCT over all graphs together as they stand in this build: sorted N-Triples lines."""
        found = evaluate(self._current(), text, {}, None)
        if isinstance(found, Table):
            raise QueryFault("a CONSTRUCT was expected")
        return found

    def commit(self, meta: Mapping[str, Any]) -> bool:
        """Publish the build; False when neither a graph nor meta (JSON values) differs from the last one."""
        base, noted = self._base, json.loads(json_text(dict(meta)))
        if base.generation and self._marks == base.graphs and noted == base.meta:
            return False
        pointer = Pointer(base.generation + 1, dict(self._marks), noted)
        with writing(self._root):
            self._settle(always=True)
            pointer = self._seal(pointer)
            publish(self._root, pointer)
        self._start(pointer)
        collect(self._root, pointer.generation)
        return True

    def _current(self) -> ox.Store:
        with writing(self._root):
            self._settle()
        return self._store or self._published() or ox.Store()

    def _published(self) -> ox.Store | None:
        if not self._base.generation:
            return None
        place = directory(self._root, self._base.generation)
        try:
            return ox.Store.read_only(str(place))
        except (OSError, RuntimeError) as fault:
            raise damaged("the graph cannot be opened", place, fault) from fault

    def _settle(self, *, always: bool = False) -> None:
        if not self._pending and (self._store or not always):
            return
        source = self._store or self._published()
        changes = [_change(source, graph, lines) for graph, lines in self._pending.items()]
        target = self._store or self._create(source, changes)
        if target is not None:
            for change in changes:
                remove(target, change.graph, change.gone)
                load(target, change.graph, change.new)
                if not change.whole:
                    target.remove_graph(ox.NamedNode(change.graph))
            self._store = target
        self._pending = {}

    def _create(self, source: ox.Store | None, changes: list[_Change]) -> ox.Store | None:
        """The next generation: linked to the last and still to be changed, or else (None) written whole."""
        place = directory(self._root, self._base.generation + 1)
        gone = sum(len(change.gone) for change in changes)
        # Taking a statement away costs several times what loading one does.
        if source is not None and gone <= self._base.quads // 2:
            source.backup(str(place))
            return ox.Store(str(place))
        self._store = ox.Store(str(place))
        whole = {change.graph: change.whole for change in changes}
        for graph in self._marks:
            load(self._store, graph, whole[graph] if graph in whole else dump(source or ox.Store(), graph))
        return None

    def _seal(self, pointer: Pointer) -> Pointer:
        """Check, flush and close the new generation, sync its files, and note their hashes."""
        store, self._store = self._store, None
        if store is None or len(store) != pointer.quads:
            raise StoreDamaged("the new graph does not hold what was written; nothing was published")
        store.flush()
        del store
        place = directory(self._root, pointer.generation)
        for path in (*place.iterdir(), place, place.parent, self._root):
            sync(path)
        return replace(pointer, files=hashes(place))


def _change(source: ox.Store | None, graph: str, lines: list[str]) -> _Change:
    old = set(dump(source, graph)) if source is not None else set[str]()
    return _Change(graph, sorted(old.difference(lines)), [line for line in lines if line not in old], lines)
