"""`aliases.toml`: what it says is read by line, what it says wrongly is told by place, and it wins over every guess."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Done, kg, rows
from hypothesis import given
from hypothesis import strategies as st

from graph.aliases import Alias, parse
from graph.errors import KgError

NOTE = """# Notes
## January 8, 2018
### (1) Feature discussion
#### 1. Nested RP
* @efried is working on it: https://review.openstack.org/#/c/521685/

See blueprint nested-resource-providers.
#### 2. The big tree
Waiting for blueprint reshape-provider-tree, with nested-resource-providers before it.
#### 3. Reshape provider trees
No progress.
"""


def test_rows_with_their_lines():
    text = (
        '# by hand\n[[feature]]\nname = "NRP"\nis = "nested-resource-providers"\nwhy = "initials"\n\n'
        '[[patch]]\nnumber = 521685\nis = "I1"\n[[person]] # nick\nname = "efried"\nis = ""\n'
    )
    assert parse(text, "aliases.toml") == (
        Alias("feature", "NRP", "nested-resource-providers", "initials", 2),
        Alias("patch", "521685", "I1", "", 7),
        Alias("person", "efried", "", "", 10),
    )


def test_an_empty_file_says_nothing():
    assert parse("", "a") == ()


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("[[feature]\n", "a", "line 1"),
        ('[[feature]]\nname = "x"\n', "a:1", "needs name and is"),
        ('\n\n[[person]]\nis = "x"\n', "a:3", "needs name and is"),
        ('[[patch]]\nname = "1"\nis = "I1"\n', "a:1", "unknown key 'name'"),
        ('[[feature]]\nname = " "\nis = "x"\n', "a:1", "needs name and is"),
        ('[[feature]]\nname = "x"\nis = 3\n', "a:1", "needs name and is"),
        ('[[feature]]\nname = "x"\nis = "y"\nbecause = "z"\n', "a:1", "unknown key 'because'"),
        ('[feature]\nname = "x"\n', "a", "no list of tables"),
        ('[[thing]]\nname = "x"\nis = "y"\n', "a", "no kind of alias"),
        ('[[feature]]\nname = "x"\nis = "y"\n[[feature]]\nname = "X"\nis = "z"\n', "a:4", "stands for"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(text: str, place: str, what: str):
    with pytest.raises(KgError) as told:
        parse(text, "a")
    assert told.value.place == place
    assert what in told.value.what
    assert told.value.hint


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str):
    try:
        assert isinstance(parse(text, "a"), tuple)
    except KgError as error:
        assert error.place.startswith("a")


# --- in a build ----------------------------------------------------------------------------------------------


def build(place: Path, aliases: str) -> tuple[Path, Done]:
    (place / "n.md").write_text(NOTE, "utf-8")
    if aliases:
        (place / "aliases.toml").write_text(aliases, "utf-8")
    store = place.parent / f"{place.name}-store"
    return store, kg("build", place.name, store=store, cwd=place.parent)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    return tmp_path / "notes"


def linked(store: Path) -> dict[str, str]:
    return {str(r["name"]): str(r["target"]) for r in rows(store, "links") if r["state"] == "linked"}


def test_an_alias_joins_what_no_word_joins(place: Path):
    alias = '[[feature]]\nname = "the big tree"\nis = "reshape-provider-tree"\nwhy = "their word for it"\n'
    store, done = build(place, alias)
    assert done.code == 0, done.err
    row = next(r for r in rows(store, "links") if r["name"] == "the big tree")
    assert (row["target"], row["state"], row["score"]) == ("reshape-provider-tree", "linked", 1.0)
    assert "aliases.toml:1: their word for it" in str(row["reason"])


def test_an_empty_alias_keeps_a_name_apart_and_taking_it_away_undoes_it(place: Path):
    store, _ = build(place, "")
    name, target = "Reshape provider trees", "reshape-provider-tree"
    assert linked(store)[name] == target
    store, done = build(place, f'[[feature]]\nname = "{name}"\nis = ""\n')
    assert done.code == 0, done.err
    assert name not in linked(store)
    assert any(r["state"] == "apart" and r["name"] == name for r in rows(store, "links"))
    assert all(r["feature"] is None for r in rows(store, "discussions") if r["heading"] == name)
    (place / "aliases.toml").unlink()
    store, _ = build(place, "")
    assert linked(store)[name] == target


def test_an_alias_names_the_feature_in_questions_too(place: Path):
    store, _ = build(place, '[[feature]]\nname = "Fern"\nis = "reshape-provider-tree"\n')
    done = kg("query", "history", "-p", "feature=fern", store=store)
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("alias", "what"),
    [
        ('[[feature]]\nname = "Nested RP"\nis = "no-such-thing"\n', "no feature is known as 'no-such-thing'"),
        ('[[feature]]\nname = "Nobody says this"\nis = ""\n', "nothing names the feature 'Nobody says this'"),
        ('[[person]]\nname = "nobody"\nis = "efried"\n', "nothing names the person 'nobody'"),
        ('[[patch]]\nnumber = "1"\nis = "I1"\n', "no patch is known as 'I1'"),
    ],
)
def test_a_name_that_nothing_answers_to_is_odd(alias: str, what: str, place: Path):
    store, done = build(place, alias)
    assert done.code == 0, done.err
    odd = [r for r in rows(store, "problems") if r["kind"] == "odd" and "alias" in str(r["what"])]
    assert len(odd) == 1
    assert what in str(odd[0]["what"])
    assert str(odd[0]["source"]).endswith("aliases.toml")
    assert odd[0]["line"] == 1


def test_a_file_that_cannot_be_used_is_refused(place: Path):
    _, done = build(place, '[[feature]]\nname = "x"\n')
    assert done.code == 1
    assert "aliases.toml" in done.err
