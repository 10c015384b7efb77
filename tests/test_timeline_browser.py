"""The timeline page in headless Chromium with all network refused: it works by mouse, by keyboard, on a phone, on paper."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace

import pytest
from browsing import NARROW, faults
from test_timeline_page import dropped_life, hostile_promises, life
from view_samples import NASTY_NAME, hostile_timeline, timeline

from bench.samples import timeline as sample
from graph.views.models import SlipArrow, Timeline
from graph.views.page import single_file
from graph.views.timeline import timeline_html, timeline_page
from graph.views.timeline_page_table import cells

pytestmark = pytest.mark.browser
SPOT = """([row, type, nth]) => {
  const feature = kgt.features[row];
  const item = kgt.itemsOf(feature).find((one) => one.type === type && one.facts.some((fact) => fact.nth === nth));
  const n = kgt.view.rows.findIndex((one) => one.feature === feature);
  kgt.bring(n, (item.x0 + item.x1) / 2);
  const box = document.querySelector('.tl-rows').getBoundingClientRect();
  return { x: box.left + (type === 'promise' ? item.x0 + 3 : (item.x0 + item.x1) / 2),
           y: box.top + kgt.view.tops[n] + kgt.view.lead + (type === 'slip' ? 6 : (item.y0 + item.y1) / 2) };
}"""


def spot(page, row: int, kind: str, nth: int = 0) -> tuple[float, float]:
    """Where a fact of a feature is drawn, in the window; it is scrolled into view."""
    found = page.evaluate(SPOT, [row, kind, nth])
    page.wait_for_timeout(60)
    found = page.evaluate(SPOT, [row, kind, nth])
    return found["x"], found["y"]


def shown(page) -> list[float]:
    return page.evaluate("kgt.shown()")


def labels(page) -> list[str]:
    return page.evaluate("kgt.view.rows.filter((row) => row.feature).map((row) => row.feature.label)")


def panel(page) -> str:
    return page.locator("#panel").inner_text()


def small() -> Timeline:
    return sample(40)


def moved(model: Timeline, *, renamed: bool = False) -> tuple[Timeline, int]:
    """A model whose first slip became its own row, or the row after it; and the number of the slip's row."""
    slip = model.slips[0]
    at = next(n for n, feature in enumerate(model.features) if feature.key == slip.feature)
    goal = model.features[(at + 7) % len(model.features)].key if renamed else slip.feature
    return replace(model, slips=(replace(slip, became=goal), *model.slips[1:])), at


# ---- looking


def test_rows_are_grouped_by_release_the_newest_first_and_only_it_and_the_next_are_open(open_page):
    opened = open_page(timeline_html(sample(120)))
    page = opened.ready()
    heads = page.evaluate(
        "kgt.view.rows.filter((row) => row.group).map((row) => [row.slug, row.open, row.size])"
    )
    assert [head[0] for head in heads][:3] == ["juniper", "ivy", "hazel"]
    assert [head[1] for head in heads] == [True, True, *([False] * (len(heads) - 2))]
    assert sum(head[2] for head in heads) == 120
    first = page.locator(".group button").first
    assert "Juniper" in first.inner_text()
    assert "open" in first.inner_text()
    before = page.evaluate("kgt.view.rows.length")
    first.click()
    assert page.locator(".group button").first.get_attribute("aria-expanded") == "false"
    assert page.evaluate("kgt.view.rows.length") == before - heads[0][2]
    opened.quiet()


def test_a_group_of_long_ago_brings_its_time_into_view(open_page):
    page = open_page(timeline_html(sample(120))).ready()
    last = page.evaluate("kgt.view.rows.findLastIndex((row) => row.group)")
    page.evaluate("(n) => kgt.bring(n)", last)
    begun = page.evaluate("kgt.bySlug.get(kgt.view.rows.at(-1).slug).start")
    assert shown(page)[0] > begun
    page.locator(".group button").last.click()
    page.wait_for_timeout(80)
    assert shown(page)[0] < begun + 400
    page.locator("#search").fill(page.evaluate("kgt.features.find((f) => f.group === 'juniper').label"))
    page.wait_for_timeout(80)
    assert shown(page)[1] > page.evaluate("kgt.bySlug.get('juniper').start")


def test_only_what_is_in_view_is_drawn(open_page):
    page = open_page(timeline_html(sample(300, landings=4000))).ready()
    page.keyboard.press("f")
    page.keyboard.press("f")
    assert page.evaluate("kgt.view.rows.length") > 300
    assert page.locator(".row").count() < 45
    page.evaluate("document.getElementById('tl-scroll').scrollTop = 6000")
    page.wait_for_function("() => kgt.drawnRow(kgt.firstRow() + 2) !== undefined")
    assert page.locator(".row").count() < 45


def test_search_says_how_many_of_how_many_and_finds_names_people_and_quotes(open_page):
    opened = open_page(timeline_html(timeline()))
    page = opened.ready()
    box = page.locator("#search")
    box.fill("审计")
    assert labels(page) == ["审计日志"]
    assert page.locator("#tl-shown").inner_text() == "1 / 15"
    box.fill("ＶＧＰＵ 共享")  # full width letters are the same letters
    assert labels(page) == ["vGPU 共享与迁移"]
    box.fill("waiting for review")
    assert 0 < len(labels(page)) < 15
    box.fill("没有这个")
    assert page.locator("#none").is_visible()
    page.locator("#tl-clear").click()
    assert len(labels(page)) == 15
    opened.quiet()


def test_a_person_can_be_searched_and_asked_for_from_the_row(open_page):
    page = open_page(timeline_html(small())).ready()
    name = page.locator(".name").first
    name.click()
    assert "Who takes part" in panel(page)
    who = page.evaluate("kgt.chosen().feature.people[0]")
    assert who["name"] in panel(page)
    page.locator("#panel .people button").first.click()
    assert len(labels(page)) == page.evaluate(
        "(who) => kgt.features.filter((f) => f.people.some((p) => p.person === who)).length", who["person"]
    )
    assert who["name"] in page.locator("#tl-person").inner_text()
    page.locator("#tl-clear").click()
    page.locator("#search").fill(who["name"])
    assert 0 < len(labels(page)) < 40


def test_filters_keep_rows_that_have_it_and_count(open_page):
    page = open_page(timeline_html(small())).ready()
    page.locator("[data-facet=outcome][value=dropped]").check()
    expected = len({p.feature for p in small().promises if p.outcome == "dropped"})
    assert len(labels(page)) == expected
    assert page.locator("#tl-shown").inner_text() == f"{expected} of 40"
    page.locator("[data-facet=outcome][value=dropped]").uncheck()
    page.locator("[data-facet=kind][value=decision]").check()
    assert page.evaluate(
        "[...new Set(kgt.view.fit.flatMap((f) => kgt.itemsOf(f).map((i) => i.type)))].sort()"
    ) == ["mark", "promise"]
    page.locator(".tl-more summary").click()
    page.locator("[data-facet=kind][value=decision]").uncheck()
    page.locator("[data-facet=status]").first.check()
    assert 0 < len(labels(page)) < 40
    assert page.evaluate(
        "kgt.view.fit.every((f) => kgt.itemsOf(f).filter((i) => i.type === 'mark').every((i) => i.facts.every((m) => m.status)))"
    )
    page.locator("[data-facet=status]").first.uncheck()
    page.locator("[data-facet=class]").first.check()
    assert 0 < len(labels(page)) < 40


def test_the_order_can_be_chosen(open_page):
    page = open_page(timeline_html(small())).ready()
    page.locator("#tl-grouped").uncheck()
    days = {f.label: f.moved for f in small().features}
    found = [days[label] for label in labels(page)]
    assert found == sorted(found, reverse=True)
    page.locator("#tl-order").select_option("promise")
    first = {f.key: min(p.begin for p in small().promises if p.feature == f.key) for f in small().features}
    keys = page.evaluate("kgt.view.rows.map((row) => row.feature.key)")
    begins = [first["https://w3id.org/release-kg/id/" + key.removeprefix("~")] for key in keys]
    assert begins == sorted(begins)
    page.locator("#tl-order").select_option("name")
    assert labels(page)[0] == page.evaluate(
        "kgt.features.map((f) => f.label).sort((a, b) => a.localeCompare(b, 'en'))[0]"
    )


# ---- opening


def test_a_mark_shows_its_words_under_the_pointer_and_its_evidence_when_pressed(open_page):
    opened = open_page(timeline_html(timeline()))
    page = opened.ready()
    page.mouse.move(*spot(page, 1, "mark", 0))
    page.wait_for_timeout(80)
    tip = page.locator("#tl-tip")
    assert tip.is_visible()
    assert "卷组一致性快照" in tip.inner_text()
    page.mouse.click(*spot(page, 1, "mark", 0))
    assert page.locator("#panel").get_attribute("data-selected") == "mark-0"
    for part in ("卷组一致性快照", "notes/2031-03.md:", "状态"):
        assert part in panel(page)
    assert page.locator("#panel blockquote").count() == 1
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    opened.quiet()


def test_a_bar_and_a_column_of_patches_open_theirs_with_links_that_are_safe(open_page):
    page = open_page(timeline_html(replace(small(), marks=()))).ready()
    page.mouse.click(*spot(page, 3, "promise", 0))
    assert page.locator("#panel cite a").get_attribute("href").startswith("https://specs.example.org/")
    assert page.locator("#panel a").first.get_attribute("rel") == "noopener noreferrer"
    page.keyboard.press("Escape")
    page.mouse.click(*spot(page, 3, "landing", 0))
    assert page.locator("#panel").get_attribute("data-selected").startswith("landing-")
    assert small().landings[21].place in panel(page)
    assert page.locator("#panel a").count() == 0  # a file has no pages to link to


def test_marks_that_crowd_are_one_with_their_number_and_part_when_zoomed(open_page):
    page = open_page(timeline_html(small())).ready()
    count = "kgt.view.fit.reduce((sum, f) => sum + kgt.itemsOf(f).filter((i) => i.type === 'mark').length, 0)"
    columns = count.replace("'mark'", "'landing'")
    page.keyboard.press("0")
    far, far_columns = page.evaluate(count), page.evaluate(columns)
    for _ in range(5):
        page.keyboard.press("+")
    assert page.evaluate(count) > far
    assert page.evaluate(columns) > far_columns
    assert page.evaluate(
        "kgt.view.fit.reduce((sum, f) => sum + kgt.itemsOf(f).filter((i) => i.type === 'landing').reduce((n, i) => n + i.facts.length, 0), 0)"
    ) == len(small().landings)


def test_an_arrow_opens_its_words_and_leads_to_the_row_it_became(open_page):
    model, at = moved(small(), renamed=True)
    opened = open_page(timeline_html(model))
    page = opened.ready()
    page.mouse.click(*spot(page, at, "slip", 0))
    assert model.slips[0].quote in panel(page)
    assert model.slips[0].slip_class in panel(page)
    goal = model.features[(at + 7) % 40].label
    assert page.evaluate("kgt.view.rows[kgt.tongue.row].feature.label") == goal
    page.locator("#panel button", has_text=goal).click()
    assert goal in page.locator("#panel h2").inner_text()
    opened.quiet()


def test_an_arrow_inside_a_row_leads_from_bar_to_bar(open_page):
    model, at = moved(small())
    page = open_page(timeline_html(model)).ready()
    for slip, bars in page.evaluate(
        "kgt.features.map((f) => kgt.itemsOf(f)).flatMap((all) => all.filter((i) => i.type === 'slip').map((s) => [s, all.filter((i) => i.type === 'promise')]))"
    ):
        goal = [bar for bar in bars if bar["facts"][0]["release"] == slip["facts"][0]["to"]]
        assert slip["x1"] >= slip["x0"] + 22
        if goal and goal[0]["x0"] > slip["x0"] + 22:
            assert slip["x1"] == goal[0]["x0"]
    page.mouse.click(*spot(page, at, "slip", 0))
    assert page.locator("#panel").get_attribute("data-selected") == "slip-0"


# ---- keyboard


def test_everything_by_keyboard_alone(open_page):
    opened = open_page(timeline_html(small()))
    page = opened.ready()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "tl-scroll"
    page.keyboard.press("ArrowDown")
    row = page.evaluate("kgt.view.rows[kgt.tongue.row].feature.label")
    assert row in page.locator("#tl-said").inner_text()
    page.keyboard.press("ArrowRight")
    active = page.locator("#tl-scroll").get_attribute("aria-activedescendant")
    assert active == "tl-at"
    assert len(page.locator("#tl-at").get_attribute("aria-label")) > 8
    page.keyboard.press("Enter")
    assert page.locator("#panel").is_visible()
    assert row in panel(page)
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    page.keyboard.press("Home")
    page.keyboard.press("End")
    last = page.locator("#tl-said").inner_text()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#tl-said").inner_text() != last
    for _ in range(60):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.evaluate("kgt.view.rows[0].open") is False
    page.keyboard.press("ArrowRight")
    assert page.evaluate("kgt.view.rows[0].open") is True
    page.keyboard.press("?")
    assert page.locator("#tl-keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#tl-keys").is_visible()
    opened.quiet()


def test_zoom_and_pan_by_keyboard(open_page):
    page = open_page(timeline_html(small())).ready()
    page.keyboard.press("0")
    whole = shown(page)
    page.keyboard.press("+")
    page.keyboard.press("+")
    near = shown(page)
    assert near[1] - near[0] < 0.6 * (whole[1] - whole[0])
    page.locator("#tl-scroll").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_timeout(80)
    assert shown(page)[0] < near[0]
    page.keyboard.press("-")
    assert shown(page)[1] - shown(page)[0] > near[1] - near[0]
    page.locator("#tl-from").focus()
    before = shown(page)
    page.keyboard.press("ArrowRight")
    assert shown(page)[0] > before[0]
    assert page.locator("#tl-from").get_attribute("aria-valuetext").startswith("20")


# ---- pointer


def test_drag_pans_and_opens_nothing_and_the_wheel_with_ctrl_zooms_at_the_pointer(open_page):
    page = open_page(timeline_html(sample(120))).ready()
    box = page.locator("#tl-scroll").bounding_box()
    x, y = box["x"] + 700, box["y"] + 300
    before = shown(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y - 40, steps=5)
    page.mouse.up()
    page.wait_for_timeout(80)
    assert shown(page)[0] < before[0] - 20
    assert page.evaluate("document.getElementById('tl-scroll').scrollTop") == 40
    assert not page.locator("#panel").is_visible()
    there = "(x) => { const [a, b] = kgt.shown(); return a + (x - document.querySelector('.tl-rows').getBoundingClientRect().left - document.getElementById('tl-scroll').scrollLeft) / kgt.view.scale.ppd; }"
    day = page.evaluate(there, x + 150)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    page.wait_for_timeout(80)
    assert page.evaluate("kgt.view.scale.ppd") > 1.5
    assert abs(page.evaluate(there, x + 150) - day) < 3


def test_the_brush_over_the_whole_range(open_page):
    page = open_page(timeline_html(small())).ready()
    box = page.locator("#tl-over").bounding_box()
    y = box["y"] + 20
    page.keyboard.press("0")
    page.mouse.move(box["x"] + 2, y)
    end = page.locator("#tl-to").bounding_box()
    page.mouse.move(end["x"] + 5, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, y, steps=4)
    page.mouse.up()
    whole = page.evaluate("[kgt.view.whole.first, kgt.view.whole.last]")
    middle = (whole[0] + whole[1]) / 2
    assert abs(shown(page)[1] - middle) < 40
    page.mouse.move(box["x"] + 0.7 * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], y, steps=4)
    page.mouse.up()
    assert abs((shown(page)[1] - shown(page)[0]) / (whole[1] - whole[0]) - 0.1) < 0.03


# ---- the address


def test_the_address_keeps_the_view(open_page):
    opened = open_page(timeline_html(sample(120)))
    page = opened.ready()
    page.locator("#search").fill("retries")
    page.locator("[data-facet=outcome][value=slipped]").check()
    page.locator("#tl-order").select_option("name")
    page.keyboard.press("Escape")
    page.mouse.click(*spot(page, page.evaluate("kgt.view.fit[0].at"), "promise", 0))
    page.locator("#tl-in").click()
    page.wait_for_function("() => location.hash.includes('sel=')")
    page.wait_for_timeout(400)
    before = (labels(page), [round(day) for day in shown(page)], panel(page))
    address = page.url
    page.goto("about:blank")
    opened.noise.clear()
    page.goto(address)
    opened.ready()
    page.wait_for_timeout(200)
    assert labels(page) == before[0]
    assert all(abs(a - b) <= 2 for a, b in zip(shown(page), before[1], strict=True))
    assert panel(page) == before[2]
    assert page.locator("#search").input_value() == "retries"
    assert page.locator("[data-facet=outcome][value=slipped]").is_checked()


def test_folds_stay_and_a_strange_address_does_no_harm(open_page):
    opened = open_page(timeline_html(sample(120)))
    page = opened.ready()
    page.locator(".group button").first.click()
    page.wait_for_function("() => location.hash.includes('folded=')")
    page.reload()
    opened.ready()
    assert page.evaluate("kgt.view.rows[0].open") is False
    page.evaluate(
        "location.hash = '#z=x..y&sel=%00!promise.9&o=constructor&order=__proto__&top=%3Cimg%3E&folded='"
    )
    page.wait_for_function("() => kgt.state.outcome.has('constructor')")
    assert page.locator("#none").is_visible()
    opened.quiet()


# ---- table, story, paper


def test_the_table_is_the_model_short_or_long(open_page):
    for name, model in (("short.html", timeline("en")), ("long.html", small())):
        opened = open_page(timeline_html(model), name)
        page = opened.ready()
        page.locator("#tl-table summary").click()
        while page.locator("#tl-table > button:visible").count():
            page.locator("#tl-table > button").click()
        rows = page.evaluate(
            "[...document.querySelectorAll('#tl-table tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
        )
        assert [tuple(row) for row in rows] == cells(model)
        opened.quiet()


def test_the_table_and_the_story_are_there_without_script(open_page):
    page = open_page(timeline_html(life()), java_script_enabled=False).page
    assert page.locator("#tl-story h3").count() == 5
    page.locator("#tl-table summary").click()
    assert page.locator("#tl-table tbody tr").count() == 10
    assert "JavaScript" in page.locator("noscript").inner_text()


def test_the_story_has_the_drawing_above_and_the_words_beneath(open_page):
    opened = open_page(timeline_html(life()))
    page = opened.ready()
    assert labels(page) == ["Quota trees"]
    assert page.locator(".bar.o-slipped").count() == 1
    assert page.locator("#tl-story").bounding_box()["y"] > page.locator("#tl-scroll").bounding_box()["y"]
    page.mouse.click(*spot(page, 0, "landing", 2))
    assert "backport" in panel(page)
    opened.quiet()


def test_paper_gets_every_row_that_is_listed(open_page):
    opened = open_page(timeline_html(small()))
    page = opened.ready()
    assert page.evaluate("matchMedia('print').matches") is False
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#tl-print text.named").count() == 40
    assert page.locator("#tl-print .bar").count() > 20
    assert not page.locator("#tl-scroll").is_visible()
    assert page.locator("#tl-print .tl-paper").first.is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#tl-print *").count() == 0
    assert page.pdf().startswith(b"%PDF")
    opened.quiet()


# ---- pages of things


def test_with_a_site_around_it_features_people_and_patches_are_links(open_page):
    drawn = timeline_page(small())
    page = open_page(single_file(replace(drawn, data={**drawn.data, "site": "/"}))).ready()
    page.locator(".name").first.click()
    href = page.locator("#panel h2 a").get_attribute("href")
    assert href.startswith("/id/c/feature/p/thing-")
    assert page.locator("#panel .people a").first.get_attribute("href").startswith("/id/c/person/")
    page.mouse.click(*spot(page, 3, "landing", 0))
    assert page.locator("#panel a[href^='/id/c/patch/I']").count() > 0


# ---- attacks


@pytest.mark.parametrize("make", [hostile_timeline, hostile_promises])
def test_attacks_run_nothing(open_page, make):
    opened = open_page(timeline_html(make()))
    page = opened.ready()
    for at in range(len(make().features)):
        for choice in (
            "kgt.features[at].mark",
            "kgt.features[at].slip",
            "[]",
            "kgt.features[at].promise",
            "kgt.features[at].landing",
        ):
            page.evaluate(f"(at) => kgt.pick({{ feature: kgt.features[at], facts: {choice} }})", at)
            assert page.locator("#panel img, #panel script, #panel a, #panel [onclick]").count() == 0
    if page.locator("#search").is_visible():
        page.locator("#search").fill("<script>")
    page.locator("#tl-table summary").click()
    page.evaluate("kgt.print()")
    assert page.evaluate("window.__pwned") is None
    opened.quiet()


def test_names_of_an_object_s_machinery_are_only_names(open_page):
    model = timeline("en")
    marks = tuple(
        replace(mark, kind="constructor", status="__proto__", release="toString") for mark in model.marks
    )
    slip = SlipArrow("edge-cache", "constructor", "valueOf", "__proto__", "2031-03-10", "q", "n.md", 1)
    opened = open_page(timeline_html(replace(model, marks=marks, slips=(slip,))))
    page = opened.ready()
    page.mouse.click(*spot(page, 1, "mark", 0))
    assert "constructor" in panel(page)
    opened.quiet()


def test_the_timeline_of_a_hostile_note_runs_nothing_and_can_be_used(open_page, hostile_pages):
    opened = open_page(hostile_pages["line.html"])
    page = opened.ready()
    marks = page.evaluate("kgt.features.flatMap((f) => f.mark.map((m) => [f.at, m.nth]))")
    assert len(marks) >= 3
    for row, nth in marks:
        page.evaluate(
            "([row, nth]) => kgt.pick({ feature: kgt.features[row], facts: [kgt.features[row].mark[nth]] })",
            [row, nth],
        )
        assert page.locator("#panel img, #panel script").count() == 0
        assert NASTY_NAME in panel(page)
    page.locator("#tl-table summary").click()
    assert "<script>window.pwned=1</script>" in page.locator("#tl-table").inner_text()
    assert page.evaluate("window.pwned") is None
    opened.quiet()


# ---- what it is seen with


def test_an_empty_page_opens_quietly(open_page):
    opened = open_page(timeline_html(Timeline((), (), (), (), "zh", "")))
    assert "还没有" in opened.ready().locator("main").inner_text()
    opened.quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_it_without_scrolling_sideways(open_page, scheme):
    opened = open_page(timeline_html(small()), viewport=NARROW, color_scheme=scheme, has_touch=True)
    page = opened.ready()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.touchscreen.tap(*spot(page, 3, "promise", 0))
    sheet = page.locator("#panel").bounding_box()
    assert sheet["y"] > 350
    assert sheet["width"] == 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    opened.quiet()


def test_two_fingers_zoom(open_page):
    page = open_page(timeline_html(small()), viewport=NARROW, has_touch=True).ready()
    box = page.locator("#tl-scroll").bounding_box()
    y = box["y"] + 200
    before = page.evaluate("kgt.view.scale.ppd")
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *xs: float) -> None:
        points = [{"x": x, "y": y, "id": n} for n, x in enumerate(xs)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 170, 210)
    for apart in range(20, 120, 20):
        touch("touchMove", 190 - apart, 190 + apart)
    touch("touchEnd")
    assert page.evaluate("kgt.view.scale.ppd") > 1.5 * before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_axe_finds_no_serious_fault(open_page, scheme, narrow):
    options = {"viewport": NARROW} if narrow else {}
    for name, model in (("many.html", small()), ("story.html", life())):
        page = open_page(timeline_html(model), name, color_scheme=scheme, **options).ready()
        page.locator(".tl-more summary").click()
        page.locator("#tl-table summary").click()
        page.locator(".name").first.click()
        assert faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert faults(page) == []


# ---- how fast


def test_three_hundred_rows_over_ten_releases_are_ready_in_time(open_page):
    page = open_page(timeline_html(sample(300, landings=2100))).ready()
    assert page.evaluate("performance.now()") < 4_000  # the aim is two seconds; shared machines are noisy


def test_a_pan_of_a_thousand_rows_takes_little_of_each_frame(open_page):
    page = open_page(timeline_html(sample(1000))).ready()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        return next(
            m["value"]
            for m in session.send("Performance.getMetrics")["metrics"]
            if m["name"] == "TaskDuration"
        )

    page.evaluate(
        "() => { window.frames_ = []; const tick = (at) => { frames_.push(at); requestAnimationFrame(tick); }; requestAnimationFrame(tick); }"
    )
    box = page.locator("#tl-scroll").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("frames_.length = 0")
    before = busy()
    for step in range(120):
        page.mouse.move(x + 400 * math.sin(step / 15), y + 200 * math.cos(step / 15))
    frames = page.evaluate("frames_")
    used = (busy() - before) * 1000 / len(frames)
    page.mouse.up()
    gaps = sorted(after - before for before, after in itertools.pairwise(frames))
    print(f"{1000 * len(gaps) / sum(gaps):.0f} frames/s, {used:.1f} ms of each on the main thread")
    assert used < 12  # of the 16.7 that a frame has, on the processor's own clock


# ---- what the window shows


def test_a_head_says_what_became_of_all_promises_and_how_many_rows_stand_there(open_page):
    model = sample(120)
    page = open_page(timeline_html(model)).ready()
    heads = page.evaluate(
        "kgt.view.rows.filter((r) => r.group && r.slug).map((r) => [r.slug, r.promised, r.outcomes])"
    )
    for slug, promised, outcomes in heads:
        made = Counter(one.outcome for one in model.promises if one.release == slug)
        assert promised == made.total()
        assert dict(outcomes) == made
    said = page.locator(".group button").first.inner_text()
    assert f"{heads[0][1]} promised:" in said
    assert "here" in said


def test_opening_an_old_release_shows_its_cycle(open_page):
    page = open_page(timeline_html(sample(120))).ready()
    slug = page.evaluate("kgt.view.rows.findLast((row) => row.group && row.slug).slug")
    page.evaluate("(n) => kgt.bring(n)", page.evaluate("kgt.view.rows.findLastIndex((row) => row.group)"))
    page.locator(".group button").last.click()
    page.wait_for_timeout(80)
    start, ship = page.evaluate("(s) => [kgt.bySlug.get(s).start, kgt.bySlug.get(s).ship]", slug)
    first, last = shown(page)
    assert first <= start + 1
    assert last >= ship - 1


def test_a_link_with_a_search_alone_shows_where_its_hits_are_and_rows_elsewhere_have_an_arrow(open_page):
    model = sample(120)
    old = min(model.features, key=lambda one: one.moved)
    page = open_page(timeline_html(model)).ready()
    page.evaluate("(q) => { location.hash = new URLSearchParams({ q }); }", old.label)
    page.wait_for_function("() => kgt.view.fit.length < 120")
    page.wait_for_timeout(80)
    assert page.evaluate("kgt.itemsOf(kgt.view.fit[0]).some(kgt.inView)")
    assert page.locator(".away").count() == 0
    page.evaluate("kgt.show(kgt.view.whole.last - 20, kgt.view.whole.last)")
    page.wait_for_timeout(80)
    page.locator(".away").first.click()
    page.wait_for_timeout(80)
    assert page.evaluate("kgt.itemsOf(kgt.view.fit[0]).some(kgt.inView)")


# ---- what nobody took up again, and what was chosen


def test_what_nobody_took_up_again_ends_in_a_cross_and_says_what_landed(open_page):
    page = open_page(timeline_html(dropped_life())).ready()
    page.mouse.click(*spot(page, 0, "promise", 1))
    assert "the specs never call it implemented" in panel(page)
    assert "step 0" in panel(page)
    assert page.evaluate("kgt.itemsOf(kgt.features[0]).find((item) => item.facts[0].to === 'hop').stub")
    page.evaluate("kgt.pick({ feature: kgt.features[0], facts: [kgt.features[0].slip[1]] })")
    assert "not taken up again after Fir; 2 patches landed in Fir" in panel(page)


def test_a_pick_hides_the_tip_and_stays_in_view_beside_the_panel(open_page):
    page = open_page(timeline_html(small())).ready()
    x, y = spot(page, 3, "mark", 0)
    page.mouse.move(x, y)
    assert page.locator("#tl-tip").is_visible()
    page.mouse.down()
    page.mouse.up()
    assert page.locator("#tl-tip").is_hidden()
    page.wait_for_timeout(150)
    assert page.evaluate(
        "kgt.inView(kgt.itemsOf(kgt.chosen().feature).find((i) => i.facts.includes(kgt.chosen().facts[0])))"
    )


def test_the_story_around_a_site_leads_to_evidence(open_page):
    drawn = timeline_page(life())
    page = open_page(single_file(replace(drawn, data={**drawn.data, "site": "/"}))).ready()
    hrefs = page.eval_on_selector_all("#tl-story cite a", "(all) => all.map((a) => a.getAttribute('href'))")
    assert "/evidence?source=notes%2F3.md&line=12" in hrefs


def test_a_tap_on_a_name_opens_its_row(open_page):
    page = open_page(timeline_html(small()), viewport=NARROW, has_touch=True).ready()
    box = page.locator(".name").nth(1).bounding_box()
    page.touchscreen.tap(box["x"] + 20, box["y"] + box["height"] / 2)
    assert page.locator("#panel").get_attribute("data-selected") == "row"
