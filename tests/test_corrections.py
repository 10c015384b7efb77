"""`corrections.toml`: what can be said there, what cannot, and what it does to the facts of a line."""

from __future__ import annotations

import pytest

from graph.corrections import apply, parse
from graph.errors import KgError
from graph.facts import Evidence, ItemKey, MeetingKey, Milestone, Status, Todo

ITEM = ItemKey(MeetingKey("2018-01-08", 1), 1)
WHOLE = '[[correction]]\nsource = "a.md"\nline = 3\nfact = "status"\nset = { release = "rocky" }\nreason = "why"\n'


def status(line: int, name: str, release: str = "") -> Status:
    return Status(ITEM, name, "", release, "", "", "", Evidence(line, "words"))


def test_a_row():
    (row,) = parse(WHOLE, "corrections.toml")
    assert (row.nth, row.source, row.line, row.fact, row.drop) == (1, "a.md", 3, "status", False)
    assert (row.where, row.set, row.reason) == ((), (("release", "rocky"),), "why")


def test_an_empty_file():
    assert parse("", "corrections.toml") == ()


WRONG = [
    ("[[correction]\n", "mend the TOML"),
    ("correction = 3", "write each row under [[correction]]"),
    ('correction = ["x"]', "write each row under [[correction]]"),
    (WHOLE + "extra = 1\n", "the keys are"),
    (WHOLE.replace('"status"', '"weather"'), "fact is one of meeting, discussion"),
    (WHOLE.replace('"status"', '["status"]'), "fact is one of meeting, discussion"),
    (WHOLE.replace("line = 3\n", ""), "add what is missing"),
    (WHOLE.replace("line = 3", 'line = "3"'), "add what is missing"),
    (WHOLE.replace("line = 3", "line = true"), "add what is missing"),
    (WHOLE.replace('"why"', '" "'), "add what is missing"),
    (WHOLE.replace('source = "a.md"\n', ""), "add what is missing"),
    (WHOLE.replace('set = { release = "rocky" }\n', ""), "write set = { … } or drop = true"),
    (WHOLE + "drop = true\n", "write set = { … } or drop = true"),
    (WHOLE.replace("{ release", "{ colour"), "its fields are"),
    (WHOLE.replace("{ release", "{ item"), "its fields are"),
    (WHOLE.replace('{ release = "rocky" }', '{ status = "fine" }'), "a status is one of planned"),
    (WHOLE.replace('{ release = "rocky" }', '"rocky"'), "write set and where as { field = value }"),
    (WHOLE + 'where = "done"\n', "write set and where as { field = value }"),
]


@pytest.mark.parametrize(("text", "hint"), WRONG)
def test_what_cannot_be_used_says_where_and_what_next(text: str, hint: str):
    with pytest.raises(KgError) as caught:
        parse(text, "notes/corrections.toml")
    assert caught.value.place.startswith("notes/corrections.toml")
    assert hint in caught.value.hint


def test_only_the_facts_of_the_line_that_fit_are_changed():
    rows = parse(WHOLE + 'where = { status = "deferred" }\n', "c")
    facts = [status(3, "deferred"), status(3, "done"), status(4, "deferred")]
    kept, dropped, unmet = apply(facts, rows, "folder/a.md")
    assert [fact.release for fact, _ in kept] == ["rocky", "", ""]
    assert [bool(corrected) for _, corrected in kept] == [True, False, False]
    assert kept[0][1].before == "release = "
    assert kept[0][1].after == "release = rocky"
    assert (dropped, unmet) == ([], [])


def test_a_fact_of_another_kind_or_note_is_left_alone():
    milestone = Milestone("queens", "feature freeze", "2018-01-25", Evidence(3, "words"))
    kept, _, unmet = apply([milestone], parse(WHOLE, "c"), "a.md")
    assert kept == [(milestone, None)]
    assert [(p.line, p.kind) for p in unmet] == [(3, "odd")]
    assert apply([milestone], parse(WHOLE, "c"), "b.md") == ([(milestone, None)], [], [])


def test_a_fact_is_dropped_and_said_to_be():
    rows = parse(WHOLE.replace('set = { release = "rocky" }', "drop = true"), "c")
    kept, dropped, _ = apply([status(3, "done", "queens")], rows, "a.md")
    assert kept == []
    assert dropped[0].before == "status = done, part = , release = queens, patch = , bug = , person = "


def test_a_yes_or_no_is_set():
    text = WHOLE.replace('"status"', '"todo"').replace('{ release = "rocky" }', "{ done = true }")
    todo = Todo("read", "", "2018-01", None, False, Evidence(3, "words"))
    kept, _, _ = apply([todo], parse(text, "c"), "a.md")
    assert kept[0][0].done is True
