"""All kinds of source in one graph: any order gives the same bytes, dumps stand for their sources, faults stay apart."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, content, kg, rows

SLICE = ROOT / "tests" / "cases" / "queries" / "slice"


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    """The small true slice, as sources beside each other."""
    shutil.copytree(SLICE, tmp_path / "all")
    return tmp_path


def sources(yard: Path) -> list[str]:
    return sorted(f"all/{path.name}" for path in (yard / "all").iterdir() if not path.name.endswith(".toml"))


def test_any_order_of_building_gives_the_same_bytes(yard: Path):
    assert kg("build", *sources(yard), store=yard / "whole", cwd=yard).code == 0
    whole = content(yard / "whole")
    orders = list(itertools.permutations(sources(yard)))
    for turn, order in enumerate(orders[:: max(1, len(orders) // 4)]):
        store = yard / f"one-by-one-{turn}"
        for name in order:
            assert kg("build", name, store=store, cwd=yard).code == 0
        assert content(store) == whole, order
    assert kg("build", "all", store=yard / "folder", cwd=yard).code == 0
    assert content(yard / "folder") == whole


def test_a_source_that_goes_takes_only_its_own_with_it(yard: Path):
    first, *others = sources(yard)
    assert kg("build", *others, store=yard / "without", cwd=yard).code == 0
    assert kg("build", "all", store=yard / "s", cwd=yard).code == 0
    assert kg("sources", "--drop", first, store=yard / "s", cwd=yard).code == 0
    assert content(yard / "s") == content(yard / "without")


def test_dumps_of_all_sources_give_the_same_bytes(yard: Path):
    assert kg("build", *sources(yard), store=yard / "true", cwd=yard).code == 0
    (yard / "dumps").mkdir()
    for name in sources(yard):
        if not name.endswith(".jsonl"):
            target = f"dumps/{Path(name).name}.jsonl"
            assert kg("records", name, "-o", target, store=yard / "s", cwd=yard).code == 0
        else:
            shutil.copy(yard / name, yard / "dumps")
    assert kg("build", "dumps", store=yard / "dumped", cwd=yard).code == 0
    assert content(yard / "dumped") == content(yard / "true")


def test_a_second_build_of_all_says_that_nothing_changed(yard: Path):
    assert kg("build", "all", store=yard / "s", cwd=yard).code == 0
    done = kg("build", "all", store=yard / "s", cwd=yard)
    assert (done.code, done.err.splitlines()[0]) == (0, "nothing changed")


def test_a_bad_release_file_and_a_cut_dump_leave_the_rest(yard: Path):
    assert kg("build", "all", store=yard / "good", cwd=yard).code == 0
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{c}: &{c} [{', '.join(['*' + p] * 9)}]\n" for p, c in itertools.pairwise("abcdefgh")
    )
    bad = next((yard / "all").rglob("deliverables")) / "queens" / "bomb.yaml"
    bad.parent.mkdir(exist_ok=True)
    bad.write_text(bomb * 3, "utf-8")
    done = kg("build", "all", store=yard / "s", cwd=yard)
    assert "bomb.yaml" in done.err
    assert "alias" in done.err
    for name in ("slips", "patches"):
        given = {
            "slips": {"from": "queens", "to": "rocky"},
            "patches": {"feature": "nested-resource-providers"},
        }[name]
        assert rows(yard / "s", name, **given) == rows(yard / "good", name, **given)


def test_what_a_new_source_changed_is_told_in_words(yard: Path):
    others = [name for name in sources(yard) if not name.endswith((".jsonl", "nova-specs"))]
    assert kg("build", *others, store=yard / "s", cwd=yard).code == 0
    assert kg("build", "all", store=yard / "s", cwd=yard).code == 0
    told = kg("diff", "--since", "1", store=yard / "s", cwd=yard).out
    for heading in (
        "## Slips",
        "## Specs that changed their state",
        "## Patches of features merged",
        "## Versions",
    ):
        # The slice's specs have no history of their own, so no change of state is dated.
        assert (heading in told) == ("state" not in heading), heading
    assert "nested-resource-providers: " in told
