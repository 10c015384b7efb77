"""The timeline's own words, letters and colours, in both languages."""

from __future__ import annotations

from typing import NamedTuple

from graph.terms import STATUSES


class Look(NamedTuple):
    """How a status is shown: letter per language, fill, colour of the letter on it, style in a terminal."""

    en: str
    zh: str
    fill: str
    ink: str
    style: str


LOOKS: dict[str, Look] = {
    "planned": Look("P", "计", "#8a97a3", "#111111", "white"),
    "in-progress": Look("I", "进", "#0072b2", "#ffffff", "blue"),
    "nearly-done": Look("N", "近", "#56b4e9", "#111111", "cyan"),
    "done": Look("D", "完", "#00805f", "#ffffff", "green"),
    "stalled": Look("S", "停", "#e69f00", "#111111", "yellow"),
    "at-risk": Look("R", "险", "#d55e00", "#111111", "bold red"),
    "deferred": Look("F", "推", "#cc79a7", "#111111", "magenta"),
    "abandoned": Look("X", "弃", "#4a4f55", "#ffffff", "dim"),
}
BARE = Look("·", "·", "#c3ccd4", "#111111", "")
BARE_LETTERS = {"decision": "◆", "patch": "+"}

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "freeze": "freeze",
        "ship": "ships",
        "slip": "moved to a release",
        "report": "report",
        "decision": "decision",
        "patch": "patch",
        "bare": "no status",
        "feature": "Feature",
        "date": "Date",
        "kind": "Kind",
        "status": "Status",
        "part": "Part",
        "release": "Release",
        "text": "What",
        "quote": "Quote",
        "place": "Place",
        "search": "Find a feature",
        "legend-words": "Statuses; press to hide or show",
        "table": "The same as a table",
        "panel": "Details",
        "pick": "Point at a mark, or press one, to read the words it rests on.",
        "close": "Close",
        "empty": "No dated reports yet. Build a store from your notes, then draw the timeline again.",
        "none": "No feature of that name",
        "class": "Class",
        "older": "earlier columns are left out; a wider terminal shows them",
        "goes": "Moved",
    },
    "zh": {
        "freeze": "冻结",
        "ship": "发布",
        "slip": "移到其他版本",
        "report": "报告",
        "decision": "决定",
        "patch": "补丁",
        "bare": "无状态",
        "feature": "特性",
        "date": "日期",
        "kind": "类别",
        "status": "状态",
        "part": "部分",
        "release": "版本",
        "text": "内容",
        "quote": "引文",
        "place": "出处",
        "search": "查找特性",
        "legend-words": "状态，按下可隐藏或显示",
        "table": "表格形式",
        "panel": "详情",
        "pick": "指向或按下一个标记，查看它依据的原文。",
        "close": "关闭",
        "empty": "还没有带日期的报告。先用会议记录建库，再重新生成时间线。",
        "none": "没有这个名称的特性",
        "class": "类型",
        "older": "更早的列没有显示，终端更宽时可见",
        "goes": "去向",
    },
}


def words_of(lang: str) -> dict[str, str]:
    """The words of a language; English for one that we do not have."""
    return WORDS.get(lang, WORDS["en"])


def status_label(status: str, lang: str) -> str:
    """A status in words; an unknown one as it is, none as `no status`."""
    pair = STATUSES.get(status)
    if pair is None:
        return status or words_of(lang)["bare"]
    return pair[1] if lang == "zh" else pair[0]


def letter(kind: str, status: str, lang: str) -> str:
    """What stands for a mark: the letter of its status, else a sign of its kind."""
    look = LOOKS.get(status)
    if look is None:
        return BARE_LETTERS.get(kind, BARE.en)
    return look.zh if lang == "zh" else look.en
