"""A small conversation: a question may lean on the one before it, on its things, its rows, or itself.

`which of them were implemented`, `and from Rocky to Stein?`, `who wrote it`, `第二个的补丁呢`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from graph.asking.asker import ENOUGH, Asker, Read, Understood
from graph.asking.fits import FREE, ROLE, Fit
from graph.asking.mentions import Mention
from graph.asking.numerals import number
from graph.asking.words import fold
from graph.errors import UnknownName
from graph.table import Table

_NTH = re.compile(
    r"(?:\bthe\s+)?\b(?P<en>first|second|third|fourth|fifth|last|\d{1,2}(?:st|nd|rd|th))"
    r"\s+(?:one|row|of (?:them|those|these)|feature|entry)\b"
    r"|(?:第(?P<zh>\d{1,2}|[一二三四五六七八九十])|(?P<end>最后一))[个条项行]"
)
# Columns that hold the name of a thing, what a question is most likely about first.
_NAMING = ("feature", "person", "change_id", "patch", "bug", "version", "release")
SHOWN = 5
CLEARER = 0.2  # by which a question about what was spoken of must fit better than one by itself
MEMORY = 6  # questions that a later one can lean on


class Dialogue:
    """Understands questions one after the other; `heard` tells it what came of each."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._heard: list[Understood] = []
        self._rows = Table((), ())

    def heard(self, understood: Understood, rows: Table) -> None:
        """Remember a question and the rows of its answer."""
        self._heard = [understood, *self._heard][:MEMORY]
        self._rows = rows

    def understand(self, text: str) -> Understood:
        """What a question asks, by itself or after the last one. Raises UnknownName as `Asker.understand` does."""
        if not self._heard:
            return self._asker.understand(text)
        read = self._asker.read(self._with_rows(text))
        alone = self._asker.fits(read)
        again, before = self._once_more(read)
        if again and (not _words(read) or "them" in _ids(read) or _only_limits(again, read)):
            carried = [m for m in _carried(before) if not _replaced(m, read.mentions)]
            return self._asker.understood(again, replace(read, mentions=(*read.mentions, *carried)))
        whole = [fit for fit in alone if fit.whole and fit.bare >= ENOUGH]
        if not _words(read) and read.mentions:  # `is it in 16.1.0?` after a bug
            things = (*read.mentions, *_carried(self._heard[0]))
            both = self._only_for(self._asker.fits(replace(read, mentions=things)), len(things))
            if both:
                return self._asker.understood(both[0], replace(read, mentions=things))
        last, other = self._heard[0], None
        for last in self._heard:
            other = self._other(read, last)
            if other:
                break
        # A question that names nothing is more likely about what was spoken of than about everything.
        clear = bool(whole) and (other is None or whole[0].bare >= other.bare - CLEARER)
        if clear and read.mentions and "them" not in _ids(read):
            return self._asker.chosen(read, alone)
        near = whole[0].bare - ROLE if whole else 0.0
        if other and (not clear or (not read.mentions and other.bare >= near)):
            return self._asker.understood(other, replace(read, mentions=_all_of(other, read, last)))
        if "them" in _ids(read) and self._rows.rows:
            raise self._name_one(read.lang)
        return self._asker.chosen(read, alone)

    def _once_more(self, read: Read) -> tuple[Fit | None, Understood]:
        """The newest of the questions before that can be asked once more with what is new in this one."""
        for last in self._heard:
            again = self._again(read, last)
            if again:
                return again, last
        return None, self._heard[0]

    def _again(self, read: Read, last: Understood) -> Fit | None:
        """The last question once more, with what is new in this one."""
        carried = [m for m in _carried(last) if not _replaced(m, read.mentions)]
        fits = self._asker.fits(replace(read, mentions=(*read.mentions, *carried)))
        found = next(fit for fit in fits if fit.question.name == last.question.name)
        if not found.whole or read.strange:
            return None
        new = {column for limit in found.limits for column in limit.columns}
        # Without `of them`, what a question asks for in its own words takes the place of what was asked before.
        kept = "them" in _ids(read) or not _words(read)
        old = tuple(
            limit for limit in last.limits if not new & set(limit.columns) and (kept or not limit.worded)
        )
        return replace(found, limits=(*old, *found.limits))

    def _other(self, read: Read, last: Understood) -> Fit | None:
        """Another question about the things of the last one."""
        found: list[Fit] = []
        for carried in _some_of([m for m in _carried(last) if not _replaced(m, read.mentions)]):
            fits = self._asker.fits(replace(read, mentions=(*read.mentions, *carried)))
            found += [fit for fit in fits if fit.whole and fit.bare >= ENOUGH]
            if not _words(read) and not found:
                found += self._only_for(fits, len(read.mentions) + len(carried))
        best = max(found, key=lambda fit: fit.score, default=None)
        return best if not read.strange else None

    @staticmethod
    def _only_for(fits: Sequence[Fit], things: int) -> list[Fit]:
        """The question that takes just these things as its parameters, where there is but one."""
        found = [fit for fit in fits if fit.whole and len(fit.params) == things and not fit.limits]
        return found if things > 1 and len(found) == 1 else []

    def _with_rows(self, text: str) -> str:
        """The text with `the second one` written out as the thing of that row."""
        asked = fold(text)
        match = _NTH.search(asked)
        row = self._row(match) if match else None
        return f"{asked[: match.start()]} {row} {asked[match.end() :]}" if match and row else text

    def _row(self, match: re.Match[str]) -> str:
        word = match["en"] or match["zh"] or ""
        at = -1 if match["end"] or word == "last" else (number(word) or 0) - 1
        if not -len(self._rows.rows) <= at < len(self._rows.rows):
            raise UnknownName(
                f"the last answer has no row {match[0]!r}", hint=f"it has {len(self._rows.rows)} rows"
            )
        row = self._rows.dicts()[at]
        return next((str(row[column]) for column in _NAMING if row.get(column)), "")

    def _name_one(self, lang: str) -> UnknownName:
        column = next((c for c in _NAMING if c in self._rows.columns), "")
        values = [str(row[column]) for row in self._rows.dicts() if column and row.get(column)]
        shown = tuple(dict.fromkeys(values))[:SHOWN]
        said = "请说明是其中哪一个" if lang == "zh" else "say which one of them"
        return UnknownName(said, nearest=shown, hint="; ".join(shown))


def _carried(last: Understood) -> list[Mention]:
    """What the last question named, without its places."""
    return [replace(mention, start=-1, end=-1) for mention in last.mentions]


def _replaced(old: Mention, new: Sequence[Mention]) -> bool:
    """Whether a new thing takes the place of an old one: the same kind, and not said to be at the other end."""
    kinds = {reading.kind for reading in old.readings}
    return any(
        m.of(kind) and (not m.role or not old.role or m.role == old.role) for m in new for kind in kinds
    )


def _some_of(things: Sequence[Mention]) -> Iterator[tuple[Mention, ...]]:
    for size in range(len(things), 0, -1):
        yield from combinations(things, size)


def _all_of(found: Fit, read: Read, last: Understood) -> tuple[Mention, ...]:
    """What was named now, and what of the last question the new one took up."""
    used = {reading.bound for _, reading in found.params}
    old = [m for m in _carried(last) if any(reading.bound in used for reading in m.readings)]
    return (*read.mentions, *old)


def _ids(read: Read) -> set[str]:
    return {id_ for word in read.words for id_ in word.ids}


def _words(read: Read) -> bool:
    return any(not word.ids <= FREE for word in read.words)


def _only_limits(again: Fit, read: Read) -> bool:
    """Whether all that a question adds to the last one are conditions on its rows."""
    named = {limit.shown.removeprefix("not ") for limit in again.limits}
    words = [word for word in read.words if not word.ids <= FREE]
    return not read.mentions and bool(words) and len(words) <= len(named)
