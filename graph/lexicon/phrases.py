"""Phrases of a lexicon as patterns that read text in linear time.

A phrase is plain text with `…` for a short gap, `<a|b|>` for one of several words (or none) and slots such as
{release}; see zh.toml. Latin words match whole and in any case, Chinese ones wherever they stand. Gaps are
bounded, alternatives hold no repetition, so a match costs at most a constant per place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graph.errors import KgError

LATIN = "A-Za-z0-9_"
# A gap is a few words: some thirty columns of one clause.
GAP = r"(?:[A-Za-z0-9 '_./+\-]{0,30}?|[^，。,;；:：()（）\n]{0,14}?)"
# Apostrophes are typed in two ways.
_APOSTROPHE = re.compile("['’]")
_PIECES = re.compile(r"(…|<[^<>]*>|\{\w+\})")


@dataclass(frozen=True)
class Match:
    """Where a phrase stood, what it says (its label), and what its slots held."""

    start: int
    end: int
    label: str
    words: str = ""
    slots: tuple[tuple[str, str], ...] = ()

    def slot(self, name: str) -> str:
        """What a slot held, or empty."""
        return dict(self.slots).get(name, "")


def _literal(text: str) -> str:
    words = [_APOSTROPHE.sub("['’]", re.escape(word)) for word in text.split()]
    return r"[ \t]{1,3}".join(words)


def _edge(char: str, before: bool) -> str:
    if not re.match(f"[{LATIN}]", char):
        return ""
    return f"(?<![{LATIN}])" if before else f"(?![{LATIN}])"


def _choice(piece: str, slots: Mapping[str, str]) -> str:
    """`<a|b|>` as a group of literals; an empty one makes it optional."""
    words = sorted({word.strip() for word in piece[1:-1].split("|")}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(_word(word, slots) for word in words) + ")"


def _word(text: str, slots: Mapping[str, str]) -> str:
    if text[:1] == "{":
        return f"(?:{_slot(text, slots)})"
    return _edge(text[0], True) + _literal(text) + _edge(text[-1], False) if text else ""


def _slot(text: str, slots: Mapping[str, str]) -> str:
    try:
        return slots[text[1:-1]]
    except KeyError as error:
        hint = f"slots here are {', '.join(sorted(slots)) or 'none'}"
        raise KgError(f"a phrase of the lexicon has the unknown slot {text}", hint=hint) from error


def pattern(phrase: str, slots: Mapping[str, str]) -> str:
    """Regular expression of one phrase; `slots` gives that of each slot name. Empty for an empty phrase."""
    out = []
    for piece in _PIECES.split(phrase):
        if piece == "…":
            out.append(GAP)
        elif piece.startswith("{"):
            out.append(rf"[ \t]{{0,2}}(?:{_slot(piece, slots)})[ \t]{{0,2}}")
        elif piece.startswith("<"):
            out.append(r"[ \t]{0,2}" + _choice(piece, slots) + r"[ \t]{0,2}")
        elif piece.strip():
            out.append(_word(piece.strip(), slots))
    return "".join(out)


class PhraseSet:
    """Phrases with labels, found longest first, left to right, never overlapping."""

    def __init__(self, labelled: Iterable[tuple[str, str]], slots: Mapping[str, str] | None = None) -> None:
        self._rows: list[tuple[re.Pattern[str], str]] = []
        plain: dict[str, list[str]] = {}
        for label, phrase in labelled:
            if any(mark in phrase for mark in "…{<"):
                compiled = re.compile(pattern(phrase, slots or {}), re.IGNORECASE)
                self._rows.append((compiled, label))
            else:
                plain.setdefault(label, []).append(phrase)
        for label, phrases in plain.items():
            body = "|".join(pattern(p, {}) for p in sorted(phrases, key=lambda p: (-len(p), p)))
            self._rows.append((re.compile(body, re.IGNORECASE), label))

    def all(self, text: str) -> list[Match]:
        """Every match, of any phrase, in order; overlaps kept."""
        found = [_tight(m, label) for regex, label in self._rows for m in regex.finditer(text)]
        return sorted(found, key=lambda m: (m.start, -m.end, m.label))

    def find(self, text: str) -> list[Match]:
        """Matches without overlaps: longer ones win, then earlier ones."""
        return longest(self.all(text))


def _tight(match: re.Match[str], label: str) -> Match:
    """The match without the blanks that slots and choices may take with them."""
    words = match[0]
    start = match.start() + len(words) - len(words.lstrip())
    slots = tuple((name, value) for name, value in match.groupdict().items() if value)
    return Match(start, start + len(words.strip()), label, words.strip(), slots)


def longest(matches: Iterable[Match]) -> list[Match]:
    """Drop each match that overlaps a longer (or as long and earlier) one; the rest in order."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (-(m.end - m.start), m.start, m.label)):
        if all(match.end <= other.start or match.start >= other.end for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: m.start)
