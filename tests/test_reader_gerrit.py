"""Saved answers of a review server: what is read, what is told, and the triples made of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import dumps, gerrit_quads, profile
from graph.errors import KgError, Problem
from graph.readers import gerrit
from graph.records import ReviewRecord, SourceRecord

OURS = profile.load()
ID = "https://w3id.org/release-kg/id/openstack/"
CHANGE = "I" + "4e1f" * 10


def change(**over: Any) -> dict[str, Any]:
    """A change in the shape of the server's answers."""
    number = over.get("_number", 700001)
    return {
        "id": f"openstack%2Fnova~master~{CHANGE}",
        "project": "openstack/nova",
        "branch": "master",
        "topic": "bp/sorted-shelves",
        "hashtags": [],
        "change_id": CHANGE,
        "subject": "Sort the shelves before they are counted",
        "status": "MERGED",
        "created": "2018-01-09 07:12:45.000000000",
        "updated": "2018-01-22 16:04:01.000000000",
        "submitted": "2018-01-22 16:03:58.000000000",
        "insertions": 12,
        "deletions": 3,
        "_number": number,
        "owner": {
            "_account_id": 9,
            "name": "Ada Example",
            "email": "Ada@Example.org",
            "username": "AdaE",
        },
        "current_revision": "ab" * 20,
        **over,
    }


def text(*entries: object, guard: bool = True) -> str:
    return (f"{gerrit.GUARD}\n" if guard else "") + json.dumps(list(entries), indent=2) + "\n"


def saved(tmp_path: Path, content: str | bytes, name: str = "answer") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path) -> tuple[list[ReviewRecord], list[Problem]]:
    first, *rest = gerrit.read(path, "reviews.json", OURS)
    assert isinstance(first, SourceRecord)
    assert first.kind == "gerrit"
    return [r for r in rest if isinstance(r, ReviewRecord)], [r for r in rest if isinstance(r, Problem)]


def lines(path: Path) -> list[str]:
    segments = list(gerrit_quads.write(OURS, gerrit.read(path, "reviews.json", OURS)))
    assert [name for name, _ in segments] == [""]
    return segments[0][1]


def short(rows: list[str]) -> list[str]:
    """Triples with the community's and our own names cut short."""
    return [row.replace(ID, "").replace("https://w3id.org/release-kg/ns#", "kg:") for row in rows]


@pytest.mark.parametrize(
    "content",
    [
        text(change()),
        text(change(), guard=False),
        "\ufeff" + text(change()),
        text([change()], [change(_number=2)]),
        f"{gerrit.GUARD}\n[]",
        json.dumps({"q": [change()]}),
        json.dumps(change()),
    ],
)
def test_an_answer_is_known_by_its_content(tmp_path: Path, content: str):
    assert gerrit.sniff(saved(tmp_path, content, "no-suffix"))


@pytest.mark.parametrize("content", ["", "[]", "{}", "# note", '[{"change": 1}]', ")]}' words", "\x00\xff"])
def test_other_files_are_not(tmp_path: Path, content: str):
    assert not gerrit.sniff(saved(tmp_path, content, "reviews.json"))


def test_what_is_not_there_is_no_answer(tmp_path: Path):
    assert not gerrit.sniff(tmp_path)
    assert not gerrit.sniff(tmp_path / "none")


def test_a_change_with_all_it_has(tmp_path: Path):
    found, problems = read(saved(tmp_path, text(change())))
    assert problems == []
    (one,) = found
    assert (one.nth, one.line, one.number, one.change) == (1, 3, "700001", CHANGE)
    assert (one.project, one.branch, one.topic, one.status) == (
        "openstack/nova",
        "master",
        "bp/sorted-shelves",
        "MERGED",
    )
    assert one.created.startswith("2018-01-09") and one.submitted.startswith("2018-01-22")
    assert (one.revision, one.owner, one.owner_name) == ("ab" * 20, "AdaE", "Ada Example")
    assert one.mbox == hashlib.sha1(b"mailto:ada@example.org").hexdigest()


def test_no_address_leaves_the_reader(tmp_path: Path):
    path = saved(tmp_path, text(change()))
    dumped = "\n".join(
        dumps.lines(dumps.Header("gerrit", "reviews.json"), gerrit.read(path, "reviews.json", OURS))
    )
    assert "example.org" not in (dumped + "\n".join(lines(path))).lower()


@pytest.mark.parametrize(
    "content",
    [
        text([change(_number=1), change(_number=2)], [change(_number=3)]),
        text(change(_number=1), [change(_number=2)], change(_number=3)),
        json.dumps({"mine": [change(_number=1), change(_number=2)], "yours": [change(_number=3)]}),
    ],
)
def test_several_queries_in_one_answer(tmp_path: Path, content: str):
    found, problems = read(saved(tmp_path, content))
    assert [one.number for one in found] == ["1", "2", "3"]
    assert [one.nth for one in found] == [1, 2, 3]
    assert problems == []


def test_one_change_by_itself(tmp_path: Path):
    found, _ = read(saved(tmp_path, f"{gerrit.GUARD}\n{json.dumps(change())}"))
    assert [one.number for one in found] == ["700001"]


def test_an_empty_answer_has_nothing_and_no_problem(tmp_path: Path):
    assert read(saved(tmp_path, f"{gerrit.GUARD}\n[]\n")) == ([], [])


def test_a_broken_entry_costs_itself_only(tmp_path: Path):
    bad = [
        7,
        None,
        change(_number=None),
        change(_number=-4),
        change(change_id="I12"),
        change(owner="x", subject=3),
    ]
    found, problems = read(saved(tmp_path, text(change(_number=1), *bad, change(_number=8))))
    assert [one.nth for one in found] == [1, 7, 8]
    assert [p.what for p in problems] == [
        "entry 2 is no change",
        "entry 3 is no change",
        "entry 4 has no number",
        "entry 5 has no number",
        "entry 6 has no Change-Id",
    ]
    assert {p.kind for p in problems} == {"unread"}
    assert all(p.hint and p.line > 1 for p in problems)


def test_a_text_that_breaks_off_keeps_what_stands_before(tmp_path: Path):
    whole = text(change(_number=1), change(_number=2), change(_number=3))
    found, problems = read(saved(tmp_path, whole[: whole.rindex('"subject"')]))
    assert [one.number for one in found] == ["1", "2"]
    assert [p.kind for p in problems] == ["unread"]
    assert problems[0].what.startswith("no JSON from here on")
    assert problems[0].line > 40


@pytest.mark.parametrize(
    "content", ["[" * 100_000, '{"a":' * 100_000, "[" + '{"change_id":' * 50_000, "[1 2]", "["]
)
def test_hostile_json_is_a_problem(tmp_path: Path, content: str):
    found, problems = read(saved(tmp_path, f"{gerrit.GUARD}\n{content}"))
    assert found == []
    assert "unread" in {p.kind for p in problems}


def test_a_number_of_many_digits_is_a_problem(tmp_path: Path):
    found, problems = read(saved(tmp_path, '[{"_number": ' + "9" * 10_000 + "}]"))
    assert found == []
    assert [p.kind for p in problems] == ["unread"]


def test_what_cannot_be_used_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(KgError, match="not UTF-8"):
        read(saved(tmp_path, text(change()).encode() + b"\xff"))
    with pytest.raises(KgError, match="cannot be read"):
        read(tmp_path / "none")
    monkeypatch.setattr(gerrit, "MAX_BYTES", 100)
    with pytest.raises(KgError, match="more than 100 bytes"):
        read(saved(tmp_path, text(change())))


def test_a_cut_answer_says_so(tmp_path: Path):
    found, problems = read(saved(tmp_path, text(change(_more_changes=True))))
    assert len(found) == 1
    assert [(p.kind, p.what) for p in problems] == [
        ("odd", "the server had more changes after entry 1, and they are not here")
    ]


def test_an_unknown_status_is_odd_and_kept(tmp_path: Path):
    found, problems = read(saved(tmp_path, text(change(status="DRAFT"))))
    assert found[0].status == "DRAFT"
    assert [p.kind for p in problems] == ["odd"]


# --- triples ----------------------------------------------------------------------------------------------------


def test_number_and_change_id_are_one_patch(tmp_path: Path):
    rows = short(lines(saved(tmp_path, text(change()))))
    assert f"<patch/700001> <kg:samePatch> <patch/{CHANGE}> ." in rows
    assert '<patch/700001> <kg:mergedStatus> "MERGED" .' in rows
    assert '<patch/700001> <kg:onBranch> "master" .' in rows
    assert '<patch/700001> <kg:project> "nova" .' in rows
    assert "<patch/700001> <kg:author> <person/adae> ." in rows
    assert any(r.startswith('<patch/700001> <http://purl.org/dc/terms/date> "2018-01-09"') for r in rows)
    assert any(r.startswith('<patch/700001> <kg:merged> "2018-01-22"') for r in rows)
    assert any('<person/adae> <http://xmlns.com/foaf/0.1/nick> "AdaE"' in r for r in rows)
    assert any('<person/adae> <http://xmlns.com/foaf/0.1/name> "Ada Example"' in r for r in rows)
    assert not any("_:" in r for r in rows)


@pytest.mark.parametrize(
    ("topic", "about"),
    [
        ("bp/sorted-shelves", "feature/nova/sorted-shelves"),
        ("bp/shelves", "feature/nova/shelves"),
        ("bug/1700007", "bug/1700007"),
        ("shelf-cleanup", ""),
        ("", ""),
    ],
)
def test_a_topic_is_a_mention(tmp_path: Path, topic: str, about: str):
    rows = short(lines(saved(tmp_path, text(change(topic=topic)))))
    found = [r for r in rows if "<kg:about>" in r]
    assert [r.split(" ")[2] for r in found] == ([f"<{about}>"] if about else [])
    assert ['"mention"' in r for r in rows if "<kg:strength>" in r] == ([True] if about else [])


@pytest.mark.parametrize("owner", [{}, {"_account_id": 4}, None])
def test_an_unknown_owner_is_nobody(tmp_path: Path, owner: object):
    rows = lines(saved(tmp_path, text(change(owner=owner))))
    assert not any("/person/" in row for row in rows)


def test_the_same_bytes_from_source_and_dump(tmp_path: Path):
    path = saved(tmp_path, text(change(_number=1), 5, change(_number=2, topic='"bug/1234567" \u2028<x>')))
    header, *rows = dumps.lines(
        dumps.Header("gerrit", "reviews.json"), gerrit.read(path, "reviews.json", OURS)
    )
    assert dumps.header_of(header, "x").source == "reviews.json"
    again = list(gerrit_quads.write(OURS, dumps.entries(rows, "x")))
    assert again == [("", lines(path))]
    assert lines(path) == sorted(set(lines(path)))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(change())), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(_JSON)
def test_no_answer_breaks_it(tmp_path_factory: pytest.TempPathFactory, value: object):
    path = saved(tmp_path_factory.mktemp("any"), json.dumps([value]))
    rows = lines(path)
    assert rows == sorted(rows)
