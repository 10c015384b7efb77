"""The timeline and the network, drawn from the newest build when they are asked for."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from graph.drawn import subject
from graph.serve.languages import language
from graph.serve.layout import drawing
from graph.views.scene_timeline import Choice, timeline_scene
from graph.views.scenes import within
from graph.views.timeline import timeline_page


def timeline(request: Request) -> Response:
    """`?feature=…&release=…&person=…&since=…&until=…`, each as in `kg timeline`."""
    serving = request.app.state.serving
    now, lang, asked = serving.current(), language(request, serving.lang), request.query_params
    scene, names = now.scene(lang), now.names
    chosen = tuple(subject(scene, names, word) for word in asked.getlist("feature") if word)
    cycle = names.thing("release", asked["release"]) if asked.get("release") else None
    who = names.thing("person", asked["person"]) if asked.get("person") else None
    since, until = (
        str(names.resolve("date", asked[n])[1]) if asked.get(n) else "" for n in ("since", "until")
    )
    title = ", ".join(named.shown for named in (cycle, who) if named is not None)
    choice = Choice(chosen, cycle.iri if cycle else "", who.iri if who else "")
    return drawing(request, timeline_page(timeline_scene(within(scene, since, until), choice, title)))


def graph(request: Request) -> Response:
    """`?thing=…&hops=…&from=…&to=…&kind=…&since=…&until=…`, each as in `kg visualize`."""
    raise NotImplementedError
