"""TODOs under random edits of the notes: after every rebuild what stands is what a simple model says.

The model knows which words mean the same TODO; `kg` has to find that out from the words alone.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import pytest
from conftest import kg
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graph import lexicon
from graph.cli import todo_store
from graph.extract.todo_words import TodoWords
from graph.link.standing import ByHand, Told, standing
from graph.link.todo_words import SAME, Wording, alike, join
from graph.queries import Catalogue
from graph.store import Reader

# Each row is one TODO in words that change a little.
SAID = (
    ("Granular resource requests分析", "分析Granular resource request", "Granular resouce requests的分析, 尤其是API"),
    ("了解quota tree细节", "弄清楚quota tree的细节", "Quota trees: how it works"),
    ("cells v2 upgrade path分析", "分析cells v2的upgrade path", "Read about the cells v2 upgrade path."),
    ("cells v2 migration path分析", "分析cells v2的migration path", "Read about the cells v2 migration paths"),
    ("学习冷迁移流程", "冷迁移流程的学习", "冷迁移的流程，需要再看看"),
    ("学习热迁移流程", "热迁移流程的学习", "弄清热迁移的流程"),
    ("Read up on vGPU traits", "Analyse VGPU trait details", "vGPU traits分析"),
    ("Look into bug 1741125", "Read bug 1741125 again", "分析bug 1741125"),
    ("Look into bug 1743120", "Read bug 1743120 again", "分析bug 1743120"),
    ("Nested Resource Provider分析", "NRP的分析", "Read about nested resource providers"),
)  # fmt: skip
MARKS = {
    False: ("- {}", "- [ ] {}"),
    True: ("- [x] {}", "- ~~{}~~", "- {}（已完成）", "- {} - done, see #67"),
}
MONTHS = ("2018-01", "2018-02", "2018-03", "2018-04")
BY = "https://example.org/67"
WORDS = TodoWords(lexicon.load())


def wording(text: str, *lists: str) -> Wording:
    return Wording(text, WORDS.of(text), frozenset(lists))


# --- words ------------------------------------------------------------------------------------------------


def test_slightly_other_words_are_the_same_and_others_are_not():
    for (nth, one), (mth, other) in itertools.combinations(
        [(n, text) for n, row in enumerate(SAID) for text in row], 2
    ):
        score = alike(wording(one), wording(other)).score
        assert (score >= SAME) == (nth == mth), f"{one} / {other}: {score}"


@given(st.permutations([text for row in SAID for text in row]))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_wordings_does_not_count(texts: list[str]):
    heads, edges = join(map(wording, texts))
    again, others = join(wording(text) for row in SAID for text in row)
    assert heads == again
    assert edges == others
    assert len(set(heads.values())) == len(SAID)


def test_what_stands_in_one_list_is_never_one():
    one, other = "学习NUMA affinity", "写NUMA affinity的文章"
    assert len(set(join([wording(one), wording(other)])[0].values())) == 1
    heads, _ = join([wording(one, "a"), wording(other, "a"), wording("NUMA affinity", "b")])
    assert len(set(heads.values())) == 3  # the third is as like the one as the other
    heads, edges = join([wording(one, "a"), wording(other, "a"), wording("学习NUMA affinities", "b")])
    assert len(set(heads.values())) == 3
    assert {edge.state for edge in edges} == {"below"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cells upgrade", "cells migration"),
        ("Nested Resource Provider的NUMA支持", "Nested Resource Provider的reshape流程"),
        ("compare rocky and queens", "compare rocky and pike"),
        ("bug 12", "bug 13"),
        ("迁移", "升级"),
        ("read spec", "write article"),
    ],
)
def test_two_of_one_feature_stay_two(one, other):
    assert alike(wording(one), wording(other)).score < SAME


# --- how one stands ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "hands", "state", "by", "again"),
    [
        ([("2018-01-99", False)], [], "NEEDS-ACTION", "", ""),
        ([("2018-01-99", True)], [], "COMPLETED", "", ""),
        ([("2018-01-99", False), ("2018-02-99", True)], [], "COMPLETED", "n.md:2", ""),
        ([("2018-01-99", False), ("2018-02-99", True), ("2018-03-99", True)], [], "COMPLETED", "n.md:2", ""),
        ([("2018-01-99", False), ("2018-02-99", True), ("2018-03-99", False)], [], "NEEDS-ACTION", "", "2018-03"),
        ([("2018-01-99", False)], [("b", "2018-01-02", "")], "COMPLETED", "b", ""),
        ([("2018-01-99", False), ("2018-02-99", False)], [("b", "2018-01-02", "")], "NEEDS-ACTION", "", "2018-02"),
        ([("2018-01-99", False), ("2018-02-99", False)], [("b", "2018-01-02", "2018-02")], "COMPLETED", "b", ""),
        ([("2018-01-99", False), ("2018-02-99", False)], [("b", "", "")], "COMPLETED", "b", ""),
        ([("2018-01-99", False), ("2018-02-99", True)], [("b", "2018-02-02", "")], "COMPLETED", "b", ""),
        ([("2018-01-99", False), ("2018-02-99", True)], [("b", "2018-05-02", "")], "COMPLETED", "n.md:2", ""),
    ],
)  # fmt: skip
def test_the_last_word_counts(told, hands, state, by, again):
    rows = [Told(date, "n.md", n, done) for n, (date, done) in enumerate(told, 1)]
    found = standing(reversed(rows), [ByHand(*hand) for hand in hands])
    assert (found.state, found.closed_by, found.reopened) == (state, by, again)


# --- notes under edits ------------------------------------------------------------------------------------


@dataclass
class Listed:
    """A line of a list: which TODO, in which words, whether done and how that is written."""

    nth: int
    said: int
    done: bool
    mark: int

    @property
    def text(self) -> str:
        marks = MARKS[self.done]
        return marks[self.mark % len(marks)].format(SAID[self.nth][self.said])


@dataclass
class Model:
    """The lists of each month, the months whose file is there, rows that close by hand: (last month, on)."""

    lists: dict[str, list[Listed]] = field(default_factory=lambda: {month: [] for month in MONTHS})
    there: set[str] = field(default_factory=lambda: set(MONTHS))
    filler: int = 0
    rows: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def told(self, nth: int) -> list[tuple[str, bool]]:
        """The months that list a TODO, and whether as done."""
        return [
            (month, line.done)
            for month in MONTHS
            if month in self.there
            for line in self.lists[month]
            if line.nth == nth
        ]

    def by_hand(self, nth: int) -> bool:
        """Whether a row still closes it."""
        opened = [month for month, done in self.told(nth) if not done]
        return any(not opened or opened[-1] <= max(listed, on[:7]) for listed, on in self.rows.get(nth, ()))

    def expected(self) -> dict[int, tuple[str, str, int]]:
        """TODO → state, month it was raised, times carried."""
        found = {}
        for nth in range(len(SAID)):
            told = self.told(nth)
            if told:
                closed = told[-1][1] or self.by_hand(nth)
                state = "COMPLETED" if closed else "NEEDS-ACTION"
                found[nth] = (state, told[0][0], len(told) - 1)
        return found

    def write(self, folder: Path) -> None:
        """The notes as they are now."""
        for month in MONTHS:
            path = folder / f"{month}.md"
            if month not in self.there:
                path.unlink(missing_ok=True)
                continue
            lines = [
                f"## {month}-08",
                "### Features",
                "#### 1. Shared pools",
                "Done.",
                *["Filler."] * self.filler,
            ]
            lines += ["", "# 2. TODO", *(line.text for line in self.lists[month]), ""]
            path.write_text("\n".join(lines), "utf-8")


# Few TODOs, so that edits meet: the words of all are tested above.
N = st.sampled_from((0, 1, 2, 3))
MONTH = st.sampled_from(MONTHS)
SMALL = st.integers(0, 3)
EDITS = st.one_of(
    st.tuples(st.just("add"), MONTH, N, SMALL),
    st.tuples(st.just("add"), MONTH, N, SMALL),
    st.tuples(st.just("carry"), MONTH, N, SMALL),
    st.tuples(st.just("carry"), MONTH, N, SMALL),
    st.tuples(st.just("reword"), MONTH, N, SMALL),
    st.tuples(st.just("tick"), MONTH, N, SMALL),
    st.tuples(st.just("delete"), MONTH, N, SMALL),
    st.tuples(st.just("reorder"), MONTH, N, SMALL),
    st.tuples(st.just("filler"), MONTH, N, SMALL),
    st.tuples(st.just("file"), MONTH, N, SMALL),
    st.tuples(st.just("close"), MONTH, N, SMALL),
    st.tuples(st.just("close"), MONTH, N, SMALL),
    st.tuples(st.just("reopen"), MONTH, N, SMALL),
)
FIRST = st.lists(st.tuples(st.just("add"), MONTH, N, SMALL), min_size=3, max_size=8)


def edited(model: Model, edit: tuple[str, str, int, int]) -> None:
    """An edit of the notes; one that does not apply changes nothing."""
    what, month, nth, small = edit
    lines = model.lists[month]
    mine = next((line for line in lines if line.nth == nth), None)
    if what == "add" and mine is None:
        lines.insert(min(small, len(lines)), Listed(nth, small % 3, small == 3, small))
    elif what == "carry" and lines and month != MONTHS[-1]:
        after = model.lists[MONTHS[MONTHS.index(month) + 1]]
        held = {line.nth for line in after}
        after += [
            Listed(line.nth, (line.said + small) % 3, False, small) for line in lines if line.nth not in held
        ]
    elif what == "reword" and mine:
        mine.said = (mine.said + 1 + small % 2) % 3
    elif what == "tick" and mine:
        mine.done, mine.mark = not mine.done, small
    elif what == "delete":
        model.lists[month] = [line for line in lines if line.nth != nth]
    elif what == "reorder":
        lines.reverse()
    elif what == "filler":
        model.filler = small
    elif what == "file":
        model.there ^= {month}


def by_hand(model: Model, place: Path, edit: tuple[str, str, int, int]) -> bool:
    """Close or reopen a TODO as its author does; whether it was an edit of that kind."""
    what, month, nth, _ = edit
    if what not in ("close", "reopen"):
        return False
    now = model.expected().get(nth)
    if now is None:
        return True
    key = ids(place)[nth][0]
    if what == "close":
        done = kg("todo", "close", key, "--by", BY, "--on", f"{month}-20", store=place / "store", cwd=place)
        assert done.code == (now[0] == "COMPLETED"), done.err
        if done.code == 0:
            model.rows.setdefault(nth, []).append((model.told(nth)[-1][0], f"{month}-20"))
        return True
    done = kg("todo", "reopen", key, store=place / "store", cwd=place)
    assert done.code == (now[0] != "COMPLETED" or not model.rows.get(nth)), done.err
    if done.code == 0:
        del model.rows[nth]
    return True


def ids(place: Path) -> dict[int, tuple[str, tuple[str, str, int]]]:
    """What the store holds: TODO → its id, and what `Model.expected` says of it."""
    with Reader(place / "store") as reader:
        rows = todo_store.table_of(reader, "2018-06-01").dicts()
        todos = todo_store.todos(reader, todo_store.table_of(reader, "2018-06-01"))
    texts = {str(row["todo"]): str(row["text"]) for row in reversed(rows)}
    named = {text: nth for nth, row in enumerate(SAID) for text in row}
    found = {
        named[texts[t.id].rstrip(".")] if texts[t.id].rstrip(".") in named else named[texts[t.id]]: t
        for t in todos
    }
    assert len(found) == len(todos), "one TODO has two ids"
    return {nth: (t.id, (t.state, t.raised, t.carried)) for nth, t in found.items()}


JAN, FEB = "2018-01", "2018-02"
REWORDED = [("close", JAN, 0, 0), ("reword", JAN, 0, 0), ("filler", JAN, 0, 2), ("reopen", JAN, 0, 0)]
MOVED = [
    ("carry", JAN, 0, 1), ("close", JAN, 0, 0), ("file", JAN, 0, 0), ("reword", FEB, 0, 0), ("file", JAN, 0, 0),
    ("carry", FEB, 0, 1), ("close", FEB, 0, 0), ("reopen", JAN, 0, 0),
]  # fmt: skip


@example([("add", JAN, 0, 0), ("add", JAN, 3, 1)], REWORDED)
@example([("add", JAN, 0, 0), ("add", JAN, 2, 1)], MOVED)
@given(FIRST, st.lists(EDITS, min_size=3, max_size=8))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_closing_carrying_and_undoing_survive_rebuilds(first, edits):
    place = Path(tempfile.mkdtemp())
    (place / "notes").mkdir()
    model = Model()
    try:
        for edit in first:
            edited(model, edit)
        model.write(place / "notes")
        build(place)
        for edit in edits:
            if not by_hand(model, place, edit):
                edited(model, edit)
                model.write(place / "notes")
                build(place)
            assert {nth: row for nth, (_, row) in ids(place).items()} == model.expected(), edit
        assert kg("problems", store=place / "store", cwd=place).code == 0
    finally:
        shutil.rmtree(place)


@pytest.fixture(autouse=True, scope="module")
def catalogue():
    """The questions are read once: reading them takes as long as the rest of so small a build."""
    held = Catalogue.load()
    with mock.patch.object(Catalogue, "load", lambda *_: held):
        yield


def build(place: Path) -> None:
    done = kg("build", "notes", store=place / "store", cwd=place)
    assert done.code == 0, done.err
