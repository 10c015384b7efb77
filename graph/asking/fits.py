"""How a question of the catalogue takes what was asked: its parameters, what narrows it, and how well the words fit."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations

from graph.asking.things import Mention, Reading, role_before, without_nouns
from graph.asking.words import Tongue, Word, columns, fold
from graph.question import Condition, Narrow, Number, Param
from graph.sparql import QueryFile

COVERED, LIKE, ROLE = 0.62, 0.38, 0.1  # weights of: words known, the phrase's words said, from and to right
KEYWORD, ELSEWHERE = 0.8, 0.7  # what a word is worth that is a key word, or stands in another phrase
LIMITED = 0.05  # what each condition by words costs
NARROWED = 0.2  # what each narrowing costs: a question that takes a thing as its parameter is nearer
# What any question may be asked with.
FREE = frozenset({"count", "whether", "them", "show", "how", "exist", "finally"})
PICKS = frozenset({"first", "last"})  # by the day of a row, where the question has one
Ids = frozenset[str]
Phrase = tuple[Ids, ...]


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


@dataclass(frozen=True)
class Pick:
    """Only so many rows: the first or the last by a column of days, or (without one) the first as they come."""

    column: str
    last: bool
    count: int


@dataclass(frozen=True)
class Fit:
    """A question with everything that was named in its place; `score` says how well its words fit.

    `left` are words that it does not know, `lacks` parameters that nothing fills, `unused` things that have no place.
    """

    question: QueryFile
    params: tuple[tuple[str, Reading], ...] = ()
    limits: tuple[Limit, ...] = ()
    pick: Pick | None = None
    score: float = 0.0
    bare: float = 0.0  # the score before what limits cost
    left: tuple[Word, ...] = ()
    lacks: tuple[Param, ...] = ()
    unused: tuple[Mention, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is missing, and nothing that was asked was passed over."""
        return not (self.left or self.lacks or self.unused)


@dataclass(frozen=True)
class _OnlyWords:
    phrase: Phrase
    condition: Condition
    shown: str


@dataclass(frozen=True)
class Known:
    """The words of one question: its phrases, key words, conditions; from or to before its slots."""

    question: QueryFile
    phrases: tuple[Phrase, ...]
    keys: Ids
    words: Ids
    onlys: tuple[_OnlyWords, ...]
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
        _OnlyWords(phrase, only.condition, word)
        for only in question.onlys
        for word in only.words
        if (phrase := tuple(word.ids for word in tongue.learned(fold(word))))
    )
    units = {
        number.column: _ids(_phrase(fold(word), tongue) for word in number.words)
        for number in question.numbers
    }
    roles = {param.name: _roles(param.name, texts) for param in question.params}
    return Known(question, phrases, keys, keys | shown | _ids(phrases), onlys, units, roles)


def _phrase(text: str, tongue: Tongue) -> Phrase:
    return tuple(word.ids for word in tongue.read(text, learn=True))


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


@dataclass(frozen=True)
class Asked:
    """What a question was read as: its words, the things it names, and names that need no place."""

    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    main_projects: frozenset[str] = frozenset()


def fit(known: Known, asked: Asked, weights: Weights) -> Fit:
    """How a question takes what was asked."""
    best = max(
        (_placed(known, asked, chosen) for chosen in _choices(known.question, asked.mentions)),
        key=lambda found: (-len(found.lacks), -len(found.unused), found.score),
    )
    limits, used = _by_words(known, asked.words, _between(best, asked.mentions))
    numbers, units = _by_numbers(known, best.unused, asked.words)
    unused = tuple(m for m in best.unused if m not in numbers)
    stretched = [m for m in asked.mentions if m.of("releases") and not _is_param(best, m)]
    free = [
        w
        for w in asked.words
        if w not in (*used, *units) and not any(_within(w, m.extent) for m in stretched)
    ]
    dated = any(narrow.kind == "date" for narrow in known.question.narrows)
    needless = FREE | PICKS if dated else FREE
    left = tuple(w for w in free if not w.ids & known.words and not w.ids & needless)
    best, pick = _picked(best, free, known, dated)
    rest = [w for w in free if w.ids & known.words]
    bare = _score(known, rest, used, weights) + ROLE * best.score
    cost = NARROWED * len(best.limits) + LIMITED * (len(limits) + bool(pick and pick.column))
    return replace(
        best,
        limits=(*best.limits, *limits, *(numbers.values())),
        pick=pick,
        score=bare - cost,
        bare=bare,
        left=left,
        unused=unused,
    )


def _picked(best: Fit, free: list[Word], known: Known, dated: bool) -> tuple[Fit, Pick | None]:
    """Which rows are picked: `the last`, `the first`, `top 5`."""
    top = next((m for m in best.unused if m.of("top")), None)
    reading = top.of("top") if top else None
    if top is not None and reading:
        best = replace(best, unused=tuple(m for m in best.unused if m is not top))
        return best, Pick("", False, int(reading.bound[1]))
    asked = {id_ for word in free for id_ in word.ids & PICKS if not word.ids & known.words}
    if len(asked) != 1 or not dated:
        return best, None
    column = next(narrow.columns[0] for narrow in known.question.narrows if narrow.kind == "date")
    return best, Pick(column, "last" in asked, 1)


# --- things in their places --------------------------------------------------------------------------------------


def _choices(question: QueryFile, mentions: tuple[Mention, ...]) -> Iterator[dict[str, Mention]]:
    """Every way of filling the parameters with what was named, as many of them as can be."""
    needed = [param for param in question.params if param.default is None]
    most = min(len(needed), len(mentions))
    for size in range(most, -1, -1):
        some = False
        for chosen in permutations(needed, size):
            for named in permutations(mentions, size):
                if list(named) == sorted(named, key=lambda m: m.start) and all(
                    reading_for(m, p.kind) for p, m in zip(chosen, named, strict=True)
                ):
                    some = True
                    yield {p.name: m for p, m in zip(chosen, named, strict=True)}
        if some:
            return


def reading_for(mention: Mention, kind: str) -> Reading | None:
    """A mention's reading as a parameter's kind; a day can stand for its month."""
    found = mention.of(kind)
    if found and kind == "date" and found.period and not found.period.short:
        return None  # a year is no day
    if found is None and kind == "month" and (day := mention.of("date")) and day.period:
        return replace(day, kind="month", bound=("string", day.period.first[:7]), shown=day.period.first[:7])
    return found


def _placed(known: Known, asked: Asked, chosen: dict[str, Mention]) -> Fit:
    question, params, roles = known.question, [], 0.0
    for param in question.params:
        if param.name in chosen:
            reading = reading_for(chosen[param.name], param.kind)
            if reading:
                params.append((param.name, reading))
                roles += _agrees(chosen[param.name].role, known.roles[param.name])
    order = [chosen[name].start for name, _ in params]
    lacks = tuple(p for p in question.params if p.default is None and p.name not in chosen)
    limits, unused = _narrowed(question.narrows, [m for m in asked.mentions if m not in chosen.values()])
    unused = [m for m in unused if not _needless(m, asked.main_projects)]
    roles -= 0.01 * (order != sorted(order))
    return Fit(question, tuple(params), tuple(limits), score=roles, lacks=lacks, unused=tuple(unused))


def _agrees(role: str, seen: frozenset[str]) -> float:
    if role in seen:
        return 1.0 if role else 0.0
    return -1.0 if role and seen & {"from", "to"} else -0.5 if seen else 0.0


def _needless(mention: Mention, main_projects: frozenset[str]) -> bool:
    project = mention.of("project")
    return project is not None and project.shown in main_projects


def _narrowed(narrows: Sequence[Narrow], mentions: list[Mention]) -> tuple[list[Limit], list[Mention]]:
    limits, unused, taken = list[Limit](), list[Mention](), set[Narrow]()
    for mention in mentions:
        way = next((n for n in narrows if n not in taken and _narrowing(mention, n.kind)), None)
        reading = _narrowing(mention, way.kind) if way else None
        if way is None or reading is None:
            unused.append(mention)
            continue
        taken.add(way)
        if reading.period:
            limits.append(
                Limit(way.columns, "in", (reading.period.first, reading.period.last), reading.shown)
            )
        else:
            op = "~" if reading.kind == "text" else "="
            found = Limit(way.columns, op, tuple(sorted(reading.values)), reading.shown, op == "~")
            limits.append(found)
    return limits, unused


def _narrowing(mention: Mention, kind: str) -> Reading | None:
    """A mention's reading as what narrows a column; of releases a stretch of them will do."""
    return (mention.of("releases") if kind == "release" else None) or mention.of(kind)


def _between(found: Fit, mentions: Sequence[Mention]) -> tuple[int, int]:
    """Where a question says how something came from one thing to another: what stands there is no condition."""
    first = next((m for m in mentions if _fills(found, "from", m)), None)
    second = next((m for m in mentions if _fills(found, "to", m)), None)
    if first and second and second.role == "to" and first.end <= second.start:
        return first.end, second.start
    return (0, 0)


def _is_param(found: Fit, mention: Mention) -> bool:
    return any(reading in mention.readings for _, reading in found.params)


def _fills(found: Fit, name: str, mention: Mention) -> bool:
    return any(name == param and reading in mention.readings for param, reading in found.params)


def _within(word: Word, stretch: tuple[int, int]) -> bool:
    return stretch[0] <= word.start and word.end <= stretch[1]


# --- words that limit --------------------------------------------------------------------------------------------


def _by_words(
    known: Known, words: tuple[Word, ...], aside: tuple[int, int]
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
            if all(_within(word, aside) for word in run):
                continue
            condition = only.condition.turned() if how else only.condition
            said = f"not {only.shown}" if how else only.shown
            limits.append(Limit((condition.column,), condition.op, condition.values, said))
    return _either(limits), used


def _either(limits: list[Limit]) -> list[Limit]:
    """Conditions that ask for several values of one column are met by any of them: `stalled or at risk`."""
    found: dict[tuple[tuple[str, ...], str], Limit] = {}
    for limit in limits:
        key = (limit.columns, limit.op)
        other = found.get(key) if limit.op in ("=", "~") else None
        if other:
            values = tuple(dict.fromkeys((*other.values, *limit.values)))
            found[key] = replace(other, values=values, shown=f"{other.shown} / {limit.shown}")
        else:
            found[key if limit.op in ("=", "~") else (limit.columns, f"{limit.op}{limit.values}")] = limit
    return list(found.values())


def _says(run: Sequence[Word], phrase: Phrase) -> bool | None:
    """Whether words say a phrase: False as it stands, True with a negation before it, None not at all."""
    if all(word.ids & ids for word, ids in zip(run, phrase, strict=True)):
        return False
    bare = frozenset(id_.removeprefix("!") for id_ in run[0].ids)
    rest = zip(run[1:], phrase[1:], strict=True)
    if run[0].denied and bare & phrase[0] and all(word.ids & ids for word, ids in rest):
        return True
    return None


def _by_numbers(
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
            limits[mention] = Limit((column.column,), op, (reading.bound[1],), reading.shown)
    return limits, units if limits else []


def _column(known: Known, units: list[Word]) -> Number | None:
    numbers = known.question.numbers
    named = [n for n in numbers if any(w.ids & known.units[n.column] for w in units)]
    return named[0] if named else numbers[0] if len(numbers) == 1 else None


# --- words that say which question --------------------------------------------------------------------------------


def _score(known: Known, rest: list[Word], used: list[Word], weights: Weights) -> float:
    return max((_like(known, phrase, rest, used, weights) for phrase in known.phrases), default=0.0)


def _like(known: Known, phrase: Phrase, rest: list[Word], used: list[Word], weights: Weights) -> float:
    """How well words fit a phrase: the share of them that it knows, and the share of it that was said."""
    if not rest and not used:
        return COVERED + LIKE if not phrase else 0.0
    here = frozenset(id_ for ids in phrase for id_ in ids)
    mine = [word for word in rest if not word.ids <= FREE | PICKS or word.ids & here]
    said = frozenset(id_ for word in (*mine, *used) for id_ in word.ids)
    whole = sum(weights.of(word.ids) for word in mine)
    covered = sum(weights.of(word.ids) * _worth(word.ids, here, known) for word in mine)
    phrased = sum(weights.of(ids) for ids in phrase)
    hit = sum(weights.of(ids) for ids in phrase if ids & said)
    return COVERED * (covered / whole if whole else float(bool(used))) + LIKE * (
        hit / phrased if phrased else 0.0
    )


def _worth(ids: Ids, here: Ids, known: Known) -> float:
    return 1.0 if ids & here else KEYWORD if ids & known.keys else ELSEWHERE
