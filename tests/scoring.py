"""What was found in one note against its gold file: precision, recall and F1 per kind of fact.

A gold file names the facts of a note, item by item; what careful readers could disagree on is `optional` there, or
stands under `maybe_…`, and counts neither as found nor as missed. An item of the gold file and a discussion of
the graph are one when their headings are, within one meeting.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]
Tables = Mapping[str, list[dict[str, Any]]]
SAME = 0.5  # likeness from which two headings are one
TOLD = 0.45  # and two TODOs
KEYED = {
    "patch": ("patches", str),
    "bug": ("bugs", str),
    "person": ("people", str.lower),
    "url": ("links", str),
}
MAYBE = {"person": ("maybe_people", str.lower), "url": ("maybe_links", str)}
MENTIONED = {"patch": "patch", "bug": "bug", "person": "person", "link": "url"}


@dataclass
class Tally:
    """Facts of one kind: those that must be found, those that may be, those that were."""

    must: Counter[Any] = field(default_factory=Counter)
    may: set[Any] = field(default_factory=set)
    found: Counter[Any] = field(default_factory=Counter)

    def missed(self) -> list[Any]:
        return sorted(self.must - self.found, key=str)

    def extra(self) -> list[Any]:
        return sorted((fact for fact in self.found - self.must if fact not in self.may), key=str)

    @property
    def f1(self) -> float:
        hit = (self.must & self.found).total()
        wrong = len(self.missed()) + len(self.extra())
        return 2 * hit / (2 * hit + wrong) if hit or wrong else 1.0


def bare(text: object) -> str:
    """Letters, digits and Chinese characters, lower case, one blank between words."""
    return " ".join(re.findall(r"[0-9a-z]+|[\u4e00-\u9fff]", str(text or "").lower()))


def likeness(one: object, other: object) -> float:
    """Share of pairs of neighbouring characters that two texts have in common; nearly all when one holds the other."""
    a, b = bare(one), bare(other)
    if not a or not b:
        return 0.0
    if f" {a} " in f" {b} " or f" {b} " in f" {a} ":
        return 0.95 if a != b else 1.0
    left, right = (Counter(itertools.pairwise(text)) for text in (a, b))
    return 2 * (left & right).total() / ((left.total() + right.total()) or 1)


def numbered(dates: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each date with which of its kind it is."""
    seen: Counter[str] = Counter()
    for date in dates:
        seen[date] += 1
        yield date, seen[date]


class Score:
    """One note against its gold file; `tallies` by kind of fact."""

    def __init__(self, gold: Mapping[str, Any], tables: Tables, text: str) -> None:
        self.tallies: dict[str, Tally] = defaultdict(Tally)
        self.gold, self.tables, self.lines = gold, tables, text.splitlines()
        self.items: dict[tuple[str, int], list[Row]] = {}
        self.meetings: dict[str, tuple[str, int]] = {}
        self.address: dict[tuple[str, Any], tuple[Any, ...]] = {}
        self._expect()
        self._meet()
        self._pair()
        self._find()
        self._todos()
        self._quotes()

    def differences(self) -> list[str]:
        """What was missed and what was too much, a line each."""
        out = []
        for kind, tally in sorted(self.tallies.items()):
            out += [f"{kind}: missed {fact}" for fact in tally.missed()]
            out += [f"{kind}: extra {fact}" for fact in tally.extra()]
        return out

    def below(self, least: float) -> dict[str, float]:
        """Kinds whose F1 is lower."""
        return {kind: round(tally.f1, 3) for kind, tally in self.tallies.items() if tally.f1 < least}

    def _must(self, kind: str, fact: Any, optional: bool = False) -> None:
        if optional:
            self.tallies[kind].may.add(fact)
        elif fact not in self.tallies[kind].must:
            self.tallies[kind].must[fact] = 1

    def _got(self, kind: str, fact: Any) -> None:
        self.tallies[kind].found[fact] = 1

    # --- gold -------------------------------------------------------------------------------------------------

    def _expect(self) -> None:
        meetings = self.gold["meetings"]
        for key, meeting in zip(numbered(str(m["date"]) for m in meetings), meetings, strict=True):
            self._must("meeting", key)
            self.items[key] = meeting["items"]
            for event in meeting.get("events", ()):
                self._must("milestone", (event["release"].lower(), str(event["date"])))
            for position, item in enumerate(meeting["items"]):
                self._expect_item((*key, position), item)

    def _expect_item(self, at: tuple[Any, ...], item: Row) -> None:
        optional = bool(item.get("optional"))
        self._must("discussion", at, optional)
        self._must("kind", (*at, item["kind"]), optional)
        for kind, (field_name, shape) in KEYED.items():
            for key in item.get(field_name, ()):
                self._must(kind, (*at, shape(str(key))), optional)
        for kind, (field_name, shape) in MAYBE.items():
            for key in item.get(field_name, ()):
                self._must(kind, (*at, shape(str(key))), True)
        for report in item.get("status", ()):
            fact = (*at, report["status"], report.get("release") or "")
            self._must("status", fact, optional or bool(report.get("optional")))
        if "decision" in item:
            decision = item["decision"]
            fact = (*at, decision["assignee"].lower())
            self._must("decision", fact, optional or bool(decision.get("optional")))

    # --- found ------------------------------------------------------------------------------------------------

    def _meet(self) -> None:
        held = sorted(self.tables["meetings"], key=lambda row: (row["date"], row["line"]))
        for key, row in zip(numbered(row["date"] for row in held), held, strict=True):
            self.meetings[row["meeting"]] = key
            self._got("meeting", key)

    def _pair(self) -> None:
        """Discussions and gold items of one meeting, the most alike first, nearer places before farther ones."""
        offers = []
        for row in self.tables["discussions"]:
            key = self.meetings[row["meeting"]]
            for position, item in enumerate(self.items.get(key, ())):
                like = likeness(item["name"], row["heading"])
                if like >= SAME:
                    offers.append((-like, abs(position + 1 - row["position"]), position, key, row))
        taken = set()
        for *_, position, key, row in sorted(offers, key=lambda offer: offer[:4]):
            mine = (row["meeting"], row["position"])
            if mine not in self.address and (*key, position) not in taken:
                self.address[mine] = (*key, position)
                taken.add((*key, position))

    def _at(self, row: Row) -> tuple[Any, ...]:
        known = self.address.get((row["meeting"], row["position"]))
        return known or (*self.meetings[row["meeting"]], f"? {row['heading']}")

    def _within(self, name: str) -> Iterator[tuple[tuple[Any, ...], Row]]:
        """Rows that stand in an item, with the address of it."""
        for row in self.tables[name]:
            if row.get("heading"):
                yield self._at(row), row

    def _find(self) -> None:
        for at, row in self._within("discussions"):
            self._got("discussion", at)
            if isinstance(at[2], int):
                self._got("kind", (*at, row["kind"]))
        for at, row in self._within("mentions"):
            kind = MENTIONED.get(row["kind"])
            if kind:
                key = str(row["key"])
                self._got(kind, (*at, key.lower() if kind == "person" else key))
        for at, row in self._within("statuses"):
            self._got("status", (*at, row["status"], row["release"] or ""))
        for at, row in self._within("decisions"):
            self._got("decision", (*at, str(row["assignee"]).lower()))
        for row in self.tables["milestones"]:
            self._got("milestone", (str(row["release"]).lower(), row["date"]))

    def _todos(self) -> None:
        """Mandatory TODOs take the most alike ones found; then the optional take theirs; what is left is extra."""
        left = list(self.tables["todos"])
        for optional in (False, True):
            for todo in (t for t in self.gold.get("todos", ()) if bool(t.get("optional")) is optional):
                best = max(left, key=lambda row: _told(todo, row), default=None)
                good = best is not None and _told(todo, best) >= TOLD
                if not optional:
                    self._must("todo", todo["text"])
                if good:
                    left.remove(best)
                    if not optional:
                        self._got("todo", todo["text"])
        for row in left:
            self._got("todo", f"? {row['text']}")

    def _quotes(self) -> None:
        """Every quote stands word for word at its line."""
        for name in ("statuses", "decisions"):
            for row in self.tables[name]:
                fact = (row["line"], row["quote"])
                near = bare(" ".join(self.lines[row["line"] - 1 : row["line"] + 4]))
                self._must("quote", fact)
                if bare(row["quote"]) in near:
                    self._got("quote", fact)


def _told(todo: Row, row: Row) -> float:
    """How much a TODO found is the one of the gold file: the feature named decides, else the words."""
    named = bare(str(row.get("about") or "").rsplit("/", 1)[-1])
    wanted = bare(todo.get("blueprint", ""))
    words = likeness(todo["text"], row["text"])
    return max(words, 0.5 + words / 2) if wanted and likeness(wanted, named) >= 0.8 else words
