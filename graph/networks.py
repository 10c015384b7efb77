"""A network of what is wanted, from the store: the words for it, its surroundings, and what was left out.

`kg visualize` and the web face draw the same networks; both come here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph import sparql
from graph.drawn import read_scene, things
from graph.errors import KgError, UnknownName
from graph.names import Names
from graph.queries import shipped
from graph.store import Reader
from graph.terms import keys_of
from graph.views.models import Node
from graph.views.network import network_page
from graph.views.page import Page
from graph.views.scene_limits import around, fold, folded_words, in_month, of_kinds, slipped
from graph.views.scene_more import Days, widened
from graph.views.scene_network import Net, network_scene
from graph.views.scenes import NETWORK_TABLES, Row, Scene, within

TABLES = (*NETWORK_TABLES, "plans", "versions", "written")
MOST_NODES = 20_000  # more are left out, kind by kind
MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Wanted:
    """What a network is drawn of, in a user's words; all of it where nothing is said.

    things: see `kg visualize`; release: what slipped between two; hops: links around those; kinds: only these;
    since, until: ISO days, "" for open.
    """

    things: tuple[str, ...] = ()
    release: tuple[str, ...] = ()
    hops: int = 1
    kinds: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Chosen:
    """A network, its title, and sentences on what it is not or does not show."""

    net: Net
    title: str
    said: tuple[str, ...]
    lang: str

    def page(self, layout: str = "meaning", *, folded: bool = True) -> Page:
        """The page of it; layout is one of `graph.views.network.LAYOUTS`."""
        nodes = list(self.net.nodes.values())
        return network_page(
            nodes, self.net.edges, title=self.title, lang=self.lang, layout=layout, fold=folded,
            said=self.said,
        )  # fmt: skip


def read_network(reader: Reader, names: Names, lang: str, wanted: Wanted) -> Chosen:
    """The network of what is wanted. Raises UnknownName for a word that names nothing."""
    return choose(read_scene(reader, lang, TABLES), read_authors(reader), names, wanted)


def read_authors(reader: Reader) -> list[Row]:
    """Who wrote the patches of features: rows of person, link, thing, patch and date."""
    query = sparql.load(shipped() / "views" / "network-authors.rq", checked=False)
    table = reader.select(query.text)
    return [{name: str(cell or "") for name, cell in row.items()} for row in table.dicts()]


def all_of(scene: Scene, authors: Sequence[Row], since: str = "", until: str = "") -> Net:
    """Everything that lies in some days."""
    part = within(scene, since, until)
    return widened(network_scene(part), part, authors, Days(since, until))


def choose(
    scene: Scene, authors: Sequence[Row], names: Names, wanted: Wanted, everything: Net | None = None
) -> Chosen:
    """The network of what is wanted, of a scene of TABLES that was read before.

    `everything` is `all_of` the scene in the days wanted, where that was made before.
    """
    net = everything or all_of(scene, authors, wanted.since, wanted.until)
    title = scene.say("Everything on record", "全部记录")
    said: list[str] = []
    if wanted.release:
        net, title, said = _slipped(scene, names, net, wanted)
    if wanted.things:
        centres = {key for word in wanted.things for key in _centres(scene, names, net, word)}
        title = _title(net, centres, wanted.things) or title
        net = around(net, centres, wanted.hops)
        if not net.nodes:
            said.append(_nothing(scene, wanted))
    net = of_kinds(net, wanted.kinds) if wanted.kinds else net
    net, gone = fold(net, MOST_NODES, wanted.kinds)
    if gone:
        said.append(folded_words(gone, scene.lang))
    return Chosen(net, title, tuple(said), scene.lang)


def _centres(scene: Scene, names: Names, net: Net, word: str) -> list[str]:
    """Ids of the nodes that a word stands for: a thing, or what happened in a month."""
    if word in net.nodes:  # the IRI of what has no name of its own, such as a decision
        return [word]
    if MONTH.fullmatch(word):
        return in_month(net, word)
    try:
        return things(scene, names, word)
    except UnknownName:
        try:
            _, month = names.resolve("month", word)
        except KgError:
            month = ""
        if not month:
            raise
        return in_month(net, str(month))


def _nothing(scene: Scene, wanted: Wanted) -> str:
    if wanted.since or wanted.until:
        return scene.say("Nothing of it lies in these days.", "这段时间没有相关记录。")
    return scene.say(
        "The graph shows features and what is linked to them. Nothing links this to one.",
        "图中是特性以及与特性相关的内容，而它与任何特性都没有关联。",
    )


def _title(net: Net, centres: set[str], words: Sequence[str]) -> str:
    """The names of a few things; the user's own words for many, or where nothing is drawn."""
    found: list[Node] = [net.nodes[key] for key in centres if key in net.nodes]
    if len(found) > len(words) or not found:
        return ", ".join(" ".join(keys_of(word)[1:]) or word for word in words)
    return ", ".join(sorted(node.label for node in found))


def _slipped(scene: Scene, names: Names, net: Net, wanted: Wanted) -> tuple[Net, str, list[str]]:
    """What slipped between two releases and what is around it, the title, and a sentence where nothing did."""
    first, last = (names.thing("release", word) for word in wanted.release)
    moved = slipped(net, first.iri, last.iri)
    title = scene.say(f"Slipped from {first.shown} to {last.shown}", f"从 {first.shown} 推迟到 {last.shown}")
    nothing = scene.say(
        "Nothing slipped between them, as the sources here say.", "据现有来源，两者之间没有推迟的特性。"
    )
    return around(net, moved, wanted.hops), title, [] if moved else [nothing]
