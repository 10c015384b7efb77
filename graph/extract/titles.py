"""Whether a line, or its beginning, is the title of an item, and where the title ends."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.extract import dates, headings, refs
from graph.extract.text import Unit, width
from graph.lexicon import Lexicon
from graph.lexicon.phrases import PhraseSet
from graph.profile import Profile

LABEL_WIDTH = 64  # columns
PLAIN_WIDTH = 72
_LABEL = re.compile(
    r"^(?P<label>[^:：\n]{2,70}?)(?:[ \t]*[:：][ \t]*|[ \t]+(?:--?|–|—)[ \t]+)(?=\S)|^(?P<alone>[^:：\n]{2,70}?)[:：]$"
)
# «Bug: …», «开放讨论：…»: a heading that says itself what it is.
_ANNOUNCED = re.compile(r"([^:：]{2,24})[:：]")
_NICK = re.compile(r"@?[a-z][a-z0-9_]{2,15}$|@")
_AFTER_BOLD = re.compile(r"[ \t]*[:：–—-]?[ \t]*")
_FINISHED = "。.!?！？:：)）"


@dataclass(frozen=True)
class Title:
    """A heading, and where its words start and end in the line's plain text."""

    heading: str
    end: int
    start: int = 0


class Titles:
    """What one lexicon and profile take for a title."""

    def __init__(self, lexicon: Lexicon, profile: Profile) -> None:
        self.lexicon = lexicon
        self.profile = profile
        self._matter = frozenset(word.lower() for word in lexicon.words("items.matter"))
        self._topic = PhraseSet(("topic", word) for word in lexicon.words("items.topic"))
        words = "|".join(re.escape(word) for word in lexicon.words("items.announce"))
        self._announce = re.compile(
            rf"(?:{words})[ \t]*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})?(?:[ \t]*[:：、.][ \t]*|[ \t]+)(?=\S)",
            re.IGNORECASE,
        )
        self._things = lexicon.not_people | {name.lower() for name in profile.projects}

    def kind(self, title: Unit, heading: str) -> str:
        """Kind of an item that no section gives one."""
        if refs.names_bug(title.plain, self.profile):
            return "bug"
        announced = _ANNOUNCED.match(heading)
        said = headings.section_of(announced[1], self.lexicon) if announced else ""
        if said in ("feature", "bug", "topic"):
            return said
        asks = heading.rstrip().endswith(("?", "？"))
        named = heading.lower() in {name.lower() for name in self.profile.projects}
        return "topic" if asks or named or self._topic.all(heading) else "feature"

    def is_matter(self, text: str) -> bool:
        """Whether words only announce what follows (Status, Patch): a label inside an item."""
        return headings.clean(text).lower() in self._matter

    def is_nick(self, text: str) -> bool:
        """Whether a label looks like somebody's name."""
        text = text.strip()
        return bool(_NICK.match(text)) and text.lower() not in self._things

    def heading(self, unit: Unit) -> str:
        """Heading of a title line: without the reference it opens with and the link it ends with."""
        named = self.referenced(unit)
        if named:
            return named.heading
        lead = refs.leading(unit.plain, self.profile)
        if (
            lead
            and headings.clean(unit.plain[lead:])
            and not headings.clean(unit.plain[lead:]).startswith("http")
        ):
            return headings.clean(unit.plain[lead:])
        bare = _bare_link(unit)
        return headings.clean(unit.plain[:bare]) if unit.plain[:bare].strip() else unit.plain

    def referenced(self, unit: Unit) -> Title | None:
        """The title behind a reference that the line opens with."""
        span = refs.leading_title(unit, self.profile)
        if span is None or not headings.clean(unit.plain[span[0] : span[1]]):
            return None
        return Title(headings.clean(unit.plain[span[0] : span[1]]), span[1], span[0])

    def numbered(self, unit: Unit) -> Title | None:
        """The title on a numbered line: bold, behind a reference, before a colon, or the whole line."""
        if unit.bold and unit.bold[0][0] == 0:
            return self.bold(unit)
        named = self.referenced(unit)
        if named is not None:
            return named
        label = _LABEL.match(unit.plain)
        words = (label["label"] if label else "") or ""
        titled = bool(words) and headings.is_title(words, self.lexicon, LABEL_WIDTH)
        if label and titled and not refs.leading(words + " ", self.profile):
            return Title(headings.clean(words), label.end())
        bare = _bare_link(unit)
        text = unit.plain[:bare].strip()
        return Title(headings.clean(text), bare) if text and headings.is_title(text, self.lexicon) else None

    def bold(self, unit: Unit) -> Title | None:
        """The bold words that a line opens with; a reference before others is no part of the heading."""
        start, end = unit.bold[0]
        text = unit.plain[start:end]
        if start > 2 or not headings.is_title(text, self.lexicon) or self.is_matter(text):
            return None
        after = _AFTER_BOLD.match(unit.plain, end)
        behind = after.end() if after else end
        lead = refs.leading(text, self.profile)
        if lead and not text[lead:].strip():
            lead = 0
        return Title(headings.clean(text[lead:]), behind, start)

    def announced(self, unit: Unit) -> Title | None:
        """The title behind a word that announces one (`#topic`, `议题一：`)."""
        match = self._announce.match(unit.plain)
        if not match or unit.links:
            return None
        return Title(headings.clean(unit.plain[match.end() :]), len(unit.plain), match.end())

    def label(self, unit: Unit) -> Title | None:
        """The words before a line's colon or dash."""
        match = _LABEL.match(unit.plain)
        if not match:
            return None
        label = (match["label"] or match["alone"]).strip()
        if dates.full(unit.plain[match.end() :][:24]) or "http" in label[-6:] or width(label) > LABEL_WIDTH:
            return None
        if (
            self.is_nick(label)
            or self.is_matter(label)
            or not headings.is_title(label, self.lexicon, LABEL_WIDTH)
        ):
            return None
        lead = refs.leading(label + " ", self.profile)
        if lead >= len(label):
            return self.referenced(unit)
        return Title(headings.clean(label[lead:]), match.end())

    def may_be(self, unit: Unit) -> bool:
        """Whether a bullet does not already look like a detail of the one before it: a small letter, a label."""
        words = unit.plain.lstrip()
        label = _LABEL.match(words)
        named = label is not None and self.is_matter(label["label"] or label["alone"])
        return not (named or words[:1].islower() or words.startswith("@"))

    def nested(self, unit: Unit) -> Title | None:
        """A bullet with others below it, without the link it ends with."""
        bare = _bare_link(unit)
        text = unit.plain[:bare]
        if not headings.is_title(text, self.lexicon) or self.is_nick(text):
            return None
        return Title(headings.clean(text), bare)

    def plain(self, unit: Unit, after: Unit | None) -> Title | None:
        """A line of words alone that reads like a title; something must be said below it."""
        text = unit.plain.strip()
        if after is None or unit.links or "@" in text or text.endswith((":", "：")) or self.is_matter(text):
            return None
        if not headings.is_title(text, self.lexicon, PLAIN_WIDTH):
            return None
        if (text.endswith(".") and not text.endswith(("...", "etc."))) or refs.any_reference(
            text, self.profile
        ):
            return None
        words = text.split()
        latin = words[0][0].isascii() and words[0][0].isalpha()
        good = not latin or words[0][0].isupper() or len(words) <= 8
        return Title(headings.clean(unit.plain), len(unit.plain)) if good else None

    def row(self, unit: Unit) -> Title | None:
        """The first cell of a table's row."""
        match = re.match(r"[ \t|]*(?P<cell>[^|\n]{2,90}?)[ \t]*\|", unit.plain)
        if not match or not headings.is_title(match["cell"], self.lexicon) or dates.full(unit.plain):
            return None
        return Title(headings.clean(match["cell"]), match.end(), match.start("cell"))


def _bare_link(unit: Unit) -> int:
    """Where a line's first bare link starts, else its end."""
    return next((link.start for link in unit.links if not link.text), len(unit.plain))


def finished(unit: Unit) -> bool:
    """Whether a line comes to an end: a stop, or a link."""
    text = unit.plain.rstrip()
    return text[-1:] in _FINISHED or bool(unit.links and unit.links[-1].end >= len(text))
