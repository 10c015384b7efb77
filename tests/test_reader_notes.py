"""Bytes to blocks: encodings, limits, front matter, and the marks of both layouts."""

from __future__ import annotations

import pytest

from graph.readers import notes
from graph.readers.text import MAX_BYTES, MAX_LINE
from graph.records import Block, NoteRecord


def read(text: str | bytes, name: str = "note.md") -> NoteRecord:
    record, problems = notes.read(text if isinstance(text, bytes) else text.encode(), name)
    assert record is not None
    assert not problems
    return record


def shape(blocks: tuple[Block, ...]) -> list[tuple[str, int, str, int, str]]:
    return [(b.role, b.level, b.marker, b.first, " / ".join(b.lines)) for b in blocks]


def test_markdown() -> None:
    text = "# One\n\ntext\nmore\n\n- a\n  - b\n1. c\n\n> said\n\n```\ncode\n```\n"
    assert shape(read(text).blocks) == [
        ("heading", 1, "", 1, "One"), ("text", 0, "", 3, "text / more"), ("item", 0, "-", 6, "a"),
        ("item", 1, "-", 7, "b"), ("item", 0, "1.", 8, "c"), ("quote", 0, "", 10, "said"), ("code", 0, "", 12,
    "``` / code / ```"),
    ]  # fmt: skip


def test_plain_lines() -> None:
    text = "2018年1月8日\n(1) Feature讨论\n1. One\n- a\n  - b\nwords\n"
    record = read(text, "note.txt")
    assert record.layout == "plain"
    assert shape(record.blocks) == [
        ("text", 0, "", 1, "2018年1月8日"), ("item", 0, "(1)", 2, "Feature讨论"), ("item", 0, "1.", 3, "One"),
        ("item", 0, "-", 4, "a"), ("item", 1, "-", 5, "b"), ("text", 0, "", 6, "words"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["note.md", "note.txt"])
def test_a_table_is_rows(name: str) -> None:
    record = read("# T\n\n| what | when |\n| --- | --- |\n| RC1 | August 9 |\n", name)
    assert [row for row in shape(record.blocks) if row[0] == "table"] == [
        ("table", 0, "head", 3, "| what | when |"), ("table", 0, "", 5, "| RC1 | August 9 |"),
    ]  # fmt: skip


def test_underlined_headings_of_plain_text() -> None:
    assert shape(read("One\n===\n\nTwo\n---\n", "note.txt").blocks) == [
        ("heading", 1, "", 1, "One"), ("heading", 2, "", 4, "Two"),
    ]  # fmt: skip


def test_headings_without_a_blank() -> None:
    blocks = read("#第一\n\n##Two\n\n#65 is a post\n").blocks
    assert [(b.role, b.lines[0]) for b in blocks] == [
        ("heading", "第一"),
        ("heading", "Two"),
        ("text", "#65 is a post"),
    ]


@pytest.mark.parametrize("opening", ["---\n", ""])
@pytest.mark.parametrize("indent", ["  ", ""])
def test_front_matter(opening: str, indent: str) -> None:
    record = read(
        f"{opening}title: A title\ntags:\n{indent}- Nova\n{indent}- Train\ndate: 2018-02-01 20:32:51\n---\n\nwords\n"
    )
    assert dict(record.front) == {"title": "A title", "tags": "Nova, Train", "date": "2018-02-01 20:32:51"}
    assert [block.lines for block in record.blocks] == [("words",)]


@pytest.mark.parametrize(
    "front", ["a: &x 1\nb: *x", "a: !!python/object:os.system x", "<<: *x", "a: [", "- 1"]
)
def test_front_matter_that_is_not_read_is_said(front: str) -> None:
    record, problems = notes.read(f"---\n{front}\n---\n\nwords\n".encode(), "note.md")
    assert record is not None
    assert record.front == ()
    assert [problem.kind for problem in problems] == ["unread"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"\x00\x01\x02",
        b"\xff\xfe\x00\xd8\x00"[:1] + b"\x80\x81\x20" * 50,
        b"a" * (MAX_BYTES + 1),
    ],
    ids=["empty", "blank", "binary", "no encoding", "too long"],
)
def test_refused(data: bytes) -> None:
    record, problems = notes.read(data, "note.md")
    assert record is None
    assert [problem.kind for problem in problems] == ["refused"]
    assert problems[0].hint


def test_a_line_without_end_is_cut_and_said() -> None:
    record, problems = notes.read(b"a" * (MAX_LINE + 5), "note.md")
    assert record is not None
    assert [(problem.line, problem.kind) for problem in problems] == [(1, "unread")]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends(end: str) -> None:
    assert read("# One\n\n- a\n".replace("\n", end)).blocks == read("# One\n\n- a\n").blocks


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    text = "# 会议记录\n\n- 目前基本完成，没有什么进展\n"
    assert read(text.encode(encoding)).blocks == read(text).blocks
