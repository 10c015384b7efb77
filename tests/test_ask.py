"""Questions in both languages: those that must be answered, and as what; those that must be refused, and how."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from conftest import kg

from graph.asking.asker import Asker
from graph.asking.words import Tongue, fold, language, lexicon, stem
from graph.errors import UnknownName, UsageFault
from graph.names import Names
from graph.queries import Catalogue
from graph.store import Reader

NOTE = """## 2018-01-08
### Features
#### 1. Nested Resource Providers
* @efried is working on it: https://review.openstack.org/#/c/521685/
* @jaypipes said that NUMA/PCI is at risk for Queens.
#### 2. Alternate hosts
Almost done.
#### 3. Granular resource requests
Postponed to the Rocky release.
#### 4. Volume attach limits
In the end @cdent will write the patch.
#### 5. Volume attach speed
No progress.

## TODO
- read about alternate hosts
"""
NRP, ALTERNATE = "Nested Resource Providers", "Alternate hosts"

# Question → the catalogue's question and its parameters, by a part of their IRIs.
ANSWERED = [
    # slips
    ("what slipped from Queens to Rocky", "slips", {"from": "queens", "to": "rocky"}),
    ("What slipped from queens to rocky?", "slips", {"from": "queens", "to": "rocky"}),
    ("which features slipped from Queens into Rocky", "slips", {"from": "queens", "to": "rocky"}),
    ("Which things were postponed from Queens to Rocky?", "slips", {"from": "queens", "to": "rocky"}),
    ("please show me what moved to Rocky from Queens", "slips", {"from": "queens", "to": "rocky"}),
    ("features delayed from Queens to Rocky", "slips", {"from": "queens", "to": "rocky"}),
    ("what was pushed from Queens to Rocky", "slips", {"from": "queens", "to": "rocky"}),
    (
        "what got bumped from the Queens release to the Rocky release",
        "slips",
        {"from": "queens", "to": "rocky"},
    ),
    ("what missed Queens and went to Rocky", "slips", {"from": "queens", "to": "rocky"}),
    ("what slipped from antelope to bobcat", "slips", {"from": "antelope", "to": "bobcat"}),
    ("what slipped from 2023.1 to 2023.2", "slips", {"from": "antelope", "to": "bobcat"}),
    ("从 Queens 推迟到 Rocky 的有哪些", "slips", {"from": "queens", "to": "rocky"}),
    ("从Queens推迟到Rocky的有哪些？", "slips", {"from": "queens", "to": "rocky"}),
    ("哪些特性从 Queens 延期到了 Rocky", "slips", {"from": "queens", "to": "rocky"}),
    ("Queens 版本有什么推迟到 Rocky 版本", "slips", {"from": "queens", "to": "rocky"}),
    ("请问有哪些特性从Queens顺延到Rocky了？", "slips", {"from": "queens", "to": "rocky"}),
    ("推迟到 Rocky 的、原定 Queens 的特性", "slips", {"from": "queens", "to": "rocky"}),
    ("从Ｑｕｅｅｎｓ推迟到Ｒｏｃｋｙ的有哪些", "slips", {"from": "queens", "to": "rocky"}),
    # one feature
    ("what happened to nested resource providers", "history", {"feature": "nested-resource-provider"}),
    ("what happened with NRP?", "history", {"feature": "nested-resource-provider"}),
    ("history of alternate hosts", "history", {"feature": "alternate-host"}),
    ("how is Alternate Hosts going", "history", {"feature": "alternate-host"}),
    ("tell me the story of granular-resource-requests", "history", {"feature": "granular-resource-request"}),
    ("What's the status of Nested Resource Provider", "history", {"feature": "nested-resource-provider"}),
    ("how far along is Granular resource requests?", "history", {"feature": "granular-resource-request"}),
    ("Nested Resource Providers 进展如何", "history", {"feature": "nested-resource-provider"}),
    ("Alternate hosts现在进度怎么样了？", "history", {"feature": "alternate-host"}),
    ("NRP 的历史", "history", {"feature": "nested-resource-provider"}),
    ("Granular resource requests 的情况", "history", {"feature": "granular-resource-request"}),
    # people
    ("who works on nested resource providers", "people-of", {"feature": "nested-resource-provider"}),
    ("who is involved in volume attach limits?", "people-of", {"feature": "volume-attach-limit"}),
    ("which people discussed NRP", "people-of", {"feature": "nested-resource-provider"}),
    ("谁在做 Nested Resource Providers？", "people-of", {"feature": "nested-resource-provider"}),
    ("Volume attach limits 有哪些人参与", "people-of", {"feature": "volume-attach-limit"}),
    ("what does efried work on", "features-of", {"person": "efried"}),
    ("what is jaypipes working on?", "features-of", {"person": "jaypipes"}),
    ("what did @jaypipes discuss", "features-of", {"person": "jaypipes"}),
    ("efried 在做什么", "features-of", {"person": "efried"}),
    ("jaypipes参与了哪些特性？", "features-of", {"person": "jaypipes"}),
    # everything
    ("which meetings are there", "meetings", {}),
    ("show all meetings", "meetings", {}),
    ("列出所有会议", "meetings", {}),
    ("what was decided?", "decisions", {}),
    ("做了哪些决定？", "decisions", {}),
    ("When is the feature freeze?", "milestones", {}),
    ("特性冻结是什么时候", "milestones", {}),
    ("which todos are open", "todos", {}),
    ("还有哪些待办？", "todos", {}),
    ("what is the status", "statuses", {}),
    ("进展如何", "statuses", {}),
    ("which releases are there", "releases", {}),
    ("有哪些版本", "releases", {}),
    ("which patches and bugs are mentioned", "mentions", {}),
    ("讨论了什么？", "discussions", {}),
    ("where does this come from?", "sources", {}),
    ("哪些内容没有看懂", "problems", {}),
]
# Question → words of the answer: what it might have meant.
REFUSED = [
    # names misspelt
    ("what slipped from Quens to Rocky", "did you mean Queens?"),
    ("what slipped from Queens to Rockey", "did you mean Rocky?"),
    ("从 Queens 推迟到 Rokcy 的有哪些", "did you mean Rocky?"),
    ("what happened to nested resorce providers", "did you mean Nested Resource Providers?"),
    ("who works on alternat hosts", "did you mean Alternate hosts?"),
    ("what does efreid work on", "did you mean efried?"),
    ("jaypips 在做什么", "did you mean jaypipes?"),
    # names unknown
    ("what happened to quantum teleportation", "nothing here is known of 'quantum', 'teleportation'"),
    ("who works on the moon base", "nothing here is known of 'moon', 'base'"),
    ("what does linus work on", "nothing here is known of 'linus'"),
    ("what slipped from Queens to Zanzibar", "nothing here is known of 'zanzibar'"),
    # names that can be several
    ("what happened to volume attach", "say which: Volume attach limits; Volume attach speed"),
    ("volume attach 的历史", "say which: Volume attach limits; Volume attach speed"),
    # other subjects
    ("what is the weather tomorrow", "what can be asked"),
    ("今天天气怎么样", "可以这样问"),
    ("write a poem about clouds", "what can be asked"),
    ("how do I install nova", "say which"),
    ("who won the world cup", "what can be asked"),
    ("推荐一家餐馆", "可以这样问"),
    ("delete all meetings", "what can be asked"),
    ("drop the graph", "say which"),
    ("why is efried wrong about everything", "what can be asked"),
    ("is efried better than jaypipes", "what can be asked"),
    ("who is the best developer", "what can be asked"),
    ("谁最厉害", "可以这样问"),
    ("what will slip from Queens next year", "what can be asked"),
    ("how many lines of code does Queens have", "what can be asked"),
    ("asdf qwer zxcv", "what can be asked"),
    ("what did not slip from Queens to Rocky", "what can be asked"),
    ("哪些特性没有从 Queens 推迟到 Rocky", "可以这样问"),
    ("what slipped from Rocky to Queens", "did you mean from Queens to Rocky?"),
    ("谁给补丁 521685 投了 +2", "没有评审和投票的记录"),
    ("why did alternate hosts slip", "reasons are not recorded"),
    ("which company does efried work for", "no employer is recorded"),
    ("what slipped from Queens to Rocky to Stein", "what can be asked"),
    ("what happened to nested resource providers and alternate hosts", "what can be asked"),
    ("which meetings did nobody attend", "what can be asked"),
    ("SELECT * WHERE { ?s ?p ?o }", "what can be asked"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ask")
    (folder / "note.md").write_text(NOTE, "utf-8")
    assert kg("build", "note.md", store=folder / "store", cwd=folder).code == 0
    return folder / "store"


@pytest.fixture(scope="module")
def asker(store: Path) -> Asker:
    return Asker(Catalogue.load(), Names(Reader(store)))


def test_there_are_enough_of_both():
    assert len(ANSWERED) >= 40
    assert len(REFUSED) >= 25
    for rows in (ANSWERED, REFUSED):
        assert {language(row[0]) for row in rows} == {"en", "zh"}


@pytest.mark.parametrize(("question", "name", "params"), ANSWERED, ids=[row[0] for row in ANSWERED])
def test_a_question_is_answered(question: str, name: str, params: dict[str, str], asker: Asker):
    understood = asker.understand(question)
    assert understood.question.name == name
    assert {key: understood.bound[key][1].rsplit("/", 1)[-1] for key in params} == params


@pytest.mark.parametrize(("question", "said"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_question_is_refused(question: str, said: str, asker: Asker):
    with pytest.raises(UnknownName) as caught:
        asker.understand(question)
    assert said in f"{caught.value.what} {caught.value.hint}"
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("question", ["", "  ", "？", "please", "请问", "这是什么"])
def test_no_question_is_a_matter_of_usage(question: str, asker: Asker):
    with pytest.raises(UsageFault):
        asker.understand(question)


def test_a_long_question_takes_no_long_time(asker: Asker):
    for piece in ("what slipped from ", "从", "nested resource ", "a", "？", "{from}"):
        with contextlib.suppress(UnknownName, UsageFault):
            asker.understand(piece * (20_000 // len(piece)))


# --- the command -----------------------------------------------------------------------------------------------


def test_an_answer_shows_table_evidence_and_what_it_was_taken_for(store: Path):
    done = kg("ask", "what", "slipped", "from", "Queens", "to", "Rocky", store=store)
    assert done.code == 0
    assert done.out.startswith("1 feature slipped from Queens to Rocky")
    assert "Granular resource requests" in done.out
    assert "  note.md:9  “Postponed to the Rocky release.”" in done.out
    assert done.err == "taken for: slips(from=Queens, to=Rocky): What slipped from one release to another\n"


def test_an_answer_in_chinese(store: Path):
    done = kg("ask", "从 Queens 推迟到 Rocky 的有哪些", store=store)
    assert done.out.startswith("有 1 个特性从 Queens 推迟到 Rocky")
    assert "证据：" in done.out
    assert done.err.startswith("理解为: slips")


def test_an_empty_result_that_nothing_here_could_know_is_no_answer(store: Path):
    done = kg("ask", "what slipped from Rocky to Stein", store=store)
    assert (done.code, done.out) == (3, "")
    assert "Rocky and Stein" in done.err


def test_the_sparql_of_an_answer(store: Path):
    done = kg("ask", "--sparql", "which meetings are there", store=store)
    assert "SELECT DISTINCT ?meeting" in done.out


def test_an_answer_as_json(store: Path):
    done = kg("ask", "--format", "json", "what slipped from Queens to Rocky", store=store)
    data = json.loads(done.out)
    assert data["question"] == "slips"
    assert data["params"] == {"from": "Queens", "to": "Rocky"}
    assert [row["label"] for row in data["rows"]] == ["Granular resource requests"]
    assert data["evidence"] == [
        {"row": 0, "quote": "Postponed to the Rocky release.", "source": "note.md", "line": 9}
    ]


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  What slipped?? ", "what slipped"),
        ("有哪些会议呢？", "有哪些会议呢"),
        ("ＡＢＣ！", "abc"),
        ("it's", "it"),
    ],
)
def test_a_text_is_folded(text: str, expected: str):
    assert fold(text).strip() == expected


def meanings(text: str) -> list[set[str]]:
    return [set(word.ids) for word in Tongue(lexicon()).read(fold(text))]


def test_words_are_met_in_every_form():
    assert stem("slipping") == stem("slips") == stem("slipped")
    assert meanings("please, the of to 请问 的") == []
    assert meanings("postponed") == meanings("slipping") == meanings("推迟")


def test_a_negation_goes_with_the_next_word():
    assert meanings("which never slipped") == meanings("没有推迟的")
    assert meanings("what did not slip") != meanings("what did slip")
