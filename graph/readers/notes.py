"""Meeting notes: Markdown posts, or the same text as plain lines.

    ---                                      front matter: the post's own date, never a meeting's
    title: …
    ---
    # 1. Records                             sections
    ## January 8, 2018                       a date opens a meeting
    ### (1) Features                         a section gives the items in it their kind
    #### 1. Nested providers                 an item
    * @nick(other) is finishing … https://…  what was said

Plain lines are the same with the marks gone: `January 8, 2018`, `(1) Features`, `1. Nested providers`, `- …`.
The layout only is read here; what a heading means is the extractor's business.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import yaml
from frontmatter.default_handlers import YAMLHandler

from graph.errors import Problem
from graph.readers.text import decode, lines_of
from graph.records import Block, NoteRecord, Role

if TYPE_CHECKING:
    from markdown_it.token import Token

NAME = "notes"
VERSION = "1"
SUFFIXES = (".md", ".markdown", ".txt", ".text", ".rst", ".adoc", ".org", ".log", "")
FRONT_LIMIT = 200  # lines

_BULLET = re.compile(r"[ \t]*(?:(?P<mark>[-*+•●◦▪·–—])[ \t]+|(?P<box>\[[ xX]\])[ \t]+)")
_NUMBER = re.compile(
    r"[ \t]*(?P<mark>[(（]\d{1,2}[)）]|\d{1,2}(?:\.\d{1,2}){0,3}[.)、．](?!\d)|\d{1,2}\.\d{1,2}(?=[ \t])"
    r"|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|[①-⑳])[ \t]*"
)
_BOX = re.compile(r"\[([ xX])\][ \t]+")
_UNDERLINE = re.compile(r"([=\-~^\"*+#])\1{2,}[ \t]*$")
_QUOTE = re.compile(r"[ \t]{0,3}>[ \t]?")
_ROW = re.compile(r"[ \t]*\|[^|]*\|")
_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?)?[ \t]*$")
_MARKDOWN_HINT = re.compile(r"^(?:#{1,6}[ \t]+\S|```|\*\*\S|[-*+] \*\*)", re.MULTILINE)


def sniff(name: str, head: bytes) -> bool:
    """Whether a file may be notes: by its suffix; text is checked when it is read.

    The first bytes decide nothing here: a comment of YAML or TOML begins like a heading.
    """
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return suffix in SUFFIXES


def read(data: bytes, source: str) -> tuple[NoteRecord | None, list[Problem]]:
    """A post's record, and what was not understood; None when the file cannot be read at all."""
    text = decode(data, source)
    if isinstance(text, Problem):
        return None, [text]
    lines, problems = lines_of(text, source)
    front, body_start, more = _front_matter(lines, source)
    problems += more
    body = lines[body_start:]
    markdown = _is_markdown(body, source)
    blocks = _markdown_blocks(body, body_start) if markdown else _plain_blocks(body, body_start)
    count = sum(bool(line.strip()) for line in body)
    digest = hashlib.sha256(data).hexdigest()
    layout: Literal["markdown", "plain"] = "markdown" if markdown else "plain"
    return NoteRecord(source, digest, layout, front, tuple(blocks), count), problems


def _is_markdown(lines: list[str], source: str) -> bool:
    text = "\n".join(lines)
    if re.search(r"^#{1,6}[ \t]*\S", text, re.MULTILINE) and not source.lower().endswith(".txt"):
        return True
    return bool(_MARKDOWN_HINT.search(text))


Front = tuple[tuple[str, str], ...]


def _front_matter(lines: list[str], source: str) -> tuple[Front, int, list[Problem]]:
    """Front matter as strings, the index of the first body line, and what was wrong with it.

    The opening `---` may be missing, as some site generators allow: then every line up to the first `---`
    must read like `key: value` or a list item.
    """
    opened = bool(lines) and lines[0].strip() == "---"
    start = 1 if opened else 0
    for index in range(start, min(len(lines), FRONT_LIMIT)):
        line = lines[index]
        if line.strip() == "---":
            return _parse_front(lines[start:index], index + 1, source)
        if not opened and not re.match(r"^(?:[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|$)|[ \t]*-[ \t]|[ \t]*$)", line):
            break
    return (), 0, []


def _parse_front(lines: list[str], end: int, source: str) -> tuple[Front, int, list[Problem]]:
    text = "\n".join(lines)
    if not text.strip():
        return (), end, []
    if re.search(r"(?:^|[\s:\-\[{,])[&*][A-Za-z0-9]|<<[ \t]*:|!!", text):
        what = "front matter with anchors, merge keys or tags is not read"
        return (), end, [Problem(source, 2, "unread", what, hint="write it plainly")]
    try:
        data = YAMLHandler().load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line if mark else 0) + 2
        what = f"front matter is no YAML: {getattr(error, 'problem', None) or type(error).__name__}"
        return (), end, [Problem(source, line, "unread", what, hint="mend it, or take it away")]
    if not isinstance(data, dict):
        return (
            (),
            end,
            [Problem(source, 2, "unread", "front matter is no list of keys", hint="write key: value")],
        )
    return tuple((str(key), _plain(value)) for key, value in data.items()), end, []


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value if not isinstance(item, list | dict))
    return "" if isinstance(value, dict) else str(value)


# --- plain lines -------------------------------------------------------------------------------------------


def strip_marker(line: str) -> tuple[str, str]:
    """`- text` → (`-`, `text`); a line without a mark gives an empty one. Boxes stay with the mark."""
    match = _BULLET.match(line) or _NUMBER.match(line)
    if not match or match.end() == len(line):
        return "", line
    marker, rest = line[: match.end()].strip(), line[match.end() :]
    box = _BOX.match(rest)
    if box:
        return f"{marker} {box[0].strip()}", rest[box.end() :]
    return marker, rest


def _indent(line: str) -> int:
    return len(line[: len(line) - len(line.lstrip())].expandtabs(4))


def _plain_blocks(lines: list[str], offset: int) -> list[Block]:
    blocks: list[Block] = []
    loose, indents = True, [0]
    for index, line in enumerate(lines):
        number = offset + index + 1
        if not line.strip():
            loose = True
            continue
        if _RULE.match(line):
            blocks[-1:] = (
                [replace(blocks[-1], marker="head")] if blocks and blocks[-1].role == "table" else blocks[-1:]
            )
            continue
        if _UNDERLINE.match(line) and blocks and not loose:
            blocks[-1] = _underlined(blocks[-1], line)
            continue
        if _UNDERLINE.match(line):
            loose = True
            continue
        blocks.append(_plain_block(line, number, loose, indents))
        loose = False
    return blocks


def _underlined(block: Block, line: str) -> Block:
    level = {"=": 1, "-": 2}.get(line.strip()[0], 3)
    return Block("heading", level, "", block.first, block.lines, block.loose)


def _plain_block(line: str, number: int, loose: bool, indents: list[int]) -> Block:
    hashes = re.match(r"[ \t]{0,3}(#{1,6})[ \t]+(?=\S)", line)
    if hashes:
        return Block("heading", len(hashes[1]), "", number, (line[hashes.end() :].rstrip(),), loose)
    if _ROW.match(line):
        return Block("table", 0, "", number, (line.strip(),), loose)
    marker, rest = strip_marker(line)
    if not marker:
        return Block("text", 0, "", number, (line.rstrip(),), loose)
    indent = _indent(line)
    while len(indents) > 1 and indents[-1] > indent:
        indents.pop()
    if indent > indents[-1]:
        indents.append(indent)
    return Block("item", len(indents) - 1, marker, number, (rest.rstrip(),), loose)


# --- Markdown ----------------------------------------------------------------------------------------------


def _spaced(line: str) -> str:
    """`##标题` → `## 标题`: many write headings without the space; `#65` and `#tag` are none."""
    return re.sub(r"^(#{2,6})(?=[^#\s])|^(#)(?=[\u4e00-\u9fff]|\d{1,2}[.、])", r"\1\2 ", line)


def _markdown_blocks(lines: list[str], offset: int) -> list[Block]:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - a build with nothing changed parses nothing

    parser = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table")
    tokens = parser.parse("\n".join(_spaced(line) for line in lines))
    return list(_Blocks(lines, offset).walk(tokens))


class _Blocks:
    """Walks markdown-it's flat tokens and keeps what a block needs: depth of lists, quotes, tables."""

    def __init__(self, lines: list[str], offset: int) -> None:
        self.lines = lines
        self.offset = offset
        self.depth = -1
        self.quotes = 0
        self.table = 0
        self.head = False
        self.heading = 0
        self.marker: str = ""
        self.last_end = 0

    def walk(self, tokens: list[Token]) -> list[Block]:
        """Blocks of the document in order."""
        blocks: list[Block] = []
        for token in tokens:
            self._enter(token)
            if token.type == "tr_open" and token.map:
                blocks.append(self._row(token.map[0]))
            elif self.table:
                continue
            elif token.type in ("inline", "fence", "code_block", "html_block") and token.map:
                blocks.extend(self._block(token, token.map[0], token.map[1]))
        return blocks

    def _enter(self, token: Token) -> None:
        kind, step = token.type, token.nesting
        if kind.endswith(
            ("bullet_list_open", "ordered_list_open", "bullet_list_close", "ordered_list_close")
        ):
            self.depth += step
        elif kind.startswith("blockquote"):
            self.quotes += step
        elif kind.startswith("table"):
            self.table += step
        elif kind.startswith("thead"):
            self.head = step == 1
        elif kind.startswith("heading"):
            self.heading = int(token.tag[1]) if step == 1 else 0
        elif kind == "list_item_open":
            self.marker = f"{token.info}{token.markup}"

    def _block(self, token: Token, first: int, end: int) -> list[Block]:
        role = self._role(token.type)
        loose = first == 0 or not self.lines[first - 1].strip() or first > self.last_end
        marker = self.marker if self.depth >= 0 else ""
        self.marker, self.last_end = "", end
        raw = self.lines[first:end]
        if role == "heading":
            return [self._heading_block(raw, first, loose)]
        if role in ("code", "html"):
            return [Block(role, 0, "", self.offset + first + 1, tuple(raw), loose)]
        return self._text_blocks(role, marker, raw, first, loose)

    def _row(self, line: int) -> Block:
        marker = "head" if self.head else ""
        return Block("table", 0, marker, self.offset + line + 1, (self.lines[line].strip(),), False)

    def _role(self, kind: str) -> Role:
        if kind in ("fence", "code_block"):
            return "code"
        if kind == "html_block":
            return "html"
        if self.heading:
            return "heading"
        if self.quotes:
            return "quote"
        return "item" if self.depth >= 0 else "text"

    def _heading_block(self, raw: list[str], first: int, loose: bool) -> Block:
        line = re.sub(r"^[ \t]*(?:[-*+>]|\d+[.)])?[ \t]*#{1,6}[ \t]*", "", raw[0])
        line = re.sub(r"[ \t]+#+[ \t]*$", "", line).rstrip()
        return Block("heading", self.heading, "", self.offset + first + 1, (line,), loose)

    def _text_blocks(self, role: Role, marker: str, raw: list[str], first: int, loose: bool) -> list[Block]:
        lines = [_QUOTE.sub("", line) if role == "quote" else line for line in raw]
        if marker:
            lines[0] = _after_marker(lines[0], marker)
            box = _BOX.match(lines[0])
            if box:
                marker, lines[0] = f"{marker} {box[0].strip()}", lines[0][box.end() :]
        level = max(self.depth, 0)
        kept = tuple(line.strip() for line in lines)
        return [Block(role, level, marker, self.offset + first + 1, kept, loose)]


def _after_marker(line: str, marker: str) -> str:
    at = line.find(marker)
    return line[at + len(marker) :].lstrip() if at >= 0 else line.lstrip()
