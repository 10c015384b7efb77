"""Answers of one build that were given last: a page, its next page and its download are one answer."""

from __future__ import annotations

from graph.answers import Answer, answer
from graph.asking.asker import Understood
from graph.serve.recent import Recent
from graph.serve.state import Generation

MOST = 64  # answers that are kept
ROWS = 5_000  # an answer of more rows is not kept
Key = tuple[object, ...]


def answered(now: Generation, asked: Understood) -> Answer:
    """The answer to a question. Raises what `graph.answers.answer` raises; a refusal is not kept."""
    recent: Recent[Key, Answer] = now.kept("answers", lambda: Recent(MOST))
    return recent.get(
        _key(asked), lambda: answer(now.reader, asked), lambda made: len(made.table.rows) <= ROWS
    )


def _key(asked: Understood) -> Key:
    named = (tuple(sorted(asked.bound.items())), tuple(sorted(asked.shown.items())))
    return (asked.question.name, *named, asked.lang, asked.limits)
