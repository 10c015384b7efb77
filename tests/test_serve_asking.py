"""Home, questions in words, and suggestions: as a reader, as a program, and in a browser."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from browsing import NARROW, faults
from conftest import NOTE, ROOT, kg
from starlette.testclient import TestClient

from graph.serve.app import application
from graph.serve.home_changes import background_of
from graph.serve.state import Serving

HTML = {"accept": "text/html"}
EN, ZH = {**HTML, "accept-language": "en"}, {**HTML, "accept-language": "zh-CN"}
SLIPPED, SLIPPED_ZH = "what slipped from Queens to Rocky", "从 Queens 推迟到 Rocky 的有哪些"
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'; DROP ALL; --", "\u202egnilles", "\x00\x01", "{{ 7*7 }}",
    "?x } INSERT DATA { <a> <b> <c> }", "%3Cscript%3E", "a" * 4000, "？" * 50, "🙂" * 20, "../../etc/passwd",
)  # fmt: skip


@pytest.fixture(scope="module")
def serving_demo(demo: Path) -> Serving:
    return Serving(demo, "en")


@pytest.fixture(scope="module")
def web(serving_demo: Serving) -> TestClient:
    return TestClient(application(serving_demo), base_url="http://127.0.0.1", follow_redirects=False)


def asked(web: TestClient, *questions: str, headers: dict[str, str] | None = None, **more: str):
    params = [("q", questions[-1]), *(("after", text) for text in questions[:-1]), *more.items()]
    return web.get("/ask", params=params, headers=EN if headers is None else headers)


def links(text: str) -> list[str]:
    return [href.replace("&amp;", "&") for href in re.findall(r'href="(/[^"]*)"', text)]


# ---- answers


@pytest.mark.parametrize(
    ("question", "words", "lang"), [(SLIPPED, "slipped from Queens to Rocky", "en"), (SLIPPED_ZH, "个特性从 Queens 推迟到 Rocky", "zh-CN")]
)  # fmt: skip
@pytest.mark.parametrize("headers", [EN, ZH])
def test_an_answer_is_in_the_language_of_its_question(
    web: TestClient, question: str, words: str, lang: str, headers: dict[str, str]
):
    got = asked(web, question, headers=headers)
    assert got.status_code == 200
    said = re.search(r'<h1 class="ask-said" lang="([^"]+)">([^<]+)</h1>', got.text)
    assert said and said[1] == lang and words in said[2]
    assert ("Taken for" in got.text) == (headers is EN) and ("理解为" in got.text) == (headers is ZH)


def test_an_answer_links_its_things_its_places_and_the_same_question(web: TestClient):
    got = links(asked(web, SLIPPED).text)
    assert "/id/openstack/feature/nova/nested-resource-providers" in got
    assert "/questions/slips?from=Queens&to=Rocky" in got
    assert any(re.fullmatch(r"/evidence\?source=.*nova-scheduler.*&line=\d+", href) for href in got)
    assert any(href.startswith("/editor?query=") for href in got)


def test_every_row_of_the_notes_shows_its_quote(web: TestClient):
    text = asked(web, "which work is stalled").text
    assert text.count('class="ask-proof"') == text.count("<tbody>") > 0
    assert "Nested RP traits selection没有进展" in text


def test_a_commit_s_title_is_said_once_with_its_place(web: TestClient):
    text = asked(web, "patches of Jay Pipes").text
    row = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    assert (
        row
        and "<details>" not in row[1]
        and re.search(r'class="ask-place" href="/evidence\?source=[^"&]+%3A[0-9a-f]{12}"', row[1])
    )


def test_limits_are_said_in_words(web: TestClient):
    assert 'class="tag ask-limit">only implemented' in asked(web, f"{SLIPPED} that were implemented").text
    assert 'class="tag ask-limit"' not in asked(web, SLIPPED).text


def test_long_answers_show_the_first_rows_and_how_to_see_all(web: TestClient):
    first = asked(web, "patches of Jay Pipes").text
    assert first.count("<tbody>") == 50 and "Show all 107 rows" in first
    every = next(href for href in links(first) if "all=1" in href)
    assert web.get(every, headers=EN).text.count("<tbody>") == 107


def test_json_is_what_the_command_prints(web: TestClient, demo: Path):
    told = json.loads(kg("ask", SLIPPED_ZH, "--format", "json", store=demo).out)
    assert asked(web, SLIPPED_ZH, headers={"accept": "application/json"}).json() == told
    assert asked(web, SLIPPED_ZH, format="json").json() == told


def test_csv_is_a_file_with_the_rows_of_the_answer(web: TestClient, demo: Path):
    got = asked(web, SLIPPED, format="csv")
    assert got.headers["content-type"].startswith("text/csv")
    assert got.headers["content-disposition"] == 'attachment; filename="slips.csv"'
    assert got.text == kg("ask", SLIPPED, "--format", "csv", store=demo).out
    assert len(list(csv.reader(io.StringIO(got.text)))) > 5


def test_a_format_that_is_none_is_a_bad_request(web: TestClient):
    assert asked(web, SLIPPED, format="xml").status_code == 400
    assert web.get("/ask", headers={"accept": "application/json"}).status_code == 400


# ---- conversations


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [(SLIPPED, "which of them were implemented", "implemented"), (SLIPPED_ZH, "其中哪些实现了", "实现")],
)
def test_a_follow_up_leans_on_the_question_before(web: TestClient, first: str, then: str, kept: str):
    got = asked(web, first, then)
    assert got.status_code == 200 and "/questions/slips?from=Queens&to=Rocky" in links(got.text)
    assert f"only {kept}" in got.text
    assert re.search(rf'<a class="ask-q" href="[^"]+">{first}</a>', got.text)


def test_the_next_question_carries_those_before_it(web: TestClient):
    thread = [SLIPPED, "which of them were implemented", "and from Rocky to Stein"]
    text = asked(web, *thread).text
    carried = re.findall(r'<input type="hidden" name="after" value="([^"]*)">', text)
    assert carried == thread
    assert text.count('class="ask-q"') == 2


def test_a_conversation_is_no_longer_than_its_memory(web: TestClient):
    text = asked(web, *[SLIPPED] * 12).text
    assert text.count('name="after"') == 6 and text.count('class="ask-q"') == 6


def test_a_question_that_failed_does_not_end_a_conversation(web: TestClient):
    got = asked(web, SLIPPED, "what colour is the sky", "which of them were implemented")
    assert got.status_code == 200


# ---- refusals


def test_a_misspelt_name_is_offered_corrected(web: TestClient):
    got = asked(web, "what slipped from quens to Rocky")
    assert got.status_code == 404 and "Did you mean" in got.text
    again = next(href for href in links(got.text) if "Queens" in href and href.startswith("/ask"))
    assert web.get(again, headers=EN).status_code == 200


def test_releases_in_the_wrong_order_are_offered_in_the_right_one(web: TestClient):
    got = asked(web, "what slipped from Rocky to Queens")
    assert got.status_code == 404
    assert f"/ask?q={SLIPPED.replace(' ', '+')}" in links(got.text)


def test_an_unknown_question_has_the_nearest_as_filled_examples(web: TestClient):
    got = asked(web, "why was the vote on releases so close")
    near = re.search(r"What can be asked(.*?)</ul>", got.text, re.DOTALL)
    assert got.status_code == 404 and near and "{" not in near[1]
    assert all(web.get(href, headers=EN).status_code == 200 for href in links(near[1]))


def test_an_ambiguous_name_has_its_candidates_as_links(web: TestClient):
    got = asked(web, "patches of resource")
    assert got.status_code == 404 and "Which one is meant" in got.text
    meant = [href for href in links(got.text) if href.startswith("/ask?q=patches+of+")]
    assert len(meant) >= 10 and "/ask?q=patches+of+generic-resource-pools" in meant


def test_a_refusal_is_json_for_programs(web: TestClient):
    got = asked(web, "what slipped from quens to Rocky", format="json")
    assert got.status_code == 404
    assert got.json() == {
        "error": "no release is known as 'quens'",
        "hint": "did you mean Queens?",
        "nearest": ["Queens"],
        "exit": 3,
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(web: TestClient, text: str):
    for got in (asked(web, text), asked(web, SLIPPED, text), asked(web, text, SLIPPED)):
        assert got.status_code in (200, 400, 404)
        assert "<script>alert" not in got.text and "<img" not in got.text and "\u202e" not in got.text
    assert web.get("/suggest", params={"q": text}).status_code == 200


def test_without_a_question_the_page_asks_for_one(web: TestClient):
    for headers, words in ((EN, "For example"), (ZH, "例如")):
        got = web.get("/ask", headers=headers)
        assert got.status_code == 200 and words in got.text
        tried = [href for href in links(got.text) if href.startswith("/ask?q=")]
        assert len(tried) >= 5


# ---- suggestions


@pytest.mark.parametrize(
    ("typed", "lang", "kind", "label"),
    [
        ("nested resource prov", "en", "feature", "nested-resource-providers"),
        ("NRP", "en", "feature", "nested-resource-providers"),
        ("queen", "en", "release", "Queens"),
        ("efri", "zh", "person", "Eric Fried"),
        ("2018-01-08", "en", "meeting", "2018-01-08"),
        ("1月8日", "zh", "meeting", "2018-01-08"),
        ("nestd resorce providrs", "en", "feature", "nested-resource-providers"),
        ("quens", "zh", "release", "Queens"),
        ("17411", "en", "bug", "1741125"),
        ("52168", "en", "patch", "521685"),
        ("what slipped from queens to ", "en", "question", SLIPPED),
        ("从 Queens 推迟到", "zh", "question", SLIPPED_ZH),
        ("从Queens推迟到r", "en", "question", SLIPPED_ZH),
        ("which todos are o", "zh", "question", "which todos are open"),
    ],
)  # fmt: skip
def test_what_is_suggested(web: TestClient, typed: str, lang: str, kind: str, label: str):
    rows = web.get("/suggest", params={"q": typed, "lang": lang}).json()
    assert (kind, label) in [(row["kind"], row["label"]) for row in rows]
    assert len(rows) <= 10
    assert all(
        set(row) == {"kind", "word", "label", "note", "url"} and row["url"].startswith("/") for row in rows
    )
    assert len({row["url"] for row in rows}) == len(rows)


TYPED = ("w", "who", "what", "is", "from queens", "nested", "nrp", "gener", "eric", "jay", "rocky", "2018", "bug 1", "17", "52", "I0", "推", "谁", "有哪些", "16.1", "slip", "patch", "when")  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
def test_every_suggestion_leads_to_a_page(web: TestClient, typed: str):
    for lang in ("en", "zh"):
        for row in web.get("/suggest", params={"q": typed, "lang": lang}).json():
            assert web.get(row["url"], headers=HTML).status_code == 200, row


# ---- home


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (EN, ("Where things stand", "What is open", "Last meetings", "days ago")),
        (ZH, ("现状一览", "未完成的", "最近的会议", "距今")),
    ],
)
def test_home_says_what_is_open_and_how_old_the_record_is(
    web: TestClient, serving_demo: Serving, headers: dict[str, str], words: tuple[str, ...]
):
    assert web.get("/", headers=headers).status_code == 200
    assert background_of(serving_demo.current(), serving_demo.store).done.wait(60)
    text = web.get("/", headers=headers).text
    assert all(word in text for word in words)
    assert "2018-01-29" in text and "分析Granular resource requests" in text
    changed = re.search(r'<section class="card home-changed".*?</section>', text, re.DOTALL)
    assert changed and changed[0].count("<li>") >= 5, "an old record has an end, too"
    assert text.count("<h1>") == 1 and "Being worked out" not in text and "正在整理" not in text


def test_home_tells_what_came_with_the_last_build(tmp_path: Path):
    store, notes = tmp_path / "store", tmp_path / "notes"
    notes.mkdir()
    text = (ROOT / NOTE).read_text("utf-8")
    head, mark, _ = text.partition("## 2018年1月29日")
    assert mark, "the note has other headings now"
    (notes / "notes.md").write_text(head, "utf-8")
    assert kg("build", notes, store=store).code == 0
    serving = Serving(store, "en")
    web = TestClient(application(serving), base_url="http://127.0.0.1")
    assert "2018-01-29" not in web.get("/", headers=EN).text
    (notes / "notes.md").write_text(text, "utf-8")
    assert kg("build", notes, store=store).code == 0
    web.get("/", headers=EN)
    assert background_of(serving.current(), store).done.wait(60)
    told = web.get("/", headers=EN).text
    assert "from build 1 to build 2" in told and "2018-01-29" in told


def test_home_does_not_wait_for_what_takes_long(demo: Path):
    fresh = Serving(demo, "en")
    text = TestClient(application(fresh), base_url="http://127.0.0.1").get("/", headers=EN).text
    assert "Being worked out" in text or "What changed" in text


def test_every_link_of_home_and_of_an_answer_leads_somewhere(web: TestClient):
    texts = web.get("/", headers=EN).text + asked(web, SLIPPED).text
    paths = sorted(
        {href for href in links(texts) if not href.startswith(("/static", "/language", "/graph", "/sparql"))}
    )
    dead = [path for path in paths if web.get(path, headers=HTML).status_code != 200]
    assert len(paths) > 40 and dead == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_notes_of_every_kind_have_a_home_and_suggestions(cases_store: Path, lang: str):
    web = TestClient(application(Serving(cases_store, lang)), base_url="http://127.0.0.1")
    home = web.get("/", headers=HTML)
    assert home.status_code == 200
    for example in [href for href in links(home.text) if href.startswith("/ask?q=")]:
        assert web.get(example, headers=HTML).status_code == 200
    for typed in ("a", "会", "2018", "what", "有"):
        for row in web.get("/suggest", params={"q": typed, "lang": lang}).json():
            assert web.get(row["url"], headers=HTML).status_code == 200, row


def test_a_note_without_a_date_has_a_home(tmp_path: Path):
    note = tmp_path / "note.md"
    note.write_text("# Notes\n\nNothing that is dated.\n", "utf-8")
    assert kg("build", note, store=tmp_path / "store").code == 0
    web = TestClient(application(Serving(tmp_path / "store", "en")), base_url="http://127.0.0.1")
    assert web.get("/", headers=HTML).status_code == 200
    assert web.get("/ask", headers=HTML).status_code == 200
    assert web.get("/suggest?q=what").status_code == 200


def test_without_a_store_home_says_how_to_build_one(tmp_path: Path):
    for lang, words in (("en", "There is no graph yet"), ("zh", "还没有构建图")):
        web = TestClient(application(Serving(tmp_path / "none", lang)), base_url="http://127.0.0.1")
        got = web.get("/", headers=HTML)
        assert got.status_code == 503 and words in got.text and "kg --store" in got.text


def test_no_page_has_script_or_style_of_its_own(web: TestClient):
    for text in (web.get("/", headers=EN).text, asked(web, SLIPPED).text, asked(web, "no such thing").text):
        assert not re.search(r"<script(?![^>]*src=)|<style| style=| on\w+=", text)


# ---- in a browser


def test_the_box_suggests_by_keyboard(visit):
    page = (tab := visit("/")).page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "site-q"
    page.keyboard.type("从 Queens 推迟到")
    page.wait_for_selector("#site-q[aria-expanded=true]")
    page.keyboard.press("ArrowDown")
    chosen = page.locator(f"#{page.get_attribute('#site-q', 'aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true" and SLIPPED_ZH in chosen.inner_text()
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert page.get_attribute("#site-q", "aria-expanded") == "false" and page.input_value("#site-q") != ""
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?q=*")
    assert "个特性从 Queens 推迟到 Rocky" in page.inner_text("h1")
    tab.quiet()


def test_a_thing_is_opened_by_touch(visit):
    page = visit("/ask", viewport=NARROW, has_touch=True).page
    page.tap("#ask-next")
    page.keyboard.type("nested resource prov")
    page.locator(".suggest-thing").first.tap()
    page.wait_for_url("**/id/openstack/feature/nova/nested-resource-providers")


def test_a_late_answer_does_not_overwrite_a_newer_one(visit):
    page = visit("/").page
    slow: list[object] = []

    def delayed(route):
        if "q=nest&" in route.request.url:
            slow.append(route)
        else:
            route.fallback()

    page.route("**/suggest?*", delayed)
    page.fill("#site-q", "nest")
    page.wait_for_timeout(400)
    page.fill("#site-q", "queens")
    page.wait_for_selector("#site-q[aria-expanded=true]")
    assert slow
    slow[0].fulfill(json=[{"kind": "feature", "word": "x", "label": "LATE", "note": "", "url": "/"}])
    page.wait_for_timeout(300)
    assert "LATE" not in page.inner_text(".suggest >> nth=0") and "Queens" in page.inner_text(
        ".suggest >> nth=0"
    )


def test_the_box_is_a_plain_form_when_nothing_can_be_suggested(visit):
    page = visit("/").page
    page.route("**/suggest?*", lambda route: route.abort())
    page.fill("#site-q", SLIPPED)
    page.wait_for_timeout(300)
    page.press("#site-q", "Enter")
    page.wait_for_url("**/ask?q=*")
    assert "slipped from Queens to Rocky" in page.inner_text("h1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address", ["/", f"/ask?q={quote(SLIPPED_ZH)}", "/ask?q=what+slipped+from+quens", "/ask"]
)
def test_pages_are_accessible_and_fit_a_phone(visit, address: str, scheme: str):
    page = visit(address, viewport=NARROW, color_scheme=scheme).page
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert faults(page) == []


def test_quotes_unfold_without_a_script(visit):
    page = visit(f"/ask?q={quote(SLIPPED)}", java_script_enabled=False).page
    first = page.locator(".ask-proof details").first
    first.locator("summary").click()
    place = first.locator("cite a").first.get_attribute("href")
    assert place and urlsplit(place).path == "/evidence"
