"""`kg check`: a sound graph passes, and each kind of planted fault is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import kg

from graph import checks, terms
from graph.store import Reader
from graph.writer import Writer

GRAPH = terms.iri("x", "graph", "a")
NOTE = "## 2018-01-08\n### Features\n#### 1. Cells\n@ann: done in https://review.openstack.org/#/c/1234/\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "n.md").write_text(NOTE, "utf-8")
    assert kg("build", "n.md", store=tmp_path / "store", cwd=tmp_path).code == 0
    return tmp_path / "store"


def faults(store: Path, *lines: str) -> list[tuple[str, str]]:
    """Check and words of the faults, after lines are planted in a graph of their own."""
    with Writer(store) as writer:
        writer.replace(GRAPH, sorted(lines))
        writer.commit(writer.meta)
    with Reader(store) as reader:
        return [(fault.check, fault.what) for fault in checks.run(reader)]


def node(*keys: str) -> str:
    return f"<{terms.iri('x', *keys)}>"


def kg_(name: str) -> str:
    return f"<{terms.NS}{name}>"


def typed(thing: str, name: str) -> str:
    return f"{thing} <{terms.expand('rdf:type')}> {kg_(name)} ."


def test_a_sound_graph_passes(store: Path):
    assert faults(store) == []
    assert kg("check", store=store).code == 0


def test_a_term_that_the_vocabulary_lacks(store: Path):
    bug = node("bug", "1")
    found = faults(store, typed(bug, "Bug"), f'{bug} {kg_("key")} "1" .', f'{bug} {kg_("smell")} "bad" .')
    assert found == [("vocabulary", "is no term of the vocabulary")]


def test_a_reference_that_leads_nowhere(store: Path):
    bug = node("bug", "1")
    found = faults(
        store,
        typed(bug, "Bug"),
        f'{bug} {kg_("key")} "1" .',
        f"{bug} {kg_('about')} {node('topic', 'none')} .",
    )
    assert [check for check, _ in found] == ["reference"]
    assert "of which nothing is said" in found[0][1]


@pytest.mark.parametrize(
    ("name", "lines", "path"),
    [
        ("Bug", [], "key"),
        ("Patch", ['{} {key} "1" .', '{} {key} "2" .'], "key"),
        ("Quote", ['{} {line} "3" .'], "line"),
        ("Problem", ['{} {kind} "odd" .'], "line"),
    ],
)  # fmt: skip
def test_a_thing_out_of_shape(name: str, lines: list[str], path: str, store: Path):
    thing = node("thing", "1")
    words = {term: kg_(term) for term in ("key", "line", "kind")}
    found = faults(store, typed(thing, name), *(line.format(thing, **words) for line in lines))
    assert {check for check, _ in found} == {"shape"}
    assert any(path in what for _, what in found)


def test_bytes_that_changed(store: Path):
    place = next((store / "generations").iterdir())
    victim = max(place.glob("*.sst"), key=lambda path: path.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 0xFF
    victim.chmod(0o644)
    victim.write_bytes(data)
    done = kg("check", store=store)
    assert done.code != 0
    assert "is not the file that was written" in done.out or "hint: move the directory away" in done.err
