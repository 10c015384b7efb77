"""What linking finds: names joined to things, with how sure it is and why."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from graph import terms
from graph.quads import Quads, literal, node
from graph.table import Cell, Table

Select = Callable[[str], Table]
LINKED, BELOW, APART, NONE = "linked", "below", "apart", "none"


@dataclass(frozen=True)
class Link:
    """A name's node and what it is taken for.

    kind: feature, patch or person. `state` is `linked`, `below` (a candidate only), `apart` (kept apart by hand: no
    target) or `none` (nothing was found, and why). `of` is empty for a name that no note has as a topic; `written` is
    an alias' name.
    """

    kind: str
    of: str
    target: str
    score: float
    reason: str
    state: str = LINKED
    written: str = ""


def write(out: Quads, links: Iterable[Link]) -> None:
    """Links as triples; the linked ones also as the short `kg:resolvesTo`."""
    for link in links:
        digest = hashlib.sha256(f"{link.of} {link.target} {link.written}".encode()).hexdigest()[:16]
        thing = out.iri("link", link.kind, digest)
        out.type(thing, "Link")
        out.texts(thing, kind=link.kind, state=link.state, reason=link.reason, written=link.written)
        out.add(thing, "kg:score", literal(_short(link.score), "decimal"))
        if link.of:
            out.add(thing, "kg:of", node(link.of))
        if link.target:
            out.add(thing, "kg:target", node(link.target))
        if link.state == LINKED and link.of:
            out.add(link.of, "kg:resolvesTo", node(link.target))


def _short(score: float) -> str:
    """As the store writes it back: no zeros at the end."""
    return f"{score:.2f}".rstrip("0").rstrip(".")


def unfound(kind: str, names: Iterable[str], links: Iterable[Link], reason: str) -> list[Link]:
    """A link to nothing for every name that has none and no candidate either: it is listed, not passed over."""
    met = {link.of for link in links}
    return [Link(kind, name, "", 0.0, reason, NONE) for name in sorted(set(names) - met)]


def rows(select: Select, community: str, text: str) -> list[tuple[str, ...]]:
    """Rows of a question as texts (empty for none), of one community's things: the first column is a thing."""
    mine = terms.iri(community, "")[:-1]
    return [tuple(map(_text, row)) for row in select(text).rows if _text(row[0]).startswith(mine)]


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def values(iris: Iterable[str]) -> str:
    """IRIs for a VALUES clause."""
    return " ".join(node(iri) for iri in sorted(set(iris)))
