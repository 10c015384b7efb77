"""Text → words with meanings: endings and synonyms folded, asking words left out, negation tied to what it denies."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import snowballstemmer

CJK = "\u3400-\u9fff"
THING = "\ue000"  # stands in a text for each character of a thing that was found
EDGE = " \t\n?？!！.。,，;；:：~～…"
_ATOM = re.compile(
    rf"{THING}+|[a-z][a-z0-9]*(?:[-'_.+][a-z0-9]+)*|(?<![\w.])[+-]\d(?!\d)|\d+(?:[.\d]*\d)?|[{CJK}]|[?？,，;；。!！、]"
)
_BREAK = re.compile(r"[?？,，;；。!！、]")
_CLITIC = re.compile(r"(?<=[a-z])'(?:s|re|ve|ll|d|m)\b")
_NOT = re.compile(r"(?<=[a-z])n't\b|(?<=ca)nnot\b")
_stem = snowballstemmer.stemmer("english").stemWord


class Word(NamedTuple):
    """A word of a question: its meanings, where it stands, how it is written; `known` where some question knows it."""

    ids: frozenset[str]
    start: int
    end: int
    text: str
    known: bool = True

    @property
    def denied(self) -> bool:
        """Whether a negation stands before it."""
        return any(id_.startswith("!") for id_ in self.ids)


class _Atom(NamedTuple):
    key: str
    start: int
    end: int
    exact: str = ""  # `=` and the word as written


@dataclass(frozen=True)
class Lexicon:
    """Words as data: what each sequence of atoms means, and what is said of what nobody can know."""

    meanings: dict[tuple[str, ...], frozenset[str]]
    says: dict[str, dict[str, str]] = field(default_factory=dict)


_LIGHT = frozenset("a an the any of and or 的 了 被 是 和 与 及 或".split())
FILLER, NOT = "filler", "not"


def fold(text: str) -> str:
    """A text in one width and case; contractions written out. Chinese and Latin keep their places."""
    out = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‘", "'")
    out = re.sub(r"\s+", " ", out).strip(EDGE)
    return _CLITIC.sub(" ", _NOT.sub(" not", out))


def language(text: str) -> str:
    """Language of a question: Chinese when it holds a Chinese character, else English."""
    return "zh" if re.search(f"[{CJK}]", text) else "en"


@cache
def stem(word: str) -> str:
    """A word without its ending, the same for slip, slips, slipped and slipping; one with a digit stays."""
    return word if not word.isalpha() else str(_stem(word))


def atoms(text: str) -> list[_Atom]:
    """The smallest pieces: a Latin word by its stem, a Chinese character, a number, a thing, a break."""
    return [_Atom(_key(m[0]), m.start(), m.end(), f"={m[0]}") for m in _ATOM.finditer(text)]


def _key(piece: str) -> str:
    if piece[0] == THING:
        return THING
    if _BREAK.fullmatch(piece):
        return ","
    return stem(piece)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("graph.lexicon").joinpath("ask.toml").read_text("utf-8"))


@cache
def lexicon() -> Lexicon:
    """Ours, from `lexicon/ask.toml`."""
    data = _data()
    found: dict[tuple[str, ...], set[str]] = {}
    for id_, said in _meanings(data):
        for word in said:
            found.setdefault(_sequence(word), set()).add(id_)
    for ids in found.values():
        if len(ids) > 1:
            ids.discard(FILLER)
    says = {id_: dict(group["say"]) for id_, group in data.get("unknowable", {}).items()}
    return Lexicon({key: frozenset(ids) for key, ids in found.items() if key}, says)


@cache
def columns() -> dict[str, tuple[str, ...]]:
    """What a column of an answer tells, as meanings: one who sees `author` can ask who wrote it."""
    return {column: tuple(ids) for column, ids in _data()["columns"].items()}


def _sequence(word: str) -> tuple[str, ...]:
    """The atoms of a word of the lexicon; one after `=` stands for itself, without its other endings."""
    return (word,) if word.startswith("=") else tuple(atom.key for atom in atoms(fold(word)))


def _meanings(data: dict[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    for id_, said in data["signals"].items():
        yield id_, said
    for id_, said in data["same"].items():
        yield id_, said
    for id_, group in data["unknowable"].items():
        yield id_, group["words"]


class Tongue:
    """A lexicon with the words that a catalogue's questions bring; reads text into words."""

    def __init__(self, base: Lexicon) -> None:
        self._meanings: dict[tuple[str, ...], frozenset[str]] = dict(base.meanings)
        self._starts: dict[str, list[int]] = {}
        self._fixed: set[tuple[str, ...]] = set()
        for key in self._meanings:
            self._note(key)

    def _note(self, key: tuple[str, ...]) -> None:
        lengths = self._starts.setdefault(key[0], [])
        if len(key) not in lengths:
            lengths.append(len(key))
            lengths.sort(reverse=True)

    def learn(self, key: tuple[str, ...]) -> frozenset[str]:
        """Take a sequence of atoms in as a word of its own."""
        ids = frozenset({" ".join(key)})
        self._meanings[key] = ids
        self._note(key)
        return ids

    def read(self, text: str, *, learn: bool = False) -> list[Word]:
        """The words of a folded text that carry meaning; with `learn`, what is not known becomes a word."""
        return list(_denied(self._words(atoms(text), text, learn)))

    def learned(self, text: str) -> list[Word]:
        """The words of a condition. One that has more than articles between its words stands for itself as a whole.

        `on a patch` is then said by these very words, not by every `patch`; to other questions it means the same as
        the words in it.
        """
        found = atoms(text)
        key = tuple(atom.key for atom in found)
        if key in self._fixed:
            return [Word(frozenset({" ".join(key)}), 0, len(text), text)]
        words = self.read(text, learn=True)
        dropped = [word for word in self._words(found, text, False) if FILLER in word.ids]
        if len(found) < 2 or all(word.text in _LIGHT for word in dropped):
            return words
        self._fixed.add(key)
        ids = frozenset({" ".join(key)}).union(*(word.ids for word in words))
        self._meanings[key] = ids
        self._note(key)
        return [Word(frozenset({" ".join(key)}), 0, len(text), text)]

    def common(self, text: str) -> bool:
        """Whether every word of a text is one that questions are made of."""
        found = atoms(text)
        return all(word.known for word in self._words(found, text, False))

    def _words(self, found: list[_Atom], text: str, learn: bool) -> Iterator[Word]:
        at = 0
        while at < len(found):
            size, ids = self._longest(found, at)
            if not ids:
                size = self._strange(found, at)
                key = tuple(atom.key for atom in found[at : at + size])
                ids = self.learn(key) if learn else frozenset()
            start, end = found[at].start, found[at + size - 1].end
            known = bool(ids)
            yield Word(ids or frozenset({f"?{text[start:end]}"}), start, end, text[start:end], known)
            at += size

    def _longest(self, found: list[_Atom], at: int) -> tuple[int, frozenset[str]]:
        if found[at].key in (THING, ","):
            return 1, frozenset({FILLER if found[at].key == "," else THING})
        if (found[at].exact,) in self._meanings:
            return 1, self._meanings[found[at].exact,]
        for size in self._starts.get(found[at].key, ()):
            ids = self._meanings.get(tuple(atom.key for atom in found[at : at + size]))
            if ids and len(found) - at >= size:
                return size, ids
        return 0, frozenset()

    def _strange(self, found: list[_Atom], at: int) -> int:
        """Length of what nobody knows: a Latin word, or Chinese characters up to the next that is known."""
        end = at + 1
        if re.match(f"[{CJK}]", found[at].key):
            while (
                end < len(found)
                and re.match(f"[{CJK}]", found[end].key)
                and found[end].start == found[end - 1].end
                and not self._longest(found, end)[1]
            ):
                end += 1
        return end - at


def _denied(words: Iterable[Word]) -> Iterator[Word]:
    """Fillers, things and breaks left out; a negation goes with the next word that carries meaning."""
    open_ = False
    for word in words:
        if word.ids == {NOT}:
            open_ = True
        elif FILLER not in word.ids and THING not in word.ids:
            ids = frozenset(f"!{id_}" for id_ in word.ids) if open_ and word.known else word.ids
            yield word._replace(ids=ids)
            open_ = False
