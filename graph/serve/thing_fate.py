"""What became of a feature, in sentences: its way from release to release, its end, and what notes said of it last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from graph.table import Cell, Table

_MOVED = re.compile(r"(?:slipped|skipped) to (.+)")
# What the last spec of a way came to, in order of what a reader wants to know first: English, Chinese.
_ENDS = {
    "implemented": ("was implemented in {at}", "在 {at} 实现"),
    "dropped": ("was dropped: approved for {at} and never taken up again", "在 {at} 获批后不了了之（放弃）"),
    "abandoned": ("was abandoned in {at}", "在 {at} 放弃"),
    "open": ("is not yet implemented (open in {at})", "尚未实现（{at} 未决）"),
}
Row = dict[str, Cell]


def fate(promises: Table, stands: Table, name: str, lang: str) -> tuple[str, ...]:
    """Sentences on a feature; none for one without specs.

    `promises`: rows of the question of that name, in order of releases. `stands`: rows of `current-status`.
    """
    rows = promises.dicts()
    clauses = [*_way(rows, lang), *_ends(rows, name, lang)]
    if not clauses:
        return ()
    zh = lang == "zh"
    said = "，".join(clauses) if zh else " and ".join(clauses)
    first = f"{name} {said}。" if zh else f"{name} {said}."
    return (first, *_noted(stands.dicts(), lang))


def _way(rows: Sequence[Row], lang: str) -> list[str]:
    """From which release to which it moved: `pike → queens → rocky`; a new way where one does not go on."""
    ways: list[list[str]] = []
    for row in rows:
        moved = _MOVED.fullmatch(str(row["outcome"]))
        if not moved:
            continue
        going = next((way for way in ways if way[-1] == row["release"]), None)
        if going is None:
            going = [str(row["release"])]
            if any(way[-2:] == [*going, moved[1]] for way in ways):
                continue  # another of its specs went the same way
            ways.append(going)
        going.append(moved[1])
    told = [" → ".join(way) for way in ways]
    return [f"推迟 {'、'.join(told)}" if lang == "zh" else f"slipped {', '.join(told)}"] if told else []


def _ends(rows: Sequence[Row], name: str, lang: str) -> list[str]:
    zh = lang == "zh"
    out = []
    for outcome, texts in _ENDS.items():
        ended = [row for row in rows if row["outcome"] == outcome]
        if ended:
            at = _listed((str(row["release"]) for row in ended), lang)
            names = [str(row["name"]) for row in ended if row["name"] and row["name"] != name]
            called = _listed(names, lang) if len(names) == len(ended) else ""
            text = texts[zh].format(at=at)
            out.append(text + ((f"（名为 {called}）" if zh else f" as {called}") if called else ""))
    return out


def _noted(rows: Iterable[Row], lang: str) -> list[str]:
    """What the newest notes report, with their day."""
    reports = [row for row in rows if row["kind"] == "report"]
    if not reports:
        return []
    status = _listed((str(row["status"]) for row in reports), lang)
    day = reports[0]["date"]
    return [
        f"最近的会议记录（{day}）：{status}。"
        if lang == "zh"
        else f"The last notes on it, of {day}: {status}."
    ]


def _listed(values: Iterable[str], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(dict.fromkeys(values))
