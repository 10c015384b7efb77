"""What a reader waits for: our pages in headless Chromium, beside plain pyvis with physics on the same graphs.

    python bench/browser.py [--most SECONDS]

Each page is opened in a browser of its own. Printed are the size of the file, the load event, the first paint, the
time from which the page answers (after the last task of more than 50 ms, once none came for a second), and the
frames a second while it is dragged with the mouse. `>` stands where a page did not get there in time. Machines
without a graphics card are slow: what counts is one column beside the other. Nothing here fails on speed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "bench")]
NODES, ROWS = (100, 500, 2_000, 10_000), (50, 300, 1_000)
QUIET, DRAG, STEPS = 1000, 2.0, 120  # ms without a long task; seconds and moves of a drag
WATCH = """() => {
  window.benchTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((e) => benchTasks.push([e.startTime, e.duration])))
    .observe({ type: 'longtask', buffered: true });
}"""
STANDS = """() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const last = Math.max(0, ...benchTasks.map(([start, long]) => start + long));
  const load = performance.getEntriesByType('navigation')[0].loadEventEnd;
  return { now: performance.now(), paint: paint ? paint.startTime : 0, last, load };
}"""
COUNT = """() => {
  window.benchFrames = [];
  const tick = (at) => { benchFrames.push(at); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""


@dataclass(frozen=True)
class Case:
    """A page to measure; `drag` names the element that is dragged."""

    name: str
    path: Path
    drag: str


def main() -> None:
    """Make every page, measure each in a process of its own, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--drag", default="", help=argparse.SUPPRESS)
    parser.add_argument("--most", type=float, default=90, help="seconds after which a page is given up")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(Path(asked.one), asked.drag, asked.most)))
        return
    print(
        f"{'':<30}{'written':>9}{'size':>10}{'load':>9}{'paint':>9}{'answers':>10}{'frames/s':>10}{'worst':>10}"
    )
    with tempfile.TemporaryDirectory() as place:
        for case, written in pages(Path(place)):
            print_row(case, written, asked.most)


# ---- the pages


def pages(place: Path) -> Any:
    """Every case and the seconds it took to write, one after the other."""
    for count in NODES:
        yield timed(place, f"graph of {count:,} nodes", "#graph", lambda n=count: ours(n))
        yield timed(place, f"  plain pyvis, {count:,}", "#mynetwork", lambda n=count: plain(n))
    for count in ROWS:
        yield timed(place, f"timeline of {count:,} rows", "#tl-scroll", lambda n=count: rows(n))


def timed(place: Path, name: str, drag: str, make: Any) -> tuple[Case, float]:
    """One page on disk, and how long it took."""
    start = time.perf_counter()
    text = make()
    took = time.perf_counter() - start
    path = place / f"{len(list(place.iterdir()))}.html"
    path.write_text(text, encoding="utf-8")
    return Case(name, path, drag), took


def ours(count: int) -> str:
    """Our page of a graph."""
    from graphs import network

    from graph.views.network import network_html

    nodes, edges = network(count)
    return network_html(nodes, edges, title=f"{count} nodes", lang="en")


def plain(count: int) -> str:
    """The same graph as anybody would draw it with pyvis: its own template and physics, scripts written in."""
    from graphs import network
    from pyvis.network import Network

    nodes, edges = network(count)
    net = Network(directed=True, cdn_resources="in_line")
    for node in nodes:
        net.add_node(node.id, label=node.label)
    for edge in edges:
        net.add_edge(edge.source, edge.target)
    return str(net.generate_html())


def rows(count: int) -> str:
    """Our page of a timeline."""
    from samples import timeline

    from graph.views.timeline import timeline_html

    return timeline_html(timeline(count))


# ---- measuring


def print_row(case: Case, written: float, most: float) -> None:
    """One line of the table."""
    size = case.path.stat().st_size / 1e6
    words = [sys.executable, __file__, "--one", str(case.path), "--drag", case.drag, "--most", str(most)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=most + 30, check=False)
        found = json.loads(done.stdout) if done.returncode == 0 else {"fault": done.stderr.strip()[-200:]}
    except subprocess.TimeoutExpired:
        found = {"late": True}
    head = f"{case.name:<30}{written:>7.2f} s{size:>7.2f} MB"
    if "fault" in found:
        print(f"{head}  {found['fault']}")
    elif found.get("late"):
        print(f"{head}{'> ' + format(most, '.0f') + ' s':>28}")
    else:
        shown = [f"{found[name] / 1000:.2f} s" for name in ("load", "paint", "answers")]
        print(
            f"{head}{shown[0]:>9}{shown[1]:>9}{shown[2]:>10}{found['rate']:>10.0f}{found['worst']:>7.0f} ms"
        )
    sys.stdout.flush()


def measured(path: Path, drag: str, most: float) -> dict[str, Any]:
    """Milliseconds until load, paint and answer; frames a second and the longest frame while dragged."""
    from browsing import WIDE, running
    from playwright.sync_api import TimeoutError

    with running() as browser:
        page = browser.new_page(viewport=WIDE)
        page.add_init_script(f"({WATCH})()")
        page.route("**/*", lambda r: r.continue_() if r.request.url == path.as_uri() else r.abort())
        page.set_default_timeout(most * 1000)
        try:
            page.goto(path.as_uri(), wait_until="load")
            stands = settled(page, most)
            moved = {} if stands is None else dragged(page, drag)
        except TimeoutError:
            return {"late": True}
        if stands is None:
            return {"late": True}
        answers = max(stands["last"], stands["paint"], stands["load"])
        return {"load": stands["load"], "paint": stands["paint"], "answers": answers, **moved}


def settled(page: Any, most: float) -> dict[str, float] | None:
    """How the page stands when no long task came for a while; None when that was never."""
    end = time.monotonic() + most
    while time.monotonic() < end:
        stands = page.evaluate(STANDS)
        if stands["now"] - max(stands["last"], stands["load"]) > QUIET:
            return dict(stands)
        page.wait_for_timeout(100)
    return None


def dragged(page: Any, what: str) -> dict[str, float]:
    """Frames a second, and the longest frame in ms, while the mouse drags to and fro."""
    box = page.locator(what).first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(COUNT)
    start = time.monotonic()
    for step in range(STEPS):
        page.mouse.move(x + 200 * (1 - abs(1 - step * 4 / STEPS % 2)), y + step % 7)
        wait = start + DRAG * (step + 1) / STEPS - time.monotonic()
        if wait > 0:
            time.sleep(wait)
    frames = page.evaluate("benchFrames")
    page.mouse.up()
    gaps = [after - before for before, after in itertools.pairwise(frames)]
    if not gaps:
        return {"rate": 0.0, "worst": DRAG * 1000}
    return {"rate": 1000 * len(gaps) / sum(gaps), "worst": max(gaps)}


if __name__ == "__main__":
    main()
