"""What words of a community stand for, so that names are matched by meaning: `[link.words]` of a profile.

    [link.words]
    "嵌套" = "nested"            a word of another language, or jargon that is no acronym of a feature's words

Initials need no row: that RP is a resource provider is found among the features' own names.
"""

from __future__ import annotations

from typing import Any

from graph.errors import KgError


def parse(data: Any, place: str) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - a stranger's TOML
    """Pairs of a word and what it stands for, sorted. Raises KgError for other shapes."""
    words = data.get("words", {}) if isinstance(data, dict) else None
    if not isinstance(words, dict) or not all(isinstance(value, str) for value in words.values()):
        hint = 'write [link.words] and rows like "RP" = "resource provider"'
        raise KgError("[link] has words that cannot be used", place=place, hint=hint)
    return tuple(sorted((word, value) for word, value in words.items()))
