"""Reports of how the work stands, found sentence by sentence and clause by clause.

Some phrases are a report by themselves («no progress»); words of completion report what the words around them
make of them, see `modality`. What a sentence supposes or asks is no report, except an evaluation of the doubt
itself («能不能合入不好说»).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from graph.extract.modality import VERDICTS, Context, Modality
from graph.extract.releases import Named, ReleaseFinder
from graph.extract.text import CJK, COMMA, Unit, sentences, width
from graph.lexicon import Lexicon
from graph.lexicon.phrases import Match, PhraseSet, longest

_BREAK = re.compile(
    rf"{COMMA}|[；;！!？?。|、](?=\s|$)|[；;！!？?。|]|[()（）【】]|[ \t](?:--?|–|—)[ \t]|\.(?=\s|$)"
)
QUESTION = re.compile(r"[?？]\s*$|吗[。？?]?\s*$|(?:呢|么)[？?]\s*$")
# How far before a report a modifier may stand, in characters, and how many columns beside a release's name
# make a clause say more than for which release.
# Characters between a word of planning and what is planned.
NEXT = 6
REACH = 90
BESIDE = 10
# More than these hold no sentence, but an enumeration or noise: the rest of it is not read.
MOST_CLAUSES = 100
MOST_REPORTS = 10
MOST_MATCHES = 400
_AHEAD = ("deferred", "planned", "at-risk")

_LETTER = re.compile(r"(?<![A-Za-z0-9])[A-Z][ \t]?版")


@dataclass(frozen=True)
class Report:
    """A status found in a unit: place of its words, of its clause and sentence, the release it names."""

    status: str
    start: int
    end: int
    clause: tuple[int, int]
    sentence: tuple[int, int]
    release: str = ""


@dataclass(frozen=True)
class _Clause:
    """A clause of a sentence, whether what it says is supposed, and whether all but something is meant."""

    start: int
    end: int
    supposed: bool
    leaves: bool


class StatusFinder:
    """The status words of a lexicon, compiled once."""

    def __init__(self, lexicon: Lexicon, releases: ReleaseFinder) -> None:
        self._releases = releases
        slots, holds = _slots(lexicon), _named(lexicon, releases)
        self._modality = Modality(lexicon, slots, holds)
        self._reports = _phrases(lexicon, slots, holds)
        self._clause_words = PhraseSet(("break", word) for word in lexicon.words("clause.breaks"))
        # «everything but the docs»: such a word breaks no clause inside a phrase.
        self._held = PhraseSet(("held", word) for word in lexicon.words("status.modifier.except"))
        self._contrast = PhraseSet(("contrast", word) for word in lexicon.words("clause.contrast"))
        self._from = "|".join(re.escape(word) for word in lexicon.words("release.from"))

    def reports(self, unit: Unit) -> list[Report]:
        """Reports of a unit, in order."""
        found: list[Report] = []
        for start, end in sentences(unit):
            rows = self._sentence(unit.visible(start, end), bool(QUESTION.search(unit.plain[start:end])))
            found.extend(_moved(row, start) for row in rows)
        return found

    def _sentence(self, text: str, question: bool) -> list[Report]:
        """Reports of a sentence; places count from its start."""
        matches = self._matches(text)
        if not matches:
            return []
        reports: list[Report] = []
        clauses = self._read_clauses(text, matches)[:MOST_CLAUSES]
        for clause in clauses:
            inside = [match for match in matches if clause.start <= match.start < clause.end][:MOST_REPORTS]
            reports.extend(self._clause(text, clause, inside, question))
        return self._with_releases(_single(reports), text, clauses)

    def _matches(self, text: str) -> list[Match]:
        """Phrases of a sentence that report something, where they stand for themselves."""
        found = []
        for match in self._reports.all(text)[:MOST_MATCHES]:
            end = _BREAK.search(text, match.end, match.end + REACH)
            after = text[match.end : min(end.start() if end else len(text), match.end + REACH)]
            before = text[max(0, match.start - REACH) : match.start]
            if match.label == "neutral" or not self._modality.describes(match, before, after):
                found.append(match)
        return [match for match in longest(found) if match.label != "neutral"]

    def _clause(self, text: str, clause: _Clause, inside: list[Match], question: bool) -> list[Report]:
        reports: list[Report] = []
        for index, match in enumerate(inside):
            sure = self._sure(text, clause, inside)
            if (question or clause.supposed) and not (sure and match.label.startswith(VERDICTS)):
                continue
            last = reports[-1] if reports and reports[-1].status in ("at-risk", "deferred") else None
            if last is not None and _depends(match, text[last.end : match.start]):
                continue
            status = self._status(text, match, _scope(inside, index, clause.start), (clause, sure))
            planned = status == "deferred" and reports and reports[-1].status == "planned"
            if planned and len(text[reports[-1].end : match.start].strip()) <= NEXT:
                reports.pop()  # «expected to be postponed»: the plan is the deferral
            if status:
                span = (clause.start, clause.end)
                reports.append(Report(status, match.start, match.end, span, (0, len(text))))
        return reports

    def clauses(self, text: str, matches: list[Match]) -> list[tuple[int, int]]:
        """Spans of the clauses of a sentence; no phrase that was found is cut in two."""
        cuts = {0, len(text)}
        for match in _BREAK.finditer(text):
            cuts.add(match.end())
        inside = bytearray(len(text) + 1)
        for held in (*self._held.all(text), *matches):
            inside[held.start + 1 : held.end] = b"\x01" * (held.end - held.start - 1)
        cuts.update(word.start for word in self._clause_words.all(text) if not inside[word.start])
        points = sorted(cuts)
        return [(a, b) for a, b in pairwise(points) if text[a:b].strip()]

    def _read_clauses(self, text: str, matches: list[Match]) -> list[_Clause]:
        found: list[_Clause] = []
        supposed = leaves = False
        for start, end in self.clauses(text, matches):
            words = text[start:end]
            if self._contrasts(words):
                supposed = False
            kinds = self._modality.kinds(words)
            # Chinese may set «if» behind the subject; what follows is supposed all the same.
            inside = "supposition" in kinds and bool(re.search(f"[{CJK}]", words))
            supposed = supposed or inside or self._modality.opens(words, "supposition")
            here = ("except" in kinds or leaves) and "besides" not in kinds
            found.append(_Clause(start, end, supposed, here))
            leaves = "except" in kinds
        return found

    def _contrasts(self, words: str) -> bool:
        found = self._contrast.all(words)
        return bool(found) and not words[: found[0].start].strip(" ，,")

    def _sure(self, text: str, clause: _Clause, inside: list[Match]) -> bool:
        """Whether a clause is about coming to an end: it names a release, or holds a word of completion."""
        ends = any(match.label.startswith("core-") or match.label in ("at-risk", "done") for match in inside)
        return ends or bool(self._releases.find(text[clause.start : clause.end]))

    def _status(self, text: str, match: Match, scope: int, where: tuple[_Clause, bool]) -> str:
        clause, sure = where
        before = text[max(scope, match.start - REACH) : match.start]
        after = text[match.end : min(clause.end, match.end + REACH)]
        kind = match.label.removeprefix("core-")
        kinds = self._modality.kinds(before)
        if clause.leaves and match.label in ("core-fact", "core-final", "done"):
            kinds |= {"except"}
        context = Context(
            before, after, kinds, bool(self._releases.find(text[clause.start : clause.end])), sure
        )
        if kind == match.label:
            return self._modality.direct(match, context)
        return self._modality.core(kind, context)

    def _with_releases(self, reports: list[Report], text: str, clauses: list[_Clause]) -> list[Report]:
        """The release of each report: one its clause names, else one of a clause that reports nothing itself."""
        named = self._releases.find(text)
        if not named:
            return reports
        taken = {report.clause for report in reports}
        free = [
            clause for clause in clauses if (clause.start, clause.end) not in taken and not clause.supposed
        ]
        return [replace(report, release=self._release(report, named, text, free)) for report in reports]

    def _release(self, report: Report, named: list[Named], text: str, free: list[_Clause]) -> str:
        pool = [n for n in named if report.clause[0] <= n.start < report.clause[1]]
        for clause in free if not pool else ():
            inside = [n for n in named if clause.start <= n.start < clause.end]
            beside = clause.end == report.clause[0] or clause.start == report.clause[1]
            only = beside and _only(text, clause, inside)
            if inside and (only or report.status in _AHEAD):
                pool.extend(inside)
        return self._chosen(pool, report, text)

    def _chosen(self, pool: list[Named], report: Report, text: str) -> str:
        """A deferral moves to the release its words hold or that comes after them; others take the nearest."""
        if not pool:
            return ""
        within = [n for n in pool if report.start <= n.start < report.end]
        if within:
            return within[-1].name
        if report.status == "deferred":
            later = [n for n in pool if n.start >= report.end]
            reached = [n for n in later if not self._leaves(text[: n.start])]
            if later:
                return (reached or later)[0].name
        return min(pool, key=lambda n: min(abs(n.start - report.end), abs(n.end - report.start))).name

    def _leaves(self, before: str) -> bool:
        return bool(re.search(rf"(?:{self._from})[ \t]*(?:the[ \t]+)?$", before[-12:], re.IGNORECASE))


def _slots(lexicon: Lexicon) -> dict[str, str]:
    """Shapes of {release} and {target}: a word or number that may be a release, or words for the next one.

    Every release's every name in every phrase would take seconds to compile; `Releases.named` looks afterwards.
    """
    following = "|".join(re.escape(word) for word in lexicon.words("release.next"))
    tail = "|".join(re.escape(word) for word in lexicon.words("release.after"))
    word = r"(?<![A-Za-z0-9_.])(?:[A-Za-z]{3,12}|v?\d{1,4}\.\d{1,2})(?![A-Za-z0-9_])"
    names = rf"{word}(?:[ \t]?(?:{tail}))?|[A-Z][ \t]?版本?"
    return {"release": f"(?:{names})", "target": f"(?:the[ \t]+)?(?:{names}|{following})"}


def _named(lexicon: Lexicon, releases: ReleaseFinder) -> Callable[[str], bool]:
    """Whether the words of a phrase with such a slot do hold a release."""
    following = tuple(word.lower() for word in lexicon.words("release.next"))

    def holds(words: str) -> bool:
        lower = words.lower()
        return (
            bool(releases.find(words))
            or any(word in lower for word in following)
            or bool(_LETTER.search(words))
        )

    return holds


def _phrases(lexicon: Lexicon, slots: Mapping[str, str], holds: Callable[[str], bool]) -> PhraseSet:
    direct = [(status, w) for status, words in lexicon.under("status.direct").items() for w in words]
    verdict = [
        (f"{kind}_{status}", word)
        for kind in ("verdict", "doubtful")
        for status, words in lexicon.under(f"status.{kind}").items()
        for word in words
    ]
    core = [
        (f"core-{kind}", word)
        for kind in ("fact", "final", "act", "base")
        for word in lexicon.words(f"status.core.{kind}")
    ]
    neutral = [("neutral", word) for word in lexicon.words("status.neutral.phrases")]
    return PhraseSet([*direct, *verdict, *core, *neutral], slots, holds)


def _moved(report: Report, by: int) -> Report:
    clause, sentence = report.clause, report.sentence
    return replace(
        report, start=report.start + by, end=report.end + by,
        clause=(clause[0] + by, clause[1] + by), sentence=(sentence[0] + by, sentence[1] + by),
    )  # fmt: skip


def _only(text: str, clause: _Clause, named: list[Named]) -> bool:
    """Whether a clause says hardly more than a release: «For Rocky, …»."""
    rest = width(text[clause.start : clause.end].strip())
    return rest - sum(n.end - n.start for n in named) <= BESIDE


def _scope(inside: list[Match], index: int, start: int) -> int:
    """Where the words begin that modify a match: behind the match before it, unless that one is a modifier too."""
    while index and inside[index - 1].label in ("planned", "in-progress", "nearly-done"):
        index -= 1
    return inside[index - 1].end if index else start


def _depends(match: Match, between: str) -> bool:
    """Whether a word of completion only completes the risk before it: «probably won't be finished»."""
    return match.label.startswith(("core-", "done", "planned")) and not re.search(r"\band\b|而|、", between)


def _single(reports: list[Report]) -> list[Report]:
    """One report of a kind per clause."""
    seen: set[tuple[str, tuple[int, int]]] = set()
    out = []
    for report in reports:
        if (report.status, report.clause) not in seen:
            seen.add((report.status, report.clause))
            out.append(report)
    return out
