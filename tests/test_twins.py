"""One record in two languages, or in two layouts, gives the same facts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from conftest import NOTE, ROOT, SHARED, TWIN, kg, rows

RECORDS = SHARED / "records"
FLAT = "tests/cases/notes/zh-scheduler-2018-03-flat/note.txt"
FULL = "tests/cases/notes/zh-scheduler-2018-03/note.md"


class Facts:
    """Facts of one source, without what depends on its path, its lines and its language."""

    def __init__(self, store: Path, source: str) -> None:
        self.source = source
        self.rows = {name: self._mine(store, name) for name in
                     ("meetings", "discussions", "mentions", "statuses", "decisions", "milestones", "todos")}  # fmt: skip
        self.place = {}
        seen: Counter[str] = Counter()
        for row in self.rows["meetings"]:
            seen[str(row["date"])] += 1
            self.place[row["meeting"]] = (row["date"], seen[str(row["date"])])

    def _mine(self, store: Path, name: str) -> list[dict[str, object]]:
        mine = [row for row in rows(store, name) if row["source"] == self.source]
        assert mine or name == "milestones", f"{self.source} has no {name}"
        return mine

    def of(self, name: str, *columns: str) -> list[tuple[object, ...]]:
        """The facts of a kind: place of the item and the columns asked for, in order."""
        out = []
        for row in self.rows[name]:
            item = (*self.place[row["meeting"]], row.get("position")) if "meeting" in row else ()
            out.append((*item, *(str(row[c]).lower() if row[c] is not None else "" for c in columns)))
        return sorted(out, key=str)


def same(one: Facts, other: Facts) -> None:
    """Everything that does not speak a language is equal."""
    assert list(one.place.values()) == list(other.place.values())
    for name, columns in {
        "discussions": ("kind",),
        "mentions": ("kind", "key"),
        "statuses": ("status", "release", "patch", "bug", "person"),
        "decisions": ("assignee",),
        "milestones": ("release", "name", "date"),
    }.items():
        assert one.of(name, *columns) == other.of(name, *columns), name
    assert len(one.rows["todos"]) == len(other.rows["todos"])


def test_two_languages(demo: Path):
    one, other = Facts(demo, NOTE), Facts(demo, TWIN)
    same(one, other)
    kinds = {"meetings": 4, "discussions": 17, "decisions": 1, "milestones": 1}
    assert {name: len(one.rows[name]) for name in kinds} == kinds


def test_two_layouts(cases_store: Path):
    one, other = Facts(cases_store, FULL), Facts(cases_store, FLAT)
    same(one, other)
    for name, column in (
        ("discussions", "heading"),
        ("statuses", "part"),
        ("todos", "text"),
        ("meetings", "summary"),
    ):
        assert one.of(name, column) == other.of(name, column), name


@pytest.mark.skipif(not RECORDS.is_dir(), reason="the shared records are not beside the project")
def test_the_real_record_in_two_layouts(tmp_path: Path):
    files = [RECORDS / f"nova-scheduler-2018-01.{layout}" for layout in ("md", "txt")]
    store = tmp_path / "store"
    assert kg("build", *files, store=store, cwd=ROOT).code == 0
    one, other = (Facts(store, path.as_posix()) for path in files)
    same(one, other)
    for name, column in (("discussions", "heading"), ("statuses", "part"), ("todos", "text")):
        assert one.of(name, column) == other.of(name, column), name
