"""What a whole repository costs, each beside `git log --all` of the same repository in the same run.

    python bench/scale.py [REPOSITORY-OR-BUNDLE] [MORE SOURCES…]

By default nova's bundle, its specs and the release files of ../shared. Prints time and memory from the bundle to a
queryable store, a build with nothing changed, a build after 100 new commits, every question cold and warm, and
`kg ask` cold. Nothing here fails on speed; a budget that is missed says so.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from graph import sparql
from graph.names import Names
from graph.queries import Catalogue
from graph.store import Reader

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
KG = [sys.executable, "-m", "graph"]
NEW_COMMITS = 100
EXAMPLES = {
    "release": "rocky", "from": "queens", "to": "rocky", "feature": "nested-resource-providers", "bug": "1682693",
    "person": "Eric Fried", "month": "2018-01", "date": "2018-01-22", "patch": "521685",
}  # fmt: skip


class Cost(NamedTuple):
    """Wall seconds, and the most memory held, in MB."""

    seconds: float
    memory: float


def run(words: list[str], cwd: Path, output: Path | None = None) -> Cost:
    """A process to its end, with what it took."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "KG_LANG": "en"}
    with (output or Path(os.devnull)).open("wb") as out, (cwd / "said").open("wb") as said:
        start = time.perf_counter()
        process = subprocess.Popen(words, cwd=cwd, env=env, stdout=out, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(words)}: exit {process.returncode}\n{(cwd / 'said').read_text()[-800:]}")
    return Cost(seconds, used.ru_maxrss / 1024)


def git(repo: Path, *words: str) -> str:
    """Output of a git command in a bare repository."""
    command = ["git", "--git-dir", str(repo), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def log_time(repo: Path, cwd: Path) -> float:
    """Median seconds of `git log --all` to a file."""
    words = ["git", "--git-dir", str(repo), "log", "--all"]
    return statistics.median(run(words, cwd, cwd / "log.txt").seconds for _ in range(5))


def roll_back(repo: Path) -> dict[str, str]:
    """Take the newest commits of the default branch away; the refs as they were."""
    refs = dict(
        row.split(" ")[::-1]
        for row in git(repo, "for-each-ref", "--format=%(objectname) %(refname)").split("\n")
        if row
    )
    head = git(repo, "symbolic-ref", "HEAD").strip()
    earlier = git(repo, "rev-list", "--first-parent", f"--skip={NEW_COMMITS // 2}", "-1", head).strip()
    kept = set(git(repo, "tag", "--merged", earlier).split())
    new = set(git(repo, "tag", "--merged", head).split()) - kept
    for name in new:
        git(repo, "update-ref", "-d", f"refs/tags/{name}")
    git(repo, "update-ref", head, earlier)
    return refs


def restore(repo: Path, refs: dict[str, str]) -> None:
    """Give every ref its commit again."""
    for name, sha in refs.items():
        git(repo, "update-ref", name, sha)


def row(name: str, cost: Cost, log: float, budget: float | None = None) -> None:
    """One line of the table; the budget is in times of `git log --all`."""
    times = cost.seconds / log
    limit = "" if budget is None else f"at most {budget:g} ×{'' if times <= budget else '   MISSED'}"
    print(f"{name:<34}{cost.seconds:>9.2f} s{times:>8.2f} ×{cost.memory:>7.0f} MB   {limit}", flush=True)


def median(words: list[str], cwd: Path, rounds: int = 5) -> Cost:
    """Median time and memory of a command."""
    costs = [run(words, cwd) for _ in range(rounds)]
    return Cost(statistics.median(c.seconds for c in costs), statistics.median(c.memory for c in costs))


def builds(cwd: Path, repo: Path, others: list[str], log: float) -> None:
    """The builds, large to small."""
    build = [*KG, "build", repo.name, *others]
    row("bundle to queryable store", run(build, cwd), log, 15)
    row("build, nothing changed", median(build, cwd), log, 0.5)
    refs = roll_back(repo)
    shutil.rmtree(cwd / "outputs")
    run(build, cwd)
    restore(repo, refs)
    row(f"build after {NEW_COMMITS} new commits", run(build, cwd), log, 1)


def questions(cwd: Path, log: float) -> None:
    """Every question, by a fresh process and in one that has asked it before."""
    print(f"\n{'question':<24}{'cold':>10}{'warm':>10}   budget warm: 100 ms")
    with Reader(cwd / "outputs" / "store") as reader:
        names = Names(reader)
        for name, query in sorted(Catalogue.load().questions.items()):
            given = {p.name: EXAMPLES.get(p.name) or EXAMPLES[p.kind] for p in query.params}
            options = [word for key, value in given.items() for word in ("-p", f"{key}={value}")]
            cold = run([*KG, "query", name, *options, "--format", "json"], cwd)
            bound = {p.name: names.resolve(p.kind, given[p.name]) for p in query.params}
            times = []
            for _ in range(5):
                start = time.perf_counter()
                sparql.run(reader, query, bound)
                times.append(time.perf_counter() - start)
            warm = statistics.median(times) * 1000
            print(
                f"{name:<24}{cold.seconds * 1000:>7.0f} ms{warm:>7.1f} ms{'   MISSED' if warm > 100 else ''}",
                flush=True,
            )
    empty = median([sys.executable, "-c", "pass"], cwd).seconds
    for text in ("what slipped from Queens to Rocky", "history of nested-resource-providers"):
        asked = median([*KG, "ask", text], cwd)
        times_empty = asked.seconds / empty
        print(
            f"kg ask {text!r}: {asked.seconds * 1000:.0f} ms, {times_empty:.1f} × python -c pass (at most 10)"
        )


def main(words: list[str]) -> None:
    """Measure in a folder that is thrown away."""
    bundle = Path(words[0]) if words else SHARED / "history" / "nova.bundle"
    if not bundle.exists():
        print(f"skipped: {bundle.name} is not here; give a repository or a bundle")
        return
    others = words[1:]
    with tempfile.TemporaryDirectory(prefix="kg-scale-") as place:
        cwd = Path(place)
        repo = cwd / f"{bundle.stem}.git"
        subprocess.run(["git", "clone", "-q", "--bare", str(bundle), str(repo)], check=True)
        if not words:
            others = _shared(cwd)
        log = log_time(repo, cwd)
        print(f"git log --all: {log:.2f} s, {int(git(repo, 'rev-list', '--all', '--count')):,} commits\n")
        builds(cwd, repo, others, log)
        questions(cwd, log)


def _shared(cwd: Path) -> list[str]:
    """The sources beside the code, where they are."""
    specs = cwd / "nova-specs.git"
    subprocess.run(
        ["git", "clone", "-q", "--bare", str(SHARED / "history" / "nova-specs.bundle"), str(specs)],
        check=True,
    )
    shutil.copytree(SHARED / "releases", cwd / "releases")
    shutil.copytree(
        ROOT / "data", cwd / "data", ignore=lambda _, names: [n for n in names if n.endswith(".jsonl")]
    )
    return [specs.name, "releases", "data"]


if __name__ == "__main__":
    main(sys.argv[1:])
