"""The network page as text: positions, data, escaping; a browser reads it in test_pages_browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from time import perf_counter

import pytest
from view_samples import HOSTILE, hostile_network, large_network, network

from graph.errors import KgError
from graph.views.kinds import BY_NAME, KINDS
from graph.views.models import Edge, Node
from graph.views.network import SYMBOLS, network_html
from graph.views.network_layout import CELL_H, CELL_W, lay_out
from graph.views.page import clip, columns, esc, safe_url, script_json, shell, vis_script, visible


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


def test_the_same_input_gives_the_same_bytes():
    nodes, edges = network()
    pages = {network_html(nodes, edges, title="x", lang="zh") for _ in range(2)}
    assert len(pages) == 1


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
    assert len(blocks) == 3
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
    assert (count("script"), count("img"), count("iframe")) == (3, 0, 0)
    assert not [key for _, attributes in hostile.tags for key in attributes if key.startswith("on")]
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in plain.tags} | {"circle", "rect", "path"}
    details = json.loads(hostile.data)["details"]
    assert not [d for d in details.values() if d["open"]]
    assert details[HOSTILE[0]]["quotes"] == [[HOSTILE[0], HOSTILE[0] + ":1"]]
    assert "\\u202e" in details[HOSTILE[7]]["label"]


def test_an_edge_to_nowhere_and_a_second_node_of_one_id_are_left_out():
    nodes = [Node("a", "bug", "first"), Node("a", "bug", "second"), Node("b", "what?", "")]
    page = network_html(
        nodes,
        [Edge("a", "gone", "", ""), Edge("a", "b", "", "x"), Edge("a", "b", "", "y")],
        title="",
        lang="en",
    )
    data = json.loads(Elements(page).data)
    assert [(e["from"], e["to"], e["label"]) for e in data["edges"]] == [("a", "b", "x"), ("a", "b", "y")]
    assert data["details"]["a"]["label"] == "first"
    assert data["details"]["b"] == {**data["details"]["b"], "kind": "other", "label": "b"}


def test_nothing_to_show_is_still_a_page():
    page = network_html([], [], title="空", lang="zh")
    assert json.loads(Elements(page).data)["nodes"] == []
    assert "还没有可以显示的内容" in page


def test_five_hundred_nodes_stay_small_and_ten_thousand_quick():
    assert len(network_html(*large_network(500), title="x", lang="zh").encode()) < 1_500_000
    begun = perf_counter()
    network_html(*large_network(10_000), title="x", lang="zh")
    assert perf_counter() - begun < 10


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
