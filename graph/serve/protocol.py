"""The SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), for reading only.

A query comes by GET, by POST of a form, or by POST of its text; `default-graph-uri` and `named-graph-uri` choose its
dataset and win over its FROM clauses. Without either, the default graph is all graphs together and every graph can be
named; a statement that stands in two of the graphs of a default graph comes twice, where a merge of RDF would have it
once (Oxigraph reads them one by one): say DISTINCT.

Beyond the protocol: `format` (also `output`, `results`), a short name or a media type, wins over Accept; `timeout`, in
seconds, lowers the limit; the prefixes of `graph.terms` need no declaration.

The protocol fixes 400 for what is no SPARQL and 500 for a query that the service fails or refuses to execute, and
leaves other codes to HTTP. Here:

400  no query, or several; a text that is no SPARQL; a parameter that is off; a graph that is not there: to merge
     nothing in its place would give a mistyped name an empty table that looks like an answer
403  an update, SERVICE: understood, and never done here. 500 would say that a second try may help
405 406 413 414 415  as HTTP has them
500  an answer beyond the limits of size (it is never cut), of memory, or that the format cannot hold
503  too many queries at once (with Retry-After), or no graph to ask
504  stopped at the time limit: the same query will not fare better soon, so it is not the 503 of a busy service
"""

from __future__ import annotations

import asyncio
import json
import unicodedata
from collections.abc import Mapping
from typing import Any, cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graph.errors import KgError, OutOfTime, QueryFault, StoreBusy, UsageFault
from graph.serialized import turtle_as
from graph.serve.asked import FORM, QUERY, Asked, Refused, asked_of
from graph.serve.description import service
from graph.serve.desk import Desk
from graph.serve.negotiate import GRAPH_TYPES, HTML, TABLE_TYPES, best, chosen
from graph.tokens import UPDATES, Token, form, tokens
from graph.worker import FORMS, TEXT_BYTES, check, fault_of, serialization_task

METHODS = ("GET", "HEAD", "OPTIONS", "POST")
# Parameters that say how to answer: who sets them speaks the protocol.
CHOOSING = {"format", "output", "results", "timeout", "default-graph-uri", "named-graph-uri", "update"}
ROWS = 100_000
PIECE = 128 * 1024
_ALLOW = {"Allow": ", ".join(METHODS), "Accept-Post": f"{QUERY}, {FORM}"}
_RETRY = {"Retry-After": "2"}
_ERROR_TYPES = ("text/plain", "application/json")


async def sparql(request: Request) -> Response:
    """The endpoint: GET, HEAD, POST and OPTIONS."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_ALLOW)
    try:
        answer = await _answered(request)
    except KgError as fault:
        answer = refusal(request, fault)
    answer.headers["Vary"] = "Accept"
    answer.headers["Cache-Control"] = "no-cache"  # the next build may answer otherwise
    if request.method == "HEAD":  # as it would be, without its body
        answer = Response(b"", answer.status_code, dict(answer.headers))
    return answer


def wants_page(request: Request) -> bool:
    """Whether a reader came here with a browser, alone or with no more than a query, and is best served a page."""
    if request.method not in {"GET", "HEAD"} or set(request.query_params) & CHOOSING:
        return False
    data = (*TABLE_TYPES, *GRAPH_TYPES) if "query" in request.query_params else GRAPH_TYPES
    return best(request.headers.get("accept", ""), (*data, HTML)) == HTML


def desk(app: Starlette) -> Desk:
    """The one desk of an application; `desk(app).warm()` has its processes ready before the first query."""
    if not hasattr(app.state, "desk"):
        app.state.desk = Desk()
    return cast("Desk", app.state.desk)


async def _answered(request: Request) -> Response:
    if request.method not in METHODS:
        raise Refused(405, f"{request.method} is not taken", hint=_ALLOW["Allow"])
    asked = await asked_of(request)
    if asked.text is None:
        return await _described(request, asked)
    serving = request.app.state.serving
    kind, name = _format(request, asked, _checked(asked.text, request.method))
    task = serialization_task(serving.store, asked.text, name, rows=ROWS, dataset=asked.dataset)
    seconds = min(serving.timeout, asked.seconds or serving.timeout)
    reply = await desk(request.app).ask(task, seconds, _gone(request))
    if reply is None:
        return Response(status_code=499)  # nobody is there to read it
    fault = fault_of(reply.head)
    if fault is not None:
        return refusal(request, fault, asked.text, reply.head)
    return InPieces(reply.body, media_type=kind)


class InPieces(Response):
    """A body sent piece by piece: other requests come in between, also while a large one is compressed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        head = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(head)
        for start in range(0, len(self.body) or 1, PIECE):
            piece, more = self.body[start : start + PIECE], start + PIECE < len(self.body)
            await send({"type": "http.response.body", "body": bytes(piece), "more_body": more})
            await asyncio.sleep(0)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _checked(text: str, method: str) -> Token:
    """The keyword that says what kind of query it is. Raises Refused for one that is not to be run."""
    if len(text.encode("utf-8", "replace")) > TEXT_BYTES:
        what = f"the query is longer than {TEXT_BYTES // 1024} KB"
        raise Refused(413 if method == "POST" else 414, what, hint="make it shorter")
    word = form(tokens(text))
    try:
        check(text, datasets=True)
    except QueryFault as fault:
        status = 403 if word.says(*FORMS, *UPDATES, "WITH") else 400
        raise Refused(status, str(fault), hint=fault.hint) from fault
    return word


def _format(request: Request, asked: Asked, word: Token) -> tuple[str, str]:
    """The media type of the answer, and its name in `graph.serialized`."""
    types = TABLE_TYPES if word.says("SELECT", "ASK") else GRAPH_TYPES
    return _acceptable(request, asked, types)


def _acceptable(request: Request, asked: Asked, types: Mapping[str, str]) -> tuple[str, str]:
    kind = chosen(asked.formats, request.headers.get("accept", ""), types)
    if kind is None:
        raise unacceptable(types)
    return kind, types[kind]


def unacceptable(types: Mapping[str, str]) -> Refused:
    """406, with what there is."""
    return Refused(
        406, "no format that was asked for is one of this answer", hint=f"ask for {', '.join(types)}"
    )


async def _described(request: Request, asked: Asked) -> Response:
    """The service description, for who asks nothing and can read one."""
    known = chosen(asked.formats, request.headers.get("accept", ""), GRAPH_TYPES) if asked.bare else None
    if known is None:
        raise Refused(400, "there is no query", hint="send one as the parameter `query`")
    reader = (await run_in_threadpool(request.app.state.serving.current)).reader
    text = service(str(request.url.replace(query="")), reader.graphs(), reader.count)
    return Response(turtle_as(text, GRAPH_TYPES[known]), media_type=known)


# ---- what went wrong


def refusal(
    request: Request, fault: KgError, text: str = "", head: Mapping[str, Any] | None = None
) -> Response:
    """An error as plain text, or as JSON for who prefers that; with the place in the query where that is known."""
    told: dict[str, Any] = {"error": str(fault), "hint": fault.hint}
    at = (head or {}).get("offset", -1)
    if at >= 0:
        told |= _spot(text, at)
    status = _status(fault)
    headers = _RETRY if isinstance(fault, StoreBusy) else _ALLOW if status == 405 else {}
    if best(request.headers.get("accept", ""), _ERROR_TYPES) == "application/json":
        body = json.dumps(told, ensure_ascii=False)
        return Response(body, status, headers, media_type="application/json")
    return Response(_plain(told), status, headers, media_type="text/plain")


def _status(fault: KgError) -> int:
    if isinstance(fault, Refused):
        return fault.status
    if isinstance(fault, QueryFault):  # one with a place is the text's own
        return 400 if fault.place else 500
    if isinstance(fault, UsageFault):
        return 400
    return 504 if isinstance(fault, OutOfTime) else 503


def _spot(text: str, at: int) -> dict[str, Any]:
    """Line and column of an offset, both from 1, the line itself, and blanks that end below that place."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start:].split("\n", 1)[0].rstrip("\r")
    blanks = "".join(_blank(char) for char in text[start:at])
    return {
        "line": text.count("\n", 0, at) + 1,
        "column": at - start + 1,
        "text": line,
        "caret": f"{blanks}^",
    }


def _blank(char: str) -> str:
    """As wide as the character is in a terminal."""
    if char == "\t":
        return char
    return "\N{IDEOGRAPHIC SPACE}" if unicodedata.east_asian_width(char) in "WF" else " "


def _plain(told: Mapping[str, Any]) -> str:
    lines = [f"error: {told['error']}"]
    if "caret" in told:
        lines += [f"  {told['text']}", f"  {told['caret']}"]
    if told["hint"]:
        lines.append(f"hint: {told['hint']}")
    return "\n".join(lines) + "\n"
