"""Releases named in running text, by every name that cannot be taken for an ordinary word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.extract.text import CJK
from graph.lexicon import Lexicon
from graph.profile import Profile


@dataclass(frozen=True)
class Named:
    """A release named in a text, by slug."""

    name: str
    start: int
    end: int


class ReleaseFinder:
    """Finds releases; a name in small letters, or a single letter, needs a word beside it that says so."""

    def __init__(self, profile: Profile, lexicon: Lexicon) -> None:
        self._names = profile.release_names
        self._dotted = {key for key in self._names if re.fullmatch(r"\d+\.\d+", key)}
        words = sorted(
            (key for key in self._names if key[0].isalpha() and len(key) > 1), key=len, reverse=True
        )
        letters = "".join(sorted(key.upper() for key in self._names if len(key) == 1 and key.isalpha()))
        self._after = "|".join(re.escape(w) for w in lexicon.words("release.after"))
        self._before = "|".join(re.escape(w) for w in lexicon.words("release.before"))
        body = "|".join(re.escape(word) for word in words) or r"(?!)"
        numbers = "|".join(re.escape(number) for number in sorted(self._dotted)) or r"(?!)"
        single = (
            rf"|(?<![A-Za-z0-9_])(?P<letter>[{letters}])(?=[ \t]?(?:版|周期|release\b|cycle\b))"
            if letters
            else ""
        )
        named = rf"(?<![A-Za-z0-9_\-./])(?:{body})(?![A-Za-z0-9_])(?!-[A-Za-z])"
        self.pattern = rf"(?:{named}|(?<![\d.v])(?:{numbers})(?!\d|\.\d))"
        self._regex = re.compile(rf"(?P<name>{self.pattern}){single}", re.IGNORECASE)

    def find(self, text: str) -> list[Named]:
        """Releases a text names, in order."""
        found = []
        for match in self._regex.finditer(text):
            word = match[0]
            if match.groupdict().get("letter") and not word.isupper():
                continue
            if word.islower() and not self._vouched(text, match.start(), match.end()):
                continue
            found.append(Named(self._names[word.lower()], match.start(), match.end()))
        return found

    def _vouched(self, text: str, start: int, end: int) -> bool:
        """Whether the words around a name in small letters say that it is a release."""
        before, after = text[max(0, start - 24) : start], text[end : end + 24]
        if re.search(rf"[{CJK}]\s?$", before) or re.match(rf"\s?[{CJK}]", after):
            return True
        return bool(
            re.search(rf"(?:^|[^A-Za-z])(?:{self._before})[\s/]+(?:the\s+)?$", before, re.IGNORECASE)
            or re.match(rf"\s*(?:{self._after})(?![A-Za-z])", after, re.IGNORECASE)
        )

    def slug(self, word: str) -> str:
        """Slug of a name in any of its spellings, or empty."""
        return self._names.get(word.strip().lower(), "")
