"""Both pages in headless Chromium with all network refused: no request, no console message, and they work."""

from __future__ import annotations

import pytest
from browsing import NARROW
from view_samples import HOSTILE, hostile_timeline, network, timeline

from graph.views.models import Timeline
from graph.views.network import network_html
from graph.views.timeline import timeline_html, timeline_svg

pytestmark = pytest.mark.browser


def text_of(page, selector: str) -> str:
    return page.locator(selector).inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_narrow_screen(open_page, scheme):
    options = {"viewport": NARROW, "color_scheme": scheme}
    pages = (network_html(*network(), title="周会", lang="zh"), timeline_html(timeline()))
    for at, text in enumerate(pages):
        opened = open_page(text, f"{at}.html", **options)
        page = opened.ready()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
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


def test_the_drawing_of_a_hostile_note_is_svg_without_script(open_page, hostile_pages):
    opened = open_page(hostile_pages["line.svg"], "line.svg")
    assert opened.page.evaluate("document.querySelectorAll('script, image, foreignObject, a').length") == 0
    assert opened.page.evaluate("window.pwned") is None
    opened.quiet()
