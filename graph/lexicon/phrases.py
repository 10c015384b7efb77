"""Phrases of a lexicon as patterns that read text in linear time.

A phrase is plain text with `…` for a short gap, `<a|b|>` for one of several words (or none) and slots such as
{release}; see zh.toml. Latin words match whole and in any case, Chinese ones wherever they stand. Gaps are
bounded, alternatives hold no repetition, so a match costs at most a constant per place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from graph.errors import KgError

LATIN = "A-Za-z0-9_"
# A gap is a few words: some thirty columns of one clause.
GAP = r"(?:[A-Za-z0-9 '_./+\-]{0,30}?|[^，。,;；:：()（）\n]{0,14}?)"
# Apostrophes are typed in two ways.
_APOSTROPHE = re.compile("['’]")
_PIECES = re.compile(r"(…|<[^<>]*>|\{\w+\})")


@dataclass(frozen=True)
class Match:
    """Where a phrase stood, and what it says (its label)."""

    start: int
    end: int
    label: str
    words: str = ""


def _literal(text: str) -> str:
    words = [_APOSTROPHE.sub("['’]", re.escape(word)) for word in text.split()]
    return r"[ \t]{1,3}".join(words)


def _edge(char: str, before: bool) -> str:
    if not re.match(f"[{LATIN}]", char):
        return ""
    # A word joined to another by a hyphen is part of a name: `deferred-delete`.
    return f"(?<![{LATIN}])(?<![{LATIN}]-)" if before else f"(?![{LATIN}])(?!-[{LATIN}])"


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


def any_of(phrases: Iterable[str]) -> str:
    """One pattern of many phrases, those of plain words as a tree of letters, so that few are tried at a place.

    What stands before it is not looked at: the caller sees to it that no word is cut.
    """
    phrases = set(phrases)
    plain = {phrase for phrase in phrases if not any(mark in phrase for mark in "…{<")}
    latin = {phrase for phrase in plain if re.match(f"[{LATIN}]", phrase[-1])}
    out = [pattern(phrase, {}) for phrase in sorted(phrases - plain, key=lambda p: (-len(p), p))]
    if latin:
        out.append(_tree(latin) + f"(?![{LATIN}])")
    if plain - latin:
        out.append(_tree(plain - latin))
    return "|".join(out) or r"(?!)"


def _tree(words: set[str]) -> str:
    """Words as nested groups by their letters, longer ones first."""
    branches: dict[str, set[str]] = {}
    for word in words:
        if word:
            branches.setdefault(word[0], set()).add(word[1:])
    body = "|".join(_letter(first) + _tree(rest) for first, rest in sorted(branches.items()))
    if not body:
        return ""
    return f"(?:{body})?" if "" in words else f"(?:{body})"


def _letter(char: str) -> str:
    if char == " ":
        return r"[ \t]{1,3}"
    return "['’]" if char in "'’" else re.escape(char)


def needed(phrase: str) -> list[frozenset[str]]:
    """For each piece of a phrase that must stand in a text: words of which one must be there, in small letters."""
    out = []
    for piece in _PIECES.split(phrase):
        if piece.startswith("<"):
            words = frozenset(
                _token(word) for word in piece[1:-1].split("|") if not word.strip().startswith("{")
            )
            if "" not in words and "{" not in piece:
                out.append(words)
        elif piece.strip() and piece != "…" and not piece.startswith("{"):
            out.append(frozenset((_token(piece),)))
    return out


def _token(words: str) -> str:
    """The longest run of letters of some words: without it they cannot stand in a text."""
    return max(_APOSTROPHE.sub(" ", words.lower()).split(), key=len, default="")


class _Row:
    """A phrase with its label and the words without which it need not be tried; compiled when first tried."""

    def __init__(self, label: str, text: str, slots: Mapping[str, str]) -> None:
        self.label = label
        self.slotted = "{" in text
        self.needs = needed(text)
        self._text = text
        self._slots = slots

    def check(self) -> None:
        """Refuse a slot that is none, when the words are loaded and not when a text meets them."""
        for name in re.findall(r"\{\w+\}", self._text):
            _slot(name, self._slots)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Its pattern: most of a lexicon is never met in one post, and compiling all of it takes seconds."""
        return re.compile(pattern(self._text, self._slots), re.IGNORECASE)


class PhraseSet:
    """Phrases with labels, found longest first, left to right, never overlapping.

    A text is searched for the words of all phrases first, and only phrases whose words are there are tried: most
    lines hold few of some thousand.
    """

    def __init__(
        self,
        labelled: Iterable[tuple[str, str]],
        slots: Mapping[str, str] | None = None,
        holds: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """`slots` gives the shape of each slot; `holds` says whether the words of a phrase with one do hold it."""
        given = slots or {}
        self._holds = holds
        self._rows = [_Row(label, phrase, given) for label, phrase in sorted(set(labelled))]
        for row in self._rows:
            row.check()
        # Each row is filed under the words of the piece that has fewest; one without any is always tried.
        self._filed: dict[str, list[_Row]] = {}
        for row in self._rows:
            for word in min(row.needs, key=len, default=frozenset(("",))):
                self._filed.setdefault(word, []).append(row)

    def all(self, text: str) -> list[Match]:
        """Every match, of any phrase, in order; overlaps kept."""
        low = text.lower()
        tried = {id(row): row for word, rows in self._filed.items() if word in low for row in rows}
        found = [
            _tight(m, row.label)
            for row in tried.values()
            if all(any(word in low for word in words) for words in row.needs)
            for m in row.regex.finditer(text)
            if not row.slotted or self._holds(m[0])
        ]
        return sorted(found, key=lambda m: (m.start, -m.end, m.label))

    def find(self, text: str) -> list[Match]:
        """Matches without overlaps: longer ones win, then earlier ones."""
        return longest(self.all(text))


def _tight(match: re.Match[str], label: str) -> Match:
    """The match without the blanks that slots and choices may take with them."""
    words = match[0]
    start = match.start() + len(words) - len(words.lstrip())
    return Match(start, start + len(words.strip()), label, words.strip())


def longest(matches: Iterable[Match]) -> list[Match]:
    """Drop each match that overlaps a longer (or as long and earlier) one; the rest in order."""
    kept: list[Match] = []
    starts: list[int] = []
    for match in sorted(matches, key=lambda m: (m.start - m.end, m.start, m.label)):
        at = bisect_left(starts, match.start)
        before = kept[at - 1].end <= match.start if at else True
        if before and (at == len(kept) or kept[at].start >= match.end):
            kept.insert(at, match)
            starts.insert(at, match.start)
    return kept
