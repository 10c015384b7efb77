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
BARE_LETTERS = {"decision": "◆", "patch": "+", "spec": "○", "version": "▲", "revert": "↶"}


MERGED, BACKPORT = "#0072b2", "#d55e00"  # columns of merged patches


class Outcome(NamedTuple):
    """How what became of a promise is shown: a sign, its fill, its pattern (a name), style in a terminal, words."""

    sign: str
    fill: str
    pattern: str
    style: str
    en: str
    zh: str


OUTCOME_LOOKS: dict[str, Outcome] = {
    "implemented": Outcome("✓", "#009e73", "plain", "green", "implemented", "已实现"),
    "slipped": Outcome("→", "#e69f00", "slant", "bold dark_orange", "slipped to a later release", "推迟到以后的版本"),
    "skipped": Outcome("»", "#cc79a7", "dots", "magenta", "came back after a release without it", "隔版再提"),
    "dropped": Outcome("×", "#8a97a3", "cross", "dim", "dropped", "放弃"),
    "open": Outcome("?", "#56b4e9", "hollow", "cyan", "open", "未决"),
}  # fmt: skip

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
        "merged": "merged patch",
        "backport": "backported patch",
        "number": "number of merged patches",
        "spec": "spec entered a state",
        "version": "first final version",
        "milestone": "milestone",
        "crowd": "several marks",
        "revert": "taken back",
        "promises": "Promises",
        "people": "Who takes part",
        "rows-out": "{n} more features are not shown",
        "time-out": "nothing before {day} is shown",
        "narrow": "name a FEATURE, or use --release, --person, --since or --until",
        "rows-all": "--rows 0 shows all",
        "page-all": "an .html page holds everything",
        "more": "{n} more",
        "nothing": "Nothing of this is on record.",
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
        "merged": "合入的补丁",
        "backport": "回移的补丁",
        "number": "合入的补丁数",
        "spec": "规格进入某状态",
        "version": "首个正式版",
        "milestone": "里程碑",
        "crowd": "多个标记",
        "revert": "回退",
        "promises": "承诺",
        "people": "参与的人",
        "rows-out": "另有 {n} 个特性未显示",
        "time-out": "{day} 以前的内容未显示",
        "narrow": "可以写出特性名，或用 --release、--person、--since、--until 缩小范围",
        "rows-all": "--rows 0 显示全部",
        "page-all": ".html 页面包含全部内容",
        "more": "另有 {n} 项",
        "nothing": "这里没有任何记录。",
    },
}


def words_of(lang: str) -> dict[str, str]:
    """The words of a language; English for one that we do not have."""
    return WORDS.get(lang, WORDS["en"])


# States of specs; the names of their folders are each community's own, and those not here stay as they are.
STATES: dict[str, tuple[str, str]] = {
    "approved": ("approved", "已批准"),
    "implemented": ("implemented", "已实现"),
    "backlog": ("in the backlog", "待排期"),
    "removed": ("removed", "已移除"),
}


def outcome_label(outcome: str, lang: str) -> str:
    """What became of a promise, in words; an unknown outcome as it is."""
    look = OUTCOME_LOOKS.get(outcome)
    return outcome if look is None else look.zh if lang == "zh" else look.en


def status_label(status: str, lang: str) -> str:
    """A status, or a state of a spec, in words; an unknown one as it is, none as `no status`."""
    pair = STATUSES.get(status) or STATES.get(status)
    if pair is None:
        return status or words_of(lang)["bare"]
    return pair[1] if lang == "zh" else pair[0]


def letter(kind: str, status: str, lang: str) -> str:
    """What stands for a mark: the letter of its status, else a sign of its kind."""
    look = LOOKS.get(status)
    if look is None:
        return BARE_LETTERS.get(kind, BARE.en)
    return look.zh if lang == "zh" else look.en
