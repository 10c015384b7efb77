"""The parts of asking: days, things, conditions, picks, the SPARQL they make, and questions that lean on the last."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from conftest import kg
from hypothesis import given
from hypothesis import strategies as st

from graph.answers import answer
from graph.asking import periods
from graph.asking.asker import Asker
from graph.asking.composed import composed
from graph.asking.dialogue import Dialogue
from graph.asking.limits import Limit, Pick
from graph.asking.words import fold
from graph.errors import KgError, UnknownName
from graph.names import Names
from graph.queries import Catalogue
from graph.sentences import filled
from graph.sparql import parse
from graph.store import Reader

TODAY = datetime.date(2018, 3, 14)
OPEN, END = periods.EARLIEST, periods.LATEST

DAYS = [
    ("on 2018-01-08", "2018-01-08", "2018-01-08"),
    ("8 January 2018", "2018-01-08", "2018-01-08"),
    ("2018年1月8日的会", "2018-01-08", "2018-01-08"),
    ("in January 2018", "2018-01-01", "2018-01-31"),
    ("2018-02", "2018-02-01", "2018-02-28"),
    ("2018年2月", "2018-02-01", "2018-02-28"),
    ("in 2017", "2017-01-01", "2017-12-31"),
    ("2017年", "2017-01-01", "2017-12-31"),
    ("last week", "2018-03-05", "2018-03-11"),
    ("上周", "2018-03-05", "2018-03-11"),
    ("this month", "2018-03-01", "2018-03-31"),
    ("上个月", "2018-02-01", "2018-02-28"),
    ("去年", "2017-01-01", "2017-12-31"),
    ("yesterday", "2018-03-13", "2018-03-13"),
    ("last 10 days", "2018-03-04", "2018-03-14"),
    ("最近两周", "2018-02-28", "2018-03-14"),
    ("since February 2018", "2018-02-01", END),
    ("2018年2月以来", "2018-02-01", END),
    ("before 2018-01-15", OPEN, "2018-01-14"),
    ("2018年1月之前", OPEN, "2017-12-31"),
    ("until 2018-01-15", OPEN, "2018-01-15"),
    ("between 2018-01-08 and 2018-01-22", "2018-01-08", "2018-01-22"),
    ("2018年1月到3月", "2018-01-01", "2018-03-31"),
    ("从2018年1月8日到2018年1月22日", "2018-01-08", "2018-01-22"),
    ("from January 2018 to March 2018", "2018-01-01", "2018-03-31"),
]


@pytest.mark.parametrize(("text", "first", "last"), DAYS, ids=[row[0] for row in DAYS])
def test_days_are_read(text: str, first: str, last: str):
    found = periods.find(fold(text), TODAY)
    assert [(period.first, period.last) for period in found] == [(first, last)]


@pytest.mark.parametrize(
    "text", ["17.0.8", "2023.1", "bug 1682693", "you may ask", "patch 521685", "release 2024.2", "第三个月台"]
)
def test_what_is_no_day_is_none(text: str):
    assert periods.find(fold(text), TODAY) == []


@given(st.text(max_size=60))
def test_any_text_has_days_in_order_within_it(text: str):
    folded = fold(text)
    found = periods.find(folded, TODAY)
    assert [p.start for p in found] == sorted(p.start for p in found)
    assert all(0 <= p.start < p.end <= len(folded) and p.first <= p.last for p in found)


# --- a made-up record ---------------------------------------------------------------------------------------------

NOTE = """# Scheduler meetings
## 2018-01-08
### Features
#### 1. Nested Resource Providers
* @efried is working on it: https://review.openstack.org/#/c/521685/
#### 2. Alternate hosts
Almost done.
#### 3. Granular resource requests
Postponed to the Rocky release.
## 2018-02-05
### Features
#### 1. Alternate hosts
Done.
#### 2. Volume attach limits
No progress.
In the end @cdent will write the patch.
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("asking")
    (folder / "note.md").write_text(NOTE, "utf-8")
    assert kg("build", "note.md", store=folder / "store", cwd=folder).code == 0
    return Reader(folder / "store")


@pytest.fixture(scope="module")
def asker(reader: Reader) -> Asker:
    return Asker(Catalogue.load(), Names(reader), TODAY)


def rows(reader: Reader, asker: Asker, question: str, column: str) -> list[object]:
    return [row[column] for row in answer(reader, asker.understand(question)).table.dicts()]


def test_a_period_keeps_the_rows_of_its_days(reader: Reader, asker: Asker):
    assert rows(reader, asker, "which meetings were there in January 2018", "date") == ["2018-01-08"]
    assert rows(reader, asker, "上个月有哪些会议", "date") == ["2018-02-05"]


def test_a_month_without_a_year_is_that_of_the_only_meetings(reader: Reader, asker: Asker):
    assert set(rows(reader, asker, "what was discussed in January", "date")) == {"2018-01-08"}
    with pytest.raises(UnknownName, match="year"):
        asker.understand("what was discussed in August")


def test_days_of_which_nothing_is_on_record_are_not_known(reader: Reader, asker: Asker):
    with pytest.raises(UnknownName, match="reaches from 2018-01-08"):
        answer(reader, asker.understand("what was discussed in May 2019"))


def test_a_status_keeps_its_rows(reader: Reader, asker: Asker):
    assert rows(reader, asker, "what is stalled", "status") == ["stalled"]
    assert rows(reader, asker, "哪些工作停滞了", "status") == ["stalled"]


def test_nothing_within_the_limits_is_a_true_answer(reader: Reader, asker: Asker):
    found = answer(reader, asker.understand("what was decided in January 2018"))
    assert found.table.rows == ()
    assert found.sentence.startswith("None of them: 2018-01")


def test_whether_is_answered_with_yes_or_no(reader: Reader, asker: Asker):
    yes = answer(reader, asker.understand("did granular resource requests slip from Queens to Rocky?"))
    no = answer(reader, asker.understand("did alternate hosts slip from Queens to Rocky?"))
    assert yes.sentence.startswith("Yes. ")
    assert no.sentence.startswith("No. ")


# --- the SPARQL ---------------------------------------------------------------------------------------------------

QUESTION = parse(
    "# title: x\n# ask: x of x\nSELECT ?who ?day WHERE { ?x foaf:nick ?who ; dcterms:date ?day } ORDER BY ?who",
    "q",
    "q",
)


def test_a_question_without_limits_is_itself():
    assert composed(QUESTION, (), None) is QUESTION


@given(st.text(max_size=30))
def test_a_value_never_leaves_its_string(value: str):
    limit = Limit(("who",), "=", (value,), value)
    text = composed(QUESTION, (limit,), Pick("day", True, 1)).text
    assert parse(text.replace(QUESTION.text, QUESTION.text, 1), "q", "q") if text.startswith("#") else True
    parse("# title: x\n" + text, "q", "q")


def test_limits_are_filters_around_the_question():
    text = composed(QUESTION, (Limit(("day",), "in", ("2018-01-01", "2018-01-31"), "2018-01"),), None).text
    assert "FILTER((STR(?day) >= SUBSTR(" in text
    assert text.rstrip().endswith("ORDER BY ?who")


# --- sentences ----------------------------------------------------------------------------------------------------

ROWS = [
    {"release": "queens", "state": "approved", "version": "17.0.10", "n": 2},
    {"release": "rocky", "state": "implemented", "version": "17.0.9", "n": 3},
    {"release": "rocky", "state": "implemented", "version": None, "n": None},
]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{count} of {rows}", "2 of 3"),
        ("{list:release}", "queens, rocky"),
        ("{list:release|state=implemented}", "rocky"),
        ("{list:release|state=dropped}", "none"),
        ("{min:version} to {max:version}", "17.0.9 to 17.0.10"),
        ("{sum:n}", "5"),
        ("{rows|n>2}", "1"),
        ("{rows|version=}", "1"),
        ("{rows|state!=approved}", "2"),
        ("{who} and {nobody}", "Ann and {nobody}"),
    ],
)
def test_slots_are_computed_from_rows(text: str, said: str):
    assert filled(text, ROWS, {"who": "Ann"}, "release", "en") == said


# --- conversation -------------------------------------------------------------------------------------------------


def talk(reader: Reader, asker: Asker, *lines: str) -> list[tuple[str, list[str], int]]:
    """Question, shown names and limits, and number of rows of each answer."""
    dialogue, out = Dialogue(asker), []
    for line in lines:
        understood = dialogue.understand(line)
        found = answer(reader, understood)
        dialogue.heard(understood, found.table)
        shown = [*understood.shown.values(), *(limit.shown for limit in understood.limits)]
        out.append((understood.question.name, shown, len(found.table.rows)))
    return out


def test_a_question_leans_on_the_one_before(reader: Reader, asker: Asker):
    first, second, third = talk(
        reader,
        asker,
        "what slipped from Queens to Rocky",
        "which of them were implemented there?",
        "and alternate hosts?",
    )
    assert first == ("slips", ["Queens", "Rocky"], 1)
    assert second[0] == "slips"
    assert second[1][:2] == ["Queens", "Rocky"]
    assert second[2] == 0
    assert third[1][:2] == ["Queens", "Rocky"]
    assert third[1][-1] == "Alternate hosts"


def test_a_thing_is_carried_over(reader: Reader, asker: Asker):
    found = talk(reader, asker, "history of alternate hosts", "who works on it", "when was it last discussed")
    assert [name for name, _, _ in found] == ["history", "people-of", "meetings-of"]
    assert all("Alternate hosts" in shown for _, shown, _ in found)


def test_a_row_is_named_by_its_place(reader: Reader, asker: Asker):
    found = talk(reader, asker, "what slipped from Queens to Rocky", "history of the first one")
    assert found[1][0] == "history"
    with pytest.raises(UnknownName, match="no row"):
        talk(reader, asker, "what slipped from Queens to Rocky", "history of the third one")


def test_the_conversation_of_the_command(tmp_path: Path):
    (tmp_path / "note.md").write_text(NOTE, "utf-8")
    assert kg("build", "note.md", store=tmp_path / "store", cwd=tmp_path).code == 0
    lines = (
        "which meetings are there\n\nwhat is the weather\nhelp\nin January 2018?\nquit\nwhat was decided\n"
    )
    done = kg("ask", store=tmp_path / "store", stdin=lines)
    assert done.code == 0
    assert "2018-02-05" in done.out
    assert done.out.count("taken for") + done.err.count("taken for: meetings") == 2
    assert "decisions" not in done.err


def test_no_question_can_break_the_conversation(reader: Reader, asker: Asker):
    dialogue = Dialogue(asker)
    for line in (
        "?",
        "them",
        "the second one",
        "and",
        "其中",
        "第九个",
        "\x00",
        "what slipped from Queens to Rocky",
        "them",
    ):
        try:
            understood = dialogue.understand(line)
            dialogue.heard(understood, answer(reader, understood).table)
        except KgError as error:
            assert str(error)
