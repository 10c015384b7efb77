"""The timeline and the network, drawn from the newest build when they are asked for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from graph import drawn, networks
from graph.errors import UsageFault
from graph.names import Names
from graph.serve.languages import language
from graph.serve.layout import drawing
from graph.serve.recent import Recent
from graph.serve.state import Generation
from graph.views.kinds import KINDS
from graph.views.network import LAYOUTS
from graph.views.page import Page
from graph.views.scene_network import Net
from graph.views.scenes import TIMELINE_TABLES, Row, Scene
from graph.views.timeline import timeline_page

MOST_HOPS = 20
MOST_KEPT = 16  # drawings: one of everything has some megabytes


def timeline(request: Request) -> Response:
    """`?feature=…&release=…&person=…&since=…&until=…`, each as in `kg timeline`."""
    serving, asked = request.app.state.serving, request.query_params
    now, lang = serving.current(), language(request, serving.lang)
    features = tuple(word for word in asked.getlist("feature") if word)
    wanted = drawn.Wanted(
        features, asked.get("release", ""), asked.get("person", ""), *_days(now.names, asked)
    )
    page = _recent(now).get(
        (lang, wanted),
        lambda: timeline_page(drawn.timeline_of(scene_of(now, lang), now.names, wanted)),
    )
    return drawing(request, page)


def graph(request: Request) -> Response:
    """`?thing=…&hops=…&from=…&to=…&kind=…&since=…&until=…&layout=…`, each as in `kg visualize`."""
    serving, asked = request.app.state.serving, request.query_params
    now, lang = serving.current(), language(request, serving.lang)
    things = tuple(word for word in asked.getlist("thing") if word)
    pair = tuple(word for name in ("from", "to") if (word := asked.get(name, "")))
    if len(pair) == 1:
        raise UsageFault("a slip goes from one release to another", hint="give both `from` and `to`")
    kinds = tuple(
        _one_of(word, [kind.name for kind in KINDS], "kind") for word in asked.getlist("kind") if word
    )
    wanted = networks.Wanted(things, pair, _hops(asked.get("hops", "")), kinds, *_days(now.names, asked))
    layout = _one_of(asked.get("layout", "") or LAYOUTS[0], LAYOUTS, "layout")
    page = _recent(now).get((lang, layout, wanted), lambda: _network(now, lang, wanted).page(layout))
    return drawing(request, page)


def _network(now: Generation, lang: str, wanted: networks.Wanted) -> networks.Chosen:
    """A network of a build. The whole of it is made once: most are cut out of that."""
    scene, authors, whole = scene_of(now, lang), _authors(now), whole_of(now, lang)
    dated = wanted.since or wanted.until
    return networks.choose(scene, authors, now.names, wanted, None if dated else whole)


def whole_of(now: Generation, lang: str) -> Net:
    """The network of everything in a build."""
    return now.kept(f"net {lang}", lambda: networks.all_of(scene_of(now, lang), _authors(now)))


def _authors(now: Generation) -> list[Row]:
    return now.kept("authors", lambda: networks.read_authors(now.reader))


def _recent(now: Generation) -> Recent[Hashable, Page]:
    """Drawings of this build that were asked for last."""
    return now.kept("drawings", lambda: Recent(MOST_KEPT))


def scene_of(now: Generation, lang: str) -> Scene:
    """What every drawing of a build is made from; its rows are the same in every language, and read once."""
    tables = {*TIMELINE_TABLES, *networks.TABLES}
    rows = now.kept("scene", lambda: drawn.read_scene(now.reader, lang, tables).rows)
    return now.kept(f"scene {lang}", lambda: Scene(rows, lang))


def _days(names: Names, asked: Mapping[str, str]) -> tuple[str, str]:
    since, until = (
        str(names.resolve("date", asked[name])[1]) if asked.get(name) else "" for name in ("since", "until")
    )
    return since, until


def _hops(word: str) -> int:
    if word and not (word.isascii() and word.isdecimal() and int(word) <= MOST_HOPS):
        raise UsageFault(f"hops={word} is no number of links", hint=f"0 to {MOST_HOPS}")
    return int(word or 1)


def _one_of(word: str, known: list[str] | tuple[str, ...], name: str) -> str:
    if word not in known:
        raise UsageFault(f"{word!r} is no {name}", hint=f"one of {', '.join(known)}")
    return word
