"""Generations of a store on disk: the pointer that names the one that counts, lock, syncing, collecting."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from graph.engine import Mark
from graph.errors import KgError, StoreBusy, StoreDamaged, UnknownName

REBUILD = "move the directory away and run `kg build`: everything in it is made from the sources"


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
        return json.dumps({**body, "check": _sha(json_text(body))}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def load(cls, root: Path) -> Pointer:
        """Read CURRENT; generation 0 when there is none. Raises StoreDamaged when it is not as written."""
        place = root / "CURRENT"
        try:
            body = json.loads(place.read_text("utf-8"))
            if body.pop("check") != _sha(json_text(body)):
                raise ValueError("its hash does not fit")
            graphs = {g: Mark(*mark) for g, mark in body["graphs"].items()}
            return cls(int(body["generation"]), graphs, body["meta"], body["files"])
        except FileNotFoundError:
            return cls()
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as fault:
            raise damaged("the pointer cannot be read", place, fault) from fault


def damaged(what: str, place: Path, fault: Exception) -> StoreDamaged:
    """A StoreDamaged that names what to do."""
    return StoreDamaged(f"{what}: {fault}", place=str(place), hint=REBUILD)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def json_text(value: object) -> str:
    """JSON with sorted keys: the same value gives the same text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def hashes(place: Path, before: Path | None = None, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """sha256 of every file that holds data: a query reads one index of several, so damage can hide.

    A file that is a link to one of the generation `before` has the hash `known` of that one: such files are
    written once and never again.
    """
    found = {}
    for path in sorted(place.iterdir()):
        if not path.name.startswith("LO"):  # LOG and LOCK, which opening rewrites
            old = (known or {}).get(path.name, "")
            linked = old and before is not None and _same_file(path, before / path.name)
            found[path.name] = old if linked else _file_sha(path)
    return found


def _same_file(one: Path, other: Path) -> bool:
    return other.exists() and one.samefile(other)


def _file_sha(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def kept(root: Path) -> list[int]:
    """Numbers of the builds that can still be read, oldest first; the last is the published one."""
    last = Pointer.load(root).generation
    found = [int(place.name) for place in (root / "generations").glob("[0-9]*") if place.name.isdecimal()]
    return sorted(number for number in found if number <= last)


def earlier(root: Path, generation: int) -> Pointer:
    """A bare pointer to an earlier build. Raises UnknownName with those kept when it is not."""
    builds = kept(root)
    if generation not in builds:
        hint = f"kept are {', '.join(map(str, builds)) or 'none'}"
        raise UnknownName(f"build {generation} is not kept", hint=hint)
    return Pointer(generation)


def directory(root: Path, generation: int) -> Path:
    """Where a generation stands."""
    return root / "generations" / f"{generation:06d}"


@contextlib.contextmanager
def writing(root: Path) -> Iterator[None]:
    """Turn what Oxigraph and the disk refuse into a KgError."""
    try:
        yield
    except (OSError, RuntimeError) as fault:
        hint = "look whether the disk is full or read-only"
        raise KgError(f"the store cannot be written: {fault}", place=str(root), hint=hint) from fault


def locked(path: Path) -> IO[str]:
    """The lock of the only writer; StoreBusy names who holds it."""
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


def publish(root: Path, pointer: Pointer) -> None:
    """Make a pointer the current one, in one rename that survives power loss."""
    draft = root / "CURRENT.tmp"
    draft.write_text(pointer.dump(), "utf-8")
    sync(draft)
    draft.replace(root / "CURRENT")
    sync(root)


def sync(path: Path) -> None:
    """fsync a file or directory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def collect(root: Path, generation: int) -> None:
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
