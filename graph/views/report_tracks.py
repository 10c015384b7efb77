"""Features over several meetings: how each stood from one to the next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.terms import fold
from graph.views.report_facts import ORDER, SLIPPED, Fact, facts_of, is_whole, items_of
from graph.views.report_model import Meeting, Month
from graph.views.report_phrases import phrases_of, says
from graph.views.report_words import Words

FEW = 2  # statements on one feature at one meeting


@dataclass
class Track:
    """A feature, or an item under a name of its own: its spellings, and what was reported at each meeting."""

    key: str
    slug: str = ""
    spellings: Counter[str] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)
    named: list[tuple[str, int]] = field(default_factory=list)
    steps: list[tuple[str, list[Fact]]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name met most often, of several the first, as first written."""
        names: Counter[str] = Counter()
        for spelling, count in self.spellings.items():
            names[fold(spelling)] += count
        best = names.most_common(1)[0][0]
        return next(spelling for spelling in self.spellings if fold(spelling) == best)

    @property
    def is_feature(self) -> bool:
        """Whether it was discussed as a feature, or is known as one."""
        return bool(self.slug) or "feature" in self.kinds

    @property
    def last(self) -> list[Fact]:
        """What was reported last."""
        return self.steps[-1][1] if self.steps else []


def tracks_of(meetings: Iterable[Meeting], month: Month) -> dict[str, Track]:
    """What the meetings discussed, by key, in the order first met."""
    found: dict[str, Track] = {}
    for meeting in sorted(meetings, key=lambda m: (m.date, m.source)):
        for item in items_of(meeting):
            key = item.feature or fold(item.heading)
            track = found.setdefault(key, Track(key, item.feature))
            track.spellings[item.heading] += 1
            track.kinds.add(item.kind)
            track.named.append((item.source, item.line))
            _step(track, meeting.date, facts_of(item, month))
    return found


def _step(track: Track, date: str, facts: list[Fact]) -> None:
    """Two items, or two notes, on one day are one step."""
    # A fixed bug is no state of the feature that it was met in.
    facts = [fact for fact in facts if fact.kind != "bug"]
    if facts and track.steps and track.steps[-1][0] == date:
        track.steps[-1][1].extend(facts)
    elif facts:
        track.steps.append((date, facts))


def standing(facts: list[Fact], words: Words) -> tuple[str, list[Fact]]:
    """How a feature stands by the reports of one meeting: as a whole, then what is said of some part; and by which."""
    whole = _first([fact for fact in facts if is_whole(fact, facts)])[:FEW]
    said = [says(fact.status, fact.release, words) for fact in whole]
    rest = [f for f in facts if not is_whole(f, facts) and (not whole or f.status in SLIPPED)]
    parts = [f for f in _first(rest) if says(f.status, f.release, words) not in said][: FEW - len(whole)]
    told = [_state(both(whole, words))] if whole else []
    told += [phrases_of(words).partly.format(said=_state(says(f.status, f.release, words))) for f in parts]
    return words.comma.join(told), [*whole, *parts]


def _state(said: str) -> str:
    """A state without its verb: `is done` → `done`."""
    return re.sub(r"(^|(?:but|and) )(?:is|was) ", r"\1", said)


def _first(facts: list[Fact]) -> list[Fact]:
    """Of facts that say the same the first; most telling first."""
    found: dict[tuple[str, str], Fact] = {}
    for fact in sorted(facts, key=lambda fact: ORDER.get(fact.status, 99)):
        found.setdefault((fact.status, fact.release), fact)
    return list(found.values())


def both(facts: list[Fact], words: Words) -> str:
    """What is said of one thing by one report or two: `没赶上 Queens，但接近完成`."""
    kept = _first(facts)[:FEW]
    said = list(dict.fromkeys(says(fact.status, fact.release, words) for fact in kept))
    good = len(kept) == FEW and kept[0].status in SLIPPED and kept[1].status in ("done", "nearly-done")
    phrases = phrases_of(words)
    return (phrases.but if good else words.comma if words.lang == "zh" else " and ").join(said)


def slips_of(track: Track) -> dict[tuple[str, str, str], Fact]:
    """The first report of each slip: by part, status and release."""
    found: dict[tuple[str, str, str], Fact] = {}
    for _, facts in track.steps:
        for fact in facts:
            if fact.status in ("deferred", "missed", "abandoned"):
                found.setdefault((fold(fact.part) if fact.part else "", fact.status, fact.release), fact)
    return found
