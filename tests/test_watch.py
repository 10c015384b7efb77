"""`kg build --watch`: a process of its own, real edits, and what it prints; waiting is for words, never for time alone."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, kg

from graph.cli.watch import look
from graph.store import Reader

PATIENCE = 90.0  # seconds until a word must have come
ONE = "## 2018-01-08\n### Features\n#### 1. Cells\nIn progress.\n\n## TODO\n- read about cells\n"
TWO = "## 2018-01-22\n### Features\n#### 1. Cells\nDeferred to the Rocky release.\n"


class Watching:
    """A running watch, and all that it has said so far."""

    def __init__(self, place: Path, *words: str) -> None:
        command = [sys.executable, "-m", "graph", "--store", str(place / "store"), "build", "--watch", *words]
        env = {**os.environ, "KG_LANG": "en", "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command,
            cwd=place,
            env=env,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.said = {"out": "", "err": ""}
        for name, stream in (("out", self.process.stdout), ("err", self.process.stderr)):
            threading.Thread(target=self._hear, args=(name, stream), daemon=True).start()

    def _hear(self, name: str, stream: Iterator[str]) -> None:
        for line in stream:
            self.said[name] += line

    def until(self, name: str, words: str, times: int = 1) -> str:
        """What was said when it has said the words so often."""
        self.when(lambda: self.said[name].count(words) >= times, words)
        return self.said[name]

    def when(self, true: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, f"{what!r} never came: {self.said}"
            assert self.process.poll() is None or true(), f"it ended: {self.said}"
            time.sleep(0.05)

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "n").mkdir()
    (tmp_path / "n/one.md").write_text(ONE, "utf-8")
    return tmp_path


@pytest.fixture
def start(place: Path) -> Iterator[Callable[..., Watching]]:
    started: list[Watching] = []

    def _start(*words: str) -> Watching:
        started.append(Watching(place, *(words or ("n",))))
        return started[-1]

    yield _start
    for watching in started:
        if watching.process.poll() is None:
            watching.process.kill()
            watching.process.wait()


def save(path: Path, text: str) -> None:
    """As editors do: a temporary file beside it, written in two goes, then renamed."""
    draft = path.parent / f".{path.name}.swp"
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(text[: len(text) // 2])
        handle.flush()
        handle.write(text[len(text) // 2 :])
    draft.replace(path)


def test_what_an_edit_changes_is_printed_and_an_end_is_clean(place: Path, start: Callable[..., Watching]):
    watching = start()
    watching.until("err", "watching 1 files")
    assert watching.said["out"] == ""
    save(place / "n/one.md", ONE.replace("In progress.", "Nearly done."))
    out = watching.until("out", "## Sources")
    assert ": build 2 in " in out.splitlines()[0]
    assert "# What changed from build 1 to build 2: 1 thing taken back or corrected" in out
    assert "corrected, status: Cells: nearly done (before: in progress) (2018-01-08; one.md:4)" in out
    (place / "n/two.md").write_text(TWO, "utf-8")
    out = watching.until("out", "## Sources", 2)
    assert "- Cells: nearly done → deferred, Rocky (2018-01-22; two.md:4)" in out
    (place / "n/two.md").unlink()
    assert "no longer on record, slip: Cells: Queens → Rocky" in watching.until("out", "## Sources", 3)
    assert watching.end() == 0
    assert "stopped watching" in watching.said["err"]
    with Reader(place / "store") as reader:
        assert (reader.generation, reader.verify()) == (4, [])
    assert "nothing changed" in kg("build", "n", store=place / "store", cwd=place).err


def test_an_error_in_a_note_is_told_and_the_watch_goes_on(place: Path, start: Callable[..., Watching]):
    watching = start()
    watching.until("err", "watching")
    (place / "n/todo-closed.toml").write_text('[[closed]]\ntodo = "1f3a9c20"\n', "utf-8")
    watching.until("err", "error: n/todo-closed.toml:1: a [[closed]] needs todo and by\nhint: ")
    (place / "n/todo-closed.toml").unlink()
    (place / "n/two.md").write_text(TWO, "utf-8")
    watching.until("out", "deferred, Rocky")
    assert watching.end(signal.SIGTERM) == 0


def test_another_build_is_waited_for(place: Path, start: Callable[..., Watching]):
    (place / "store").mkdir()
    with (place / "store/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        watching = start()
        assert watching.until("err", "tried again").count("tried again") == 1
    watching.until("err", "watching")
    with Reader(place / "store") as reader:
        assert reader.generation == 1
    assert watching.said["err"].count("tried again") == 1


def test_settings_and_questions_of_ones_own_are_watched(place: Path):
    (place / "mine").mkdir()
    before = look([str(place / "n")], (place / "mine",))
    (place / "mine/own.rq").write_text("SELECT", "utf-8")
    (place / "community.toml").write_text("", "utf-8")
    (place / "n/.hidden.md").write_text("", "utf-8")
    after = look([str(place / "n")], (place / "mine",))
    assert {Path(path).name for path in {*after} - {*before}} == {"own.rq", "community.toml"}


def git(place: Path, *words: str) -> None:
    known = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *known, *words], cwd=place, check=True, capture_output=True)


def test_of_a_repository_the_refs_are_watched(place: Path, start: Callable[..., Watching]):
    repo = place / "code"
    repo.mkdir()
    git(repo, "init", "-q", "-b", "master")
    git(repo, "commit", "-q", "--allow-empty", "-m", "Begin\n\nImplements: blueprint cells")
    before = look([str(repo)])
    (repo / "scratch.py").write_text("x = 1\n", "utf-8")
    assert look([str(repo)]) == before
    watching = start("code")
    watching.until("err", "watching")
    git(repo, "commit", "-q", "--allow-empty", "-m", "Go on\n\nImplements: blueprint cells")
    out = watching.until("out", "## Sources")
    assert "## Patches of features merged (1)\n\n- cells: “Go on” (" in out
    assert watching.end() == 0
