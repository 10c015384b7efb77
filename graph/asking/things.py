"""What a question names: releases, features, people, patches, bugs, versions, projects and days, by every name."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from graph.asking import amounts, periods
from graph.asking.mentions import Mention, Reading, Span, keyed, role_before, with_noun
from graph.asking.words import CJK, language
from graph.errors import UnknownName
from graph.names import Named, Names, acronym

NAMED = ("release", "feature", "person")
_VERSION = re.compile(
    r"(?<![a-z0-9.])v?(?P<key>\d{1,4}\.\d+(?:\.\d+){0,2}(?:\.?0?(?:a|b|rc)\d+)?)(?![a-z0-9]|\.\d)"
)
_TRACKED = re.compile(
    r"(?:(?<![a-z])(?P<word>(?:lp|launchpad)\s+bugs?|bugs?|lp|launchpad|issues?|缺陷|漏洞|patch(?:es)?|changes?|reviews?|commits?|change-?id|补丁|评审|提交)"
    r"[\s:#/]*|(?<![0-9a-z.\-]))#?(?P<key>\d{5,8}|i[0-9a-f]{40})(?![0-9a-z\-]|\.\d)"
)
_BUG = re.compile("bug|lp|launchpad|issue|缺陷|漏洞")
# What stands before a thing that is meant to be left out, and what may follow it.
_EXCEPT = re.compile(
    r"(?:\b(?:besides|except(?:\s+for)?|excluding|other than|apart from|aside from|but not(?:\s+(?:by|from|in|of))?"
    r"|not (?:by|from|in|of))|除了?|除去|不是|不包括|不算)\s*(?:the\s+)?$"
)
_EXCEPT_AFTER = re.compile(r"\s*(?:之外|以外|外)")
_SINCE = re.compile(r"\b(?:since|starting with|later than|after)\s+(?:the\s+)?$|自从?\s*$")
_ONWARDS = re.compile(
    r"\s*(?:on(?:wards?)?(?![a-z])|or later\b|and later\b|以来|以后|之后|及以后|起(?![来到]))"
)
_BEFORE = re.compile(r"\b(?:before|until|up to|earlier than)\s+(?:the\s+)?$")
_UP_TO = re.compile(r"\s*(?:or earlier\b|and earlier\b|以前|之前|及以前|为止)")
_INCLUSIVE = re.compile(r"\b(?:since|starting with|until|up to|from)\s+(?:the\s+)?$|自从?\s*$|从\s*$")
_INCLUSIVE_AFTER = re.compile(
    r"\s*(?:on(?:wards?)?(?![a-z])|or later\b|and later\b|or earlier|以来|及以后|及以前|起|为止)"
)


class Finder:
    """Finds what a question names among the names of one graph."""

    def __init__(self, names: Names, today: datetime.date, common: Callable[[str], bool]) -> None:
        self.names = names
        self.today = today
        self._common = common

    def find(self, text: str) -> list[Mention]:
        """Things of a folded text in order, none overlapping; a longer name hides a shorter one.

        Raises UnknownName for a bug, patch or version by a number that nobody knows.
        """
        found = sorted(self._spans(text), key=lambda s: (s[2] == "text", s[0] - s[1], s[0], _rank(s[2])))
        kept: dict[tuple[int, int], list[Reading]] = {}
        for start, end, kind, readings in found:
            if (start, end) in kept:
                kept[start, end] += readings
            elif all(end <= s or start >= e for s, e in kept):
                kept[start, end] = list(readings)
            elif kind == "text" and (start + 1, end - 1) in kept:
                # A name in quotation marks may be meant as words.
                kept[start + 1, end - 1] += readings
        mentions = [self._mention(text, *span, _distinct(rs)) for span, rs in sorted(kept.items())]
        mentions = [self._stretched(text, _excepted(text, mention)) for mention in mentions]
        mentions += self._numbered(text, mentions)
        return sorted(mentions, key=lambda m: m.start)

    def named(self, text: str, start: int, end: int, kind: str, thing: Named) -> Mention:
        """A mention of a thing that was found by other means."""
        return self._mention(text, start, end, (_reading(kind, thing),))

    def _spans(self, text: str) -> Iterator[Span]:
        for kind in NAMED:
            for thing in self.names.of(kind):
                for start, end in _places(text, thing, kind, self._own):
                    if kind != "feature" or self._is_name(thing, text[start:end]):
                        yield start, end, kind, [_reading(kind, thing)]
        for match in _VERSION.finditer(text):
            if match["key"] in self.names.keys("version"):
                yield *match.span(), "version", [keyed("version", match["key"])]
        for period in periods.find(text, self.today):
            yield period.start, period.end, "date", [self._dated(period, text)]
        for match in self._projects.finditer(text):
            yield *match.span(), "project", [keyed("project", match[0])]
        yield from amounts.find(text)

    def _stretched(self, text: str, mention: Mention) -> Mention:
        """A release with `since` or `before` is all that come after or before it."""
        release = mention.of("release")
        before, after = text[: mention.start], text[mention.end :]
        since = _SINCE.search(before) or _ONWARDS.match(after)
        until = _BEFORE.search(before) or _UP_TO.match(after)
        if release is None or not (since or until):
            return mention
        at = self.names.positions().get(release.bound[1])
        if at is None:
            return mention
        own = _INCLUSIVE.search(before) or _INCLUSIVE_AFTER.match(after)
        wanted = {
            iri
            for iri, position in self.names.positions().items()
            if (position > at if since else position < at) or (own and position == at)
        }
        values = frozenset(
            v for t in self.names.of("release") if t.iri in wanted for v in _reading("release", t).values
        )
        lead = since if since and since.re is _SINCE else until if until and until.re is _BEFORE else None
        tail = next((m for m in (_ONWARDS.match(after), _UP_TO.match(after)) if m), None)
        extent = (lead.start() if lead else mention.start, mention.end + (tail.end() if tail else 0))
        shown = f"{'≥' if own and since else '>' if since else '≤' if own else '<'} {release.shown}"
        stretch = Reading("releases", release.bound, shown, values)
        return replace(mention, readings=(*mention.readings, stretch), extent=extent)

    def _is_name(self, thing: Named, words: str) -> bool:
        """Whether words are the name of a feature; common ones only where notes speak of it, or as they are keyed."""
        if thing.spoken or " " not in words:
            return True
        return not self._common(self._projects.sub(" ", words))

    @cached_property
    def _own(self) -> str:
        """The names of the projects as one alternative of a pattern."""
        names = sorted(self.names.keys("project"), key=len, reverse=True)
        return "|".join(map(re.escape, names)) or "(?!)"

    @cached_property
    def _projects(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![a-z0-9-])(?:{self._own})(?![a-z0-9-])")

    def _dated(self, period: periods.Period, text: str) -> Reading:
        if period.open_year:
            period = self._with_year(period, text)
        first, last = period.first, period.last
        shown = first if first == last else f"{first} … {last}"
        whole = last == periods.month_of(first)[1] if first[8:] == "01" else False
        if whole:
            shown = first[:7]
        shown = shown.replace(f"{periods.EARLIEST} … ", "≤ ").replace(f" … {periods.LATEST}", " ≤")
        return Reading("date", ("date", first), shown, period=period)

    def _with_year(self, period: periods.Period, text: str) -> periods.Period:
        """A month without a year is the only one of its name in which there was a meeting; else it is not guessed."""
        first, last = period.first[-5:], period.last[-5:]
        years = sorted({day[:4] for day in self.names.meeting_days() if first <= day[5:10] <= last})
        if len(years) == 1:
            return period._replace(first=f"{years[0]}-{first}", last=f"{years[0]}-{last}", month=0)
        written = text[period.start : period.end].strip()
        named = ", ".join(years)
        if language(text) == "zh":
            raise UnknownName(
                f"没有说明“{written}”是哪一年", nearest=tuple(years), hint=f"请写明年份 {named}".strip()
            )
        hint = f"say the year: {named}" if years else "say the year"
        raise UnknownName(f"the year of {written!r} is not said", nearest=tuple(years), hint=hint)

    def _numbered(self, text: str, taken: list[Mention]) -> Iterator[Mention]:
        for match in _TRACKED.finditer(text):
            start, end = match.span("key")
            if any(m.start < end and start < m.end for m in taken):
                continue
            word = match["word"] or ""
            kinds = ("bug", "patch") if not word else ("bug",) if _BUG.match(word) else ("patch",)
            readings = tuple(filter(None, (self._tracked(kind, match["key"]) for kind in kinds)))
            if not readings:
                raise _nobody(kinds[0] if word else "number", match["key"])
            yield Mention(
                match.start("word") if word else start, end, role_before(text[: match.start()]), readings
            )

    def _tracked(self, kind: str, key: str) -> Reading | None:
        try:
            return _reading(kind, self.names.thing(kind, key))
        except UnknownName:
            return None

    def _mention(self, text: str, start: int, end: int, readings: tuple[Reading, ...]) -> Mention:
        start, end = with_noun(text, start, end, readings[0].kind)
        return Mention(start, end, role_before(text[:start]), readings)


def _excepted(text: str, mention: Mention) -> Mention:
    """A thing that is to be left out, with the words that say so."""
    before = _EXCEPT.search(text[: mention.start])
    if not before:
        return mention
    after = _EXCEPT_AFTER.match(text[mention.end :])
    end = mention.end + (after.end() if after else 0)
    return replace(mention, start=before.start(), end=end, role="except")


def _rank(kind: str) -> int:
    return NAMED.index(kind) if kind in NAMED else len(NAMED)


def _distinct(readings: list[Reading]) -> tuple[Reading, ...]:
    """Each thing once; a topic of the notes stands for the feature of the same name."""
    found = {reading.bound: reading for reading in readings}
    topics = [r for r in found.values() if "/topic/" in r.bound[1]]
    if len(topics) == 1:
        same = [r for r in found.values() if r.kind == "feature" and r is not topics[0]]
        found = {bound: r for bound, r in found.items() if r not in same}
    return tuple(found.values())


def _nobody(kind: str, key: str) -> UnknownName:
    what = {"bug": "bug", "patch": "patch"}.get(kind, "bug or patch")
    hint = "no commit, review or note here names it; `kg sources` lists what was read"
    return UnknownName(f"no {what} {key} is on record", hint=hint)


def _reading(kind: str, thing: Named) -> Reading:
    tail = thing.iri.rsplit("/", 1)[-1]
    values = frozenset(name.casefold() for name in (*thing.names, tail))
    return Reading(kind, ("iri", thing.iri), thing.shown, values)


def _places(text: str, thing: Named, kind: str, projects: str) -> Iterator[tuple[int, int]]:
    for name in _spoken(thing, kind):
        # Of some thousand names a question holds a few: only these are worth a pattern.
        if _first_word(name) in text and (regex := _pattern(name, kind, projects)):
            yield from (match.span() for match in regex.finditer(text))


def _spoken(thing: Named, kind: str) -> set[str]:
    """Names of a thing as they may be said; one that no note speaks of is named by more than a single word."""
    if thing.spoken:
        return {*thing.names, *(acronym(name) for name in thing.names if kind == "feature")}
    return {name for name in thing.names if len(re.split(r"[\s\-_]+", name.strip())) > 1}


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _first_word(name: str) -> str:
    return next(filter(None, re.split(r"[\s\-_]+", _plain(name))), "\x00")


def _pattern(name: str, kind: str, projects: str) -> re.Pattern[str] | None:
    """Pattern of a name in a folded question; None for one too short to be told from a word.

    A release called by a number is one where a word says so: release, version, or the name of a project.
    """
    text = _plain(name)
    if kind == "release" and len(text) == 1 and text.isalpha():
        return re.compile(rf"(?<![a-z0-9]){text}(?=[ \t]?(?:版本|版|周期|release\b|cycle\b))")
    if kind == "release" and text.isdigit():
        named = rf"(?:\b(?:release|version|{projects})\s+|版本\s*){text}(?![\d.])"
        after = rf"(?<![\d.\-/年月]){text}(?:\.x\b|(?=\s*(?:系列|版本|的(?!时候)|series\b)))"
        other = r"(?!\s*[\d.\-/:年月日天个次周]|\s+(?:days|weeks|times))"
        pair = rf"(?:(?<=\bfrom )|(?<=\bto )|(?<=\binto )|(?<=[从到])){text}{other}"
        return re.compile(f"{named}|{after}|{pair}")
    if len(text) < 2:
        return None
    if re.search(f"[{CJK}]", text):
        return re.compile(re.escape(text)) if len(text) >= 4 else None
    words = [re.escape(word) for word in re.split(r"[\s\-_]+", text) if word]
    body = r"[\s\-_]+".join(words)
    plural = "" if kind != "feature" else "?" if body.endswith("s") else "s?"
    return re.compile(rf"(?<![a-z0-9_.-])@?{body}{plural}(?![a-z0-9_-]|\.\d)")
