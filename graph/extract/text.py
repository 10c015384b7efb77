"""Logical lines of a note: marks taken off, wrapped lines joined, every character knowing its place.

`mask` has a character for each of `plain`: `.` ordinary words, `u` a link, `c` code, `l` the words of a long
link, `q` a quotation, `t` a title after a reference, `s` struck out. Only ordinary words report a status.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from graph.facts import Evidence
from graph.records import Block, Role

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_URL = r"https?://[^\s<>\"“”‘’（）【】《》「」，。；：、！？\]\\|" + CJK + "]+"
URL = re.compile(_URL)
# A comma between clauses: full-width, or one with a blank or Chinese beside it (none inside code or numbers).
COMMA = rf"，|,(?=[\s{CJK}]|[@A-Za-z][\w.\-]{{0,30}}[ \t]?[{CJK}])|(?<=[\s{CJK}]),"
_INLINE = re.compile(
    r"!?\[(?P<text>[^\[\]\n]{0,400})\]\((?P<target>[^()\s]{0,1500}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)"
    r"(?:[ \t]+[\"'][^\"'\n]{0,200}[\"'])?\)"
    rf"|<(?P<auto>{_URL})>|(?P<url>{_URL})"
    r"|`{1,3}(?P<code>[^`\n]{1,400})`{1,3}|~~(?P<strike>[^~\n]{1,400})~~"
    r"|\\(?P<escaped>[\\`*_{}\[\]()#+.!|~-])|(?P<strong>\*\*|__(?!\w+__\b))"
    r"|(?<![\w*])\*(?P<star>[^\s*][^*\n]{0,200}?)\*(?![\w*])|(?<![\w_/])_(?P<under>[^\s_][^_\n]{0,200}?)_(?![\w_])"
)
_QUOTED = re.compile(
    r"“[^“”\n]{1,300}”|‘[^‘’\n]{2,300}’|「[^「」\n]{1,300}」|『[^『』\n]{1,300}』|《[^《》\n]{1,200}》"
    r"|(?<![\w\"])\"[^\"\n]{2,300}\"(?!\w)"
)
LONG_LINK = 16  # columns: longer link words are a title, shorter ones a part of the sentence


@dataclass(frozen=True)
class Link:
    """A link in a unit's plain text; `text` is empty for a bare URL."""

    start: int
    end: int
    url: str
    text: str


@dataclass(frozen=True)
class Unit:
    """One logical line. `where[i]` is (index into `raw`, column) of the i-th plain character."""

    role: Role
    level: int
    marker: str
    loose: bool
    first: int
    raw: tuple[str, ...]
    plain: str
    mask: str
    where: tuple[tuple[int, int], ...]
    links: tuple[Link, ...]
    bold: tuple[tuple[int, int], ...]

    def evidence(self, start: int = 0, end: int | None = None) -> Evidence:
        """The verbatim words between two places of the plain text, and their line."""
        end = len(self.plain) if end is None else end
        if not self.plain or start >= end:
            return Evidence(self.first, " ".join(self.raw).strip())
        (row, column), (last, stop) = self.where[start], self.where[end - 1]
        if row == last:
            return Evidence(self.first + row, self.raw[row][column : stop + 1].strip())
        middle = self.raw[row + 1 : last]
        pieces = (self.raw[row][column:], *middle, self.raw[last][: stop + 1])
        return Evidence(self.first + row, " ".join(piece.strip() for piece in pieces).strip())

    def visible(self, start: int, end: int, keep: str = ".") -> str:
        """Plain text with everything not of the kept kinds blanked: same length, so places hold."""
        pairs = zip(self.plain[start:end], self.mask[start:end], strict=True)
        return "".join(char if kind in keep else " " for char, kind in pairs)


def width(text: str) -> int:
    """Columns a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def trim_url(url: str) -> str:
    """A URL without the punctuation of the sentence around it."""
    while url:
        if url[-1] in ".,;:!?'*_~" or (url[-1] == ")" and url.count(")") > url.count("(")):
            url = url[:-1]
        else:
            break
    return url


class _Builder:
    """Collects plain characters with their places, kinds and links."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.mask: list[str] = []
        self.where: list[tuple[int, int]] = []
        self.links: list[Link] = []
        self.bold: list[tuple[int, int]] = []
        self._open = -1

    def put(self, text: str, row: int, column: int, kind: str = ".") -> None:
        """Add characters that stand at a row and column."""
        self.plain.extend(text)
        self.mask.extend(kind * len(text))
        self.where.extend((row, column + i) for i in range(len(text)))

    def link(self, text: str, url: str, row: int, column: int) -> None:
        """Add a link's words."""
        start = len(self.plain)
        kind = "l" if width(text) > LONG_LINK or URL.fullmatch(text) else "."
        self.put(text, row, column, kind)
        self.links.append(Link(start, len(self.plain), url, text))

    def toggle_strong(self) -> None:
        """A `**`: opens or closes bold words."""
        if self._open < 0:
            self._open = len(self.plain)
        else:
            self.bold.append((self._open, len(self.plain)))
            self._open = -1


def _inline(builder: _Builder, line: str, row: int) -> None:
    at = 0
    for match in _INLINE.finditer(line):
        builder.put(line[at : match.start()], row, at)
        at = match.end()
        group = match.lastgroup or ""
        if match["target"] is not None:
            builder.link(match["text"] or match["target"], match["target"], row, match.start() + 1)
        elif group in ("auto", "url"):
            url = trim_url(match[group])
            start = match.start(group)
            builder.links.append(Link(len(builder.plain), len(builder.plain) + len(url), url, ""))
            builder.put(url, row, start, "u")
            at = match.end() if group == "auto" else start + len(url)
        elif group == "strong":
            builder.toggle_strong()
        else:
            kind = {"code": "c", "strike": "s"}.get(group, ".")
            builder.put(match[group], row, match.start(group), kind)
    builder.put(line[at:], row, at)


def make(block: Block, rows: tuple[int, int], marker: str) -> Unit:
    """A unit of some of a block's lines (from, to), with its marker."""
    builder = _Builder()
    raw = block.lines[rows[0] : rows[1]]
    for row, line in enumerate(raw):
        if row and builder.plain:
            last, first = builder.plain[-1], line.strip()[:1]
            if not (_is_cjk(last) and _is_cjk(first)):
                builder.put(" ", row, 0)
        _inline(builder, line, row)
    plain = "".join(builder.plain)
    mask = _mask_quotes(plain, "".join(builder.mask))
    return Unit(
        block.role, block.level, marker, block.loose and rows[0] == 0, block.first + rows[0], raw,
        plain, mask, tuple(builder.where), tuple(builder.links), tuple(builder.bold),
    )  # fmt: skip


def _is_cjk(char: str) -> bool:
    return bool(char) and unicodedata.east_asian_width(char) in "WF"


def _mask_quotes(plain: str, mask: str) -> str:
    for match in _QUOTED.finditer(plain):
        mask = mask[: match.start()] + "q" * len(match[0]) + mask[match.end() :]
    return mask


def mask_span(unit: Unit, start: int, end: int, kind: str) -> Unit:
    """The unit with a span marked as a kind; links keep theirs."""
    span = "".join(k if k == "u" else kind for k in unit.mask[start:end])
    return replace(unit, mask=unit.mask[:start] + span + unit.mask[end:])


def wraps(line: str, following: str) -> bool:
    """Whether a line goes on in the next: its length is that of a wrapped one, it stops in mid-sentence, and
    the next line opens nothing new. Chinese lines are seldom wrapped, so there more is asked."""
    line, following = line.rstrip(), following.strip()
    columns = width(line)
    if not line or not following or not 55 <= columns <= 110 or line[-1] in "。！？!?；;：:.…":
        return False
    if re.search(_URL + r"\)?$", line) and not following[0].islower():
        return False
    chinese = sum(_is_cjk(char) for char in line) * 4 > len(line)
    if chinese and not (columns >= 64 and (_is_cjk(following[0]) or following[0].islower())):
        return False
    if not chinese and any(_is_cjk(char) for char in following[:12]):
        return False
    return not re.match(r"[@#>*+\-•]|https?://|\[?(?:patch|bug)/|\d{1,2}[.)、]\s|[(（]\d", following)


def units(blocks: tuple[Block, ...], opens: Callable[[str], bool]) -> Iterator[Unit]:
    """Logical lines of all blocks, in order. Lines of plain text that wrap are joined across blocks; a line
    that `opens` a section is never joined to the one before it."""
    for block in join_wrapped(blocks, opens):
        if block.role in ("code", "html", "table"):
            yield make(block, (0, len(block.lines)), block.marker)
            continue
        start = 0
        for row in range(1, len(block.lines) + 1):
            if row == len(block.lines) or not wraps(block.lines[row - 1], block.lines[row]):
                if any(line.strip() for line in block.lines[start:row]):
                    yield make(block, (start, row), block.marker if start == 0 else "")
                start = row


def join_wrapped(blocks: tuple[Block, ...], opens: Callable[[str], bool]) -> list[Block]:
    """Put a plain line that continues the line before it into that line's block."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if (
            before is not None
            and block.role == "text"
            and before.role in ("text", "item")
            and not block.loose
            and block.first == before.first + len(before.lines)
            and (before.role == "text" or block.lines[0][0].isspace() or block.lines[0][0].islower())
            and wraps(before.lines[-1], block.lines[0])
            and not opens(block.lines[0])
        ):
            joined[-1] = replace(before, lines=(*before.lines, *block.lines))
        else:
            joined.append(block)
    return joined


_ENUM = re.compile(r"(?:^|[\s" + CJK + r"：:，,])[A-Za-z]$")
_ABBREVIATED = re.compile(
    r"\b(?:e\.g|i\.e|vs|etc|cf|approx|no|fig|Mr|Ms|Dr|St|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)$",
    re.IGNORECASE,
)


def sentences(unit: Unit) -> list[tuple[int, int]]:
    """Spans of the sentences of a unit's plain text, blanks at the ends left off."""
    spans, start = [], 0
    for index, char in enumerate(unit.plain):
        if unit.mask[index] == "." and _ends_sentence(unit.plain, index, char):
            spans.append((start, index + 1))
            start = index + 1
    spans.append((start, len(unit.plain)))
    said = (_tight(unit.plain, span) for span in spans)
    return [span for span in said if span and any(char.isalnum() for char in unit.plain[span[0] : span[1]])]


def _ends_sentence(text: str, index: int, char: str) -> bool:
    if char in "。！？!?；;":
        return True
    if char != ".":
        return False
    rest, before = text[index + 1 : index + 2], text[max(0, index - 16) : index]
    if rest and not (rest[0].isspace() or _is_cjk(rest[0])):
        return False
    return not (_ENUM.search(before) or _ABBREVIATED.search(before))


def _tight(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
