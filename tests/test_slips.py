"""Slips from all witnesses: the rules and the questions on hand-made specs, reports and commits."""

from __future__ import annotations

from pathlib import Path

import pytest
from spec_samples import ask, iri, slips, spec, store

from graph import quads, terms
from graph.records import SpecChange, SpecRecord

DONE = "implemented"


def late(date: str) -> SpecRecord:
    """A spec of the last release, so that time goes on until that day."""
    path = "specs/stein/approved/clock.rst"
    return spec("stein", "clock", changes=(SpecChange(date, "c" * 40, path, "", "tick", ()),))


def text(value: str, kind: str = "") -> str:
    return quads.literal(value, kind).replace(" ", "\u00a0")


def report(
    n: int, thing: str, status: str, *, named: str, cycle: str, date: str, part: str = ""
) -> list[str]:
    """A report of a meeting, as the notes' writer gives it."""
    me = iri("status", "note.md", n, 1)
    source = iri("source", "note.md")
    lines = [
        f"{me} rdf:type kg:StatusReport", f"{me} kg:status <{terms.status_iri(status)}>", f"{me} kg:about {thing}",
        f"{me} kg:forRelease {iri('release', named)}", f"{me} kg:duringCycle {iri('release', cycle)}",
        f"{me} dcterms:date {text(date, 'date')}", f"{me} kg:line {text(str(n), 'integer')}", f"{me} kg:fromSource {source}",
        f"{source} dcterms:source {text('note.md')}",
    ]  # fmt: skip
    return [*lines, *([f"{me} kg:part {text(part)}"] if part else [])]


def topic(key: str, feature: str = "") -> list[str]:
    me = iri("topic", key)
    lines = [
        f"{me} rdf:type kg:Topic",
        f"{me} kg:slug {text(key)}",
        f"{me} skos:altLabel {text(key.title())}",
    ]
    return [*lines, *([f"{me} kg:resolvesTo {iri('feature', 'nova', feature)}"] if feature else [])]


def commit(  # noqa: PLR0917
    sha: str, feature: str, patch: str, version: str, release: str, date: str
) -> list[str]:
    """A commit of a patch of a feature, in the first version that has it."""
    me, made, tag = iri("commit", "nova", sha), iri("patch", patch), iri("version", "nova", version)
    source = iri("source", "nova.git")
    return [
        f"{iri('feature', 'nova', feature)} kg:implementedBy {made}", f"{me} rdf:type kg:Commit", f"{me} kg:commitOf {made}",
        f"{me} kg:key {text(sha)}", f"{me} kg:merged {text(date, 'date')}", f"{me} kg:landedIn {tag}",
        f"{made} kg:landedIn {tag}",
        f"{me} kg:fromSource {source}", f"{source} dcterms:source {text('nova.git')}",
        f"{tag} kg:versionOf {iri('release', release)}", f"{tag} kg:project {text('nova')}", f"{tag} kg:stage {text('final')}",
    ]  # fmt: skip


def test_every_class_of_what_the_specs_say(tmp_path: Path):
    reader = store(tmp_path / "s", [
        spec("queens", "again"), spec("rocky", "again", DONE),
        spec("queens", "zone-queens"), spec("rocky", "zone-rocky"), spec("stein", "zone-stein", DONE),
        spec("queens", "shipped", DONE), spec("rocky", "shipped"),
        spec("pike", "pause"), spec("rocky", "pause", DONE),
        spec("queens", "lost"), late("2018-09-01"),
    ])  # fmt: skip
    rows = slips(reader, "queens", "rocky")
    told = {
        name: tuple(row[k] for k in ("became", "class", "outcome", "next", "witnesses"))
        for name, row in rows.items()
    }
    assert told == {
        "again": ("again", "re-proposed", "implemented", None, "specs"),
        "zone-queens": ("zone-rocky", "renamed", "approved", "stein", "specs"),
        "lost": (None, "dropped", "none", None, "specs"),
    }
    assert rows["again"]["label"] == "Again"
    assert rows["again"]["evidence"] == (
        "x-specs:again0000000; x-specs:specs/queens/approved/again.rst:5; x-specs:specs/rocky/implemented/again.rst:5"
    )
    assert set(slips(reader, "rocky", "stein")) == {"zone-rocky"}, (
        "stein is not out, so nothing of rocky is dropped"
    )
    assert {name: row["class"] for name, row in slips(reader, "pike", "rocky").items()} == {
        "pause": "skipped"
    }
    assert slips(reader, "pike", "queens") == {}


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ([], False),
        ([late("2018-08-29")], False),
        ([late("2018-08-30")], True),
        ([spec("rocky", "other")], False),
    ],
)
def test_dropped_only_once_the_next_release_is_out(tmp_path: Path, more: list[SpecRecord], known: bool):
    reader = store(tmp_path / "s", [spec("queens", "lost"), *more])
    assert bool(slips(reader, "queens", "rocky")) is known


def test_a_final_version_says_that_a_release_is_out(tmp_path: Path):
    final = commit("f" * 40, "other", "I1", "18.0.0", "rocky", "2018-08-01")
    specs = [spec("queens", "lost"), spec("rocky", "other")]
    assert set(slips(store(tmp_path / "s", specs, final), "queens", "rocky")) == {"lost"}
    only_queens = [spec("queens", "lost")]
    assert slips(store(tmp_path / "t", only_queens, final), "queens", "rocky") == {}, (
        "later specs are not known"
    )


def test_a_meeting_joins_what_the_specs_say(tmp_path: Path):
    feature = iri("feature", "nova", "zone-queens")
    notes = [
        *topic("zones", "zone-rocky"), *topic("other-thing"),
        *report(7, iri("topic", "zones"), "deferred", named="rocky", cycle="queens", date="2018-01-22"),
        *report(3, iri("topic", "zones"), "at-risk", named="queens", cycle="queens", date="2018-01-08"),
        *report(9, iri("topic", "other-thing"), "deferred", named="rocky", cycle="queens", date="2018-01-22"),
    ]  # fmt: skip
    reader = store(tmp_path / "s", [spec("queens", "zone-queens"), spec("rocky", "zone-rocky", DONE)], notes)
    rows = slips(reader, "queens", "rocky")
    assert set(rows) == {"zone-queens", "other-thing"}
    assert rows["zone-queens"]["witnesses"] == "specs, meeting"
    assert str(rows["zone-queens"]["evidence"]).startswith("note.md:3; note.md:7; x-specs:")
    assert (rows["other-thing"]["class"], rows["other-thing"]["evidence"]) == ("said", "note.md:9")
    things = reader.select(
        "SELECT ?slip ?thing WHERE { ?slip a kg:Slip ; kg:feature ?thing } ORDER BY ?slip"
    ).rows
    assert [f"<{thing}>" for _, thing in things] == [feature, iri("topic", "other-thing")]


def test_a_report_after_the_freeze_joins_wherever_it_went(tmp_path: Path):
    specs = [spec("queens", "thing"), spec("stein", "thing", DONE), late("2018-09-01")]
    notes = [
        *topic("thing", "thing"),
        *report(7, iri("topic", "thing"), "at-risk", named="queens", cycle="queens", date="2018-02-05"),
    ]
    reader = store(tmp_path / "s", specs, notes)
    assert slips(reader, "queens", "rocky") == {}
    assert slips(reader, "queens", "stein")["thing"]["witnesses"] == "specs, meeting"


def test_a_meeting_alone_gets_the_outcome_that_the_specs_know(tmp_path: Path):
    notes = [
        *topic("thing", "thing"),
        *report(7, iri("topic", "thing"), "deferred", named="rocky", cycle="queens", date="2018-01-22"),
    ]
    row = slips(store(tmp_path / "s", [spec("rocky", "thing", DONE)], notes), "queens", "rocky")["thing"]
    assert (row["class"], row["became"], row["outcome"], row["witnesses"]) == (
        "said",
        "thing",
        "implemented",
        "meeting",
    )


def test_the_code_says_the_same(tmp_path: Path):
    specs = [spec("queens", "thing"), spec("rocky", "thing", DONE)]
    code = [
        *commit("a" * 40, "thing", "I1", "17.0.0", "queens", "2018-02-01"),
        *commit("b" * 40, "thing", "I2", "18.0.0", "rocky", "2018-05-01"),
        *commit("c" * 40, "thing", "I3", "18.0.0", "rocky", "2018-04-01"),
    ]
    row = slips(store(tmp_path / "s", specs, code), "queens", "rocky")["thing"]
    assert row["witnesses"] == "specs, code"
    assert "nova.git:cccccccccccc" in str(row["evidence"]).split("; ")
    assert "bbbbbbbbbbbb" not in str(row["evidence"])
    assert row["disagreement"] is None


def test_a_backport_ships_nothing_earlier(tmp_path: Path):
    code = [
        *commit("a" * 40, "thing", "I1", "18.0.0", "rocky", "2018-05-01"),
        *commit("b" * 40, "thing", "I1", "17.0.5", "queens", "2018-06-01"),
    ]
    reader = store(tmp_path / "s", [spec("rocky", "thing", DONE)], code)
    rows = reader.select("SELECT ?f ?r WHERE { ?f kg:shippedIn ?r } ORDER BY ?r").rows
    assert [f"<{release}>" for _, release in rows] == [iri("release", "rocky")]


def disagreement(reader: object, name: str) -> object:
    return slips(reader, "queens", "rocky")[name]["disagreement"]  # type: ignore[arg-type]


def test_contradictions_are_shown(tmp_path: Path):
    specs = [spec("queens", "thing"), spec("rocky", "thing", DONE)]
    early = commit("a" * 40, "thing", "I1", "17.0.0", "queens", "2018-02-01")
    said = "specs: implemented in Rocky; code: no patch landed after Queens"
    assert disagreement(store(tmp_path / "a", specs, early), "thing") == said
    elsewhere = [
        *topic("thing", "thing"),
        *report(7, iri("topic", "thing"), "deferred", named="stein", cycle="queens", date="2018-01-22"),
    ]
    reader = store(tmp_path / "b", specs, elsewhere)
    assert disagreement(reader, "thing") == "specs: Rocky; a meeting: Stein"
    assert set(slips(reader, "queens", "stein")) == {"thing"}
    done = [
        *topic("thing", "thing"),
        *report(7, iri("topic", "thing"), "done", named="queens", cycle="queens", date="2018-01-22"),
    ]
    said = "specs: not implemented in Queens; a meeting: done in it"
    assert disagreement(store(tmp_path / "c", specs, done), "thing") == said
    lost = [spec("queens", "thing"), late("2018-09-01")]
    after = commit("a" * 40, "thing", "I1", "18.0.0", "rocky", "2018-05-01")
    said = "specs: never implemented; code: patches landed in Rocky"
    assert disagreement(store(tmp_path / "d", lost, after), "thing") == said
    moved = [
        *topic("thing", "thing"),
        *report(7, iri("topic", "thing"), "deferred", named="rocky", cycle="queens", date="2018-01-22"),
    ]
    said = "a meeting: moved on; specs: implemented in Queens"
    assert disagreement(store(tmp_path / "e", [spec("queens", "thing", DONE)], moved), "thing") == said


def test_the_plan_of_a_release_and_what_became_of_it(tmp_path: Path):
    specs = [
        spec("queens", "again"), spec("rocky", "again"), spec("queens", "made", DONE), spec("queens", "lost"),
        spec("queens", "pause"), spec("stein", "pause"), late("2018-09-01"),
    ]  # fmt: skip
    code = [
        *commit("a" * 40, "made", "I1", "17.0.0", "queens", "2018-02-01"),
        *commit("b" * 40, "made", "I2", "17.0.0.0b1", "queens", "2017-10-01"),
    ]
    reader = store(tmp_path / "s", specs, code)
    rows = [
        (r["feature"], r["state"], r["outcome"], r["patches"])
        for r in ask(reader, "release-plan", release="queens").dicts()
    ]
    assert rows == [
        ("again", "approved", "slipped to rocky", 0), ("lost", "approved", "dropped", 0),
        ("made", "implemented", "implemented", 2), ("pause", "approved", "skipped to stein", 0),
    ]  # fmt: skip
    assert [r["outcome"] for r in ask(reader, "release-plan", release="stein").dicts()] == ["open", "open"]
    assert [r["feature"] for r in ask(reader, "dropped", release="queens").dicts()] == ["lost"]


def test_what_slipped_most_often(tmp_path: Path):
    specs = [
        *(spec(release, "slow") for release in ("ocata", "pike", "rocky")), spec("stein", "slow-stein", DONE),
        *(spec(release, "tired") for release in ("ocata", "pike", "queens")),
        spec("ocata", "once"), spec("pike", "once", DONE), late("2018-09-01"),
    ]  # fmt: skip
    rows = [tuple(row.values())[:5] for row in ask(store(tmp_path / "s", specs), "chronic").dicts()]
    assert rows == [
        ("slow-stein", 3, "ocata", "stein", "implemented in stein"), ("tired", 2, "ocata", "queens", "dropped after queens"),
    ]  # fmt: skip
