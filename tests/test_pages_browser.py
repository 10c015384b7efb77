"""Both pages in headless Chromium with all network refused: no request, no console message, and they work."""

from __future__ import annotations

import pytest
from browsing import NARROW
from conftest import kg
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


def test_the_drawing_of_a_hostile_note_is_svg_without_script(open_page, made):
    opened = open_page(made["line.svg"], "line.svg")
    assert opened.page.evaluate("document.querySelectorAll('script, image, foreignObject, a').length") == 0
    assert opened.page.evaluate("window.pwned") is None
    opened.quiet()
