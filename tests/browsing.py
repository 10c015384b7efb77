"""Headless Chromium for the tests of pages and of the web face: nothing but the page's own host is reached."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SWITCHES = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
READY = "document.documentElement.dataset.ready === 'true'"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SERIOUS = ("serious", "critical")


def chromium() -> str | None:
    """Where Chromium is, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def running() -> Iterator[Any]:
    """A browser. The caller has made sure that playwright and Chromium are there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=SWITCHES.split())
        yield browser
        browser.close()


class Visit:
    """A browser's tab in a context of its own, with all that it asked for and said.

    Requests for which `ours` does not hold are refused, and stand in `foreign`.
    """

    def __init__(self, browser: Any, ours: Callable[[str], bool], **options: Any) -> None:
        self.context = browser.new_context(viewport=options.pop("viewport", WIDE), **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.requests: list[str] = []
        self.foreign: list[str] = []
        self.noise: list[str] = []
        self._ours = ours
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.noise.append("dialog"), dialog.dismiss()))
        self.page.route("**/*", self._asked)

    def _asked(self, route: Any) -> None:
        url = route.request.url
        self.requests.append(url)
        if self._ours(url) or url.startswith(("data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(url)
            route.abort()

    def quiet(self) -> None:
        """Nothing was asked of anybody else, and nothing was said on the console."""
        assert (self.foreign, self.noise) == ([], [])


class Opened(Visit):
    """A page from a file."""

    def __init__(self, browser: Any, path: Path, text: str, **options: Any) -> None:
        path.write_text(text, encoding="utf-8")
        self.url = path.as_uri()
        super().__init__(browser, lambda url: url.split("#")[0] == self.url, **options)
        self.page.goto(self.url)

    def ready(self) -> Any:
        """The page, when its script is through."""
        self.page.wait_for_function(READY)
        return self.page


def faults(page: Any) -> list[str]:
    """What axe-core calls serious or critical on a page: rule, and the places with its reason."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
