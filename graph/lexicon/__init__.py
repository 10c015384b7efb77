"""Words of a language as data: what says done, who speaks, which heading opens a section.

`zh.toml` and `en.toml` ship in the package; a folder of notes may bring `lexicon.toml` (or `lexicon-XX.toml`)
with the same keys, whose words are added; a list under a key that ends in `-remove` takes words away. All
languages are read together, because notes mix them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from graph.errors import KgError

SHIPPED = ("zh.toml", "en.toml")
KINDS = ("feature", "bug", "topic", "todo", "record")


@dataclass(frozen=True)
class Lexicon:
    """All words of all languages; `words("status.core.fact")` gives the list under that key."""

    lists: dict[str, tuple[str, ...]]
    weekdays: dict[str, int]

    def words(self, key: str) -> tuple[str, ...]:
        """Words under a dotted key, longest first, so that the longest can be tried first."""
        return self.lists.get(key, ())

    def under(self, prefix: str) -> dict[str, tuple[str, ...]]:
        """`{last part of key: words}` for every key below a prefix."""
        start = prefix + "."
        return {key[len(start) :]: words for key, words in self.lists.items() if key.startswith(start)}

    @cached_property
    def not_people(self) -> frozenset[str]:
        """Lower-case words that are never somebody's name."""
        return frozenset(word.lower() for word in self.words("people.not_people"))

    @cached_property
    def section_words(self) -> dict[str, list[tuple[str, str]]]:
        """First letter → (word in small letters, kind of section), longer words first."""
        found: dict[str, set[tuple[str, str]]] = {}
        for kind, words in self.under("sections").items():
            for word in words:
                found.setdefault(word[0].lower(), set()).add((word.lower(), kind))
        return {first: sorted(rows, key=lambda row: (-len(row[0]), row)) for first, rows in found.items()}

    @cached_property
    def goes_on(self) -> re.Pattern[str]:
        """A comma with a word behind it that makes a line a sentence: no title has one."""
        words = "|".join(re.escape(word) for word in self.words("items.goes_on")) or r"(?!)"
        return re.compile(rf",[ \t]+(?:{words})(?![A-Za-z])", re.IGNORECASE)


def _flatten(data: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    for key, value in data.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict):
            yield from _flatten(value, path)
        elif isinstance(value, list):
            yield path, [str(item) for item in value]


def _order(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))


def _read(text: str, place: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KgError(str(error), place=place, hint="mend the TOML, or take the file away") from error


def _merge(files: list[dict[str, Any]]) -> Lexicon:
    lists: dict[str, set[str]] = {}
    weekdays: dict[str, int] = {}
    for data in files:
        weekdays.update(data.get("date", {}).pop("weekdays", {}))
        for key, words in _flatten(data):
            if key.endswith("-remove"):
                lists.setdefault(key.removesuffix("-remove"), set()).difference_update(words)
            else:
                lists.setdefault(key, set()).update(words)
    return Lexicon({key: _order(words) for key, words in lists.items()}, weekdays)


def load(folder: Path | None = None) -> Lexicon:
    """The shipped words and those a folder adds."""
    root = resources.files("graph") / "lexicon"
    files = [_read((root / name).read_text(encoding="utf-8"), name) for name in SHIPPED]
    for path in sorted(folder.glob("lexicon*.toml")) if folder is not None else ():
        data = _read(path.read_text(encoding="utf-8"), str(path))
        known = {key for shipped in files[: len(SHIPPED)] for key, _ in _flatten(shipped)}
        for key, _ in _flatten(data):
            if key.removesuffix("-remove") not in known:
                raise KgError(
                    f"unknown key {key}", place=str(path), hint="the keys are those of lexicon/en.toml"
                )
        files.append(data)
    return _merge(files)
