"""`/evidence`: the words that stand at a place of a source, what was around them, and every fact that rests on them.

A file is shown only when it is a source of the graph, by its very name, and its bytes are those that were read.
"""

from __future__ import annotations

import bisect
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from graph import terms, things
from graph.errors import UnknownName, UsageFault
from graph.readers.text import MAX_BYTES, decode, lines_of
from graph.serve.languages import language
from graph.serve.layout import href, page
from graph.serve.results_cells import Shown, short
from graph.serve.state import Generation
from graph.serve.thing_statements import value_of
from graph.serve.thing_words import HIDDEN, kind_word, property_word
from graph.store import Bound
from graph.terms import ID, kg
from graph.things import kind_of

AROUND = 6  # lines before and after
MOST = 200  # facts listed for one place
SHA = re.compile(r"[0-9a-f]{7,64}")
_LINED = re.compile(r"(?P<head>.+):(?P<line>\d{1,7})")
_SOURCE = """SELECT DISTINCT ?iri ?name WHERE { ?iri dcterms:source ?name } ORDER BY ?iri"""
_LINES = "SELECT DISTINCT ?line ?from WHERE { ?quote a kg:Quote ; kg:fromSource ?from ; kg:line ?line }"
_QUOTES = """SELECT DISTINCT ?words ?from ?line WHERE { ?quote kg:fromSource ?from ; kg:line ?line ; oa:exact ?words }
ORDER BY ?words"""
_FACTS = """SELECT DISTINCT ?node ?from ?line WHERE { ?node kg:fromSource ?from ; kg:line ?line
  FILTER NOT EXISTS { ?node a kg:Quote } } ORDER BY ?node"""
_RESTS = "SELECT DISTINCT ?node ?on WHERE { ?node prov:wasDerivedFrom ?on } ORDER BY ?node"
_AT_PATH = (
    """SELECT DISTINCT ?node ?from ?path WHERE { ?node kg:path ?path ; kg:fromSource ?from } ORDER BY ?node"""
)
_AT_SHA = "SELECT DISTINCT ?node ?sha ?from WHERE { ?node kg:sha ?sha ; kg:fromSource ?from } ORDER BY ?node"
_COMMITS = "SELECT DISTINCT ?commit WHERE { ?commit a kg:Commit }"
_READ = """SELECT DISTINCT ?line ?words ?mark ?commit WHERE {
  ?mark kg:inCommit ?commit ; kg:line ?line ; kg:written ?words
} ORDER BY ?line ?words ?mark"""


@dataclass(frozen=True)
class Spot:
    """A place: its source (IRI and name), and the line, path or commit in it."""

    iri: str
    source: str
    line: int = 0
    path: str = ""
    sha: str = ""

    @property
    def name(self) -> str:
        """The place as tables write it."""
        tail = self.sha[:12] or self.path
        return self.source + (f":{tail}" if tail else "") + (f":{self.line}" if self.line else "")


@dataclass(frozen=True)
class Rested:
    """A fact that rests on a place: its kind, its name and page, and what it says, in words with links."""

    kind: str
    name: Shown
    says: tuple[tuple[str, Shown], ...]


@dataclass(frozen=True)
class Line:
    """A line of a source; `meant` where it is the one that was asked for, `quoted` where something was read in it."""

    number: int
    text: str
    meant: bool
    quoted: bool


def evidence(request: Request) -> Response:
    """`?source=…&line=…`: a line of a file, `repository:commit`, or `repository:path`."""
    now, asked = request.app.state.serving.current(), request.query_params
    lang = language(request, request.app.state.serving.lang)
    spot = _spot(now, asked.get("source", ""), _number(asked.get("line", "")))
    numbers = _numbers(now, spot)
    nodes, words = _found(now, spot)
    if not nodes and not words and spot.line and spot.line not in numbers:
        raise UnknownName(
            f"nothing was read at {spot.name}", nearest=(), hint=f"{spot.source} has other lines"
        )
    lines, missing = _around(now, spot, numbers)
    return page(
        request, "evidence.html", title=spot.name, spot=spot, quotes=words, lines=lines, missing=missing,
        facts=[_rested(now, node, lang) for node in nodes[:MOST]], more=max(0, len(nodes) - MOST),
        commit=_commit(now, spot, lang), before=_beside(spot, numbers, -1), after=_beside(spot, numbers, 1),
        source_page=href(spot.iri),
    )  # fmt: skip


def _number(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise UsageFault(f"{text[:40]!r} is no line", hint="lines are counted from 1")
    return int(text)


def sources(now: Generation) -> Mapping[str, str]:
    """Name → IRI of every place that the graph was read from."""
    return now.kept(
        "sources by name", lambda: {str(n): str(i) for i, n in reversed(now.reader.select(_SOURCE).rows)}
    )


def _spot(now: Generation, text: str, line: int) -> Spot:
    """The place that a text names. Raises UnknownName for one that the graph was not read from."""
    known = sources(now)
    if text in known:
        # A line of a repository is one of a commit's message: without the commit it says nothing.
        return Spot(known[text], text, 0 if _is_repository(now, known[text]) else line)
    heads = [text[:at] for at in range(len(text) - 1, 0, -1) if text[at] == ":" and text[:at] in known]
    if heads:
        head, tail = heads[0], text[len(heads[0]) + 1 :]
        lined = _LINED.fullmatch(tail)
        if lined and not line:
            tail, line = lined["head"], int(lined["line"])
        if SHA.fullmatch(tail) and (sha := _whole(now, known[head], tail)):
            return Spot(known[head], head, line, sha=sha)
        if tail.isdigit() and not line:
            return Spot(known[head], head, int(tail[:9]))
        path = not SHA.fullmatch(tail) or _is_repository(now, known[head])
        return Spot(
            known[head], head, line, path=tail if path else ""
        )  # a file may name a commit that lies elsewhere
    near = tuple(sorted(name for name in known if text and text.rpartition("/")[2] in name))[:5]
    raise UnknownName(
        f"{text[:200]!r} is no source of this graph", nearest=near, hint="`kg sources` lists them"
    )


def _is_repository(now: Generation, source: str) -> bool:
    return kg("project") in dict(things.own(now.reader, source))


def _whole(now: Generation, source: str, prefix: str) -> str:
    """The whole name of a commit of a repository; "" when there is none that begins so."""
    shas = now.kept("commits by name", lambda: _commits(now))
    at = bisect.bisect_left(shas, (prefix, ""))
    if at < len(shas) and shas[at][0].startswith(prefix):
        return shas[at][0]
    told = now.reader.select(_AT_SHA, {"from": ("iri", source)}).rows
    return next((str(sha) for _, sha, _ in told if str(sha).startswith(prefix)), "")


def _commits(now: Generation) -> list[tuple[str, str]]:
    """Name and IRI of every commit, in order."""
    rows = now.reader.select(_COMMITS).rows
    return sorted((terms.keys_of(str(iri))[-1], str(iri)) for (iri,) in rows)


def _commit_iri(now: Generation, sha: str) -> str:
    shas = now.kept("commits by name", lambda: _commits(now))
    at = bisect.bisect_left(shas, (sha, ""))
    return shas[at][1] if at < len(shas) and shas[at][0] == sha else ""


def _at(spot: Spot) -> dict[str, Bound]:
    return {"from": ("iri", spot.iri), "line": ("integer", str(spot.line))}


def _numbers(now: Generation, spot: Spot) -> list[int]:
    """The lines of a file in which something was read."""
    if spot.sha or spot.path:
        return []
    rows = now.reader.select(_LINES, {"from": ("iri", spot.iri)}).rows
    return sorted({int(str(line)) for line, _ in rows})


def _found(now: Generation, spot: Spot) -> tuple[list[str], list[str]]:
    """The nodes that stand at a place, with what was derived from them, and the words of the place."""
    if spot.sha:
        rows = now.reader.select(_AT_SHA, {"sha": ("string", spot.sha), "from": ("iri", spot.iri)}).rows
        commit = _commit_iri(now, spot.sha)
        read = now.reader.select(_READ, {"commit": ("iri", commit)}).rows if commit else ()
        known = _and_derived(
            now, [*(str(r[2]) for r in read), *(str(r[0]) for r in rows), *([commit] if commit else [])]
        )
        return [node for node in known if node != commit], list(dict.fromkeys(str(r[1]) for r in read))
    if spot.path:
        rows = now.reader.select(_AT_PATH, {"path": ("string", spot.path), "from": ("iri", spot.iri)}).rows
        nodes = sorted((str(row[0]) for row in rows), key=lambda iri: (kind_of(iri) != "spec", iri))
        if not nodes:
            raise UnknownName(f"nothing was read at {spot.name}", hint="`kg sources` lists what was read")
        return _and_derived(now, nodes), []
    if not spot.line or kg("project") in dict(things.own(now.reader, spot.iri)):
        return (
            [],
            [],
        )  # a line of a repository is one of a commit's message: without the commit it says nothing
    facts = [str(row[0]) for row in now.reader.select(_FACTS, _at(spot)).rows]
    quotes = [str(row[0]) for row in now.reader.select(_QUOTES, _at(spot)).rows]
    kept = [q for q in quotes if not any(q != other and q in other for other in quotes)]
    return _and_derived(now, facts[:MOST]) + facts[MOST:], kept


def _and_derived(now: Generation, nodes: Sequence[str]) -> list[str]:
    rows = [row for node in nodes for row in now.reader.select(_RESTS, {"on": ("iri", node)}).rows]
    return list(dict.fromkeys([*nodes, *(str(row[0]) for row in rows)]))


def _rested(now: Generation, iri: str, lang: str) -> Rested:
    said = [(name, value) for name, value in things.own(now.reader, iri) if name not in HIDDEN]
    wanted = [
        (n, v)
        for n, v in said
        if n not in (kg("inMeeting"), kg("inDiscussion"), kg("quote"), kg("key"), kg("sha"))
    ]
    linked = [value for _, value in wanted if value.startswith(ID)]
    known = things.labels(now.reader, [iri, *linked])
    says = tuple((property_word(n, lang), value_of(n, v, known, lang)) for n, v in wanted)
    return Rested(kind_word(kind_of(iri), lang), Shown(known.get(iri) or short(iri), href(iri)), says)


# ---- the file itself


def _around(now: Generation, spot: Spot, numbers: Sequence[int]) -> tuple[list[Line], str]:
    """The lines around a place, or why they are not shown: `moved`, `changed`, `unkept` ("" where it is no file)."""
    if spot.sha or spot.path or not spot.line:
        return [], ""
    facts = dict(things.own(now.reader, spot.iri))
    sha = facts.get(kg("sha256"), "")
    if not sha or kg("onBranch") in facts:
        return [], "unkept"
    data = _bytes(Path(spot.source))
    if data is None:
        return [], "moved"
    if hashlib.sha256(data).hexdigest() != sha:
        return [], "changed"
    text = decode(data, spot.source)
    if not isinstance(text, str):
        return [], "unkept"
    rows, _ = lines_of(text, spot.source)
    first, last = max(1, spot.line - AROUND), min(len(rows), spot.line + AROUND)
    read = set(numbers)
    return [Line(n, rows[n - 1], n == spot.line, n in read) for n in range(first, last + 1)], ""


def _bytes(path: Path) -> bytes | None:
    """The bytes of a plain file of the size that is read at all; None when there is none."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None


def _commit(now: Generation, spot: Spot, lang: str) -> Rested | None:
    """What is known of a commit, for its head."""
    iri = _commit_iri(now, spot.sha) if spot.sha else ""
    return _rested(now, iri, lang) if iri else None


def _beside(spot: Spot, numbers: Sequence[int], step: int) -> str:
    """The address of the line before or after in which something was read."""
    if not spot.line or not numbers:
        return ""
    at = bisect.bisect_left(numbers, spot.line) - 1 if step < 0 else bisect.bisect_right(numbers, spot.line)
    if not 0 <= at < len(numbers):
        return ""
    return f"/evidence?source={quote(spot.source, safe='')}&line={numbers[at]}"
