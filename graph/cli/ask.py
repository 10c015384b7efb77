"""`kg ask`: one question, or a conversation."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import App, format_option, pass_app, show, talk, write
from graph.errors import KgError, UsageFault

if TYPE_CHECKING:
    from graph.answers import Answer
    from graph.asking.asker import Asker
    from graph.store import Reader

_PLACE = ("source", "line", "path")  # the evidence below the table has them
SHOWN = 40  # quotes printed at most; all of them are in --format json
LEAVE = ("exit", "quit", "bye", "q", ":q", "退出", "再见", "结束")


@click.command()
@click.argument("question", nargs=-1)
@click.option("--sparql", is_flag=True, help="Show the SPARQL that was run.")
@click.option("--today", metavar="DATE", default="", help="The day that `last week` is counted from [today].")
@click.option("--queries", "extra", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder with more questions.")  # fmt: skip
@format_option
@pass_app
def ask(
    app: App, question: tuple[str, ...], sparql: bool, today: str, extra: tuple[Path, ...], form: str
) -> None:
    """Answer QUESTION, in English or Chinese, with the evidence of each row.

    Without a QUESTION it is a conversation: a question a line, which may lean on the one before it ("which of them
    were implemented", "and from Rocky to Stein?"); it ends with `quit` or the end of the input.

    Exit 3 when it is not understood, a name in it is not known, or nothing here can know; it is never guessed at.
    """
    with app.reader() as reader:
        asker = _asker(reader, extra, today)
        if question:
            from graph.answers import answer

            _print(answer(reader, asker.understand(_as_typed(question))), form, sparql)
        else:
            _converse(app, reader, asker, lambda result: _print(result, form, sparql))


def _as_typed(words: tuple[str, ...]) -> str:
    """The question in UTF-8, whatever the locale took its bytes for."""
    return " ".join(words).encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def _asker(reader: Reader, extra: tuple[Path, ...], today: str) -> Asker:
    from graph.asking.asker import Asker
    from graph.names import Names
    from graph.queries import Catalogue

    names = Names(reader)
    try:
        day = datetime.date.fromisoformat(names.resolve("date", today)[1]) if today else None
    except ValueError as error:
        raise UsageFault(f"{today!r} is no day", hint="write dates like 2018-02-11") from error
    return Asker(Catalogue.load(extra, quick=True), names, day)


def _converse(app: App, reader: Reader, asker: Asker, tell: Callable[[Answer], None]) -> None:
    from graph.answers import answer
    from graph.asking.dialogue import Dialogue

    dialogue = Dialogue(asker)
    for line in _Typed(app):
        try:
            understood = dialogue.understand(line)
            result = answer(reader, understood)
        except KgError as error:
            talk(f"{error}" + (f"\n  {error.hint}" if error.hint else ""))
            continue
        dialogue.heard(understood, result.table)
        tell(result)


class _Typed:
    """The lines that are typed, one prompt each, until one of LEAVE or the end of the input."""

    def __init__(self, app: App) -> None:
        self._prompt = app.say("ask (quit ends) › ", "请提问（quit 结束）› ") if sys.stdin.isatty() else ""
        self._help = app.say(
            "a question a line; `kg queries` lists what can be asked",
            "每行一个问题；`kg queries` 列出可以问什么",
        )

    def __iter__(self) -> _Typed:
        return self

    def __next__(self) -> str:
        while True:
            line = self._line().strip()
            if line.casefold() in LEAVE:
                raise StopIteration
            if line.casefold() in ("help", "?", "？", "帮助"):
                talk(self._help)
            elif line:
                return line

    def _line(self) -> str:
        if not self._prompt:
            line = sys.stdin.readline()
            if not line:
                raise StopIteration
            return line
        try:
            return input(self._prompt)
        except (EOFError, KeyboardInterrupt):
            talk("")
            raise StopIteration from None


def _print(result: Answer, form: str, sparql: bool) -> None:
    if form in ("json", "jsonl", "csv"):
        show(result.table, form, extra=_extra(result, sparql))
        return
    write(result.sentence + "\n" + ("\n" if form == "md" else ""), None)
    if result.table.rows:
        show(result.table.without(["evidence", *(_PLACE if result.evidence else ())]), form)
    _evidence(result)
    _taken(result)
    if sparql:
        write(_runnable(result), None)


def _runnable(result: Answer) -> str:
    """The SPARQL that was run, and what its parameters were bound to."""
    bound = "".join(
        f"# ?{name} = {kind} {value}\n" for name, (kind, value) in result.understood.bound.items()
    )
    return bound + result.sparql


def _extra(result: Answer, sparql: bool) -> dict[str, object]:
    from graph.answers import data

    return {**data(result), **({"sparql": _runnable(result)} if sparql else {})}


def _evidence(result: Answer) -> None:
    zh = result.understood.lang == "zh"
    seen: set[tuple[str, int]] = set()
    lines = []
    for quoted in result.evidence:
        if (quoted.source, quoted.line) not in seen:
            seen.add((quoted.source, quoted.line))
            place = f"{quoted.source}:{quoted.line}" if quoted.line else quoted.source
            lines.append(f"  {place}  “{quoted.quote}”")
    if lines:
        write(("证据：" if zh else "Evidence:") + "\n" + "\n".join(lines[:SHOWN]) + "\n", None)
    if len(lines) > SHOWN:
        more = len(lines) - SHOWN
        talk(f"…另有 {more} 条，见 --format json" if zh else f"… and {more} more: --format json has all")


def _taken(result: Answer) -> None:
    understood = result.understood
    params = ", ".join(f"{name}={value}" for name, value in understood.shown.items())
    params += "".join(f"; {limit.shown}" for limit in understood.limits)
    title = understood.question.titles.get(understood.lang, understood.question.name)
    prefix = "理解为" if understood.lang == "zh" else "taken for"
    talk(f"{prefix}: {understood.question.name}({params}): {title}")
