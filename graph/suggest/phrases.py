"""Things that have names, and ways of asking in which such names have their places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graph.question import SLOT
from graph.sparql import QueryFile

_ASIDE = re.compile(r"[\s\-_'\"`“”‘’?？。!！,，、:：;；#()（）]+")


def squeezed(text: str) -> str:
    """Text as it is compared.

    >>> squeezed("从 Nested-Resource 推迟？")
    '从nestedresource推迟'
    """
    return _ASIDE.sub("", plain(text))


def plain(text: str) -> str:
    """Text without differences of width and case."""
    return unicodedata.normalize("NFKC", text).casefold()


@dataclass(frozen=True)
class Thing:
    """Something with a page: its kind, IRI, the name to show, all its names, a word on it.

    `rank`: the smaller, the sooner it is offered among equals.
    """

    kind: str
    iri: str
    label: str
    names: tuple[str, ...]
    note: str = ""
    rank: int = 0


class Slot(NamedTuple):
    """A place of a phrase where a name of a kind belongs."""

    name: str
    kind: str


@dataclass(frozen=True)
class Phrase:
    """One way of asking a question: its words and slots in turn, `plain` the words without the slots."""

    question: str
    lang: str
    parts: tuple[str | Slot, ...]
    keys: tuple[str | Slot, ...]
    plain: str

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots, in order."""
        return tuple(part for part in self.parts if isinstance(part, Slot))

    def said(self, values: Mapping[str, Thing]) -> str:
        """The phrase with names in its slots."""
        return "".join(values[p.name].label if isinstance(p, Slot) else p for p in self.parts)


def phrases(questions: Iterable[QueryFile]) -> list[Phrase]:
    """Every way of asking every question, the catalogue's order kept."""
    return [
        phrase
        for question in questions
        for lang, texts in question.phrases.items()
        for text in texts
        if (phrase := _phrase(question, lang, text))
    ]


def _phrase(question: QueryFile, lang: str, text: str) -> Phrase | None:
    kinds = {param.name: param.kind for param in question.params}
    pieces = SLOT.split(text)  # words and names of slots in turn
    if any(name not in kinds for name in pieces[1::2]):
        return None
    parts = [Slot(p, kinds[p]) if n % 2 else p for n, p in enumerate(pieces)]
    keys = [p if isinstance(p, Slot) else squeezed(p) for p in parts]
    plain = " ".join(p for p in parts if isinstance(p, str)).casefold()
    return Phrase(question.name, lang, tuple(p for p in parts if p), tuple(k for k in keys if k), plain)
