"""Chooses the question of the catalogue that was asked, or refuses with what is missing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from graph.asking import refusals
from graph.asking.fits import PICKS, Asked, Fit, fit
from graph.asking.known import Known, Weights, known_of
from graph.asking.limits import Limit, Pick
from graph.asking.mentions import Mention, Reading, hidden, once
from graph.asking.strangers import IDENTIFIER, Strangers
from graph.asking.things import Finder
from graph.asking.words import Tongue, Word, fold, language, lexicon
from graph.errors import UnknownName, UsageFault
from graph.names import Names
from graph.queries import Catalogue
from graph.sparql import QueryFile
from graph.store import Bound

ENOUGH = 0.62  # score from which a question is taken for what was asked
AHEAD = 0.04  # by which it must lead the next one


# An English clause that begins so, and has none of the words that ask for more, wants yes or no.
_WHETHER = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|am)\b(?!(?:(?!\band\b).)*\b(?:who|when|where|which|what|how|why)\b)"
)


_ASKS_MORE = re.compile(r"(?:and\s+|so\s+)?(?:who|when|where|which|what|how|why|list|show|tell|give)\b")
_OR_NOT = re.compile(
    r"(?:没有?|吗|(?<![什怎多那这])么|(?<!是)不)$|(?:吗)[，,；; ]|([带有是能会含包修])[没不]\1"
)
_ABOUT = re.compile(
    r"(?:\b(?:about|regarding|concerning|mentions?|mentioned|says?)|关于|提到|提及|说到|谈到|谈)\s*(?:the\s+)?$"
)


@dataclass(frozen=True)
class Understood:
    """What a question was taken for: the catalogue's question, its parameters as terms and as shown names.

    `limits` keep only some of its rows, `pick` the first or last of them; `asks` holds `whether` when the
    question was whether at all, and `turned` when yes and no change places.
    """

    question: QueryFile
    bound: dict[str, Bound]
    shown: dict[str, str]
    lang: str
    limits: tuple[Limit, ...] = ()
    pick: Pick | None = None
    asks: frozenset[str] = frozenset()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True)
class Read:
    """A question as read: its folded text, what it names, its words."""

    text: str
    lang: str
    mentions: tuple[Mention, ...]
    words: tuple[Word, ...]

    @property
    def strange(self) -> tuple[Word, ...]:
        """Words that nothing here knows."""
        return tuple(word for word in self.words if not word.known)


class Asker:
    """Understands questions over one catalogue and the names of one graph; `today` is what `last week` counts from."""

    def __init__(self, catalogue: Catalogue, names: Names, today: datetime.date | None = None) -> None:
        self._names = names
        self._tongue = Tongue(lexicon())
        self._finder = Finder(names, today or datetime.date.today(), self._tongue.common)
        self.known: tuple[Known, ...] = tuple(
            known_of(question, self._tongue) for _, question in sorted(catalogue.questions.items())
        )
        self._weights = Weights(self.known)

    def understand(self, text: str) -> Understood:
        """What a question asks. Raises UnknownName with the nearest questions or names."""
        read = self.read(text)
        return self.chosen(read, self.fits(read))

    def read(self, text: str) -> Read:
        """A question's words and what it names. Raises UnknownName for a number or a name that nobody knows."""
        asked, lang = fold(text), language(text)
        if not asked:
            raise _no_question()
        mentions = self._finder.find(asked)
        words = self._words(asked, mentions)
        if any(not word.known for word in words):
            mentions = self._strangers.named(asked, mentions, words)
            words = self._words(asked, mentions)
        if not words and not mentions:
            raise _no_question()
        return Read(asked, lang, tuple(once(mentions)), tuple(words))

    def _words(self, asked: str, mentions: list[Mention]) -> list[Word]:
        """What is said beside the things, without words that only name the community or its meetings."""
        words = self._tongue.read(hidden(asked, mentions))
        return [word for word in words if word.known or not self._strangers.of_us(word.text)]

    @cached_property
    def _strangers(self) -> Strangers:
        return Strangers(self._names, self._finder)

    def fits(self, read: Read) -> list[Fit]:
        """How every question takes what was read, the best first."""
        asked = Asked(
            read.words, read.mentions, self._main_projects(read.mentions), read.lang, _is_whether(read)
        )
        found = [fit(known, asked, self._weights) for known in self.known]
        return sorted(found, key=lambda f: (-f.score, f.question.name))

    def chosen(self, read: Read, fits: Sequence[Fit]) -> Understood:
        """The one question that fits. Raises UnknownName when none does, or several do."""
        if read.strange:
            read, fits = self._searching(read, fits)
        whole = [found for found in fits if found.whole and found.bare >= ENOUGH]
        best = whole[0] if whole else None
        if read.strange or best is None:
            raise refusals.unknown(read.lang, read.strange, read.words, fits)
        if _ranks_people(read):
            raise refusals.of_people(read.lang, fits)
        if _is_whether(read) and any(word.ids & PICKS for word in read.words) and _narrowed(best):
            # Whether one is the first or last of several is not told by looking at that one alone.
            raise refusals.unknown(read.lang, read.strange, read.words, fits)
        rivals = [found for found in whole[1:] if best.score - found.score < AHEAD]
        # What would fit better, had it named more things, is what was meant: then it is not guessed which.
        meant = [f for f in fits if f.lacks and not f.left and not f.unused and f.score - best.bare >= AHEAD]
        if rivals or meant:
            raise refusals.several(read.lang, [best, *rivals] if rivals else meant)
        return self.understood(best, read)

    def _searching(self, read: Read, fits: Sequence[Fit]) -> tuple[Read, Sequence[Fit]]:
        """Words that nothing knows may be looked for in what was said, where a question does that."""
        first = min(word.start for word in read.strange)
        named = any(IDENTIFIER.search(word.text) for word in read.strange)
        if not named and not _ABOUT.search(read.text[:first]):
            return read, fits
        texts = tuple(_sought(word) for word in read.strange)
        words = tuple(word for word in read.words if word.known)
        other = replace(read, words=words, mentions=(*read.mentions, *texts))
        found = self.fits(other)
        return (other, found) if any(f.whole and f.bare >= ENOUGH for f in found) else (read, fits)

    def understood(self, best: Fit, read: Read) -> Understood:
        """A fit with its values. Raises UnknownName for a pair of releases in the wrong order."""
        question = best.question
        bound = {name: reading.bound for name, reading in best.params}
        shown = {name: reading.shown for name, reading in best.params}
        for param in question.params:
            if param.kind == "newest" and bound[param.name][0] == "iri":
                bound[param.name], shown[param.name] = self._newest(bound[param.name][1], shown[param.name])
            if param.default is not None and param.name not in bound:
                bound[param.name] = self._default(param.kind, param.default)
                shown[param.name] = param.default
        refusals.check_order(self._names, question, bound, shown, read.lang)
        told = {"whether": _is_whether(read), "turned": best.turned}
        asks = frozenset(name for name, said in told.items() if said)
        return Understood(question, bound, shown, read.lang, best.limits, best.pick, asks, read.mentions)

    def _newest(self, release: str, shown: str) -> tuple[Bound, str]:
        """A release as its newest version, for a question of what a version has."""
        version = self._names.newest(release)
        if not version:
            hint = "`kg sources` lists what was read"
            raise UnknownName(f"no version of {shown} is on record", hint=hint)
        return ("string", version), f"{version} ({shown})"

    def _default(self, kind: str, word: str) -> Bound:
        if kind == "date" and word == "today":
            return ("date", self._finder.today.isoformat())
        return self._names.resolve(kind, word)

    def _main_projects(self, mentions: Iterable[Mention]) -> frozenset[str]:
        """The main projects, where one is named at all."""
        if not any(mention.of("project") for mention in mentions):
            return frozenset()
        return self._names.main_projects()


def _ranks_people(read: Read) -> bool:
    """Whether the first so many of people are asked for."""
    people = {"who", "write", "person"}
    return any(m.of("top") for m in read.mentions) and any(word.ids & people for word in read.words)


def _narrowed(found: Fit) -> bool:
    return any(not limit.worded and limit.op == "=" for limit in found.limits)


def _is_whether(read: Read) -> bool:
    return _whether(read.text) or any("whether" in word.ids for word in read.words)


def _whether(text: str) -> bool:
    """Whether a folded question wants yes or no."""
    if _OR_NOT.search(text):
        return True
    clauses = re.split(r"[,;:?]\s*|[.]\s+| - ", text)
    return not _ASKS_MORE.match(text) and any(_WHETHER.match(clause.strip()) for clause in clauses)


def _sought(word: Word) -> Mention:
    """A word that is looked for in what was said."""
    reading = Reading("text", ("string", word.text), word.text, frozenset({word.text}))
    return Mention(word.start, word.end, "", (reading,))


def _no_question() -> UsageFault:
    return UsageFault("there is no question", hint='ask like: kg ask "what slipped from Queens to Rocky"')
