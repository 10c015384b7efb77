"""A protocol request taken apart: the query and its parameters, from the address or from the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from graph.errors import KgError

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
# Percent-encoding makes three of one, and there may be many graphs to name.
BODY_BYTES = 256 * 1024
_FORMATS = ("format", "output", "results")


class Refused(KgError):
    """A request that is not answered, with the HTTP status that says so."""

    def __init__(self, status: int, what: str, *, hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.status = status


@dataclass(frozen=True)
class Asked:
    """What a request asks for; `bare` when it is a GET that at most names a format."""

    text: str | None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    seconds: float | None = None
    bare: bool = False

    @property
    def dataset(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """The dataset that the request describes; None when it describes none."""
        return (self.default, self.named) if self.default or self.named else None


async def asked_of(request: Request) -> Asked:
    """Read a request. Raises Refused where the protocol says so."""
    pairs = _pairs(request.scope["query_string"])
    bare = request.method != "POST" and all(name in _FORMATS for name, _ in pairs)
    if request.method == "POST":
        pairs += await _body(request)
    if any(name == "update" for name, _ in pairs):
        raise _no_update()
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise Refused(400, f"{len(queries)} queries in one request", hint="send one at a time")
    return Asked(
        queries[0] if queries else None,
        _values(pairs, "default-graph-uri"),
        _values(pairs, "named-graph-uri"),
        tuple(word for word in _values(pairs, *_FORMATS) if word),
        _seconds(_values(pairs, "timeout")),
        bare,
    )


def _values(pairs: Sequence[tuple[str, str]], *names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for name, value in pairs if name in names))


def _pairs(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as fault:
        raise _no_utf8() from fault


async def _body(request: Request) -> list[tuple[str, str]]:
    kind = _kind(request.headers.get("content-type", ""))
    if kind == UPDATE:
        raise _no_update()
    if kind not in {FORM, QUERY}:
        what = f"a body of {kind or 'no named type'} is not understood"
        raise Refused(415, what, hint=f"send {QUERY} or {FORM}")
    text = await _read(request)
    if kind == FORM:
        return _pairs(text)
    try:
        return [("query", text.decode("utf-8"))]
    except UnicodeDecodeError as fault:
        raise _no_utf8() from fault


def _kind(header: str) -> str:
    """The media type of a body. UTF-8 is the only character set that the protocol has."""
    kind, *params = (part.strip().lower() for part in header.split(";"))
    for param in params:
        name, _, value = param.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8"}:
            raise Refused(415, f"a body in {value.strip()} is not understood", hint="send UTF-8")
    return kind


async def _read(request: Request) -> bytes:
    text = bytearray()
    async for piece in request.stream():
        text += piece
        if len(text) > BODY_BYTES:
            raise Refused(413, f"the body is longer than {BODY_BYTES // 1024} KB", hint="make it shorter")
    return bytes(text)


def _seconds(values: Sequence[str]) -> float | None:
    if not values:
        return None
    try:
        seconds = float(values[-1])
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise Refused(400, f"timeout={values[-1]} is no time", hint="give seconds, as in timeout=2.5")
    return seconds


def _no_update() -> Refused:
    return Refused(403, "an update is not allowed", hint="this service only reads; `kg build` writes")


def _no_utf8() -> Refused:
    return Refused(400, "the request is not UTF-8", hint="encode the query as UTF-8")
