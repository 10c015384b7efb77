"""The home page, questions in words, and suggestions while typing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response


def home(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def ask(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def suggest(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)
