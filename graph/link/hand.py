"""Links made or forbidden by hand: `aliases.toml` wins over every guess, and what it names in vain is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from graph.errors import Problem
from graph.link.model import APART, LINKED, Link, Select, rows
from graph.profile import Profile
from graph.terms import fold

_ALIASES = """SELECT DISTINCT ?alias ?kind ?name ?value ?why ?line ?source WHERE {
  ?alias a kg:Alias ; kg:kind ?kind ; kg:written ?name ; kg:line ?line ; kg:fromSource/dcterms:source ?source .
  OPTIONAL { ?alias kg:value ?value } OPTIONAL { ?alias kg:reason ?why } }"""


class Row(NamedTuple):
    """An alias as the graph has it."""

    kind: str
    name: str
    value: str
    why: str
    line: int
    source: str


def read(select: Select, profile: Profile) -> list[Row]:
    """Every alias of the community, in the order of files and lines."""
    found = rows(select, profile.name, _ALIASES)
    made = [
        Row(kind, name, value, why, int(line), source) for _, kind, name, value, why, line, source in found
    ]
    return sorted(made, key=lambda row: (row.source, row.line, row.kind, row.name))


class Hand:
    """The aliases of one kind, applied; `settled` are the things that no guess may touch."""

    def __init__(self, kind: str, aliases: Iterable[Row]) -> None:
        self.kind = kind
        self.aliases = [row for row in aliases if row.kind == kind]
        self.links: list[Link] = []
        self.problems: list[Problem] = []
        self.settled: set[str] = set()

    def apply(self, named: Mapping[str, set[str]], targets: Mapping[str, set[str]]) -> None:
        """`named` are the things a name can be of, `targets` what it can stand for, both by folded name."""
        for row in self.aliases:
            things = sorted(named.get(fold(row.name), set()) - self.settled)
            self.settled |= set(things)
            meant = sorted(targets.get(fold(row.value), set())) if row.value else []
            if row.value and len(meant) != 1:
                self._odd(
                    row,
                    f"no {self.kind} is known as" if not meant else f"several {self.kind}s are",
                    row.value,
                )
                continue
            if not things and not (row.value and self.kind == "feature"):
                self._odd(row, f"nothing names the {self.kind}", row.name)
            self._join(row, things, meant)

    def _join(self, row: Row, things: list[str], meant: list[str]) -> None:
        why = f"{row.source}:{row.line}" + (f": {row.why}" if row.why else "")
        for of in things or [""]:
            if not row.value and of:
                self.links.append(Link(self.kind, of, "", 0.0, f"kept apart by {why}", APART, row.name))
            elif row.value and of not in meant:
                self.links.append(Link(self.kind, of, meant[0], 1.0, f"by hand: {why}", LINKED, row.name))

    def _odd(self, row: Row, what: str, name: str) -> None:
        hint = "mend the name, or take the row away"
        said = f"an alias leads nowhere: {what} {name!r}"
        self.problems.append(Problem(row.source, row.line, "odd", said, f"{row.name} = {row.value}", hint))


def by_fold(names: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Things by each of their folded names."""
    found: dict[str, set[str]] = {}
    for thing, of in names.items():
        for name in of:
            found.setdefault(fold(name), set()).add(thing)
    return found
