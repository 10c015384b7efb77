"""How well a name fits each of many things by its words, weighed by how rare they are among all of them.

A thing has several names (a slug, titles). What counts is how much of the name's weight the thing explains, and
how much of the thing's own name that is: words that the thing does not know weigh against it.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from graph.link.words import UNKNOWN, Ways, humps, one_edit, parts, raw, stem
from graph.terms import fold

SHORTLIST = 32  # things that share words with a name and are looked at closely
_SMOOTH = 50  # counts are smoothed, so that a graph of five things judges like one of a thousand
_LIGHT = 0.35  # of its weight, for a word that tells of the work and not of what it is
_ASKED, _NAMED = 0.6, 0.4  # how much each coverage counts
_PREFIX, _TYPO, _PART = 0.9, 0.9, 0.95
_PREFIX_LENGTH, _TYPO_LENGTH = 4, 6
_SHORT = 3  # letters of a usual short form: req, vol, mem
_INITIALS = range(2, 6)
_FEW = 50  # things, below which initials that one of them has are enough
_ACRONYM, _ACRONYM_WORDS = 0.9, 3
_FIRM_WORDS = 2  # a name explained in part needs this many words in common
_PHRASE = 0.08  # added where the words in common stand together in both
# Weight of a word that no thing knows: it tells more where many things are known.
_FOREIGN, _FOREIGN_MORE, _MANY = 0.85, 0.4, 500


Asked = tuple[dict[str, float], float]
"""A word of a name: the stems it can stand for, with how sure that is, and its weight."""


class Fit(NamedTuple):
    """A thing that a name may mean: its IRI, 0 to 1, and why.

    `whole` says that every word of the name is met, `phrase` that two or more of them stand together in the
    thing's name, `named` how much of that name they are.
    """

    thing: str
    score: float
    reason: str
    whole: bool = False
    phrase: bool = False
    named: float = 1.0


class Name(NamedTuple):
    """One name of a thing: words in order, and their stems."""

    words: tuple[str, ...]
    stems: tuple[str, ...]


class Index:
    """Things by the words of their names; `names` maps a thing's IRI to its names. Slips of the pen are forgiven
    unless `typos` is false."""

    def __init__(self, names: Mapping[str, Iterable[str]], ways: Ways, *, typos: bool = True) -> None:
        self.ways = ways
        self._typos = typos
        self.folded: dict[str, set[str]] = defaultdict(set)
        raws = {thing: [raw(name, ways) for name in of] for thing, of in names.items()}
        for thing, of in names.items():
            for name in of:
                self.folded[fold(name)].add(thing)
        self._pairs = self._split_words(raws)
        raws = {thing: [self._apart(words) for words in lists] for thing, lists in raws.items()}
        self._vocabulary = {word for lists in raws.values() for words in lists for word in words}
        self.names = {thing: self._named(lists) for thing, lists in raws.items()}
        self._holders = self._held()
        self._log = math.log(len(self.names) + _SMOOTH)
        self._initials = self._initial_words()
        self._acronyms = self._acronym_things()

    def _split_words(self, raws: Mapping[str, list[list[str]]]) -> dict[str, tuple[str, str]]:
        """Two words that stand together, by what they are when written as one: multiattach is multi, attach."""
        pairs = (pair for of in raws.values() for words in of for pair in itertools.pairwise(words))
        return {stem(a + b): (a, b) for a, b in sorted(pairs)}

    def _apart(self, words: list[str]) -> list[str]:
        return [half for word in words for half in self._pairs.get(stem(word), (word,))]

    def _named(self, lists: list[list[str]]) -> tuple[Name, ...]:
        found = dict.fromkeys(tuple(words) for words in lists)
        return tuple(Name(words, tuple(map(stem, words))) for words in found if words)

    def _joined(self, words: list[str]) -> list[str]:
        """Two words become one where the things' names have it so only."""
        out: list[str] = []
        for word in words:
            if out and out[-1] + word in self._vocabulary:
                out[-1] += word
            else:
                out.append(word)
        return out

    def _held(self) -> dict[str, set[str]]:
        holders: dict[str, set[str]] = defaultdict(set)
        for thing, names in self.names.items():
            for name in names:
                for word in name.stems:
                    holders[word].add(thing)
        return holders

    def _initial_words(self) -> dict[str, tuple[str, ...]]:
        """Initials → the stems of the words most things mean by them: rp → resource, provider."""
        counts: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        for names in self.names.values():
            for run in {run for name in names for run in _runs(name.stems)}:
                counts["".join(word[0] for word in run)][run] += 1
        least = 2 if len(self.names) >= _FEW else 1
        usual = {key: (found, runs[found]) for key, runs in counts.items() if (found := _usual(runs, least))}
        # Initials that are themselves a word of names stand for their words where these are the more usual.
        held = {key: len(self._holders.get(stem(key), ())) for key in usual}
        return {key: found for key, (found, count) in usual.items() if count >= 2 * held[key]}

    def _acronym_things(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for thing, names in self.names.items():
            for name in names:
                if len(name.words) >= _ACRONYM_WORDS:
                    found["".join(word[0] for word in name.words)].add(thing)
        return found

    def weight(self, stemmed: str) -> float:
        """How much a word tells, 0 to 1: rare words tell more."""
        held = len(self._holders.get(stemmed, ()))
        weight = 1 - math.log(held + 1) / self._log
        return weight * _LIGHT if stemmed in self.ways.light else weight

    # --- one name -----------------------------------------------------------------------------------------

    def fits(self, name: str) -> list[Fit]:
        """Things the name may mean, best first."""
        best: dict[str, Fit] = {}
        for nth, part in enumerate(parts(name)):
            share = _PART if nth else 1.0
            for fit in (*self._exact(part), *self._acronym(part), *self._worded(part)):
                score = fit.score * share
                if fit.thing not in best or score > best[fit.thing].score:
                    best[fit.thing] = fit._replace(score=score)
        return sorted(best.values(), key=lambda fit: (-fit.score, fit.thing))

    def _exact(self, name: str) -> list[Fit]:
        found = self.folded.get(fold(name), set())
        return [Fit(thing, 1.0, "the same name") for thing in sorted(found)]

    def _acronym(self, name: str) -> list[Fit]:
        words = raw(name, self.ways)
        told = [word for word in words if stem(word) not in self.ways.light]
        if len(told) != 1 or told[0] in self._vocabulary:
            return []
        key = told[0] if told[0] in self._acronyms else told[0].rstrip("s")
        found = self._acronyms.get(key, set())
        return [Fit(thing, _ACRONYM, f"{told[0].upper()} are its first letters") for thing in sorted(found)]

    def _worded(self, name: str) -> list[Fit]:
        asked = self.asked(name)
        total = sum(weight for _, weight in asked)
        if not total:
            return []
        found = (self._compare(asked, total, thing) for thing in self._shortlist(asked))
        return [fit for fit in found if fit.score]

    def asked(self, name: str) -> list[Asked]:
        """The words of a name: the stems each can stand for, with how sure that is, and its weight."""
        written = [word for run in raw_cased(name) for word in self._apart(self._written(run))]
        return [
            meant for word in self._joined(written) if self._asked_for(word) for meant in self._meant(word)
        ]

    def _asked_for(self, word: str) -> bool:
        """A word that only tells of the work counts where some thing has it in its name."""
        return stem(word) in self._holders or stem(word) not in self.ways.light

    def _written(self, run: str) -> list[str]:
        words = raw(run, self.ways)
        known = all(word in self._vocabulary for word in words)
        split = [] if known else [word for word in humps(run) if word not in self.ways.noise]
        return split or words

    def _meant(self, word: str) -> list[Asked]:
        stemmed = stem(word)
        singular = word if word in self._initials else word.rstrip("s")
        if singular in self._initials:
            return [({one: 1.0}, self.weight(one)) for one in self._initials[singular]]
        if stemmed in self._holders:
            begun = self._begun(word) if len(word) > _PREFIX_LENGTH + 1 else {}
            short = {word[:_SHORT]: _PREFIX} if word[:_SHORT] in self._holders and word.isalpha() else {}
            return [({**begun, **short, stemmed: 1.0}, self.weight(stemmed))]
        alike = self._begun(word) or self._mistyped(word)
        if not alike:
            return [({}, _FOREIGN + _FOREIGN_MORE * min(1.0, len(self.names) / _MANY))]
        return [(alike, max(map(self.weight, alike)))]

    def _begun(self, word: str) -> dict[str, float]:
        """Words that a short form begins."""
        if len(word) < _PREFIX_LENGTH or word.startswith(UNKNOWN) or not word.isalpha():
            return {}
        return {other: _PREFIX for other in self._holders if other.startswith(word) and other != word}

    def _mistyped(self, word: str) -> dict[str, float]:
        if not self._typos or len(word) < _TYPO_LENGTH or not word.isascii():
            return {}
        mine = stem(word)
        return {other: _TYPO for other in self._holders if other[0] == mine[0] and one_edit(mine, other)}

    def _shortlist(self, asked: list[Asked]) -> list[str]:
        shares: dict[str, float] = defaultdict(float)
        for meant, weight in asked:
            held = {thing for word in meant for thing in self._holders.get(word, ())}
            for thing in held:
                shares[thing] += weight
        heaviest = sorted(shares, key=lambda thing: (-shares[thing], len(self.names[thing][0].stems), thing))
        return heaviest[:SHORTLIST]

    def _compare(self, asked: list[Asked], total: float, thing: str) -> Fit:
        name, met = self._nearest_name(asked, thing)
        words = {word for word, _ in met if word}
        telling = words - self.ways.light
        named = self._coverage(words, name)
        if not telling or not named:
            return Fit(thing, 0.0, "")
        covered = sum(weight * sure for (_, weight), (_, sure) in zip(asked, met, strict=True))
        share = min(1.0, covered / total)
        score = 1 / (_ASKED / share + _NAMED / named)
        left, other = self._left(asked, met), self._left_of(name, words)
        phrase = _together([word for word, _ in met if word], name.stems)
        if left and len(telling) < _FIRM_WORDS:
            score *= share
        elif left and other:
            # «cross-cell snapshots» is not cross-cell resize: what remains on both sides speaks against it.
            score *= 1 - min(left / total, other)
        elif left and all(meant for meant, _ in asked) and phrase:
            score += _PHRASE
        reason = _worded_reason(share, named, name, words)
        return Fit(thing, min(score, 0.99), reason, not left, phrase, named)

    def _nearest_name(self, asked: list[Asked], thing: str) -> tuple[Name, list[tuple[str, float]]]:
        """The name of a thing that says most of what is asked, and the words met in any of its names."""
        all_words = {word for name in self.names[thing] for word in name.stems}
        met = [_best(meant, all_words) for meant, _ in asked]
        words = {word for word, _ in met if word}
        return max(self.names[thing], key=lambda name: (self._coverage(words, name), name)), met

    def _left(self, asked: list[Asked], met: list[tuple[str, float]]) -> float:
        return sum(weight for (_, weight), (word, _) in zip(asked, met, strict=True) if not word)

    def _left_of(self, name: Name, words: set[str]) -> float:
        """Share of a thing's own name that tells something and was not asked for."""
        telling = [word for word in name.stems if word not in self.ways.light]
        whole = sum(map(self.weight, telling))
        return sum(self.weight(word) for word in telling if word not in words) / whole if whole else 0.0

    def _coverage(self, words: set[str], name: Name) -> float:
        whole = sum(self.weight(word) for word in name.stems)
        return sum(self.weight(word) for word in name.stems if word in words) / whole if whole else 0.0


def raw_cased(name: str) -> list[str]:
    """Runs of a name without white space and marks, with their capitals."""
    return "".join(char if char.isalnum() else " " for char in name).split()


def _runs(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every few words that stand together."""
    return [words[at : at + size] for size in _INITIALS for at in range(len(words) - size + 1)]


def _usual(runs: Counter[tuple[str, ...]], least: int) -> tuple[str, ...]:
    """The run that stands out: in so many things at least, and in twice as many as the next."""
    ranked = sorted(runs.items(), key=lambda row: (-row[1], row[0]))
    rival = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if ranked[0][1] >= max(least, 2 * rival) else ()


def _best(meant: dict[str, float], words: set[str]) -> tuple[str, float]:
    found = [(sure, word) for word, sure in meant.items() if word in words]
    sure, word = max(found, default=(0.0, ""))
    return word, sure


def _together(words: list[str], stems: tuple[str, ...]) -> bool:
    pairs = set(itertools.pairwise(stems))
    return len(words) >= _FIRM_WORDS and all(pair in pairs for pair in itertools.pairwise(words))


def _worded_reason(share: float, named: float, name: Name, words: set[str]) -> str:
    shown = " ".join(word for word, stemmed in zip(name.words, name.stems, strict=True) if stemmed in words)
    return f"words in common: {shown} ({share:.0%} of the name, {named:.0%} of {'-'.join(name.words)!r})"
