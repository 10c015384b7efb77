"""What a reader is shown where something went wrong: what, where, and the next step."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from graph import errors
from graph.errors import KgError, UnknownName
from graph.serve.layout import page

# Exit code of an error → HTTP status. 3 is a name or a question that is not known, 124 out of time.
STATUS = {1: 500, 2: 400, 3: 404, 5: 503, 124: 503}
UNAVAILABLE = 503


def status_of(fault: KgError) -> int:
    """The HTTP status of an error of ours."""
    if isinstance(fault, errors.QueryFault):
        return 400
    if type(fault) is KgError:  # there is no graph yet
        return UNAVAILABLE
    return STATUS.get(fault.exit_code, 500)


def of_ours(request: Request, fault: KgError) -> Response:
    """An error of ours, as a page or as plain text."""
    nearest = fault.nearest if isinstance(fault, UnknownName) else ()
    return _told(request, status_of(fault), str(fault), fault.hint, nearest)


def not_found(request: Request, fault: HTTPException) -> Response:
    """An address that is none of ours, or a method that it does not take."""
    answer = _told(request, fault.status_code, HTTPStatus(fault.status_code).phrase, "", ())
    answer.headers.update(fault.headers or {})  # `Allow`, where the method was the fault
    return answer


def broken(request: Request, fault: Exception) -> Response:
    """An error that should not be; its trace is in the terminal."""
    return _told(
        request, 500, f"{type(fault).__name__}: {fault}", "the terminal of `kg serve` has the trace", ()
    )


def _told(request: Request, status: int, what: str, hint: str, nearest: tuple[str, ...]) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        answer: Response = page(
            request, "fault.html", status=status, what=what, hint=hint, nearest=nearest, code=status
        )
    else:
        answer = PlainTextResponse(f"error: {what}\n" + (f"hint: {hint}\n" if hint else ""), status)
    return answer
