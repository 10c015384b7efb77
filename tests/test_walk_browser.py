"""The way through the web face that its first reader takes, from a question to a file: by mouse, by touch, by keyboard.

Both ways are one walk with another hand. The keyboard finds everything as a person does who hears the page: it goes
on from stop to stop until the name and role that Chromium itself computes for the focused element are the wanted ones.
"""

from __future__ import annotations

import csv
import io
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import pytest
from browsing import NARROW, READY, WIDE
from conftest import ROOT

pytestmark = pytest.mark.browser
FEATURE, PATCH = r"/id/[^/]+/feature/[^?]+$", r"/id/[^/]+/patch/[^?]+$"
OPTION = "[role=option]"


@dataclass(frozen=True)
class Words:
    """What the walk looks for on the pages of one language; `said` is a pattern with the number of rows."""

    question: str
    said: str
    ask: str
    graph: str
    search: str
    timeline: str
    chart: str
    editor: str
    query: str
    run: str


ZH = Words(
    "从 Queens 推迟到 Rocky 的有哪些", r"有 (\d+) 个特性从 Queens 推迟到 Rocky", "提问", "关系图", "搜索",
    "时间线", "时间线。", "SPARQL", "查询", "运行",
)  # fmt: skip
EN = Words(
    "what slipped from Queens to Rocky", r"(\d+) features? slipped from Queens to Rocky", "Ask", "Graph", "Search",
    "Timeline", "Timeline", "SPARQL", "Query", "Run",
)  # fmt: skip


# ---- hands


class Hand(ABC):
    """One way of using a page."""

    def __init__(self, page: Any) -> None:
        self.page = page

    @abstractmethod
    def press(self, role: str, name: str, at: str = "") -> None:
        """Use the first link or button of a name; `at` is a pattern of where a link leads."""

    @abstractmethod
    def write(self, role: str, name: str, text: str) -> None:
        """Replace the text of a field."""

    @abstractmethod
    def unfold(self, text: str) -> None:
        """Open what is folded under some words."""

    @abstractmethod
    def mark(self, name: str) -> None:
        """Open the first bar or mark of the timeline, whose chart has a name."""

    def go(self, role: str, name: str, to: str) -> None:
        """Use a link that leads to an address of a pattern, and be there."""
        self.press(role, name, to if role == "link" else "")
        self.page.wait_for_url(re.compile(to))


class Pointer(Hand):
    """A mouse, or a finger."""

    def __init__(self, page: Any, *, finger: bool = False) -> None:
        super().__init__(page)
        self.finger = finger

    def press(self, role: str, name: str, at: str = "") -> None:
        found = self.page.get_by_role(role, name=name).filter(visible=True)
        every = [one for one in found.all() if re.search(at, one.get_attribute("href") or "")]
        assert every, f"no {role} {name!r} on {self.page.url}"
        self._use(every[0])

    def write(self, role: str, name: str, text: str) -> None:
        self._use(self.page.get_by_role(role, name=name).first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def unfold(self, text: str) -> None:
        self._use(self.page.locator("summary", has_text=text).first)

    def mark(self, name: str) -> None:
        chart = self.page.get_by_role("application", name=name)
        box = chart.bounding_box()
        bars = [bar.bounding_box() for bar in chart.locator("svg .bar").all()]
        middles = ((bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2) for bar in bars)
        spot = next((x, y) for x, y in middles if box["x"] < x < box["x"] + box["width"])
        (self.page.touchscreen.tap if self.finger else self.page.mouse.click)(*spot)

    def _use(self, found: Any) -> None:
        (found.tap if self.finger else found.click)()


class Keys(Hand):
    """The keyboard and nothing else."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.tree = page.context.new_cdp_session(page)

    def focused(self) -> tuple[str, str, str]:
        """Role and name of the focused element as Chromium tells them to a screen reader, and where a link leads."""
        held = self.tree.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        wanted = {"objectId": held["objectId"], "fetchRelatives": False}
        node = self.tree.send("Accessibility.getPartialAXTree", wanted)["nodes"][0]
        role, name = (node.get(key, {}).get("value", "") for key in ("role", "name"))
        return role, name, self.page.evaluate("document.activeElement.getAttribute('href') || ''")

    def reach(self, role: str, name: str, at: str = "", *, most: int = 90, key: str = "Tab") -> None:
        """Go from stop to stop until one has the role and the name. Every stop on the way has a name, and is seen."""
        passed: list[str] = []
        for _ in range(most):
            self.page.keyboard.press(key)
            have, called, leads = self.focused()
            if have == role and name in called and re.search(at, leads):
                assert self.page.evaluate(SEEN), f"{role} {called!r} is focused and cannot be seen"
                return
            assert called or self.page.evaluate(NOWHERE), f"a {have} without a name after {passed[-3:]}"
            passed.append(f"{have} {called}")
        raise AssertionError(f"no {role} {name!r} within {most} stops of {self.page.url}: {passed}")

    def press(self, role: str, name: str, at: str = "") -> None:
        self.reach(role, name, at)
        self.page.keyboard.press("Enter")

    def write(self, role: str, name: str, text: str) -> None:
        self.reach(role, name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def unfold(self, text: str) -> None:
        self.press("DisclosureTriangle", text)

    def mark(self, name: str) -> None:
        self.reach("application", name)
        for key in ("ArrowDown", "ArrowRight", "Enter"):
            self.page.keyboard.press(key)


NOWHERE = "document.activeElement === document.body"  # beyond the last stop, before the first
# The focused element stands in the window, and it or the frame around it shows that it has the focus.
SEEN = """() => {
  const found = document.activeElement, box = found.getBoundingClientRect();
  const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const around = [found, found.parentElement, found.parentElement.parentElement].map((one) => getComputedStyle(one));
  return inside && found.matches(':focus-visible') && around.some((look) => look.outlineStyle !== 'none');
}"""


# ---- the walk


def asked(hand: Hand, words: Words) -> tuple[str, str]:
    """From home to an answer; gives the quote and the place of its first evidence from the notes."""
    page = hand.page
    hand.write("combobox", words.ask, words.question)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?q=*")
    said = re.search(words.said, page.inner_text("h1"))
    rows = page.locator(".ask-table tbody")
    assert said and 0 < int(said[1]) <= rows.count()
    proof = page.locator(".ask-proof details").filter(has=page.locator("cite a", has_text=".md:")).first
    quoted = proof.locator("blockquote").filter(has=page.locator("cite a", has_text=".md:")).first
    place = quoted.locator("cite").text_content()
    return quoted.text_content().removesuffix(place).strip(), place


def proved(hand: Hand, quote: str, place: str) -> None:
    """From an answer to the evidence of a row: the line of the notes as it stands in the file."""
    page = hand.page
    hand.unfold(quote[:40])
    hand.go("link", place, r"/evidence\?")
    path, line = page.inner_text("h1").rsplit(":", 1)
    written = (ROOT / path).read_text("utf-8").split("\n")[int(line) - 1]
    assert quote in written
    assert quote in page.locator("blockquote").all_inner_texts()
    assert written.strip() == page.locator("li[aria-current=true] .text").inner_text().strip()


def drawn(hand: Hand, words: Words) -> None:
    """From the evidence to the feature it speaks of, its graph, and a patch that the graph shows."""
    page = hand.page
    feature = next(
        link for link in page.locator("main a").all() if re.search(FEATURE, link.get_attribute("href"))
    )
    hand.go("link", feature.inner_text(), FEATURE)
    address, title = page.evaluate("location.pathname"), page.inner_text("h1")
    hand.go("link", words.graph, r"/graph\?thing=")
    page.wait_for_function(READY)
    hand.write("searchbox", words.search, title)
    hit = page.locator(f"#panel [data-list=hits] [data-node$='{address.removeprefix('/id/')}']")
    hand.press("button", " ".join(hit.inner_text().split()))
    assert page.locator("#panel #page").get_attribute("href") == address
    near = page.locator("#panel [data-list=near] [data-node*='/patch/']").first
    patch = near.locator("span").inner_text()
    hand.press("button", patch)
    page.wait_for_function("(text) => document.getElementById('label').textContent === text", arg=patch)
    hand.go("link", page.inner_text("#panel #page"), PATCH)
    assert patch in page.inner_text("main")


def timed(hand: Hand, words: Words) -> None:
    """From a patch to the timeline, and to what stands behind a mark of it."""
    page = hand.page
    hand.go("link", words.timeline, r"/timeline")
    page.wait_for_function(READY)
    hand.mark(words.chart)
    panel = page.locator("#panel")
    assert panel.get_attribute("data-selected")
    assert panel.locator("h2").inner_text() and panel.locator("dl dd").count() > 1
    assert re.search(FEATURE, panel.locator("h2 a").get_attribute("href"))
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")


def queried(hand: Hand, words: Words) -> None:
    """From the timeline to a query with a completed term, its rows, and the file of them."""
    page = hand.page
    hand.go("link", words.editor, r"/sparql|/editor")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    hand.write("textbox", words.query, "SELECT DISTINCT ?slip ?class WHERE { ?slip a kg:Sli")
    page.locator("#ed-list").wait_for()
    chosen(hand, "kg:Slip")
    page.keyboard.type(" ; kg:slipClass ?class } ORDER BY ?slip ")
    assert "a kg:Slip ;" in page.input_value("#query")
    page.keyboard.press("Escape")
    hand.press("button", words.run)
    page.locator("#ed-out tbody tr").first.wait_for()
    with page.expect_download() as file:
        hand.press("link", "CSV")
    rows = list(csv.reader(io.StringIO(file.value.path().read_text("utf-8"))))
    assert rows[0] == ["slip", "class"]
    assert len(rows) - 1 == page.locator("#ed-out tbody tr").count() > 5
    assert rows[1][1] == page.locator("#ed-out tbody tr").first.locator("td").last.inner_text()


def chosen(hand: Hand, name: str) -> None:
    """Take a suggestion of the editor."""
    if isinstance(hand, Pointer):
        hand.press("option", name)
        return
    hand.page.keyboard.press("ArrowDown")
    hand.page.keyboard.press("Enter")


def walked(hand: Hand, words: Words) -> None:
    quote, place = asked(hand, words)
    proved(hand, quote, place)
    drawn(hand, words)
    timed(hand, words)
    queried(hand, words)


@pytest.mark.parametrize(
    ("words", "locale", "size"), [(ZH, "zh-CN", WIDE), (EN, "en", NARROW)], ids=["zh", "en"]
)
def test_by_mouse_or_touch(visit, words: Words, locale: str, size: dict[str, int]):
    finger = size is NARROW
    tab = visit("/", locale=locale, viewport=size, has_touch=finger, is_mobile=finger)
    walked(Pointer(tab.page, finger=finger), words)
    tab.quiet()


@pytest.mark.parametrize(
    ("words", "locale", "size"), [(ZH, "zh-CN", WIDE), (EN, "en", NARROW)], ids=["zh", "en"]
)
def test_by_keyboard_alone(visit, words: Words, locale: str, size: dict[str, int]):
    tab = visit("/", locale=locale, viewport=size)
    walked(Keys(tab.page), words)
    tab.quiet()
