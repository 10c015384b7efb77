"""What the documents show is run: every `kg` command of a console or sh block, in a copy of the project."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

DOCUMENTS = sorted(ROOT.glob("*.md"))
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n\n?((?:    [^\n]*\n|\n)*)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
RUN = ("console", "sh")
# What is a placeholder to be filled in, and no command as it stands.
PLACEHOLDER = re.compile(r"\b(?:ID|FILE|URL|MONTH|THING|SOURCE)\b|…")


@dataclass(frozen=True)
class Shown:
    """A block of commands in a document: where it begins, its `kg` commands, the first line of output below it."""

    document: Path
    line: int
    commands: tuple[str, ...]
    output: str


def shown(document: Path) -> list[Shown]:
    """The blocks of a document that hold `kg` commands, in order."""
    text = document.read_text("utf-8")
    found = []
    for block in _BLOCK.finditer(text):
        lines = [line.strip().removeprefix("$ ") for line in block[2].splitlines()]
        commands = tuple(line for line in lines if re.match(r"kg\b", line))
        if block[1] in RUN and commands:
            below = next((line.strip() for line in block[3].splitlines() if line.strip()), "")
            found.append(Shown(document, text.count("\n", 0, block.start()) + 1, commands, below))
    return found


def notes(document: Path) -> list[str]:
    """The notes that a document shows as examples."""
    return [block[2] for block in _BLOCK.finditer(document.read_text("utf-8")) if block[1] == "markdown"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A copy of the project with data/ built, its `kg` on the PATH, the notes shown in ~/notes: the environment."""
    place = tmp_path_factory.mktemp("docs")
    copy = place / "project"
    for name in ("data", "queries", "graph", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "bin").mkdir()
    kg = place / "bin/kg"
    kg.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m graph "$@"\n', "utf-8")
    kg.chmod(0o755)
    (place / "home/notes").mkdir(parents=True)
    for number, note in enumerate(n for document in DOCUMENTS for n in notes(document)):
        (place / f"home/notes/{number}.md").write_text(note, "utf-8")
    env = {
        "PATH": f"{place / 'bin'}:{os.environ['PATH']}", "HOME": str(place / "home"), "PWD": str(copy),
        "PYTHONPATH": str(copy), "LANG": "C.UTF-8", "KG_LANG": "en",
    }  # fmt: skip
    subprocess.run(["kg", "build", "data"], cwd=copy, env=env, check=True, capture_output=True)
    return env


ALL = [block for document in DOCUMENTS for block in shown(document)]


def test_the_readme_shows_commands_and_each_is_found():
    readme = [command for block in ALL if block.document.name == "README.md" for command in block.commands]
    assert len(readme) >= 5
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    inside, seen = False, []
    for line in lines:
        if line.startswith("```"):
            inside = line.strip("`") in RUN
        elif inside and line.removeprefix("$ ").strip().startswith("kg "):
            seen.append(line.removeprefix("$ ").strip())
    assert readme == seen


@pytest.mark.parametrize("block", ALL, ids=[f"{block.document.name}:{block.line}" for block in ALL])
def test_the_commands_shown_work(block: Shown, checkout: dict[str, str]):
    printed = ""
    for command in block.commands:
        words = " ".join([*command.split()[:2], "--help"]) if PLACEHOLDER.search(command) else command
        run = ["bash", "-c", words]
        done = subprocess.run(
            run, env=checkout, cwd=checkout["PWD"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}\n{done.stderr}"
        printed += done.stdout
    if "…" not in block.output:
        assert " ".join(block.output.split()) in " ".join(printed.split()), "the output shown is another one"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path):
    text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in _LINK.findall(text):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            there = document.parent / path if path else document
            assert there.exists(), f"{document.name}: {target}"
            assert not anchor or anchor in anchors(there), f"{document.name}: {target}"


def anchors(path: Path) -> set[str]:
    """Anchors of the headings of a Markdown file."""
    heads = re.findall(r"^#+ +(.*)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


EXAMPLES = [path for path in sorted((ROOT / "graph").rglob("*.py")) if ">>>" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_in_docstrings(path: Path):
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    failed, tried = doctest.testmod(module)
    assert tried
    assert not failed
