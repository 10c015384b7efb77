"""What a line is as a heading: a date, a section (and of which kind), or perhaps a title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.extract import dates
from graph.extract.text import CJK, Unit, width
from graph.lexicon import Lexicon
from graph.profile import Profile
from graph.readers.notes import strip_marker

TITLE_WIDTH = 90  # columns
DATE_EXTRA = 46  # columns that may stand on a date line beside the date
NAME_WIDTH = 30  # columns of a name behind the date, in brackets or after a dash
_TRAIL = " \t:：.。-–—*#·"
_SENTENCE = re.compile(rf"，|(?<=[{CJK}]),|,(?=[ \t]*[{CJK}])|[。！？；]|[^\W\d][^\W\d][.!?;][ \t]+\S")


@dataclass(frozen=True)
class DateLine:
    """A line that opens a meeting."""

    date: str
    rest: str
    inferred: str = ""


def clean(text: str) -> str:
    """A heading as written, without number, bullet and the punctuation around it."""
    _, rest = strip_marker(text.strip())
    return rest.strip().rstrip(_TRAIL).strip() or text.strip()


def date_line(unit: Unit, lexicon: Lexicon, latest: str = "") -> DateLine | None:
    """Whether the line is a date with little beside it; `latest` allows dates without a year."""
    text = clean(unit.plain)
    if not text or (unit.role == "item" and unit.level > 0) or "http" in text:
        return None
    found = dates.full(text)
    match = found[0] if found and len(found) == 1 else None
    if match is None and not found and latest:
        match = _short(unit, text, latest)
    if match is None:
        return None
    named = text[match.end :].lstrip()[:1] in ("(", "（", "-", "–", "—") and not text[: match.start].strip()
    rest = dates.without_clock(text[: match.start] + " " + text[match.end :])
    rest = re.sub(r"\s+", " ", rest).strip(" \t()（）[]【】:：,，-–—|/·*")
    rest = re.sub(r"^(?:the|of|on)$|^the of$", "", rest, flags=re.IGNORECASE)
    if unit.role == "heading":
        return DateLine(match.date, rest, match.inferred) if width(rest) <= DATE_EXTRA * 2 else None
    if width(rest) > DATE_EXTRA or _is_sentence(rest, lexicon):
        return None
    if not _labels(rest, lexicon) and not (named and unit.role == "text" and width(rest) <= NAME_WIDTH):
        return None
    return DateLine(match.date, rest, match.inferred)


def _short(unit: Unit, text: str, latest: str) -> dates.Found | None:
    """A date without a year: in a heading, or as all that a line holds."""
    match = dates.short(text, latest)
    if match is None or unit.role == "heading":
        return match
    beside = dates.without_clock(text[: match.start] + text[match.end :])
    return None if beside.strip(" \t()（）") else match


def _labels(rest: str, lexicon: Lexicon) -> bool:
    """On a line that is no heading, what stands beside the date must be a name of a meeting, not a statement."""
    if not rest:
        return True
    words = [*lexicon.words("date.label"), *lexicon.words("summary.meeting")]
    return any(word.lower() in rest.lower() for word in words)


def _is_sentence(text: str, lexicon: Lexicon) -> bool:
    return bool(_SENTENCE.search(text) or lexicon.goes_on.search(text))


def section_kind(unit: Unit, lexicon: Lexicon) -> str:
    """Kind of the section a line opens (feature, bug, topic, todo, record), or empty.

    Every word of the line must be a section word or filler: one other word makes it a title.
    """
    return section_of(unit.plain, lexicon)


def section_of(text: str, lexicon: Lexicon) -> str:
    """`section_kind` of a line's words."""
    rest = clean(text).lower()
    rest = re.sub(r"[（(]\s*[\w+ ]{0,20}[)）]$", "", rest).strip(_TRAIL)
    if not rest or width(rest) > 40:
        return ""
    found: list[str] = []
    while rest:
        word, kind = _leading_word(rest, lexicon)
        if not word:
            return ""
        found.append(kind)
        rest = rest[len(word) :].lstrip(" \t/&,，、:：.。-–—+|*")
    kinds = [kind for kind in found if kind]
    for first in ("todo", "bug", "feature", "topic", "record"):
        if first in kinds:
            return first
    if set(kinds) == {"todo_alone"}:
        return "todo"
    return ""


def _leading_word(text: str, lexicon: Lexicon) -> tuple[str, str]:
    for word, kind in lexicon.section_words.get(text[:1], ()):
        if text.startswith(word) and _whole(text, word):
            return word, "" if kind == "filler" else kind
    return "", ""


def _whole(text: str, word: str) -> bool:
    after = text[len(word) : len(word) + 1]
    return not (word[-1].isascii() and word[-1].isalnum() and after.isascii() and after.isalnum())


def generic(text: str, lexicon: Lexicon) -> bool:
    """Whether a heading is made of filler only (Status, Progress): it names no thing of its own."""
    rest = clean(text).lower()
    while rest:
        word, _ = _leading_word(rest, lexicon)
        if not word:
            return False
        rest = rest[len(word) :].lstrip(" \t/&,，、:：.。-–—+|*")
    return True


def section_hint(text: str, lexicon: Lexicon) -> str:
    """Kind of a section whose heading is not of section words alone but holds one, or empty."""
    words = re.findall(rf"[a-z][a-z\-]*|[{CJK}]+", clean(text).lower())
    for kind in ("bug", "feature", "topic"):
        names = [name.lower() for name in lexicon.words(f"sections.{kind}")]
        if any(word in names or any(not n.isascii() and n in word for n in names) for word in words):
            return kind
    return ""


def is_title(text: str, lexicon: Lexicon, limit: int = TITLE_WIDTH) -> bool:
    """Whether a line's words could be a title: short, one phrase, no sentence."""
    text = text.strip()
    body = text.rstrip(_TRAIL + "?？")
    if not body or width(body) > limit or text.startswith("@") or "http" in body:
        return False
    return not _is_sentence(body, lexicon)


def by_itself(text: str, profile: Profile) -> bool:
    """Whether the text names a release or a project and nothing else (`Queens`, `Nova`): a part of a post."""
    return clean(text).lower() in {*profile.release_names, *(name.lower() for name in profile.projects)}
