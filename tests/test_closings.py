"""`todo-closed.toml` in a build: closed TODOs stay closed, a broken file keeps what it last said."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import kg, rows

NOTE = (
    "## 2018-01-08\n### Features\n#### 1. Cells\nDone.\n\n## TODO\n- read about cells\n- ask about quotas\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "n").mkdir()
    (tmp_path / "n/note.md").write_text(NOTE, "utf-8")
    assert kg("build", "n", store=tmp_path / "store", cwd=tmp_path).code == 0
    return tmp_path


def states(place: Path) -> dict[str, tuple[str, str | None]]:
    return {str(r["text"]): (r["state"], r["closed_by"]) for r in rows(place / "store", "todos")}


def close(place: Path, text: str, by: str) -> None:
    todo = next(r["todo"] for r in rows(place / "store", "todos") if r["text"] == text)
    row = f'[[closed]]\ntodo = "{todo}"\nby = "{by}"\non = 2018-02-11\n'
    (place / "n/todo-closed.toml").write_text(row, "utf-8")


def test_a_row_closes_its_todo_for_good(place: Path):
    close(place, "read about cells", "https://example.org/67")
    for _ in range(2):
        assert kg("build", "n", store=place / "store", cwd=place).code == 0
        assert states(place) == {
            "read about cells": ("COMPLETED", "https://example.org/67"),
            "ask about quotas": ("NEEDS-ACTION", None),
        }
        (place / "n/note.md").write_text("\n" + NOTE, "utf-8")  # the TODO moved by a line: it is the same one
    assert kg("check", store=place / "store").code == 0
    (place / "n/todo-closed.toml").unlink()
    assert kg("build", "n", store=place / "store", cwd=place).code == 0
    assert states(place)["read about cells"] == ("NEEDS-ACTION", None)


def test_a_broken_file_is_refused_and_keeps_what_it_said(place: Path):
    close(place, "ask about quotas", "answer.md")
    assert kg("build", "n", store=place / "store", cwd=place).code == 0
    (place / "n/todo-closed.toml").write_text("[[closed]\n", "utf-8")
    done = kg("build", "n", store=place / "store", cwd=place)
    assert done.code == 1
    assert "error: n/todo-closed.toml" in done.err
    assert "hint: mend the TOML, or take the row away" in done.err
    assert states(place)["ask about quotas"] == ("COMPLETED", "answer.md")


def test_a_todo_ticked_in_the_note_is_closed_too(place: Path):
    (place / "n/note.md").write_text(NOTE.replace("- read", "- [x] read"), "utf-8")
    assert kg("build", "n", store=place / "store", cwd=place).code == 0
    assert states(place)["read about cells"] == ("COMPLETED", None)
