"""What the project-level tests share: `kg` called in this process, and one store of data/ and its English twin."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from browsing import Opened, Visit, chromium, running
from view_samples import HOSTILE_NOTE, NASTY_NAME

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
        stack.enter_context(mock.patch.dict(os.environ, {"KG_LANG": "en", "COLUMNS": "120", **env}))
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


# ---- a browser, and the web face


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium; a test that needs it is skipped where there is none."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    with running() as found:
        yield found


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Opens the text of a page as a file, with all network refused."""
    opened: list[Opened] = []

    def start(text: str, name: str = "page.html", **options: Any) -> Opened:
        opened.append(Opened(browser, tmp_path / name, text, **options))
        return opened[-1]

    yield start
    for one in opened:
        one.context.close()


@contextlib.contextmanager
def served(app: Any) -> Iterator[str]:
    """A web application, in a thread of this process, at a port of its own; gives its address."""
    import uvicorn

    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    door.close()


def serving(store: Path, **options: Any) -> contextlib.AbstractContextManager[str]:
    """The web face over a store."""
    from graph.serve.app import application
    from graph.serve.state import Serving

    return served(application(Serving(store, **options)))


@pytest.fixture(scope="session")
def site(demo: Path) -> Iterator[str]:
    """Address of the web face over the demo store."""
    with serving(demo) as address:
        yield address


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Callable[..., Visit]]:
    """Opens an address of the web face in a tab of its own; nothing but the web face can be reached."""
    opened: list[Visit] = []

    def start(address: str = "/", **options: Any) -> Visit:
        opened.append(Visit(browser, lambda url: url.startswith(f"{site}/"), **options))
        opened[-1].page.goto(site + address)
        return opened[-1]

    yield start
    for one in opened:
        one.context.close()


@pytest.fixture(scope="session")
def hostile_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The two pages and the drawing that `kg` makes of a hostile note, by name."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / NASTY_NAME).write_text(HOSTILE_NOTE, "utf-8")
    assert kg("build", NASTY_NAME, store=folder / "store", cwd=folder).code == 0
    commands = {"net.html": "visualize", "line.html": "timeline", "line.svg": "timeline"}
    for name, command in commands.items():
        done = kg(command, "-o", folder / name, store=folder / "store", cwd=folder)
        assert done.code == 0, done.err
    return {name: (folder / name).read_text("utf-8") for name in commands}
