"""The network page as text: positions, data, escaping; a browser reads it in test_pages_browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from view_samples import HOSTILE, hostile_network, large_network, network

from bench.graphs import network as graph_of
from graph.drawn import read_scene
from graph.errors import KgError, UnknownName, UsageFault
from graph.names import Names
from graph.networks import TABLES, Wanted, choose, read_authors
from graph.store import Reader
from graph.views.kinds import BY_NAME, KINDS
from graph.views.models import Edge, Evidence, Node
from graph.views.network import LAYOUTS, SYMBOLS, network_html, network_page
from graph.views.network_fold import LEAST, folds, unfolded
from graph.views.network_free import SPOT_H, SPOT_W, free_layout
from graph.views.network_layout import CELL_H, CELL_W, lay_out
from graph.views.network_time import spans
from graph.views.network_words import PAGE_WORDS, WORDS
from graph.views.page import asset, clip, columns, esc, safe_url, script_json, shell, vis_script, visible


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text of the data block."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data, self.inside = "", False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "script" and dict(attrs).get("id") == "data"

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        self.data += data if self.inside else ""


def test_no_two_nodes_of_a_layout_overlap():
    for nodes, edges in (network(), large_network(700)):
        spots = sorted(lay_out(nodes, edges).positions.values())
        assert len(spots) == len(nodes)
        for at, (x, y) in enumerate(spots):
            for other_x, other_y in spots[at + 1 :]:
                if other_x - x >= CELL_W:
                    break
                assert abs(other_y - y) >= CELL_H


def test_dates_go_across_and_kinds_down():
    nodes = [
        Node("b", "patch", "b", "2031-02-01"),
        Node("a", "patch", "a", "2031-01-01"),
        Node("m", "meeting", "m", "2031-01-01"),
        Node("month", "meeting", "month", "2031-03"),
    ]
    spots = lay_out(nodes, []).positions
    assert spots["a"][0] < spots["b"][0] < spots["month"][0]
    assert spots["m"][1] < spots["a"][1]
    assert spots["m"][0] == spots["a"][0]


def test_an_undated_node_stands_near_its_dated_neighbours():
    dated = [Node(f"m{n}", "meeting", "", f"2031-0{n}-01") for n in (1, 3, 5)]
    nodes = [*dated, Node("f", "feature", ""), Node("second", "topic", ""), Node("lost", "topic", "", "soon")]
    layout = lay_out(nodes, [Edge("m1", "f", "", ""), Edge("m5", "f", "", ""), Edge("f", "second", "", "")])
    assert layout.positions["f"][0] == layout.positions["second"][0] == layout.positions["m3"][0]
    assert layout.positions["lost"][0] > layout.positions["m5"][0]
    assert [strip.name for strip in layout.columns][-1] == ""


def test_many_dates_become_months_then_years():
    days = [
        Node(str(n), "patch", "", f"20{31 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}")
        for n in range(400)
    ]
    assert [s.name for s in lay_out(days, []).columns][:2] == ["2031-01", "2031-02"]
    years = [Node(str(n), "patch", "", f"{1900 + n // 12}-{n % 12 + 1:02}-01") for n in range(600)]
    assert [s.name for s in lay_out(years, []).columns][:2] == ["1900", "1901"]


def test_no_two_nodes_of_the_free_layout_overlap_and_links_are_short():
    for nodes, edges in (network(), graph_of(900), (large_network(300))):
        spots = free_layout(nodes, edges)
        assert len(set(spots)) == len(nodes)
        assert all(x % SPOT_W == y % SPOT_H == 0 for x, y in spots)
    nodes, edges = graph_of(900)
    place = dict(zip((n.id for n in nodes), free_layout(nodes, edges), strict=True))
    tied = sum(_apart(place[e.source], place[e.target]) for e in edges) / len(edges)
    any_two = sum(_apart(place[a.id], place[b.id]) for a, b in zip(nodes, nodes[450:], strict=False)) / 450
    assert tied < 0.6 * any_two


def _apart(one, other) -> float:
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_free_layout_of_a_few(count):
    nodes = [Node(str(n), "bug", "") for n in range(count)]
    edges = [Edge(a.id, b.id, "", "") for a in nodes for b in nodes]
    assert len(set(free_layout(nodes, edges))) == count
    assert len(set(free_layout(nodes, []))) == count


def test_leaves_of_a_crowd_are_folded_by_hub_kind_and_link():
    nodes = [
        Node("f", "feature", ""),
        Node("g", "feature", ""),
        *(Node(f"p{n}", "patch", "") for n in range(9)),
    ]
    said = Node("said", "patch", "", evidence=(Evidence("x", "y", 1),))
    edges = [Edge("f", f"p{n}", "implementedBy", "") for n in range(9)]
    edges += [Edge("g", "p8", "implementedBy", ""), Edge("f", "said", "implementedBy", "")]
    (fold,) = folds([*nodes, said], edges, crowded=5)
    assert (fold.hub, fold.members, fold.outward) == (0, tuple(range(2, 10)), True)
    assert folds([*nodes, said], edges) == []  # not crowded
    few = folds(nodes[: LEAST + 1], edges[: LEAST - 1], crowded=2)
    assert few == []
    back = [Edge(f"p{n}", "f", "mentions", "") for n in range(5)]
    assert [found.outward for found in folds(nodes, back, crowded=5)] == [False]


def test_what_is_unfolded_stands_around_its_fold():
    spots = unfolded(40, (100, 50))
    assert len(set(spots)) == 40
    assert max(abs(x - 100) for x, _ in spots) < 400


def test_things_are_there_from_the_first_to_the_last_of_what_happens_to_them():
    nodes = [
        Node("f", "feature", "", "2031-01-05"), Node("m", "meeting", "", "2031-03-01"), Node("p", "person", ""),
        Node("r", "release", "", "2031-06-01"), Node("x", "topic", ""),
    ]  # fmt: skip
    edges = [Edge("m", "f", "", ""), Edge("f", "p", "", ""), Edge("f", "r", "", "")]
    day = {n: date(2031, *d).toordinal() for n, d in (("f", (1, 5)), ("m", (3, 1)), ("r", (6, 1)))}
    found = dict(zip("fmprx", spans(nodes, edges), strict=True))
    assert found["f"] == found["p"] or found["p"][0] == day["f"]
    assert found["f"] == (day["f"], day["m"])
    assert found["m"] == (day["m"], day["m"])
    assert found["r"] == (day["r"], day["r"])
    assert found["x"] == (0, 0)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", [60, 700, 2500])
def test_the_same_input_gives_the_same_bytes(layout, count):
    pages = {network_html(*graph_of(count), title="x", lang="zh", layout=layout) for _ in range(2)}
    assert len(pages) == 1


@pytest.mark.parametrize("fold", [True, False])
def test_every_node_and_fold_has_a_place_in_both_layouts(fold):
    nodes, edges = graph_of(600)
    data = network_page(nodes, edges, title="x", lang="en", fold=fold).data
    count = len(nodes) + len(data["folds"])
    assert bool(data["folds"]) is fold
    assert (len(data["at"]), len(data["free"])) == (2 * count, 2 * count)
    spots = {node["id"]: (node["x"], node["y"]) for node in data["vis"]["nodes"]}
    assert [spots[at] for at in range(count)] == list(zip(data["at"][::2], data["at"][1::2], strict=True))
    ends = {edge["id"]: (edge["from"], edge["to"]) for edge in data["vis"]["edges"]}
    flat = data["edges"]
    assert len(ends) == len(flat) // 3 + len(data["folds"])
    assert all(ends[at] == (flat[3 * at], flat[3 * at + 1]) for at in range(len(flat) // 3))


def test_above_the_limit_our_own_renderer_is_taken():
    few, many = (network_page(*graph_of(count), title="x", lang="en") for count in (2000, 2001))
    assert "vis-network" in few.scripts
    assert few.data["vis"] is not None
    assert "vis-network" not in many.scripts
    assert "network-canvas.js" in many.scripts
    assert many.data["vis"] is None


def test_the_page_says_what_it_folded_and_what_was_left_out():
    data = network_page(*graph_of(600), title="x", lang="en", said=["Gone: 3."]).data
    assert data["said"][0] == "Gone: 3."
    folded = sum(len(members) for *_, members in data["folds"])
    assert data["said"][1] == f"Folded: Patch {folded} (in {len(data['folds'])} groups)."
    assert "已收起：补丁" in network_page(*graph_of(600), title="x", lang="zh").data["said"][0]


def test_both_languages_say_the_same_and_every_word_of_the_markup_is_there():
    for table in (WORDS, PAGE_WORDS):
        assert list(table["zh"]) == list(table["en"])
        for zh, en in zip(table["zh"].values(), table["en"].values(), strict=True):
            assert sorted(re.findall(r"{\w+}", zh)) == sorted(re.findall(r"{\w+}", en))
    slots = set(re.findall(r"{([\w-]+)}", asset("network.html"))) - {"title", "legend"}
    assert slots == set(PAGE_WORDS["en"])
    used = "".join(
        asset(name)
        for name in network_page([], [], title="", lang="en").scripts
        if name.startswith("network")
    )
    named = {one or other for one, other in re.findall(r'\bwords(?:\.(\w+)|\["([\w-]+)"\])', used)}
    assert len(named) > 20
    assert named <= {*WORDS["en"], "get"}


def test_the_page_names_no_address_to_fetch_from():
    nodes, edges = network()
    page = network_html(nodes, edges, title="图", lang="zh")
    for _, attributes in Elements(page).tags:
        assert not {"src", "srcset", "style", "action"} & set(attributes)
        assert attributes.get("href", "data:,") == "data:,"
    assert "sourceMappingURL" not in page
    assert "@import" not in page
    assert "url(" not in page.replace("vis-network", "").split("</style>")[0]


def test_the_policy_holds_the_hash_of_every_script_and_style():
    page = network_html(*network(), title="x", lang="en")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    blocks = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.S)
    assert len(blocks) == 1 + len(network_page(*network(), title="x", lang="en").scripts)
    for block in blocks:
        assert base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_attacks_stay_text():
    plain = Elements(network_html(*network(), title="x", lang="en"))
    page = network_html(*hostile_network(), title=HOSTILE[6], lang="en")
    page.encode("utf-8")
    hostile = Elements(page)
    count = [tag for tag, _ in hostile.tags].count
    assert (count("script"), count("img"), count("iframe")) == (
        [tag for tag, _ in plain.tags].count("script"),
        0,
        0,
    )
    assert not [key for _, attributes in hostile.tags for key in attributes if key.startswith("on")]
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in plain.tags} | {"circle", "rect", "path"}
    data = json.loads(hostile.data)
    assert not [detail for detail in data["details"] if len(detail) > 3 and detail[3]]
    assert data["details"][0][1] == [[HOSTILE[0], HOSTILE[0] + ":1"]]
    assert "\\u202e" in data["labels"][7]


def test_an_edge_to_nowhere_and_a_second_node_of_one_id_are_left_out():
    nodes = [Node("a", "bug", "first"), Node("a", "bug", "second"), Node("b", "what?", "")]
    page = network_html(
        nodes,
        [Edge("a", "gone", "", ""), Edge("a", "b", "", "x"), Edge("a", "b", "", "y")],
        title="",
        lang="en",
    )
    data = json.loads(Elements(page).data)
    assert data["edges"] == [0, 1, 0, 0, 1, 1]
    assert [link[1] for link in data["links"]] == ["x", "y"]
    assert data["labels"] == ["first", "b"]
    assert [data["kinds"][at][0] for at in data["kind"]] == ["bug", "other"]


def test_nothing_to_show_is_still_a_page():
    page = network_html([], [], title="空", lang="zh")
    assert json.loads(Elements(page).data)["keys"] == []
    assert "还没有可以显示的内容" in page


def test_pages_of_five_hundred_and_of_ten_thousand_nodes_stay_small():
    assert len(network_html(*large_network(500), title="x", lang="zh").encode()) < 1_500_000
    assert len(network_html(*large_network(10_000), title="x", lang="zh", layout="free").encode()) < 4_000_000


def test_kinds_differ_in_colour_or_shape_and_can_be_drawn():
    assert len({(k.shape, k.colour) for k in KINDS}) == len(KINDS) == len(BY_NAME)
    assert {k.shape for k in KINDS} <= set(SYMBOLS)


def test_the_script_is_vis_network_with_its_licence():
    assert "Apache 2.0" in vis_script()[:1000]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" https://example.org", False),
        ("https://exam\nple.org", False),
        ("https://good.org@evil.example/", False),
        ("//example.org", False),
        ("data:text/html,x", False),
        ("https:", False),
        ("https://[broken", False),
        ("https://example.org/\u202egpj", False),
        ("", False),
    ],
)
def test_only_plain_web_links_are_links(url, safe):
    assert safe_url(url) == (url if safe else "")


def test_hidden_characters_are_shown_and_plain_text_is_kept():
    assert (
        visible("a\u202eb\u200bc\x1bd\x7fe\U000e0041\ufeff")
        == "a\\u202eb\\u200bc\\u001bd\\u007fe\\U000e0041\\ufeff"
    )
    assert visible("中文\n\ttext é") == "中文\n\ttext é"
    assert esc("<a href='x'>&\"") == "&lt;a href=&#x27;x&#x27;&gt;&amp;&quot;"


def test_json_in_a_page_reads_back_the_same():
    for text in HOSTILE:
        written = script_json([text])
        assert json.loads(written) == [text]
        assert not re.search("[<>&\u2028\u2029]", written)
        written.encode("utf-8")


def test_clip_counts_chinese_as_two_columns():
    assert clip("层级配额管理", 7) == "层级配…"
    assert columns("层a\u0301") == 3
    assert clip("as  is\n", 6) == "as is"


def test_code_that_would_end_its_element_is_refused():
    with pytest.raises(KgError, match="would end its element"):
        shell(title="", lang="en", body="", data={}, styles=[], scripts=["'</script>'"])


# ---- what is wanted of a store


@pytest.fixture(scope="module")
def chosen(demo):
    """What is drawn of words, from one reading of the demo store."""
    with Reader(demo) as reader:
        names, scene = Names(reader), read_scene(reader, "en", TABLES)
        authors = read_authors(reader)
        yield lambda **wanted: choose(scene, authors, names, Wanted(**wanted))


def kinds_of(found) -> set[str]:
    return {node.kind for node in found.net.nodes.values()}


def test_a_release_shows_what_it_promised_and_shipped_its_milestones_and_versions(chosen):
    found = chosen(things=("queens",))
    assert found.title == "Queens"
    assert {"release", "feature", "milestone", "version"} <= kinds_of(found)
    assert {"shippedIn", "slippedFrom", "slippedTo", "milestoneOf", "versionOf"} <= {
        e.kind for e in found.net.edges
    }


@pytest.mark.parametrize("word", ["2018-01", "2018年1月", "January 2018"])
def test_a_month_shows_what_happened_in_it_and_what_that_is_about(chosen, word):
    found = chosen(things=(word,))
    meetings = {node.date for node in found.net.nodes.values() if node.kind == "meeting"}
    assert meetings == {"2018-01-08", "2018-01-15", "2018-01-22", "2018-01-29"}
    assert {"feature", "status", "patch", "version"} <= kinds_of(found)
    assert found.title == word


def test_a_person_is_tied_to_what_they_wrote_and_what_they_discuss(chosen):
    found = chosen(things=("efried",))
    kinds = {edge.kind for edge in found.net.edges}
    assert "discusses" in kinds or "worksOn" in kinds
    author = chosen(things=("Matt Riedemann",))
    assert "author" in {edge.kind for edge in author.net.edges}
    assert len(author.net.nodes) > 5


def test_days_limit_what_code_adds_as_well(chosen):
    found = chosen(since="2018-01-01", until="2018-01-31")
    days = {n.date for n in found.net.nodes.values() if n.kind in ("version", "meeting", "patch") and n.date}
    assert days
    assert all("2018-01-01" <= day <= "2018-01-31" for day in days)


def test_the_whole_holds_what_each_part_holds(chosen):
    whole = chosen()
    assert not any("folded" in sentence for sentence in whole.said)
    for word in ("queens", "efried", "2018-01", "nested-resource-providers"):
        part = chosen(things=(word,))
        folds = {key for key in part.net.nodes if key.startswith("patches-of-no-feature:")}
        assert set(part.net.nodes) - folds <= set(whole.net.nodes)
        assert 1 < len(part.net.nodes) < len(whole.net.nodes)


def test_an_unknown_word_is_refused_with_the_nearest(chosen):
    with pytest.raises(UnknownName) as caught:
        chosen(things=("nested-resource-provider-x",))
    assert caught.value.hint


def only_in_commits(demo, kind: str) -> str:
    """The key of a patch or bug that no note names and that belongs to no feature."""
    ways = {"bug": "?mark kg:about ?thing ; kg:inCommit ?commit", "patch": "?commit kg:commitOf ?thing"}
    with Reader(demo) as reader:
        table = reader.select(
            f"SELECT ?key WHERE {{ {ways[kind]} . ?thing kg:key ?key . FILTER(CONTAINS(STR(?thing), '/{kind}/')) "
            "FILTER NOT EXISTS { ?said kg:mentions ?thing } FILTER NOT EXISTS { ?feature kg:implementedBy ?thing } "
            "FILTER NOT EXISTS { ?number kg:resolvesTo ?thing } } ORDER BY ?key LIMIT 1"
        )
    return str(table.rows[0][0])


def test_a_bug_that_only_commits_name_shows_its_patches_and_what_is_around_them(chosen, demo):
    found = chosen(things=(only_in_commits(demo, "bug"),))
    assert {"bug", "patch", "person"} <= kinds_of(found)
    assert {edge.kind for edge in found.net.edges} & {"fixes", "mentions"}
    assert "author" in {edge.kind for edge in found.net.edges}


def test_a_patch_of_no_feature_shows_who_wrote_it(chosen, demo):
    found = chosen(things=(only_in_commits(demo, "patch"),))
    assert {"patch", "person"} <= kinds_of(found)
    patch = next(node for node in found.net.nodes.values() if node.kind == "patch")
    assert patch.date and patch.evidence


def test_everything_says_what_is_not_drawn_and_folds_it_by_release(chosen):
    whole = chosen()
    assert any("patches of no feature" in sentence and "bugs" in sentence for sentence in whole.said)
    folds = [edge for edge in whole.net.edges if edge.kind == "inCycle"]
    assert folds and all(whole.net.nodes[edge.target].kind == "release" for edge in folds)


def test_a_month_has_its_patches_of_no_feature_as_one_node(chosen):
    found = chosen(things=("2018-01",))
    assert [node.label for key, node in found.net.nodes.items() if key == "patches-of-no-feature:2018-01"]
    assert any("patches of no feature" in sentence for sentence in found.said)


@pytest.mark.parametrize(
    "wanted",
    [{"things": ("2018-99",)}, {"things": ("2018-02-31",)}, {"since": "2018-05-01", "until": "2018-01-01"}],
)
def test_days_that_are_none_are_refused(chosen, wanted):
    with pytest.raises(UsageFault) as caught:
        chosen(**wanted)
    assert caught.value.exit_code == 2
    assert caught.value.hint
