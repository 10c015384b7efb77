"""Release files as triples: releases, versions in order, milestones with their days.

What the community's profile says of a release stands in a graph of its own and is not said again here: one value
of each is enough. Evidence stands with the file it was found in, which is a node with a path of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graph import terms
from graph.errors import Problem
from graph.extract import schedules
from graph.extract.deliveries import Deliveries, Series, Version, after
from graph.extract.schedules import Dated
from graph.facts import Evidence
from graph.profile import Profile, ReleaseInfo
from graph.quads import Quads, SourceInfo, date_literal, literal, node
from graph.readers import releases as reader
from graph.records import DeliveredRecord, SourceRecord
from graph.terms import fold


def write(profile: Profile, records: Iterable[Any]) -> Iterator[tuple[str, list[str]]]:
    """One segment: the source, its problems, and what was made of its records."""
    rows = list(records)
    source = next((row for row in rows if isinstance(row, SourceRecord)), None)
    if source is None:
        return
    out = _ReleaseQuads(profile, source)
    plans = schedules.collect(rows, profile, source.source)
    lists = Deliveries(profile, source.source, plans.names)
    dated = plans.milestones()
    versions = lists.versions(row for row in rows if isinstance(row, DeliveredRecord))
    out.releases(lists.series(plans.series, versions), dated)
    out.versions(versions)
    out.milestones(dated)
    told = [row for row in rows if isinstance(row, Problem)]
    yield "", out.lines([*told, *plans.problems, *lists.problems, *out.problems])


class _ReleaseQuads:
    def __init__(self, profile: Profile, source: SourceRecord) -> None:
        self.profile = profile
        self.source = source
        self.main = Quads(profile, source.source)
        self.problems: list[Problem] = []
        self._files: dict[str, Quads] = {}
        self._infos = {info.name: info for info in profile.releases}
        self._known = set(self._infos)  # releases that have their triples: from the profile, or here

    def _file(self, path: str) -> Quads:
        """The triples of one file: evidence in them leads to it."""
        place = f"{self.source.source}/{path}" if path else self.source.source
        if place not in self._files:
            self._files[place] = self.main if not path else Quads(self.profile, place)
            self._place(place)
        return self._files[place]

    def _place(self, place: str) -> None:
        if place != self.source.source:
            file = Quads(self.profile, place).source
            self.main.add(file, "rdf:type", node(terms.expand("prov:Entity")))
            self.main.add(file, "dcterms:source", literal(place))

    def lines(self, problems: list[Problem]) -> list[str]:
        """Everything, sorted, with the problems and the source itself."""
        for problem in problems:
            self._place(problem.source)
            self.main.problem(problem)
        unread = len({(problem.source, problem.line) for problem in problems if problem.kind == "unread"})
        total = int(dict(self.source.about).get("lines", "0"))
        info = SourceInfo(
            self.source.source,
            self.source.sha256,
            "",
            f"{reader.NAME} {reader.VERSION}",
            total,
            max(0, total - unread),
        )
        self.main.describe(info)
        lines = set(self.main.lines())
        return sorted(lines.union(*(out.lines() for out in self._files.values())))

    def _mention(self, row: Series | Version | Dated, kind: str, key: str, quote: str, of: str) -> str:
        """A place of a file that names a thing: its keys are the place and those of the thing."""
        out, line = self._file(row.path), row.line
        thing = out.iri(f"{kind}-listed", out.path, line, *terms.keys_of(of)[2:])
        out.type(thing, "Mention")
        out.texts(thing, kind=kind, key=key)
        out.add(thing, "kg:mentions", node(of))
        out.evidence(thing, Evidence(line, quote))
        return thing

    # --- releases -------------------------------------------------------------------------------------------

    def releases(self, rows: list[Series], dated: list[Dated]) -> None:
        """Releases as listed; those that the profile does not know come after the ones it knows."""
        freezes = self._freezes(dated)
        last = self.profile.releases[-1] if self.profile.releases else None
        ordinal, before = len(self.profile.releases), last.name if last else ""
        start = last.ship if last else ""
        for row in rows:
            info = self._infos.get(row.slug)
            if info is None and last and not after(row.released, last.ship):
                what = f"{row.written} is not later than {last.name}, the last release that the profile knows"
                self._odd(row, what, "add it to the profile, at its place")
                continue
            thing = self._release(row)
            if info is None:
                ordinal += 1
                self._unknown(thing, row, ordinal, start)
                self._follows(before, thing)
                before, start = row.slug, row.released
            self._freeze(thing, info, freezes.get(row.slug))
            if info and not info.ship and row.released:
                self.main.add(thing, "kg:cycleEnd", date_literal(row.released))

    def _release(self, row: Series) -> str:
        out = self.main
        thing = out.release(row.slug)
        self._known.add(row.slug)
        out.type(thing, "Release")
        out.texts(thing, slug=row.slug, phase=row.status, nextPhase=row.then)
        for name, date in (("endOfLife", row.ended), ("nextPhaseStart", row.turns)):
            if date:
                out.add(thing, f"kg:{name}", date_literal(date))
        for name in row.names:
            out.add(thing, "skos:altLabel", literal(name))
        self._mention(row, "release", row.slug, row.written, thing)
        return thing

    def _unknown(self, thing: str, row: Series, ordinal: int, start: str) -> None:
        self.main.add(thing, "rdfs:label", literal(row.names[0]))
        self.main.number(thing, "ordinal", ordinal)
        for name, date in (("cycleStart", start), ("cycleEnd", row.released)):
            if date:
                self.main.add(thing, f"kg:{name}", date_literal(date))

    def _follows(self, before: str, thing: str) -> None:
        if before:
            for link in ("kg:successor", "time:intervalMeets"):
                self.main.add(self.main.release(before), link, node(thing))

    def _freezes(self, dated: list[Dated]) -> dict[str, Dated]:
        wanted = self.profile.schedule.freeze
        return {row.release: row for row in reversed(dated) if wanted and row.name == wanted}

    def _freeze(self, thing: str, info: ReleaseInfo | None, found: Dated | None) -> None:
        if found is None:
            return
        if info is None or not info.freeze:
            self.main.add(thing, "kg:freeze", date_literal(found.date))
        elif info.freeze != found.date:
            what = (
                f"{found.name} of {found.release} on {found.date}, the community's profile says {info.freeze}"
            )
            place = f"{self.source.source}/{found.path}" if found.path else self.source.source
            hint = "set the profile right, if it is wrong"
            self.problems.append(Problem(place, found.line, "odd", what, found.quote, hint))

    def _odd(self, row: Series, what: str, hint: str) -> None:
        place = f"{self.source.source}/{row.path}" if row.path else self.source.source
        self.problems.append(Problem(place, row.line, "odd", what, row.written, hint))

    # --- versions and milestones ------------------------------------------------------------------------------

    def versions(self, rows: list[Version]) -> None:
        """Versions with the release they belong to."""
        for row in rows:
            out = self._file(row.path)
            thing = out.version(row.name, row.project)
            out.type(thing, "Version")
            out.add(thing, "rdfs:label", literal(row.name))
            out.texts(thing, key=row.name, project=row.project, stage=row.stage)
            if row.release in self._known:
                out.add(thing, "kg:versionOf", node(out.release(row.release)))
            said = self._mention(row, "version", row.name, row.name, thing)
            out.number(said, "position", row.nth)

    def milestones(self, rows: list[Dated]) -> None:
        """Milestones with their days."""
        for row in (row for row in rows if row.release in self._known):
            out = self._file(row.path)
            thing = out.iri("milestone", row.release, fold(row.name), row.date)
            out.type(thing, "Milestone")
            out.add(thing, "kg:milestoneOf", node(out.release(row.release)))
            out.add(thing, "rdfs:label", literal(row.name))
            out.add(thing, "dcterms:date", date_literal(row.date))
            out.texts(thing, project=row.project)
            self._mention(row, "milestone", row.name, row.quote, thing)
