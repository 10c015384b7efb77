"""The frame of the web face: the command, who may reach it, languages, errors, and a new build while it serves."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, kg
from starlette.testclient import TestClient

from graph.serve.app import application
from graph.serve.languages import preferred
from graph.serve.layout import href
from graph.serve.state import Serving
from graph.terms import iri

HTML = {"accept": "text/html"}


def client(store: Path, lang: str = "en") -> TestClient:
    return TestClient(application(Serving(store, lang)), base_url="http://127.0.0.1", follow_redirects=False)


@pytest.fixture(scope="module")
def web(demo: Path) -> TestClient:
    return client(demo)


# ---- the command


@pytest.fixture
def started(demo: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    words = [sys.executable, "-m", "graph", "--store", str(demo), "--lang", "en", "serve", "--port", "0"]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        match = re.search(r"at (http://127\.0\.0\.1:\d+/)", said)
        assert match, said
        yield process, match[1]
        process.kill()


def test_the_command_says_where_it_listens_answers_and_ends_at_ctrl_c(started):
    process, address = started
    with urllib.request.urlopen(f"{address}static/page.css", timeout=20) as answer:
        assert answer.status == 200 and b"--paper" in answer.read()
    process.send_signal(signal.SIGINT)
    assert process.wait(10) in (0, 130)


def test_a_port_in_use_is_said_with_the_next_step(demo: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = kg("serve", "--port", taken.getsockname()[1], store=demo)
    assert done.code == 2
    assert "cannot be used" in done.err and "hint: give another one with --port" in done.err


# ---- who may reach it


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "kg.localhost.evil.example"])
def test_a_page_elsewhere_cannot_reach_it_by_a_name_of_its_own(web: TestClient, host: str):
    assert web.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8350", "localhost", "localhost:8350"])
def test_this_machine_may_call_itself_as_it_does(web: TestClient, host: str):
    assert web.get("/static/page.css", headers={"host": host}).status_code == 200


def test_every_answer_says_what_a_page_may_do(web: TestClient):
    for address in ("/timeline", "/static/page.css", "/nowhere"):
        head = web.get(address, headers=HTML).headers
        assert "default-src 'none'" in head["content-security-policy"], address
        assert "unsafe" not in head["content-security-policy"], address
        assert head["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in head


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_elsewhere_may_lead_here_and_not_ask(web: TestClient, site: str):
    ask = {"query": "ASK { ?s ?p ?o }"}
    behind = {"sec-fetch-site": site, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    assert web.get("/sparql", params=ask, headers=behind).status_code == 403
    assert web.get("/timeline", headers={**behind, "sec-fetch-mode": "navigate"}).status_code == 200
    for own in ("same-origin", "none"):
        assert web.get("/timeline", headers={**behind, "sec-fetch-site": own}).status_code == 200


def test_a_query_in_a_browser_comes_to_the_editor(web: TestClient):
    browser = {"accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}
    answer = web.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}, headers=browser)
    assert (answer.status_code, answer.headers["location"][:20]) == (303, "/editor?query=ASK+%7")
    assert web.get(answer.headers["location"], headers=browser).status_code == 200
    assert "<textarea" in web.get("/sparql", headers=browser).text


# ---- languages


@pytest.mark.parametrize(
    ("header", "lang"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,zh;q=0.9", "en"), ("fr, zh;q=0.3", "zh"), ("fr", "def"),
     ("", "def"), ("zh;q=0", "def"), ("en;q=nonsense, zh;q=0.1", "zh"), ("*", "def")],
)  # fmt: skip
def test_the_language_that_a_browser_prefers(header: str, lang: str):
    assert preferred(header, "def") == lang


def test_the_switch_keeps_the_language_and_comes_back(web: TestClient):
    answer = web.get("/language", params={"to": "zh", "back": "/timeline?release=queens"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/timeline?release=queens")
    chosen = {"cookie": answer.headers["set-cookie"].split(";")[0], "accept-language": "en", **HTML}
    assert '<html lang="zh-CN">' in web.get("/nowhere", headers=chosen).text
    web.cookies.clear()
    assert '<html lang="en">' in web.get("/nowhere", headers={"accept-language": "en", **HTML}).text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1"]
)
def test_the_switch_leads_nowhere_else(web: TestClient, back: str):
    assert web.get("/language", params={"to": "en", "back": back}).headers["location"] == "/"
    web.cookies.clear()


def test_a_language_that_we_do_not_have_is_refused(web: TestClient):
    assert web.get("/language", params={"to": "xx"}).status_code == 400


# ---- addresses and errors


def test_a_thing_is_found_under_its_own_name():
    assert href(iri("x", "feature", "a", "b/c d")) == "/id/x/feature/a/b%2Fc%20d"
    assert href("https://elsewhere.example/") == ""


def test_assets_with_their_version_are_kept_for_good(web: TestClient):
    page = web.get("/timeline", headers=HTML).text
    address = re.search(r'href="(/static/page\.css\?v=\w+)"', page)
    assert address
    assert "immutable" in web.get(address[1]).headers["cache-control"]
    assert web.get("/static/page.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fapp.py", "%2Fetc%2Fpasswd", "%2e%2e", "templates"])
def test_no_other_file_is_given_away(web: TestClient, name: str):
    assert web.get(f"/static/{name}").status_code == 404


def test_an_unknown_address_is_told_as_page_and_as_text(web: TestClient):
    answer = web.get("/nowhere", headers=HTML)
    assert answer.status_code == 404 and "<h1>Not Found</h1>" in answer.text
    assert web.get("/nowhere").text == "error: Not Found\n"


def test_a_wrong_method_says_the_right_ones(web: TestClient):
    answer = web.post("/timeline")
    assert answer.status_code == 405 and "GET" in answer.headers["allow"]


def test_a_name_that_nobody_knows_gets_the_nearest(web: TestClient):
    answer = web.get("/timeline", params={"feature": "nested-resource-providerz"}, headers=HTML)
    assert answer.status_code == 404
    assert "nested-resource-provider" in answer.text


# ---- builds


def test_without_a_graph_it_says_how_to_make_one(tmp_path: Path):
    answer = client(tmp_path / "none").get("/timeline", headers=HTML)
    assert answer.status_code == 503 and "kg build" in answer.text


def test_a_new_build_is_shown_at_once_and_a_request_keeps_the_one_it_began_with(tmp_path: Path):
    notes, store = tmp_path / "notes", tmp_path / "store"
    notes.mkdir()
    note = "# Weekly\n\n## 2018-01-08\n\n### Features\n\n#### {}\n\nIt is in progress.\n"
    (notes / "a.md").write_text(note.format("Alpha thing"), "utf-8")
    assert kg("build", notes, store=store).code == 0
    serving = Serving(store)
    web = TestClient(application(serving), base_url="http://127.0.0.1")
    assert "Alpha thing" in web.get("/timeline").text
    held = serving.current()
    (notes / "a.md").write_text(note.format("Beta thing"), "utf-8")
    assert kg("build", notes, store=store).code == 0
    text = web.get("/timeline").text
    assert "Beta thing" in text and "Alpha thing" not in text
    assert serving.current().number == held.number + 1
    assert held.reader.select('SELECT ?s WHERE { ?s ?p "Alpha thing" } ORDER BY ?s').rows


def test_pages_answer_while_a_build_is_writing(tmp_path: Path):
    store = tmp_path / "store"
    assert kg("build", "data", store=store).code == 0
    web, codes = client(store), []
    words = [sys.executable, "-m", "graph", "--store", str(store), "build", "data", "tests/cases/twins"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as build:
        while build.poll() is None:
            codes.append(web.get("/timeline?release=queens").status_code)
        assert build.returncode == 0
    codes.append(web.get("/timeline?release=queens").status_code)
    assert set(codes) == {200}


def test_requests_at_the_same_time_open_one_generation(demo: Path):
    serving, found = Serving(demo), []
    threads = [threading.Thread(target=lambda: found.append(serving.current())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1
