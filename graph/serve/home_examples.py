"""Questions of the catalogue that have an answer in this graph, with names filled in, in the reader's language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from graph.answers import answer
from graph.errors import KgError
from graph.serve.ask_index import can_answer, index_of
from graph.serve.ask_thread import ask_url
from graph.serve.home_releases import known_releases
from graph.serve.state import Generation
from graph.suggest import Asked, Phrase, Slot, Thing

SHOWN = 10
TRIED = 24  # questions that are asked to find those with an answer
# What most readers come for, by what a question takes; all others come after.
_FIRST = (("release", "release"), ("feature",), (), ("release",), ("person",), ("bug",))


@dataclass(frozen=True)
class Example:
    """A question to try: its words, its address."""

    text: str
    url: str


def examples_of(now: Generation, lang: str) -> list[Example]:
    """Up to SHOWN questions about different things; each has an answer once that was found out (`find_out`)."""
    texts: Sequence[str] = now.kept(f"examples {lang}", lambda: [a.text for a in _likely(now, lang)][:SHOWN])
    sure: dict[str, list[str]] = now.kept("sure examples", dict)
    return [Example(text, ask_url(text)) for text in sure.get(lang, texts)]


def sure_examples(now: Generation, lang: str) -> list[Example]:
    """Those that were found to have an answer; none until `find_out` is through, so that nobody waits."""
    sure: dict[str, list[str]] = now.kept("sure examples", dict)
    return [Example(text, ask_url(text)) for text in sure.get(lang, ())]


def find_out(now: Generation, lang: str) -> None:
    """Ask the likely ones, and keep those that have rows for `examples_of`; takes a second or two."""
    found = list[str]()
    for asked in list(_likely(now, lang))[:TRIED]:
        if len(found) < SHOWN and _answered(now, asked.text):
            found.append(asked.text)
    if found:
        now.kept("sure examples", dict[str, list[str]])[lang] = found


def _answered(now: Generation, text: str) -> bool:
    try:
        rows = answer(now.reader, now.asker.understand(text)).table.dicts()
    except KgError:
        return False
    # A release that only the package names is no answer out of this graph.
    told = {None, "", *known_releases(now).told}
    return any(row.get("release") in told for row in rows)


def _likely(now: Generation, lang: str) -> Iterator[Asked]:
    """One phrase of each question, questions about different kinds of things in turn."""
    groups: dict[tuple[str, ...], list[Phrase]] = defaultdict(list)
    for phrase in _firsts(index_of(now).asked, lang):
        groups[tuple(slot.kind for slot in phrase.slots)].append(phrase)
    for turn in zip_longest(*(groups[kinds] for kinds in sorted(groups, key=_weight))):
        for phrase in turn:
            asked = _filled(now, phrase) if phrase else None
            if asked and can_answer(now, asked):
                yield asked


def _weight(kinds: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return (_FIRST.index(kinds) if kinds in _FIRST else len(_FIRST), kinds)


def _firsts(phrases: Iterable[Phrase], lang: str) -> list[Phrase]:
    """The first phrase of each question in a language."""
    found: dict[str, Phrase] = {}
    for phrase in phrases:
        if phrase.lang == lang:
            found.setdefault(phrase.question, phrase)
    return list(found.values())


def _filled(now: Generation, phrase: Phrase) -> Asked | None:
    values: dict[str, Thing] = {}
    for slot in phrase.slots:
        found = index_of(now).examples(Slot(slot.name, slot.kind), values)
        if not found:
            return None
        values[slot.name] = found[0]
    return Asked(phrase.question, phrase.said(values), values)
