"""Decisions with an assignee, milestones with a date, TODOs: lists and promises in the text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from graph.extract import dates
from graph.extract.people import NAME, NICK
from graph.extract.releases import ReleaseFinder
from graph.extract.text import CJK, Unit, sentences
from graph.lexicon import Lexicon
from graph.lexicon.phrases import Match, PhraseSet, pattern
from graph.profile import Profile

_PERSON = rf"@(?P<nick>{NICK})(?:[ \t]?[(（](?P<other>[^()（）\s]{{1,30}})[)）])?|(?P<name>{NAME})"


@dataclass(frozen=True)
class Assigned:
    """A decision in a unit: assignee, what about, its sentence."""

    assignee: str
    bare: bool
    about: str
    start: int
    end: int
    person: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Dated:
    """A milestone in a unit."""

    release: str
    name: str
    date: str
    start: int
    end: int
    inferred: str = ""


class DecisionFinder:
    """The decision phrases of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._phrases = [self._compile(phrase) for phrase in lexicon.words("decision.phrases")]
        self._agents = [self._compile(phrase) for phrase in lexicon.words("decision.agents")]
        self._cues = PhraseSet(("cue", word) for word in lexicon.words("decision.cues"))
        labels = "|".join(pattern(word, {}) for word in lexicon.words("decision.labels"))
        label = re.compile(rf"(?i:{labels})[ \t]?[:：][ \t]?(?:{_PERSON})[ \t]{{0,2}}")
        self._labels = (label, True)
        after = "|".join(re.escape(word) for word in lexicon.words("decision.after"))
        # Behind a bare assignee stands what is to be done, or nothing; another Latin word makes it a noun phrase.
        self._after = re.compile(
            rf"\s*(?:$|[{CJK}，。,.;；:：)）/-]|(?:{after})(?![A-Za-z])|[a-z]{{3,}}s(?![A-Za-z]))",
            re.IGNORECASE,
        )
        refused = "|".join(pattern(word, {}) for word in lexicon.words("decision.not_after"))
        self._refused = re.compile(rf"\s*(?:{refused})", re.IGNORECASE)

    @staticmethod
    def _compile(phrase: str) -> tuple[re.Pattern[str], bool]:
        """The pattern of a phrase, and whether the name ends it."""
        before, after = phrase.split("{person}")
        person = rf"[ \t]{{0,2}}(?:{_PERSON})[ \t]{{0,2}}"
        regex = re.compile(_ignore_case(pattern(before, {})) + person + _ignore_case(pattern(after, {})))
        return regex, not after.strip()

    def find(self, unit: Unit, known: Container[str] = ()) -> list[Assigned]:
        """Decisions of a unit, one for each sentence and assignee; `known` are people's names (lower case)."""
        found: dict[tuple[int, str], Assigned] = {}
        for start, end in sentences(unit):
            text = unit.visible(start, end, keep=".cl")
            for row in self._sentence(text, start, end, known):
                found.setdefault((start, row.assignee.lower()), row)
        return list(found.values())

    def _sentence(self, text: str, start: int, end: int, known: Container[str]) -> Iterator[Assigned]:
        cued = self._agents if self._cues.find(text) else ()
        for regex, ends in [self._labels, *self._phrases, *cued]:
            for match in regex.finditer(text):
                assignee = match["other"] or match["nick"] or match["name"]
                behind = text[match.end() :]
                if ends and (self._refused.match(behind) or not self._fits(match, behind, known)):
                    continue
                span = (start + match.start(), start + match.end())
                about = behind.strip(" ，。,.;；:：")
                yield Assigned(assignee, bool(match["name"]), about, start, end, span)

    def _fits(self, match: re.Match[str], behind: str, known: Container[str]) -> bool:
        """Whether what ends a phrase is a name: marked, known, or followed by what is to be done."""
        name = match["name"]
        return not name or name.lower() in known or bool(self._after.match(behind))


def _ignore_case(regex: str) -> str:
    return f"(?i:{regex})" if regex else ""


class MilestoneFinder:
    """Milestone words of the profile beside a date and, where named, a release."""

    def __init__(self, profile: Profile, releases: ReleaseFinder) -> None:
        self._profile = profile
        self._releases = releases
        rows = [(kind, word) for kind, words in profile.milestones for word in words]
        self._words = PhraseSet(rows, {"release": releases.pattern})

    def find(self, unit: Unit, meeting: str, lead: str = "") -> list[Dated]:
        """Milestones of a unit; those without a release named take that of the heading above (`lead`), else the
        cycle of the meeting's date, and say so."""
        found: list[Dated] = []
        for start, end in sentences(unit):
            text = unit.visible(start, end, keep=".lc")
            words = [m for m in self._words.find(text) if m.label != "ptg"]
            days = [d for d in dates.near(text, meeting) if d.date]
            found.extend(self._pair(text, words, days, (meeting, lead), (start, end)))
        return found

    def _pair(
        self,
        text: str,
        words: list[Match],
        days: list[dates.Found],
        near: tuple[str, str],
        span: tuple[int, int],
    ) -> Iterator[Dated]:
        taken: set[int] = set()
        for word in words:
            free = [d for i, d in enumerate(days) if i not in taken]
            if not free:
                return
            day = min(free, key=lambda d: _distance(word, d))
            taken.add(days.index(day))
            release, how = self._release(text, word, *near)
            if release:
                inferred = "; ".join(filter(None, (day.inferred, how)))
                yield Dated(release, word.label, day.date, span[0], span[1], inferred)

    def _release(self, text: str, word: Match, meeting: str, lead: str) -> tuple[str, str]:
        named = self._releases.find(text)
        if named:
            return min(named, key=lambda n: abs(n.start - word.start)).name, ""
        if lead:
            return lead, "release from the heading above"
        cycle = self._profile.cycle_at(meeting) if meeting else ""
        return cycle, "release from the meeting's date" if cycle else ""


def _distance(word: Match, day: dates.Found) -> int:
    return day.start - word.end if day.start >= word.end else word.start - day.end


class PromiseFinder:
    """What the author means to learn or write later."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._later = PhraseSet(("later", word) for word in lexicon.words("todo.later"))
        self._act = PhraseSet(("act", word) for word in lexicon.words("todo.act"))
        self._inline = PhraseSet(("inline", word) for word in lexicon.words("todo.inline"))
        generic = sorted(lexicon.words("todo.generic"), key=len, reverse=True)
        self._latin_generic = frozenset(word.lower() for word in generic if word.isascii())
        self._generic = [word for word in generic if not word.isascii()]

    def find(self, unit: Unit, people: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Spans of the sentences that promise; a sentence whose subject is somebody else promises nothing."""
        spans = []
        for start, end in sentences(unit):
            text = unit.visible(start, end, keep=".c")
            if self._promises(text) and not any(start <= a < end for a, _ in people):
                spans.append((start, end))
        return spans

    def _promises(self, text: str) -> bool:
        if self._inline.find(text):
            return True
        acts = self._act.find(text)
        for later in self._later.find(text):
            for act in acts:
                gap = text[later.end : act.start]
                if 0 <= act.start - later.end <= 40 and not re.search(r"[，。；]|,[ " + CJK + "]", gap):
                    return True
                if act.start <= later.start < act.end:
                    return True
        return False

    def subject(self, text: str) -> frozenset[str]:
        """Words that say what a TODO is about: without those of learning and writing. Chinese in pairs."""
        for word in self._generic:
            text = text.replace(word, " ")
        latin = {_singular(word.lower()) for word in re.findall(r"[A-Za-z][A-Za-z0-9_]*", text)}
        latin -= {_singular(word) for word in self._latin_generic}
        chinese = re.findall(rf"[{CJK}]+", text)
        pairs = {run[i : i + 2] for run in chinese for i in range(max(1, len(run) - 1))}
        return frozenset(latin | pairs)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
