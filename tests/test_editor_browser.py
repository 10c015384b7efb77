"""The SPARQL editor and the catalogue in headless Chromium: by keyboard and mouse, nothing but the web face reached."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

import pytest
from browsing import NARROW, faults

pytestmark = pytest.mark.browser
SLIPS = "SELECT DISTINCT ?from ?to (COUNT(DISTINCT ?slip) AS ?slips)\nWHERE { ?slip a kg:Slip ; kg:from ?from ; kg:to ?to }\nGROUP BY ?from ?to"


@pytest.fixture
def edit(visit):
    """The editor, ready; with a text in place of the first query."""

    def start(text=None, address="/editor", **options):
        opened = visit(address, **options)
        opened.page.wait_for_selector("html[data-ready=true]", state="attached")
        if text is not None:
            opened.page.fill("#query", text)
        return opened

    return start


def typed(page, text):
    page.locator("#query").press_sequentially(text)


def value(page):
    return page.locator("#query").input_value()


def active(page):
    return page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.querySelector('b').textContent"
    )


def ran(page):
    page.wait_for_selector("#ed-out [role=tabpanel], #ed-out .ed-yes, #ed-fault:not([hidden])")


# ---- completion


def test_a_class_is_completed_by_keyboard(edit):
    opened = edit("")
    page = opened.page
    page.focus("#query")
    typed(page, "SELECT ?x WHERE { ?x a kg:Sl")
    options = page.locator("#ed-list [role=option]")
    assert "kg:Slip" in options.first.inner_text()
    assert "a feature that moved" in options.first.inner_text()
    assert active(page) == "kg:Slip"
    page.keyboard.press("Enter")
    assert value(page).endswith("?x a kg:Slip")
    assert page.locator("#ed-list").is_hidden()
    page.keyboard.press("Control+z")
    assert "kg:Slip" not in value(page)
    opened.quiet()


def test_enter_takes_a_name_and_escape_gives_it_back(edit):
    page = edit("").page
    page.focus("#query")
    typed(page, "SELECT ?x { ?x a kg:Rel")
    page.keyboard.press("Enter")
    assert value(page).endswith("?x a kg:Release")
    page.keyboard.press("Enter")
    assert value(page).endswith("kg:Release\n")  # nothing is open: a new line
    typed(page, "; kg:slu")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    assert value(page).endswith("; kg:slu\n")
    typed(page, "; kg:from")
    assert page.locator("#ed-list [role=option]", has_text="kg:fromSource").count() == 1
    page.keyboard.press("Enter")  # a name that is all there is not made longer
    assert value(page).endswith("; kg:from\n")
    page.fill("#query", "")
    typed(page, "PREFIX kg:")
    page.keyboard.press("Enter")
    assert value(page) == "PREFIX kg:\n"


@pytest.mark.parametrize(
    ("start", "first", "never"),
    [
        ("SELECT ?x { ?x kg:sl", "kg:slug", ""),
        ("SELECT ?x { ?x a kg:Release ; kg:sl", "kg:slug", ""),
        ("SELECT ?x { ?x kg:about/kg:sl", "kg:slug", ""),
        ("SELECT ?x { ?x (kg:about|kg:sl", "kg:slug", ""),
        ("SELECT ?x { ?x a kg:sl", "kg:Slip", "kg:slug"),
        ("SELECT ?x { ?x rdf:type kg:sl", "kg:Slip", "kg:slug"),
        ("SELECT ?x { ?x a kg:Release, kg:sl", "kg:Slip", "kg:slug"),
    ],
)
def test_what_is_offered_fits_its_place(edit, start, first, never):
    page = edit("").page
    page.focus("#query")
    typed(page, start)
    names = page.locator("#ed-list [role=option] b").all_inner_texts()
    at = {name: n for n, name in enumerate(names)}
    assert at[first] < at.get("kg:Slip" if first == "kg:slug" else "kg:slug", len(names))
    kinds = page.locator("#ed-list [role=option] i").all_inner_texts()
    assert kinds[0] == ("property" if first == "kg:slug" else "class")
    assert active(page) == names[0]
    if never:
        assert set(kinds) == {"class"}


def test_everything_is_offered_when_asked_for(edit):
    opened = edit("SELECT ?feature WHERE { ?slip kg:feature ?feature . ")
    page = opened.page
    page.focus("#query")
    page.keyboard.press("End")
    page.keyboard.press("Control+Space")
    assert active(page) == "?feature"
    page.keyboard.press("ArrowDown")
    assert active(page) == "?slip"
    page.keyboard.press("Escape")
    assert page.locator("#ed-list").is_hidden()
    typed(page, "FILT")
    page.keyboard.press("Tab")
    assert value(page).endswith("FILTER ")
    typed(page, "?s")
    page.locator("#ed-list [role=option]", has_text="?slip").click()
    assert value(page).endswith("FILTER ?slip")
    typed(page, " 'kg:Sl")
    assert page.locator("#ed-list").is_hidden()  # nothing is completed in a string
    opened.quiet()


def test_terms_are_found_by_their_meaning_in_chinese(edit):
    opened = edit("", locale="zh-CN")
    opened.page.focus("#query")
    typed(opened.page, "推迟")
    opened.page.keyboard.press("Control+Space")
    assert "kg:Slip" in opened.page.locator("#ed-list").inner_text()
    assert "推迟" in opened.page.locator("#ed-list").inner_text()


def test_the_keyboard_is_not_caught(edit):
    page = edit("").page
    page.focus("#query")
    page.keyboard.press("Tab")
    assert value(page) == "  "
    page.keyboard.press("Shift+Tab")
    assert value(page) == ""
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "ed-run"
    assert "Esc, then Tab" in page.locator("#ed-keys").inner_text()


def test_a_term_that_is_not_there_is_told_and_mended(edit):
    page = edit("SELECT ?x WHERE { ?x a kg:Slpi }").page
    page.locator("#ed-lint button", has_text="kg:Slip").click()
    assert value(page) == "SELECT ?x WHERE { ?x a kg:Slip }"
    page.wait_for_selector("#ed-lint:not(:has(button))", state="attached")


def test_prefix_lines_are_added(edit):
    page = edit('SELECT ?x WHERE { ?x dcterms:title "schema:x" ; a kg:Slip }').page
    page.click("#ed-prefixes")
    assert value(page).startswith(
        "PREFIX dcterms: <http://purl.org/dc/terms/>\nPREFIX kg: <https://w3id.org/release-kg/ns#>\nSELECT"
    )
    page.click("#ed-prefixes")
    assert value(page).count("PREFIX") == 2


# ---- running


def test_a_fault_has_its_line_and_the_caret_goes_there(edit):
    page = edit("SELECT ?x\nWHERE {\n  ?x a ;\n}").page
    page.focus("#query")
    page.keyboard.press("Control+Enter")
    ran(page)
    said = page.locator("#ed-fault").inner_text()
    assert "line 3, column" in said
    shown, caret = page.locator("#ed-fault pre").inner_text().split("\n")[:2]
    assert shown == "  ?x a ;"
    assert caret.rstrip().endswith("^")
    assert page.locator(".ed-lines .bad").inner_text() == "3"
    at = page.evaluate("document.getElementById('query').selectionStart")
    assert value(page)[:at].count("\n") == 2
    assert page.evaluate("document.activeElement.id") == "query"


def test_rows_as_table_chart_graph_and_file(edit):
    opened = edit(SLIPS)
    page = opened.page
    page.click("#ed-run")
    ran(page)
    rows = page.locator("#ed-out tbody tr")
    count = rows.count()
    assert count > 2
    assert page.locator("#ed-status").inner_text().startswith(f"{count} rows")
    link = rows.first.locator("a").first
    assert link.get_attribute("href").startswith("/id/openstack/release/")
    page.locator("#ed-out th button", has_text="slips").click()
    numbers = [int(text) for text in page.locator("#ed-out td.num").all_inner_texts()]
    assert numbers == sorted(numbers)
    page.locator("#ed-out th button", has_text="slips").click()
    assert page.locator("#ed-out th[aria-sort=descending]").count() == 1
    assert [int(text) for text in page.locator("#ed-out td.num").all_inner_texts()] == sorted(
        numbers, reverse=True
    )
    page.locator("[role=tab]", has_text="Table").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".chart svg .c-bar").count() > 1
    page.locator(".chart summary").click()
    assert page.locator(".chart-points tbody tr").count() == page.locator(".chart svg .c-bar").count()
    page.keyboard.press("Escape")
    page.locator("[role=tab]", has_text="Graph").click()
    assert page.locator(".net a").count() > 2
    assert "/editor?as=graph" in page.locator(".chart-note a").get_attribute("href")
    with page.expect_download() as got:
        page.locator(".ed-down a", has_text="CSV").click()
    text = got.value.path().read_text("utf-8")
    assert len(list(csv.reader(io.StringIO(text)))) == count + 1
    opened.quiet()


def test_a_result_that_counts_sources_says_so_and_mends_it(edit):
    opened = edit("SELECT (COUNT(*) AS ?n) { ?s a kg:Release }")
    page = opened.page
    notes = page.locator("#ed-notes")
    said = "A statement of several sources comes once for each"
    assert said in page.locator("#ed-once").inner_text()

    def run(text):
        page.fill("#query", text)
        page.click("#ed-run")
        page.wait_for_selector("#ed-status:has-text(' s')")
        ran(page)

    def mend():
        page.locator("#ed-notes button").click()
        page.wait_for_selector("#ed-notes:empty", state="attached")
        page.wait_for_selector("#ed-status:has-text(' s')")
        return [int(text) for text in page.locator("#ed-out td.num").all_inner_texts()]

    run("SELECT (COUNT(*) AS ?n) { ?s a kg:Release }")
    assert said in notes.inner_text()
    twice = int(page.locator("#ed-out td.num").inner_text())
    assert mend()[0] < twice
    assert "COUNT(DISTINCT *)" in value(page)
    run("SELECT (SUM(?k) AS ?n) WHERE { ?s a kg:Release ; kg:ordinal ?k }")
    assert "SUM" in notes.inner_text()
    twice = int(page.locator("#ed-out td.num").inner_text())
    assert mend()[0] < twice
    assert "{ SELECT DISTINCT * WHERE { ?s a kg:Release ; kg:ordinal ?k } }" in value(page)
    run("SELECT ?s { ?s a kg:Release }")
    rows = page.locator("#ed-out tbody tr").count()
    assert said in notes.inner_text()
    mend()
    assert value(page) == "SELECT DISTINCT ?s { ?s a kg:Release }"
    assert page.locator("#ed-out tbody tr").count() < rows
    run("SELECT (MAX(?k) AS ?n) { ?s kg:ordinal ?k }")
    assert notes.inner_text() == ""
    run("ASK { ?s a kg:Release }")
    assert notes.inner_text() == ""
    opened.quiet()


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en-GB", "No such term: kg:Relase, did you mean kg:Release"), ("zh-CN", "没有这个词：kg:Relase，是不是 kg:Release")],
)  # fmt: skip
def test_an_empty_result_names_the_term_that_is_not_there(edit, locale, said):
    page = edit("SELECT ?s { ?s a kg:Relase ; kg:slug 'queens' }", locale=locale).page
    page.click("#ed-run")
    ran(page)
    assert said in page.locator("#ed-notes").inner_text()
    page.locator("#ed-notes button").click()
    page.wait_for_selector("#ed-out tbody tr a")
    assert "a kg:Release ;" in value(page)
    assert "kg:Relase" not in page.locator("#ed-notes").inner_text()


def test_a_graph_is_drawn_as_the_patterns_say(edit):
    opened = edit("SELECT * { ?s a kg:Meeting ; ?p ?o }")
    page = opened.page
    page.click("#ed-run")
    ran(page)
    assert [text.strip() for text in page.locator("#ed-out th button").all_inner_texts()] == ["s", "p", "o"]
    page.locator("[role=tab]", has_text="Graph").click()
    labels = page.locator(".net line title").all_text_contents()
    edges = {word for label in labels for word in label.split(", ")}
    assert {"rdf:type", "kg:fromSource"} <= edges
    assert not edges & {"s", "p", "o"}
    nodes = page.locator(".net a title").all_text_contents()
    assert not [name for name in nodes if name.endswith(("ns#fromSource", "#type"))]
    page.click(".chart-note a")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    assert "as=graph" in page.url
    opened.quiet()


def test_triples_and_answers(edit):
    opened = edit("CONSTRUCT { ?slip kg:to ?to } WHERE { ?slip kg:to ?to } LIMIT 3")
    page = opened.page
    page.click("#ed-run")
    ran(page)
    assert "3 triples" in page.locator("#ed-status").inner_text()
    assert "kg:to" in page.locator("#ed-out tbody").inner_text()
    page.locator("[role=tab]", has_text="Graph").click()
    assert page.locator(".net line").count() == 3
    page.fill("#query", "ASK { ?x a kg:Slip }")
    page.click("#ed-run")
    page.wait_for_selector(".ed-yes")
    assert page.locator(".ed-yes").inner_text() == "Yes"
    opened.quiet()


def test_a_query_is_stopped(edit):
    page = edit("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }").page
    page.click("#ed-run")
    page.click("#ed-stop")
    page.wait_for_selector("#ed-status:has-text('Stopped')")
    assert page.locator("#ed-stop").is_hidden()
    page.fill("#query", "ASK {}")
    page.click("#ed-run")
    ran(page)


def test_text_from_the_graph_is_text(edit):
    opened = edit(
        'SELECT ("<img src=x onerror=alert(1)>" AS ?a) ("javascript:alert(1)" AS ?b) ("a\\u202eb" AS ?c) WHERE {}'
    )
    page = opened.page
    page.click("#ed-run")
    ran(page)
    said = page.locator("#ed-out tbody").inner_text()
    assert "<img src=x" in said
    assert "\\u202e" in said
    assert page.locator("#ed-out tbody a, #ed-out tbody img").count() == 0
    opened.quiet()


# ---- sharing, history, narrow screens


def test_an_address_holds_the_query_and_runs_it(edit):
    opened = edit(address=f"/editor?query={quote('ASK { ?x a kg:Slip }')}")
    opened.page.wait_for_selector(".ed-yes")
    opened.page.fill("#query", "ASK { ?x a kg:Bug }")
    opened.page.click("#ed-run")
    opened.page.wait_for_url(lambda url: "kg%3ABug" in url)


def test_history_is_kept_here_and_can_be_cleared(edit):
    opened = edit("ASK { ?x a kg:Slip }")
    page = opened.page
    page.click("#ed-run")
    ran(page)
    page.goto(page.url.split("?")[0])
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.locator("#ed-history summary").click()
    page.locator("#ed-history li button").first.click()
    assert value(page) == "ASK { ?x a kg:Slip }"
    page.locator("#ed-history > button").click()
    assert page.locator("#ed-history li").count() == 0
    assert page.evaluate("localStorage.getItem('kg.queries')") == "[]"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [{}, {"viewport": NARROW}])
def test_pages_fit_and_have_no_serious_fault(visit, edit, scheme, options):
    for address in (
        "/questions",
        "/questions/slips?from=queens&to=rocky",
        "/questions/slip-counts",
        "/questions/slips?from=quens",
    ):
        opened = visit(address, color_scheme=scheme, **options)
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults(opened.page) == []
    opened = edit(SLIPS, color_scheme=scheme, **options)
    opened.page.click("#ed-run")
    ran(opened.page)
    for tab in ("Chart", "Graph", "Raw", "Table"):
        opened.page.locator("[role=tab]", has_text=tab).click()
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults(opened.page) == []
    opened.page.focus("#query")
    opened.page.keyboard.press("Control+Space")
    assert faults(opened.page) == []


# ---- the catalogue


def test_the_catalogue_is_filtered_while_typing(visit):
    opened = visit("/questions")
    page = opened.page
    whole = page.locator(".q-list li:visible").count()
    page.fill("#q-find", "slip")
    left = page.locator(".q-list li:visible").count()
    assert 0 < left < whole
    assert page.locator("#q-count").inner_text() == f"{left} questions"
    page.fill("#q-find", "zzzz")
    assert page.locator("#q-none").is_visible()
    opened.quiet()


def test_names_are_offered_in_a_field(visit):
    opened = visit("/questions/patches")
    page = opened.page
    page.locator("#f-feature").press_sequentially("nested")
    page.wait_for_selector('#l-feature option[value="nested-resource-providers"]', state="attached")
    page.fill("#f-feature", "nested-resource-providers")
    page.keyboard.press("Enter")
    page.wait_for_selector(".q-table")
    assert page.url.endswith(
        "/questions/patches?feature=nested-resource-providers"
    )  # empty fields say nothing
    opened.quiet()


def test_an_answer_is_charted(visit):
    opened = visit("/questions/slip-counts", locale="zh-CN")
    page = opened.page
    page.click("#q-chart")
    page.wait_for_selector("#chart svg .c-bar")
    page.locator("#chart select").nth(2).select_option("line")
    assert page.locator("#chart svg .c-line").count() == 1
    page.click("#q-chart")
    assert page.locator("#chart").is_hidden()
    opened.quiet()


def test_without_a_script_all_of_it_works(visit):
    opened = visit("/editor", java_script_enabled=False)
    page = opened.page
    page.fill("#query", "SELECT DISTINCT ?x WHERE { ?x a kg:Release ; kg:slug 'queens' }")
    page.click("#ed-run")
    assert page.locator("#ed-out tbody a").get_attribute("href") == "/id/openstack/release/queens"
    page.goto(page.url.split("/editor")[0] + "/questions/slips")
    page.select_option("#f-from", "queens")
    page.select_option("#f-to", "rocky")
    page.locator(".q-form button.first").click()
    assert page.locator(".q-table tbody tr").count() > 3
