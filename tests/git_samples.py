"""Small repositories, made with git and fixed dates; and real ones, where they can be had."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from conftest import SHARED

DAY = 86_400
START = 1_500_000_000  # 2017-07-14


class Repo:
    """A repository under construction: each commit is a day later than the one before."""

    def __init__(self, path: Path, *, branch: str = "master", bare: bool = False) -> None:
        self.path = path
        self.clock = START
        path.mkdir(parents=True)
        self.git("init", "-q", "-b", branch, *(["--bare"] if bare else []))

    def env(self) -> dict[str, str]:
        date = f"{self.clock} +0000"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ann Author",
            "GIT_AUTHOR_EMAIL": "ann@example.org",
            "GIT_COMMITTER_NAME": "Zuul",
            "GIT_COMMITTER_EMAIL": "zuul@example.org",
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date,
        }

    def git(self, *words: str, stdin: bytes = b"", **env: str) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=self.path,
            input=stdin,
            capture_output=True,
            check=True,
            env={**self.env(), **env},
        )
        return done.stdout.decode().strip()

    def commit(self, message: str = "A change", **env: str) -> str:
        """An empty commit on the branch checked out; its sha."""
        self.clock += DAY
        self.git(
            "commit", "-q", "--allow-empty", "--cleanup=verbatim", "-F", "-", stdin=message.encode(), **env
        )
        return self.git("rev-parse", "HEAD")

    def raw(self, text: bytes, ref: str = "refs/heads/master") -> str:
        """A commit object of these bytes, put on a branch."""
        sha = self.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=text)
        self.git("update-ref", ref, sha)
        return sha

    def merge(self, branch: str) -> str:
        self.clock += DAY
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", branch)
        return self.git("rev-parse", "HEAD")

    def switch(self, branch: str, start: str = "") -> None:
        self.git("switch", "-q", *(["-c", branch, start] if start else [branch]))

    def tag(self, name: str, at: str = "HEAD") -> None:
        self.git("tag", "-a", "-m", name, name, at)


def cloned(place: Path, name: str) -> Path:
    """A bare clone of a real history, where it can be had; else the test is skipped."""
    bundle = SHARED / f"history/{name}.bundle"
    if not bundle.is_file():
        pytest.skip(f"needs ../shared/history/{name}.bundle")
    path = place / f"{name}.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(bundle), str(path)], check=True, capture_output=True)
    return path
