"""The rows of a section: its columns with links and words, and the place of each row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from graph import things
from graph.serve.layout import href
from graph.serve.results_cells import Grid, Shown, by_name, grid
from graph.serve.results_words import column as column_in_general
from graph.serve.state import Generation
from graph.serve.thing_words import WORDED, column_word, value_word
from graph.sparql import QueryFile
from graph.table import Table
from graph.terms import ID, keys_of
from graph.things import Section

SHORT = 10  # characters of a Change-Id
_PLACE = ("source", "line", "path", "evidence", "sha", "project")
PEOPLE = ("person", "author", "assignee", "proposer")
RELEASES = ("from", "to", "next", "first", "last", "before", "after")
_LONG = re.compile(r"[A-Za-z]?[0-9a-f]{40}")
_REPOSITORIES = (
    "SELECT DISTINCT ?name ?any WHERE { ?place kg:project ?any ; a kg:Source ; dcterms:source ?name }"
)
_HISTORIES = """SELECT DISTINCT ?project ?name WHERE {
  ?place kg:onBranch ?any ; kg:project ?project ; dcterms:source ?name
} ORDER BY ?project ?name"""


def cells(now: Generation, asked: QueryFile, section: Section, found: Table, lang: str) -> Grid:
    """The rows with the columns of the section: links, words of the reader's language, places."""
    found = _of_commits(now, _of_files(now, found))
    wanted = [c for c in found.columns if c in section.columns or c in _PLACE]
    made = grid(now, asked, found.without(c for c in found.columns if c not in wanted), lang)
    names = [c for c, _ in made.columns]
    at = [names.index(c) for c in section.columns if c in names]
    things_named = [cell.whole for row in made.rows for cell in row.cells if cell.whole.startswith(ID)]
    known = things.labels(now.reader, things_named)
    rows = tuple(
        replace(row, cells=tuple(_cell(now, names[n], row.cells[n], known, lang) for n in at))
        for row in made.rows
    )
    heads = tuple((names[n], column_word(names[n], lang) or column_in_general(names[n], lang)) for n in at)
    return replace(made, columns=heads, rows=rows)


def _of_files(now: Generation, found: Table) -> Table:
    """The same, without the commits of rows that rest on a file: a release file names a commit of a repository."""
    if not {"sha", "source"} <= set(found.columns):
        return found
    kept = now.kept("repositories", lambda: {str(name) for name, _ in now.reader.select(_REPOSITORIES).rows})
    source, sha = found.columns.index("source"), found.columns.index("sha")
    rows = (row if row[source] in kept else (*row[:sha], None, *row[sha + 1 :]) for row in found.rows)
    return Table(found.columns, tuple(rows))


def _of_commits(now: Generation, found: Table) -> Table:
    """The same, with the places of the commits that rows name."""
    if "commit" not in found.columns or "sha" in found.columns:
        return found
    kept = now.kept(
        "histories", lambda: {str(p): str(name) for p, name in reversed(now.reader.select(_HISTORIES).rows)}
    )
    at = found.columns.index("commit")
    keys = [keys_of(str(row[at])) for row in found.rows]
    rows = tuple(
        (*row, kept.get(project), sha) for row, (*_, project, sha) in zip(found.rows, keys, strict=True)
    )
    return Table((*found.columns, "source", "sha"), rows)


def _cell(now: Generation, column: str, cell: Shown, known: Mapping[str, str], lang: str) -> Shown:
    if cell.whole.startswith(ID):
        return replace(cell, text=known.get(cell.whole, cell.text), whole="")
    if not cell.href and column in PEOPLE:
        return replace(cell, href=href(by_name(now)["person"].get(cell.text.casefold(), "")))
    if not cell.href and column in RELEASES:
        return replace(cell, href=href(by_name(now)["release"].get(cell.text.casefold(), "")))
    if _LONG.fullmatch(cell.text):
        return replace(cell, text=f"{cell.text[:SHORT]}…", whole=cell.text)
    look = "tag" if column in WORDED and cell.text else "quote" if column == "quote" else cell.look
    return replace(cell, text=value_word(column, cell.text, lang), look=look)
