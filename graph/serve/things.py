"""Pages of things, their evidence and their lists."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response


def thing(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def evidence(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def features(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def releases(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def people(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def meetings(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)
