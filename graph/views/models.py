"""What the network page and the timeline are drawn from: plain values, text as written in the sources.

Dates are ISO (`2018-01-15`, a month `2018-01`, a year) or "" when unknown. All text is untrusted; each view
escapes it where it is written out, so nothing here is escaped.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """The words a fact rests on, and their place; line 0 is the source as a whole."""

    quote: str
    source: str
    line: int


@dataclass(frozen=True)
class Node:
    """One thing of the network; `facts` are pairs of (name, value), both ready to be shown."""

    id: str
    kind: str
    label: str
    date: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    url: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Edge:
    """A directed link between the ids of two nodes; `label` is what the link means, ready to be shown."""

    source: str
    target: str
    kind: str
    label: str


@dataclass(frozen=True)
class Feature:
    """One row of the timeline."""

    key: str
    label: str


@dataclass(frozen=True)
class Mark:
    """A dated statement on a feature.

    kind: `report`, `decision` or `patch`; status as in `terms.STATUSES`, or "".
    """

    feature: str
    date: str
    kind: str
    status: str
    part: str
    release: str
    text: str
    quote: str
    source: str
    line: int


@dataclass(frozen=True)
class Release:
    """A release with the dates of its cycle, "" where unknown."""

    slug: str
    label: str
    start: str
    freeze: str
    ship: str


@dataclass(frozen=True)
class SlipArrow:
    """A feature that moved between two releases (slugs), with the day it was said and the words for it."""

    feature: str
    from_release: str
    to_release: str
    slip_class: str
    date: str
    quote: str
    source: str
    line: int


@dataclass(frozen=True)
class Timeline:
    """All that a timeline shows; rows in the order given. lang: `zh` or `en`."""

    features: tuple[Feature, ...]
    marks: tuple[Mark, ...]
    releases: tuple[Release, ...]
    slips: tuple[SlipArrow, ...]
    lang: str
    title: str
