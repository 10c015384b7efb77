"""The questions of `make ask-eval`: enough of them, right often enough, and none made up."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "bench"))

import ask_eval

from graph import pipeline

SHARED = ROOT.parent / "shared"
CASES = list(ask_eval.cases())
NONE = ("unknown", "suggest")


def judged(store: Path, needs: set[str]) -> list[ask_eval.Verdict]:
    return ask_eval.run(store, [case for case in CASES if case.needs in needs])


def check(verdicts: list[ask_eval.Verdict]) -> None:
    made_up = [v.case.ask for v in verdicts if v.kind == "wrong" and v.case.expect in NONE]
    assert made_up == []
    missed = [f"{v.kind}: {v.case.ask} {v.why}" for v in verdicts if v.kind != "right"]
    assert len(missed) <= 0.05 * len(verdicts), "\n".join(missed)


def test_there_are_enough_questions_of_each_kind():
    zh = [case for case in CASES if any("\u3400" <= char <= "\u9fff" for char in case.ask)]
    assert len(CASES) >= 150
    assert min(len(zh), len(CASES) - len(zh)) >= 60
    assert sum(case.expect in NONE for case in CASES) >= 30
    assert [ask for ask, count in Counter(case.ask for case in CASES).items() if count > 1] == []
    assert all(case.checks.get("checked") for case in CASES)


def test_what_the_demo_can_answer(tmp_path: Path):
    pipeline.build(tmp_path / "store", [str(ROOT / "data")])
    check(judged(tmp_path / "store", {"demo"}))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the whole history is not here")
def test_what_the_whole_history_can_answer(tmp_path: Path):
    whole = ask_eval.whole_store(tmp_path / "store")
    assert whole is not None
    check(judged(whole, {"demo", "whole"}))


def test_the_judge_tells_wrong_from_right(tmp_path: Path):
    """A check that cannot fail is none: the same answers against other truths are wrong."""
    pipeline.build(tmp_path / "store", [str(ROOT / "data")])
    ask = "what slipped from Queens to Rocky"
    cases = [
        ask_eval.Case(ask, "answer", "demo", {"has": ["no-such-feature"]}),
        ask_eval.Case(ask, "answer", "demo", {"lacks": ["granular-resource-requests"]}),
        ask_eval.Case(ask, "answer", "demo", {"exact": ["granular-resource-requests"]}),
        ask_eval.Case(ask, "answer", "demo", {"count": 4711}),
        ask_eval.Case(ask, "answer", "demo", {"yes": True}),
        ask_eval.Case(ask, "empty", "demo", {}),
        ask_eval.Case(ask, "unknown", "demo", {}),
    ]
    assert [v.kind for v in ask_eval.run(tmp_path / "store", cases)] == ["wrong"] * len(cases)
    refused = ask_eval.Case("what slipped from Qeens to Rocky", "suggest", "demo", {"suggest": "rocket"})
    assert [v.kind for v in ask_eval.run(tmp_path / "store", [refused])] == ["refused"]
