"""What to try instead of a question that was not answered: it with the name set right, or the nearest questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.errors import AmbiguousName, KgError, UnknownName
from graph.serve.ask_index import can_answer, index_of
from graph.serve.ask_thread import ask_url
from graph.serve.layout import href
from graph.serve.state import Generation
from graph.suggest import KINDS, Asked, Index

_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"|“([^”]+)”")
FEW, MANY = 5, 20


@dataclass(frozen=True)
class Instead:
    """Something to ask instead: its words and address; the name that was set right, and the page of what it names."""

    text: str
    url: str
    name: str = ""
    thing: str = ""


@dataclass(frozen=True)
class Refused:
    """Why there is no answer, the next step, and what to ask instead; `candidates` where a name can be several."""

    what: str
    hint: str
    corrected: tuple[Instead, ...]
    questions: tuple[Instead, ...]
    candidates: bool


def refused(now: Generation, fault: KgError, question: str, after: Sequence[str]) -> Refused:
    """What is shown of a refusal."""
    index = index_of(now)
    nearest = list(fault.nearest) if isinstance(fault, UnknownName) else []
    kinds = {p.name: p.kind for q in now.catalogue.questions.values() for p in q.params}
    names = [name for name in nearest if _iri(index, name) or isinstance(fault, AmbiguousName)]
    others = [full for name in nearest if name not in names and (full := index.completed(name, kinds))]
    others = [text for text in others if _answered(now, index, text)]
    corrected = _corrected(fault.what, question, names)
    return Refused(
        fault.what, "" if nearest else fault.hint,
        tuple(Instead(text, ask_url(text, after), name, href(_iri(index, name))) for name, text in corrected[:MANY]),
        tuple(Instead(text, ask_url(text)) for text in dict.fromkeys([*others, *_near(now, index, question)]))[:FEW],
        isinstance(fault, AmbiguousName),
    )  # fmt: skip


def _iri(index: Index, name: str) -> str:
    return next((thing.iri for kind in (*KINDS, "topic") if (thing := index.exact(kind, name))), "")


def _corrected(what: str, question: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """The question with each name in the place of the word complained of; two that stand in it change places."""
    if len(names) == 2 and all(_at(question, name) for name in names):
        return [(names[0], _swapped(question, *names))]
    words = ["".join(found) for found in _QUOTED.findall(what)]
    place = next((match for word in words if (match := _at(question, word))), None)
    if place is None:
        return [(name, name) for name in names]
    return [(name, f"{question[: place.start()]}{name}{question[place.end() :]}") for name in names]


def _at(question: str, word: str) -> re.Match[str] | None:
    return re.search(re.escape(word), question, re.IGNORECASE)


def _swapped(question: str, one: str, other: str) -> str:
    both = re.compile(f"{re.escape(one)}|{re.escape(other)}", re.IGNORECASE)
    return both.sub(lambda m: other if m[0].casefold() == one.casefold() else one, question)


def _answered(now: Generation, index: Index, text: str) -> bool:
    """Whether a question with examples filled in has an answer here, as far as the index knows the question."""
    asked = next((one for one in index.questions(text, ("en", "zh")) if one.text == text), None)
    return asked is None or can_answer(now, asked)


def _near(now: Generation, index: Index, question: str) -> list[str]:
    """Questions with the words that were asked."""
    zh = any("\u3400" <= char <= "\u9fff" for char in question)
    found = list[Asked]()
    for asked in index.questions(question, ("zh",) if zh else ("en",)):
        if can_answer(now, asked):
            found.append(asked)
        if len(found) == FEW:
            break
    return [asked.text for asked in found]
