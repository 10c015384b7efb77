"""The author's own sentence on a meeting, and closing words that belong to no item."""

from __future__ import annotations

from graph.extract.commitments import MilestoneFinder
from graph.extract.outline import Item
from graph.extract.text import Unit, sentences
from graph.lexicon import Lexicon
from graph.lexicon.phrases import PhraseSet

# Openings longer than this are an introduction, no sentence on the meeting.
SENTENCES = 3


class SummaryFinder:
    """The words of summing up of a lexicon."""

    def __init__(self, lexicon: Lexicon, milestones: MilestoneFinder) -> None:
        self._cues = PhraseSet(("cue", word) for word in lexicon.words("summary.cues"))
        self._meeting = PhraseSet(("meeting", word) for word in lexicon.words("summary.meeting"))
        self._period = PhraseSet(("period", word) for word in lexicon.words("summary.period"))
        self._events = PhraseSet(("event", word) for word in lexicon.words("summary.not"))
        self._milestones = milestones

    def is_closing(self, unit: Unit) -> bool:
        """Whether a line sums up the meeting, or the whole post."""
        return self.is_summary(unit) or (self._opens(unit) and bool(self._period.find(_words(unit))))

    def is_summary(self, unit: Unit) -> bool:
        """A closing word on the meeting: a word of summing up with one for the meeting."""
        if not self._opens(unit) or self._period.find(_words(unit)):
            return False
        text = _words(unit)
        cue = self._cues.find(text)[0]
        return (
            not _chinese(text[cue.start : cue.end])
            or bool(self._meeting.find(text))
            or text[cue.end :][:1] in "：:"
        )

    def _opens(self, unit: Unit) -> bool:
        """Whether a line begins with a word of summing up, or with the meeting and such a word."""
        if unit.role not in ("text", "item") or unit.links:
            return False
        text = _words(unit)
        cue = self._cues.find(text)
        if not cue:
            return False
        before = text[: cue[0].start]
        return len(before.strip()) <= 1 or (
            _chinese(text) and len(before) <= 12 and bool(self._meeting.find(before))
        )

    def of_meeting(self, items: list[Item]) -> Unit | None:
        """The author's sentence on the meeting: one with a cue, else the single line under the date."""
        found = [unit for item in items for unit in item.lines if self.is_summary(unit)]
        if found:
            # A line that names the meeting sums it up; another may sum up its item only.
            return next((unit for unit in found if self._meeting.find(_words(unit))), found[-1])
        opening = items[0].lines if items and items[0].title is None else []
        if len(opening) != 1 or len(items) == 1:
            return None
        return opening[0] if self._is_sentence(opening[0]) else None

    def _is_sentence(self, unit: Unit) -> bool:
        """Whether a line under the date says how the meeting was: no link, no person, no event."""
        if unit.role != "text" or unit.links or "@" in unit.plain or len(sentences(unit)) > SENTENCES:
            return False
        return not (self._milestones.find(unit, "2018-01-01") or self._events.find(_words(unit)))


def _words(unit: Unit) -> str:
    return unit.visible(0, len(unit.plain))


def _chinese(text: str) -> bool:
    return any(ord(char) > 0x2FFF for char in text)
