"""What the post of some months says beside single reports: sentences on meetings, changes, milestones, TODOs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.views.report_words import MONTHS, Words

_CJK = "\u3400-\u9fff"
_GAP = re.compile(rf"(?<=[{_CJK}])(?=[A-Za-z0-9#@])|(?<=[A-Za-z0-9])(?=[{_CJK}])")


@dataclass(frozen=True)
class Phrases:
    """Templates in one language; `says` gives, by status, what is said without a release and with one."""

    says: dict[str, tuple[str, str]]
    partly: str
    of_it: str
    bug: str
    patch: str
    decided: str
    made: str
    author: str
    intro: str
    counted: dict[str, tuple[str, str]]
    basis: tuple[str, str]
    changes: str
    compared: str
    each: str
    nothing_before: str
    fresh: str
    gone: str
    slipped: str
    done: str
    only_named: str
    merged: str
    newest: str
    spec: dict[str, str]
    whole: str
    tagged: str
    specs: tuple[str, str]
    ahead: str
    within: str
    milestones: str
    opened: str
    carried: str
    closed: str
    closed_on: tuple[str, str]
    lasted: str
    noted_done: str
    reopened: str
    waits: str
    again: tuple[str, str]
    counts: tuple[str, str, str]
    this: tuple[str, str]
    but: str
    working: str
    units: tuple[tuple[str, str], ...]


ZH = Phrases(
    says={
        "planned": ("在计划中", "计划在 {r} 完成"), "in-progress": ("进行中", "进行中，目标 {r}"),
        "nearly-done": ("接近完成", "接近完成"), "done": ("已完成", "已在 {r} 完成"),
        "fixed": ("已修复", "已在 {r} 修复"), "stalled": ("没有进展", "没有进展"),
        "at-risk": ("有风险", "可能赶不上 {r}"), "missed": ("没赶上", "没赶上 {r}"),
        "deferred": ("推迟", "推迟到 {r}"), "abandoned": ("已放弃", "已放弃"),
    },
    partly="部分{said}", of_it="，其中 {parts}", bug="bug {key}", patch="补丁 {key}",
    decided="会上决定由 {who} {what}", made="（由记录归纳）", author="作者小结：",
    intro="{period}共 {meetings}，{what}。",
    counted={
        "meeting": ("{n} 次会议", ""), "feature": ("讨论了 {n} 个特性", ""), "bug": ("{n} 个 bug", ""),
        "topic": ("{n} 个开放议题", ""), "patch": ("提到 {n} 个补丁", ""),
    },
    basis=("依据", "，各行后的 L 加数字是该行在原文中的行号。"),
    changes="变化与进展", compared="与{before}相比：", each="逐个来看：",
    nothing_before="{before}没有记录，只看{this}内的变化。",
    fresh="新讨论：", gone="不再讨论：", slipped="首次说到推迟：", done="决定已落实：",
    only_named="另外讨论了 {names}。",
    merged="合入 {n} 个补丁", newest="，最新的是 ",
    spec={"approved": "规格获批", "implemented": "规格转为已实现", "abandoned": "规格被放弃", "proposed": "规格被提出"},
    whole="代码库：", tagged="{project} 新标签 {names}", specs=("规格 {n} 个{state}", ""),
    ahead="接下来", within="{this}", milestones="里程碑",
    opened="新增", carried="结转", closed="关闭",
    closed_on=("{date}由 ", " 关闭"), lasted="历时 {age}", noted_done="{date}记为完成", reopened="{date}重新打开",
    waits="已挂 {age}", again=("再次记下", "又记下 {n} 次"),
    counts=("新增 {n} 条", "结转 {n} 条", "关闭 {n} 条"), this=("本月", "本期"), but="，但", working="{who} 正在做",
    units=(("{n} 天", "{n} 天"), ("{n} 周", "{n} 周"), ("{n} 个月", "{n} 个月"), ("{n} 年", "{n} 年")),
)  # fmt: skip
EN = Phrases(
    says={
        "planned": ("is planned", "is planned for {r}"), "in-progress": ("is in progress", "is in progress for {r}"),
        "nearly-done": ("is nearly done", "is nearly done"), "done": ("is done", "was done in {r}"),
        "fixed": ("is fixed", "was fixed in {r}"), "stalled": ("made no progress", "made no progress"),
        "at-risk": ("is at risk", "may miss {r}"), "missed": ("was missed", "missed {r}"),
        "deferred": ("is deferred", "is deferred to {r}"), "abandoned": ("is abandoned", "is abandoned"),
    },
    partly="part {said}", of_it=" ({parts})", bug="bug {key}", patch="patch {key}",
    decided="Decided: {who} – {what}", made=" (made from the record)", author="The author’s words: ",
    intro="On record for {period}: {meetings}; {what}.",
    counted={
        "meeting": ("{n} meetings", "1 meeting"), "feature": ("{n} features discussed", "1 feature discussed"),
        "bug": ("{n} bugs", "1 bug"), "topic": ("{n} open topics", "1 open topic"),
        "patch": ("{n} patches named", "1 patch named"),
    },
    basis=("Source:", "; L and a number after a line stand for the line of it that it rests on."),
    changes="What changed", compared="Compared with {before}:", each="One by one:",
    nothing_before="Nothing is on record for {before}; only changes within this time are told.",
    fresh="Newly discussed: ", gone="No longer discussed: ", slipped="Slips first heard: ",
    done="Decisions carried out: ",
    only_named="Also discussed: {names}.",
    merged="{n} patches merged", newest=", the newest ",
    spec={"approved": "spec approved", "implemented": "spec moved to implemented", "abandoned": "spec abandoned",
          "proposed": "spec proposed"},
    whole="In the repositories: ", tagged="{project} tagged {names}", specs=("{n} specs {state}", "1 spec {state}"),
    ahead="Ahead", within="{this}", milestones="Milestones",
    opened="Opened", carried="Carried over", closed="Closed",
    closed_on=("{date}, by ", ""), lasted="after {age}", noted_done="{date}, noted as done",
    reopened="open again since {date}", waits="open for {age}",
    again=("noted again", "noted {n} more times"),
    counts=("{n} opened", "{n} carried over", "{n} closed"), this=("This month", "These months"), but=" but ",
    working="{who} is on it",
    units=(("{n} days", "1 day"), ("{n} weeks", "1 week"), ("{n} months", "1 month"), ("{n} years", "1 year")),
)  # fmt: skip


def phrases_of(words: Words) -> Phrases:
    """The phrases of a language."""
    return ZH if words.lang == "zh" else EN


def says(status: str, release: str, words: Words, many: bool = False) -> str:
    """What is said of a thing, or of several: `推迟到 Rocky`, `are deferred to Rocky`."""
    bare, full = phrases_of(words).says.get(status, (status, status))
    said = full.format(r=release) if release else bare
    if many:
        said = re.sub(r"^is\b", "are", re.sub(r"^was\b", "were", said))
    return said


def spaced(text: str, words: Words) -> str:
    """Our own sentence with a space wherever Chinese meets Latin letters or digits."""
    return _GAP.sub(" ", text) if words.lang == "zh" else text


def joined(name: str, said: str, words: Words) -> str:
    """Subject and predicate; Chinese characters need no space between them."""
    tight = words.lang == "zh" and not name[-1:].isascii()
    return f"{name}{'' if tight else ' '}{said}"


def series(names: Sequence[str], words: Words) -> str:
    """`A、B`, `A, B and C`."""
    if words.lang == "zh" or len(names) < 2:
        return words.both.join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def counted(template: tuple[str, str], n: int, **more: str) -> str:
    """A number of things: with the second template for one of them, where it is not empty."""
    many, one = template
    return (one if n == 1 and one else many).format(n=n, **more)


def short_day(date: str, words: Words) -> str:
    """`2018-01-08` → `1月8日`, `8 Jan`."""
    parts = date.split("-")
    if len(parts) != 3 or not all(p.isdigit() for p in parts) or not 1 <= int(parts[1]) <= 12:
        return date
    month, number = int(parts[1]), int(parts[2])
    return f"{month}月{number}日" if words.lang == "zh" else f"{number} {MONTHS[month - 1][:3]}"


_STEPS = ((14, 1), (60, 7), (730, 30.4375))  # below so many days an age is told in days, weeks, months


def age(days: int, words: Words) -> str:
    """An age in words: `5 天`, `3 周`, `4 个月`, `8 年`."""
    unit, size = next(((n, size) for n, (end, size) in enumerate(_STEPS) if days < end), (3, 365.25))
    number = max(1, int(days / size + 1e-9))
    return counted(phrases_of(words).units[unit], number)
