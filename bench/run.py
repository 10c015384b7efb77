"""How long the main things take, each beside `python -c pass` in the same run, as machines differ and are noisy.

    python bench/run.py

Medians of seven. A budget is shown beside what has one; nothing here fails on speed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 7
QUESTION = "what slipped from Queens to Rocky"
KG = [sys.executable, "-m", "graph"]


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def process(words: list[str], cwd: Path) -> Callable[[], object]:
    """Running a command to its end."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "KG_LANG": "en"}
    return lambda: subprocess.run(words, cwd=cwd, env=env, check=True, capture_output=True)


def measured(
    work: Callable[[], object], nothing: Callable[[], object], before: Callable[[], object]
) -> tuple[float, float]:
    """Median seconds of the work and of an empty Python, taken in turns; `before` is not counted."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        before()
        ours.append(seconds(work))
        theirs.append(seconds(nothing))
    return statistics.median(ours), statistics.median(theirs)


def row(name: str, times: tuple[float, float], budget: float | None = None, note: str = "") -> None:
    """One line of the table."""
    mine, empty = times
    limit = "" if budget is None else f"{budget:.2f} s {'' if mine <= budget else '  over'}"
    print(f"{name:<34}{mine * 1000:>9.0f} ms{mine / empty:>8.1f} ×   {limit:<16}{note}")


def main() -> None:
    """Measure everything on a demo graph in a folder that is thrown away."""
    print(f"{'':<34}{'median':>12}{'× python -c pass':>18}  budget")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        shutil.copytree(ROOT / "data", place / "data")
        measure(place)


def measure(place: Path) -> None:
    """The rows of the table."""
    nothing = process([sys.executable, "-c", "pass"], place)
    build = process([*KG, "build", "data"], place)
    fresh = lambda: shutil.rmtree(place / "outputs", ignore_errors=True)  # noqa: E731
    rest = lambda: None  # noqa: E731
    row("kg build, from nothing", measured(build, nothing, fresh))
    row("kg build, nothing changed", measured(build, nothing, rest))
    row("kg --help", measured(process([*KG, "--help"], place), nothing, rest), 0.12)
    row("kg ask, cold", measured(process([*KG, "ask", QUESTION], place), nothing, rest), 0.3)
    row("kg query, cold", measured(process([*KG, "query", "statuses"], place), nothing, rest))
    for command, page in (("visualize", "graph.html"), ("timeline", "timeline.html")):
        times = measured(process([*KG, command, "-o", page], place), nothing, rest)
        row(f"kg {command}", times, None, f"{(place / page).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
