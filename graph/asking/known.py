"""The words by which a question of the catalogue is known."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graph.asking.mentions import role_before, without_nouns
from graph.asking.words import Tongue, columns, fold
from graph.question import Condition
from graph.sparql import QueryFile

CORE = 0.6  # share of a question's phrases that hold what it is about
Ids = frozenset[str]
Phrase = tuple[Ids, ...]


@dataclass(frozen=True)
class OnlyWords:
    """Words that call for a condition, as meanings, and as they are shown."""

    phrase: Phrase
    condition: Condition
    shown: dict[str, str]


@dataclass(frozen=True)
class Known:
    """The words of one question: its phrases, key words, conditions; from or to before its slots.

    `core` is what it is about, `turns` what puts a question of whether the other way round.
    """

    question: QueryFile
    phrases: tuple[Phrase, ...]
    keys: Ids
    words: Ids
    core: Ids
    turns: Ids
    onlys: tuple[OnlyWords, ...]
    units: dict[str, Ids]
    roles: dict[str, frozenset[str]]


def known_of(question: QueryFile, tongue: Tongue) -> Known:
    """A question's words; those that the tongue does not know become words of it."""
    texts = [phrase for phrases in question.phrases.values() for phrase in phrases]
    kinds = {param.name: param.kind for param in question.params}
    phrases = tuple(_phrase(without_nouns(fold(text), kinds), tongue) for text in texts)
    keys = _ids(_phrase(fold(word), tongue) for words in question.keywords.values() for word in words)
    shown = frozenset(id_ for column in question.columns for id_ in columns().get(column, ()))
    onlys = tuple(
        OnlyWords(phrase, only.condition, _names(question, only.condition))
        for only in question.onlys
        for word in only.words
        if (phrase := tuple(word.ids for word in tongue.learned(fold(word))))
    )
    units = {
        number.column: _ids(_phrase(fold(word), tongue) for word in number.words)
        for number in question.numbers
    }
    roles = {param.name: _roles(param.name, texts) for param in question.params}
    turns = _ids(_phrase(fold(word), tongue) for word in question.turns)
    words = keys | shown | turns | _ids(phrases)
    return Known(question, phrases, keys, words, _core(phrases), turns, onlys, units, roles)


def _names(question: QueryFile, condition: Condition) -> dict[str, str]:
    """What a condition is called in each language: the first of its words there."""
    found: dict[str, str] = {}
    for only in question.onlys:
        if only.condition == condition:
            found.setdefault(only.lang, only.words[0])
    return found


def _phrase(text: str, tongue: Tongue) -> Phrase:
    return tuple(word.ids for word in tongue.read(text, learn=True))


def _core(phrases: Sequence[Phrase]) -> Ids:
    """What a question is about: the meanings that most of its phrases hold."""
    held = Counter(id_ for phrase in phrases for id_ in _ids([phrase]))
    return frozenset(id_ for id_, count in held.items() if count >= CORE * len(phrases))


def _ids(phrases: Iterable[Phrase]) -> Ids:
    return frozenset(id_ for phrase in phrases for ids in phrase for id_ in ids)


def _roles(name: str, texts: Iterable[str]) -> frozenset[str]:
    """What stands before a parameter's slot: from, to, or nothing of the kind."""
    found = set()
    for text in map(fold, texts):
        for match in re.finditer(rf"\{{{name}\}}", text):
            found.add(role_before(text[: match.start()]))
    return frozenset(found)


@dataclass
class Weights:
    """How telling a word is: the fewer questions know it, the more."""

    known: Sequence[Known]
    _seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for each in self.known:
            self._seen.update(_ids(each.phrases))

    def of(self, ids: Ids) -> float:
        """Weight of a word by its meanings."""
        most = max((self._seen[id_] for id_ in ids), default=0)
        return 0.3 + math.log(1 + len(self.known) / (1 + most))
