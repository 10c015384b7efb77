"""`kg timeline` and `kg visualize`: what is drawn of the graph, and what is left out."""

from __future__ import annotations

import re
import shutil

import pytest
from conftest import NOTE, kg

from graph.drawn import read_scene
from graph.queries import shipped
from graph.sparql import load
from graph.store import Reader
from graph.table import Table
from graph.views.models import Edge, Node
from graph.views.png import BROWSERS
from graph.views.scene_limits import around, fold, folded_words, of_kinds
from graph.views.scene_network import MOST_QUOTES, Net, network_scene
from graph.views.scene_timeline import Choice, timeline_scene
from graph.views.scenes import SORTED, TABLES, TIMELINE_TABLES, in_range, scene, within

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
        return read_scene(reader, "en")


@pytest.fixture(scope="module")
def net(drawn):
    return network_scene(drawn)


def test_every_query_of_a_scene_loads_and_none_is_forgotten():
    found = {path.stem.removeprefix("scene-") for path in (shipped() / "views").glob("scene-*.rq")}
    assert found == set(TABLES)
    for name in TABLES:
        assert load(shipped() / "views" / f"scene-{name}.rq").params == ()


# ---- the timeline


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
    assert "Nested Resource Provider" in kg("timeline", "--person", "efried", store=store).out
    assert len(kg("timeline", "--person", "jaypipes", store=store).out) < len(everything)
    assert "more features are not shown" in kg("timeline", "--rows", "2", store=store).out
    assert "No dated reports" in kg("timeline", "--release", "train", store=store).out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("timeline", "Nested Resorce Providers"), 3, "did you mean Nested Resource Provider"),
        (("timeline", "--release", "nonsuch"), 3, "no release is known"),
        (("timeline", "--since", "someday"), 2, "is no date"),
        (("timeline", "-o", "x.pdf"), 2, ".html, .svg, .png"),
        (("timeline", "--format", "csv", "-o", "x.svg"), 2, "leave out -o"),
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
        whole = read_scene(reader, "en", TIMELINE_TABLES)
    model = timeline_scene(whole, Choice(), "")
    assert sorted(f.label for f in model.features) == ["Quota tree", "Shared disk pools"]
    subject = next(s for s in whole.subjects.values() if s.label == "Shared disk pools")
    assert "shared-disk-pools" in subject.slugs
    for word in ("shared-disk-pools", "Shared disk pools", "SDP"):
        done = kg("timeline", word, store=joined)
        assert done.code == 0, done.err
        assert "Shared disk pools" in done.out
        assert "Quota" not in done.out


# ---- what repositories and specs add

ID = "https://w3id.org/release-kg/id/c"
HEAD = f"{ID}/feature/p/quota"


def _table(columns: str, *rows: tuple[str, ...]) -> Table:
    return Table(tuple(columns.split()), rows)


def _tables(days: list[str]) -> dict[str, Table]:
    """A feature that slipped and has a patch merged on each of some days, and a topic that stands for another."""
    patches = [f"{ID}/patch/I{n}" for n in range(len(days))]
    topic, walls = f"{ID}/topic/wall", f"{ID}/feature/p/walls"
    place = ("quote", "n.md", "3")
    return {
        "things": _table(
            "thing type slug label url", (topic, "topic", "wall", "Walls", ""),
            (HEAD, "feature", "quota", "Quota", ""), (walls, "feature", "walls", "walls of a cell", ""),
        ),
        "items": _table(
            "item meeting date kind heading thing quote source line",
            ("i", "m", "2031-02-03", "feature", "Walls", topic, *place),
        ),
        "reports": _table(
            "report date meeting thing status part release cycle patch bug person key quote source line",
            ("r", "2031-02-03", "m", topic, "done", "", "", "", "", "", "", "", *place),
        ),
        "tracked": _table("thing type key title url", *((p, "patch", p[-2:], f"Title {p[-1]}", "") for p in patches)),
        "links": _table("one link other", *((HEAD, "implementedBy", patch) for patch in patches)),
        "commits": _table(
            "patch commit date note",
            *((p, f"{ID}/commit/p/{n:040}", day, "s") for n, (p, day) in enumerate(zip(patches, days, strict=True))),
        ),
        "specs": _table("thing date", (HEAD, "2030-12-01"), (walls, "2030-11-01")),
        "stands": _table("thing target", (topic, walls)),
        "notes": _table("note path title", ("s", "some/p", "")),
        "releases": _table(
            "release slug label ordinal start freeze ship",
            ("one", "one", "One", "1", "2030-10-01", "", "2031-03-01"), ("two", "two", "Two", "2", "2031-03-01", "", ""),
        ),
        "slips": _table(
            "slip thing from to class outcome became report date status named quote source line",
            ("x", HEAD, "one", "two", "re-proposed", "", "", "", "", "", "", "", "", ""),
        ),
    }  # fmt: skip


def test_patches_stand_on_their_day_and_features_on_their_first():
    whole = scene(_tables(["2031-01-06", "2030-10-08"]), "en")
    nodes = network_scene(whole).nodes
    assert nodes[f"{ID}/patch/I0"].date == "2031-01-06"
    assert nodes[f"{ID}/patch/I0"].label == "Title 0"
    assert nodes[HEAD].date == "2030-10-08"
    late = network_scene(within(whole, "2030-12-15", "")).nodes
    assert late[HEAD].date == "2031-01-06"
    assert f"{ID}/patch/I1" not in late


def test_a_topic_and_the_feature_it_stands_for_are_one_subject():
    whole = scene(_tables([]), "en")
    assert whole.heads[f"{ID}/topic/wall"] == f"{ID}/feature/p/walls"
    assert whole.subjects[f"{ID}/feature/p/walls"].label == "Walls"
    assert whole.spoken(f"{ID}/feature/p/walls") == (f"{ID}/topic/wall",)
    assert whole.spoken("other") == ("other",)


def test_milestones_of_other_projects_stay_out():
    columns, day = "milestone release name date project", "2031-01-01"
    rows = ("m1", "one", "freeze", day, ""), ("m2", "one", "p freeze", day, "p"), ("m3", "one", "q", day, "q")
    tables = {**_tables(["2031-01-06"]), "milestones": _table(columns, *rows)}
    assert {"m1", "m2"} == {key for key in network_scene(scene(tables, "en")).nodes if key.startswith("m")}


def test_large_tables_come_in_one_order_whatever_the_store_gives():
    tables = _tables(["2031-01-06", "2031-01-06", "2030-01-06"])
    turned = {name: Table(table.columns, table.rows[::-1]) for name, table in tables.items()}
    for name in SORTED:
        assert scene(tables, "en").rows[name] == scene(turned, "en").rows[name]


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
        zh = network_scene(read_scene(reader, "zh"))
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
    assert "nothing slipped" in done.err.lower()


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
