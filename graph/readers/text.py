"""Bytes of a note to lines of text, under limits, whatever the encoding."""

from __future__ import annotations

import unicodedata

from graph.errors import Problem

MAX_BYTES = 5_000_000
MAX_LINE = 10_000
# Tried in this order: a BOM decides; UTF-8 refuses what it is not; GB18030 accepts nearly anything, so last.
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def _looks_binary(data: bytes) -> bool:
    head = data[:8192]
    if b"\x00" in head:
        return True
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in head)
    return controls * 50 > len(head)


def _looks_read(text: str) -> bool:
    """Whether text decoded as GB18030 is plausible: few private, unassigned or control characters."""
    sample = text[:4000]
    strange = sum(
        unicodedata.category(char) in ("Co", "Cn", "Cs", "Cc") and char not in "\r\n\t\f" for char in sample
    )
    return strange * 100 <= len(sample)


def decode(data: bytes, source: str) -> str | Problem:
    """The text of a note, or why it cannot be read."""

    def refused(what: str, hint: str) -> Problem:
        return Problem(source, 0, "refused", what, hint=hint)

    if len(data) > MAX_BYTES:
        size = f"{len(data):,} bytes, more than the limit of {MAX_BYTES:,}"
        return refused(f"the file has {size}", "split it, a post a file")
    if not data.strip():
        return refused("the file is empty", "write something, or take the file away")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    if _looks_binary(data):
        return refused("the file is binary, not text", "give text: Markdown or plain lines")
    return _guessed(data, source)


def _guessed(data: bytes, source: str) -> str | Problem:
    """Text without a mark of its encoding: UTF-8, else GB18030 where that reads like text."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            text = ""
        if text and _looks_read(text):
            return text
        return Problem(source, line, "refused", "neither UTF-8 nor GB18030", hint="save the file as UTF-8")


def lines_of(text: str, source: str) -> tuple[list[str], list[Problem]]:
    """Lines without their ends (LF, CRLF or CR), numbered from 1 by place; too long ones are cut and said."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    problems = []
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            lines[number - 1] = line[:MAX_LINE]
            what = f"the line has {len(line):,} characters; read up to {MAX_LINE:,}"
            problems.append(Problem(source, number, "unread", what, line[:80], hint="break the line"))
    return lines, problems
