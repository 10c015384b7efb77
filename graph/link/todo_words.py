"""How alike the words of two TODOs are, and which of many are one TODO told in slightly other words.

    Granular resource requests分析            one: nothing but the order and words of learning differ
    分析Granular resouce request, 尤其是API    one: a slip of the pen, a plural, a detail added
    Granular NUMA requests分析                another: each has a word of meaning that the other lacks

Two that stand in one list are never one. What is as like one TODO as another is neither.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from graph.link.words import one_edit, stem

SAME = 0.7  # from here two are one
LISTED = 0.5  # from here they are shown as candidates
CLOSE = 0.05  # two this near are as good as each other
_DETAIL = 0.8  # where all words of the one stand in the other
_FIRM = 1.5  # weight in common that this needs: two words, or one and two characters
_LEAST = 1 / 3  # of the longer one that is in common then
_NEAR, _APART = 0.85, 0.6  # both have words of their own: nearly all in common, or at most this
_PAIR = 0.5  # weight of two characters of Chinese; a Latin word has 1
_TYPO, _TYPO_LENGTH = 0.95, 6
_ABOUT = 0.1  # the same item of a meeting
_INITIALS = range(2, 6)


@dataclass(frozen=True)
class Wording:
    """A TODO's words in order (Chinese in runs), in which lists it stands, and what it is about.

    group: only wordings of one group can be one (TODOs; decisions of one person).
    """

    key: str
    words: tuple[str, ...]
    lists: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    group: str = ""


class Alike(NamedTuple):
    """How alike two wordings are, and why."""

    score: float
    reason: str


class Edge(NamedTuple):
    """Two wordings that are alike; `state` is linked or below."""

    one: str
    other: str
    score: float
    reason: str
    state: str


@functools.lru_cache(maxsize=20_000)
def tokens(words: tuple[str, ...]) -> tuple[str, ...]:
    """Latin words as stems, Chinese in pairs of characters, each once and in order."""
    out: dict[str, None] = {}
    for word in words:
        if word.isascii():
            out[stem(word)] = None
        else:
            out |= dict.fromkeys(word[i : i + 2] for i in range(max(1, len(word) - 1)))
    return tuple(out)


def _weight(found: Iterable[str]) -> float:
    return sum(1.0 if token.isascii() else _PAIR for token in found)


def alike(one: Wording, other: Wording) -> Alike:
    """How alike two wordings are, from 0 to 1.

    >>> alike(Wording("a", ("quota", "tree")), Wording("b", ("quotas", "tree", "limits"))).score
    0.8
    """
    mine, yours = tokens(one.words), tokens(other.words)
    common, left, right = _matched(mine, yours)
    shorter, longer = sorted((_weight(mine), _weight(yours)))
    if not common or not longer:
        return Alike(0.0, "")
    # A word matched by its initials, or with a slip in it, is as good as the same.
    weight = min(_weight(token for token, _ in common), shorter)
    score = 2 * weight / (shorter + longer) if left or right else 1.0
    apart = bool(one.about and other.about and not one.about & other.about)
    if left and right:
        numbers = any(char.isdigit() for token in (*left, *right) for char in token)
        score = score if score >= _NEAR and not numbers else min(score, _APART)
    elif (left or right) and not apart and weight >= _FIRM and weight >= longer * _LEAST:
        score = max(score, _DETAIL)
    if apart and score < _NEAR:
        score = min(score, _APART)
    elif one.about & other.about and not (left and right):
        score = min(1.0, score + _ABOUT)
    if any(a != b for a, b in common):
        score *= _TYPO
    return Alike(round(score, 4), _said([token for token, _ in common], left, right))


def _said(common: list[str], left: list[str], right: list[str]) -> str:
    said = f"both say {' '.join(common)}"
    only = [f"only one says {' '.join(rest)}" for rest in (left, right) if rest]
    return "; ".join([said, *only])


def _matched(mine: Sequence[str], yours: Sequence[str]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Pairs of tokens that are the same, by themselves or by a slip of the pen or as initials; what is left."""
    common = [(token, token) for token in mine if token in yours]
    left = [token for token in mine if token not in yours]
    right = [token for token in yours if token not in mine]
    for token in list(left):
        slip = next((t for t in right if _slipped(token, t)), None)
        if slip and (common or len(token) > _TYPO_LENGTH + 1):
            common.append((token, slip))
            left.remove(token)
            right.remove(slip)
    for short, words in ((left, right), (right, left)):
        for token in list(short):
            run = _spelt(token, words)
            if run:
                common += [(word, word) for word in run]
                short.remove(token)
                words[:] = [word for word in words if word not in run]
    return common, left, right


def _slipped(a: str, b: str) -> bool:
    long = min(len(a), len(b)) >= _TYPO_LENGTH and a.isascii() and b.isascii() and a.isalpha() and b.isalpha()
    return long and one_edit(a, b)


def _spelt(token: str, words: list[str]) -> list[str]:
    """Words that stand one after another and whose first letters are the token."""
    size = len(token)
    if not token.isascii() or not token.isalpha() or size not in _INITIALS:
        return []
    runs = [words[at : at + size] for at in range(len(words) - size + 1)]
    return next((run for run in runs if "".join(word[0] for word in run) == token), [])


def _candidates(wordings: list[Wording]) -> set[tuple[int, int]]:
    """Pairs that share a word, its beginning or its end: the others are not alike."""
    filed: dict[tuple[str, str], list[int]] = defaultdict(list)
    for nth, wording in enumerate(wordings):
        found = tokens(wording.words)
        names = set(found) | {token[:3] for token in found} | {token[-3:] for token in found}
        letters = "".join(token[0] for token in found if token.isascii())
        names |= {letters[at : at + n] for n in _INITIALS for at in range(len(letters) - n + 1)}
        for name in names:
            filed[wording.group, name].append(nth)
    return {pair for same in filed.values() for pair in combinations(same, 2)}


def _edges(wordings: list[Wording]) -> list[tuple[str, str, Alike]]:
    found = []
    for a, b in sorted(_candidates(wordings)):
        how = alike(wordings[a], wordings[b])
        if how.score >= LISTED and not wordings[a].lists & wordings[b].lists:
            found.append((wordings[a].key, wordings[b].key, how))
    return sorted(found, key=lambda edge: (-edge[2].score, edge[0], edge[1]))


def join(given: Iterable[Wording]) -> tuple[dict[str, str], list[Edge]]:
    """Key → the first key (in order of the alphabet) of all that are one TODO, and the edges that were looked at.

    The surest pairs come first. Keys must differ; the order of the wordings does not count.
    """
    wordings = sorted(given, key=lambda wording: wording.key)
    found = _edges(wordings)
    threads = _Threads(wordings, found)
    edges = []
    for one, other, how in found:
        why = threads.why_not(one, other, how.score)
        reason = f"{how.reason}; {why}" if why else how.reason
        edges.append(Edge(one, other, how.score, reason, "below" if why else "linked"))
        if not why:
            threads.unite(one, other)
    return threads.heads, edges


class _Threads:
    """Keys that are one TODO so far: the head of each, and who follows it."""

    def __init__(self, wordings: list[Wording], found: list[tuple[str, str, Alike]]) -> None:
        self.heads = {wording.key: wording.key for wording in wordings}
        self._held = {wording.key: {wording.key} for wording in wordings}
        self._lists = {wording.key: wording.lists for wording in wordings}
        self._near: dict[str, dict[str, float]] = defaultdict(dict)
        for one, other, how in found:
            self._near[one][other] = self._near[other][one] = how.score

    def unite(self, one: str, other: str) -> None:
        """Make two TODOs one."""
        if self.heads[one] != self.heads[other]:
            first, second = sorted((self.heads[one], self.heads[other]))
            self._held[first] |= self._held.pop(second)
            self.heads |= dict.fromkeys(self._held[first], first)

    def why_not(self, one: str, other: str, score: float) -> str:
        """Why two are not one, or nothing."""
        if score < SAME:
            return f"below {SAME}"
        mine, yours = self._held[self.heads[one]], self._held[self.heads[other]]
        if mine is not yours and any(self._lists[x] & self._lists[y] for x in mine for y in yours):
            return "both stand in one list"
        for x, y in ((one, other), (other, one)):
            for rival, how in self._near[x].items():
                if rival != y and how >= score - CLOSE and self._lists[rival] & self._lists[y]:
                    return "as good as another"
        return ""
