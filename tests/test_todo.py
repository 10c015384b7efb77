"""TODOs from the command line: listed, closed with what closes them, opened again; and their calendar."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import kg

from graph import closings
from graph.errors import KgError
from graph.views.todo_calendar import calendar, folded
from graph.views.todo_list import Todo

NOTE = """---
title: 调度例会（2031年3月）
date: 2031-04-01
---

# 1. 会议记录
## 2031年3月3日
### (1) Feature讨论
#### 1. Shared disk pools
已经完成。

# 2. TODO
1. 分析Shared disk pools
2. 弄清楚quota tree的细节
"""
OTHER = (
    NOTE.replace("2031年3月", "2031年4月")
    .replace("2031-04-01", "2031-05-01")
    .replace("quota tree", "fair queue")
)
LINK = "https://blog.example.org/67"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with two notes in folders of their own, and their store."""
    for name, text in (("a", NOTE), ("b", OTHER)):
        (tmp_path / "notes" / name).mkdir(parents=True)
        (tmp_path / "notes" / name / "post.md").write_text(text, encoding="utf-8")
    done = run(tmp_path, "build", "notes")
    assert done.code == 0, done.err
    return tmp_path


def run(place: Path, *args: object, **env: str):
    return kg(*args, store=place / "store", cwd=place, **env)


def listed(place: Path, *args: object) -> list[dict]:
    return json.loads(run(place, "todo", *args, "--format", "json").out)["rows"]


def id_of(place: Path, words: str) -> str:
    return next(str(row["todo"]) for row in listed(place) if words in row["text"])


def states(place: Path) -> dict[str, str]:
    return {row["todo"]: row["state"] for row in listed(place)}


def test_lists_by_month(place):
    done = run(place, "todo", "--today", "2031-06-01")
    assert done.code == 0
    assert re.findall(r"^(March|April) 2031: 2 open, 0 closed$", done.out, re.M) == ["March", "April"]
    assert "2031年3月：2 条未完成，0 条已关闭" in run(place, "todo", KG_LANG="zh").out


def test_filters(place):
    key = id_of(place, "quota tree")
    assert run(place, "todo", "close", key, "--by", LINK).code == 0
    assert [row["todo"] for row in listed(place, "--closed")] == [key]
    assert len(listed(place, "--open")) == 3
    assert len(listed(place, "--all", "--month", "2031年3月")) == 2
    assert listed(place, "--closed", "--month", "2031-04") == []
    assert run(place, "todo", "--month", "soon").code == 2


def test_formats_by_name_of_the_file(place):
    for name, start in (
        ("t.md", "# TODO"),
        ("t.ics", "BEGIN:VCALENDAR"),
        ("t.csv", "todo,text,"),
        ("t.json", "{"),
    ):
        assert run(place, "todo", "-o", name).code == 0
        assert (place / name).read_text("utf-8").startswith(start)


def test_close_keeps_over_rebuilds(place):
    key = id_of(place, "quota tree")
    done = run(
        place, "todo", "close", key[:5].upper(), "--by", LINK, "--note", 'why "so"', "--on", "2031-05-02"
    )
    assert done.code == 0, done.err
    assert key in done.err
    row = closings.read(place / "notes/a/todo-closed.toml")[0]
    assert (row.todo, row.by, row.on, row.note) == (key, LINK, "2031-05-02", 'why "so"')
    assert states(place)[key] == "COMPLETED"
    assert sorted(states(place).values()).count("COMPLETED") == 1
    assert run(place, "build", "notes").code == 0
    note = place / "notes/a/post.md"
    note.write_text(NOTE + "3. 试用pools\n", encoding="utf-8")
    assert run(place, "build", "notes").code == 0
    assert states(place)[key] == "COMPLETED"
    assert len(states(place)) == 5


def test_close_drops_no_other_source(place):
    before = {row["source"] for row in json.loads(run(place, "sources", "--format", "json").out)["rows"]}
    run(place, "todo", "close", id_of(place, "fair queue"), "--by", LINK)
    after = {row["source"] for row in json.loads(run(place, "sources", "--format", "json").out)["rows"]}
    assert after == before | {"notes/b/todo-closed.toml"}


def test_reopen(place):
    key, path = id_of(place, "quota tree"), place / "notes/a/todo-closed.toml"
    path.write_text("# kept by hand\n", encoding="utf-8")
    before = path.read_bytes()
    assert run(place, "todo", "close", key, "--by", LINK).code == 0
    done = run(place, "todo", "reopen", key[:4])
    assert done.code == 0, done.err
    assert path.read_bytes() == before
    assert states(place)[key] == "NEEDS-ACTION"
    assert run(place, "todo", "reopen", key).code == 1


def test_a_file_can_close(place):
    (place / "notes/a/answer.txt").write_text("x", encoding="utf-8")
    assert run(place, "todo", "close", id_of(place, "quota"), "--by", "answer.txt").code == 0


@pytest.mark.parametrize(
    "by", ["javascript://x", "file:///etc/passwd", "nowhere.md", " ", "https://u@h.example/"]
)
def test_what_cannot_close(place, by):
    done = run(place, "todo", "close", id_of(place, "quota"), "--by", by)
    assert done.code == 2
    assert not (place / "notes/a/todo-closed.toml").exists()


def test_unknown_and_short_ids(place):
    key = id_of(place, "quota tree")
    near = key[:-1] + ("0" if key[-1] != "0" else "1")
    done = run(place, "todo", "close", near, "--by", LINK)
    assert done.code == 3
    assert f"did you mean {key} " in done.err
    assert run(place, "todo", "close", "zzzz", "--by", LINK).code == 3
    assert run(place, "todo", "close", key[:3], "--by", LINK).code == 2


def test_closed_twice(place):
    key = id_of(place, "quota tree")
    run(place, "todo", "close", key, "--by", LINK)
    done = run(place, "todo", "close", key, "--by", LINK)
    assert done.code == 1
    assert "reopen" in done.err


def test_folder_gone(place):
    key = id_of(place, "quota tree")
    (place / "notes").rename(place / "moved")
    done = run(place, "todo", "close", key, "--by", LINK)
    assert done.code == 1
    assert "hint: run kg in the folder" in done.err


def test_ambiguous(place, monkeypatch):
    from graph.cli import todo as command
    from graph.errors import UnknownName

    monkeypatch.setattr(command, "_rows", lambda *_: _table("abcd1111", "abcd2222"))
    with pytest.raises(UnknownName) as caught:
        command._find(None, "abcd")
    assert caught.value.nearest == ("abcd1111 t", "abcd2222 t")
    assert command._find(None, "abcd1").id == "abcd1111"


def _table(*ids: str):
    from graph.table import Table

    columns = (
        "todo",
        "text",
        "about",
        "raised_in",
        "state",
        "age_days",
        "carried",
        "closed_by",
        "source",
        "line",
    )
    return Table(
        columns, tuple((key, "t", None, "2031-03", "NEEDS-ACTION", 1, 0, None, "n.md", 1) for key in ids)
    )


def test_report_of_a_month(place):
    key = id_of(place, "quota tree")
    run(place, "todo", "close", key, "--by", LINK)
    done = run(place, "report", "2031年3月", "--lang", "zh", "--today", "2031-06-01")
    assert done.code == 0
    assert done.out.startswith("# 调度例会（2031年3月）\n")
    assert f"（已完成：[{LINK}]({LINK})） `{key}`" in done.out
    assert run(place, "report", "2031-03", "-o", "out/r.html").code == 0
    assert 'href="../notes/a/post.md#L' in (place / "out/r.html").read_text("utf-8")
    empty = run(place, "report", "2030-01", "--lang", "en")
    assert empty.code == 0
    assert "No meeting is on record for January 2030." in empty.out
    assert "2031-03, 2031-04" in empty.err
    assert run(place, "report", "never").code == 2


# --- the file of closings ----------------------------------------------------------------------------------

FILES = (
    "",
    "# first\n",
    "# no line end",
    '[[closed]]\ntodo = "x"\nby = "y"\non = 2031-01-01\n',
    '# c\r\n[[closed]]\r\ntodo = "x"\r\nby = "y"\r\n\r\n# tail\r\n',
    '[[ closed ]] # odd\ntodo = "x"\nby = "y"\n\n[other]\nkey = [\n1,\n]\n',
)


@pytest.mark.parametrize("text", FILES)
def test_append_and_remove_keep_every_byte(tmp_path, text):
    path = tmp_path / "todo-closed.toml"
    path.write_bytes(text.encode())
    closings.append(path, "abcd", "b", "2031-02-03", "n")
    assert path.read_bytes().startswith(text.encode())
    assert [row.todo for row in closings.read(path)][-1] == "abcd"
    assert closings.remove(path, "abcd")
    assert path.read_bytes() in (text.encode(), text.encode() + b"\n")
    assert not closings.remove(path, "abcd")


def test_remove_from_the_middle(tmp_path):
    path = tmp_path / "todo-closed.toml"
    for key in ("aaaa", "bbbb", "cccc"):
        closings.append(path, key, "b", "2031-02-03")
    whole = path.read_text()
    assert closings.remove(path, "bbbb")
    part = '[[closed]]\ntodo = "bbbb"\nby = "b"\non = 2031-02-03\n\n'
    assert path.read_text() == whole.replace(part, "")
    assert closings.remove(path, "aaaa")
    assert path.read_text().startswith('[[closed]]\ntodo = "cccc"')


@pytest.mark.parametrize(
    "text",
    [
        'closed = [{todo = "x", by = "y"}]\n',
        'note = """\n[[closed]]\n"""\n[[closed]]\ntodo = "x"\nby = "y"\n',
    ],
)
def test_remove_leaves_what_it_cannot_cut(tmp_path, text):
    path = tmp_path / "todo-closed.toml"
    path.write_text(text)
    with pytest.raises(KgError, match="safely"):
        closings.remove(path, "x")
    assert path.read_text() == text


@pytest.mark.parametrize(
    "text", ["closed = 5\n", "closed = [5]\n", "[[closed]]\n", "=", '[[closed]]\ntodo = "x"\n']
)
def test_a_bad_file_is_refused_and_kept(tmp_path, text):
    path = tmp_path / "todo-closed.toml"
    path.write_text(text)
    with pytest.raises(KgError):
        closings.append(path, "x", "y", "2031-02-03")
    assert path.read_text() == text


@pytest.mark.parametrize(
    "note", ['"', "\\", "\x00\x1b\x7f", "a\nb\r\tc", "'''", '"""', "中文\u2028", "\ud800"]
)
def test_any_note_can_be_written(tmp_path, note):
    path = tmp_path / "todo-closed.toml"
    closings.append(path, "abcd", "b", "2031-02-03", note)
    assert closings.read(path)[0].note == note.replace("\ud800", "?")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


# --- calendar ----------------------------------------------------------------------------------------------


def item(**values: object) -> Todo:
    given = {
        "id": "abcd1234", "text": "读spec", "about": "", "raised": "2031-03", "state": "NEEDS-ACTION", "age": 3,
        "carried": 0, "by": "", "places": (("n.md", 4),),
    }  # fmt: skip
    return Todo(**{**given, **values})  # type: ignore[arg-type]


def test_folding_counts_octets():
    for text in ("x" * 300, "特性" * 100, "a特" * 90, "", "x" * 75, "x" * 76, "😀" * 40):
        lines = folded(text).split("\r\n")
        assert lines.pop() == ""
        assert all(len(line.encode()) <= 75 for line in lines)
        assert lines[0] + "".join(line[1:] for line in lines[1:]) == text
        assert all(line.startswith(" ") for line in lines[1:])


def test_calendar():
    text = calendar([item(text="a; b, c\\d\ne", state="COMPLETED", by=LINK)], {"abcd1234": "2031-05-02"})
    assert text == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//release-kg//kg todo//EN\r\nCALSCALE:GREGORIAN\r\n"
        "BEGIN:VTODO\r\nUID:abcd1234@release-kg\r\nDTSTAMP:20310301T000000Z\r\nCREATED:20310301T000000Z\r\n"
        "SUMMARY:a\\; b\\, c\\\\d\\ne\r\nDESCRIPTION:n.md:4\r\nSTATUS:COMPLETED\r\nPERCENT-COMPLETE:100\r\n"
        f"COMPLETED:20310502T000000Z\r\nCOMMENT:{LINK}\r\nURL:{LINK}\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    )


def test_calendar_has_no_line_of_the_notes():
    text = calendar([item(text="x\r\nEND:VTODO\r\nSTATUS:COMPLETED", by="javascript:x", state="odd")], {})
    assert text.count("\r\nEND:VTODO\r\n") == 1
    assert "URL:" not in text
    assert "\r\nSTATUS:NEEDS-ACTION\r\n" in text
