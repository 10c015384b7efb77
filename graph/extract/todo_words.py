"""The words of a TODO that tell it from others: without those of learning and writing, and without filling."""

from __future__ import annotations

import re
import unicodedata

from graph.extract.text import CJK
from graph.lexicon import Lexicon
from graph.terms import fold

_URL = re.compile(r"https?://\S+")
_TOKEN = re.compile(rf"#\d+|[A-Za-z][A-Za-z0-9_]*|\d+(?:\.\d+)*|[{CJK}]+")
_LISTS = ("generic", "light", "act", "later")


class TodoWords:
    """Says what a TODO is about; the lists are those of a lexicon under `todo`."""

    def __init__(self, lexicon: Lexicon) -> None:
        words = {word for name in _LISTS for word in lexicon.words(f"todo.{name}")}
        self._latin = frozenset(word.lower() for word in words if word.isascii() and " " not in word)
        chinese = sorted((word for word in words if not word.isascii()), key=lambda w: (-len(w), w))
        self._chinese = re.compile("|".join(map(re.escape, chinese)) or r"(?!)")

    def of(self, text: str) -> tuple[str, ...]:
        """Words in order, small letters; runs of Chinese are kept whole. All of the text where none are left.

        >>> from graph import lexicon
        >>> TodoWords(lexicon.load()).of("弄清楚Quota tree的细节")
        ('quota', 'tree')
        """
        plain = _URL.sub(" ", unicodedata.normalize("NFKC", text))
        found = _TOKEN.findall(self._chinese.sub(" ", plain))
        kept = [word.lower() for word in found if word.lower() not in self._latin]
        # One character of Chinese tells nothing where there is more.
        told = [word for word in kept if word.isascii() or len(word) > 1]
        return tuple(told or kept or fold(text).split("-"))
