"""`kg diff`: what changed from build to build and since a day, in both languages."""

from __future__ import annotations

import csv
import datetime
import io
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, kg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from graph import diff, pipeline
from graph.cli.diff import period
from graph.errors import UsageFault
from graph.store import Reader
from graph.table import Table
from graph.views.changes import changes_markdown

GOLDEN = ROOT / "tests/cases/diff"

ONE = "## 2018-01-08\n### Features\n#### 1. Cells\nIn progress.\n\n## TODO\n- read about cells\n"
TWO = (
    "## 2018-01-22\nThe feature freeze of Queens is on January 25, 2018.\n### Features\n#### 1. Cells\n"
    "Deferred to the Rocky release.\n#### 2. Quotas\nDone.\n### Open discussion\n#### Naming\n"
    "In the end it was decided that @ann will write the patch.\n\n## TODO\n- [x] ask about quotas\n"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of one note, built once; a second note is there for the next build."""
    (tmp_path / "n").mkdir()
    (tmp_path / "n/one.md").write_text(ONE, "utf-8")
    build(tmp_path)
    (tmp_path / "n/two.md").write_text(TWO, "utf-8")
    return tmp_path


def build(place: Path, *given: str) -> None:
    assert kg("build", *(given or ["n"]), store=place / "store", cwd=place).code == 0


def changes(place: Path, *words: str) -> set[tuple[str, ...]]:
    done = kg("diff", "--format", "csv", *words, store=place / "store")
    assert done.code == 0, done.err
    return {
        tuple(row[:6])
        for row in list(csv.reader(io.StringIO(done.out)))[1:]
        if row[1] not in ("todo", "closed")
    }


def todos(place: Path, *words: str) -> list[tuple[str, ...]]:
    done = kg("diff", "--format", "csv", *words, store=place / "store")
    return [
        tuple(row[:4]) for row in csv.reader(io.StringIO(done.out)) if row[1] in ("todo", "closed", "carried")
    ]


def test_what_a_build_brought(place: Path):
    build(place)
    assert changes(place) == {
        ("new", "meeting", "2018-01-22", "", "", ""),
        ("new", "item", "2018-01-22", "Cells", "feature", ""),
        ("new", "item", "2018-01-22", "Quotas", "feature", ""),
        ("new", "item", "2018-01-22", "Naming", "topic", ""),
        ("new", "feature", "2018-01-22", "Quotas", "", ""),
        ("new", "slip", "2018-01-22", "Cells", "said", "Queens → Rocky"),
        ("new", "status", "2018-01-22", "Cells", "deferred", "Rocky"),
        ("new", "status", "2018-01-22", "Quotas", "done", ""),
        ("new", "decision", "2018-01-22", "Naming", "write the patch", ""),
        ("new", "milestone", "2018-01-25", "feature freeze", "", "Queens"),
        ("new", "source", "", "n/two.md", "", ""),
    }
    assert changes(place, "--since", "1") == changes(place)
    assert todos(place) == [
        ("new", "todo", "2018-01-22", "ask about quotas"),
        ("new", "closed", "2018-01-22", "ask about quotas"),
    ]


def test_what_a_build_took_away(place: Path):
    build(place)
    (place / "n/two.md").unlink()
    build(place)
    assert {row[0] for row in changes(place)} == {"gone"}
    assert ("gone", "slip", "2018-01-22", "Cells", "said", "Queens → Rocky") in changes(place)


def test_lines_that_moved_and_a_note_renamed_are_no_change(place: Path):
    build(place)
    (place / "n/one.md").write_text("\n\n" + ONE, "utf-8")
    (place / "n/two.md").rename(place / "n/renamed.md")
    build(place)
    assert changes(place) == {
        ("changed", "source", "", "n/one.md", "", ""),
        ("new", "source", "", "n/renamed.md", "", ""),
        ("gone", "source", "", "n/two.md", "", ""),
    }


def test_the_same_said_twice_is_two_reports(place: Path):
    (place / "n/two.md").write_text(
        ONE.partition("## TODO")[0].replace("In progress.", "In progress.\n\nDone.\n\nDone."), "utf-8"
    )
    build(place)
    done = [row for row in _rows(place) if row[1:5] == ("status", "2018-01-08", "Cells", "done")]
    assert len(done) == 2


def _rows(place: Path) -> list[tuple[object, ...]]:
    with Reader(place / "store") as new, Reader(place / "store", new.generation - 1) as old:
        return list(diff.between(old, new).rows)


def test_what_is_dated_since(place: Path):
    build(place)
    kinds = {row[1] for row in changes(place, "--since", "2018-01-22")}
    assert kinds == {"meeting", "item", "feature", "slip", "status", "decision", "milestone"}
    assert changes(place, "--since", "2018-01-25") == {
        ("new", "milestone", "2018-01-25", "feature freeze", "", "Queens")
    }
    assert changes(place, "--since", "2018年2月1日") == set()
    january = changes(place, "--since", "2018-01")
    assert (
        january
        == changes(place, "--since", "January 2018", "--until", "2018年")
        == changes(place, "--since", "2018")
    )
    assert {row[2] for row in changes(place, "--until", "2018-01-08")} == {"2018-01-08"}


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("yesterday", "2018-03-13", "2018-03-13"),
        ("昨天", "2018-03-13", "2018-03-13"),
        ("last week", "2018-03-05", "2018-03-11"),
        ("上周", "2018-03-05", "2018-03-11"),
        ("上个月", "2018-02-01", "2018-02-28"),
        ("past 3 days", "2018-03-11", "2018-03-14"),
        ("最近2周", "2018-02-28", "2018-03-14"),
        ("去年", "2017-01-01", "2017-12-31"),
        ("2018", "2018-01-01", "2018-12-31"),
        ("2018-01-25", "2018-01-25", "2018-01-25"),
    ],
)
def test_days_as_people_say_them(word: str, first: str, last: str):
    assert period(word, datetime.date(2018, 3, 14)) == (first, last)


@pytest.mark.parametrize("word", ["someday", "in a week", "January", "2018-13", "2018-01-08 and so on"])
def test_what_is_no_day_is_said(word: str):
    with pytest.raises(UsageFault, match="is no date"):
        period(word)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--since", "2018-01-02", "--until", "1"), 2),
        (("--since", "2018-02", "--until", "2018-01"), 2),
        (("--since", "someday"), 2),
        (("--since", "9"), 3),
        (("--until", "1"), 3),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(place: Path, words: tuple[str, ...], code: int):
    build(place)
    done = kg("diff", *words, store=place / "store")
    assert (done.code, done.out) == (code, "")
    assert "hint: " in done.err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_text_for_a_mail(place: Path, lang: str):
    """`KG_WRITE_GOLDEN=1` writes it anew: read the difference."""
    build(place)
    (place / "n/one.md").write_text(ONE.replace("In progress", "Nearly done"), "utf-8")
    build(place)
    texts = [
        kg("--lang", lang, "diff", *words, store=place / "store").out
        for words in ((), ("--since", "2018-01-08"), ("--since", "2030"))
    ]
    text, golden = "\n----\n\n".join(texts), GOLDEN / f"mail.{lang}.md"
    if os.environ.get("KG_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


def test_nothing_changed(place: Path):
    (place / "n/two.md").unlink()
    (place / "n/community.toml").write_text('[community]\nname = "openstack"\n', "utf-8")
    build(place)
    done = kg("diff", store=place / "store")
    assert done.out == "Nothing changed from build 1 to build 2.\n"
    assert (
        kg("diff", "--since", "2", store=place / "store").out == "Nothing changed from build 2 to build 2.\n"
    )


HOSTILE = (
    "<script>alert(1)</script> [x](javascript:1)", "# not a heading", "`code` *em* _em_ ~~gone~~ | cell", "字" * 400,
    "a\u202eb\u200bc", "*" * 900, "\\" * 600, "&lt;b&gt; <https://evil.invalid/>", "![i](http://evil.invalid/x.png)",
)  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_hostile_words_stay_text_in_short_lines(lang: str):
    rows = [
        ("new" if nth % 2 else "changed", kind, "2018-01-08", *[words] * 3, f"n/{words}.md", 3, words, words, words, words)
        for kind in (*diff.KINDS, "source")
        for nth, words in enumerate((*HOSTILE, *HOSTILE))
    ]  # fmt: skip
    text = changes_markdown(Table(diff.COLUMNS, tuple(rows)), "What *changed*", lang, more="kg diff")
    assert max(len(line.encode()) for line in text.splitlines()) <= 998
    assert all(
        line.startswith(("- ", "## ")) or n in (0, 2) for n, line in enumerate(text.split("\n")) if line
    )
    tokens = [t for block in MarkdownIt("commonmark").parse(text) for t in (block, *(block.children or ()))]
    assert {t.type for t in tokens} <= {
        "heading_open", "heading_close", "paragraph_open", "paragraph_close", "bullet_list_open", "bullet_list_close",
        "list_item_open", "list_item_close", "inline", "text", "text_special", "code_inline",
    }  # fmt: skip
    assert {t.content for t in tokens if t.type == "code_inline"} == {"kg diff"}


def test_a_source_that_is_a_page_is_linked():
    said = ("new", "feature", "2018-01-08", "Cells", "", "", "https://notes.example/1.md", 3, "", "", "", "")
    text = changes_markdown(Table(diff.COLUMNS, (said,)), "What changed", "en")
    assert "- Cells (2018-01-08; <https://notes.example/1.md> L3)" in text


def test_a_long_list_is_folded(place: Path):
    rows = tuple(
        (
            "new",
            "fixed",
            f"2018-01-{n:02d}",
            str(n),
            "mend",
            "master",
            f"nova.git:{n:012x}",
            0,
            "",
            "",
            "1.0",
            f"I{n}",
        )
        for n in range(1, 31)
    )
    text = changes_markdown(Table(diff.COLUMNS, rows), "What changed", "en", more="kg diff --format csv")
    assert "## Bugs fixed (30)\n\n- bug 30: " in text
    assert "- … and 18 more: `kg diff --format csv`" in text


# --- every change once ---------------------------------------------------------------------------------------------

STATES = {
    "in-progress": "In progress.",
    "nearly-done": "Nearly done.",
    "done": "Done.",
    "stalled": "It is stalled.",
}
NAMES = ("Cells", "Quotas", "Aggregates", "Volumes")
meeting = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(sorted(STATES)), max_size=4)
note = st.fixed_dictionaries(
    {
        "meetings": st.dictionaries(st.integers(1, 28), meeting, min_size=1, max_size=3),
        "todos": st.sets(st.sampled_from([f"read about {name}" for name in ("cells", "quotas", "volumes")])),
    }
)


def written(said: dict[str, Any]) -> str:
    lines = []
    for day, items in sorted(said["meetings"].items()):
        lines += [f"## 2018-01-{day:02d}", "### Features"]
        for nth, (name, state) in enumerate(sorted(items.items()), 1):
            lines += [f"#### {nth}. {name}", STATES[state], ""]
    return "\n".join([*lines, "", "## TODO", *(f"- {text}" for text in sorted(said["todos"])), ""])


def facts(said: dict[str, Any]) -> dict[tuple[str, ...], str]:
    """What a note says, by what makes it one, with what may change."""
    days = {f"2018-01-{day:02d}": items for day, items in said["meetings"].items()}
    found = {("meeting", day): "" for day in days}
    found |= {("item", day, name): "feature" for day, items in days.items() for name in items}
    found |= {("feature", name): "" for items in days.values() for name in items}
    found |= {("status", day, name): state for day, items in days.items() for name, state in items.items()}
    return found | {("todo", text): "" for text in said["todos"]}


def expected(old: dict[str, Any], new: dict[str, Any]) -> Counter[tuple[str, ...]]:
    one, two = facts(old), facts(new)
    return Counter(
        (
            "gone" if key not in two else "new" if key not in one else "changed",
            *key,
            two.get(key, one.get(key, "")),
        )
        for key in {*one, *two}
        if one.get(key) != two.get(key)
    )


def told(table: Table) -> Counter[tuple[str, ...]]:
    shown = {
        "meeting": ("date",), "item": ("date", "thing"), "feature": ("thing",), "status": ("date", "thing"),
        "todo": ("thing",),
    }  # fmt: skip
    return Counter(
        (
            str(row["change"]),
            str(row["kind"]),
            *(str(row[name]) for name in shown[str(row["kind"])]),
            str(row["says"]),
        )
        for row in table.dicts()
        if row["kind"] != "source"
    )


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(old=note, new=note)
def test_every_change_of_a_note_is_told_once(old: dict[str, Any], new: dict[str, Any]):
    with tempfile.TemporaryDirectory() as room:
        path, store = Path(room, "one.md"), Path(room, "store")
        path.write_text(written(old), "utf-8")
        pipeline.build(store, [str(path)])
        with Reader(store) as before:
            assert diff.between(before, before).rows == ()
            path.write_text(written(new), "utf-8")
            pipeline.build(store, [str(path)])
            with Reader(store) as after:
                assert told(diff.between(before, after)) == expected(old, new)
                back = told(diff.between(after, before))
                turned = {"new": "gone", "gone": "new", "changed": "changed"}
                assert Counter((turned[row[0]], row[1]) for row in back.elements()) == Counter(
                    row[:2] for row in expected(old, new).elements()
                )


def test_what_a_note_says_stays_text(place: Path):
    (place / "n/two.md").write_text(
        ONE.replace("Cells", "<script>alert(1)</script> [x](javascript:1)"), "utf-8"
    )
    build(place)
    out = kg("diff", store=place / "store").out
    assert "<script>" not in out
    assert "](javascript:" not in out


def test_the_first_build_has_none_before_it(place: Path):
    done = kg("diff", store=place / "store")
    assert (done.code, done.err) == (
        3, "error: build 1 is the only one kept\nhint: `kg diff --since DATE` shows what is dated since a day\n",
    )  # fmt: skip


def test_a_build_that_is_not_kept(place: Path):
    build(place)
    (place / "n/two.md").unlink()
    build(place)
    done = kg("diff", "--since", "1", store=place / "store")
    assert (done.code, done.err) == (3, "error: build 1 is not kept\nhint: kept are 2, 3\n")
    assert kg("diff", "--since", "2", store=place / "store").code == 0
    assert kg("diff", "--since", "someday", store=place / "store").code == 2


def _told(*rows: tuple[str, ...]) -> Table:
    """Rows of what is new: kind, date, thing, says, release, source, line, version, key."""
    full = [
        ("new", kind, date, thing, says, release, source, int(line), "", "", version, key)
        for kind, date, thing, says, release, source, line, version, key in rows
    ]
    return Table(diff.COLUMNS, tuple(full))


@pytest.mark.parametrize(
    ("lang", "heads"),
    [
        (
            "en",
            (
                "2 patches of features merged, 2 bugs fixed",
                "## Patches of features merged (2)",
                "## Bugs fixed (2)",
            ),
        ),
        ("zh", ("合入 2 个特性补丁，修复 2 个缺陷", "## 合入的特性补丁 (2)", "## 修复的缺陷 (2)")),
    ],
)
def test_the_first_line_and_the_sections_count_the_same(lang: str, heads: tuple[str, ...]):
    table = _told(
        ("merged", "2018-01-08", "cells", "one", "master", "nova.git:1", "0", "1.0", "I1"),
        ("merged", "2018-01-08", "cells", "one", "stable", "nova.git:2", "0", "0.9", "I1"),
        ("merged", "2018-01-08", "quotas", "one", "master", "nova.git:1", "0", "1.0", "I1"),
        ("merged", "2018-01-09", "quotas", "two", "master", "nova.git:3", "0", "1.0", "I2"),
        ("fixed", "2018-01-09", "77", "mend", "master", "nova.git:4", "0", "1.0", "I3"),
        ("fixed", "2018-01-10", "77", "mend", "stable", "nova.git:5", "0", "0.9", "I3"),
        ("fixed", "2018-01-10", "78", "mend", "stable", "nova.git:6", "0", "0.9", "I4"),
    )
    text = changes_markdown(table, "X", lang)
    assert all(head in text for head in heads), text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_slips_of_meetings_come_before_those_of_specs(lang: str):
    specs = [
        (
            "slip",
            f"2018-03-{n:02d}",
            f"Thing {n}",
            "re-proposed",
            "A → B",
            f"specs.git:{n}.rst",
            "0",
            "",
            f"t{n}",
        )
        for n in range(1, 21)
    ]
    noted = ("slip", "2018-01-22", "Cells", "said", "A → B", "n/one.md", "5", "", "cells")
    lines = changes_markdown(_told(*specs, noted), "X", lang).splitlines()
    shown = [line for line in lines if line.startswith("- ")]
    assert "Cells" in shown[0]
    assert "Thing 20" in shown[1]


@pytest.mark.parametrize(
    ("words", "zh"),
    [
        (("--since", "2018-01-08", "--until", "2018-01-31"), "# 2018-01-08 至 2018-01-31 的变化："),
        (("--until", "2018-01-31"), "# 截至 2018-01-31 的变化："),
        (("--since", "2018-01-08"), "# 2018-01-08 以来的变化："),
    ],
)
def test_a_number_and_a_word_stand_apart(place: Path, words: tuple[str, ...], zh: str):
    assert kg("--lang", "zh", "diff", *words, store=place / "store").out.startswith(zh)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_slip_is_told_by_the_line_that_says_it(place: Path, lang: str):
    """Not by the one that says the slip before."""
    april = "## 2018-04-09\n### Features\n#### 1. Cells\nIn progress.\n"
    (place / "n/three.md").write_text(april, "utf-8")
    build(place)
    (place / "n/three.md").write_text(
        f"{april}\n{'推迟到Stein。' if lang == 'zh' else 'Deferred to Stein.'}\n", "utf-8"
    )
    build(place)
    slips = [
        line
        for line in kg("--lang", lang, "diff", store=place / "store").out.splitlines()
        if "→ Stein" in line
    ]
    assert len(slips) == 1
    assert "2018-04-09" in slips[0]
    assert "three.md:6" in slips[0]
    april_on = kg("diff", "--since", "2018-04-01", store=place / "store").out
    assert "Cells: Rocky → Stein, said in a meeting (2018-04-09; three.md:6)" in april_on


def test_words_that_begin_with_chinese_are_told(place: Path):
    (place / "n/two.md").write_text(
        "## 2018-01-22\n### Features\n#### 1. 关于配额的讨论\n已经完成。\n\n## TODO\n- 了解配额的细节\n",
        "utf-8",
    )
    build(place)
    out = kg("diff", store=place / "store").out
    assert "- 了解配额的细节 " in out
    assert "- 关于配额的讨论 (2018-01-22" in out
    assert "- 关于配额的讨论: done" in out
