"""A question in English or Chinese → one of the catalogue's questions with its parameters. Never a guess.

A phrase of the catalogue that fits word for word decides. Else the things that the question names are taken out,
the questions whose parameters they fill are ranked by the words that remain, and one is answered only when it
covers enough of them and stands alone at the top.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.errors import UnknownName, UsageFault
from graph.names import Named, Names, acronym
from graph.queries import Catalogue
from graph.sparql import Param, QueryFile
from graph.store import Bound

CJK = "\u3400-\u9fff"
COVERS = 0.6  # share of the remaining words that the best question must know
AHEAD = 0.1  # by which it must lead the next one
NEAREST = 3
_SLOT = re.compile(r"\{(\w+)\}")
_EDGE = " \t?？!！.。,，;；:：~～"
_POLITE = re.compile(
    r"^(?:please|pls|hi|hello|could you|can you|would you|tell me|show me|give me|i want to know|请问|请|麻烦|帮我|告诉我|给我|查一下|看看|我想知道|想知道|你好)[ ,，]*"
)
_TAIL = re.compile(r"(?:please|thanks|thank you|吗|呢|啊|呀|了吗|谢谢|的呢)$")
# Words that ask, or join, and tell one question from another in no way.
_STOP = frozenset(
    "a an the is are was were be been do does did of in on at for with and or any there their its it this that these"
    " those which what whom has have had all me my we us you i so far up please show list give tell"
    " from to into by about as get got s t can could would should will".split()
)
_STOP_CJK = ("的", "了", "吗", "呢", "有", "是", "在", "从", "到", "和", "与", "把", "被", "都", "哪些", "什么", "哪", "些", "请", "列出", "所有", "里", "中", "个")


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


def language(text: str) -> str:
    """Language of a question: Chinese when it holds a Chinese character outside names, else English."""
    return "zh" if re.search(f"[{CJK}]", text) else "en"


def plain(text: str) -> str:
    """A question without case, width, politeness and the punctuation around it."""
    out = unicodedata.normalize("NFKC", text).casefold().strip(_EDGE)
    out = re.sub(r"\s+", " ", out)
    for _ in range(3):
        out = _TAIL.sub("", _POLITE.sub("", out)).strip(_EDGE)
    return out


class Asker:
    """Understands questions over one catalogue and the names of one graph."""

    def __init__(self, catalogue: Catalogue, names: Names) -> None:
        self._catalogue = catalogue
        self._names = names

    def understand(self, text: str) -> Understood:
        """What a question asks. Raises UnknownName with the nearest questions or names."""
        asked = plain(text)
        if not asked:
            raise UsageFault("there is no question", hint='ask like: kg ask "what slipped from Queens to Rocky"')
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
                    fits.append((len(match.groupdict()), len("".join(match.groups())), question, match.groupdict()))
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
            word = word.strip(_EDGE + "\"'“”「」")
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
        ranked = sorted(self._scores(words, entities), key=lambda row: (-row[0], row[1].name))
        if ranked and ranked[0][0] >= COVERS and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= AHEAD):
            question = ranked[0][1]
            return self._fill(question, entities, lang)
        raise self._unknown(asked, words, entities, lang)

    def _scores(self, words: set[str], entities: list[_Entity]) -> Iterator[tuple[float, QueryFile]]:
        for question in self._catalogue.questions.values():
            if not words or not _fills(question, entities):
                continue
            known = vocabulary(question)
            # Several words of one question beat one word of another that covers as much.
            shared = len(words & known)
            yield shared / len(words) + 0.01 * min(shared, 5) if shared else 0.0, question

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
        for kind, named, regex in sorted(self._patterns(), key=lambda row: -len(row[2].pattern)):
            for match in regex.finditer(asked):
                if all(match.end() <= s or match.start() >= e for s, e in spans):
                    spans.append((match.start(), match.end()))
                    role = _role(asked[: match.start()])
                    found.append(_Entity(kind, named, match.start(), match.end(), role))
        yield from sorted(found, key=lambda e: e.start)

    def _patterns(self) -> Iterator[tuple[str, Named, re.Pattern[str]]]:
        for kind in ("release", "feature", "person"):
            for named in self._names.of(kind):
                for name in {n for name in named.names for n in (name, acronym(name) if kind == "feature" else "")}:
                    regex = _name_pattern(name, kind)
                    if regex is not None:
                        yield kind, named, regex

    def _unknown(self, asked: str, words: set[str], entities: list[_Entity], lang: str) -> UnknownName:
        misspelt = self._misspelt(asked, entities)
        if misspelt:
            return misspelt
        scored = []
        for question in self._catalogue.questions.values():
            known = vocabulary(question)
            share = len(words & known) / (len(words) or 1)
            scored.append((-share, not _fills(question, entities), question.name, question))
        nearest = tuple(
            _filled(question, lang, entities) for *_, question in sorted(scored, key=lambda s: s[:3])[:NEAREST]
        )
        what = "这个问题无法回答" if lang == "zh" else "this is no question that can be answered"
        hint = ("可以这样问：" if lang == "zh" else "what can be asked, nearest first: ") + "; ".join(nearest)
        return UnknownName(what, nearest=nearest, hint=hint)

    def _misspelt(self, asked: str, entities: list[_Entity]) -> UnknownName | None:
        """A word that is nearly the name of a release, where a question would take one more release."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for a question that is not understood only

        names = {name.casefold(): thing.shown for thing in self._names.of("release") for name in thing.names if len(name) > 3}
        taken = {asked[e.start : e.end] for e in entities}
        for word in re.findall(r"[a-z]{4,}", asked):
            if word in names or word in taken or word in _STOP:
                continue
            found = process.extractOne(word, list(names), scorer=fuzz.ratio, score_cutoff=80)
            if found:
                near = names[found[0]]
                return UnknownName(f"no release is known as {word!r}", nearest=(near,), hint=f"did you mean {near}?")
        return None


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
        out.append(f"\\s*(?P<{slot[1]}>.{{1,120}}?)\\s*" if slot else r"\s*".join(re.escape(w) for w in _pieces(piece)))
    return re.compile("".join(out))


def _pieces(text: str) -> list[str]:
    """Latin words keep one blank between them; Chinese needs none."""
    return [piece for piece in re.split(r"\s+", text) if piece]


def plain_keep(phrase: str) -> str:
    """`plain` for a phrase with slots."""
    return unicodedata.normalize("NFKC", phrase).casefold().strip(_EDGE)


def _name_pattern(name: str, kind: str) -> re.Pattern[str] | None:
    """Pattern of a name in a plain question; None for one too short to be told from a word."""
    text = unicodedata.normalize("NFKC", name).casefold().strip()
    if kind == "release" and len(text) == 1 and text.isalpha():
        return re.compile(rf"(?<![a-z0-9]){text}[ \t]?(?:版本|版|周期|release\b|cycle\b)")
    if len(text) < 2 or (kind == "release" and text.isdigit()):
        return None
    if re.search(f"[{CJK}]", text):
        return re.compile(re.escape(text)) if len(text) >= 4 else None
    words = [re.escape(word) for word in re.split(r"[\s\-_]+", text) if word]
    body = r"[\s\-_]+".join(words)
    plural = "" if kind != "feature" else "?" if body.endswith("s") else "s?"
    tail = r"(?:\s*(?:版本|版|周期|release|cycle)(?![a-z]))?" if kind == "release" else ""
    return re.compile(rf"(?<![a-z0-9_.-]){body}{plural}(?![a-z0-9_-]){tail}")


def tokens(text: str) -> set[str]:
    """Words that carry meaning: Latin ones without their endings, Chinese in pairs, asking words left out."""
    latin = {_stem(word) for word in re.findall(r"[a-z][a-z0-9'-]*", text) if word not in _STOP}
    pairs = set()
    for run in re.findall(f"[{CJK}]+", text):
        for stop in _STOP_CJK:
            run = run.replace(stop, " ")
        for piece in run.split():
            pairs.update(piece[i : i + 2] for i in range(max(1, len(piece) - 1)))
    return latin | pairs


def _stem(word: str) -> str:
    for ending in ("ing", "ped", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("p") if ending in ("ing", "ped") else word[: -len(ending)]
    return word


def vocabulary(question: QueryFile) -> set[str]:
    """Every word that speaks for a question: of its phrases, titles and keywords, in both languages."""
    texts = [_SLOT.sub(" ", p) for phrases in question.phrases.values() for p in phrases]
    texts += [word for words in question.keywords.values() for word in words]
    return tokens(plain_keep(" . ".join(texts)))
