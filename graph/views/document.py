"""A small document, and its two renderings: Markdown that stays text, and markup for a page.

Whatever a note says is a plain `str` here and is escaped by the renderer; only what stands as `Link` can be
followed, and only where it leads to http or https. A `Places` leads back to the lines of the sources.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from graph.views.page import esc, safe_url, visible


@dataclass(frozen=True)
class Link:
    """Text that leads to a URL; what is no http(s) URL stays text."""

    text: str
    url: str


@dataclass(frozen=True)
class Code:
    """An identifier, in a fixed-width font."""

    text: str


@dataclass(frozen=True)
class Strong:
    """The lead of an entry; it holds text and links."""

    line: tuple[str | Link, ...]


@dataclass(frozen=True)
class Places:
    """Sources and lines (from 1) that something rests on; lines of `home` are shown without its name.

    `label` is shown instead, for a place that is one.
    """

    at: tuple[tuple[str, int], ...]
    home: str = ""
    label: str = ""


Inline = str | Link | Code | Strong | Places
Line = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4."""

    level: int
    line: Line


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True)
class Entry:
    """One entry of a list, with the lines below it."""

    line: Line
    below: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Entries:
    """A list, numbered or not."""

    entries: tuple[Entry, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: its heads, and rows of as many cells."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


Block = Heading | Paragraph | Entries | Grid
Locate = Callable[[str], str]
"""Path of a source → the path to link it by."""

_SPECIAL = re.compile(r"[\\`*\[\]<>&~$!|]|(?<![^\W_])_|_(?![^\W_])")
_OPENING = re.compile(r"^([#+=-]|\d{1,9}(?=[.)]))")


def _flat(text: str) -> str:
    return " ".join(visible(text).split()) if text.strip() else text


def _spaced(text: str) -> str:
    """One line; a space at either end is kept, as it stands between this piece and the next."""
    if not text.strip():
        return text
    return f"{' ' if text[0] == ' ' else ''}{_flat(text)}{' ' if text[-1] == ' ' else ''}"


def md_text(text: str) -> str:
    r"""Text that Markdown shows as it is.

    >>> md_text("a *b* <i> snake_case _c_")
    'a \\*b\\* \\<i\\> snake_case \\_c\\_'
    """
    return _SPECIAL.sub(lambda found: "\\" + found[0], _spaced(text))


def _md_url(url: str) -> str:
    return quote(url, safe=":/?#@!$'*+,;=%~-._&").replace("&", "&amp;")


def _path(source: str, line: int, locate: Locate) -> str:
    """A link to a line of a source: its page, or its path with everything that could be a scheme escaped."""
    if safe_url(source):
        return source
    # Two leading slashes would name a host.
    path = re.sub(r"^/+", "/", locate(source))
    return f"{quote(path, safe='/', errors='replace')}#L{line}"


def _labels(places: Places) -> list[tuple[str, str, int]]:
    """(label, source, line): the file's name once, then the further lines of it."""
    if places.label and places.at:
        return [(places.label, *places.at[0])]
    found = []
    for source, rows in groupby(places.at, key=lambda at: at[0]):
        name = source.rstrip("/").rsplit("/", 1)[-1]
        lines = [line for _, line in rows]
        if source == places.home:
            found += [(f"L{n}", source, n) for n in lines]
        else:
            found += [(f"{name}:{n}" if n == lines[0] else f":{n}", source, n) for n in lines]
    return found


# --- Markdown ----------------------------------------------------------------------------------------------


def _md_inline(piece: Inline, locate: Locate) -> str:
    if isinstance(piece, str):
        return md_text(piece)
    if isinstance(piece, Link):
        url = safe_url(piece.url)
        return f"[{md_text(piece.text)}]({_md_url(url)})" if url else md_text(piece.text)
    if isinstance(piece, Code):
        return f"`{_flat(piece.text).replace('`', chr(39))}`"
    if isinstance(piece, Strong):
        return f"**{''.join(_md_inline(part, locate) for part in piece.line)}**"
    return _md_places(piece, locate)


def _md_places(places: Places, locate: Locate) -> str:
    links = [f"[{md_text(text)}]({_path(source, n, locate)})" for text, source, n in _labels(places)]
    return f" <sub>{' '.join(links)}</sub>" if links else ""


def _md_line(line: Line, locate: Locate) -> str:
    text = "".join(_md_inline(piece, locate) for piece in line).strip()
    return _OPENING.sub(_escaped_opening, text)


def _escaped_opening(found: re.Match[str]) -> str:
    return f"\\{found[0]}" if not found[0][0].isdigit() else f"{found[0]}\\"


def _md_entries(block: Entries, locate: Locate) -> str:
    lines = []
    for number, entry in enumerate(block.entries, 1):
        mark = f"{number}. " if block.numbered else "- "
        lines.append(mark + _md_line(entry.line, locate))
        lines += [" " * len(mark) + "- " + _md_line(line, locate) for line in entry.below]
    return "\n".join(lines)


def _md_heading(block: Heading, locate: Locate) -> str:
    # A number opens no list in a heading, and closing hashes are dropped by Markdown.
    text = "".join(_md_inline(piece, locate) for piece in block.line).strip()
    return f"{'#' * block.level} {re.sub('#+$', lambda found: chr(92) + found[0], text)}"


def _md_grid(block: Grid, locate: Locate) -> str:
    """A table of GitHub's kind; a bar within a cell is escaped with all other marks."""
    rows = [[md_text(head) for head in block.heads], ["---"] * len(block.heads)]
    rows += [
        ["".join(_md_inline(piece, locate) for piece in cell).strip() for cell in row] for row in block.rows
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def markdown(blocks: tuple[Block, ...], locate: Locate = str) -> str:
    """The document as Markdown (CommonMark), ended by a line end."""
    parts = []
    for block in blocks:
        if isinstance(block, Heading):
            parts.append(_md_heading(block, locate))
        elif isinstance(block, Paragraph):
            parts.append(_md_line(block.line, locate))
        elif isinstance(block, Grid):
            parts.append(_md_grid(block, locate))
        else:
            parts.append(_md_entries(block, locate))
    return "\n\n".join(parts) + "\n"


# --- markup ------------------------------------------------------------------------------------------------


def _html_inline(piece: Inline, locate: Locate) -> str:
    if isinstance(piece, str):
        return esc(piece)
    if isinstance(piece, Link):
        url = safe_url(piece.url)
        return f'<a href="{esc(url)}" rel="noopener">{esc(piece.text)}</a>' if url else esc(piece.text)
    if isinstance(piece, Code):
        return f"<code>{esc(piece.text)}</code>"
    if isinstance(piece, Strong):
        return f"<strong>{''.join(_html_inline(part, locate) for part in piece.line)}</strong>"
    return _html_places(piece, locate)


def _html_places(places: Places, locate: Locate) -> str:
    links = [
        f'<a href="{esc(_path(source, n, locate))}" title="{esc(source)}:{n}">{esc(text)}</a>'
        for text, source, n in _labels(places)
    ]
    return f' <small class="place">{" ".join(links)}</small>' if links else ""


def _html_line(line: Line, locate: Locate) -> str:
    return "".join(_html_inline(piece, locate) for piece in line)


def _html_entries(block: Entries, locate: Locate) -> str:
    tag = "ol" if block.numbered else "ul"
    rows = []
    for entry in block.entries:
        below = "".join(f"<li>{_html_line(line, locate)}</li>" for line in entry.below)
        inner = f"\n<ul>{below}</ul>" if below else ""
        rows.append(f"<li>{_html_line(entry.line, locate)}{inner}</li>")
    return f"<{tag}>\n" + "\n".join(rows) + f"\n</{tag}>"


def _html_grid(block: Grid, locate: Locate) -> str:
    heads = "".join(f"<th>{esc(head)}</th>" for head in block.heads)
    rows = [
        "<tr>" + "".join(f"<td>{_html_line(cell, locate)}</td>" for cell in row) + "</tr>"
        for row in block.rows
    ]
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>"


def markup(blocks: tuple[Block, ...], locate: Locate = str) -> str:
    """The document as HTML elements, for the body of a page."""
    parts = []
    for block in blocks:
        if isinstance(block, Heading):
            parts.append(f"<h{block.level}>{_html_line(block.line, locate)}</h{block.level}>")
        elif isinstance(block, Paragraph):
            parts.append(f"<p>{_html_line(block.line, locate)}</p>")
        elif isinstance(block, Grid):
            parts.append(_html_grid(block, locate))
        else:
            parts.append(_html_entries(block, locate))
    return "\n".join(parts)
