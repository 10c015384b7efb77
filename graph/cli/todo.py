"""`kg todo`: list TODOs, close some with what closes them, open them again, look over what was closed."""

from __future__ import annotations

import datetime
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graph import closings
from graph.cli.common import (
    FORMATS,
    App,
    format_option,
    output_option,
    pass_app,
    show,
    talk,
    write,
)
from graph.errors import KgError, UsageFault
from graph.views.tables import rendered

if TYPE_CHECKING:
    from graph.store import Reader
    from graph.table import Cell, Table
    from graph.views.todo_later import Maybe
    from graph.views.todo_list import Todo

_SUFFIXES = {".ics": "ics", ".md": "md", ".csv": "csv", ".json": "json", ".jsonl": "jsonl"}
_WHERE = "run kg in the folder where `kg build` was run"


@click.group(invoke_without_command=True)
@click.option("--all", "which", flag_value="all", default=True, help="Open and closed ones (the default).")
@click.option("--open", "which", flag_value="open", help="Open ones only.")
@click.option("--closed", "which", flag_value="closed", help="Closed ones only.")
@click.option("--month", metavar="MONTH", default="", help="Raised in this month only.")
@click.option("--feature", metavar="NAME", default="", help="About this feature or topic only.")
@click.option("--assignee", metavar="NAME", default="", help="Decisions given to this person only.")
@click.option("--suggest/--no-suggest", default=True, help="Show what may have closed open ones since.")
@click.option("--today", metavar="DATE", default="today", help="The day that ages are counted to.")
@click.option("--format", "form", type=click.Choice([*FORMATS, "ics"]), help="[by FILE's name, else table]")
@output_option
@click.pass_context
def todo(ctx: click.Context, /, form: str | None, output: Path | None, **given: Any) -> None:  # noqa: ANN401
    """List TODOs by month, with age, how often they were carried over, and what closed them.

    Those of lists, promises in the text, and decisions that somebody was given. What may have closed an open one
    since is told with its evidence; only a note, or `kg todo close`, closes it.

    \b
    kg todo --open
    kg todo close 1f3a --by https://example.org/post/67
    kg todo reopen 1f3a
    kg todo log
    """
    if ctx.invoked_subcommand:
        return
    _list(ctx.obj, _Wanted(form=form or _by_name(output), output=output, **given))


@dataclass(frozen=True)
class _Wanted:
    """What to list and how: which is all, open or closed; the rest is as the user wrote it."""

    which: str
    month: str
    feature: str
    assignee: str
    suggest: bool
    today: str
    form: str
    output: Path | None


def _by_name(output: Path | None) -> str:
    return _SUFFIXES.get(output.suffix.lower(), "table") if output else "table"


# --- listing -----------------------------------------------------------------------------------------------


def _list(app: App, wanted: _Wanted) -> None:
    from graph.cli import todo_store
    from graph.views.report_words import words_of

    with app.reader() as reader:
        table = todo_store.table_of(reader, wanted.today)
        kept = _kept(reader, todo_store.todos(reader, table), wanted)
        maybes = (
            _maybes(app, reader, kept, wanted.today)
            if wanted.suggest and wanted.form in ("table", "md", "json")
            else {}
        )
    if wanted.form in ("csv", "json", "jsonl"):
        told = [{**asdict(one), "command": one.command} for same in maybes.values() for one in same]
        extra = {"query": "todos", "suggestions": told}
        text = rendered(_only(table, {item.id for item in kept}), wanted.form, extra)
    else:
        text = _readable(app, kept, wanted, maybes)
    write(text, wanted.output)
    if not kept:
        talk(words_of(app.lang).no_todos)


def _kept(reader: Reader, known: list[Todo], wanted: _Wanted) -> list[Todo]:
    from graph import names
    from graph.cli import todo_store

    held, month = names.Names(reader), names.month(wanted.month) if wanted.month else ""
    ids = {item.id for item in known}
    if wanted.feature:
        ids &= todo_store.about(reader, held, wanted.feature)
    if wanted.assignee:
        ids &= todo_store.given_to(held, wanted.assignee, known)
    return [item for item in known if item.id in ids and _fits(item, wanted.which, month)]


def _fits(item: Todo, which: str, month: str) -> bool:
    return (which == "all" or item.is_open == (which == "open")) and (not month or item.month == month)


def _maybes(app: App, reader: Reader, kept: list[Todo], today: str) -> dict[str, list[Maybe]]:
    from graph import names
    from graph.cli import todo_store
    from graph.views.todo_later import maybes
    from graph.views.todo_words import todo_words

    if not any(item.is_open and item.about for item in kept):
        return {}
    # Without a day all that is on record counts, though a note may be dated ahead of the clock.
    day = "9999-12-31" if today == "today" else names.Names(reader).resolve("date", today)[1]
    return maybes(kept, todo_store.view(reader, "todo-later"), todo_words(app.lang), day)


def _only(table: Table, ids: set[str]) -> Table:
    """One row for each TODO, though several sources list it."""
    from graph.table import Table as Made

    at = table.columns.index("todo")
    first: dict[Cell, tuple[Cell, ...]] = {}
    for row in table.rows:
        first.setdefault(row[at], row)
    return Made(table.columns, tuple(row for key, row in first.items() if key in ids))


def _readable(app: App, todos: list[Todo], wanted: _Wanted, maybes: dict[str, list[Maybe]]) -> str:
    from graph.cli.report import locate
    from graph.views import todo_list
    from graph.views.report_words import words_of
    from graph.views.todo_calendar import calendar
    from graph.views.todo_later import maybe_line, maybe_lines
    from graph.views.todo_words import todo_words

    words, own = words_of(app.lang), todo_words(app.lang)
    if wanted.form == "ics":
        return calendar(todos)
    if wanted.form == "md":
        more = {key: tuple(maybe_line(one, own) for one in same) for key, same in maybes.items()}
        return todo_list.todo_markdown(todos, words, locate(wanted.output), more)
    parts = []
    for name, same in todo_list.by_month(todos):
        grid = rendered(todo_list.todo_table(same, words), "table", {})
        told = "".join(line for item in same for line in maybe_lines(maybes.get(item.id, ()), own))
        parts.append(f"{todo_list.month_heading(name, same, words)}\n{grid}{told and told + chr(10)}")
    return "\n".join(parts)


@todo.command()
@format_option
@pass_app
def log(app: App, form: str) -> None:
    """Look over what was closed by hand: when, by what, where the row stands, and whether it is closed still."""
    from graph.cli import todo_store
    from graph.views.todo_log import log_table

    with app.reader() as reader:
        known = todo_store.todos(reader, todo_store.table_of(reader, "today"))
        rows = todo_store.view(reader, "report-closings")
    show(log_table(rows, known, app.lang if form in ("table", "md") else ""), form)


# --- closing -----------------------------------------------------------------------------------------------


@todo.command()
@click.argument("todo_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--by", required=True, metavar="URL|FILE", help="What closes it: a link or a file.")
@click.option("--note", default="", help="A remark.")
@click.option("--on", "on", default="today", metavar="DATE", help="The day it was closed [today].")
@pass_app
def close(app: App, todo_ids: tuple[str, ...], by: str, note: str, on: str) -> None:
    """Close the TODOs of some IDs, in todo-closed.toml beside their notes; they stay closed over rebuilds.

    A note of a later month that lists one as open opens it again.
    """
    from graph.names import Names

    with app.reader() as reader:
        items = _items(reader, todo_ids)
        date = _whole(Names(reader).resolve("date", on)[1])
    for item in items:
        if not item.is_open:
            how = f" by {item.by}" if item.by else " in its note"
            raise KgError(
                f"{item.id} is closed already{how}", hint=f"`kg todo reopen {item.id}` opens it first"
            )
    paths = {item.id: _file(item) for item in items}
    for path in paths.values():
        _check_by(by, path.parent)
    for item in items:
        _append(item, paths[item.id], (by.strip(), date, note.strip()))
    _rebuild(app, sorted(set(paths.values())))
    for item in items:
        talk(app.say(f"closed {item.id}: {item.text}", f"已关闭 {item.id}：{item.text}"))
        talk(app.say(f"noted in {paths[item.id]}", f"记录在 {paths[item.id]}"))


def _append(item: Todo, path: Path, how: tuple[str, str, str]) -> None:
    by, on, note = how
    row = closings.Closed(item.id, by, on, note, 0, item.text, item.last, item.assignee)
    # A build that failed after an earlier call leaves the row; one is enough.
    if any(
        (r.todo, r.by, r.on, r.listed) == (row.todo, row.by, row.on, row.listed) for r in closings.read(path)
    ):
        return
    closings.append(path, row.todo, by, on, note, text=row.text, listed=row.listed, assignee=row.assignee)


@todo.command()
@click.argument("todo_ids", metavar="ID...", nargs=-1, required=True)
@pass_app
def reopen(app: App, todo_ids: tuple[str, ...]) -> None:
    """Open the TODOs of some IDs again: their rows are taken out of todo-closed.toml."""
    from graph.cli import todo_store

    with app.reader() as reader:
        items = _items(reader, todo_ids)
        rows = todo_store.view(reader, "report-closings").dicts()
    mine = {item.id: [row for row in rows if row["todo"] == item.id] for item in items}
    for item in items:
        _check_reopen(item, mine[item.id])
    found = sorted({(str(row["source"]), str(row["id"])) for same in mine.values() for row in same})
    paths = {Path(source): [key for at, key in found if at == source] for source, _ in found}
    for path in paths:
        if not path.is_file():
            raise KgError("the file that closes it is not here", place=str(path), hint=_WHERE)
    for path, keys in paths.items():
        closings.remove(path, *keys)
    _rebuild(app, sorted(paths))
    for item in items:
        talk(app.say(f"opened {item.id} again: {item.text}", f"已重新打开 {item.id}：{item.text}"))


def _check_reopen(item: Todo, held: list[Any]) -> None:
    if item.is_open:
        raise KgError(f"{item.id} is open", hint="`kg todo --closed` lists the closed ones")
    if not held:
        place = item.by or ":".join(map(str, item.places[0]))
        raise KgError(f"{item.id} is marked as done in its note", place=place, hint="change the note")


def _items(reader: Reader, words: tuple[str, ...]) -> list[Todo]:
    """The TODOs of some ids, each once, in the order given."""
    from graph.cli import todo_store

    known = todo_store.todos(reader, todo_store.table_of(reader, "today"))
    return list({item.id: item for word in words if (item := todo_store.find(reader, word, known))}.values())


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
