"""The months that a post is on: one, a range of them, or a year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from graph import names
from graph.errors import UsageFault
from graph.views.report_words import MONTHS, Words, day

_BETWEEN = re.compile(r"\s*(?:\.\.+|…|–|—|~|至|到|\bto\b|\buntil\b)\s*")
_YEAR = re.compile(r"(\d{4})\s*年?")
_SHORT = re.compile(r"(\d{1,2})\s*月")


@dataclass(frozen=True)
class Period:
    """Whole months, `2018-01` to `2018-03`, both within."""

    start: str
    end: str

    @property
    def first(self) -> str:
        """Its first day."""
        return f"{self.start}-01"

    @property
    def last(self) -> str:
        """Its last day."""
        year, month = map(int, self.end.split("-"))
        return f"{self.end}-{calendar.monthrange(year, month)[1]:02d}"

    @property
    def count(self) -> int:
        """How many months it has."""
        return _index(self.end) - _index(self.start) + 1

    @property
    def before(self) -> Period:
        """As many months, right before it."""
        return Period(_month(_index(self.start) - self.count), _month(_index(self.start) - 1))

    def holds(self, date: str) -> bool:
        """Whether a date, or a month, lies within."""
        return self.start <= date[:7] <= self.end

    def said(self, words: Words) -> str:
        """`2018年1月至3月`, `January to March 2018`, `2018`."""
        if self.count == 1:
            return day(self.start, words)
        (year, month), (last_year, last) = self.start.split("-"), self.end.split("-")
        if (month, last) == ("01", "12") and year == last_year:
            return f"{year}年" if words.lang == "zh" else year
        if year != last_year:
            return day(self.start, words) + ("至" if words.lang == "zh" else " to ") + day(self.end, words)
        if words.lang == "zh":
            return f"{day(self.start, words)}至{int(last)}月"
        return f"{MONTHS[int(month) - 1]} to {day(self.end, words)}"


def _index(month: str) -> int:
    year, number = map(int, month.split("-"))
    return year * 12 + number - 1


def _month(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def period(text: str) -> Period | None:
    """`2018-01`, `2018-01..2018-03`, `2018-01 2018-03`, `2018年1月至3月`, `2018`; None for what is no time.

    Raises UsageFault for a range that ends before it begins.
    """
    text = text.strip()
    parts = [part for part in _BETWEEN.split(text) if part]
    found = [_one(part, parts[0]) for part in parts]
    if len(parts) == 1 and found == [None]:
        # Two words, or a month and a year: only as two months can the former be read.
        parts = text.split()
        found = [_one(part, parts[0]) for part in parts]
    if not 1 <= len(found) <= 2 or None in found:
        return None
    start, end = found[0], found[-1]
    if start is None or end is None:
        return None
    if end.end < start.start:
        raise UsageFault(f"{text!r} ends before it begins", hint="write ranges like 2018-01..2018-03")
    return Period(start.start, end.end)


def _one(text: str, first: str) -> Period | None:
    """A month or a year; `3月` has the year of the month it follows."""
    year = _YEAR.fullmatch(text)
    if year and int(year[1]) > 0:
        return Period(f"{year[1]}-01", f"{year[1]}-12")
    short, begun = _SHORT.fullmatch(text), _YEAR.match(first)
    if short and begun:
        text = f"{begun[1]}年{short[1]}月"
    try:
        month = names.month(text)
    except UsageFault:
        return None
    return Period(month, month) if not month.startswith("0000") else None
