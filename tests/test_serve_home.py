"""What home and the lists claim: each number as the command says it, and nothing that no source says."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from browsing import NARROW, faults
from conftest import kg
from starlette.testclient import TestClient

from graph.serve.app import application
from graph.serve.home_changes import Background, background_of
from graph.serve.state import Generation, Serving

EN = {"accept": "text/html", "accept-language": "en"}
ZH = {"accept": "text/html", "accept-language": "zh-CN"}
MONTH = """# Team meetings {number}/2018

## 2018-{number:02}-05

### Disk quotas

- ann reported that the patch is merged

## TODO

- Read the spec of disk quotas
- Try the new cache by hand
"""
FOREIGN = """# Storage calls

## 2018-02-15

### Local volumes

- Stalled, the owners have not replied

### Snapshots

- ann will draft a note

## TODO

- Read the proposal of local volumes
"""
COMMUNITY = """[community]
name = "desk"
title = "Desk"
project = "desk"
projects = ["desk"]

[[release]]
name = "oak"
title = "Oak"
start = "2018-01-01"
ship = "2018-06-01"
"""


def web_of(store: Path) -> tuple[TestClient, Serving]:
    serving = Serving(store, "en")
    return TestClient(application(serving), base_url="http://127.0.0.1"), serving


def told(web: TestClient, serving: Serving, headers: dict[str, str] | None = None) -> str:
    """Home, once all of it is worked out."""
    web.get("/", headers=EN)
    assert background_of(serving.current(), serving.store).done.wait(60)
    return web.get("/", headers=headers or EN).text


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture(scope="module")
def web(demo: Path) -> tuple[TestClient, Serving]:
    return web_of(demo)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A store of notes of a community that nothing is known of."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "calls.md").write_text(FOREIGN, "utf-8")
    assert kg("build", "notes", store=tmp_path / "store", cwd=tmp_path).code == 0
    return tmp_path / "store"


# ---- TODOs


def test_a_todo_of_several_notes_counts_once(tmp_path: Path):
    for number in (3, 4):
        (tmp_path / f"month-{number}.md").write_text(MONTH.format(number=number), "utf-8")
    store = tmp_path / "store"
    assert kg("build", "month-3.md", "month-4.md", store=store, cwd=tmp_path).code == 0
    rows = json.loads(kg("todo", "--open", "--format", "json", store=store).out)["rows"]
    ids = {row["todo"] for row in rows if row["text"]}
    page = told(*web_of(store))
    listed = re.search(
        r'<h3>TODOs <span class="count">(\d+)</span></h3>\s*<ul[^>]*>(.*?)</ul>', page, re.DOTALL
    )
    assert listed and int(listed[1]) == len(ids) == listed[2].count("<li>") == 2
    assert "2018-04" not in listed[2], "the month in which it was raised, beside its age"


# ---- numbers that agree


def test_features_of_a_release_by_outcome_are_as_many_as_the_releases_say(web: tuple[TestClient, Serving]):
    client, _ = web
    rows = re.findall(
        r'<td class="main"><a href="[^"]*/release/([^"]+)"(.*?)</tr>',
        client.get("/releases", headers=EN).text,
        re.DOTALL,
    )
    seen = 0
    for slug, cells in rows:
        counts = re.findall(r'<td class="num">(\d+)</td>', cells)
        for outcome, count in zip(("", "implemented", "slipped", "dropped", "open"), counts, strict=False):
            page = client.get("/features", params={"release": slug, "outcome": outcome}, headers=EN).text
            assert re.search(rf"\. {count} / \d+</p>", page), (slug, outcome, count)
            seen += 1
    assert seen >= 20


def test_a_feature_shows_its_outcome_in_the_release_that_was_chosen(web: tuple[TestClient, Serving]):
    for release, outcome in (("queens", "slipped to rocky"), ("rocky", "implemented")):
        asked = {"q": "nested-resource-providers", "release": release}
        page = web[0].get("/features", params=asked, headers=EN).text
        assert f"outcome in {release}" in page and f'<span class="tag">{outcome}' in page


# ---- as of which day


@pytest.mark.parametrize(
    ("headers", "said"), [(EN, "only the ages of TODOs are counted to today"), (ZH, "只有待办的天数算到今天")]
)
def test_home_has_one_as_of(web: tuple[TestClient, Serving], headers: dict[str, str], said: str):
    page = told(*web, headers)
    assert page.count(said) == 1


def test_a_release_that_only_its_dates_speak_of_is_not_under_way(web: tuple[TestClient, Serving]):
    """The slices end long before the last edit of a spec in them."""
    page = words(told(*web))
    assert "Under way" not in page and "Epoxy" not in page
    assert "the newest with specs is Stein" in page and "Promised for Stein" in page
    assert "the days up to the last notes: 2018-01-16 to 2018-01-29" in page


# ---- what no source says


@pytest.mark.parametrize("headers", [EN, ZH])
def test_releases_of_the_package_are_not_those_of_another_community(foreign: Path, headers: dict[str, str]):
    client, serving = web_of(foreign)
    page = told(client, serving, headers)
    assert not re.search("queens|rocky|under way|进行中|正值", words(page), re.IGNORECASE)
    listed = client.get("/releases", headers=headers).text
    assert "community.toml" in listed and "Queens" in listed


def test_a_project_that_is_only_the_default_is_not_shown(foreign: Path, web: tuple[TestClient, Serving]):
    client, _ = web_of(foreign)
    assert "nova" not in words(client.get("/meetings", headers=EN).text).casefold()
    assert '<span class="tag">nova</span>' in web[0].get("/meetings", headers=EN).text


def test_a_community_of_ones_own_has_its_releases_and_no_others(tmp_path: Path):
    (tmp_path / "community.toml").write_text(COMMUNITY, "utf-8")
    (tmp_path / "calls.md").write_text(FOREIGN, "utf-8")
    assert kg("build", ".", store=tmp_path / "store", cwd=tmp_path).code == 0
    client, serving = web_of(tmp_path / "store")
    assert "Under way Oak" in words(told(client, serving))
    listed = client.get("/releases", headers=EN).text
    assert "Oak" in listed and "Queens" not in listed and "community.toml" not in listed


# ---- at once


def test_the_first_home_waits_for_no_index(demo: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Generation, "warm", lambda *_: None)
    monkeypatch.setattr(Background, "_work", lambda _: None)
    client, serving = web_of(demo)
    page = client.get("/", headers=EN).text
    assert "Being worked out" in page and "Questions that have an answer here" in page
    assert {"suggestions", "samples"}.isdisjoint(serving.current()._kept)


# ---- on a telephone


@pytest.mark.parametrize(("path", "field"), [("/people", "Name or nick"), ("/meetings", "Day or words")])
def test_people_and_meetings_stand_on_their_own_at_390(visit, path: str, field: str):
    page = (tab := visit(path, viewport=NARROW)).page
    assert page.locator("h1").count() == 1 and page.title().strip()
    assert re.search(r"\d+ / \d+", page.locator(".lead").inner_text())
    assert page.get_by_label(field).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert faults(page) == []
    page.get_by_label(field).fill("no such thing")
    page.get_by_label(field).press("Enter")
    page.wait_for_url("**?q=*")
    assert page.locator(".empty a").get_attribute("href") == path
    tab.quiet()
