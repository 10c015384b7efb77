"""The words of the monthly post, in Chinese and English: how a date, a status or a TODO is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_END = "。！？.!?…"
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Words:
    """What differs between the languages; a template's fields stand in braces."""

    lang: str
    colon: str
    comma: str
    semicolon: str
    both: str
    open: str
    close: str
    quotes: str
    stop: str
    record: str
    sections: dict[str, str]
    patch: str
    bug: str
    link: str
    post: str
    people: str
    also: str
    joins: str
    decision: str
    decides: str
    and_more: str
    discussed: str
    doubtful: str
    states: dict[str, str]
    days: str
    day_one: str
    counts: str
    todo_columns: tuple[str, ...]
    no_todos: str
    carried: str
    nothing: str
    nothing_more: str
    nth: str
    statuses: dict[str, tuple[str, str, str]]
    """status → said without a release, said with one, and what goes in brackets with one"""


ZH = Words(
    "zh", "：", "，", "；", "、", "（", "）", "“{}”", "。",
    record="会议记录",
    sections={"feature": "Feature 讨论", "bug": "Bug 讨论", "topic": "开放讨论"},
    patch="补丁", bug="bug", link="链接", post="参见 #{key}",
    people="参与：{names}", also="另有 {names} 参与", joins="{names} 参与",
    decision="决定",
    decides="由 {who} {what}", and_more="{names}等 {count} 项",
    discussed="讨论了{names}", doubtful="存疑，照原文保留",
    states={"NEEDS-ACTION": "未完成", "IN-PROCESS": "进行中", "COMPLETED": "已完成", "CANCELLED": "已取消"},
    days="已 {days} 天", day_one="已 1 天", counts="{open} 条未完成，{closed} 条已关闭",
    todo_columns=("编号", "内容", "关于", "天数", "延续", "状态", "依据", "位置"),
    no_todos="没有符合条件的 TODO。",
    carried="延续 {count} 次",
    nothing="{month}没有会议记录。", nothing_more="没有记下议题", nth="（第 {n} 次）",
    statuses={
        "planned": ("计划中", "计划在 {r} 完成", ""),
        "in-progress": ("进行中", "进行中", "目标 {r}"),
        "nearly-done": ("接近完成", "接近完成", "目标 {r}"),
        "done": ("已完成", "已在 {r} 完成", ""),
        "fixed": ("已修复", "已在 {r} 修复", ""),
        "stalled": ("没有进展", "没有进展", ""),
        "at-risk": ("有风险", "可能赶不上 {r}", ""),
        "missed": ("没赶上", "没赶上 {r}", ""),
        "deferred": ("推迟", "推迟到 {r}", ""),
        "abandoned": ("已放弃", "已放弃", "原定 {r}"),
    },
)  # fmt: skip
EN = Words(
    "en", ": ", ", ", "; ", ", ", " (", ")", "“{}”", ".",
    record="Meeting record",
    sections={"feature": "Features", "bug": "Bugs", "topic": "Open discussion"},
    patch="patch", bug="bug", link="link", post="see #{key}",
    people="People: {names}", also="Also {names}", joins="with {names}",
    decision="Decision",
    decides="{who}: {what}", and_more="{names} and more, {count} in all",
    discussed="Discussed: {names}", doubtful="doubtful, kept as written",
    states={"NEEDS-ACTION": "open", "IN-PROCESS": "in progress", "COMPLETED": "done",
            "CANCELLED": "cancelled"},
    days="{days} days", day_one="1 day", counts="{open} open, {closed} closed",
    todo_columns=("id", "text", "about", "age", "carried", "state", "closed by", "place"),
    no_todos="No TODO fits.",
    carried="carried {count}×",
    nothing="No meeting is on record for {month}.", nothing_more="No items were noted", nth=" (no. {n})",
    statuses={
        "planned": ("planned", "planned for {r}", ""),
        "in-progress": ("in progress", "in progress", "for {r}"),
        "nearly-done": ("nearly done", "nearly done", "for {r}"),
        "done": ("done", "done in {r}", ""),
        "fixed": ("fixed", "fixed in {r}", ""),
        "stalled": ("no progress", "no progress", ""),
        "at-risk": ("at risk", "may miss {r}", ""),
        "missed": ("missed", "missed {r}", ""),
        "deferred": ("deferred", "deferred to {r}", ""),
        "abandoned": ("abandoned", "abandoned", "was for {r}"),
    },
)  # fmt: skip


def words_of(lang: str) -> Words:
    """The words of a language, Chinese or English."""
    return ZH if lang == "zh" else EN


def day(date: str, words: Words) -> str:
    """`2018-01-08` → `2018年1月8日` or `8 January 2018`; a month alone is said as one; else as it is."""
    parts = date.split("-")
    if len(parts) not in (2, 3) or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return date
    numbers = [int(part) for part in parts]
    if words.lang == "zh":
        return "".join(f"{n}{unit}" for n, unit in zip(numbers, "年月日", strict=False))
    before = f"{numbers[2]} " if len(numbers) == 3 else ""
    return f"{before}{MONTHS[numbers[1] - 1]} {numbers[0]}"


def aside(parts: Sequence[str], words: Words) -> str:
    """What stands in one pair of brackets; nothing for no parts."""
    kept = [part for part in parts if part]
    return f"{words.open}{words.comma.join(kept)}{words.close}" if kept else ""


def status(name: str, release: str, words: Words, person: str = "") -> str:
    """`推迟到 Rocky`, `进行中（目标 Rocky，某人）`; `release` is its title or empty."""
    bare, full, note = words.statuses.get(name, (name, name, "{r}"))
    said = full.format(r=release) if release else bare
    return said + aside((note.format(r=release) if release else "", person), words)


def sentence(text: str, words: Words) -> str:
    """The text with exactly one full stop; an ending of its own is kept."""
    plain = " ".join(text.split()).rstrip("，,；;、：: ")
    closing = plain.rstrip('”"）)」』*')
    return plain if not plain or closing[-1:] in _END else plain + ("。" if _HAN.search(plain) else ".")


def listed(names: Sequence[str], words: Words, limit: int = 4) -> str:
    """Names one after another; of many only the first, and how many there are."""
    if len(names) <= limit:
        return words.both.join(names)
    return words.and_more.format(names=words.both.join(names[:limit]), count=len(names))


def in_language(text: str, words: Words) -> bool:
    """Whether a title can stand in a post of the language."""
    return bool(_HAN.search(text)) == (words.lang == "zh")
