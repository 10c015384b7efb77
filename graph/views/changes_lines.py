"""The lines of a mail on what changed: each fact, or group of facts, with when, who and where.

A line is text that Markdown shows as it is, and is short enough for any mail: what is long is cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from graph.table import Cell
from graph.terms import STATUSES
from graph.views.changes_words import ONE, OUTCOMES, SOURCE, SPEC_STATES, Spoken
from graph.views.document import md_text
from graph.views.page import clip, safe_url

Row = dict[str, Cell]
TITLE, NAME, PLACE, WHO = 120, 80, 90, 24  # columns that are shown of a title, a name, a place, a person
ROOM = 3  # bytes that a column may take as it is written
MOST_STEPS = 4  # of a status that moved
MOST_NAMES = 4  # of versions, or of the items of a meeting
_INSIDE = re.compile(r"^(https?://[^/]+[^:]*|(?!https?://)[^:]+):(.+)$")


class Line(NamedTuple):
    """A line, how many facts it tells, and the words by which it is counted where it is not shown.

    `things` are what it tells where another line may tell the same: then each counts once.
    """

    text: str
    facts: int
    group: str
    things: frozenset[str] = frozenset()


def told(lines: Iterable[Line]) -> int:
    """How many facts some lines tell, none twice."""
    known = list(lines)
    plain = sum(line.facts for line in known if not line.things)
    return plain + len(frozenset[str]().union(*(line.things for line in known)))


def word(row: Row, name: str) -> str:
    """A cell as text."""
    return str(row[name] or "")


def cut(text: str, width: int) -> str:
    """Text of others, in so many columns and three times as many bytes, as Markdown shows it as it is."""
    shown = clip(text, width)
    while len(md_text(shown).encode()) > width * ROOM:
        shown = shown[: len(shown) * 3 // 4].rstrip("…") + "…"
    return md_text(shown)


class Where:
    """Places in short: the last part of a path where that is enough to tell it."""

    def __init__(self, sources: Iterable[str]) -> None:
        roots = sorted({self._parts(source)[0] for source in sources if source})
        ends = Counter(self._end(root) for root in roots)
        self.names = {root: self._end(root) if ends[self._end(root)] == 1 else root for root in roots}

    def _parts(self, source: str) -> tuple[str, str]:
        """The source itself, and what is named inside: a commit, a path, a tag."""
        found = _INSIDE.match(source)
        return (found[1], found[2]) if found else (source, "")

    def _end(self, root: str) -> str:
        return root.rstrip("/").rsplit("/", 1)[-1] or root

    def at(self, row: Row) -> str:
        """The place of a row: `notes.md:5`, `nova.git:0123456789ab`, or the page where it is one."""
        source, line = word(row, "source"), int(row["line"] or 0)
        root, inside = self._parts(source)
        if safe_url(root):
            page = f"<{root}>" if len(root) < PLACE * ROOM and not set("<>") & set(root) else cut(root, PLACE)
            return " ".join(filter(None, (page, cut(inside or (f"L{line}" if line else ""), PLACE))))
        short = ":".join(filter(None, (self.names.get(root, root), inside, str(line) if line else "")))
        return cut(short if len(short) <= PLACE else f"…{short[-PLACE + 1 :]}", PLACE)

    def legend(self) -> list[str]:
        """What the short names stand for."""
        return [
            f"{cut(short, PLACE)} = {cut(root, TITLE * 2)}"
            for root, short in self.names.items() if short != root and not safe_url(root)
        ]  # fmt: skip


class Lines:
    """Rows of `graph.diff` to lines, in one language."""

    def __init__(self, spoken: Spoken, where: Where) -> None:
        self.spoken, self.where = spoken, where

    def of(self, kind: str, rows: list[Row]) -> list[Line]:
        """The lines of a section, newest first, of slips those of meetings first; rows are of one kind and new."""
        grouped = {"status": self._statuses, "merged": self._merged, "fixed": self._fixed}.get(kind)
        newest = sorted(rows, key=lambda row: word(row, "date"), reverse=True)
        if grouped:
            return grouped(newest)
        if kind == "slip":
            # What the notes speak of comes before the many that only specs tell.
            newest.sort(key=lambda row: not row["line"])
        return [Line(self._one(kind, row) + self._aside(row), 1, self._group(kind, row)) for row in newest]

    def meetings(self, rows: list[Row], items: list[Row]) -> list[Line]:
        """Meetings with what was discussed; items that came to a meeting told before stand by themselves."""
        left = {id(item): item for item in items}
        lines = []
        for row in sorted(rows, key=lambda row: word(row, "date"), reverse=True):
            mine = [item for item in left.values() if self._same_meeting(item, row)]
            for item in mine:
                del left[id(item)]
            lines.append(Line(self._meeting(row, mine) + self._aside(row), 1, ""))
        return lines + [
            Line(self._thing("item", row) + self._aside(row), 1, "") for row in left.values()
        ]  # fmt: skip

    def taken(self, row: Row) -> Line:
        """What is no longer said, or is said otherwise."""
        kind, spoken = word(row, "kind"), self.spoken
        lead = spoken.of(ONE, kind)
        if word(row, "change") == "gone":
            said = spoken.say(f"no longer on record, {lead}", f"不再有记录，{lead}")
            return Line(said + spoken.colon + self._one(kind, row) + self._aside(row), 1, lead)
        was = spoken.of(STATUSES, word(row, "was")) if kind == "status" else cut(word(row, "was"), NAME)
        was = was or spoken.say("nothing", "无")
        said = spoken.say(f"corrected, {lead}", f"更正，{lead}")
        before = spoken.say(f" (before: {was})", f"（原为：{was}）")
        return Line(said + spoken.colon + self._one(kind, row) + before + self._aside(row), 1, lead)

    def source(self, row: Row) -> Line:
        """A source that was read, changed or dropped."""
        return Line(f"{cut(word(row, 'thing'), TITLE)}{self.spoken.comma}"
                    f"{self.spoken.of(SOURCE, word(row, 'change'))}", 1, "")  # fmt: skip

    # --- one fact -------------------------------------------------------------------------------------------

    def _aside(self, row: Row, who: bool = True) -> str:
        person = cut(word(row, "who"), WHO) if who and row["kind"] != "decision" else ""
        return self.spoken.aside(word(row, "date"), person, self.where.at(row))

    def _group(self, kind: str, row: Row) -> str:
        return word(row, "release") if kind in ("slip", "spec", "version") else ""

    def _thing(self, kind: str, row: Row) -> str:
        return cut(word(row, "thing"), TITLE if kind in ("todo", "carried", "closed") else NAME)

    def _one(self, kind: str, row: Row) -> str:
        """A fact in words, without when and where."""
        told = {
            "slip": self._slip, "status": self._status, "spec": self._spec, "merged": self._commit,
            "fixed": self._commit, "version": self._version, "milestone": self._milestone,
            "decision": self._decision, "meeting": self._says, "closed": self._closed, "todo": self._todo,
            "carried": self._todo,
        }.get(kind)  # fmt: skip
        return told(row) if told else self._thing(kind, row)

    def _says(self, row: Row) -> str:
        return self._joined(self._thing("", row), cut(word(row, "says"), TITLE))

    def _slip(self, row: Row) -> str:
        spoken = self.spoken
        outcome = spoken.of(OUTCOMES, word(row, "version"))
        words = (cut(word(row, "release"), NAME), spoken.slip(word(row, "says")), outcome)
        return self._joined(self._thing("", row), spoken.comma.join(filter(None, words)))

    def _status(self, row: Row) -> str:
        return self._joined(self._thing("", row), self._stands(row))

    def _stands(self, row: Row) -> str:
        said = (self.spoken.of(STATUSES, word(row, "says")), cut(word(row, "release"), WHO))
        return self.spoken.comma.join(filter(None, said))

    def _spec(self, row: Row) -> str:
        said = (self.spoken.of(SPEC_STATES, word(row, "says")), cut(word(row, "release"), WHO))
        return self._joined(self._thing("", row), self.spoken.comma.join(filter(None, said)))

    def _commit(self, row: Row) -> str:
        said = self.spoken.quoted(cut(word(row, "says"), NAME)) + self._landed([row])
        return self._joined(self._thing("", row), said)

    def _version(self, row: Row) -> str:
        name = f"{cut(word(row, 'says'), WHO)} {self._thing('', row)}".strip()
        return self.spoken.comma.join(filter(None, (name, cut(word(row, "release"), WHO))))

    def _milestone(self, row: Row) -> str:
        return f"{cut(word(row, 'release'), WHO)} {self._thing('', row)}".strip()

    def _decision(self, row: Row) -> str:
        said = self._joined(cut(word(row, "who"), WHO), cut(word(row, "says"), TITLE))
        return self._joined(self._thing("", row), said)

    def _closed(self, row: Row) -> str:
        by = cut(word(row, "says"), TITLE)
        return self._thing("closed", row) + (self.spoken.say(f", by {by}", f"，依据 {by}") if by else "")

    def _todo(self, row: Row) -> str:
        return f"{self._thing('todo', row)} {md_text('[' + clip(word(row, 'key'), WHO) + ']')}"

    def _joined(self, thing: str, says: str) -> str:
        return self.spoken.colon.join(part for part in (thing, says) if part)

    def _same_meeting(self, item: Row, meeting: Row) -> bool:
        return (item["date"], item["source"]) == (meeting["date"], meeting["source"])

    def _meeting(self, row: Row, items: list[Row]) -> str:
        names = list(dict.fromkeys(cut(word(item, "thing"), NAME // 2) for item in items))
        shown = self.spoken.semicolon.join(names[:MOST_NAMES])
        if len(names) > MOST_NAMES:
            more = len(names) - MOST_NAMES
            shown += self.spoken.say(f" and {more} more", f" 等 {len(names)} 项")
        return self._joined(cut(word(row, "thing"), NAME) or self.spoken.of(ONE, "meeting"), shown)

    # --- groups of facts --------------------------------------------------------------------------------------

    def _statuses(self, rows: list[Row]) -> list[Line]:
        """How each thing went: moves first, then first reports, then what stands as it stood."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(word(row, "key") or word(row, "thing"), []).append(row)
        # Rows of one day keep their order, as they came newest first by a sort that leaves it.
        histories = [sorted(group, key=lambda row: word(row, "date")) for group in groups.values()]
        return [Line(self._chain(rows), len(rows), "") for rows in sorted(histories, key=self._rank)]

    def _rank(self, group: list[Row]) -> int:
        if any(moved(row) for row in group):
            return 0
        return 2 if group[0]["was"] else 1

    def _chain(self, rows: list[Row]) -> str:
        """`Cells: in progress → nearly done (2018-01-22; ann; notes.md:5)`; rows in the order of their days."""
        spoken, steps, before = self.spoken, list[str](), ""
        if not any(moved(row) for row in rows) and rows[0]["was"]:
            steps, before = [spoken.say("still ", "仍为") + self._step(rows)], word(rows[-1], "says")
        else:
            for same in _runs(rows):
                if word(same[0], "was") != before:
                    steps.append(spoken.of(STATUSES, word(same[0], "was")))
                steps.append(self._step(same))
                before = word(same[-1], "says")
        hidden = len(steps) - MOST_STEPS
        if hidden > 1:
            steps = [spoken.say(f"{hidden} earlier reports", f"此前 {hidden} 条"), *steps[hidden:]]
        return self._joined(cut(word(rows[-1], "thing"), NAME), " → ".join(filter(None, steps)))

    def _step(self, same: list[Row]) -> str:
        row = same[-1]
        text = self._stands(row) + self._aside(row)
        more = len(same) - 1
        return text + (self.spoken.say(f" (+{more})", f"（+{more}）") if more else "")

    def _merged(self, rows: list[Row]) -> list[Line]:
        """Features with their patches, the one that merged last first."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(word(row, "thing"), []).append(row)
        return [
            Line(self._patches(name, group), len(group), "", frozenset(word(row, "key") for row in group))
            for name, group in groups.items()
        ]

    def _patches(self, name: str, rows: list[Row]) -> str:
        spoken, number = self.spoken, len({word(row, "key") for row in rows})
        last, landed = spoken.quoted(cut(word(rows[0], "says"), NAME)), self._landed(rows)
        said = last + landed
        if number > 1:
            said = spoken.say(
                f"{number} patches{landed}, last {last}", f"{number} 个补丁{landed}，最近为{last}"
            )
        return self._joined(cut(name, NAME), said) + self._aside(rows[0])

    def _fixed(self, rows: list[Row]) -> list[Line]:
        """Bugs with the versions that have the fix, the one that was fixed last first."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(word(row, "thing"), []).append(row)
        lines = []
        for name, group in groups.items():
            said = self.spoken.quoted(cut(word(group[0], "says"), NAME)) + self._landed(group)
            lead = f"{self.spoken.say('bug', '缺陷')} {cut(name, NAME)}"
            lines.append(Line(self._joined(lead, said) + self._aside(group[0]), 1, ""))
        return lines

    def _landed(self, rows: list[Row]) -> str:
        """The versions that have it, newest first as the rows are."""
        versions = list(dict.fromkeys(word(row, "version") for row in rows if row["version"]))
        if not versions:
            return ""
        shown = ", ".join(cut(version, WHO) for version in versions[:MOST_NAMES])
        more = len(versions) - MOST_NAMES
        if more > 0:
            shown += self.spoken.say(f" and {more} more", f" 等 {len(versions)} 个版本号")
        return self.spoken.say(f" in {shown}", f"，进入 {shown}")


def moved(row: Row) -> bool:
    """Whether a report says another status than the one before it."""
    return bool(row["was"]) and row["was"] != row["says"]


def _runs(rows: list[Row]) -> list[list[Row]]:
    """Reports of one day that say the same, one after another, together."""
    runs: list[list[Row]] = []
    for row in rows:
        if runs and all(runs[-1][-1][name] == row[name] for name in ("date", "says", "release", "who")):
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs
