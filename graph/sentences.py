"""The sentence of an answer: the question's own words, with numbers and lists computed from the rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from graph.header import amount
from graph.question import SLOT, Amount, Condition
from graph.table import Cell

LISTED = 12  # values named in a sentence; the table has them all
Row = dict[str, Cell]
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda cell, value: cell == value,
    "!=": lambda cell, value: cell != value,
    "~": lambda cell, value: value in cell,
    ">": lambda cell, value: _number(cell) > _number(value),
    "<": lambda cell, value: _number(cell) < _number(value),
}


def meets(row: Row, condition: Condition) -> bool:
    """Whether a row meets a condition; as for SPARQL, case does not count."""
    cell = _text(row.get(condition.column)).casefold()
    if "*" in condition.values:
        return bool(cell) != (condition.op == "!=")
    if condition.op in "<>" and not cell:
        return False
    tests = [_TESTS[condition.op](cell, value.casefold()) for value in condition.values]
    return all(tests) if condition.op == "!=" else any(tests)


def filled(text: str, rows: Sequence[Row], shown: dict[str, str], counts: str, lang: str) -> str:
    """A sentence with its slots filled: parameters by name, the others from the rows."""

    def slot(match: re.Match[str]) -> str:
        if match[1] in shown:
            return shown[match[1]]
        found = amount(match[1])
        return _computed(found, rows, counts, lang) if found else match[0]

    said = SLOT.sub(slot, text)
    return _singular(said) if lang == "en" else said


def count(rows: Sequence[Row], column: str) -> int:
    """How many things the rows tell of: rows, or the distinct values of a column; a row without one is its own."""
    if not column:
        return len(rows)
    values = [_text(row.get(column)) for row in rows]
    return len({value for value in values if value}) + sum(not value for value in values)


def _computed(what: Amount, rows: Sequence[Row], counts: str, lang: str) -> str:
    kept = [row for row in rows if what.condition is None or meets(row, what.condition)]
    if what.does == "rows":
        return str(len(kept))
    if what.does == "count":
        return str(count(kept, counts))
    values = list(dict.fromkeys(text for row in kept if (text := _text(row.get(what.column)))))
    if what.does == "distinct":
        return str(len(values))
    if what.does == "list" and what.column == "version":
        values = _versions(kept)
    if what.does == "sum":
        total = sum(_number(_text(row.get(what.column))) for row in kept)
        return f"{total:g}"
    if what.does in ("min", "max"):
        return _end(values, what.does) or ("未知" if lang == "zh" else "unknown")
    return _listed(values, lang)


def _versions(rows: Sequence[Row]) -> list[str]:
    """The versions of rows, each with its project where several projects have one."""
    found = [(_text(row.get("project")), text) for row in rows if (text := _text(row.get("version")))]
    several = len({project for project, _ in found}) > 1
    return list(dict.fromkeys(f"{project} {text}".strip() if several else text for project, text in found))


def _end(values: list[str], which: str) -> str:
    if not values:
        return ""
    return min(values, key=_order) if which == "min" else max(values, key=_order)


def _order(value: str) -> tuple[float, ...] | tuple[float, str]:
    """Versions and numbers by their numbers, days and words as they are written."""
    if re.fullmatch(r"\d+(?:\.\d+)*(?:\.?0?(?:a|b|rc)\d+)?", value) and value.count("-") == 0:
        numbers = [float(n) for n in re.findall(r"\d+", value)]
        early = 0.0 if re.search("[a-z]", value) else 1.0
        return (*([*numbers[:3], 0.0, 0.0, 0.0][:3]), early, *numbers[3:])
    return (0.0, value)


def _listed(values: list[str], lang: str) -> str:
    if not values:
        return "无" if lang == "zh" else "none"
    shown, more = values[:LISTED], len(values) - LISTED
    if lang == "zh":
        return "、".join(shown) + (f" 等 {len(values)} 个" if more > 0 else "")
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _singular(text: str) -> str:
    """English says one thing in the singular."""
    text = re.sub(r"(?<![\d.\-])1 (\w+?)s\b( \w+)? (are|were)\b", _one, text)
    text = re.sub(r"(?<![\d.\-])1 (\w+?)ies\b", r"1 \1y", text)
    text = re.sub(r"(?<![\d.\-])1 people\b", "1 person", text)
    text = re.sub(r"(?<![\d.\-])1 (were|are)\b", lambda m: "1 was" if m[1] == "were" else "1 is", text)
    text = re.sub(r"(?<![\d.\-])1 (patch|fix|branch|commit)es\b", r"1 \1", text)
    return re.sub(rf"(?<![\d.\-])1 ({_NOUNS})s\b", r"1 \1", text)


_NOUNS = (
    "feature|item|mention|report|decision|meeting|milestone|source|line|role|commit|version|release|spec|bug|slip"
    "|row|name|discussion|TODO|todo|time|entry|link|problem"
)


def _one(match: re.Match[str]) -> str:
    return f"1 {match[1]}{match[2] or ''} {'is' if match[3] == 'are' else 'was'}"


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
