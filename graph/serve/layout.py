"""Pages of the web face: templates with our words, safe text, and the frame around a drawing.

Text from sources is escaped by the templates; control and direction characters in it are shown, not obeyed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from graph.serve.languages import language
from graph.terms import ID
from graph.views.page import Page, asset, safe_url, script_json, visible

NAV = (
    ("/", "Home", "首页"), ("/ask", "Ask", "提问"), ("/timeline", "Timeline", "时间线"), ("/graph", "Graph", "图"),
    ("/features", "Features", "特性"), ("/releases", "Releases", "版本"), ("/meetings", "Meetings", "会议"),
    ("/people", "People", "人"), ("/questions", "Questions", "问题目录"), ("/sparql", "SPARQL", "SPARQL"),
)  # fmt: skip
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _shown(value: object) -> object:
    """What a template writes of a value: nothing for None, text with its hidden characters shown."""
    if value is None:
        return ""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def templates() -> Environment:
    """The templates of this package."""
    room = Environment(
        loader=PackageLoader("graph.serve"), autoescape=True, undefined=StrictUndefined, finalize=_shown,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    room.globals.update(static=static_url, href=href, safe_url=safe_url, nav=NAV)
    room.filters["quote"] = lambda text: quote(str(text), safe="")
    return room


def href(iri: str) -> str:
    """The address of a thing's page here; "" for an IRI that is not of this graph.

    >>> href("https://w3id.org/release-kg/id/openstack/release/queens")
    '/id/openstack/release/queens'
    """
    return f"/id/{iri[len(ID) :]}" if iri.startswith(ID) else ""


def static(name: str) -> str:
    """Text of a script or stylesheet: of this package, else of the pages. Raises FileNotFoundError."""
    own = resources.files("graph.serve") / "static" / name
    return own.read_text("utf-8") if own.is_file() else asset(name)


@cache
def _version(name: str) -> str:
    return hashlib.sha256(static(name).encode()).hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of an asset; it changes with the asset's content, so that browsers may keep it for good."""
    return f"/static/{name}?v={_version(name)}"


def say_in(lang: str) -> Callable[[str, str], str]:
    """`say(en, zh)` for a language."""
    return lambda en, zh: zh if lang == "zh" else en


def page(request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """A template as a page, in the reader's language; templates have `say`, `lang`, `path`, `href`, `static`."""
    serving = request.app.state.serving
    lang = language(request, serving.lang)
    text = templates().get_template(template).render(
        say=say_in(lang), lang=lang, path=request.url.path, here=_here(request), **context
    )  # fmt: skip
    return HTMLResponse(text, status, {"Vary": "Accept, Accept-Language, Cookie"})


def drawing(request: Request, drawn: Page) -> HTMLResponse:
    """A timeline or a network inside our frame; its scripts know by `site` that things have pages here."""
    data = Markup(script_json({**drawn.data, "site": "/"}))  # noqa: S704 - script_json makes it safe to embed
    body = Markup(drawn.body)  # noqa: S704 - a view's own markup, escaped there
    return page(request, "drawing.html", title=drawn.title, body=body, data=data, styles=drawn.styles,
                scripts=drawn.scripts)  # fmt: skip


def as_json(value: object, status: int = 200) -> Response:
    """JSON for our own scripts."""
    return Response(json.dumps(value, ensure_ascii=False), status, media_type="application/json")


def _here(request: Request) -> str:
    """Path and query of this page, to come back to it after the language was switched."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
