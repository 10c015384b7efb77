"""How a question of the catalogue takes what was asked: its parameters, what narrows it, and how well the words fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from graph.asking.known import Ids, Known, Phrase, Weights
from graph.asking.limits import Limit, Pick, by_numbers, by_words, narrowed, within
from graph.asking.mentions import Mention, Reading
from graph.asking.words import Word
from graph.question import Param
from graph.sparql import QueryFile

COVERED, LIKE, ROLE = 0.62, 0.38, 0.1  # weights of: words known, the phrase's words said, from and to right
BESIDE = 0.2  # what it costs to say nothing of what the question is about
UNASKED = 0.1  # what it costs each time to be asked who or when, and to say something else
ASKING = frozenset({"who", "when", "where"})
KEYWORD, ELSEWHERE = 0.8, 0.7  # what a word is worth that is a key word, or stands in another phrase

LIMITED = 0.05  # what each condition by words costs
NEWEST = 0.14  # what it costs to take a release for its newest version; more where it was not asked whether
NARROWED = 0.2  # what each narrowing costs: a question that takes a thing as its parameter is nearer
# What any question may be asked with.
FREE = frozenset({"count", "whether", "them", "show", "how", "exist", "finally", "act"})
PICKS = frozenset({"first", "last"})  # by the day of a row, where the question has one


@dataclass(frozen=True)
class Fit:
    """A question with everything that was named in its place; `score` says how well its words fit.

    `turned` when whether was asked the other way round; `left` are words that it does not know, `lacks` parameters
    that nothing fills, `unused` things that have no place.
    """

    question: QueryFile
    params: tuple[tuple[str, Reading], ...] = ()
    limits: tuple[Limit, ...] = ()
    pick: Pick | None = None
    score: float = 0.0
    bare: float = 0.0  # the score before what limits cost
    left: tuple[Word, ...] = ()
    lacks: tuple[Param, ...] = ()
    turned: bool = False
    unused: tuple[Mention, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is missing, and nothing that was asked was passed over."""
        return not (self.left or self.lacks or self.unused)


@dataclass(frozen=True)
class Asked:
    """What a question was read as: its words, the things it names, and names that need no place."""

    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    main_projects: frozenset[str] = frozenset()
    lang: str = "en"
    whether: bool = False


def fit(known: Known, asked: Asked, weights: Weights) -> Fit:
    """How a question takes what was asked."""
    best = max(
        (_placed(known, asked, chosen) for chosen in _choices(known.question, asked.mentions)),
        key=lambda found: (-len(found.lacks), -len(found.unused), found.score),
    )
    limits, used = by_words(known, asked.words, _between(best, asked.mentions), asked.lang)
    numbers, units = by_numbers(known, best.unused, asked.words)
    stretched = [m for m in asked.mentions if m.of("releases") and not _is_param(best, m)]
    free = [
        w for w in asked.words if w not in (*used, *units) and not any(within(w, m.extent) for m in stretched)
    ]
    dated = any(narrow.kind == "date" for narrow in known.question.narrows)
    needless = FREE | PICKS if dated else FREE
    left = tuple(w for w in free if not w.ids & known.words and not w.ids & needless)
    best, pick = _picked(best, free, known, dated)
    unused = tuple(m for m in best.unused if m not in numbers)
    rest = [w for w in free if w.ids & known.words]
    says = bool(best.params or best.limits or used) or any(not word.ids <= FREE | PICKS for word in rest)
    bare = _score(known, rest, used, weights) + ROLE * best.score if says else 0.0
    cost = NARROWED * len(best.limits) + LIMITED * (len(limits) + bool(pick and pick.column))
    kinds = {param.name: param.kind for param in known.question.params}
    if any(kinds[name] == "newest" and reading.kind == "release" for name, reading in best.params):
        cost += NEWEST if asked.whether else NARROWED + NEWEST
    return replace(
        best,
        limits=(*best.limits, *limits, *(numbers.values())),
        pick=pick,
        score=bare - cost,
        bare=bare,
        turned=any(word.ids & known.turns for word in asked.words),
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
    spoken = frozenset(id_ for phrase in known.phrases for ids in phrase for id_ in ids)
    asked = {id_ for word in free for id_ in word.ids & PICKS if not word.ids & spoken}
    if len(asked) != 1 or not dated:
        return best, None
    column = next(narrow.columns[0] for narrow in known.question.narrows if narrow.kind == "date")
    return best, Pick(column, "last" in asked, 1)


def _choices(question: QueryFile, mentions: tuple[Mention, ...]) -> Iterator[dict[str, Mention]]:
    """Every way of filling the parameters with what was named, as many of them as can be."""
    needed = [param for param in question.params if param.default is None]
    most = min(len(needed), len(mentions))
    for size in range(most, -1, -1):
        some = False
        for chosen in permutations(needed, size):
            for named in permutations(mentions, size):
                if list(named) == sorted(named, key=lambda m: m.start) and all(
                    m.role != "except" and reading_for(m, p.kind) for p, m in zip(chosen, named, strict=True)
                ):
                    some = True
                    yield {p.name: m for p, m in zip(chosen, named, strict=True)}
        if some:
            return


def reading_for(mention: Mention, kind: str) -> Reading | None:
    """A mention's reading as a parameter's kind; a day can stand for its month, a release for its newest version."""
    found = mention.of(kind)
    if found and kind == "date" and found.period and not found.period.short:
        return None  # a year is no day
    if kind == "newest":
        return mention.of("version") or mention.of("release")
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
    limits, unused = narrowed(question.narrows, [m for m in asked.mentions if m not in chosen.values()])
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
    beside = BESIDE if here & known.core and not said & known.core else 0.0
    beside += UNASKED * len(ASKING & said - here)
    like = LIKE * (hit / phrased if phrased else 0.0)
    return COVERED * (covered / whole if whole else float(bool(used))) + like - beside


def _worth(ids: Ids, here: Ids, known: Known) -> float:
    return 1.0 if ids & here else KEYWORD if ids & known.keys else ELSEWHERE
