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

from graph.engine import Bound
from graph.errors import QueryFault, UsageFault
from graph.scopes import Scopes, check_param, check_shape, check_unseen
from graph.table import Table
from graph.tokens import check_local, check_syntax, check_terms, form, tokens

KINDS = ("release", "feature", "person", "topic", "patch", "bug", "date", "month", "text")
VIEWS = ("table", "timeline", "network")
_SPOKEN = ("title", "ask", "answer", "empty", "key")
_SILENT = ("param", "view", "keep")


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


def _check_body(text: str, path: str, params: tuple[Param, ...]) -> None:
    found = tokens(text)
    first = form(found)
    if not first.says("SELECT"):
        hint = "a question is one SELECT; a CONSTRUCT belongs in queries/rules"
        raise QueryFault(f"{first.text or 'nothing'} is no SELECT", place=f"{path}:{first.line}", hint=hint)
    check_local(found, path)
    check_syntax(text, path)
    check_terms(found, path)
    scopes = Scopes(found)
    check_shape(scopes, path)
    for param in params:
        check_param(scopes, param.name, param.line, path)
        check_unseen(found, param.name, path)


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
