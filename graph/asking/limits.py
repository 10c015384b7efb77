"""What keeps only some rows of an answer: things named beyond its parameters, words, numbers, the first or the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.asking.known import Known, Phrase
from graph.asking.mentions import Mention, Reading
from graph.asking.words import Word
from graph.question import Narrow, Number


@dataclass(frozen=True)
class Limit:
    """A condition on the rows, and what it is called: the name of a thing, or the words that asked for it.

    `op` is one of `graph.question.OPERATORS`, or `in` for days from the first value to the second.
    """

    columns: tuple[str, ...]
    op: str
    values: tuple[str, ...]
    shown: str
    text: bool = False  # words that were looked for, as nothing has such a name
    worded: bool = False  # asked for by words, not by naming a thing


@dataclass(frozen=True)
class Pick:
    """Only so many rows: the first or the last by a column of days, or (without one) the first as they come."""

    column: str
    last: bool
    count: int


def narrowed(narrows: Sequence[Narrow], mentions: list[Mention]) -> tuple[list[Limit], list[Mention]]:
    """The limits that things named beyond the parameters make, and the things that narrow nothing."""
    limits, unused, taken = list[Limit](), list[Mention](), set[Narrow]()
    for mention in mentions:
        free = (n for n in narrows if n not in taken or n.kind == "text")
        way = next((n for n in free if _narrowing(mention, n.kind)), None)
        reading = _narrowing(mention, way.kind) if way else None
        if way is None or reading is None:
            unused.append(mention)
            continue
        taken.add(way)
        out = mention.role == "except"
        if reading.period and out:
            unused.append(mention)
        elif reading.period:
            limits.append(
                Limit(way.columns, "in", (reading.period.first, reading.period.last), reading.shown)
            )
        else:
            op = "~" if reading.kind == "text" else "!=" if out else "="
            shown = f"≠ {reading.shown}" if out else reading.shown
            found = Limit(way.columns, op, tuple(sorted(reading.values)), shown, op == "~")
            limits.append(found)
    return limits, unused


def _narrowing(mention: Mention, kind: str) -> Reading | None:
    """A mention's reading as what narrows a column; of releases a stretch of them will do."""
    return (mention.of("releases") if kind == "release" else None) or mention.of(kind)


def by_words(
    known: Known, words: tuple[Word, ...], aside: tuple[int, int], lang: str
) -> tuple[list[Limit], list[Word]]:
    """Conditions that words ask for, the longest sequence of words first; a denied one is turned round."""
    limits, used = list[Limit](), list[Word]()
    for only in sorted(known.onlys, key=lambda o: -len(o.phrase)):
        for at in range(len(words) - len(only.phrase) + 1):
            run = words[at : at + len(only.phrase)]
            how = None if any(word in used for word in run) else _says(run, only.phrase)
            if how is None:
                continue
            used += run
            if all(within(word, aside) for word in run):
                continue
            condition = only.condition.turned() if how else only.condition
            shown = only.shown.get(lang) or next(iter(only.shown.values()))
            said = (f"非{shown}" if lang == "zh" else f"not {shown}") if how else shown
            limits.append(Limit((condition.column,), condition.op, condition.values, said, worded=True))
    return _either(limits), used


def within(word: Word, stretch: tuple[int, int]) -> bool:
    """Whether a word stands between two places of the text."""
    return stretch[0] <= word.start and word.end <= stretch[1]


def _either(limits: list[Limit]) -> list[Limit]:
    """Conditions that ask for several values of one column are met by any of them: `stalled or at risk`."""
    found: dict[tuple[tuple[str, ...], str], Limit] = {}
    for limit in limits:
        key = (limit.columns, limit.op)
        other = found.get(key) if limit.op in ("=", "~") else None
        if other:
            values = tuple(dict.fromkeys((*other.values, *limit.values)))
            shown = (
                other.shown if limit.shown in other.shown.split(" / ") else f"{other.shown} / {limit.shown}"
            )
            found[key] = replace(other, values=values, shown=shown)
        else:
            found[key if limit.op in ("=", "~") else (limit.columns, f"{limit.op}{limit.values}")] = limit
    # What was not done in one place and was in another is asked for as done: no row is both.
    done = {(limit.columns, limit.values) for limit in found.values() if limit.op == "="}
    return [one for one in found.values() if one.op != "!=" or (one.columns, one.values) not in done]


def _says(run: Sequence[Word], phrase: Phrase) -> bool | None:
    """Whether words say a phrase: False as it stands, True with a negation before it, None not at all."""
    if all(word.ids & ids for word, ids in zip(run, phrase, strict=True)):
        return False
    bare = frozenset(id_.removeprefix("!") for id_ in run[0].ids)
    rest = zip(run[1:], phrase[1:], strict=True)
    if run[0].denied and bare & phrase[0] and all(word.ids & ids for word, ids in rest):
        return True
    return None


def by_numbers(
    known: Known, mentions: Sequence[Mention], words: tuple[Word, ...]
) -> tuple[dict[Mention, Limit], list[Word]]:
    """Comparisons (`more than 3 times`) with the column whose unit is named, or the only one there is."""
    limits: dict[Mention, Limit] = {}
    units = [w for w in words if any(w.ids & ids for ids in known.units.values())]
    for mention in mentions:
        reading = mention.of("number")
        column = _column(known, units) if reading else None
        if reading and column:
            op = next(iter(reading.values))
            limits[mention] = Limit(
                (column.column,), op, (reading.bound[1],), f"{column.column} {reading.shown}"
            )
    return limits, units if limits else []


def _column(known: Known, units: list[Word]) -> Number | None:
    numbers = known.question.numbers
    named = [n for n in numbers if any(w.ids & known.units[n.column] for w in units)]
    return named[0] if named else numbers[0] if len(numbers) == 1 else None
