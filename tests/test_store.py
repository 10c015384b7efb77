"""The store: builds, readers, crashes and damage."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import graph
from graph.errors import KgError, QueryFault, StoreBusy, StoreDamaged, UsageFault
from graph.store import Limits, Reader, term
from graph.table import Table
from graph.writer import Writer

A, B = "https://example.org/graph/a", "https://example.org/graph/b"
XSD = "http://www.w3.org/2001/XMLSchema#"


def line(n: int, value: str = "x", graph: str = "") -> str:
    tail = f" <{graph}> ." if graph else " ."
    return f'<https://example.org/s{n}> <https://example.org/p> "{value} {n}"{tail}'


def lines(count: int, value: str = "x") -> list[str]:
    return sorted(line(n, value) for n in range(count))


def build(path: Path, meta: dict[str, object] | None = None, **graphs: list[str]) -> bool:
    with Writer(path) as writer:
        for name, content in graphs.items():
            writer.replace({"a": A, "b": B}[name], content)
        return writer.commit(meta or {})


def generations(path: Path) -> list[str]:
    return sorted(p.name for p in (path / "generations").iterdir())


def test_what_is_written_is_read(tmp_path):
    assert build(tmp_path, {"sources": ["n.md"]}, a=lines(3), b=lines(1, "y"))
    with Reader(tmp_path) as reader:
        assert (reader.generation, reader.count, reader.meta) == (1, 4, {"sources": ["n.md"]})
        assert list(reader.graphs()) == [A, B]
        assert list(reader.nquads()) == [*(line(n, "x", A) for n in range(3)), line(0, "y", B)]
        assert list(reader.nquads(B)) == [line(0, "y", B)]
        assert reader.verify() == []


def test_a_missing_store_says_what_to_do(tmp_path):
    with pytest.raises(KgError) as caught:
        Reader(tmp_path / "none")
    assert "kg build" in caught.value.hint
    assert not isinstance(caught.value, StoreDamaged)


def test_an_unchanged_build_makes_nothing(tmp_path):
    assert build(tmp_path, {"v": 1}, a=lines(5))
    before = (tmp_path / "CURRENT").read_bytes()
    assert not build(tmp_path, {"v": 1}, a=lines(5))
    assert (tmp_path / "CURRENT").read_bytes() == before
    assert generations(tmp_path) == ["000001"]


def test_another_meta_alone_is_a_change(tmp_path):
    build(tmp_path, {"v": 1}, a=lines(5))
    assert build(tmp_path, {"v": 2}, a=lines(5))
    reader = Reader(tmp_path)
    assert (reader.generation, reader.meta, reader.verify()) == (2, {"v": 2}, [])


def test_going_there_and_back_is_no_change(tmp_path):
    build(tmp_path, a=lines(5))
    with Writer(tmp_path) as writer:
        writer.replace(A, lines(4))
        assert len(writer.select("SELECT ?s { ?s ?p ?o }").rows) == 4
        writer.replace(A, lines(5))
        assert not writer.commit({})
    assert generations(tmp_path) == ["000001"]


def test_order_of_graphs_and_lines_does_not_matter(tmp_path):
    build(tmp_path / "one", a=lines(30), b=lines(20))
    with Writer(tmp_path / "two") as writer:
        writer.replace(B, list(reversed(lines(20))))
        writer.replace(A, lines(7))
        writer.select("SELECT ?s { ?s ?p ?o }")
        writer.replace(A, [*reversed(lines(30)), line(3)])
        writer.commit({})
    one, two = Reader(tmp_path / "one"), Reader(tmp_path / "two")
    assert "\n".join(one.nquads()) == "\n".join(two.nquads())
    pointers = [json.loads((tmp_path / n / "CURRENT").read_text()) for n in ("one", "two")]
    assert pointers[0]["sha256"] == pointers[1]["sha256"]
    assert pointers[0]["graphs"] == pointers[1]["graphs"]


def test_quads_and_triples_are_one_content(tmp_path):
    build(tmp_path, a=lines(3))
    assert not build(tmp_path, a=[line(n, "x", A) for n in range(3)])


def test_a_triple_about_its_own_graph_stays_whole(tmp_path):
    about = f"<https://example.org/s> <https://example.org/p> <{A}> ."
    build(tmp_path, a=[about])
    assert list(Reader(tmp_path).nquads()) == [f"{about[:-1]}<{A}> ."]
    assert not build(tmp_path, a=[f"{about[:-1]}<{A}> ."])


def test_a_line_of_another_graph_is_refused(tmp_path):
    with pytest.raises(KgError, match="not N-Triples"):
        build(tmp_path, a=[line(1, "x", B)])


@pytest.mark.parametrize("change", ["few", "most", "all"])
def test_replacing_leaves_exactly_the_new_lines(tmp_path, change):
    build(tmp_path, a=lines(100), b=lines(50, "kept"))
    new = {"few": lines(97), "most": lines(5), "all": lines(100, "other")}[change]
    assert build(tmp_path, a=new)
    reader = Reader(tmp_path)
    assert reader.verify() == []
    assert len(list(reader.nquads(A))) == len(new)
    assert len(list(reader.nquads(B))) == 50
    assert reader.count == len(new) + 50


def test_a_dropped_graph_is_gone(tmp_path):
    build(tmp_path, a=lines(10), b=lines(10))
    with Writer(tmp_path) as writer:
        writer.drop(A)
        writer.drop("https://example.org/never")
        assert list(writer.graphs()) == [B]
        assert writer.commit({})
    reader = Reader(tmp_path)
    assert reader.verify() == []
    assert reader.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g") == Table(("g",), ((B,),))


def test_replacing_by_nothing_drops(tmp_path):
    build(tmp_path, a=lines(2), b=lines(2))
    assert build(tmp_path, a=[])
    assert list(Reader(tmp_path).graphs()) == [B]


def test_an_empty_build_is_a_store(tmp_path):
    assert build(tmp_path)
    reader = Reader(tmp_path)
    assert (reader.count, reader.verify(), list(reader.nquads())) == (0, [], [])


def test_without_commit_nothing_happens(tmp_path):
    build(tmp_path, a=lines(3))
    with Writer(tmp_path) as writer:
        writer.replace(A, lines(9))
        writer.construct("CONSTRUCT { ?s a ?o } WHERE { ?s ?p ?o }")
    with pytest.raises(ValueError, match="mine"), Writer(tmp_path) as writer:
        writer.replace(A, lines(9))
        writer.select("SELECT ?s { ?s ?p ?o }")
        raise ValueError("mine")
    assert generations(tmp_path) == ["000001"]
    assert Reader(tmp_path).count == 3


def test_rules_see_the_build_they_run_in(tmp_path):
    build(tmp_path, a=lines(2))
    derive = "CONSTRUCT { ?s <https://example.org/q> ?o } WHERE { ?s <https://example.org/p> ?o }"
    with Writer(tmp_path) as writer:
        assert len(writer.construct(derive)) == 2
        writer.replace(A, lines(3))
        derived = writer.construct(derive)
        assert derived == sorted(derived)
        writer.replace(B, derived)
        assert len(writer.select("SELECT ?s { ?s <https://example.org/q> ?o }").rows) == 3
        writer.commit({})
    assert Reader(tmp_path).verify() == []


def test_select_and_construct_are_not_mixed_up(tmp_path):
    with Writer(tmp_path) as writer:
        with pytest.raises(QueryFault, match="SELECT was expected"):
            writer.select("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        with pytest.raises(QueryFault, match="CONSTRUCT was expected"):
            writer.construct("SELECT ?s { ?s ?p ?o }")


ODD = [
    f'<https://example.org/s> <https://example.org/p> "007"^^<{XSD}integer> .',
    f'<https://example.org/s> <https://example.org/p> "7"^^<{XSD}integer> .',
    f'<https://example.org/s> <https://example.org/p> "1.50"^^<{XSD}decimal> .',
    f'<https://example.org/s> <https://example.org/p> "plain"^^<{XSD}string> .',
    '<https://example.org/s> <https://example.org/p> "caf\\u00E9 \\t tab"@EN-gb .',
    '<https://example.org/s> <https://example.org/p> "quote \\" slash \\\\ line \\n 中文" .',
    f'<https://example.org/s> <https://example.org/p> "2018-01-05T10:00:00.000+00:00"^^<{XSD}dateTime> .',
]


def test_lines_that_the_store_rewrites_are_hashed_as_it_gives_them_back(tmp_path):
    build(tmp_path, a=ODD)
    reader = Reader(tmp_path)
    assert reader.verify() == []
    assert reader.count == len(ODD) - 1
    assert not build(tmp_path, a=ODD)
    assert not build(tmp_path, a=list(reader.nquads()))


@pytest.mark.parametrize(
    "bad", ["_:b <https://e.org/p> <https://e.org/o> .", "<https://e.org/s> <https://e.org/p> _:b ."]
)
def test_blank_nodes_are_refused(tmp_path, bad):
    with Writer(tmp_path) as writer, pytest.raises(KgError, match="blank node") as caught:
        writer.replace(A, [bad])
    assert "mint an IRI" in caught.value.hint


def test_what_looks_like_a_blank_node_in_words_is_none(tmp_path):
    assert build(tmp_path, a=['<https://e.org/s> <https://e.org/p> "<a> <b> _:c \\t" .'])


def test_no_rdf_is_refused(tmp_path):
    with Writer(tmp_path) as writer, pytest.raises(KgError, match="not N-Triples"):
        writer.replace(A, ["this is no statement"])


def test_literals_become_python_values(tmp_path):
    values = {
        "n": ("3", "integer"),
        "d": ("1.5", "decimal"),
        "f": ("2.0E0", "double"),
        "b": ("true", "boolean"),
    }
    content = [
        f'<https://e.org/s> <https://e.org/{key}> "{text}"^^<{XSD}{kind}> .'
        for key, (text, kind) in values.items()
    ]
    content += [f'<https://e.org/s> <https://e.org/t> "2018-01-05"^^<{XSD}date> .']
    build(tmp_path, a=content)
    keys = "ndfbt"
    where = " ".join(f"?s <https://e.org/{key}> ?{key} ." for key in keys)
    table = Reader(tmp_path).query(
        f"SELECT ?s ?n ?d ?f ?b ?t ?none {{ {where} OPTIONAL {{ ?s <e:x> ?none }} }}"
    )
    assert isinstance(table, Table)
    assert table.rows == (("https://e.org/s", 3, 1.5, 2.0, True, "2018-01-05", None),)
    assert [type(cell) for cell in table.rows[0][1:5]] == [int, float, float, bool]
    assert table.dicts()[0]["n"] == 3
    assert table.without(["s", "t", "nothing"]).columns == ("n", "d", "f", "b", "none")


def test_prefixes_are_there_and_values_are_bound(tmp_path):
    build(tmp_path, a=['<https://e.org/f> <https://w3id.org/release-kg/ns#slug> "x\\" } ." .'])
    reader = Reader(tmp_path)
    text = "SELECT ?f ?slug { ?f kg:slug ?slug }"
    hostile = 'x" } .'
    assert reader.query(text, {"slug": ("string", hostile)}) == Table(
        ("f", "slug"), (("https://e.org/f", hostile),)
    )
    assert reader.query(text, {"slug": ("string", "y")}) == Table(("f", "slug"), ())
    assert reader.query(text, {"f": ("iri", "https://e.org/f")}).rows  # type: ignore[union-attr]
    assert reader.query("ASK { ?f kg:slug ?o }") == Table(("answer",), ((True,),))


def test_faults_of_a_query_say_where(tmp_path):
    build(tmp_path, a=lines(20))
    reader = Reader(tmp_path)
    with pytest.raises(QueryFault, match=r"query:2: syntax error at column \d+") as caught:
        reader.query("SELECT ?s {\n ?s nope:x ?o }")
    assert "Prefix not found" in caught.value.hint
    with pytest.raises(QueryFault) as caught:
        reader.query("SELECT ?s { ?s ?p ?o }", {"o": ("string", "x")})
    assert "outer SELECT" in caught.value.hint
    with pytest.raises(QueryFault, match="larger than 10 rows"):
        reader.query("SELECT ?s { ?s ?p ?o }", limits=Limits(10, 1000))
    with pytest.raises(QueryFault, match="larger than 50 characters"):
        reader.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", limits=Limits(100, 50))


def test_terms_of_wrong_kinds_are_refused():
    with pytest.raises(UsageFault, match="no IRI"):
        term("iri", "not an iri")
    with pytest.raises(UsageFault, match="no kind of value"):
        term("colour", "red")


# ---- several at once --------------------------------------------------------------------------------------


def test_a_second_writer_is_told_who_is_first(tmp_path):
    with Writer(tmp_path) as first:
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"), Writer(tmp_path):
            pass
        first.replace(A, lines(1))
        assert first.commit({})
    assert build(tmp_path, a=lines(2))


def test_a_writer_in_another_process_is_named(tmp_path):
    script = f"""
from graph.writer import Writer
with Writer({str(tmp_path)!r}):
    print("in", flush=True)
    input()
"""
    process = child(script)
    assert process.stdout and process.stdout.readline().strip() == "in"
    with pytest.raises(StoreBusy, match=f"process {process.pid} "), Writer(tmp_path):
        pass
    process.communicate("\n")
    assert build(tmp_path)


def child(script: str) -> subprocess.Popen[str]:
    room = {**os.environ, "PYTHONPATH": str(Path(graph.__file__).parent.parent)}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", script], env=room, stdin=pipe, stdout=pipe, text=True)


def test_a_reader_keeps_its_generation_while_builds_pass(tmp_path):
    build(tmp_path, a=lines(10, "v1"))
    reader = Reader(tmp_path)
    for n in range(2, 7):
        build(tmp_path, a=lines(10, f"v{n}"))
    assert generations(tmp_path) == ["000001", "000005", "000006"]
    assert reader.verify() == []
    assert 'v1 0"' in next(reader.nquads())
    reader.close()
    build(tmp_path, a=lines(10, "v7"))
    assert generations(tmp_path) == ["000006", "000007"]


def test_readers_during_commits_see_whole_builds_only(tmp_path):
    build(tmp_path, a=lines(200, "0"), b=lines(200, "0"))
    faults: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with Reader(tmp_path) as reader:
                found = reader.query("SELECT ?o { ?s ?p ?o } ORDER BY ?o")
                rounds = {str(row[0]).split()[0] for row in found.rows}  # type: ignore[union-attr]
                if len(rounds) != 1 or len(found.rows) != 400:  # type: ignore[union-attr]
                    faults.append(f"{rounds} {len(found.rows)}")  # type: ignore[union-attr]

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(1, 12):
        build(tmp_path, a=lines(200, str(n)), b=lines(200, str(n)))
    done.set()
    for thread in threads:
        thread.join()
    assert not faults


LOOP = """
import itertools
from graph.writer import Writer
for n in itertools.count():
    lines = [f'<https://example.org/s{i}> <https://example.org/p> "round{n} {i}" .' for i in range(400)]
    with Writer(%r) as writer:
        writer.replace("https://example.org/graph/a", lines[: 200 + n %% 7])
        writer.replace("https://example.org/graph/b", lines)
        writer.construct("CONSTRUCT { ?s a ?o } WHERE { ?s ?p ?o } LIMIT 5")
        writer.commit({"round": n})
    print(n, flush=True)
"""


def test_killed_at_any_moment_the_last_build_stands(tmp_path):
    chance = random.Random(7)
    seen = 0
    for _ in range(10):
        process = child(LOOP % str(tmp_path))
        assert process.stdout and process.stdout.readline()
        time.sleep(chance.uniform(0, 0.25))
        process.kill()
        process.communicate()
        with Reader(tmp_path) as reader:
            assert reader.verify() == []
            found = reader.query("SELECT ?o { ?s ?p ?o } ORDER BY ?o")
            assert {str(row[0]).split()[0] for row in found.rows} == {f"round{reader.meta['round']}"}  # type: ignore[union-attr]
            assert reader.generation >= seen
            seen = reader.generation
    assert build(tmp_path, a=lines(1))
    assert len(generations(tmp_path)) <= 3


def test_an_unfinished_generation_is_collected(tmp_path):
    build(tmp_path, a=lines(3))
    (tmp_path / "generations" / "000002").mkdir()
    (tmp_path / "generations" / "000002" / "junk").write_text("half")
    assert build(tmp_path, a=lines(4))
    assert Reader(tmp_path).verify() == []


# ---- damage -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["", "{", "[]", "null", '{"check": 1}'])
def test_a_broken_pointer_is_damage(tmp_path, harm):
    build(tmp_path, a=lines(3))
    (tmp_path / "CURRENT").write_text(harm)
    for opening in (lambda: Reader(tmp_path), lambda: Writer(tmp_path).__enter__()):
        with pytest.raises(StoreDamaged, match="pointer cannot be read") as caught:
            opening()
        assert "kg build" in caught.value.hint
        assert caught.value.place.endswith("CURRENT")


def test_a_changed_pointer_is_damage(tmp_path):
    build(tmp_path, {"v": "one"}, a=lines(3))
    pointer = tmp_path / "CURRENT"
    pointer.write_text(pointer.read_text().replace("one", "two"))
    with pytest.raises(StoreDamaged, match="hash does not fit"):
        Reader(tmp_path)


def test_a_missing_generation_is_damage(tmp_path):
    build(tmp_path, a=lines(3))
    (tmp_path / "generations" / "000001").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreDamaged, match="cannot be opened"):
        Reader(tmp_path)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_damaged_bytes_are_noticed_in_every_file(tmp_path, at):
    build(tmp_path, a=lines(20_000))
    place = tmp_path / "generations" / "000001"
    for path in sorted(
        path for path in place.iterdir() if path.suffix in {".sst", ".log"} and path.stat().st_size
    ):
        whole = path.read_bytes()
        spot = int(len(whole) * at)
        path.write_bytes(whole[:spot] + bytes([whole[spot] ^ 0xFF]) + whole[spot + 1 :])
        try:
            faults = Reader(tmp_path).verify()
        except StoreDamaged as fault:
            faults = [str(fault)]
        assert faults, path.name
        path.write_bytes(whole)
    assert Reader(tmp_path).verify() == []


def test_content_that_the_pointer_does_not_know_is_noticed(tmp_path):
    import pyoxigraph as ox

    build(tmp_path, a=lines(5))
    store = ox.Store(str(tmp_path / "generations" / "000001"))
    name = ox.NamedNode("https://example.org/x")
    store.add(ox.Quad(name, name, name, ox.NamedNode(A)))
    store.add(ox.Quad(name, name, name))
    store.flush()
    del store
    faults = Reader(tmp_path).verify()
    assert faults[:2] == [
        f"{A}: 6 statements differ from the 5 written",
        "7 statements stand in the graph, 5 were written",
    ]


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KgError, match="cannot be written"), Writer(tmp_path / "file" / "store"):
        pass
