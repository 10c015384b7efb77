"""A user's word → the thing of the graph it names: releases, features, people, patches, bugs, months, dates.

What can be read two ways is not guessed: an ambiguous name raises UnknownName with its candidates.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from graph import profile
from graph.errors import AmbiguousName, UnknownName, UsageFault
from graph.extract import dates
from graph.quads import literal
from graph.store import Bound, Reader
from graph.terms import fold

if TYPE_CHECKING:
    from graph.link.scoring import Index

_RELEASES = """SELECT DISTINCT ?iri ?name WHERE {
  ?iri a kg:Release . { ?iri kg:slug ?name } UNION { ?iri rdfs:label ?name } UNION { ?iri skos:altLabel ?name }
} ORDER BY ?iri ?name"""
# Other things have labels too: what they are is told by their IRIs, which is quicker than by their types.
_THINGS = """SELECT DISTINCT ?iri ?name WHERE {
  { ?iri a kg:Topic ; kg:slug ?name } UNION { ?iri a kg:Feature ; kg:slug ?name }
  UNION { ?iri skos:altLabel ?name } UNION { ?iri skos:prefLabel ?name }
}"""
_PEOPLE = """SELECT DISTINCT ?iri ?name WHERE {
  { ?iri foaf:nick ?name } UNION { ?iri foaf:name ?name } }"""
_NICKS = "SELECT DISTINCT ?iri WHERE { ?iri foaf:nick ?nick }"
_STANDS = """SELECT DISTINCT ?iri ?target ?written WHERE {
  ?link a kg:Link ; kg:kind ?kind ; kg:state "linked" ; kg:target ?target .
  OPTIONAL { ?link kg:of ?iri } OPTIONAL { ?link kg:written ?written } } ORDER BY ?iri ?target ?written"""
# Patches and bugs are too many to be read all: one is looked up by its key.
_TRACKED = """SELECT DISTINCT ?iri ?name WHERE {{ VALUES ?name {{ {keys} }} ?iri kg:key ?name ; a ?type .
  FILTER(?type IN (kg:Patch, kg:Bug)) }}"""
_VERSIONS = "SELECT DISTINCT ?name WHERE { ?version a kg:Version ; kg:key ?name }"
_VERSIONS_OF = """SELECT DISTINCT ?name ?project ?release WHERE {
  ?version kg:versionOf ?release ; kg:key ?name ; kg:project ?project } ORDER BY ?name"""
_HABITS = """SELECT ?project (COUNT(DISTINCT ?feature) AS ?features) WHERE {
  ?feature a kg:Feature ; kg:project ?project } GROUP BY ?project"""
_MEETING_DAYS = "SELECT DISTINCT ?day WHERE { ?meeting a kg:Meeting ; dcterms:date ?day } ORDER BY ?day"
_BEGINS = "SELECT DISTINCT ?release ?day WHERE { ?release a kg:Release ; kg:cycleStart ?day } ORDER BY ?day"
_PROJECTS = """SELECT DISTINCT ?name WHERE {
  { ?one a kg:Version ; kg:project ?name } UNION { ?one a kg:Meeting ; kg:project ?name } }"""
_RELEASE_WORDS = re.compile(r"[ \t]*(?:版本|版|周期|release|cycle|series)?[ \t]*[了的里中]?$", re.IGNORECASE)
SUGGESTIONS = 5
FEW = 5  # one word of more than so many names nothing
MEANT, CLOSE = 0.9, 0.05  # from which a name is taken to be short for another, and how near makes it doubtful
SHOWN = 10  # candidates named in a hint
ALIKE = 0.5  # share of letters in place from which one name may be meant for another


@dataclass(frozen=True)
class Named:
    """A thing and the names it is known by; `spoken` where notes speak of it, not code or specs alone."""

    iri: str
    names: tuple[str, ...]
    spoken: bool = True

    @property
    def shown(self) -> str:
        """The name to show: the one it is keyed by, else the longest, with capitals where it has them."""
        tail = unquote(self.iri.rsplit("/", 1)[-1])
        keyed = [name for name in self.names if name.lower() == tail and "/topic/" not in self.iri]
        if keyed:
            return min(keyed)
        return max(self.names, key=lambda name: (len(name), not name.islower(), name))


@dataclass
class Names:
    """All names of a graph; read once, a kind at a time."""

    reader: Reader
    _kinds: dict[str, list[Named]] = field(default_factory=dict)
    _index: Index | None = None
    _links: dict[str, str] | None = None
    _written: list[tuple[str, str]] = field(default_factory=list)
    _keys: dict[str, frozenset[str]] = field(default_factory=dict)
    _begins: dict[str, str] | None = None
    _main: frozenset[str] | None = None

    def of(self, kind: str) -> list[Named]:
        """Things of a kind: release, feature or person."""
        if kind not in self._kinds:
            self._kinds[kind] = self._load(kind)
        return self._kinds[kind]

    def _load(self, kind: str) -> list[Named]:
        text = {"release": _RELEASES, "person": _PEOPLE}.get(kind, _THINGS)
        stands = self._stands() if text in (_THINGS, _PEOPLE) else {}
        rows: dict[str, list[str]] = {}
        # Sorted here: the store would look up both names at every comparison.
        for iri, name in sorted((str(iri), str(name)) for iri, name in self.reader.select(text).rows):
            rows.setdefault(stands.get(iri, iri), []).append(name)
        for iri, name in self._written:
            if iri in rows:
                rows[iri].append(name)
        kept = ("/topic/", "/feature/") if text == _THINGS else ("",)
        spoken = self._spoken(kind, rows)
        return [
            Named(iri, tuple(dict.fromkeys(names)), iri in spoken)
            for iri, names in rows.items()
            if any(part in iri for part in kept)
        ]

    def _spoken(self, kind: str, rows: Iterable[str]) -> set[str]:
        if kind == "release":
            return set(rows)
        linked = {*(self._links or {}).values(), *(iri for iri, _ in self._written)}
        nicks = {str(iri) for (iri,) in self.reader.select(_NICKS).rows} if kind == "person" else set()
        return {iri for iri in rows if iri in linked or iri in nicks or "/topic/" in iri}

    def _tracked(self, kind: str, word: str) -> list[Named]:
        """Patches or bugs of a key; a Change-Id in any case."""
        word = unquote(word.rsplit("/", 1)[-1])
        keys = " ".join(sorted({literal(word), literal(word[:1].upper() + word[1:].lower())}))
        found = sorted(
            (str(iri), str(name)) for iri, name in self.reader.select(_TRACKED.format(keys=keys)).rows
        )
        return [Named(iri, (name,)) for iri, name in found if f"/{kind}/" in iri]

    def _stands(self) -> dict[str, str]:
        """Topics by the features they resolve to, nicks by the authors: a name of the one is one of the other."""
        if self._links is None:
            rows = [tuple(map(str, row)) for row in self.reader.select(_STANDS).rows]
            self._links = {iri: target for iri, target, _ in rows if iri != "None"}
            self._written = [(target, written) for _, target, written in rows if written != "None"]
        return self._links

    def resolve(self, kind: str, word: str) -> Bound:
        """The value a word stands for as a parameter of a kind."""
        word = unicodedata.normalize("NFC", word).strip()
        if kind == "text":
            return ("string", word)
        if kind == "date":
            return ("date", _date(word))
        if kind == "month":
            return ("string", month(word))
        if kind in ("version", "project"):
            return ("string", self.key(kind, word))
        if kind == "newest":
            return ("string", self._newest_of(word))
        return ("iri", self.thing(kind, word).iri)

    def key(self, kind: str, word: str) -> str:
        """The version or project of a name. Raises UnknownName with the nearest."""
        known = self.keys(kind)
        asked = word.strip().casefold().removeprefix("v") if kind == "version" else word.strip().casefold()
        if asked in known:
            return asked
        near = tuple(name for name in sorted(known) if name.startswith(asked.rpartition(".")[0] or asked))
        hint = f"known are {', '.join(near[:SHOWN])}" if near else f"no source here has this {kind}"
        raise UnknownName(f"no {kind} is known as {word!r}", nearest=near[:SUGGESTIONS], hint=hint)

    def _newest_of(self, word: str) -> str:
        """A version, or the newest one of the release that a word names."""
        try:
            return self.key("version", word)
        except UnknownName as fault:
            newest = self.newest(self.thing("release", word).iri)
            if not newest:
                raise fault from None
            return newest

    def newest(self, release: str) -> str:
        """The newest final version of a release (its IRI) in the main project; empty when none is on record."""
        rows = self.reader.select(_VERSIONS_OF, {"release": ("iri", release)}).rows
        main = self.main_projects()
        found = [
            str(name) for name, project, _ in rows if project in main and re.fullmatch(r"[\d.]+", str(name))
        ]
        return max(found, key=lambda name: [int(n) for n in re.findall(r"\d+", name)], default="")

    def main_projects(self) -> frozenset[str]:
        """The project that more than half of the features belong to: naming it tells nothing."""
        if self._main is None:
            rows = self.reader.select(_HABITS).rows
            counts = {str(name): int(str(count)) for name, count in rows}
            self._main = frozenset(name for name, count in counts.items() if 2 * count > sum(counts.values()))
        return self._main

    def meeting_days(self) -> list[str]:
        """The days on which there was a meeting (ISO)."""
        return [str(day) for (day,) in self.reader.select(_MEETING_DAYS).rows]

    def positions(self) -> dict[str, str]:
        """The releases (by IRI) that have one, and the first day of their cycle: later ones compare greater."""
        if self._begins is None:
            rows = self.reader.select(_BEGINS).rows
            self._begins = {str(release): str(day) for release, day in rows}
        return self._begins

    def keys(self, kind: str) -> frozenset[str]:
        """Every version, or every project, that has one on record."""
        if kind not in self._keys:
            rows = self.reader.select(_VERSIONS if kind == "version" else _PROJECTS).rows
            self._keys[kind] = frozenset(str(name) for (name,) in rows)
        return self._keys[kind]

    def thing(self, kind: str, word: str) -> Named:
        """The one thing a word names. Raises UnknownName with the nearest names, or the candidates."""
        things = self._tracked(kind, word) if kind in ("patch", "bug") else self.of(kind)
        if kind == "release":
            word = _RELEASE_WORDS.sub("", word)
        word = (self._links or {}).get(word, word)
        for found in map(_one_each, self._matches(kind, word, things)):
            if len(found) == 1:
                return found[0]
            if found:
                raise ambiguous(word, (thing.shown for thing in found))
        nearest = self.nearest(kind, word)
        hint = f"did you mean {nearest[0]}?" if nearest else f"`kg build` the notes that name this {kind}"
        raise UnknownName(f"no {kind} is known as {word!r}", nearest=nearest, hint=hint)

    def _matches(self, kind: str, word: str, things: list[Named]) -> Iterable[list[Named]]:
        """Candidates, the surest way first: exact, folded, acronym, the words of one name, words contained."""
        lower = word.casefold()
        yield [t for t in things if any(name.casefold() == lower for name in t.names) or t.iri == word]
        if kind not in ("feature", "topic"):
            return
        key = fold(word)
        yield [t for t in things if any(fold(name) == key for name in t.names)]
        short = [t for t in things if any(acronym(name) == lower.rstrip("s") for name in t.names)]
        # Letters can be short for many names; those that notes speak of are meant before the others.
        yield [t for t in short if t.spoken]
        yield short
        yield self._meant(word, things)
        words = set(key.split("-"))
        yield [t for t in things if any(_holds(fold(name).split("-"), words) for name in t.names)]

    def _meant(self, word: str, things: list[Named]) -> list[Named]:
        """Things that a word can be short for, as names in notes are read: `Nested RP`."""
        if self._index is None:
            from graph.link.scoring import Index  # noqa: PLC0415 - needed for a name that nobody writes in full only
            from graph.link.words import ways  # noqa: PLC0415

            spoken = ways(dict(profile.load().link_words), ())
            self._index = Index({t.iri: t.names for t in things}, spoken, typos=False)
        fits = [fit for fit in self._index.fits(word) if fit.score >= MEANT]
        near = {fit.thing for fit in fits if fits[0].score - fit.score < CLOSE}
        return [t for t in things if t.iri in near]

    def nearest(self, kind: str, word: str) -> tuple[str, ...]:
        """Names most like a word, best first."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for an unknown name only
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        if kind in ("patch", "bug"):
            return ()
        shown = {name: thing.shown for thing in self.of(kind) for name in thing.names}
        found = process.extract(
            word.casefold(),
            {name: name.casefold() for name in shown},
            scorer=fuzz.WRatio,
            limit=20,
            score_cutoff=70,
        )
        asked = word.casefold()
        # Two letters that changed places are one slip of the hand; a part of a name is as good as alike.
        ranked = sorted((-OSA.normalized_similarity(asked, text), str(name)) for text, _, name in found)
        near = [name for far, name in ranked if -far >= ALIKE or asked in name.casefold()]
        return tuple(dict.fromkeys(shown[name] for name in near))[:SUGGESTIONS]


def _holds(name: list[str], words: set[str]) -> bool:
    """Whether a name has all the words, and they are no small part of it."""
    return words <= set(name) and len(words) * FEW >= len(name)


def ambiguous(word: str, names: Iterable[str]) -> AmbiguousName:
    """The refusal of a word that can be any of several names."""
    shown = tuple(sorted(names))
    more = "; …" if len(shown) > SHOWN else ""
    hint = "say which: " + "; ".join(shown[:SHOWN]) + more
    return AmbiguousName(f"{word!r} can be any of several", nearest=shown, hint=hint)


def _one_each(found: list[Named]) -> list[Named]:
    """A topic stands for the feature of the same name: what is said of the feature is said of it too."""
    topics = [thing for thing in found if "/topic/" in thing.iri]
    return (
        topics if len(topics) == 1 and all("/feature/" in t.iri for t in found if t not in topics) else found
    )


def acronym(name: str) -> str:
    """First letters of a name of two words or more, lower case: `Nested Resource Provider` → `nrp`."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9]*", name)
    return "".join(word[0] for word in words).lower() if len(words) > 1 else ""


def _date(word: str) -> str:
    today = datetime.date.today()
    if word.lower() in ("today", "今天", ""):
        return today.isoformat()
    found = dates.near(word, today.isoformat())
    if not found or not found[0].date:
        raise UsageFault(f"{word!r} is no date", hint="write dates like 2018-01-25")
    return found[0].date


def month(word: str) -> str:
    """`2018-01`, `2018年1月`, `January 2018` → `2018-01`."""
    text = word.strip().lower()
    numbers = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", text)
    if numbers and 1 <= int(numbers[2]) <= 12:
        return f"{numbers[1]}-{int(numbers[2]):02d}"
    named = re.fullmatch(r"([a-z]{3,9})\.?,?\s+(\d{4})", text)
    if named and named[1] in dates.MONTHS:
        return f"{named[2]}-{dates.MONTHS[named[1]]:02d}"
    raise UsageFault(f"{word!r} is no month", hint="write months like 2018-01")
