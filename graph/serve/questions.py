"""The catalogue of questions with forms, and the SPARQL editor."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response


def questions(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def question(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def editor(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)


def terms(request: Request) -> Response:
    """To come."""
    return PlainTextResponse("to come", 501)
