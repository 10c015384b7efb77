"""Every kind of page of the web face as axe-core, a phone and a reader who follows every link find it.

The pages are chosen from the store and by following links, so that another store has other pages and the same tests.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin, urlsplit

import httpx2 as httpx
import pytest
from browsing import NARROW, WIDE, faults

from graph.serve.layout import NAV, href
from graph.store import Reader
from graph.terms import CLASSES, ID, NS

pytestmark = pytest.mark.browser
HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "accept-language": "en"}
LINKS = 30  # followed from each page
BIGGEST = """SELECT ?thing (COUNT(?value) AS ?facts) WHERE { ?thing a <CLASS> ; ?says ?value }
GROUP BY ?thing ORDER BY DESC(?facts) ?thing LIMIT 1"""
ROWS = (
    "SELECT ?from ?to (COUNT(?slip) AS ?slips) WHERE { ?slip kg:from ?from ; kg:to ?to } GROUP BY ?from ?to"
)
STATES = {  # of the editor: rows drawn from what the endpoint says, and its word on a fault
    "editor with rows": (f"/editor?run=1&query={quote(ROWS)}", "#ed-out td"),
    "editor with a fault": (f"/editor?run=1&query={quote('SELECT ?x WHERE { ?x a }')}", "#ed-fault pre"),
    "editor as a graph": (f"/editor?as=graph&query={quote(ROWS)}", "html[data-ready=true]"),
}
READY = {
    "/timeline": "html[data-ready=true]",
    "/graph": "html[data-ready=true]",
    "/sparql": "html[data-ready=true]",
}
HEADINGS = (
    "[...document.querySelectorAll('h1')].filter((one) => one.checkVisibility()).map((one) => one.innerText)"
)
MISSED = "[...document.querySelectorAll('a[href^=\"#\"]')].map((a) => a.hash.slice(1)).filter((id) => id && !document.getElementById(decodeURIComponent(id)))"


def biggest(store: Path) -> dict[str, str]:
    """The address of the thing with most facts, of each class of our vocabulary that the store has."""
    with Reader(store) as reader:
        found = {one.name: reader.select(BIGGEST.replace("CLASS", NS + one.name)).rows for one in CLASSES}
    return {
        f"a {name}": href(str(rows[0][0]))
        for name, rows in found.items()
        if rows and str(rows[0][0]).startswith(ID)
    }


def links(text: str) -> list[str]:
    """Addresses inside the site that markup links to, without those that change the reader's language."""
    every = (urldefrag(unescape(one))[0] for one in re.findall(r'<a\b[^>]*?\shref="(/[^"]*)"', text))
    return list(dict.fromkeys(one for one in every if not one.startswith("/language")))


@pytest.fixture(scope="module")
def web(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, headers=HTML, timeout=60, follow_redirects=True) as client:
        client.get("/timeline")  # what takes long at first is read before pages are looked at
        yield client


@pytest.fixture(scope="module")
def pages(web: httpx.Client, demo: Path) -> dict[str, str]:
    """Every kind of page: what it is, and its address."""

    def leads(start: str, pattern: str) -> str:
        return next(one for one in links(web.get(start).text) if re.match(pattern, one))

    found = {f"{name} of the head": at for at, name, _ in NAV}
    things = biggest(demo)
    answer, feature = leads("/ask", r"/ask\?q="), things["a Feature"]
    found |= things | {
        "an answer": answer,
        "an answer with quotes": next(one for one in links(web.get("/ask").text) if "ask-proof" in web.get(one).text),
        "a question nobody can answer": "/ask?q=" + quote("zzyzx? 天空是什么颜色"),
        "a feature's story": leads(feature, r"/timeline\?feature="),
        "a feature's graph": leads(feature, r"/graph\?thing="),
        "a question with rows": leads(feature, r"/questions/[\w-]+\?"),
        "a question to fill in": next(one for one in links(web.get("/questions").text) if " required" in web.get(one).text),
        "a question with a wrong name": leads(feature, r"/questions/[\w-]+\?").rpartition("=")[0] + "=zzyzx",
        "evidence in a file": leads("/meetings", r"/evidence\?.*line="),
        "evidence in a commit": leads(things["a Patch"], r"/evidence\?"),
        "meetings": "/meetings", "people": "/people",
        "an address that is not there": "/zzyzx", "a thing that is not there": "/id/zzyzx/feature/zzyzx/zzyzx",
        "a word that is none": "/graph?hops=zzyzx",
    }  # fmt: skip
    return found | {name: address for name, (address, _) in STATES.items()}


def shown(page: object, site: str, address: str) -> None:
    """Open an address and wait until its script is through."""
    page.goto(site + address)
    waited = next((sign for at, sign in STATES.values() if at == address), READY.get(urlsplit(address).path))
    if waited and page.locator("h1 + .lead, #graph, #tl-scroll").count():
        page.wait_for_selector(waited, state="attached")


@contextmanager
def complaints() -> Iterator[Callable[[str, object], None]]:
    """Gathers what is wrong on many pages and tells it all at once."""
    every: list[str] = []
    yield lambda name, fault: every.append(f"{name}: {fault}")
    assert not every, "\n".join(every)


# Every width meets both schemes and both languages, every language both schemes.
@pytest.mark.parametrize(
    "view",
    [(WIDE, "en", "light"), (WIDE, "zh-CN", "dark"), (NARROW, "en", "dark"), (NARROW, "zh-CN", "light")],
)
def test_every_page_is_accessible_and_fits(visit, site: str, pages, view: tuple[dict[str, int], str, str]):
    size, lang, scheme = view
    tab = visit("/ask", viewport=size, locale=lang, color_scheme=scheme)
    page = tab.page
    with complaints() as wrong:
        for name, address in pages.items():
            shown(page, site, address)
            for fault in faults(page):
                wrong(f"{name}, {scheme} ({address})", fault)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > size["width"]:
                wrong(f"{name} ({address})", f"{width} pixels wide")
            if page.evaluate("document.documentElement.lang") != lang:
                wrong(f"{name} ({address})", "the wrong language")
            if len(heads := page.evaluate(HEADINGS)) != 1 or not heads[0].strip():
                wrong(f"{name} ({address})", f"headings {heads}")
            if missed := page.evaluate(MISSED):
                wrong(f"{name} ({address})", f"links to nothing on the page: {missed}")
    assert tab.foreign == []


def test_every_page_has_a_title_of_its_own(web: httpx.Client, pages: dict[str, str]):
    titles: dict[str, set[str]] = {}
    for address in set(pages.values()) - {address for address, _ in STATES.values()}:
        said = re.search(r"<title>([^<]+)</title>", web.get(address).text)
        assert said and said[1].strip(" ·kg"), address
        titles.setdefault(said[1], set()).add(address)
    with complaints() as wrong:
        for title, same in titles.items():
            if len(same) > 1:
                wrong(title, same)


def test_every_link_inside_the_site_leads_somewhere(web: httpx.Client, pages: dict[str, str]):
    tried: dict[str, int] = {}
    with complaints() as wrong:
        for name, address in pages.items():
            every = links(web.get(address).text)
            for link in random.Random(address).sample(every, min(LINKS, len(every))):
                at = urljoin(address, link)
                tried[at] = tried.get(at) or web.get(at).status_code
                if tried[at] >= 400:
                    wrong(f"{name} ({address})", f"{at} answers {tried[at]}")
    assert len(tried) > 100
