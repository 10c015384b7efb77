"""`kg timeline` and `kg visualize`: the graph to look at."""

from __future__ import annotations

import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import App, output_option, pass_app, talk, write
from graph.views.kinds import KINDS

if TYPE_CHECKING:
    from graph.names import Names
    from graph.store import Reader
    from graph.views.models import Timeline
    from graph.views.scene_network import Net
    from graph.views.scenes import Scene

FORMS = (".html", ".svg", ".png")
PIPE_WIDTH = 120  # columns when nobody says how wide the terminal is
THINGS = ("feature", "person", "patch", "bug", "release")


@click.command()
@click.argument("features", nargs=-1, metavar="[FEATURE]...")
@click.option("--release", help="Only what was said of this release, or while it was made.")
@click.option("--person", help="Only features that this person takes part in.")
@click.option("--since", metavar="DATE", help="Only what was said on this day or later.")
@click.option("--until", metavar="DATE", help="Only what was said on this day or earlier.")
@output_option
@pass_app
def timeline(
    app: App, features: tuple[str, ...], release: str | None, person: str | None, since: str | None,
    until: str | None, output: Path | None,
) -> None:  # fmt: skip
    """Draw how features went: reports, decisions, patches and slips by date.

    On the terminal, or with -o into a .html page or a .svg or .png drawing. Without FEATURE, all of them.
    """
    from graph.names import Names
    from graph.views.scene_timeline import Choice, timeline_scene
    from graph.views.scenes import within

    _check_suffix(output, FORMS)
    with app.reader() as reader:
        names, scene = Names(reader), _scene(reader, app.lang)
        chosen = tuple(_subject(scene, names, word) for word in features)
        cycle = names.thing("release", release) if release else None
        who = names.thing("person", person) if person else None
        limits = _day(names, since), _day(names, until)
    title = ", ".join(named.shown for named in (cycle, who) if named is not None)
    choice = Choice(chosen, cycle.iri if cycle else "", who.iri if who else "")
    _put(timeline_scene(within(scene, *limits), choice, title), output)


@click.command()
@click.argument("things", nargs=-1, metavar="[THING]...")
@click.option("--hops", type=click.IntRange(0, 20), default=1, show_default=True,
              help="How many links around each THING, or around what slipped.")  # fmt: skip
@click.option("--release", nargs=2, metavar="FROM TO",
              help="What slipped between two releases, and what is around it.")  # fmt: skip
@click.option("--kind", "kinds", multiple=True, type=click.Choice([kind.name for kind in KINDS]),
              help="Only nodes of this kind; give it again for more.")  # fmt: skip
@click.option("--since", metavar="DATE", help="Only what was said on this day or later.")
@click.option("--until", metavar="DATE", help="Only what was said on this day or earlier.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), show_default=True,
              default=Path("outputs/graph.html"), help="The page to write.")  # fmt: skip
@pass_app
def visualize(
    app: App, things: tuple[str, ...], hops: int, release: tuple[str, str] | None, kinds: tuple[str, ...],
    since: str | None, until: str | None, output: Path,
) -> None:  # fmt: skip
    """Draw the graph as one HTML page that needs no network.

    THING is a feature, person, patch, bug, release, the id of a TODO, or the date of a meeting; then only its
    neighbourhood is drawn.
    """
    from graph.names import Names
    from graph.views.scene_limits import fold, folded_words, gone, narrowed
    from graph.views.scenes import within

    _check_suffix(output, FORMS[:1])
    with app.reader() as reader:
        names = Names(reader)
        scene = within(_scene(reader, app.lang), _day(names, since), _day(names, until))
        net, title = _limited(app, scene, names, _Wanted(things, release, hops, kinds))
    whole = net
    if not (things or release or kinds or since or until):
        net = narrowed(net)
    left = gone(whole, net)
    net, folded = fold(net, keep=kinds)
    said = folded_words(left + folded, app.lang)
    _write_network(app, net, " · ".join(part for part in (title, said) if part), output)
    if said:
        more = app.say("; name a THING, --kind or --since to see them", "；THING、--kind、--since 可缩小范围")
        talk(said + more)


def _write_network(app: App, net: Net, title: str, output: Path) -> None:
    from graph.views.network import network_page

    page = network_page(list(net.nodes.values()), net.edges, title=title, lang=app.lang)
    write(page, output)
    nodes, edges = len(net.nodes), len(net.edges)
    talk(app.say(f"{nodes} nodes, {edges} links", f"{nodes} 个节点，{edges} 条关联"))


# ---- what is asked for


def _check_suffix(output: Path | None, known: tuple[str, ...]) -> None:
    from graph.errors import UsageFault

    if output is not None and output.suffix.lower() not in known:
        hint = f"end it with {', '.join(known)}"
        raise UsageFault(f"{output.name!r}: the end of the file's name says what to draw", hint=hint)


def _day(names: Names, word: str | None) -> str:
    return str(names.resolve("date", word)[1]) if word else ""


def _scene(reader: Reader, lang: str) -> Scene:
    from graph import sparql
    from graph.queries import shipped
    from graph.views.scenes import TABLES, scene

    place = shipped() / "views"
    tables = {name: sparql.run(reader, sparql.load(place / f"scene-{name}.rq"), {}) for name in TABLES}
    return scene(tables, lang)


def _subject(scene: Scene, names: Names, word: str) -> str:
    """IRI of the feature or topic of a name. A topic and a feature that items join are one, not two."""
    from graph.errors import UnknownName
    from graph.names import acronym
    from graph.terms import fold

    try:
        return names.thing("feature", word).iri
    except UnknownName:
        keys = fold(word), word.casefold().rstrip("s")
        known = names.of("feature")
        same = [t for t in known if any(keys[0] == fold(n) or keys[1] == acronym(n) for n in t.names)]
        if len({scene.heads.get(thing.iri) for thing in same}) == 1:
            return same[0].iri
        raise


def _things(scene: Scene, names: Names, word: str) -> list[str]:
    """Ids of the nodes that a word names. Raises UnknownName with the nearest names."""
    own = [row["todo"] for row in scene.rows["todos"] if row["id"] == word]
    own += [row["meeting"] for row in scene.rows["meetings"] if row["date"] == word]
    return list(dict.fromkeys(own)) or [_thing(scene, names, word)]


def _thing(scene: Scene, names: Names, word: str) -> str:
    from graph.errors import UnknownName

    nearest: list[str] = []
    for kind in THINGS:
        try:
            iri = _subject(scene, names, word) if kind == "feature" else names.thing(kind, word).iri
            return scene.heads.get(iri) or scene.spoken(iri)[0]
        except UnknownName as error:
            nearest += error.nearest
    hint = f"did you mean {nearest[0]}?" if nearest else "`kg build` the notes that name it"
    raise UnknownName(f"no one thing is known as {word!r}", nearest=tuple(dict.fromkeys(nearest)), hint=hint)


@dataclass(frozen=True)
class _Wanted:
    """What a network is drawn of."""

    things: tuple[str, ...]
    release: tuple[str, str] | None
    hops: int
    kinds: tuple[str, ...]


def _limited(app: App, scene: Scene, names: Names, wanted: _Wanted) -> tuple[Net, str]:
    """The network of what is wanted, and its title."""
    from graph.views.scene_limits import around, of_kinds
    from graph.views.scene_network import network_scene

    net, title = network_scene(scene), app.say("Meetings, features and people", "会议、特性与人")
    if wanted.release:
        moved, title = _moved(app, names, net, wanted.release)
        net = around(net, moved, wanted.hops)
    if wanted.things:
        centres = {key for word in wanted.things for key in _things(scene, names, word)}
        net = around(net, centres, wanted.hops)
        title = ", ".join(sorted(net.nodes[key].label for key in centres if key in net.nodes)) or title
    return (of_kinds(net, wanted.kinds) if wanted.kinds else net), title


def _moved(app: App, names: Names, net: Net, pair: tuple[str, str]) -> tuple[set[str], str]:
    """Ids of what slipped between two releases, and the title."""
    from graph.views.scene_limits import slipped

    first, last = (names.thing("release", word) for word in pair)
    moved = slipped(net, first.iri, last.iri)
    if not moved:
        nothing = "nothing slipped between them, as the sources here say"
        talk(app.say(nothing, "据现有来源，两者之间没有推迟的特性"))
    title = app.say(f"Slipped from {first.shown} to {last.shown}", f"从 {first.shown} 推迟到 {last.shown}")
    return moved, title


# ---- where it goes


def _put(model: Timeline, output: Path | None) -> None:
    if output is None:
        write(_terminal(model), None)
        return
    suffix = output.suffix.lower()
    if suffix == ".html":
        from graph.views.timeline import timeline_html

        write(timeline_html(model), output)
        return
    from graph.views.timeline_svg import timeline_svg

    if suffix == ".svg":
        write(timeline_svg(model), output)
    else:
        from graph.views.png import png

        png(timeline_svg(model), output)
        talk(f"wrote {output}")


def _terminal(model: Timeline) -> str:
    from rich.console import Console

    from graph.views.timeline_text import timeline_text

    tty = sys.stdout.isatty()
    color = tty and "NO_COLOR" not in os.environ
    width = max(40, shutil.get_terminal_size((PIPE_WIDTH, 24)).columns)
    out = io.StringIO()
    console = Console(file=out, force_terminal=color, no_color=not color, width=width, legacy_windows=False)
    console.print(timeline_text(model, width, color))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))
