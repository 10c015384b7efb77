"""Content negotiation: which of the formats that we have is the one a client likes best (RFC 9110, section 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HTML = "text/html"
# Media types of a description of things, best first, and what `graph.serialized` calls each. The last ones are
# general names that some clients ask by.
GRAPH_TYPES = {
    "text/turtle": "turtle", "application/rdf+xml": "rdfxml", "application/ld+json": "jsonld",
    "application/n-triples": "ntriples", "application/json": "jsonld", "application/xml": "rdfxml",
    "text/xml": "rdfxml",
}  # fmt: skip
TABLE_TYPES = {
    "application/sparql-results+json": "json", "application/sparql-results+xml": "xml", "text/csv": "csv",
    "text/tab-separated-values": "tsv", "application/json": "json", "application/xml": "xml", "text/xml": "xml",
}  # fmt: skip
# Short names for `format=`: of a table, else of a graph.
_SHORT = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv",), "tsv": ("text/tab-separated-values",),
    "turtle": ("text/turtle",), "ttl": ("text/turtle",), "n3": ("text/turtle",),
    "ntriples": ("application/n-triples",), "nt": ("application/n-triples",),
    "rdf": ("application/rdf+xml",), "rdfxml": ("application/rdf+xml",), "rdf+xml": ("application/rdf+xml",),
    "jsonld": ("application/ld+json",), "json-ld": ("application/ld+json",),
}  # fmt: skip


def best(accept: str, offered: Sequence[str]) -> str | None:
    """The media type of `offered` (best first) that an Accept header likes best; None if it takes none of them.

    No header takes anything. Of types liked equally the one that is named wins over one that a wildcard covers, then
    the one offered first. A weight that is no number counts as 0.

    >>> best("text/html;q=0.5, text/*;q=0.7, */*;q=0.1", ["application/json", "text/html", "text/csv"])
    'text/csv'
    >>> best("application/json;q=0, */*", ["application/json"]) is None
    True
    """
    ranges = _ranges(accept) if accept.strip() else {"*/*": 1.0}
    liked = [(*_liking(kind, ranges), -place, kind) for place, kind in enumerate(offered)]
    weight, *_, kind = max(liked, default=(0.0, 0, 0, ""))
    return kind if weight > 0 else None


def chosen(wanted: Sequence[str], accept: str, offered: Mapping[str, str]) -> str | None:
    """As `best`, but a format that is named outright (`format=`, a short name or a media type) wins over Accept."""
    if wanted:
        return next((kind for word in wanted for kind in named(word) if kind in offered), None)
    return best(accept, list(offered))


def named(word: str) -> tuple[str, ...]:
    """Media types that a word for a format can mean."""
    word = word.split(";", maxsplit=1)[0].strip().lower().replace(" ", "+")
    return _SHORT.get(word, tuple(part.strip() for part in word.split(",")))


def _liking(kind: str, ranges: Mapping[str, float]) -> tuple[float, int]:
    for closeness, name in ((2, kind), (1, f"{kind.split('/', maxsplit=1)[0]}/*"), (0, "*/*")):
        if name in ranges:
            return ranges[name], closeness
    return 0.0, 0


def _ranges(accept: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for piece in accept.split(","):
        kind, *params = (part.strip().lower() for part in piece.split(";"))
        if kind:
            found[kind] = max(_weight(params), found.get(kind, 0.0))
    return found


def _weight(params: Sequence[str]) -> float:
    pairs = (param.partition("=") for param in params)
    text = next((value.strip() for name, _, value in pairs if name.strip() == "q"), "1")
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return min(1.0, max(0.0, weight)) if weight == weight else 0.0  # noqa: PLR0124 - NaN is unlike itself
