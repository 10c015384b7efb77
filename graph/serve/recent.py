"""What was worked out of late, so that it is not worked out again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The last `most` values by key; what was not asked for longest is let go. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._found: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K, make: Callable[[], V], keep: Callable[[V], bool] = lambda _: True) -> V:
        """The value of a key, made when it is not there; one that is not to `keep` is made again each time."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        if keep(made):
            with self._lock:
                self._found[key] = made
                if len(self._found) > self._most:
                    self._found.popitem(last=False)
        return made
