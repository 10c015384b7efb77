"""One line of the notes → one line of the post: reports in words, patches and bugs as links, the evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.views.document import Inline, Line, Link, Places
from graph.views.page import clip
from graph.views.report_model import Item, Month, Row, Said, name_of, text
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
    """Makes the lines of a post's items."""

    words: Words
    month: Month

    def heading(self, item: Item) -> tuple[str | Link, ...]:
        """The heading as written; a patch or bug whose number it holds is a link there."""
        for row in self._in_heading(item):
            before, _, after = item.heading.partition(text(row["key"]))
            return (before, Link(text(row["key"]), self._thing(row)[0]), after)
        return (item.heading,)

    def of(self, item: Item) -> list[Line]:
        """The lines of an item in order; the people last, in order of the alphabet."""
        shown = [text(row["key"]) for row in self._in_heading(item)]
        lines = [line for said in item.lines() for line in self._said(said, shown, item.heading)]
        return [*lines, *self._people(item)]

    def reports(self, said: Said, heading: str = "") -> list[str]:
        """The reports of a line in words; none where they contradict each other or are doubtful."""
        rows = said.statuses
        if said.doubtful or not self._clear(rows):
            return []
        plainly = {row["status"] for row in rows if not text(row["part"])}
        told = [row for row in rows if row["status"] not in plainly or not self._nameless(row)]
        return list(dict.fromkeys(self._report(row, heading) for row in told))

    def _nameless(self, row: Row) -> bool:
        return bool(text(row["part"])) and not name_of(text(row["part"]), text(row["quote"]))

    def decided(self, row: Row) -> str:
        """A decision in words."""
        what = text(row["about"]) or plain(text(row["quote"]))
        what = re.sub(r"^(?:来|去|to\s+|will\s+)", "", what).rstrip("。. ")
        return self.words.decides.format(who=text(row["assignee"]), what=what)

    def release(self, row: Row) -> str:
        """Title of the release a report names, or empty."""
        slug = text(row["release"])
        return self.month.releases.get(slug, slug)

    def _clear(self, rows: list[Row]) -> bool:
        """Reports of one sentence are told apart only by the parts they are on."""
        for row in rows:
            others = [r for r in rows if r["quote"] == row["quote"] and r["status"] != row["status"]]
            named = [name_of(text(r["part"]), text(r["quote"])) for r in (row, *others)]
            if others and (not all(named) or len(set(named)) < len(named)):
                return False
        return True

    def _report(self, row: Row, heading: str) -> str:
        words, part = self.words, text(row["part"])
        said = status(text(row["status"]), self.release(row), words, text(row["person"]))
        name = name_of(part, text(row["quote"]))
        if name and name != heading:
            return f"{name}{words.colon}{said}"
        if not self._nameless(row):
            return said
        return f"{said}{words.colon}{_without(heading, plain(text(row['quote'])))}"

    def _said(self, said: Said, shown: list[str], heading: str) -> list[Line]:
        words = self.words
        place = Places(((said.source, said.line),))
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
        """Kind and key of the bug or patch that the one report of a line is on, if there is one."""
        row = said.statuses[0] if len(said.statuses) == 1 and not said.doubtful else {}
        if text(row.get("part")):
            return "", ""
        named = {(text(r["kind"]), text(r["key"])) for r in said.mentions}
        found = [(kind, text(row.get(kind))) for kind in ("bug", "patch")]
        return next((pair for pair in found if pair in named), ("", ""))

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

    def _people(self, item: Item) -> list[Line]:
        people = item.people()
        if not people:
            return []
        at = tuple(sorted({place for places in people.values() for place in places}))
        return [(f"{self.words.people}{self.words.colon}{self.words.both.join(people)}", Places(at))]
