"""The statements of a thing in words: what it says of itself, and what points at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph import things
from graph.serve.layout import href
from graph.serve.results_cells import Shown, short
from graph.serve.state import Generation
from graph.serve.thing_words import HIDDEN, kind_word, property_word, value_word
from graph.terms import ID, STATUSES, kg
from graph.things import kind_of
from graph.views.page import safe_url

LINKED = 25  # things listed under one property


@dataclass(frozen=True)
class Fact:
    """A word and its values; `more`: how many are not shown."""

    word: str
    values: tuple[Shown, ...]
    more: int = 0


def statements(now: Generation, said: Sequence[tuple[str, str]], lang: str) -> tuple[Fact, ...]:
    """Every statement in words."""
    groups: dict[str, list[str]] = {}
    for name, value in said:
        if name not in HIDDEN:
            groups.setdefault(name, []).append(value)
    known = things.labels(now.reader, [v for values in groups.values() for v in values if v.startswith(ID)])
    return tuple(
        Fact(
            property_word(name, lang),
            tuple(value_of(name, v, known, lang) for v in values[:LINKED]),
            max(0, len(values) - LINKED),
        )
        for name, values in sorted(groups.items(), key=lambda pair: property_word(pair[0], "en"))
    )


def value_of(name: str, value: str, known: Mapping[str, str], lang: str) -> Shown:
    """A value of a property: a thing by its name and page, a code in words, anything else as it is."""
    if value.startswith(ID):
        return Shown(known.get(value) or short(value), href(value))
    status = value.removeprefix(kg("status") + "-")
    if name == kg("status") and status in STATUSES:
        return Shown(STATUSES[status][lang == "zh"], look="tag")
    column = {"slipClass": "class", "witness": "witnesses"}.get(
        name.rpartition("#")[2], name.rpartition("#")[2]
    )
    away = bool(safe_url(value))
    return Shown(value_word(column, value, lang), value if away else "", away=away)


def pointing(now: Generation, iri: str, lang: str) -> tuple[Fact, ...]:
    """What points at a thing, by property."""
    found = [
        one
        for one in things.some_into(now.reader, iri, LINKED)
        if one[0] not in HIDDEN or one[0] == kg("fromSource")
    ]
    known = things.labels(now.reader, [subject for *_, subjects in found for subject in subjects])
    return tuple(
        Fact(
            f"← {property_word(name, lang)}",
            tuple(Shown(_labelled(s, known, lang), href(s)) for s in subjects),
            times - len(subjects),
        )
        for name, times, subjects in found
    )


def _labelled(iri: str, known: Mapping[str, str], lang: str) -> str:
    return f"{kind_word(kind_of(iri), lang)}: {known.get(iri) or short(iri)}"
