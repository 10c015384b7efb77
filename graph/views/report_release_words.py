"""The words of the post of a release, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from graph.views.report_words import Words


@dataclass(frozen=True)
class Said:
    """Templates in one language."""

    title: str
    dates: tuple[str, str, str]
    numbers: str
    heads: tuple[str, str, str, str]
    promised: str
    fates: dict[str, str]
    how: dict[str, str]
    of_them: str
    classes: dict[str, str]
    how_moved: dict[str, str]
    became: str
    outcomes: dict[str, str]
    again: str
    heard: str
    not_counted: str
    counted: str
    no_specs: str
    no_patches: str
    patches: str
    landed: str
    range: str
    meetings: str
    disagree: str
    cycle: str
    first: str
    last: str
    merged: str
    merged_so_far: str
    after: str
    month_heads: tuple[str, str]


ZH = Said(
    title="{release}：承诺与结果",
    dates=("周期始于{date}", "特性冻结在{date}", "{date}发布"),
    numbers="数字", heads=("", "个数", "依据", "列出明细"),
    promised="承诺",
    fates={"shipped": "完成", "slipped": "推迟", "dropped": "放弃", "open": "未定"},
    how={"shipped": "状态为 implemented", "slipped": "后来的版本重新提出", "dropped": "下一版本发布后仍无人接手",
         "open": "获批，尚未实现"},
    of_them="后来的版本接手：{classes}",
    classes={"re-proposed": "同名重提", "renamed": "改名", "narrowed": "缩减", "skipped": "隔版重提"},
    how_moved={"re-proposed": "重新提出", "renamed": "改名", "narrowed": "做了一部分，其余另立",
               "skipped": "隔了版本才重新提出"},
    became="新名 {name}",
    outcomes={"implemented": "已实现", "approved": "只获批，未实现", "abandoned": "被放弃", "proposed": "只提出"},
    again="又推迟到 {release}",
    heard="只在会上说到的推迟", not_counted="会议记录；没有规格为证，不计入上面各数",
    counted="只数有规格的特性；其他地方（如缺陷与蓝图系统）的计数口径不同，数字会不一样。",
    no_specs="没有 {release} 的规格，无从知道它承诺了什么。",
    no_patches="没有补丁在提交说明里提到它。",
    patches="补丁：{landed}", landed="{release} {n} 个（{versions}）", range="{first} 至 {last}",
    meetings="会上",
    disagree="说法不一：",
    cycle="{project} 的周期", first="首个正式版 {version} 于{date}打标签", last="最近一个 {version} 于{date}",
    merged="到 {version} 为止合入 {n} 个补丁，修复 {bugs} 个 bug",
    merged_so_far="至今合入 {n} 个补丁，修复 {bugs} 个 bug",
    after="；此后的稳定版又合入 {n} 个补丁，另修复 {bugs} 个 bug",
    month_heads=("月份", "合入补丁"),
)  # fmt: skip
EN = Said(
    title="{release}: what it promised, and what became of it",
    dates=("cycle began on {date}", "feature freeze on {date}", "release on {date}"),
    numbers="In numbers", heads=("", "count", "source", "what lists it"),
    promised="Promised",
    fates={"shipped": "Shipped", "slipped": "Slipped", "dropped": "Dropped", "open": "Undecided"},
    how={"shipped": "state implemented", "slipped": "taken up by a later release",
         "dropped": "nobody took it up before the next release was out", "open": "approved, not implemented yet"},
    of_them="taken up by a later release: {classes}",
    classes={"re-proposed": "re-proposed", "renamed": "renamed", "narrowed": "narrowed", "skipped": "skipped"},
    how_moved={"re-proposed": "proposed again", "renamed": "renamed",
               "narrowed": "part was done, the rest became another feature",
               "skipped": "proposed again after sitting out"},
    became="now {name}",
    outcomes={"implemented": "implemented there", "approved": "approved there, not implemented",
              "abandoned": "abandoned", "proposed": "proposed only"},
    again="slipped again to {release}",
    heard="Slips that only meetings tell of",
    not_counted="meeting notes; no spec says so, and no number above counts them",
    counted="Only features with a spec are counted; other places, such as a tracker of blueprints, count otherwise.",
    no_specs="No spec of {release} is on record, so nobody can tell what it promised.",
    no_patches="No patch names it in its message.",
    patches="Patches: {landed}", landed="{n} in {release} ({versions})", range="{first} to {last}",
    meetings="At meetings",
    disagree="Accounts differ: ",
    cycle="The cycle of {project}", first="The first final version, {version}, was tagged on {date}",
    last="the latest, {version}, on {date}",
    merged="{n} patches merged up to {version}, {bugs} bugs fixed",
    merged_so_far="{n} patches merged so far, {bugs} bugs fixed",
    after="; {n} more patches in its stable versions, {bugs} more bugs fixed",
    month_heads=("month", "patches merged"),
)  # fmt: skip


def said_of(words: Words) -> Said:
    """The words of a language."""
    return ZH if words.lang == "zh" else EN
