"""`kg todo`: list TODOs, close one with what closes it, open it again."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph import closings
from graph.cli.common import FORMATS, App, output_option, pass_app, rendered, talk, write
from graph.errors import KgError, UnknownName, UsageFault

if TYPE_CHECKING:
    from graph.store import Reader
    from graph.table import Table
    from graph.views.todo_list import Todo

_SUFFIXES = {".ics": "ics", ".md": "md", ".csv": "csv", ".json": "json", ".jsonl": "jsonl"}
SHORTEST = 4  # characters of an id that may stand for it
NEAREST = 3


@click.group(invoke_without_command=True)
@click.option("--all", "which", flag_value="all", default=True, help="Open and closed ones (the default).")
@click.option("--open", "which", flag_value="open", help="Open ones only.")
@click.option("--closed", "which", flag_value="closed", help="Closed ones only.")
@click.option("--month", metavar="MONTH", help="Raised in this month only.")
@click.option("--today", metavar="DATE", default="today", help="The day that ages are counted to.")
@click.option("--format", "form", type=click.Choice([*FORMATS, "ics"]), help="[by FILE's name, else table]")
@output_option
@click.pass_context
def todo(
    ctx: click.Context, which: str, month: str | None, today: str, form: str | None, output: Path | None
) -> None:
    """List TODOs by month, with age, how often they were carried over, and what closed them.

    \b
    kg todo --open
    kg todo close 1f3a --by https://example.org/post/67
    kg todo reopen 1f3a
    """
    if ctx.invoked_subcommand:
        return
    wanted = _Wanted(which, month or "", today, form or _by_name(output), output)
    app: App = ctx.obj
    _list(app, wanted)


@dataclass(frozen=True)
class _Wanted:
    """What to list and how: which is all, open or closed; the rest is as the user wrote it."""

    which: str
    month: str
    today: str
    form: str
    output: Path | None


def _by_name(output: Path | None) -> str:
    return _SUFFIXES.get(output.suffix.lower(), "table") if output else "table"


# --- listing -----------------------------------------------------------------------------------------------


def _list(app: App, wanted: _Wanted) -> None:
    from graph import names
    from graph.views.report_words import words_of
    from graph.views.todo_list import todos_of

    month = names.month(wanted.month) if wanted.month else ""
    with app.reader() as reader:
        table = _rows(reader, wanted.today)
        closed_on = _closed_on(reader) if wanted.form == "ics" else {}
    kept = [item for item in todos_of(table) if _fits(item, wanted.which, month)]
    if wanted.form in ("csv", "json", "jsonl"):
        text = rendered(_only(table, {item.id for item in kept}), wanted.form, {"query": "todos"})
    else:
        text = _readable(app, kept, wanted, closed_on)
    write(text, wanted.output)
    if not kept:
        talk(words_of(app.lang).no_todos)


def _fits(item: Todo, which: str, month: str) -> bool:
    return (which == "all" or item.is_open == (which == "open")) and (not month or item.month == month)


def _only(table: Table, ids: set[str]) -> Table:
    from graph.table import Table as Made

    return Made(table.columns, tuple(row for row in table.rows if row[table.columns.index("todo")] in ids))


def _readable(app: App, todos: list[Todo], wanted: _Wanted, closed_on: dict[str, str]) -> str:
    from graph.cli.report import locate
    from graph.views import todo_list
    from graph.views.report_words import words_of
    from graph.views.todo_calendar import calendar

    words = words_of(app.lang)
    if wanted.form == "ics":
        return calendar(todos, closed_on)
    if wanted.form == "md":
        return todo_list.todo_markdown(todos, words, locate(wanted.output))
    parts = []
    for name, same in todo_list.by_month(todos):
        grid = rendered(todo_list.todo_table(same, words), "table", {})
        parts.append(f"{todo_list.month_heading(name, same, words)}\n{grid}")
    return "\n".join(parts)


def _rows(reader: Reader, today: str) -> Table:
    from graph import sparql
    from graph.names import Names
    from graph.queries import Catalogue

    bound = Names(reader).resolve("date", today)
    return sparql.run(reader, Catalogue.load().get("todos"), {"today": bound})


def _closings(reader: Reader) -> Table:
    from graph import sparql
    from graph.queries import shipped

    return sparql.run(reader, sparql.load(shipped() / "views" / "report-closings.rq"), {})


def _closed_on(reader: Reader) -> dict[str, str]:
    return {str(row["todo"]): str(row["on"]) for row in _closings(reader).dicts() if row["on"]}


# --- closing -----------------------------------------------------------------------------------------------


@todo.command()
@click.argument("todo_id", metavar="ID")
@click.option("--by", required=True, metavar="URL|FILE", help="What closes it: a link or a file.")
@click.option("--note", default="", help="A remark.")
@click.option("--on", "on", default="today", metavar="DATE", help="The day it was closed [today].")
@pass_app
def close(app: App, todo_id: str, by: str, note: str, on: str) -> None:
    """Close the TODO ID, in todo-closed.toml beside its note; it stays closed over rebuilds."""
    from graph.names import Names

    with app.reader() as reader:
        item = _find(reader, todo_id)
        date = Names(reader).resolve("date", on)[1]
    if not item.is_open:
        how = f" by {item.by}" if item.by else " in its note"
        raise KgError(f"{item.id} is closed already{how}", hint=f"`kg todo reopen {item.id}` opens it first")
    path = _file(item)
    _check_by(by, path.parent)
    # A build that failed after an earlier call leaves the row; one is enough.
    if item.id not in {row.todo for row in closings.read(path)}:
        closings.append(path, item.id, by.strip(), _whole(date), note.strip())
    _rebuild(app, [path])
    talk(app.say(f"closed {item.id}: {item.text}", f"已关闭 {item.id}：{item.text}"))
    talk(app.say(f"noted in {path}", f"记录在 {path}"))


@todo.command()
@click.argument("todo_id", metavar="ID")
@pass_app
def reopen(app: App, todo_id: str) -> None:
    """Open the TODO ID again: its row is taken out of todo-closed.toml."""
    with app.reader() as reader:
        item = _find(reader, todo_id)
        held = sorted({str(row["source"]) for row in _closings(reader).dicts() if row["todo"] == item.id})
    if item.is_open:
        raise KgError(f"{item.id} is open", hint="`kg todo --closed` lists the closed ones")
    if not held:
        place = ":".join(map(str, item.places[0]))
        raise KgError(f"{item.id} is marked as done in its note", place=place, hint="change the note")
    paths = [Path(source) for source in held]
    for path in paths:
        if not path.is_file():
            raise KgError("the file that closes it is not here", place=str(path), hint=_WHERE)
    for path in paths:
        closings.remove(path, item.id)
    _rebuild(app, paths)
    talk(app.say(f"opened {item.id} again: {item.text}", f"已重新打开 {item.id}：{item.text}"))


_WHERE = "run kg in the folder where `kg build` was run"


def _find(reader: Reader, word: str) -> Todo:
    """The TODO of an id, or of the beginning of one. Raises UnknownName with candidates or the nearest."""
    from graph.views.todo_list import todos_of

    todos = todos_of(_rows(reader, "today"))
    key = word.strip().lower()
    exact = [t for t in todos if t.id == key]
    found = exact or [t for t in todos if t.id.startswith(key)]
    if not exact and len(key) < SHORTEST:
        hint = f"give at least {SHORTEST} characters; `kg todo` lists them"
        raise UsageFault(f"{word!r} is too short for an id", hint=hint)
    if len(found) == 1:
        return found[0]
    if found:
        shown = tuple(f"{t.id} {t.text}" for t in found)
        raise UnknownName(
            f"{word!r} can be any of several", nearest=shown, hint="say which: " + "; ".join(shown)
        )
    nearest = _nearest(key, todos)
    hint = f"did you mean {nearest[0]}?" if nearest else "`kg todo` lists them"
    raise UnknownName(f"no TODO has the id {word!r}", nearest=nearest, hint=hint)


def _nearest(key: str, todos: list[Todo]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    names = {t.id: t.id for t in todos}
    found = process.extract(key, names, scorer=fuzz.ratio, limit=NEAREST, score_cutoff=50)
    texts = {t.id: t.text for t in todos}
    return tuple(f"{name} {texts[str(name)]}" for _, _, name in found)


def _file(item: Todo) -> Path:
    """The file of closings beside the note that raised it; of several, the first whose folder is here."""
    folders = [Path(source).parent for source, _ in item.places]
    folder = next((folder for folder in folders if folder.is_dir()), None)
    if folder is None:
        raise KgError("the folder of the note is not here", place=str(folders[0]), hint=_WHERE)
    return folder / closings.FILE


def _check_by(by: str, folder: Path) -> None:
    from graph.views.page import safe_url

    word = by.strip()
    if "://" in word:
        if not safe_url(word):
            raise UsageFault(
                f"{by!r} is no http or https link", hint="give the link of what closes it, or a file"
            )
    elif not word or not (Path(word).is_file() or (folder / word).is_file()):
        raise UsageFault(
            f"there is no file {by!r}", hint="--by is what closes it: a link, or a file that is there"
        )


def _whole(date: str) -> str:

    try:
        return datetime.date.fromisoformat(date).isoformat()
    except ValueError as error:
        raise UsageFault(f"{date!r} is no day", hint="write dates like 2018-02-11") from error


def _rebuild(app: App, paths: list[Path]) -> None:
    """Read just these files again, so that the change shows at once."""
    from graph import pipeline

    report = pipeline.build(app.store, [os.path.normpath(path) for path in paths])
    for problem in report.refused:
        if problem.source in {path.as_posix() for path in paths}:
            raise KgError(problem.what, place=problem.source, hint=problem.hint)
