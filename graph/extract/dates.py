"""Dates as people write them, in Chinese and English; days relative to a meeting."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"),
            ("november", "nov"), ("december", "dec"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
DAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"), ("tuesday", "tue", "tues"), ("wednesday", "wed"), ("thursday", "thu", "thur", "thurs"),
            ("friday", "fri"), ("saturday", "sat"), ("sunday", "sun"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = "|".join(sorted(DAYS, key=len, reverse=True))
_ORDINAL = r"(?:st|nd|rd|th)?"
_FULL = re.compile(
    rf"(?<![\d.])(?P<y1>(?:19|20)\d\d)[ \t]*年[ \t]*(?P<m1>\d{{1,2}})[ \t]*月[ \t]*(?P<d1>\d{{1,2}})[ \t]*[日号]?"
    rf"|(?<![\d./-])(?P<y2>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m2>\d{{1,2}})(?P=sep)(?P<d2>\d{{1,2}})(?![\d-])"
    rf"|(?<![A-Za-z])(?P<mn3>{_MONTH})\.?[ \t]+(?P<d3>\d{{1,2}}){_ORDINAL}[ \t]*,?[ \t]+(?P<y3>(?:19|20)\d\d)(?!\d)"
    rf"|(?<!\d)(?P<d4>\d{{1,2}}){_ORDINAL}[ \t]+(?:of[ \t]+)?(?P<mn4>{_MONTH})\.?,?[ \t]+(?P<y4>(?:19|20)\d\d)(?!\d)"
    rf"|(?<![\d-])(?P<d6>\d{{1,2}})-(?P<mn6>{_MONTH})-(?P<y6>(?:19|20)\d\d)(?![\d-])"
    rf"|(?<![A-Za-z-])(?P<mn7>{_MONTH})-(?P<d7>\d{{1,2}})-(?P<y7>(?:19|20)\d\d)(?![\d-])"
    rf"|(?<!\d)(?P<y5>20\d\d)(?P<m5>[01]\d)(?P<d5>[0-3]\d)(?!\d)",
    re.IGNORECASE,
)
_SHORT = re.compile(
    rf"(?<!\d)(?P<m1>\d{{1,2}})[ \t]*月[ \t]*(?P<d1>\d{{1,2}})[ \t]*[日号]?"
    rf"|(?<![A-Za-z])(?P<mn3>{_MONTH})\.?[ \t]+(?:the[ \t]+)?(?P<d3>\d{{1,2}}){_ORDINAL}"
    rf"(?![\d:]|[ \t]*[,]?[ \t]*(?:19|20)\d\d)"
    rf"|(?<!\d)(?P<d4>\d{{1,2}}){_ORDINAL}[ \t]+(?:of[ \t]+)?(?P<mn4>{_MONTH})(?![A-Za-z])",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    rf"(?P<zh>本周|这周|这个?星期|下周|下个?星期|周|星期)(?P<zd>[一二三四五六日天])"
    rf"|(?P<en>this|next|coming|on)[ \t]+(?P<ed>{_DAY})\b|\b(?P<ed2>{_DAY})[ \t]+(?P<en2>next|this)[ \t]+week"
    rf"|(?P<word>今天|明天|后天|\btoday\b|\btomorrow\b)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    rf"[（(]?[ \t]*(?:(?:{_DAY})\.?|(?:星期|周)[一二三四五六日天])[ \t]*[)）]?,?", re.IGNORECASE
)
_TIME = re.compile(
    r"(?:\b|(?<=T)|T(?=\d))\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:[ \t]*[-~–][ \t]*\d{1,2}[:：]\d{2})?"
    r"[ \t]*(?:am|pm|utc|gmt|cst|[+]\d{1,4}|z)?\b|\b\d{4}[ \t]*utc\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """A date in a text: where, ISO date (empty when it is written like one but is none), what was inferred."""

    start: int
    end: int
    date: str
    inferred: str = ""


def _pick(match: re.Match[str], *names: str) -> str:
    groups = match.groupdict()
    return next((groups[name] for name in names if groups.get(name)), "")


def _iso(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _month(match: re.Match[str]) -> int:
    name = _pick(match, "mn3", "mn4", "mn6", "mn7")
    return MONTHS[name.lower()] if name else int(_pick(match, "m1", "m2", "m5") or 0)


def full(text: str) -> list[Found]:
    """Dates that name their year."""
    found = []
    for match in _FULL.finditer(text):
        year = int(_pick(match, "y1", "y2", "y3", "y4", "y5", "y6", "y7"))
        day = int(_pick(match, "d1", "d2", "d3", "d4", "d5", "d6", "d7"))
        found.append(Found(match.start(), match.end(), _iso(year, _month(match), day)))
    return found


def near(text: str, meeting: str) -> list[Found]:
    """Every date of a text, those without a year and relative ones completed from the meeting's date."""
    found = full(text)
    taken = [(f.start, f.end) for f in found]
    base = datetime.date.fromisoformat(meeting) if meeting else None
    for match in _SHORT.finditer(text):
        if base and not any(s < match.end() and match.start() < e for s, e in taken):
            date = _closest(base, _month(match), int(_pick(match, "d1", "d3", "d4")))
            found.append(Found(match.start(), match.end(), date, "year from the meeting's date"))
            taken.append((match.start(), match.end()))
    for match in _RELATIVE.finditer(text):
        if base and not any(s < match.end() and match.start() < e for s, e in taken):
            date = _relative(base, match)
            found.append(
                Found(match.start(), match.end(), date, f"“{match[0]}” counted from the meeting's date")
            )
    return sorted(found, key=lambda f: f.start)


def _closest(base: datetime.date, month: int, day: int) -> str:
    """The date of that month and day nearest to the base."""
    options = [_iso(base.year + step, month, day) for step in (-1, 0, 1)]
    dates = [datetime.date.fromisoformat(option) for option in options if option]
    return min(dates, key=lambda d: abs(d - base)).isoformat() if dates else ""


def _relative(base: datetime.date, match: re.Match[str]) -> str:
    word = match["word"]
    if word:
        steps = {"今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "后天": 2}
        return (base + datetime.timedelta(days=steps[word.lower()])).isoformat()
    if match["zh"]:
        day, following = "一二三四五六日天".index(match["zd"]) + 1, match["zh"].startswith("下")
        day = min(day, 7)
    else:
        day = DAYS[(match["ed"] or match["ed2"]).lower()]
        following = (match["en"] or match["en2"]).lower() == "next"
    monday = base - datetime.timedelta(days=base.isoweekday() - 1)
    date = monday + datetime.timedelta(days=day - 1 + (7 if following else 0))
    if date < base and not following:
        date += datetime.timedelta(days=7)
    return date.isoformat()


def without_clock(text: str) -> str:
    """A text with weekdays and times of day blanked: what else a date line may carry."""
    return _TIME.sub(" ", _WEEKDAY.sub(" ", text))


def short(text: str, latest: str) -> Found | None:
    """The first date without a year, taken as the last one not after `latest` (ISO)."""
    match = _SHORT.search(text)
    if not match or not latest:
        return None
    base = datetime.date.fromisoformat(latest)
    month, day = _month(match), int(_pick(match, "d1", "d3", "d4"))
    for year in (base.year, base.year - 1):
        date = _iso(year, month, day)
        if date and date <= latest:
            return Found(match.start(), match.end(), date, f"year not written, taken from {latest}")
    return None
