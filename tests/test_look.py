"""`kg timeline` and `kg visualize`: what is drawn of the graph, and what is left out."""

from __future__ import annotations

import re
import shutil

import pytest
from conftest import NOTE, kg

from graph.cli.look import _scene
from graph.queries import shipped
from graph.sparql import load
from graph.store import Reader
from graph.table import Table
from graph.views.models import Edge, Node
from graph.views.png import BROWSERS
from graph.views.scene_limits import around, fold, folded_words, of_kinds
from graph.views.scene_network import MOST_QUOTES, Net, network_scene
from graph.views.scene_timeline import Choice, timeline_scene
from graph.views.scenes import TABLES, in_range, scene, within

JOINED = """# Weekly notes
## 2018-03-05
### Features
1. Shared disk pools
https://blueprints.launchpad.net/nova/+spec/shared-disk-pools is in progress.
Ada (ada) says the rest is deferred to Stein.
2. Quota tree
Done, https://review.openstack.org/540001 merged.
### Open discussion
1. Who reviews the docs
No conclusion.
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of the note that we ship, alone."""
    place = tmp_path_factory.mktemp("look") / "store"
    assert kg("build", NOTE, store=place).code == 0
    return place


@pytest.fixture(scope="module")
def joined(tmp_path_factory):
    """A store of a note in which an item names its feature by a link."""
    folder = tmp_path_factory.mktemp("joined")
    (folder / "note.md").write_text(JOINED, "utf-8")
    assert kg("build", "note.md", store=folder / "store", cwd=folder).code == 0
    return folder / "store"


@pytest.fixture(scope="module")
def drawn(store):
    with Reader(store) as reader:
        return _scene(reader, "en")


@pytest.fixture(scope="module")
def net(drawn):
    return network_scene(drawn)


def test_every_query_of_a_scene_loads_and_none_is_forgotten():
    found = {path.stem.removeprefix("scene-") for path in (shipped() / "views").glob("scene-*.rq")}
    assert found == set(TABLES)
    for name in TABLES:
        assert load(shipped() / "views" / f"scene-{name}.rq").params == ()


# ---- the timeline


def test_rows_are_features_and_what_moved_last_comes_first(drawn):
    model = timeline_scene(drawn, Choice(), "")
    last = {
        f.key: max((m.date for m in model.marks if m.feature == f.key), default="") for f in model.features
    }
    assert len(model.features) > 3
    assert list(last.values()) == sorted(last.values(), reverse=True)
    kinds = {drawn.subjects[feature.key].kind for feature in model.features}
    assert kinds == {"feature"}


def test_marks_and_slips_lead_to_their_words(drawn):
    model = timeline_scene(drawn, Choice(), "")
    for said in (*model.marks, *model.slips):
        assert said.quote
        assert said.source == NOTE
        assert said.line > 0
    assert {mark.kind for mark in model.marks} >= {"report", "patch"}
    slips = {(slip.from_release, slip.to_release) for slip in model.slips}
    assert slips == {("queens", "rocky")}
    assert {release.slug for release in model.releases} == {"queens", "rocky"}


def test_a_slip_rests_on_the_report_that_names_the_release_moved_to(drawn):
    (slip,) = timeline_scene(drawn, Choice(), "").slips
    row = next(r for r in drawn.rows["reports"] if (r["source"], r["line"]) == (slip.source, str(slip.line)))
    assert drawn.releases[row["release"]].slug == slip.to_release
    assert slip.date == row["date"]


def test_the_timeline_on_a_pipe_is_plain_text(store):
    done = kg("timeline", store=store)
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "→ Rocky" in done.out
    assert done.err == ""
    assert "去向" in kg("--lang", "zh", "timeline", store=store).out


def test_limits_of_the_timeline(store):
    everything = kg("timeline", store=store).out
    one = kg("timeline", "NRP", store=store).out
    assert "Nested Resource Provider" in one
    assert "lternate hosts" in everything
    assert "lternate hosts" not in one
    late = kg("timeline", "--since", "2018-01-20", store=store).out
    assert "01-08" not in late
    assert "01-29" in late
    assert "01-29" not in kg("timeline", "--until", "2018-01-20", store=store).out
    assert len(kg("timeline", "--person", "efried", store=store).out) < len(everything)
    assert "No dated reports" in kg("timeline", "--release", "train", store=store).out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("timeline", "Nested Resorce Providers"), 3, "did you mean Nested Resource Provider"),
        (("timeline", "--release", "nonsuch"), 3, "no release is known"),
        (("timeline", "--since", "someday"), 2, "is no date"),
        (("timeline", "-o", "x.pdf"), 2, ".html, .svg, .png"),
        (("visualize", "-o", "x.svg"), 2, ".html"),
        (("visualize", "--kind", "dragon"), 2, "dragon"),
        (("visualize", "qqqqqq"), 3, "no one thing is known as 'qqqqqq'"),
        (("visualize", "--release", "queens", "qqqqqq"), 3, "no release is known"),
    ],
)
def test_what_is_not_known_is_refused(store, tmp_path, words, code, said):
    done = kg(*words, store=store, cwd=tmp_path)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert not list(tmp_path.iterdir())


def test_files_are_the_same_every_time(store, tmp_path):
    for name in ("a.html", "a.svg", "b.html", "b.svg"):
        assert kg("timeline", "-o", tmp_path / name, store=store).code == 0
    for name in ("g.html", "h.html"):
        assert kg("visualize", "-o", tmp_path / name, store=store).code == 0
    for one, other in (("a.html", "b.html"), ("a.svg", "b.svg"), ("g.html", "h.html")):
        assert (tmp_path / one).read_bytes() == (tmp_path / other).read_bytes()
    assert (tmp_path / "a.svg").read_text("utf-8").startswith("<svg ")


def test_a_png_is_drawn_by_a_browser_and_asked_for_without_one(store, tmp_path, monkeypatch):
    path = tmp_path / "new" / "x.png"
    if any(shutil.which(name) for name in BROWSERS):
        assert kg("timeline", "-o", path, store=store).code == 0
        assert path.read_bytes().startswith(b"\x89PNG\r\n")
        assert path.stat().st_size > 10_000
    monkeypatch.setenv("PATH", str(tmp_path))
    done = kg("timeline", "-o", path, store=store)
    assert done.code == 1
    assert "hint: write -o FILE.svg" in done.err


def test_a_topic_and_the_feature_it_names_are_one_row(joined):
    with Reader(joined) as reader:
        whole = _scene(reader, "en")
    model = timeline_scene(whole, Choice(), "")
    assert sorted(f.label for f in model.features) == ["Quota tree", "Shared disk pools"]
    subject = next(s for s in whole.subjects.values() if s.label == "Shared disk pools")
    assert "shared-disk-pools" in subject.slugs
    for word in ("shared-disk-pools", "Shared disk pools", "SDP"):
        done = kg("timeline", word, store=joined)
        assert done.code == 0, done.err
        assert "Shared disk pools" in done.out
        assert "Quota" not in done.out


# ---- the network


def test_the_network_holds_what_the_graph_holds(net, drawn):
    kinds = {node.kind for node in net.nodes.values()}
    assert kinds >= {
        "meeting",
        "feature",
        "discussion",
        "patch",
        "person",
        "release",
        "status",
        "todo",
        "note",
    }
    links = {edge.kind for edge in net.edges}
    assert links >= {
        "implementedBy",
        "discusses",
        "raisedIn",
        "about",
        "inMeeting",
        "slippedTo",
        "milestoneOf",
    }
    assert all(e.source in net.nodes and e.target in net.nodes for e in net.edges)
    assert len([n for n in net.nodes.values() if n.kind == "meeting"]) == len(drawn.rows["meetings"])
    for node in net.nodes.values():
        assert node.label
        assert len(node.evidence) <= MOST_QUOTES


def test_patches_open_their_live_pages(net):
    patches = [node for node in net.nodes.values() if node.kind == "patch"]
    assert patches
    assert all(node.url.startswith("https://") for node in patches)


def test_links_speak_the_language_of_the_page(store):
    with Reader(store) as reader:
        zh = network_scene(_scene(reader, "zh"))
    assert "由补丁实现" in {edge.label for edge in zh.edges}
    assert "推迟到" in {edge.label for edge in zh.edges}


def test_a_neighbourhood_grows_with_its_hops(net):
    centre = next(edge.source for edge in net.edges if edge.kind == "slippedTo")
    sizes = [len(around(net, [centre], hops).nodes) for hops in range(4)]
    assert sizes[0] == 1
    assert sizes == sorted(sizes)
    assert sizes[1] < len(net.nodes)


def test_what_slipped_between_two_releases_and_its_surroundings(store, tmp_path):
    done = kg("visualize", "--release", "queens", "rocky", "-o", tmp_path / "x.html", store=store)
    assert done.code == 0
    assert "Slipped from Queens to Rocky" in (tmp_path / "x.html").read_text("utf-8")
    done = kg("visualize", "--release", "rocky", "queens", "-o", tmp_path / "y.html", store=store)
    assert done.code == 0
    assert "nothing slipped" in done.err


@pytest.mark.parametrize("word", ["NRP", "efried", "521685", "queens", "2018-01-15"])
def test_things_of_every_kind_can_be_drawn(store, tmp_path, word):
    done = kg("visualize", word, "-o", tmp_path / "x.html", store=store)
    assert done.code == 0, done.err
    drawn = re.search(r"(\d+) nodes", done.err)
    assert drawn
    assert 1 < int(drawn[1]) < 70


def test_a_network_of_some_kinds_and_of_some_days(net, drawn):
    few = of_kinds(net, ("patch", "feature"))
    assert {node.kind for node in few.nodes.values()} == {"patch", "feature"}
    assert {edge.kind for edge in few.edges} <= {"implementedBy", "mentions"}
    late = network_scene(within(drawn, "2018-01-20", "2018-01-26"))
    days = {node.date for node in late.nodes.values() if node.kind in ("meeting", "status")}
    assert days == {"2018-01-22"}


def test_a_range_takes_days_by_what_is_known_of_them():
    assert in_range("2018-01", "2018-01-20", "")
    assert not in_range("2017-12", "2018-01-20", "")
    assert not in_range("2018-01-21", "", "2018-01-20")
    assert in_range("", "2018-01-20", "2018-01-21")


def test_a_large_network_is_folded_step_by_step_and_says_so():
    statuses = {f"s{n}": Node(f"s{n}", "status", "done") for n in range(30)}
    named = {f"p{n}": Node(f"p{n}", "patch", str(n)) for n in range(30)}
    rest = {f"f{n}": Node(f"f{n}", "feature", str(n)) for n in range(5)}
    edges = (*(Edge("f0", key, "mentions", "") for key in named), Edge("f1", "p0", "implementedBy", ""))
    whole = Net({**statuses, **named, **rest}, edges)
    assert fold(whole, 65) == (whole, [])
    once, said = fold(whole, 40)
    assert (len(once.nodes), said) == (35, [("status", 30)])
    assert fold(whole, 40, keep=("status",))[1] == [("mentions", 29)]
    twice, said = fold(whole, 10)
    assert set(twice.nodes) == {"p0", *rest}
    assert folded_words(said, "en") == "folded: 30 status, 29 only mentioned"
    assert folded_words([], "zh") == ""


def test_an_empty_graph_draws_an_empty_page(tmp_path):
    empty = scene({name: Table((), ()) for name in TABLES}, "zh")
    assert network_scene(empty) == Net({}, ())
    assert timeline_scene(empty, Choice(), "").features == ()
