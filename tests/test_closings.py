"""`todo-closed.toml` in a build: closed TODOs stay closed, a broken file keeps what it last said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ROOT, kg, rows

PLACES = ROOT / "queries/views/todo-places.rq"
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


# --- months ----------------------------------------------------------------------------------------------

FEBRUARY = """## 2018-02-05
### Features
#### 1. Cells
Done.

## TODO
- study the cells in depth
- ask about quotas again
"""


def write(place: Path, name: str, text: str) -> None:
    (place / "n" / name).write_text(text, "utf-8")
    assert kg("build", "n", store=place / "store", cwd=place).code == 0


def shown(place: Path) -> list[dict[str, object]]:
    return json.loads(kg("todo", "--format", "json", store=place / "store", cwd=place).out)["rows"]


def problems(place: Path) -> list[dict[str, object]]:
    table = kg("problems", "--format", "json", store=place / "store", cwd=place).out
    return [row for row in json.loads(table)["rows"] if row["source"] == "n/todo-closed.toml"]


def test_a_later_note_closes_and_opens_again(place: Path):
    write(place, "2.md", FEBRUARY.replace("- study", "- [x] study"))
    first = shown(place)[0]
    assert (first["state"], first["closed_by"], first["carried"]) == ("COMPLETED", "n/2.md:7", 1)
    write(place, "3.md", FEBRUARY.replace("2018-02", "2018-03"))
    first = shown(place)[0]
    assert (first["state"], first["closed_by"], first["carried"]) == ("NEEDS-ACTION", None, 2)
    assert first["reopened"] == "2018-03"
    assert "open again (2018-03)" in kg("todo", store=place / "store", cwd=place).out
    (place / "n/3.md").unlink()
    write(place, "2.md", FEBRUARY.replace("Done.", "I have finished reading about cells."))
    # The list of that month stands behind the sentence and has it open still.
    assert shown(place)[0]["state"] == "NEEDS-ACTION"
    write(
        place, "2.md", FEBRUARY.replace("Done.", "I have finished reading about cells.").split("## TODO")[0]
    )
    assert (shown(place)[0]["state"], shown(place)[0]["closed_by"]) == ("COMPLETED", "n/2.md:4")


def test_a_row_names_any_id_that_a_todo_had(place: Path):
    write(place, "2.md", FEBRUARY)
    close(place, "study the cells in depth", "https://example.org/67")
    own = kg("query", str(PLACES), "--format", "json", store=place / "store", cwd=place).out
    carried = next(
        r["id"] for r in json.loads(own)["rows"] if r["source"] == "n/2.md" and "cells" in r["text"]
    )
    path = place / "n/todo-closed.toml"
    path.write_text(f'[[closed]]\ntodo = "{carried}"\nby = "b"\non = 2018-02-11\n', "utf-8")
    assert kg("build", "n", store=place / "store", cwd=place).code == 0
    assert next((row["state"], row["closed_by"]) for row in shown(place)) == ("COMPLETED", "b")
    assert [(row["line"], row["kind"]) for row in problems(place)] == [(1, "inferred")]
    (place / "n/note.md").unlink()
    assert kg("build", "n", store=place / "store", cwd=place).code == 0
    assert shown(place)[0]["todo"] == carried
    assert shown(place)[0]["state"] == "COMPLETED"
    assert problems(place) == []


def test_a_row_finds_words_that_changed_a_little(place: Path):
    key = shown(place)[0]["todo"]
    assert (
        kg("todo", "close", key, "--by", "https://example.org/67", store=place / "store", cwd=place).code == 0
    )
    write(place, "note.md", NOTE.replace("read about cells", "read all about the cells"))
    assert shown(place)[0]["todo"] != key
    assert shown(place)[0]["state"] == "COMPLETED"
    row = problems(place)[0]
    assert (row["kind"], row["line"]) == ("inferred", 1)
    write(place, "note.md", NOTE.replace("read about cells", "read about placement"))
    assert {row["state"] for row in shown(place)} == {"NEEDS-ACTION"}
    row = problems(place)[0]
    assert (row["kind"], row["line"]) == ("odd", 1)
    assert "closes nothing" in row["what"]


def test_a_row_of_no_todo_is_listed_with_the_nearest(place: Path):
    key = str(shown(place)[0]["todo"])
    near = key[:-1] + ("0" if key[-1] != "0" else "1")
    write(place, "todo-closed.toml", f'# mine\n\n[[closed]]\ntodo = "{near}"\nby = "b"\n')
    row = problems(place)[0]
    assert (row["line"], row["kind"]) == (3, "odd")
    assert f"did you mean {key}" in row["hint"]
    assert {row["state"] for row in shown(place)} == {"NEEDS-ACTION"}
