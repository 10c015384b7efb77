"""One line of the notes → one line of the post: reports in words, patches and bugs as links, the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.terms import fold
from graph.views.document import Entry, Inline, Line, Link, Places, Strong
from graph.views.page import clip
from graph.views.report_facts import contradict, part_name, part_of, status_of
from graph.views.report_model import Item, Meeting, Month, Row, Said, text
from graph.views.report_phrases import phrases_of, spaced
from graph.views.report_words import Words, aside, status

_LINKED = re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}\)")
_TORN = re.compile(r"\]\([^()\s]{0,2000}\)?")
_URL = re.compile(r"https?://[^\s，。；、）】》”)]{1,2000}")
# What only led up to a link goes with it: ", the patch is at https://…".
_LEAD_UP = re.compile(r"[，,；;][^，,；;。：:（(]{0,24}https?://\S{1,2000}$")
_HOLLOW = re.compile(r"[（(]\s*[）)]|[（(]\s*$")
_TRAILING = " ：:，,、；;。."
_QUOTE = 160  # columns
_LABEL = 60
SHORT = 2  # lines that fit behind a heading


def worth_a_line(item: Item) -> bool:
    """Whether anything was made of the item's lines."""
    return any(said.statuses or said.decisions or said.mentions for said in item.said.values())


def plain(quote: str) -> str:
    """A quote without markup and links, and without what introduced a link at its end.

    >>> plain("[The series](https://example.org/1) is done: https://example.org/2")
    'The series is done'
    """
    words = _TORN.sub("", _LINKED.sub(r"\1", quote))
    words = _URL.sub("", _LEAD_UP.sub("", words.rstrip("。. "))).replace("**", "").replace("`", "")
    words = _HOLLOW.sub("", " ".join(words.split())).lstrip("#>*-+ [")
    words = re.sub(r"\s+(?=[，。；：、,;])", "", words)
    words = re.sub(r"([，、；,;])[，、；,;]+", r"\1", words)
    return clip(words.rstrip(_TRAILING), _QUOTE)


def _without(heading: str, words: str) -> str:
    """A line that leads with its own heading, without it."""
    rest = words.removeprefix(heading).lstrip()
    leads = bool(heading) and rest != words and rest[:1] in ("：", ":") and bool(rest[1:].strip())
    return rest.lstrip("：: ") if leads else words


@dataclass(frozen=True)
class Lines:
    """Makes the lines of the items of one meeting."""

    words: Words
    month: Month
    home: str = ""

    def entry(self, item: Item) -> Entry:
        """An item: its heading, and what was said line by line; what is only named stands behind the heading."""
        head = Strong(self.heading(item))
        lines = self.of(item)
        told = any(said.statuses or said.decisions for said in item.lines())
        parted = any(
            self.words.colon.strip() in piece for line in lines for piece in line if isinstance(piece, str)
        )
        if len(lines) > (1 if told else SHORT) or (told and parted):
            return Entry((head, self._at([(item.source, item.line)])), tuple(lines))
        if told and lines:
            both = dict.fromkeys([(item.source, item.line), *_places(lines[0])])
            return Entry((head, self.words.colon, *lines[0][:-1], self._at(both)))
        named = self.words.joins.format(names=self.words.both.join(item.people()))
        ends = [
            (named,) if n == len(lines) and item.people() else line[:-1] for n, line in enumerate(lines, 1)
        ]
        inside = [piece for line in ends for piece in (self.words.comma, *line)]
        at = {(item.source, item.line), *(place for line in lines for place in _places(line))}
        return Entry((head, *inside, self._at(sorted(at))))

    def heading(self, item: Item) -> tuple[str | Link, ...]:
        """The heading as written; a patch or bug whose number it holds is a link there."""
        for row in self._in_heading(item):
            before, _, after = item.heading.partition(text(row["key"]))
            return (before, Link(text(row["key"]), self._thing(row)[0]), after)
        return (item.heading,)

    def of(self, item: Item) -> list[Line]:
        """The lines of an item in order; the people last, in order of the alphabet."""
        shown = [text(row["key"]) for row in self._in_heading(item)]
        lines = [line for said in item.lines() for line in self._said(said, shown, item)]
        return [*lines, *self._people(item, lines)]

    def loose(self, meeting: Meeting) -> list[Line]:
        """What stands outside any item, unless the author's sentence or an item says it already."""
        item = meeting.items.get(0)
        if item is None:
            return []
        own, known = text(meeting.row["summary"]), _known(meeting)
        kept = [said for said in item.lines() if not any(text(row["quote"]) in own for row in said.statuses)]
        rest = Item(item.heading, item.kind, item.source, item.line, item.feature)
        for said in kept:
            new = [row for row in said.statuses if not _repeats(row, known)]
            if new or not said.statuses:
                rest.said[said.line] = Said(
                    said.source, said.line, new, said.decisions, said.mentions, said.doubtful
                )
        return self.of(rest) if worth_a_line(rest) else []

    def reports(self, said: Said, heading: str = "") -> list[str]:
        """The reports of a line in words; none where they contradict each other or are doubtful."""
        rows = said.statuses
        if said.doubtful or not self._clear(said):
            return []
        plainly = {row["status"] for row in rows if not text(row["part"])}
        told = [row for row in rows if row["status"] not in plainly or not self._nameless(row)]
        parts: dict[str, list[str]] = {}
        for row in told:
            part = part_of(row, said)
            parts.setdefault("" if part == heading else part, []).append(self._report(row, heading, part))
        return [
            f"{part}{self.words.colon if part else ''}{self.words.comma.join(dict.fromkeys(reports))}"
            for part, reports in parts.items()
        ]

    def decided(self, row: Row) -> str:
        """A decision in words."""
        return spaced(self.words.decides.format(who=text(row["assignee"]), what=self.task(row)), self.words)

    def task(self, row: Row) -> str:
        """What somebody is to do, as a verb and its object: `去做x` → `做x`."""
        what = text(row["about"]) or plain(text(row["quote"]))
        bare = re.sub(r"^(?:来|去|to\s+|will\s+)", "", what).rstrip("。. ")
        return bare if self.words.lang != "zh" or bare != what.rstrip("。. ") else f"负责{bare}"

    def release(self, row: Row) -> str:
        """Title of the release a report names, or empty."""
        slug = text(row["release"])
        return self.month.releases.get(slug, slug)

    def _at(self, places: Iterable[tuple[str, int]]) -> Places:
        return Places(tuple(places), self.home)

    def _nameless(self, row: Row) -> bool:
        return bool(text(row["part"])) and not part_name(row)

    def _clear(self, said: Said) -> bool:
        """Reports of one sentence are told apart only by the parts they are on, or by the patch they name."""
        for row in said.statuses:
            others = [r for r in said.statuses if r["quote"] == row["quote"] and r["status"] != row["status"]]
            named = [part_of(r, said) for r in (row, *others)]
            if others and not all(named):
                return False
            if contradict([r for r in (row, *others) if part_of(r, said) == part_of(row, said)]):
                return False
        return True

    def _report(self, row: Row, heading: str, part: str) -> str:
        person, state = text(row["person"]), self._state(row)
        said = status(state, self.release(row), self.words, person)
        if state == "in-progress" and person and not self.release(row):
            said = phrases_of(self.words).working.format(who=person)
        if part or not self._nameless(row):
            return said
        quote = _without(heading, plain(text(row["quote"])))
        return f"{said}{self.words.colon}{quote}"

    def _state(self, row: Row) -> str:
        found = status_of(row, self.month)
        return "fixed" if found == "done" and row["bug"] else found

    def _said(self, said: Said, shown: list[str], item: Item) -> list[Line]:
        words, heading = self.words, item.heading
        place = self._at([(said.source, said.line)])
        head = words.semicolon.join(self.reports(said, heading))
        if said.statuses and not head:
            quote = words.quotes.format(_without(heading, plain(text(said.statuses[0]["quote"]))))
            head = quote + aside([words.doubtful if said.doubtful else ""], words)
        kind, key = self._subject(said)
        lead: list[Inline] = []
        if key and head:
            lead = [f"{self._kind(kind)} ", self._link(kind, key, heading), words.colon]
        named = self._named(said, [*shown, key], heading)
        lines: list[Line] = [
            (f"{words.decision}{words.colon}{self.decided(row)}", place) for row in said.decisions
        ]
        if head or named:
            gap = [words.comma] if head and named else []
            lines.insert(0, (*lead, head, *gap, *named, place))
        return lines

    def _subject(self, said: Said) -> tuple[str, str]:
        """Kind and key of the bug that the one report of a line is on, if there is one."""
        row = said.statuses[0] if len(said.statuses) == 1 and not said.doubtful else {}
        key = text(row.get("bug"))
        named = {(text(r["kind"]), text(r["key"])) for r in said.mentions}
        return ("bug", key) if key and not text(row.get("part")) and ("bug", key) in named else ("", "")

    def _named(self, said: Said, shown: list[str], heading: str) -> list[Inline]:
        """Patches, bugs, links and posts of a line, kind after kind."""
        pieces: list[Inline] = []
        for kind in ("patch", "bug", "link"):
            keys = dict.fromkeys(text(r["key"]) for r in said.mentions if r["kind"] == kind)
            links = [self._link(kind, key, heading) for key in keys if key not in shown]
            for n, link in enumerate(links):
                lead = self.words.both if n else f"{self.words.comma if pieces else ''}{self._kind(kind)} "
                pieces += [lead, link]
        posts = [self.words.post.format(key=text(r["key"])) for r in said.mentions if r["kind"] == "post"]
        if posts:
            pieces.append((self.words.comma if pieces else "") + self.words.both.join(posts))
        return pieces

    def _kind(self, kind: str) -> str:
        return {"patch": self.words.patch, "bug": self.words.bug}.get(kind, self.words.link)

    def _link(self, kind: str, key: str, heading: str) -> Link:
        if kind == "link":
            return Link(clip(re.sub(r"^https?://(?:www\.)?", "", key).rstrip("/"), _LABEL), key)
        url, title = self.month.things.get((kind, key), ("", ""))
        return Link(key if title in ("", heading) else f"{key} {title}", url)

    def _thing(self, row: Row) -> tuple[str, str]:
        return self.month.things.get((text(row["kind"]), text(row["key"])), ("", ""))

    def _in_heading(self, item: Item) -> list[Row]:
        rows = [r for said in item.lines() for r in said.mentions if r["kind"] in ("patch", "bug")]
        return [row for row in rows if text(row["key"]) in item.heading][:1]

    def _people(self, item: Item, lines: list[Line]) -> list[Line]:
        """Who is named in the item, but for those that its lines name already."""
        said = " ".join(piece for line in lines for piece in line if isinstance(piece, str))
        named = item.people()
        people = {name: places for name, places in named.items() if not _stands(name, said)}
        if not people:
            return []
        at = sorted({place for places in people.values() for place in places})
        lead = self.words.people if len(people) == len(named) else self.words.also
        return [(lead.format(names=self.words.both.join(people)), self._at(at))]


def _stands(name: str, said: str) -> bool:
    """Whether a text has a name as a word of its own."""
    return bool(re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", said))


def _places(line: Line) -> tuple[tuple[str, int], ...]:
    return line[-1].at if isinstance(line[-1], Places) else ()


def _known(meeting: Meeting) -> list[tuple[str, Row]]:
    """The reports inside items, each with the heading of its item."""
    return [(item.heading, row) for position, item in meeting.items.items() if position
            for said in item.lines() for row in said.statuses]  # fmt: skip


def _repeats(row: Row, known: list[tuple[str, Row]]) -> bool:
    """Whether an item reports the same of what this report is on."""
    part = fold(text(row["part"])) if text(row["part"]) else ""
    return any(
        fold(heading) == part and row["status"] == other["status"] and row["release"] == other["release"]
        for heading, other in known
    )
