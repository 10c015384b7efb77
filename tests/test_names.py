"""A user's word to the thing it names: exact, folded, short; what is unknown or can be several is said."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from conftest import kg

from graph.errors import AmbiguousName, UnknownName, UsageFault
from graph.names import Names, acronym, month
from graph.store import Reader

NOTE = """## 2018-01-08
### Features
#### 1. Nested Resource Providers
* @2uasimojo(efried) is working on it: https://review.openstack.org/#/c/521685/
#### 2. Volume attach limits
Done, see https://bugs.launchpad.net/nova/+bug/1741125
#### 3. Volume attach speed
No progress.
#### 4. 卷挂载的限额
已经完成。
"""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    place = tmp_path_factory.mktemp("names")
    (place / "n.md").write_text(NOTE, "utf-8")
    assert kg("build", "n.md", store=place / "store", cwd=place).code == 0
    return Names(Reader(place / "store"))


@pytest.mark.parametrize(
    ("kind", "word", "tail"),
    [
        ("release", "queens", "queens"), ("release", "Queens", "queens"), ("release", "QUEENS 版本", "queens"),
        ("release", "queens release", "queens"), ("release", "Q", "queens"), ("release", "17", "queens"),
        ("release", "2023.1", "antelope"), ("release", "27", "antelope"), ("release", "Antelope", "antelope"),
        ("feature", "Nested Resource Providers", "nested-resource-provider"),
        ("feature", "nested resource provider", "nested-resource-provider"),
        ("feature", "nested-resource-providers", "nested-resource-provider"),
        ("feature", "NRP", "nested-resource-provider"), ("feature", "nrps", "nested-resource-provider"),
        ("feature", "attach limits", "volume-attach-limit"), ("feature", "卷挂载的限额", "卷-挂载的限额"),
        ("person", "efried", "efried"), ("person", "EFRIED", "efried"), ("person", "2uasimojo", "efried"),
        ("patch", "521685", "521685"), ("bug", "1741125", "1741125"),
    ],
)  # fmt: skip
def test_a_word_names_one_thing(kind: str, word: str, tail: str, names: Names):
    found = names.thing(kind, word)
    assert tail in {found.iri.rsplit("/", 1)[-1]} or tail == "卷-挂载的限额"
    assert names.resolve(kind, word) == ("iri", found.iri)
    assert names.thing(kind, found.iri) == found


@pytest.mark.parametrize(
    ("kind", "word", "near"),
    [
        ("release", "Quens", "Queens"), ("release", "Rokcy", "Rocky"), ("person", "efreid", "efried"),
        ("feature", "nested resorce provider", "Nested Resource Providers"),
    ],
)  # fmt: skip
def test_a_slip_of_the_hand_finds_its_name(kind: str, word: str, near: str, names: Names):
    with pytest.raises(UnknownName) as caught:
        names.thing(kind, word)
    assert caught.value.nearest[0] == near
    assert caught.value.hint == f"did you mean {near}?"


@pytest.mark.parametrize(
    ("kind", "word"), [("release", "zzzz"), ("person", "nobody"), ("feature", "moon base")]
)
def test_what_is_like_nothing_gets_no_suggestion(kind: str, word: str, names: Names):
    with pytest.raises(UnknownName) as caught:
        names.thing(kind, word)
    assert caught.value.nearest == ()


def test_a_word_for_several_things_names_them(names: Names):
    with pytest.raises(AmbiguousName) as caught:
        names.thing("feature", "volume attach")
    assert caught.value.nearest == ("Volume attach limits", "Volume attach speed")


def test_the_name_shown_is_the_one_it_is_known_by(names: Names):
    assert names.thing("feature", "NRP").shown == "Nested Resource Providers"
    assert names.thing("person", "2uasimojo").shown == "efried"


@pytest.mark.parametrize(
    ("word", "date"),
    [("2018-01-25", "2018-01-25"), ("2018/1/25", "2018-01-25"), ("2018年1月25日", "2018-01-25"),
     ("January 25, 2018", "2018-01-25"), ("25 Jan 2018", "2018-01-25")],
)  # fmt: skip
def test_dates(word: str, date: str, names: Names):
    assert names.resolve("date", word) == ("date", date)


def test_today(names: Names):
    assert names.resolve("date", "today") == ("date", datetime.date.today().isoformat())


@pytest.mark.parametrize("word", ["2018-02-31", "someday", "2018", "25"])
def test_no_dates(word: str, names: Names):
    with pytest.raises(UsageFault):
        names.resolve("date", word)


@pytest.mark.parametrize(
    "word", ["2018-01", "2018-1", "2018/01", "2018年1月", "2018 年 01 月", "January 2018", "jan 2018"]
)
def test_months(word: str):
    assert month(word) == "2018-01"


@pytest.mark.parametrize("word", ["2018-13", "2018-00", "2018", "Januember 2018", "", "18-01", "2018-01-08"])
def test_no_months(word: str):
    with pytest.raises(UsageFault):
        month(word)


@pytest.mark.parametrize(
    ("name", "short"), [("Nested Resource Provider", "nrp"), ("cells", ""), ("卷挂载", "")]
)
def test_acronyms(name: str, short: str):
    assert acronym(name) == short


def test_text_is_bound_as_it_is(names: Names):
    word = '"} DROP ALL #'
    assert names.resolve("text", word) == ("string", word)


def test_a_store_without_names(tmp_path: Path):
    (tmp_path / "n.md").write_text("# hello\nnothing\n")
    kg("build", "n.md", store=tmp_path / "store", cwd=tmp_path)
    with pytest.raises(UnknownName) as caught:
        Names(Reader(tmp_path / "store")).thing("person", "efried")
    assert caught.value.hint == "`kg build` the notes that name this person"
