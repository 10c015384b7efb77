"""The words of the list of TODOs, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TodoWords:
    """What differs between the languages; a template's fields stand in braces."""

    columns: tuple[str, ...]
    kinds: dict[str, str]
    reopened: str
    maybe: str
    patches: str
    patch: str
    implemented: str
    discussed: str
    link: str
    post: str
    comma: str
    again: str
    open: str
    unknown: str
    closed: str
    log_columns: tuple[str, ...]


ZH = TodoWords(
    ("编号", "内容", "特性", "类别", "天数", "延续", "状态", "依据", "位置"),
    {"promised": "承诺", "assigned": "决定 @{who}"},
    reopened="重新打开（{date}）", maybe="可能已完成",
    patches="此后已合入 {count} 个补丁，最新的在 {date}：“{title}”",
    patch="{date} 合入补丁“{title}”", implemented="规格已在 {release} 实现（{date}）",
    discussed="{date} 又讨论了“{title}”",
    link="{date} 提到链接 {title}", post="{date} 提到文章 #{title}", comma="；", again="又打开了", open="未完成",
    unknown="没有这个编号", closed="已关闭",
    log_columns=("编号", "内容", "关闭日期", "依据", "备注", "现状", "位置"),
)  # fmt: skip
EN = TodoWords(
    ("id", "text", "feature", "kind", "age", "carried", "state", "closed by", "place"),
    {"promised": "promise", "assigned": "assigned @{who}"},
    reopened="open again ({date})", maybe="maybe done",
    patches="{count} patches merged since, the newest on {date}: “{title}”",
    patch="a patch merged on {date}: “{title}”", implemented="its spec is implemented in {release} ({date})",
    discussed="discussed again on {date}: “{title}”", link="a link on {date}: {title}",
    post="post #{title} named on {date}",
    comma="; ", again="open again", open="open", unknown="no such id", closed="closed",
    log_columns=("id", "text", "on", "by", "note", "now", "place"),
)  # fmt: skip


def todo_words(lang: str) -> TodoWords:
    """The words of a language, Chinese or English."""
    return ZH if lang == "zh" else EN
