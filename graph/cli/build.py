"""`kg build`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import App, pass_app, talk

if TYPE_CHECKING:
    from rich.progress import TaskID

    from graph.errors import Problem
    from graph.pipeline import Report
    from graph.reading import Watch

SHOWN = 10


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--queries", "extra", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder with more rules and questions.")  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.option("--watch", "watched", is_flag=True,
              help="Go on: build again when SOURCES change, and print what that changed.")  # fmt: skip
@pass_app
def build(app: App, sources: tuple[str, ...], extra: tuple[Path, ...], quiet: bool, watched: bool) -> int:
    """Read SOURCES (files and folders; default data/) into the store.

    What did not change is not read again; what is gone from a folder is dropped; what cannot be read keeps its
    last good facts. Exit 1 when a source was refused.
    """
    given = list(sources) or ["data"]
    if watched:
        from graph.cli.watch import watch

        return watch(app, given, extra, lambda: _build(app, given, extra, quiet))
    return 1 if _build(app, given, extra, quiet).refused else 0


def _build(app: App, given: list[str], extra: tuple[Path, ...], quiet: bool) -> Report:
    """One build, and what it read and refused."""
    from graph import pipeline

    with progress(quiet) as watch:
        report = pipeline.build(app.store, given, watch=watch, queries=extra)
    if not quiet:
        _summary(app, report)
    for problem in report.refused:
        talk(f"error: {_place(problem)}: {problem.what}")
        if problem.hint:
            talk(f"hint: {problem.hint}")
    return report


@contextlib.contextmanager
def progress(quiet: bool) -> Iterator[Watch]:
    """A bar with counts and the time left for each step, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def watch(step: str, done: int, total: int) -> None:
            name = "rules" if step.startswith(("rule ", "linking")) else step
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=None)
            task = tasks[name]
            bars.update(task, description=step, completed=done, total=total or None)

        yield watch


def _place(problem: Problem) -> str:
    return f"{problem.source}:{problem.line}" if problem.line else problem.source


def _summary(app: App, report: Report) -> None:
    if not report.changed:
        talk(app.say("nothing changed", "没有变化"))
    counts = [
        (app.say("read", "读取"), len(report.read)),
        (app.say("unchanged", "未变"), len(report.unchanged)),
        (app.say("dropped", "移除"), len(report.dropped)),
        (app.say("of unknown kind, skipped", "类型未知而跳过"), len(report.skipped)),
        (app.say("refused", "拒绝"), len(report.refused)),
    ]
    talk(", ".join(f"{count} {word}" for word, count in counts if count) or app.say("no sources", "没有来源"))
    if report.lines:
        share = 100 * report.understood / report.lines
        talk(app.say(
            f"understood {report.understood} of {report.lines} lines ({share:.0f} %); `kg problems` lists the rest",
            f"已理解 {report.lines} 行中的 {report.understood} 行（{share:.0f} %），其余见 `kg problems`",
        ))  # fmt: skip
    for problem in [p for p in report.problems if p.kind in ("odd", "inferred")][:SHOWN]:
        talk(f"{problem.kind}: {_place(problem)}: {problem.what}")
