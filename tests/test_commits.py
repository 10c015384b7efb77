"""What commit messages say, in every spelling; what they do not say; how it stands in the graph."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from git_samples import Repo
from hypothesis import given
from hypothesis import strategies as st

from graph import commit_quads, dumps, engine, profile, terms
from graph.errors import KgError, Problem
from graph.extract import commits
from graph.extract.commits import Told
from graph.profile import Profile, parse
from graph.readers import git
from graph.readers.git_words import kept
from graph.records import CommitRecord, SourceRecord, TagRecord

OURS = profile.load()
CHANGE = "I0123456789012345678901234567890123456789"
SHA = "0123456789" * 4
PATCH = f"{terms.ID}openstack/patch/{CHANGE}"
COMMIT = f"{terms.ID}openstack/commit/nova/{SHA}"


def record(message: str, shape: Profile = OURS, **fields: str) -> CommitRecord:
    """A commit as the reader would give it."""
    values = {"branch": "master", "version": "17.0.0.0b1", "final": "17.0.0", **fields}
    title = message.split("\n", maxsplit=1)[0]
    return CommitRecord(
        SHA, "Ann Author", "a" * 40, "2017-09-01", title, kept(message, shape.commits), **values
    )


def told(message: str, shape: Profile = OURS) -> Told:
    return commits.read(record(message, shape), shape.commits)


def references(message: str, shape: Profile = OURS) -> dict[tuple[str, str], str]:
    return {(ref.kind, ref.key): ref.strength for ref in told(message, shape).references}


def in_body(line: str) -> str:
    return f"A title\n\nSome words before it, and more\nof them, to the end.\n\n{line}\nChange-Id: {CHANGE}\n"


# --- features ----------------------------------------------------------------------------------------------------

FEATURES = {
    "implements": """Implements: blueprint x-y|Implements blueprint x-y|implements: bp x-y|Implements: bp/x-y|Implements: blueprint: x-y
        IMPLEMENTS BLUEPRINT X-Y|Implements : blueprint x-y|Implements-blueprint: x-y|Implement blueprint x-y.|Implemented blueprint x-y
        Implements: Blueprint x-y|Implements blueprint bp/x-y|Implements: blueprint https://blueprints.launchpad.net/nova/+spec/x-y
        This implements the blueprint x-y.|* implements blueprint x-y|Implementation for BP/x-y.|Implements: x-y|implement: bp/x-y""",
    "part": """Partially implements: blueprint x-y|Partially-Implements: bp x-y|Partial-Implements: blueprint x-y|partial-implement-blueprint x-y
        Partial implement blueprint x-y|Partialy-Implements: blueprint x-y|Prtially implements bp x-y|PartiallyImplements: blueprint x-y
        Part of blueprint x-y|part of bp:x-y|Part of: bp/x-y|This is part of blueprint x-y.|This is part of the blueprint x-y. The patch
        Partial blueprint: x-y|partial-blueprint: x-y|Progresses blueprint x-y.|Implements part of blueprint x-y|Completes blueprint x-y
        Implements first work item of blueprint x-y.|Continued work on blueprint x-y.|Part 3 of 6: blueprint x-y.|Partially-Implements: x-y
        The third and final phase of blueprint x-y.|Final patch for blueprint x-y.|Step towards blueprint x-y|Partial implement blueprint blueprint x-y""",
    "bare": """blueprint: x-y|Blueprint: x-y|bp: x-y|BP x-y|blueprint x-y|blueprint/x-y|bp/x-y|BluePrint: x-y|blue-print: x-y
        For blueprint x-y.|Implemetes: blueprint x-y|Blueprint "x-y"|https://blueprints.launchpad.net/nova/+spec/x-y|[nova] blueprint x-y""",
    "related": """Related to blueprint x-y|Related-Blueprint: x-y|related bp x-y|Related: bp/x-y|Relates to blueprint x-y|Related to bp:x-y.
        Needed for blueprint x-y|Required by blueprint x-y|Cleanup before blueprint: x-y|Preparation for bp x-y|See blueprint x-y""",
    "mention": """Since blueprint x-y in Queens, this is so|this was done under blueprint x-y and then|Blueprint x-y would need to be changed
        [1] https://blueprints.launchpad.net/nova/+spec/x-y|[2] https://review.openstack.org/#/q/bp/x-y|that follows bp x-y, which we
        http://specs.openstack.org/openstack/nova-specs/specs/queens/approved/x-y.html""",
}


@pytest.mark.parametrize(
    ("strength", "line"),
    [(s, line.strip()) for s, lines in FEATURES.items() for line in re.split(r"[|\n]", lines)],
)
def test_spellings_of_feature_references(strength: str, line: str):
    assert references(in_body(line)) == {("feature", "x-y"): strength}, line


@pytest.mark.parametrize(
    "line",
    [
        "the blueprint proposed and the spec accepted",
        "This is specified in the blueprint.",
        "handles responses as part of another blueprint.",
        "See the blueprint for more details",
        "as part of the blueprint itself.",
        "this blueprint will deal with it",
        "blueprints in Kilo are many",
        "we implemented the blueprint and then",
        "Implements: some tests for the methods",
        "a spec: that-is-none",
    ],
)
def test_prose_names_no_feature(line: str):
    assert references(in_body(line)) == {}


def test_a_single_word_is_a_feature_in_a_trailer_only():
    assert references(in_body("Implements: blueprint cells")) == {("feature", "cells"): "implements"}
    assert references(in_body("blueprint: cells")) == {("feature", "cells"): "bare"}
    assert references("A title\n\nas we said in the\nblueprint cells\nlast week") == {}


def test_wrapped_prose_that_says_how_it_relates_is_no_trailer():
    message = "A title\n\nIt was made as part of the feature bp x-y. But it is\nnot of it.\n"
    assert references(message) == {("feature", "x-y"): "mention"}


def test_the_firmest_of_several_is_kept_and_a_trailer_before_free_text():
    both = "A title\n\nThis is part of blueprint x-y. It\n\nRelated to blueprint x-y\n"
    assert references(both) == {("feature", "x-y"): "related"}
    assert references(in_body("Implements: blueprint x-y\nPart of blueprint x-y")) == {
        ("feature", "x-y"): "implements"
    }


def test_several_features_and_other_projects():
    message = in_body(
        "Blueprint: a-b\nPart of bp:c-d\n[1] https://blueprints.launchpad.net/neutron/+spec/e-f"
    )
    found = {(ref.key, ref.project): ref.strength for ref in told(message).references}
    assert found == {("a-b", ""): "bare", ("c-d", ""): "part", ("e-f", "neutron"): "mention"}


def test_evidence_is_the_line_as_written():
    (ref,) = told(in_body("  Implements: Blueprint X-Y")).references
    assert (ref.line, ref.written) == (6, "  Implements: Blueprint X-Y")


# --- bugs ---------------------------------------------------------------------------------------------------------

BUGS = {
    (
        "closes",
        False,
    ): """Closes-Bug: #1741125|closes-bug: 1741125|Closes-Bug:#1741125|Close-Bug: #1741125|Closed-Bug: #1741125|Closes bug: #1741125
        Closes-Bug #1741125|Closes-Bug: # 1741125|Closes: bug 1741125|Fixes bug 1741125|Fixes bug #1741125.|fixes: bug 1741125|Fixes bug: 1741125
        Fixes-Bug: #1741125|Fixes LP Bug #1741125.|Fixes LP# 1741125|Fixes lp1741125|Fixes LP: #1741125|Fixes bug lp:1741125|Fix bug 1741125
        Resolves bug 1741125.|Resolves-bug: #1741125|* Fixes bug 1741125|Fixed bug #1741125|Fixes: #1741125|Closes-Bug: bug 1741125
        Closes-Bug: https://bugs.launchpad.net/nova/+bug/1741125""",
    (
        "closes",
        True,
    ): """This fixes bug 1741125.|This patch fixes Bug #1741125 correctly, ensuring|Addresses bug 1741125|LP: #1741125|bug 1741125
        It is done now. Fixes bug 1741125. And so on|(LP: #1741125)|This should resolve bug 1741125.""",
    (
        "partial",
        False,
    ): "Partial-Bug: #1741125|Partially fixes bug 1741125|partial-bug:1741125|Partially-Fixes: #1741125|Partial fix for bug #1741125",
    (
        "partial",
        True,
    ): "This fixes part of bug #1741125 but not all|This is a first step towards fixing bug #1741125|Part of bug 1741125",
    (
        "related",
        False,
    ): "Related-Bug: #1741125|Related-bug: 1741125|Related to bug #1741125|related bug: 1741125|Relatd-Bug: #1741125",
    (
        "related",
        True,
    ): "This is related to bug 1741125, too|(see bug 1741125 for details)|References bug 1741125",
    (
        "mention",
        True,
    ): """Due to bug 1741125 the job fails|The original fix of bug 1741125 missed it|When bug 1741125 was fixed in the past
        https://bugs.launchpad.net/nova/+bug/1741125 says so|Fix for bug #1741125 introduced a regression where""",
}


@pytest.mark.parametrize(
    ("strength", "low", "line"),
    [(s, low, line.strip()) for (s, low), lines in BUGS.items() for line in re.split(r"[|\n]", lines)],
)
def test_spellings_of_bug_references(strength: str, low: bool, line: str):
    found = [(ref.kind, ref.key, ref.strength, ref.low) for ref in told(in_body(line)).references]
    assert found == [("bug", "1741125", strength, low)], line


@pytest.mark.parametrize(
    "line",
    ["Closes-Bug: #1741125, #1741126", "Fixes bugs 1741125 and 1741126", "Closes-Bug: 1741125 1741126"],
)
def test_several_bugs_of_a_line(line: str):
    assert references(in_body(line)) == {("bug", "1741125"): "closes", ("bug", "1741126"): "closes"}


@pytest.mark.parametrize(
    "line",
    [
        "nova/tests/functional/regressions/test_bug_1741125.py",
        "[2] https://bugzilla.redhat.com/show_bug.cgi?id=1371022#c13",
        "[1] https://bugs.python.org/issue320844",
        "Red Hat bug 1371022 is another one",
        "see bugzilla 1371022",
        "https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=680094",
        "This fixes CVE-2019-144331",
        "can be large (1000000 as in the description)",
        "fixed by change Ifd455e7000260000",
        "Fix nits from https://review.openstack.org/#/c/560596/",
    ],
)
def test_other_numbers_are_no_bugs(line: str):
    assert references(in_body(line)) == {}


@pytest.mark.parametrize(
    ("title", "strength"),
    [
        ("Fix bug 1741125", "closes"),
        ("Fix for lp1741125 to unbreak rebooting", "closes"),
        ("bug 1741125: race in migrations", "closes"),
        ("Retry failed connections (LP #1741125)", "closes"),
        ("Add regression test for bug 1741125", "mention"),
        ('Revert "Fix bug 1741125"', "mention"),
        ("Reverts fix lp1741125", "mention"),
        ("Partial fix for bug 1741125", "partial"),
    ],
)
def test_bugs_in_titles(title: str, strength: str):
    assert references(title + "\n") == {("bug", "1741125"): strength}


# --- people, picks, reverts -----------------------------------------------------------------------------------------


def test_the_last_change_id_is_the_commits_own():
    other = "I" + "9" * 40
    assert told(f"A title\n\n    Change-Id: {other}\n\nChange-Id: {CHANGE}\n").change == CHANGE
    assert told("A title\n").change == ""


def test_co_authors_have_names_and_hashed_addresses():
    found = told(
        in_body("Co-Authored-By: Bea Writer <bea@example.org>\nCo-authored-by: Cee\nCo-Author: Dee <d@x.org>")
    ).people
    assert [name for name, _ in found] == ["Bea Writer", "Cee", "Dee"]
    assert [len(mbox) for _, mbox in found] == [40, 0, 40]


def test_picks_and_reverts():
    found = told(
        f'Revert "A title"\n\nThis reverts commit {SHA}.\n\n(cherry picked from commit {"9" * 40})\n'
    )
    assert (found.reverted, found.reverts, found.picked) == ("A title", (SHA,), ("9" * 40,))


# --- the graph ------------------------------------------------------------------------------------------------------


def source(**about: str) -> SourceRecord:
    return SourceRecord("git", "x/nova.git", "0" * 64, "nova", (("default", "master"), *about.items()))


def graphs(*entries: object, shape: Profile = OURS) -> dict[str, set[str]]:
    return {name: set(lines) for name, lines in commit_quads.write(shape, [source(commits="1"), *entries])}


def objects(lines: set[str], subject: str, curie: str) -> set[str]:
    prefix, _, name = curie.partition(":")
    predicate = terms.kg(name) if prefix == "kg" else terms.expand(curie)
    head = f"<{subject}> <{predicate}> "
    return {line.removeprefix(head).removesuffix(" .") for line in lines if line.startswith(head)}


def test_a_commit_in_the_graph():
    message = in_body(
        "Implements: blueprint x-y\nCloses-Bug: #1741125\nCo-Authored-By: Bea Writer <b@example.org>"
    )
    found = graphs(TagRecord("17.0.0.0b1", SHA, "2017-10-19", "milestone"), record(message))
    assert set(found) == {"", "2017"}
    lines = found["2017"]
    version = f"<{terms.ID}openstack/version/nova/17.0.0.0b1>"
    assert objects(lines, COMMIT, "kg:commitOf") == {f"<{PATCH}>"}
    assert objects(lines, COMMIT, "kg:landedIn") == objects(lines, PATCH, "kg:landedIn") == {version}
    assert objects(lines, COMMIT, "kg:onBranch") == {'"master"'}
    assert objects(lines, COMMIT, "kg:author") == {f"<{terms.ID}openstack/person/ann%20author>"}
    assert objects(lines, COMMIT, "kg:coAuthor") == {f"<{terms.ID}openstack/person/bea%20writer>"}
    assert objects(lines, f"{terms.ID}openstack/feature/nova/x-y", "kg:implementedBy") == {f"<{PATCH}>"}
    assert objects(lines, PATCH, "kg:fixes") == {f"<{terms.ID}openstack/bug/1741125>"}
    said = f"{terms.ID}openstack/reference/nova/{SHA}/bug/1741125"
    assert objects(lines, said, "kg:strength") == {'"closes"'}
    assert objects(lines, said, "kg:written") == {'"Closes-Bug: #1741125"'}
    tagged = f"{terms.ID}openstack/version/nova/17.0.0.0b1"
    assert objects(found[""], tagged, "kg:versionOf") == {f"<{terms.ID}openstack/release/queens>"}


def test_a_tag_that_ends_a_release():
    end = TagRecord("queens-eol", SHA, "2022-11-11", "end", "Queens")
    (lines,) = graphs(end, TagRecord("summer-eol", SHA, "2022-11-11", "end", "summer")).values()
    thing = f"{terms.ID}openstack/ending/nova/queens-eol"
    assert objects(lines, thing, "kg:endOf") == {f"<{terms.ID}openstack/release/queens>"}
    assert objects(lines, thing, "kg:key") == {'"queens-eol"'}
    (day,) = objects(lines, thing, "dcterms:date")
    assert day.startswith('"2022-11-11"')
    assert not any("/version/" in line or "summer" in line for line in lines)


def test_what_is_only_related_ties_no_patch():
    lines = graphs(record(in_body("Related to blueprint x-y\nPartial-Bug: #1741125")))["2017"]
    assert not any(terms.kg("implementedBy") in line or terms.kg("fixes") in line for line in lines)
    assert sum(terms.kg("inCommit") in line for line in lines) == 2


def test_a_commit_without_a_change_id_is_a_patch_of_its_own():
    lines = graphs(record("A title\n"))["2017"]
    assert objects(lines, COMMIT, "kg:commitOf") == {f"<{terms.ID}openstack/patch/{SHA}>"}


def test_a_backport_says_for_which_release_it_is():
    lines = graphs(record("A title\n", branch="stable/pike", version="", final=""))["2017"]
    assert objects(lines, COMMIT, "kg:forRelease") == {f"<{terms.ID}openstack/release/pike>"}
    assert objects(lines, COMMIT, "kg:landedIn") == set()


def test_reverts_and_picks_lead_to_what_is_in_the_history():
    old = record(in_body("Words"))
    new = CommitRecord("9" * 40, "Bea", "", "2017-09-02", 'Revert "A title"', (), "master", "", "")
    back = CommitRecord(
        "8" * 40,
        "Bea",
        "",
        "2017-09-03",
        "A title",
        ((2, f"(cherry picked from commit {SHA})"),),
        "stable/pike",
        "",
        "",
    )
    for lines, title in (
        (((1, 'Revert "A title"'),), PATCH),
        (((3, f"This reverts commit {SHA}."),), COMMIT),
    ):
        found = graphs(old, CommitRecord(*[*vars(new).values()][:5], lines, "master", "", ""), back)["2017"]
        assert objects(found, f"{terms.ID}openstack/commit/nova/{'9' * 40}", "kg:reverts") == {f"<{title}>"}
        assert objects(found, f"{terms.ID}openstack/commit/nova/{'8' * 40}", "kg:pickedFrom") == {
            f"<{COMMIT}>"
        }


def test_features_of_a_project_that_another_one_keeps():
    entries = [
        SourceRecord("git", "x/placement", "0" * 64, "placement"),
        record(in_body("Implements: blueprint x-y")),
    ]
    (_, head), (_, lines) = list(commit_quads.write(OURS, entries))
    assert objects(set(lines), f"{terms.ID}openstack/feature/nova/x-y", "kg:implementedBy") == {f"<{PATCH}>"}
    assert any('"placement"' in line for line in head)


def test_commits_stand_in_a_graph_of_their_year_and_problems_by_themselves():
    late = CommitRecord("9" * 40, "Bea", "", "2018-01-01", "Later", (), "master", "", "")
    undated = CommitRecord("8" * 40, "Bea", "", "", "Undated", (), "master", "", "")
    found = graphs(undated, record("A title\n"), late, Problem("x/nova.git", 0, "odd", "strange"))
    assert set(found) == {"", "undated", "2017", "2018", "problems"}


@given(
    title=st.text(max_size=40),
    author=st.text(max_size=20),
    body=st.lists(
        st.sampled_from(
            ["Implements: blueprint x-y", 'Closes-Bug: #1741125 "é\\', "\x00\x07", "Part of bp:\U0001f600-a"]
        )
    ),
)
def test_any_words_give_lines_as_a_store_gives_them_back(title: str, author: str, body: list[str]):
    import pyoxigraph as ox

    title = title.replace("\n", " ")
    one = CommitRecord(
        SHA + author,
        author,
        title,
        "2017-09-01",
        title,
        kept("\n".join([title, "", *body]), OURS.commits),
        "a b",
        "v 1",
        "<1>",
    )
    for lines in graphs(one).values():
        store = ox.Store()
        engine.load(store, {"http://x.org/": sorted(lines)})
        assert engine.dump(store, "http://x.org/") == sorted(lines)


def test_a_dump_gives_the_same_graph(tmp_path: Path):
    repo = Repo(tmp_path / "nova")
    repo.commit(in_body("Implements: blueprint x-y\nFixes bug 1741125") + '\ncafé \U0001f600 \\ "quoted"\n')
    repo.tag("17.0.0")
    repo.commit("Título with ünicode\n\nCo-Authored-By: Bea <b@example.org>\n")
    entries = list(git.read(repo.path, "x/nova.git", OURS))
    rows = list(dumps.lines(dumps.Header("git", "x/nova.git"), entries))
    again = list(dumps.entries(iter(rows[1:]), "x.jsonl"))
    assert again == entries
    assert list(commit_quads.write(OURS, again)) == list(commit_quads.write(OURS, entries))


# --- profiles --------------------------------------------------------------------------------------------------------

OTHER = r"""
[community]
name = "boats"
project = "boats"
projects = ["boats", "sails"]

[commits]
branch = "release-{release}"

[[commits.tag]]
stage = "candidate"
pattern = '^v\d+\.\d+\.\d+-rc\.\d+$'

[[commits.tag]]
stage = "milestone"
pattern = '^v\d+\.\d+\.\d+-(?:alpha|beta)\.\d+$'

[[commits.tag]]
stage = "final"
pattern = '^v\d+\.\d+\.\d+$'

[[commits.trailer]]
kind = "change"
pattern = '(?m)\(#(\d+)\)[ \t]*$'

[[commits.trailer]]
kind = "feature"
strength = "implements"
pattern = '(?i)\bKEP-(\d+)\b'

[[commits.trailer]]
kind = "bug"
strength = "closes"
pattern = '(?i)\b(?:fix(?:es|ed)?|closes?)[ \t]+((?:#\d+(?:,[ \t]*)?)+)'
each = '\d+'

[[commits.trailer]]
kind = "bug"
strength = "mention"
pattern = '(?:^|\s)#(\d+)\b'
"""


def test_a_community_of_another_shape(tmp_path: Path):
    shape = parse(OTHER, "community.toml")
    repo = Repo(tmp_path / "boats", branch="main")
    one = repo.commit(
        "KEP-1234: sail on (#77)\n\nFixes #123, #124\nas #9 says, blueprint x-y, Closes-Bug: 1741125\n"
    )
    repo.tag("v1.29.0-alpha.1")
    repo.tag("v1.29.0-rc.1")
    repo.switch("release-1.29", "HEAD")
    two = repo.commit("Patch (#78)")
    repo.tag("v1.29.0")
    repo.tag("v1.29.1")
    repo.switch("main")
    found = {r.sha: r for r in git.read(repo.path, "boats", shape) if isinstance(r, CommitRecord)}
    assert (found[one].branch, found[one].version, found[one].final) == ("main", "v1.29.0-alpha.1", "v1.29.0")
    assert (found[two].branch, found[two].version) == ("release-1.29", "v1.29.0")
    said = commits.read(found[one], shape.commits)
    assert said.change == "77"
    assert {(ref.kind, ref.key): ref.strength for ref in said.references} == {
        ("feature", "1234"): "implements",
        ("bug", "123"): "closes",
        ("bug", "124"): "closes",
        ("bug", "9"): "mention",
    }


def test_a_profile_without_the_section_reads_commits_and_nothing_more(tmp_path: Path):
    shape = parse('[community]\nname = "x"\n', "community.toml")
    repo = Repo(tmp_path / "x")
    repo.commit("A title\n\nCloses-Bug: #1741125\n")
    repo.tag("1.0.0")
    (found,) = [r for r in git.read(repo.path, "x", shape) if isinstance(r, CommitRecord)]
    assert (found.title, found.lines, found.version) == ("A title", (), "")
    assert commits.read(found, shape.commits) == Told()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[commits]\nbranch = "stable"', "names no release"),
        ('[[commits.tag]]\nstage = "gold"', "stage 'gold'"),
        ('[[commits.tag]]\nstage = "branch"\npattern = "x"', "has 0 groups"),
        ('[[commits.tag]]\nstage = "final"\npattern = "("', "pattern '('"),
        ('[[commits.trailer]]\nkind = "joke"', "kind 'joke'"),
        ('[[commits.trailer]]\nkind = "bug"\nstrength = "firmly"', "strength 'firmly'"),
        ('[[commits.trailer]]\nkind = "change"\nstrength = "closes"', "strength 'closes'"),
        ('[[commits.trailer]]\nkind = "change"\npattern = "x"', "has 0 groups"),
        ('[[commits.trailer]]\nkind = "change"\npattern = "(x)"\neach = "("', "pattern '('"),
        ('[commits]\ndefine = "x"', "define"),
        ("commits = 3", "is no table"),
        ("[commits]\ntrailer = 3", "trailer"),
    ],
)
def test_a_wrong_section_is_an_error_with_its_place_and_a_hint(text: str, what: str):
    with pytest.raises(KgError) as caught:
        parse(
            f'[community]\nname = "x"\n{text}\n'
            if text.startswith("[")
            else f'{text}\n[community]\nname = "x"\n',
            "c.toml",
        )
    assert what in str(caught.value)
    assert caught.value.place == "c.toml"
    assert caught.value.hint


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "\n", "-", "#", "bp ", "blueprint ", "fix bug 1741125, ", "x-", "part of ", "1741125 ", "\t("],
)
def test_hostile_messages_take_no_longer_than_others(unit: str):
    started = time.process_time()
    told("Title\n\n" + unit * (100_000 // len(unit)))
    assert time.process_time() - started < 5
