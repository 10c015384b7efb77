"""Which part of a feature a report speaks of: the subject of its clause, unless that is the feature itself."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from graph.extract.releases import ReleaseFinder
from graph.extract.status import Report
from graph.extract.text import CJK, COMMA, Unit, width
from graph.lexicon import Lexicon
from graph.lexicon.phrases import pattern

MOST = 44  # columns
REACH = 160  # characters before a report in which its subject stands
_SPLIT = re.compile(rf"{COMMA}|[；;|？?。]|https?://\S+")
_MENTION = re.compile(r"@[\w.\-]+(?:[(（][^()（）]{1,30}[)）])?的?")
_PARENTHESIS = re.compile(r"[（(][^（）()]{0,80}[)）]")
_EDGE = " \t:：，。,.;；、-–—*|/\"“”'+"
KEEP = ".cl"


@dataclass(frozen=True)
class Told:
    """A report and the part it speaks of, empty for the whole item."""

    report: Report
    part: str
    # Whether no subject at all stands before it.
    bare: bool = True


class PartFinder:
    """Subjects of reports, cleaned of the words that name no part."""

    def __init__(self, lexicon: Lexicon, releases: ReleaseFinder) -> None:
        modifiers = [word for words in lexicon.under("status.modifier").values() for word in words]
        filler = {*lexicon.words("part.filler"), *modifiers, *lexicon.words("status.core.perfect_before")}
        self._latin = frozenset(word.lower() for word in filler if word.isascii())
        self._chinese = sorted((w for w in filler if not w.isascii()), key=lambda word: (-len(word), word))
        attached = sorted(
            (re.escape(w) for w in lexicon.words("part.filler") if w.isascii()), key=len, reverse=True
        )
        self._attached = re.compile(rf"(?<=[{CJK}])(?:{'|'.join(attached)})$", re.IGNORECASE)
        self._tails = [
            re.compile(rf"[ \t]*{re.escape(t)}[ \t]*$", re.IGNORECASE) for t in lexicon.words("part.tail")
        ]
        say = "|".join(pattern(word, {}) for word in lexicon.words("people.say"))
        self._said = re.compile(rf"^.{{0,40}}?(?:{say})(?:[ \t]+that(?![A-Za-z]))?(?=.)", re.IGNORECASE)
        cut = "|".join(pattern(word, {}) for word in lexicon.words("part.verbs"))
        self._verb = re.compile(rf"(?:{cut}).*$", re.IGNORECASE)
        self._never = frozenset(word.lower() for word in lexicon.words("part.never"))
        whole = "|".join(pattern(word, {}) for word in lexicon.words("part.whole"))
        self._whole = re.compile(whole, re.IGNORECASE)
        self._releases = releases

    def all(self, unit: Unit, reports: Sequence[Report], heading: str, people: Container[str]) -> list[Told]:
        """Reports of a unit with their parts; what a report before says is no subject of the next."""
        ends = [0, *(report.end for report in reports)]
        return [
            Told(report, self.part(unit, report, heading, people, since), self._bare(unit, report, since))
            for report, since in zip(reports, ends, strict=False)
        ]

    def _bare(self, unit: Unit, report: Report, since: int) -> bool:
        """Whether nothing that could be a subject stands in the report's clause before it."""
        text = unit.visible(max(since, report.clause[0], report.start - REACH), report.start, KEEP)
        return not any(self._whole.finditer(text)) and not self._clean(text)

    def part(self, unit: Unit, report: Report, heading: str, people: Container[str], since: int = 0) -> str:
        """The part, or empty when the report speaks of the whole item."""
        subject = self._clean(
            unit.visible(max(since, report.clause[0], report.start - REACH), report.start, KEEP)
        )
        if not subject and not self._labelled(unit, report):
            subject = self._clean(self._before(unit, report, since))
        if report.status == "in-progress" and not subject:
            subject = self._clean(self._object(unit, report))
        return "" if self._same(subject, heading) or subject in people else subject

    @staticmethod
    def _labelled(unit: Unit, report: Report) -> bool:
        """Whether only a title stands before the clause in its sentence."""
        end = min(report.clause[0], report.sentence[0] + REACH)
        return not unit.visible(report.sentence[0], end, KEEP).strip(_EDGE)

    @staticmethod
    def _before(unit: Unit, report: Report, since: int) -> str:
        """The fragment before the clause where it only names something, without what it says in brackets."""
        start = max(since, report.sentence[0], report.clause[0] - REACH)
        text = _PARENTHESIS.sub("，", unit.visible(start, report.clause[0], KEEP + "u"))
        pieces = [piece for piece in _SPLIT.split(text) if piece and piece.strip(" :：,，")]
        return pieces[-1] if pieces else ""

    @staticmethod
    def _object(unit: Unit, report: Report) -> str:
        return _SPLIT.split(unit.visible(report.end, min(report.sentence[1], report.end + REACH), KEEP))[0]

    def _clean(self, text: str) -> str:
        for named in reversed(self._releases.find(text)):
            text = text[: named.start] + " " + text[named.end :]
        text = _PARENTHESIS.sub(" ", _MENTION.sub(" ", text)).strip(_EDGE)
        pieces = [piece for piece in _SPLIT.split(text) if piece.strip(_EDGE)]
        text = self._said.sub("", pieces[-1]) if pieces else ""
        text = self._strip(self._verb.sub("", self._strip(text)))
        text = re.sub(r"[ \t]{2,}", " ", text)
        if not re.search(rf"[A-Za-z{CJK}]", text) or text.lower() in self._never:
            return ""
        return text if width(text) <= MOST else ""

    def _strip(self, text: str) -> str:
        """Take filler and tails off both ends, word by word."""
        before = None
        while text and text != before:
            before = text
            for tail in self._tails:
                text = tail.sub("", text)
            for word in self._chinese:
                text = text.removeprefix(word).removesuffix(word).strip(_EDGE)
            text = self._latin_ends(self._attached.sub("", text).strip(_EDGE))
        return text

    def _latin_ends(self, text: str) -> str:
        pieces = text.split()
        while pieces and pieces[0].lower().strip(_EDGE) in self._latin:
            pieces.pop(0)
        while pieces and pieces[-1].lower().strip(_EDGE) in self._latin:
            pieces.pop()
        return " ".join(pieces).strip(_EDGE)

    @staticmethod
    def _same(subject: str, heading: str) -> bool:
        """Whether a subject only names the item: its words stand in the heading, or it is their acronym."""
        words = re.findall(rf"[a-z0-9_]+|[{CJK}]", subject.lower())
        named = re.findall(rf"[a-z0-9_]+|[{CJK}]", heading.lower())
        acronym = "".join(word[0] for word in named if word.isascii())
        singular = {name.rstrip("s") for name in named}
        if "".join(words) in (acronym, acronym + "s"):
            return True
        return all(word in named or word.rstrip("s") in singular for word in words)


def settle(rows: Sequence[Told]) -> list[Told]:
    """One report where a sentence says one thing twice: the same status again without a subject of its own, or
    a way out («missed the freeze», «not in this one») before the deferral it leads to."""
    out: list[Told] = []
    for row in rows:
        last = out[-1] if out and out[-1].report.sentence == row.report.sentence else None
        joined = _joined(last, row) if last is not None else row
        if joined is not row and last is not None:
            out.pop()
        out.append(joined)
    return out


def _joined(last: Told, row: Told) -> Told:
    """The one report that two of a sentence make, or the second when both stand."""
    same, status = row.bare or row.part == last.part != "", row.report.status
    if status == last.report.status and _agree(last.report, row.report) and (same or status == "at-risk"):
        return replace(last, report=replace(last.report, release=last.report.release or row.report.release))
    if same and status == "deferred" and last.report.status in ("abandoned", "deferred"):
        return replace(row, part=last.part)
    # What follows on an end explains it.
    return last if same and last.report.status == "abandoned" else row


def _agree(one: Report, other: Report) -> bool:
    return not one.release or not other.release or one.release == other.release
