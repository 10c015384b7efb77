"""A timeline as the page's script reads it: every text once in a list, facts as flat rows of numbers into it.

A history of a thousand features has ten thousand facts, and most of their texts come again and again. A
text stands ready to be shown (`visible`); an IRI of ours is kept without its common beginning, as `~rest`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from graph.terms import ID, STATUSES
from graph.views.models import OUTCOMES, Feature, Landing, Mark, Promise, Release, SlipArrow, Timeline
from graph.views.page import visible
from graph.views.scene_words import slip_class
from graph.views.timeline_page_words import page_words
from graph.views.timeline_words import BARE, LOOKS, Look, status_label

# How many numbers one fact takes; the script has the same names in the same order (timeline_model.js).
PROMISE = "feature release outcome begin end text quote source line".split()
LANDING = "feature date patch title version release backport place".split()
MARK = "feature date kind status part release text quote source line".split()
SLIP = "feature from to class date quote source line became".split()

STAND_IN = 0xE000  # the first character of private use
MOST_ROOTS, WORTH = 100, 2000  # how many beginnings, and from how many characters saved


class Texts:
    """Texts by number, each once; number 0 is the empty text."""

    def __init__(self) -> None:
        self.all: list[str] = [""]
        self._known: dict[str, int] = {"": 0}

    def at(self, text: str) -> int:
        """The number of a text."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = len(self.all)
            self.all.append(visible(text))
        return found

    def iri(self, iri: str) -> int:
        """The number of an IRI of ours, or of a text that is none."""
        return self.at(f"~{iri[len(ID) :]}" if iri.startswith(ID) else iri)

    def packed(self) -> tuple[list[str], list[str]]:
        """Beginnings that many texts share, and the texts with a character in place of theirs.

        The first beginning is the empty one; a text that itself starts with such a character gets it.
        """
        times = Counter(text[: end + 1] for text in self.all if (end := _beginning(text)) > 0)
        roots = ["", *(root for root, n in times.most_common(MOST_ROOTS) if n * len(root) > WORTH)]
        number = {root: at for at, root in enumerate(roots)}

        def short(text: str) -> str:
            at = number.get(text[: _beginning(text) + 1], 0)
            own = bool(text) and STAND_IN <= ord(text[0]) < STAND_IN + len(roots)
            return f"{chr(STAND_IN + at)}{text[len(roots[at]) :]}" if at or own else text

        return roots, [short(text) for text in self.all]


def _beginning(text: str) -> int:
    """Where the beginning of a place or an IRI ends: its last colon or slash."""
    return max(text.rfind(":"), text.rfind("/"))


def _feature(feature: Feature, texts: Texts) -> list[Any]:
    people = [
        part
        for who in feature.people
        for part in (texts.iri(who.person), texts.at(who.name), texts.at(who.role), who.times)
    ]
    slugs = [texts.at(slug) for slug in feature.slugs]
    return [
        texts.iri(feature.key), texts.at(feature.label), slugs, texts.at(feature.group), texts.at(feature.moved),
        people,
    ]  # fmt: skip


def _release(release: Release, texts: Texts) -> list[Any]:
    days = [texts.at(part) for pair in release.milestones for part in pair]
    names = (release.slug, release.label, release.start, release.freeze, release.ship)
    return [*map(texts.at, names), texts.iri(release.iri), days]


def _promise(fact: Promise, texts: Texts) -> list[int]:
    at, place = texts.at, fact.evidence
    words = (fact.release, fact.outcome, fact.begin, fact.end, fact.text, place.quote, place.source)
    return [*map(at, words), place.line]


def _landing(fact: Landing, texts: Texts) -> list[int]:
    at = texts.at
    rest = (at(fact.title), at(fact.version), at(fact.release), int(fact.backport), at(fact.place))
    return [at(fact.date), texts.iri(fact.patch), *rest]


def _mark(fact: Mark, texts: Texts) -> list[int]:
    words = (
        fact.date, fact.kind, fact.status, fact.part, fact.release, fact.text, fact.quote, fact.source,
    )  # fmt: skip
    return [*map(texts.at, words), fact.line]


def _slip(fact: SlipArrow, texts: Texts, rows: dict[str, int]) -> list[int]:
    words = (fact.from_release, fact.to_release, fact.slip_class, fact.date, fact.quote, fact.source)
    return [*map(texts.at, words), fact.line, rows.get(fact.became, -1)]


def _flat(facts: Iterable[tuple[int, list[int]]]) -> list[int]:
    return [number for row, rest in facts for number in (row, *rest)]


def _look(look: Look, label: str, lang: str) -> list[str]:
    return [look.zh if lang == "zh" else look.en, look.fill, look.ink, label]


def _looks(lang: str) -> dict[str, list[str]]:
    """Letter, fill, colour of the letter and label of each status; `""` for none."""
    known = {status: _look(look, status_label(status, lang), lang) for status, look in LOOKS.items()}
    return {**known, "": _look(BARE, status_label("", lang), lang)}


def _labels(model: Timeline) -> dict[str, str]:
    """What the other statuses of marks are called: states of specs, and what we do not know."""
    others = sorted({mark.status for mark in model.marks} - LOOKS.keys() - {""})
    return {visible(status): visible(status_label(status, model.lang)) for status in others}


def page_data(model: Timeline) -> dict[str, Any]:
    """All that the script needs. Facts of a feature that is no row have -1 in its place."""
    texts = Texts()
    rows = {feature.key: at for at, feature in enumerate(model.features)}

    def row(fact: Promise | Landing | Mark | SlipArrow) -> int:
        return rows.get(fact.feature, -1)

    facts = {
        "features": [_feature(feature, texts) for feature in model.features],
        "releases": [_release(release, texts) for release in model.releases],
        "promises": _flat((row(f), _promise(f, texts)) for f in model.promises),
        "landings": _flat((row(f), _landing(f, texts)) for f in model.landings),
        "marks": _flat((row(f), _mark(f, texts)) for f in model.marks),
        "slips": _flat((row(f), _slip(f, texts, rows)) for f in model.slips),
    }
    roots, packed = texts.packed()
    return {
        "site": "", "lang": model.lang, "story": model.story, "id": ID, "words": page_words(model.lang),
        "looks": _looks(model.lang), "labels": _labels(model), "dropped": slip_class("dropped", model.lang),
        "outcomes": list(OUTCOMES), "statuses": list(STATUSES),
        "roots": roots, "texts": packed, **facts,
    }  # fmt: skip
