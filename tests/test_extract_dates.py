"""Dates as people write them: those that open a meeting, those of milestones, and those that are none."""

from __future__ import annotations

import pytest
from extract_samples import extract

from graph.extract import dates
from graph.facts import Meeting, Milestone

FULL = [
    "2018年1月8日", "2018 年 1 月 8 日", "2018年01月08日", "2018年1月8号", "2018-01-08", "2018-1-8", "2018/01/08",
    "2018/1/8", "2018.1.8", "2018.01.08", "20180108", "January 8, 2018", "January 8 2018", "Jan 8, 2018",
    "Jan. 8, 2018", "January 8th, 2018", "8 January 2018", "8 Jan 2018", "8th of January 2018", "8 January, 2018",
    "Mon 8 Jan 2018", "Monday, January 8, 2018", "Monday 8 January 2018", "2018-01-08 (Monday)", "2018年1月8日（周一）",
    "2018年1月8日 星期一", "2018-01-08 14:00 UTC", "2018-01-08 21:00", "jan 8, 2018", "JANUARY 8, 2018", "08 Jan 2018",
    "The 8th of January, 2018", "2018-01-08T14:00:00Z", "8-Jan-2018", "Jan-8-2018",
]  # fmt: skip

SHORT = [
    "1月8日", "1 月 8 日", "January 8", "Jan 8th", "8 January", "8th of January", "1月8号", "the 8th of January",
    "周一，1月8日",
]  # fmt: skip


@pytest.mark.parametrize("text", FULL)
def test_full(text: str) -> None:
    assert [found.date for found in dates.full(text)] == ["2018-01-08"]


@pytest.mark.parametrize("text", FULL)
@pytest.mark.parametrize("mark", ["## ", ""])
def test_opens_a_meeting(text: str, mark: str) -> None:
    name = "note.md" if mark else "note.txt"
    facts = extract(f"{mark}{text}\n\nFeature\n\n1. Some thing: merged\n", name).facts
    assert [fact.key.date for fact in facts if isinstance(fact, Meeting)] == ["2018-01-08"]


@pytest.mark.parametrize("text", SHORT)
def test_without_a_year_from_the_posts_own_date(text: str) -> None:
    facts = extract(f"---\ntitle: x\ndate: 2018-02-01\n---\n\n## {text}\n\n- **Thing one**: merged\n").facts
    assert [(fact.key.date, bool(fact.inferred)) for fact in facts if isinstance(fact, Meeting)] == [
        ("2018-01-08", True)
    ]


@pytest.mark.parametrize(
    "text",
    ["2018-13-45", "1.14", "17.0.0", "10.20.30", "2018", "521685", "version 2018.1", "192.168.1.8", "2018年"],
)
def test_no_date(text: str) -> None:
    assert [found.date for found in dates.full(text) if found.date] == []


@pytest.mark.parametrize(
    "line",
    [
        "Feature freeze is on January 25, 2018.", "1月25日，Queens版本的Feature Freeze即将到来。", "FF: 2018-01-25",
        "Feature freeze: 25 Jan", "Feature Freeze 是下周四（1月25日）", "| Feature freeze | January 25, 2018 |",
        "- Queens-3 and feature freeze: January 25", "特性冻结：2018/1/25", "The feature freeze is next Thursday.",
        "特性冻结在下周四", "Code freeze is the 25th of January.",
    ],
)  # fmt: skip
def test_milestone(line: str) -> None:
    facts = extract(f"## 2018-01-15\n\n{line}\n\n### Features\n\n- **Thing one**: merged\n").facts
    rows = [(fact.release, fact.date) for fact in facts if isinstance(fact, Milestone)]
    assert set(rows) == {("queens", "2018-01-25")}


@pytest.mark.parametrize(
    "line",
    ["FF之前要合入", "The feature freeze is close.", "This merged on January 25, 2018.", "PTG是2月26日"],
)
def test_no_milestone(line: str) -> None:
    facts = extract(f"## 2018-01-15\n\n{line}\n\n### Features\n\n- **Thing one**: merged\n").facts
    assert [fact for fact in facts if isinstance(fact, Milestone)] == []


def test_a_calendar_before_the_meetings_takes_the_release_above_it() -> None:
    text = "# Notes\n\nStein schedule:\n\n- Feature freeze: March 7, 2019\n\n## 2018-08-01\n\n- **Thing one**: merged\n"
    facts = extract(text).facts
    assert [(fact.release, fact.date) for fact in facts if isinstance(fact, Milestone)] == [
        ("stein", "2019-03-07")
    ]


def test_a_date_that_stands_twice_is_two_meetings() -> None:
    text = "## 2018-01-08\n\n- **One thing**: merged\n\n## 2018-01-08\n\n- **Another thing**: merged\n"
    assert [fact.key.nth for fact in extract(text).facts if isinstance(fact, Meeting)] == [1, 2]
