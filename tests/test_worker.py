"""Queries from outside: answered like any other, refused when they reach out, ended when they run away."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import graph
from graph.errors import KgError, OutOfTime, QueryFault, StoreDamaged
from graph.table import Table
from graph.tokens import blamed, graphs_named, names_graphs, tokens, undeclared
from graph.worker import Worker, check, fault_of, run_user_query, serialization_task
from graph.writer import Writer

COUNT = 400


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("store")
    lines = [f'<https://e.org/s{n}> <https://e.org/p> "value {n} 中文" .' for n in range(COUNT)]
    lines += [
        f"<https://e.org/s{n}> <https://e.org/next> <https://e.org/s{(n * 7 + 1) % COUNT}> ."
        for n in range(COUNT)
    ]
    with Writer(path) as writer:
        writer.replace("https://e.org/g", lines)
        writer.commit({})
    return path


def ask(store: Path, text: str, **more: object) -> Table | list[str]:
    return run_user_query(store, text, **{"seconds": 20.0, **more})  # type: ignore[arg-type]


def test_the_four_forms(store):
    found = ask(store, 'SELECT ?s ?o (3 AS ?n) (1.5 AS ?d) { ?s ?p ?o FILTER(?o = "value 7 中文") }')
    assert found == Table(("s", "o", "n", "d"), (("https://e.org/s7", "value 7 中文", 3, 1.5),))
    assert ask(store, "ASK { <https://e.org/none> ?p ?o }") == Table(("answer",), ((False,),))
    lines = ask(store, "CONSTRUCT { ?s <https://e.org/q> ?o } WHERE { ?s <https://e.org/next> ?o }")
    assert isinstance(lines, list)
    assert len(lines) == COUNT
    assert lines == sorted(lines)
    assert len(ask(store, "DESCRIBE <https://e.org/s3>")) == 2  # type: ignore[arg-type]


def test_values_are_bound(store):
    text = "SELECT ?s ?o { ?s <https://e.org/p> ?o }"
    found = ask(store, text, substitutions={"o": ("string", "value 3 中文")})
    assert isinstance(found, Table)
    assert len(found.rows) == 1
    assert ask(store, text, substitutions={"s": ("iri", "https://e.org/none")}) == Table(("s", "o"), ())


RUNAWAYS = {
    "cross": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)* ?b . ?c (!<x:y>)* ?d . ?e (!<x:y>)* ?f }",
    "steps": "ASK { ?a " + "/".join(["<https://e.org/next>"] * 700) + " ?b . ?b <https://e.org/none> ?c }",
    "sort": "SELECT DISTINCT ?x { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND(CONCAT(?c, ?f) AS ?x) } ORDER BY ?x",
}


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_is_ended_in_time(store, name):
    start = time.perf_counter()
    with pytest.raises((OutOfTime, QueryFault)) as caught:
        run_user_query(store, RUNAWAYS[name], seconds=1.0)
    assert time.perf_counter() - start < 2.5
    if name == "cross":
        assert isinstance(caught.value, OutOfTime)
        assert caught.value.exit_code == 124
        assert "1 s" in caught.value.what


def test_nothing_is_left_running(store):
    before = children()
    with pytest.raises(OutOfTime):
        run_user_query(store, RUNAWAYS["cross"], seconds=0.5)
    assert children() == before


def children() -> set[str]:
    tasks = Path(f"/proc/{os.getpid()}/task")
    if not tasks.is_dir():
        pytest.skip("needs /proc to list children")
    return {pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()}


@pytest.mark.parametrize("sign", ["!", "(", "{", "-"])
def test_deep_texts_do_not_take_us_along(store, sign):
    with pytest.raises(QueryFault):
        ask(store, "ASK { FILTER(" + sign * 12_000 + "true) }")


def test_too_much_memory_ends_the_child_only(store):
    much = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(3))
    group = f'SELECT (GROUP_CONCAT(CONCAT(STR(?c0), "{"x" * 8000}")) AS ?x) {{ {much} }}'
    with pytest.raises((QueryFault, OutOfTime)):
        ask(store, group, seconds=10.0)


def test_texts_beyond_the_limits_are_refused_before_they_run(tmp_path):
    nowhere = tmp_path / "none"
    with pytest.raises(QueryFault, match="longer than 16 KB"):
        run_user_query(nowhere, "ASK { # " + "中" * 6000 + "\n}")
    with pytest.raises(QueryFault, match="nested deeper than 50"):
        run_user_query(nowhere, "ASK " + "{" * 51 + "}" * 51)
    with pytest.raises(QueryFault, match="SERVICE is not allowed") as caught:
        run_user_query(nowhere, "ASK {\n SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", place="q.rq")
    assert caught.value.place == "q.rq:2"
    with pytest.raises(QueryFault, match="FROM is not allowed"):
        run_user_query(nowhere, "SELECT ?s FROM <file:///etc/hosts> { ?s ?p ?o }")
    with pytest.raises(QueryFault, match="LOAD is not allowed"):
        run_user_query(nowhere, "LOAD <file:///etc/hosts>")
    with pytest.raises(QueryFault, match="HELLO is no query"):
        run_user_query(nowhere, "HELLO ?s")
    check("ASK " + "{" * 50 + "}" * 50)


def test_answers_beyond_the_limits_are_refused(store):
    with pytest.raises(QueryFault, match="larger than 100 rows") as caught:
        ask(store, "SELECT ?s { ?s ?p ?o }", rows=100)
    assert "LIMIT" in caught.value.hint
    with pytest.raises(QueryFault, match=r"larger than 33,554,432 characters"):
        ask(
            store,
            f'SELECT ?x {{ VALUES ?x {{ "{"x" * 14_000}" }} ?s ?p ?o . ?a <https://e.org/next> ?c }}',
            rows=10**6,
        )


def test_faults_come_back_with_their_place(store, tmp_path):
    with pytest.raises(QueryFault) as caught:
        ask(store, "SELECT ?s {\n ?s nope:x ?o }", place="mine.rq")
    assert caught.value.place == "mine.rq:2"
    with pytest.raises(KgError) as missing:
        ask(tmp_path / "none", "ASK { }")
    assert "kg build" in missing.value.hint
    (tmp_path / "CURRENT").write_text("{")
    with pytest.raises(StoreDamaged):
        ask(tmp_path, "ASK { }")


def test_several_threads_ask_at_once(store):
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(ask(store, "ASK { ?s ?p ?o }"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Table(("answer",), ((True,),))] * 4


def test_a_module_in_the_working_directory_is_not_imported(store, tmp_path, monkeypatch):
    (tmp_path / "pyoxigraph.py").write_text("raise SystemExit('taken over')")
    (tmp_path / "json.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    assert ask(store, "ASK { ?s ?p ?o }") == Table(("answer",), ((True,),))


CONFINED = """
import os, socket
from graph.worker import confine
confine(2.0)
try:
    socket.create_connection(("127.0.0.1", {port}), timeout=2)
    print("connected")
except OSError:
    print("denied")
import pyoxigraph
try:
    pyoxigraph.Store().query("ASK {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
    print("asked")
except OSError:
    print("denied")
try:
    bytearray(3 * 1024**3)
    print("allocated")
except MemoryError:
    print("denied")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process give up its sockets")
def test_a_confined_process_has_no_network_and_little_memory():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        script = CONFINED.format(port=server.getsockname()[1])
        room = {**os.environ, "PYTHONPATH": str(Path(graph.__file__).parent.parent)}
        done = subprocess.run(
            [sys.executable, "-c", script], check=False, env=room, capture_output=True, text=True, timeout=30
        )
        assert done.stdout.split() == ["denied"] * 3, done.stderr
        with pytest.raises(TimeoutError):
            server.accept()


def test_an_answer_comes_soon(store):
    took = []
    for _ in range(3):
        start = time.perf_counter()
        ask(store, "ASK { ?s ?p ?o }")
        took.append(time.perf_counter() - start)
    assert min(took) < 1.0


# ---- processes that wait for a query


def test_one_that_waits_answers_one_query_in_the_wanted_form(store):
    worker = Worker()
    assert worker.alive
    task = serialization_task(store, 'SELECT ?s { ?s ?p "value 7 中文" }', "csv", rows=10)
    assert worker.ask(task, 20.0) == ({}, b"s\r\nhttps://e.org/s7\r\n")
    assert not worker.alive


def test_one_that_was_asked_nothing_is_ended(store):
    before = children()
    worker = Worker()
    assert len(children() - before) == 1
    worker.end()
    assert children() == before


def test_one_that_waits_goes_when_we_go(store):
    script = "import time; from graph.worker import Worker; w = Worker(); print(w._process.pid, flush=True); time.sleep(60)"
    room = {**os.environ, "PYTHONPATH": str(Path(graph.__file__).parent.parent)}
    with subprocess.Popen(
        [sys.executable, "-c", script], env=room, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert runs(pid)
        parent.kill()
    end = time.perf_counter() + 20
    while runs(pid) and time.perf_counter() < end:
        time.sleep(0.05)
    assert not runs(pid)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_that_is_killed_says_so(store):
    worker = Worker()
    threading.Timer(0.8, worker.kill).start()
    with pytest.raises(OutOfTime):
        worker.ask(serialization_task(store, RUNAWAYS["cross"], "json", rows=10), 20.0)


def test_a_fault_in_a_serialisation_comes_back_with_its_place(store):
    reply = Worker().ask(serialization_task(store, "ASK {\n ?s nope:x ?o }", "json", rows=10), 20.0)
    fault = fault_of(reply.head)
    assert isinstance(fault, QueryFault)
    assert (fault.place, fault.what) == ("query:2", "nope: at column 5 is no known prefix")
    assert (reply.head["offset"], reply.body) == (10, b"")


# ---- where a text goes wrong

BLAMED = [  # text with a bar before the token that is wrong
    "SELECT ?o { ?s ?p ?o FILTER(?o=|) }",
    "|SELEC * { ?s ?p ?o }",
    "SELECT ?s |WHER {\n ?s ?p ?o\n}",
    "SELECT ?s {\n ?s ?p '中文' ; |x y }",
    "SELECT ?s WHERE {\n ?s ?p ?o\n} |ORDR BY ?s\nLIMIT 5",
    "SELECT ?s {\n ?s kg:a ?o # { |\n OPTIONAL |?s ?p ?q }",
    "PREFIX |a <x:> SELECT * {}",
    "SELECT (COUNT(?x) |?n) {}",
    "SELECT ?s { ?s |nope:x ?o }",
    "SELECT * { ?s ?p ?o } |;",
]


@pytest.mark.parametrize("marked", BLAMED)
def test_the_first_token_that_cannot_be_is_blamed(marked):
    at = marked.rindex("|")
    text = marked[:at] + marked[at + 1 :]
    assert blamed(text) == at


@pytest.mark.parametrize(
    "text", ["", "SELECT * { ?s ?p", "SELECT ?s { ?s ?p ?o } GROUP BY ?p", "SELECT ?s { 'a"]
)
def test_none_is_blamed_where_the_text_is_too_short_or_the_fault_no_token(text):
    assert blamed(text) == -1


def test_an_unknown_prefix_is_told_from_a_known_one():
    text = "PREFIX e: <x:> SELECT * { ?s e:p nope:x, rdf:type, :y }"
    assert undeclared(text, text.index("nope")) == "nope:"
    assert undeclared(text, text.index(":y")) == ":"
    assert (
        undeclared(text, text.index("e:p"))
        == undeclared(text, text.index("rdf"))
        == undeclared(text, 0)
        == ""
    )


def test_graphs_of_a_query():
    text = "PREFIX e: <https://e.org/> SELECT * FROM e:a FROM NAMED <https://e.org/b>from<x:c> { ?s kg:from 'FROM' }"
    assert graphs_named(tokens(text)) == ["https://e.org/a", "https://e.org/b", "x:c"]
    assert names_graphs(tokens(text))
    assert not names_graphs(tokens("SELECT ?from { ?from kg:from 'FROM <x:a>' } # FROM <x:a>"))
    assert graphs_named(tokens("BASE <x:> ASK FROM <a> FROM")) == []
    check(text, datasets=True)
    with pytest.raises(QueryFault, match="FROM is not allowed"):
        check(text)
    with pytest.raises(QueryFault, match="SERVICE is not allowed"):
        check("ASK FROM <x:a> { SERVICE <x:b> { } }", datasets=True)
