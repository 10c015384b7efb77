"""Runs git: the only module that starts it. What it is told and what it may do are decided here, for every call."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from graph.errors import KgError
from graph.gitplace import DAMAGED

SECONDS: Final = 120.0
STREAM_SECONDS: Final = 1800.0
_ENV: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_FLAGS: Final = (
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "core.commitGraph=false"),  # it could tell other parents than the commits do
    *("-c", "core.quotePath=false"),
    *("-c", "safe.directory=*"),
)
_LOG_FLAGS: Final = ("--no-show-signature", "--no-textconv", "--no-ext-diff", "--no-notes", "--no-mailmap")


class Git:
    """Runs git in a directory of its own, for the repository that `place` names in errors."""

    def __init__(self, room: str, place: Path) -> None:
        self.room = room
        self.place = str(place)
        self._program = shutil.which("git") or ""
        if not self._program:
            raise KgError("git is not installed", hint="install git 2.30 or later")

    def config(self, file: Path) -> dict[str, str]:
        """What a config file says, read as data, without what it would include; empty where it cannot be read."""
        if not file.is_file():
            return {}
        words = [self._program, "config", "--file", str(file.absolute()), "--no-includes", "--null", "--list"]
        try:
            done = subprocess.run(
                words, capture_output=True, timeout=10, check=False, cwd=self.room, env=self._env
            )
        except subprocess.TimeoutExpired:
            return {}
        rows = (row.partition("\n") for row in done.stdout.decode("utf-8", "replace").split("\0"))
        return {key.lower(): value for key, _, value in rows if key}

    @property
    def _env(self) -> dict[str, str]:
        return {**_ENV, "HOME": self.room, "PATH": "/usr/bin:/bin:/usr/local/bin"}

    def _words(self, words: tuple[str, ...]) -> list[str]:
        extra = _LOG_FLAGS if words[0] == "log" else ()
        return [self._program, *_FLAGS, f"--git-dir={self.room}", words[0], *extra, *words[1:]]

    @contextlib.contextmanager
    def run(self, words: tuple[str, ...], stdin: bytes, seconds: float) -> Iterator[IO[bytes]]:
        """Output of a process fed from a file; a failure of git is raised when all was read."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
            given.write(stdin)
            given.seek(0)
            process = subprocess.Popen(
                self._words(words),
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=self.room,
                env=self._env,
            )
            with _watched(process, seconds) as late:
                assert process.stdout is not None  # noqa: S101 - asked for above
                yield process.stdout
                ended = not process.stdout.read(1)
                code = process.wait() if ended else 0
            self._judge(words[0], code, late, said)

    @contextlib.contextmanager
    def pipe(self, words: tuple[str, ...]) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """A process that is asked and answers, line by line."""
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                self._words(words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=self.room,
                env=self._env,
            )
            with _watched(process, STREAM_SECONDS) as late:
                assert process.stdin is not None and process.stdout is not None  # noqa: S101 - asked for above
                yield process.stdin, process.stdout
                process.stdin.close()
                code = process.wait()
            self._judge(words[0], code, late, said)

    def _judge(self, command: str, code: int, late: threading.Event, said: IO[bytes]) -> None:
        if late.is_set():
            raise KgError(f"git {command} took too long and was stopped", place=self.place, hint=DAMAGED)
        if code:
            said.seek(0, 2)
            said.seek(max(0, said.tell() - 8192))
            words = said.read().decode("utf-8", "replace").replace(self.room, self.place)
            raise KgError(f"git cannot read it: {_summary(words)}", place=self.place, hint=DAMAGED)


@contextlib.contextmanager
def _watched(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Ends a process at its time limit, and whenever nobody wants the rest."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


def _summary(words: str) -> str:
    """The line of git's complaint that says most."""
    lines = [" ".join(line.split()) for line in words.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith("fatal: ")]
    return (fatal or lines or ["no reason given"])[-1].removeprefix("fatal: ")[:200]
