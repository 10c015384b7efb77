"""Where the items of a section begin: one habit after another is tried, the first that fits is the author's."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from graph.extract import headings
from graph.extract.text import Unit
from graph.extract.titles import Title, Titles, finished
from graph.lexicon import Lexicon
from graph.profile import Profile

_NUMBERED = re.compile(r"[(（]?(\d{1,2})(?:[.)）、．]|\.\d)|[(（]?[一二三四五六七八九十]{1,3}[、)）]|[①-⑳]")
_ANY = 99  # a number that is not counted: Chinese figures, circles


@dataclass
class Cut:
    """An item as cut out of a section; `rest` is the span of the title line that is no title."""

    title: Unit | None
    heading: str
    kind: str
    lines: list[Unit] = field(default_factory=list)
    rest: tuple[int, int] | None = None


class Cutter:
    """Cuts the lines of sections into items."""

    def __init__(self, lexicon: Lexicon, profile: Profile, levels: Container[int] = ()) -> None:
        self._lexicon = lexicon
        self._profile = profile
        self._titles = Titles(lexicon, profile)
        # Levels of headings at which the post has sections.
        self._levels = levels

    def split(self, lines: list[Unit], kind: str) -> list[Cut]:
        """Items of a section, each with its lines; the lines before the first stand outside."""
        levels = [unit.level for unit in lines if unit.role == "heading"]
        return self._by_headings(lines, kind, min(levels)) if levels else self._by_habit(lines, kind)

    def _by_headings(self, lines: list[Unit], kind: str, top: int) -> list[Cut]:
        first = next(i for i, unit in enumerate(lines) if unit.role == "heading")
        cuts = self._by_habit(lines[:first], kind) if first else []
        groups: list[list[Unit]] = []
        for unit in lines[first:]:
            if not groups or (unit.role == "heading" and unit.level == top):
                groups.append([unit])
            else:
                groups[-1].append(unit)
        for group in groups:
            cuts.extend(self._heading_group(group, kind))
        return cuts

    def _heading_group(self, group: list[Unit], kind: str) -> list[Cut]:
        """A heading and what is below it: an item, or (without a section's kind) a group of deeper items."""
        title, below = group[0], group[1:]
        deeper = [unit for unit in below if unit.role == "heading"]
        groups = (
            deeper and not kind and not all(headings.generic(unit.plain, self._lexicon) for unit in deeper)
        )
        aside = headings.by_itself(title.plain, self._profile) and (deeper or self._lists(below))
        if groups or aside or headings.generic(title.plain, self._lexicon):
            return self.split(below, kind)
        if title.level in self._levels and not deeper and self._lists(below):
            return self.split(below, headings.section_hint(title.plain, self._lexicon))
        heading = self._titles.heading(title)
        return [Cut(title, heading, kind or self._titles.kind(title, heading), below)]

    def _lists(self, lines: list[Unit]) -> bool:
        """Whether lines are a list of titled items from the first on."""
        habits = (self._numbered, self._bold, self._referenced)
        return bool(lines) and any(0 in habit(lines, "") for habit in habits)

    def _by_habit(self, lines: list[Unit], kind: str) -> list[Cut]:
        habits: tuple[Callable[[list[Unit], str], dict[int, Title]], ...] = (
            self._announced, self._numbered, self._bold, self._referenced, self._bullets, self._rows, self._plain,
        )  # fmt: skip
        for habit in habits:
            titles = habit(lines, kind)
            if titles:
                return self._cut(lines, titles, kind)
        return [Cut(None, "", "", list(lines))] if lines else []

    def _cut(self, lines: list[Unit], titles: dict[int, Title], kind: str) -> list[Cut]:
        first = min(titles)
        cuts: list[Cut] = self._by_habit(lines[:first], kind) if first else []
        for index, unit in enumerate(lines[first:], first):
            title = titles.get(index)
            if title is None:
                cuts[-1].lines.append(unit)
                continue
            rest = (title.end, len(unit.plain)) if unit.plain[title.end :].strip() else None
            cuts.append(Cut(unit, title.heading, "", [], rest))
        for cut in cuts:
            if cut.title is not None and not cut.kind:
                cut.kind = kind or self._titles.kind(cut.title, cut.heading)
        return cuts

    # --- habits ---------------------------------------------------------------------------------------------------

    def _announced(self, lines: list[Unit], kind: str) -> dict[int, Title]:
        """Lines that a word announces as titles."""
        del kind
        return _titled(lines, self._titles.announced)

    def _numbered(self, lines: list[Unit], kind: str) -> dict[int, Title]:
        """Numbered title lines counting up from 1; a list that starts again inside an item is its own."""
        del kind
        titles: dict[int, Title] = {}
        expected, base = 1, _base(lines)
        for index, unit in enumerate(lines):
            number = _number(unit) if unit.role in ("item", "text") and unit.level <= base else 0
            if number not in (expected, _ANY):
                continue
            title = self._titles.numbered(unit)
            if title is not None:
                titles[index] = title
                expected += 1
        return titles if _worth(lines, titles) else {}

    def _bold(self, lines: list[Unit], kind: str) -> dict[int, Title]:
        """Lines or bullets of the outermost depth that open with bold words."""
        del kind
        depths = [unit.level for unit in lines if unit.bold and unit.bold[0][0] <= 2]
        titles: dict[int, Title] = {}
        for index, unit in enumerate(lines):
            if unit.bold and unit.level == min(depths, default=0) and unit.role in ("item", "text"):
                title = self._titles.bold(unit)
                if title is not None:
                    titles[index] = title
        names = [title for title in titles.values() if self._titles.is_nick(title.heading)]
        return titles if len(names) * 2 < len(titles) else {}

    def _referenced(self, lines: list[Unit], kind: str) -> dict[int, Title]:
        """Lines that open with a patch or bug and its title, each with the lines below it."""
        del kind
        return _titled(lines, self._titles.referenced)

    def _bullets(self, lines: list[Unit], kind: str) -> dict[int, Title]:
        """Outermost bullets that are titles of what is nested below, or labels of what follows the colon."""
        base = _base(lines)
        bullets = [
            i for i, unit in enumerate(lines) if unit.role == "item" and unit.level <= base and unit.marker
        ]
        titles: dict[int, Title] = {}
        for index in bullets:
            unit = lines[index]
            nested = index + 1 < len(lines) and (
                lines[index + 1].level > base or lines[index + 1].role == "text"
            )
            title = self._titles.label(unit) or (self._titles.nested(unit) if nested else None)
            if title is not None and not headings.generic(title.heading, self._lexicon):
                titles[index] = title
        rivals = [i for i in bullets if i in titles or self._titles.may_be(lines[i])]
        enough = len(titles) * 2 >= len(rivals) and bool(titles)
        return titles if enough and (kind or len(titles) > 1) else {}

    def _rows(self, lines: list[Unit], kind: str) -> dict[int, Title]:
        """Rows of a table whose first cell is a title; one with dates is a calendar."""
        del kind
        rows = [i for i, unit in enumerate(lines) if unit.role == "table" and unit.marker != "head"]
        found = {index: self._titles.row(lines[index]) for index in rows}
        titles = {index: title for index, title in found.items() if title is not None}
        return titles if titles and len(titles) == len(rows) else {}

    def _plain(self, lines: list[Unit], kind: str) -> dict[int, Title]:
        """Lines of words alone that stand where a title stands and read like one."""
        titles: dict[int, Title] = {}
        for index, unit in enumerate(lines):
            before = lines[index - 1] if index else None
            after = lines[index + 1] if index + 1 < len(lines) else None
            if unit.role == "text" and _may_open(unit, before):
                title = self._titles.plain(unit, after)
                if title is not None:
                    titles[index] = title
        # One line alone right under a date is rather a remark than the title of all that follows.
        return titles if kind or set(titles) != {0} or lines[0].loose else {}


def _base(lines: list[Unit]) -> int:
    """Depth of the outermost bullets."""
    return min((unit.level for unit in lines if unit.role == "item"), default=0)


def _number(unit: Unit) -> int:
    match = _NUMBERED.match(unit.marker)
    if not match:
        return 0
    return int(match[1]) if match[1] else _ANY


def _worth(lines: list[Unit], titles: dict[int, Title]) -> bool:
    """Numbered lines are titles when something is said below or behind them."""
    return any(
        (index + 1 < len(lines) and index + 1 not in titles) or lines[index].plain[title.end :].strip()
        for index, title in titles.items()
    )


def _may_open(unit: Unit, before: Unit | None) -> bool:
    """Whether a title may stand here: first of a section, after a blank line, or after a finished line."""
    if before is None:
        return True
    return unit.loose or finished(before)


def _titled(lines: list[Unit], see: Callable[[Unit], Title | None]) -> dict[int, Title]:
    """What `see` takes for a title among the outermost lines, by their index."""
    base = _base(lines)
    rows = ((i, see(u)) for i, u in enumerate(lines) if u.role in ("item", "text") and u.level <= base)
    return {index: title for index, title in rows if title is not None}
