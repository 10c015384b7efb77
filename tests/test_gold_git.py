"""Feature → patch → version, and bug → fixes, on Nova's whole history against hand-checked tables: what differs."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SHARED
from git_samples import cloned

from graph import profile
from graph.extract import commits
from graph.extract.commits import Reference
from graph.readers import git
from graph.readers.ancestry import version_order
from graph.records import CommitRecord

OURS = profile.load()
COUNTED = ("implements", "part", "bare")
Said = tuple[CommitRecord, str, Reference]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    """Every reference of the history, with its commit and that commit's patch."""
    path = cloned(tmp_path_factory.mktemp("nova"), "nova")

    def found() -> Iterator[Said]:
        for record in git.read(path, "openstack/nova", OURS):
            if isinstance(record, CommitRecord):
                told = commits.read(record, OURS.commits)
                yield from ((record, told.change, reference) for reference in told.references)

    return list(found())


def gold(name: str) -> list[dict[str, str]]:
    path = Path(SHARED / "gold" / name)
    if not path.is_file():
        pytest.skip(f"needs ../shared/gold/{name}")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def series(record: CommitRecord) -> str:
    tail = record.branch.rpartition("/")[2]
    return OURS.release_of_version(record.final or record.version) or OURS.release_names.get(tail, tail)


def differences(ours: set, truth: set) -> str:
    lines = [f"missing {row}" for row in sorted(truth - ours)] + [
        f"too many {row}" for row in sorted(ours - truth)
    ]
    return "\n".join(lines)


def test_patches_of_features(said: list[Said]):
    rows = gold("feature_patches.tsv")
    slugs = {row["blueprint"] for row in rows}
    keys = ("blueprint", "change_id", "ref_kind", "branch", "series", "first_tag_any", "first_release")
    truth = {tuple(row[key] for key in keys) for row in rows}
    ours = {
        (ref.key, change, ref.strength, record.branch, series(record), record.version, record.final)
        for record, change, ref in said
        if ref.kind == "feature" and ref.key in slugs and ref.strength in COUNTED
    }
    assert len(truth) == len(rows) > 0
    assert differences(ours, truth) == ""


def test_fixes_of_bugs(said: list[Said]):
    rows = gold("bug_fixes.tsv")
    fixes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for record, _, ref in said:
        if ref.kind == "bug" and ref.strength == "closes":
            fixes[ref.key][series(record)].append(record.final)
    truth, ours = set(), set()
    for row in rows:
        found = fixes[row["bug"]]
        master = OURS.release_of_version(row["first_master_release"])
        truth.add((row["bug"], row["fixed_in"], row["backport_series"]))
        ours.add((row["bug"], fixed_in(found), ",".join(sorted(set(found) - {master}, key=OURS.ordinal))))
    assert differences(ours, truth) == ""


def fixed_in(found: dict[str, list[str]]) -> str:
    """First final version of each series that has one, in the order of releases."""

    def order(version: str) -> tuple:
        return version_order(version, "final", OURS.ordinal(OURS.release_of_version(version)))

    firsts = {
        name: min(filter(None, versions), key=order) for name, versions in found.items() if any(versions)
    }
    return "; ".join(f"{name}:{firsts[name]}" for name in sorted(firsts, key=OURS.ordinal))
