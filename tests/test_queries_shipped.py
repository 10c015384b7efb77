"""Every question we ship: it loads, is asked in three ways a language, gives its golden table, uses its parameters.

A golden table is `cases/queries/NAME.csv`, the answer on the two short notes in `cases/queries/slice`, whose
sentences leave nothing to interpret. After a change that is meant,
`KG_WRITE_GOLDEN=1 python -m pytest tests/test_queries_shipped.py` writes them anew: read the difference.
"""

from __future__ import annotations

import os

import pytest
from conftest import ROOT, TODAY, kg
from contract import CONTRACT

from graph import sparql
from graph.asking.asker import Asker
from graph.cli.common import rendered
from graph.names import Names
from graph.queries import Catalogue
from graph.store import Reader
from graph.table import Table

GOLDEN = ROOT / "tests/cases/queries"
CATALOGUE = Catalogue.load()
QUESTIONS = sorted(CATALOGUE.questions)
FEWEST_PHRASES = 3
MORE = {  # added since, at the end
    "decisions": ["position"],
    "slips": ["disagreement"],
    "patches": ["source", "line"],
    "landed-in": ["date"],
    "bug-fixes": ["tag", "change_id", "strength", "confidence", "project"],
    "release-plan": ["label", "patches", "source", "path"],
}
NOT_YET: set[str] = set()  # questions of the contract that are not there
# Parameters of the golden table, and others that must give another one.
WORDS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "release-plan": ({"release": "Queens"}, {"release": "Rocky"}),
    "dropped": ({"release": "Queens"}, {"release": "Rocky"}),
    "slips": ({"from": "Queens", "to": "Rocky"}, {"from": "Rocky", "to": "Stein"}),
    "history": ({"feature": "Nested Resource Providers"}, {"feature": "Alternate hosts"}),
    "people-of": ({"feature": "Nested Resource Providers"}, {"feature": "Alternate hosts"}),
    "patches": ({"feature": "nested-resource-providers"}, {"feature": "return-alternate-hosts"}),
    "landed-in": ({"feature": "nested-resource-providers"}, {"feature": "return-alternate-hosts"}),
    "bug-fixes": ({"bug": "1785425"}, {"bug": "1741125"}),
    "features-of": ({"person": "efried"}, {"person": "jaypipes"}),
    "versions": ({"release": "Queens"}, {"release": "Rocky"}),
    "milestones-of": ({"release": "Queens"}, {"release": "Rocky"}),
    "todos": ({"today": TODAY}, {"today": "2018-04-01"}),
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    store = tmp_path_factory.mktemp("slice") / "store"
    done = kg("build", "tests/cases/queries/slice", store=store)
    assert done.code == 0, done.err
    return Reader(store)


def answer(reader: Reader, name: str, words: dict[str, str]) -> Table:
    question = CATALOGUE.get(name)
    names = Names(reader)
    bound = {p.name: names.resolve(p.kind, words[p.name]) for p in question.params}
    return sparql.run(reader, question, bound)


def test_every_parameter_has_words():
    with_params = {name for name in QUESTIONS if CATALOGUE.get(name).params}
    assert with_params == set(WORDS), "give a question with parameters two sets of words"


@pytest.mark.parametrize("name", QUESTIONS)
def test_there_are_titles_and_three_ways_of_asking_in_each_language(name: str):
    question = CATALOGUE.get(name)
    for lang in ("en", "zh"):
        assert question.titles.get(lang), f"{name} has no title in {lang}"
        assert question.answers.get(lang), f"{name} has no answer in {lang}"
        assert question.empties.get(lang), f"{name} has no sentence for an empty table in {lang}"
        assert len(question.phrases.get(lang, ())) >= FEWEST_PHRASES, f"{name} in {lang}"


PHRASES = [(name, p) for name in QUESTIONS for ps in CATALOGUE.get(name).phrases.values() for p in ps]


@pytest.mark.parametrize(("name", "phrase"), PHRASES)
def test_a_phrase_asks_its_own_question(name: str, phrase: str, reader: Reader):
    words = WORDS.get(name, ({}, {}))[0]
    text = phrase
    for slot, word in words.items():
        text = text.replace(f"{{{slot}}}", word)
    asker = Asker(CATALOGUE, Names(reader))
    for spelt in (text, text.upper() if text.isascii() else text, f"  {text} ? "):
        understood = asker.understand(spelt)
        assert understood.question.name == name, spelt
        for slot, word in words.items():
            if f"{{{slot}}}" in phrase:
                kind = next(p.kind for p in understood.question.params if p.name == slot)
                assert understood.bound[slot] == Names(reader).resolve(kind, word)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_golden_table(name: str, reader: Reader):
    table = answer(reader, name, WORDS.get(name, ({}, {}))[0])
    text = rendered(without_hashes(table), "csv", {})
    path = GOLDEN / f"{name}.csv"
    if os.environ.get("KG_WRITE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def without_hashes(table: Table) -> Table:
    """Hashes of the bytes read say nothing of a question."""
    return table.without(["sha256"])


def test_every_golden_table_has_its_question():
    assert sorted(path.stem for path in GOLDEN.glob("*.csv")) == QUESTIONS


@pytest.mark.parametrize("name", sorted(WORDS))
def test_another_parameter_gives_another_answer(name: str, reader: Reader):
    one, other = (answer(reader, name, words) for words in WORDS[name])
    assert one.columns == other.columns
    assert one.rows != other.rows


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_the_columns_of_the_contract(name: str, reader: Reader):
    columns = answer(reader, name, WORDS.get(name, ({}, {}))[0]).columns
    assert list(columns) == CONTRACT[name].split() + MORE.get(name, [])


def test_what_the_contract_names_is_there_or_said_to_be_missing():
    assert not NOT_YET & set(QUESTIONS), "these are there now: give them their columns in CONTRACT"
    assert set(CONTRACT) <= set(QUESTIONS)


@pytest.mark.parametrize(
    "name", [n for n in QUESTIONS if {"source", "line"} <= set(CONTRACT.get(n, "").split())]
)
def test_every_row_leads_to_a_line_of_its_source(name: str, reader: Reader):
    for row in answer(reader, name, WORDS.get(name, ({}, {}))[0]).dicts():
        path = ROOT / str(row["source"])
        if not path.is_file():  # the history of a repository: its lines are those of messages
            continue
        lines = path.read_text("utf-8").splitlines()
        assert 1 <= int(row["line"]) <= len(lines)
        if row.get("quote"):
            near = "".join("".join(lines[int(row["line"]) - 1 : int(row["line"]) + 4]).split())
            assert "".join(str(row["quote"]).split()) in near
