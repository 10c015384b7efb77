"""The words of a mail on what changed, in English and Chinese."""

from __future__ import annotations

from graph.views.document import md_text
from graph.views.page import clip
from graph.views.scene_words import SLIP_CLASSES

_UNKNOWN = 24  # columns that are shown of a word that no table has

# What is counted → one, many, in Chinese.
COUNTED: dict[str, tuple[str, str, str]] = {
    "slip": ("{} slip", "{} slips", "{} 项推迟"),
    "move": ("{} status move", "{} status moves", "{} 次进展变动"),
    "status": ("{} status report", "{} status reports", "{} 条进展报告"),
    "feature": ("{} new feature", "{} new features", "{} 个新特性"),
    "approved": ("{} spec approved", "{} specs approved", "{} 份规格获批"),
    "implemented": ("{} spec implemented", "{} specs implemented", "{} 份规格标为已实现"),
    "spec": ("{} other change of a spec", "{} other changes of specs", "{} 次其他规格变动"),
    "merged": ("{} patch of features merged", "{} patches of features merged", "合入 {} 个特性补丁"),
    "fixed": ("{} bug fixed", "{} bugs fixed", "修复 {} 个缺陷"),
    "version": ("{} version tagged", "{} versions tagged", "{} 个版本号"),
    "decision": ("{} decision", "{} decisions", "{} 项决定"),
    "todo": ("{} TODO raised", "{} TODOs raised", "新增 {} 条待办"),
    "closed": ("{} TODO closed", "{} TODOs closed", "完成 {} 条待办"),
    "carried": ("{} TODO carried on", "{} TODOs carried on", "延续 {} 条待办"),
    "milestone": ("{} milestone", "{} milestones", "{} 个里程碑"),
    "meeting": ("{} meeting", "{} meetings", "{} 次会议"),
    "item": ("{} item discussed", "{} items discussed", "{} 个议题"),
    "gone": ("{} thing taken back or corrected", "{} things taken back or corrected", "{} 处撤回或更正"),
    "source": (
        "{} source read, changed or dropped",
        "{} sources read, changed or dropped",
        "{} 个来源有变化",
    ),
}
# Section → its heading.
HEADINGS: dict[str, tuple[str, str]] = {
    "slip": ("Slips", "推迟"),
    "status": ("Status", "进展"),
    "feature": ("Features discussed for the first time", "首次讨论的特性"),
    "spec": ("Specs that changed their state", "规格状态变化"),
    "merged": ("Patches of features merged", "合入的特性补丁"),
    "fixed": ("Bugs fixed", "修复的缺陷"),
    "version": ("Versions tagged", "新的版本号"),
    "decision": ("Decisions", "决定"),
    "todo": ("TODOs raised", "新增待办"),
    "closed": ("TODOs closed", "完成的待办"),
    "carried": ("TODOs carried on", "延续的待办"),
    "milestone": ("Milestones", "里程碑"),
    "meeting": ("Meetings", "会议"),
    "gone": ("Taken back or corrected", "撤回或更正"),
    "source": ("Sources", "来源"),
    "where": ("Where", "位置"),
}
# One fact of a kind, as it is named where it was taken back.
ONE: dict[str, tuple[str, str]] = {
    "meeting": ("meeting", "会议"),
    "item": ("item discussed", "议题"),
    "feature": ("feature", "特性"),
    "slip": ("slip", "推迟"),
    "spec": ("state of a spec", "规格状态"),
    "merged": ("patch", "补丁"),
    "fixed": ("bug fix", "缺陷修复"),
    "version": ("version", "版本号"),
    "status": ("status", "进展"),
    "decision": ("decision", "决定"),
    "milestone": ("milestone", "里程碑"),
    "todo": ("TODO", "待办"),
    "carried": ("TODO carried on", "延续的待办"),
    "closed": ("closed TODO", "已完成的待办"),
}
SPEC_STATES: dict[str, tuple[str, str]] = {
    "approved": ("approved", "获批"),
    "implemented": ("implemented", "已实现"),
    "abandoned": ("abandoned", "放弃"),
    "backlog": ("put into the backlog", "列入待办池"),
    "removed": ("removed", "移除"),
}
OUTCOMES: dict[str, tuple[str, str]] = {
    "implemented": ("implemented there", "在新版本中实现"),
    "approved": ("approved there", "在新版本中获批"),
    "none": ("", ""),
}
SOURCE: dict[str, tuple[str, str]] = {
    "new": ("new", "新读入"), "changed": ("changed", "有变化"), "gone": ("dropped", "已移除"),
}  # fmt: skip


class Spoken:
    """The words of one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.zh = lang == "zh"
        self.colon, self.comma, self.stop = ("：", "，", "。") if self.zh else (": ", ", ", ".")
        self.semicolon = "；" if self.zh else "; "

    def say(self, en: str, zh: str) -> str:
        """One of the two."""
        return zh if self.zh else en

    def of(self, table: dict[str, tuple[str, str]], name: str) -> str:
        """A word of a table; an unknown one as it is, as Markdown shows it."""
        pair = table.get(name)
        return md_text(clip(name, _UNKNOWN)) if pair is None else pair[self.zh]

    def count(self, name: str, number: int) -> str:
        """`3 slips`, `3 项推迟`."""
        one, many, zh = COUNTED[name]
        return (zh if self.zh else one if number == 1 else many).format(f"{number:,}")

    def slip(self, kind: str) -> str:
        """The class of a slip."""
        return self.of(SLIP_CLASSES, kind)

    def quoted(self, text: str) -> str:
        """A title of somebody else's."""
        return f"「{text}」" if self.zh else f"“{text}”"

    def aside(self, *words: str) -> str:
        """When, who and where, in brackets."""
        said = self.semicolon.join(word for word in words if word)
        return (f"（{said}）" if self.zh else f" ({said})") if said else ""
