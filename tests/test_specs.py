"""Specs behind the reader: the profile's section, a text, what takes up what, and the triples."""

from __future__ import annotations

import dataclasses
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_samples import OURS, spec, spec_text, store, triples

from graph import profile, profile_specs, sparql, terms
from graph.errors import KgError
from graph.extract import continuations
from graph.extract.specs import came, claimed, doubts, named_releases
from graph.queries import Catalogue
from graph.readers import spec_text as texts
from graph.readers.specs import project
from graph.records import SpecChange, SpecRecord

# --- the profile ----------------------------------------------------------------------------------------------------


def test_places_of_specs():
    spot = OURS.specs.spot
    assert spot("specs/2023.1/implemented/Some_Thing.rst") == profile_specs.Spot(
        "2023.1", "implemented", "some_thing"
    )
    assert spot("specs/backlog/approved/some-thing.rst") == profile_specs.Spot("", "backlog", "some-thing")
    assert spot("specs/abandoned/some-thing.rst") == profile_specs.Spot("", "abandoned", "some-thing")
    for path in (
        "specs/2026.2/approved/2026.2-template.rst", "specs/abandoned/index.rst", "doc/specs/queens/approved/x.rst",
        "specs/queens/x.rst", "specs/queens/approved/x.md", "specs/queens/proposed/x.rst",
    ):  # fmt: skip
        assert spot(path) is None, path


def test_a_profile_without_the_section_knows_no_specs():
    plain = profile.parse('[community]\nname = "x"\n', "x.toml")
    assert plain.specs.spot("specs/queens/approved/x.rst") is None
    assert not plain.specs.regex("takes_up").search("re-proposed")


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ("specs = 3", r"\[specs\] is no section"),
        ("[specs]\nblueprint = '('", r"pattern '\('"),
        ("[specs]\nblueprint = 'x'", "has 0 groups"),
        ("[specs]\ntakes-up = 'x'", "takes-up is no list"),
        ("[specs]\nnarrows = ['(x)']", "has 1 groups"),
        ("[[specs.place]]\npattern = 'x'", "has the groups none"),
        ("[[specs.place]]\npattern = '(?P<slug>x)'", "has the groups slug"),
        (
            "[[specs.place]]\npattern = '(?P<slug>x)(?P<year>y)'\nstate = 'approved'",
            "has the groups slug, year",
        ),
        ("[specs]\nplace = 'x'", "place is no list of sections"),
    ],
)
def test_a_wrong_section_is_refused_with_its_place(section: str, what: str):
    with pytest.raises(KgError, match=what) as caught:
        profile.parse(
            f'{section}\n[community]\nname = "x"\n'
            if section.startswith("specs")
            else f'[community]\nname = "x"\n{section}\n',
            "x.toml",
        )
    assert caught.value.place == "x.toml"
    assert caught.value.hint


def test_a_repository_belongs_to_a_project():
    assert [project(name, OURS) for name in ("a/nova-specs.git", "cinder-specs/", "what-specs", "placement")] == [
        "nova", "cinder", "nova", "placement",
    ]  # fmt: skip


# --- the text -------------------------------------------------------------------------------------------------------


def read(text: str) -> texts.SpecText:
    return texts.read(text, OURS.specs)


def test_titles():
    assert (read(spec_text("A title")).title, read(spec_text("A title")).line) == ("A title", 5)
    assert (read("Only under\n==========\n").title, read("Only under\n==========\n").line) == (
        "Only under",
        1,
    )
    assert read("no title\nat all\n").title == ""
    assert read("====\n\n====\n").title == ""


@pytest.mark.parametrize(
    ("link", "slugs"),
    [
        ("https://blueprints.launchpad.net/nova/+spec/some-thing", ("some-thing",)),
        ("`<https://blueprints.launchpad.net/nova/+spec/some-thing>`_", ("some-thing",)),
        ("http://blueprints.launchpad.net/nova/+spec//Some-Thing.", ("some-thing",)),
        ("https://bugs.launchpad.net/nova/+bug/1", ()),
        (
            "https://blueprints.launchpad.net/nova/+spec/a\nhttps://blueprints.launchpad.net/nova/+spec/b",
            ("a", "b"),
        ),
    ],
)
def test_links_near_the_head(link: str, slugs: tuple[str, ...]):
    assert read(f"T itle\n======\n\n{link}\n").blueprints == slugs
    assert read("T itle\n======\n" + "\n" * 40 + link).blueprints == ()


def test_the_table_of_its_own_history():
    text = spec_text(
        "A title", history=[("2023.1 Antelope", "Introduced"), ("Bobcat", "Re-proposed\n       in two lines")]
    )
    assert read(text).history == (("2023.1 Antelope", "Introduced"), ("Bobcat", "Re-proposed in two lines"))


def test_what_it_says_of_others_wraps():
    text = spec_text("A title", "This is a continuation of\n`blueprint other-thing`_ and more.\n")
    assert [words for _, words in read(text).said] == [
        "This is a continuation of `blueprint other-thing`_ and more."
    ]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str):
    found = read(text)
    assert found.title == "" or found.line >= 1


# --- releases in trailers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "releases"),
    [
        ("Previously-approved: Queens", ("queens",)),
        ("previously approved: pike, QUEENS", ("pike", "queens")),
        ("Previously-Approved: 2023.1, Zed, Yoga", ("yoga", "zed", "antelope")),
        ("This was previously approved in Train [1] and Ussuri[2] but did not make", ("train", "ussuri")),
        ("For previous discussion see the change at Queens", ()),
        ("Previously-approved:", ()),
    ],
)
def test_releases_that_a_trailer_names(line: str, releases: tuple[str, ...]):
    change = SpecChange("2018-01-01", "a", "specs/caracal/approved/x.rst", "", "t", ((3, line),))
    assert claimed(spec("caracal", "x", changes=(change,)), OURS) == releases


def test_trailers_that_cannot_be_right():
    lines = (
        (3, "Previously-approved: Rocky"),
        (4, "Previously-approved: Queen, Pike"),
        (5, "Previously-approved: stein"),
    )
    record = spec("rocky", "x", lines=lines)
    assert [problem.quote for problem in doubts(record, OURS, "s")] == [words for _, words in lines]
    assert all(problem.kind == "odd" for problem in doubts(record, OURS, "s"))
    assert not list(
        doubts(spec("rocky", "x", lines=((3, "Previously-approved: Queens and Pike"),)), OURS, "s")
    )


def test_a_letter_or_a_number_is_no_release():
    assert named_releases("Q 17 P", OURS) == []


# --- what takes up what -----------------------------------------------------------------------------------------------


def lines(*numbers: int) -> dict[str, object]:
    """A text of so many rare lines."""
    hashes = tuple(sorted(zlib.crc32(str(n).encode()) for n in numbers))
    return {"sketch": hashes, "rare": len(hashes)}


def found(*specs: SpecRecord) -> list[tuple[str, str, str]]:
    return [
        (f"{c.early.release}/{c.early.slug}", f"{c.late.release}/{c.late.slug}", c.kind)
        for c in continuations.find(OURS, specs)
    ]


def test_the_same_name():
    specs = [spec(release, "one-thing") for release in ("pike", "queens", "stein")]
    assert found(*specs) == [
        ("pike/one-thing", "queens/one-thing", "re-proposed"), ("queens/one-thing", "stein/one-thing", "re-proposed"),
    ]  # fmt: skip


RENAMED = {
    "the release at its end": (spec("queens", "one-thing-queens"), spec("rocky", "one-thing-rocky")),
    "without the release": (spec("queens", "one-thing"), spec("rocky", "one-thing-rocky")),
    "spelt otherwise": (spec("queens", "one_thing"), spec("rocky", "one-thing")),
    "a redirect": (spec("queens", "one-thing"), spec("rocky", "another", also=("one-thing",))),
    "the same blueprint": (spec("queens", "one-thing", blueprints=("bp",)), spec("rocky", "another", blueprints=("bp",))),
    "its blueprint is the later name": (spec("queens", "one-thing", blueprints=("another",)), spec("rocky", "another")),
    "the message says so": (
        spec("queens", "one-thing"),
        spec("rocky", "another", lines=((3, "This follows on from blueprint one-thing (queens),"),)),
    ),
    "the text says so": (
        spec("queens", "one-thing"),
        spec("rocky", "another", said=((9, "Previously known as the (rather long) 'one-thing' spec."),)),
    ),
    "its history says so": (
        spec("queens", "one-thing"),
        spec("rocky", "another", history=(("Queens", "Introduced (as `blueprint one-thing`_)"),)),
    ),
    "git copied it": (
        spec("queens", "one-thing"),
        spec("rocky", "another", changes=(
            SpecChange("2018-03-01", "a", "specs/rocky/approved/another.rst", "specs/queens/approved/one-thing.rst", "t", (), 90),
        )),
    ),
    "most of the text": (spec("queens", "one-thing", **lines(*range(40))), spec("rocky", "another", **lines(*range(5, 50)))),
    "a third of the text, and its history": (
        spec("queens", "one-thing", **lines(*range(40))),
        spec("rocky", "another", **lines(*range(14), *range(90, 120)), history=(("Queens", "Introduced"), ("Rocky", "New name"))),
    ),
    "a third of the text, and the words of its name": (
        spec("queens", "big-thing", **lines(*range(40))), spec("rocky", "driver-big-thing", **lines(*range(15), *range(90, 120))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("sign", sorted(RENAMED))
def test_signs_of_a_rename(sign: str):
    early, late = RENAMED[sign]
    assert found(early, late) == [(f"queens/{early.slug}", f"rocky/{late.slug}", "renamed")]
    (one,) = continuations.find(OURS, [late, early])
    assert continuations.THRESHOLD <= one.score <= 1
    assert one.reasons


NOT = {
    "other features": (spec("queens", "one-thing"), spec("rocky", "another-thing")),
    "a trailer alone": (spec("queens", "one-thing"), spec("rocky", "another", lines=((3, "Previously-approved: Queens"),))),
    "a link": (
        spec("queens", "one-thing"),
        spec("rocky", "another", lines=((3, "https://blueprints.launchpad.net/nova/+spec/one-thing"),)),
    ),
    "re-proposed for a reason": (
        spec("queens", "one-thing"),
        spec("rocky", "another", history=(("Rocky", "Re-proposed, as it depends on one-thing"),)),
    ),
    "a mention": (spec("queens", "one-thing"), spec("rocky", "another", lines=((3, "This needs blueprint one-thing"),))),
    "its history alone": (spec("queens", "one-thing"), spec("rocky", "another", history=(("Queens", "Introduced"),))),
    "words of the name": (spec("queens", "big-thing"), spec("rocky", "big-thing-driver")),
    "a few lines": (spec("queens", "one-thing", **lines(*range(40))), spec("rocky", "another", **lines(1, 2, 3, *range(90, 120)))),
    "a number at the end": (spec("queens", "thing-part-1"), spec("rocky", "thing-part-2")),
    "no release": (spec("utopia", "one-thing"), spec("rocky", "one-thing")),
    "the same release": (spec("rocky", "one-thing"), spec("2018", "one-thing")),
}  # fmt: skip


@pytest.mark.parametrize("why", sorted(NOT))
def test_what_is_no_continuation(why: str):
    assert found(*NOT[why]) == []


def test_a_spec_is_taken_up_once_and_takes_up_one():
    """Two specs of one blueprint go their own ways, though one sits out a release."""
    specs = [
        spec("wallaby", "storage", blueprints=("bp",)), spec("wallaby", "storage-driver", blueprints=("bp",)),
        spec("xena", "storage", blueprints=("bp",)), spec("yoga", "storage-driver"),
    ]  # fmt: skip
    assert found(*specs) == [
        ("wallaby/storage-driver", "yoga/storage-driver", "re-proposed"), ("wallaby/storage", "xena/storage", "re-proposed"),
    ]  # fmt: skip


def test_part_was_done_and_the_rest_became_a_new_feature():
    path = "specs/queens/approved/tree.rst"
    cut = SpecChange(
        "2018-02-14",
        "b",
        path,
        path,
        "t",
        ((1, "Update the spec to reflect what actually got done in Queens"),),
    )
    early = spec("queens", "tree", title="Trees of things")
    narrowed = dataclasses.replace(early, changes=(*early.changes, cut))
    late = spec("rocky", "tree-search", title="Trees of things - search")
    assert found(narrowed, late) == [("queens/tree", "rocky/tree-search", "narrowed")]
    assert found(early, late) == []
    assert found(dataclasses.replace(narrowed, state="implemented"), late) == []
    assert found(narrowed, dataclasses.replace(late, slug="forest-search")) == []


def test_overlap_of_texts_is_estimated_from_samples():
    def record(numbers: range) -> SpecRecord:
        hashes = sorted(zlib.crc32(str(n).encode()) for n in numbers)
        return spec("queens", "x", sketch=tuple(hashes[:96]), rare=len(hashes))

    part, count = continuations.overlap(record(range(400)), record(range(200, 600)))
    assert 0.35 < part < 0.65
    assert 140 < count < 260
    assert continuations.overlap(record(range(50)), record(range(50)))[0] == 1.0
    assert continuations.overlap(record(range(50)), record(range(50, 90))) == (0.0, 0)


# --- the triples ------------------------------------------------------------------------------------------------------

SAMPLES = [record for pair in RENAMED.values() for record in pair][:8]


@settings(max_examples=20)
@given(
    st.permutations(
        [
            spec("pike", "a"),
            spec("queens", "a"),
            spec("queens", "b-queens"),
            spec("rocky", "b-rocky"),
            spec("rocky", "c"),
        ]
    )
)
def test_any_order_of_records_gives_the_same_bytes(specs: list[SpecRecord]):
    assert triples(specs) == triples(sorted(specs, key=lambda record: record.path))


def test_names_that_others_know_it_by():
    got = "\n".join(
        triples(
            [
                spec("queens", "one", blueprints=("bp", "other"), also=("old", "other")),
                spec("queens", "other"),
            ]
        )
    )
    assert "/feature/nova/bp>" in got
    assert "/feature/nova/old> <http://purl.org/dc/terms/isReplacedBy>" in got
    about = [line for line in got.splitlines() if "/spec/nova/queens/one> " in line and "ns#about>" in line]
    assert sorted(line.rsplit("/", 1)[1] for line in about) == ["bp> .", "old> .", "one> ."]


def history() -> SpecRecord:
    """Ann proposed it, Bea and Cem changed its words, Dee moved it, Eva took it up as it was, Fay changed it since."""
    here, there = "specs/queens/approved/x.rst", "specs/rocky/approved/x.rst"
    done = "specs/rocky/implemented/x.rst"
    signed = ((5, f"Co-authored-by: Cem C <{'c' * 40}>"),)
    changes = (
        SpecChange("2017-06-01", "1" * 40, here, "", "Propose", (), 0, "Ann A", "a" * 40),
        SpecChange("2018-03-01", "2" * 40, there, here, "Take up", (), 100, "Eva E", "e" * 40),
        SpecChange("2018-08-01", "3" * 40, done, there, "Move", (), 100, "Dee D", "d" * 40),
    )
    edits = (
        SpecChange("2017-07-01", "4" * 40, here, here, "Say more", (), 0, "Bea B", "b" * 40, signed),
        SpecChange("2018-09-01", "5" * 40, done, done, "Typo", (), 0, "Fay F"),
    )
    return dataclasses.replace(spec("rocky", "x", "implemented"), path=done, changes=changes, edits=edits)


def test_how_a_spec_came_into_a_place():
    assert [came(change, OURS) for change in history().changes] == ["added", "added", "moved"]
    moved = dataclasses.replace(history().changes[2], similar=90)
    assert came(moved, OURS) == "changed"
    assert came(dataclasses.replace(moved, path=""), OURS) == "removed"


def test_an_author_of_a_spec_is_the_person_that_commits_know():
    lines = triples([history()])
    person = f"<{terms.ID}openstack/person/bea%20b>"
    edit = f"<{terms.ID}openstack/edit/nova/rocky/x/{'4' * 40}>"
    assert f"{edit} <{terms.kg('author')}> {person} ." in lines
    assert f"{edit} <{terms.kg('coAuthor')}> <{terms.ID}openstack/person/cem%20c> ." in lines
    assert f'{person} <{terms.expand("foaf:name")}> "Bea B" .' in lines
    assert not [line for line in triples([spec("rocky", "y")]) if terms.kg("author") in line]


def test_who_wrote_a_spec_and_what_somebody_wrote(tmp_path: Path):
    reader = store(tmp_path / "store", [history()])
    catalogue = Catalogue.load()
    thing = ("iri", f"{terms.ID}openstack/feature/nova/x")
    (row,) = sparql.run(reader, catalogue.get("spec"), {"feature": thing}).dicts()
    assert row["authors"] == "Ann A + Bea B + Cem C + Eva E + Fay F"
    assert (row["proposer"], str(row["edited"]), str(row["last"])) == ("Ann A", "2018-09-01", "2018-08-01")
    found = {}
    for name in ("Ann A", "Cem C", "Dee D", "Eva E", "Fay F"):
        bound = {"person": ("iri", f"{terms.ID}openstack/person/{name.lower().replace(' ', '%20')}")}
        rows = sparql.run(reader, catalogue.get("specs-by"), bound).dicts()
        found[name] = [(r["feature"], r["release"], r["state"], str(r["first"]), r["role"]) for r in rows]
    assert found == {
        "Ann A": [("x", "rocky", "implemented", "2017-06-01", "proposed")],
        "Cem C": [("x", "rocky", "implemented", "2017-07-01", "changed")],
        "Dee D": [],
        "Eva E": [("x", "rocky", "implemented", "2018-03-01", "proposed")],
        "Fay F": [("x", "rocky", "implemented", "2018-09-01", "changed")],
    }


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=40))
def test_strange_names_and_words_are_written_safely(slug: str, release: str, title: str):
    record = SpecRecord("specs/x", slug or "x", release, "approved", title, 1, (title,), (slug,), (), (), ())
    for line in triples([record]):
        assert line.endswith(" .")
        assert "\n" not in line
