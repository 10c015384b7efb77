"""A question in English or Chinese → one of the catalogue's questions with its parameters. Never a guess.

A phrase of the catalogue that fits word for word decides. Else the things that the question names are taken
out, the questions whose parameters they fill are ranked by the words that remain, and one is answered only
when it covers enough of them and stands alone at the top.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from graph.ask_words import EDGE, STOP, denied, language, name_pattern, plain, plain_keep, tokens, vocabulary
from graph.errors import UnknownName, UsageFault
from graph.names import Named, Names, acronym
from graph.queries import Catalogue
from graph.sparql import Param, QueryFile
from graph.store import Bound

COVERS = 0.6  # share of the remaining words that the best question must know
AHEAD = 0.1  # by which it must lead the next one
PASSING = 0.8  # weight of a word that only a phrase holds
NEAREST = 3
_NUMBERED = re.compile(
    r"(?:(?P<word>bugs?|lp|缺陷|patch(?:es)?|changes?|reviews?|补丁|评审)[\s:#/]*)?(?<![0-9a-z.\-])(?P<key>\d{5,8}|i[0-9a-f]{40})(?![0-9a-z\-])"
)
_BUG = re.compile("bug|lp|缺陷")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Understood:
    """What a question was taken for: the catalogue's question, its parameters as terms and as shown names."""

    question: QueryFile
    bound: dict[str, Bound]
    shown: dict[str, str]
    lang: str


@dataclass(frozen=True)
class _Entity:
    kind: str
    named: Named
    start: int
    end: int
    role: str


class Asker:
    """Understands questions over one catalogue and the names of one graph."""

    def __init__(self, catalogue: Catalogue, names: Names) -> None:
        self._catalogue = catalogue
        self._names = names

    def understand(self, text: str) -> Understood:
        """What a question asks. Raises UnknownName with the nearest questions or names."""
        asked = plain(text)
        if not asked:
            raise UsageFault(
                "there is no question", hint='ask like: kg ask "what slipped from Queens to Rocky"'
            )
        fault: UnknownName | None = None
        try:
            exact = self._by_phrase(asked, language(text))
        except UnknownName as error:
            exact, fault = None, error
        if exact is not None:
            return exact
        try:
            return self._by_words(asked, language(text))
        except UnknownName as error:
            raise (fault or error) from None

    # --- word for word --------------------------------------------------------------------------------------------

    def _by_phrase(self, asked: str, lang: str) -> Understood | None:
        """A phrase of the catalogue that fits the whole question; the one with the fewest slots first."""
        fits = []
        for question in self._catalogue.questions.values():
            for phrase in (p for phrases in question.phrases.values() for p in phrases):
                match = _template(phrase).fullmatch(asked)
                if match:
                    fits.append(
                        (len(match.groupdict()), len("".join(match.groups())), question, match.groupdict())
                    )
        fault: UnknownName | None = None
        for _, _, question, words in sorted(fits, key=lambda fit: (fit[0], fit[1], fit[2].name)):
            try:
                return self._bind(question, words, lang)
            except (UnknownName, UsageFault) as error:
                fault = error if isinstance(error, UnknownName) and fault is None else fault
        if fault is not None and len({fit[2].name for fit in fits}) == 1:
            raise fault
        return None

    def _bind(self, question: QueryFile, words: dict[str, str], lang: str) -> Understood:
        bound, shown = {}, {}
        for param in question.params:
            word = words.get(param.name, param.default)
            if word is None:
                raise UsageFault(f"{question.name} needs {param.name}", hint=param.about)
            word = word.strip(EDGE + "\"'“”「」")
            bound[param.name] = self._names.resolve(param.kind, word)
            shown[param.name] = self._shown(param, word)
        return Understood(question, bound, shown, lang)

    def _shown(self, param: Param, word: str) -> str:
        if param.kind in ("text", "date", "month"):
            return word
        return self._names.thing(param.kind, word).shown

    # --- by words -------------------------------------------------------------------------------------------------

    def _by_words(self, asked: str, lang: str) -> Understood:
        entities = list(self._entities(asked))
        rest = asked
        for entity in sorted(entities, key=lambda e: -e.start):
            rest = rest[: entity.start] + " " + rest[entity.end :]
        words = tokens(rest)
        ranked = sorted(self._scores(words, denied(rest), entities), key=lambda row: (-row[0], row[1].name))
        # What would fit better, had it named more things, is what was meant: then it is not guessed which.
        meant = max(
            (score for score, _ in self._scores(words, denied(rest), entities, fills=_lacks)), default=0.0
        )
        ahead = ranked and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= AHEAD)
        if ahead and ranked[0][0] >= COVERS and meant - ranked[0][0] < AHEAD:
            return self._fill(ranked[0][1], entities, lang)
        raise self._unknown(asked, words, entities, lang)

    def _scores(
        self, words: set[str], not_said: set[str], entities: list[_Entity], fills: _Fit | None = None
    ) -> Iterator[tuple[float, QueryFile]]:
        for question in self._catalogue.questions.values():
            known = vocabulary(question)
            if not words or not (fills or _fills)(question, entities) or not not_said <= known.denied:
                continue
            # A key word counts more than one that a phrase only happens to hold; and several words of one
            # question beat one word of another that covers as much.
            keys, others = len(words & known.keys), len(words & known.words - known.keys)
            share = (keys + PASSING * others) / len(words)
            yield share + 0.01 * min(keys + others, 5) if share else 0.0, question

    def _fill(self, question: QueryFile, entities: list[_Entity], lang: str) -> Understood:
        free = list(entities)
        bound: dict[str, Bound] = {}
        shown: dict[str, str] = {}
        needed = [p for p in question.params if p.default is None]
        for param in sorted(needed, key=lambda p: all(e.role != p.name for e in free)):
            mine = [e for e in free if e.kind == param.kind]
            chosen = next((e for e in mine if e.role == param.name), mine[0])
            free.remove(chosen)
            bound[param.name] = ("iri", chosen.named.iri)
            shown[param.name] = chosen.named.shown
        for param in question.params:
            if param.default is not None:
                bound[param.name] = self._names.resolve(param.kind, param.default)
                shown[param.name] = param.default
        return Understood(question, bound, shown, lang)

    def _entities(self, asked: str) -> Iterator[_Entity]:
        """Things the question names, longest names first, none overlapping."""
        found: list[_Entity] = []
        spans: list[tuple[int, int]] = []
        for kind, named, regex in sorted(self._patterns(asked), key=lambda row: -len(row[2].pattern)):
            for match in regex.finditer(asked):
                if all(match.end() <= s or match.start() >= e for s, e in spans):
                    spans.append((match.start(), match.end()))
                    role = _role(asked[: match.start()])
                    found.append(_Entity(kind, named, match.start(), match.end(), role))
        yield from sorted([*found, *self._numbered(asked, spans)], key=lambda e: e.start)

    def _numbered(self, asked: str, spans: list[tuple[int, int]]) -> Iterator[_Entity]:
        """Bugs and patches named by number or Change-Id. Raises UnknownName for one that nobody knows."""
        for match in _NUMBERED.finditer(asked):
            start, end = match.span("key")
            if all(end <= s or start >= e for s, e in spans):
                word = match["word"] or ""
                kinds = (
                    ("patch",) if word and not _BUG.match(word) else ("bug",) if word else ("bug", "patch")
                )
                kind, named = self._tracked(kinds, match["key"])
                yield _Entity(kind, named, start, end, _role(asked[: match.start()]))

    def _tracked(self, kinds: tuple[str, ...], key: str) -> tuple[str, Named]:
        fault: UnknownName | None = None
        for kind in kinds:
            try:
                return kind, self._names.thing(kind, key)
            except UnknownName as error:
                fault = fault or error
        raise fault or UnknownName(f"nothing is known as {key!r}")

    def _patterns(self, asked: str) -> Iterator[tuple[str, Named, re.Pattern[str]]]:
        for kind in ("release", "feature", "person"):
            for named in self._names.of(kind):
                for name in _spoken(named, kind):
                    # Of some thousand names a question holds a few: only these are worth a pattern.
                    if _first_word(name) not in asked:
                        continue
                    regex = name_pattern(name, kind)
                    if regex is not None:
                        yield kind, named, regex

    def _unknown(self, asked: str, words: set[str], entities: list[_Entity], lang: str) -> UnknownName:
        misspelt = self._misspelt(asked, entities)
        if misspelt:
            return misspelt
        scored = []
        for question in self._catalogue.questions.values():
            share = len(words & vocabulary(question).words) / (len(words) or 1)
            scored.append((-share, not _fills(question, entities), question.name, question))
        nearest = tuple(
            _filled(question, lang, entities)
            for *_, question in sorted(scored, key=lambda s: s[:3])[:NEAREST]
        )
        what = "这个问题无法回答" if lang == "zh" else "this is no question that can be answered"
        hint = ("可以这样问：" if lang == "zh" else "what can be asked, nearest first: ") + "; ".join(nearest)
        return UnknownName(what, nearest=nearest, hint=hint)

    def _misspelt(self, asked: str, entities: list[_Entity]) -> UnknownName | None:
        """A word that is nearly the name of a release, where a question would take one more release."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for a question that is not understood only

        names = {
            name.casefold(): thing.shown
            for thing in self._names.of("release")
            for name in thing.names
            if len(name) > 3
        }
        taken = {asked[e.start : e.end] for e in entities}
        for word in re.findall(r"[a-z]{4,}", asked):
            if word in names or word in taken or word in STOP:
                continue
            found = process.extractOne(word, list(names), scorer=fuzz.ratio, score_cutoff=80)
            if found:
                near = names[found[0]]
                return UnknownName(
                    f"no release is known as {word!r}", nearest=(near,), hint=f"did you mean {near}?"
                )
        return None


_Fit = Callable[[QueryFile, Iterable[_Entity]], bool]


def _spoken(named: Named, kind: str) -> set[str]:
    """Names of a thing as they may be said; one that no note speaks of is named by more than a single word."""
    if named.spoken:
        return {*named.names, *(acronym(name) for name in named.names if kind == "feature")}
    return {name for name in named.names if len(re.split(r"[\s\-_]+", name.strip())) > 1}


def _first_word(name: str) -> str:
    words = re.split(r"[\s\-_]+", unicodedata.normalize("NFKC", name).casefold().strip())
    return next(filter(None, words), "")


def _filled(question: QueryFile, lang: str, entities: list[_Entity]) -> str:
    phrases = question.phrases.get(lang) or question.phrases.get("en", ())
    text = phrases[0] if phrases else question.name
    for param in question.params:
        mine = [e for e in entities if e.kind == param.kind]
        if mine:
            text = text.replace(f"{{{param.name}}}", mine[0].named.shown)
            entities = [e for e in entities if e is not mine[0]]
    return text


def _fills(question: QueryFile, entities: Iterable[_Entity]) -> bool:
    """Whether the things named are just those the question takes."""
    needed = sorted(param.kind for param in question.params if param.default is None)
    return needed == sorted(entity.kind for entity in entities)


def _lacks(question: QueryFile, entities: Iterable[_Entity]) -> bool:
    """Whether the question takes all things that were named, and more."""
    needed = Counter(param.kind for param in question.params if param.default is None)
    named = Counter(entity.kind for entity in entities)
    return needed > named


def _role(before: str) -> str:
    """Which parameter a word before a name points at: from, to, or none."""
    if re.search(r"(?:\bfrom|\bof|从|由|自)\s*$", before):
        return "from"
    return "to" if re.search(r"(?:\bto|\binto|\btowards|到|至|进|给)\s*了?\s*$", before) else ""


def _template(phrase: str) -> re.Pattern[str]:
    """A phrase of the catalogue as a pattern of the plain question."""
    out = []
    for piece in re.split(r"(\{\w+\})", plain_keep(phrase)):
        slot = _SLOT.fullmatch(piece)
        out.append(
            f"\\s*(?P<{slot[1]}>.{{1,120}}?)\\s*"
            if slot
            else r"\s*".join(re.escape(w) for w in _pieces(piece))
        )
    return re.compile("".join(out))


def _pieces(text: str) -> list[str]:
    """Latin words keep one blank between them; Chinese needs none."""
    return [piece for piece in re.split(r"\s+", text) if piece]
