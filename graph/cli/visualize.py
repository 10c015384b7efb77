"""`kg visualize`: the graph as one page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.cli.common import App, check_suffix, day, pass_app, talk, write
from graph.views.kinds import KINDS

if TYPE_CHECKING:
    from graph.names import Names
    from graph.views.scene_network import Net
    from graph.views.scenes import Scene


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
    from graph.drawn import read_scene
    from graph.names import Names
    from graph.views.scene_limits import fold, folded_words, gone, narrowed
    from graph.views.scenes import within

    check_suffix(output, (".html",))
    with app.reader() as reader:
        names = Names(reader)
        scene = within(read_scene(reader, app.lang), day(names, since), day(names, until))
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
    from graph.views.network import network_html

    page = network_html(list(net.nodes.values()), net.edges, title=title, lang=app.lang)
    write(page, output)
    nodes, edges = len(net.nodes), len(net.edges)
    talk(app.say(f"{nodes} nodes, {edges} links", f"{nodes} 个节点，{edges} 条关联"))


@dataclass(frozen=True)
class _Wanted:
    """What a network is drawn of."""

    things: tuple[str, ...]
    release: tuple[str, str] | None
    hops: int
    kinds: tuple[str, ...]


def _limited(app: App, scene: Scene, names: Names, wanted: _Wanted) -> tuple[Net, str]:
    """The network of what is wanted, and its title."""
    from graph.drawn import things as things_of
    from graph.views.scene_limits import around, of_kinds
    from graph.views.scene_network import network_scene

    net, title = network_scene(scene), app.say("Meetings, features and people", "会议、特性与人")
    if wanted.release:
        moved, title = _moved(app, names, net, wanted.release)
        net = around(net, moved, wanted.hops)
    if wanted.things:
        centres = {key for word in wanted.things for key in things_of(scene, names, word)}
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
