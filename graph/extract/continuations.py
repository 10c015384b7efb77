"""Which spec of a release takes up which of an earlier one: every sign of it weighed, every reason kept.

A spec takes up one earlier spec at most, and is taken up by one at most, so that what became of a feature is a path.
Signs that decide (the name, a redirect, a link to the same blueprint, words that say so) come before likeness of
text and title; between equals the nearer release comes first. What an author says of earlier approval only supports:
it is often left out, and at times wrong.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from graph.extract.specs import claimed, entry, named_releases
from graph.profile import Profile
from graph.records import SpecRecord

Kind = Literal["re-proposed", "renamed", "narrowed"]
THRESHOLD = 0.65
STRONG = 0.88
LEAST_SHARED = 3  # lines, for two texts to be compared at all
SURE_SHARED = 8
MOST_ALIKE = 400  # specs; what more of them share tells nothing
NEAR = 100  # characters between what says so and the name
LEAST_ALIKE = 50  # of 100, for a copy in git
_NAME = re.compile(r"[a-z0-9][a-z0-9_.+-]*[a-z0-9]", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+")


class Reason(NamedTuple):
    """A sign, how much it weighs (0 to 1), and whether it can decide or only support."""

    words: str
    weight: float
    decides: bool = True


@dataclass(frozen=True)
class Continuation:
    """`late` takes up `early`."""

    early: SpecRecord
    late: SpecRecord
    kind: Kind
    score: float
    reasons: tuple[str, ...]


@dataclass
class _Pair:
    early: SpecRecord
    late: SpecRecord
    distance: int
    reasons: list[Reason] = field(default_factory=list)

    @property
    def score(self) -> float:
        """How sure it is: signs are taken to be independent."""
        left = 1.0
        for reason in self.reasons:
            left *= 1 - reason.weight
        return round(1 - left, 3)

    def order(self) -> tuple[bool, int, float, str, str]:
        """What decides before what is likely, then the nearer release, then the surer sign."""
        strongest = max(reason.weight for reason in self.reasons if reason.decides)
        return (strongest < STRONG, self.distance, -self.score, self.early.path, self.late.path)


def find(profile: Profile, specs: Iterable[SpecRecord]) -> list[Continuation]:
    """The continuations among the specs of one source, in order of their paths."""
    book = _Book(profile, [spec for spec in specs if spec.release])
    pairs = [pair for pair in book.pairs() if _holds(pair)]
    found: list[Continuation] = []
    taken: set[tuple[str, str]] = set()
    for pair in sorted(pairs, key=_Pair.order):
        ends = {("early", pair.early.path), ("late", pair.late.path)}
        if taken.isdisjoint(ends):
            taken |= ends
            words = tuple(reason.words for reason in pair.reasons)
            found.append(Continuation(pair.early, pair.late, _kind(pair), pair.score, words))
    return sorted(found, key=lambda one: (one.early.path, one.late.path))


def _holds(pair: _Pair) -> bool:
    return pair.score >= THRESHOLD and any(reason.decides for reason in pair.reasons)


def _kind(pair: _Pair) -> Kind:
    if pair.early.slug == pair.late.slug:
        return "re-proposed"
    return "narrowed" if any(reason.words.startswith(_CUT) for reason in pair.reasons) else "renamed"


_CUT = "the earlier spec was cut down"


class _Book:
    """All specs with releases, and the pairs of them that share anything."""

    def __init__(self, profile: Profile, specs: list[SpecRecord]) -> None:
        self.profile = profile
        self.place = {spec.path: self._ordinal(spec) for spec in specs}
        self.specs = [spec for spec in specs if self.place[spec.path]]
        self.stems = {spec.path: self._stem(spec.slug) for spec in self.specs}
        known = {name for spec in self.specs for name in _names(spec)}
        self.named = {
            spec.path: [row for row in _named(spec, profile) if row[0] in known] for spec in self.specs
        }
        self.claims = {spec.path: claimed(spec, profile) for spec in self.specs}

    @functools.cache  # noqa: B019 - a book lives as long as one search
    def _named_in(self, words: str) -> list[str]:
        return named_releases(words, self.profile)

    def _ordinal(self, spec: SpecRecord) -> int:
        return self.profile.ordinal(self.profile.release_names.get(spec.release.lower(), ""))

    def _stem(self, slug: str) -> str:
        """A name without the release at its end."""
        head, _, tail = slug.rpartition("-")
        known = len(tail) > 2 and tail in self.profile.release_names
        return head if head and known else slug

    # --- which pairs ----------------------------------------------------------------------------------------

    def pairs(self) -> Iterator[_Pair]:
        """Every pair of specs of different releases with a sign that can decide, with all its signs."""
        found: set[tuple[int, int]] = set()
        for index in self._indexes():
            for group in index.values():
                if len(group) <= MOST_ALIKE:
                    found.update(self._in_order(group))
        for a, b in sorted(found | self._alike()):
            early, late = self.specs[a], self.specs[b]
            pair = _Pair(early, late, self.place[late.path] - self.place[early.path])
            pair.reasons = list(self._reasons(pair))
            if any(reason.decides for reason in pair.reasons):
                yield pair

    def _in_order(self, group: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Pairs of a group, the earlier release first; of one name only neighbours in time."""
        ordered = sorted(group, key=lambda number: self.place[self.specs[number].path])
        seen: set[tuple[int, str]] = set()
        for n, a in enumerate(ordered):
            for b in ordered[n + 1 :]:
                later, same = self.specs[b], self.specs[a].slug == self.specs[b].slug
                if self.place[later.path] == self.place[self.specs[a].path] or (
                    same and (a, later.slug) in seen
                ):
                    continue
                seen.add((a, later.slug))
                yield a, b

    def _alike(self) -> set[tuple[int, int]]:
        """Pairs whose texts share enough lines to be compared."""
        shared: Counter[tuple[int, int]] = Counter()
        for group in self._index(lambda spec: spec.sketch).values():
            if 1 < len(group) <= MOST_ALIKE:
                shared.update(self._in_order(group))
        return {pair for pair, lines in shared.items() if lines >= LEAST_SHARED}

    def _indexes(self) -> Iterator[dict[object, set[int]]]:
        yield self._index(
            lambda spec: (*_names(spec), self.stems[spec.path], *(n for n, _ in self.named[spec.path]))
        )
        yield self._index(_paths)
        yield self._cut_down()

    def _index(self, keys: Callable[[SpecRecord], Iterable[object]]) -> dict[object, set[int]]:
        found: dict[object, set[int]] = defaultdict(set)
        for number, spec in enumerate(self.specs):
            for key in keys(spec):
                found[key].add(number)
        return found

    def _cut_down(self) -> dict[object, set[int]]:
        """A spec that was cut down stands with all specs of the next release."""
        found: dict[object, set[int]] = {}
        for number, spec in enumerate(self.specs):
            if _cut(self.profile, spec):
                after = self.place[spec.path] + 1
                found[number] = {
                    number,
                    *(n for n, s in enumerate(self.specs) if self.place[s.path] == after),
                }
        return found

    # --- which signs ----------------------------------------------------------------------------------------

    def _reasons(self, pair: _Pair) -> Iterator[Reason]:
        for sign in (self._by_name, _by_blueprint, _by_git, self._by_words, _by_text, _by_title):
            if reason := sign(pair):
                yield reason
        yield from self._by_history(pair)
        if pair.distance == 1 and _extends(pair) and (words := _cut(self.profile, pair.early)):
            yield Reason(f"{_CUT} to what was done («{words}»), the later name extends its own", 0.6)

    def _by_name(self, pair: _Pair) -> Reason | None:
        early, late = pair.early, pair.late
        if early.slug == late.slug:
            return Reason("the same name", 0.98)
        if early.slug in late.also or late.slug in early.also or set(early.also) & set(late.also):
            return Reason(f"the later was called {early.slug} too, by a redirect or a rename", 0.95)
        if _plain(early.slug) == _plain(late.slug):
            return Reason("the same name, otherwise spelt", 0.95)
        if self.stems[early.path] == self.stems[late.path]:
            return Reason(f"the same name but for the release: {self.stems[early.path]}", 0.95)
        return None

    def _by_words(self, pair: _Pair) -> Reason | None:
        names = {pair.early.slug, *pair.early.also, *pair.early.blueprints} - {
            pair.late.slug,
            *pair.late.blueprints,
        }
        found = next((words for name, words in self.named[pair.late.path] if name in names), "")
        return Reason(f"it says so: «{found[:120]}»", 0.9) if found else None

    def _by_history(self, pair: _Pair) -> Iterator[Reason]:
        release = self.profile.release_names[pair.early.release.lower()]
        for row, words in pair.late.history:
            if release in self._named_in(row):
                yield Reason(f"its history has {row}: {words}"[:120].rstrip(": "), 0.4, decides=False)
                break
        if release in self.claims[pair.late.path]:
            yield Reason(f"a trailer says that {release} approved it", 0.3, decides=False)


def _names(spec: SpecRecord) -> tuple[str, ...]:
    return (spec.slug, *spec.also, *spec.blueprints, _plain(spec.slug))


def _plain(slug: str) -> str:
    return "-".join(_WORD.findall(slug.lower()))


def _paths(spec: SpecRecord) -> Iterator[str]:
    yield from (change.before for change in spec.changes if change.before)
    yield from (change.path for change in spec.changes if change.path)


def _named(spec: SpecRecord, profile: Profile) -> Iterator[tuple[str, str]]:
    """Names that what a spec, or the message that brought it, says it takes up; with the words."""
    told = [words for _, words in (*spec.said, *spec.history)]
    change = entry(spec)
    told += [words for _, words in change.lines] if change else []
    for words in told:
        for match in profile.specs.regex("takes_up").finditer(words):
            for name in _NAME.findall(words[match.end() : match.end() + NEAR]):
                yield name.lower().removesuffix(".html").removesuffix(".rst"), words


def _by_blueprint(pair: _Pair) -> Reason | None:
    early, late = pair.early, pair.late
    shared = set(early.blueprints[:1] or [early.slug]) & set(late.blueprints[:1] or [late.slug])
    if shared and early.slug != late.slug:
        return Reason(f"both are about the blueprint {min(shared)}", 0.9)
    return None


def _by_git(pair: _Pair) -> Reason | None:
    own = {change.path for change in pair.early.changes} | {pair.early.path}
    for change in pair.late.changes:
        if change.before in own and change.similar >= LEAST_ALIKE:
            return Reason(f"its file came from {change.before} ({change.similar} % alike)", 0.95)
    return None


def overlap(early: SpecRecord, late: SpecRecord) -> tuple[float, int]:
    """How much of the smaller of two texts stands in the other (0 to 1), and in how many lines, estimated.

    Of the lines that few specs have, each record keeps the smallest hashes; those of both together are a fair sample.
    """
    if not early.sketch or not late.sketch:
        return 0.0, 0
    size = max(len(early.sketch), len(late.sketch))
    both = sorted({*early.sketch, *late.sketch})[:size]
    shared = set(early.sketch) & set(late.sketch)
    jaccard = sum(line in shared for line in both) / len(both)
    common = jaccard * (early.rare + late.rare) / (1 + jaccard)
    return min(1.0, common / min(early.rare, late.rare)), round(common)


def _by_text(pair: _Pair) -> Reason | None:
    part, lines = overlap(pair.early, pair.late)
    if lines < LEAST_SHARED or part < 0.1:
        return None
    weight = min(0.9, 1.4 * part) * min(1.0, lines / SURE_SHARED)
    return Reason(f"{part:.0%} of its text is the same, in lines that few specs have", round(weight, 3))


def _by_title(pair: _Pair) -> Reason | None:
    """Names or titles of which one has all words of the other: likely, and no more."""
    names = _within(_words(pair.early.slug), _words(pair.late.slug))
    titles = _within(_words(pair.early.title), _words(pair.late.title))
    if pair.early.slug == pair.late.slug or not (names or titles):
        return None
    what = "names and titles" if names and titles else "names" if names else "titles"
    return Reason(f"their {what} have the same words", 0.5 if names and titles else 0.35, decides=False)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower().replace("_", "-")))


def _within(one: frozenset[str], other: frozenset[str]) -> bool:
    less, more = sorted((one, other), key=len)
    return len(less) > 1 and less <= more


def _extends(pair: _Pair) -> bool:
    """Whether the later name and title say more of the same."""
    names = pair.late.slug.startswith(f"{pair.early.slug}-")
    return names and _words(pair.early.title) < _words(pair.late.title)


def _cut(profile: Profile, spec: SpecRecord) -> str:
    """Words of a late change by which an approved spec was brought down to what was done; empty when it was not."""
    if spec.state == "implemented":
        return ""
    regex = profile.specs.regex("narrows")
    later = [change for change in spec.changes if change.path and change.path == change.before]
    return next((words for change in later for _, words in change.lines if regex.search(words)), "")
