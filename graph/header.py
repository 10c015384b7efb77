"""The header of a `.rq` file: what a question is called, how it is asked, narrowed and answered.

    # title: What slipped from one release to the next
    # ask: what slipped from {from} to {to}
    # ask@zh: 从 {from} 推迟到 {to} 的有哪些
    # key: deferred postponed
    # param: from release   the release that promised it
    # param: to release = queens   the release it moved to
    # narrow: feature,became feature
    # only: outcome=implemented: implemented, done
    # number: times   times, 次
    # counts: feature
    # view: table
    # answer: {count} features slipped from {from} to {to}; implemented there: {list:feature|outcome=implemented}.
    # when: outcome=dropped: Some of them were dropped.
    # empty: Nothing slipped from {from} to {to}.
    # sure: ?spec a kg:SpecRevision ; kg:forRelease ?from
    # unsure: No spec of {from} is on record.
    # turn: dropped
    # keep: to

A key without a language is English. `narrow` says that a thing named beyond the parameters keeps only rows whose
column holds it; `only` that some words do; `number` that a number compared in the question does. `when` replaces
the answer when a row meets its condition. `{yes}` and `{no}` say so where the question was whether; words of
`turn` put it the other way round. An empty result is an answer only where every `sure` pattern is met.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graph.errors import QueryFault
from graph.question import (
    KINDS,
    OPERATORS,
    SLOT,
    VIEWS,
    WHETHER,
    Amount,
    Condition,
    Header,
    Narrow,
    Number,
    Only,
    Param,
    When,
)

_SPOKEN = ("title", "ask", "answer", "empty", "key", "only", "when", "unsure", "turn")
_SILENT = ("param", "view", "keep", "narrow", "number", "counts", "sure")
_HEADER = re.compile(r"#\s*([A-Za-z]+)(@[A-Za-z]+)?:(?:\s+(.*))?$")
_PARAM = re.compile(r"(\w+)\s+(\w+)(.*)$")
_NARROW = re.compile(r"(\w+(?:\s*,\s*\w+)*)\s+(\w+)(?:\s{2,}.*)?$")
_NUMBER = re.compile(r"(\w+)\s+(.+)$")
_CONDITION = re.compile(r"(\w+)\s*(!=|=|>|<|~)\s*([^:]*?)\s*$")
_AMOUNT = re.compile(r"(?:(distinct|min|max|sum|list):(\w+)|(count|rows))(?:\|(.+))?$")


class _Line(NamedTuple):
    key: str
    lang: str
    value: str
    place: str
    line: int


def read(text: str, path: str, columns: Iterable[str]) -> Header:
    """The header of a file that selects these columns. Raises QueryFault with `file:line` and the next step."""
    lines = list(_lines(path, text))
    params = _params(lines)
    known = set(columns) | {param.name for param in params}
    _check_slots(lines, params, known)
    titles = _one(lines, "title")
    if "en" not in titles:
        raise QueryFault("no title", place=f"{path}:1", hint="begin with `# title: …`")
    return Header(
        titles=titles,
        phrases=_many(lines, "ask"),
        keywords={lang: tuple(_words(values)) for lang, values in _many(lines, "key").items()},
        params=params,
        narrows=tuple(_narrow(line, known) for line in lines if line.key == "narrow"),
        onlys=tuple(_only(line, known) for line in lines if line.key == "only"),
        numbers=tuple(_number(line, known) for line in lines if line.key == "number"),
        counts=_counts(lines, known),
        turns=tuple(word for values in _many(lines, "turn").values() for word in _words(values)),
        view=_view(lines),
        answers=_one(lines, "answer"),
        whens=tuple(_when(line, known) for line in lines if line.key == "when"),
        empties=_one(lines, "empty"),
        sures=tuple(line.value for line in lines if line.key == "sure"),
        unsures=_one(lines, "unsure"),
        keep=_keep(lines, params),
    )


def sure_lines(text: str, path: str) -> Iterator[tuple[str, int]]:
    """The `sure` patterns and their lines, to be checked as SPARQL."""
    return ((line.value, line.line) for line in _lines(path, text) if line.key == "sure")


def amount(slot: str) -> Amount | None:
    """What a slot computes from the rows; None for one that is a parameter's name."""
    match = _AMOUNT.match(slot)
    if not match:
        return None
    limit = _CONDITION.match(match[4]) if match[4] else None
    return Amount(match[1] or match[3], match[2] or "", _condition_of(limit) if limit else None)


def _lines(path: str, text: str) -> Iterator[_Line]:
    for number, row in enumerate(text.split("\n"), 1):
        if row.strip() and not row.startswith("#"):
            return
        match = _HEADER.match(row.strip())
        if match:
            key, lang, value = match[1], (match[2] or "@en")[1:], (match[3] or "").strip()
            _check_key(f"{path}:{number}", key, match[2], value)
            yield _Line(key, lang, value, f"{path}:{number}", number)


def _check_key(place: str, key: str, lang: str | None, value: str) -> None:
    if key not in _SPOKEN and (key not in _SILENT or lang):
        hint = f"the keys are {', '.join((*_SPOKEN, *_SILENT))}; the first {len(_SPOKEN)} also as `title@zh`"
        raise QueryFault(f"unknown key {key + (lang or '')!r}", place=place, hint=hint)
    if not value:
        raise QueryFault(f"{key!r} says nothing", place=place, hint=f"write it as `# {key}: …`, or remove it")


def _param(line: _Line) -> Param:
    match = _PARAM.match(line.value)
    if not match:
        hint = "write `# param: NAME KIND   what it is`"
        raise QueryFault(f"a parameter cannot be read: {line.value!r}", place=line.place, hint=hint)
    name, kind, rest = match[1], match[2], match[3]
    _check_kind(kind, line)
    default = None
    if rest.lstrip().startswith("="):
        default, _, rest = rest.lstrip()[1:].strip().partition("  ")
    elif not rest.startswith("  "):
        rest = ""
    if not rest.strip():
        hint = "say after two spaces what it is"
        raise QueryFault(f"parameter {name!r} has no description", place=line.place, hint=hint)
    return Param(name, kind, rest.strip(), default, line.line)


def _check_kind(kind: str, line: _Line) -> None:
    if kind not in KINDS:
        raise QueryFault(
            f"{kind!r} is no kind of parameter", place=line.place, hint=f"one of {', '.join(KINDS)}"
        )


def _params(lines: list[_Line]) -> tuple[Param, ...]:
    found: dict[str, Param] = {}
    for line in lines:
        if line.key == "param":
            param = _param(line)
            if param.name in found or param.name in ("count", "rows"):
                what = f"parameter {param.name!r} is taken"
                raise QueryFault(what, place=line.place, hint="give it another name")
            found[param.name] = param
    return tuple(found.values())


def _check_slots(lines: list[_Line], params: tuple[Param, ...], columns: set[str]) -> None:
    names = {param.name for param in params}
    for line in lines:
        for slot in SLOT.findall(line.value) if line.key in _SPOKEN else ():
            if slot not in names and slot not in WHETHER and not _computed(slot, line, columns):
                known = names | ({"count", "rows"} if line.key in ("answer", "when") else set())
                hint = f"the parameters are {', '.join(sorted(known)) or 'none'}; declare it with `# param:`"
                raise QueryFault(f"{{{slot}}} is no parameter", place=line.place, hint=hint)


def _computed(slot: str, line: _Line, columns: set[str]) -> bool:
    """Whether a slot is one that an answer computes. Raises QueryFault for a column that there is not."""
    found = amount(slot) if line.key in ("answer", "when") else None
    if found is None:
        return False
    for column in (found.column, found.condition.column if found.condition else ""):
        _check_column(column or min(columns), line, columns)
    return True


def _check_column(column: str, line: _Line, columns: set[str]) -> None:
    if column not in columns:
        hint = f"the columns are {', '.join(sorted(columns))}"
        raise QueryFault(f"{column!r} is no column", place=line.place, hint=hint)


def _narrow(line: _Line, columns: set[str]) -> Narrow:
    match = _NARROW.match(line.value)
    if not match:
        hint = "write `# narrow: COLUMN KIND`, with commas between several columns"
        raise QueryFault(f"this narrows nothing: {line.value!r}", place=line.place, hint=hint)
    _check_kind(match[2], line)
    found = tuple(column.strip() for column in match[1].split(","))
    for column in found:
        _check_column(column, line, columns)
    return Narrow(found, match[2])


def _condition(text: str, line: _Line, columns: set[str]) -> Condition:
    match = _CONDITION.match(text)
    if not match:
        hint = f"write COLUMN, one of {' '.join(OPERATORS)}, and a value: `outcome=implemented`"
        raise QueryFault(f"{text!r} is no condition", place=line.place, hint=hint)
    _check_column(match[1], line, columns)
    return _condition_of(match)


def _condition_of(match: re.Match[str]) -> Condition:
    return Condition(match[1], match[2], tuple(value.strip() for value in match[3].split("/")))


def _only(line: _Line, columns: set[str]) -> Only:
    condition, _, words = line.value.partition(":")
    found = tuple(word.strip() for word in re.split("[,，、]", words) if word.strip())
    if not found:
        hint = "write `# only: COLUMN=VALUE: words, words`"
        raise QueryFault("no words call for this condition", place=line.place, hint=hint)
    return Only(_condition(condition, line, columns), found, line.lang)


def _when(line: _Line, columns: set[str]) -> When:
    condition, _, text = line.value.partition(":")
    if not text.strip():
        raise QueryFault(
            "nothing is said then", place=line.place, hint="write `# when: COLUMN=VALUE: sentence`"
        )
    return When(_condition(condition, line, columns), line.lang, text.strip())


def _number(line: _Line, columns: set[str]) -> Number:
    match = _NUMBER.match(line.value)
    if not match:
        raise QueryFault(
            "no words for what is counted", place=line.place, hint="write `# number: COLUMN   words, words`"
        )
    _check_column(match[1], line, columns)
    return Number(match[1], tuple(word.strip() for word in re.split("[,，、]", match[2]) if word.strip()))


def _counts(lines: list[_Line], columns: set[str]) -> str:
    for line in lines:
        if line.key == "counts":
            _check_column(line.value, line, columns)
    return _one(lines, "counts").get("en", "")


def _many(lines: list[_Line], key: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.key == key:
            found[line.lang] = (*found.get(line.lang, ()), line.value)
    return found


def _one(lines: list[_Line], key: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        if line.key == key and line.lang in found:
            raise QueryFault(f"a second {key!r} in one language", place=line.place, hint="keep one of them")
        if line.key == key:
            found[line.lang] = line.value
    return found


def _view(lines: list[_Line]) -> str:
    for line in lines:
        if line.key == "view" and line.value not in VIEWS:
            raise QueryFault(
                f"{line.value!r} is no view", place=line.place, hint=f"one of {', '.join(VIEWS)}"
            )
    return _one(lines, "view").get("en", "table")


def _words(values: tuple[str, ...]) -> Iterator[str]:
    """Keywords stand between commas, or between spaces in a line without a comma."""
    for value in values:
        commas = re.search("[,，、]", value)
        yield from (word.strip() for word in re.split("[,，、]" if commas else r"\s", value) if word.strip())


def _keep(lines: list[_Line], params: tuple[Param, ...]) -> tuple[str, ...]:
    names, kept = {param.name for param in params}, list[str]()
    for line in lines:
        if line.key == "keep":
            kept += line.value.split()
            if wrong := set(line.value.split()) - names:
                what, hint = f"{min(wrong)!r} is no parameter", "only the column of a parameter can be kept"
                raise QueryFault(what, place=line.place, hint=hint)
    return tuple(kept)
