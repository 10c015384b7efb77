"""What the home page shows of a build: what is open, what slips, the last meetings, and what it all rests on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from graph import sparql
from graph.serve.ask_cells import Piece, evidence_url, short_place
from graph.serve.ask_index import Row, rows_of
from graph.serve.home_changes import newest_day
from graph.serve.home_releases import known_releases, slug_of
from graph.serve.layout import href
from graph.serve.results_cells import by_name
from graph.serve.state import Generation
from graph.serve.thing_words import value_word

FEW, MEETINGS, PAIRS = 6, 4, 3
STALE = 45  # days after which the record is called old
BAD = ("at-risk", "stalled", "deferred", "abandoned")
NOTES = "notes"  # how the reader of notes is called in the graph


@dataclass(frozen=True)
class Fact:
    """A line of a card: its day or age, words with links, the place it rests on, a tag."""

    pieces: tuple[Piece, ...]
    date: str = ""
    proof: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Release:
    """A release as the page names it: slug, label, page, first day, freeze and ship date."""

    slug: str
    label: str
    url: str
    start: str
    freeze: str
    ship: str


@dataclass(frozen=True)
class Pair:
    """What slipped from one release to a later one, in numbers."""

    first: Release
    last: Release
    slipped: int
    implemented: int
    dropped: int
    url: str


@dataclass(frozen=True)
class Held:
    """A source: its name in short and in full, its newest day, how much of it was understood (percent)."""

    name: str
    source: str
    newest: str
    percent: int
    unread: int


class Facts:
    """The facts of one build in one language; what they are made of is asked once a build."""

    def __init__(self, now: Generation, lang: str) -> None:
        self._now, self._lang = now, lang
        self.newest = newest_day(now)
        self.notes = max((str(row["date"])[:10] for row in rows_of(now, "meetings")), default="")

    # --- days ---------------------------------------------------------------------------------------------------------

    def age(self, day: str) -> int:
        """Days from a day to today."""
        return (datetime.date.today() - datetime.date.fromisoformat(day)).days if day else 0

    @property
    def today(self) -> str:
        """The day to which ages are counted."""
        return datetime.date.today().isoformat()

    def releases(self) -> list[Release]:
        """The releases of communities that a source speaks of, in order."""
        told = known_releases(self._now).told
        iris = {slug_of(named.iri): named.iri for named in self._now.names.of("release")}
        every = ({name: str(cell or "") for name, cell in r.items()} for r in rows_of(self._now, "releases"))
        rows = [row for row in every if row["release"] in told]
        return [
            Release(
                r["release"], r["label"], href(iris.get(r["release"], "")), r["start"], r["freeze"], r["ship"]
            )
            for r in rows
        ]

    def cycle(self, day: str) -> Release | None:
        """The release whose cycle a day lies in."""
        return next((r for r in self.releases() if r.start and r.start <= day < (r.ship or "9")), None)

    def under_way(self) -> Release | None:
        """The release under way when the record ends; None where it ends with edits of plans long since carried out."""
        known, found = known_releases(self._now), self.cycle(self.newest) if self.newest else None
        at_work = found is not None and (found.slug in known.promised or known.worked >= found.start)
        return found if at_work else None

    def newest_promised(self) -> Release | None:
        """The newest release that there are specs for."""
        promised = known_releases(self._now).promised
        return next((r for r in reversed(self.releases()) if r.slug in promised), None)

    def _link(self, kind: str, name: str) -> str:
        """The page of the thing that has just this name: not out of the index of suggestions, which takes seconds."""
        return href(by_name(self._now)[kind].get(name.casefold(), "")) if name else ""

    # --- what is open -------------------------------------------------------------------------------------------------

    def todos(self) -> list[Fact]:
        """Open TODOs, the oldest first; one that several sources list comes once, as it was first raised."""
        open_ones: dict[str, Row] = {}
        for row in self._listed():
            if row["state"] == "NEEDS-ACTION":
                open_ones.setdefault(str(row["todo"]), row)
        rows = sorted(open_ones.values(), key=lambda row: -int(row["age_days"] or 0))
        return [self._todo(row) for row in rows]

    def _listed(self) -> list[Row]:
        """TODOs with their ages to today: asked anew each day."""

        def ask() -> list[Row]:
            bound = {"today": self._now.names.resolve("date", self.today)}
            return sparql.run(self._now.reader, self._now.catalogue.get("todos"), bound).dicts()

        return self._now.kept(f"todos {self.today}", ask)

    def _todo(self, row: Row) -> Fact:
        about = str(row["about"] or "")
        text = Piece(str(row["text"]), self._link("feature", about))
        days = int(row["age_days"] or 0)
        age = f"已 {days} 天" if self._lang == "zh" else f"{days} days old"
        return Fact((text,), str(row["raised_in"]), _proof(row), age)

    def decisions(self) -> list[Fact]:
        """Decisions with somebody to carry them out, the newest first."""
        rows = sorted(rows_of(self._now, "decisions"), key=lambda row: str(row["date"]), reverse=True)
        return [
            Fact((self._person(row, "assignee"), Piece(str(row["about"] or row["quote"] or ""))),
                 str(row["date"])[:10], _proof(row))
            for row in rows
        ]  # fmt: skip

    def _person(self, row: Row, column: str) -> Piece:
        name = str(row[column] or "")
        return Piece(name, self._link("person", name))

    def promises(self, release: Release) -> list[Fact]:
        """What a release promised and neither has nor gave up yet."""
        return [self._promise(row) for row in self._plan(release) if row["outcome"] == "open"]

    def _promise(self, row: Row) -> Fact:
        name = str(row["feature"])
        pieces = (Piece(name, self._link("feature", name)), Piece(str(row["label"] or "")))
        place = f"{row['source']}:{row['path']}" if row["path"] else ""
        proof = evidence_url(place, int(row["line"] or 0)) if place else ""
        return Fact(pieces, str(row["approved"] or "")[:10], proof)

    def planned(self, release: Release) -> int:
        """How many specs a release has on record."""
        return len(self._plan(release))

    def _plan(self, release: Release) -> list[Row]:
        def ask() -> list[Row]:
            bound = {"release": self._now.names.resolve("release", release.slug)}
            return sparql.run(self._now.reader, self._now.catalogue.get("release-plan"), bound).dicts()

        return self._now.kept(f"plan {release.slug}", ask)

    # --- what slips ---------------------------------------------------------------------------------------------------

    def pairs(self) -> list[Pair]:
        """The newest pairs of releases between which something slipped, and that of the time of the last notes."""
        known = {release.slug: release for release in self.releases()}
        place = {slug: n for n, slug in enumerate(known)}
        rows = [
            r
            for r in rows_of(self._now, "slip-counts")
            if {r["from"], r["to"]} <= set(known) and r["slipped"]
        ]
        rows.sort(key=lambda r: (-place[str(r["from"])], place[str(r["to"])]))
        then = self.cycle(self.notes) if self.notes else None
        old = [r for r in rows if then and r["from"] == then.slug][:1]
        chosen = [*[r for r in rows if r not in old][: PAIRS - len(old)], *old]
        return [self._pair(row, known) for row in chosen]

    @staticmethod
    def _pair(row: Row, known: dict[str, Release]) -> Pair:
        first, last = known[str(row["from"])], known[str(row["to"])]
        url = "/questions/slips?" + urlencode({"from": first.slug, "to": last.slug})
        slipped, implemented, dropped = (int(row[c] or 0) for c in ("slipped", "implemented", "dropped"))
        return Pair(first, last, slipped, implemented, dropped, url)

    def risks(self) -> list[Fact]:
        """What the last meetings said is at risk, stalled or deferred."""
        days = sorted({str(row["date"])[:10] for row in rows_of(self._now, "meetings")})[-MEETINGS:]
        rows = [
            r for r in rows_of(self._now, "statuses") if str(r["date"])[:10] in days and r["status"] in BAD
        ]
        rows.sort(key=lambda row: str(row["date"]), reverse=True)
        return [self._risk(row) for row in rows]

    def _risk(self, row: Row) -> Fact:
        thing, part = str(row["thing"] or ""), str(row["part"] or "")
        to = Piece(str(row["release"] or ""), self._link("release", str(row["release"] or "")))
        pieces = (Piece(thing, self._link("feature", thing)), Piece(part if part != thing else ""), to)
        tag = value_word("status", str(row["status"]), self._lang)
        return Fact(tuple(p for p in pieces if p.text), str(row["date"])[:10], _proof(row), tag)

    # --- meetings and sources -----------------------------------------------------------------------------------------

    def meetings(self) -> list[Fact]:
        """The last meetings, each with its author's sentence or else what was on the table."""
        items: dict[str, list[str]] = {}
        for row in rows_of(self._now, "discussions"):
            items.setdefault(str(row["meeting"]), []).append(str(row["heading"] or ""))
        last = rows_of(self._now, "meetings")[::-1][:MEETINGS]
        return [self._meeting(row, items.get(str(row["meeting"]), [])) for row in last]

    def _meeting(self, row: Row, items: Iterable[str]) -> Fact:
        joint = "、" if self._lang == "zh" else ", "
        said = str(row["summary"] or joint.join(filter(None, dict.fromkeys(items))))
        day = str(row["date"])[:10]
        return Fact((Piece(day, href(str(row["meeting"]))), Piece(said)), day, _proof(row))

    def sources(self) -> list[Held]:
        """Where it all comes from."""
        return [
            Held(short_place(str(row["source"]), 0), str(row["source"]), str(row["newest"] or "")[:10], _percent([row]),
                 int(row["lines"] or 0) - int(row["understood"] or 0))
            for row in rows_of(self._now, "sources")
        ]  # fmt: skip

    def understood(self) -> int:
        """Percent of the lines of notes that were understood; of all sources where there are no notes."""
        rows = rows_of(self._now, "sources")
        return _percent([r for r in rows if str(r["reader"]).startswith(NOTES)] or rows)


def _percent(rows: Iterable[Row]) -> int:
    held = [(int(row["lines"] or 0), int(row["understood"] or 0)) for row in rows]
    lines = sum(number for number, _ in held)
    return 100 * sum(number for _, number in held) // lines if lines else 100


def _proof(row: Row) -> str:
    return evidence_url(str(row["source"]), int(row["line"] or 0)) if row.get("source") else ""
