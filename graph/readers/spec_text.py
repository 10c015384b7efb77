"""One spec's text: its title, the blueprint its head links to, the table of its own history, what it says of others.

The text is laid out like this:

    =================================        the title, with or without the line above
    Count servers of one host by flavor
    =================================

    https://blueprints.launchpad.net/…       links near the head

    History
    =======

    .. list-table:: Revisions
       * - Queens
         - Introduced
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from graph.profile_specs import SpecWays

HEAD_LINES = 30
MOST_HEAD = 200  # lines a title is looked for in
WORDS = 240  # characters kept of what is said
MOST_SAID = 20
LEAST_SHARED = 25  # characters of a line that tells specs apart
_RULE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_HISTORY = re.compile(r"history\s*$", re.IGNORECASE)
_CELL = re.compile(r"\s*(\*\s+)?-\s+(.*)$")


@dataclass(frozen=True)
class SpecText:
    """What one spec says; `hashes` are those of all its lines that are long enough to tell something."""

    title: str
    line: int
    blueprints: tuple[str, ...]
    history: tuple[tuple[str, str], ...]
    said: tuple[tuple[int, str], ...]
    hashes: frozenset[int]


def read(text: str, ways: SpecWays) -> SpecText:
    """What a spec says; an empty title where it has none."""
    lines = text.split("\n")
    title, line = _title(lines)
    history = tuple(_history(lines)) if "istory" in text else ()
    return SpecText(title, line, _blueprints(lines, ways), history, said(text, lines, ways), hashes(lines))


def _title(lines: list[str]) -> tuple[str, int]:
    """The first line with a rule below it, and its number."""
    for number, (line, below) in enumerate(itertools.pairwise(lines[:MOST_HEAD]), 1):
        words = line.strip()
        if words and _RULE.match(below) and not _RULE.match(line) and not line.startswith(".."):
            return words, number
    return "", 0


def _blueprints(lines: list[str], ways: SpecWays) -> tuple[str, ...]:
    found = (m for line in lines[:HEAD_LINES] for m in ways.regex("blueprint").finditer(line))
    return tuple(dict.fromkeys(match[1].lower() for match in found if match.group(1)))


def _history(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Rows of the list-table below the heading that ends in "History"; the row of headings is none."""
    starts = [n for n, line in enumerate(lines[:-1]) if _HISTORY.search(line) and _RULE.match(lines[n + 1])]
    rows: list[list[str]] = []
    for line in lines[starts[-1] + 2 :] if starts else []:
        if _RULE.match(line) and rows:
            break
        _cell(line, rows)
    for row in rows[1:]:
        yield row[0], " ".join(row[1:])


def _cell(line: str, rows: list[list[str]]) -> None:
    """A line of a list-table into the rows so far."""
    cell = _CELL.match(line)
    if cell and cell[1]:
        rows.append([cell[2].strip()])
    elif cell and rows:
        rows[-1].append(cell[2].strip())
    elif rows and len(rows[-1]) > 1 and line.startswith(" ") and line.strip():
        rows[-1][-1] += " " + line.strip()


def said(text: str, lines: list[str], ways: SpecWays, name: str = "takes_up") -> tuple[tuple[int, str], ...]:
    """Lines that a pattern matches; one that speaks of taking up with the next line too, since sentences wrap."""
    regex = ways.regex(name)
    if not regex.search(text):
        return ()
    found: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if regex.search(line):
            wraps = ways.regex("takes_up").search(line) and number < len(lines)
            words = f"{line.strip()} {lines[number].strip()}" if wraps else line
            found.append((number, words.strip()[:WORDS]))
            if len(found) == MOST_SAID:
                break
    return tuple(found)


def hashes(lines: list[str]) -> frozenset[int]:
    """Hashes of the lines that are long enough to tell one text from another; spaces do not count."""
    folded = (" ".join(line.split()) for line in lines if len(line) > LEAST_SHARED)
    return frozenset(zlib.crc32(line.encode()) for line in folded if len(line) > LEAST_SHARED)
