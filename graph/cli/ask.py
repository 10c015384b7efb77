"""`kg ask`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import App, format_option, pass_app, show, talk, write

if TYPE_CHECKING:
    from graph.answers import Answer

SHOWN = 40  # quotes printed at most; all of them are in --format json


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--sparql", is_flag=True, help="Show the SPARQL that was run.")
@click.option("--queries", "extra", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder with more questions.")  # fmt: skip
@format_option
@pass_app
def ask(app: App, question: tuple[str, ...], sparql: bool, extra: tuple[Path, ...], form: str) -> None:
    """Answer QUESTION, in English or Chinese, with the evidence of each row.

    Exit 3 when it is not understood, or a name in it is not known; it is never guessed at.
    """
    from graph.answers import answer
    from graph.ask import Asker
    from graph.names import Names
    from graph.queries import Catalogue

    with app.reader() as reader:
        catalogue = Catalogue.load(extra)
        understood = Asker(catalogue, Names(reader)).understand(" ".join(question))
        result = answer(reader, understood)
    if form != "table":
        show(result.table, form, extra=_extra(result, sparql))
        return
    write(result.sentence + "\n", None)
    if result.table.rows:
        show(result.table.without(["evidence"]), form)
    _evidence(result)
    _taken(result)
    if sparql:
        write(result.understood.question.text, None)


def _extra(result: Answer, sparql: bool) -> dict[str, object]:
    understood = result.understood
    quoted = [{"row": q.row, "quote": q.quote, "source": q.source, "line": q.line} for q in result.evidence]
    extra: dict[str, object] = {
        "answer": result.sentence, "question": understood.question.name, "params": understood.shown, "evidence": quoted,
    }  # fmt: skip
    if sparql:
        extra["sparql"] = understood.question.text
    return extra


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
    title = understood.question.titles.get(understood.lang, understood.question.name)
    prefix = "理解为" if understood.lang == "zh" else "taken for"
    talk(f"{prefix}: {understood.question.name}({params}): {title}")
