"""TODOs from the command line: listed, closed with what closes them, opened again; and their calendar."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import kg
from extract_samples import extract

from graph import closings, lexicon
from graph.errors import KgError
from graph.extract.done import DoneFinder
from graph.facts import Learnt
from graph.facts import Todo as Fact
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
    # What April lists again is one TODO with March's.
    found = re.findall(r"^(March|April) 2031: (\d) open, 0 closed$", done.out, re.M)
    assert found == [("March", "2"), ("April", "1")]
    assert [row["carried"] for row in listed(place)] == [1, 0, 0]
    assert "2031年3月：2 条未完成，0 条已关闭" in run(place, "todo", KG_LANG="zh").out


def test_filters(place):
    key = id_of(place, "quota tree")
    assert run(place, "todo", "close", key, "--by", LINK).code == 0
    assert [row["todo"] for row in listed(place, "--closed")] == [key]
    assert len(listed(place, "--open")) == 2
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
    assert len(states(place)) == 4


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


def test_ambiguous():
    from graph.cli.todo_store import pick
    from graph.errors import UnknownName

    names = {key: item(id=key, text="t") for key in ("abcd1111", "abcd2222")}
    names["ffff0000"] = names["abcd1111"]  # an id it had before
    with pytest.raises(UnknownName) as caught:
        pick("abcd", names)
    assert caught.value.nearest == ("abcd1111 t", "abcd2222 t")
    assert pick("abcd1", names).id == pick("#FFFF", names).id == "abcd1111"


def test_report_of_a_month(place):
    key = id_of(place, "quota tree")
    run(place, "todo", "close", key, "--by", LINK)
    done = run(place, "report", "2031年3月", "--lang", "zh", "--today", "2031-06-01")
    assert done.code == 0
    assert done.out.startswith("# 调度例会（2031年3月）\n")
    line = next(line for line in done.out.splitlines() if f"`{key}`" in line)
    assert f"]({LINK})" in line
    assert run(place, "report", "2031-03", "-o", "out/r.html").code == 0
    assert 'href="../notes/a/post.md#L' in (place / "out/r.html").read_text("utf-8")
    empty = run(place, "report", "2030-01", "--lang", "en")
    assert empty.code == 0
    assert "No meeting is on record for January 2030." in empty.out
    assert "2031-03, 2031-04" in empty.err
    assert run(place, "report", "never").code in (2, 3)


def test_several_at_once_and_the_log(place):
    keys = [id_of(place, words) for words in ("quota tree", "fair queue")]
    done = run(place, "todo", "close", *keys, keys[0], "--by", LINK, "--on", "2031-05-02", "--note", "read")
    assert done.code == 0, done.err
    rows = json.loads(run(place, "todo", "log", "--format", "json").out)["rows"]
    assert [(row["todo"], row["closed_on"], row["by"], row["note"], row["state"]) for row in rows] == [
        (key, "2031-05-02", LINK, "read", "closed") for key in keys
    ]
    assert [row["source"] for row in rows] == ["notes/a/todo-closed.toml", "notes/b/todo-closed.toml"]
    assert "已关闭" in run(place, "todo", "log", KG_LANG="zh").out
    assert run(place, "todo", "close", keys[0], "zzzz", "--by", LINK).code == 3
    assert run(place, "todo", "reopen", *keys).code == 0
    assert json.loads(run(place, "todo", "log", "--format", "json").out)["rows"] == []
    assert set(states(place).values()) == {"NEEDS-ACTION"}


DECIDED = NOTE.replace(
    "已经完成。", "最终，决定让 @alice 去写aggregate generation的补丁。后续学习下generation的冲突处理。"
).replace("1. 分析Shared disk pools", "1. 试用pools的命令")


def test_decisions_and_promises_stand_beside_the_lists(place):
    (place / "notes/a/post.md").write_text(DECIDED, "utf-8")
    run(place, "build", "notes")
    kinds = {row["kind"]: row for row in listed(place)}
    assert set(kinds) == {"listed", "promised", "assigned"}
    key = kinds["assigned"]["todo"]
    assert kinds["assigned"]["assignee"] == "alice"
    assert [row["todo"] for row in listed(place, "--assignee", "@Alice")] == [key]
    assert run(place, "todo", "--assignee", "nobody-of-that-name").code == 3
    assert "assigned @alice" in run(place, "todo").out
    in_query = json.loads(run(place, "query", "todos", "--format", "json").out)["rows"]
    assert key not in {row["todo"] for row in in_query}
    assert run(place, "todo", "close", key, "--by", LINK).code == 0
    (place / "notes/a/post.md").write_text(DECIDED.replace("去写aggregate", "去写 aggregates"), "utf-8")
    assert run(place, "build", "notes").code == 0
    closed = listed(place, "--closed")
    assert [row["assignee"] for row in closed] == ["alice"]
    assert run(place, "todo", "reopen", closed[0]["todo"]).code == 0


def test_only_of_a_feature(place):
    assert len(listed(place, "--feature", "shared disk pool")) == 1
    assert run(place, "todo", "--feature", "no such thing").code == 3


def test_what_may_have_closed_it_is_told_and_closes_nothing(place):
    later = OTHER.replace("2031年4月3日", "2031年5月3日").replace("2031-05-01", "2031-06-01")
    later = later.replace("2031年4月", "2031年5月").replace(
        "已经完成。", "已经完成，见 #71 和 https://example.org/pools"
    )
    (place / "notes/c").mkdir()
    (place / "notes/c/post.md").write_text(later.split("# 2.")[0], "utf-8")
    assert run(place, "build", "notes").code == 0
    key = id_of(place, "Shared disk pools")
    out = run(place, "todo").out
    assert f"maybe done: {key} discussed again on 2031-05-03" in out
    assert f"maybe done: {key} post #71 named on 2031-05-03 (notes/c/post.md:10)" in out
    command = f"kg todo close {key} --by https://example.org/pools"
    assert command in out
    assert "可能已完成" in run(place, "todo", "--format", "md", KG_LANG="zh").out
    assert states(place)[key] == "NEEDS-ACTION"
    assert "maybe done" not in run(place, "todo", "--no-suggest").out
    told = json.loads(run(place, "todo", "--format", "json").out)["suggestions"]
    assert command in {row["command"] for row in told}
    for row in told:
        assert run(place, *row["command"].split()[1:]).code in (0, 1)  # the first closes it
    assert states(place)[key] == "COMPLETED"


# --- marks ------------------------------------------------------------------------------------------------

DONE = """分析Alternate hosts（已完成）; 分析Alternate hosts 已完成; Alternate hosts分析已完成; 学完了Granular requests
Alternate hosts学完了，见 https://x.org/1; [done] read cells; (done) read cells; Done: read cells; read cells (done)
read cells - done; read cells — done, see #67; read cells: closed by post #67; read cells (closed by post #67)
✅ read cells; read cells ✅; [√] 分析cells; #12 learned; The cells article is written; learned about cells
已完成：分析cells; cells 闭环 #67; 分析cells（#67 闭环）; 分析cells（2018-02-11 完成）; read cells (done 2018-02-11)"""
OPEN = """write up lessons learned; get the migration done; 分析Alternate hosts（未完成）; Alternate hosts没学完
基本学完Alternate hosts; read cells (not done); read cells (nearly done); 弄清楚已完成的迁移为什么还占资源
understand how resize is done; 分析resize怎么完成; 分析cells（延续）; 了解完成度统计; read the finished series"""


@pytest.mark.parametrize(
    ("text", "done"),
    [(t.strip(), d) for d, ts in ((True, DONE), (False, OPEN)) for t in re.split(r"[;\n]", ts)],
)
def test_a_mark_says_done(text, done):
    left, said = DoneFinder(lexicon.load()).strip(text)
    assert said == done
    assert left == text or done
    assert not re.search("done|完成|closed|闭环|✅|#67", left.lower()) or not done


LISTS = """## 2018-01-08
### Features
#### 1. Cells
@alice 学完了cells. 这个月学完了Quota tree, 很有意思。
> 学完了NUMA
## TODO
- [x] one thing
- ~~second thing~~ (see #67)
- third thing ~~of old~~
- #1f3a9c20 done
- 已完成：
  - fourth thing
  - fifth thing
- sixth thing
  - a detail
Done:
- seventh thing

Carried over:
- eighth thing
"""


def test_lists_with_marks_and_words_of_learning():
    facts = extract(LISTS).facts
    listed = {fact.text: fact.done for fact in facts if isinstance(fact, Fact)}
    assert listed == {
        "one thing": True, "second thing": True, "third thing": False, "fourth thing": True, "fifth thing": True,
        "sixth thing": False, "seventh thing": True, "eighth thing": False,
    }  # fmt: skip
    assert sorted((fact.text, fact.date) for fact in facts if isinstance(fact, Learnt)) == [
        ("#1f3a9c20", "2018-01"), ("Quota tree", "2018-01-08"),
    ]  # fmt: skip


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


def _parsed(text: str) -> list[dict[str, str]]:
    """The properties of each VTODO, by a strict reading of RFC 5545."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found: list[dict[str, str]] = []
    head = {}
    for line in lines[1:-1]:
        name, value = re.fullmatch(r"([A-Z-]+):([^\x00-\x08\x0a-\x1f\x7f]*)", line).groups()
        if name == "BEGIN":
            assert value == "VTODO"
            found.append({})
        elif name != "END":
            (found[-1] if found else head)[name] = value
    assert head["VERSION"] == "2.0"
    assert head["PRODID"]
    for row in found:
        assert {"UID", "DTSTAMP", "SUMMARY", "STATUS"} <= set(row)
        assert row["STATUS"] in ("NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED")
        for stamp in ("DTSTAMP", "CREATED", "COMPLETED"):
            assert re.fullmatch(r"\d{8}T\d{6}Z", row.get(stamp, "20180101T000000Z"))
        for value in (row["SUMMARY"], row.get("CATEGORIES", "")):
            assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value)
    assert len({row["UID"] for row in found}) == len(found)
    return found


def test_the_calendar_of_a_store_is_valid_and_the_same_every_time(place):
    key = id_of(place, "quota tree")
    run(place, "todo", "close", key, "--by", LINK, "--on", "2031-05-02")
    text = run(place, "todo", "--format", "ics").out
    assert text == run(place, "todo", "--format", "ics").out
    rows = {row["UID"]: row for row in _parsed(text)}
    assert len(rows) == 3
    closed = rows[f"{key}@release-kg"]
    assert (closed["STATUS"], closed["COMPLETED"], closed["URL"]) == ("COMPLETED", "20310502T000000Z", LINK)
    pools = next(row for row in rows.values() if "Shared disk" in row["SUMMARY"])
    assert pools["CATEGORIES"] == "Shared disk pools"
    assert "DUE" not in text


def _built(place: Path, **notes: str) -> Path:
    (place / "n").mkdir()
    for name, text in notes.items():
        (place / f"n/{name}.md").write_text(text, encoding="utf-8")
    done = run(place, "build", "n")
    assert done.code == 0, done.err
    return place


def test_the_calendar_has_the_day_from_which_the_age_counts(place):
    key = id_of(place, "quota tree")
    rows = {row["UID"]: row for row in _parsed(run(place, "todo", "--format", "ics").out)}
    row = rows[f"{key}@release-kg"]
    assert row["CREATED"] == row["DTSTAMP"] == "20310303T000000Z"
    ages = {row["todo"]: row["age_days"] for row in listed(place, "--today", "2031-03-13")}
    assert ages[key] == 10


# --- the day that is asked for -----------------------------------------------------------------------------


def test_nothing_is_suggested_that_comes_after_the_day_asked_for(tmp_path):
    again = "## 2018-0{n}-12\n### Features\n#### 1. Cells\nSee https://example.org/{n}.\n"
    first = "## 2018-01-08\n### Features\n#### 1. Cells\nIn progress.\n\n## TODO\n- read about cells\n"
    place = _built(tmp_path, one=first, two=again.format(n=2), four=again.format(n=4))
    assert "example.org/4" in run(place, "todo").out
    for lang in ("en", "zh"):
        march = run(place, "todo", "--today", "2018-03-01", KG_LANG=lang).out
        assert "example.org/2" in march
        assert "2018-04" not in march
        assert "example.org" not in run(place, "todo", "--today", "2018-02-11", KG_LANG=lang).out
    told = json.loads(run(place, "todo", "--today", "2018-03-01", "--format", "json").out)["suggestions"]
    assert {row["by"] for row in told if row["by"].startswith("http")} == {"https://example.org/2"}


# --- words in quotation marks --------------------------------------------------------------------------------

NAMED = """上个月的 TODO “搞清楚 generation id 的机制” 已经弄懂了。|TODO“搞清楚generation id的机制”，已经完成。
弄懂了上个月的待办「generation id的机制」|Last month's TODO "read about generation id" is done.
The TODO “read about generation id” has been closed by post #67.|TODO「generation id的机制」学完了"""
UNNAMED = """上个月的 TODO “搞清楚 generation id 的机制” 还没弄懂。|The TODO "read about generation id" is not done.
有人说“generation id 的机制 已经弄懂了”。|When the TODO "read about generation id" is done, we go on.
TODO “generation id 的机制” 基本弄懂了|TODO “generation id 的机制” 已经弄懂了吗？"""


@pytest.mark.parametrize(
    ("text", "done"),
    [(t.strip(), d) for d, ts in ((True, NAMED), (False, UNNAMED)) for t in re.split(r"[|\n]", ts)],
)
def test_a_todo_named_in_quotation_marks(text, done):
    assert bool(DoneFinder(lexicon.load()).named(text)) == done
    heard = [fact.text for fact in extract(f"## 2018-02-05\n{text}\n").facts if isinstance(fact, Learnt)]
    assert any("generation id" in said for said in heard) == done


@pytest.mark.parametrize(
    ("todo", "said"),
    [
        ("搞清楚 generation id 的机制", "上个月的 TODO “搞清楚 generation id 的机制” 已经弄懂了。"),
        ("read about generation ids", 'Last month\'s TODO "read about generation ids" is done.'),
    ],
)
def test_a_later_note_that_quotes_it_closes_it(tmp_path, todo, said):
    place = _built(
        tmp_path,
        one=f"## 2018-01-08\n### Features\n#### 1. Cells\n进行中。\n\n## TODO\n- {todo}\n- read about quotas\n",
        two=f"## 2018-02-05\n### Features\n#### 1. Cells\n{said}\n",
    )
    assert {row["text"]: (row["state"], row["closed_by"]) for row in listed(place)} == {
        todo: ("COMPLETED", "n/two.md:4"),
        "read about quotas": ("NEEDS-ACTION", None),
    }


# --- several lists in one post -------------------------------------------------------------------------------

MONTHS = (
    "# March 2018\n## 2018-03-05\n### Features\n#### 1. Cells\nIn progress.\n\n## TODO\n- read about cells\n\n"
    "# April 2018\n## 2018-04-09\n### Features\n#### 1. Quotas\nDone.\n\n## TODO\n- look into quota trees\n"
)
HEADED = f"# Notes\n{MONTHS.replace('# ', '## ')}"
FLAT = re.sub(r"# (March|April) 2018\n", "", MONTHS)
MONATE = (
    "# 2018年3月\n## TODO\n1. 分析cells\n## 会议记录\n### 2018年3月5日\n#### Feature\n##### 1. Cells\n进行中。\n\n"
    "# 2018年4月\n## TODO\n1. 分析quota tree\n## 会议记录\n### 2018年4月9日\n#### Feature\n##### 1. Quotas\n完成。\n"
)


@pytest.mark.parametrize(
    "text", [MONTHS, HEADED, FLAT, MONATE], ids=["sections", "one head", "flat", "first"]
)
def test_each_list_of_a_post_has_the_day_of_its_section(text):
    found = [fact for fact in extract(text).facts if isinstance(fact, Fact)]
    assert [fact.raised for fact in found] == ["2018-03-05", "2018-04-09"]
    assert [fact.meeting.date for fact in found if fact.meeting] == ["2018-03-05", "2018-04-09"]


def test_a_list_of_the_whole_post_has_its_month():
    text = "# Records\n## 2018-03-05\n### Features\n#### 1. Cells\nDone.\n## 2018-04-09\n### Features\n#### 1. Quotas\nDone.\n"
    found = [
        fact for fact in extract(f"{text}\n# TODO\n- read about cells\n").facts if isinstance(fact, Fact)
    ]
    assert [(fact.raised, fact.meeting) for fact in found] == [("2018-04", None)]
