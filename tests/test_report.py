"""`kg report` over real builds: two months of a made-up community, and the record and history of data/."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, Done, kg

CASES = ROOT / "tests" / "cases" / "report"
WANTED = ("2031-03", "2031-04", "2031-03..2031-04", "juniper")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the notes of the made-up community, one TODO closed by hand, built."""
    folder = tmp_path_factory.mktemp("report")
    shutil.copytree(CASES / "notes", folder / "notes")
    assert kg("build", "notes", store=folder / "store", cwd=folder).code == 0
    return folder


def post(place: Path, *words: str) -> Done:
    return kg("report", *words, store=place / "store", cwd=place)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("wanted", WANTED)
def test_golden(place, wanted, lang):
    done = post(place, wanted, "--lang", lang)
    assert done.code == 0, done.err
    golden = CASES / f"{wanted.replace('..', '_')}.{lang}.md"
    # Ids of TODOs are made from their words and are no matter of the post.
    said = re.sub(r"`[0-9a-f]{8}`", "`id`", done.out)
    if os.environ.get("KG_WRITE_GOLDEN"):
        golden.write_text(said, "utf-8")
    assert said == golden.read_text("utf-8")


def test_paths_of_evidence_lead_to_the_lines(place):
    assert post(place, "2031-04", "-o", "out/deep/april.md").code == 0
    text = (place / "out/deep/april.md").read_text("utf-8")
    targets = set(re.findall(r"\]\((\.\./[^)]+)\)", text))
    assert targets
    for target in targets:
        path, _, line = target.partition("#L")
        lines = (place / "out/deep" / path).resolve().read_text("utf-8").splitlines()
        assert lines[int(line) - 1].strip(), target


def test_the_page_holds_nothing_from_outside(place):
    assert post(place, "2031-03..2031-04", "-o", "out/p.html", "--lang", "en").code == 0
    page = (place / "out/p.html").read_text("utf-8")
    assert '<html lang="en">' in page
    assert not re.findall(r'(?:src|action)\s*=|<link rel="stylesheet"|@import|url\(http', page)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_every_way_to_write_a_time(place):
    first = post(place, "2031-03..2031-04", "--lang", "zh").out
    for words in (("2031-03", "2031-04"), ("2031年3月至4月",), ("2031-03", "to", "2031-04")):
        assert post(place, *words, "--lang", "zh").out == first
    assert post(place, "March 2031").out == post(place, "2031-03").out
    assert post(place, "2031", "--lang", "zh").out.startswith("# tern 会议记录（2031年）\n")


def test_the_ends_of_the_calendar(place):
    for words in ("9999-12", "0001", "9998..9999"):
        done = post(place, words, "--lang", "en")
        assert done.code == 0, done.err
        assert "No meeting is on record for" in done.out


def test_what_is_no_time_and_no_release(place):
    assert (done := post(place, "2031-13")).code == 2
    assert "is no month and no release" in done.err
    assert (done := post(place, "2031-04..2031-03")).code == 2
    assert "ends before it begins" in done.err
    assert (done := post(place, "junipr")).code == 3
    assert "did you mean" in done.err


def test_ages_are_counted_to_the_end_of_the_time(place):
    assert "已挂 4 周" in post(place, "2031-04", "--lang", "zh", "--today", "2031-04-18").out
    assert "已挂 6 周" in post(place, "2031-04", "--lang", "zh").out


# --- the record and the history of data/ ---------------------------------------------------------------------


def test_january(demo):
    text = re.sub(r" *<sub>.*?</sub>", "", kg("report", "2018-01", "--lang", "zh", store=demo).out)
    for line in (
        "   - GET /allocation_candidates：jaypipes 正在做，补丁 [531443](https://review.opendev.org/531443)",
        "2017年12月没有记录，只看本月内的变化。",
        "- 2018年2月8日：Queens rc1",
    ):
        assert f"{line}\n" in text
    assert "接近完成（1月15日、1月22日）→ 已完成（1月29日）\n" in text
    assert "Keystone" not in text
    assert "（由记录归纳）" in text
    assert "作者小结：" in text


# Counted in the specs repository: files in approved and implemented, and those of approved with a later namesake,
# a new name or none.
COUNTS = {"queens": (38, 28, 9, 1), "rocky": (44, 32, 7, 5)}


@pytest.mark.parametrize("release", COUNTS)
def test_numbers_of_a_release(demo, release):
    text = kg("report", release, store=demo).out
    counts = dict(re.findall(r"^\| (\w+) \| (\d+) \|", text, re.MULTILINE))
    named = ("Promised", "Shipped", "Slipped", "Dropped")
    assert tuple(int(counts[name]) for name in named) == COUNTS[release]


def test_a_release_by_its_other_names(demo):
    assert kg("report", "Q", store=demo).out == kg("report", "queens", store=demo).out
    assert kg("report", "17", store=demo).out == kg("report", "queens", store=demo).out
    assert kg("report", "2026.1", store=demo).out.startswith("# Gazpacho: ")
    assert kg("report", "2018.1", "--lang", "zh", store=demo).out.startswith("# nova 会议记录（2018年1月）")


# --- TODOs that are carried and closed -----------------------------------------------------------------------

CARRIED = {
    "2031-03.md": "## 2031-03-03\n### Feature\n#### Cache\nIn progress.\n# TODO\n1. Understand the generation id of providers\n"
    "2. 学习 Fair queue 的算法\n3. Look into the volume attach flow\n",
    "2031-04.md": "## 2031-04-07\n### Feature\n#### Cache\nIn progress.\n# TODO\n1. Understand generation id of the providers\n"
    "2. 学习Fair queue算法（已完成）\n3. Study nested pools\n",
    "2031-05.md": "## 2031-05-05\n### Feature\n#### Cache\nDone.\n# TODO\n1. Understand generation id of the providers\n"
    "2. ~~Study nested pools~~\n",
    "2031-06.md": "## 2031-06-02\n### Feature\n#### Cache\nDone.\n\ngeneration id of providers 已经学完了，见 https://blog.example/9\n",
    "todo-closed.toml": "",
}


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four months of notes: a TODO carried twice in other words, then learnt; two that notes close, one by hand."""
    folder = tmp_path_factory.mktemp("carried")
    (folder / "notes").mkdir()
    shutil.copy(CASES / "notes" / "community.toml", folder / "notes")
    for name, text in CARRIED.items():
        (folder / "notes" / name).write_text(text, "utf-8")
    assert kg("build", "notes", store=folder / "store", cwd=folder).code == 0
    rows = kg("todo", "--format", "json", store=folder / "store", cwd=folder).out
    flow = re.search(r"\b[0-9a-f]{8}\b(?=[^{}]*volume attach)", rows)
    assert flow
    closing = f'[[closed]]\ntodo = "{flow[0]}"\nby = "https://blog.example/7"\non = 2031-05-20\n'
    (folder / "notes" / "todo-closed.toml").write_text(closing, "utf-8")
    assert kg("build", "notes", store=folder / "store", cwd=folder).code == 0
    return folder


def todos_of(place: Path, month: str, lang: str) -> str:
    return re.sub(r" `[0-9a-f]{8}`", "", post(place, month, "--lang", lang).out.partition("TODO\n\n")[2])


def test_todos_opened_carried_and_closed(carried):
    assert todos_of(carried, "2031-03", "zh").startswith("新增 3 条。\n")
    april = todos_of(carried, "2031-04", "zh")
    assert april.startswith("新增 1 条，结转 2 条，关闭 1 条。\n")
    assert "学习 Fair queue 的算法（2031年4月记为完成 <sub>[L7](notes/2031-04.md#L7)</sub>，历时 " in april
    may = todos_of(carried, "2031-05", "en")
    assert may.startswith("1 carried over, 2 closed.\n")
    assert "Understand the generation id of providers (open for 2 months, noted 2 more times)" in may
    assert "Study nested pools (May 2031, noted as done <sub>[L7](notes/2031-05.md#L7)</sub>, after " in may
    assert "(20 May, by [https://blog.example/7](https://blog.example/7), after " in may
    assert todos_of(carried, "2031-03..2031-05", "en").startswith("4 opened, 3 closed.\n")
    june = todos_of(carried, "2031-06", "zh")
    assert june.startswith("关闭 1 条。\n")
    assert "（6月2日记为完成 <sub>[L6](notes/2031-06.md#L6)</sub>，历时 " in june


@pytest.mark.parametrize("month", ["2031-03", "2031-04"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_month_tells_nothing_that_comes_later(carried, month, lang):
    told = post(carried, month, "--lang", lang).out
    assert "2031-05" not in told
    assert "blog.example" not in told
    assert (month == "2031-03") == ("2031-04" not in told)
