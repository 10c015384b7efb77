"""What a build does: every source into graphs of its own, then links, then rules; one build is one generation.

    places ─► read ─► records ─► extract ─► facts ─► quads ─► store ─► links ─► rules

A source that did not change is not read again; one that cannot be read keeps its last good facts and is
flagged; one that is gone from a folder given to the build is dropped. The kinds of source are in `sources`.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from graph import __version__, dumps, places, profile, quads, sources
from graph.errors import KgError, Problem
from graph.places import Place
from graph.queries import Catalogue
from graph.reading import Known, Reading, Watch, refusal, taken_of, usable
from graph.settings import Folders, is_setting, link_digest
from graph.sources import SourceKind
from graph.writer import Writer

_PROFILE = f"/graph/{quote('profile/', safe='')}"


@dataclass
class Report:
    """What a build did, by source path, and how much of the lines was understood."""

    read: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: int = 0
    understood: int = 0
    changed: bool = False


class _Build:
    """One build: sources into the store, then rules."""

    def __init__(self, store: Path, given: list[str], watch: Watch, extra_queries: Iterable[Path]) -> None:
        self.store = store
        self.given = given
        self.watch = watch
        self.extra = list(extra_queries)
        self.report = Report()
        self.settings = Folders()
        self.sources: dict[str, Known] = {}
        self._found: set[str] = set()
        self._folders: dict[str, SourceKind] = {}
        self.profiles: dict[str, list[str]] = {}

    def run(self) -> Report:
        """Read, replace, derive, publish."""
        found, faults = places.find(self.given, self._is_whole)
        self._found = {place.path for place in found}
        with Writer(self.store) as writer:
            meta = writer.meta
            self.sources = {str(k): dict(v) for k, v in meta.get("sources", {}).items()}
            before = writer.graphs()
            for fault in faults:
                self._refuse(fault)
            # What takes longest comes first: it is loaded while the rest is read.
            for place in sorted(found, key=self._weight):
                self._source(writer, place)
            self.report.problems += self.settings.problems
            self._drop_gone(writer, self._found)
            self._common(writer)
            rules = self._rules_digest()
            if writer.graphs() != before or meta.get("rules") != rules:
                self._derive(writer)
            self.report.changed = writer.commit(
                {"sources": self.sources, "rules": rules, "version": __version__}
            )
        return self.report

    def _weight(self, place: Place) -> tuple[bool, bool, str]:
        kind = self._folders.get(place.path)
        return kind is None or kind.more is None, kind is None, place.path

    def _is_whole(self, folder: str) -> bool:
        """Whether a folder is one source; which, is remembered, as looking into a repository takes time."""
        settings = self.settings.of(folder, folder=True)
        known = profile.load() if isinstance(settings, KgError) else settings.profile
        found = sources.kind_of(Path(folder), b"", known, folder=True)
        if found:
            self._folders[folder] = found
        return found is not None

    def drop(self, path: str) -> bool:
        """Take one source out and derive anew; False when it is not held."""
        with Writer(self.store) as writer:
            self.sources = {str(k): dict(v) for k, v in writer.meta.get("sources", {}).items()}
            known = self.sources.pop(path, None)
            if known is None:
                return False
            self._forget(writer, known)
            self._common(writer)
            self._derive(writer)
            writer.commit({"sources": self.sources, "rules": self._rules_digest(), "version": __version__})
        return True

    # --- sources ----------------------------------------------------------------------------------------

    def _source(self, writer: Writer, place: Place) -> None:
        if not place.folder and is_setting(place.path):
            return
        try:
            reading = self._reading(place)
            if reading:
                self._read(writer, reading)
        except KgError as error:
            self._refuse(refusal(place.path, error))

    def _reading(self, place: Place) -> Reading | None:
        """What reads a place; None where nothing does. Raises KgError where it cannot be read."""
        head = b"" if place.folder else places.head_of(place.path)
        if isinstance(head, Problem):
            self._refuse(head)
            return None
        path = Path(place.path)
        settings = self.settings.of(place.path, folder=place.folder)
        if dumps.sniff(head):
            header, _ = sources.read_dump(path)
            kind = sources.named(header.kind, place.path)
            return Reading(place, kind, header.source, usable(settings), lambda: sources.read_dump(path)[1])
        shape = profile.load() if isinstance(settings, KgError) else settings.profile
        found = self._folders.get(place.path) or sources.kind_of(path, head, shape)
        if found is None:
            self._unknown(place)
            return None
        known, more = usable(settings), found.more
        return Reading(
            place, found, place.path, known, lambda: found.read(path, place.path, known),
            more and (lambda about: more(path, place.path, known, about)),
        )  # fmt: skip

    def _unknown(self, place: Place) -> None:
        if place.owner:
            self.report.skipped.append(place.path)
        else:
            hint = "notes are text: .md, .txt; a repository is given by its folder"
            self._refuse(Problem(place.path, 0, "refused", "no kind of source is known for it", hint=hint))

    def _read(self, writer: Writer, reading: Reading) -> None:
        settings, place = reading.settings, reading.place
        graph = quads.source_iri(settings.profile.name, reading.source)
        digest = hashlib.sha256((sources.stamp(Path(place.path)) + settings.digest).encode()).hexdigest()
        self._check_once(graph, reading)
        known = self.sources.get(place.path, {})
        shape = self._shape(settings.profile)
        if known.get("digest") == digest and known.get("graph") == graph and graph in writer.graphs():
            self._kept(place, known)
            return
        taken = taken_of(writer, graph, reading, known, self.watch)
        refused = [problem for problem in taken.problems if problem.kind == "refused"]
        if not taken.graphs:
            what = Problem(
                place.path, 0, "refused", "nothing in it could be read", hint="look at what it holds"
            )
            self._refuse(refused[0] if refused else what)
            return
        self._forget(writer, known, keep=taken.graphs)
        self.sources[place.path] = {
            "digest": digest, "graph": graph, "owner": place.owner or known.get("owner", ""),
            "kind": reading.kind.name, "profile": shape, "lines": str(taken.total),
            "understood": str(taken.understood), "graphs": sorted(taken.graphs - {graph}),
        }  # fmt: skip
        if reading.more:
            self.sources[place.path] |= {"about": taken.about, "settings": settings.digest}
        self.report.read.append(place.path)
        self.report.refused.extend(refused)
        self.report.problems.extend(taken.problems)
        self._count(taken.total, taken.understood)

    def _check_once(self, graph: str, reading: Reading) -> None:
        """One identity is read from one place: a dump and its source together would overwrite each other."""
        other = next(
            (p for p, k in self.sources.items() if k["graph"] == graph and p != reading.place.path), ""
        )
        if other and other in self._found:
            what = f"{reading.source} is read from {other} already"
            raise KgError(what, place=reading.place.path, hint="give the source or its dump, not both")
        if other:
            self.sources[reading.place.path] = self.sources.pop(other)

    def _forget(self, writer: Writer, known: Known, keep: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        """Take away the graphs a source had, but those that are about to be replaced."""
        for graph in {known.get("graph"), *known.get("graphs", ())} - {None} - keep:
            writer.drop(graph)

    def _kept(self, place: Place, known: Known) -> None:
        self.report.unchanged.append(place.path)
        known["owner"] = place.owner or known.get("owner", "")
        known.pop("refused", None)
        self._count(int(known.get("lines", "0")), int(known.get("understood", "0")))

    def _count(self, lines: int, understood: int) -> None:
        self.report.lines += lines
        self.report.understood += understood

    def _refuse(self, problem: Problem) -> None:
        """What the source last said stays; a later build of others remembers that it was refused."""
        self.report.refused.append(problem)
        if problem.source in self.sources:
            self.sources[problem.source]["refused"] = json.dumps(
                [problem.line, problem.what, problem.quote, problem.hint]
            )

    def _drop_gone(self, writer: Writer, found: set[str]) -> None:
        """Sources that lay below a folder that was given, however they came in, and that it no longer holds."""
        refused = {problem.source for problem in self.report.refused}
        folders = {Path(places.normal(path)) for path in self.given} - {Path(path) for path in refused}
        for path, known in sorted(self.sources.items()):
            owned = not folders.isdisjoint(Path(path).parents)
            if owned and path not in found and path not in refused:
                self._forget(writer, known)
                del self.sources[path]
                self.report.dropped.append(path)

    # --- what no source owns ----------------------------------------------------------------------------

    def _shape(self, shape: profile.Profile) -> str:
        """Graph of a profile, named by its content: two folders may know a community differently."""
        lines = quads.profile_lines(shape)
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
        graph = quads.graph_iri(shape.name, f"profile/{digest}")
        self.profiles[graph] = lines
        return graph

    def _common(self, writer: Writer) -> None:
        """The releases of each community in use, and which sources were refused."""
        ours = profile.load()
        used = {self._shape(ours), *(known.get("profile", "") for known in self.sources.values())}
        for graph in writer.graphs():
            if _PROFILE in graph and graph not in used:
                writer.drop(graph)
        for graph in sorted(used & set(self.profiles)):
            writer.replace(graph, self.profiles[graph])
        writer.replace(quads.graph_iri(ours.name, "refused"), quads.refusal_lines(ours, self._faults()))

    def _faults(self) -> list[Problem]:
        """What was refused in this build, or in an earlier one and not read since; what no source owns."""
        now = {problem.source for problem in self.report.refused}
        held = [
            Problem(path, *[row[0], "refused", *row[1:]])
            for path, known in sorted(self.sources.items())
            if "refused" in known and path not in now and (row := json.loads(known["refused"]))
        ]
        return [*self.report.refused, *held, *self.settings.problems]

    def _rules_digest(self) -> str:
        texts = [f"{name}\0{text}" for name, text in Catalogue.without_questions(self.extra).rules()]
        return hashlib.sha256("\0".join([*texts, link_digest()]).encode()).hexdigest()

    def _derive(self, writer: Writer) -> None:
        """Rebuild what no source says, from scratch: the links, then the rules in their order."""
        from graph import link  # noqa: PLC0415 - a build with nothing changed links nothing

        ours = profile.load()
        prefix = quads.graph_iri(ours.name, "rules")
        for graph in writer.graphs():
            if graph.startswith(prefix):
                writer.drop(graph)
        rules = Catalogue.without_questions(self.extra).rules()
        self.watch("linking", 0, len(rules) + 1)
        links = quads.graph_iri(ours.name, "links")
        writer.drop(links)
        writer.replace(links, link.lines(writer.select, ours))
        for count, (name, text) in enumerate(rules, 1):
            self.watch(f"rule {name}", count, len(rules) + 1)
            lines = writer.construct(text)
            if lines:
                writer.replace(f"{prefix}/{name}", lines)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Records are many and hold no circles: looking for some takes a tenth of a long build."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def build(
    store: Path, given: list[str], *, watch: Watch = lambda *_: None, queries: Iterable[Path] = ()
) -> Report:
    """Build the store from files and folders. Raises StoreBusy, StoreDamaged, or KgError for a bad rule."""
    with _uncollected():
        return _Build(store, given, watch, queries).run()


def drop(store: Path, path: str) -> bool:
    """Take one source out of the store; False when it is not there."""
    return _Build(store, [], lambda *_: None, ()).drop(places.normal(path))


__all__ = ["Report", "build", "drop"]
