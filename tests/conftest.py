"""What the project-level tests share: `kg` called in this process, and one store of data/ and its English twin."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from graph import sparql
from graph.names import Names
from graph.queries import Catalogue
from graph.store import Reader

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
NOTE = "data/openstack/nova-scheduler-2018-01.md"
TWIN = "tests/cases/twins/nova-scheduler-2018-01.en.md"
TODAY = "2018-03-01"  # ages are counted to this day


@dataclass(frozen=True)
class Done:
    """What a command said: exit code, stdout, stderr."""

    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    def __init__(self, text: str = "") -> None:
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8", write_through=True)

    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode()


def kg(*args: object, store: Path | None = None, cwd: Path = ROOT, stdin: str = "", **env: str) -> Done:
    """Run `kg` in this process, from the root of the project unless another folder is given."""
    from graph.cli.main import _run

    words = [*(["--store", str(store)] if store else []), *map(str, args)]
    out, err = _Stream(), _Stream()
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, {"KG_LANG": "en", **env}))
        stack.enter_context(contextlib.chdir(cwd))
        stack.enter_context(mock.patch.object(sys, "stdin", _Stream(stdin)))
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        code = _run(words)
    return Done(code, out.text(), err.text())


def rows(store: Path, name: str, **params: str) -> list[dict[str, object]]:
    """Rows of a named query."""
    with Reader(store) as reader:
        question = Catalogue.load().get(name)
        names = Names(reader)
        words = {p.name: params.get(p.name, p.default) for p in question.params}
        bound = {p.name: names.resolve(p.kind, words[p.name]) for p in question.params}
        return sparql.run(reader, question, bound).dicts()


def content(store: Path) -> list[str]:
    """Everything that stands in a store, in order."""
    with Reader(store) as reader:
        return list(reader.nquads())


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of data/ and its English twin; nobody may change it."""
    store = tmp_path_factory.mktemp("demo") / "store"
    done = kg("build", "data", TWIN, store=store)
    assert done.code == 0, done.err
    return store


@pytest.fixture(scope="session")
def cases_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of every case of notes, each with the settings of its folder."""
    store = tmp_path_factory.mktemp("cases") / "store"
    done = kg("build", "tests/cases/notes", store=store)
    assert done.code == 0, done.err
    return store
