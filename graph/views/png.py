"""An SVG drawing → PNG, through a Chromium that is on the machine, without network and without a profile."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from graph.errors import KgError

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
)  # fmt: skip
SWITCHES = (
    "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--proxy-server=127.0.0.1:9", "--force-device-scale-factor=2", "--virtual-time-budget=2000",
)  # fmt: skip
HEAD = (
    "<!DOCTYPE html><meta charset='utf-8'><meta http-equiv='Content-Security-Policy' "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    "<style>html,body{margin:0}svg{display:block}</style>"
)
SIZE = re.compile(r'<svg [^>]*?width="(\d+)" height="(\d+)"')
SECONDS, MOST = 60, 8000  # a drawing of more pixels (a side) than this is refused, as Chromium cuts it off


def png(svg: str, output: Path) -> None:
    """Draw to `output`, two pixels for one of the SVG's. Raises KgError without a browser, or if it fails."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise KgError("PNG needs Chromium or Chrome, and none was found", hint="write -o FILE.svg instead")
    size = SIZE.search(svg)
    if size is None or max(int(size[1]), int(size[2])) > MOST:
        raise KgError("the drawing is too large for a PNG", hint="write -o FILE.svg, or name fewer features")
    with tempfile.TemporaryDirectory(prefix="kg-png-") as folder:
        _draw(browser, svg, (size[1], size[2]), Path(folder), output)


def _draw(browser: str, svg: str, size: tuple[str, str], folder: Path, output: Path) -> None:
    page, drawn = folder / "drawing.html", folder / "drawing.png"
    page.write_text(HEAD + svg, encoding="utf-8")
    command = [
        browser, *SWITCHES, *_sandbox(), f"--user-data-dir={folder / 'profile'}",
        f"--window-size={size[0]},{size[1]}", f"--screenshot={drawn}", page.as_uri(),
    ]  # fmt: skip
    try:
        subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise KgError(f"{browser} could not draw: {fault}", hint="write -o FILE.svg instead") from fault
    if not drawn.is_file():
        raise KgError(f"{browser} drew nothing", hint="write -o FILE.svg instead")
    output.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(drawn, output)


def _sandbox() -> list[str]:
    """Chromium refuses to run as root with its sandbox; the page has neither script nor network."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
