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
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, NamedTuple

import pyoxigraph as ox

from graph.errors import KgError, QueryFault, StoreBusy, StoreDamaged, UsageFault
from graph.table import Cell, Table
from graph.terms import PREFIXES

Bound = tuple[str, str]
"""A value for a parameter: its kind (`iri`, `string`, or an XSD type such as `date`) and its text."""

XSD = PREFIXES["xsd"]
_KINDS = frozenset({"integer", "decimal", "double", "boolean", "date", "dateTime", "gYearMonth", "gYear"})
_CHUNK = 100_000
_REBUILD = "move the directory away and run `kg build`: everything in it is made from the sources"
_IRI = r'<[^<>"\\\x00-\x20]*>'
_BODY = r'[^"\\\x00-\x1f\x7f]*'
# A line of this shape comes back from Oxigraph letter for letter; other numbers and escapes may be rewritten.
_PLAIN = re.compile(
    rf'{_IRI} {_IRI} (?:{_IRI}|"{_BODY}(?:\\["\\nrt]{_BODY})*"(?:@[a-z]{{1,8}}(?:-[a-z0-9]{{1,8}})*)?'
    rf'|"(?:0|-?[1-9]\d{{0,17}})"\^\^<{XSD}integer>|"(?:true|false)"\^\^<{XSD}boolean>'
    rf'|"\d{{4}}-\d\d-\d\d"\^\^<{XSD}date>|"\d{{4}}-\d\d"\^\^<{XSD}gYearMonth>) \.'
)
_BLANK = re.compile(r"_:|<[^>]*> <[^>]*> _:")
_NUMBERS: dict[str, type[int | float]] = {"integer": int, "decimal": float, "double": float}


class Mark(NamedTuple):
    """What a graph holds: the hash of its sorted N-Quads lines, and how many they are."""

    sha256: str
    quads: int


@dataclass(frozen=True)
class Pointer:
    """The contents of CURRENT; generation 0 is a store that was never built."""

    generation: int = 0
    graphs: Mapping[str, Mark] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def quads(self) -> int:
        """Statements in all graphs together."""
        return sum(mark.quads for mark in self.graphs.values())

    @property
    def sha256(self) -> str:
        """Hash of the whole content, whatever order it was written in."""
        lines = (f"<{graph}> {mark.sha256}\n" for graph, mark in sorted(self.graphs.items()))
        return _sha("".join(lines))

    def dump(self) -> str:
        """As JSON text, with a hash over itself."""
        body = {
            "generation": self.generation,
            "quads": self.quads,
            "sha256": self.sha256,
            "graphs": {g: list(m) for g, m in sorted(self.graphs.items())},
            "meta": dict(self.meta),
            "files": dict(self.files),
        }
        return json.dumps({**body, "check": _sha(_json(body))}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def load(cls, root: Path) -> Pointer:
        """Read CURRENT; generation 0 when there is none. Raises StoreDamaged when it is not as written."""
        place = root / "CURRENT"
        try:
            body = json.loads(place.read_text("utf-8"))
            if body.pop("check") != _sha(_json(body)):
                raise ValueError("its hash does not fit")
            graphs = {g: Mark(*mark) for g, mark in body["graphs"].items()}
            return cls(int(body["generation"]), graphs, body["meta"], body["files"])
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as fault:
            raise _damaged("the pointer cannot be read", place, fault) from fault


def _damaged(what: str, place: Path, fault: Exception) -> StoreDamaged:
    return StoreDamaged(f"{what}: {fault}", place=str(place), hint=_REBUILD)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _hashes(place: Path) -> dict[str, str]:
    """sha256 of every file that holds data: a query reads one index of several, so damage can hide."""
    found = {}
    for path in sorted(place.iterdir()):
        if not path.name.startswith("LO"):  # LOG and LOCK, which opening rewrites
            with path.open("rb") as handle:
                found[path.name] = hashlib.file_digest(handle, "sha256").hexdigest()
    return found


def _directory(root: Path, generation: int) -> Path:
    return root / "generations" / f"{generation:06d}"


# ---- lines ------------------------------------------------------------------------------------------------


def _triples(graph: str, lines: Iterable[str]) -> list[str]:
    """Sorted lines without their graph; a triple about the graph itself (three spaces) is no quad."""
    tail = f" <{graph}> ."
    short = {
        line[: -len(tail)] + " ." if line.endswith(tail) and line.count(" ") != 3 else line
        for line in (line.rstrip("\r\n") for line in lines)
    }
    return sorted(short)


def _mark(graph: str, triples: list[str]) -> Mark:
    digest = hashlib.sha256()
    for start in range(0, len(triples), _CHUNK):
        digest.update("".join(_quads(graph, triples[start : start + _CHUNK])).encode())
    return Mark(digest.hexdigest(), len(triples))


def _quads(graph: str, triples: Iterable[str]) -> Iterator[str]:
    return (f"{line[:-1]}<{graph}> .\n" for line in triples)


def _canonical(graph: str, triples: list[str]) -> list[str]:
    """The lines as the store will give them back: it rewrites numbers, times, escapes and language tags."""
    odd = [line for line in triples if not _PLAIN.fullmatch(line)]
    if not odd:
        return triples
    memory = ox.Store()
    _load(memory, graph, odd)
    mended = _dump(memory, graph)
    blank = next((line for line in mended if _BLANK.match(line)), None)
    if blank is not None:
        hint = "mint an IRI: blank nodes get new names at every load"
        raise KgError(f"blank node in {blank}", place=graph, hint=hint)
    return sorted({*mended, *(line for line in triples if _PLAIN.fullmatch(line))})


def _load(store: ox.Store, graph: str, triples: list[str]) -> None:
    # A bulk load writes files of its own each time, which pays only when there is much to load.
    load = store.bulk_load if len(triples) >= 20_000 else store.load
    for start in range(0, len(triples), _CHUNK):
        text = "\n".join(triples[start : start + _CHUNK]).encode()
        try:
            load(input=text, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph))
        except (SyntaxError, ValueError) as fault:
            raise KgError(f"a line is not N-Triples: {fault}", place=graph) from fault


def _dump(store: ox.Store, graph: str) -> list[str]:
    text = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph)) or b""
    return sorted(text.decode().split("\n"))[1:]


def _remove(store: ox.Store, graph: str, triples: list[str]) -> None:
    name = ox.NamedNode(graph)
    for quad in ox.parse(input="\n".join(triples).encode(), format=ox.RdfFormat.N_TRIPLES):
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object, name))


# ---- results ----------------------------------------------------------------------------------------------


def term(kind: str, value: str) -> ox.NamedNode | ox.Literal:
    """An RDF term of a kind named in `Bound`. Raises UsageFault for an unknown kind or no IRI."""
    if kind == "string":
        return ox.Literal(value)
    if kind == "iri":
        try:
            return ox.NamedNode(value)
        except ValueError as fault:
            raise UsageFault(f"{value!r} is no IRI: {fault}") from fault
    if kind not in _KINDS:
        hint = f"one of iri, string, {', '.join(sorted(_KINDS))}"
        raise UsageFault(f"{kind!r} is no kind of value", hint=hint)
    return ox.Literal(value, datatype=ox.NamedNode(XSD + kind))


def _cell(value: object) -> Cell:
    if value is None:
        return None
    if not isinstance(value, ox.Literal):
        return value.value if isinstance(value, ox.NamedNode) else str(value)
    kind = value.datatype.value.removeprefix(XSD)
    if kind == "boolean":
        return value.value == "true"
    if kind in _NUMBERS:
        with contextlib.suppress(ValueError):
            return _NUMBERS[kind](value.value)
    return value.value


class Limits(NamedTuple):
    """How much a result may hold: rows (or lines), and characters in all."""

    rows: int
    characters: int


def _capped(rows: Iterable[tuple[Cell, ...]], limits: Limits | None) -> Iterator[tuple[Cell, ...]]:
    size = 0
    for count, row in enumerate(rows, 1):
        if limits:
            size += sum(len(str(cell)) for cell in row)
            if count > limits.rows or size > limits.characters:
                much = f"{limits.rows:,} rows" if count > limits.rows else f"{limits.characters:,} characters"
                raise QueryFault(f"the answer is larger than {much}", hint="add a LIMIT, or ask for less")
        yield row


def _ask(
    store: ox.Store, text: str, bound: Mapping[str, Bound]
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    terms: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {}
    terms.update((ox.Variable(name), term(*value)) for name, value in bound.items())
    try:
        return store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True, substitutions=terms)
    except SyntaxError as fault:
        raise syntax_fault(text, fault) from fault
    except RuntimeError as fault:
        raise QueryFault(str(fault), hint="a parameter must stand in the outer SELECT") from fault


def _evaluate(
    store: ox.Store, text: str, bound: Mapping[str, Bound], limits: Limits | None
) -> Table | list[str]:
    found = _ask(store, text, bound)
    if isinstance(found, ox.QueryBoolean):
        return Table(("answer",), ((bool(found),),))
    if isinstance(found, ox.QuerySolutions):
        names = tuple(v.value for v in found.variables)
        rows = (tuple(map(_cell, solution)) for solution in found)
        return Table(names, tuple(_capped(rows, limits)))
    lines = ((f"{triple} .",) for triple in found)
    return sorted({str(line) for (line,) in _capped(lines, limits)})


def syntax_fault(text: str, fault: SyntaxError, place: str = "query") -> QueryFault:
    """A readable form of Oxigraph's syntax error, which lists every character that could have come next."""
    found = re.match(r"error at (\d+):(\d+): ", str(fault))
    line, column = (int(found[1]), int(found[2])) if found else (1, 1)
    rows = text.split("\n")
    near = rows[line - 1][max(0, column - 1) :].strip() if line <= len(rows) else ""
    known = re.search("Prefix not found|The SELECT contains a variable that is unbound", str(fault))
    what = f"syntax error at column {column}" + (f", before {near[:40]!r}" if near else ", at its end")
    hint = known[0] if known else "check braces, full stops and keywords just before this point"
    return QueryFault(what, place=f"{place}:{line}", hint=hint)


# ---- reading ----------------------------------------------------------------------------------------------


class Reader:
    """The published graph, read-only; what a later build publishes needs a new Reader.

    Raises KgError when nothing was built yet, StoreDamaged when the store is not what its pointer says.
    """

    def __init__(self, path: str | Path) -> None:
        self._hold = -1
        self._root = Path(path)
        self._pointer = Pointer.load(self._root)
        self._store = self._open()

    def _open(self) -> ox.Store:
        while True:
            if not self._pointer.generation:
                raise KgError("there is no graph yet", place=str(self._root), hint="run `kg build`")
            place = _directory(self._root, self._pointer.generation)
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
        if newer.generation == self._pointer.generation:
            place = _directory(self._root, newer.generation)
            raise _damaged("the graph cannot be opened", place, fault) from fault
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
            return _evaluate(self._store, text, substitutions or {}, limits)

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as fault:
            raise _damaged("reading failed", self._root, fault) from fault

    def nquads(self, *graphs: str) -> Iterator[str]:
        """N-Quads lines without line ends, graph after graph, sorted; of the given graphs, else of all."""
        for graph in sorted(graphs or self._pointer.graphs):
            with self._guarded():
                triples = _dump(self._store, graph)
            yield from (line[:-1] for line in _quads(graph, triples))

    def verify(self) -> list[str]:
        """Read everything and compare with the pointer; one sentence per fault, none when all is well."""
        faults = [text for g, mark in sorted(self._pointer.graphs.items()) if (text := self._fault(g, mark))]
        try:
            found = len(self._store)
        except (OSError, RuntimeError) as fault:
            return [*faults, f"the graph cannot be counted: {fault}"]
        if found != self.count:
            faults.append(f"{found} statements stand in the graph, {self.count} were written")
        files = _hashes(_directory(self._root, self.generation))
        wrong = sorted(name for name, sha in self._pointer.files.items() if files.get(name) != sha)
        return [*faults, *(f"{name} is not the file that was written" for name in wrong)]

    def _fault(self, graph: str, mark: Mark) -> str:
        try:
            found = _mark(graph, _dump(self._store, graph))
        except (OSError, RuntimeError, ValueError) as fault:
            return f"{graph}: cannot be read: {fault}"
        return (
            "" if found == mark else f"{graph}: {found.quads} statements differ from the {mark.quads} written"
        )


# ---- writing ----------------------------------------------------------------------------------------------


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
        with _writing(self._root):
            (self._root / "generations").mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self._root / "lock")
        try:
            self._start(Pointer.load(self._root))
            _collect(self._root, self._base.generation)
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        unfinished = self._store is not None
        self._start(self._base)
        if unfinished:
            _collect(self._root, self._base.generation)
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
        triples = _triples(graph, lines)
        if not triples:
            return self.drop(graph)
        if self._marks.get(graph) == _mark(graph, triples):
            return None
        triples = _canonical(graph, triples)
        mark = _mark(graph, triples)
        if self._marks.get(graph) != mark:
            self._marks[graph], self._pending[graph] = mark, triples
        return None

    def drop(self, graph: str) -> None:
        """Take the graph away; nothing happens when there is none."""
        if self._marks.pop(graph, None):
            self._pending[graph] = []

    def select(self, text: str, substitutions: Mapping[str, Bound] | None = None) -> Table:
        """Run a SELECT over all graphs together as they stand in this build."""
        found = _evaluate(self._current(), text, substitutions or {}, None)
        if not isinstance(found, Table):
            raise QueryFault("a SELECT was expected")
        return found

    def construct(self, text: str) -> list[str]:
        """Run a CONSTRUCT over all graphs together as they stand in this build: sorted N-Triples lines."""
        found = _evaluate(self._current(), text, {}, None)
        if isinstance(found, Table):
            raise QueryFault("a CONSTRUCT was expected")
        return found

    def commit(self, meta: Mapping[str, Any]) -> bool:
        """Publish the build; False when neither a graph nor meta (JSON values) differs from the last one."""
        base, noted = self._base, json.loads(_json(dict(meta)))
        if base.generation and self._marks == base.graphs and noted == base.meta:
            return False
        pointer = Pointer(base.generation + 1, dict(self._marks), noted)
        with _writing(self._root):
            self._settle(always=True)
            pointer = self._seal(pointer)
            _publish(self._root, pointer)
        self._start(pointer)
        _collect(self._root, pointer.generation)
        return True

    def _current(self) -> ox.Store:
        with _writing(self._root):
            self._settle()
        return self._store or self._published() or ox.Store()

    def _published(self) -> ox.Store | None:
        if not self._base.generation:
            return None
        place = _directory(self._root, self._base.generation)
        try:
            return ox.Store.read_only(str(place))
        except (OSError, RuntimeError) as fault:
            raise _damaged("the graph cannot be opened", place, fault) from fault

    def _settle(self, *, always: bool = False) -> None:
        if not self._pending and (self._store or not always):
            return
        source = self._store or self._published()
        changes = [_change(source, graph, lines) for graph, lines in self._pending.items()]
        target = self._store or self._create(source, changes)
        if target is not None:
            for change in changes:
                _remove(target, change.graph, change.gone)
                _load(target, change.graph, change.new)
                if not change.whole:
                    target.remove_graph(ox.NamedNode(change.graph))
            self._store = target
        self._pending = {}

    def _create(self, source: ox.Store | None, changes: list[_Change]) -> ox.Store | None:
        """The next generation: linked to the last and still to be changed, or else (None) written whole."""
        place = _directory(self._root, self._base.generation + 1)
        gone = sum(len(change.gone) for change in changes)
        # Taking a statement away costs several times what loading one does.
        if source is not None and gone <= self._base.quads // 2:
            source.backup(str(place))
            return ox.Store(str(place))
        self._store = ox.Store(str(place))
        whole = {change.graph: change.whole for change in changes}
        for graph in self._marks:
            _load(self._store, graph, whole[graph] if graph in whole else _dump(source or ox.Store(), graph))
        return None

    def _seal(self, pointer: Pointer) -> Pointer:
        """Check, flush and close the new generation, sync its files, and note their hashes."""
        store, self._store = self._store, None
        if store is None or len(store) != pointer.quads:
            raise StoreDamaged("the new graph does not hold what was written; nothing was published")
        store.flush()
        del store
        place = _directory(self._root, pointer.generation)
        for path in (*place.iterdir(), place, place.parent, self._root):
            _sync(path)
        return replace(pointer, files=_hashes(place))


def _change(source: ox.Store | None, graph: str, lines: list[str]) -> _Change:
    old = set(_dump(source, graph)) if source is not None else set[str]()
    return _Change(graph, sorted(old.difference(lines)), [line for line in lines if line not in old], lines)


@contextlib.contextmanager
def _writing(root: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as fault:
        hint = "look whether the disk is full or read-only"
        raise KgError(f"the store cannot be written: {fault}", place=str(root), hint=hint) from fault


def _locked(path: Path) -> IO[str]:
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        handle.seek(0)
        holder = handle.read().strip() or "another process"
        handle.close()
        hint = "wait until it is done, then try again"
        raise StoreBusy(f"{holder} is building", place=str(path.parent), hint=hint) from fault
    handle.truncate(0)
    handle.write(f"process {os.getpid()} (since {time.strftime('%Y-%m-%d %H:%M:%S')})\n")
    handle.flush()
    return handle


def _publish(root: Path, pointer: Pointer) -> None:
    draft = root / "CURRENT.tmp"
    draft.write_text(pointer.dump(), "utf-8")
    _sync(draft)
    draft.replace(root / "CURRENT")
    _sync(root)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _collect(root: Path, generation: int) -> None:
    """Remove all generations but the published one, the one before, and those that a reader holds."""
    for place in (root / "generations").iterdir():
        if place.name.isdecimal() and int(place.name) not in {generation, generation - 1}:
            _discard(place)


def _discard(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(place)
    except BlockingIOError:
        pass
    finally:
        os.close(handle)
