"""Lists of features, releases, people and meetings: searched, filtered and paged here, so that they need no script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from graph import profile, sparql
from graph.errors import UsageFault
from graph.names import Named
from graph.queries import shipped
from graph.serve.home_releases import known_releases
from graph.serve.languages import language
from graph.serve.layout import href, page
from graph.serve.results_cells import by_name
from graph.serve.state import Generation
from graph.serve.thing_words import value_word
from graph.table import Cell
from graph.terms import keys_of

SIZE = 50  # entries of a page
T = TypeVar("T")
Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Sheet:
    """One page of a list: its rows, where it stands, and the addresses beside it ("" at an end)."""

    rows: Sequence[object]
    total: int
    at: int
    pages: int
    before: str
    after: str


@dataclass(frozen=True)
class Promise:
    """A feature on one line: what it is called, what its last release said of it, when it moved last."""

    iri: str
    slug: str
    title: str
    project: str
    releases: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]  # release and what became of a spec of it, in order
    outcome: str
    moved: str
    names: str


def rows_of(now: Generation, name: str) -> list[dict[str, Cell]]:
    """Rows of a question without parameters, or of a view of ours; asked once a build."""

    def ask() -> list[dict[str, Cell]]:
        view = name.startswith("page-")
        asked = (
            sparql.load(shipped() / "views" / f"{name}.rq", checked=False)
            if view
            else now.catalogue.get(name)
        )
        return sparql.run(now.reader, asked, {}).dicts()

    return now.kept(f"list {name}", ask)


def sheet(request: Request, rows: Sequence[T]) -> Sheet:
    """The page of a list that is asked for (`?page=`, from 1). Raises UsageFault for a page that there is not."""
    pages = max(1, -(-len(rows) // SIZE))
    text = request.query_params.get("page") or "1"
    at = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 1 <= at <= pages:
        raise UsageFault(f"{text!r} is no page of this list", hint=f"pages are counted from 1 to {pages}")
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "page" and v]

    def to(number: int) -> str:
        return f"?{urlencode([*kept, ('page', str(number))])}"

    return Sheet(
        rows[(at - 1) * SIZE : at * SIZE], len(rows), at, pages,
        to(at - 1) if at > 1 else "", to(at + 1) if at < pages else "",
    )  # fmt: skip


def _holds(words: str, text: str) -> bool:
    """Whether a text has all the words that are looked for, whatever their case and width."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return all(word in folded for word in unicodedata.normalize("NFKC", words).casefold().split())


def _lang(request: Request) -> str:
    return language(request, request.app.state.serving.lang)


# ---- features


def features(request: Request) -> Response:
    """`?q=…&release=…&outcome=…&page=…`: features and topics, what moved last first."""
    now, asked = request.app.state.serving.current(), request.query_params
    every = now.kept("list of features", lambda: _promises(now))
    words, release, outcome = (asked.get(n, "").strip() for n in ("q", "release", "outcome"))
    kept = [one for one in every if _holds(words, one.names) and _fits(one, release, outcome)]
    order = [str(row["release"]) for row in reversed(rows_of(now, "releases"))]
    told = {slug for one in every for slug in one.releases}
    outcomes = sorted({_plain(came) for one in every for _, came in one.outcomes} - {""})
    lang = _lang(request)
    return page(
        request, "features.html", title="特性" if lang == "zh" else "Features", sheet=sheet(request, kept), q=words,
        release=release, outcome=outcome, releases=[slug for slug in order if slug in told], every=len(every),
        outcomes=outcomes, word=lambda text: value_word("outcome", text, lang),
        address=lambda slug: _release(now, slug), came=lambda one: _came(one, release, outcome),
    )  # fmt: skip


def _plain(outcome: str) -> str:
    """An outcome without the release it names; what was proposed anew later than the next release slipped as well."""
    return outcome.partition(" to ")[0].replace("skipped", "slipped")


def _fits(one: Promise, release: str, outcome: str) -> bool:
    """Whether a feature has a spec of the release, and what became of it there; of any release, what came last."""
    if not release:
        return not outcome or outcome == _plain(one.outcome)
    there = {_plain(came) for slug, came in one.outcomes if slug == release}
    return outcome in there if outcome else bool(there)


def _came(one: Promise, release: str, outcome: str) -> str:
    """What a row says became of a feature: in the release that was chosen, else at last."""
    there = [came for slug, came in one.outcomes if slug == release]
    fitting = [came for came in there if not outcome or _plain(came) == outcome]
    return (fitting or there or [one.outcome])[-1]


def _release(now: Generation, slug: str) -> str:
    return href(by_name(now)["release"].get(slug.casefold(), ""))


def _promises(now: Generation) -> list[Promise]:
    specs: dict[str, list[Row]] = {}
    for row in rows_of(now, "page-specs"):
        specs.setdefault(str(row["feature"]), []).append(row)
    moved = {str(row["thing"]): str(row["moved"] or "") for row in rows_of(now, "page-moved")}
    found = [_promise(one, specs.get(one.iri, []), moved) for one in now.names.of("feature")]
    return sorted(found, key=lambda one: (_later(one.moved), one.slug.casefold(), one.iri))


def _later(day: str) -> tuple[int, ...]:
    """Sorts the later day first, and what has none last."""
    return tuple(-ord(char) for char in day) or (0,)


def _promise(one: Named, specs: Sequence[Row], moved: Mapping[str, str]) -> Promise:
    keys = keys_of(one.iri)
    titles = [name for name in one.names if name.casefold() != keys[-1].casefold()]
    title = str(specs[-1]["title"]) if specs else (max(titles, key=len) if titles else keys[-1])
    return Promise(
        one.iri, keys[-1], title, keys[2] if keys[1] == "feature" and len(keys) > 3 else "",
        tuple(dict.fromkeys(str(row["release"]) for row in specs)),
        tuple((str(row["release"]), str(row["outcome"] or "")) for row in specs),
        str(specs[-1]["outcome"] or "") if specs else "", moved.get(one.iri, ""), " ".join((*one.names, keys[-1])),
    )  # fmt: skip


# ---- releases


def releases(request: Request) -> Response:
    """All releases, the newest first, with what they promised and what became of it."""
    now = request.app.state.serving.current()
    counts: dict[str, dict[str, int]] = {}
    for row in rows_of(now, "page-specs"):
        one = counts.setdefault(
            str(row["release"]), dict.fromkeys(("promised", "implemented", "slipped", "dropped", "open"), 0)
        )
        one["promised"] += 1
        outcome = _plain(str(row["outcome"]))
        one[outcome] = one.get(outcome, 0) + 1
    told = known_releases(now).told
    rows = [
        {**row, "href": _release(now, str(row["release"])), "counts": counts.get(str(row["release"]), {})}
        for row in reversed(rows_of(now, "releases"))
        if row["release"] in told or not told
    ]
    lang = _lang(request)
    return page(
        request, "releases.html", title="版本" if lang == "zh" else "Releases", rows=rows, told=bool(told),
        word=lambda text: value_word("phase", text or "", lang),
    )  # fmt: skip


# ---- people


def people(request: Request) -> Response:
    """`?q=…&letter=…&page=…`: people by name."""
    now, asked = request.app.state.serving.current(), request.query_params
    every = now.kept("list of people", lambda: _people(now))
    words, letter = asked.get("q", "").strip(), asked.get("letter", "")
    kept = [one for one in every if _holds(words, one[3]) and (not letter or one[0] == letter)]
    letters = list(dict.fromkeys(one[0] for one in every))
    title = "人" if _lang(request) == "zh" else "People"
    return page(
        request, "people.html", title=title, sheet=sheet(request, kept), q=words, letter=letter, letters=letters,
        every=len(every),
    )  # fmt: skip


def _people(now: Generation) -> list[tuple[str, str, str, str, str]]:
    """Letter, address, name, all names, other names; in order of the alphabet."""
    found = []
    for one in now.names.of("person"):
        others = ", ".join(name for name in one.names if name != one.shown)
        found.append((_letter(one.shown), href(one.iri), one.shown, " ".join(one.names), others))
    return sorted(found, key=lambda row: (row[0] == "#", row[2].casefold(), row[1]))


def _letter(name: str) -> str:
    """The letter a name stands under: `É` under E; other scripts and signs under `#`."""
    plain = unicodedata.normalize("NFKD", name.strip())[:1].upper()
    return plain if "A" <= plain <= "Z" else "#"


# ---- meetings


def meetings(request: Request) -> Response:
    """`?q=…&page=…`: meetings, the newest first, with their own summary."""
    now = request.app.state.serving.current()
    words = request.query_params.get("q", "").strip()
    told = projects_told(now)
    every = [
        {
            **row,
            "project": told.get(str(row["meeting"]), ""),
            "href": href(str(row["meeting"])),
            "place": _place(row),
        }
        for row in reversed(rows_of(now, "meetings"))
    ]
    kept = [
        r
        for r in every
        if _holds(words, " ".join(str(r[n] or "") for n in ("date", "title", "summary", "project")))
    ]
    title = "会议" if _lang(request) == "zh" else "Meetings"
    return page(request, "meetings.html", title=title, sheet=sheet(request, kept), q=words, every=len(every))


def projects_told(now: Generation) -> dict[str, str]:
    """Meeting → the project that its notes are of.

    The package's default project is set where notes name none: it counts as said only where a title names it.
    """
    rows, default = rows_of(now, "meetings"), profile.load().project
    titles = {str(row["source"]): str(row["title"] or "") for row in rows_of(now, "sources")}
    named = re.compile(rf"(?<![a-z]){re.escape(default)}(?![a-z])", re.IGNORECASE)
    return {
        str(row["meeting"]): str(row["project"])
        for row in rows
        if row["project"]
        and (
            row["project"] != default
            or named.search(f"{titles.get(str(row['source']))} {row['title'] or ''}")
        )
    }


def _place(row: Row) -> str:
    return f"/evidence?source={quote(str(row['source']), safe='')}&line={row['line']}"


def around(now: Generation, iri: str) -> tuple[str, str]:
    """The meetings before and after one, of the same project; "" at an end."""
    mine = next((row for row in rows_of(now, "meetings") if row["meeting"] == iri), None)
    if mine is None:
        return "", ""
    line = list(
        dict.fromkeys(str(r["meeting"]) for r in rows_of(now, "meetings") if r["project"] == mine["project"])
    )
    at = line.index(iri)
    return (line[at - 1] if at else "", line[at + 1] if at + 1 < len(line) else "")
