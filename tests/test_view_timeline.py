"""The timeline in its three forms, as text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from rich.console import Console
from view_samples import FEATURES, hostile_promises, promised_timeline, timeline

from graph.terms import STATUSES
from graph.views.axis import axis_of, parse_day, ticks
from graph.views.models import OUTCOMES, Feature, Mark, Release, SlipArrow, Timeline
from graph.views.page import columns
from graph.views.timeline import timeline_html
from graph.views.timeline_marks import APART, by_feature, spots
from graph.views.timeline_sheet import sheet
from graph.views.timeline_svg import timeline_svg
from graph.views.timeline_table import COLUMNS, timeline_table
from graph.views.timeline_text import timeline_text
from graph.views.timeline_words import BACKPORT, LOOKS, MERGED, OUTCOME_LOOKS, WORDS, outcome_label

SVG = "{http://www.w3.org/2000/svg}"
EMPTY = Timeline((), (), (), (), "en", "Nothing")


def drawn(model: Timeline) -> ElementTree.Element:
    return ElementTree.fromstring(timeline_svg(model))


def printed(model: Timeline, width: int = 100, *, color: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=color,
        color_system="truecolor" if color else None,
        legacy_windows=False,
    )
    console.print(timeline_text(model, width, color))
    return stream.getvalue()


def classes(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [e for e in tree.iter() if name in (e.get("class") or "").split()]


def test_every_mark_slip_line_and_release_is_drawn():
    tree = drawn(timeline())
    assert len(classes(tree, "row")) == 15
    assert len([m for m in classes(tree, "mark") if m.get("data-mark")]) == 40
    assert ["".join(e.itertext()) for e in classes(tree, "goes")] == [
        "→ Kestrel",
        "→ Kestrel",
        "→ lark · partial",
    ]
    assert ["".join(e.itertext()) for e in classes(tree, "release")] == ["Juniper", "Kestrel"]
    labels = ["".join(e.itertext()) for e in classes(tree, "freeze") + classes(tree, "ship")]
    assert {"冻结 04-03", "发布 04-24"} <= set(labels)


def test_a_mark_carries_its_quote_and_place():
    mark = next(m for m in classes(drawn(timeline()), "mark") if m.get("data-mark") == "4")
    title = mark.find(f"{SVG}title").text
    assert "No progress this week" in title
    assert "notes/2031-03.md:24" in title


def test_an_arrow_ends_where_the_release_begins_or_at_the_right_edge():
    model = timeline()
    axis = axis_of(model)
    arrows = [
        e for e in classes(drawn(model), "arrow") if e.get("d", "").startswith("M") and "m-6-4" in e.get("d")
    ]
    tips = [float(re.search(r"H([\d.]+)m", e.get("d"))[1]) for e in arrows]
    begin = axis.x(parse_day("2031-04-24"))
    assert tips == [begin, begin, axis.width + 11]


def test_marks_of_one_row_never_cover_each_other():
    marks = [Mark("a", "2031-03-03", "report", "done", "", "", "", "", "", n) for n in range(5)]
    model = replace(EMPTY, features=(Feature("a", "a"),), marks=tuple(marks))
    places = [x for x, _ in spots(by_feature(model.marks)["a"], axis_of(model))]
    assert len(places) == 5
    assert all(b - a >= APART for a, b in pairwise(places))


def test_marks_that_crowd_stand_together_with_their_number_and_all_their_words():
    said = [
        Mark("a", f"2031-03-0{n + 1}", "report", "done", "", "", f"said {n}", "", "", n) for n in range(5)
    ]
    ends = [Mark("a", day, "spec", "approved", "", "", "", "", "", 0) for day in ("2021-01-01", "2031-03-02")]
    last = Mark("a", "2031-03-20", "report", "done", "", "", "", "", "", 9)
    model = replace(EMPTY, features=(Feature("a", "a"),), marks=(*ends, *said, last))
    (crowd,) = classes(drawn(model), "crowd")
    assert crowd.get("data-marks") == "6"
    assert all(f"said {n}" in crowd.find(f"{SVG}title").text for n in range(5))
    assert len(classes(drawn(model), "mark")) == 3


@pytest.mark.parametrize("render", [timeline_svg, timeline_html])
def test_the_same_input_gives_the_same_bytes(render):
    assert render(timeline()) == render(timeline())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_dated_says_so(lang):
    model = replace(EMPTY, lang=lang, features=(Feature("a", "a"),))
    for text in (timeline_svg(model), timeline_html(model), printed(model)):
        assert WORDS[lang]["empty"] in text.replace("\n", "")


@pytest.mark.parametrize("story", [False, True])
def test_attacks_stay_text(story):
    model = replace(hostile_promises(), story=story)
    tree = drawn(model)
    assert not [e for e in tree.iter() if e.tag.endswith(("script", "foreignObject", "image"))]
    assert not [key for e in tree.iter() for key in e.attrib if key.startswith("on")]


@pytest.mark.parametrize("story", [False, True])
def test_a_terminal_gets_no_control_characters_and_no_markup(story):
    text = printed(replace(hostile_promises(), story=story))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u200b\u202e\u2066\u2028]", text)
    assert "{title}[re" in text
    assert "\\u202e" in text


def test_the_table_holds_what_cannot_be_drawn():
    mark = Mark("unlisted", "some day", "report", "done", "", "", "", "only here", "n.md", 3)
    model = replace(timeline(), marks=(*timeline().marks, mark))
    assert "only here" not in timeline_svg(model)
    assert "<td>only here</td>" in timeline_html(model)


def test_letters_tell_statuses_apart_without_colour():
    for lang in ("zh", "en"):
        assert len({getattr(look, lang) for look in LOOKS.values()}) == len(STATUSES)
    assert set(LOOKS) == set(STATUSES)
    text = printed(timeline("en"))
    assert "\x1b" not in text
    assert "N\u00a0nearly\u00a0done" in text
    assert "→ Kestrel" in text
    assert "┊04-03" in text
    assert "\x1b[" in printed(timeline("en"), color=True)


def test_chinese_letters_and_words_in_chinese():
    text = printed(timeline("zh"))
    assert "近\u00a0接近完成" in text
    assert "冻结 2031-04-03" in text


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width):
    assert max(columns(line) for line in printed(timeline(), width).splitlines()) <= width


def test_a_long_history_folds_into_years_and_says_what_is_left_out():
    marks = tuple(Mark("a", f"{2000 + n}-05-01", "report", "done", "", "", "", "", "", 1) for n in range(30))
    text = printed(Timeline((Feature("a", "a"),), marks, (), (), "en", "t"), 60)
    assert "2029" in text
    assert "2000" not in text
    assert "earlier columns are left out" in text


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2031-03-03", "2031-03-31", "03-03"),
        ("2031-01-01", "2031-12-01", "2031-02"),
        ("2029-01-01", "2032-12-01", "2029-04"),
        ("2020-01-01", "2039-12-01", "2021"),
    ],
)
def test_ticks_fit_the_length_of_the_axis(first, last, expected):
    marks = tuple(Mark("a", day, "report", "done", "", "", "", "", "", 1) for day in (first, last))
    labels = [label for _, label in ticks(axis_of(replace(EMPTY, marks=marks)))]
    assert expected in labels
    assert len(labels) < 40


def test_odd_dates_do_no_harm():
    days = ("0001-01-01", "9999-12-31", "2031-02-30", "2031-3-1", "", "2031-03-03T10:00")
    marks = tuple(Mark("a", day, "report", "done", "", "", "", "", "", 1) for day in days)
    slip = SlipArrow("a", "x", "x", "", "never", "", "", 0)
    model = Timeline(
        (Feature("a", ""),), marks, (Release("x", "X", "bad", "2031-03-04", ""),), (slip,), "fr", ""
    )
    ElementTree.fromstring(timeline_svg(model))
    timeline_html(model)
    printed(model)
    assert [parse_day(day) is not None for day in days] == [True, True, False, False, False, True]


def test_every_promise_has_one_bar_in_the_pattern_of_its_outcome():
    tree = drawn(promised_timeline("en"))
    bars = classes(tree, "bar")
    assert [bar.get("data-outcome") for bar in bars] == list(OUTCOMES)
    titles = [bar.find(f"{SVG}title").text for bar in bars]
    assert titles[0].startswith("Juniper: implemented · 2030-11-01 – 2031-04-10\n")
    assert "specs.git:specs/juniper/shared-disk-pools.rst:8" in titles[0]
    assert titles[4].startswith("Juniper: open · 2030-11-01\n")
    fills = [[r.get("fill") for r in bar.iter(f"{SVG}rect")] for bar in bars]
    assert len({tuple(fill) for fill in fills}) == len(OUTCOMES)
    assert len({OUTCOME_LOOKS[name].pattern for name in OUTCOMES}) == len(OUTCOMES)
    patterns = {e.get("id") for e in tree.iter(f"{SVG}pattern")}
    assert {fill[5:-1] for each in fills for fill in each if fill.startswith("url(#")} <= patterns


def test_patches_are_piled_and_backports_told_apart():
    tree = drawn(promised_timeline("en"))
    assert sum(int(pile.get("data-patches")) for pile in classes(tree, "pile")) == 12
    assert {r.get("fill") for pile in classes(tree, "pile") for r in pile.iter(f"{SVG}rect")} == {
        MERGED,
        BACKPORT,
    }
    assert "milestone 1" in "".join(e.text or "" for e in tree.iter(f"{SVG}title"))


def test_a_sheet_says_what_it_leaves_out():
    model = promised_timeline("en", years=20)
    part = sheet(model, 4, 10)
    assert (len(part.model.features), part.left_out) == (4, 11)
    assert part.since == "2022-10-14"
    assert sheet(model, 0, 0).notes() == []
    text = timeline_svg(model, 4)
    assert "11 more features are not shown" in text
    assert "nothing before 2022-10-14" in text
    assert len(classes(ElementTree.fromstring(text), "row")) == 4
    assert "--rows 0 shows all" in printed_rows(model, 4)


def printed_rows(model: Timeline, rows: int) -> str:
    stream = io.StringIO()
    Console(file=stream, width=100).print(timeline_text(model, 100, False, rows))
    return stream.getvalue()


def test_a_long_history_has_a_column_per_cycle_with_outcomes_and_numbers_of_patches():
    days = [f"{year}-{month:02}-05" for year in (2028, 2029) for month in range(1, 13)]
    marks = tuple(Mark(FEATURES[0][0], day, "report", "stalled", "", "", "", "", "", 1) for day in days)
    model = promised_timeline("en", years=12)
    lines = printed(replace(model, marks=(*model.marks, *marks)), 90).splitlines()
    head = next(line for line in lines if line.startswith("Feature   "))
    assert head.split()[-4:] == ["R11", "Juniper", "Kestrel", "Moved"]
    row = next(line for line in lines if line.startswith("Shared disk pools"))
    assert "✓" in row
    assert "✓ implemented" in "\n".join(lines).replace("\u00a0", " ")
    slipped = next(line for line in lines if line.startswith("卷组"))
    assert slipped.rstrip().endswith("→ Kestrel")


def test_a_story_is_told_cycle_by_cycle_with_words_and_places():
    model = promised_timeline("en")
    one = replace(sheet(model, 1).model, story=True)
    text = printed(one)
    assert text.startswith("Shared disk pools\npools\nWho takes part: Ada (author 7); Bo (discusses it 1)\n")
    assert "Juniper  2030-10-14 · freeze 2031-04-03 · ships 2031-04-24" in text
    days = re.findall(r"^(\d{4}-\d\d-\d\d)  ", text, re.MULTILINE)
    assert days == sorted(days)
    assert len(days) > 5
    assert "specs.git:specs/juniper/shared-disk-pools.rst:8" in text
    drawing = timeline_svg(one)
    assert drawing.count("2031-04-10") >= 2
    for width in (40, 70):
        assert max(columns(line) for line in printed(one, width).splitlines()) <= width


def test_the_table_holds_everything_by_feature_and_date():
    model = promised_timeline("en")
    table = timeline_table(model)
    assert table.columns == COLUMNS
    total = len(model.marks) + len(model.slips) + len(model.promises) + len(model.landings)
    rows = table.dicts()
    assert len(rows) == total
    labels = list(dict.fromkeys(row["label"] for row in rows))
    assert labels == [one.label for one in model.features if one.label in labels]
    first = [row for row in rows if row["feature"] == "pools"]
    assert [row["date"] for row in first] == sorted(row["date"] for row in first)
    assert {row["kind"] for row in rows} >= {
        "promise",
        "merged",
        "backport",
        "slip",
        "spec",
        "version",
        "revert",
    }
    promise = first[0]
    assert (promise["kind"], promise["status"], promise["end"], promise["line"]) == (
        "promise", "implemented", "2031-04-10", 8,
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sign_is_explained(lang):
    model = promised_timeline(lang)
    text = "".join("".join(e.itertext()) for e in drawn(model).iter(f"{SVG}text"))
    for name in ("merged", "backport", "spec", "version", "revert", "milestone", "freeze", "ship"):
        assert WORDS[lang][name] in text
    for name in OUTCOMES:
        assert outcome_label(name, lang) in text
    assert set(WORDS["zh"]) == set(WORDS["en"])


def test_three_hundred_features_over_ten_releases_are_drawn_quickly():
    releases = tuple(
        Release(f"r{n}", f"R{n}", f"20{30 + n}-01-01", f"20{30 + n}-10-01", f"20{31 + n}-01-01")
        for n in range(10)
    )
    features = tuple(Feature(str(n), f"特性 {n}") for n in range(300))
    marks = tuple(
        Mark(
            str(n % 300), f"20{30 + n // 300}-{n % 12 + 1:02}-05", "report", "done", "", "", "t", "q", "s", n
        )
        for n in range(3000)
    )
    page = timeline_html(Timeline(features, marks, releases, (), "zh", "t"))
    assert len(page) < 4_000_000
