"""`kg diff`."""

from __future__ import annotations

import datetime
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from graph.cli.common import FORMATS, App, output_option, pass_app, write
from graph.views.tables import rendered

if TYPE_CHECKING:
    from graph.store import Reader
    from graph.table import Table

MOST_DIGITS = 6  # of the number of a build; more are a date
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?")


class Told(NamedTuple):
    """What changed: its rows, the words for it, and the sentence where there are none."""

    table: Table
    title: str
    nothing: str


@click.command()
@click.option("--since", metavar="DATE|BUILD",
              help="A day, a month, a year, `last week`, or a build's number [the build before].")  # fmt: skip
@click.option("--until", metavar="DATE|BUILD", help="The last day or build that counts [today's graph].")
@click.option("--format", "form", type=click.Choice(FORMATS), default="md", show_default=True,
              help="md is a text for a mail; the others print rows.")  # fmt: skip
@output_option
@pass_app
def diff(app: App, since: str | None, until: str | None, form: str, output: Path | None) -> None:
    """Say what changed: slips, status, features, specs, patches, bugs, versions, decisions, TODOs.

    By default between the last build and the one before; with a day, what is dated since.
    """
    told = _told(app, since, until)
    text = mail(app, told, given(since, until)) if form == "md" else _rows(told, form)
    write(text, output)


def mail(app: App, told: Told, command: Sequence[str] = ()) -> str:
    """The text for a mail; `command` are the words of the call that lists every row, if there is one."""
    from graph.views.changes import changes_markdown

    more = shlex.join(["kg", "diff", *command, "--format", "csv"]).replace("`", "")
    return changes_markdown(told.table, told.title, app.lang, nothing=told.nothing, more=more)


def given(since: str | None, until: str | None) -> list[str]:
    """The words of a call."""
    return [
        word for name, value in (("--since", since), ("--until", until)) if value for word in (name, value)
    ]


def _rows(told: Told, form: str) -> str:
    return rendered(told.table, form, {"title": told.title})


def _told(app: App, since: str | None, until: str | None) -> Told:
    from graph.errors import UsageFault
    from graph.generations import kept

    builds = kept(app.store)
    numbers = [word for word in (since, until) if word and _is_build(word, builds)]
    if not since and (not until or numbers):
        return _built(app, None, until)
    if len(numbers) == len([word for word in (since, until) if word]):
        return _built(app, since, until)
    if numbers:
        hint = "give two days, or two numbers of builds"
        raise UsageFault("a day and a build cannot be compared", hint=hint)
    return _dated(app, since or "", until or "")


def _is_build(word: str, builds: list[int]) -> bool:
    """Whether a word is the number of a build; `2018` is one only where there is such a build."""
    if not word.isdecimal() or len(word) > MOST_DIGITS:
        return False
    return int(word) in builds or not _YEAR.fullmatch(word)


# --- days -----------------------------------------------------------------------------------------------------


def period(word: str, today: datetime.date | None = None) -> tuple[str, str]:
    """First and last day (ISO) that a word means: a day, a month, a year, `last week`, `过去3天`.

    Raises UsageFault for a word that is no date.
    """
    from graph.asking import periods
    from graph.asking.words import fold
    from graph.errors import UsageFault

    text = fold(" ".join(word.split()))
    if found := _YEAR.fullmatch(text):
        return f"{found[1]}-01-01", f"{found[1]}-12-31"
    spans = periods.find(text, today or datetime.date.today())
    if len(spans) != 1 or spans[0].open_year or (spans[0].start, spans[0].end) != (0, len(text)):
        hint = "write a day (2018-01-25), a month (2018-01), a year, or `last week`"
        raise UsageFault(f"{word!r} is no date", hint=hint)
    return spans[0].first, spans[0].last


def _dated(app: App, since: str, until: str) -> Told:
    from graph import diff
    from graph.errors import UsageFault

    first = period(since)[0] if since else diff.FIRST
    last = period(until)[1] if until else diff.LAST
    if first > last:
        raise UsageFault(f"{first} is after {last}", hint="give the earlier day to --since")
    with app.reader() as reader:
        table = diff.since(reader, first, last)
    return Told(table, *_words_of_days(app, since and first, until and last))


def _words_of_days(app: App, first: str, last: str) -> tuple[str, str]:
    if first and last:
        span = app.say(f"from {first} to {last}", f"{first} 至 {last}")
    else:
        span = app.say(
            f"since {first}" if first else f"until {last}", f"{first} 以来" if first else f"截至 {last}"
        )
    blank = " " if span[-1].isdigit() else ""
    title = app.say(f"What changed {span}", f"{span}{blank}的变化")
    return title, app.say(f"Nothing on record is dated {span}.", f"现有记录中没有 {span}{blank}的内容。")


# --- builds ---------------------------------------------------------------------------------------------------


def _built(app: App, since: str | None, until: str | None) -> Told:
    from graph.errors import UnknownName
    from graph.generations import kept
    from graph.store import Reader

    with Reader(app.store, int(until)) if until else app.reader() as new:
        before = [number for number in kept(app.store) if number < new.generation]
        if not since and not before:
            hint = "`kg diff --since DATE` shows what is dated since a day"
            raise UnknownName(f"build {new.generation} is the only one kept", hint=hint)
        with Reader(app.store, int(since) if since else before[-1]) as old:
            return compared(app, old, new)


def compared(app: App, old: Reader, new: Reader) -> Told:
    """What changed from one build to another."""
    from graph import diff

    one, two = old.generation, new.generation
    return Told(
        diff.between(old, new),
        app.say(f"What changed from build {one} to build {two}", f"从第 {one} 次到第 {two} 次构建的变化"),
        app.say(
            f"Nothing changed from build {one} to build {two}.", f"从第 {one} 次到第 {two} 次构建没有变化。"
        ),
    )
