"""Things by themselves: which questions tell of which kind of thing, and what stands of one as RDF.

KINDS is the one table: a kind is told by the second piece of a thing's IRI, and its sections are questions of the
catalogue (or, where none tells it, `queries/views/page-*.rq`) whose one parameter is the thing.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graph import sparql, terms
from graph.engine import Bound
from graph.quads import node
from graph.queries import Catalogue, shipped
from graph.sparql import QueryFile
from graph.store import Reader
from graph.table import Table


class Section(NamedTuple):
    """A part of a page: the question that tells it, its heading (English, Chinese), the columns shown.

    `told`: the question's own sentence stands above the rows; `newest`: the last rows are shown first; `whole`: the
    question that has all rows, where it is another one; `needs`: the column without which a row is not listed.
    """

    question: str
    en: str
    zh: str
    columns: tuple[str, ...]
    told: bool = False
    newest: bool = False
    whole: str = ""
    needs: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of thing: its word (English, Chinese), what its head tells, its sections in the order of their weight.

    `facts`: the question whose first row has the key facts, and its columns. `stands`: the questions whose sentence
    says what the thing is and how it stands now.
    """

    en: str
    zh: str
    facts: str = ""
    columns: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()
    sections: tuple[Section, ...] = field(default=())


_SLIP = ("class", "outcome", "became", "next", "witnesses", "disagreement", "evidence")
_SAID = ("date", "kind", "quote", "heading")
_REPORT = ("date", "status", "part", "release", "quote")
_DECIDED = ("date", "about", "assignee", "state", "quote")
_TODO = ("text", "about", "raised_in", "state")
_COMMIT = ("title", "author", "merged", "branch", "version", "release")
_NAMED = ("date", "heading", "feature", "status", "quote")

KINDS: dict[str, Kind] = {
    "feature": Kind("Feature", "特性", "about",
        ("title", "names", "project", "releases", "shipped", "first", "last"),
        ("current-status", "promises"), (
            Section("current-status", "How it stands", "现状",
                    ("date", "kind", "status", "part", "release", "what", "patch")),
            Section("promises", "Promises by release", "各版本的承诺",
                    ("release", "name", "state", "outcome", "approved", "implemented", "patches"), told=True),
            Section("slips-of", "Slips", "推迟", ("from", "to", "name", *_SLIP), told=True),
            Section("page-reports", "Status reports", "状态报告", _REPORT),
            Section("patches", "Patches", "补丁",
                    ("title", "change_id", "author", "merged", "branch", "version", "release", "strength"), told=True),
            Section("landed-in", "Versions it landed in", "进入的发行号",
                    ("version", "release", "patches", "first", "last"), needs="version"),
            Section("said-of", "What was said", "会议上的话", _SAID),
            Section("page-decisions", "Decisions", "决定", _DECIDED),
            Section("page-todos", "TODOs", "待办", _TODO),
            Section("page-people", "People", "参与的人", ("who", "role", "first", "last"), whole="people-of"),
            Section("spec", "Specs", "规格",
                    ("release", "state", "title", "proposer", "first", "last", "edited", "path")),
            Section("reverts-of", "Taken back", "回退",
                    ("reverted", "title", "author", "merged", "branch", "version")),
            Section("links-of", "Names, and why", "名称及依据", ("name", "state", "score", "reason")),
        )),
    "topic": Kind("Topic", "主题", "about", ("title", "names", "first", "last"), ("current-status",), (
            Section("page-reports", "Status reports", "状态报告", _REPORT),
            Section("said-of", "What was said", "会议上的话", _SAID),
            Section("page-decisions", "Decisions", "决定", _DECIDED),
            Section("page-todos", "TODOs", "待办", _TODO),
            Section("page-people", "People", "参与的人", ("who", "role", "first", "last"), whole="people-of"),
            Section("meetings-of", "Meetings", "会议", ("date", "heading", "meeting")),
            Section("links-of", "Names, and why", "名称及依据", ("name", "target", "state", "score", "reason")),
        )),
    "release": Kind("Release", "版本", "release",
        ("label", "names", "start", "freeze", "ship", "phase", "eol", "next_phase", "next_date", "before", "after"),
        ("release",), (
            Section("release-plan", "The plan, and what became of it", "计划与结果",
                    ("feature", "label", "state", "outcome", "approved", "patches"), told=True),
            Section("slips-from", "Slipped out of it, or dropped", "推迟出去或放弃",
                    ("feature", "to", *_SLIP), told=True),
            Section("slips-into", "Slipped into it, or dropped by then", "推迟进来，或到此为止放弃",
                    ("feature", "from", *_SLIP), told=True),
            Section("milestones-of", "Milestones", "里程碑", ("date", "name")),
            Section("versions", "Versions", "发行号", ("version", "project", "stage", "date"), newest=True),
            Section("page-meetings", "Meetings during it", "周期内的会议",
                    ("date", "title", "summary", "meeting")),
            Section("page-bugs", "Bugs fixed", "修复的缺陷",
                    ("bug", "commit", "merged"), newest=True, whole="bugs-in-release"),
        )),
    "person": Kind("Person", "人", "", (), ("person",), (
            Section("person", "Names", "名称", ("kind", "name", "first", "last", "reason")),
            Section("features-of", "Features", "特性", ("feature", "role", "first", "last")),
            Section("page-work", "Merged work", "合入的工作",
                    ("commit", "role", "merged"), newest=True, whole="work-of"),
            Section("specs-by", "Specs", "规格",
                    ("feature", "release", "label", "role", "state", "first", "last"), newest=True),
            Section("said-by", "Lines that name them", "提到此人的话",
                    ("date", "kind", "quote", "heading", "feature"), newest=True),
            Section("tasks-of", "Tasks and reported work", "任务与在做的事",
                    ("date", "kind", "what", "status", "feature", "quote"), newest=True),
            Section("attended", "Meetings", "会议", ("date", "meeting", "times"), newest=True),
        )),
    "meeting": Kind("Meeting", "会议", "", (), (), (
            Section("page-items", "Items", "议题", ("position", "heading", "kind", "thing")),
            Section("page-statuses", "Status reports", "状态报告",
                    ("thing", "status", "part", "release", "quote")),
            Section("page-decided", "Decisions", "决定", ("about", "assignee", "state", "quote")),
            Section("page-raised", "TODOs", "待办", ("text", "thing", "state", "todo")),
            Section("page-present", "People named", "提到的人", ("person",)),
        )),
    "patch": Kind("Patch", "补丁", "patch",
        ("title", "author", "number", "change_id", "status", "project", "url"), ("patch",), (
            Section("patch", "Commits and branches", "提交与分支",
                    ("sha", "branch", "backport", "merged", "version", "final", "release")),
            Section("page-parts", "What it is part of", "所属的特性与缺陷", ("thing", "how")),
            Section("backports", "Backports", "移植",
                    ("branch", "backport", "release", "version", "final", "merged"), told=True),
            Section("reverts", "Taken back by", "被回退",
                    ("title", "change_id", "author", "merged", "branch", "version"), told=True),
            Section("patch-mentions", "Named in the notes", "会议记录中的提及", _NAMED),
        )),
    "bug": Kind("Bug", "缺陷", "", (), ("bug-fixes", "bug-mentions"), (
            Section("bug-fixes", "Fixes by version", "各版本的修复",
                    ("title", "version", "release", "branch", "backport", "change_id", "author", "merged")),
            Section("bug", "All that is on record", "全部记录",
                    ("date", "kind", "what", "person", "release", "version", "feature")),
            Section("bug-mentions", "Named in the notes", "会议记录中的提及", _NAMED),
        )),
    "version": Kind("Version", "发行号", "version",
        ("project", "release", "stage", "date", "sha", "commits"), ("version",), (
            Section("page-fixed", "Bugs fixed", "修复的缺陷", ("bug", "commit"), whole="bugs-in-version"),
            Section("page-brought", "What it brought", "新进的提交",
                    ("commit", "merged"), newest=True, whole="commits-in-version"),
        )),
    "commit": Kind("Commit", "提交", sections=(
            Section("page-references", "What its message names", "提交信息所提及",
                    ("thing", "strength", "confidence", "quote")),
        )),
}  # fmt: skip


def kind_of(iri: str) -> str:
    """The kind of a thing, as its IRI says; "" for an IRI that is not of this graph."""
    keys = terms.keys_of(iri)
    return keys[1] if len(keys) > 2 else ""


def question(catalogue: Catalogue, name: str) -> QueryFile:
    """A section's question: of the catalogue, or a view of its own."""
    return _view(name) if name.startswith("page-") else catalogue.get(name)


@functools.cache
def _view(name: str) -> QueryFile:
    return sparql.load(shipped() / "views" / f"{name}.rq", checked=False)


def bound(asked: QueryFile, iri: str) -> dict[str, Bound]:
    """The thing as the question's parameter: itself, or its key where that is what the question takes."""
    param = asked.params[0]
    key = terms.keys_of(iri)[-1]
    return {param.name: ("string", key) if param.kind in ("version", "newest") else ("iri", iri)}


def table(reader: Reader, asked: QueryFile, iri: str) -> Table:
    """What a question tells of a thing."""
    found = sparql.run(reader, asked, bound(asked, iri))
    if kind_of(iri) != "version" or "project" not in found.columns:
        return found
    # Several projects have a version of one name.
    at, project = found.columns.index("project"), terms.keys_of(iri)[2]
    return Table(found.columns, tuple(row for row in found.rows if row[at] == project))


# ---- what stands of a thing

_OWN = "SELECT DISTINCT ?p ?o ?thing WHERE { ?thing ?p ?o }"
_INTO = "SELECT DISTINCT ?s ?p ?thing WHERE { ?s ?p ?thing }"
_COUNTS = "SELECT ?p (COUNT(DISTINCT ?s) AS ?times) ?thing WHERE { ?s ?p ?thing } GROUP BY ?p ?thing"
_SOME = "SELECT DISTINCT ?s ?p ?thing WHERE {{ ?s ?p ?thing }} LIMIT {most}"
_ANY = "SELECT ?p ?thing WHERE { { ?thing ?p ?other } UNION { ?other ?p ?thing } } LIMIT 1"
# Names in the order in which one is shown.
_NAMES = (
    "skos:prefLabel", "foaf:name", "kg:heading", "dcterms:title", "rdfs:label", "dcterms:description", "oa:exact",
    "dcterms:source", "foaf:nick", "kg:written", "kg:reason", "kg:slug", "kg:key",
)  # fmt: skip


def is_known(reader: Reader, iri: str) -> bool:
    """Whether anything is said of a thing, or with it."""
    return bool(reader.select(_ANY, {"thing": ("iri", iri)}).rows)


def own(reader: Reader, iri: str) -> list[tuple[str, str]]:
    """Properties and values of a thing, in order."""
    rows = reader.select(_OWN, {"thing": ("iri", iri)}).rows
    return sorted((str(name), str(value)) for name, value, _ in rows)


def into(reader: Reader, iri: str) -> list[tuple[str, str]]:
    """Properties that lead to a thing, and from what, in order."""
    rows = reader.select(_INTO, {"thing": ("iri", iri)}).rows
    return sorted((str(name), str(subject)) for subject, name, _ in rows)


def some_into(reader: Reader, iri: str, most: int) -> list[tuple[str, int, list[str]]]:
    """Properties that lead to a thing, from how many things, and the first of these.

    "First" is as the store has them, not by name: of a large source all would have to be read to tell.
    """
    counts = sorted(
        (str(name), int(str(n))) for name, n, _ in reader.select(_COUNTS, {"thing": ("iri", iri)}).rows
    )
    text = _SOME.format(most=most)
    out = []
    for name, n in counts:
        rows = reader.select(text, {"thing": ("iri", iri), "p": ("iri", name)}).rows
        out.append((name, n, sorted(str(row[0]) for row in rows)))
    return out


def labels(reader: Reader, things: Sequence[str]) -> dict[str, str]:
    """The names of things, for showing; a thing without one is left out."""
    if not things:
        return {}
    values = " ".join(node(iri) for iri in dict.fromkeys(things))
    rank = {terms.expand(name): at for at, name in enumerate(_NAMES)}
    text = f"""SELECT DISTINCT ?thing ?p ?name WHERE {{ VALUES ?thing {{ {values} }}
      {{ ?thing ?p ?name FILTER(?p IN ({", ".join(_NAMES)})) }}
      UNION {{ ?thing kg:quote/oa:exact ?name BIND(oa:exact AS ?p) }} }}"""
    best: dict[str, tuple[int, str]] = {}
    for thing, name, value in reader.select(text).rows:
        found = (rank[str(name)], str(value))
        best[str(thing)] = min(best.get(str(thing), found), found)
    return {thing: _told_apart(thing, name) for thing, (_, name) in best.items()}


def _told_apart(thing: str, name: str) -> str:
    """A name with what tells it from others that are called the same: a release, a day, a project."""
    _, kind, *keys = terms.keys_of(thing)
    if kind == "slip" and len(keys) > 3:
        return f"{name} ({keys[0]} → {keys[1]})"
    if kind == "spec" and len(keys) > 2:
        return f"{name} ({keys[1]})"
    if kind == "meeting" and len(keys) > 2:
        return f"{keys[1]} {name}"
    if kind == "bug" and name != keys[0]:
        return f"{keys[0]} {name}"
    return f"{keys[0]} {name}" if kind == "version" and len(keys) > 1 else name
