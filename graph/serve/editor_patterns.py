"""What a query says, as far as its tokens tell: the order of its columns, its triple patterns, what counts twice.

The script of the editor (static/query.js) reads queries the same way; this is for pages without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple

from graph.table import Table
from graph.terms import CLASS_NAMES, NS, PROPERTY_NAMES, STATUSES
from graph.tokens import Token, tokens

_COUNTED = ("COUNT", "SUM", "AVG", "GROUP_CONCAT")  # statements that come twice change what these give
_AGGREGATES = (*_COUNTED, "MIN", "MAX", "SAMPLE")
_EXPRESSED = ("FILTER", "BIND", "GRAPH", "SERVICE", "VALUES")
_TERMS = ("var", "name", "iri", "string", "number")
_STATUS_NAMES = tuple(f"status-{name}" for name in STATUSES)
_SUBJECT, _PREDICATE, _OBJECT, _AFTER = range(4)
_NOTHING = Token("sign", "", 1)


class Pattern(NamedTuple):
    """A triple pattern as written; `path` says that its predicate is more than one term."""

    s: Token
    p: Token
    o: Token
    path: bool


class Tie(NamedTuple):
    """Which columns tie which, by name; p may be empty, and s or o a term as written where p is a column."""

    s: str
    p: str
    o: str
    label: str


@dataclass
class _Frame:
    """An open bracket, and how far a pattern in it has come; only `group` and `blank` hold patterns."""

    kind: str
    slot: int = _SUBJECT
    s: Token = _NOTHING
    p: Token = _NOTHING
    path: bool = False
    waits: bool = False
    data: bool = False

    @property
    def holds(self) -> bool:
        return self.kind in ("group", "blank") and not self.waits


class _Reading:
    def __init__(self, found: Sequence[Token]) -> None:
        self.stack, self.patterns = [_Frame("outside")], list[Pattern]()
        for token in found:
            self._step(self.stack[-1], token)

    def _step(self, top: _Frame, token: Token) -> None:
        if token.says("{", "(", "["):
            self.stack.append(_opened(top, token))
        elif token.says("}", ")", "]"):
            self._close(token)
        elif token.kind in _TERMS or token.text in ("a", "true", "false"):
            self._term(top, token)
        elif token.kind == "word":
            _worded(top, token)
        elif top.holds:
            _signed(top, token.text)

    def _close(self, token: Token) -> None:
        if len(self.stack) == 1:
            return
        gone = self.stack.pop()
        top = self.stack[-1]
        top.waits = False
        if gone.kind == "path" and top.kind != "path":
            top.slot, top.p, top.path = _OBJECT, token, True
        elif gone.kind in ("blank", "list"):
            self._term(top, token)
        elif token.text == "}":
            top.slot = _SUBJECT

    def _term(self, top: _Frame, token: Token) -> None:
        if not top.holds:
            return
        if top.slot == _SUBJECT:
            top.s, top.slot, top.path = token, _PREDICATE, False
        elif top.slot == _PREDICATE:
            top.p, top.slot = token, _OBJECT
        elif top.slot == _OBJECT:
            self.patterns.append(Pattern(top.s, top.p, token, top.path))
            top.slot = _AFTER


def _opened(top: _Frame, token: Token) -> _Frame:
    if token.text == "{":
        kind, top.data = "data" if top.data else "group", False
        return _Frame(kind)
    if token.text == "[":
        return _Frame("blank", _PREDICATE, token) if top.holds else _Frame("held")
    if top.kind == "path" or (top.holds and top.slot == _PREDICATE):
        return _Frame("path")
    return _Frame("list" if top.holds else "held")


def _worded(top: _Frame, token: Token) -> None:
    if token.says("SELECT") and top.kind == "group":
        top.kind = "select"
    elif token.says(*_EXPRESSED):
        top.slot, top.waits, top.data = _SUBJECT, True, token.says("VALUES")
    elif token.says("OPTIONAL", "UNION", "MINUS"):
        top.slot = _SUBJECT


def _signed(top: _Frame, sign: str) -> None:
    if sign in ".;,":
        top.slot = {".": _SUBJECT, ";": _PREDICATE, ",": _OBJECT}[sign]
        top.path = top.path and sign == ","
    elif top.slot == _OBJECT and sign in ("/", "|"):
        top.slot, top.path = _PREDICATE, True
    elif top.slot == _PREDICATE or (top.slot == _OBJECT and sign in ("*", "+", "?")):
        top.path = True


def patterns(text: str) -> list[Pattern]:
    """The triple patterns of a query, those of its inner SELECTs too. Total: any text gives some."""
    return _Reading(tokens(text)).patterns


def ties(text: str, columns: Sequence[str]) -> list[Tie]:
    """What ties the columns of a result: its own patterns, else columns that are called s, p, o."""

    def column(token: Token) -> str:
        return token.text[1:] if token.kind == "var" and token.text[1:] in columns else ""

    def end(token: Token, between: str) -> str:
        return column(token) or (token.text if between and token.kind in ("iri", "name") else "")

    found = [
        Tie(end(s, word), word, end(o, word), "" if path or p.kind == "var" else p.text)
        for s, p, o, path in patterns(text)
        for word in ["" if path else column(p)]
    ]
    written = [tie for tie in found if tie.s and tie.o and tie.s != tie.o]
    named = [Tie(s, p, o, "") for s, p, o in (("s", "p", "o"), ("subject", "predicate", "object"))]
    return written or [tie for tie in named if {tie.s, tie.p, tie.o} <= set(columns)]


def ordered(text: str, table: Table) -> Table:
    """A table with its columns in the order written: those of SELECT * as they first appear."""
    found = tokens(text)
    start = next((at for at, token in enumerate(found) if token.says("SELECT")), len(found))
    after = [token for token in found[start + 1 : start + 3] if not token.says("DISTINCT", "REDUCED")]
    if not after or not after[0].says("*"):
        return table
    seen = dict.fromkeys(token.text[1:] for token in found if token.kind == "var")
    order = sorted(range(len(table.columns)), key=lambda at: _place(list(seen), table.columns[at]))
    columns = tuple(table.columns[at] for at in order)
    return Table(columns, tuple(tuple(row[at] for at in order) for row in table.rows))


def _place(seen: list[str], name: str) -> int:
    return seen.index(name) if name in seen else len(seen)


def comes_twice(text: str, table: Table) -> bool:
    """Whether a result that ran adds up what may come once per source, or has rows that are the same."""
    found = tokens(text)
    pairs = list(zip(found, [*found[1:], _NOTHING], [*found[2:], _NOTHING, _NOTHING], strict=True))
    if any(one.says(*_COUNTED) and two.says("(") and not three.says("DISTINCT") for one, two, three in pairs):
        return not _inner_distinct(found)
    first = next((two for one, two, _ in pairs if one.says("SELECT")), _NOTHING)
    if first is _NOTHING or first.says("DISTINCT", "REDUCED"):
        return False
    if any((one.says("GROUP") or one.says(*_AGGREGATES)) and two.says("(", "BY") for one, two, _ in pairs):
        return False
    return len(set(table.rows)) < len(table.rows)


def _inner_distinct(found: Sequence[Token]) -> bool:
    """Whether all that is counted comes from a SELECT DISTINCT right inside: `{ { SELECT DISTINCT …`."""
    text = " ".join(token.text.upper() for token in found if not token.says("WHERE"))
    return "{ SELECT DISTINCT" in text


def unknown(text: str) -> list[tuple[str, str]]:
    """Terms of ours that a query uses and the vocabulary does not have, each with the one most like it, or ""."""
    found, known = tokens(text), {f"kg:{name}" for name in (*CLASS_NAMES, *PROPERTY_NAMES, *_STATUS_NAMES)}
    declares = any(a.says("PREFIX") and b.text == "kg:" for a, b in pairwise(found))
    if declares and all(token.text != f"<{NS}>" for token in found):
        return []
    names = [token.text for token in found if token.kind == "name" and token.text.startswith("kg:")]
    odd = [name for name in dict.fromkeys(names) if name not in known and name != "kg:"]
    return [(name, "".join(get_close_matches(name, sorted(known), 1))) for name in odd]
