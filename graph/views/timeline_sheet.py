"""As much of a timeline as one sheet or screen holds: so many rows, so many cycles, and what was left out in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graph.views.axis import said_on
from graph.views.models import Timeline
from graph.views.timeline_words import words_of

ROWS, CYCLES = 60, 10


@dataclass(frozen=True)
class Sheet:
    """What is shown, how many rows are not, and the day before which nothing is ("" for all days)."""

    model: Timeline
    left_out: int = 0
    since: str = ""

    def notes(self) -> list[str]:
        """What was left out and how to see it, ready to be shown; nothing where all is there."""
        words = words_of(self.model.lang)
        said = [words["rows-out"].format(n=self.left_out)] if self.left_out else []
        said += [words["time-out"].format(day=self.since)] if self.since else []
        return [*said, words["narrow"]] if said else []


def sheet(model: Timeline, rows: int = ROWS, cycles: int = 0) -> Sheet:
    """The first rows (0: all) and, of a long history of many features, the last cycles (0: all) that they have."""
    since = "" if model.story or not cycles else _begin(model, cycles)
    late = _since(model, since) if since else model
    kept = late.features[:rows] if rows else late.features
    return Sheet(_of(late, {one.key for one in kept}), len(model.features) - len(kept), since)


def _begin(model: Timeline, cycles: int) -> str:
    """First day of the last cycles, "" where there are no more than so many."""
    days = said_on(model)
    starts = sorted(
        one.start for one in model.releases if one.start and days and one.start <= days[-1].isoformat()
    )
    return starts[-cycles] if len(starts) > cycles else ""


def _since(model: Timeline, day: str) -> Timeline:
    """What happened on a day or later, and rows that have any of it."""
    marks = tuple(one for one in model.marks if one.date >= day)
    slips = tuple(one for one in model.slips if one.date >= day)
    landings = tuple(one for one in model.landings if one.date >= day)
    promises = tuple(one for one in model.promises if not one.end or one.end >= day)
    keys = {one.feature for one in marks} | {one.feature for one in slips} | {one.feature for one in landings}
    keys |= {one.feature for one in promises}
    features = tuple(one for one in model.features if one.key in keys)
    releases = tuple(one for one in model.releases if not one.ship or one.ship >= day)
    return replace(
        model,
        features=features,
        marks=marks,
        slips=slips,
        landings=landings,
        promises=promises,
        releases=releases,
    )


def _of(model: Timeline, keys: set[str]) -> Timeline:
    """Only some rows."""
    if len(keys) == len(model.features):
        return model
    return replace(
        model,
        features=tuple(one for one in model.features if one.key in keys),
        marks=tuple(one for one in model.marks if one.feature in keys),
        slips=tuple(one for one in model.slips if one.feature in keys),
        landings=tuple(one for one in model.landings if one.feature in keys),
        promises=tuple(one for one in model.promises if one.feature in keys),
    )
