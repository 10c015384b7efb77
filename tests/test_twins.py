"""One record in two languages, or in two layouts, gives the same facts."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from conftest import NOTE, ROOT, SHARED, TWIN, kg, rows

RECORDS = SHARED / "records"
FLAT = "tests/cases/notes/zh-scheduler-2018-03-flat/note.txt"
FULL = "tests/cases/notes/zh-scheduler-2018-03/note.md"


KINDS = ("meetings", "discussions", "mentions", "statuses", "decisions", "milestones", "todos")


class Facts:
    """Facts of one source, without what depends on its path, its lines and its language."""

    def __init__(self, store: Path, source: str) -> None:
        self.source = source
        self.rows = {name: self._mine(store, name) for name in KINDS}
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
            out.append((*item, *(_folded(row[c]) for c in columns)))
        return sorted(out, key=str)


def _folded(value: object) -> str:
    """Case and the width of punctuation do not count; nor do blanks, which markup leaves behind."""
    return "".join(unicodedata.normalize("NFKC", str(value if value is not None else "")).lower().split())


COLUMNS = {  # what does not speak a language
    "discussions": ("kind",),
    "mentions": ("kind", "key"),
    "statuses": ("status", "release", "patch", "bug", "person"),
    "decisions": ("assignee",),
    "milestones": ("release", "name", "date"),
    "todos": (),
}
WORDS = {"discussions": "heading", "statuses": "part", "todos": "text", "meetings": "summary"}


def differences(one: Facts, other: Facts, name: str, *columns: str) -> list[str]:
    """Facts of a kind that only one of the two has, a line each."""
    left, right = (Counter(facts.of(name, *columns)) for facts in (one, other))
    return [f"- {fact}" for fact in left - right] + [f"+ {fact}" for fact in right - left]


@pytest.fixture(scope="module")
def languages(demo: Path) -> tuple[Facts, Facts]:
    return Facts(demo, NOTE), Facts(demo, TWIN)


@pytest.fixture(scope="module")
def layouts(cases_store: Path) -> tuple[Facts, Facts]:
    return Facts(cases_store, FULL), Facts(cases_store, FLAT)


def test_what_the_record_holds(languages: tuple[Facts, Facts]):
    for facts in languages:
        held = {
            name: len(facts.rows[name]) for name in ("meetings", "discussions", "decisions", "milestones")
        }
        assert held == {"meetings": 4, "discussions": 19, "decisions": 1, "milestones": 1}


@pytest.mark.parametrize("name", COLUMNS)
def test_two_languages(name: str, languages: tuple[Facts, Facts]):
    assert list(languages[0].place.values()) == list(languages[1].place.values())
    assert differences(*languages, name, *COLUMNS[name]) == []


@pytest.mark.parametrize("name", COLUMNS)
def test_two_layouts(name: str, layouts: tuple[Facts, Facts]):
    assert list(layouts[0].place.values()) == list(layouts[1].place.values())
    assert differences(*layouts, name, *COLUMNS[name]) == []


@pytest.mark.parametrize("name", WORDS)
def test_two_layouts_in_the_same_words(name: str, layouts: tuple[Facts, Facts]):
    assert differences(*layouts, name, WORDS[name]) == []


@pytest.mark.skipif(not RECORDS.is_dir(), reason="the shared records are not beside the project")
def test_the_real_record_in_two_layouts(tmp_path: Path):
    files = [RECORDS / f"nova-scheduler-2018-01.{layout}" for layout in ("md", "txt")]
    store = tmp_path / "store"
    assert kg("build", *files, store=store, cwd=ROOT).code == 0
    one, other = (Facts(store, path.as_posix()) for path in files)
    assert list(one.place.values()) == list(other.place.values())
    for name, columns in COLUMNS.items():
        assert differences(one, other, name, *columns) == []
    for name, column in WORDS.items():
        assert differences(one, other, name, column) == []
