"""The one writer of a store: graphs are replaced whole, and a commit publishes them together as a new generation."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, NamedTuple

import pyoxigraph as ox

from graph.engine import Bound, Mark, canonical, dump, evaluate, load, mark_of, remove, triples_of
from graph.errors import QueryFault, StoreDamaged
from graph.generations import (
    Pointer,
    collect,
    damaged,
    directory,
    hashes,
    json_text,
    locked,
    publish,
    sync,
    writing,
)  # fmt: skip
from graph.table import Table

BATCH = 100_000  # statements held before they are loaded


class _Change(NamedTuple):
    graph: str
    gone: list[str]
    new: list[str]
    whole: list[str]


class Writer:
    """One build: a context manager that alone may write; without `commit` nothing is changed.

    What is to be written is held until there is much of it, then loaded beside the caller's work. Entering raises
    StoreBusy when somebody else is building, StoreDamaged when the pointer cannot be read.
    """

    def __init__(self, path: str | Path) -> None:
        self._root = Path(path)
        self._lock: IO[str] | None = None
        self._base = Pointer()
        self._store: ox.Store | None = None
        self._marks: dict[str, Mark] = {}
        self._stored: set[str] = set()
        self._pending: dict[str, list[str]] = {}
        self._held = 0
        self._pool = ThreadPoolExecutor(1)
        self._loading: Future[None] | None = None

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
        with contextlib.suppress(Exception):  # what failed is told where the caller waits for it
            self._wait()
        self._pool.shutdown()
        unfinished = self._store is not None
        self._start(self._base)
        if unfinished:
            collect(self._root, self._base.generation)
        if self._lock:
            self._lock.close()

    def _start(self, pointer: Pointer) -> None:
        self._base, self._store = pointer, None
        self._marks, self._pending, self._held = dict(pointer.graphs), {}, 0
        self._stored = set(pointer.graphs)

    @property
    def meta(self) -> dict[str, Any]:
        """What the last build noted beside the graph."""
        return dict(self._base.meta)

    def graphs(self) -> dict[str, str]:
        """Graph IRI → sha256 of its sorted N-Triples lines, as they will stand after this build."""
        return {graph: mark.sha256 for graph, mark in sorted(self._marks.items())}

    def replace(self, graph: str, lines: Iterable[str], *, plain: bool = False) -> None:
        """Make the lines (N-Triples, or N-Quads of this graph) the whole content of the graph.

        Free when they are what stands there. `plain` promises that they are triples, written as the store gives them
        back: looking takes time where there are a million. Raises KgError for a
        line that is no statement or has a blank node.
        """
        triples = sorted(set(lines)) if plain else triples_of(graph, lines)
        if not triples:
            return self.drop(graph)
        mark = mark_of(triples)
        if self._marks.get(graph) == mark:
            return None
        given, triples = triples, triples if plain else canonical(graph, triples)
        if triples is not given:
            mark = mark_of(triples)
        if self._marks.get(graph) != mark:
            self._marks[graph] = mark
            self._hold(graph, triples)
        return None

    def drop(self, graph: str) -> None:
        """Take the graph away; nothing happens when there is none."""
        if self._marks.pop(graph, None):
            self._hold(graph, [])

    def revise(self, graph: str, change: Callable[[list[str]], Iterable[str]]) -> None:
        """Replace a graph by what `change` makes of its sorted triples."""
        if graph not in self._pending and graph not in self._stored:
            old = []
        elif graph in self._pending:
            old = list(self._pending[graph])
        else:
            old = dump(self._current(), graph)
        self.replace(graph, change(old))

    def restore(self, graph: str) -> None:
        """Make a graph again what it was when this build began."""
        published = self._published() if graph in self._base.graphs else None
        if published is None:
            self.drop(graph)
        else:
            self.replace(graph, dump(published, graph))

    def _hold(self, graph: str, triples: list[str]) -> None:
        self._held += len(triples) - len(self._pending.pop(graph, ()))
        self._pending[graph] = triples
        if self._held >= BATCH:
            with writing(self._root):
                self._settle()

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
            self._wait()
            pointer = self._seal(pointer)
            publish(self._root, pointer)
        self._start(pointer)
        collect(self._root, pointer.generation)
        return True

    def _current(self) -> ox.Store:
        with writing(self._root):
            self._settle()
            self._wait()
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
        """Bring what is held into the next generation; the loading itself goes on beside the caller's work."""
        if not self._pending and (self._store or not always):
            return
        self._wait()
        source = self._store or self._published()
        changes = [self._change(source, graph, lines) for graph, lines in self._pending.items()]
        loads = {change.graph: change.new for change in changes}
        if self._store is None:
            self._store, loads = self._create(source, changes, loads)
        self._stored = (self._stored | set(loads)) - {change.graph for change in changes if not change.whole}
        self._pending, self._held = {}, 0
        self._loading = self._pool.submit(load, self._store, loads)

    def _wait(self) -> None:
        loading, self._loading = self._loading, None
        if loading is not None:
            loading.result()

    def _change(self, source: ox.Store | None, graph: str, lines: list[str]) -> _Change:
        known = source is not None and graph in self._stored
        old = set(dump(source, graph)) if known and source is not None else set[str]()
        new = [line for line in lines if line not in old] if old else lines
        change = _Change(graph, sorted(old.difference(lines)), new, lines)
        if self._store is not None:
            _take(self._store, change)
        return change

    def _create(
        self, source: ox.Store | None, changes: list[_Change], loads: dict[str, list[str]]
    ) -> tuple[ox.Store, dict[str, list[str]]]:
        """The next generation, and what is still to be loaded: linked to the last one, or else written whole."""
        place = directory(self._root, self._base.generation + 1)
        gone = sum(len(change.gone) for change in changes)
        # Taking a statement away costs several times what loading one does.
        if source is not None and gone <= self._base.quads // 2:
            source.backup(str(place))
            store = ox.Store(str(place))
            for change in changes:
                _take(store, change)
            return store, loads
        whole = {change.graph: change.whole for change in changes}
        kept = [graph for graph in self._base.graphs if graph in self._marks and graph not in whole]
        return ox.Store(str(place)), {**{g: dump(source or ox.Store(), g) for g in kept}, **whole}

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
        before = directory(self._root, self._base.generation)
        return replace(pointer, files=hashes(place, before, self._base.files))


def _take(store: ox.Store, change: _Change) -> None:
    """Take away what a change no longer has, and the graph's name with its last statement."""
    remove(store, change.graph, change.gone)
    if not change.whole:
        store.remove_graph(ox.NamedNode(change.graph))
