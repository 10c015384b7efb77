"""What a sentence reports of how the work stands.

Some phrases are a report by themselves («no progress»); words of completion report what the words before them
in the clause make of them:

    condition, question      no report                 "once it merges"
    negation                 in-progress, or at-risk when a release or the future is named
    doubt with a negation    at-risk                   near         nearly-done
    progressive              in-progress               intention    planned
    nothing of these         done (words of action need a mark of the perfect)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.extract.releases import Named, ReleaseFinder
from graph.extract.text import CJK, COMMA, Unit, sentences
from graph.lexicon import Lexicon
from graph.lexicon.phrases import Match, PhraseSet

_BREAK = re.compile(rf"{COMMA}|[；;！!？?。]|[()（）【】]|[ \t](?:--?|–|—)[ \t]|\.(?=\s|$)")
QUESTION = re.compile(r"[?？]\s*$|吗[。？?]?\s*$|(?:呢|么)[？?]\s*$")
# How far before a word of completion a modifier may stand, in characters.
REACH = 90


@dataclass(frozen=True)
class Report:
    """A status found in a unit: place of its words, of its clause and sentence, the release it names."""

    status: str
    start: int
    end: int
    clause: tuple[int, int]
    sentence: tuple[int, int]
    release: str = ""


class StatusFinder:
    """The status words of a lexicon, compiled once."""

    def __init__(self, lexicon: Lexicon, releases: ReleaseFinder) -> None:
        self._releases = releases
        following = "|".join(re.escape(word) for word in lexicon.words("release.next"))
        tail = "|".join(re.escape(word) for word in lexicon.words("release.after"))
        names = rf"{releases.pattern}(?:[ \t]?(?:{tail}))?|[A-Z][ \t]?版本?"
        slots = {"release": names, "target": f"(?:{names})|{following}"}
        direct = [(status, w) for status, words in lexicon.under("status.direct").items() for w in words]
        core = [(f"core-{kind}", word) for kind, words in lexicon.under("status.core").items()
                if kind in ("fact", "act", "base") for word in words]  # fmt: skip
        neutral = [("neutral", word) for word in lexicon.words("status.neutral.phrases")]
        self._reports = PhraseSet([*direct, *core, *neutral], slots)
        modifiers = [(kind, word) for kind, words in lexicon.under("status.modifier").items() for word in words]
        self._modifiers = PhraseSet([*modifiers, *neutral])
        self._after = PhraseSet(("after", word) for word in lexicon.words("status.core.perfect_after"))
        self._before = PhraseSet(("before", word) for word in lexicon.words("status.core.perfect_before"))
        self._clause_words = PhraseSet(("break", word) for word in lexicon.words("clause.breaks"))

    def reports(self, unit: Unit) -> list[Report]:
        """Reports of a unit, in order."""
        found: list[Report] = []
        for start, end in sentences(unit):
            found.extend(self._sentence(unit, start, end))
        return found

    def _sentence(self, unit: Unit, start: int, end: int) -> list[Report]:
        text = unit.visible(start, end)
        if QUESTION.search(unit.plain[start:end]) or self._supposes(text):
            return []
        clauses = self.clauses(text)
        matches = [m for m in self._reports.find(text) if m.label != "neutral"]
        reports: list[Report] = []
        for clause in clauses:
            inside = [m for m in matches if clause[0] <= m.start < clause[1]]
            for index, match in enumerate(inside):
                scope = _scope(inside, index, clause[0])
                status = self._status(text, match, scope, clause)
                if status:
                    place = (start + clause[0], start + clause[1])
                    reports.append(Report(status, start + match.start, start + match.end, place, (start, end)))
        return self._with_releases(_single(reports), text, start)

    def _supposes(self, text: str) -> bool:
        """Whether a sentence opens with a supposition: what follows is no report."""
        opening = text[: len(text) - len(text.lstrip()) + 8]
        return any(m.label == "hypothesis" and not opening[: m.start].strip(" -就那") for m in self._modifiers.find(opening))

    def clauses(self, text: str) -> list[tuple[int, int]]:
        """Spans of the clauses of a sentence."""
        cuts = {0, len(text)}
        for match in _BREAK.finditer(text):
            cuts.add(match.end())
        for word in self._clause_words.all(text):
            cuts.add(word.start)
        points = sorted(cuts)
        return [(a, b) for a, b in zip(points, points[1:], strict=False) if text[a:b].strip()]

    def _status(self, text: str, match: Match, scope: int, clause: tuple[int, int]) -> str:
        before = text[max(scope, match.start - REACH) : match.start]
        kinds = self._kinds(before)
        if not match.label.startswith("core-"):
            return self._direct(match, before, kinds)
        if "hypothesis" in kinds or ("condition" in kinds and not kinds & {"near", "progressive"}):
            return ""
        after = text[match.end : match.end + 8]
        return self._core(match.label.removeprefix("core-"), kinds, before, after, text[clause[0] : clause[1]])

    def _kinds(self, text: str) -> set[str]:
        return {m.label for m in self._modifiers.find(text)}

    def _direct(self, match: Match, before: str, kinds: set[str]) -> str:
        """A phrase that reports by itself, unless a condition stands before it or a negation next to it."""
        if "hypothesis" in kinds and match.label != "stalled":
            return ""
        close = before[-14:]
        if match.label != "planned" and "negation" in self._kinds(close):
            negated = {"done": "in-progress", "nearly-done": "in-progress"}
            return negated.get(match.label, "")
        if match.label == "done" and "intention" in kinds:
            return "planned"
        return match.label

    def _core(self, kind: str, kinds: set[str], before: str, after: str, clause: str) -> str:
        if kind == "base" and (re.search(f"[{CJK}]\\s?$", before) or re.match(f"\\s?[{CJK}]", after)):
            kind = "fact"  # an English verb inside Chinese words does not show its tense
        perfect = kind == "fact" or self._perfect(before, after)
        if "negation" in kinds:
            named = bool(self._releases.find(clause))
            hopeless = "doubt" in kinds or "intention" in kinds or named
            return "at-risk" if hopeless and kind != "act" else ("in-progress" if perfect or kind == "base" else "")
        if "near" in kinds and kind != "act":
            return "nearly-done"
        if "progressive" in kinds:
            return "in-progress"
        if "intention" in kinds:
            return "planned" if kind != "act" or self._releases.find(clause) else ""
        if kind == "base":
            return "planned" if "doubt" in kinds and self._releases.find(clause) else ""
        if "doubt" in kinds:
            return ""
        if "near" in kinds:
            return "nearly-done" if perfect else ""
        return "done" if perfect else ""

    def _perfect(self, before: str, after: str) -> bool:
        close = before[-6:]
        behind = self._after.all(after)
        return bool(self._before.all(close)) or bool(behind and behind[0].start <= 1)

    def _with_releases(self, reports: list[Report], text: str, start: int) -> list[Report]:
        """The release of each report: one its clause names; a lone report takes any of its sentence."""
        named = self._releases.find(text)
        out = []
        for report in reports:
            low, high = report.clause[0] - start, report.clause[1] - start
            inside = [n for n in named if low <= n.start < high]
            pool = inside or (named if len(reports) == 1 else [])
            release = _chosen(pool, report, start)
            out.append(Report(report.status, report.start, report.end, report.clause, report.sentence, release))
        return out


def _scope(inside: list[Match], index: int, start: int) -> int:
    """Where the words begin that modify a match: behind the match before it, unless that one is a modifier too."""
    while index and inside[index - 1].label in ("planned", "in-progress", "nearly-done"):
        index -= 1
    return inside[index - 1].end if index else start


def _single(reports: list[Report]) -> list[Report]:
    """One report of a kind per clause."""
    seen: set[tuple[str, tuple[int, int]]] = set()
    out = []
    for report in reports:
        if (report.status, report.clause) not in seen:
            seen.add((report.status, report.clause))
            out.append(report)
    return out


def _chosen(pool: list[Named], report: Report, start: int) -> str:
    """A deferral moves to the release its words hold or that comes after them; others take the nearest."""
    if not pool:
        return ""
    at, end = report.start - start, report.end - start
    within = [n for n in pool if at <= n.start < end]
    if within:
        return within[-1].name
    if report.status == "deferred":
        later = [n for n in pool if n.start >= end]
        if later:
            return later[0].name
    return min(pool, key=lambda n: min(abs(n.start - end), abs(n.end - at))).name
