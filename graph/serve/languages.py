"""Which of our two languages a reader is answered in."""

from __future__ import annotations

from starlette.requests import Request

LANGS = ("zh", "en")
COOKIE = "kg_lang"


def language(request: Request, default: str) -> str:
    """The language chosen by the switch, else the one the browser prefers, else `default`."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGS else preferred(request.headers.get("accept-language", ""), default)


def preferred(header: str, default: str) -> str:
    """The best of our languages in an Accept-Language header, `default` where none of them is in it.

    >>> preferred("fr, en;q=0.5, zh-TW;q=0.8", "en")
    'zh'
    """
    best, found = 0.0, default
    for piece in header.split(","):
        tag, _, rest = piece.strip().partition(";")
        lang, weight = tag.strip().lower().split("-")[0], _weight(rest)
        if lang in LANGS and weight > best:
            best, found = weight, lang
    return found


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
