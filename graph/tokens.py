"""The tokens of a SPARQL text, and the checks that need nothing but them. Total: any text gives some."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import pyoxigraph as ox

from graph.engine import syntax_fault
from graph.errors import QueryFault
from graph.terms import CLASS_NAMES, NS, PREFIXES, PROPERTY_NAMES, STATUSES


class Token(NamedTuple):
    """A piece of SPARQL: kind (iri, string, var, name, word, number, sign), text and line, counted from 1."""

    kind: str
    text: str
    line: int

    def says(self, *words: str) -> bool:
        """Whether it is one of these keywords (given in upper case) or signs."""
        return self.kind in {"word", "sign"} and self.text.upper() in words


# Comments end at a carriage return too; strings and IRIs hide whatever looks like a keyword in them. A prefix
# has a longest length, and a string may end with its line, so that no text takes quadratic time.
_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r\n]+|\#[^\r\n]*)
    |(?P<iri><(?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
    |(?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        |"(?:[^"\\\r\n]|\\.)*"?|'(?:[^'\\\r\n]|\\.)*'?)
    |(?P<var>[?$]\w+)
    |(?P<name>(?:_|[^\W\d_][\w.-]{0,63})?:(?:[\w:%-]|\\.|\.(?=[\w:%\\.-]))*)
    |(?P<word>@[A-Za-z]+(?:-[A-Za-z0-9]+)*|[^\W\d]\w*)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<sign>\^\^|&&|\|\||[!<>]=|.)""",
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str) -> list[Token]:
    """The tokens of a query, without white space and comments. Total: any text gives some."""
    found, line = [], 1
    for match in _TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match[0]
        if kind != "skip":
            found.append(Token(kind, piece, line))
        line += piece.count("\n")
    return found


UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
_OPEN, _CLOSE = {"(": ")", "{": "}", "[": "]"}, frozenset(")}]")


def check_syntax(text: str, place: str) -> None:
    """Raise QueryFault at `place:line` when Oxigraph cannot parse the query."""
    try:
        ox.Store().query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
    except SyntaxError as fault:
        raise syntax_fault(text, fault, place) from fault


def form(found: list[Token]) -> Token:
    """The keyword that says what a query is (SELECT, CONSTRUCT, …), after its prologue; empty if none."""
    words = (token for token in found if token.kind == "word")
    nothing = Token("word", "", found[-1].line if found else 1)
    return next((token for token in words if not token.says("PREFIX", "BASE", "VERSION")), nothing)


_PROBE = " " * 60 + "\x01" * 60


def blamed(text: str) -> int:
    """Offset of the token that Oxigraph cannot read on from, in a text it cannot parse; -1 where it is none.

    Its own errors lie some characters behind, on a later line too: it compares keywords with whatever follows. So
    we look for the shortest start of the text that cannot be continued: followed by blanks longer than any keyword,
    it fails before they end. A text that only ends too soon, or breaks a rule that is no matter of syntax, has none.
    """
    pieces = [match.span() for match in _TOKEN.finditer(text) if match.lastgroup != "skip"]
    low, high = 0, len(pieces)
    while low < high:
        middle = (low + high) // 2
        if _goes_on(text[: pieces[middle][1]]):
            low = middle + 1
        else:
            high = middle
    return pieces[low][0] if low < len(pieces) else -1


def undeclared(text: str, at: int) -> str:
    """The prefix of the name at an offset, if the query does not declare it and it is none of ours."""
    found = _TOKEN.match(text, at)
    if found is None or found.lastgroup != "name":
        return ""
    prefix = found[0].partition(":")[0]
    return "" if prefix in _prefixes(tokens(text))[0] else f"{prefix}:"


def _goes_on(start: str) -> bool:
    """Whether some text can follow this start of a query."""
    try:
        ox.Store().query(start + _PROBE, prefixes=PREFIXES)
    except SyntaxError as fault:
        found = re.match(r"error at (\d+):(\d+): ", str(fault))
        end = (start.count("\n") + 1, len(start) - start.rfind("\n") + 50)
        return found is None or (int(found[1]), int(found[2])) >= end
    return True


def names_graphs(found: list[Token]) -> bool:
    """Whether a query says with FROM or FROM NAMED what it asks."""
    return any(token.kind == "word" and _hidden(token) == "FROM" for token in found)


def graphs_named(found: list[Token]) -> list[str]:
    """IRIs in the FROM clauses of a query, as far as they can be told without a base."""
    prefixes, graphs = _prefixes(found)[0], []
    for at, token in enumerate(found[:-1]):
        if token.kind == "word" and _hidden(token) == "FROM":
            after = found[at + 1 + (found[at + 1].says("NAMED")) :][:1]
            graphs += [_iri(name, prefixes) for name in after if name.kind in {"iri", "name"}]
    return [graph for graph in graphs if re.match(r"[A-Za-z][\w+.-]*:", graph)]


def check_local(found: list[Token], place: str, *, datasets: bool = False) -> None:
    """Raise QueryFault for whatever changes the graph or leaves it: updates, SERVICE, FROM (unless `datasets`).

    Oxigraph does not ask for a space around a keyword, so a word that contains one is refused too. Its FROM opens
    no file and no connection, it only chooses among the graphs of the store.
    """
    for token in found:
        if token.kind not in {"word", "name"}:
            continue
        word = _hidden(token)
        if datasets and word == "FROM":
            continue
        if word or token.says(*UPDATES):
            what = f"{word or token.text.upper()} is not allowed"
            hint = "ask the graph itself; a query only reads"
            raise QueryFault(what, place=f"{place}:{token.line}", hint=hint)
    _check_less_than(found, place)


def _hidden(token: Token) -> str:
    text = token.text.upper()
    if token.kind == "name":
        prefix, _, local = text.partition(":")
        # A full stop may end a name and a statement, and a keyword may follow it at once.
        starts = [prefix, *(part[:7] for part in local.split(".")[1:])]
        return "SERVICE" if any("SERVICE" in start for start in starts) else ""
    if token.kind != "word" or text.startswith("@"):
        return ""
    return next((word for word in ("SERVICE", "FROM") if word in text), "")


def _check_less_than(found: list[Token], place: str) -> None:
    """Refuse `a<b…>` where it can be read as a comparison and as an IRI, and would hide what follows it."""
    stack, before = [""], Token("sign", "", 1)
    if not any(_unclear(token) for token in found):
        return
    for token in found:
        operand = before.kind != "sign" or before.text == ")"
        if operand and stack[-1] == "(" and _unclear(token):
            hint = "put a space after `<`, or use a prefixed name"
            raise QueryFault(f"{token.text} is ambiguous", place=f"{place}:{token.line}", hint=hint)
        if token.kind == "sign" and token.text in _OPEN:
            stack.append(token.text)
        elif token.kind == "sign" and token.text in _CLOSE and len(stack) > 1:
            stack.pop()
        before = token


def _unclear(token: Token) -> bool:
    return (
        token.kind == "iri" and not re.match(r"<\w+://", token.text) and bool(set(token.text) & set("'#()"))
    )


def depth(found: list[Token]) -> int:
    """How deep brackets of any kind are nested."""
    now = most = 0
    for token in found:
        if token.kind == "sign":
            now += (token.text in _OPEN) - (token.text in _CLOSE)
            most = max(most, now)
    return most


def check_terms(found: list[Token], place: str) -> None:
    """Raise QueryFault for a term in our namespace that the vocabulary does not have."""
    prefixes, declared = _prefixes(found)
    for at, token in enumerate(found):
        if token.kind not in {"iri", "name"} or at in declared:
            continue
        iri = _iri(token, prefixes)
        if iri.startswith(NS) and not _known(iri.removeprefix(NS)):
            what = f"kg:{iri.removeprefix(NS)} is no term of the vocabulary"
            raise QueryFault(
                what, place=f"{place}:{token.line}", hint="the terms are listed in graph/terms.py"
            )


def _prefixes(found: list[Token]) -> tuple[dict[str, str], set[int]]:
    """Prefixes, ours and those declared, and at which tokens declarations stand."""
    prefixes, declared = dict(PREFIXES), set[int]()
    for at, token in enumerate(found[:-2]):
        if token.says("PREFIX"):
            prefixes[found[at + 1].text[:-1]] = found[at + 2].text[1:-1]
            declared |= {at + 1, at + 2}
    return prefixes, declared


def _iri(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + local.replace("\\", "")


def _known(name: str) -> bool:
    return name in CLASS_NAMES or name in PROPERTY_NAMES or name.removeprefix("status-") in STATUSES
