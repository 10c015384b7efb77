"""A conversation without a memory of ours: the address holds the questions, and each is understood after those before.

What came of the last conversations is kept beside the build, so that a follow-up does not ask all of it again.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from urllib.parse import urlencode

from graph.answers import Answer, answer
from graph.asking.dialogue import MEMORY, Dialogue
from graph.errors import KgError
from graph.serve.recent import Recent
from graph.serve.state import Generation

KEPT = 128  # answers
LONGEST = 1000  # characters of a question
Told = Answer | KgError
_Key = tuple[str, ...]


class Talks:
    """What was answered of late, by the questions that led to it."""

    def __init__(self, now: Generation) -> None:
        self._now = now
        self._known: Recent[_Key, Told] = Recent(KEPT)

    def told(self, questions: Sequence[str]) -> Told:
        """What the last of some questions is answered after the others: an answer, or why there is none."""
        thread = tuple(questions)
        # `last week` is another one tomorrow.
        return self._known.get((datetime.date.today().isoformat(), *thread), lambda: self._asked(thread))

    def _asked(self, thread: _Key) -> Told:
        dialogue = Dialogue(self._now.asker)
        for n in range(1, len(thread)):
            before = self.told(thread[:n])
            if isinstance(before, Answer):
                dialogue.heard(before.understood, before.table)
        try:
            return answer(self._now.reader, dialogue.understand(thread[-1]))
        except KgError as fault:
            return fault


def talks_of(now: Generation) -> Talks:
    """The conversations over a build."""
    return now.kept("talks", lambda: Talks(now))


def thread_of(question: str, after: Sequence[str]) -> list[str]:
    """The questions of an address in the order they were asked: the last ones that a question can lean on."""
    asked = [" ".join(text.split())[:LONGEST] for text in (*after, question)]
    return [text for text in asked if text][-MEMORY - 1 :]


def ask_url(question: str, after: Sequence[str] = (), **more: str) -> str:
    """The address of an answer after some other questions."""
    pairs = [("q", question), *(("after", text) for text in after[-MEMORY:]), *more.items()]
    return "/ask?" + urlencode(pairs)
