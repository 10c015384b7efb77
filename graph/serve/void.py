"""A VoID description of the graph at /.well-known/void, worked out once for each build."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from graph import export
from graph.errors import KgError
from graph.quads import node
from graph.serialized import turtle_as
from graph.serve.negotiate import GRAPH_TYPES, chosen
from graph.serve.protocol import refusal, unacceptable
from graph.store import Reader
from graph.terms import ID

PATH = "/.well-known/void"


@dataclass
class _Kept:
    """The last description; whoever comes while it is made waits for it, and makes no other."""

    build: int = 0
    text: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, reader: Reader) -> str:
        with self.lock:
            if self.build != reader.generation:
                self.text, self.build = export.void(reader), reader.generation
            return self.text


async def void(request: Request) -> Response:
    """The description in Turtle, RDF/XML, JSON-LD or N-Triples, by Accept or `?format=`."""
    try:
        answer = await _described(request)
    except KgError as fault:
        answer = refusal(request, fault)
    answer.headers["Vary"] = "Accept"
    answer.headers["Cache-Control"] = "no-cache"  # the next build has other numbers
    return answer


async def _described(request: Request) -> Response:
    wanted = [word for word in request.query_params.getlist("format") if word]
    kind = chosen(wanted, request.headers.get("accept", ""), GRAPH_TYPES)
    if kind is None:
        raise unacceptable(GRAPH_TYPES)
    state = request.app.state
    if not hasattr(state, "void"):
        state.void = _Kept()
    text = await run_in_threadpool(lambda: state.void.of(state.serving.current().reader))
    about = _here(str(request.base_url).rstrip("/"))
    return Response(turtle_as(text + about, GRAPH_TYPES[kind]), media_type=kind)


def _here(root: str) -> str:
    """What is true of the graph only where it is served."""
    return (
        f"{node(ID)} void:sparqlEndpoint {node(root + '/sparql')} .\n"
        f"{node(root + PATH)} a void:DatasetDescription ; foaf:primaryTopic {node(ID)} .\n"
    )
