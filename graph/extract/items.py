"""Where the items of a section begin: one habit after another is tried, the first that fits is the author's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from graph.extract import dates, headings, refs
from graph.extract.text import Unit, width
from graph.lexicon import Lexicon
from graph.profile import Profile

_NUMBERED = re.compile(r"[(（]?(\d{1,2})(?:[.)）、．]|\.\d)|[(（]?[一二三四五六七八九十]{1,3}[、)）]|[①-⑳]")
_LABEL = re.compile(r"^(?P<label>[^:：\n]{2,70}?)(?:[ \t]*[:：][ \t]*|[ \t]+(?:--?|–|—)[ \t]+)(?=\S)|^(?P<alone>[^:：\n]{2,70}?)[:：]$")
_NICK = re.compile(r"^@?[a-z][a-z0-9_]{2,15}$|^@")
_LABEL_WIDTH = 64
_MATTER = re.compile(r"(?i)^(?:link|links|url|patch|patches|review|reviews|spec|note|notes|status|owner|assignee|bug|bugs|see|ref|topic|blueprint|summary|decision|agreed|action|action items?|ai|info|todo|result|conclusion|background|problem|solution|pr|prs|相关.{0,6}|补丁|链接|状态|负责人|备注|说明|结论|背景|问题|方案|参考|评审|待办|决定|决议)$")
# Words that make an item a topic when no section says what it is.
_TOPIC = re.compile(r"讨论|问题$|[?？]$|^关于|如何|怎么|议题|安排|\bdiscuss|\bquestion|\bhow to\b|\bshould we\b|\bidea\b|\bptg\b|\brunways?\b|\bplanning\b|\bpriorit", re.IGNORECASE)


@dataclass
class Cut:
    """An item as cut out of a section; `rest` is the span of the title line that is no title."""

    title: Unit | None
    heading: str
    kind: str
    lines: list[Unit] = field(default_factory=list)
    rest: tuple[int, int] | None = None


@dataclass(frozen=True)
class Title:
    """What a habit saw in a line: its heading, where it starts and ends in the plain text."""

    heading: str
    end: int
    start: int = 0


Habit = Callable[[Unit], Title | None]


def split(lines: list[Unit], kind: str, lexicon: Lexicon, profile: Profile) -> list[Cut]:
    """Items of a section, each with its lines; the lines before the first stand outside."""
    levels = [unit.level for unit in lines if unit.role == "heading"]
    if levels:
        return _by_headings(lines, kind, min(levels), lexicon, profile)
    return _by_habit(lines, kind, lexicon, profile)


def _by_headings(lines: list[Unit], kind: str, top: int, lexicon: Lexicon, profile: Profile) -> list[Cut]:
    first = next(i for i, unit in enumerate(lines) if unit.role == "heading")
    cuts = _by_habit(lines[:first], kind, lexicon, profile) if first else []
    groups: list[list[Unit]] = []
    for unit in lines[first:]:
        if not groups or (unit.role == "heading" and unit.level == top):
            groups.append([unit])
        else:
            groups[-1].append(unit)
    for group in groups:
        cuts.extend(_heading_group(group, kind, lexicon, profile))
    return cuts


def _heading_group(group: list[Unit], kind: str, lexicon: Lexicon, profile: Profile) -> list[Cut]:
    """A heading and what is below it: an item, or (without a section's kind) a group of deeper items."""
    title, below = group[0], group[1:]
    deeper = [unit for unit in below if unit.role == "heading"]
    grouping = deeper and not kind and not all(headings.generic(unit.plain, lexicon) for unit in deeper)
    if grouping or headings.by_itself(title.plain, profile) or headings.generic(title.plain, lexicon):
        return split(below, kind, lexicon, profile)
    heading, rest = _title_of(title, profile)
    return [Cut(title, heading, kind or _kind(title, below, profile), below, rest)]


def _title_of(unit: Unit, profile: Profile) -> tuple[str, tuple[int, int] | None]:
    """Heading of a title line: without the reference it opens with and the link it ends with."""
    lead = refs.leading(unit.plain, profile)
    if lead and headings.clean(unit.plain[lead:]):
        return headings.clean(unit.plain[lead:]), None
    bare = next((link.start for link in unit.links if not link.text), len(unit.plain))
    text = headings.clean(unit.plain[:bare]) if unit.plain[:bare].strip() else unit.plain
    return text, None


def _kind(title: Unit, below: list[Unit], profile: Profile) -> str:
    """Kind of an item that no section gives one."""
    if refs.names_bug(title.plain, profile):
        return "bug"
    return "topic" if _TOPIC.search(title.plain) else "feature"


def _by_habit(lines: list[Unit], kind: str, lexicon: Lexicon, profile: Profile) -> list[Cut]:
    habits: tuple[Callable[[list[Unit]], dict[int, Title]], ...] = (
        _numbered,
        _bold,
        lambda units: _referenced(units, profile),
        lambda units: _bullets(units, kind, lexicon),
        lambda units: _plain(units, kind, lexicon, profile),
    )
    for habit in habits:
        titles = habit(lines)
        if titles:
            return _cut(lines, titles, kind, lexicon, profile)
    return [Cut(None, "", "", list(lines))] if lines else []


def _cut(lines: list[Unit], titles: dict[int, Title], kind: str, lexicon: Lexicon, profile: Profile) -> list[Cut]:
    first = min(titles)
    cuts: list[Cut] = _by_habit(lines[:first], kind, lexicon, profile) if first else []
    for index, unit in enumerate(lines[first:], first):
        title = titles.get(index)
        if title is None:
            cuts[-1].lines.append(unit)
            continue
        rest = (title.end, len(unit.plain)) if unit.plain[title.end :].strip() else None
        cuts.append(Cut(unit, title.heading, "", [], rest))
    for cut in cuts:
        if cut.title is not None and not cut.kind:
            cut.kind = kind or _kind(cut.title, cut.lines, profile)
    return cuts


def _number(unit: Unit) -> int:
    match = _NUMBERED.match(unit.marker)
    if not match:
        return 0
    return int(match[1]) if match[1] else 99


def _numbered(lines: list[Unit]) -> dict[int, Title]:
    """Numbered title lines counting up from 1; a list that starts again inside an item is its own."""
    titles: dict[int, Title] = {}
    expected = 1
    for index, unit in enumerate(lines):
        number = _number(unit) if unit.role in ("item", "text") and unit.level == 0 else 0
        if number not in (expected, 99):
            continue
        title = _numbered_title(unit)
        if title is not None:
            titles[index] = title
            expected += 1
    return titles if _worth(lines, titles) else {}


def _numbered_title(unit: Unit) -> Title | None:
    if unit.bold and unit.bold[0][0] == 0:
        return _bold_title(unit)
    label = _LABEL.match(unit.plain)
    if label and label["label"] and headings.is_title(label["label"], _LABEL_WIDTH):
        return Title(headings.clean(label["label"]), label.end())
    bare = next((link.start for link in unit.links if not link.text), len(unit.plain))
    text = unit.plain[:bare].strip()
    if not text or not headings.is_title(text):
        return None
    return Title(headings.clean(text), bare)


def _worth(lines: list[Unit], titles: dict[int, Title]) -> bool:
    """Numbered lines are titles when something is said below or behind them."""
    return any(
        (index + 1 < len(lines) and index + 1 not in titles) or lines[index].plain[title.end :].strip()
        for index, title in titles.items()
    )


def _bold_title(unit: Unit) -> Title | None:
    start, end = unit.bold[0]
    text = unit.plain[start:end]
    if start > 2 or not headings.is_title(text) or _MATTER.match(headings.clean(text)):
        return None
    after = re.match(r"[ \t]*[:：–—-]?[ \t]*", unit.plain[end:])
    return Title(headings.clean(text), end + (after.end() if after else 0), start)


def _bold(lines: list[Unit]) -> dict[int, Title]:
    """Lines or bullets of the outermost depth that open with bold words."""
    depths = [unit.level for unit in lines if unit.bold and unit.bold[0][0] <= 2]
    titles: dict[int, Title] = {}
    for index, unit in enumerate(lines):
        if unit.bold and unit.level == min(depths) and unit.role in ("item", "text"):
            title = _bold_title(unit)
            if title is not None and not _NICK.match(title.heading):
                titles[index] = title
    return titles


def _referenced(lines: list[Unit], profile: Profile) -> dict[int, Title]:
    """Lines that open with a patch or bug and its title, each with the lines below it."""
    titles: dict[int, Title] = {}
    for index, unit in enumerate(lines):
        if unit.role not in ("item", "text") or unit.level > 0:
            continue
        span = refs.leading_title(unit, profile)
        if span is not None:
            titles[index] = Title(headings.clean(unit.plain[span[0] : span[1]]), span[1], span[0])
    return titles


def _bullets(lines: list[Unit], kind: str, lexicon: Lexicon) -> dict[int, Title]:
    """Outermost bullets that are titles of what is nested below, or labels of what follows the colon."""
    bullets = [i for i, unit in enumerate(lines) if unit.role == "item" and unit.level == 0 and unit.marker]
    titles: dict[int, Title] = {}
    for index in bullets:
        unit = lines[index]
        nested = index + 1 < len(lines) and lines[index + 1].role == "item" and lines[index + 1].level > 0
        title = _label_title(unit) or (_nested_title(unit) if nested else None)
        if title is not None and not headings.generic(title.heading, lexicon):
            titles[index] = title
    enough = len(titles) * 2 >= len(bullets) and bool(titles)
    return titles if enough and (kind or len(titles) > 1) else {}


def _label_title(unit: Unit) -> Title | None:
    match = _LABEL.match(unit.plain)
    if not match:
        return None
    label = (match["label"] or match["alone"]).strip()
    if dates.full(unit.plain[match.end() :][:24]):
        return None
    if "http" in label[-6:] or _NICK.match(label) or _MATTER.match(label) or width(label) > _LABEL_WIDTH:
        return None
    return Title(headings.clean(label), match.end()) if headings.is_title(label, _LABEL_WIDTH) else None


def _nested_title(unit: Unit) -> Title | None:
    bare = next((link.start for link in unit.links if not link.text), len(unit.plain))
    text = unit.plain[:bare]
    if not headings.is_title(text) or _NICK.match(text.strip()):
        return None
    return Title(headings.clean(text), bare)


def _plain(lines: list[Unit], kind: str, lexicon: Lexicon, profile: Profile) -> dict[int, Title]:
    """Lines of words alone that stand where a title stands and read like one."""
    titles: dict[int, Title] = {}
    for index, unit in enumerate(lines):
        before = lines[index - 1] if index else None
        after = lines[index + 1] if index + 1 < len(lines) else None
        if unit.role != "text" or unit.links or not _opens(unit, before, kind):
            continue
        if _reads_like_title(unit, after, profile) and not _MATTER.match(headings.clean(unit.plain)):
            titles[index] = Title(headings.clean(unit.plain), len(unit.plain))
    return titles


def _opens(unit: Unit, before: Unit | None, kind: str) -> bool:
    """Whether a title may stand here: first of a section, after a blank line, or after a finished line."""
    if before is None:
        return bool(kind) or unit.loose
    done = before.plain.rstrip()[-1:] in "。.!?！？:：)）" or bool(before.links and before.links[-1].end >= len(before.plain.rstrip()))
    return unit.loose or done


def _reads_like_title(unit: Unit, after: Unit | None, profile: Profile) -> bool:
    text = unit.plain.strip()
    if after is None or not headings.is_title(text, 72) or "@" in text or text.endswith((":", "：")):
        return False
    if text.endswith(".") and not text.endswith(("...", "etc.")):
        return False
    if refs.any_reference(text, profile):
        return False
    words = text.split()
    first = words[0]
    latin = first[0].isascii() and first[0].isalpha()
    return not latin or first[0].isupper() or len(words) <= 8
