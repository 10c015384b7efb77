"""Record dumps: what a reader read comes back as it was, and a line that is no record is told and passed over."""

from __future__ import annotations

import dataclasses
import json
import shutil
import types
import typing
from pathlib import Path

import pytest
from conftest import ROOT, content, kg
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import dumps, records
from graph.errors import KgError, Problem
from graph.records import SourceRecord

RECORDS = [
    thing for thing in vars(records).values() if isinstance(thing, type) and dataclasses.is_dataclass(thing)
]
NOTE = "# Notes\n## 2018-03-05\n### Features\n#### 1. Volume types\nThis is done. 已完成。\n#### 2. Cells\n@ann is working on it.\n"


def values(hint: object) -> st.SearchStrategy[object]:
    """Any value of a field's type."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and len(inside) == 2 and inside[1] is ...:
        return st.lists(values(inside[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, inside))
    if origin is typing.Literal:
        return st.sampled_from(inside)
    if origin in (typing.Union, types.UnionType):
        return values(inside[0])
    if dataclasses.is_dataclass(hint):
        return made(typing.cast("type", hint))
    simple: dict[object, st.SearchStrategy[object]] = {
        str: st.text(st.characters(codec="utf-8"), max_size=12),
        int: st.integers(0, 2**62),
        bool: st.booleans(),
    }
    return simple[hint]


def made(kind: type) -> st.SearchStrategy[object]:
    hints = typing.get_type_hints(kind, vars(records))
    return st.builds(kind, **{field.name: values(hints[field.name]) for field in dataclasses.fields(kind)})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of([made(kind) for kind in RECORDS]), max_size=6))
def test_every_record_comes_back_as_it_was(entries: list[object]):
    rows = list(dumps.lines(dumps.Header("git", "a/b"), entries))
    assert dumps.header_of(rows[0], "x") == dumps.Header("git", "a/b")
    if entries:
        assert list(dumps.entries(rows[1:], "x")) == entries


def test_a_dump_from_before_a_field_was_there_is_read():
    """Records grow at their end; what an older dump does not say is empty."""
    rows = [
        '{"record": "SpecRecord", "path": "p", "slug": "s", "changes": [{"date": "2018-01-01", "sha": "a", "path": "p"}]}',
        '{"record": "TagRecord", "name": "17.0.0", "sha": "a", "stage": "final"}',
        '{"record": "SeriesRecord", "path": "p", "line": 1, "name": "queens", "status": "end of life"}',
        '{"records": 3}',
    ]
    spec, tag, series = dumps.entries(rows, "d.jsonl")
    assert (spec.edits, spec.changes[0].author, spec.changes[0].mbox, spec.changes[0].signed) == (
        (),
        "",
        "",
        (),
    )
    assert (tag.release, series.ended, series.then, series.turns) == ("", "", "", "")


def test_a_line_that_is_no_record_is_told_and_the_rest_goes_on():
    good = SourceRecord("git", "a", "0", "nova", ())
    rows = list(dumps.lines(dumps.Header("git", "a"), [good]))
    bad = [
        "{",
        '{"record": "Nobody"}',
        '{"record": "SourceRecord", "kind": 3}',
        '{"record": "SourceRecord", "nose": 1}',
        "[]",
    ]
    found = list(dumps.entries([rows[1], *bad, rows[1], '{"records": 7}'], "d.jsonl"))
    assert found[0] == found[-1] == good
    told = [(p.line, p.kind) for p in found if isinstance(p, Problem)]
    assert told == [(n, "unread") for n in range(3, 8)]


def test_a_dump_that_was_cut_is_told_and_one_without_records_refused(tmp_path: Path):
    (tmp_path / "a.md").write_text(NOTE, "utf-8")
    kg("records", "a.md", "-o", "a.jsonl", store=tmp_path / "s", cwd=tmp_path)
    lines = (tmp_path / "a.jsonl").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "a.jsonl").write_text("".join(lines[:-1]), "utf-8")
    done = kg("build", "a.jsonl", store=tmp_path / "s", cwd=tmp_path)
    assert done.code == 0
    assert "the dump is cut short" in done.err
    for kept in (lines[0], lines[0] + lines[1][:60]):
        (tmp_path / "b.jsonl").write_text(kept, "utf-8")
        done = kg("build", "b.jsonl", store=tmp_path / "t", cwd=tmp_path)
        assert done.code == 1
        assert "hint: make it anew with `kg records SOURCE -o FILE`" in done.err


@pytest.mark.parametrize(
    "first", ["", "{}", '{"kg-records": 99, "kind": "git", "source": "a"}', '{"kg-records": 1}']
)
def test_a_file_without_a_header_is_refused(first: str):
    with pytest.raises(KgError) as caught:
        dumps.header_of(first, "d.jsonl")
    assert caught.value.place == "d.jsonl:1"
    assert caught.value.hint


def test_a_build_from_a_dump_gives_the_same_bytes(tmp_path: Path):
    (tmp_path / "a.md").write_text(NOTE, "utf-8")
    done = kg("records", "a.md", "-o", "a.jsonl", store=tmp_path / "s", cwd=tmp_path)
    assert done.code == 0, done.err
    assert kg("build", "a.md", store=tmp_path / "one", cwd=tmp_path).code == 0
    assert kg("build", "a.jsonl", store=tmp_path / "two", cwd=tmp_path).code == 0
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_a_source_and_its_dump_are_not_read_together(tmp_path: Path):
    (tmp_path / "a.md").write_text(NOTE, "utf-8")
    kg("records", "a.md", "-o", "a.jsonl", store=tmp_path / "s", cwd=tmp_path)
    done = kg("build", "a.md", "a.jsonl", store=tmp_path / "s", cwd=tmp_path)
    assert done.code == 1
    assert "a.md is read from a.jsonl already" in done.err
    assert "hint: give the source or its dump, not both" in done.err


def test_a_dump_may_take_another_name(tmp_path: Path):
    (tmp_path / "a.md").write_text(NOTE, "utf-8")
    done = kg("records", "a.md", "--as", "team/notes.md", store=tmp_path / "s", cwd=tmp_path)
    head = json.loads(done.out.splitlines()[0])
    assert (head["source"], head["kind"]) == ("team/notes.md", "notes")
    assert '"source": "team/notes.md"' in done.out.splitlines()[1]


def test_a_part_of_a_source_takes_the_place_of_the_whole(tmp_path: Path):
    """What the whole had and the part has not is gone: graphs of years that were not read again."""
    shutil.copy(ROOT / "data" / "openstack" / "nova-pike-stein.jsonl", tmp_path / "whole.jsonl")
    part = ("records", "whole.jsonl", "--release", "pike", "pike", "-o", "part.jsonl")
    assert kg(*part, store=tmp_path / "s", cwd=tmp_path).code == 0
    assert kg("build", "part.jsonl", store=tmp_path / "part", cwd=tmp_path).code == 0
    for name in ("whole.jsonl", "part.jsonl"):
        assert kg("build", name, store=tmp_path / "s", cwd=tmp_path).code == 0
    assert content(tmp_path / "s") == content(tmp_path / "part")
