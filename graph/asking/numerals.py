"""Numbers as they are written out in a question, in English and Chinese."""

from __future__ import annotations

import re

_ENGLISH = "one two three four five six seven eight nine ten eleven twelve"
_ORDINALS = "first second third fourth fifth"
_WORDS = (
    {word: n for n, word in enumerate(_ENGLISH.split(), 1)}
    | {word: n for n, word in enumerate(_ORDINALS.split(), 1)}
    | {word: n for n, word in enumerate("一二三四五六七八九十", 1)}
    | {"十一": 11, "十二": 12, "两": 2, "once": 1, "twice": 2}
)


def number(written: str) -> int | None:
    """What `3`, `3rd`, `three`, `third`, `twice`, `三` say; None for what is no number."""
    digits = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?", written)
    return int(digits[1]) if digits else _WORDS.get(written)
