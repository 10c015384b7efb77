"""A repository's records as RDF: versions, commits, patches, and what messages name.

There are a million statements in a long history, so lines are put together here from pieces that are made once;
what a piece may hold is decided in `quads` and `terms` as everywhere. Every graph stands by itself: the main one has
the source, its versions and what is odd about it, each other one the commits of a year.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

from graph import terms
from graph.errors import Problem
from graph.extract.commits import Reference, Told, read
from graph.profile import Profile
from graph.quads import Quads, SourceInfo, date_literal, literal, node
from graph.records import CommitRecord, SourceRecord, TagRecord

NAME: Final = "git"
VERSION: Final = 1
TROUBLES: Final = "problems"  # the graph of what is odd about single commits
_SPECIAL: Final = re.compile(r'[^\x20-\x7e]|["\\]')
_TYPE: Final = node(terms.expand("rdf:type"))
_TIES: Final = {
    "feature": ("implements", "part", "bare"),
    "bug": ("closes",),
}  # what makes a patch one of a thing

Entry = SourceRecord | TagRecord | CommitRecord | Problem


def write(profile: Profile, records: Iterable[Entry]) -> Iterator[tuple[str, list[str]]]:
    """Names of graphs (empty: the source's own) and their lines, some of them twice; each graph once.

    A part of a history, as `known` makes the reader give it, has the main graph anew; the lines of its other graphs
    come to those that are there.
    """
    entries = iter(records)
    source = next(entries)
    if not isinstance(source, SourceRecord):
        raise TypeError(f"the first record of a repository is a SourceRecord, not {type(source).__name__}")
    main = _Main(profile, source)
    commit = main.take(entries)
    yield "", main.out.lines()
    troubles = Quads(profile, source.source)
    year, named, graph = "", set[str](), _Commits(profile, source)
    while commit is not None:
        if commit.merged[:4] != year:
            yield from graph.flush(_name(year, named))
            year = commit.merged[:4]
        graph.commit(commit)
        commit = _next(entries, troubles)
    yield from graph.flush(_name(year, named))
    if troubles.lines():
        yield TROUBLES, troubles.lines()


def _name(year: str, named: set[str]) -> str:
    """A name that no graph has had: a year comes twice only where records were put out of order."""
    name = year or "undated"
    while name in named:
        name += "+"
    named.add(name)
    return name


def _next(entries: Iterator[Entry], out: Quads) -> CommitRecord | None:
    """The next commit; problems before it go to a graph of theirs."""
    for entry in entries:
        if isinstance(entry, CommitRecord):
            return entry
        if isinstance(entry, Problem):
            out.problem(entry)
    return None


class _Main:
    """The main graph: the source, its versions, what is odd about it as a whole."""

    def __init__(self, profile: Profile, source: SourceRecord) -> None:
        self.profile, self.project = profile, source.project
        self.out = out = Quads(profile, source.source)
        about = dict(source.about)
        count = int(about.get("commits", "0"))
        out.describe(SourceInfo(source.source, source.sha256, "", f"{NAME} {VERSION}", count, count))
        out.texts(out.source, project=source.project, onBranch=about.get("default", ""))

    def take(self, entries: Iterator[Entry]) -> CommitRecord | None:
        """Everything before the first commit, which is given back."""
        for entry in entries:
            if isinstance(entry, CommitRecord):
                return entry
            if isinstance(entry, TagRecord):
                (self._ending if entry.stage == "end" else self._version)(entry)
            elif isinstance(entry, Problem):
                self.out.problem(entry)
        return None

    def _version(self, tag: TagRecord) -> None:
        out, version = self.out, self.out.version(tag.name, self.project)
        out.type(version, "Version")
        out.add(version, "rdfs:label", literal(tag.name))
        out.texts(version, key=tag.name, project=self.project, stage=tag.stage, sha=tag.sha)
        out.add(version, "kg:fromSource", node(out.source))
        if tag.date:
            out.add(version, "dcterms:date", date_literal(tag.date))
        release = self.profile.release_of_version(tag.name) if self.project == self.profile.project else ""
        if release:
            out.add(version, "kg:versionOf", node(out.release(release)))

    def _ending(self, tag: TagRecord) -> None:
        """What a tag says of the end of a release, if that is one the community knows."""
        release = self.profile.release_names.get(tag.release.lower(), "")
        if not release:
            return
        out, thing = self.out, self.out.iri("ending", self.project, tag.name)
        out.type(thing, "Ending")
        out.texts(thing, key=tag.name, project=self.project, sha=tag.sha)
        out.add(thing, "kg:fromSource", node(out.source))
        out.add(thing, "kg:endOf", node(out.release(release)))
        if tag.date:
            out.add(thing, "dcterms:date", date_literal(tag.date))


def _predicate(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return f" {node(terms.kg(name) if prefix == 'kg' else terms.expand(curie))} "


def _types(name: str) -> list[str]:
    parents = (terms.expand(parent) for parent in terms.PARENTS[name])
    return [f" {_TYPE} {node(iri)} ." for iri in (terms.kg(name), *parents)]


_KEY, _TITLE, _BRANCH, _MERGED = map(_predicate, ("kg:key", "dcterms:title", "kg:onBranch", "kg:merged"))
_FROM, _AUTHOR, _COAUTHOR = map(_predicate, ("kg:fromSource", "kg:author", "kg:coAuthor"))
_OF, _LANDED, _FINAL = map(_predicate, ("kg:commitOf", "kg:landedIn", "kg:firstFinal"))
_FOR, _PICKED, _REVERTS = map(_predicate, ("kg:forRelease", "kg:pickedFrom", "kg:reverts"))
_KIND, _STRENGTH, _ABOUT, _IN = map(_predicate, ("kg:kind", "kg:strength", "kg:about", "kg:inCommit"))
_LINE, _WRITTEN, _CONFIDENCE = map(_predicate, ("kg:line", "kg:written", "kg:confidence"))
_DONE_BY, _FIXES, _URL = map(_predicate, ("kg:implementedBy", "kg:fixes", "schema:url"))
_NAME, _MBOX, _SLUG, _PROJECT = map(_predicate, ("foaf:name", "foaf:mbox_sha1sum", "kg:slug", "kg:project"))
_ANY_URI: Final = f"^^<{terms.expand('xsd:anyURI')}> ."
_TYPES: Final = {name: _types(name) for name in ("Patch", "Bug", "Feature", "Person")}
(_COMMIT, _ACTIVITY), (_REFERENCE, _ANNOTATION) = _types("Commit"), _types("Reference")


def _key(key: str) -> str:
    """A key within an IRI."""
    return key if key.isalnum() and key.isascii() else quote(key, safe="")


def _text(text: str) -> str:
    return literal(text) if _SPECIAL.search(text) else f'"{text}"'


@functools.lru_cache(maxsize=4096)
def _date(day: str) -> str:
    return date_literal(day)


@functools.lru_cache(maxsize=4096)
def _integer(number: int) -> str:
    return literal(str(number), "integer")


class _Commits:
    """The graph of some commits, one after the other."""

    def __init__(self, profile: Profile, source: SourceRecord) -> None:
        self.profile, self.project = profile, source.project
        self.ways = profile.commits
        self.default = dict(source.about).get("default", "")
        self._origin = node(Quads(profile, source.source).source)
        self._within = terms.iri(profile.name, "commit", source.project, "")  # where the commits' IRIs begin
        self._named = terms.iri(profile.name, "reference", source.project, "")
        self._stems: dict[str, str] = {}
        self._lines: list[str] = []  # some hold several lines
        self._nodes: dict[tuple[str, ...], str] = {}  # what this graph has described already
        self._titles: dict[str, str] = {}  # of patches
        self._shas: set[str] = set()

    def flush(self, name: str) -> Iterator[tuple[str, list[str]]]:
        """The graph so far, if there is anything in it."""
        lines, self._lines = self._lines, []
        self._nodes.clear()
        if lines:
            yield name, "\n".join(lines).split("\n")

    def _node(self, kind: str, *keys: str) -> str:
        return f"<{self._stem(kind)}{'/'.join(map(_key, keys))}>"

    def _stem(self, kind: str) -> str:
        """Where the IRIs of a kind begin."""
        stem = self._stems.get(kind)
        if stem is None:
            stem = self._stems[kind] = terms.iri(self.profile.name, kind, "")
        return stem

    def _commit_node(self, sha: str) -> str:
        return f"<{self._within}{_key(sha)}>"

    # --- things -----------------------------------------------------------------------------------------------

    def _known(self, name: str, kind: str, *keys: str) -> tuple[str, bool]:
        """A thing's node, and whether this graph has described it before."""
        place = (kind, *keys)
        found = self._nodes.get(place)
        if found:
            return found, True
        thing = self._nodes[place] = self._node(kind, *keys)
        self._lines += [f"{thing}{rest}" for rest in _TYPES[name]]
        return thing, False

    def _person(self, name: str, mbox: str) -> str:
        person, known = self._known("Person", "person", name.lower())
        if not known or (person, name) not in self._nodes:
            self._nodes[person, name] = person
            self._lines.append(f"{person}{_NAME}{_text(name)} .")
        if mbox and (person, mbox) not in self._nodes:
            self._nodes[person, mbox] = person
            self._lines.append(f"{person}{_MBOX}{_text(mbox)} .")
        return person

    def _tracked(self, name: str, kind: str, key: str, url: str) -> str:
        thing, known = self._known(name, kind, key)
        if not known:
            self._lines.append(f"{thing}{_KEY}{_text(key)} .")
            if url:
                self._lines.append(f"{thing}{_URL}{_text(url)}{_ANY_URI}")
        return thing

    def _feature(self, slug: str, project: str) -> str:
        feature, known = self._known("Feature", "feature", project, slug)
        if not known:
            self._lines += (f"{feature}{_SLUG}{_text(slug)} .", f"{feature}{_PROJECT}{_text(project)} .")
        return feature

    def _version(self, name: str) -> str:
        return self._nodes.get(("version", name)) or self._nodes.setdefault(
            ("version", name), self._node("version", self.project, name)
        )

    # --- commits ----------------------------------------------------------------------------------------------

    def commit(self, record: CommitRecord) -> None:
        """A commit, its patch, and what its message names."""
        told = read(record, self.ways)
        commit, title, add = self._commit_node(record.sha), _text(record.title), self._lines.append
        add(
            f"{commit}{_COMMIT}\n{commit}{_ACTIVITY}\n{commit}{_KEY}{_text(record.sha)} .\n"
            f"{commit}{_TITLE}{title} .\n{commit}{_FROM}{self._origin} ."
        )
        if record.branch:
            add(f"{commit}{_BRANCH}{_text(record.branch)} .")
        if record.merged:
            add(f"{commit}{_MERGED}{_date(record.merged)} .")
        if record.author:
            add(f"{commit}{_AUTHOR}{self._person(record.author, record.mbox)} .")
        for name, mbox in told.people:
            if name:
                add(f"{commit}{_COAUTHOR}{self._person(name, mbox)} .")
        patch = self._patch(record, told)
        add(f"{commit}{_OF}{patch} .\n{patch}{_TITLE}{title} .")
        self._landed(commit, patch, record)
        self._back(commit, told)
        for reference in told.references:
            self._reference(commit, patch, record, reference)

    def _patch(self, record: CommitRecord, told: Told) -> str:
        url = self.profile.url("patch", told.change) if told.change else ""
        patch = self._tracked("Patch", "patch", told.change or record.sha, url)
        self._titles[record.title] = patch
        self._shas.add(record.sha)
        return patch

    def _landed(self, commit: str, patch: str, record: CommitRecord) -> None:
        if record.version:
            version = self._version(record.version)
            self._lines.append(f"{commit}{_LANDED}{version} .\n{patch}{_LANDED}{version} .")
        if record.final:
            self._lines.append(f"{commit}{_FINAL}{self._version(record.final)} .")
        if record.branch != self.default:
            release = self.profile.release_names.get(record.branch.rpartition("/")[2].lower(), "")
            if release:
                self._lines.append(f"{commit}{_FOR}{self._node('release', release)} .")

    def _back(self, commit: str, told: Told) -> None:
        """What it takes back, or was picked from, as far as that is part of this history."""
        picked = (sha for sha in told.picked if sha in self._shas)
        self._lines += [f"{commit}{_PICKED}{self._commit_node(sha)} ." for sha in picked]
        known = [sha for sha in told.reverts if sha in self._shas]
        self._lines += [f"{commit}{_REVERTS}{self._commit_node(sha)} ." for sha in known]
        if not known and told.reverted in self._titles:
            self._lines.append(f"{commit}{_REVERTS}{self._titles[told.reverted]} .")

    def _reference(self, commit: str, patch: str, record: CommitRecord, said: Reference) -> None:
        thing, key = self._thing(said)
        if not thing:
            return
        ours = f"<{self._named}{_key(record.sha)}/{said.kind}/{quote(key, safe='')}>"
        self._lines.append(
            f'{ours}{_REFERENCE}\n{ours}{_ANNOTATION}\n{ours}{_KIND}"{said.kind}" .\n'
            f'{ours}{_STRENGTH}"{said.strength}" .\n{ours}{_ABOUT}{thing} .\n{ours}{_IN}{commit} .\n'
            f"{ours}{_LINE}{_integer(said.line)} .\n{ours}{_WRITTEN}{_text(said.written.strip())} .\n"
            f"{ours}{_FROM}{self._origin} ."
        )
        if said.low:
            self._lines.append(f'{ours}{_CONFIDENCE}"low" .')
        if said.strength in _TIES[said.kind]:
            feature = said.kind == "feature"
            self._lines.append(f"{thing}{_DONE_BY}{patch} ." if feature else f"{patch}{_FIXES}{thing} .")

    def _thing(self, said: Reference) -> tuple[str, str]:
        """What is named, and its key in the reference; empty for a feature of a project that is not known."""
        if said.kind == "bug":
            return self._tracked("Bug", "bug", said.key, self.profile.url("bug", said.key)), said.key
        home = self.ways.feature_project(self.project)
        if said.project and said.project != home:
            if said.project not in self.profile.projects:
                return "", ""
            return self._feature(said.key, said.project), f"{said.project}:{said.key}"
        return self._feature(said.key, home), said.key
