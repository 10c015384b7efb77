"""Every format: the same bytes for the same graph, and another reader finds the same in it."""

from __future__ import annotations

import csv as rows_of
import io
import shutil
from pathlib import Path

import networkx as nx
import pytest
import rdflib
from conftest import NOTE, ROOT, kg
from rdflib.compare import isomorphic

from graph.export import FORMATS, SUFFIXES
from graph.store import Reader
from graph.terms import PREFIXES


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small store, whose words try to break out of every format."""
    place = tmp_path_factory.mktemp("export")
    note = (
        "## 2018-01-08\n### Features\n#### 1. Cells \"a\" <b> & \\ 'c'\nDone by @ann: https://example.org/?a=1&b=<2>\n"
        "#### 2. =cmd|' /C calc'!A0\nNo progress \u2028 \u202e.\n"
    )
    (place / "note.md").write_text(note, "utf-8")
    shutil.copy(ROOT / NOTE, place / "other.md")
    assert kg("build", "note.md", "other.md", store=place / "store", cwd=place).code == 0
    return place / "store"


@pytest.fixture(scope="module")
def written(store: Path) -> dict[str, str]:
    with Reader(store) as reader:
        return {form: write(reader) for form, write in FORMATS.items()}


def dataset(text: str, form: str) -> rdflib.Dataset:
    data = rdflib.Dataset()
    data.parse(data=text, format=form)
    return data


def quads(data: rdflib.Dataset) -> set[tuple[object, ...]]:
    return {(s, p, o, getattr(g, "identifier", g)) for s, p, o, g in data.quads()}


def test_the_same_graph_gives_the_same_bytes(store: Path, written: dict[str, str], tmp_path: Path):
    folder = store.parent
    for names in (["other.md", "note.md"],):  # another store, built the other way round
        for name in names:
            assert kg("build", name, store=tmp_path / "again", cwd=folder).code == 0
    with Reader(tmp_path / "again") as reader:
        for form, write in FORMATS.items():
            assert write(reader) == written[form], form


def test_nquads_are_sorted_and_unique(written: dict[str, str]):
    lines = written["nquads"].removesuffix("\n").split("\n")
    assert len(lines) == len(set(lines))
    graphs = [line.rsplit("<", 1)[1] for line in lines]
    assert graphs == sorted(graphs)


@pytest.mark.parametrize(("form", "parser"), [("trig", "trig"), ("jsonld", "json-ld")])
def test_rdflib_reads_the_same_quads(form: str, parser: str, written: dict[str, str]):
    assert quads(dataset(written[form], parser)) == quads(dataset(written["nquads"], "nquads"))


def test_rdflib_reads_the_same_triples_from_turtle(written: dict[str, str]):
    merged = rdflib.Graph()
    for s, p, o, _ in dataset(written["nquads"], "nquads").quads():
        merged.add((s, p, o))
    assert isomorphic(merged, rdflib.Graph().parse(data=written["turtle"], format="turtle"))


def test_prefixes_are_sorted_and_ours(written: dict[str, str]):
    heads = [
        line.split()[1].rstrip(":") for line in written["trig"].splitlines() if line.startswith("@prefix")
    ]
    assert heads == sorted(heads)
    assert set(heads) <= set(PREFIXES)


def test_void_describes_the_graph(store: Path, written: dict[str, str]):
    graph = rdflib.Graph().parse(data=written["void"], format="turtle")
    void = rdflib.Namespace(PREFIXES["void"])
    about = graph.value(predicate=rdflib.RDF.type, object=void.Dataset)
    with Reader(store) as reader:
        assert {str(g) for g in graph.objects(about, void.subset)} == set(reader.graphs())
        assert int(graph.value(about, void.triples)) == reader.count


def test_csv_runs_in_no_spreadsheet(store: Path, written: dict[str, str]):
    table = list(rows_of.reader(io.StringIO(written["csv"])))
    with Reader(store) as reader:
        assert len(table) == reader.count + 1
    assert not [row for row in table for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_graphml_opens_in_networkx(written: dict[str, str]):
    graph = nx.read_graphml(io.BytesIO(written["graphml"].encode()))
    kinds = {data.get("kind") for _, data in graph.nodes(data=True)}
    assert {"Meeting", "Discussion", "Person", "Patch", "Release"} <= kinds
    labels = {data.get("label") for _, data in graph.nodes(data=True)}
    assert any(label and '"a" <b> &' in label for label in labels)


def test_suffixes_choose_the_format(store: Path, tmp_path: Path, written: dict[str, str]):
    for suffix, form in SUFFIXES.items():
        path = tmp_path / f"graph{suffix}"
        assert kg("export", "-o", path, store=store).code == 0
        assert path.read_text("utf-8") == written[form]
        assert path.with_name(path.name + ".void.ttl").read_text("utf-8") == written["void"]
