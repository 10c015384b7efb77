"""What changed, as a short Markdown text that can go into a mail."""

from __future__ import annotations

from graph.table import Cell, Table
from graph.terms import STATUSES
from graph.views.document import Block, Entries, Entry, Heading, Line, Locate, Paragraph, Places, markdown

Row = dict[str, Cell]
# Kind and change → heading in English and Chinese, in the order of the text.
_SECTIONS: dict[tuple[str, str], tuple[str, str]] = {
    ("meeting", "new"): ("New meetings", "新增会议"),
    ("feature", "new"): ("Features named for the first time", "首次出现的特性"),
    ("slip", "new"): ("Slips", "推迟"),
    ("spec", "new"): ("Specs that changed their state", "规格状态变化"),
    ("merged", "new"): ("Patches of features merged", "合入的特性补丁"),
    ("version", "new"): ("Versions", "新发布的版本号"),
    ("status", "new"): ("Status reports", "进展报告"),
    ("decision", "new"): ("Decisions", "决定"),
    ("milestone", "new"): ("Milestones", "里程碑"),
    ("todo", "new"): ("TODOs raised", "新增待办"),
    ("closed", "new"): ("TODOs closed", "完成的待办"),
    ("source", "new"): ("Sources read", "新读入的来源"),
    ("source", "changed"): ("Sources that changed", "有变化的来源"),
    ("source", "gone"): ("Sources dropped", "移除的来源"),
    ("meeting", "gone"): ("Meetings no longer on record", "不再有记录的会议"),
    ("feature", "gone"): ("Features no longer named", "不再出现的特性"),
    ("slip", "gone"): ("Slips no longer said", "不再成立的推迟"),
    ("spec", "gone"): ("States of specs no longer on record", "不再有记录的规格状态"),
    ("merged", "gone"): ("Patches of features no longer on record", "不再有记录的特性补丁"),
    ("version", "gone"): ("Versions no longer on record", "不再有记录的版本号"),
    ("status", "gone"): ("Status reports no longer said", "不再有的进展报告"),
    ("decision", "gone"): ("Decisions no longer said", "不再有的决定"),
    ("milestone", "gone"): ("Milestones no longer said", "不再有的里程碑"),
    ("todo", "gone"): ("TODOs no longer listed", "不再列出的待办"),
    ("closed", "gone"): ("TODOs opened again", "重新打开的待办"),
}


def changes_markdown(table: Table, title: str, lang: str, locate: Locate = str) -> str:
    """The rows of `graph.diff` as headed lists, each line with its place; `lang` is zh or en."""
    blocks: list[Block] = [Heading(1, (title,))]
    rows = table.dicts()
    for (kind, change), names in _SECTIONS.items():
        mine = [row for row in rows if (row["kind"], row["change"]) == (kind, change)]
        if mine:
            blocks.append(Heading(2, (f"{names[lang == 'zh']} ({len(mine)})",)))
            blocks.append(Entries(tuple(Entry(_line(row, lang)) for row in mine)))
    if not rows:
        blocks.append(Paragraph(("没有变化。" if lang == "zh" else "Nothing changed.",)))
    return markdown(tuple(blocks), locate)


def _line(row: Row, lang: str) -> Line:
    if row["kind"] == "source":
        return (str(row["thing"]),)
    if not row["line"]:
        return (_words(row, "：" if lang == "zh" else ": ", lang), f" ({row['source']})")
    places = Places(((str(row["source"]), int(row["line"])),))
    return (_words(row, "：" if lang == "zh" else ": ", lang), places)


def _words(row: Row, colon: str, lang: str) -> str:
    """A line in words: the day, the thing, and what is said of it."""
    date, thing, says, release = (str(row[name] or "") for name in ("date", "thing", "says", "release"))
    if row["kind"] == "status":
        says = STATUSES[says][lang == "zh"] + (f" → {release}" if release else "")
    elif row["kind"] in ("slip", "version"):
        says = release
    elif row["kind"] in ("spec", "merged"):
        says += f" → {release}"
    elif row["kind"] == "milestone":
        thing, says = f"{release} {thing}", ""
    said = f"{thing}{colon}{says}" if thing and says else thing or says
    return f"{date} {said}".strip()
