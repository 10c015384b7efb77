"""Every question we ship: it loads, is asked in three ways a language, gives its golden table, uses its parameters.

A golden table is `cases/queries/NAME.csv`, the answer on the slice in `cases/queries/slice`, whose sentences leave
nothing to interpret. After a change that is meant,
`KG_WRITE_GOLDEN=1 python -m pytest tests/test_queries_shipped.py` writes them anew: read the difference.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest
from conftest import ROOT, TODAY, kg
from contract import CONTRACT, MORE
from question_samples import CATALOGUE, GOLDEN, QUESTIONS, SLICE, WORDS, Words, answer, words_of

from graph.asking.asker import Asker
from graph.names import Names
from graph.store import Bound, Reader
from graph.table import Cell, Table
from graph.views.tables import rendered

FEWEST_PHRASES = 3
NOT_YET: set[str] = set()  # questions of the contract that are not there
# Nothing of the slice answers these, whatever the parameters.
EMPTY = {"specs-by": "the slice's specs are a folder without git, so nobody is known to have written them"}
# Rows of these lead to no place of a source: they sum up many, or tell of the sources, links and built-in dates.
UNPLACED = set(
    "authors chronic commits-in-release coverage features features-of landed-in links links-of people-of"
    " release-after release-at release-before releases slip-counts sources".split()
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    store = tmp_path_factory.mktemp("slice") / "store"
    done = kg("build", SLICE, store=store)
    assert done.code == 0, done.err
    return Reader(store)


@pytest.fixture(scope="module")
def asker(reader: Reader) -> Asker:
    return Asker(CATALOGUE, Names(reader), datetime.date.fromisoformat(TODAY))


def test_every_parameter_has_words():
    with_params = {name for name in QUESTIONS if CATALOGUE.get(name).params}
    assert with_params == set(WORDS), "give a question with parameters two sets of words"


@pytest.mark.parametrize("name", QUESTIONS)
def test_there_are_titles_and_three_ways_of_asking_in_each_language(name: str):
    question = CATALOGUE.get(name)
    for lang in ("en", "zh"):
        assert question.titles.get(lang), f"{name} has no title in {lang}"
        assert len(question.phrases.get(lang, ())) >= FEWEST_PHRASES, f"{name} in {lang}"


PHRASES = [(name, p) for name in QUESTIONS for ps in CATALOGUE.get(name).phrases.values() for p in ps]


@pytest.mark.parametrize(("name", "phrase"), PHRASES)
def test_a_phrase_asks_its_own_question(name: str, phrase: str, reader: Reader, asker: Asker):
    kinds = {param.name: param.kind for param in CATALOGUE.get(name).params}
    words = {slot: word for slot, word in words_of(name).items() if f"{{{slot}}}" in phrase}
    text = phrase
    for slot, word in words.items():
        # Words that are looked for stand in quotes; everything else is known by its name.
        quoted = kinds[slot] == "text" and f'"{{{slot}}}"' not in phrase
        text = text.replace(f"{{{slot}}}", f'"{word}"' if quoted else word)
    for spelt in (text, text.upper() if text.isascii() else text, f"  {text} ? "):
        understood = asker.understand(spelt)
        assert understood.question.name == name, spelt
        for slot, word in words.items():
            assert same(understood.bound[slot], Names(reader).resolve(kinds[slot], word)), spelt


def same(one: Bound, other: Bound) -> bool:
    """Whether two values are the same thing; text is looked for in any case."""
    return one == other or (one[0] == "string" and str(one[1]).casefold() == str(other[1]).casefold())


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_golden_table(name: str, reader: Reader):
    table = answer(reader, name, words_of(name))
    assert bool(table.rows) == (name not in EMPTY)
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


@pytest.mark.parametrize("name", sorted(set(WORDS) - set(EMPTY)))
def test_another_parameter_gives_another_answer(name: str, reader: Reader):
    one, other = (answer(reader, name, words) for words in WORDS[name])
    assert one.columns == other.columns
    assert one.rows != other.rows


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_the_columns_of_the_contract(name: str, reader: Reader):
    columns = answer(reader, name, words_of(name)).columns
    assert list(columns) == [*CONTRACT[name].split(), *MORE.get(name, "").split()]


def test_what_the_contract_names_is_there_or_said_to_be_missing():
    assert not NOT_YET & set(QUESTIONS), "these are there now: give them their columns in CONTRACT"
    assert set(CONTRACT) <= set(QUESTIONS)
    assert set(MORE) <= set(CONTRACT)


# --- evidence -------------------------------------------------------------------------------------------------


def test_every_question_says_where_its_rows_come_from():
    assert {name for name in QUESTIONS if not placed(set(CATALOGUE.get(name).columns))} == UNPLACED


def placed(columns: set[str]) -> bool:
    return "evidence" in columns or ("source" in columns and bool({"line", "sha", "path"} & columns))


@pytest.mark.parametrize("name", sorted(set(QUESTIONS) - UNPLACED))
@pytest.mark.parametrize("turn", [0, 1])
def test_every_row_leads_to_a_place_of_its_source(name: str, turn: int, reader: Reader):
    words: Words = WORDS.get(name, ({}, {}))[turn]
    for row in answer(reader, name, words).dicts():
        for place in str(row.get("evidence") or "").split("; "):
            check_evidence(place)
        if row.get("source"):
            check_place(row)


def check_evidence(place: str) -> None:
    """A place is FILE:LINE, FOLDER:PATH:LINE, or a commit of a repository."""
    source, _, rest = place.partition(":")
    path, _, line = rest.rpartition(":")
    if (ROOT / source).exists() and place:
        check_line(ROOT / source / path if path else ROOT / source, int(line))


def check_place(row: dict[str, Cell]) -> None:
    path = ROOT / str(row["source"])
    if not path.exists():  # a repository: its commits, and the lines of their messages
        assert row.get("sha") or int(str(row["line"])) >= 1
        assert str(row.get("sha") or "") in (ROOT / SLICE / "nova.jsonl").read_text("utf-8")
    elif row.get("line") != 0:  # a line 0 speaks of the source as a whole
        lines = check_line(path / str(row["path"]) if path.is_dir() else path, int(str(row["line"])))
        if row.get("quote"):
            near = "".join("".join(lines[int(str(row["line"])) - 1 :][:5]).split())
            assert "".join(str(row["quote"]).split()) in near


def check_line(path: Path, line: int) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    assert 1 <= line <= len(lines)
    return lines
