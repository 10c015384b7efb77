"""Which SELECT of a query projects and uses which variables, and what a parameter needs of them.

Oxigraph passes a bound value only to variables that are projected: a parameter that is used in a sub-SELECT
without being selected there would silently match everything, so such a query is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.errors import QueryFault
from graph.tokens import Token


@dataclass
class _Select:
    """A SELECT: what it projects, which variables it uses, the SELECT it stands in."""

    line: int
    outer: _Select | None
    braces: int
    projects: set[str] = field(default_factory=set)
    order: list[str] = field(default_factory=list)
    uses: set[str] = field(default_factory=set)
    star: bool = False
    heading: bool = True


class Scopes:
    """Every SELECT of a query, found by walking over its tokens once."""

    def __init__(self, found: list[Token]) -> None:
        self.all: list[_Select] = []
        self.used: set[str] = set()
        self.ordered = False
        self._inner: _Select | None = None
        self._braces = self._parens = 0
        for before, token in zip([Token("", "", 0), *found], found, strict=False):
            self._take(before, token)

    def _take(self, before: Token, token: Token) -> None:
        if token.says("SELECT"):
            self._inner = _Select(token.line, self._inner, self._braces)
            self.all.append(self._inner)
        elif token.kind == "sign":
            self._sign(token.text)
        elif token.kind == "var" and self._inner:
            self._variable(self._inner, token.text[1:], before.says("AS"))
        elif token.says("WHERE") and self._inner:
            self._inner.heading = False
        self.ordered |= token.says("BY") and before.says("ORDER") and not self._braces

    def _sign(self, sign: str) -> None:
        self._parens += (sign == "(") - (sign == ")")
        if sign == "*" and self._inner and self._inner.heading and not self._parens:
            self._inner.star = True
        if sign == "{":
            self._braces += 1
            if self._inner:
                self._inner.heading = False
        elif sign == "}":
            self._braces -= 1
            if self._inner and self._braces < self._inner.braces:
                self._inner = self._inner.outer

    def _variable(self, scope: _Select, name: str, named: bool) -> None:
        if scope.heading and (not self._parens or named):
            scope.projects.add(name)
            scope.order.append(name)
            return
        scope.uses.add(name)
        if self._braces:
            self.used.add(name)


def check_shape(scopes: Scopes, path: str) -> None:
    """Refuse SELECT * and an answer without an order."""
    star = next((scope for scope in scopes.all if scope.star), None)
    if star:
        hint = "name the columns: their order is part of the answer"
        raise QueryFault("SELECT * is not allowed", place=f"{path}:{star.line}", hint=hint)
    if not scopes.ordered:
        hint = "end with ORDER BY, so that the same graph gives the same answer"
        raise QueryFault("no ORDER BY", place=f"{path}:{scopes.all[0].line}", hint=hint)


def check_param(scopes: Scopes, name: str, line: int, path: str) -> None:
    """Refuse a parameter (declared on a line) that is unused, or used where its value would not reach."""
    if name not in scopes.used:
        hint = "use it in WHERE, or remove its line; a misspelt one would silently match everything"
        what = f"parameter ?{name} is declared, but not used"
        raise QueryFault(what, place=f"{path}:{line}", hint=hint)
    if name not in scopes.all[0].projects:
        hint = f"add ?{name} to the SELECT; its column is dropped from the answer"
        what = f"parameter ?{name} is not selected"
        raise QueryFault(what, place=f"{path}:{scopes.all[0].line}", hint=hint)
    for user in (scope for scope in scopes.all if name in scope.uses | scope.projects):
        scope: _Select | None = user
        while scope:
            if name not in scope.projects:
                what = f"parameter ?{name} is used in a sub-SELECT that does not select it"
                hint = f"add ?{name} to this SELECT (and its GROUP BY), else it matches everything"
                raise QueryFault(what, place=f"{path}:{scope.line}", hint=hint)
            scope = scope.outer


def check_unseen(found: list[Token], name: str, path: str) -> None:
    """Refuse the two places where Oxigraph does not see a bound value: a bare `(?p AS ?x)` and BOUND(?p)."""
    for at, token in enumerate(found):
        if token.kind != "var" or token.text[1:] != name or not 1 < at < len(found) - 1:
            continue
        renamed = found[at - 1].says("(") and found[at + 1].says("AS")
        if renamed or found[at - 2].says("BOUND"):
            what = f"?{name} has no value in BOUND or in a bare (?{name} AS …)"
            hint = f"wrap it, as in COALESCE(?{name}, 0), or compare it in a FILTER"
            raise QueryFault(what, place=f"{path}:{token.line}", hint=hint)
