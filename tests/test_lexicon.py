"""Phrases as patterns, and the words a folder adds or takes away."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import lexicon, profile
from graph.errors import KgError
from graph.extract.notes import NoteExtractor
from graph.facts import Status
from graph.lexicon.phrases import PhraseSet
from graph.readers import notes

NOTE = "## 2018-01-08\n### Features\n#### Some thing\n"


def spans(phrase: str, text: str) -> list[str]:
    return [
        text[m.start : m.end] for m in PhraseSet([("x", phrase)], {"release": "(?:queens|rocky)"}).find(text)
    ]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("done", "It is done.", ["done"]),
        ("done", "undone, done2", []),
        ("DONE", "done", ["done"]),
        ("完成", "已经完成了", ["完成"]),
        ("in progress", "in  progress", ["in  progress"]),
        ("can't", "they can’t", ["can’t"]),
        ("没有…进展", "没有什么太大进展", ["没有什么太大进展"]),
        ("没有…进展", "没有人，有进展", []),
        ("no … progress", "no real progress", ["no real progress"]),
        ("<nearly|almost> done", "almost done", ["almost done"]),
        ("<nearly|almost> done", "done", []),
        ("<very |>close", "close", ["close"]),
        ("推到{release}", "推到 Rocky 去", ["推到 Rocky"]),
        ("<放|留>到{release}", "留到rocky", ["留到rocky"]),
        ("merge", "merge了", ["merge"]),
    ],
)
def test_phrase(phrase: str, text: str, found: list[str]) -> None:
    assert spans(phrase, text) == found


def test_the_longest_phrase_wins() -> None:
    found = PhraseSet([("done", "done"), ("near", "nearly done")]).find("nearly done, done")
    assert [match.label for match in found] == ["near", "done"]


def test_an_unknown_slot_is_refused() -> None:
    with pytest.raises(KgError, match="moon"):
        PhraseSet([("x", "to the {moon}")], {"release": "x"})


def statuses(folder: Path, line: str) -> list[str]:
    record, _ = notes.read((NOTE + line).encode(), "note.md")
    assert record is not None
    facts = NoteExtractor(lexicon.load(folder), profile.load(folder)).extract(record).facts
    return [fact.status for fact in facts if isinstance(fact, Status)]


def test_a_folder_adds_words(tmp_path: Path) -> None:
    assert statuses(tmp_path, "It is in the oven.") == []
    (tmp_path / "lexicon.toml").write_text(
        '[status.direct]\nin-progress = ["in the oven"]\n', encoding="utf-8"
    )
    assert statuses(tmp_path, "It is in the oven.") == ["in-progress"]


def test_a_folder_takes_words_away(tmp_path: Path) -> None:
    assert statuses(tmp_path, "WIP") == ["in-progress"]
    (tmp_path / "lexicon-en.toml").write_text(
        '[status.direct]\nin-progress-remove = ["WIP"]\n', encoding="utf-8"
    )
    assert statuses(tmp_path, "WIP") == []


@pytest.mark.parametrize("text", ["[status.direct]\nno-such = ['x']\n", "[status", "[moon]\nx = ['y']\n"])
def test_a_bad_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "lexicon.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KgError) as caught:
        lexicon.load(tmp_path)
    assert caught.value.hint


def test_both_languages_have_the_same_keys_for_what_reports() -> None:
    loaded = lexicon.load()
    assert set(loaded.under("status.direct")) == {
        "planned", "in-progress", "nearly-done", "done", "stalled", "at-risk", "deferred", "abandoned",
    }  # fmt: skip
