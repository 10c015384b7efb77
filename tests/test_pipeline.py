"""What a build does with its sources: the same facts whatever the order, and a clear word for what cannot be read."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, content, kg, rows

from graph import places, profile, sources
from graph.store import Reader

TWO = {
    "a.md": (
        "# Notes\n## 2018-03-05\n### Features\n#### 1. Volume types\nThis is done.\n"
        "#### 2. Cold cells\n@ann is working on it: https://review.openstack.org/#/c/500001/\n"
    ),
    "b.md": (
        "# Notes\n## 2018-03-12\n### Features\n#### 1. Volume type\nDeferred to the Stein release.\n"
        "### Bugs\n#### [bug/1750001](https://bugs.launchpad.net/nova/+bug/1750001) cells hang\n@bob fixed it.\n"
    ),
    "c.txt": "2018-03-19\n\nFeatures\n\n1. Cold cells\n- no progress this week\n\nTODO\n- read about cold cells\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder `n` of three short notes, and a place for stores beside it."""
    place = tmp_path / "n"
    place.mkdir()
    for name, text in TWO.items():
        (place / name).write_text(text, "utf-8")
    return place


def built(cwd: Path, *given: object, name: str = "store", code: int = 0) -> list[str]:
    done = kg("build", *given, store=cwd / name, cwd=cwd)
    assert done.code == code, done.err
    return content(cwd / name)


# --- again, and in any order -----------------------------------------------------------------------------------


def test_a_second_build_says_that_nothing_changed(folder: Path):
    store = folder.parent / "store"
    assert kg("build", "n", store=store, cwd=folder.parent).code == 0
    with Reader(store) as reader:
        before = reader.generation
    done = kg("build", "n", store=store, cwd=folder.parent)
    assert (done.code, done.err.splitlines()[0]) == (0, "nothing changed")
    assert "3 unchanged" in done.err
    with Reader(store) as reader:
        assert reader.generation == before


def test_the_order_of_the_files_does_not_count(folder: Path):
    (folder / "d.md").write_text(TWO["a.md"].replace("03-05", "03-26").replace("ann", "zoe"), "utf-8")
    whole = built(folder.parent, "n", name="whole")
    names = sorted(path.name for path in folder.iterdir())
    orders = list(itertools.permutations(names))[::6]
    for turn, order in enumerate(orders):
        for name in order:
            result = built(folder.parent, f"n/{name}", name=f"one-by-one-{turn}")
        assert result == whole, order
    reverse = [f"n/{name}" for name in reversed(names)]
    assert built(folder.parent, *reverse, name="reverse") == whole


@pytest.mark.parametrize("path", ["./n", "n/", ".//n", "n/../n", "n/."])
def test_the_spelling_of_a_path_does_not_count(folder: Path, path: str):
    assert built(folder.parent, path, name="spelt") == built(folder.parent, "n", name="plain")


def test_a_file_that_came_and_went_leaves_nothing(folder: Path):
    before = built(folder.parent, "n")
    (folder / "d.md").write_text(
        TWO["a.md"].replace("Cold cells", "Warm cells").replace("ann", "zoe"), "utf-8"
    )
    assert built(folder.parent, "n") != before
    (folder / "d.md").unlink()
    assert built(folder.parent, "n") == before


def test_words_that_change_back_leave_nothing(folder: Path):
    before = built(folder.parent, "n")
    (folder / "a.md").write_text(TWO["a.md"].replace("done", "abandoned"), "utf-8")
    assert built(folder.parent, "n") != before
    (folder / "a.md").write_text(TWO["a.md"], "utf-8")
    assert built(folder.parent, "n") == before


# --- what cannot be read -----------------------------------------------------------------------------------------


def refused(tmp_path: Path, name: str) -> str:
    """Build a good note beside a bad one; what was said of the bad one. The good one must be there."""
    (tmp_path / "good.md").write_text(TWO["a.md"], "utf-8")
    done = kg("build", "good.md", name, store=tmp_path / "store", cwd=tmp_path)
    assert done.code == 1
    assert [row["source"] for row in rows(tmp_path / "store", "sources")] == ["good.md"]
    assert len(rows(tmp_path / "store", "discussions")) == 2
    assert [row["source"] for row in rows(tmp_path / "store", "problems") if row["kind"] == "refused"] == [
        name
    ]
    assert kg("check", store=tmp_path / "store").code == 0
    said = done.err.splitlines()
    return "\n".join(line for line in said if line.startswith(("error:", "hint:")))


def test_a_missing_file(tmp_path: Path):
    assert refused(tmp_path, "none.md") == "error: none.md: there is no such file\nhint: check the path"
    assert kg("check", store=tmp_path / "store").code == 0


def test_a_link_to_nowhere(tmp_path: Path):
    (tmp_path / "link.md").symlink_to(tmp_path / "nowhere")
    assert refused(tmp_path, "link.md") == "error: link.md: there is no such file\nhint: check the path"


def test_a_link_to_itself(tmp_path: Path):
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    assert refused(tmp_path, "loop.md") == (
        "error: loop.md: cannot be opened: Too many levels of symbolic links\nhint: check the path and its permissions"
    )


def test_a_pipe(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.md")
    assert (
        refused(tmp_path, "pipe.md") == "error: pipe.md: it is no regular file\nhint: give a file or a folder"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path):
    (tmp_path / "shut.md").write_text("# x")
    (tmp_path / "shut.md").chmod(0)
    assert (
        refused(tmp_path, "shut.md")
        == "error: shut.md: cannot be read: Permission denied\nhint: check its permissions"
    )


def test_a_file_that_fails_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def failing(path: Path) -> bytes:
        raise OSError(5, "Input/output error") if path.name == "bad.md" else AssertionError

    (tmp_path / "bad.md").write_text("# x")
    monkeypatch.setattr(Path, "read_bytes", failing)
    found = places.read_bytes(str(tmp_path / "bad.md"), 100)
    assert (found.what, found.hint) == ("cannot be read: Input/output error", "check its permissions")


@pytest.mark.parametrize("data", [b"", b"  \n\n"])
def test_an_empty_file(tmp_path: Path, data: bytes):
    (tmp_path / "empty.md").write_bytes(data)
    said = "error: empty.md: the file is empty\nhint: write something, or take the file away"
    assert refused(tmp_path, "empty.md") == said


def test_a_binary_file(tmp_path: Path):
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 20)
    said = "error: binary.md: the file is binary, not text\nhint: give text: Markdown or plain lines"
    assert refused(tmp_path, "binary.md") == said


def test_bytes_of_no_known_encoding(tmp_path: Path):
    (tmp_path / "odd.md").write_bytes(b"# x\n## 2018-03-05\n" + bytes([0xFF, 0xFF, 0xFF]) * 40)
    said = "error: odd.md:3: neither UTF-8 nor GB18030\nhint: save the file as UTF-8"
    assert refused(tmp_path, "odd.md") == said


def test_a_file_of_50_MB(tmp_path: Path):  # noqa: N802
    with (tmp_path / "huge.md").open("wb") as file:
        file.truncate(50_000_000)
    said = "error: huge.md: the file has 50,000,000 bytes, more than the limit of 5,000,000"
    assert refused(tmp_path, "huge.md") == f"{said}\nhint: split it, a post a file"


def test_a_file_of_no_known_kind(tmp_path: Path):
    (tmp_path / "picture.xyz").write_text("no note")
    said = "error: picture.xyz: no kind of source is known for it\nhint: notes are text: .md, .txt; a repository is given by its folder"
    assert refused(tmp_path, "picture.xyz") == said


def test_a_file_of_no_known_kind_in_a_folder_is_skipped_and_counted(folder: Path):
    (folder / "picture.xyz").write_text("no note")
    done = kg("build", "n", store=folder.parent / "store", cwd=folder.parent)
    assert done.code == 0
    assert "3 read, 1 of unknown kind, skipped" in done.err


def test_a_missing_folder_drops_nothing(folder: Path):
    before = built(folder.parent, "n")
    folder.rename(folder.parent / "m")
    after = built(folder.parent, "n", code=1)
    assert [line for line in after if "/graph/refused" not in line] == before


def test_a_folder_of_too_many_files(folder: Path, monkeypatch: pytest.MonkeyPatch):
    before = built(folder.parent, "n")
    monkeypatch.setattr(places, "MOST_FILES", 2)
    done = kg("build", "n", store=folder.parent / "store", cwd=folder.parent)
    assert done.code == 1
    assert "error: n: it holds more than 2 files; the rest was not read" in done.err
    assert set(before) <= set(content(folder.parent / "store"))


# --- last good facts -------------------------------------------------------------------------------------------


def test_a_source_refused_later_keeps_its_facts_and_is_flagged(folder: Path):
    store = folder.parent / "store"
    before = built(folder.parent, "n")
    (folder / "b.md").write_bytes(b"\0\0\0")
    assert set(before) <= set(built(folder.parent, "n", code=1))
    flags = [(r["source"], r["what"]) for r in rows(store, "problems") if r["kind"] == "refused"]
    assert flags == [("n/b.md", "the file is binary, not text")]
    built(folder.parent, "n/a.md")  # a build of another source does not forget it
    assert [r["source"] for r in rows(store, "problems") if r["kind"] == "refused"] == ["n/b.md"]
    assert kg("build", "n", store=store, cwd=folder.parent).code == 1
    (folder / "b.md").write_text(TWO["b.md"], "utf-8")
    assert built(folder.parent, "n") == before


def test_a_file_gone_from_its_folder_is_dropped_and_one_given_alone_is_not(folder: Path):
    alone = folder.parent / "alone.md"
    alone.write_text(TWO["a.md"].replace("03-05", "04-02"), "utf-8")
    built(folder.parent, "n", "alone.md")
    (folder / "b.md").unlink()
    alone.unlink()
    done = kg("build", "n", store=folder.parent / "store", cwd=folder.parent)
    assert (done.code, done.err.splitlines()[0]) == (0, "2 unchanged, 1 dropped")
    assert [r["source"] for r in rows(folder.parent / "store", "sources")] == [
        "alone.md",
        "n/a.md",
        "n/c.txt",
    ]


def test_a_file_gone_from_a_folder_within_the_one_given_is_dropped(folder: Path):
    inner = folder / "inner"
    inner.mkdir()
    (inner / "d.md").write_text(TWO["a.md"].replace("03-05", "04-02"), "utf-8")
    built(folder.parent, "n/inner")
    (inner / "d.md").unlink()
    built(folder.parent, "n")
    assert [r["source"] for r in rows(folder.parent / "store", "sources")] == ["n/a.md", "n/b.md", "n/c.txt"]


def test_a_source_is_dropped_by_hand(folder: Path):
    store = folder.parent / "store"
    (folder / "c.txt").rename(folder.parent / "c.txt")
    before = built(folder.parent, "n", name="without")
    built(folder.parent, "n", "c.txt")
    assert kg("sources", "--drop", "./c.txt", store=store, cwd=folder.parent).code == 0
    assert content(store) == before
    done = kg("sources", "--drop", "c.txt", store=store, cwd=folder.parent)
    assert (done.code, done.err) == (
        3,
        "error: no source 'c.txt' in the store\nhint: `kg sources` lists them\n",
    )


# --- settings of a folder --------------------------------------------------------------------------------------


CORRECTIONS = """
[[correction]]
source = "b.md"
line = 5
fact = "status"
set = { release = "train" }
reason = "the author meant Train"

[[correction]]
source = "a.md"
line = 5
fact = "status"
drop = true
reason = "said of something else"
"""


def test_corrections_are_applied_survive_and_are_listed(folder: Path):
    store = folder.parent / "store"
    (folder / "corrections.toml").write_text(CORRECTIONS, "utf-8")
    for _ in range(2):
        built(folder.parent, "n")
        shutil.copy(folder / "a.md", folder / "d.md")  # another build, that changes something
        found = {(r["source"], r["status"], r["release"]) for r in rows(store, "statuses")}
        assert ("n/b.md", "deferred", "train") in found
        assert ("n/a.md", "done", None) not in found
        listed = [
            (r["source"], r["line"], r["what"], r["written"])
            for r in rows(store, "problems")
            if r["kind"] == "corrected"
        ]
        assert [row[:2] for row in listed] == [("n/a.md", 5), ("n/b.md", 5)]
        assert listed[0][2] == "status: dropped (said of something else)"
        assert listed[1][2:] == (
            "status: release = train (the author meant Train)",
            "read as release = stein",
        )
    done = kg("why", "volume", "types", "--format", "json", store=store)
    assert "the author meant Train (read as release = stein)" in done.out
    assert kg("check", store=store).code == 0


def test_a_corrected_fact_is_no_longer_odd(folder: Path):
    text = "## 2018-01-29\n### Features\n#### 1. Slow cells\nDeferred to the Queens release.\n"
    (folder / "d.md").write_text(text, "utf-8")
    built(folder.parent, "n")
    assert ("n/d.md", "odd") in {(r["source"], r["kind"]) for r in rows(folder.parent / "store", "problems")}
    row = '[[correction]]\nsource="d.md"\nline=4\nfact="status"\nset={release="rocky"}\nreason="a slip of the pen"\n'
    (folder / "corrections.toml").write_text(row, "utf-8")
    built(folder.parent, "n")
    kinds = {(r["source"], r["kind"]) for r in rows(folder.parent / "store", "problems")}
    assert ("n/d.md", "corrected") in kinds
    assert ("n/d.md", "odd") not in kinds


def test_a_correction_that_meets_nothing_is_said(folder: Path):
    wrong = CORRECTIONS.replace("line = 5", "line = 2").replace('"a.md"', '"aa.md"')
    (folder / "corrections.toml").write_text(wrong, "utf-8")
    done = kg("build", "n", store=folder.parent / "store", cwd=folder.parent)
    assert "odd: n/b.md:2: a correction that meets no fact of this line" in done.err
    assert "odd: n/corrections.toml: correction 2 is of aa.md, which is not here" in done.err
    odd = [r["source"] for r in rows(folder.parent / "store", "problems") if r["kind"] == "odd"]
    assert odd == ["n/b.md", "n/corrections.toml"]
    assert kg("check", store=folder.parent / "store").code == 0


def test_settings_that_cannot_be_used_refuse_the_notes_of_their_folder(folder: Path):
    before = built(folder.parent, "n")
    (folder / "corrections.toml").write_text("[[correction]\n", "utf-8")
    done = kg("build", "n", store=folder.parent / "store", cwd=folder.parent)
    assert done.code == 1
    assert "error: n/a.md: its settings cannot be used: n/corrections.toml:" in done.err
    assert "hint: mend the TOML, or take the file away" in done.err
    assert set(before) <= set(content(folder.parent / "store"))


SHAPELESS = {
    "community.toml": [
        "community = 3", 'release = "x"\n[community]\nname = "a"', 'url = 3\n[community]\nname = "a"',
        '[community]\nname = "a"\n[[milestone]]\nx = 1', 'reference = [3]\n[community]\nname = "a"',
    ],
    "corrections.toml": ["correction = 3", '[[correction]]\nwhere = "x"'],
    "lexicon-x.toml": ["[date]\nweekdays = 3", '[status.direct]\ndone = ["{nope}"]', "[[status]]\nx = 1"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in SHAPELESS.items() for text in texts]
)
def test_settings_of_no_shape_are_an_error_and_no_crash(name: str, text: str, tmp_path: Path):
    (tmp_path / "a.md").write_text(TWO["a.md"], "utf-8")
    (tmp_path / name).write_text(text, "utf-8")
    done = kg("build", "a.md", store=tmp_path / "store", cwd=tmp_path)
    assert done.code == 1
    assert done.err.splitlines()[-2].startswith("error: a.md: its settings cannot be used: ")
    assert done.err.splitlines()[-1].startswith("hint: ")


PROFILE = """
[community]
name = "example"
project = "widgets"
[[reference]]
kind = "bug"
place = "text"
pattern = "WID-(\\\\d+)"
[[release]]
name = "spring"
aliases = ["1.0"]
[[release]]
name = "summer"
"""


def test_the_profile_of_a_folder_wins(folder: Path):
    (folder / "community.toml").write_text(PROFILE, "utf-8")
    (folder / "d.md").write_text(
        "## 2018-04-02\n### Features\n#### 1. Lids\nDeferred to Summer, see WID-17.\n", "utf-8"
    )
    built(folder.parent, "n")
    store = folder.parent / "store"
    assert [r["release"] for r in rows(store, "statuses") if r["source"] == "n/d.md"] == ["summer"]
    assert ("bug", "17") in {(r["kind"], r["key"]) for r in rows(store, "mentions")}
    assert {"spring", "summer", "queens"} <= {str(r["release"]) for r in rows(store, "releases")}
    (folder / "community.toml").unlink()
    assert built(folder.parent, "n") == built(folder.parent, "n", name="fresh")


def test_words_of_a_folder_are_added(folder: Path):
    assert "kaputt" not in "".join(TWO.values())
    (folder / "a.md").write_text(TWO["a.md"].replace("This is done.", "This is kaputt."), "utf-8")
    built(folder.parent, "n")
    store = folder.parent / "store"
    assert [r["status"] for r in rows(store, "statuses") if r["source"] == "n/a.md" and r["line"] == 5] == []
    (folder / "lexicon-de.toml").write_text('[status.direct]\nabandoned = ["kaputt"]\n', "utf-8")
    done = kg("build", "n", store=store, cwd=folder.parent)
    assert done.code == 0, done.err
    assert [r["status"] for r in rows(store, "statuses") if r["source"] == "n/a.md" and r["line"] == 5] == [
        "abandoned"
    ]


def test_settings_reach_into_folders_below_and_a_file_alone_is_read_the_same(folder: Path):
    (folder / "community.toml").write_text(PROFILE, "utf-8")
    (folder / "2018").mkdir()
    (folder / "2018/d.md").write_text(
        "## 2018-04-02\n### Features\n#### 1. Lids\nDeferred to Summer.\n", "utf-8"
    )
    whole = built(folder.parent, "n", name="whole")
    for name in ("2018/d.md", "b.md", "a.md", "c.txt"):
        alone = built(folder.parent, f"n/{name}", name="alone")
    assert alone == whole


def test_two_folders_may_know_one_community_differently(folder: Path):
    other = folder.parent / "m"
    other.mkdir()
    (other / "community.toml").write_text(PROFILE.replace('"example"', '"openstack"'), "utf-8")
    (other / "d.md").write_text(TWO["a.md"].replace("03-05", "04-02"), "utf-8")
    both = built(folder.parent, "n", "m", name="both")
    built(folder.parent, "m", name="turns")
    assert built(folder.parent, "n", name="turns") == both


# --- encodings and names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["crlf", "cr", "bom", "gb18030", "utf-16"])
def test_the_encoding_of_a_note_does_not_count(tmp_path: Path, shape: str):
    text = (ROOT / "tests/cases/queries/slice/2018-01.md").read_text("utf-8")
    data = {
        "crlf": lambda: text.replace("\n", "\r\n").encode(),
        "cr": lambda: text.replace("\n", "\r").encode(),
        "bom": lambda: text.encode("utf-8-sig"),
        "gb18030": lambda: text.encode("gb18030"),
        "utf-16": lambda: text.encode("utf-16"),
    }[shape]()
    facts = []
    for name, content_ in (("plain", text.encode()), (shape, data)):
        (tmp_path / "note.md").write_bytes(content_)
        lines = built(tmp_path, "note.md", name=name)
        facts.append([line for line in lines if "#sha256>" not in line])
    assert facts[0] == facts[1]


HOSTILE = (
    "a b.md", 'say "x".md', "it's.md", "笔记 1月.md", "<script>alert(1)<_script>.md", "a#b?c%20d.md", "{x}|^`.md",
    "-o.md", "~me.md", "new\nline.md", "é.md", "e\u0301.md", "a:14.md", "\u202egnp.md", "a\\b.md", "%2e%2e.md",
)  # fmt: skip


def test_hostile_names_of_files(tmp_path: Path):
    folder, store = tmp_path / "n", tmp_path / "store"
    folder.mkdir()
    for day, name in enumerate(HOSTILE, 1):
        (folder / name).write_text(TWO["a.md"].replace("03-05", f"03-{day:02}"), "utf-8")
    whole = built(tmp_path, "n")
    assert {row["source"] for row in rows(store, "sources")} == {f"n/{name}" for name in HOSTILE}
    assert {row["source"] for row in rows(store, "discussions")} == {f"n/{name}" for name in HOSTILE}
    assert built(tmp_path, "--", *(f"n/{name}" for name in HOSTILE), name="alone") == whole
    assert kg("check", store=store).code == 0
    for form in ("table", "md", "csv", "json"):
        assert kg("query", "discussions", "--format", form, store=store).code == 0


def test_a_name_that_is_no_text(tmp_path: Path):
    folder = tmp_path / "n"
    folder.mkdir()
    raw = os.fsencode(folder) + b"/\xff\xfe.md"
    Path(os.fsdecode(raw)).write_text(TWO["a.md"], "utf-8")
    (folder / "good.md").write_text(TWO["b.md"], "utf-8")
    done = kg("build", "n", store=tmp_path / "store", cwd=tmp_path)
    assert done.code == 1
    assert "its name is no UTF-8" in done.err
    assert [row["source"] for row in rows(tmp_path / "store", "sources")] == ["n/good.md"]


def test_every_kind_of_source_has_a_name_and_says_what_it_takes(tmp_path: Path):
    names = [kind.name for kind in sources.SOURCES]
    assert len(names) == len(set(names))
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    assert [kind.name for kind in sources.SOURCES if kind.sniff(picture, b"\x89PNG", profile.load())] == []
