"""The days a question names: a date, a month, a year, a span, or one counted from today."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from graph.asking.numerals import number
from graph.extract import dates

WEEK = 7
EARLIEST, LATEST = "0001-01-01", "9999-12-31"
_MONTH = "|".join(sorted(dates.MONTHS, key=len, reverse=True))
_ZH_NUMBER = "十[一二]|[一二三四五六七八九十两]"
_YEAR = r"(?:19|20)\d\d"
_MONTHS = re.compile(
    rf"(?<![a-z])(?P<name>{_MONTH})\.?,?(?:\s+(?:of\s+)?(?P<y1>{_YEAR}))?(?![a-z0-9])"
    rf"|(?<![\d.-])(?P<y2>{_YEAR})\s*[-/]\s*(?P<m2>0?[1-9]|1[0-2])(?![\d.-])"
    rf"|(?:(?P<y3>{_YEAR})\s*年\s*)?(?<!\d)(?P<m3>1[0-2]|0?[1-9]|{_ZH_NUMBER})\s*月(?:份)?(?!\s*\d)"
)
_YEARS = re.compile(
    rf"(?<![\d.-])(?P<y1>{_YEAR})\s*年(?:度)?"
    rf"|\b(?:in|during|of|since|year|after|before|until)\s+(?P<y2>{_YEAR})(?![\d.-])"
)
_SHORT_YEAR = re.compile(r"(?<!\d)\d\d年\d{1,2}月\d{1,2}[日号]?")
_AGO = re.compile(
    r"\b(?:(?:the\s+)?(?:last|past|previous)\s+(?P<n1>\d+|[a-z]+)\s+(?P<u1>days?|weeks?|months?|years?))\b"
    rf"|(?:最近|过去|近)(?P<n2>\d+|{_ZH_NUMBER})?\s*个?(?P<u2>天|日|周|星期|月|年)"
)
_NAMED = re.compile(
    r"\b(?P<which>this|last|past|previous|current|next)\s+(?P<unit>week|month|year)\b|\b(?P<day>today|yesterday)\b"
    r"|(?<!版)(?P<zwhich>这一?个?|本|上一?个?|去|今|下一?个?)(?P<zunit>周(?!期)|星期|月|年)(?![一二三四五六日天])|(?P<zday>今天|昨天)"
)
_UNITS = {
    "day": "day", "week": "week", "month": "month", "year": "year", "天": "day", "日": "day", "周": "week",
    "星期": "week", "月": "month", "年": "year",
}  # fmt: skip
_STEPS = {
    "this": 0,
    "current": 0,
    "last": -1,
    "past": -1,
    "previous": -1,
    "next": 1,
    "本": 0,
    "今": 0,
    "去": -1,
}
_SINCE = re.compile(r"(?:\b(?:since|after|from|starting)(?:\s+(?:in|on|the))?|自从?|从)\s*$")
_BEFORE = re.compile(r"\b(?:before|prior to)(?:\s+the)?\s*$")
_UNTIL = re.compile(r"\b(?:until|till|up to|by)(?:\s+the)?\s*$|(?:截至|截止)\s*$")
_THEN_SINCE = re.compile(r"^\s*(?:以来|之后|以后|后(?!来)|起|开始|onwards?\b)")
_THEN_BEFORE = re.compile(r"^\s*(?:之前|以前|前(?!面))")
_JOIN = re.compile(r"^\s*(?:and|to|until|till|through|-|–|—|~|\.\.|和|到|至)\s*(?:the\s+)?$")
_LEAD = re.compile(
    r"(?:(?<![a-z])(?:between|from|in|on|during|of|since|at|before|after|until|as of|the month of)|从|在|自)\s*$"
)
_TAIL = re.compile(r"^\s*(?:之间|期间|间|以来|之前|以前|之后|以后|为止|起|onwards?\b|那天|当天|里)")


class Period(NamedTuple):
    """Days from first to last (ISO, both within), where they are written, and whether the year was said."""

    start: int
    end: int
    first: str
    last: str
    month: int = 0  # a month (or month and day) without a year: first and last are then without it too

    @property
    def short(self) -> bool:
        """Whether it is a day, a week or a month: what can stand for its first day."""
        return self.first[:7] == self.last[:7] or self._days() < WEEK

    def _days(self) -> int:
        first, last = datetime.date.fromisoformat(self.first), datetime.date.fromisoformat(self.last)
        return (last - first).days

    @property
    def open_year(self) -> bool:
        """Whether no year was said."""
        return bool(self.month)


def find(text: str, today: datetime.date) -> list[Period]:
    """The periods of a folded text, in order, spans joined."""
    single = sorted(_singles(text, today), key=lambda p: (p.start, -p.end))
    kept: list[Period] = []
    for period in single:
        if not kept or period.start >= kept[-1].end:
            kept.append(period)
    return list(_spans(kept, text))


def _singles(text: str, today: datetime.date) -> Iterator[Period]:
    """Days hide the months and years in them, and these hide others."""
    taken: list[tuple[int, int]] = []
    ways: tuple[Callable[[], Iterable[Period]], ...] = (
        lambda: _days(text),
        lambda: _counted(text, today),
        lambda: _months(text),
        lambda: _years(text),
    )
    for way in ways:
        for period in list(way()):
            if all(period.end <= s or period.start >= e for s, e in taken):
                taken.append((period.start, period.end))
                yield period


def _days(text: str) -> Iterator[Period]:
    for found in dates.full(text):
        if found.date:
            yield Period(found.start, found.end, found.date, found.date)
    for match in _SHORT_YEAR.finditer(text):
        for whole in dates.full(f"20{match[0]}"):
            yield Period(match.start(), match.end(), whole.date, whole.date)
    # A day without a year is completed from a leap year, so that its month and day are what is kept.
    taken = [(f.start, f.end) for f in dates.full(text)] + [m.span() for m in _SHORT_YEAR.finditer(text)]
    for found in dates.near(text, "2000-07-01"):
        yearless = found.inferred.startswith("year")
        if found.date and yearless and all(found.end <= s or found.start >= e for s, e in taken):
            yield Period(found.start, found.end, found.date[5:], found.date[5:], int(found.date[5:7]))


def _months(text: str) -> Iterator[Period]:
    for match in _MONTHS.finditer(text):
        year = match["y1"] or match["y2"] or match["y3"]
        month = dates.MONTHS.get(match["name"] or "") or number(match["m2"] or match["m3"] or "") or 0
        if (
            match["name"] in ("may", "mar", "sun", "march")
            and not year
            and not _LEAD.search(text[: match.start()])
        ):
            continue  # words of their own
        if year:
            yield Period(match.start(), match.end(), *_month(int(year), month))
        else:
            yield Period(match.start(), match.end(), f"{month:02d}-01", f"{month:02d}-31", month)


def _years(text: str) -> Iterator[Period]:
    for match in _YEARS.finditer(text):
        name = "y1" if match["y1"] else "y2"
        end = match.end() if name == "y1" else match.end("y2")
        yield Period(match.start(name), end, f"{match[name]}-01-01", f"{match[name]}-12-31")


def _counted(text: str, today: datetime.date) -> Iterator[Period]:
    for match in _AGO.finditer(text):
        unit = _UNITS[(match["u1"] or match["u2"]).rstrip("s")]
        counted = number(match["n1"] or match["n2"] or "1")
        if counted:
            days = {"day": 1, "week": 7, "month": 30, "year": 365}[unit] * counted
            first = today - datetime.timedelta(days=days)
            yield Period(match.start(), match.end(), first.isoformat(), today.isoformat())
    for match in _NAMED.finditer(text):
        yield Period(match.start(), match.end(), *_named(match, today))


def _named(match: re.Match[str], today: datetime.date) -> tuple[str, str]:
    if match["day"] or match["zday"]:
        day = today - datetime.timedelta(days=(match["day"] or match["zday"]) in ("yesterday", "昨天"))
        return day.isoformat(), day.isoformat()
    which, unit = match["which"] or match["zwhich"], _UNITS[match["unit"] or match["zunit"]]
    step = _STEPS.get(which, {"上": -1, "下": 1}.get(which[0], 0))
    if unit == "week":
        monday = today - datetime.timedelta(days=today.weekday() - 7 * step)
        return monday.isoformat(), (monday + datetime.timedelta(days=6)).isoformat()
    if unit == "year":
        return f"{today.year + step}-01-01", f"{today.year + step}-12-31"
    year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
    return _month(year, month + 1)


def month_of(day: str) -> tuple[str, str]:
    """First and last day of the month of an ISO date."""
    return _month(int(day[:4]), int(day[5:7]))


def _month(year: int, month: int) -> tuple[str, str]:
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return f"{year}-{month:02d}-01", (following - datetime.timedelta(days=1)).isoformat()


def _spans(found: list[Period], text: str) -> Iterator[Period]:
    """Two periods with `and`, `to`, `到` between them are one, from the first to the second."""
    at = 0
    while at < len(found):
        first = found[at]
        second = _second(first, found[at + 1]) if at + 1 < len(found) else None
        if second and _JOIN.match(text[first.end : second.start]) and first.first <= second.last:
            start, end = _around(text, first.start, second.end)
            yield Period(start, end, first.first, second.last, first.month)
            at += 2
        else:
            yield _related(first, text)
            at += 1


def _second(first: Period, second: Period) -> Period | None:
    """The end of a span; where only its start has a year, it has the same."""
    if first.open_year == second.open_year:
        return second
    if first.open_year:
        return None
    year = int(first.first[:4])
    last = second.last
    if last.endswith("-31"):
        last = _month(year, int(last[:2]))[1][5:]
    return second._replace(first=f"{year}-{second.first}", last=f"{year}-{last}", month=0)


def _related(period: Period, text: str) -> Period:
    """Open at one end after `since` or before `之前`; the words around it go with it."""
    before, after = text[: period.start], text[period.end :]
    first, last = period.first, period.last
    if not period.open_year and period.first[:4] and first != EARLIEST:
        if _THEN_SINCE.match(after) or (_SINCE.search(before) and not _THEN_BEFORE.match(after)):
            last = LATEST
        elif _THEN_BEFORE.match(after) or _BEFORE.search(before):
            first, last = EARLIEST, _day_before(first)
        elif _UNTIL.search(before):
            first = EARLIEST
    start, end = _around(text, period.start, period.end)
    return Period(start, end, first, last, period.month)


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of a period with the words before and after it that say how it is meant."""
    lead, tail = _LEAD.search(text[:start]), _TAIL.match(text[end:])
    return lead.start() if lead else start, end + (tail.end() if tail else 0)


def _day_before(day: str) -> str:
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()
