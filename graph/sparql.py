"""One `.rq` file: its header (`graph.header`), the checks it must pass, and how values are bound to its parameters.

Values are bound, never spliced into the text; Oxigraph passes a value only to variables that are projected, so a
parameter must stand in the outer SELECT and in every sub-SELECT around its use. Its column is dropped from the
result unless `keep` names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from graph import header
from graph.engine import Bound
from graph.errors import QueryFault, UsageFault
from graph.question import KINDS, Header, Param
from graph.scopes import Scopes, check_param, check_shape, check_unseen
from graph.table import Table
from graph.tokens import Token, check_local, check_syntax, check_terms, form, tokens

__all__ = ["KINDS", "Param", "QueryFile", "bind", "load", "parse", "run"]


@dataclass(frozen=True)
class QueryFile(Header):
    """A question: its header, its columns in order, and `text`, the whole file."""

    name: str = ""
    path: str = ""
    text: str = ""
    columns: tuple[str, ...] = ()
    order: str = field(default="", repr=False)


def load(path: str | Path, *, checked: bool = True) -> QueryFile:
    """Read and check one file. Raises QueryFault with `file:line` and the next step for whatever is wrong.

    Not `checked`, only the header is: for a file of ours, whose body the tests check.
    """
    place = Path(path)
    try:
        text = place.read_text("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as fault:
        hint = "a query is a UTF-8 text file"
        raise QueryFault(f"cannot be read: {fault}", place=f"{path}:1", hint=hint) from fault
    return parse(text, str(path), place.stem, checked=checked)


def parse(text: str, path: str, name: str, *, checked: bool = True) -> QueryFile:
    """The same for a text already read; `path` is what messages call it."""
    if not checked:
        columns = _columns(text)
        head = header.read(text, path, columns)
        return QueryFile(**vars(head), name=name, path=path, text=text, columns=columns, order=_order(text))
    found = tokens(text)
    _check_form(found, path)
    scopes = Scopes(found)
    head = header.read(text, path, scopes.all[0].order if scopes.all else ())
    _check_body(found, text, path)
    check_shape(scopes, path)
    for param in head.params:
        check_param(scopes, param.name, param.line, path)
        check_unseen(found, param.name, path)
    for pattern, line in header.sure_lines(text, path):
        check_syntax(sure_query(pattern), f"{path}:{line}")
        check_terms(tokens(pattern), f"{path}:{line}")
    return QueryFile(
        **vars(head), name=name, path=path, text=text, columns=tuple(scopes.all[0].order), order=_order(text)
    )


def _columns(text: str) -> tuple[str, ...]:
    """The columns of the outer SELECT, from its first words alone."""
    scopes = Scopes(tokens(text[: text.find("WHERE")] + "WHERE"))
    return tuple(scopes.all[0].order) if scopes.all else ()


def sure_query(pattern: str) -> str:
    """The query that asks whether a `sure` pattern has a solution; the parameters in it are to be projected."""
    names = sorted({token.text[1:] for token in tokens(pattern) if token.kind == "var"})
    shown = " ".join(f"?{name}" for name in names) or "(1 AS ?one)"
    return f"SELECT {shown} WHERE {{ {pattern} }} LIMIT 1"


def _order(text: str) -> str:
    """The ORDER BY of the outer SELECT, without a LIMIT after it."""
    tail = text.rpartition("ORDER BY")[2]
    return tail.partition("LIMIT")[0].strip()


def _check_form(found: list[Token], path: str) -> None:
    first = form(found)
    if not first.says("SELECT"):
        hint = "a question is one SELECT; a CONSTRUCT belongs in queries/rules"
        raise QueryFault(f"{first.text or 'nothing'} is no SELECT", place=f"{path}:{first.line}", hint=hint)


def _check_body(found: list[Token], text: str, path: str) -> None:
    check_local(found, path)
    check_syntax(text, path)
    check_terms(found, path)


class Answering(Protocol):
    """What a query runs on: a `graph.store.Reader`, or anything that answers like it."""

    def query(self, text: str, substitutions: Mapping[str, Bound] | None = None) -> Table | list[str]:
        """Run a query with some of its variables bound."""


def bind(query: QueryFile, bindings: Mapping[str, Bound]) -> dict[str, Bound]:
    """The bindings with defaults filled in. Raises UsageFault for one unknown or missing."""
    names = [param.name for param in query.params]
    known = ", ".join(names) or "none"
    if wrong := sorted(set(bindings) - set(names)):
        raise UsageFault(f"{query.name} has no parameter {wrong[0]!r}", hint=f"its parameters: {known}")
    missing = [p for p in query.params if p.name not in bindings and p.default is None]
    if missing:
        hint = f"give {missing[0].name}=…: {missing[0].about}"
        raise UsageFault(f"{query.name} needs the parameter {missing[0].name!r}", hint=hint)
    defaults = {p.name: _default(p) for p in query.params if p.name not in bindings}
    return {**defaults, **bindings}


def _default(param: Param) -> Bound:
    return ("date" if param.kind == "date" else "string", param.default or "")


def run(reader: Answering, query: QueryFile, bindings: Mapping[str, Bound]) -> Table:
    """The answer to a question, without the columns of its parameters (but for those it keeps)."""
    found = reader.query(query.text, bind(query, bindings))
    if not isinstance(found, Table):
        raise QueryFault("a table was expected", place=query.path, hint="a question is one SELECT")
    return found.without(param.name for param in query.params if param.name not in query.keep)
