"""Addresses of things: the page of a thing, or the same as data, as the client likes it best."""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from graph import described, things
from graph.described import MEDIA
from graph.errors import UnknownName, UsageFault
from graph.serve.drawings import scene_of, whole_of
from graph.serve.languages import language
from graph.serve.layout import page
from graph.serve.negotiate import best
from graph.serve.state import Generation
from graph.serve.thing_evidence import evidence
from graph.serve.thing_lists import around, features, meetings, people, releases
from graph.serve.thing_page import asking, thing_page, word_for
from graph.terms import ID, keys_of

__all__ = ["evidence", "features", "meetings", "people", "releases", "thing"]

HTML = "text/html"
# Kinds whose things are drawn from the store where the whole network has them not.
FOUND_ANYWHERE = ("patch", "bug")
_FORMS = {"html": HTML, **{name: media for name, (media, _) in MEDIA.items()}}
_NAMES = {
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "nt": "N-Triples",
    "rdfxml": "RDF/XML",
}
_NEAREST_OF = ("release", "feature", "person", "topic")


def thing(request: Request) -> Response:
    """`/id/…`: a page, or Turtle, JSON-LD, N-Triples or RDF/XML by Accept or `?format=`."""
    now = request.app.state.serving.current()
    iri = _iri(request)
    media = _media(request)
    if media is None:
        kinds = ", ".join(_FORMS.values())
        return PlainTextResponse(
            f"error: there is none of what you accept\nhint: one of {kinds}\n", 406, {"Vary": "Accept"}
        )
    if not _is_known(now, iri):
        usual = _usual(iri)
        if usual != iri and _is_known(now, usual):
            return RedirectResponse(_address(request, usual), 301)
        raise _unknown(now, iri)
    return _page(request, now, iri) if media == HTML else _data(request, now, iri, media)


def _iri(request: Request) -> str:
    """The IRI that the address stands for, byte for byte as it was asked for."""
    raw = request.scope.get("raw_path") or quote(request.url.path).encode()
    path = raw.split(b"?")[0].decode("ascii", "replace")
    tail = path.partition("/id/")[2]
    if not tail or set(tail) & set('<>"{}|\\^`�') or any(char <= " " for char in tail):
        raise UnknownName(f"there is nothing at {path!r}", hint="the address of a thing begins with /id/")
    return ID + tail


def _usual(iri: str) -> str:
    """The IRI as this graph writes it: what may stand unescaped in an address is escaped in it."""
    return ID + "/".join(quote(unquote(part), safe="") for part in iri[len(ID) :].split("/"))


def _address(request: Request, iri: str) -> str:
    query = request.url.query
    return f"/id/{iri[len(ID) :]}" + (f"?{query}" if query else "")


def _media(request: Request) -> str | None:
    """The media type that is wanted; None where none of ours will do. Raises UsageFault for an unknown format."""
    form = request.query_params.get("format")
    if form is None:
        return best(request.headers.get("accept", ""), list(_FORMS.values()))
    if form not in _FORMS:
        raise UsageFault(f"{form!r} is no format", hint=f"one of {', '.join(_FORMS)}")
    return _FORMS[form]


def _is_known(now: Generation, iri: str) -> bool:
    return len(keys_of(iri)) > 1 and things.is_known(now.reader, iri)


def _unknown(now: Generation, iri: str) -> UnknownName:
    keys = keys_of(iri)
    kind, word = (keys[1], keys[-1]) if len(keys) > 2 else ("", keys[-1] if keys else "")
    nearest = now.names.nearest(kind, word) if kind in _NEAREST_OF else ()
    hint = (
        f"did you mean {nearest[0]}?" if nearest else "the lists of features, releases, people and meetings"
    )
    return UnknownName(f"no {kind or 'thing'} is known as {word!r}", nearest=nearest, hint=hint)


def _data(request: Request, now: Generation, iri: str, media: str) -> Response:
    form = next(name for name, (kind, _) in MEDIA.items() if kind == media)
    at = _number(request.query_params.get("page"))
    here = f"{str(request.base_url).rstrip('/')}{_path(iri)}?format={form}&page="
    found = described.described(now.reader, iri, at, here)
    if not found.lines:
        raise UnknownName(f"there are {found.pages} pages of this, and no {at}th", hint="?page=1")
    links = [f'<{iri}>; rel="describes"', f'<{_path(iri)}?format=html>; rel="alternate"; type="{HTML}"']
    if at < found.pages:
        links.append(f'<{_path(iri)}?format={form}&page={at + 1}>; rel="next"')
    head = {"Vary": "Accept", "Link": ", ".join(links)}
    kind = f"{media}; charset=utf-8" if media.startswith("text/") else media
    return Response(described.serialised(found.lines, form), headers=head, media_type=kind)


def _number(text: str | None) -> int:
    if text is None:
        return 1
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) == int(text):
        raise UsageFault(f"{text!r} is no page", hint="pages are counted from 1")
    return int(text)


def _path(iri: str) -> str:
    return f"/id/{iri[len(ID) :]}"


def _page(request: Request, now: Generation, iri: str) -> Response:
    lang = language(request, request.app.state.serving.lang)
    told = thing_page(now, iri, lang)
    data = [(_NAMES[name], media, f"{_path(iri)}?format={name}") for name, (media, _) in MEDIA.items()]
    return page(
        request,
        "thing.html",
        title=told.title,
        told=told,
        data=data,
        actions=_actions(now, iri, lang),
        beside=around(now, iri),
    )


def _drawn_at(now: Generation, iri: str, kind: str, lang: str) -> str:
    """Where a thing is drawn; "" for one that no network has."""
    scene = scene_of(now, lang)
    known = {iri, scene.heads.get(iri, ""), *scene.spoken(iri)}
    if kind in FOUND_ANYWHERE or not known.isdisjoint(whole_of(now, lang).nodes):
        return f"/graph?thing={quote(iri, safe='')}"
    return ""


def _actions(now: Generation, iri: str, lang: str) -> list[tuple[str, str, str]]:
    """Where else the thing is shown: English and Chinese words, and the address."""
    param = {"topic": "feature"}.get(kind := things.kind_of(iri), kind)
    out = [("Graph", "关系图", at)] if (at := _drawn_at(now, iri, kind, lang)) else []
    if param in ("feature", "release", "person"):
        word = quote(word_for(now, param, iri), safe="")
        out.insert(0, ("Timeline", "时间线", f"/timeline?{param}={word}"))
    if question := asking(now, iri, lang):
        out.append(("Ask", "提问", f"/ask?q={quote(question, safe='')}"))
    return out
