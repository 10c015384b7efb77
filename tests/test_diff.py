"""`kg diff`: what changed from build to build and since a day, in both languages."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from conftest import kg

from graph import diff
from graph.store import Reader

ONE = "## 2018-01-08\n### Features\n#### 1. Cells\nIn progress.\n\n## TODO\n- read about cells\n"
TWO = (
    "## 2018-01-22\nThe feature freeze of Queens is on January 25, 2018.\n### Features\n#### 1. Cells\n"
    "Deferred to the Rocky release.\n#### 2. Quotas\nDone.\n### Open discussion\n#### Naming\n"
    "In the end it was decided that @ann will write the patch.\n\n## TODO\n- [x] ask about quotas\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of one note, built once; a second note is there for the next build."""
    (tmp_path / "n").mkdir()
    (tmp_path / "n/one.md").write_text(ONE, "utf-8")
    build(tmp_path)
    (tmp_path / "n/two.md").write_text(TWO, "utf-8")
    return tmp_path


def build(place: Path, *given: str) -> None:
    assert kg("build", *(given or ["n"]), store=place / "store", cwd=place).code == 0


def changes(place: Path, *words: str) -> set[tuple[str, ...]]:
    done = kg("diff", "--format", "csv", *words, store=place / "store")
    assert done.code == 0, done.err
    return {tuple(row[:6]) for row in list(csv.reader(io.StringIO(done.out)))[1:]}


def test_what_a_build_brought(place: Path):
    build(place)
    todo = next(row[4] for row in changes(place) if row[1] == "todo")
    assert changes(place) == {
        ("new", "meeting", "2018-01-22", "", "", ""),
        ("new", "feature", "2018-01-22", "Quotas", "", ""),
        ("new", "slip", "2018-01-22", "Cells", "", "Queens → Rocky"),
        ("new", "status", "2018-01-22", "Cells", "deferred", "Rocky"),
        ("new", "status", "2018-01-22", "Quotas", "done", ""),
        ("new", "decision", "2018-01-22", "Naming", "ann: write the patch", ""),
        ("new", "milestone", "2018-01-25", "feature freeze", "", "Queens"),
        ("new", "todo", "2018-01-22", "ask about quotas", todo, ""),
        ("new", "closed", "2018-01-22", "ask about quotas", "", ""),
        ("new", "source", "", "n/two.md", "", ""),
    }
    assert changes(place, "--since", "1") == changes(place)


def test_what_a_build_took_away(place: Path):
    build(place)
    (place / "n/two.md").unlink()
    build(place)
    assert {row[0] for row in changes(place)} == {"gone"}
    assert ("gone", "slip", "2018-01-22", "Cells", "", "Queens → Rocky") in changes(place)


def test_lines_that_moved_and_a_note_renamed_are_no_change(place: Path):
    build(place)
    (place / "n/one.md").write_text("\n\n" + ONE, "utf-8")
    (place / "n/two.md").rename(place / "n/renamed.md")
    build(place)
    assert changes(place) == {
        ("changed", "source", "", "n/one.md", "", ""),
        ("new", "source", "", "n/renamed.md", "", ""),
        ("gone", "source", "", "n/two.md", "", ""),
    }


def test_the_same_said_twice_is_two_reports(place: Path):
    (place / "n/two.md").write_text(
        ONE.partition("## TODO")[0].replace("In progress.", "In progress.\n\nDone.\n\nDone."), "utf-8"
    )
    build(place)
    done = [row for row in _rows(place) if row[1:5] == ("status", "2018-01-08", "Cells", "done")]
    assert len(done) == 2


def _rows(place: Path) -> list[tuple[object, ...]]:
    with Reader(place / "store") as new, Reader(place / "store", new.generation - 1) as old:
        return list(diff.between(old, new).rows)


def test_what_is_dated_since(place: Path):
    build(place)
    assert {row[1] for row in changes(place, "--since", "2018-01-22")} == {
        "meeting", "feature", "slip", "status", "decision", "milestone", "todo", "closed",
    }  # fmt: skip
    assert changes(place, "--since", "2018-01-25") == {
        ("new", "milestone", "2018-01-25", "feature freeze", "", "Queens")
    }
    assert changes(place, "--since", "2018年2月1日") == set()


MAIL = """# What changed from build 1 to build 2

## New meetings (1)

- 2018-01-22 <sub>[two.md:1](n/two.md#L1)</sub>

## Features named for the first time (1)

- 2018-01-22 Quotas <sub>[two.md:6](n/two.md#L6)</sub>

## Slips (1)

- 2018-01-22 Cells: Queens → Rocky <sub>[two.md:5](n/two.md#L5)</sub>

## Status reports (2)

- 2018-01-22 Cells: deferred → Rocky <sub>[two.md:5](n/two.md#L5)</sub>
- 2018-01-22 Quotas: done <sub>[two.md:7](n/two.md#L7)</sub>
"""


def test_the_text_for_a_mail(place: Path):
    build(place)
    done = kg("diff", store=place / "store")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(MAIL)
    chinese = kg("--lang", "zh", "diff", store=place / "store").out
    assert "## 推迟 (1)\n\n- 2018-01-22 Cells：Queens → Rocky" in chinese
    assert "Cells：推迟 → Rocky" in chinese


def test_nothing_changed(place: Path):
    (place / "n/two.md").unlink()
    (place / "n/community.toml").write_text('[community]\nname = "openstack"\n', "utf-8")
    build(place)
    done = kg("diff", store=place / "store")
    assert done.out == "# What changed from build 1 to build 2\n\nNothing changed.\n"


def test_what_a_note_says_stays_text(place: Path):
    (place / "n/two.md").write_text(
        ONE.replace("Cells", "<script>alert(1)</script> [x](javascript:1)"), "utf-8"
    )
    build(place)
    out = kg("diff", store=place / "store").out
    assert "<script>" not in out
    assert "](javascript:" not in out


def test_the_first_build_has_none_before_it(place: Path):
    done = kg("diff", store=place / "store")
    assert (done.code, done.err) == (
        3, "error: build 1 is the only one kept\nhint: `kg diff --since DATE` shows what is dated since a day\n",
    )  # fmt: skip


def test_a_build_that_is_not_kept(place: Path):
    build(place)
    (place / "n/two.md").unlink()
    build(place)
    done = kg("diff", "--since", "1", store=place / "store")
    assert (done.code, done.err) == (3, "error: build 1 is not kept\nhint: kept are 2, 3\n")
    assert kg("diff", "--since", "2", store=place / "store").code == 0
    assert kg("diff", "--since", "someday", store=place / "store").code == 2
