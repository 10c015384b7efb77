"""Slips of every pair of releases, from the real repository of specs, against what was checked by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from conftest import SHARED
from spec_samples import OURS, ask, cloned, slips, store

from graph.readers import specs
from graph.records import SpecRecord
from graph.store import Reader

ORDER = [release.name for release in OURS.releases]
FIRST, LAST = ORDER.index("juno"), ORDER.index("hibiscus")
PAIRS = list(zip(ORDER[FIRST:LAST], ORDER[FIRST + 1 : LAST + 1], strict=True))
# Specs that came back under another name, read one by one: pair, name before, name after, class.
OTHER_NAMES = """
juno kilo vif-vhostuser libvirt_vif_vhostuser renamed
liberty mitaka inject-nmi instance-crash-dump renamed
liberty mitaka virt-driver-cpu-pinning virt-driver-cpu-thread-pinning renamed
mitaka newton cells-instance-table cells-cell0 renamed
mitaka newton mem-bw memory-bw renamed
ocata pike cold-migration-with-target-ocata cold-migration-with-target-pike renamed
ocata pike prep-for-network-aware-scheduling-ocata prep-for-network-aware-scheduling-pike renamed
pike queens cold-migration-with-target-pike cold-migration-with-target-queens renamed
pike queens use-service-catalog-for-endpoints use-ksa-adapter-for-endpoints renamed
queens rocky add-zvm-driver-queens add-zvm-driver-rocky renamed
queens rocky nested-resource-providers nested-resource-providers-allocation-candidates narrowed
rocky stein vgpu-rocky vgpu-stein renamed
train ussuri flavor-extra-spec-image-property-validation-extended flavor-extra-spec-validators renamed
train ussuri policy-default-refresh policy-defaults-refresh renamed
xena yoga vm-boot-with-unaddressed-port boot-vm-with-unaddressed-port renamed
"""
# Specs that came back after sitting out, under another name.
SKIPPED = """
juno ocata cold-migration-with-target cold-migration-with-target-ocata
kilo mitaka remove-glanceclient-wrapper use-glance-v2-api
kilo newton validate-tenant-user-with-keystone validate-project-with-keystone
stein ussuri vgpu-stein vgpu-multiple-types
"""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[SpecRecord]:
    place = cloned(tmp_path_factory.mktemp("real") / "nova-specs.git")
    return [r for r in specs.read(place, "nova-specs.git", OURS) if isinstance(r, SpecRecord)]


@pytest.fixture(scope="module")
def reader(records: list[SpecRecord], tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return store(tmp_path_factory.mktemp("real") / "store", records)


def rows(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split()) for line in text.strip().splitlines()]


def test_the_gold_file(reader: Reader):
    gold = SHARED / "gold/slips.tsv"
    if not gold.is_file():
        pytest.skip("needs ../shared/gold/slips.tsv")
    with gold.open(encoding="utf-8") as handle:
        truth = list(csv.DictReader(handle, delimiter="\t"))
    wanted = {
        (t["from_series"], t["to_series"], t["from_name"], t["to_name"], t["state_in_to"]) for t in truth
    }
    pairs = {(t["from_series"], t["to_series"]) for t in truth}
    got = {
        (old, new, name, str(row["became"]), str(row["outcome"]))
        for old, new in pairs for name, row in slips(reader, old, new).items() if row["class"] != "dropped"
    }  # fmt: skip
    for one in sorted(wanted ^ got):
        print("missed" if one in wanted else "wrong", *one)
    assert got == wanted


def test_other_names_on_all_pairs(reader: Reader):
    got = [
        (old, new, name, str(row["became"]), str(row["class"]))
        for old, new in PAIRS for name, row in slips(reader, old, new).items() if row["became"] not in (None, name)
    ]  # fmt: skip
    assert got == rows(OTHER_NAMES)


def test_the_same_name_on_all_pairs(records: list[SpecRecord], reader: Reader):
    """What a plain join on names finds is found too, with its outcome, and nothing else has that class."""
    for old, new in PAIRS:
        late = {r.slug: r.state for r in records if OURS.release_names.get(r.release) == new}
        early = [
            r.slug for r in records if OURS.release_names.get(r.release) == old and r.state == "approved"
        ]
        wanted = {slug: late[slug] for slug in early if slug in late}
        found = slips(reader, old, new).items()
        assert {name: row["outcome"] for name, row in found if row["class"] == "re-proposed"} == wanted, (
            old,
            new,
        )


def test_everything_approved_has_an_outcome(records: list[SpecRecord], reader: Reader):
    """Each spec that was approved and not implemented slipped, skipped, was dropped, or is still open."""
    open_ = {"hibiscus", "gazpacho"}  # the newest, whose next release is not out
    for release in ORDER[FIRST : LAST + 1]:
        plan = ask(reader, "release-plan", release=release).dicts()
        left = {str(row["feature"]) for row in plan if row["outcome"] == "open"}
        assert not left or release in open_, (release, left)
        assert len(plan) == len({r.slug for r in records if OURS.release_names.get(r.release) == release})


def test_sat_out_under_another_name(reader: Reader):
    for old, new, name, became in rows(SKIPPED):
        row = slips(reader, old, new)[name]
        assert (row["class"], row["became"]) == ("skipped", became)


def test_what_slipped_most_often(reader: Reader):
    top = {str(row["feature"]): row["times"] for row in ask(reader, "chronic").dicts()}
    assert top["websocket-proxy-to-host-security"] == 6
    assert top["nested-resource-providers-allocation-candidates"] == 3


def test_another_place_gives_the_same_paths(records: list[SpecRecord], tmp_path: Path):
    again = store(tmp_path / "again", list(reversed(records)))
    assert len(slips(again, "queens", "rocky")) == 10
