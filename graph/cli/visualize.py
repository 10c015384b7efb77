"""`kg visualize`: the graph as one page."""

from __future__ import annotations

from pathlib import Path

import click

from graph.cli.common import App, check_suffix, day, pass_app, talk, write
from graph.views.kinds import KINDS


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
@click.option("--layout", type=click.Choice(["meaning", "free"]), default="meaning", show_default=True,
              help="By date and kind, or by links alone.")  # fmt: skip
@click.option("--fold/--no-fold", default=True, show_default=True,
              help="Whether patches and the like of one thing stand together where it is crowded.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), show_default=True,
              default=Path("outputs/graph.html"), help="The page to write.")  # fmt: skip
@pass_app
def visualize(
    app: App, things: tuple[str, ...], hops: int, release: tuple[str, str] | None, kinds: tuple[str, ...],
    since: str | None, until: str | None, layout: str, fold: bool, output: Path,
) -> None:  # fmt: skip
    """Draw the graph as one HTML page that needs no network.

    THING is a feature, person, patch, bug or release, the id of a TODO, the date of a meeting, or a month
    (2018-01); then only its neighbourhood is drawn.
    """
    from graph.names import Names
    from graph.networks import Wanted, read_network
    from graph.views.page import single_file

    check_suffix(output, (".html",))
    with app.reader() as reader:
        names = Names(reader)
        days = day(names, since), day(names, until)
        chosen = read_network(reader, names, app.lang, Wanted(things, release or (), hops, kinds, *days))
    page = chosen.page(layout, folded=fold)
    write(single_file(page), output)
    for sentence in page.data["said"]:
        talk(sentence)
    nodes, edges = len(page.data["keys"]), len(page.data["edges"]) // 3
    talk(app.say(f"{nodes} nodes, {edges} links", f"{nodes} 个节点，{edges} 条关联"))
