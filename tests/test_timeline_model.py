"""What a timeline holds: made-up tables, and the shipped data against the questions of the catalogue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import NOTE, kg, rows

from graph.drawn import Wanted, read_scene, read_timeline
from graph.errors import UsageFault
from graph.names import Names
from graph.store import Reader
from graph.table import Table
from graph.views.models import OUTCOMES, Timeline
from graph.views.scene_timeline import Choice, timeline_scene
from graph.views.scenes import TIMELINE_TABLES, Scene, other_names, scene

ID = "https://w3id.org/release-kg/id/c"
GOLDEN = Path(__file__).with_name("cases") / "timeline"


def thing(*keys: str) -> str:
    return "/".join((ID, *keys))


QUOTA, TREE, WALLS = (thing("feature", "p", name) for name in ("quota", "quota-tree", "walls"))
TOPIC = thing("topic", "wall")


def table(columns: str, *lines: tuple[str, ...]) -> Table:
    return Table(tuple(columns.split()), lines)


def tables(**more: Table) -> dict[str, Table]:
    """Quota is promised for one and slips to two as quota tree; walls is a topic that stands for a feature."""
    early, late = thing("spec", "p", "one", "quota"), thing("spec", "p", "two", "quota-tree")
    v1, v2, rc = (thing("version", "p", name) for name in ("1.0.0", "2.0.0", "2.0.0rc1"))
    sha = [thing("commit", "p", f"{n:040}") for n in range(4)]
    copy = thing("commit", "other", f"{9:040}")
    first = thing("patch", "I0")
    return {
        "things": table(
            "thing type slug label url", (TOPIC, "topic", "wall", "Walls", ""), (QUOTA, "feature", "quota", "Quota", ""),
            (TREE, "feature", "quota-tree", "Quota tree", ""), (WALLS, "feature", "walls", "walls of a cell", ""),
        ),
        "items": table(
            "item meeting date kind heading thing quote source line",
            ("i", "m", "2031-02-03", "feature", "Walls", TOPIC, "q", "n.md", "3"),
        ),
        "reports": table(
            "report date meeting thing status part release cycle patch bug person key quote source line",
            ("r", "2031-02-03", "m", TOPIC, "done", "", "", "one", "", "", "", "", "q", "n.md", "3"),
        ),
        "spoken": table(
            "mention date item kind key role target quote source line",
            ("m1", "2031-02-03", "i", "person", "ada", "discusses", thing("person", "ada"), "q", "n.md", "3"),
            ("m2", "2031-02-03", "i", "patch", "77", "", thing("patch", "77"), "q", "n.md", "4"),
        ),
        "titles": table("thing title", (thing("patch", "77"), "Build a wall")),
        "people": table("person name", (thing("person", "ada"), "ada")),
        "written": table("person name", (thing("person", "ada l"), "Ada L"), (thing("person", "bo"), "Bo")),
        "stands": table("thing target", (TOPIC, WALLS), (thing("person", "ada"), thing("person", "ada l"))),
        "plans": table(
            "spec thing release state title path line source",
            (early, QUOTA, "one", "approved", "Quota", "one/quota.rst", "2", "specs"),
            (late, TREE, "two", "implemented", "Quota tree", "two/quota-tree.rst", "2", "specs"),
        ),
        "moves": table("spec class to", (early, "narrowed", "two")),
        "states": table(
            "change spec thing date state kind title sha source",
            ("c1", early, QUOTA, "2030-11-01", "approved", "added", "Add quota", "a" * 40, "specs"),
            ("c2", late, TREE, "2031-03-20", "approved", "added", "Add a tree", "b" * 40, "specs"),
            ("c3", late, TREE, "2031-03-21", "approved", "moved", "Move it", "c" * 40, "specs"),
            ("c4", late, TREE, "2031-08-30", "implemented", "moved", "Done", "d" * 40, "specs"),
        ),
        "continued": table("early late class", (QUOTA, TREE, "narrowed")),
        "slips": table(
            "slip thing from to class outcome became report date status named quote source line",
            ("x", QUOTA, "one", "two", "narrowed", "implemented", "quota-tree", early, "", "", "one", "", "specs:a", "2"),
        ),
        "releases": table(
            "release slug label ordinal start freeze ship",
            (thing("release", "one"), "one", "One", "1", "2030-10-01", "", "2031-03-01"),
            (thing("release", "two"), "two", "Two", "2", "2031-03-01", "", "2031-09-01"),
        ),
        "milestones": table(
            "milestone release name date project",
            ("m1", thing("release", "one"), "freeze", "2031-01-01", ""),
            ("m2", thing("release", "one"), "freeze of p", "2031-01-02", "p"),
            ("m3", thing("release", "one"), "freeze of q", "2031-01-03", "q"),
        ),
        "versions": table(
            "version release stage date", (v1, thing("release", "one"), "final", "2031-03-01"),
            (v2, thing("release", "two"), "final", "2031-09-01"), (rc, thing("release", "two"), "candidate", "2031-08-20"),
        ),
        "landings": table(
            "thing patch commit date branch title version kept author note",
            (TREE, first, sha[0], "2031-04-01", "main", "Grow", rc, "", thing("person", "bo"), "s"),
            (TREE, thing("patch", "I1"), sha[1], "2031-05-01", "main", "Prune", rc, "", thing("person", "ada l"), "s"),
            (TREE, first, sha[2], "2031-10-01", "stable", "Grow", "", thing("release", "one"), thing("person", "bo"), "s"),
            (TREE, first, copy, "2031-04-01", "main", "Grow", "", "", thing("person", "bo"), "t"),
        ),
        "helpers": table("thing patch person", (TREE, first, thing("person", "ada l"))),
        "reverts": table("commit back date title note", (sha[3], first, "2031-06-01", "Revert grow", "s")),
        "notes": table("note path title main", ("s", "some/p", "", "main"), ("t", "some/t", "", "main")),
        **more,
    }  # fmt: skip


def iris(found: dict[str, Table]) -> dict[str, Table]:
    """Releases by their IRIs in the tables that name them short."""
    short = {"one": thing("release", "one"), "two": thing("release", "two")}
    columns = ("release", "cycle", "from", "to", "named")
    return {
        name: Table(
            one.columns,
            tuple(
                tuple(short.get(str(cell), cell) if column in columns else cell for column, cell in zip(one.columns, row, strict=True))
                for row in one.rows
            ),
        )
        for name, one in found.items()
    }  # fmt: skip


def made(choice: Choice | None = None, lang: str = "en", **more: Table) -> Timeline:
    return timeline_scene(scene(iris(tables(**more)), lang), choice or Choice(), "")


def test_rows_are_what_anything_is_known_of_and_what_moved_last_comes_first():
    model = made()
    assert [(f.label, f.moved, f.group) for f in model.features] == [
        ("Quota tree", "2031-10-01", "two"), ("Walls", "2031-02-03", ""), ("Quota", "2030-11-01", "one"),
    ]  # fmt: skip
    assert not model.story


def test_a_promise_begins_with_its_approval_and_ends_with_its_outcome():
    promises = [(p.release, p.outcome, p.begin, p.end, p.evidence.source) for p in made().promises]
    assert promises == [
        ("one", "slipped", "2030-11-01", "2031-03-01", "specs:one/quota.rst"),
        ("two", "implemented", "2031-03-20", "2031-08-30", "specs:two/quota-tree.rst"),
    ]


@pytest.mark.parametrize(
    ("moves", "outcome", "end"),
    [
        ((("skipped", "two"),), "skipped", "2031-03-01"),
        ((("dropped", "two"),), "dropped", "2031-03-01"),
        ((("dropped", "two"), ("renamed", "two")), "slipped", "2031-03-01"),
        ((), "open", ""),
    ],
)
def test_outcomes_of_promises(moves, outcome, end):
    spec = thing("spec", "p", "one", "quota")
    model = made(moves=table("spec class to", *((spec, *move) for move in moves)))
    assert (model.promises[0].outcome, model.promises[0].end) == (outcome, end)


def test_specs_leave_marks_where_their_state_changed():
    marks = [(m.date, m.status, m.text, m.source) for m in made().marks if m.kind == "spec"]
    assert marks == [
        ("2030-11-01", "approved", "Add quota", f"specs:{'a' * 12}"),
        ("2031-03-20", "approved", "Add a tree", f"specs:{'b' * 12}"),
        ("2031-08-30", "implemented", "Done", f"specs:{'d' * 12}"),
    ]


def test_landings_are_all_commits_but_copies_in_a_repository_that_was_split_off():
    found = [(one.date, one.version, one.release, one.backport, one.place) for one in made().landings]
    assert found == [
        ("2031-04-01", "2.0.0rc1", "two", False, f"some/p:{'0' * 12}"),
        ("2031-05-01", "2.0.0rc1", "two", False, f"some/p:{'0' * 12}"),
        ("2031-10-01", "", "one", True, f"some/p:{'0' * 12}"),
    ]


def test_the_first_final_version_and_what_was_taken_back():
    found = [
        (m.kind, m.date, m.release, m.text, m.source) for m in made().marks if m.kind in ("version", "revert")
    ]
    assert found == [
        ("revert", "2031-06-01", "", "Revert grow", f"some/p:{'0' * 12}"),
        ("version", "2031-09-01", "two", "p 2.0.0: 2 patches", "some/p:2.0.0"),
    ]


def test_what_notes_say_is_kept():
    found = [(m.kind, m.status, m.text, m.quote, m.source, m.line) for m in made().marks if m.quote]
    assert found == [
        ("report", "done", "", "q", "n.md", 3), ("patch", "", "77 · Build a wall", "q", "n.md", 4),
    ]  # fmt: skip


def test_a_slip_names_the_row_that_it_became():
    (slip,) = made().slips
    assert (slip.feature, slip.became) == (QUOTA, TREE)
    assert (slip.from_release, slip.to_release, slip.slip_class, slip.date) == (
        "one",
        "two",
        "narrowed",
        "2031-03-01",
    )


def test_people_are_ordered_by_name_with_roles_and_counts():
    people = {f.label: [(t.name, t.role, t.times) for t in f.people] for f in made().features}
    assert people["Quota tree"] == [("Ada L", "author", 1), ("Ada L", "co-author", 1), ("Bo", "author", 1)]
    assert people["Walls"] == [("Ada L", "discusses it", 1)]
    assert made(lang="zh").features[0].people[0].role == "作者"
    for person in (thing("person", "ada l"), thing("person", "bo")):
        labels = {f.label for f in made(Choice(person=person)).features}
        assert ("Walls" in labels) is person.endswith("ada l")
        assert "Quota tree" in labels


def test_a_release_is_what_it_promised_what_was_said_of_it_and_what_landed_in_it():
    one, two = thing("release", "one"), thing("release", "two")
    model = made(Choice(release=one))
    assert [f.label for f in model.features] == ["Quota tree", "Walls", "Quota"]
    assert [(p.release, p.outcome) for p in model.promises] == [("one", "slipped")]
    assert [(one.release, one.backport) for one in model.landings] == [("one", True)]
    assert {m.kind for m in model.marks} == {"report", "patch", "spec"}
    model = made(Choice(release=two))
    assert [f.label for f in model.features] == ["Quota tree", "Quota"]
    assert len(model.slips) == 1
    assert {one.release for one in model.landings} == {"two"}


def test_milestones_are_those_of_the_release_and_of_the_projects_shown():
    release = made().releases[0]
    assert release.milestones == (("2031-01-01", "freeze"), ("2031-01-02", "freeze of p"))


def test_days_limit_what_is_shown_and_a_promise_is_while_it_lasts():
    model = made(Choice(since="2031-02-01", until="2031-02-28"))
    assert [p.release for p in model.promises] == ["one"]
    assert {m.date for m in model.marks} == {"2031-02-03"}
    assert {f.label for f in model.features} == {"Walls", "Quota"}
    assert made(Choice(since="2040")).features == ()


def test_days_in_the_wrong_order_are_refused_and_a_year_holds_its_months():
    with pytest.raises(UsageFault, match="the range is reversed"):
        made(Choice(since="2031-03-01", until="2031-02-28"))
    assert made(Choice(since="2031-02", until="2031")).features


@pytest.mark.parametrize(
    ("asked", "labels"), [(QUOTA, ["Quota", "Quota tree"]), (TREE, ["Quota tree", "Quota"])]
)
def test_a_story_is_the_feature_asked_for_and_what_it_continues_or_became(asked, labels):
    model = made(Choice((asked,)))
    assert model.story
    assert [f.label for f in model.features] == labels
    assert len(model.promises) == 2
    assert not made(Choice((QUOTA, WALLS))).story


def test_a_name_without_a_spec_is_one_with_the_only_feature_whose_specs_are_about_it():
    rows = [("a", "x"), ("a", "a"), ("a", "y"), ("b", "y"), ("b", "b"), ("b", "a")]
    assert other_names([{"owner": owner, "thing": name} for owner, name in rows]) == {"x": "a"}
    model = made(
        names=table("owner thing", (TREE, TREE), (TREE, QUOTA)),
        plans=table("spec thing"),
        slips=table("slip thing"),
    )
    assert [f.key for f in model.features] == [TREE, WALLS]
    assert model.features[0].slugs == ("quota", "quota-tree")


def test_the_order_of_the_tables_does_not_matter():
    turned = {name: Table(one.columns, one.rows[::-1]) for name, one in iris(tables()).items()}
    big = ("landings", "states", "things", "helpers", "written")
    mixed = {**iris(tables()), **{name: turned[name] for name in big}}
    assert timeline_scene(scene(mixed, "en"), Choice(), "") == made()


def test_nothing_is_known_of_an_empty_graph():
    model = timeline_scene(Scene({name: [] for name in TIMELINE_TABLES}, "zh"), Choice(), "")
    assert (model.features, model.promises, model.releases) == ((), (), ())


# ---- the shipped data


@pytest.fixture(scope="module")
def whole(demo) -> Timeline:
    with Reader(demo) as reader:
        return read_timeline(reader, Names(reader), "en", Wanted())


def test_every_promise_of_every_plan_has_one_bar(demo, whole):
    labels = {feature.key: set(feature.slugs) for feature in whole.features}
    plans = [
        (slug, str(row["feature"]), str(row["outcome"]).partition(" ")[0])
        for slug in ("pike", "queens", "rocky", "stein")
        for row in rows(demo, "release-plan", release=slug)
    ]
    assert len(plans) > 100
    assert len(whole.promises) == len(set(plans))
    assert {one.outcome for one in whole.promises} <= set(OUTCOMES)
    bars = {(one.release, name, one.outcome) for one in whole.promises for name in labels[one.feature]}
    assert set(plans) <= bars


def test_every_slip_has_an_arrow(demo, whole):
    labels = {feature.key: set(feature.slugs) for feature in whole.features}
    arrows = {(one.from_release, one.to_release, name) for one in whole.slips for name in labels[one.feature]}
    became = {name for one in whole.slips if one.became for name in labels[one.became]}
    pairs = [
        ("pike", "queens"),
        ("queens", "rocky"),
        ("rocky", "stein"),
        ("pike", "rocky"),
        ("pike", "stein"),
    ]
    known = [
        (*pair, row) for pair in pairs for row in rows(demo, "slips", **{"from": pair[0], "to": pair[1]})
    ]
    assert len(known) > 20
    for early, late, row in known:
        assert (early, late, str(row["feature"])) in arrows
        assert not row["became"] or str(row["became"]) in became


def test_landings_are_the_patches_that_the_catalogue_knows(demo, whole):
    keys = {name: feature.key for feature in whole.features for name in feature.slugs}
    for slug in ("nested-resource-providers", "return-alternate-hosts", "convert-consoles-to-objects"):
        known = {str(row["sha"])[:12] for row in rows(demo, "patches", feature=slug)}
        drawn = {one.place.rpartition(":")[2] for one in whole.landings if one.feature == keys[slug]}
        assert known
        assert known <= drawn


def test_reading_one_feature_gives_what_the_whole_has_of_it(demo, whole):
    with Reader(demo) as reader:
        one = read_timeline(reader, Names(reader), "en", Wanted(("NRP",)))
    keys = {feature.key for feature in one.features}
    assert one.story
    assert [f.slugs[0] for f in one.features] == [
        "nested-resource-providers", "nested-resource-providers-allocation-candidates",
    ]  # fmt: skip
    assert set(one.features) == {f for f in whole.features if f.key in keys}
    for part in ("promises", "landings", "marks", "slips"):
        assert getattr(one, part) == tuple(x for x in getattr(whole, part) if x.feature in keys)


def test_reading_twice_gives_the_same(demo, whole):
    with Reader(demo) as reader:
        again = timeline_scene(read_scene(reader, "en", TIMELINE_TABLES), Choice(), "")
    assert replace(again, title=whole.title) == whole


def test_every_form_of_the_table_has_every_row(demo, whole):
    count = len(whole.promises) + len(whole.landings) + len(whole.marks) + len(whole.slips)
    done = kg("timeline", "--format", "jsonl", store=demo)
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) == count
    few = kg("timeline", "NRP", "--format", "csv", store=demo).out
    assert few.startswith("feature,label,date,end,kind,status,")
    assert kg("timeline", "NRP", "--format", "md", store=demo).out.startswith("| feature | label |")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_story_on_the_terminal(demo, lang):
    done = kg("--lang", lang, "timeline", "return-alternate-hosts", store=demo, COLUMNS="110")
    assert done.code == 0, done.err
    golden = GOLDEN / f"story.{lang}.txt"
    assert done.out == golden.read_text("utf-8"), (
        f"if this is meant: kg --lang {lang} timeline … > {golden.name}"
    )


def test_an_overview_on_the_terminal(tmp_path):
    assert kg("build", NOTE, store=tmp_path / "store").code == 0
    done = kg("timeline", store=tmp_path / "store", COLUMNS="110")
    assert done.out == (GOLDEN / "note.en.txt").read_text("utf-8")


def test_features_of_specs_and_code_alone_have_their_rows(tmp_path):
    files = [f"data/openstack/{name}-pike-stein.jsonl" for name in ("nova", "nova-specs", "releases")]
    done = kg("build", *files, store=tmp_path / "store")
    assert done.code == 0, done.err
    found = kg("timeline", "--release", "rocky", "--rows", "0", store=tmp_path / "store")
    assert found.code == 0
    plans = rows(tmp_path / "store", "release-plan", release="rocky")
    assert len(found.out.splitlines()) > len(plans) > 30
    assert "→ Stein" in found.out
