"""Records of a repository of specs as triples of its graph: revisions, when they came into their states, the paths
between them.

    feature/nova/NAME  <- isVersionOf -  spec/nova/stein/NAME  - wasRevisionOf ->  spec/nova/rocky/NAME
                                         change/nova/stein/NAME/1      it came into a state, by whom
                                         edit/nova/stein/NAME/SHA      its words were changed, by whom
                                         continuation/nova/stein/NAME  from, to, class, score, reasons
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.errors import Problem
from graph.extract import continuations
from graph.extract.commits import signers
from graph.extract.continuations import Continuation
from graph.extract.specs import came, claimed, doubts, edits, entry, release_of
from graph.profile import Profile
from graph.quads import Quads, SourceInfo, date_literal, literal, node
from graph.records import SourceRecord, SpecChange, SpecRecord

READER = "specs 1"
GONE = "removed"


def write(
    profile: Profile, records: Iterable[SourceRecord | SpecRecord | Problem]
) -> Iterator[tuple[str, list[str]]]:
    """The one graph of the source: its name (empty) and its sorted lines. Nothing without a source's record."""
    found = list(records)
    source = next((record for record in found if isinstance(record, SourceRecord)), None)
    if source is None:
        return
    specs = [record for record in found if isinstance(record, SpecRecord)]
    problems = [record for record in found if isinstance(record, Problem)]
    out = _Specs(profile, source, specs)
    out.write(problems)
    yield "", out.quads.lines()


class _Specs:
    """Triples of one source."""

    def __init__(self, profile: Profile, source: SourceRecord, specs: list[SpecRecord]) -> None:
        self.profile = profile
        self.source = source
        self.specs = specs
        self.slugs = {spec.slug for spec in specs}
        self.quads = Quads(profile, source.source)

    def write(self, problems: list[Problem]) -> None:
        """Everything there is to say."""
        source, count = self.source, len(self.specs)
        unread = sum(problem.kind == "unread" for problem in problems)
        title = f"specs of {source.project}"
        self.quads.describe(SourceInfo(source.source, source.sha256, title, READER, count + unread, count))
        self.quads.texts(self.quads.source, project=source.project)
        for spec in self.specs:
            problems.extend(doubts(spec, self.profile, source.source))
            self._revision(spec)
        self._labels()
        found = continuations.find(self.profile, self.specs)
        for continuation in found:
            self._continuation(continuation)
        self._paths(found)
        for problem in problems:
            self.quads.problem(problem)

    def _keys(self, spec: SpecRecord) -> tuple[str, str, str]:
        return (self.source.project, release_of(spec, self.profile) or spec.state, spec.slug)

    def _iri(self, spec: SpecRecord) -> str:
        return self.quads.iri("spec", *self._keys(spec))

    def _feature(self, slug: str) -> str:
        return self.quads.feature(slug, self.source.project)

    def _revision(self, spec: SpecRecord) -> None:
        out, thing = self.quads, self._iri(spec)
        out.type(thing, "SpecRevision")
        out.texts(thing, slug=spec.slug, state=spec.state, path=spec.path, project=self.source.project)
        out.number(thing, "line", spec.line)
        out.add(thing, "dcterms:title", literal(spec.title))
        out.add(thing, "kg:fromSource", node(out.source))
        out.add(thing, "dcterms:isVersionOf", node(self._feature(spec.slug)))
        if spec.release:
            out.add(thing, "kg:forRelease", node(out.release(release_of(spec, self.profile))))
        for slug in spec.blueprints:
            out.texts(thing, blueprint=slug)
        for slug in (spec.slug, *self._other_names(spec)):
            out.add(thing, "kg:about", node(self._feature(slug)))
        for release in claimed(spec, self.profile):
            out.add(thing, "kg:claimedFor", node(out.release(release)))
        for number, change in enumerate(spec.changes, 1):
            if change.path != change.before:
                self._change(thing, self._change_iri(spec, number), change)
        for change in edits(spec):
            self._edit(thing, out.iri("edit", *self._keys(spec), change.sha), change)

    def _other_names(self, spec: SpecRecord) -> list[str]:
        """Names under which others know what a spec is about; another spec's own name is not one of them."""
        own = [
            *spec.blueprints[:1],
            *(name for name in (*spec.also, *spec.blueprints) if name not in self.slugs),
        ]
        return [name for name in dict.fromkeys(own) if name != spec.slug]

    def _change_iri(self, spec: SpecRecord, number: int) -> str:
        return self.quads.iri("change", *self._keys(spec), number)

    def _change(self, spec: str, thing: str, change: SpecChange) -> None:
        out, spot = self.quads, self.profile.specs.spot(change.path)
        out.type(thing, "StateChange")
        out.add(thing, "kg:of", node(spec))
        out.texts(thing, state=spot.state if spot else GONE, kind=came(change, self.profile))
        self._commit(thing, change)
        for _, words in change.lines:
            out.texts(thing, written=words)

    def _edit(self, spec: str, thing: str, change: SpecChange) -> None:
        self.quads.type(thing, "Edit")
        self.quads.add(thing, "kg:edits", node(spec))
        self._commit(thing, change)

    def _commit(self, thing: str, change: SpecChange) -> None:
        """The commit that did it: when, and who wrote it."""
        out = self.quads
        out.texts(thing, sha=change.sha, path=change.path or change.before)
        out.add(thing, "kg:fromSource", node(out.source))
        out.add(thing, "dcterms:title", literal(change.title))
        if change.date:
            out.add(thing, "dcterms:date", date_literal(change.date))
        if change.author:
            out.add(thing, "kg:author", node(self._person(change.author, change.mbox)))
        for name, mbox in signers(change.signed, self.profile.commits):
            if name:
                out.add(thing, "kg:coAuthor", node(self._person(name, mbox)))

    def _person(self, name: str, mbox: str) -> str:
        """The person as commits know them."""
        out, person = self.quads, self.quads.iri("person", name.lower())
        out.type(person, "Person")
        out.add(person, "foaf:name", literal(name))
        if mbox:
            out.add(person, "foaf:mbox_sha1sum", literal(mbox))
        return person

    def _labels(self) -> None:
        """Every title and name of a feature; it is shown by the title of its last release."""
        out = self.quads
        last: dict[str, tuple[int, str]] = {}
        for spec in self.specs:
            feature = self._feature(spec.slug)
            out.add(feature, "skos:altLabel", literal(spec.title))
            for name in set(spec.also) - self.slugs:
                out.add(feature, "skos:altLabel", literal(name))
                out.add(self._feature(name), "dcterms:isReplacedBy", node(feature))
            row = (self.profile.ordinal(release_of(spec, self.profile)), spec.title)
            last[feature] = max(last.get(feature, row), row)
        for feature, (_, title) in last.items():
            out.add(feature, "skos:prefLabel", literal(title))

    def _continuation(self, found: Continuation) -> None:
        out, thing = self.quads, self.quads.iri("continuation", *self._keys(found.late))
        early, late = self._iri(found.early), self._iri(found.late)
        out.type(thing, "Continuation")
        out.add(thing, "kg:from", node(early))
        out.add(thing, "kg:to", node(late))
        out.add(late, "prov:wasRevisionOf", node(early))
        out.texts(thing, slipClass=found.kind)
        out.add(thing, "kg:score", literal(f"{found.score:.3f}", "decimal"))
        for words in found.reasons:
            out.texts(thing, reason=words)
        if (change := entry(found.late)) is not None:
            number = found.late.changes.index(change) + 1
            out.add(thing, "prov:wasDerivedFrom", node(self._change_iri(found.late, number)))
        if found.kind == "renamed":
            self._replaced(found)

    def _paths(self, found: list[Continuation]) -> None:
        """Every revision knows the first of its path, so that questions need not walk it."""
        before = {one.late.path: one.early for one in found}
        for spec in self.specs:
            first = spec
            while first.path in before:
                first = before[first.path]
            if spec.release:
                self.quads.add(self._iri(spec), "kg:firstRevision", node(self._iri(first)))

    def _replaced(self, found: Continuation) -> None:
        early, late = self._feature(found.early.slug), self._feature(found.late.slug)
        self.quads.add(early, "dcterms:isReplacedBy", node(late))
