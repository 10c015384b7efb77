"""What a question names that is no thing: numbers to compare with, how many rows are wanted, quoted words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.asking.mentions import Reading, Span, keyed
from graph.asking.numerals import number

_QUOTED = re.compile(r"[\"“「『]([^\"“”「」『』]{1,120})[\"”」』]")
_COMPARED = re.compile(
    r"\b(?P<op>at least|no less than|no fewer than|more than|over|above|fewer than|less than|under|at most"
    r"|no more than|exactly|up to|older than|longer than)"
    r"\s+(?P<n>\d+|once|twice|[a-z]+)(?![\d.])"
    r"|\b(?P<m>\d+|two|three|four|five)\s+(?:times\s+)?(?P<post>or more|or fewer|or less)\b"
    r"|\b(?P<twice>twice)(?:\s+(?P<tpost>or more))?\b"
    r"|(?P<zop>至少|不少于|超过|多于|大于|少于|不到|不超过|最多|至多|刚好|正好)\s*(?P<zn>\d+|[一二三四五六七八九十两])\s*[次个条天]?"
    r"|(?P<zm>\d+|[一二三四五六七八九十两])\s*[次个条天]?\s*(?P<zpost>以上|以下|及以上|或以上)"
)
_TOP = re.compile(
    r"\b(?:top|first)\s+(?P<n1>\d{1,3}|[a-z]+)\b|前\s*(?P<n2>\d{1,3}|[一二三四五六七八九十两])\s*[个条次名]|最[多近早晚新]的?\s*(?P<n3>\d{1,3}|[二三四五六七八九十两])\s*[个条次]"
)
_LEAST = (
    "at least",
    "no less than",
    "no fewer than",
    "至少",
    "不少于",
    "or more",
    "以上",
    "及以上",
    "或以上",
)
_MOST = ("at most", "no more than", "up to", "不超过", "最多", "至多", "or fewer", "or less", "以下")
_MORE = ("more than", "older than", "longer than", "over", "above", "超过", "多于", "大于")
_FEWER = ("fewer than", "less than", "under", "少于", "不到")


def find(text: str) -> Iterator[Span]:
    """What is no name: comparisons, how many rows are wanted, words in quotation marks."""
    yield from _comparisons(text)
    for match in _TOP.finditer(text):
        wanted = number(match["n1"] or match["n2"] or match["n3"])
        if wanted:
            yield *match.span(), "top", [keyed("top", str(wanted))]
    for match in _QUOTED.finditer(text):
        yield *match.span(), "text", [keyed("text", match[1].strip())]


def _comparisons(text: str) -> Iterator[Span]:
    """`more than 3`, `三次以上`: a number with how a column is compared with it."""
    for match in _COMPARED.finditer(text):
        words = {name: value for name, value in match.groupdict().items() if value}
        how = next((words[name] for name in ("op", "post", "tpost", "zop", "zpost") if name in words), "")
        written = next(words[name] for name in ("n", "m", "twice", "zn", "zm") if name in words)
        said = number(written)
        if said is not None:
            op, bound = _compared(how, said)
            reading = Reading("number", ("integer", str(bound)), f"{op} {bound}", frozenset({op}))
            yield *match.span(), "number", [reading]


def _compared(how: str, said: int) -> tuple[str, int]:
    if how in _LEAST:
        return ">", said - 1
    if how in _MOST:
        return "<", said + 1
    return (">" if how in _MORE else "<" if how in _FEWER else "="), said
