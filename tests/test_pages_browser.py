"""Both pages in headless Chromium with all network refused: no request, no console message, and they work."""

from __future__ import annotations

import pytest
from browsing import NARROW
from conftest import kg
from view_samples import HOSTILE, hostile_network, hostile_timeline, large_network, network, timeline

from graph.views.models import Timeline
from graph.views.network import network_html
from graph.views.timeline import timeline_html, timeline_svg

pytestmark = pytest.mark.browser


def text_of(page, selector: str) -> str:
    return page.locator(selector).inner_text()


def click_node(page, node: str) -> None:
    """A click where the node is drawn."""
    spot = page.evaluate("(id) => kg.network.canvasToDOM(kg.network.getPosition(id))", node)
    page.locator("#graph").click(position=spot)


def test_network_click_on_a_node_shows_label_facts_quotes_links(open_page):
    opened = open_page(network_html(*network(), title="周会", lang="zh"))
    page = opened.ready()
    click_node(page, "feature:volume-groups")
    panel = text_of(page, "#panel")
    for part in (
        "卷组一致性快照",
        "slug",
        "volume-groups",
        "No progress this week",
        "notes/2031-03.md:31",
        "讨论",
    ):
        assert part in panel
    link = page.locator("#panel a")
    assert link.get_attribute("href") == "https://example.org/volume-groups"
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.locator("#panel [data-list=near] button", has_text="3月10日例会").click()
    assert page.locator("#panel").get_attribute("data-selected") == "meeting:1"
    page.keyboard.press("Escape")
    assert page.locator("#panel").get_attribute("data-selected") is None
    opened.quiet()


def test_network_legend_filters(open_page):
    opened = open_page(network_html(*network(), title="x", lang="en"))
    page = opened.ready()
    button = page.locator(".legend [data-kind=patch]")
    assert "Patch" in button.inner_text()
    assert page.evaluate("kg.nodes.length") == 71
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert page.evaluate("kg.nodes.length") == 41
    assert "41" in text_of(page, "#panel h2")
    assert page.evaluate("kg.edges.get().some((e) => e.to.startsWith('patch:'))") is False
    page.keyboard.press("Enter")
    assert page.evaluate("kg.nodes.length") == 71
    opened.quiet()


def test_network_search_takes_chinese_and_enter_goes_there(open_page):
    opened = open_page(network_html(*network(), title="x", lang="zh"))
    page = opened.ready()
    page.locator("#search").fill("一致性")
    hits = page.locator("#panel [data-list=hits] button")
    assert hits.count() == 3
    assert hits.first.get_attribute("data-node") == "feature:volume-groups"
    dimmed = page.evaluate("kg.nodes.get().filter((n) => n.opacity < 1).length")
    assert dimmed == 68
    page.keyboard.press("Enter")
    assert page.locator("#panel").get_attribute("data-selected") == "feature:volume-groups"
    page.locator("#search").fill("ＶＧＰＵ 共享")  # full width letters are the same letters
    assert hits.count() == 2
    page.locator("#search").fill("没有这个东西")
    assert "没有找到" in text_of(page, "#panel")
    opened.quiet()


def test_network_free_layout_moves_nodes_and_puts_them_back(open_page):
    opened = open_page(network_html(*network(), title="x", lang="zh"))
    page = opened.ready()
    place = "kg.network.getPosition('feature:edge-cache')"
    home = page.evaluate(place)
    page.wait_for_timeout(300)
    assert page.evaluate(place) == home
    page.locator("#free").click()
    page.wait_for_function(f"Math.abs({place}.x - {home['x']}) + Math.abs({place}.y - {home['y']}) > 5")
    page.evaluate("kg.select('feature:edge-cache')")
    page.locator("#free").click()
    assert page.evaluate(place) == home
    assert page.locator("#free").get_attribute("aria-checked") == "false"
    opened.quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_narrow_screen(open_page, scheme):
    options = {"viewport": NARROW, "color_scheme": scheme}
    pages = (network_html(*network(), title="周会", lang="zh"), timeline_html(timeline()))
    for at, text in enumerate(pages):
        opened = open_page(text, f"{at}.html", **options)
        page = opened.ready()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        opened.quiet()


def test_network_of_five_hundred_is_ready_in_time(open_page):
    opened = open_page(network_html(*large_network(500), title="x", lang="zh"))
    page = opened.ready()
    taken = page.evaluate("performance.now()")
    assert taken < 4_000  # the aim is a second; shared machines are noisy
    opened.quiet()


def test_network_attacks_run_nothing(open_page):
    opened = open_page(network_html(*hostile_network(), title=HOSTILE[6], lang="en"))
    page = opened.ready()
    for node in page.evaluate("kg.nodes.getIds()"):
        page.evaluate("(id) => kg.select(id)", node)
        assert page.locator("#panel a, #panel img, #panel script").count() == 0
    page.evaluate("(id) => kg.select(id)", HOSTILE[0])
    assert HOSTILE[0] in text_of(page, "#panel")
    page.locator("#search").fill("<script>")
    assert page.evaluate("window.__pwned") is None
    assert page.title() == HOSTILE[6]
    opened.quiet()


def test_timeline_mark_shows_its_quote_on_hover_focus_and_click(open_page):
    opened = open_page(timeline_html(timeline()))
    page = opened.ready()
    mark = page.locator("svg.rows [data-mark='13']")
    mark.hover()
    panel = text_of(page, "#panel")
    for part in ("卷组一致性快照", "No progress this week", "notes/2031-03.md:33"):
        assert part in panel
    page.mouse.move(5, 5)
    assert page.locator("#panel").get_attribute("data-selected") is None
    mark.click()
    page.mouse.move(5, 5)
    assert page.locator("#panel").get_attribute("data-selected") == "mark-13"
    page.keyboard.press("Escape")
    first = page.locator("svg.rows .mark[tabindex='0']")
    first.focus()
    before = page.locator("#panel").get_attribute("data-selected")
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel").get_attribute("data-selected") not in (None, before)
    opened.quiet()


def test_timeline_slip_legend_search_and_table(open_page):
    opened = open_page(timeline_html(timeline("en")))
    page = opened.ready()
    page.locator("svg.rows [data-slip='0'] .hit").click(position={"x": 60, "y": 2}, force=True)
    assert "juniper → Kestrel" in text_of(page, "#panel")
    assert "本周期赶不上" in text_of(page, "#panel")
    stalled = page.locator("svg.rows .mark[data-status=stalled]")
    assert stalled.first.is_visible()
    page.locator(".legend [data-status=stalled]").click()
    assert not stalled.first.is_visible()
    page.locator("#search").fill("审计")
    assert page.locator(".name:visible").count() == 1
    assert page.locator("svg.rows").get_attribute("height") == "48"
    page.locator("summary").click()
    assert page.locator("details tbody tr").count() == 43
    opened.quiet()


def test_timeline_attacks_run_nothing(open_page):
    opened = open_page(timeline_html(hostile_timeline()))
    page = opened.ready()
    for mark in page.locator("svg.rows .mark").all():
        mark.dispatch_event("click")
        assert page.locator("#panel img, #panel script, #panel a").count() == 0
    page.locator("summary").click()
    assert page.evaluate("window.__pwned") is None
    opened.quiet()


def test_timeline_svg_and_empty_pages_open_quietly(open_page):
    opened = open_page(timeline_svg(hostile_timeline()), "t.svg")
    assert opened.page.evaluate("document.querySelectorAll('.row').length") == len(HOSTILE)
    assert opened.page.evaluate("window.__pwned") is None
    opened.quiet()
    for at, text in enumerate(
        (
            network_html([], [], title="", lang="zh"),
            timeline_html(Timeline((), (), (), (), "zh", "")),
        )
    ):
        empty = open_page(text, f"empty{at}.html")
        assert "还没有" in text_of(empty.ready(), "main")
        empty.quiet()


# ---- pages that the command makes of a hostile note

HOSTILE_NOTE = """---
title: "</title><script>window.pwned=1</script>"
---
# <img src=x onerror="window.pwned=1"> weekly notes
## 2018-01-08
### Features
#### 1. Quota tree <script>window.pwned=1</script>
https://review.openstack.org/521001 is merged, @<svg/onload=window.pwned=1>(mallory) says "done" & 'done'.
[a patch](javascript:window.pwned=1) and https://review.openstack.org/521002"onmouseover="window.pwned=1
The client part is deferred to Rocky.
#### 2. Edge cache </script><script>window.pwned=1</script>
@ada"><script>window.pwned=1</script> works on it.
It is stalled, https://bugs.launchpad.net/nova/+bug/1740001?x=<script>
### Open discussion
#### 1. javascript:window.pwned=1
Decided: @mallory writes "'><img src=x onerror=window.pwned=1>.
## TODO
- read <iframe srcdoc="<script>parent.pwned=1</script>"> again
- [click](javascript:window.pwned=1)
"""
NASTY_NAME = "<img src=x onerror=window.pwned=1>'&.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The two pages and the drawing that `kg` makes of the note, by name."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / NASTY_NAME).write_text(HOSTILE_NOTE, "utf-8")
    assert kg("build", NASTY_NAME, store=folder / "store", cwd=folder).code == 0
    commands = {"net.html": "visualize", "line.html": "timeline", "line.svg": "timeline"}
    for name, command in commands.items():
        done = kg(command, "-o", folder / name, store=folder / "store", cwd=folder)
        assert done.code == 0, done.err
    return {name: (folder / name).read_text("utf-8") for name in commands}


def test_the_network_of_a_hostile_note_runs_nothing(open_page, made):
    opened = open_page(made["net.html"])
    page = opened.ready()
    assert page.evaluate("kg.nodes.length") > 8
    hrefs = set()
    for node in page.evaluate("kg.nodes.getIds()"):
        page.evaluate("(id) => kg.select(id)", node)
        assert page.locator("#panel img, #panel script, #panel iframe, #panel svg[onload]").count() == 0
        hrefs |= {link.get_attribute("href") for link in page.locator("#panel a").all()}
    assert "https://review.opendev.org/521001" in hrefs
    assert all(href.startswith("https://") for href in hrefs)
    assert page.evaluate("window.pwned") is None
    opened.quiet()


def test_the_network_of_a_hostile_note_can_be_used(open_page, made):
    opened = open_page(made["net.html"])
    page = opened.ready()
    node = page.evaluate(
        "kg.nodes.getIds().find((id) => id.includes('/topic/') && id.includes('quota-tree'))"
    )
    click_node(page, node)
    panel = text_of(page, "#panel")
    assert "Quota tree <script>window.pwned=1</script>" in panel
    assert NASTY_NAME in panel
    before = page.evaluate("kg.nodes.length")
    button = page.locator(".legend [data-kind=status]")
    button.click()
    assert page.evaluate("kg.nodes.length") < before
    button.click()
    assert page.evaluate("kg.nodes.length") == before
    page.locator("#search").fill("<script>")
    assert page.locator("#panel [data-list=hits] button").count() >= 2
    assert page.evaluate("window.pwned") is None
    opened.quiet()


def test_the_timeline_of_a_hostile_note_runs_nothing_and_can_be_used(open_page, made):
    opened = open_page(made["line.html"])
    page = opened.ready()
    marks = page.locator("svg.rows .mark").all()
    assert len(marks) >= 3
    for mark in marks:
        mark.dispatch_event("click")
        assert page.locator("#panel img, #panel script, #panel a").count() == 0
        assert NASTY_NAME in text_of(page, "#panel")
    status = page.locator(".legend button").first
    status.click()
    assert status.get_attribute("aria-pressed") == "false"
    page.locator("summary").click()
    assert "<script>window.pwned=1</script>" in text_of(page, "details")
    assert page.evaluate("window.pwned") is None
    opened.quiet()


def test_the_drawing_of_a_hostile_note_is_svg_without_script(open_page, made):
    opened = open_page(made["line.svg"], "line.svg")
    assert opened.page.evaluate("document.querySelectorAll('script, image, foreignObject, a').length") == 0
    assert opened.page.evaluate("window.pwned") is None
    opened.quiet()
