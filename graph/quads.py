"""Facts as RDF: the one place where terms are minted. A source's facts become sorted N-Triples lines.

Every node has an IRI made from its keys (no blank nodes), so that the same input gives the same bytes and two
sources that speak of one thing meet.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph import terms
from graph.aliases import Alias
from graph.closings import Closed
from graph.errors import Problem
from graph.facts import Evidence, ItemKey, MeetingKey
from graph.profile import Profile
from graph.terms import fold

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BAD_IRI = re.compile(r'[<>"{}|\\^`\x00-\x20]')


def literal(text: str, datatype: str = "", lang: str = "") -> str:
    """An N-Triples literal; control characters that RDF text cannot hold are dropped."""
    kept = "".join(c for c in text if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    body = "".join(_ESCAPES.get(char, char) for char in kept)
    if lang:
        return f'"{body}"@{lang}'
    return f'"{body}"^^<{terms.expand("xsd:" + datatype)}>' if datatype else f'"{body}"'


def node(iri: str) -> str:
    """An N-Triples IRI."""
    if _BAD_IRI.search(iri):
        raise ValueError(f"no IRI: {iri!r}")
    return f"<{iri}>"


def date_literal(date: str) -> str:
    """A date, or a month, by how much of it is known."""
    return literal(date, "date" if len(date) == 10 else "gYearMonth" if len(date) == 7 else "")


def todo_key(text: str) -> str:
    """Key of a TODO's words."""
    return fold(text)


@dataclass(frozen=True)
class SourceInfo:
    """What is known of a source as a whole; `path` is as given."""

    path: str
    sha256: str
    title: str
    reader: str
    lines: int
    understood: int


class Quads:
    """Collects the triples of one graph."""

    def __init__(self, profile: Profile, source: str) -> None:
        self.profile = profile
        self.community = profile.name
        self.path = source
        self.source = source_iri(profile.name, source)
        self._lines: set[str] = set()

    def lines(self) -> list[str]:
        """Sorted, unique N-Triples lines."""
        return sorted(self._lines)

    def add(self, subject: str, predicate: str, value: str) -> None:
        """One triple; `predicate` is a CURIE, `value` is written already."""
        prefix, _, name = predicate.partition(":")
        iri = terms.kg(name) if prefix == "kg" else terms.expand(predicate)
        self._lines.add(f"{node(subject)} {node(iri)} {value} .")

    def type(self, subject: str, name: str) -> None:
        """Our class and the standard ones beside it."""
        self.add(subject, "rdf:type", node(terms.kg(name)))
        for parent in terms.PARENTS[name]:
            self.add(subject, "rdf:type", node(terms.expand(parent)))

    def texts(self, subject: str, **values: str) -> None:
        """Plain text properties of ours; empty ones are left out."""
        for name, value in values.items():
            if value:
                self.add(subject, f"kg:{name.rstrip('_')}", literal(value))

    def number(self, subject: str, name: str, value: int) -> None:
        """A whole number of ours."""
        self.add(subject, f"kg:{name}", literal(str(value), "integer"))

    def iri(self, kind: str, *keys: str | int) -> str:
        """IRI of a thing of this community."""
        return terms.iri(self.community, kind, *keys)

    def describe(self, info: SourceInfo) -> None:
        """The source itself: where it is, what was read of it, and by what."""
        self.type(self.source, "Source")
        self.add(self.source, "dcterms:source", literal(info.path))
        self.texts(self.source, sha256=info.sha256, reader=info.reader)
        self.number(self.source, "lines", info.lines)
        self.number(self.source, "understood", info.understood)
        if info.title:
            self.add(self.source, "dcterms:title", literal(info.title))

    # --- evidence ---------------------------------------------------------------------------------------------

    def evidence(self, subject: str, evidence: Evidence) -> None:
        """Line, quote and source of a fact."""
        self.number(subject, "line", evidence.line)
        self.add(subject, "kg:fromSource", node(self.source))
        digest = hashlib.sha256(evidence.quote.encode()).hexdigest()[:10]
        quote = self.iri("quote", self.path, evidence.line, digest)
        self.add(subject, "kg:quote", node(quote))
        self.add(subject, "prov:wasQuotedFrom", node(quote))
        self.type(quote, "Quote")
        self.add(quote, "oa:exact", literal(evidence.quote))
        self.number(quote, "line", evidence.line)
        self.add(quote, "kg:fromSource", node(self.source))

    # --- things -----------------------------------------------------------------------------------------------

    def meeting(self, key: MeetingKey) -> str:
        """IRI of a meeting."""
        return self.iri("meeting", self.path, key.date, key.nth)

    def discussion(self, key: ItemKey) -> str:
        """IRI of an item."""
        return self.iri("discussion", self.path, key.meeting.date, key.meeting.nth, key.position)

    def topic(self, label: str) -> str:
        """A topic, known by its folded name."""
        key = fold(label)
        topic = self.iri("topic", key)
        self.type(topic, "Topic")
        self.add(topic, "kg:slug", literal(key))
        self.add(topic, "skos:altLabel", literal(label))
        return topic

    def feature(self, slug: str, project: str = "") -> str:
        """A feature, known by project (the community's first one unless named) and slug."""
        project = project or self.profile.project
        feature = self.iri("feature", project, slug)
        self.type(feature, "Feature")
        self.add(feature, "kg:slug", literal(slug))
        self.texts(feature, project=project)
        return feature

    def version(self, name: str, project: str) -> str:
        """IRI of a version of a project."""
        return self.iri("version", project, name)

    def patch(self, key: str, url: str = "", title: str = "") -> str:
        """A patch, known by number or Change-Id."""
        return self._tracked("Patch", "patch", key, url, title)

    def bug(self, key: str, url: str = "", title: str = "") -> str:
        """A bug, known by number."""
        return self._tracked("Bug", "bug", key, url, title)

    def _tracked(self, name: str, kind: str, key: str, url: str, title: str) -> str:
        thing = self.iri(kind, key)
        self.type(thing, name)
        self.add(thing, "kg:key", literal(key))
        live = self.profile.url(kind, key) or url
        if live:
            self.add(thing, "schema:url", literal(live, "anyURI"))
        if title:
            self.add(thing, "dcterms:title", literal(title))
        return thing

    def person(self, key: str, aliases: Sequence[str] = ()) -> str:
        """A person, known by nick without regard to case."""
        person = self.iri("person", key.lower())
        self.type(person, "Person")
        for name in (key, *aliases):
            self.add(person, "foaf:nick", literal(name))
        return person

    def release(self, slug: str) -> str:
        """IRI of a release."""
        return self.iri("release", slug)

    def problem(self, problem: Problem) -> None:
        """What was not understood."""
        digest = hashlib.sha256(f"{problem.kind} {problem.what} {problem.quote}".encode()).hexdigest()[:10]
        thing = self.iri("problem", problem.source, problem.line, digest)
        self.type(thing, "Problem")
        self.add(thing, "dcterms:description", literal(problem.what))
        self.texts(thing, kind=problem.kind, written=problem.quote, hint=problem.hint)
        self.number(thing, "line", problem.line)
        self.add(thing, "kg:fromSource", node(source_iri(self.community, problem.source)))


def source_iri(community: str, path: str) -> str:
    """IRI of a source, which is also its named graph."""
    return terms.iri(community, "source", path)


def graph_iri(community: str, name: str) -> str:
    """IRI of a graph that no source owns: `profile`, `refused`, `rules/NN-name`."""
    return terms.iri(community, "graph", name)


def profile_lines(profile: Profile) -> list[str]:
    """The community's releases in order, as triples of a graph of their own."""
    out = Quads(profile, profile.place)
    for ordinal, release in enumerate(profile.releases, 1):
        thing = out.release(release.name)
        out.type(thing, "Release")
        out.add(thing, "rdfs:label", literal(release.title))
        out.texts(thing, slug=release.name)
        out.number(thing, "ordinal", ordinal)
        for alias in release.aliases:
            out.add(thing, "skos:altLabel", literal(alias))
        for name, date in (
            ("cycleStart", release.start),
            ("cycleEnd", release.ship),
            ("freeze", release.freeze),
        ):
            if date:
                out.add(thing, f"kg:{name}", date_literal(date))
        if ordinal < len(profile.releases):
            following = out.release(profile.releases[ordinal].name)
            out.add(thing, "kg:successor", node(following))
            out.add(thing, "time:intervalMeets", node(following))
    for status, (en, zh) in terms.STATUSES.items():
        concept = terms.status_iri(status)
        out.add(concept, "rdf:type", node(terms.expand("skos:Concept")))
        out.add(concept, "skos:notation", literal(status))
        out.add(concept, "skos:prefLabel", literal(en, lang="en"))
        out.add(concept, "skos:prefLabel", literal(zh, lang="zh"))
    return out.lines()


def closing_lines(profile: Profile, source: str, sha256: str, rows: Iterable[Closed]) -> list[str]:
    """TODOs closed by hand, as triples of their file's graph."""
    rows = list(rows)
    out = Quads(profile, source)
    out.describe(SourceInfo(source, sha256, "", "closings 1", len(rows), len(rows)))
    for row in rows:
        # A TODO that was closed, listed again and closed anew has a row for each time.
        thing = out.iri("closing", source, row.todo, *([row.on] if row.on else []))
        out.type(thing, "Closing")
        out.texts(
            thing, of=row.todo, closedBy=row.by, reason=row.note, written=row.text, listedIn=row.listed,
            key=row.assignee,
        )  # fmt: skip
        out.number(thing, "line", row.line)
        out.add(thing, "kg:fromSource", node(out.source))
        if row.on:
            out.add(thing, "dcterms:date", date_literal(row.on))
    return out.lines()


def alias_lines(profile: Profile, source: str, sha256: str, rows: Iterable[Alias]) -> list[str]:
    """Names joined or kept apart by hand, as triples of their file's graph; links find what they lead to."""
    rows = list(rows)
    out = Quads(profile, source)
    out.describe(SourceInfo(source, sha256, "", "aliases 1", len(rows), len(rows)))
    for row in rows:
        thing = out.iri("alias", source, row.kind, row.name.casefold())
        out.type(thing, "Alias")
        out.texts(thing, kind=row.kind, written=row.name, value=row.target, reason=row.why)
        out.number(thing, "line", row.line)
        out.add(thing, "kg:fromSource", node(out.source))
    return out.lines()


def refusal_lines(profile: Profile, problems: Iterable[Problem]) -> list[str]:
    """Sources refused and not read since, as triples of a graph of their own."""
    out = Quads(profile, "")
    for problem in problems:
        out.problem(problem)
        source = source_iri(profile.name, problem.source)
        out.add(source, "rdf:type", node(terms.expand("prov:Entity")))
        out.add(source, "dcterms:source", literal(problem.source))
    return out.lines()
