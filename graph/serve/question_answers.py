"""Answers of one build that were given last: a page, its next page and its download are one answer."""

from __future__ import annotations

import threading
from collections import OrderedDict

from graph.answers import Answer, answer
from graph.asking.asker import Understood
from graph.serve.state import Generation

MOST = 64  # answers that are kept
ROWS = 5_000  # an answer of more rows is not kept
Key = tuple[object, ...]


class Answers:
    """The last answers, by what was asked; threads may ask at the same time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, now: Generation, asked: Understood) -> Answer:
        """The answer to a question. Raises what `graph.answers.answer` raises; a refusal is not kept."""
        key = _key(asked)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = answer(now.reader, asked)
        with self._lock:
            if len(made.table.rows) <= ROWS:
                self._kept[key] = made
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made


def _key(asked: Understood) -> Key:
    named = (tuple(sorted(asked.bound.items())), tuple(sorted(asked.shown.items())))
    return (asked.question.name, *named, asked.lang, asked.limits)
