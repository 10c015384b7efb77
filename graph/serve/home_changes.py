"""What changed of late, worked out in the background: comparing two builds takes longer than a reader waits."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph import diff
from graph.errors import KgError
from graph.generations import kept
from graph.serve.ask_cells import Piece, evidence_url
from graph.serve.ask_index import Row, index_of, link, rows_of
from graph.serve.home_examples import find_out
from graph.serve.languages import LANGS
from graph.serve.state import Generation
from graph.serve.thing_words import value_word
from graph.store import Reader
from graph.views.changes_words import HEADINGS, Spoken

DAYS, LONGER = 14, 60  # the last days on record, where there is no build before
FEW = 4  # lines of a kind
_ORDER = (
    "slip",
    "status",
    "decision",
    "feature",
    "spec",
    "merged",
    "fixed",
    "version",
    "todo",
    "closed",
    "meeting",
)


@dataclass(frozen=True)
class Changed:
    """Rows of `graph.diff`, and what they lie between: two builds, or two days.

    by: `build`; `days`, the last of the record; `notes`, those of the last notes, as nothing is newer than they are.
    """

    rows: tuple[Row, ...]
    by: str
    first: str
    last: str


@dataclass(frozen=True)
class Item:
    """One change: its day, words with links, the place it rests on."""

    date: str
    pieces: tuple[Piece, ...]
    proof: str


@dataclass(frozen=True)
class Section:
    """Changes of one kind: how many, and the newest of them."""

    kind: str
    title: str
    count: int
    items: tuple[Item, ...]


class Background:
    """Works out, in a thread of its own, what changed and which examples have answers."""

    def __init__(self, now: Generation, store: Path) -> None:
        self._now, self._store = now, store
        self.changed: Changed | None = None
        self.done = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            changed = _changed(self._now, self._store)
            index_of(self._now)  # what the changes link with
            self.changed = changed
            for lang in LANGS:
                find_out(self._now, lang)
        finally:
            self.done.set()


def background_of(now: Generation, store: Path) -> Background:
    """The work behind a build's home page; begun when it is first asked for."""
    return now.kept("background", lambda: Background(now, store))


def newest_day(now: Generation) -> str:
    """The newest day on record, but none that is yet to come; "" where nothing is dated."""
    today = datetime.date.today().isoformat()
    days = [str(row["newest"])[:10] for row in rows_of(now, "sources") if row["newest"]]
    return min(max(days), today) if days else ""


def _changed(now: Generation, store: Path) -> Changed:
    before = [number for number in kept(store) if number < now.number]
    if before:
        try:
            with Reader(store, before[-1]) as old:
                rows = tuple(diff.between(old, now.reader).dicts())
            if rows:
                return Changed(rows, "build", str(before[-1]), str(now.number))
        except KgError:
            pass  # it was collected while we looked: the last days will do
    for by, last, days in _spans(now):
        first = (datetime.date.fromisoformat(last) - datetime.timedelta(days=days - 1)).isoformat()
        rows = tuple(diff.since(now.reader, first, last).dicts())
        if rows:
            return Changed(rows, by, first, last)
    return Changed((), "days", "", "")


def _spans(now: Generation) -> list[tuple[str, str, int]]:
    """Stretches in which something may have changed, with their last days and lengths: the record's end, the notes'."""
    newest = newest_day(now)
    notes = max((str(row["date"])[:10] for row in rows_of(now, "meetings")), default="")
    spans = [("days", newest, DAYS), ("days", newest, LONGER), ("notes", notes, DAYS)]
    return [span for span in spans if span[1]]


# --- for the page ---------------------------------------------------------------------------------------------------


def sections(now: Generation, changed: Changed, lang: str) -> list[Section]:
    """What is new, by kind, the newest first."""
    spoken, found = Spoken(lang), []
    for kind in _ORDER:
        rows = [row for row in changed.rows if row["kind"] == kind and row["change"] == "new"]
        if rows:
            rows.sort(key=lambda row: str(row["date"] or ""), reverse=True)
            items = tuple(_item(now, kind, row, lang) for row in rows[:FEW])
            found.append(Section(kind, spoken.of(HEADINGS, kind), len(rows), items))
    return found


def _item(now: Generation, kind: str, row: Row, lang: str) -> Item:
    source, line = str(row["source"] or ""), int(row["line"] or 0)
    placed = source and kind != "version"  # a tag is its own place: its page tells it
    proof = evidence_url(source, line) if placed else ""
    pieces = [p for p in _pieces(now, kind, row, lang) if p.text]
    return Item(str(row["date"] or "")[:10], tuple(pieces), proof)


def _pieces(now: Generation, kind: str, row: Row, lang: str) -> Sequence[Piece]:
    """The thing, what is said of it, and the release, as far as a kind has them."""
    thing, says, key, release = (str(row[name] or "") for name in ("thing", "says", "key", "release"))
    if kind == "merged":
        return [
            Piece(says, link(now, "patch", key)),
            Piece(thing, link(now, "feature", thing)),
            Piece(release),
        ]
    if kind == "fixed":
        return [
            Piece(thing, link(now, "bug", thing)),
            Piece(says, link(now, "patch", key)),
            Piece(release),
        ]
    if kind == "version":
        return [Piece(thing, link(now, "version", thing)), Piece(release)]
    if kind == "meeting":
        return [Piece(thing, link(now, "date", str(row["date"])[:10])), Piece(says)]
    if kind == "decision":
        return [
            Piece(str(row["who"] or ""), link(now, "person", str(row["who"] or ""))),
            Piece(thing),
            Piece(says),
        ]
    name = link(now, "feature", key.partition(" · ")[0]) or link(now, "feature", thing.partition(" · ")[0])
    return [Piece(thing, name), Piece(value_word("status", says, lang)), Piece(release)]
