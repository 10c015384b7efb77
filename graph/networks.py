"""A network of what is wanted, from the store: the words for it, its surroundings, and what was left out.

`kg visualize` and the web face draw the same networks; both come here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from graph import sparql
from graph.drawn import read_scene, things
from graph.errors import UnknownName, UsageFault
from graph.names import Names, month
from graph.queries import shipped
from graph.store import Bound, Reader
from graph.terms import keys_of
from graph.views.models import Node
from graph.views.network import network_page
from graph.views.page import Page
from graph.views.scene_limits import around, fold, folded_words, in_month, of_kinds, slipped
from graph.views.scene_loose import loose, not_drawn, of_days, with_folds, with_month
from graph.views.scene_more import Days, widened
from graph.views.scene_network import Net, network_scene
from graph.views.scene_tracked import Around
from graph.views.scenes import NETWORK_TABLES, Row, Scene, within

TABLES = (*NETWORK_TABLES, "plans", "versions", "written")
MOST_NODES = 20_000  # more are left out, kind by kind
MOST_PATCHES = 200  # of one bug
DAY, MONTH = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{4}-\d{2}")
_LOOSE: WeakKeyDictionary[Reader, list[Row]] = WeakKeyDictionary()


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
    return _rows(reader, "network-authors")


def _rows(reader: Reader, name: str, **bound: Bound) -> list[Row]:
    """Rows of a query for views, cells as text."""
    query = sparql.load(shipped() / "views" / f"{name}.rq", checked=False)
    table = reader.select(query.text, bound)
    return [{name: str(cell or "") for name, cell in row.items()} for row in table.dicts()]


def all_of(scene: Scene, authors: Sequence[Row], since: str = "", until: str = "") -> Net:
    """Everything that lies in some days."""
    part = within(scene, since, until)
    return widened(network_scene(part), part, authors, Days(since, until))


def choose(
    scene: Scene, authors: Sequence[Row], names: Names, wanted: Wanted, everything: Net | None = None
) -> Chosen:
    """The network of what is wanted, of a scene of TABLES that was read before.

    `everything` is `all_of` the scene in the days wanted, where that was made before. Raises UnknownName for what
    nothing is tied to, UsageFault for days and months that are none.
    """
    days = _in_order(wanted)
    months = {word: found for word in wanted.things if (found := _month(word))}
    net = everything or all_of(scene, authors, wanted.since, wanted.until)
    title, said = scene.say("Everything on record", "全部记录"), list[str]()
    if not wanted.release and len(months) == len(wanted.things):
        net, said = _with_loose(scene, names, net, days, months)
    if wanted.release:
        net, title, said = _slipped(scene, names, net, wanted)
    if wanted.things:
        net, centres = _found(scene, names, net, wanted)
        title = _title(net, centres, wanted.things) or title
        net = around(net, centres, wanted.hops)
        if not net.nodes:
            said.append(_nothing(scene, wanted))
    net = of_kinds(net, wanted.kinds) if wanted.kinds else net
    net, gone = fold(net, MOST_NODES, wanted.kinds)
    if gone:
        said.append(folded_words(gone, scene.lang))
    return Chosen(net, title, tuple(said), scene.lang)


def _in_order(wanted: Wanted) -> Days:
    """The days wanted. Raises UsageFault where the first comes after the last."""
    size = min(len(wanted.since), len(wanted.until))
    if wanted.since[:size] > wanted.until[:size]:
        raise UsageFault(
            f"{wanted.since} is after {wanted.until}",
            hint="give the earlier day as the first, the later as the last",
        )
    return Days(wanted.since, wanted.until)


def _month(word: str) -> str:
    """The month that a word is, "" for another word. Raises UsageFault for a month or day that is none."""
    if DAY.fullmatch(word):
        try:
            date.fromisoformat(word)
        except ValueError:
            raise UsageFault(f"{word!r} is no date", hint="write dates like 2018-01-25") from None
    if MONTH.fullmatch(word):
        return month(word)
    try:
        return month(word)
    except UsageFault:
        return ""


def _with_loose(
    scene: Scene, names: Names, net: Net, days: Days, months: Mapping[str, str]
) -> tuple[Net, list[str]]:
    """Everything, or some months, with the patches of no feature as one node each, and a sentence on them."""
    patches, bugs = loose(scene, _read_loose(names.reader))
    patches = of_days(patches, days)
    if not months:
        said = not_drawn(scene, patches.total(), bugs)
        return with_folds(net, scene, patches), [said] if said else []
    total = 0
    for found in set(months.values()):
        count = sum(n for day, n in patches.items() if day.startswith(found))
        net = with_month(net, scene, found, count)
        total += count
    said = not_drawn(scene, total, 0)
    return net, [said] if said else []


def _read_loose(reader: Reader) -> list[Row]:
    """How many patches and bugs there are: read once for a build."""
    if reader not in _LOOSE:
        _LOOSE[reader] = _rows(reader, "network-loose")
    return _LOOSE[reader]


def _found(scene: Scene, names: Names, net: Net, wanted: Wanted) -> tuple[Net, set[str]]:
    """The network with what only commits tell of the things wanted, and the ids to look around."""
    grown = Around.of(net, scene, Days(wanted.since, wanted.until))
    centres: set[str] = set()
    for word in wanted.things:
        for key in _centres(scene, names, net, word):
            also = _tracked(grown, names.reader, key) if not _month(word) else set()
            centres |= {key, *(also if wanted.hops else ())}
    return grown.net(), centres


def _tracked(grown: Around, reader: Reader, key: str) -> set[str]:
    """Adds what commits tell of a patch or a bug; gives the ids of the bug's patches."""
    if "/patch/" in key:
        _add_patch(grown, reader, key)
    if "/bug/" not in key:
        return set()
    found = grown.bug(key, _rows(reader, "network-of-bug", bug=("iri", key)))
    patches = list(dict.fromkeys(grown.scene.spoken(iri)[0] for iri in found))[:MOST_PATCHES]
    for patch in patches:
        _add_patch(grown, reader, patch)
    return set(patches)


def _add_patch(grown: Around, reader: Reader, key: str) -> None:
    """A review number has the commits of the patch whose Change-Id it carries."""
    iris = [key, *(row["target"] for row in grown.scene.rows["stands"] if row["thing"] == key)]
    rows = [row for iri in iris for row in _rows(reader, "network-of-patch", patch=("iri", iri))]
    grown.patch(key, rows)


def _centres(scene: Scene, names: Names, net: Net, word: str) -> list[str]:
    """Ids of the nodes that a word stands for: a thing, or what happened in a month."""
    if word in net.nodes:  # the IRI of what has no name of its own, such as a decision
        return [word]
    found = _month(word)
    return in_month(net, found) if found else things(scene, names, word)


def _nothing(scene: Scene, wanted: Wanted) -> str:
    """Why nothing is drawn. Raises UnknownName where that is so of things on any day."""
    if wanted.since or wanted.until:
        return scene.say("Nothing of it lies in these days.", "这段时间没有相关记录。")
    if all(map(_month, wanted.things)):
        return scene.say("Nothing is on record of this month.", "这个月没有相关记录。")
    raise UnknownName(
        f"nothing that is drawn is tied to {', '.join(wanted.things)}",
        hint="the graph has features and what is linked to them; `kg ask` tells what else is on record",
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
