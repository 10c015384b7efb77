"""What the header of a question says, as values; `graph.header` reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

KINDS = (
    "release", "feature", "person", "topic", "patch", "bug", "version", "newest", "project", "date", "month", "text",
)  # fmt: skip
VIEWS = ("table", "timeline", "network")
SLOT = re.compile(r"\{([^{}]*)\}")  # a slot of a sentence or a phrase
WHETHER = ("yes", "no")  # slots that say so where the question was whether, and nothing else
OPERATORS = ("!=", "=", ">", "<", "~")


@dataclass(frozen=True)
class Param:
    """A parameter: name, kind (one of KINDS), what it is, the word used when none is given, its line."""

    name: str
    kind: str
    about: str
    default: str | None
    line: int


@dataclass(frozen=True)
class Narrow:
    """Columns, one of which must hold a thing of a kind that a question names."""

    columns: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class Condition:
    """A test of one column: an operator of OPERATORS and values, of which one must fit.

    The value `*` is any, an empty one none at all.
    """

    column: str
    op: str
    values: tuple[str, ...]

    def turned(self) -> Condition:
        """The opposite of an (in)equality; of another test itself."""
        other = {"=": "!=", "!=": "="}.get(self.op, self.op)
        return Condition(self.column, other, self.values)


@dataclass(frozen=True)
class Only:
    """Words that keep only the rows which meet a condition."""

    condition: Condition
    words: tuple[str, ...]
    lang: str


@dataclass(frozen=True)
class Number:
    """A column of numbers that a question can compare, and the words for what it counts."""

    column: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class When:
    """A sentence that replaces the answer when a row meets its condition."""

    condition: Condition
    lang: str
    text: str


class Amount(NamedTuple):
    """A slot that is computed from the rows: what is done with which column, on the rows that meet a condition."""

    does: str
    column: str
    condition: Condition | None


@dataclass(frozen=True)
class Header:
    """Everything a header says; what is spoken stands by language (`en`, `zh`)."""

    titles: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    params: tuple[Param, ...] = ()
    narrows: tuple[Narrow, ...] = ()
    onlys: tuple[Only, ...] = ()
    numbers: tuple[Number, ...] = ()
    counts: str = ""
    turns: tuple[str, ...] = ()
    view: str = "table"
    answers: Mapping[str, str] = field(default_factory=dict)
    whens: tuple[When, ...] = ()
    empties: Mapping[str, str] = field(default_factory=dict)
    sures: tuple[str, ...] = ()
    unsures: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
