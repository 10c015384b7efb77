"""Names to words that can be compared: stems, words written as one or apart, Chinese with its glosses."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

UNKNOWN = "?"  # before a run of Chinese that no gloss explains
_RUN = re.compile(r"[A-Za-z0-9]+|[\u3400-\u9fff]+")
_HUMP = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])|[0-9]+|[A-Z]")
_APART = re.compile(r"\s*[:：;；]\s+|\s*[:：]\s*(?=[\u3400-\u9fff])|\s*[()（）【】\[\]]\s*")
# The longest ending first; what is left must be a word still.
_ENDINGS = (
    "isations", "izations", "isation", "ization", "ations", "ating", "ation", "ated", "ates", "ate",
    "ings", "ing", "ions", "ion", "ments", "ment", "ies", "ied", "es", "ed", "e", "s", "y",
)  # fmt: skip
_SHORTEST = 3
_LONG_GLOSS = 6  # characters


@dataclass(frozen=True)
class Ways:
    """How names are read: words to drop, words worth little (stems), and what words of the community stand for."""

    noise: frozenset[str]
    light: frozenset[str]
    glosses: tuple[tuple[str, str], ...]

    @functools.cached_property
    def gloss(self) -> dict[str, str]:
        """Gloss of a word."""
        return dict(self.glosses)


@functools.cache
def _shipped() -> tuple[frozenset[str], frozenset[str]]:
    text = (resources.files("graph") / "link" / "words.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return frozenset(data["noise"]), frozenset(data["light"])


def ways(glosses: Mapping[str, str], dropped: Iterable[str]) -> Ways:
    """The languages' words with a community's; `dropped` are names of its releases, which tell no feature."""
    noise, light = _shipped()
    known = tuple(sorted((word.lower(), gloss.lower()) for word, gloss in glosses.items()))
    return Ways(noise | {word.lower() for word in dropped}, light | {stem(word) for word in light}, known)


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its ending: limit, limits, limiting and limited have one stem."""
    if not word.isascii() or not word.isalpha():
        return word
    for ending in _ENDINGS:
        least = _SHORTEST - 1 if ending == "s" else _SHORTEST
        if word.endswith(ending) and len(word) - len(ending) >= least:
            left = word[: -len(ending)]
            if ending == "s" and left.endswith("s"):
                return word
            doubled = len(left) > _SHORTEST and left[-1] == left[-2] and ending[0] in "aei"
            return left[:-1] if doubled else left
    return word


def parts(name: str) -> list[str]:
    """A name as a whole, then what brackets and colons cut it into."""
    whole = unicodedata.normalize("NFKC", name).strip()
    pieces = [piece.strip() for piece in _APART.split(whole) if piece.strip()]
    return [whole, *(piece for piece in pieces if piece != whole)]


def raw(name: str, ways: Ways) -> list[str]:
    """Words of a name in order, lower case, noise dropped; unexplained Chinese is kept as `?…`."""
    words: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", name)):
        words += _latin(run, ways) if run.isascii() else _chinese(run, ways)
    return [word for word in words if word not in ways.noise]


def _latin(run: str, ways: Ways) -> list[str]:
    lower = run.lower()
    return ways.gloss[lower].split() if lower in ways.gloss else [lower]


def humps(run: str) -> list[str]:
    """`ProviderTree` → provider, tree; nothing for a word that is not made of words."""
    found = [word.lower() for word in _HUMP.findall(run)]
    return found if len(found) > 1 and min(map(len, found)) >= _SHORTEST else []


def _chinese(run: str, ways: Ways) -> list[str]:
    words: list[str] = []
    unknown = ""
    at = 0
    while at < len(run):
        size, found = _longest(run, at, ways)
        if not size:
            unknown += run[at]
        if unknown and (size or at + 1 == len(run)):
            words.append(UNKNOWN + unknown)
            unknown = ""
        words += found
        at += size or 1
    return words


def _longest(run: str, at: int, ways: Ways) -> tuple[int, list[str]]:
    for size in range(min(_LONG_GLOSS, len(run) - at), 0, -1):
        word = run[at : at + size]
        if word in ways.gloss:
            return size, ways.gloss[word].split()
        if word in ways.noise:
            return size, []
        if word in ways.light:
            return size, [word]
    return 0, []


def one_edit(a: str, b: str) -> bool:
    """Whether two words differ by one letter: changed, missing, or two that changed places."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[at:], b[at:]
    swapped = rest_a[:2][::-1] == rest_b[:2] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]
