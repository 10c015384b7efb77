"""`kg report`."""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import App, output_option, pass_app, talk, write

if TYPE_CHECKING:
    from graph.names import Named
    from graph.store import Bound, Reader
    from graph.table import Table
    from graph.views.document import Locate
    from graph.views.report import Period, Tables, Ways
    from graph.views.report_promises import Promises
    from graph.views.report_release import Page

AHEAD = 2  # years after the time in which milestones are looked for
_PAGES = (".html", ".htm")
_DOTTED = re.compile(r"\d{4}\.\d{1,2}")
_DATED = re.compile(r"\s*\d{4}\D")


@click.command()
@click.argument("time", metavar="MONTH|RANGE|RELEASE", nargs=-1, required=True)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the post [that of kg].")
@click.option("--format", "form", type=click.Choice(["md", "html"]), help="[by FILE's name, else md]")
@click.option(
    "--today", metavar="DATE", help="The day that ages of TODOs are counted to [the last of the time]."
)
@output_option
@pass_app
def report(
    app: App,
    time: tuple[str, ...],
    lang: str | None,
    form: str | None,
    today: str | None,
    output: Path | None,
) -> None:
    """Write the post of a MONTH (2018-01, 2018年1月), a RANGE (2018-01..2018-03, 2018), or a RELEASE (queens).

    Of months: the record, a sentence or two on each meeting, what changed, milestones ahead, the TODOs. Of a release:
    what it promised, and what became of it. A month that nothing is on record for gives a post that says so.
    """
    from graph.views.report import period

    spoken = App(app.store, lang or app.lang)
    page = form == "html" if form else output is not None and output.suffix.lower() in _PAGES
    words = " ".join(time)
    # 2023.1 is a month to some and a release to others: a release that is on record is meant.
    wanted = None if _DOTTED.fullmatch(words.strip()) and _is_release(spoken, words) else period(words)
    if wanted is None:
        _release(spoken, words, page, output)
    else:
        _months(spoken, wanted, today, page, output)


def _is_release(app: App, words: str) -> bool:
    from graph import names
    from graph.errors import UnknownName

    with app.reader() as reader:
        try:
            return bool(names.Names(reader).thing("release", words))
        except UnknownName:
            return False


def _months(app: App, wanted: Period, today: str | None, page: bool, output: Path | None) -> None:
    from graph import names
    from graph.views import report as view

    with app.reader() as reader:
        day = names.Names(reader).resolve("date", today)[1] if today else _until(wanted)
        tables = _tables(reader, wanted, day)
    make = view.report_html if page else view.report_markdown
    write(make(tables, wanted, app.lang, day, locate(output), ways=_ways(tables)), output)
    if view.is_empty(tables, wanted):
        _hint(app, view.months(tables))


def _until(wanted: Period) -> str:
    """Ages count to the last day of the time, or to today while it lasts."""
    today = datetime.date.today().isoformat()
    return today if wanted.holds(today) else wanted.last


def _tables(reader: Reader, wanted: Period, day: str) -> Tables:
    from graph.views.report import Tables

    named = ("meetings", "discussions", "mentions", "statuses", "decisions", "releases")
    found = {name: _ask(reader, name) for name in named}
    found["todos"] = _ask(reader, "todos", today=("date", day))
    found |= {name: _ask(reader, f"views/report-{name}") for name in ("odd", "things", "closings", "told")}
    within: dict[str, Bound] = {"first": ("date", wanted.first), "last": ("date", wanted.last)}
    found |= {
        name: _ask(reader, f"views/report-{name}", **within) for name in ("merged", "whole", "specs", "tags")
    }
    within["last"] = ("date", f"{min(int(wanted.last[:4]) + AHEAD, 9999):04d}-12-31")
    return Tables(**found, milestones=_ask(reader, "views/report-milestones", **within))


def _ask(reader: Reader, name: str, **bound: Bound) -> Table:
    """One of our own questions; the catalogue as a whole is not needed."""
    from graph import sparql
    from graph.queries import shipped

    return sparql.run(reader, sparql.load(shipped() / f"{name}.rq"), bound)


def _ways(tables: Tables) -> Ways:
    """What the profile of the notes' community knows of milestones and projects; of another's nothing is known."""
    from graph import profile
    from graph.views.report import Ways

    sources = sorted({str(row["source"]) for row in tables.meetings.dicts()})
    communities = {community(str(row["meeting"])) for row in tables.meetings.dicts()}
    folders = [folder for source in sources for folder in Path(source).parents]
    own = next((folder for folder in folders if (folder / profile.PROFILE_NAME).is_file()), None)
    known = profile.load(own)
    if known.name not in communities:
        return Ways()
    kinds = frozenset(kind for kind, _ in known.milestones)
    return Ways(kinds, frozenset(project.lower() for project in known.projects))


def community(thing: str) -> str:
    """The community that an IRI is of, or empty."""
    from graph.terms import keys_of

    return (keys_of(thing) or [""])[0]


def _release(app: App, words: str, page: bool, output: Path | None) -> None:
    from graph import names
    from graph.errors import UnknownName, UsageFault
    from graph.views import report_release as view

    with app.reader() as reader:
        try:
            release = names.Names(reader).thing("release", words)
        except UnknownName as fault:
            if _DATED.match(words) or not fault.nearest:
                hint = "write a month like 2018-01, a range like 2018-01..2018-03, or the name of a release"
                raise UsageFault(f"{words!r} is no month and no release", hint=hint) from fault
            raise
        tables = _promises(reader, release)
    make = view.release_html if page else view.release_markdown
    write(make(tables, app.lang, locate(output), _pages(tables)), output)


def _promises(reader: Reader, release: Named) -> Promises:
    from graph.terms import keys_of
    from graph.views.report_promises import Promises

    of: Bound = ("iri", release.iri)
    whole = ("releases", "statuses")
    found = {name: _ask(reader, name) for name in whole}
    found["odd"] = _ask(reader, "views/report-odd")
    found |= {name: _ask(reader, f"views/report-{name}", release=of) for name in ("cycle", "shipped")}
    return Promises(
        keys_of(release.iri)[-1],
        plan=_ask(reader, "release-plan", release=of), slips=_ask(reader, "slips-from", **{"from": of}),
        versions=_ask(reader, "versions", release=of), milestones=_ask(reader, "milestones-of", release=of), **found,
    )  # fmt: skip


def _pages(tables: Promises) -> Page:
    """Pages of features and specs at the forge of our own profile's community; another's are not known."""
    from graph import profile
    from graph.terms import keys_of

    known = profile.load()

    def page(kind: str, key: str) -> str:
        if kind == "feature":
            of, *_, slug = keys_of(key) or [""]
            return known.url(kind, slug) if of == known.name else ""
        homes = {community(str(row["thing"])) for row in tables.shipped.dicts()}
        return known.url(kind, key.rpartition(".")[0] or key) if homes == {known.name} else ""

    return page


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
