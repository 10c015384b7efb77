"""The network page in headless Chromium with all network refused: every control, by mouse and by keyboard."""

from __future__ import annotations

import json
import re

import pytest
from browsing import NARROW, WIDE, faults
from view_samples import HOSTILE, NASTY_NAME, hostile_network, large_network, network

from bench.graphs import network as graph_of
from graph.views import network as page_module
from graph.views.models import Edge, Node
from graph.views.network import network_html, network_page
from graph.views.page import Page, single_file

pytestmark = pytest.mark.browser
GROUPS = "feature:volume-groups"
SHOWN = "kg.shown.nodes.slice(0, kg.model.count).reduce((a, b) => a + b, 0)"


@pytest.fixture(params=["vis", "canvas"])
def renderer(request, monkeypatch) -> str:
    """Both renderers: all that a reader can do is the same with either."""
    if request.param == "canvas":
        monkeypatch.setattr(page_module, "MOST_VIS", -1)
    return str(request.param)


def html(lang: str = "en", **options) -> str:
    return network_html(*network(), title="周会", lang=lang, **options)


def text_of(page, selector: str) -> str:
    return page.locator(selector).inner_text()


def selected(page) -> str | None:
    return page.locator("#panel").get_attribute("data-selected")


def click_node(page, node: str) -> None:
    """A click where the node is drawn."""
    spot = page.evaluate("(key) => kg.view.positions(kg.model.byKey.get(key))", node)
    page.locator("#graph").click(position=spot)


def until(page, expression: str) -> None:
    """Waits until an expression holds; the page's policy forbids the way that playwright has for it."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def settled(page) -> str:
    """The address after # once it has been written."""
    page.wait_for_timeout(350)
    return page.evaluate("decodeURIComponent(location.hash.replaceAll('+', ' '))")


def crowd() -> tuple[list[Node], list[Edge]]:
    """Two features with many patches, of which one is said something of, and enough else to be crowded."""
    nodes = [
        Node("f", "feature", "Quota tree", "2031-01-01"),
        Node("g", "feature", "Edge cache", "2031-02-01"),
    ]
    nodes += [Node(f"p{n}", "patch", f"Patch {n}", f"2031-0{1 + n % 6}-02") for n in range(40)]
    nodes += [Node(f"m{n}", "meeting", f"Meeting {n}", f"2031-0{1 + n % 6}-09") for n in range(230)]
    edges = [Edge("f" if n < 30 else "g", f"p{n}", "implementedBy", "implemented by") for n in range(40)]
    edges += [Edge(f"m{n}", "fg"[n % 2], "discussed", "discussed") for n in range(230)]
    edges.append(Edge("m0", "g", "discussed", "discussed"))
    return nodes, edges


def crowded(**options) -> str:
    return network_html(*crowd(), title="x", lang="en", **options)


# ---- panel, legend, search


def test_a_click_on_a_node_shows_label_facts_quotes_and_links(open_page, renderer):
    opened = open_page(html("zh"))
    page = opened.ready()
    click_node(page, GROUPS)
    panel = text_of(page, "#panel")
    for part in (
        "卷组一致性快照",
        "slug",
        "volume-groups",
        "No progress this week",
        "notes/2031-03.md:31",
        "讨论 · 1",
    ):
        assert part in panel
    link = page.locator("#panel a")
    assert link.get_attribute("href") == "https://example.org/volume-groups"
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.locator("#panel [data-list=near] button", has_text="3月10日例会").click()
    assert selected(page) == "meeting:1"
    page.keyboard.press("Escape")
    assert selected(page) is None
    opened.quiet()


def test_kinds_of_nodes_and_of_links_are_filtered(open_page, renderer):
    opened = open_page(html())
    page = opened.ready()
    button = page.locator("#kinds [data-kind=patch]")
    assert "30" in button.inner_text()
    assert page.evaluate(SHOWN) == 71
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert page.evaluate(SHOWN) == 41
    assert "41" in text_of(page, "#panel h2")
    page.keyboard.press("Enter")
    assert page.evaluate(SHOWN) == 71
    page.locator("#link-filters summary").click()
    links = page.evaluate("kg.shown.edges.reduce((a, b) => a + b, 0)")
    page.locator("#links [data-link=implementedBy]").focus()
    page.keyboard.press("Space")
    assert page.evaluate("kg.shown.edges.reduce((a, b) => a + b, 0)") == links - 30
    assert page.evaluate(SHOWN) == 71
    opened.quiet()


def test_search_takes_chinese_and_enter_goes_there(open_page, renderer):
    opened = open_page(html("zh"))
    page = opened.ready()
    page.keyboard.press("/")
    page.keyboard.insert_text("一致性")
    hits = page.locator("#panel [data-list=hits] button")
    assert hits.count() == 3
    assert hits.first.get_attribute("data-node") == GROUPS
    assert page.evaluate("kg.view.settings().lit.size") == 3
    page.keyboard.press("Enter")
    assert selected(page) == GROUPS
    page.locator("#search").fill("ＶＧＰＵ 共享")  # full width letters are the same letters
    assert hits.count() == 2
    page.locator("#search").fill("没有这个东西")
    assert "没有找到" in text_of(page, "#panel")
    opened.quiet()


def test_a_long_list_shows_more_on_request(open_page):
    opened = open_page(network_html(*large_network(200), title="x", lang="en"))
    page = opened.ready()
    rows = page.locator("#panel [data-list=all] li")
    assert rows.count() == 60
    page.locator("#panel > button", has_text="140 more").click()
    assert rows.count() == 120
    opened.quiet()


def test_neighbours_stand_out_under_the_pointer_and_by_keyboard(open_page, renderer):
    opened = open_page(html())
    page = opened.ready()
    spot = page.evaluate("(key) => kg.view.positions(kg.model.byKey.get(key))", GROUPS)
    box = page.locator("#graph").bounding_box()
    page.mouse.move(box["x"] + spot["x"], box["y"] + spot["y"])
    page.mouse.move(box["x"] + spot["x"] + 1, box["y"] + spot["y"])
    until(page, f"kg.view.settings().mark.at === kg.model.byKey.get('{GROUPS}')")
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] - 2)
    until(page, "kg.view.settings().mark.at === null")
    opened.quiet()


# ---- keyboard


def test_arrows_go_from_thing_to_thing_and_enter_opens(open_page, renderer):
    opened = open_page(html())
    page = opened.ready()
    page.evaluate("kg.select('meeting:2')")
    page.locator("#graph").focus()
    page.keyboard.press("ArrowRight")
    assert "Meeting" in text_of(page, "#status")
    assert page.evaluate("kg.model.data.keys[kg.state.cursor]") == "meeting:3"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("kg.model.data.keys[kg.state.cursor]") == "meeting:2"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert selected(page).startswith("feature:")
    page.keyboard.press("]")
    one = page.evaluate("kg.state.cursor")
    page.keyboard.press("]")
    assert page.evaluate("kg.state.cursor") != one
    page.keyboard.press("[")
    assert page.evaluate("kg.state.cursor") == one
    page.keyboard.press("Escape")
    assert selected(page) is None
    opened.quiet()


def test_letters_do_what_buttons_do(open_page, renderer):
    opened = open_page(html())
    page = opened.ready()
    whole = page.evaluate("kg.view.view()")
    page.locator("#graph").focus()
    page.keyboard.press("+")
    assert page.evaluate("kg.view.view().k") == pytest.approx(whole["k"] * 1.4, rel=0.01)
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("kg.view.view().x") > whole["x"] + 20
    page.keyboard.press("0")
    assert page.evaluate("kg.view.view()") == pytest.approx(whole, rel=0.02)
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    page.locator("#help").click()
    page.locator("#keys button").click()
    assert not page.locator("#keys").is_visible()
    opened.quiet()


# ---- layout


def test_both_layouts_are_there_and_nothing_moves_by_itself(open_page):
    opened = open_page(html())
    page = opened.ready()
    place = f"(() => {{ const at = kg.model.byKey.get('{GROUPS}'); return kg.model.spots().slice(2 * at, 2 * at + 2); }})()"
    home = page.evaluate(place)
    page.locator("[data-layout=free]").click()
    assert page.locator("[data-layout=free]").get_attribute("aria-pressed") == "true"
    free = page.evaluate(place)
    assert free != home
    click_node(page, GROUPS)
    assert selected(page) == GROUPS
    page.wait_for_timeout(300)
    assert page.evaluate(place) == free
    page.locator("#graph").focus()
    page.keyboard.press("l")
    assert page.evaluate(place) == home
    click_node(page, "feature:quota-tree")
    assert selected(page) == "feature:quota-tree"
    opened.quiet()


def test_the_free_layout_can_come_first(open_page, renderer):
    opened = open_page(html(layout="free"))
    page = opened.ready()
    click_node(page, GROUPS)
    assert selected(page) == GROUPS
    assert page.evaluate("kg.state.layout") == "free"
    assert page.locator("#layouts").is_visible() is (renderer == "vis")
    opened.quiet()


def test_pan_and_zoom_by_mouse(open_page, renderer):
    opened = open_page(html())
    page = opened.ready()
    before = page.evaluate("kg.view.view()")
    page.mouse.move(30, 600)
    page.mouse.down()
    page.mouse.move(130, 560, steps=5)
    page.mouse.up()
    after = page.evaluate("kg.view.view()")
    assert (after["x"] - before["x"]) * after["k"] == pytest.approx(-100, abs=6)
    assert (after["y"] - before["y"]) * after["k"] == pytest.approx(40, abs=6)
    page.mouse.wheel(0, -300)
    until(page, f"kg.view.view().k > {after['k']}")
    assert selected(page) is None
    page.locator("#fit").click()
    assert page.evaluate("kg.view.view()") == pytest.approx(before, rel=0.02)
    opened.quiet()


# ---- folds


def test_what_is_folded_is_said_and_unfolds(open_page, renderer):
    opened = open_page(crowded())
    page = opened.ready()
    assert "Folded: Patch 40 (in 2 groups)." in text_of(page, "#said")
    assert page.evaluate(SHOWN) == 232
    fold = page.evaluate("kg.view.positions(kg.model.count)")
    page.locator("#graph").click(position=fold)
    assert page.evaluate(SHOWN) == 262
    assert selected(page) == "f"
    assert "Unfold: Patch +30" in text_of(page, "#status")
    page.locator("#panel [data-fold='0']").click()
    assert page.evaluate(SHOWN) == 232
    page.locator("#unfold-all").click()
    assert page.evaluate(SHOWN) == 272
    page.locator("#graph").focus()
    page.keyboard.press("u")
    assert page.evaluate(SHOWN) == 232
    page.locator("#search").fill("Patch 17")
    page.keyboard.press("Enter")
    assert selected(page) == "p17"
    assert page.evaluate(SHOWN) == 262
    opened.quiet()


def test_a_fold_says_how_many_of_it_are_in_the_days_shown(open_page, renderer):
    opened = open_page(crowded())
    page = opened.ready()
    assert page.evaluate("kg.model.label(kg.model.count)") == "+30"
    page.locator("#until").focus()
    page.keyboard.press("PageDown")
    until(page, "kg.model.label(kg.model.count) !== '+30'")
    opened.quiet()


def test_nothing_is_folded_where_it_is_not_wanted(open_page):
    opened = open_page(crowded(fold=False))
    page = opened.ready()
    assert page.evaluate(SHOWN) == 272
    assert not page.locator("#said").is_visible()
    opened.quiet()


# ---- time


def test_the_slider_shows_what_was_known_until_a_day(open_page, renderer):
    opened = open_page(html())
    page = opened.ready()
    assert "2031-03-03 – 2031-04-24" in text_of(page, "#time")
    handle = page.locator("#until")
    handle.focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    until(page, "document.getElementById('days').textContent.endsWith('2031-04-04')")
    assert handle.get_attribute("aria-valuetext") == "2031-04-04"
    shown = page.evaluate("kg.model.data.keys.filter((key, at) => kg.shown.nodes[at])")
    assert "meeting:4" in shown
    assert "meeting:5" not in shown
    assert "topic:lonely" in shown
    box = page.locator("#since").bounding_box()
    page.mouse.move(box["x"] + 9, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 10, steps=4)
    page.mouse.up()
    until(page, "kg.state.since > kg.model.range[0]")
    assert not page.evaluate("kg.shown.nodes[kg.model.byKey.get('meeting:0')]")
    opened.quiet()


def test_the_handles_do_not_pass_each_other_and_time_can_be_played(open_page):
    opened = open_page(html())
    page = opened.ready()
    page.locator("#until").focus()
    page.keyboard.press("Home")
    until(page, "kg.state.until === kg.state.since")
    page.locator("#since").focus()
    page.keyboard.press("End")
    page.wait_for_timeout(60)
    assert page.evaluate("kg.state.since <= kg.state.until")
    page.locator("#play").click()
    assert text_of(page, "#play") == "Pause"
    until(page, "kg.state.until > kg.state.since + 3")
    page.locator("#play").click()
    assert text_of(page, "#play") == "Play"
    opened.quiet()


# ---- path


def test_a_path_between_two_things_by_mouse(open_page, renderer):
    opened = open_page(html())
    page = opened.ready()
    click_node(page, "patch:7011")
    page.locator("#path-from").click()
    assert "select where to" in text_of(page, "#panel")
    click_node(page, "person:1")
    assert "Path · 2 links" in text_of(page, "#panel")
    steps = page.locator("#panel [data-list=path] li").all_inner_texts()
    assert [re.sub(r"\s+", " ", step).strip() for step in steps] == [
        "7011 卷组一致性快照 2031-03-17", "← 由补丁实现 — 卷组一致性快照", "← 参与 — Ada Marsh",
    ]  # fmt: skip
    assert len(page.evaluate("kg.view.settings().mark.steps")) == 2
    page.locator("#path-end").click()
    assert selected(page) == "person:1"
    opened.quiet()


def test_a_path_by_keyboard_and_none_where_links_are_hidden(open_page, renderer):
    opened = open_page(html())
    page = opened.ready()
    page.locator("#search").fill("7011")
    page.keyboard.press("Enter")
    page.locator("#graph").focus()
    page.keyboard.press("p")
    page.keyboard.press("/")
    page.keyboard.insert_text("Ada Marsh")
    page.keyboard.press("Enter")
    assert "Path · 2 links" in text_of(page, "#panel")
    page.locator("#link-filters summary").click()
    page.locator("#links [data-link=implementedBy]").click()
    assert "No path joins them." in text_of(page, "#panel")
    assert "Something is hidden" in text_of(page, "#panel")
    page.keyboard.press("Escape")
    assert page.evaluate("kg.state.from") is None
    opened.quiet()


def test_a_path_through_a_fold_unfolds_it(open_page):
    opened = open_page(crowded())
    page = opened.ready()
    page.evaluate("kg.app.pathFrom(kg.model.byKey.get('p3')); kg.select('p35')")
    assert "Path · 4 links" in text_of(page, "#panel")
    assert page.evaluate(SHOWN) == 272
    opened.quiet()


# ---- the address


def test_the_address_brings_the_same_view_back(open_page, renderer):
    opened = open_page(html())
    page = opened.ready()
    page.locator("#kinds [data-kind=bug]").click()
    page.locator("#link-filters summary").click()
    page.locator("#links [data-link=discusses]").click()
    page.locator("#until").focus()
    page.keyboard.press("ArrowLeft")
    page.evaluate(f"kg.select('{GROUPS}')")
    page.locator("#graph").focus()
    page.keyboard.press("+")
    address = settled(page)
    for part in (f"thing={GROUPS}", "hide=bug", "cut=discusses", "until=2031-04-23", "view="):
        assert part in address
    before = page.evaluate("kg.view.view()")
    page.reload()
    opened.ready()
    assert selected(page) == GROUPS
    assert page.locator("#kinds [data-kind=bug]").get_attribute("aria-pressed") == "false"
    assert page.locator("#links [data-link=discusses]").get_attribute("aria-pressed") == "false"
    assert page.evaluate("kg.view.view()") == pytest.approx(before, rel=0.02, abs=2)
    assert settled(page) == address
    opened.quiet()


def test_the_address_keeps_layout_path_search_and_folds(open_page):
    opened = open_page(crowded())
    page = opened.ready()
    page.locator("[data-layout=free]").click()
    page.evaluate("kg.app.unfold(1, true); kg.app.pathFrom(kg.model.byKey.get('f')); kg.select('g')")
    address = settled(page)
    page.goto("about:blank")
    page.goto(opened.url + "#" + "&".join(re.sub(r"[ \n]", "+", part) for part in address[1:].split("&")))
    opened.ready()
    assert "Path ·" in text_of(page, "#panel")
    assert page.evaluate("kg.state.layout") == "free"
    assert page.evaluate("[...kg.state.open]") == [1]
    page.evaluate("location.hash = '#find=Edge&open=*'")
    until(page, "kg.state.query === 'Edge'")
    assert page.locator("#search").input_value() == "Edge"
    assert page.evaluate(SHOWN) == 272
    opened.quiet()


@pytest.mark.parametrize(
    "address",
    [
        "#thing=nobody&view=a,b,c",
        "#view=1,2,-3&since=2031-99-99&until=soon",
        "#hide=%00&open=x&from=y&to=z",
        "#%",
    ],
)
def test_a_broken_address_does_no_harm(open_page, address):
    opened = open_page(html())
    page = opened.ready()
    page.goto("about:blank")
    page.goto(opened.url + address)
    opened.ready()
    assert page.evaluate(SHOWN) == 71
    opened.quiet()


# ---- pictures, tables, the site


def test_images_are_saved_at_twice_the_size_and_as_svg(open_page, renderer):
    opened = open_page(html(), accept_downloads=True)
    page = opened.ready()
    size = page.evaluate("kg.view.size()")
    with page.expect_download() as found:
        page.locator("#png").click()
    data = found.value.path().read_bytes()
    assert found.value.suggested_filename == "graph.png"
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
    assert (wide, high) == (2 * size["w"], 2 * size["h"])
    assert len(data) > 10_000
    with page.expect_download() as found:
        page.locator("#svg").click()
    text = found.value.path().read_text("utf-8")
    assert text.startswith("<svg")
    assert "Juniper" in text
    assert text.count("<path") > 100
    opened.quiet()


def test_the_tables_hold_every_thing_and_link(open_page):
    opened = open_page(crowded())
    page = opened.ready()
    assert page.locator("#table-body table").count() == 0
    page.locator("#tables summary").focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelectorAll('#table-body table').length === 2")
    assert [text.split(" · ")[1] for text in page.locator("caption").all_inner_texts()] == ["272", "271"]
    page.locator("#kinds [data-kind=meeting]").click()
    assert page.locator("#table-body tbody").first.locator("tr").count() == 42
    page.locator("#table-body [data-node=p5]").first.click()
    assert selected(page) == "p5"
    opened.quiet()


def test_with_a_site_things_lead_to_their_pages(open_page):
    base = "https://w3id.org/release-kg/id/"
    nodes = [
        Node(f"{base}openstack/feature/nova/x%20y", "feature", "X"),
        Node("https://e.org/z", "link", "Z"),
    ]
    made = network_page(nodes, [Edge(nodes[0].id, nodes[1].id, "l", "l")], title="x", lang="en")
    site = Page(**{**vars(made), "data": {**made.data, "site": "/"}})
    page = open_page(single_file(site)).ready()
    page.evaluate("kg.select('openstack/feature/nova/x%20y')")
    assert page.locator("#page").get_attribute("href") == "/id/openstack/feature/nova/x%20y"
    page.evaluate("kg.select('https://e.org/z')")
    assert page.locator("#page").count() == 0
    alone = open_page(single_file(made), "alone.html").ready()
    alone.evaluate("kg.select('openstack/feature/nova/x%20y')")
    assert alone.locator("#page").count() == 0


# ---- looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_has_a_sheet(open_page, scheme, renderer):
    opened = open_page(html("zh"), viewport=NARROW, color_scheme=scheme, has_touch=True)
    page = opened.ready()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.locator("#kinds button").first.is_visible()
    low = page.locator("#side").bounding_box()["height"]
    page.locator("#sheet").tap()
    assert page.locator("#side").bounding_box()["height"] > 2 * low
    page.locator("#panel [data-list=all] button").nth(3).tap()
    assert selected(page) is not None
    page.wait_for_timeout(700)
    spot, size = page.evaluate("[kg.view.positions(kg.state.selected), kg.view.size()]")
    assert 0 < spot["x"] < size["w"]
    assert 0 < spot["y"] < size["h"]
    page.locator("#sheet").tap()
    assert page.locator("#side").bounding_box()["height"] == low
    page.locator("#filters summary").tap()
    assert page.locator("#kinds button").first.is_visible()
    opened.quiet()


@pytest.mark.parametrize(("scheme", "viewport"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_no_serious_fault(open_page, renderer, scheme, viewport):
    opened = open_page(crowded(), viewport=viewport, color_scheme=scheme, bypass_csp=True)
    page = opened.ready()
    assert faults(page) == []
    page.evaluate("kg.select('f')")
    page.locator("#tables summary").click()
    page.evaluate(
        "document.getElementById('filters').open = document.getElementById('link-filters').open = true"
    )
    page.evaluate("document.querySelector('#kinds [data-kind=meeting]').click()")
    until(page, "document.querySelectorAll('#table-body table').length === 2")
    assert faults(page) == []
    page.evaluate("document.getElementById('keys').showModal()")
    assert faults(page) == []


def test_print_shows_the_graph_without_the_controls(open_page):
    opened = open_page(html())
    page = opened.ready()
    page.emulate_media(media="print")
    assert page.locator("#graph").is_visible()
    assert not page.locator("#search").is_visible()
    opened.quiet()


# ---- sizes


@pytest.mark.parametrize(("count", "limit"), [(500, 4_000), (2_000, 6_000), (10_000, 6_000)])
def test_large_networks_are_ready_in_time(open_page, count, limit):
    opened = open_page(network_html(*graph_of(count), title="x", lang="zh", fold=False))
    page = opened.ready()
    assert (
        page.evaluate("performance.now()") < limit
    )  # the aims are 1 and 2 seconds; shared machines are noisy
    assert page.evaluate("typeof vis") == ("undefined" if count > 2000 else "object")
    opened.quiet()


def test_ten_thousand_nodes_can_be_used(open_page):
    nodes, edges = graph_of(10_000)
    opened = open_page(network_html(nodes, edges, title="x", lang="en"))
    page = opened.ready()
    assert "Folded: Patch" in text_of(page, "#said")
    key = "bench/feature/7"
    page.evaluate("(key) => { kg.select(key); }", key)
    page.wait_for_timeout(200)
    click_node(page, key)
    assert selected(page) == key
    page.mouse.move(300, 500)
    page.mouse.down()
    taken = page.evaluate("performance.now()")
    page.mouse.move(700, 700, steps=30)
    page.mouse.up()
    assert page.evaluate("performance.now()") - taken < 5_000
    opened.quiet()


# ---- attacks


def test_attacks_run_nothing(open_page, renderer):
    opened = open_page(network_html(*hostile_network(), title=HOSTILE[6], lang="en"))
    page = opened.ready()
    page.locator("#tables summary").click()
    for at in range(len(HOSTILE)):
        page.evaluate("(at) => kg.app.select(at)", at)
        assert page.locator("#panel a, #panel img, #panel script").count() == 0
    page.evaluate("kg.app.select(0)")
    assert HOSTILE[0] in text_of(page, "#panel")
    page.locator("#search").fill("<script>")
    page.wait_for_timeout(300)
    page.reload()
    opened.ready()
    assert page.evaluate("window.__pwned") is None
    assert page.title() == HOSTILE[6]
    opened.quiet()


def test_nothing_to_show_is_said(open_page, renderer):
    empty = open_page(network_html([], [], title="", lang="zh"))
    page = empty.ready()
    assert "还没有" in text_of(page, "main")
    for key in ("ArrowRight", "Enter", "]", "+", "0", "p", "u", "l"):
        page.locator("#graph").press(key)
    empty.quiet()


def test_a_hostile_note_runs_nothing_and_can_be_used(open_page, hostile_pages):
    opened = open_page(hostile_pages["net.html"])
    page = opened.ready()
    keys = page.evaluate("kg.model.data.keys")
    assert len(keys) > 8
    hrefs = set()
    for key in keys:
        page.evaluate("(key) => kg.select(key)", key)
        assert page.locator("#panel img, #panel script, #panel iframe, #panel svg[onload]").count() == 0
        hrefs |= {link.get_attribute("href") for link in page.locator("#panel a").all()}
    assert "https://review.opendev.org/521001" in hrefs
    assert all(href.startswith("https://") for href in hrefs)
    page.keyboard.press("Escape")
    page.locator("#fit").click()
    click_node(page, next(key for key in keys if "/topic/" in key and "quota-tree" in key))
    assert "Quota tree <script>window.pwned=1</script>" in text_of(page, "#panel")
    assert NASTY_NAME in text_of(page, "#panel")
    page.locator("#search").fill("<script>")
    assert page.locator("#panel [data-list=hits] button").count() >= 2
    assert page.evaluate("window.pwned") is None
    opened.quiet()


def test_data_of_the_page_reads_back(hostile_pages):
    block = re.search(r'id="data">(.*?)</script>', hostile_pages["net.html"], re.S)
    assert json.loads(block[1])["keys"]
