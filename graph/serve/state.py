"""What all requests share: the store's newest generation, and what was worked out from it.

A build publishes a new generation by replacing the pointer file; the first request after that opens it. A request
keeps the one it began with, and the old one is let go when the last request that reads it ends.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from graph.asking.asker import Asker
from graph.names import Names
from graph.queries import Catalogue
from graph.store import Reader

T = TypeVar("T")


class Generation:
    """One build of the graph, and what is known of it; each part is worked out when it is first asked for."""

    def __init__(self, reader: Reader, extra: Sequence[Path] = ()) -> None:
        self.reader = reader
        self._extra = tuple(extra)
        self._kept: dict[str, Any] = {}
        self._making: dict[str, threading.RLock] = {}
        self._lock = threading.Lock()

    @property
    def number(self) -> int:
        """Number of the build."""
        return self.reader.generation

    def kept(self, key: str, make: Callable[[], T]) -> T:
        """The value of a key, made once; two requests that ask for it at the same time wait for one making."""
        if key not in self._kept:
            with self._lock:
                making = self._making.setdefault(key, threading.RLock())
            with making:
                if key not in self._kept:
                    self._kept[key] = make()
        return cast("T", self._kept[key])

    @property
    def names(self) -> Names:
        """All names of the graph."""
        return self.kept("names", lambda: Names(self.reader))

    @property
    def catalogue(self) -> Catalogue:
        """All questions."""
        return self.kept("catalogue", lambda: Catalogue.load(self._extra, quick=True))

    @property
    def asker(self) -> Asker:
        """Understands questions; one a day, as `last week` is counted from today."""
        today = datetime.date.today()
        return self.kept(f"asker {today}", lambda: Asker(self.catalogue, self.names, today))

    def warm(self, *more: Callable[[Generation], object]) -> None:
        """Read what the first question would wait for, and call `more`."""
        for kind in ("release", "feature", "person"):
            self.names.of(kind)
        _ = self.asker
        for each in more:
            each(self)


@dataclass
class Serving:
    """The store that is served, the language where a reader names none, and the time limit of a query (seconds).

    extra: folders with more questions; warmers: called with each new build, behind the requests.
    """

    store: Path
    lang: str = "en"
    timeout: float = 10.0
    extra: tuple[Path, ...] = ()
    warmers: tuple[Callable[[Generation], object], ...] = ()
    _now: Generation | None = None
    _seen: tuple[int, int, int] = (0, 0, 0)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Generation:
        """The newest build. Raises KgError when there is none, StoreDamaged when it cannot be opened."""
        mark = self._mark()
        if self._now is None or mark != self._seen:
            with self._lock:
                if self._now is None or mark != self._seen:
                    self._open(mark)
        return cast("Generation", self._now)

    def _open(self, mark: tuple[int, int, int]) -> None:
        reader = Reader(self.store)
        if self._now is None or reader.generation != self._now.number:
            self._now = Generation(reader, self.extra)
            threading.Thread(target=self._now.warm, args=self.warmers, daemon=True).start()
        self._seen = mark

    def _mark(self) -> tuple[int, int, int]:
        """What tells one pointer file from the next: it is replaced by a rename."""
        try:
            stat = (self.store / "CURRENT").stat()
        except OSError:
            return (0, 0, 0)
        return (stat.st_ino, stat.st_mtime_ns, stat.st_size)
