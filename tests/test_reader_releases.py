"""Release files: what is read of them, which days milestones get, and which faults are found."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st

from graph import dumps, profile, release_quads
from graph.errors import KgError, Problem
from graph.extract import schedules
from graph.extract.deliveries import Deliveries, Version, order
from graph.extract.schedules import Dated
from graph.readers import releases, safeyaml
from graph.readers.safeyaml import Node
from graph.records import DeliveredRecord, SeriesRecord, SourceRecord, WeekRecord

OURS = profile.load()
REAL = SHARED / "releases"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the release files are not beside the project")
SLICE = Path(__file__).parent / "cases/queries/slice/releases"

SERIES = """---
- name: rocky
  status: maintained
  initial-release: 2018-08-30
- name: queens
  status: end of life
  initial-release: 2018-02-28
"""
NOVA = """---
team: nova
releases:
  - version: 17.0.0.0b1
    projects: [{repo: openstack/nova, hash: aa}]
  - version: 17.0.0
    projects: [{repo: openstack/nova, hash: bb}]
  - version: 17.0.10
    projects: [{repo: openstack/nova, hash: cc}]
  - version: queens-em
    projects: [{repo: openstack/nova, hash: cc}]
"""
WEEKS = """---
start-week: 2017-09-04
release-week: 2018-02-26
cycle:
- name: R-24
  start: '2017-09-11'
  end: '2017-09-15'
  x-project: [q-ptg]
- name: R-5
  start: '2018-01-22'
  end: '2018-01-26'
  x-project:
  - q-3
  - q-ff
  project-specific:
  - q-nova-spec-freeze
- name: R+0
  start: '2018-02-26'
  end: '2018-03-02'
  x-project:
  - q-release
"""
TEXT = """======
Queens
======

4 September 2017 - 2 March 2018 (26 weeks)

Events
======

.. _q-ptg:

Queens Project Team Gathering (PTG)
-----------------------------------

Three days from the 12th, 12-14 September 2017.

.. _q-3:

Queens-3 milestone
------------------

The third milestone is tagged on 24 January 2018.

.. _q-ff:

Feature freeze
--------------

No more features.

.. _q-release:

Queens release
--------------

The day of the release is told elsewhere.

Nova
----

.. _q-nova-spec-freeze:

Spec Freeze
^^^^^^^^^^^

All specs are in by the end of the week.
"""
PATHS = {
    "data/series_status.yaml": SERIES,
    "deliverables/queens/nova.yaml": NOVA,
    "doc/source/queens/schedule.yaml": WEEKS,
    "doc/source/queens/schedule.rst": TEXT,
}


def folder(root: Path, **changed: str | bytes) -> Path:
    """A folder of release files: the four above, with others in place of some (by the last part of the path)."""
    by_name = {"series": "data/series_status.yaml", "nova": "deliverables/queens/nova.yaml"}
    by_name |= {"weeks": "doc/source/queens/schedule.yaml", "text": "doc/source/queens/schedule.rst"}
    files = {**PATHS, **{by_name[key]: value for key, value in changed.items()}}
    return put(root, files)


def put(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def read(root: Path, ours: profile.Profile = OURS) -> list[object]:
    return list(releases.read(root, "files", ours))


def problems(rows: list[object]) -> list[Problem]:
    return [row for row in rows if isinstance(row, Problem)]


def dated(root: Path, ours: profile.Profile = OURS) -> tuple[list[Dated], list[Problem]]:
    plans = schedules.collect(read(root, ours), ours, "files")
    return plans.milestones(), plans.problems


def days(root: Path) -> dict[str, str]:
    return {row.name: row.date for row in dated(root)[0]}


def odd(root: Path) -> list[str]:
    """Faults as `file:line: what`."""
    return [f"{Path(p.source).name}:{p.line}: {p.what}" for p in dated(root)[1]]


def lines(root: Path, ours: profile.Profile = OURS) -> list[str]:
    segments = list(release_quads.write(ours, releases.read(root, "files", ours)))
    assert [name for name, _ in segments] == [""]
    return segments[0][1]


# --- recognised by content ---------------------------------------------------------------------------------------


def test_a_folder_is_known_by_what_it_holds(tmp_path: Path):
    assert releases.sniff(folder(tmp_path / "anything"))
    for name, text in PATHS.items():
        alone = put(tmp_path / name.replace("/", "-"), {name: text})
        assert releases.sniff(alone) == (not name.endswith(".rst")), name


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"data/series_status.yaml": "words"},
        {"data/series_status.yaml": "- title: x\n"},
        {"deliverables/queens/nova.yaml": "team: nova\n"},
        {"deliverables/queens/nova.yaml": "a: [1\n"},
        {"doc/source/queens/schedule.yaml": "cycle: soon\n"},
        {"notes/2018-01.md": "# 1\n"},
    ],
)
def test_other_folders_are_not(tmp_path: Path, files: dict[str, str]):
    assert not releases.sniff(put(tmp_path, files))


def test_single_files_are_known(tmp_path: Path):
    folder(tmp_path)
    assert [releases.sniff(tmp_path / name) for name in PATHS] == [True, True, True, False]
    assert not releases.sniff(tmp_path / "none.yaml")
    put(tmp_path, {"other.yaml": "a: b\n"})
    assert not releases.sniff(tmp_path / "other.yaml")


def test_a_single_file_is_read(tmp_path: Path):
    rows = read(folder(tmp_path) / "deliverables/queens/nova.yaml")
    found = [row for row in rows if isinstance(row, DeliveredRecord)]
    assert next((row.path, row.series, row.version) for row in found) == ("", "queens", "17.0.0.0b1")
    text = "\n".join(lines(tmp_path / "deliverables/queens/nova.yaml"))
    assert "/source/files>" in text and "files%2F" not in text


def test_a_place_without_release_files_is_an_error(tmp_path: Path):
    with pytest.raises(KgError, match="no release files"):
        read(tmp_path)


# --- YAML of strangers --------------------------------------------------------------------------------------------


def test_values_are_their_texts():
    root = safeyaml.load(b"a: 1.10\nb: yes\nc: 2018-01-01\nd: ~\ne: !\n", "x")
    assert isinstance(root, Node)
    assert [root.text(key) for key in "abcd"] == ["1.10", "yes", "2018-01-01", "~"]
    assert root.get("c").line == 3
    assert root.text("none") == "" and root.items() == []


def bomb() -> bytes:
    rows = [b"a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [b"%c: &%c [%s]" % (98 + n, 98 + n, b", ".join([b"*%c" % (97 + n)] * 9)) for n in range(20)]
    return b"\n".join(rows)


HOSTILE = {
    "more than 100 aliases": bomb(),
    "merge keys": b"a: &a {b: c}\n" + b"d: {<<: *a}\n",
    "nested deeper than 50": b"[" * 400_000,
    "the tag": b"a: !!python/object/apply:os.system [x]\n",
    "more than the limit": b"# " + b"x" * 1_000_000,
    "it is not UTF-8": b"a: \xe9\n",
    "it is no YAML": b"a: [b\nc: }\n",
    "names nothing": b"a: *b\n",
    "more than one document": b"a: b\n---\nc: d\n",
    "control characters": b"a: \x00\n",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_a_problem_at_once_and_the_rest_goes_on(tmp_path: Path, what: str):
    started = time.monotonic()
    rows = read(folder(tmp_path, nova=HOSTILE[what]))
    assert time.monotonic() - started < 1
    (fault,) = problems(rows)
    assert fault.source == "files/deliverables/queens/nova.yaml"
    assert fault.kind == "refused"
    assert what in fault.what or (what == "more than the limit" and "more than 1,000,000 bytes" in fault.what)
    assert len([row for row in rows if isinstance(row, WeekRecord)]) == 3
    assert any("feature-freeze" in line for line in lines(tmp_path))


def test_a_fault_in_yaml_has_its_line():
    faults = {what: safeyaml.load(data, "x") for what, data in HOSTILE.items()}
    where = {what: fault.line for what, fault in faults.items() if isinstance(fault, Problem)}
    assert where["merge keys"] == 2
    assert where["it is no YAML"] == 2
    assert where["more than one document"] == 2
    assert where["more than 100 aliases"] > 10


@given(st.text(max_size=60) | st.text(alphabet="ab:-[]{},&*<|> \n'\"?!", max_size=60))
def test_no_yaml_breaks_it(text: str):
    found = safeyaml.load(text.encode("utf-8", "replace"), "x")
    assert isinstance(found, Node | Problem)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"series": "- status: old\n"}, "an entry without a name"),
        ({"series": "a: b\n"}, "it is no list of releases"),
        ({"nova": "releases: [{projects: [x]}]\n"}, "a release without a version"),
        ({"nova": "- a\n"}, "it is no table of keys"),
        (
            {"weeks": "cycle: [{name: R-1, start: '2018-01-01'}]\n"},
            "a week without its first or its last day",
        ),
        ({"weeks": "start-week: 2018-01-01\n"}, "it lists no weeks"),
    ],
)
def test_a_faulty_entry_is_a_problem_and_the_rest_goes_on(tmp_path: Path, changed: dict[str, str], what: str):
    rows = read(folder(tmp_path, **changed))
    assert [(p.kind, p.what) for p in problems(rows)] == [("unread", what)]
    assert lines(tmp_path)


# --- git ----------------------------------------------------------------------------------------------------------


def test_a_repository_gives_what_the_folder_gives(tmp_path: Path):
    root = folder(tmp_path / "work")
    who = {
        f"GIT_{role}_{part}": "a@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    env = {**os.environ, **who, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    plain = lines(root)
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=root, env=env, check=True)
    subprocess.run(["git", "clone", "-q", "--bare", root, tmp_path / "bare.git"], env=env, check=True)
    put(root, {"data/series_status.yaml": "not committed"})
    for place in (root, tmp_path / "bare.git"):
        assert releases.sniff(place)
        assert lines(place) == plain


# --- days ---------------------------------------------------------------------------------------------------------


def test_every_milestone_has_its_day(tmp_path: Path):
    assert days(folder(tmp_path)) == {
        "Queens Project Team Gathering (PTG)": "2017-09-12",  # what lasts: its first day
        "milestone 3": "2018-01-24",  # the text says so
        "feature freeze": "2018-01-25",  # the Thursday of its week
        "Nova Spec Freeze": "2018-01-25",
        "final release": "2018-02-28",  # the list of releases says so
    }
    assert odd(tmp_path) == []


def test_a_milestone_leads_to_the_line_it_rests_on(tmp_path: Path):
    files = folder(tmp_path)
    rows = {row.name: row for row in dated(files)[0]}
    assert (rows["feature freeze"].path, rows["feature freeze"].line) == (
        "doc/source/queens/schedule.yaml",
        14,
    )
    assert rows["milestone 3"].path == "doc/source/queens/schedule.rst"
    assert rows["final release"].path == "data/series_status.yaml"
    assert rows["Nova Spec Freeze"].project == "nova"
    for row in rows.values():
        assert row.quote in (files / row.path).read_text().splitlines()[row.line - 1]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Freeze starts on 23 January 2018.", "2018-01-23"),
        ("Freeze starts on January 23rd, 2018.", "2018-01-23"),
        ("Freeze starts on the 23rd of January.", "2018-01-23"),
        ("Freeze starts on Wednesday\n24 January 2018.", "2018-01-24"),
        ("Freeze starts on Wednesday 24\nJanuary 2018.", "2018-01-24"),
        ("Freeze starts by 2018-01-24 00:00 UTC.", "2018-01-24"),
        ("January 22 - 24 is the window.", "2018-01-24"),
        ("22-24 January is the window.", "2018-01-24"),
        ("January 22 to January 23 is the window.", "2018-01-23"),
        ("22 January - 23 January is the window.", "2018-01-23"),
        ("The week of 22 January 2018 is meant.", "2018-01-25"),
        ("The week of 22-26 January is meant, with a deadline of 24 January.", "2018-01-24"),
        ("Whoever waits for 22 February waits too long.", "2018-01-25"),
        ("", "2018-01-25"),
    ],
)
def test_the_text_can_say_another_day_of_the_week(tmp_path: Path, words: str, day: str):
    text = TEXT.replace("No more features.", words)
    assert days(folder(tmp_path, text=text))["feature freeze"] == day
    assert odd(tmp_path) == []


def test_weeks_of_a_table_get_their_year_from_the_release(tmp_path: Path):
    table = """| Week       |      | Cross-project  | Project-specific |
+============+======+================+==================+
| Dec 28-1   | R-9  | :ref:`q-ptg`   |                  |
+------------+------+----------------+------------------+
| Jan 22-26  | R-5  | :ref:`q-ff`    | :ref:`q-nova-spec-freeze` |
|            |      +----------------+------------------+
|            |      | :ref:`q-3`     |                  |
"""
    files = {**PATHS, "doc/source/queens/schedule.rst": TEXT.replace("Events\n", table + "\nEvents\n", 1)}
    del files["doc/source/queens/schedule.yaml"]
    found = days(put(tmp_path, files))
    assert found["feature freeze"] == "2018-01-25"
    assert found["Nova Spec Freeze"] == "2018-01-25"
    assert found["milestone 3"] == "2018-01-24"
    assert found["Queens Project Team Gathering (PTG)"] == "2017-12-25"
    assert "schedule.rst:7: the week starts on no Monday" not in odd(tmp_path)


def test_what_concerns_another_release_belongs_to_it(tmp_path: Path):
    text = TEXT.replace("Feature freeze\n--------------", "Rocky leads nominated\n---------------------")
    rows = {row.name: row.release for row in dated(folder(tmp_path, text=text))[0]}
    assert rows["Rocky leads nominated"] == "rocky"
    assert rows["milestone 3"] == "queens"


def test_a_thing_that_lasts_over_weeks_counts_once(tmp_path: Path):
    weeks = WEEKS.replace(
        "- name: R-5",
        "- name: R-23\n  start: '2017-09-18'\n  end: '2017-09-22'\n  x-project: [q-ptg]\n- name: R-5",
    )
    assert days(folder(tmp_path, weeks=weeks))["Queens Project Team Gathering (PTG)"] == "2017-09-12"
    assert odd(tmp_path) == []


# --- faults -------------------------------------------------------------------------------------------------------

FAULTS = [
    ("weeks", "release-week: 2018-02-26", "release-week: 2018-02-19", "release-week 2018-02-19 does not hold the day of the release, 2018-02-28"),
    ("weeks", "release-week: 2018-02-26", "release-week: 2018-02-28", "release-week 2018-02-28 is no Monday"),
    ("weeks", "start-week: 2017-09-04", "start-week: 2017-13-04", "start-week is no date"),
    ("weeks", "start-week: 2017-09-04", "start-week: 2018-09-03", "release-week 2018-02-26 lies before start-week 2018-09-03"),
    ("weeks", "start: '2018-01-22'", "start: '2018-01-23'", "the week starts on no Monday; the one of 2018-01-22 is taken"),
    ("weeks", "end: '2018-01-26'", "end: '2018-02-26'", "the week has 36 days; the first of its weeks is taken"),
    ("weeks", "name: R-5", "name: R-4", "R-4 counts to the week of 2018-01-29, its days say 2018-01-22; they are believed"),
    ("text", "12-14 September 2017", "12-14 September 2018", "q-ptg: the year 2018 is wrong: its week is that of 2017-09-11"),
    ("text", "2 March 2018 (26", "2 March 2019 (26", "from 2017-09-04 to 2019-03-02 are 78 weeks, not 26: a day or a year is wrong"),
    ("text", "2 March 2018 (26", "27 February 2018 (26", "the cycle is said to end on 2018-02-27, the release is dated 2018-02-28"),
    ("text", "The day of the release is told elsewhere.", "It is out on 1 March 2018.", "the text says 2018-03-01, the release is dated 2018-02-28"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "right", "wrong", "what"), FAULTS)
def test_a_fault_is_told_and_costs_nothing_else(tmp_path: Path, file: str, right: str, wrong: str, what: str):
    text = {"weeks": WEEKS, "text": TEXT}[file].replace(right, wrong)
    told = odd(folder(tmp_path, **{file: text}))
    assert [row.split(": ", 1)[1] for row in told] == [what]
    suffix = {"weeks": "yaml", "text": "rst"}[file]
    name, line = told[0].split(":")[:2]
    assert name == f"schedule.{suffix}"
    at = text.splitlines()[
        max(0, int(line) - 2) : int(line) + 2
    ]  # or near it: a week's fault stands at its first line
    assert any(wrong in row for row in at)
    found = days(tmp_path)
    assert found["feature freeze"] == "2018-01-25"
    assert found["Queens Project Team Gathering (PTG)"] == "2017-09-12"


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("start: '2018-01-22'\n  end: '2018-01-19'", "the week ends before it starts"),
        (
            "start: '2015-01-19'\n  end: '2015-01-23'",
            "the week of 2015-01-19 lies outside the cycle that ships on 2018-02-28",
        ),
        ("start: 'soon'\n  end: '2018-01-26'", "a day of the week is no date"),
    ],
)
def test_a_week_that_cannot_be_believed_gives_no_days(tmp_path: Path, wrong: str, what: str):
    weeks = WEEKS.replace("start: '2018-01-22'\n  end: '2018-01-26'", wrong)
    told = odd(folder(tmp_path, weeks=weeks))
    assert any(what in row for row in told)
    assert "feature freeze" not in days(tmp_path)


def test_weeks_out_of_order_are_told(tmp_path: Path):
    again = (
        "- start: '2018-01-22'\n  end: '2018-01-26'\n- start: '2017-09-11'\n  end: '2017-09-15'\n- name: R+0"
    )
    told = odd(folder(tmp_path, weeks=WEEKS.replace("- name: R+0", again)))
    assert told == [
        "schedule.yaml:17: the week of 2018-01-22 stands twice",
        "schedule.yaml:19: the week of 2017-09-11 stands below a later one",
    ]


def test_a_sentence_is_believed_over_its_week_and_told(tmp_path: Path):
    text = TEXT.replace("No more features.", "18 January 2018 is the first day of the freeze.")
    assert days(folder(tmp_path, text=text))["feature freeze"] == "2018-01-18"
    assert odd(tmp_path) == [
        "schedule.rst:29: q-ff: its week is that of 2018-01-22, the text says 2018-01-18 and is believed"
    ]


def test_keys_and_sections_that_do_not_meet_are_told(tmp_path: Path):
    told = odd(folder(tmp_path, weeks=WEEKS.replace("  - q-ff\n", "  - q-fff\n")))
    assert told == [
        "schedule.yaml:14: no text says what q-fff is",
        "schedule.rst:26: no week has q-ff, so its day is not known",
    ]


def test_a_reminder_in_another_schedule_makes_no_second_milestone(tmp_path: Path):
    root = folder(tmp_path)
    other = "cycle:\n- {start: '2018-02-26', end: '2018-03-02', x-project: [q-release]}\n"
    put(root, {"doc/source/rocky/schedule.yaml": other, "doc/source/rocky/schedule.rst": "Rocky\n=====\n"})
    assert [row.date for row in dated(root)[0] if row.name == "final release"] == ["2018-02-28"]
    assert odd(root) == ["schedule.yaml:1: start-week is missing", "schedule.yaml:1: release-week is missing"]
    put(root, {"doc/source/rocky/schedule.yaml": other.replace("02-26", "03-05").replace("03-02", "03-09")})
    assert [row.date for row in dated(root)[0] if row.name == "final release"] == ["2018-02-28"]
    assert odd(root)[2:] == [
        "schedule.yaml:2: q-release in the week of 2018-03-05: doc/source/queens/schedule.yaml has it in the week "
        "of 2018-02-26, which is believed"
    ]


# --- releases and versions ------------------------------------------------------------------------------------------


def delivered(version: str, nth: int = 1, **over: str) -> DeliveredRecord:
    row = DeliveredRecord("f.yaml", nth, "queens", "nova", version, "", nth)
    return replace(row, **over)


def versions(*rows: DeliveredRecord) -> tuple[list[Version], list[str]]:
    lists = Deliveries(OURS, "files", {**OURS.release_names, "queens": "queens"})
    return lists.versions(rows), [problem.what for problem in lists.problems]


def test_versions_have_release_stage_and_place(tmp_path: Path):
    rows = read(folder(tmp_path))
    found, told = versions(*(row for row in rows if isinstance(row, DeliveredRecord)))
    assert [(v.name, v.release, v.stage, v.nth, v.line) for v in found] == [
        ("17.0.0.0b1", "queens", "milestone", 1, 4),
        ("17.0.0", "queens", "final", 2, 6),
        ("17.0.10", "queens", "final", 3, 8),
    ]
    assert told == []


@pytest.mark.parametrize(
    ("name", "stage"),
    [("17.0.0.0rc1", "candidate"), ("17.0.0.0b2", "milestone"), ("17.0.0", "final"), ("2.6.0.1", "final"),
     ("2015.1.0", "final"), ("queens-em", ""), ("2023.1-eom", ""), ("latest", "")],
)  # fmt: skip
def test_stages(name: str, stage: str):
    found, _ = versions(delivered(name, project="python-novaclient"))
    assert [v.stage for v in found] == ([stage] if stage else [])


def test_faults_of_versions():
    twice = versions(delivered("17.0.0"), delivered("17.0.0", 2))
    assert [v.line for v in twice[0]] == [1]
    assert twice[1] == ["version 17.0.0 stands twice, also in f.yaml:1, which is believed"]
    assert versions(delivered("17.0.10"), delivered("17.0.9", 2))[1] == [
        "version 17.0.9 stands below 17.0.10"
    ]
    strange, told = versions(delivered("18.0.0"))
    assert strange[0].release == "rocky"
    assert told == ["version 18.0.0 belongs to rocky by its number, but is listed for queens"]
    assert versions(delivered("18.0.0", project="python-novaclient"))[1] == []


@given(st.lists(st.integers(0, 30), min_size=1, max_size=4), st.sampled_from(["", ".0b1", ".0rc2"]))
def test_a_version_stands_before_the_one_after_it(numbers: list[int], stage: str):
    name = ".".join(map(str, numbers))
    later = ".".join(map(str, [*numbers[:-1], numbers[-1] + 1]))
    assert order(name + stage) <= order(name) < order(later)
    assert order(later + stage) > order(name)


def short(rows: list[str]) -> list[str]:
    return [
        row.replace("https://w3id.org/release-kg/id/openstack/", "").replace(
            "https://w3id.org/release-kg/ns#", "kg:"
        )
        for row in rows
    ]


def test_a_release_that_the_profile_knows_gets_no_second_values(tmp_path: Path):
    rows = short(lines(folder(tmp_path)))
    about = [row for row in rows if row.startswith("<release/queens>")]
    assert not [row for row in about if any(word in row for word in ("ordinal", "cycle", "freeze", "label>"))]
    assert '<release/queens> <kg:phase> "end of life" .' in about
    assert any('altLabel> "17"' in row for row in about)
    assert any(row.startswith("<version/nova/17.0.0> <kg:versionOf> <release/queens>") for row in rows)


def test_when_a_release_changes_its_phase(tmp_path: Path):
    turns = "  next-phase:\n    status: unmaintained\n    date: 2020-02-24\n- name: queens\n"
    series = SERIES.replace("- name: queens\n", turns) + "  eol-date: 2023-01-18\n"
    about = [row for row in short(lines(folder(tmp_path, series=series))) if row.startswith("<release/")]
    assert '<release/queens> <kg:endOfLife> "2023-01-18"^^<http://www.w3.org/2001/XMLSchema#date> .' in about
    assert '<release/rocky> <kg:nextPhase> "unmaintained" .' in about
    assert any(row.startswith('<release/rocky> <kg:nextPhaseStart> "2020-02-24"') for row in about)


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("eol-date: soon", "queens reached its end of life on soon, which is no date"),
        ("next-phase: {status: gone, date: 2023-02-30}", "queens turns gone on 2023-02-30, which is no date"),
        ("next-phase: {date: later}", "queens turns something else on later, which is no date"),
    ],
)
def test_faults_of_phases(tmp_path: Path, key: str, what: str):
    rows = lines(folder(tmp_path, series=SERIES + f"  {key}\n"))
    assert any(what in row for row in rows)
    assert not any("endOfLife" in row or "nextPhaseStart" in row for row in rows)


def test_a_release_that_the_profile_does_not_know_gets_its_own(tmp_path: Path):
    series = (
        SERIES + "- name: jacaranda\n  release-id: 2027.2\n  status: future\n  initial-release: 2027-09-29\n"
    )
    rows = short(lines(folder(tmp_path, series=series)))
    text = "\n".join(row for row in rows if "release/jacaranda" in row.split(" ")[0])
    assert f'<kg:ordinal> "{len(OURS.releases) + 1}"' in text
    assert '<kg:slug> "jacaranda"' in text
    assert '"2027.2"' in text
    assert '<kg:cycleEnd> "2027-09-29"' in text
    last = OURS.releases[-1].name
    assert f"<release/{last}> <kg:successor> <release/jacaranda> ." in rows


def test_an_unknown_release_among_known_ones_is_told(tmp_path: Path):
    rows = lines(
        folder(tmp_path, series=SERIES + "- name: quince\n  status: old\n  initial-release: 2018-05-01\n")
    )
    assert not any("/release/quince>" in row for row in rows)
    assert any("quince is not later than indri" in row for row in rows)


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ("2018-02-28", "2018-02-29", "queens was released on 2018-02-29, which is no date"),
        (
            "2018-02-28",
            "2018-02-27",
            "queens was released on 2018-02-27, the community's profile says 2018-02-28",
        ),
        ("name: rocky", "name: queens", "queens stands twice; the first is believed"),
    ],
)
def test_faults_of_the_list_of_releases(tmp_path: Path, right: str, wrong: str, what: str):
    assert any(what in row for row in lines(folder(tmp_path, series=SERIES.replace(right, wrong))))


def test_a_freeze_that_contradicts_the_profile_is_told(tmp_path: Path):
    rows = lines(folder(tmp_path, text=TEXT.replace("No more features.", "On 24 January 2018.")))
    assert any(
        "feature freeze of queens on 2018-01-24, the community's profile says 2018-01-25" in row
        for row in rows
    )


# --- another community ------------------------------------------------------------------------------------------------

OTHER = """
[community]
name = "orchard"
project = "press"
projects = ["press"]

[schedule]
series = 'releases\\.yml'
deliverables = 'shipped/([^/]+)/([^/]+)\\.yml'
weeks = 'plans/([^/]+)\\.yml'
texts = 'plans/([^/]+)\\.rst'
deadline = "tuesday"
lasting = ["harvest"]
"""


def test_another_community_with_another_layout(tmp_path: Path):
    files = {
        "community.toml": OTHER,
        "releases.yml": "- {name: apple, status: old, initial-release: 2020-03-10}\n- {name: pear, status: new}\n",
        "shipped/apple/press.yml": "releases:\n- version: 1.10\n  projects: [{repo: press}]\n",
        "plans/apple.yml": "start-week: 2020-01-06\nrelease-week: 2020-03-09\ncycle:\n"
        "- {name: R-2, start: '2020-02-24', end: '2020-02-28', x-project: [stop, pick]}\n",
        "plans/apple.rst": "Apple\n=====\n\n.. _stop:\n\nStop\n----\n\nStop.\n\n.. _pick:\n\nHarvest\n-------\n\nPick.\n",
    }
    root = put(tmp_path, files)
    ours = profile.load(root)
    assert releases.sniff(root, ours)
    assert {row.name: row.date for row in dated(root, ours)[0]} == {
        "Stop": "2020-02-25",
        "Harvest": "2020-02-24",
    }
    text = "\n".join(lines(root, ours)).replace("https://w3id.org/release-kg/id/orchard/", "")
    assert "<version/press/1.10>" in text
    assert "<release/apple> <https://w3id.org/release-kg/ns#ordinal>" in text
    assert OTHER.count("nova") == 0 and "openstack" not in text


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ('deadline = "tuesday"', 'deadline = "someday"', "is no day"),
        ("'releases\\.yml'", "'(releases)\\.yml'", "has 1 groups, not 0"),
        ("'plans/([^/]+)\\.yml'", "'plans/([^/'", "weeks of"),
        ('lasting = ["harvest"]', 'lasting = "harvest"', "no list of strings"),
        ('lasting = ["harvest"]', 'stated = ["on a day"]', "has 0 groups, not 1"),
        ('lasting = ["harvest"]', "names = 3", "no table of names"),
        ("[schedule]", "schedule = 3\n[other]", "no table"),
    ],
)
def test_a_wrong_schedule_section_is_an_error_with_its_place(right: str, wrong: str, what: str):
    text = OTHER.replace(right, wrong)
    if wrong.startswith("schedule"):
        text = "schedule = 3\n" + OTHER.replace("[schedule]", "[other]")
    with pytest.raises(KgError, match=what) as caught:
        profile.parse(text, "some/community.toml")
    assert caught.value.place == "some/community.toml"
    assert caught.value.hint


def test_a_profile_without_the_section_works(tmp_path: Path):
    bare = profile.parse(OTHER.split("[schedule]", maxsplit=1)[0], "x")
    assert bare.schedule.kind("data/series_status.yaml") == ("", ())
    with pytest.raises(KgError, match="no release files"):
        read(folder(tmp_path), bare)


# --- the same bytes -----------------------------------------------------------------------------------------------------


def test_the_same_bytes_from_source_and_dump(tmp_path: Path):
    root = folder(tmp_path, nova=NOVA + "  - version: 17.0.10\n    projects: [x]\n")
    put(root, {"doc/source/rocky/schedule.yaml": "a: *b\n"})
    header, *rows = dumps.lines(dumps.Header("releases", "files"), read(root))
    assert dumps.header_of(header, "x").kind == "releases"
    assert list(release_quads.write(OURS, dumps.entries(rows, "x"))) == [("", lines(root))]
    assert lines(root) == sorted(set(lines(root)))
    assert not any("_:" in row for row in lines(root))


def test_the_slice_of_the_queries_is_understood():
    assert problems(read(SLICE)) == []
    found, told = dated(SLICE)
    assert told == []
    assert [(row.name, row.date) for row in found] == [
        ("feature freeze", "2018-01-25"),
        ("milestone 3", "2018-01-25"),
        ("final release", "2018-02-28"),
    ]


# --- the real files -----------------------------------------------------------------------------------------------------


@real
def test_every_freeze_and_release_day_of_the_real_files_is_the_profiles():
    found, _ = dated(REAL)
    shape = OURS.schedule
    freezes = {row.release: row.date for row in found if row.name == shape.freeze}
    ships = {row.release: row.date for row in found if row.name == shape.ship}
    assert freezes["queens"] == "2018-01-25"
    assert (freezes["mitaka"], freezes["newton"]) == ("2016-03-03", "2016-09-01")
    assert len(freezes) == len(ships) == 23
    for info in OURS.releases:
        assert freezes.get(info.name, info.freeze) == (info.freeze or freezes.get(info.name, ""))
        assert ships.get(info.name, info.ship) == info.ship


@real
def test_the_real_files_are_read_whole_and_their_known_faults_found():
    rows = read(REAL)
    assert problems(rows) == []
    assert isinstance(rows[0], SourceRecord)
    assert sum(isinstance(row, SeriesRecord) for row in rows) == 35
    found, told = dated(REAL)
    assert len(found) > 750
    text = "\n".join(f"{p.source}: {p.what}" for p in told if p.kind == "odd")
    for known in (
        "wallaby/schedule.yaml: release-week 2021-05-03 does not hold",
        "yoga/schedule.yaml: release-week 2022-03-30 is no Monday",
        "queens/schedule.rst: q-ptg: the year 2018 is wrong",
        "mitaka/schedule.rst: m-nova-npff: the year 2015 is wrong",
        "caracal/schedule.rst: c-cinder-spec-freeze: the year 2022 is wrong",
        "flamingo/schedule.rst: from 2024-04-02 to 2025-10-01 are 78 weeks",
        "ussuri/schedule.yaml: the week has 15 days",
        "ocata/schedule.yaml: the week of 2016-10-31 stands twice",
        "ocata/schedule.rst: o-2: its week is that of 2016-12-05, the text says 2016-12-15",
    ):
        assert known in text
    assert {row.date for row in found if (row.release, row.name) == ("ocata", "milestone 2")} == {
        "2016-12-15"
    }


@real
def test_the_real_lists_of_versions_have_no_fault():
    plans = schedules.collect(read(REAL), OURS, "files")
    lists = Deliveries(OURS, "files", plans.names)
    found = lists.versions(row for row in read(REAL) if isinstance(row, DeliveredRecord))
    assert lists.problems == []
    assert {v.release for v in found if v.project == "nova"} == {info.name for info in OURS.releases[:-2]}
    assert not [v.name for v in found if v.name.rsplit("-", 1)[-1] in ("em", "eol", "eom")]
    series = lists.series(plans.series, found)
    names = {one.slug: one.names for one in series}
    assert set(names["antelope"]) == {"Antelope", "2023.1", "27"}
    assert names["kilo"] == ("Kilo", "2015.1")
    assert [one.slug for one in series] == [info.name for info in OURS.releases]
