"""One feature's life as an ordered narrative: cycle by cycle, what was promised, said, merged and shipped.

It is plain markup, so that it can be read without a script, copied and printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from graph.terms import ID
from graph.views.models import OUTCOMES, Landing, Mark, Promise, Release, SlipArrow, Timeline
from graph.views.page import esc, safe_url
from graph.views.timeline_drops import dropped, drops_of
from graph.views.timeline_page_table import place
from graph.views.timeline_page_words import page_words
from graph.views.timeline_words import status_label

VERBS = {
    "report": "s-discussed", "decision": "s-decided", "spec": "s-spec", "version": "s-shipped",
    "revert": "s-revert", "patch": "s-patch",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One entry: its day, its verb (a word's name), what it says, the words and the place it rests on.

    rank orders the entries of one day; home is the release it speaks of. inner: entries that it sums up, as
    (day, text, place, IRI). when: the day by which it is put in order, where that is not its own.
    thing: IRI of what its place leads to, where that is no line or commit: a version stands for its release.
    """

    date: str
    rank: int
    verb: str
    says: str
    quote: str = ""
    source: str = ""
    line: int = 0
    tone: str = ""
    inner: tuple[tuple[str, str, str, str], ...] = ()
    home: str = ""
    when: str = ""
    thing: str = ""

    @property
    def order(self) -> str:
        """The day by which it is put in order."""
        return self.when or self.date


class _Teller:
    """Turns facts into entries, in one language."""

    def __init__(self, model: Timeline) -> None:
        self.lang, self.words = model.lang, page_words(model.lang)
        self._releases = {release.slug: release.label for release in model.releases}
        self._iris = {release.slug: release.iri for release in model.releases}
        self._labels = {feature.key: feature.label for feature in model.features}
        self._many = len(model.features) > 1
        self._drops = drops_of(model)
        self._left: dict[tuple[str, str], str] = {}
        for slip in model.slips:
            key = slip.feature, slip.from_release
            if slip.date:
                self._left[key] = min(self._left.get(key, slip.date), slip.date)

    def release(self, slug: str) -> str:
        return self._releases.get(slug, slug)

    def _whose(self, key: str, *parts: str) -> str:
        """The parts in one text; with the name in front when several features are told of."""
        name = self._labels.get(key, "") if self._many else ""
        return " · ".join(part for part in (name, *parts) if part)

    def promise(self, fact: Promise) -> Told:
        outcome = (
            self.words["never" if fact.outcome == "dropped" else fact.outcome]
            if fact.outcome in OUTCOMES
            else fact.outcome
        )
        ended = self.words["s-ended"].format(outcome=outcome, date=fact.end) if fact.end else outcome
        made = self.words["s-for"].format(release=self.release(fact.release))
        seen = fact.evidence
        named = {seen.quote, self._labels.get(fact.feature, "")}
        says = self._whose(fact.feature, made, ended, "" if fact.text in named else fact.text)
        words = (seen.quote, seen.source, seen.line, fact.outcome)
        # A spec may be taken in after its release is out: what it promised is still told before it moved on.
        left = self._left.get((fact.feature, fact.release), fact.begin)
        return Told(fact.begin, 0, "s-promised", says, *words, home=fact.release, when=min(fact.begin, left))

    def mark(self, fact: Mark) -> Told:
        status = status_label(fact.status, self.lang) if fact.status else ""
        says = self._whose(fact.feature, status, fact.part, self.release(fact.release), fact.text)
        verb = VERBS.get(fact.kind, "s-discussed")
        words = (fact.quote, fact.source, fact.line, fact.kind)
        thing = self._iris.get(fact.release, "") if fact.kind == "version" else ""
        return Told(fact.date, 1, verb, says, *words, home=fact.release, thing=thing)

    def slip(self, fact: SlipArrow) -> Told:
        if dropped(fact, self.lang):
            return self._drop(fact)
        ends = {"from": self.release(fact.from_release), "to": self.release(fact.to_release)}
        says = self._whose(fact.feature, self.words["s-move"].format(**ends), fact.slip_class)
        words = (fact.quote, fact.source, fact.line, "slipped")
        return Told(fact.date, 3, "s-slip", says, *words, home=fact.from_release)

    def _drop(self, fact: SlipArrow) -> Told:
        says = self._whose(fact.feature, self._drops.says(fact.feature, fact.from_release))
        words = (fact.quote, fact.source, fact.line, "dropped")
        return Told(fact.date, 3, "s-left", says, *words, home=fact.from_release)

    def landings(self, facts: Sequence[Landing]) -> Told:
        """Patches that one version has first, in one entry on the day of the last."""
        first, last = facts[0], facts[-1]
        known = "s-patches" if first.version else "s-patches-none"
        count = self.words[known + ("-1" if len(facts) == 1 else "")].format(
            n=len(facts), version=first.version
        )
        inner = tuple((one.date, one.title, one.place, one.patch) for one in facts)
        verb = "s-backport" if first.backport else "s-merged"
        says = self._whose(first.feature, count, self.release(first.release))
        return Told(last.date, 2, verb, says, tone="merged", inner=inner)


def _version(fact: Landing) -> tuple[str, bool, str, str]:
    return fact.feature, fact.backport, fact.release, fact.version


def told(model: Timeline) -> list[Told]:
    """Every entry in order of its day; undated ones last."""
    teller = _Teller(model)
    landings = sorted(model.landings, key=lambda fact: (*_version(fact), fact.date, fact.place))
    entries = [
        *map(teller.promise, model.promises), *map(teller.mark, model.marks), *map(teller.slip, model.slips),
        *(teller.landings(list(facts)) for _, facts in groupby(landings, key=_version)),
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: (not entry.date, entry.order, entry.rank))


def _cycle(entry: Told, releases: Sequence[Release]) -> int:
    """The place of the release that was being made on the entry's day; -1 before the first, and without a day.

    The day on which a release ships is the first of the next cycle; what speaks of the release stays with it.
    """
    begun = [at for at, release in enumerate(releases) if release.start and release.start <= entry.order]
    own = [at for at in begun if releases[at].slug == entry.home and entry.order <= releases[at].ship]
    return (own or begun or [-1])[-1]


def chapters(model: Timeline) -> Iterator[tuple[Release | None, list[Told]]]:
    """Entries by the cycle they fall into; None before the first cycle, and for what has no date."""
    releases = sorted(model.releases, key=lambda release: (release.start, release.ship, release.slug))

    def chapter(entry: Told) -> tuple[bool, int]:
        return not entry.date, _cycle(entry, releases)

    entries = sorted(told(model), key=lambda e: (*chapter(e), e.order, e.rank))
    for (_, at), some in groupby(entries, key=chapter):
        yield (releases[at] if at >= 0 else None), list(some)


def _cite(source: str, line: int, thing: str = "") -> str:
    where = place(source, line)
    if not where:
        return ""
    if thing:
        return f"<cite>{_thing(where, thing)}</cite>"
    url = safe_url(source)
    shown = f'<a href="{esc(url)}" rel="noopener noreferrer">{esc(where)}</a>' if url else esc(where)
    return f"<cite{_spot(source, line)}>{shown}</cite>"


def _spot(source: str, line: int = 0) -> str:
    """Where a place stands, for the script: around a page that is served it becomes a link to the evidence."""
    return f' data-source="{esc(source)}"' + (f' data-line="{line}"' if line else "")


def _thing(text: str, iri: str) -> str:
    """The name of a thing of ours, for the script likewise."""
    rest = iri[len(ID) :] if iri.startswith(ID) else ""
    return f'<span data-id="{esc(rest)}">{esc(text)}</span>' if rest else esc(text)


def _inner(entry: Told, words: dict[str, str]) -> str:
    if not entry.inner:
        return ""
    rows = "".join(
        f"<li><time>{esc(day)}</time> {_thing(text, patch)} <cite{_spot(where)}>{esc(where)}</cite></li>"
        for day, text, where, patch in entry.inner
    )
    return f"<details><summary>{esc(words['s-show'])}</summary><ul>{rows}</ul></details>"


def _entry(entry: Told, words: dict[str, str]) -> str:
    cite = _cite(entry.source, entry.line, entry.thing)
    quote = f"<blockquote>{esc(entry.quote)}{cite}</blockquote>" if entry.quote else cite
    tone = entry.tone if entry.tone in _TONES else "other"
    says = f"<p><strong>{esc(words[entry.verb])}</strong> {esc(entry.says)}</p>"
    when = f"<time>{esc(entry.date)}</time>"
    return f'<li class="t-{tone}">{when}<div>{says}{quote}{_inner(entry, words)}</div></li>'


_TONES = frozenset(
    "implemented slipped skipped dropped open report decision spec version revert patch merged".split()
)


def _heading(release: Release | None, entries: Sequence[Told], words: dict[str, str]) -> str:
    if release is None:
        return esc(words["s-before" if entries[0].date else "s-undated"])
    dates = {"start": release.start, "ship": release.ship or "…"}
    return f'{_thing(release.label, release.iri)} <span class="count">{esc(words["s-cycle"].format(**dates))}</span>'


def story(model: Timeline) -> str:
    """The narrative as markup, "" for a timeline of many features."""
    if not model.story:
        return ""
    words = page_words(model.lang)
    parts = [
        f"<h3>{_heading(release, entries, words)}</h3><ol>{''.join(_entry(e, words) for e in entries)}</ol>"
        for release, entries in chapters(model)
    ]
    names = " · ".join(_thing(one.label, one.key) for one in model.features)
    head = f'<h2>{esc(words["story"])}</h2><p class="count">{names}</p>'
    return f'<section class="tl-story" id="tl-story">{head}{"".join(parts)}</section>'
