"""`kg report`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import App, output_option, pass_app, talk, write

if TYPE_CHECKING:
    from graph.store import Bound, Reader
    from graph.views.document import Locate
    from graph.views.report import Tables

_PAGES = (".html", ".htm")


@click.command()
@click.argument("month", nargs=-1, required=True)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the post [that of kg].")
@click.option("--format", "form", type=click.Choice(["md", "html"]), help="[by FILE's name, else md]")
@click.option("--today", metavar="DATE", default="today", help="The day that ages of TODOs are counted to.")
@output_option
@pass_app
def report(
    app: App, month: tuple[str, ...], lang: str | None, form: str | None, today: str, output: Path | None
) -> None:
    """Write the post of MONTH (2018-01, 2018年1月): the record, a sentence on each meeting, the TODOs.

    A month that nothing is on record for gives a post that says so.
    """
    from graph import names
    from graph.views import report as view

    wanted = names.month(" ".join(month))
    spoken = lang or app.lang
    with app.reader() as reader:
        bound = names.Names(reader).resolve("date", today)
        tables = _tables(reader, bound)
    page = form == "html" if form else output is not None and output.suffix.lower() in _PAGES
    make = view.report_html if page else view.report_markdown
    write(make(tables, wanted, spoken, bound[1], locate(output)), output)
    if view.is_empty(tables, wanted):
        _hint(App(app.store, spoken), view.months(tables))


def _tables(reader: Reader, today: Bound) -> Tables:
    from graph import sparql
    from graph.queries import Catalogue, shipped
    from graph.views.report import Tables

    questions = Catalogue.load().questions
    named = (
        "meetings", "discussions", "mentions", "statuses", "decisions", "milestones", "problems", "releases",
    )  # fmt: skip
    found = {name: sparql.run(reader, questions[name], {}) for name in named}
    found["todos"] = sparql.run(reader, questions["todos"], {"today": today})
    things = sparql.run(reader, sparql.load(shipped() / "views" / "report-things.rq"), {})
    return Tables(**found, things=things)


def locate(output: Path | None) -> Locate:
    """Paths as seen from the folder of the output, so that links to evidence work from there."""
    if output is None:
        return str
    folder = output.parent
    return lambda source: Path(os.path.relpath(source, folder)).as_posix()


def _hint(app: App, months: list[str]) -> None:
    if not months:
        talk(app.say("hint: `kg build` some notes first", "提示：先用 `kg build` 读入记录"))
        return
    known = ", ".join(months)
    talk(app.say(f"hint: months on record: {known}", f"提示：有记录的月份：{known}"))
