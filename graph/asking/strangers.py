"""Words that nobody knows: part of a name said in another way, a name misspelt, or truly unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from graph import profile
from graph.asking.mentions import Mention
from graph.asking.things import Finder
from graph.asking.words import CJK, Word, stem
from graph.errors import AmbiguousName, UnknownName
from graph.names import Named, Names, ambiguous
from graph.terms import fold

REACH = 6  # words of a name said in another way, at most
LIKE, LIKE_RELEASE = 0.8, 0.72  # share of letters in place from which a word is a slip of the hand
SHORTEST = 4  # letters of a word that may be misspelt
SHOWN = 8  # names that a misspelt word may be meant for
IDENTIFIER = re.compile(r"[a-z][a-z0-9]*[-_.][a-z0-9]|[a-z]\d")  # no word of a language, but of a program


_TITLES = "SELECT DISTINCT ?title WHERE { ?meeting a kg:Meeting ; dcterms:title ?title }"


class Strangers:
    """Finds what unknown words may stand for, among the names of one graph."""

    def __init__(self, names: Names, finder: Finder) -> None:
        self._names = names
        self._finder = finder

    @cached_property
    def _spellings(self) -> dict[str, dict[str, set[str]]]:
        """By kind, what a word can be a misspelt form of: whole names, and each word of a person's; and whose it is."""
        found: dict[str, dict[str, set[str]]] = {kind: {} for kind in ("release", "feature", "person")}
        for kind, known in found.items():
            for thing in self._names.of(kind):
                names = [name.casefold() for name in thing.names]
                words = [word for name in names for word in name.split()] if kind == "person" else []
                for name in {*names, *words}:
                    if len(name) >= SHORTEST and not name[0].isdigit():
                        known.setdefault(name, set()).add(thing.shown)
        return found

    def of_us(self, word: str) -> bool:
        """Whether a word is of the community's name or of its meetings' titles, in either language."""
        return stem(word) in self._ours

    @cached_property
    def _ours(self) -> frozenset[str]:
        community = profile.load()
        titles = [str(title) for (title,) in self._names.reader.select(_TITLES).rows]
        said = " ".join((community.name, community.title, *titles)).casefold()
        words = {stem(word) for word in re.findall(r"[a-z]+", said)}
        spoken = {
            term for term, meant in community.link_words if all(stem(word) in words for word in meant.split())
        }
        return frozenset(words | spoken)

    def named(self, text: str, mentions: Sequence[Mention], words: Sequence[Word]) -> list[Mention]:
        """The mentions with those that unknown words turn out to be.

        Raises UnknownName with the names that were meant when a word is misspelt or can be any of several.
        """
        found = [_with_apposition(text, mention, words) for mention in mentions]
        fault: UnknownName | None = None
        for start, end in (*self._translated(text, words), *_runs(text, found, words)):
            if any(m.start < end and start < m.end for m in found):
                continue
            try:
                thing = self._thing(text[start:end])
            except AmbiguousName as error:
                # What is half made of words that questions use is hardly a name.
                within = [w for w in words if start <= w.start and w.end <= end]
                fault = fault or (error if not any(w.known for w in within) else None)
                continue
            if thing:
                found.append(self._finder.named(text, start, end, *thing))
        rest = [
            w for w in words if not w.known and not any(m.start < w.end and w.start < m.end for m in found)
        ]
        for written in (*_adjacent(text, rest), *(word.text for word in rest)):
            misspelt = self._misspelt(written)
            if misspelt:
                raise misspelt
        if fault and rest and not any(IDENTIFIER.search(word.text) for word in rest):
            raise fault
        return sorted(found, key=lambda m: m.start)

    def _translated(self, text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
        """Stretches made of the community's own translations of words in names, around an unknown word."""
        terms = sorted(
            (term for term, _ in profile.load().link_words if re.search(f"[{CJK}]", term)), key=len
        )
        if not terms:
            return
        one = "|".join(map(re.escape, reversed(terms)))
        for match in re.finditer(
            rf"(?:(?:{one})\s*|[a-z][a-z0-9-]*\s*(?={one})|(?<=[{CJK}])\s*[a-z][a-z0-9-]*)+", text
        ):
            end = match.start() + len(match[0].rstrip())
            if any(not w.known and w.start < end and match.start() < w.end for w in words):
                yield match.start(), end

    def _thing(self, words: str) -> tuple[str, Named] | None:
        """The feature or person that a run of words names. Raises AmbiguousName when it can be several."""
        spoken_in = re.search(f"[{CJK}]", words)
        if not spoken_in and len(re.split(r"[\s\-_]+", words.strip())) < 2:
            return self._of_one_word(words.strip())
        try:
            thing = self._names.thing("feature", words)
        except AmbiguousName:
            raise
        except UnknownName:
            return None
        if spoken_in:
            return "feature", thing
        # Letters alone can be short for much: one of the words must stand in the name.
        if not any(_part(word, thing) for word in re.split(r"[\s\-_]+", words)):
            return None
        self._check_alone(words, thing)
        return "feature", thing

    def _check_alone(self, words: str, thing: Named) -> None:
        """Raise AmbiguousName when other features have all these words in their names too."""
        if any(fold(name) == fold(words) for name in thing.names):
            return
        asked = {stem(word) for word in re.split(r"[\s\-_]+", words)}
        others = {
            t.shown for t in self._names.of("feature") if any(asked <= _stems(name) for name in t.names)
        }
        if len(others | {thing.shown}) > 1:
            raise ambiguous(words, others | {thing.shown})

    def _of_one_word(self, word: str) -> tuple[str, Named] | None:
        """A feature or person whose whole name one word is; of people by a first or last name, the candidates."""
        for kind in ("feature", "person"):
            exact = [t for t in self._names.of(kind) if any(name.casefold() == word for name in t.names)]
            others = [t for t in self._names.of(kind) if t not in exact and _part(word, t)]
            if len(exact) == 1 and (exact[0].spoken or kind == "feature" or not others):
                return kind, exact[0]
        for kind in ("person", "feature"):
            shown = tuple(sorted({t.shown for t in self._names.of(kind) if _part(word, t)}))
            if len(shown) == 1:
                raise AmbiguousName(
                    f"no {kind} is just {word!r}", nearest=shown, hint=f"did you mean {shown[0]}?"
                )
            if shown:
                raise ambiguous(word, shown)
        return None

    def _misspelt(self, word: str) -> UnknownName | None:
        """What a word is nearly the name of: a release, a feature, a person."""
        from rapidfuzz import process  # noqa: PLC0415 - needed for a word that nobody knows only
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        if len(word) < SHORTEST or re.search(f"[{CJK}]", word):
            return None
        for kind, least in (("release", LIKE_RELEASE), ("feature", LIKE), ("person", LIKE)):
            if kind != "release" and len(word) <= SHORTEST:
                continue  # one letter is too much of so short a word
            near = process.extractOne(
                word, list(self._spellings[kind]), scorer=OSA.normalized_similarity, score_cutoff=least
            )
            if near:
                meant = tuple(sorted(self._spellings[kind][near[0]]))[:SHOWN]
                return UnknownName(
                    f"no {kind} is known as {word!r}", nearest=meant, hint=f"did you mean {', '.join(meant)}?"
                )
        return None


def _with_apposition(text: str, mention: Mention, words: Sequence[Word]) -> Mention:
    """A thing in brackets with the unknown words right before them, or with those in brackets behind it.

    Either way they call it by another name, or say what it is.
    """
    told = re.match(r"\s*\([^()]*\)", text[mention.end :])
    if told and any(not w.known and mention.end <= w.start < mention.end + told.end() for w in words):
        return replace(mention, end=mention.end + told.end())
    opened = re.search(r"\(\s*$", text[: mention.start])
    closed = re.match(r"\s*\)", text[mention.end :])
    if not opened or not closed:
        return mention
    clause = re.search(r"[^,;:.，；：。]{0,40}$", text[: opened.start()])
    first = opened.start() - len(clause[0]) if clause else opened.start()
    before = [w.start for w in words if not w.known and first <= w.start < opened.start()]
    return replace(mention, start=min(before, default=opened.start()), end=mention.end + closed.end())


def _adjacent(text: str, words: Sequence[Word]) -> Iterator[str]:
    """Two unknown words with only a blank between them, as in a first and a last name."""
    for one, two in pairwise(words):
        if text[one.end : two.start] == " ":
            yield text[one.start : two.end]


def _stems(name: str) -> set[str]:
    return {stem(part) for part in re.split(r"[\s\-_]+", name.casefold())}


def _part(word: str, thing: Named) -> bool:
    """Whether a word is one of the words of a name, in whatever form."""
    return any(stem(word) in _stems(name) for name in thing.names)


def _runs(text: str, mentions: Sequence[Mention], words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Stretches of the text around each unknown word, the longest first, that hold no thing found already."""
    pieces = [m.span() for m in re.finditer(rf"[a-z0-9][a-z0-9._+-]*|[{CJK}]+", text)]
    free = [p for p in pieces if not any(m.start < p[1] and p[0] < m.end for m in mentions)]
    strange = [(w.start, w.end) for w in words if not w.known]
    meaning = {(w.start, w.end) for w in words}
    for size in range(REACH, 0, -1):
        for at in range(len(free) - size + 1):
            start, end = free[at][0], free[at + size - 1][1]
            holds = any(start <= s and e <= end for s, e in strange)
            # A name neither begins nor ends with a word that only joins.
            ends = any(s <= start < e for s, e in meaning) and any(s < end <= e for s, e in meaning)
            if holds and ends and not any(m.start < end and start < m.end for m in mentions):
                yield start, end
