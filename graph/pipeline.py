"""The product on one screen: which kinds of source there are, and what a build does with them.

    places ─► read ─► records ─► extract ─► facts ─► quads ─► store ─► rules

A source that did not change is not read again; one that cannot be read keeps its last good facts and is
flagged; one that is gone from a folder given to the build is dropped. One build is one generation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from graph import __version__, closings, corrections, places, profile, quads
from graph.errors import KgError, Problem
from graph.note_quads import NoteQuads
from graph.places import Place
from graph.queries import Catalogue
from graph.readers import notes
from graph.readers.text import MAX_BYTES
from graph.settings import Folders, Settings, is_setting
from graph.store import Writer

_PROFILE = f"/graph/{quote('profile/', safe='')}"
Talk = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """What a source became: triples, problems, and how much of it was understood."""

    lines: list[str]
    problems: list[Problem]
    total: int = 0
    understood: int = 0


@dataclass(frozen=True)
class SourceKind:
    """A kind of source: `sniff` by name and first bytes, `read` its bytes to triples or problems."""

    name: str
    sniff: Callable[[str, bytes], bool]
    read: Callable[[bytes, str, Settings], Result]


def _read_note(data: bytes, source: str, settings: Settings) -> Result:
    record, problems = notes.read(data, source)
    if record is None:
        return Result([], problems)
    found = settings.extractor.extract(record)
    rows, dropped, unmet = corrections.apply(found.facts, settings.corrections, source)
    right = {row.correction.line for row in (*dropped, *(done for _, done in rows if done))}
    found_odd = (p for p in found.problems if p.kind != "odd" or p.line not in right)
    problems = [*problems, *found_odd, *unmet]
    info = quads.SourceInfo(
        source,
        record.sha256,
        record.title,
        f"{notes.NAME} {notes.VERSION}",
        found.lines,
        len(found.understood),
    )
    writer = NoteQuads(settings.profile, info)
    for problem in problems:
        writer.out.problem(problem)
    return Result(writer.write(rows, dropped), problems, found.lines, len(found.understood))


def _read_closings(data: bytes, source: str, settings: Settings) -> Result:
    try:
        rows = closings.parse(data.decode("utf-8", errors="replace"), source)
    except KgError as error:
        return Result([], [Problem(source, 0, "refused", error.what, hint=error.hint)])
    digest = hashlib.sha256(data).hexdigest()
    lines = quads.closing_lines(settings.profile, source, digest, rows)
    return Result(lines, [], len(rows), len(rows))


SOURCES: tuple[SourceKind, ...] = (
    SourceKind("closings", lambda name, _: name == closings.FILE, _read_closings),
    SourceKind("notes", notes.sniff, _read_note),
)


def _refusal(source: str, error: KgError) -> Problem:
    return Problem(source, 0, "refused", f"its settings cannot be used: {error}", hint=error.hint)


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

    def __init__(self, store: Path, given: list[str], talk: Talk, extra_queries: Iterable[Path]) -> None:
        self.store = store
        self.given = given
        self.talk = talk
        self.extra = list(extra_queries)
        self.report = Report()
        self.settings = Folders()
        self.sources: dict[str, dict[str, str]] = {}
        self.profiles: dict[str, list[str]] = {}

    def run(self) -> Report:
        """Read, replace, derive, publish."""
        found, faults = places.find(self.given)
        with Writer(self.store) as writer:
            meta = writer.meta
            self.sources = {str(k): dict(v) for k, v in meta.get("sources", {}).items()}
            before = writer.graphs()
            for fault in faults:
                self._refuse(fault)
            for place in found:
                self._source(writer, place)
            self.report.problems += self.settings.problems
            self._drop_gone(writer, {place.path for place in found})
            self._common(writer)
            rules = self._rules_digest()
            if writer.graphs() != before or meta.get("rules") != rules:
                self._derive(writer)
            self.report.changed = writer.commit(
                {"sources": self.sources, "rules": rules, "version": __version__}
            )
        return self.report

    def drop(self, path: str) -> bool:
        """Take one source out and derive anew; False when it is not held."""
        with Writer(self.store) as writer:
            self.sources = {str(k): dict(v) for k, v in writer.meta.get("sources", {}).items()}
            known = self.sources.pop(path, None)
            if known is None:
                return False
            writer.drop(known["graph"])
            self._common(writer)
            self._derive(writer)
            writer.commit({"sources": self.sources, "rules": self._rules_digest(), "version": __version__})
        return True

    # --- sources ----------------------------------------------------------------------------------------

    def _source(self, writer: Writer, place: Place) -> None:
        if is_setting(place.path):
            return
        data = places.read_bytes(place.path, MAX_BYTES)
        if isinstance(data, Problem):
            self._refuse(data)
            return
        kind = next((row for row in SOURCES if row.sniff(Path(place.path).name, data[:512])), None)
        if kind is None:
            self._unknown(place)
            return
        settings = self.settings.of(place.path)
        if isinstance(settings, KgError):
            self._refuse(_refusal(place.path, settings))
            return
        self._read(writer, place, kind, settings, data)

    def _unknown(self, place: Place) -> None:
        if place.owner:
            self.report.skipped.append(place.path)
        else:
            hint = "notes are text: .md, .txt"
            self._refuse(Problem(place.path, 0, "refused", "no kind of source is known for it", hint=hint))

    def _read(self, writer: Writer, place: Place, kind: SourceKind, settings: Settings, data: bytes) -> None:
        graph = quads.source_iri(settings.profile.name, place.path)
        digest = hashlib.sha256(data + settings.digest.encode()).hexdigest()
        known = self.sources.get(place.path, {})
        shape = self._shape(settings.profile)
        if known.get("digest") == digest and known.get("graph") == graph and graph in writer.graphs():
            self._kept(place, known)
            return
        self.talk(f"reading {place.path}")
        try:
            result = kind.read(data, place.path, settings)
        except KgError as error:  # words of a lexicon are tried out by the first note only
            result = Result([], [_refusal(place.path, error)])
        refused = [problem for problem in result.problems if problem.kind == "refused"]
        if refused:
            self._refuse(refused[0])
            return
        if known.get("graph") not in (None, graph):
            writer.drop(known["graph"])
        writer.replace(graph, result.lines)
        self.sources[place.path] = {
            "digest": digest, "graph": graph, "owner": place.owner or known.get("owner", ""), "kind": kind.name,
            "profile": shape, "lines": str(result.total), "understood": str(result.understood),
        }  # fmt: skip
        self.report.read.append(place.path)
        self.report.problems.extend(result.problems)
        self._count(result.total, result.understood)

    def _kept(self, place: Place, known: dict[str, str]) -> None:
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
                writer.drop(known["graph"])
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
        texts = [f"{name}\0{text}" for name, text in Catalogue.load(self.extra).rules()]
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()

    def _derive(self, writer: Writer) -> None:
        """Rebuild the derived graphs from scratch, rule by rule."""
        community = profile.load().name
        prefix = quads.graph_iri(community, "rules")
        for graph in writer.graphs():
            if graph.startswith(prefix):
                writer.drop(graph)
        for name, text in Catalogue.load(self.extra).rules():
            lines = writer.construct(text)
            if lines:
                writer.replace(f"{prefix}/{name}", lines)


def build(
    store: Path, given: list[str], *, talk: Talk = lambda _: None, queries: Iterable[Path] = ()
) -> Report:
    """Build the store from files and folders. Raises StoreBusy, StoreDamaged, or KgError for a bad rule."""
    return _Build(store, given, talk, queries).run()


def drop(store: Path, path: str) -> bool:
    """Take one source out of the store; False when it is not there."""
    return _Build(store, [], lambda _: None, ()).drop(places.normal(path))


__all__ = ["SOURCES", "Report", "build", "drop"]
