"""Every case of notes, a folder each: what was found against its gold file, and the same by the shared scorer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, SHARED, kg, rows
from scoring import Score, Tally, bare, likeness

CASES = sorted(path.parent for path in (ROOT / "tests/cases/notes").glob("*/gold.yaml"))
TABLES = ("meetings", "discussions", "mentions", "statuses", "decisions", "milestones", "todos")
LEAST = 0.95
FEWEST = 8
RECORDS = SHARED / "records"
SCORER = SHARED / "tools/score_notes.py"
needs_shared = pytest.mark.skipif(
    not SCORER.is_file(), reason="the shared records and scorer are not beside the project"
)


def note_of(folder: Path) -> Path:
    return next(path for path in sorted(folder.iterdir()) if path.stem == "note")


def test_there_are_enough_cases():
    assert len(CASES) >= FEWEST, [case.name for case in CASES]
    assert {case.name for case in CASES} == {
        p.name for p in (ROOT / "tests/cases/notes").iterdir() if p.is_dir()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_read_as_a_careful_reader_would(case: Path, cases_store: Path):
    gold = yaml.safe_load((case / "gold.yaml").read_text("utf-8"))
    source = note_of(case).relative_to(ROOT).as_posix()
    tables = {name: [row for row in rows(cases_store, name) if row["source"] == source] for name in TABLES}
    score = Score(gold, tables, note_of(case).read_text("utf-8"))
    print(*score.differences(), sep="\n")
    assert score.below(LEAST) == {}, "\n".join(score.differences())


@needs_shared
@pytest.mark.parametrize("layout", ["md", "txt"])
def test_the_real_record_by_the_shared_scorer(layout: str, tmp_path: Path):
    record = RECORDS / f"nova-scheduler-2018-01.{layout}"
    assert kg("build", record, store=tmp_path / "store").code == 0
    command = [sys.executable, SCORER, SHARED / "gold/2018-01.yaml", "--store", tmp_path / "store",
               "--kg", f"{sys.executable} -m graph", "--text", record, "--min", str(LEAST), "--show"]  # fmt: skip
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    print(done.stdout, done.stderr)
    assert done.returncode == 0


# --- the scorer itself -----------------------------------------------------------------------------------------


GOLD = {
    "meetings": [
        {"date": "2018-01-08", "items": [
            {"kind": "feature", "name": "Nested providers", "patches": [1], "people": ["Ann"],
             "maybe_people": ["bob"], "status": [{"status": "done"}, {"status": "stalled", "optional": True}]},
        ]},
    ],
    "todos": [{"text": "read about nested providers"}, {"text": "ask Ann", "optional": True}],
}  # fmt: skip
MEETING = {"meeting": "m1", "date": "2018-01-08", "line": 1}
ITEM = {"meeting": "m1", "position": 1, "kind": "feature", "heading": "Nested Providers"}


def tables(**more: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    return {**{name: [] for name in TABLES}, "meetings": [MEETING], "discussions": [ITEM], **more}


def mention(kind: str, key: str) -> dict[str, object]:
    return {**ITEM, "kind": kind, "key": key}


def test_the_scorer_counts_what_is_missed_and_what_is_too_much():
    report = {**ITEM, "status": "planned", "release": None, "line": 2, "quote": "it is planned"}
    found = tables(
        mentions=[mention("patch", "1"), mention("patch", "2"), mention("person", "BOB")], statuses=[report]
    )
    score = Score(GOLD, found, "a\nIt is planned.\n")
    assert score.tallies["patch"].f1 == pytest.approx(2 / 3)
    assert score.tallies["person"].f1 == 0
    assert score.tallies["quote"].f1 == 1
    assert "person: missed ('2018-01-08', 1, 0, 'ann')" in score.differences()
    assert "status: extra ('2018-01-08', 1, 0, 'planned', '')" in score.differences()
    assert set(score.below(0.95)) == {"patch", "person", "status", "todo"}


def test_the_scorer_gives_what_is_optional_no_weight():
    stalled = {**ITEM, "status": "stalled", "release": "", "line": 1, "quote": "a"}
    done = {**stalled, "status": "done"}
    todos = [{"text": "Read about nested providers", "about": ""}, {"text": "ask Ann", "about": ""}]
    found = tables(
        mentions=[mention("patch", "1"), mention("person", "ann")], statuses=[stalled, done], todos=todos
    )
    assert Score(GOLD, found, "a").below(1.0) == {}


def test_a_quote_that_stands_elsewhere_is_found_out():
    report = {**ITEM, "status": "done", "release": "", "line": 1, "quote": "not these words"}
    assert Score(GOLD, tables(statuses=[report]), "other words\n").tallies["quote"].f1 == 0


def test_likeness():
    assert bare("关于 Nested-RP（的）") == "关 于 nested rp 的"
    assert likeness("Nested Providers", "nested providers") == 1
    assert likeness("Nested providers", "Alternate hosts") < 0.3
    assert likeness("", "x") == 0
    assert Tally().f1 == 1
