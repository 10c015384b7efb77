"""The web application: which address is answered by what, and what holds for every answer."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.errors import KgError, UnknownName, UsageFault
from graph.serve import asking, drawings, faults, protocol, questions, things
from graph.serve.ask_index import index_of
from graph.serve.languages import COOKIE, LANGS
from graph.serve.layout import POLICY, static
from graph.serve.question_samples import samples
from graph.serve.state import Serving
from graph.serve.void import void

# Names under which this machine calls itself: a page elsewhere must not reach us by a name of its own.
HOSTS = ["127.0.0.1", "localhost", "[::1]"]
YEAR = 365 * 24 * 3600
HEADERS = {
    "content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin", "cross-origin-opener-policy": "same-origin",
}  # fmt: skip


def application(serving: Serving) -> Starlette:
    """The application over one store."""
    guards = [
        Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS),
        Middleware(Guarded),
        Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
    ]
    handlers = {KgError: faults.of_ours, 404: faults.not_found, 405: faults.not_found, 500: faults.broken}
    app = Starlette(routes=_routes(), middleware=guards, exception_handlers=handlers)  # type: ignore[arg-type]
    serving.warmers = (index_of, samples, lambda now: drawings.whole_of(now, serving.lang))
    app.state.serving = serving
    return app


def _routes() -> list[Route]:
    return [
        Route("/", asking.home),
        Route("/ask", asking.ask),
        Route("/suggest", asking.suggest),
        Route("/features", things.features),
        Route("/releases", things.releases),
        Route("/people", things.people),
        Route("/meetings", things.meetings),
        Route("/evidence", things.evidence),
        Route("/id/{key:path}", things.thing),
        Route("/questions", questions.questions),
        Route("/questions/{name}", questions.question),
        Route("/editor", questions.editor),
        Route("/terms", questions.terms),
        Route("/sparql", sparql, methods=list(protocol.METHODS)),
        Route("/.well-known/void", void),
        Route("/timeline", drawings.timeline),
        Route("/graph", drawings.graph),
        Route("/language", switch),
        Route("/static/{name}", asset),
    ]


class Guarded:
    """Headers of every answer that has none of its own; a page elsewhere may lead here, and ask nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete the head of its answer."""
        if scope["type"] == "http" and _from_elsewhere(Headers(scope=scope)):
            text = "error: a page of another site asked\nhint: open the address in the browser itself\n"
            await PlainTextResponse(text, 403)(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message["headers"]}
                more = [(n.encode(), v.encode()) for n, v in HEADERS.items() if n.encode() not in have]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


async def sparql(request: Request) -> Response:
    """The endpoint; a browser gets the editor, with the query that it brings."""
    if not protocol.wants_page(request):
        return await protocol.sparql(request)
    if "query" in request.query_params:
        words = urlencode({"query": request.query_params["query"], "run": "1"})
        return RedirectResponse(f"/editor?{words}", 303, {"Vary": "Accept"})
    return await run_in_threadpool(questions.editor, request)


def _from_elsewhere(headers: Headers) -> bool:
    """Whether another site's page asks behind its reader's back; to follow a link from there is no fault.

    It could not read the answer, and yet fill the places of all queries.
    """
    site = headers.get("sec-fetch-site", "")
    return site in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate"


def switch(request: Request) -> Response:
    """Set the language and go back to the page."""
    lang, back = request.query_params.get("to", ""), request.query_params.get("back", "/")
    if lang not in LANGS:
        raise UsageFault(f"{lang!r} is no language here", hint="zh or en")
    # `//host` and `/\\host` would leave this site.
    safe = back if back.startswith("/") and back[1:2] not in ("/", "\\") else "/"
    answer = RedirectResponse(safe, 303)
    answer.set_cookie(COOKIE, lang, max_age=YEAR, samesite="lax", httponly=True)
    return answer


TYPES = {"js": "text/javascript", "css": "text/css"}


def asset(request: Request) -> Response:
    """A script or a stylesheet of ours, or of a package that ships it."""
    name = request.path_params["name"]
    try:
        text = static(name)
    except (FileNotFoundError, IsADirectoryError) as fault:
        raise UnknownName(f"there is no file {name!r}") from fault
    kind = TYPES.get(name.rsplit(".", 1)[-1], "text/javascript")
    age = f"public, max-age={YEAR}, immutable" if request.query_params.get("v") else "no-cache"
    return Response(text, media_type=kind, headers={"Cache-Control": age})
