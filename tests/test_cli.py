"""The command line: exit codes, words of errors, formats, colours, and that every flag is used somewhere."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import NOTE, ROOT, kg

from graph.cli.common import FORMATS
from graph.cli.main import COMMANDS, cli
from graph.table import Table
from graph.views.tables import rendered
from graph.writer import Writer

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of data/, a question of its own and a store of two builds, that tests may change."""
    place = tmp_path_factory.mktemp("yard")
    shutil.copytree(ROOT / "data", place / "data")
    (place / "mine").mkdir()
    question = (ROOT / "queries/meetings.rq").read_text("utf-8")
    mine = re.sub(r"^# (ask|key)(@zh)?: .*\n", "", question, flags=re.MULTILINE)
    (place / "mine/our-meetings.rq").write_text("# ask: when did our people sit down\n" + mine, "utf-8")
    (place / "own.rq").write_text("SELECT ?m WHERE { ?m a kg:Meeting } ORDER BY ?m", "utf-8")
    assert kg("build", "data", store=place / "store", cwd=place).code == 0
    (place / "data/more.md").write_text("## 2018-02-05\n### Features\n#### 1. Cells\nDone.\n", "utf-8")
    assert kg("build", "data", store=place / "store", cwd=place).code == 0
    return place


# --- every command, every flag ---------------------------------------------------------------------------------

EXERCISES = [
    "--version",
    "ask --sparql which meetings are there",
    "ask --queries mine --format json when did our people sit down",
    "ask --today 2018-02-10 which meetings were there last month",
    "build -q --queries mine data",
    "check --format json",
    "diff --since 1 --format md -o out/diff.md",
    "export --format trig -o out/graph.trig",
    "problems --format csv",
    "queries --queries mine --format md",
    "query slips -p from=queens --param to=rocky --format jsonl",
    "query --queries mine our-meetings",
    "query --sparql slips",
    "query --seconds 5 own.rq",
    "records data/openstack/nova-pike-stein.jsonl --as team/nova --release pike queens -o out/part.jsonl",
    "report 2018-01 --lang zh --format html --today 2018-03-01 -o out/report.html",
    "sources --format json",
    "timeline --rows 3 --format csv",
    "timeline --release queens --person efried --since 2018-01-01 --until 2018-02-01 -o out/t.svg",
    "todo --all --month 2018-01 --today 2018-03-01 --format ics -o out/todo.ics",
    "todo --open --no-suggest --feature nested-resource-providers",
    "todo --suggest --assignee cdent",
    "todo --closed",
    "todo close {todo} --by https://example.org/67 --note read --on 2018-02-11",
    "todo reopen {todo}",
    "visualize efried --hops 1 --kind person --since 2018-01-01 --until 2018-02-01 -o out/v.html",
    "visualize --release queens rocky --output out/w.html",
    "visualize nested-resource-providers --layout free --no-fold -o out/x.html",
    "why --format json efried",
    "sources --drop data/more.md",
    "--lang zh queries",
]


@pytest.mark.parametrize("line", EXERCISES)
def test_every_flag_does_its_work(line: str, yard: Path):
    todo = ""
    if "{todo}" in line:
        rows = json.loads(kg("query", "todos", "--format", "json", store=yard / "store").out)["rows"]
        todo = rows[0]["todo"]
    done = kg(*line.format(todo=todo).split(), store=yard / "store", cwd=yard)
    assert done.code == 0, done.err
    written = re.findall(r"(?:-o|--output) (\S+)", line)
    for name in written:
        assert (yard / name).stat().st_size > 100
    assert bool(done.out) != bool(written) or "build" in line or "todo " in line or "--drop" in line


def commands() -> dict[str, click.Command]:
    """Every command by its words, those in groups too."""
    found: dict[str, click.Command] = {"": cli}
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        found[name] = command
        for inner, below in getattr(command, "commands", {}).items():
            found[f"{name} {inner}"] = below
    return found


def test_no_flag_is_left_out():  # --watch and serve never end by themselves: test_watch.py, test_serve.py
    unused = []
    for words, command in commands().items():
        if words == "serve":
            continue
        lines = [
            line.split()
            for line in EXERCISES
            if f" {line} ".replace(" --lang zh ", " ").startswith(f" {words} ".lstrip() or " ")
        ]
        for option in (p for p in command.params if isinstance(p, click.Option)):
            names = {*option.opts, *option.secondary_opts}
            if not names & {"--store", "--help", "--watch"} and not any(
                names & set(line) for line in lines or map(str.split, EXERCISES)
            ):
                unused.append(f"{words} {option.opts}")
    assert unused == [], "show what the flag does in EXERCISES"


@pytest.mark.parametrize("words", list(commands()))
def test_help(words: str):
    done = kg(*words.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: kg")
    command = commands()[words]
    assert command.help, f"{words} has no help"
    undescribed = [p.opts for p in command.params if isinstance(p, click.Option) and not p.help]
    assert undescribed == []


def test_the_help_of_kg_imports_no_command():
    code = (
        "import sys; sys.argv = ['kg', '--help']\n"
        "import os; os._exit = lambda code: print(*sys.modules, file=sys.stderr)\n"
        "from graph.cli.main import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = {
        name for name in done.stderr.split() if name.startswith(("graph", "pyoxigraph", "rich", "rdflib"))
    }
    assert loaded <= {"graph", "graph.cli", "graph.cli.main", "graph.cli.common", "graph.errors"}


def test_no_words_at_all_show_the_help():
    done = kg()
    assert done.code == 2
    assert "Usage: kg" in done.out + done.err


# --- exit codes and the words of errors ------------------------------------------------------------------------


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A store that says what the vocabulary does not know."""
    with Writer(tmp_path / "store") as writer:
        line = '<https://w3id.org/release-kg/id/x/person/a> <https://w3id.org/release-kg/ns#likes> "b" .'
        writer.replace("https://w3id.org/release-kg/id/x/graph/a", [line])
        writer.commit({})
    return tmp_path / "store"


ERRORS = [
    (1, "build none.md", "error: none.md: there is no such file\nhint: check the path\n"),
    (1, "query none.rq", "error: none.rq: cannot be read: No such file or directory\nhint: check the path\n"),
    (2, "query slips -p from", "error: -p from has no value\nhint: write -p name=value\n"),
    (
        2,
        "query slips -p from=queens",
        "error: slips needs the parameter 'to'\nhint: give to=…: the release it moved to\n",
    ),
    (2, "query meetings -p x=1", "error: meetings has no parameter 'x'\nhint: its parameters: none\n"),
    (2, "query own.rq -p x=1", "error: -p goes with a named query\nhint: write the value into the query\n"),
    (2, "todo --today someday", "error: 'someday' is no date\nhint: write dates like 2018-01-25\n"),
    (
        2,
        "report lately",
        "error: 'lately' is no month and no release\nhint: write a month like 2018-01, a range like 2018-01..2018-03, "
        "or the name of a release\n",
    ),
    (3, "query meetigs", "error: there is no question named 'meetigs'\nhint: did you mean meetings?\n"),
    (3, "query slips -p from=Quens -p to=Rocky", "error: no release is known as 'Quens'\nhint: did you mean Queens?\n"),
    (3, "why nobody", "error: nothing is known as 'nobody'\nhint: `kg queries` shows what can be asked\n"),
    (3, "sources --drop x.md", "error: no source 'x.md' in the store\nhint: `kg sources` lists them\n"),
    (3, "diff --since 99", "error: build 99 is not kept\nhint: kept are {kept}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "line", "said"), ERRORS, ids=[row[1] for row in ERRORS])
def test_what_an_error_says(code: int, line: str, said: str, yard: Path):
    done = kg(*line.split(), store=yard / "store", cwd=yard)
    kept = ", ".join(str(int(p.name)) for p in sorted((yard / "store/generations").iterdir()))
    error = "\n".join(row for row in done.err.splitlines() if row.startswith(("error", "hint"))) + "\n"
    assert (done.code, error, done.out) == (code, said.format(kept=kept), "")


def test_no_store_yet(tmp_path: Path):
    done = kg("query", "meetings", store=tmp_path / "store")
    assert (done.code, done.err) == (
        1,
        f"error: {tmp_path}/store: there is no graph yet\nhint: run `kg build`\n",
    )


def test_a_damaged_store(tmp_path: Path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store/CURRENT").write_text("{}")
    done = kg("query", "meetings", store=tmp_path / "store")
    assert done.code == 1
    assert "the pointer cannot be read" in done.err
    assert "hint: move the directory away and run `kg build`" in done.err


@pytest.mark.parametrize(
    "line", ["nonsense", "query", "--nonsense", "query meetings --format xml", "--lang fr queries"]
)
def test_wrong_words(line: str):
    done = kg(*line.split())
    assert (done.code, done.out) == (2, "")
    assert "Usage: kg" in done.err


def test_a_check_that_fails(faulty: Path):
    done = kg("check", store=faulty)
    assert done.code == 4
    assert "is no term of the vocabulary" in done.out
    assert "1 statements checked" in done.err


def test_a_busy_store(yard: Path):
    with Writer(yard / "store"):
        done = kg("build", "data", store=yard / "store", cwd=yard)
    assert done.code == 5
    assert re.fullmatch(
        r"error: .*store: process \d+ \(since .*\) is building\nhint: wait until it is done, then try again\n",
        done.err,
    )


def test_a_query_out_of_time(yard: Path):
    done = kg("query", "-", "--seconds", "0.3", store=yard / "store", stdin=ENDLESS)
    assert done.code == 124
    assert done.err.startswith("error: ")
    assert "hint: " in done.err


@pytest.mark.parametrize(
    ("line", "code"),
    [("query meetigs --format json", 3), ("query slips --format=json -p from", 2), ("query --format json", 2),
     ("ask --format json what is the weather", 3), ("why --format jsonl nobody", 3)],
)  # fmt: skip
def test_an_error_is_json_where_the_answer_would_be(line: str, code: int, yard: Path):
    done = kg(*line.split(), store=yard / "store")
    data = json.loads(done.err)
    assert (done.code, data["exit"], done.out) == (code, code, "")
    assert data["error"]
    assert "hint" in data


def test_a_query_of_ones_own_changes_nothing(yard: Path):
    for text in (
        "DELETE WHERE { ?s ?p ?o }",
        "SELECT ?s WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    ):
        done = kg("query", "-", store=yard / "store", stdin=text)
        assert done.code == 1
        assert done.err.startswith("error: ")


# --- formats ---------------------------------------------------------------------------------------------------

TABLE = Table(("name", "n", "empty"), (("=1+1", 2, None), ("a|b\nc", None, None), ("中文", 3, None)))


def test_json_holds_columns_and_rows():
    data = json.loads(rendered(TABLE, "json", {"query": "x"}))
    assert data["columns"] == ["name", "n", "empty"]
    assert data["rows"][0] == {"name": "=1+1", "n": 2, "empty": None}
    assert data["query"] == "x"


def test_jsonl_holds_a_row_a_line():
    lines = rendered(TABLE, "jsonl", {}).splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["=1+1", "a|b\nc", "中文"]


def test_csv_runs_in_no_spreadsheet():
    rows = list(csv.reader(io.StringIO(rendered(TABLE, "csv", {}))))
    assert rows[:2] == [["name", "n", "empty"], ["'=1+1", "2", ""]]


def test_markdown_keeps_a_row_in_its_line():
    assert rendered(TABLE, "md", {}).splitlines() == [
        "| name | n | empty |", "| --- | --- | --- |", "| =1+1 | 2 |  |", "| a\\|b c |  |  |", "| 中文 | 3 |  |",
    ]  # fmt: skip


def test_a_terminal_leaves_out_what_is_empty_and_shows_what_is_hidden():
    text = rendered(Table(("a", "b"), (("x\u202ey\x1b[31m", None),)), "table", {})
    assert "\\u202e" in text
    assert "\\u001b[31m" in text
    assert "b" not in text.split("\n")[1].split()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "line", ["query meetings", "queries", "sources", "problems", "ask which meetings are there", "why efried"]
)
def test_every_table_comes_in_every_format(line: str, form: str, yard: Path):
    done = kg(*line.split(), "--format", form, store=yard / "store")
    assert done.code == 0
    assert done.out.endswith("\n")
    assert "\x1b" not in done.out
    if form == "json":
        data = json.loads(done.out)
        assert set(data["columns"]) == set(data["rows"][0])


# --- as a process ----------------------------------------------------------------------------------------------


def command(*words: str, **env: str) -> list[str]:
    return ["env", *(f"{name}={value}" for name, value in env.items()), sys.executable, "-m", "graph", *words]


def test_output_is_utf8_under_an_ascii_locale(yard: Path):
    words = command(
        "--store", str(yard / "store"), "query", "meetings", LC_ALL="C", PYTHONPATH=str(ROOT), KG_LANG="zh"
    )
    done = subprocess.run(words, capture_output=True, check=True)
    assert "例会笔记" in done.stdout.decode("utf-8")
    words = command(
        "--store",
        str(yard / "store"),
        "ask",
        "今天天气",
        LC_ALL="C",
        PYTHONPATH=str(ROOT),
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr


def test_a_pipe_that_closes_early_is_no_error(yard: Path):
    words = command("--store", str(yard / "store"), "export", PYTHONPATH=str(ROOT))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 0


def on_a_terminal(words: list[str]) -> str:
    ours, theirs = pty.openpty()
    with subprocess.Popen(words, stdout=theirs, stderr=subprocess.DEVNULL, stdin=theirs) as process:
        os.close(theirs)
        out = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        process.wait()
    os.close(ours)
    return out.decode()


def test_colours_only_on_a_terminal_that_wants_them(yard: Path):
    words = ("--store", str(yard / "store"), "timeline")
    env = {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "120"}
    colour = re.compile(r"\x1b\[[0-9;]*(?:3[0-8]|9[0-7])[0-9;]*m")
    assert colour.search(on_a_terminal(command(*words, **env)))
    assert not colour.search(on_a_terminal(command(*words, **env, NO_COLOR="1")))
    piped = subprocess.run(command(*words, **env), capture_output=True, text=True, check=True).stdout
    assert "\x1b" not in piped


def test_the_store_and_the_language_come_from_the_environment(yard: Path):
    done = kg("queries", KG_STORE=str(yard / "store"), KG_LANG="zh")
    assert "有记录的会议" in done.out
    assert kg("query", "meetings", KG_STORE=str(yard / "store")).code == 0
    said = kg("build", NOTE, cwd=ROOT, KG_STORE=str(yard / "other"), KG_LANG="zh").err
    assert said.startswith("1 读取")
