"""The timeline page without a browser: its data, its table, its story, and what attacks become in them."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from test_view_network import Elements
from view_samples import HOSTILE, hostile_timeline, timeline

from bench.samples import timeline as sample
from graph.terms import ID
from graph.views.models import Evidence, Feature, Landing, Mark, Promise, Release, SlipArrow, Timeline
from graph.views.scene_words import slip_class
from graph.views.timeline import SCRIPTS, timeline_html, timeline_page, timeline_svg
from graph.views.timeline_page_data import LANDING, MARK, PROMISE, SLIP, page_data
from graph.views.timeline_page_story import chapters, story
from graph.views.timeline_page_table import COLUMNS, MOST, cells
from graph.views.timeline_page_words import _WORDS, page_words
from graph.views.timeline_words import WORDS

EMPTY = Timeline((), (), (), (), "en", "Nothing")


def texts(data) -> list[str]:
    """The texts of a page's data, with their beginnings again."""
    roots = data["roots"]
    return [
        roots[ord(t[0]) - 0xE000] + t[1:] if t and 0 <= ord(t[0]) - 0xE000 < len(roots) else t
        for t in data["texts"]
    ]


def facts(data, name: str, columns: list[str]) -> list[dict[str, int]]:
    flat, wide = data[name], len(columns)
    assert len(flat) % wide == 0
    return [dict(zip(columns, flat[at : at + wide], strict=True)) for at in range(0, len(flat), wide)]


def hostile_promises() -> Timeline:
    """The hostile timeline, with promises, patches and people as well; told as a story."""
    model = hostile_timeline()
    return replace(
        model, story=True,
        promises=tuple(Promise(t, t, t, "2031-03-01", t, t, Evidence(t, t, 3)) for t in HOSTILE),
        landings=tuple(Landing(t, "2031-03-05", t, t, t, t, bool(n % 2), t) for n, t in enumerate(HOSTILE)),
    )  # fmt: skip


# ---- data


def test_every_fact_is_in_the_data_once_with_its_own_words():
    model = sample(40)
    data = page_data(model)
    text = texts(data)
    assert len(text) == len(set(text))
    rows = [text[feature[1]] for feature in data["features"]]
    assert rows == [feature.label for feature in model.features]
    for name, columns in (("promises", PROMISE), ("landings", LANDING), ("marks", MARK), ("slips", SLIP)):
        assert len(facts(data, name, columns)) == len(getattr(model, name))
    for told, fact in zip(facts(data, "landings", LANDING), model.landings, strict=True):
        assert text[told["title"]] == fact.title
        assert text[told["place"]] == fact.place
        assert text[told["patch"]] == "~" + fact.patch.removeprefix(data["id"])
        assert model.features[told["feature"]].key == fact.feature


def test_a_text_that_starts_with_a_stand_in_comes_back_as_it_was():
    tricky = tuple(f"{chr(0xE000 + n)}x:y" for n in range(5))
    many = tuple(
        Landing("a", "2031-03-01", "", "", "", "", False, f"/long/place/of/a.git:{n:040}") for n in range(99)
    )
    model = replace(EMPTY, features=tuple(Feature(t, t) for t in ("a", *tricky)), landings=many)
    data = page_data(model)
    assert len(data["roots"]) == 2
    assert set(tricky) <= set(texts(data))
    assert many[7].place in texts(data)


def test_what_belongs_to_no_row_is_marked_so_and_stands_in_the_table():
    mark = Mark("unlisted", "some day", "report", "done", "", "", "", "only here", "n.md", 3)
    model = replace(timeline(), marks=(*timeline().marks, mark))
    assert facts(page_data(model), "marks", MARK)[-1]["feature"] == -1
    assert "<td>only here</td>" in timeline_html(model)


def test_a_slip_knows_the_row_it_became():
    slips = (
        SlipArrow("a", "x", "y", "renamed", "2031-03-01", "", "", 0, "b"),
        SlipArrow("a", "x", "", "dropped", "", "", "", 0),
    )
    model = replace(EMPTY, features=(Feature("a", "A"), Feature("b", "B")), slips=slips)
    assert [slip["became"] for slip in facts(page_data(model), "slips", SLIP)] == [1, -1]


def test_the_data_of_a_history_stay_small():
    page = timeline_html(sample(1300, landings=7000))
    assert len(page.encode()) < 1_900_000


# ---- the table


def test_the_table_has_a_row_for_everything_in_order_of_features_and_days():
    model = sample(20)
    rows = cells(model)
    assert len(rows) == sum(map(len, (model.promises, model.slips, model.marks, model.landings)))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    order = {feature.label: at for at, feature in enumerate(model.features)}
    keys = [(order[row[0]], row[1][:10]) for row in rows]
    assert keys == sorted(keys)


def test_a_short_table_is_in_the_page_and_a_long_one_is_left_to_the_script():
    short, long = timeline_html(timeline()), timeline_html(sample(300))
    assert short.count("<tr>") == 44
    assert len(cells(sample(300))) > MOST
    assert long.count("<tr>") == 1


# ---- the page


def test_the_page_needs_nothing_and_says_what_it_shows():
    page = timeline_page(timeline("en"))
    assert page.data["site"] == ""
    assert page.scripts == SCRIPTS
    assert {"kind", "status"} <= set(re.findall(r'data-facet="(\w+)"', page.body))
    assert "Feature progress 2031-03" in page.body


def test_only_what_occurs_can_be_filtered_by():
    body = timeline_page(timeline("en")).body
    assert re.findall(r'data-facet="kind" value="(\w+)"', body) == ["report", "decision", "patch", "slip"]
    assert 'data-facet="outcome"' not in body
    kinds = re.findall(r'data-facet="kind" value="(\w+)"', timeline_page(sample(40)).body)
    assert kinds == ["report", "decision", "patch", "spec", "version", "slip", "merged", "backport"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_dated_says_so_and_draws_nothing(lang):
    page = timeline_page(replace(EMPTY, lang=lang, features=(Feature("a", "a"),)))
    assert WORDS[lang]["empty"] in page.body
    assert "tl-scroll" not in page.body


def test_the_same_input_gives_the_same_bytes():
    assert timeline_html(sample(30)) == timeline_html(sample(30))


def test_every_word_is_there_in_both_languages():
    assert all(en and zh for en, zh in _WORDS.values())
    assert page_words("fr") == page_words("en")
    assert page_words("zh")["implemented"] == "已实现"


def test_attacks_stay_text():
    text = timeline_html(hostile_promises())
    text.encode("utf-8")
    elements = Elements(text)
    tags = [tag for tag, _ in elements.tags]
    assert (tags.count("script"), tags.count("img"), tags.count("a")) == (1 + len(SCRIPTS), 0, 0)
    assert not [key for _, attributes in elements.tags for key in attributes if key.startswith("on")]
    assert HOSTILE[0] in texts(json.loads(elements.data))


def test_odd_dates_do_no_harm():
    days = ("0001-01-01", "9999-12-31", "2031-02-30", "2031-3-1", "", "2031-03-03T10:00")
    marks = tuple(Mark("a", day, "report", "done", "", "", "", "", "", 1) for day in days)
    slip = SlipArrow("a", "x", "x", "", "never", "", "", 0)
    odd = Release("x", "X", "bad", "2031-03-04", "")
    assert timeline_html(Timeline((Feature("a", ""),), marks, (odd,), (slip,), "fr", "", story=True))


# ---- the story


def life() -> Timeline:
    """A feature that was promised twice, slipped once, shipped and was backported."""
    releases = (Release("elm", "Elm", "2030-01-01", "2030-05-01", "2030-06-01"),
                Release("fir", "Fir", "2030-06-01", "2030-11-01", "2030-12-01"),
                Release("hop", "Hop", "2030-12-01", "", ""))  # fmt: skip
    spec = Evidence("Quota trees", "https://specs.example.org/elm/quota.rst", 4)
    return Timeline(
        (Feature("q", "Quota trees", ("quota-trees",), "fir"),),
        (Mark("q", "2029-11-01", "spec", "backlog", "", "", "first words", "", "s:1", 0),
         Mark("q", "2030-03-01", "report", "stalled", "client", "", "", "没有进展", "notes/3.md", 12),
         Mark("q", "2030-12-01", "version", "", "", "fir", "2.0.0", "", "p:2.0.0", 0),
         Mark("q", "", "decision", "", "", "", "drop the old call", "", "n.md", 1)),
        releases, (SlipArrow("q", "elm", "fir", "re-proposed", "2030-06-01", "to Fir", "n.md", 9),), "en", "t",
        (Promise("q", "elm", "slipped", "2030-02-01", "2030-06-01", "quota", spec),
         Promise("q", "fir", "implemented", "2030-07-01", "2030-10-01", "quota", spec)),
        tuple(Landing("q", day, f"I{n}", f"step {n}", version, home, back, f"p:{n:012}") for n, (day, version, home, back) in
              enumerate((("2030-08-01", "2.0.0", "fir", False), ("2030-09-01", "2.0.0", "fir", False),
                         ("2031-01-15", "1.0.4", "elm", True)))),
        story=True,
    )  # fmt: skip


def test_the_story_goes_by_cycle_from_the_first_spec_to_the_last_backport():
    told = [
        (release.label if release else None, [e.verb.removeprefix("s-") for e in entries])
        for release, entries in chapters(life())
    ]
    assert told == [
        (None, ["spec"]),
        ("Elm", ["promised", "discussed", "slip"]),
        ("Fir", ["promised", "merged", "shipped"]),
        ("Hop", ["backport"]),
        (None, ["decided"]),
    ]


def test_the_story_holds_the_evidence_of_each_entry():
    markup = story(life())
    for part in (
        "没有进展",
        "notes/3.md:12",
        "step 0",
        "p:000000000001",
        "2 patches, first in 2.0.0",
        "1 patch, first in 1.0.4",
    ):
        assert part in markup
    assert '<a href="https://specs.example.org/elm/quota.rst" rel="noopener noreferrer">' in markup
    assert markup.count("for Elm") == 1
    assert story(replace(life(), story=False)) == ""


def test_a_story_of_two_names_says_which_is_meant():
    model = life()
    two = replace(model, features=(*model.features, Feature("r", "Quota rows")))
    assert "Quota trees · stalled" in story(two)


def dropped_life(lang: str = "en") -> Timeline:
    """A feature whose promise nobody took up again, though two patches of it landed."""
    model = life()
    slip = SlipArrow(
        "q", "fir", "hop", slip_class("dropped", lang), "2030-12-01", "", "specs:fir/quota.rst", 8
    )
    kept = tuple(replace(one, outcome="dropped") if one.release == "fir" else one for one in model.promises)
    return replace(model, lang=lang, slips=(*model.slips, slip), promises=kept)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            ("not taken up again after Fir; 2 patches landed in Fir", "the specs never call it implemented"),
        ),
        ("zh", ("Fir 之后未再提出；2 个补丁合入 Fir", "规格从未标为已实现")),
    ],
)
def test_what_nobody_took_up_again_is_no_move_and_says_what_landed(lang, words):
    model = dropped_life(lang)
    assert all(word in story(model) for word in words)
    assert "Fir → Hop" not in story(model) + "".join(cell for row in cells(model) for cell in row)
    assert words[0] in timeline_svg(model)


def test_without_patches_only_the_specs_speak():
    model = replace(dropped_life(), landings=())
    assert "not taken up again after Fir</p>" in story(model)


def test_a_promise_is_told_before_it_moves_on_even_when_its_spec_came_later():
    model = life()
    late = tuple(replace(p, begin="2030-07-15") if p.release == "elm" else p for p in model.promises)
    elm = next(
        entries
        for release, entries in chapters(replace(model, promises=late))
        if release and release.slug == "elm"
    )
    verbs = [entry.verb for entry in elm]
    assert verbs.index("s-promised") < verbs.index("s-slip")
    assert next(entry.date for entry in elm if entry.verb == "s-promised") == "2030-07-15"


def test_the_story_tells_the_script_where_its_places_and_things_are():
    markup = story(
        replace(
            life(),
            landings=(Landing("q", "2030-08-01", f"{ID}c/patch/I1", "step", "", "fir", False, "p:abc"),),
        )
    )
    assert '<span data-id="c/patch/I1">step</span>' in markup
    assert 'data-source="p:abc"' in markup
    assert 'data-source="notes/3.md" data-line="12"' in markup
