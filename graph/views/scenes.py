"""Tables of `queries/views/scene-*.rq` → what a timeline or a network is made of: rows as text, and subjects.

A subject is what items are about: a topic and the feature that an item on it names are one subject, and so
is whatever else is joined to them by an item. Nothing is queried or drawn here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter

from graph.table import Table
from graph.terms import keys_of
from graph.views.models import Evidence, Release

Row = dict[str, str]

# The tables a scene is made of, by the stem of their query after `scene-`: what every drawing needs first.
NAMED = ("items", "things", "reports", "decisions", "releases", "slips", "milestones", "notes", "stands")
NETWORK_TABLES = (*NAMED, "meetings", "mentions", "tracked", "people", "todos", "links", "commits", "specs")
TIMELINE_TABLES = (
    *NAMED, "names", "plans", "moves", "states", "versions", "reverts", "continued", "spoken", "titles",
    "people", "written", "helpers", "landings",
)  # fmt: skip
TABLES = tuple(dict.fromkeys((*NETWORK_TABLES, *TIMELINE_TABLES)))
# Of these only the rows of some things are read where only those are asked for: they grow with the code.
OF_THINGS = ("landings", "helpers")
DATED = (
    "items",
    "meetings",
    "reports",
    "decisions",
    "mentions",
    "slips",
    "todos",
    "milestones",
    "commits",
    "specs",
)
# Large tables are sorted here, by these columns: the store would look up the names at every comparison.
SORTED = {
    "things": ("type", "slug", "thing", "label", "url"), "tracked": ("type", "key", "thing", "title", "url"),
    "links": ("one", "link", "other"), "commits": ("date", "commit", "patch"),
    "landings": ("date", "commit", "thing", "patch", "version", "kept", "author"),
    "helpers": ("thing", "patch", "person"), "written": ("person", "name"), "states": ("date", "change", "thing"),
}  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """What items are about. kind: `feature`, `topic`, or `discussion` when one item is all there is."""

    key: str
    kind: str
    label: str
    date: str
    slugs: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Scene:
    """Rows by table, every cell as text, "" without a value; lang: `zh` or `en`."""

    rows: Mapping[str, Sequence[Row]]
    lang: str

    @cached_property
    def heads(self) -> dict[str, str]:
        """IRI of a topic or feature → key of its subject. Everything an item is about is one subject."""
        owners = other_names(self.rows["names"])
        things = sorted(self.rows["things"], key=lambda row: row["thing"] in owners)
        names = ({"thing": name, "target": owner} for name, owner in owners.items())
        return _joined(things, self.rows["items"], (*self.rows["stands"], *names))

    @cached_property
    def subjects(self) -> dict[str, Subject]:
        """Subjects by key."""
        members: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows["things"]:
            members[self.heads[row["thing"]]].append(row)
        items: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self.rows["items"]:
            if row["thing"]:
                items[self.heads[row["thing"]]].setdefault(row["item"], row)
        return {key: _subject(key, rows, list(items[key].values())) for key, rows in members.items()}

    @cached_property
    def releases(self) -> dict[str, Release]:
        """Releases by IRI, in their order."""
        rows = sorted(self.rows["releases"], key=lambda row: (int(row["ordinal"] or 0), row["release"]))
        return {
            row["release"]: Release(
                row["slug"], row["label"], row["start"], row["freeze"], row["ship"], iri=row["release"]
            )
            for row in rows
        }

    @cached_property
    def subjects_of_items(self) -> dict[str, tuple[str, ...]]:
        """IRI of an item → keys of its subjects."""
        found: dict[str, tuple[str, ...]] = {}
        for row in self.rows["items"]:
            key = self.heads.get(row["thing"])
            if key is not None and key not in found.get(row["item"], ()):
                found[row["item"]] = (*found.get(row["item"], ()), key)
        return found

    def spoken(self, iri: str) -> tuple[str, ...]:
        """The names that notes have for a person or a patch of a repository, and itself where there are none."""
        return tuple(row["thing"] for row in self.rows["stands"] if row["target"] == iri) or (iri,)

    def subject_of(self, row: Row) -> str:
        """Key of the subject of a row's `thing`, or ""."""
        return self.heads.get(row["thing"], "")

    def slug(self, release: str) -> str:
        """Slug of a release's IRI, "" when it is not known."""
        found = self.releases.get(release)
        return found.slug if found is not None else ""

    def say(self, en: str, zh: str) -> str:
        """A word in the language of the scene."""
        return zh if self.lang == "zh" else en


def other_names(rows: Iterable[Row]) -> dict[str, str]:
    """Feature that has no spec of its own → the one feature whose specs are about it; none where there are more."""
    owners: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        owners[row["thing"]].add(row["owner"])
    return {name: min(found) for name, found in owners.items() if len(found) == 1 and name not in found}


def scene(tables: Mapping[str, Table], lang: str) -> Scene:
    """The scene of all TABLES; one that is missing counts as empty."""
    rows = {name: _rows(tables[name]) if name in tables else [] for name in TABLES}
    for name, columns in SORTED.items():
        rows[name].sort(key=itemgetter(*columns))
    return Scene(rows, lang)


def _rows(table: Table) -> list[Row]:
    return [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in table.dicts()]


def within(whole: Scene, since: str, until: str) -> Scene:
    """Only what is dated from `since` to `until` (ISO, "" for open), and what has no date."""
    if not since and not until:
        return whole
    kept = {name: [row for row in whole.rows[name] if in_range(row["date"], since, until)] for name in DATED}
    gone = {row["patch"] for row in whole.rows["commits"]} - {row["patch"] for row in kept["commits"]}
    kept["links"] = [row for row in whole.rows["links"] if row["other"] not in gone]
    return replace(whole, rows={**whole.rows, **kept})


def in_range(date: str, since: str, until: str) -> bool:
    """Whether an ISO date, by as much as is known of it, lies in a range; one that is not known does."""
    if not date:
        return True
    size = len(date)
    return (not since or since[:size] <= date) and (not until or date <= until[:size])


def evidence(row: Row) -> Evidence:
    """The words and the place of a row."""
    return Evidence(row["quote"], row["source"], int(row["line"] or 0))


def community(iri: str) -> str:
    """The community a thing belongs to, or ""."""
    return (keys_of(iri) or [""])[0]


def merged(rows: Iterable[Row], key: str) -> Iterator[tuple[Row, list[Row]]]:
    """Rows of one thing together: the first of them, and all."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    for group in found.values():
        yield group[0], group


# ---- subjects


def _joined(things: Iterable[Row], items: Iterable[Row], stands: Iterable[Row]) -> dict[str, str]:
    """Each thing's head: the first, in the order of the things, of all that items or links join to it."""
    heads = {row["thing"]: row["thing"] for row in things}
    order = {thing: at for at, thing in enumerate(heads)}

    def head(thing: str) -> str:
        while heads[thing] != thing:
            heads[thing] = heads[heads[thing]]
            thing = heads[thing]
        return thing

    first: dict[str, str] = {}
    named = (row for row in items if row["thing"] in heads)
    pairs = [(row["thing"], first.setdefault(row["item"], row["thing"])) for row in named]
    pairs += [
        (row["thing"], row["target"]) for row in stands if {row["thing"], row["target"]} <= heads.keys()
    ]
    for one, other in pairs:
        ends = head(one), head(other)
        heads[max(ends, key=order.__getitem__)] = min(ends, key=order.__getitem__)
    return {thing: head(thing) for thing in heads}


def _subject(key: str, members: Sequence[Row], items: Sequence[Row]) -> Subject:
    kinds = {row["kind"] for row in items} | {row["type"] for row in members if row["type"] == "feature"}
    kind = "feature" if "feature" in kinds else "discussion" if len(items) == 1 else "topic"
    slugs = tuple(dict.fromkeys(row["slug"] for row in members))
    url = next((row["url"] for row in members if row["url"]), "")
    date = items[0]["date"] if kind == "discussion" else ""
    return Subject(key, kind, _label(members, items), date, slugs, url)


def _label(members: Sequence[Row], items: Sequence[Row]) -> str:
    """The label of the topic that most items are on; a slug when nothing better is known."""
    times = Counter(row["thing"] for row in items)
    named = [row for row in members if row["label"]]
    if not named:
        return members[0]["slug"]
    return min(named, key=lambda row: (-times[row["thing"]], row["label"]))["label"]
