"""TODOs of different months that are one, what closes them, and how each stands now.

A TODO is what its first mention is; later ones lead to it, as do rows of `todo-closed.toml` that name any of
their ids and words of the author that it was learnt. A row whose id nobody has any more, but whose words somebody
has, finds it too and is listed as inferred; one that finds nothing is listed with what is nearest to it.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from graph import lexicon, terms
from graph.errors import Problem
from graph.link.model import BELOW, LINKED, Link, Select
from graph.link.standing import ByHand, Standing, Told, standing
from graph.link.todo_words import CLOSE, LISTED, SAME, Edge, Wording, alike, join
from graph.quads import Quads, date_literal, literal, node, todo_key

_TODOS = """SELECT DISTINCT ?item ?id ?key ?words ?text ?raised ?state ?place ?line ?source WHERE {
  ?item a kg:Todo ; kg:todoId ?id ; kg:key ?key ; kg:todoKey ?words ; dcterms:description ?text ; kg:raisedOn ?raised ;
    kg:state ?state ; kg:raisedIn ?place ; kg:line ?line ; kg:fromSource/dcterms:source ?source }"""
_DAYS = """SELECT DISTINCT ?item ?date WHERE {
  { ?item a kg:Todo ; dcterms:date ?date } UNION { ?item a kg:Mention ; kg:kind "learnt" ; dcterms:date ?date } }"""
_PROMISED = """SELECT DISTINCT ?item WHERE { ?item a kg:Todo ; kg:kind "promised" }"""
_ABOUT = """SELECT DISTINCT ?item ?thing WHERE { ?item a kg:Todo ; kg:about ?thing . ?thing a kg:Topic }"""
_DECISIONS = """SELECT DISTINCT ?item ?id ?words ?quote ?who ?date ?meeting ?line ?source WHERE {
  ?item a kg:Decision ; kg:todoId ?id ; kg:todoKey ?words ; kg:quote/oa:exact ?quote ; kg:key ?who ;
    dcterms:date ?date ; kg:inMeeting ?meeting ; kg:line ?line ; kg:fromSource/dcterms:source ?source }"""
_LEARNT = """SELECT DISTINCT ?item ?words ?text ?raised ?line ?source WHERE {
  ?item a kg:Mention ; kg:kind "learnt" ; kg:todoKey ?words ; dcterms:description ?text ; kg:raisedOn ?raised ;
    kg:line ?line ; kg:fromSource/dcterms:source ?source }"""
_CLOSINGS = """SELECT DISTINCT ?item ?id ?by ?line ?source ?on ?text ?listed ?who WHERE {
  ?item a kg:Closing ; kg:of ?id ; kg:closedBy ?by ; kg:line ?line ; kg:fromSource/dcterms:source ?source .
  OPTIONAL { ?item dcterms:date ?on } OPTIONAL { ?item kg:written ?text } OPTIONAL { ?item kg:listedIn ?listed }
  OPTIONAL { ?item kg:key ?who } }"""
END = "-99"  # behind a month: at its end


class Item(NamedTuple):
    """A TODO as one list, sentence or decision has it; `key` tells it from others of its group."""

    iri: str
    id: str
    group: str
    key: str
    words: tuple[str, ...]
    text: str
    date: str
    done: bool
    batch: str
    source: str
    line: int
    kind: str


class Row(NamedTuple):
    """A row of `todo-closed.toml` as the graph has it."""

    iri: str
    id: str
    by: str
    source: str
    on: str
    text: str
    listed: str
    who: str
    line: int


@dataclass
class Thread:
    """One TODO: all its mentions, the first one first; rows that close it, words that it was learnt."""

    items: list[Item]
    rows: list[Row] = field(default_factory=list)
    learnt: list[Told] = field(default_factory=list)

    @property
    def first(self) -> Item:
        """Its first mention, whose id it has."""
        return self.items[0]

    def standing(self) -> Standing:
        """How it stands now."""
        told = [Told(i.date, i.source, i.line, i.done) for i in self.items]
        hands = [ByHand(row.by, row.on, row.listed) for row in self.rows]
        return standing([*told, *self.learnt], hands)


class Found(NamedTuple):
    """Threads in order, the links that made them, and what was doubtful."""

    threads: list[Thread]
    links: list[Link]
    problems: list[Problem]


def _rows(select: Select, text: str) -> list[tuple[str, ...]]:
    return sorted({tuple("" if cell is None else str(cell) for cell in row) for row in select(text).rows})


def _community(iri: str) -> str:
    return (terms.keys_of(iri) or [""])[0]


def _days(select: Select) -> dict[str, str]:
    return {iri: date for iri, date in _rows(select, _DAYS)}  # noqa: C416 - rows are of any length to mypy


def items(select: Select) -> list[Item]:
    """Every TODO of lists and texts, and every decision with an assignee, of all communities."""
    days = _days(select)
    promised = {iri for (iri,) in _rows(select, _PROMISED)}
    found = []
    for iri, id_, key, words, text, raised, state, place, line, source in _rows(select, _TODOS):
        kind = "promised" if iri in promised else "listed"
        batch = f"{source} {place}" if kind == "listed" else iri
        date = days.get(iri) if len(raised) == 10 else f"{raised}{END}" if raised else ""
        found.append(
            Item(iri, id_, _community(iri), key, tuple(words.split()), text, date or raised, state == "COMPLETED",
                 batch, source, int(line), kind)
        )  # fmt: skip
    for iri, id_, words, quote, who, date, meeting, line, source in _rows(select, _DECISIONS):
        group = f"{_community(iri)} {who.lower()}"
        found.append(
            Item(iri, id_, group, words, tuple(words.split()), quote, date, False, meeting, source, int(line),
                 "assigned")
        )  # fmt: skip
    return found


def threads(select: Select) -> Found:
    """All TODOs, each once. `select` answers from a graph without links."""
    every = items(select)
    closings = [
        Row(iri, id_, by, source, on, text, listed, who, int(line))
        for iri, id_, by, line, source, on, text, listed, who in _rows(select, _CLOSINGS)
    ]
    wordings, texts = _wordings(every, _about(select))
    ids = {item.id for item in every}
    ghosts = {row: _ghost(row) for row in closings if row.text and row.id not in ids}
    shades = {wording.key: wording for wording in ghosts.values() if wording.key not in texts}
    heads, edges = join([*wordings, *shades.values()])
    made: dict[str, list[Item]] = defaultdict(list)
    for item in every:
        made[heads[_key(item)]].append(item)
    found = sorted((Thread(sorted(same, key=_when)) for same in made.values()), key=lambda t: _when(t.first))
    by_head = {heads[_key(thread.first)]: thread for thread in found}
    problems = list(_closed(closings, found, {r: by_head.get(heads[w.key]) for r, w in ghosts.items()}))
    links = [*_links(found, edges), *_below(edges, texts, heads), *_heard(select, found)]
    return Found(found, links, problems)


def _about(select: Select) -> dict[str, set[str]]:
    about: dict[str, set[str]] = defaultdict(set)
    for iri, thing in _rows(select, _ABOUT):
        about[iri].add(thing)
    return about


def _when(item: Item) -> tuple[str, str, str, int, str]:
    return item.date[:7], item.date, item.source, item.line, item.iri


def _key(item: Item) -> str:
    return f"{item.group}\0{item.key}"


def _wordings(every: Iterable[Item], about: dict[str, set[str]]) -> tuple[list[Wording], dict[str, Item]]:
    """One wording for each key, and the first item that has it."""
    same: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(every, key=_when):
        same[_key(item)].append(item)
    wordings = [
        Wording(
            key, found[0].words, frozenset(item.batch for item in found),
            frozenset(thing for item in found for thing in about.get(item.iri, ())), found[0].group,
        )
        for key, found in same.items()
    ]  # fmt: skip
    return wordings, {key: found[0] for key, found in same.items()}


def _ghost(row: Row) -> Wording:
    """The words of a closed TODO as they were, for a row whose id nobody has any more."""
    from graph.extract.todo_words import TodoWords  # noqa: PLC0415 - seldom needed

    group = f"{_community(row.iri)} {row.who.lower()}" if row.who else _community(row.iri)
    key = todo_key(row.text)
    return Wording(f"{group}\0{key}", TodoWords(lexicon.load()).of(row.text), group=group)


# --- what closes them -------------------------------------------------------------------------------------


def _closed(closings: list[Row], found: list[Thread], ghosts: dict[Row, Thread | None]) -> Iterator[Problem]:
    """Give each row to the TODO it names; yields rows that name none, or one by an older name."""
    by_id = {(_community(i.iri), i.id): thread for thread in found for i in thread.items}
    for row in closings:
        thread = by_id.get((_community(row.iri), row.id))
        if thread is None and (thread := ghosts.get(row)):
            what = f"it closes {row.id} «{row.text}», whose words are now «{thread.first.text}» ({thread.first.id})"
            yield Problem(row.source, row.line, "inferred", what, row.id, "nothing, if that is the same TODO")
        elif thread is None:
            yield _astray(row, found)
        elif thread.first.id != row.id:
            what = f"{row.id} is carried on from {thread.first.id} «{thread.first.text}», which it closes"
            yield Problem(row.source, row.line, "inferred", what, row.id, "nothing, if that is the same TODO")
        if thread:
            thread.rows.append(row)


def _astray(row: Row, found: list[Thread]) -> Problem:
    mine = [t.first for t in found if _community(t.first.iri) == _community(row.iri)]
    names = {item.id: f"{item.id} «{item.text}»" for item in mine}
    asked = {item.text: item.id for item in mine} if row.text else {item.id: item.id for item in mine}
    near = [asked[name] for name in difflib.get_close_matches(row.text or row.id, sorted(asked), cutoff=0.5)]
    hint = f"did you mean {names[near[0]]}?" if near else "`kg todo` lists the ids; or take the row away"
    what = f"no TODO has the id {row.id!r}: the row closes nothing"
    return Problem(row.source, row.line, "odd", what, f"{row.id} {row.text}".strip(), hint)


def _heard(select: Select, found: list[Thread]) -> Iterator[Link]:
    """The author's words that something was learnt, joined to the one TODO that they can mean."""
    days = _days(select)
    ids = {f"{_community(i.iri)} {i.id}": thread for thread in found for i in thread.items}
    for iri, words, text, raised, line, source in _rows(select, _LEARNT):
        date = days.get(iri, raised) if len(raised) == 10 else f"{raised}{END}"
        told = Told(date, source, int(line), done=True, listed=False)
        said = Wording(iri, tuple(words.split()))
        named = {id(t): t for w in said.words if (t := ids.get(f"{_community(iri)} {w.removeprefix('#')}"))}
        fits = _fits(said, iri, date, found)
        if len(named) == 1 or (
            fits and fits[0][0] >= SAME and not (fits[1:] and fits[1][0] > fits[0][0] - CLOSE)
        ):
            score, why, thread = (
                fits[0] if not named else (1.0, "named by its id", next(iter(named.values())))
            )
            thread.learnt.append(told)
            yield Link("todo", iri, thread.first.iri, score, f"learnt: {why}", LINKED, text)
        else:
            for score, why, thread in fits[:2]:
                yield Link("todo", iri, thread.first.iri, score, f"learnt: {why}; not sure", BELOW, text)


def _fits(said: Wording, iri: str, date: str, found: list[Thread]) -> list[tuple[float, str, Thread]]:
    """TODOs raised before that the words can mean, the best first."""
    fits = []
    for thread in found:
        if _community(thread.first.iri) != _community(iri) or thread.first.date > date:
            continue
        best = max(alike(said, Wording(i.key, i.words)) for i in thread.items)
        if best.score >= LISTED and thread.first.kind != "assigned":
            fits.append((best.score, best.reason, thread))
    return sorted(fits, key=lambda fit: (-fit[0], fit[2].first.iri))


# --- links and what is derived ----------------------------------------------------------------------------


def _links(found: list[Thread], edges: list[Edge]) -> Iterator[Link]:
    best: dict[str, tuple[float, str]] = {}
    for edge in edges:
        if edge.state == LINKED:
            for key in (edge.one, edge.other):
                best[key] = max(best.get(key, (0.0, "")), (edge.score, edge.reason))
    for thread in found:
        first = thread.first
        for item in thread.items[1:]:
            same = item.key == first.key
            score, why = (1.0, "the same words") if same else best[_key(item)]
            reason = f"{why} ({first.source}:{first.line})"
            yield Link("todo", item.iri, first.iri, score, reason, LINKED, item.text)


def _below(edges: list[Edge], texts: dict[str, Item], heads: dict[str, str]) -> Iterator[Link]:
    """The likest words of two TODOs that are not one; no word of those that a list has side by side."""
    told: set[frozenset[str]] = set()
    for edge in edges:
        one, other = texts.get(edge.one), texts.get(edge.other)
        pair = frozenset((heads[edge.one], heads[edge.other]))
        if edge.state == BELOW and one and other and len(pair) == 2 and pair not in told:
            told.add(pair)
            early, late = sorted((one, other), key=_when)
            yield Link("todo", late.iri, early.iri, edge.score, edge.reason, BELOW, late.text)


def write(out: Quads, found: Found) -> None:
    """How each TODO stands, on its first mention in each source; a row leads to what it closes."""
    for thread in found.threads:
        stands = thread.standing()
        carried = len(set(stands.months) - {thread.first.date[:7]})
        for item in {item.source: item for item in reversed(thread.items)}.values():
            _stands(out, item.iri, stands, carried)
        for row in thread.rows:
            out.add(row.iri, "kg:resolvesTo", node(thread.first.iri))
    for problem in found.problems:
        out.problem(problem)


def _stands(out: Quads, iri: str, stands: Standing, carried: int) -> None:
    out.texts(iri, stands=stands.state, closedBy=stands.closed_by)
    for name, date in (("closedOn", stands.closed_on), ("reopenedOn", stands.reopened)):
        if date:
            out.add(iri, f"kg:{name}", date_literal(date))
    for month in stands.months:
        out.add(iri, "kg:listedIn", literal(month))
    if carried:
        out.number(iri, "carried", carried)
