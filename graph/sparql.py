"""One `.rq` file: its header, the checks it must pass, and how values are bound to its parameters.

    # title: What slipped from one release to the next
    # ask: what slipped from {from} to {to}
    # ask@zh: 从 {from} 推迟到 {to} 的有哪些
    # param: from release   the release that promised it
    # param: to release = queens   the release it moved to
    # view: table
    # answer: {count} features slipped from {from} to {to}.
    # empty: Nothing slipped from {from} to {to}.
    # key: deferred postponed
    # keep: to
    SELECT ?feature ?from ?to WHERE { … } ORDER BY ?feature

A key without a language is English. Values are bound, never spliced into the text; Oxigraph passes a value
only to variables that are projected, so a parameter must stand in the outer SELECT and in every sub-SELECT
around its use. Its column is dropped from the result unless `keep` names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import pyoxigraph as ox

from graph.errors import QueryFault, UsageFault
from graph.store import Bound, syntax_fault
from graph.table import Table
from graph.terms import CLASS_NAMES, NS, PREFIXES, PROPERTY_NAMES, STATUSES

KINDS = ("release", "feature", "person", "topic", "patch", "bug", "date", "month", "text")
VIEWS = ("table", "timeline", "network")
_SPOKEN = ("title", "ask", "answer", "empty", "key")
_SILENT = ("param", "view", "keep")


# ---- tokens -----------------------------------------------------------------------------------------------


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


# ---- header -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Param:
    """A parameter: name, kind (one of KINDS), what it is, the word used when none is given, its line."""

    name: str
    kind: str
    about: str
    default: str | None
    line: int


@dataclass(frozen=True)
class QueryFile:
    """A question. What is spoken stands by language (`en`, `zh`); `text` is the whole file."""

    name: str
    path: str
    titles: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    params: tuple[Param, ...] = ()
    view: str = "table"
    answers: Mapping[str, str] = field(default_factory=dict)
    empties: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    keep: tuple[str, ...] = ()


class _Line(NamedTuple):
    key: str
    lang: str
    value: str
    line: int


_HEADER = re.compile(r"#\s*([A-Za-z]+)(@[A-Za-z]+)?:(?:\s+(.*))?$")
_PARAM = re.compile(r"(\w+)\s+(\w+)(.*)$")
_SLOT = re.compile(r"\{([^{}]*)\}")


def _header(path: str, text: str) -> Iterator[_Line]:
    for number, row in enumerate(text.split("\n"), 1):
        if row.strip() and not row.startswith("#"):
            return
        match = _HEADER.match(row.strip())
        if match:
            key, lang, value = match[1], (match[2] or "@en")[1:], (match[3] or "").strip()
            _check_key(f"{path}:{number}", key, match[2], value)
            yield _Line(key, lang, value, number)


def _check_key(place: str, key: str, lang: str | None, value: str) -> None:
    if key not in _SPOKEN and (key not in _SILENT or lang):
        hint = f"the keys are {', '.join((*_SPOKEN, *_SILENT))}; the first five also as `title@zh`"
        raise QueryFault(f"unknown key {key + (lang or '')!r}", place=place, hint=hint)
    if not value:
        raise QueryFault(f"{key!r} says nothing", place=place, hint=f"write it as `# {key}: …`, or remove it")


def _param(path: str, line: _Line) -> Param:
    place, match = f"{path}:{line.line}", _PARAM.match(line.value)
    if not match:
        hint = "write `# param: NAME KIND   what it is`"
        raise QueryFault(f"a parameter cannot be read: {line.value!r}", place=place, hint=hint)
    name, kind, rest = match[1], match[2], match[3]
    if kind not in KINDS:
        raise QueryFault(f"{kind!r} is no kind of parameter", place=place, hint=f"one of {', '.join(KINDS)}")
    default = None
    if rest.lstrip().startswith("="):
        default, _, rest = rest.lstrip()[1:].strip().partition("  ")
    elif not rest.startswith("  "):
        rest = ""
    if not rest.strip():
        hint = "say after two spaces what it is"
        raise QueryFault(f"parameter {name!r} has no description", place=place, hint=hint)
    return Param(name, kind, rest.strip(), default, line.line)


def _params(path: str, lines: list[_Line]) -> tuple[Param, ...]:
    found: dict[str, Param] = {}
    for line in lines:
        if line.key == "param":
            param = _param(path, line)
            if param.name in found or param.name == "count":
                what = f"parameter {param.name!r} is taken"
                raise QueryFault(what, place=f"{path}:{line.line}", hint="give it another name")
            found[param.name] = param
    return tuple(found.values())


def _check_slots(path: str, lines: list[_Line], params: tuple[Param, ...]) -> None:
    names = {param.name for param in params}
    for line in lines:
        known = names | {"count"} if line.key == "answer" else names
        wrong = [slot for slot in _SLOT.findall(line.value) if slot not in known]
        if line.key in _SPOKEN and wrong:
            hint = f"the parameters are {', '.join(sorted(known)) or 'none'}; declare it with `# param:`"
            raise QueryFault(f"{{{wrong[0]}}} is no parameter", place=f"{path}:{line.line}", hint=hint)


def _many(lines: list[_Line], key: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.key == key:
            found[line.lang] = (*found.get(line.lang, ()), line.value)
    return found


def _one(path: str, lines: list[_Line], key: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        if line.key == key and line.lang in found:
            place = f"{path}:{line.line}"
            raise QueryFault(f"a second {key!r} in one language", place=place, hint="keep one of them")
        if line.key == key:
            found[line.lang] = line.value
    return found


def _view(path: str, lines: list[_Line]) -> str:
    for line in lines:
        if line.key == "view" and line.value not in VIEWS:
            place, hint = f"{path}:{line.line}", f"one of {', '.join(VIEWS)}"
            raise QueryFault(f"{line.value!r} is no view", place=place, hint=hint)
    return _one(path, lines, "view").get("en", "table")


def _words(values: tuple[str, ...]) -> Iterator[str]:
    """Keywords stand between commas, or between spaces in a line without a comma."""
    for value in values:
        commas = re.search("[,，、]", value)
        yield from (word.strip() for word in re.split("[,，、]" if commas else r"\s", value) if word.strip())


def _check_keep(path: str, lines: list[_Line], params: tuple[Param, ...]) -> tuple[str, ...]:
    names, kept = {param.name for param in params}, list[str]()
    for line in lines:
        if line.key == "keep":
            kept += line.value.split()
            if wrong := set(line.value.split()) - names:
                what, hint = f"{min(wrong)!r} is no parameter", "only the column of a parameter can be kept"
                raise QueryFault(what, place=f"{path}:{line.line}", hint=hint)
    return tuple(kept)


def load(path: str | Path) -> QueryFile:
    """Read and check one file. Raises QueryFault with `file:line` and the next step for whatever is wrong."""
    place = Path(path)
    try:
        text = place.read_text("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as fault:
        hint = "a query is a UTF-8 text file"
        raise QueryFault(f"cannot be read: {fault}", place=f"{path}:1", hint=hint) from fault
    return parse(text, str(path), place.stem)


def parse(text: str, path: str, name: str) -> QueryFile:
    """The same for a text already read; `path` is what messages call it."""
    lines = list(_header(path, text))
    params = _params(path, lines)
    _check_slots(path, lines, params)
    titles = _one(path, lines, "title")
    if "en" not in titles:
        raise QueryFault("no title", place=f"{path}:1", hint="begin with `# title: …`")
    keep = _check_keep(path, lines, params)
    _check_body(text, path, params)
    keywords = {lang: tuple(_words(values)) for lang, values in _many(lines, "key").items()}
    return QueryFile(
        name, path, titles, _many(lines, "ask"), params, _view(path, lines), _one(path, lines, "answer"),
        _one(path, lines, "empty"), keywords, text, keep,
    )  # fmt: skip


# ---- body -------------------------------------------------------------------------------------------------


_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
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


def check_local(found: list[Token], place: str) -> None:
    """Raise QueryFault for whatever changes the graph or leaves it: updates, SERVICE, FROM.

    Oxigraph does not ask for a space around a keyword, so a word that contains one is refused too.
    """
    for token in found:
        if token.kind not in {"word", "name"}:
            continue
        word = _hidden(token)
        if word or token.says(*_UPDATES):
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
    prefixes, declared = dict(PREFIXES), set[int]()
    for at, token in enumerate(found[:-2]):
        if token.says("PREFIX"):
            prefixes[found[at + 1].text[:-1]] = found[at + 2].text[1:-1]
            declared |= {at + 1, at + 2}
    for at, token in enumerate(found):
        if token.kind not in {"iri", "name"} or at in declared:
            continue
        iri = _iri(token, prefixes)
        if iri.startswith(NS) and not _known(iri.removeprefix(NS)):
            what = f"kg:{iri.removeprefix(NS)} is no term of the vocabulary"
            raise QueryFault(
                what, place=f"{place}:{token.line}", hint="the terms are listed in graph/terms.py"
            )


def _iri(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, "") + local.replace("\\", "")


def _known(name: str) -> bool:
    return name in CLASS_NAMES or name in PROPERTY_NAMES or name.removeprefix("status-") in STATUSES


@dataclass
class _Select:
    """A SELECT: what it projects, which variables it uses, the SELECT it stands in."""

    line: int
    outer: _Select | None
    braces: int
    projects: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)
    star: bool = False
    heading: bool = True


class _Scopes:
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
            return
        scope.uses.add(name)
        if self._braces:
            self.used.add(name)


def _check_body(text: str, path: str, params: tuple[Param, ...]) -> None:
    found = tokens(text)
    first = form(found)
    if not first.says("SELECT"):
        hint = "a question is one SELECT; a CONSTRUCT belongs in queries/rules"
        raise QueryFault(f"{first.text or 'nothing'} is no SELECT", place=f"{path}:{first.line}", hint=hint)
    check_local(found, path)
    check_syntax(text, path)
    check_terms(found, path)
    scopes = _Scopes(found)
    _check_shape(scopes, path)
    for param in params:
        _check_param(scopes, param, path)
        _check_unseen(found, param, path)


def _check_shape(scopes: _Scopes, path: str) -> None:
    star = next((scope for scope in scopes.all if scope.star), None)
    if star:
        hint = "name the columns: their order is part of the answer"
        raise QueryFault("SELECT * is not allowed", place=f"{path}:{star.line}", hint=hint)
    if not scopes.ordered:
        hint = "end with ORDER BY, so that the same graph gives the same answer"
        raise QueryFault("no ORDER BY", place=f"{path}:{scopes.all[0].line}", hint=hint)


def _check_param(scopes: _Scopes, param: Param, path: str) -> None:
    name = param.name
    if name not in scopes.used:
        hint = "use it in WHERE, or remove its line; a misspelt one would silently match everything"
        what = f"parameter ?{name} is declared, but not used"
        raise QueryFault(what, place=f"{path}:{param.line}", hint=hint)
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


def _check_unseen(found: list[Token], param: Param, path: str) -> None:
    """Refuse the two places where Oxigraph does not see a bound value: a bare `(?p AS ?x)` and BOUND(?p)."""
    for at, token in enumerate(found):
        if token.kind != "var" or token.text[1:] != param.name or not 1 < at < len(found) - 1:
            continue
        renamed = found[at - 1].says("(") and found[at + 1].says("AS")
        if renamed or found[at - 2].says("BOUND"):
            what = f"?{param.name} has no value in BOUND or in a bare (?{param.name} AS …)"
            hint = f"wrap it, as in COALESCE(?{param.name}, 0), or compare it in a FILTER"
            raise QueryFault(what, place=f"{path}:{token.line}", hint=hint)


# ---- binding ----------------------------------------------------------------------------------------------


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
