"""What suggestions and links in tables are made from: every name of a graph that has a page, read once a build."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from graph import sparql
from graph.errors import KgError
from graph.names import Named, Names, acronym
from graph.serve.layout import href
from graph.serve.state import Generation
from graph.store import Bound
from graph.suggest import Asked, Index, Thing, phrases
from graph.table import Cell

_KEYS = {
    "patch": "SELECT ?iri WHERE { ?iri a kg:Patch }",
    "bug": "SELECT ?iri WHERE { ?iri a kg:Bug }",
}
_VERSIONS = (
    "SELECT DISTINCT ?iri ?key ?project WHERE { ?iri a kg:Version ; kg:key ?key ; kg:project ?project }"
)
_REFUSED = "<"  # a name that is an address only
_PLAIN = ("version", "newest", "project", "date", "month", "text")  # kinds of parameters that are no things
FEW = 6
Row = dict[str, Cell]


def index_of(now: Generation) -> Index:
    """The index of a build; made once."""
    return now.kept("suggestions", lambda: _index(now))


def rows_of(now: Generation, name: str) -> list[Row]:
    """The rows of a question that needs no parameters, asked once a build."""

    def ask() -> list[Row]:
        question = now.catalogue.get(name)
        bound = {p.name: now.names.resolve(p.kind, p.default or "") for p in question.params}
        return sparql.run(now.reader, question, bound).dicts()

    return now.kept(f"rows {name}", ask)


def _index(now: Generation) -> Index:
    things = [*_releases(now), *_features(now.names), *_people(now.names), *_meetings(now), *_versions(now)]
    keys = {kind: _keyed(now, text) for kind, text in _KEYS.items()}
    asked = phrases(question for _, question in sorted(now.catalogue.questions.items()))
    fillers = _fillers(now, things, keys)
    return Index(things, asked, fillers, _pairs(now), keys)


def _releases(now: Generation) -> list[Thing]:
    phases = {str(row["release"]): str(row["phase"] or "") for row in rows_of(now, "releases")}
    found = []
    for named in now.names.of("release"):
        slug = unquote(named.iri.rpartition("/")[2])
        label = next((n for n in named.names if n.casefold() == slug and n != slug), named.shown)
        others = ", ".join(n for n in named.names if n.casefold() != label.casefold())
        note = " · ".join(filter(None, (others, phases.get(slug, ""))))
        found.append(Thing("release", named.iri, label, named.names, note))
    return found


def _features(names: Names) -> list[Thing]:
    found = []
    for named in names.of("feature"):
        kind = "topic" if "/topic/" in named.iri else "feature"
        title = max(named.names, key=lambda name: (name != named.shown, " " in name, len(name)))
        short = {acronym(name) for name in named.names} - {""} if named.spoken else set()
        shown = title if title != named.shown else ""
        found.append(
            Thing(
                kind, named.iri, named.shown, (*named.names, *sorted(short)), shown, 0 if named.spoken else 1
            )
        )
    return found


def _people(names: Names) -> list[Thing]:
    # A name that is a project's too is read as the project.
    projects = names.keys("project")
    known = (named for named in names.of("person") if named.shown.casefold() not in projects)
    return [_person(named) for named in known if not named.shown.startswith(_REFUSED)]


def _person(named: Named) -> Thing:
    others = ", ".join(name for name in named.names if name.casefold() != named.shown.casefold())
    return Thing("person", named.iri, named.shown, named.names, others, 0 if named.spoken else 1)


def _meetings(now: Generation) -> list[Thing]:
    return [
        Thing(
            "meeting", str(row["meeting"]), str(row["date"]), _days(str(row["date"])), str(row["title"] or "")
        )
        for row in reversed(rows_of(now, "meetings"))
    ]


def _days(date: str) -> tuple[str, ...]:
    """A date as people write it: `2018-01-08`, `2018年1月8日`, `1月8日`."""
    year, month, day = (re.sub(r"^0", "", part) for part in date.split("-"))
    return (date, f"{year}年{month}月{day}日", f"{month}月{day}日")


def _versions(now: Generation) -> list[Thing]:
    """Versions by project; those of the main project first."""
    main = now.names.main_projects()
    rows = now.reader.select(_VERSIONS).rows
    found = [
        Thing(
            "version",
            str(iri),
            str(key),
            (str(key), f"{project} {key}"),
            str(project),
            int(project not in main),
        )
        for iri, key, project in sorted(rows, key=str)
    ]
    projects = sorted(now.names.keys("project"))
    return found + [Thing("project", f"project {name}", name, (name,)) for name in projects]


def _keyed(now: Generation, text: str) -> dict[str, str]:
    """Keys of many things, from their IRIs: looking the keys up would take eight times as long."""
    return {unquote(str(iri).rpartition("/")[2]): str(iri) for (iri,) in now.reader.select(text).rows}


def _pairs(now: Generation) -> list[tuple[str, str]]:
    """Pairs of releases between which something slipped, the latest first, next ones before later ones."""
    place = {str(row["release"]): n for n, row in enumerate(rows_of(now, "releases"))}
    iris = {unquote(named.iri.rpartition("/")[2]): named.iri for named in now.names.of("release")}
    found = {(str(row["from"]), str(row["to"])) for row in rows_of(now, "slip-counts") if row["slipped"]}
    known = [pair for pair in found if set(pair) <= set(iris) & set(place)]
    known.sort(key=lambda pair: (-place[pair[0]], place[pair[1]]))
    return [(iris[one], iris[other]) for one, other in known]


def _fillers(
    now: Generation, things: Iterable[Thing], keys: Mapping[str, Mapping[str, str]]
) -> dict[str, list[Thing]]:
    """Examples by kind: what notes speak of, the newest releases and versions that are out."""
    known = list(things)
    said = _said(now)
    found = {kind: [t for t in known if t.kind == kind] for kind in {t.kind for t in known}}
    for kind in ("feature", "person"):
        told = [t for t in found.get(kind, []) if {t.label, *t.names} & said]
        found[kind] = sorted(told or found.get(kind, []), key=lambda t: t.rank)[:FEW]
    shipped = [str(row["release"]) for row in rows_of(now, "releases") if row["shipped"]]
    by_slug = {unquote(t.iri.rpartition("/")[2]): t for t in found.get("release", [])}
    found["release"] = [by_slug[slug] for slug in reversed(shipped) if slug in by_slug][:FEW]
    newest = [now.names.newest(t.iri) for t in found["release"]]
    found["version"] = [
        t for key in newest for t in found.get("version", []) if t.label == key and not t.rank
    ]
    for kind, iris in keys.items():
        talked = dict.fromkeys(str(row["key"]) for row in rows_of(now, "mentions") if row["kind"] == kind)
        found[kind] = [Thing(kind, iris[key], key, ()) for key in talked if key in iris]
    return {kind: values[:FEW] for kind, values in found.items()}


def _said(now: Generation) -> set[str]:
    """Names of what the notes report on, and of who reports."""
    rows = rows_of(now, "statuses")
    return {str(row[name]) for row in rows for name in ("feature", "person") if row[name]}


def link(now: Generation, kind: str, name: str) -> str:
    """The page of the thing of a kind that has just this name; "" where there is none."""
    thing = index_of(now).exact(kind, name) if name else None
    return href(thing.iri) if thing else ""


def can_answer(now: Generation, asked: Asked) -> bool:
    """Whether the graph holds what an answer would need, whatever the answer is; looked up once a build."""
    known: dict[str, bool] = now.kept("can answer", dict)
    if asked.text not in known:
        known[asked.text] = _can_answer(now, asked)
    return known[asked.text]


def _can_answer(now: Generation, asked: Asked) -> bool:
    question = now.catalogue.get(asked.question)
    kinds = {param.name: param.kind for param in question.params}
    try:
        bound = {name: _bound(now, kinds[name], thing) for name, thing in asked.values.items()}
    except KgError:
        return False
    return all(_holds(now, pattern, bound) for pattern in question.sures)


def _bound(now: Generation, kind: str, thing: Thing) -> Bound:
    return now.names.resolve(kind, thing.label) if kind in _PLAIN else ("iri", thing.iri)


def _holds(now: Generation, pattern: str, bound: Mapping[str, Bound]) -> bool:
    query = sparql.sure_query(pattern)
    used = set(re.findall(r"\?(\w+)", query))
    return bool(now.reader.select(query, {n: v for n, v in bound.items() if n in used}).rows)
