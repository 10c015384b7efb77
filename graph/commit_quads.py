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
_TIES: Final = {"feature": ("implements", "part", "bare"), "bug": ("closes",)}  # what makes a patch one of a thing

Entry = SourceRecord | TagRecord | CommitRecord | Problem


def write(profile: Profile, records: Iterable[Entry]) -> Iterator[tuple[str, list[str]]]:
    """Names of graphs (empty: the source's own) and their sorted lines; each graph once, commits by their years.

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
                self._version(entry)
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


@functools.cache
def _predicate(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return f" {node(terms.kg(name) if prefix == 'kg' else terms.expand(curie))} "


@functools.cache
def _types(name: str) -> tuple[str, ...]:
    parents = (terms.expand(parent) for parent in terms.PARENTS[name])
    return tuple(f" {_TYPE} {node(iri)} .\n" for iri in (terms.kg(name), *parents))


def _text(text: str) -> str:
    return literal(text) if _SPECIAL.search(text) else f'"{text}"'


@functools.lru_cache(maxsize=4096)
def _date(day: str) -> str:
    return date_literal(day)


class _Commits:
    """The graph of some commits, one after the other."""

    def __init__(self, profile: Profile, source: SourceRecord) -> None:
        self.profile, self.project = profile, source.project
        self.ways = profile.commits
        self.default = dict(source.about).get("default", "")
        self._origin = node(Quads(profile, source.source).source)
        self._lines: list[str] = []
        self._nodes: dict[tuple[str, ...], str] = {}  # what this graph has described already
        self._titles: dict[str, str] = {}  # of patches
        self._shas: set[str] = set()

    def flush(self, name: str) -> Iterator[tuple[str, list[str]]]:
        """The graph so far, if there is anything in it."""
        lines, self._lines = self._lines, []
        self._nodes.clear()
        if lines:
            yield name, sorted(set(lines))

    def _add(self, subject: str, curie: str, value: str) -> None:
        self._lines.append(f"{subject}{_predicate(curie)}{value} .")

    def _type(self, subject: str, name: str) -> None:
        self._lines += [f"{subject}{rest}" for rest in _types(name)]

    def _node(self, kind: str, *keys: str) -> str:
        return node(terms.iri(self.profile.name, kind, *keys))
