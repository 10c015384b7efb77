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


OUTCOMES = ("implemented", "slipped", "skipped", "dropped", "open")


@dataclass(frozen=True)
class Taking:
    """Somebody who takes part in a feature: the person's IRI, a name, a role ready to be shown, how often."""

    person: str
    name: str
    role: str
    times: int


@dataclass(frozen=True)
class Feature:
    """One row of the timeline.

    key: IRI; group: slug of the release that it was promised for last, "" without a promise; moved: the last day
    on which something is on record of it.
    """

    key: str
    label: str
    slugs: tuple[str, ...] = ()
    group: str = ""
    moved: str = ""
    people: tuple[Taking, ...] = ()


@dataclass(frozen=True)
class Promise:
    """A bar: a release (slug) promised a feature; outcome is one of OUTCOMES.

    begin is the day of the promise, end the day on which its outcome was clear, "" while open; a slipped
    promise ends when its release ships. `text` names the spec; evidence is the spec's place.
    """

    feature: str
    release: str
    outcome: str
    begin: str
    end: str
    text: str
    evidence: Evidence


@dataclass(frozen=True)
class Landing:
    """A patch of a feature on a branch: day of the merge, patch IRI and title, first version, place of the commit.

    backport: it stands on a branch of a release that was out. `place` is `repository:sha`.
    """

    feature: str
    date: str
    patch: str
    title: str
    version: str
    release: str
    backport: bool
    place: str


@dataclass(frozen=True)
class Mark:
    """A dated statement on a feature.

    kind: `report`, `decision`, `patch` (named by notes), `spec` (it entered or left a state), `revert`, or
    `version` (the first final version that has it); status as in `terms.STATUSES`, a spec's state, or "".
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
    milestones: tuple[tuple[str, str], ...] = ()  # (ISO day, name ready to be shown)
    iri: str = ""


@dataclass(frozen=True)
class SlipArrow:
    """A feature that moved between two releases (slugs), with the day it was said and the words for it.

    became: key of the row that it became, its own where it kept its name; "" when nobody took it up. `source` is a
    note, or a spec as `repository:path`.
    """

    feature: str
    from_release: str
    to_release: str
    slip_class: str
    date: str
    quote: str
    source: str
    line: int
    became: str = ""


@dataclass(frozen=True)
class Timeline:
    """All that a timeline shows; rows in the order given. lang: `zh` or `en`.

    story: one feature's life, told from first to last; else many features, to be grouped by release. The first row
    of a story is the feature that was asked for, the others are those that it continues or became.
    """

    features: tuple[Feature, ...]
    marks: tuple[Mark, ...]
    releases: tuple[Release, ...]
    slips: tuple[SlipArrow, ...]
    lang: str
    title: str
    promises: tuple[Promise, ...] = ()
    landings: tuple[Landing, ...] = ()
    story: bool = False
