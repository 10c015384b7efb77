"""What every command shares: the store, the language, tables in five formats, errors with a next step."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from graph.names import Names
    from graph.store import Reader
    from graph.table import Table

FORMATS = ("table", "md", "csv", "json", "jsonl")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class App:
    """Where the store is and which language is spoken."""

    store: Path
    lang: str

    def reader(self) -> Reader:
        """The last complete build."""
        from graph.store import Reader

        return Reader(self.store)

    def say(self, en: str, zh: str) -> str:
        """A sentence in the user's language."""
        return zh if self.lang == "zh" else en


pass_app = click.make_pass_decorator(App)


def default_lang() -> str:
    """The language of the locale: Chinese or English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def format_option(command: F) -> F:
    """`--format` for a command that prints a table."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How rows are printed.",
    )(command)


def output_option(command: F) -> F:
    """`-o FILE` for a command that makes a page."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write to this file, not to stdout.",
    )(command)


def check_suffix(output: Path | None, known: tuple[str, ...]) -> None:
    """Refuse a file whose name does not end as one of those that are known."""
    from graph.errors import UsageFault

    if output is not None and output.suffix.lower() not in known:
        hint = f"end it with {', '.join(known)}"
        raise UsageFault(f"{output.name!r}: the end of the file's name says what to draw", hint=hint)


def day(names: Names, word: str | None) -> str:
    """The day, month or year that a word names, as far as it is said; "" without a word."""
    return str(names.resolve("date", word)[1]) if word else ""


def talk(text: str) -> None:
    """Talk and progress go to stderr."""
    click.echo(text, err=True)


def write(text: str, output: Path | None) -> None:
    """Data goes to a file (folders are made) or to stdout, in UTF-8 whatever the locale."""
    if output is None:
        sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))
        sys.stdout.buffer.flush()
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    talk(f"wrote {output}")


def show(table: Table, form: str, *, extra: dict[str, Any] | None = None) -> None:
    """Print a table in one of FORMATS; `extra` goes into the JSON object beside columns and rows."""
    from graph.views.tables import rendered

    write(rendered(table, form, extra or {}), None)
