"""What is suggested while somebody types: things by any of their names, questions with names filled in."""

from __future__ import annotations

import pytest

from graph.sparql import parse
from graph.suggest import Index, Phrase, Thing, phrases, squeezed

SLIPS = """# title: What slipped
# title@zh: 推迟
# ask: what slipped from {from} to {to}
# ask: what missed {from} and went to {to}
# ask@zh: 从 {from} 推迟到 {to} 的有哪些
# param: from release   the earlier one
# param: to release   the later one
# answer: {count}
# answer@zh: {count}
SELECT ?slip ?from ?to WHERE { ?slip ?from ?to } ORDER BY ?slip
"""
PEOPLE = """# title: Who worked on it
# title@zh: 谁做的
# ask: who worked on {feature}
# ask@zh: 谁在做 {feature}
# param: feature feature   the feature
# answer: {count}
# answer@zh: {count}
SELECT ?who ?feature WHERE { ?who ?any ?feature } ORDER BY ?who
"""
TODOS = """# title: TODOs
# title@zh: 待办
# ask: which todos are open
# ask@zh: 有哪些待办
# answer: {count}
# answer@zh: {count}
SELECT ?todo WHERE { ?todo ?is ?open } ORDER BY ?todo
"""


def release(slug: str, *more: str) -> Thing:
    return Thing("release", f"r:{slug}", slug.title(), (slug, slug.title(), *more))


A, B, C = release("alpha", "2001.1"), release("beta"), release("gamma")
WORK = Thing(
    "feature", "f:pump", "pump-resource-trees", ("pump-resource-trees", "Pump Resource Trees", "prt")
)
NEAR = Thing("feature", "f:near", "pump-station", ("pump-station",), rank=1)
TOPIC = Thing("topic", "t:水", "关于水位的讨论", ("关于水位的讨论",), rank=1)
ANNA = Thing("person", "p:anna", "Anna Sommer", ("Anna Sommer", "asommer"))
DAY = Thing("meeting", "m:1", "2018-01-08", ("2018-01-08", "2018年1月8日"))
THINGS = (A, B, C, WORK, NEAR, TOPIC, ANNA, DAY)


def asked() -> list[Phrase]:
    texts = {"slips": SLIPS, "people-of": PEOPLE, "todos": TODOS}
    return phrases([parse(text, f"{name}.rq", name, checked=False) for name, text in texts.items()])


@pytest.fixture(scope="module")
def index() -> Index:
    pairs = [(B.iri, C.iri), (A.iri, B.iri), (A.iri, C.iri)]
    return Index(
        THINGS,
        asked(),
        {"feature": [WORK], "release": [C, B, A]},
        pairs,
        {"patch": {"I0123456789abcdef": "c:1"}, "bug": {"1741125": "b:1"}},
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pump-resource-trees", WORK), ("pump res", WORK), ("Pump Resource", WORK), ("resource trees", WORK), ("PRT", WORK),
        ("pump", WORK), ("pump sta", NEAR), ("水位", TOPIC), ("关于水", TOPIC), ("asom", ANNA), ("sommer", ANNA), ("Anna  So", ANNA),
        ("2001", A), ("bet", B), ("2018-01", DAY), ("2018年1月", DAY), ("ｐｕｍｐ", WORK),
    ],
)  # fmt: skip
def test_a_thing_is_found_by_any_name_and_its_beginning(index: Index, typed: str, first: Thing):
    assert index.named(typed)[0] == first


@pytest.mark.parametrize(
    ("typed", "iri"),
    [
        ("I01234", "c:1"),
        ("i0123456789ABCDEF", "c:1"),
        ("17411", "b:1"),
        ("bug 17411", "b:1"),
        ("#1741125", "b:1"),
    ],
)
def test_a_key_is_found_from_its_first_digits(index: Index, typed: str, iri: str):
    assert [thing.iri for thing in index.named(typed)] == [iri]


@pytest.mark.parametrize(
    "typed", ["", "  ", "?!", "zzz", "<script>alert(1)</script>", "\u202e", "%00", "x" * 5000]
)
def test_what_names_nothing_finds_nothing(index: Index, typed: str):
    assert index.named(typed) == []
    assert list(index.questions(typed, ("en", "zh"))) == [] or not squeezed(typed)


def texts(index: Index, typed: str, *langs: str) -> list[str]:
    return [found.text for found in index.questions(typed, langs or ("en",))]


@pytest.mark.parametrize(
    ("typed", "langs", "said"),
    [
        ("what slipped from alpha to ", ("en",), ["what slipped from Alpha to Beta", "what slipped from Alpha to Gamma"]),
        ("what slipped from alpha to g", ("en",), ["what slipped from Alpha to Gamma"]),
        ("what slipped from ", ("en",), ["what slipped from Beta to Gamma", "what slipped from Alpha to Beta"]),
        ("What Slipped", ("en",), ["what slipped from Beta to Gamma"]),
        ("从 Alpha 推迟", ("zh",), ["从 Alpha 推迟到 Beta 的有哪些"]),
        ("从alpha推迟到", ("zh",), ["从 Alpha 推迟到 Beta 的有哪些", "从 Alpha 推迟到 Gamma 的有哪些"]),
        ("who worked on pu", ("en",), ["who worked on pump-resource-trees", "who worked on pump-station"]),
        ("who worked on", ("en",), ["who worked on pump-resource-trees"]),
        ("pump-station", ("en",), ["who worked on pump-station"]),
        ("prt worked", ("en",), ["who worked on pump-resource-trees"]),
        ("谁在做 prt", ("zh",), ["谁在做 pump-resource-trees"]),
        ("slipped alpha gamma", ("en",), ["what slipped from Alpha to Gamma"]),
        ("todos", ("en",), ["which todos are open"]),
        ("待办", ("zh",), ["有哪些待办"]),
        ("who worked on nobody", ("en",), []),
        ("colour of alpha", ("en",), []),
    ],
)  # fmt: skip
def test_questions_are_completed(index: Index, typed: str, langs: tuple[str, ...], said: list[str]):
    assert texts(index, typed, *langs) == said


def test_a_question_is_offered_in_one_way_only(index: Index):
    found = [one.question for one in index.questions("what", ("en",))]
    assert found == ["slips"]


def test_the_end_of_a_pair_is_one_that_something_slipped_to(index: Index):
    assert texts(index, "what slipped from beta to") == ["what slipped from Beta to Gamma"]
    assert texts(index, "what slipped from gamma to") == []


def test_a_name_of_two_things_is_neither_but_what_notes_speak_of_comes_first():
    twins = [Thing("feature", f"f:{n}", "twin", ("twin",)) for n in "ab"]
    assert Index(twins).exact("feature", "twin") is None
    spoken = Thing("feature", "f:c", "twin", ("twin",), rank=-1)
    assert Index([*twins, spoken]).exact("feature", "twin") == spoken


def test_slots_that_are_left_are_filled_or_the_phrase_is_none(index: Index):
    kinds = {"from": "release", "to": "release", "feature": "feature", "patch": "patch"}
    assert index.completed("what slipped from {from} to {to}", kinds) == "what slipped from Beta to Gamma"
    assert index.completed("is {patch} merged", kinds) == ""
    assert index.completed("which todos are open", kinds) == "which todos are open"


def test_an_empty_index_suggests_nothing():
    assert (Index(()).named("a"), list(Index(()).questions("a", ("en",)))) == ([], [])
