"""What changed from one build to another, or in a period, in the words of the domain.

Facts are compared by what they say, not by where: a line that moved, or a note that was renamed, is no change.
Each kind of fact has a query of its own (`queries/views/diff-*.rq`), says what makes two facts one (`same`) and
what may differ between them (`value`): a fact of which only that differs is told once, as changed.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from graph import sparql
from graph.queries import shipped
from graph.store import Bound, Reader
from graph.table import Cell, Table
from graph.terms import fold, keys_of

COLUMNS = (
    "change", "kind", "date", "thing", "says", "release", "source", "line", "who", "was", "version", "key",
)  # fmt: skip
FIRST, LAST = "0001-01-01", "9999-12-31"
_BY_COMMIT = ("commits", "landed")
FEW_DAYS = 1200  # up to which the commits of a period are quicker looked up than all are read
NONE = "\U0010fffd"  # what a query gives for a value that is missing: after every other, Chinese ones too

Row = dict[str, Cell]
Period = tuple[str, str]


class Said(NamedTuple):
    """A fact: the day it is dated, what it is about, what is said of it, and its place.

    `was` is what was said of the same thing before; `version` the first version that has a commit, and of a slip its
    outcome; `key` what the thing is known by.
    """

    date: str = ""
    thing: str = ""
    says: str = ""
    release: str = ""
    source: str = ""
    line: int = 0
    who: str = ""
    was: str = ""
    version: str = ""
    key: str = ""


@dataclass
class Asked:
    """A graph and the period that is asked for; what two kinds need is read once."""

    reader: Reader
    period: Period = (FIRST, LAST)
    _read: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, name: str) -> list[Row]:
        """The rows of a query of `queries/`, by its path without `.rq`."""
        if name not in self._read:
            query = sparql.load(shipped() / f"{name}.rq")
            known: dict[str, Bound] = {"since": ("date", self.period[0]), "until": ("date", self.period[1])}
            known["today"] = known["until"]
            bound = {param.name: known[param.name] for param in query.params}
            self._read[name] = sparql.run(self.reader, query, bound).dicts()
        return self._read[name]

    def view(self, name: str) -> list[Row]:
        """The rows of `queries/views/diff-NAME.rq`, or of `diff-NAME-all.rq` where all time is asked for."""
        since, until = map(datetime.date.fromisoformat, self.period)
        days = (min(until, datetime.date.today()) - since).days
        many = name in _BY_COMMIT and days > FEW_DAYS
        return self.rows(f"views/diff-{name}-all" if many else f"views/diff-{name}")


def _word(row: Row, *names: str) -> str:
    """The first of the cells that has a value."""
    found = (row[name] for name in names)
    return next((str(cell) for cell in found if cell is not None and cell not in ("", NONE)), "")


def _plain(row: Row, **more: str) -> Said:
    """A fact of the columns that are named as its own."""
    words = {name: _word(row, name) for name in Said._fields if name in row and name != "line"}
    return Said(**{**words, **more}, line=int(row.get("line") or 0))


# --- what the notes say -------------------------------------------------------------------------------------------


def _meetings(asked: Asked) -> Iterator[Said]:
    yield from (_plain(row) for row in asked.view("meetings"))


def _items(asked: Asked) -> Iterator[Said]:
    for row in asked.view("items"):
        yield _plain(row, key=_word(row, "key", "named", "thing"))


def _features(asked: Asked) -> Iterator[Said]:
    for row in asked.view("items"):
        if row["says"] == "feature":
            yield _plain(
                row, key=_word(row, "key", "named", "thing"), thing=_word(row, "shown", "thing"), says=""
            )


def _statuses(asked: Asked) -> Iterator[Said]:
    """Reports in the order of their days, each with the one before on the same part of the same thing."""
    before: dict[str, str] = {}
    meant = {_word(row, "named"): _word(row, "key", "named") for row in asked.view("items")}
    for row in asked.view("statuses"):
        said = [word for word in (_word(row, name) for name in ("thing", "part", "onpatch", "onbug")) if word]
        thing, part = (said or [""])[0], said[1:]
        about = _word(row, "key", "named") or meant.get(fold(thing), thing)
        key, thing = (" · ".join(filter(None, (lead, *part))) for lead in (about, thing))
        yield _plain(row, key=key, thing=thing, was=before.get(key, ""))
        before[key] = _word(row, "says")


def _decisions(asked: Asked) -> Iterator[Said]:
    yield from (_plain(row) for row in asked.view("decisions"))


def _milestones(asked: Asked) -> Iterator[Said]:
    yield from (_plain(row) for row in asked.view("milestones"))


# --- what is to be learnt or done -----------------------------------------------------------------------------------


def _todos(asked: Asked) -> Iterator[Said]:
    for row, again in _listed(asked):
        if not again:
            yield _plain(row, key=_word(row, "says"), says="", date=_day(row))


def _carried(asked: Asked) -> Iterator[Said]:
    for row, again in _listed(asked):
        if again:
            yield _plain(row, key=again, says="", date=_day(row))


def _day(row: Row) -> str:
    """The day of the list; a month stands for its first day."""
    return _word(row, "date") or f"{_word(row, 'month')}-01"[:10]


def _listed(asked: Asked) -> Iterator[tuple[Row, str]]:
    """Each TODO in a list, with the id of an earlier month's TODO that it carries on, where it does."""
    known = {_word(row, "todo") for row in _answers(asked)}
    first: dict[str, Row] = {}
    for row in asked.view("todos"):
        earlier = first.setdefault(_word(row, "key"), row)
        merged = _word(row, "says") not in known
        carried = merged or _word(earlier, "month")[:7] < _word(row, "month")[:7]
        yield row, _word(earlier, "says") if carried else ""


def _answers(asked: Asked) -> list[Row]:
    return asked.rows("todos")


def _closed(asked: Asked) -> Iterator[Said]:
    """TODOs that are closed, with the day of the row or of the list that says so."""
    by_hand = {_word(row, "todo"): row for row in asked.rows("views/report-closings")}
    ticked = {_word(row, "says"): row for row in asked.view("todos") if row["stands"] == "COMPLETED"}
    for row in _answers(asked):
        if row["state"] != "COMPLETED":
            continue
        key = _word(row, "todo")
        place = by_hand.get(key) or ticked.get(key) or row
        day = _word(place, "on") if key in by_hand else _day(ticked[key]) if key in ticked else ""
        yield _plain(place, date=day, thing=_word(row, "text"), says=_word(row, "closed_by"), key=key)


# --- what repositories and specs say ----------------------------------------------------------------------------------


def _slips(asked: Asked) -> Iterator[Said]:
    """Slips, each with the first report that says it; a warning before it is told only where there is no other."""
    for row in asked.view("slips"):
        day, _, place = _word(row, "told", "noted").partition(" ")
        line, _, source = place.partition(" ")
        known = [date for date in (_word(row, "dated"), day) if date]
        said = _plain(
            row, date=min(known) if known else _word(row, "shipped"), thing=_word(row, "thing", "key"),
            release=f"{_word(row, 'first')} → {_word(row, 'last')}",
        )  # fmt: skip
        yield said._replace(source=source, line=int(line)) if day else said


def _specs(asked: Asked) -> Iterator[Said]:
    yield from (_plain(row, thing=_word(row, "name", "key")) for row in asked.view("specs"))


def _versions(asked: Asked) -> Iterator[Said]:
    for row in asked.view("versions"):
        yield _plain(row, key=_word(row, "thing"), source=f"{row['source']}:{row['thing']}")


def _merged(asked: Asked) -> Iterator[Said]:
    return _commits(asked, "feature")


def _fixed(asked: Asked) -> Iterator[Said]:
    return _commits(asked, "bug")


def _commits(asked: Asked, kind: str) -> Iterator[Said]:
    """Commits that are part of a feature, or close a bug; what an IRI has for a key need not be looked up."""
    since, until = asked.period
    landed = dict(sorted((str(row["commit"]), _tail(row["version"])) for row in asked.view("landed")))
    rows = [row for row in asked.view("commits") if (row["tie"] == "closes") == (kind == "bug")]
    for row in rows:
        if since <= str(row["date"]) <= until:
            yield _commit(row, landed.get(str(row["commit"]), ""))


def _commit(row: Row, version: str) -> Said:
    source = f"{_tail(row['from'])}:{_tail(row['commit'])[:12]}"
    name, patch = _tail(row["about"]), _tail(row["patch"])
    return _plain(row, thing=name, source=source, version=version, key=patch)


def _tail(iri: Cell) -> str:
    return (keys_of(str(iri)) or [""])[-1]


# --- kinds ----------------------------------------------------------------------------------------------------------


class _Kind(NamedTuple):
    """How facts of a kind are read, what makes two one, what may differ; whether only the first counts."""

    read: Callable[[Asked], Iterator[Said]]
    same: tuple[str, ...]
    value: tuple[str, ...] = ()
    first: bool = False


KINDS: dict[str, _Kind] = {
    "meeting": _Kind(_meetings, ("date", "key"), ("says",)),
    "item": _Kind(_items, ("date", "key"), ("says",)),
    "feature": _Kind(_features, ("key",), first=True),
    "slip": _Kind(_slips, ("key", "release"), ("says", "version"), first=True),
    "spec": _Kind(_specs, ("key", "release", "says", "date"), first=True),
    "merged": _Kind(_merged, ("source", "thing"), first=True),
    "fixed": _Kind(_fixed, ("source", "thing"), first=True),
    "version": _Kind(_versions, ("thing", "says"), ("date", "release"), first=True),
    "status": _Kind(_statuses, ("date", "key"), ("says", "release", "who")),
    "decision": _Kind(_decisions, ("date", "thing", "says"), ("who",)),
    "milestone": _Kind(_milestones, ("release", "thing"), ("date",), first=True),
    "todo": _Kind(_todos, ("key",), ("thing",), first=True),
    "carried": _Kind(_carried, ("key", "date"), first=True),
    "closed": _Kind(_closed, ("key",), ("says",), first=True),
}
_OF_COMMITS = ("merged", "fixed")
_HAS_COMMITS = "SELECT ?one WHERE {{ GRAPH <{}> {{ ?one a kg:Commit }} }} LIMIT 1"


def between(old: Reader, new: Reader) -> Table:
    """What is new, gone or changed from one build to the other, each once; columns as in COLUMNS."""
    before, after = Asked(old), Asked(new)
    kinds = [name for name in KINDS if name not in _OF_COMMITS or _commits_differ(old, new)]
    rows = [row for name in kinds for row in _compared(name, before, after)]
    return Table(COLUMNS, (*rows, *_sources(before, after)))


def since(reader: Reader, date: str, until: str = LAST) -> Table:
    """What is dated from one ISO date to another, in the columns of COLUMNS; sources bear no date."""
    asked = Asked(reader, (date, until))
    rows = []
    for name, kind in KINDS.items():
        rows += [("new", name, *said) for said in _facts(kind, asked) if date <= said.date <= until]
    return Table(COLUMNS, tuple(rows))


def _facts(kind: _Kind, asked: Asked) -> list[Said]:
    found = list(kind.read(asked))
    if not kind.first:
        return found
    firsts: dict[tuple[object, ...], Said] = {}
    for said in sorted(found):
        firsts.setdefault(_values(said, kind.same), said)
    return list(firsts.values())


def _values(said: Said, names: Iterable[str]) -> tuple[object, ...]:
    return tuple(getattr(said, name) for name in names)


def _compared(name: str, before: Asked, after: Asked) -> Iterator[tuple[str | int, ...]]:
    """Facts that are one are told apart by what differs: what stands on both sides is taken away, the rest paired."""
    kind = KINDS[name]
    old, new = (_left(kind, _facts(kind, here), _facts(kind, there))
                for here, there in ((before, after), (after, before)))  # fmt: skip
    for key in dict.fromkeys((*old, *new)):
        gone, come = old.get(key, []), new.get(key, [])
        for was, now in zip(gone, come, strict=False):
            words = [
                str(a) for a, b in zip(*(_values(x, kind.value) for x in (was, now)), strict=True) if a != b
            ]
            yield ("changed", name, *now._replace(was=" ".join(filter(None, words))))
        yield from (("new", name, *said) for said in come[len(gone) :])
        yield from (("gone", name, *said) for said in gone[len(come) :])


def _left(kind: _Kind, mine: list[Said], theirs: list[Said]) -> dict[tuple[object, ...], list[Said]]:
    """What the other side does not say as often, by what makes facts one."""
    every = (*kind.same, *kind.value)
    matched = Counter(_values(said, every) for said in theirs)
    left: dict[tuple[object, ...], list[Said]] = defaultdict(list)
    for said in mine:
        value = _values(said, every)
        matched[value] -= 1
        if matched[value] < 0:
            left[_values(said, kind.same)].append(said)
    return left


def _commits_differ(old: Reader, new: Reader) -> bool:
    """Whether a graph with commits may have changed; an earlier build opened by its number knows no hashes."""
    before, after = old.graphs(), new.graphs()
    if not before:
        return True
    changed = {graph for graph in {*before, *after} if before.get(graph) != after.get(graph)}
    return any(
        graph in known and reader.select(_HAS_COMMITS.format(graph)).rows
        for graph in changed
        for reader, known in ((old, before), (new, after))
    )


def _sources(before: Asked, after: Asked) -> Iterator[tuple[str | int, ...]]:
    old, new = (
        {_word(r, "source"): _word(r, "sha") for r in asked.view("sources")} for asked in (before, after)
    )
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            change = "new" if path not in old else "gone" if path not in new else "changed"
            yield (change, "source", *Said(thing=path, source=path, key=path))
