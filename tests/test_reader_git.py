"""Histories as records: versions by ancestry, branches, days, kept lines; and repositories that are no good."""

from __future__ import annotations

import functools
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from git_samples import DAY, START, Repo, cloned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import profile
from graph.errors import KgError, Problem
from graph.gitrepo import GitRepo, Rewritten, is_repository
from graph.profile_commits import ENDS
from graph.readers import git
from graph.readers.ancestry import version_order
from graph.records import CommitRecord, SourceRecord, TagRecord

OURS = profile.load()


def read(path: Path, known=None, shape=OURS) -> list:
    return list(git.read(path, "somewhere/nova.git", shape, known))


def commits(entries: list) -> dict[str, CommitRecord]:
    return {entry.sha: entry for entry in entries if isinstance(entry, CommitRecord)}


def problems(entries: list) -> list[str]:
    return [entry.what for entry in entries if isinstance(entry, Problem)]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "nova")


# --- what is read ---------------------------------------------------------------------------------------------


def test_a_commit_keeps_its_title_and_the_lines_that_patterns_match(repo: Repo):
    message = (
        "libvirt: Report traits\n\nSome words.\n\nImplements: blueprint report-traits\nCloses-Bug: #1741125\n"
        "Co-Authored-By: Bea Writer <bea@example.org>\nChange-Id: I0123456789012345678901234567890123456789\n"
    )
    sha = repo.commit(message)
    entries = read(repo.path)
    assert isinstance(entries[0], SourceRecord)
    assert entries[0].project == "nova"
    record = commits(entries)[sha]
    assert record.title == "libvirt: Report traits"
    assert [number for number, _ in record.lines] == [5, 6, 7, 8]
    assert record.lines[0][1] == "Implements: blueprint report-traits"
    assert (record.author, record.branch, record.merged) == ("Ann Author", "master", "2017-07-15")
    assert len(record.mbox) == 40


def test_no_address_is_kept_in_clear(repo: Repo):
    repo.commit(
        "Thanks to who@example.org\n\nCo-Authored-By: <bea@example.org>\nFixes bug 1741125 of joe@example.org\n",
        GIT_AUTHOR_NAME="ann@example.org",
    )
    assert "example.org" not in repr(read(repo.path))


def test_first_versions_on_master_and_on_a_stable_branch(repo: Repo):
    one = repo.commit("One")
    repo.tag("16.0.0.0b1")
    two = repo.commit("Two")
    repo.tag("16.0.0.0rc1")
    repo.switch("stable/pike", "HEAD")
    three = repo.commit("Three")
    repo.tag("16.0.0")
    repo.tag("16.0.1")
    repo.switch("master")
    four = repo.commit("Four")
    repo.tag("17.0.0.0b1")
    five = repo.commit("Five")
    found = commits(read(repo.path))
    fates = {sha: (c.branch, c.version, c.final) for sha, c in found.items()}
    assert fates == {
        one: ("master", "16.0.0.0b1", "16.0.0"),
        two: ("master", "16.0.0.0rc1", "16.0.0"),
        three: ("stable/pike", "16.0.0", "16.0.0"),
        four: ("master", "17.0.0.0b1", ""),
        five: ("master", "", ""),
    }
    assert list(found) == [one, two, three, four, five]


def test_a_merged_commit_came_with_its_merge_and_a_merge_has_no_record(repo: Repo):
    repo.commit("Base")
    repo.switch("topic", "HEAD")
    side = repo.commit("On the side")
    repo.switch("master")
    straight = repo.commit("Straight")
    repo.clock += 10 * DAY
    merge = repo.merge("topic")
    found = commits(read(repo.path))
    assert merge not in found
    assert found[side].merged == "2017-07-28"
    assert found[straight].merged == "2017-07-17"
    assert found[side].branch == "master"


def test_what_only_an_end_of_life_tag_reaches_is_on_that_branch_without_a_version(repo: Repo):
    repo.commit("Base")
    repo.tag("16.0.0")
    repo.switch("stable/pike", "HEAD")
    late = repo.commit("Late")
    repo.tag("pike-eol")
    repo.switch("master")
    repo.git("branch", "-q", "-D", "stable/pike")
    record = commits(read(repo.path))[late]
    assert (record.branch, record.version, record.final) == ("stable/pike", "", "")


def test_a_live_branch_keeps_its_name_and_numbers_stay_where_branches_are_numbered(repo: Repo):
    repo.commit("Base")
    repo.tag("27.0.0")
    repo.switch("unmaintained/2023.1", "HEAD")
    fixed = repo.commit("Fixed")
    repo.tag("27.0.1")
    late = repo.commit("Late")
    repo.switch("master")
    found = commits(read(repo.path))
    assert found[fixed].branch == "stable/2023.1"
    assert found[late].branch == "unmaintained/2023.1"


def test_tags_have_stages_and_the_days_of_their_commits(repo: Repo):
    repo.commit("Base")
    for name in (
        "2013.2.b1",
        "diablo-3",
        "essex-rc2",
        "2011.1rc1",
        "12.0.0.0rc1",
        "17.0.0",
        "queens-em",
        "other",
    ):
        repo.tag(name)
    tags = {t.name: (t.stage, t.date) for t in read(repo.path) if isinstance(t, TagRecord)}
    assert tags == {
        "2013.2.b1": ("milestone", "2017-07-15"),
        "diablo-3": ("milestone", "2017-07-15"),
        "essex-rc2": ("candidate", "2017-07-15"),
        "2011.1rc1": ("candidate", "2017-07-15"),
        "12.0.0.0rc1": ("candidate", "2017-07-15"),
        "17.0.0": ("final", "2017-07-15"),
    }


def test_a_tag_that_ends_a_release_has_the_day_it_was_made(repo: Repo):
    """Its commit is the last change of the branch, which can be years older."""
    sha = repo.commit("Base")
    repo.clock += 400 * DAY
    repo.tag("queens-eol")
    repo.tag("pike-em")
    repo.git("tag", "rocky-eol")
    tags = [t for t in read(repo.path) if isinstance(t, TagRecord)]
    assert tags == [
        TagRecord("queens-eol", sha, "2018-08-19", "end", "queens"),
        TagRecord("rocky-eol", sha, "", "end", "rocky"),  # no tag object: nobody knows when
    ]


def test_the_default_branch_of_a_clone_is_its_origins(repo: Repo, tmp_path: Path):
    repo.commit("Base")
    repo.git("branch", "-q", "topic")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(repo.path), str(clone)], check=True)
    subprocess.run(["git", "switch", "-q", "topic"], cwd=clone, check=True)
    assert dict(read(clone)[0].about)["default"] == "master"


def test_a_linked_work_tree_and_a_bare_clone_give_the_same_commits(repo: Repo, tmp_path: Path):
    repo.commit("Base")
    repo.git("worktree", "add", "-q", str(tmp_path / "tree"), "-b", "topic")
    repo.git("clone", "-q", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    here, tree, bare = (commits(read(p)) for p in (repo.path, tmp_path / "tree", tmp_path / "bare.git"))
    assert here == tree == bare


def test_notes_and_other_refs_are_no_history(repo: Repo):
    repo.commit("Base")
    repo.git("notes", "add", "-m", "a note")
    repo.git("update-ref", "refs/changes/01/1/1", repo.git("rev-parse", "HEAD"))
    assert [c.title for c in commits(read(repo.path)).values()] == ["Base"]


# --- odd histories ---------------------------------------------------------------------------------------------


def test_an_empty_repository_and_one_without_tags_are_told(repo: Repo):
    assert problems(read(repo.path)) == [
        "it has no commit on a default branch",
        "no tag names a version, so no commit has one",
    ]
    sha = repo.commit("Base")
    entries = read(repo.path)
    assert problems(entries) == ["no tag names a version, so no commit has one"]
    assert commits(entries)[sha].version == ""


def test_a_tag_that_points_at_a_tree_or_a_blob_is_left_out(repo: Repo):
    sha = repo.commit("Base")
    repo.tag("1.0.0")
    repo.tag("2.0.0", "HEAD^{tree}")
    repo.tag("3.0.0", repo.git("hash-object", "-w", "--stdin", stdin=b"text"))
    entries = read(repo.path)
    assert problems(entries) == [
        "2.0.0 points at a tree, not at a commit: it was left out",
        "3.0.0 points at a blob, not at a commit: it was left out",
    ]
    assert commits(entries)[sha].version == "1.0.0"


def test_a_tag_of_a_tag_counts_as_its_commit(repo: Repo):
    sha = repo.commit("Base")
    repo.tag("inner")
    repo.tag("1.0.0", "inner")
    assert commits(read(repo.path))[sha].version == "1.0.0"


def raw(message: bytes, *, time: str = str(START), tail: bytes = b"") -> bytes:
    tree = b"4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    who = b"Ann <ann@example.org> " + time.encode() + b" +0000"
    return b"tree %s\nauthor %s\ncommitter %s\n%s\n%s" % (tree, who, who, tail, message)


@pytest.fixture
def loose(repo: Repo) -> Repo:
    repo.git("hash-object", "-t", "tree", "-w", "--stdin")
    return repo


def test_latin_1_with_and_without_its_header(loose: Repo):
    said = loose.raw(raw("Für Åke\n".encode("latin-1"), tail=b"encoding ISO-8859-1\n"))
    mute = loose.raw(raw("Für Åke\n".encode("latin-1")), "refs/heads/mute")
    wrong = loose.raw(raw("Für Åke\n".encode(), tail=b"encoding x-no-such\n"), "refs/heads/wrong")
    entries = read(loose.path)
    assert {commits(entries)[sha].title for sha in (said, mute, wrong)} == {"Für Åke"}
    assert problems(entries)[1:] == [
        "a message is not in UTF-8: it was read as Latin-1",
        "the encoding 'x-no-such' is not known",
    ] or problems(entries)[1:] == [
        "the encoding 'x-no-such' is not known",
        "a message is not in UTF-8: it was read as Latin-1",
    ]


def test_of_a_huge_message_start_and_end_are_read(loose: Repo):
    body = b"Closes-Bug: #1741125\n" + b"words \xc3\xa9\n" * 250_000 + b"Closes-Bug: #1999999\n"
    sha = loose.raw(raw(b"Big\n\n" + body))
    entries = read(loose.path)
    record = commits(entries)[sha]
    assert record.title == "Big"
    assert record.lines == ((3, "Closes-Bug: #1741125"), (250_004, "Closes-Bug: #1999999"))
    assert "a commit is longer than 100,000 bytes: its start and end were read" in problems(entries)


@pytest.mark.parametrize("time", ["0", "-5", "99999999999999", "18446744073709551616", "nonsense"])
def test_a_date_that_makes_no_sense_is_left_out(loose: Repo, time: str):
    sha = loose.raw(raw(b"When?\n", time=time))
    entries = read(loose.path)
    assert commits(entries)[sha].merged == ""
    assert "a commit's date makes no sense: it was left out" in problems(entries)


@pytest.mark.parametrize("text", [b"", b"\n\n\n", b"\0\0", b"title\0tail\n", b"\xff\xfe\n"])
def test_a_strange_message_is_a_commit_all_the_same(loose: Repo, text: bytes):
    assert loose.raw(raw(text)) in commits(read(loose.path))


def test_a_commit_object_without_an_author_is_read(loose: Repo):
    sha = loose.raw(b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nBare\n")
    assert commits(read(loose.path))[sha].author == ""


def test_many_odd_messages_are_told_by_their_number(loose: Repo):
    for nth in range(30):
        loose.raw(raw(b"\xff %d\n" % nth), f"refs/heads/x{nth}")
    told = [what for what in problems(read(loose.path)) if "Latin-1" in what]
    assert len(told) == 21
    assert told[-1].endswith(": 10 more")


# --- repositories that are no good -------------------------------------------------------------------------------


def test_what_is_a_repository_is_told_by_its_content(repo: Repo, tmp_path: Path):
    assert git.sniff(repo.path)
    assert git.sniff(repo.path / ".git")
    (tmp_path / "not.git").mkdir()
    assert not git.sniff(tmp_path / "not.git")
    assert not is_repository(tmp_path / "nowhere")
    with pytest.raises(KgError, match="not a git repository"):
        read(tmp_path / "not.git")


def test_notes_under_git_are_notes_and_code_with_its_files_is_a_history(repo: Repo):
    ours = profile.load()
    (repo.path / "2018-01.md").write_text("# Notes", "utf-8")
    repo.commit("Notes of January")
    assert not git.sniff(repo.path, ours)
    assert git.sniff(repo.path / ".git", ours)
    repo.commit("Add cells\n\nImplements: blueprint cold-cells")
    assert git.sniff(repo.path, ours)


def test_a_tag_that_is_a_version_makes_a_history(repo: Repo):
    (repo.path / "setup.cfg").write_text("[metadata]", "utf-8")
    repo.commit("Begin")
    assert not git.sniff(repo.path, profile.load())
    repo.tag("17.0.0")
    assert git.sniff(repo.path, profile.load())


def test_a_folder_inside_a_repository_is_no_repository(repo: Repo):
    (repo.path / "docs").mkdir()
    with pytest.raises(KgError, match="not a git repository"):
        read(repo.path / "docs")


def test_a_shallow_clone_is_read_and_told(repo: Repo, tmp_path: Path):
    repo.commit("One")
    two = repo.commit("Two")
    repo.tag("17.0.0")
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{repo.path}", str(tmp_path / "nova2")], check=True
    )
    entries = read(tmp_path / "nova2")
    assert list(commits(entries)) == [two]
    assert any("the history is cut off at 1 commits" in what for what in problems(entries))


def test_a_partial_clone_is_read_without_fetching(repo: Repo, tmp_path: Path):
    sha = repo.commit("One")
    repo.git("config", "uploadpack.allowFilter", "true")
    target = tmp_path / "part.git"
    words = ["git", "clone", "-q", "--bare", "--filter=tree:0", f"file://{repo.path}", str(target)]
    subprocess.run(words, check=True)
    shutil.rmtree(repo.path)
    assert sha in commits(read(target))
    with GitRepo(target) as opened:
        assert opened.partial


def test_a_truncated_clone_is_an_error_with_its_reason(repo: Repo):
    repo.commit("One")
    two = repo.commit("Two")
    repo.commit("Three")
    (repo.path / ".git/objects" / two[:2] / two[2:]).unlink()
    with pytest.raises(KgError, match="git cannot read it") as caught:
        read(repo.path)
    assert str(repo.path) in str(caught.value)
    assert caught.value.hint


def test_a_cut_pack_is_an_error(repo: Repo):
    for nth in range(20):
        repo.commit(f"Number {nth} {random.Random(nth).random()}")
    repo.git("repack", "-q", "-a", "-d")
    repo.git("prune-packed")
    pack = next((repo.path / ".git/objects/pack").glob("*.pack"))
    pack.chmod(0o600)
    pack.write_bytes(pack.read_bytes()[:200])
    with pytest.raises(KgError):
        read(repo.path)


def test_nothing_of_the_repository_is_run_or_written(repo: Repo, tmp_path: Path):
    """Config, hooks, attributes, replacements and grafts of a stranger do nothing."""
    first, sha = repo.commit("One"), repo.commit("Two")
    trap = tmp_path / "trap"
    folder = repo.path / ".git"
    for key in (
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "gpg.program",
        "core.sshCommand",
        "diff.external",
    ):
        repo.git("config", key, f"touch {trap}")
    repo.git("config", "log.showSignature", "true")
    repo.git("config", "include.path", str(tmp_path / "elsewhere"))
    repo.git("replace", sha, first)
    (folder / "info").mkdir(exist_ok=True)
    (folder / "info/grafts").write_text(f"{sha}\n")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert list(commits(read(repo.path))) == [first, sha]
    assert not trap.exists()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_borrowed_objects_are_refused(repo: Repo, tmp_path: Path):
    repo.commit("Secret")
    subprocess.run(
        ["git", "clone", "-q", "--shared", "--bare", str(repo.path), str(tmp_path / "b.git")], check=True
    )
    with pytest.raises(KgError, match="its objects lie in another repository"):
        read(tmp_path / "b.git")
    linked = tmp_path / "linked.git"
    linked.mkdir()
    (linked / "HEAD").write_text("ref: refs/heads/master\n")
    (linked / "refs").mkdir()
    (linked / "objects").symlink_to(repo.path / ".git/objects")
    with pytest.raises(KgError, match="its objects lie in another repository"):
        read(linked)


def test_a_git_file_that_leads_elsewhere_is_refused(repo: Repo, tmp_path: Path):
    repo.commit("Secret")
    forged = tmp_path / "forged"
    forged.mkdir()
    (forged / ".git").write_text(f"gitdir: {repo.path}/.git\n")
    with pytest.raises(KgError, match="does not know it"):
        read(forged)
    bare = tmp_path / "forged.git"
    bare.mkdir()
    (bare / "HEAD").write_text("ref: refs/heads/master\n")
    (bare / "commondir").write_text(f"{repo.path}/.git\n")
    with pytest.raises(KgError, match="does not know it"):
        read(bare)


def test_a_head_or_a_form_of_repository_that_is_not_known(repo: Repo):
    repo.commit("One")
    repo.git("config", "core.repositoryformatversion", "1")
    repo.git("config", "extensions.somethingNew", "true")
    with pytest.raises(KgError, match="somethingnew"):
        read(repo.path)
    repo.git("config", "--file", str(repo.path / ".git/config"), "--remove-section", "extensions")
    (repo.path / ".git/HEAD").write_text("ref: ../../etc/passwd\n")
    with pytest.raises(KgError, match="HEAD"):
        read(repo.path)


def test_sha256_repositories_are_read(tmp_path: Path):
    repo = Repo(tmp_path / "nova")
    shutil.rmtree(repo.path / ".git")
    repo.git("init", "-q", "-b", "master", "--object-format=sha256")
    sha = repo.commit("One")
    assert len(sha) == 64
    assert list(commits(read(repo.path))) == [sha]


def test_blobs_and_objects(repo: Repo):
    (repo.path / "a.txt").write_text("hello\n")
    repo.git("add", "a.txt")
    repo.git("commit", "-q", "-m", "One")
    with GitRepo(repo.path) as opened:
        found = dict(opened.blobs(["HEAD:a.txt", "HEAD:none", "HEAD:", "two\nlines"]))
        small = dict(opened.blobs(["HEAD:a.txt", "HEAD:a.txt"], most=3))
        with pytest.raises(KgError, match="missing"):
            list(opened.objects(["0" * 40]))
    assert found == {"HEAD:a.txt": b"hello\n", "HEAD:none": None, "HEAD:": None, "two\nlines": None}
    assert small == {"HEAD:a.txt": None}


# --- what is new -----------------------------------------------------------------------------------------------


def since(repo: Repo, before: list) -> list:
    return read(repo.path, before[0].about)


def test_after_new_commits_only_those_are_given(repo: Repo):
    repo.commit("One")
    repo.tag("17.0.0")
    repo.commit("Two")
    before = read(repo.path)
    three = repo.commit("Three\n\nCloses-Bug: #1741125\n")
    after = since(repo, before)
    assert list(commits(after)) == [three]
    assert after[0] == read(repo.path)[0]
    assert [t.name for t in after if isinstance(t, TagRecord)] == ["17.0.0"]
    assert commits(after)[three] == commits(read(repo.path))[three]


def test_a_new_tag_gives_older_commits_their_version(repo: Repo):
    one = repo.commit("One")
    repo.tag("17.0.0.0rc1")
    two = repo.commit("Two")
    before = read(repo.path)
    repo.tag("17.0.0")
    after = commits(since(repo, before))
    assert {sha: (c.version, c.final) for sha, c in after.items()} == {
        one: ("17.0.0.0rc1", "17.0.0"),
        two: ("17.0.0", "17.0.0"),
    }


def test_a_candidate_that_no_branch_leads_to_counts_for_older_commits_too(repo: Repo):
    repo.commit("One")
    repo.tag("16.0.0")
    two = repo.commit("Two")
    repo.git("checkout", "-q", "--detach")
    repo.commit("Aside")
    repo.tag("17.0.0.0rc1")
    repo.switch("master")
    repo.commit("Three")
    before = read(repo.path)
    repo.tag("18.0.0.0b1")
    after = commits(since(repo, before))
    assert two not in after
    assert {**commits(before), **after} == commits(read(repo.path))


def test_what_had_come_to_an_end_and_goes_on_is_rewritten(repo: Repo):
    repo.commit("One")
    repo.tag("16.0.0")
    repo.git("checkout", "-q", "--detach")
    repo.commit("Aside")
    repo.tag("17.0.0.0rc1")
    repo.switch("master")
    before = read(repo.path)
    repo.git("checkout", "-q", "17.0.0.0rc1")
    repo.commit("Goes on")
    repo.tag("17.0.0")
    with pytest.raises(Rewritten, match="come to an end"):
        since(repo, before)


def test_nothing_new_is_nothing(repo: Repo):
    repo.commit("One")
    before = read(repo.path)
    assert commits(since(repo, before)) == {}


def moved_tag(repo: Repo) -> None:
    repo.git("tag", "-f", "17.0.0", "HEAD~1")


def rewritten(repo: Repo) -> None:
    repo.git("commit", "-q", "--amend", "--allow-empty", "-m", "Otherwise")


def tag_within(repo: Repo) -> None:
    repo.tag("16.0.0", "HEAD~3")


def tag_before_candidate(repo: Repo) -> None:
    repo.tag("17.0.1.0b1", "HEAD~1")


def lost_branch(repo: Repo) -> None:
    repo.git("branch", "-q", "-D", "topic")


def merged_topic(repo: Repo) -> None:
    repo.merge("topic")


@pytest.mark.parametrize(
    "change", [moved_tag, rewritten, tag_within, tag_before_candidate, lost_branch, merged_topic]
)
def test_what_makes_older_records_wrong_is_rewritten(repo: Repo, change):
    repo.commit("One")
    repo.commit("Two")
    repo.tag("17.0.0")
    repo.commit("Three")
    repo.commit("Four")
    repo.tag("17.0.1.0rc1")
    repo.switch("topic", "HEAD~1")
    repo.commit("Aside")
    repo.switch("master")
    before = read(repo.path)
    change(repo)
    with pytest.raises(Rewritten):
        since(repo, before)


# --- properties --------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.integers(0, 2)),
        st.tuples(st.just("branch"), st.integers(0, 2)),
        st.tuples(st.just("merge"), st.tuples(st.integers(0, 2), st.integers(0, 2))),
        st.tuples(st.just("tag"), st.integers(0, 2)),
        st.tuples(st.just("aside"), st.integers(0, 2)),
    ),
    min_size=3,
    max_size=14,
)
NAMES = ("master", "stable/pike", "topic")
TAGS = ("16.0.0.0b1", "16.0.0.0rc1", "16.0.0", "16.0.1", "17.0.0.0b1", "17.0.0", "17.0.1", "18.0.0")


def build(repo: Repo, steps) -> None:
    if not repo.git("branch"):
        repo.commit("Root")
    used = repo.git("tag").split()
    tags = iter([tag for tag in TAGS if tag not in used])
    for kind, what in steps:
        branches = repo.git("branch", "--format=%(refname:short)").split()
        names = [NAMES[n] for n in (what if isinstance(what, tuple) else (what,))]
        if kind == "branch" and names[0] not in branches:
            repo.git("branch", "-q", names[0])
        elif set(names) <= set(branches):
            repo.switch(names[0])
            if kind in ("commit", "aside"):
                repo.git("checkout", "-q", *(["--detach"] if kind == "aside" else [names[0]]))
                repo.commit(f"Change {repo.clock}")
            if kind in ("aside", "tag") and (tag := next(tags, "")):
                repo.tag(tag)
            elif kind == "merge" and names[0] != names[1]:
                repo.merge(names[1])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, cut=st.integers(0, 14))
def test_any_history_agrees_with_git_and_with_itself_in_two_steps(tmp_path: Path, steps, cut: int):
    place = tmp_path / str(len(list(tmp_path.iterdir())))
    repo = Repo(place / "nova")
    build(repo, steps[:cut])
    repo.switch("master")
    before = read(repo.path)
    build(repo, steps[cut:])
    repo.switch("master")
    whole = read(repo.path)
    agrees(repo.path, list(commits(whole)), lowest=True)
    try:
        new = commits(since(repo, before))
    except Rewritten:
        return
    assert {**commits(before), **new} == commits(whole)


def agrees(path: Path, shas: list[str], *, lowest: bool) -> None:
    """First versions against `git tag`: each contains the commit and has none of the others in its history.

    `lowest`: of several such, it is the one of the lowest number (slow to ask git on a long history).
    """
    fates = git.first_versions(path, OURS)

    @functools.cache
    def tags(*words: str) -> frozenset[str]:
        done = subprocess.run(
            ["git", "-C", str(path), "tag", *words], check=True, capture_output=True, text=True
        )
        return frozenset(tag for tag in done.stdout.split() if OURS.commits.tag(tag)[0] not in ("", *ENDS))

    def before(tag: str) -> frozenset[str]:
        return tags("--merged", tag) - tags("--points-at", f"{tag}^{{}}")

    def order(tag: str) -> tuple:
        own = OURS.project_of(str(path)) == OURS.project
        return version_order(
            tag, OURS.commits.tag(tag)[0], OURS.ordinal(OURS.release_of_version(tag)) if own else 0
        )

    for sha in shas:
        holding = tags("--contains", sha)
        finals = frozenset(tag for tag in holding if OURS.commits.tag(tag)[0] == "final")
        for wanted, found in ((holding, fates[sha].version), (finals, fates[sha].final)):
            if not wanted:
                assert found == "", sha
                continue
            assert found in wanted
            assert before(found) & wanted == set(), f"{sha}: {found}"
            if lowest:
                assert order(found) == min(order(tag) for tag in wanted if not before(tag) & wanted)


@pytest.mark.parametrize("name", ["nova", "placement"])
def test_a_hundred_commits_of_a_real_history_agree_with_git(name: str, tmp_path: Path):
    path = cloned(tmp_path, name)
    fates = git.first_versions(path, OURS)
    subprocess.run(
        ["git", "-C", str(path), "commit-graph", "write", "--reachable"], check=True, capture_output=True
    )
    agrees(path, random.Random(7).sample(sorted(fates), 100), lowest=False)


def test_a_real_history_read_in_two_steps_is_the_same(tmp_path: Path):
    """Placement as it was before its last tags and commits, then what came since."""
    path = cloned(tmp_path, "placement")
    whole = read(path)

    def run(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(path), *words], check=True, capture_output=True, text=True
        ).stdout.strip()

    about = dict(whole[0].about)
    tip, past = about["head"], run("rev-list", "--first-parent", "--max-count=1", "--skip=60", "master")
    newer = run("tag", "--contains", past).split()
    kept = [(tag, run("rev-parse", tag)) for tag in newer]
    for tag, _ in kept:
        run("tag", "-d", tag)
    run("update-ref", "refs/heads/master", past)
    stable = [name for name in about if name.startswith("refs/heads/stable/")]
    moved = {name: run("rev-parse", name) for name in stable}
    for name in stable:
        run("update-ref", "-d", name)
    before = read(path)
    for tag, sha in kept:
        run("update-ref", f"refs/tags/{tag}", sha)
    run("update-ref", "refs/heads/master", tip)
    for name, sha in moved.items():
        run("update-ref", name, sha)
    after = read(path, before[0].about)
    assert 0 < len(commits(after)) < len(commits(whole)) / 10
    assert {**commits(before), **commits(after)} == commits(whole)
    assert after[0] == whole[0]
