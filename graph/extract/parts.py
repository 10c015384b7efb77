"""Which part of a feature a report speaks of: the subject of its clause, unless that is the feature itself."""

from __future__ import annotations

import re

from graph.extract.releases import ReleaseFinder
from graph.extract.status import Report
from graph.extract.text import CJK, COMMA, Unit, width
from graph.lexicon import Lexicon

MOST = 64  # columns
_SPLIT = re.compile(rf"{COMMA}|[；;]|https?://\S+")
_MENTION = re.compile(r"@[\w.\-]+(?:[(（][^()（）]{1,30}[)）])?")
_PARENTHESIS = re.compile(r"[（(][^（）()]{0,80}[)）]")


class PartFinder:
    """Subjects of reports, cleaned of the words that name no part."""

    def __init__(self, lexicon: Lexicon, releases: ReleaseFinder) -> None:
        self._filler = sorted(
            {*lexicon.words("part.filler"), *lexicon.words("status.modifier.intention"),
             *lexicon.words("status.modifier.negation"), *lexicon.words("status.modifier.near")},
            key=lambda word: (-len(word), word),
        )  # fmt: skip
        self._latin = frozenset(word.lower() for word in self._filler if word.isascii())
        self._chinese = [word for word in self._filler if not word.isascii()]
        self._attached = "|".join(re.escape(word) for word in self._filler if word.isascii())
        self._tails = lexicon.words("part.tail")
        self._releases = releases

    def part(self, unit: Unit, report: Report, heading: str, people: list[str]) -> str:
        """The part, or empty when the report speaks of the whole item."""
        subject = self._clean(unit.plain[report.clause[0] : report.start])
        if not subject:
            subject = self._clean(self._before(unit, report))
        if report.status == "in-progress" and not subject:
            subject = self._clean(self._object(unit, report))
        return "" if self._same(subject, heading) or subject in people else subject

    def _before(self, unit: Unit, report: Report) -> str:
        """The fragment before the clause, without what it says in brackets."""
        text = _PARENTHESIS.sub("，", unit.plain[report.sentence[0] : report.clause[0]])
        pieces = [piece for piece in _SPLIT.split(text) if piece and piece.strip(" :：,，")]
        return pieces[-1] if pieces else ""

    @staticmethod
    def _object(unit: Unit, report: Report) -> str:
        return _SPLIT.split(unit.plain[report.end : report.sentence[1]])[0]

    def _clean(self, text: str) -> str:
        for named in reversed(self._releases.find(text)):
            text = text[: named.start] + " " + text[named.end :]
        text = _PARENTHESIS.sub(" ", _MENTION.sub(" ", _SPLIT.sub(" ", text)))
        text = text.strip(" \t:：，。,.;；、-–—*")
        for tail in self._tails:
            text = re.sub(rf"\s*{re.escape(tail)}\s*$", "", text, flags=re.IGNORECASE)
        text = self._strip(text)
        return text if text and width(text) <= MOST else ""

    def _strip(self, text: str) -> str:
        """Take filler off both ends, word by word."""
        changed = True
        while changed and text:
            before = text
            for word in self._chinese:
                text = text.removeprefix(word).removesuffix(word).strip(" \t:：，。,.;；、-–—")
            text = re.sub(rf"(?<=[{CJK}])({self._attached})$", "", text, flags=re.IGNORECASE)
            pieces = text.split()
            while pieces and pieces[0].lower() in self._latin:
                pieces.pop(0)
            while pieces and pieces[-1].lower() in self._latin:
                pieces.pop()
            text = " ".join(pieces) if len(pieces) != len(text.split()) else text
            changed = text != before
        return text

    @staticmethod
    def _same(subject: str, heading: str) -> bool:
        """Whether a subject only names the item: its words stand in the heading, or it is their acronym."""
        words = re.findall(rf"[a-z0-9_]+|[{CJK}]", subject.lower())
        named = re.findall(rf"[a-z0-9_]+|[{CJK}]", heading.lower())
        acronym = "".join(word[0] for word in named if word.isascii())
        return all(word in named or word.rstrip("s") in {n.rstrip("s") for n in named} for word in words) or (
            "".join(words) in (acronym, acronym + "s")
        )
