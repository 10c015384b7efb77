"""The questions as a whole: no two are asked alike, what they compare exists, and every sentence can be said."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import get_args

import pytest
from conftest import kg
from question_samples import CATALOGUE, QUESTIONS, SLICE, WORDS, answer

from graph import profile
from graph.asking.fits import FREE
from graph.asking.known import known_of
from graph.asking.mentions import role_before, without_nouns
from graph.asking.words import Tongue, fold, lexicon
from graph.extract import continuations
from graph.header import amount
from graph.link import model
from graph.profile_commits import ENDS, STAGES, STRENGTHS
from graph.question import SLOT, Amount, Condition
from graph.sentences import filled
from graph.sparql import QueryFile
from graph.store import Reader
from graph.table import Cell
from graph.terms import STATUSES

LANGS = ("en", "zh")

# --- no two questions have phrases that mean the same ------------------------------------------------------------

Meaning = tuple[tuple[str, ...], frozenset[frozenset[str]]]


def test_no_two_questions_have_phrases_that_mean_the_same():
    tongue = Tongue(lexicon())
    for question in CATALOGUE.questions.values():
        known_of(question, tongue)  # what the lexicon lacks becomes words of the questions
    claimed: dict[Meaning, list[tuple[str, str, tuple[str, ...]]]] = defaultdict(list)
    for question in CATALOGUE.questions.values():
        for phrase in (phrase for phrases in question.phrases.values() for phrase in phrases):
            kinds, roles, words = meaning(question, phrase, tongue)
            claimed[kinds, words].append((question.name, phrase, roles))
    alike = [
        (one[:2], other[:2])
        for rows in claimed.values()
        for one, other in combinations(rows, 2)
        if one[0] != other[0] and one_role(one[2], other[2])
    ]
    assert alike == []


def meaning(
    question: QueryFile, phrase: str, tongue: Tongue
) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[frozenset[str]]]:
    """The kinds of a phrase's slots, what they are to it, and the meanings of its words.

    Words that any question is asked with tell nothing, but where there are no others.
    """
    kinds = {param.name: param.kind for param in question.params}
    text = fold(phrase)
    slots = sorted((kinds[slot[1]], role_before(text[: slot.start()])) for slot in SLOT.finditer(text))
    words = [word.ids for word in tongue.read(without_nouns(text, kinds))]
    telling = [ids for ids in words if not ids <= FREE]
    return tuple(kind for kind, _ in slots), tuple(role for _, role in slots), frozenset(telling or words)


def one_role(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether from and to tell two phrases apart: they do not where one of them says neither."""
    return all(a == b or not a or not b for a, b in zip(one, other, strict=True))


# --- what conditions compare -------------------------------------------------------------------------------------

COMMUNITY = profile.load()
SPEC_STATES = {"approved", "implemented", "backlog", "abandoned"}
LINK_STATES = {model.LINKED, model.BELOW, model.APART, model.NONE}
SLIP_CLASSES = {*get_args(continuations.Kind), "skipped", "dropped", "said"}
STRONG = {strength for strengths in STRENGTHS.values() for strength in strengths}
NAMED = {"feature", "patch", "bug", "person", "link", "post"}  # what can be named, or linked by its name
# Values that a column can have beside those that its question makes itself.
VALUES: dict[str, set[str]] = {
    "status": {*STATUSES, *SPEC_STATES},
    "class": SLIP_CLASSES,
    "witnesses": {"specs", "meeting", "code"},
    "strength": STRONG,
    "confidence": {"low"},
    "stage": set(STAGES) - set(ENDS),
    "phase": {"future", "development", "maintained", "unmaintained", "end of life"},  # of the release files
    "outcome": {*SPEC_STATES, "none", "slipped", "skipped", "dropped", "open"},
    "ended": {*SPEC_STATES, "dropped"},
    "role": {"author", "co-author", "discusses", "works-on"},
    "reader": {"notes", "git", "specs", "releases", "gerrit"},
    "name": {kind for kind, _ in COMMUNITY.milestones},
}
OWN: dict[tuple[str, str], set[str]] = {
    ("bug", "kind"): STRONG,
    ("discussions", "kind"): {"feature", "bug", "topic"},
    ("mentions", "kind"): NAMED,
    ("links", "kind"): NAMED,
    ("links", "state"): LINK_STATES,
    ("links-of", "state"): LINK_STATES,
    ("features", "state"): SPEC_STATES,
    ("promises", "state"): SPEC_STATES,
    ("spec", "state"): SPEC_STATES,
    ("specs-by", "state"): SPEC_STATES,
    ("problems", "kind"): {"unread", "odd", "inferred"},
    ("said-of", "kind"): {"report"},
    ("todos", "state"): {"NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "CANCELLED"},
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_condition_compares_with_a_value_that_there_can_be(name: str):
    question = CATALOGUE.get(name)
    body = "\n".join(row for row in question.text.split("\n") if not row.lstrip().startswith("#"))
    made = set(re.findall(r'"([^"\n]*)"', body))
    for condition in conditions(question):
        column = condition.column
        known = made | OWN.get((name, column), VALUES.get(column, set()))
        # A part of a value, a number, any value and none are no names of values.
        parts = column == "name" and condition.op == "~"
        values = {value for value in condition.values if value not in ("", "*") and not value.isdigit()}
        assert parts or values <= known, (column, values - known)


def conditions(question: QueryFile) -> Iterator[Condition]:
    """Every condition of a question's header: of words, of sentences, of slots."""
    yield from (only.condition for only in question.onlys)
    yield from (when.condition for when in question.whens)
    for _, text in sentences(question):
        yield from (found.condition for found in amounts(text) if found.condition)


def amounts(text: str) -> list[Amount]:
    """What the slots of a sentence compute."""
    return [found for found in map(amount, SLOT.findall(text)) if found]


# --- sentences ---------------------------------------------------------------------------------------------------


def sentences(question: QueryFile) -> Iterator[tuple[str, str]]:
    """What a question can answer with rows: language and text."""
    yield from question.answers.items()
    yield from ((when.lang, when.text) for when in question.whens)


@pytest.mark.parametrize("name", QUESTIONS)
def test_there_is_a_sentence_for_rows_and_for_none_in_each_language(name: str):
    question = CATALOGUE.get(name)
    for lang in LANGS:
        assert question.answers.get(lang), f"{name} has no answer in {lang}"
        assert question.empties.get(lang), f"{name} has no sentence for an empty table in {lang}"
        assert bool(question.sures) == bool(question.unsures.get(lang)), f"what is unsure of {name} in {lang}"
    whens = [[when.condition for when in question.whens if when.lang == lang] for lang in LANGS]
    assert whens[0] == whens[1], "what is said in one language, and when, is said in the other"


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_is_counted_by_its_line(name: str):
    question = CATALOGUE.get(name)
    counted = {
        found.column for _, text in sentences(question) for found in amounts(text) if found.does != "list"
    }
    assert "line" not in {question.counts, *counted}, "two sources have the same lines"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    store = tmp_path_factory.mktemp("catalogue") / "store"
    done = kg("build", SLICE, store=store)
    assert done.code == 0, done.err
    return Reader(store)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_slot_of_a_sentence_is_filled(name: str, reader: Reader):
    question = CATALOGUE.get(name)
    for words in WORDS.get(name, ({},)):
        rows = answer(reader, name, words).dicts()
        for lang, text in sentences(question):
            check_said(question, text, rows, words, lang)
        for said in (question.empties, question.unsures):
            for lang, text in said.items():
                check_said(question, text, [], words, lang)


def check_said(
    question: QueryFile, text: str, rows: list[dict[str, Cell]], words: dict[str, str], lang: str
) -> None:
    """A sentence said of some rows has no slot left, and nothing that is no word."""
    said = filled(text, rows, {**words, "yes": "", "no": ""}, question.counts, lang)
    assert not re.search(r"[{}]|\bNone\b|^\W*$", said), said
    assert not set(SLOT.findall(text)) or said != text
