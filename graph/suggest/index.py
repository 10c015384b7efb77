"""All names and phrases of a graph, and what a text can be the beginning of."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from graph.question import SLOT
from graph.suggest.phrases import Phrase, Slot, Thing, plain, squeezed

MOST = 10
SHORTEST = 3  # letters from which a name may be found in the middle of another
PER_SLOT = 4  # values offered for one slot
ENDS = ("from", "to")  # slots of a pair of releases, of which the one tells what the other can be
_KEY = re.compile(r"(?:i[0-9a-f]{4,40}|\d{4,8}|[0-9a-f]{7,40})")
_PIECE = re.compile(r"[^\W\u3400-\u9fff](?:[^\s\u3400-\u9fff])*|[\u3400-\u9fff]+|\S")


@dataclass(frozen=True)
class Asked:
    """A question that can be asked: its name in the catalogue, its words, and what its slots were filled with."""

    question: str
    text: str
    values: Mapping[str, Thing]


# What may stand in a slot of a kind.
_FITS = {"feature": ("feature", "topic"), "topic": ("topic", "feature"), "newest": ("version", "release"),
         "date": ("meeting",)}  # fmt: skip


@dataclass
class Index:
    """All things and phrases of a graph; `fillers` are good examples by kind, `pairs` of releases, best first.

    `keys` are things that are known by one key only and are too many to be looked through: kind → key → IRI.
    """

    things: Sequence[Thing]
    asked: Sequence[Phrase] = ()
    fillers: Mapping[str, Sequence[Thing]] = field(default_factory=dict)
    pairs: Sequence[tuple[str, str]] = ()
    keys: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._exact: dict[tuple[str, str], Thing] = {}
        self._twice: set[tuple[str, str]] = set()
        rows = []
        for thing in self.things:
            for name in thing.names:
                rows.append((squeezed(name), thing, plain(name)))
                self._enter(thing, squeezed(name))
        self._rows = [row for row in rows if row[0]]
        self._sorted = sorted({(key, thing.rank, thing.iri) for key, thing, _ in self._rows})
        self._by_iri = {thing.iri: thing for thing in self.things}
        self._folded = {kind: _folded(kind, known) for kind, known in self.keys.items()}
        self._lists = {kind: sorted(known) for kind, known in self._folded.items()}

    def _enter(self, thing: Thing, key: str) -> None:
        """A name that two things of a kind have names neither, unless the one stands before the other."""
        at = (thing.kind, key)
        known = self._exact.setdefault(at, thing)
        if known.iri != thing.iri:
            if known.rank == thing.rank:
                self._twice.add(at)
            elif thing.rank < known.rank:
                self._exact[at] = thing
                self._twice.discard(at)

    @cached_property
    def by_name(self) -> dict[str, Thing]:
        """Things by every name, as names are compared; what stands before others comes first."""
        return {key: thing for key, thing, _ in sorted(self._rows, key=lambda row: -row[1].rank)}

    # --- things -----------------------------------------------------------------------------------------------------

    def exact(self, kind: str, text: str) -> Thing | None:
        """The thing of a kind (as a slot names it) that has just this name."""
        key = squeezed(text)
        for one in _FITS.get(kind, (kind,)):
            if (one, key) in self._exact and (one, key) not in self._twice:
                return self._exact[one, key]
            if found := self._folded.get(one, {}).get(key):
                return found
        return None

    def begin(self, kind: str, text: str, most: int = PER_SLOT) -> list[Thing]:
        """Things of a kind with a name that begins so."""
        key, kinds = squeezed(text), _FITS.get(kind, (kind,))
        at, found = bisect_left(self._sorted, (key,)), dict[str, Thing]()
        while at < len(self._sorted) and self._sorted[at][0].startswith(key):
            thing = self._by_iri[self._sorted[at][2]]
            if thing.kind in kinds:
                found[thing.iri] = thing
            at += 1
        whole = sorted(found.values(), key=lambda t: (t.rank, len(t.label), t.label))
        return (whole + [t for one in kinds for t in self._keyed(one, key)])[:most]

    def _keyed(self, kind: str, key: str, most: int = PER_SLOT) -> list[Thing]:
        """Things that are known by a key only."""
        names = self._lists.get(kind, [])
        if not names or not _KEY.fullmatch(key):
            return []
        at = bisect_left(names, key)
        return [self._folded[kind][name] for name in names[at : at + most] if name.startswith(key)]

    def named(self, text: str, most: int = MOST) -> list[Thing]:
        """Things that a text may be the name of, or the beginning of it, the likeliest first."""
        key = squeezed(text)
        if not key:
            return []
        words = [squeezed(word) for word in re.split(r"[\s\-_]+", plain(text)) if squeezed(word)]
        best: dict[str, tuple[int, int, int, str]] = {}
        for name, thing, written in self._rows:
            if words[0] in name and (like := _like(key, words, name, written)) is not None:
                rank = (like, thing.rank, len(name), thing.label)
                best[thing.iri] = min(best.get(thing.iri, rank), rank)
        short = [self._by_iri[iri] for iri in sorted(best, key=best.__getitem__)]
        keyed = [thing for kind in self.keys for thing in self._keyed(kind, key.removeprefix(kind))]
        return (keyed + short)[:most]

    # --- questions --------------------------------------------------------------------------------------------------

    def questions(self, text: str, langs: Sequence[str]) -> Iterator[Asked]:
        """Questions that a text is the beginning of, then those that have its words; each question's best first."""
        seen: set[str] = set()
        for way in (self._begun, self._worded):
            for lang in langs:
                told: set[str] = set()
                for match in way(text, lang):
                    if match.phrase.question in told:
                        continue
                    told.add(match.phrase.question)
                    for asked in self._filled(match):
                        if asked.text not in seen:
                            seen.add(asked.text)
                            yield asked

    def _begun(self, text: str, lang: str) -> list[Match]:
        """Phrases that begin with a text, those with the fewest names to come and the shortest first."""
        key = squeezed(text)
        found = [m for p in self.asked if p.lang == lang and (m := self._walked(p, key)) is not None]
        return sorted(found, key=lambda m: (len(m.phrase.slots) - len(m.values), len(m.phrase.plain)))

    def _walked(self, phrase: Phrase, rest: str) -> Match | None:
        """A phrase along a text: what its slots hold, and the slot the text ends in; None if it is another one."""
        values: dict[str, Thing] = {}
        for n, part in enumerate(phrase.keys):
            if isinstance(part, str):
                if not rest.startswith(part):
                    return Match(phrase, values) if part.startswith(rest) else None
                rest = rest[len(part) :]
                continue
            if not rest:
                return Match(phrase, values, part)
            end, thing = self._longest(part, rest, phrase.keys[n + 1 :])
            if thing is None:
                return Match(phrase, values, part, rest) if self.begin(part.kind, rest, 1) else None
            values[part.name], rest = thing, rest[end:]
        return None if rest else Match(phrase, values)

    def _longest(self, slot: Slot, rest: str, after: Sequence[str | Slot]) -> tuple[int, Thing | None]:
        """The longest name at the beginning of a text that what comes after it agrees with, and its length."""
        follows = after[0] if after and isinstance(after[0], str) else ""
        for end in range(len(rest), 0, -1):
            tail = rest[end:]
            if not tail or tail.startswith(follows) or follows.startswith(tail):
                thing = self.exact(slot.kind, rest[:end]) if not tail or follows else None
                if thing:
                    return end, thing
        return 0, None

    def _worded(self, text: str, lang: str) -> list[Match]:
        """Phrases that have all words of a text and a slot for each of its names."""
        words, named = self._split(text)
        if not words and not named:
            return []
        found = []
        for phrase in self.asked:
            if phrase.lang == lang and all(_has(phrase.plain, word) for word in words):
                values = _placed(phrase.slots, named)
                if values is not None:
                    found.append(Match(phrase, values))
        return sorted(found, key=lambda m: (len(m.phrase.slots) - len(m.values), len(m.phrase.plain)))

    def _split(self, text: str) -> tuple[list[str], list[Thing]]:
        """The words of a text, and the things that runs of words name; the last name may be begun only."""
        pieces, words, named = _PIECE.findall(plain(text)), list[str](), list[Thing]()
        while pieces:
            size, thing = self._run(pieces)
            if thing is None:
                words.append(pieces[0])
            else:
                named.append(thing)
            pieces = pieces[size or 1 :]
        return words, named

    def _run(self, pieces: Sequence[str]) -> tuple[int, Thing | None]:
        for size in range(min(len(pieces), 8), 0, -1):
            text = "".join(pieces[:size])
            if len(squeezed(text)) < 2:
                continue
            thing = next((t for kind in KINDS if (t := self.exact(kind, text))), None)
            if thing is None and size == len(pieces) and len(text) > SHORTEST:
                thing = next((t for kind in KINDS for t in self.begin(kind, text, 1)), None)
            if thing:
                return size, thing
        return 0, None

    def _filled(self, match: Match) -> Iterator[Asked]:
        """The phrase with every slot filled: the one that is being typed in several ways, any other in the best."""
        phrase, values = match.phrase, match.values
        open_ = [s for s in phrase.slots if s.name not in values]
        if values and any(s != match.slot and s.name not in ENDS for s in open_):
            return  # it would take a second name that nobody has begun
        if not open_:
            yield Asked(phrase.question, phrase.said(values), dict(values))
            return
        first = match.slot or open_[0]
        choices = self.begin(first.kind, match.partial) if match.partial else self.examples(first, values)
        for thing in choices[: PER_SLOT if match.slot and phrase.keys[0] != first else 1]:
            whole = {**values, first.name: thing}
            for rest in [s for s in open_ if s != first]:
                found = self.examples(rest, whole)
                if found:
                    whole[rest.name] = found[0]
            if all(s.name in whole for s in phrase.slots):
                yield Asked(phrase.question, phrase.said(whole), whole)

    def completed(self, text: str, kinds: Mapping[str, str]) -> str:
        """A phrase with examples in the slots that it still has; "" where there is none for one of them."""
        values: dict[str, Thing] = {}
        for name in SLOT.findall(text):
            found = self.examples(Slot(name, kinds.get(name, "")), values)
            if not found:
                return ""
            values[name] = found[0]
        return SLOT.sub(lambda m: values[m[1]].label, text)

    def examples(self, slot: Slot, values: Mapping[str, Thing]) -> list[Thing]:
        """Good values of a slot; of the later release of a pair those that something is known of from the earlier."""
        if slot.kind == "release" and slot.name in ENDS:
            end = slot.name == "to"
            other = values.get("from" if end else "to")
            near = [pair[end] for pair in self.pairs if other is None or pair[not end] == other.iri]
            return [self._by_iri[iri] for iri in dict.fromkeys(near) if iri in self._by_iri]
        return [t for kind in _FITS.get(slot.kind, (slot.kind,)) for t in self.fillers.get(kind, ())]


KINDS = ("release", "feature", "person", "version", "project", "meeting", "patch", "bug")


class Match(NamedTuple):
    """A phrase, what its slots hold, the slot in which (or just before which) a text ends, and what was typed of it."""

    phrase: Phrase
    values: Mapping[str, Thing]
    slot: Slot | None = None
    partial: str = ""


def _folded(kind: str, known: Mapping[str, str]) -> dict[str, Thing]:
    return {key.casefold(): Thing(kind, iri, key, ()) for key, iri in known.items()}


def _like(key: str, words: Sequence[str], name: str, written: str) -> int | None:
    """How a text is a name: 0 whole, 1 its beginning, 2 beginnings of its words, 3 in its middle."""
    if name == key:
        return 0
    if name.startswith(key):
        return 1
    if all(re.search(rf"(?<![^\W_]){re.escape(word)}", written) for word in words):
        return 2
    enough = len(key) >= SHORTEST or not key.isascii()
    return 3 if enough and all(word in written for word in words) else None


def _has(plain: str, word: str) -> bool:
    """Whether the words of a phrase have a word from its beginning; of Chinese ones most characters will do."""
    if word.isascii():
        return bool(re.search(rf"(?<![a-z0-9]){re.escape(word)}", plain))
    return word in plain or (len(word) > 2 and 3 * sum(char in plain for char in word) >= 2 * len(word))


def _placed(slots: Sequence[Slot], named: Sequence[Thing]) -> dict[str, Thing] | None:
    """Things in the slots of their kinds, in turn; None where one has no place."""
    free, values = list(slots), dict[str, Thing]()
    for thing in named:
        slot = next((s for s in free if thing.kind in _FITS.get(s.kind, (s.kind,))), None)
        if slot is None:
            return None
        free.remove(slot)
        values[slot.name] = thing
    return values
