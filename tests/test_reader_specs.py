"""Reading a repository of specs: last states, how they came about, and what is wrong with it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from spec_samples import OURS, Repo, cloned, spec_text

from graph import dumps
from graph.errors import KgError, Problem
from graph.readers import specs
from graph.records import SourceRecord, SpecRecord


def read(path: Path) -> tuple[SourceRecord, dict[str, SpecRecord], list[Problem]]:
    source, *rest = specs.read(path, "nova-specs.git", OURS)
    assert isinstance(source, SourceRecord)
    records = {r.path: r for r in rest if isinstance(r, SpecRecord)}
    return source, records, [r for r in rest if isinstance(r, Problem)]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Two releases: one spec is moved on, one is re-proposed under another name, one is renamed where it stands."""
    repo = Repo(tmp_path / "x-specs")
    repo.commit(
        "Start",
        {"README.rst": "hello", "specs/queens-template.rst": spec_text("Example", "A template's own line")},
    )
    repo.commit(
        "Add a thing\n\nBlueprint: a-thing\nPreviously-Approved: pike",
        {"specs/queens/approved/a-thing.rst": spec_text("A thing", "A template's own line\n" * 2, "a-thing")},
    )
    repo.commit(
        "Add b",
        {"specs/queens/approved/b-queens.rst": spec_text("B thing", "What b is about, in a line of its own")},
    )
    repo.move("specs/queens/approved/b-queens.rst", "specs/queens/approved/b-thing-queens.rst")
    repo.commit("Rename b")
    repo.move("specs/queens/approved/a-thing.rst", "specs/queens/implemented/a-thing.rst")
    repo.write({"specs/queens/redirects": "approved/old-a.rst ../implemented/a-thing.rst\n"})
    repo.commit("Move implemented specs")
    repo.commit(
        "Re-propose b\n\nThis follows on from\nblueprint b-thing-queens",
        {
            "specs/rocky/approved/c-thing.rst": spec_text(
                "C thing", "", "c-thing", [("Queens", "Introduced"), ("Rocky", "Renamed")]
            )
        },
    )
    return repo


def test_last_states_and_what_their_text_says(repo: Repo):
    source, records, problems = read(repo.path)
    assert (source.kind, source.project, dict(source.about)["specs"]) == ("specs", "nova", "3")
    assert sorted(records) == [
        "specs/queens/approved/b-thing-queens.rst", "specs/queens/implemented/a-thing.rst", "specs/rocky/approved/c-thing.rst",
    ]  # fmt: skip
    a = records["specs/queens/implemented/a-thing.rst"]
    assert (a.slug, a.release, a.state, a.title, a.line, a.blueprints) == (
        "a-thing", "queens", "implemented", "A thing", 5, ("a-thing",),
    )  # fmt: skip
    assert a.also == ("old-a",)
    assert records["specs/rocky/approved/c-thing.rst"].history == (
        ("Queens", "Introduced"),
        ("Rocky", "Renamed"),
    )
    assert problems == []


def test_when_specs_came_into_their_states(repo: Repo):
    _, records, _ = read(repo.path)
    first, moved = records["specs/queens/implemented/a-thing.rst"].changes
    assert (first.date, first.path, first.before) == ("2017-07-16", "specs/queens/approved/a-thing.rst", "")
    assert first.lines == ((4, "Previously-Approved: pike"),)
    assert (moved.date, moved.before, moved.similar) == (
        "2017-07-19",
        "specs/queens/approved/a-thing.rst",
        100,
    )
    assert moved.title == "Move implemented specs"
    (entered,) = records["specs/rocky/approved/c-thing.rst"].changes
    assert entered.lines == ((1, "Re-propose b"), (3, "This follows on from blueprint b-thing-queens"))


def test_a_file_renamed_in_its_release_keeps_its_identity(repo: Repo):
    b = read(repo.path)[1]["specs/queens/approved/b-thing-queens.rst"]
    assert b.also == ("b-queens",)
    assert [change.path for change in b.changes] == ["specs/queens/approved/b-queens.rst", b.path]


def test_a_merge_speaks_with_the_words_of_what_it_brought(repo: Repo):
    repo.git("checkout", "-q", "-b", "change")
    sha = repo.commit(
        "Add d\n\nPreviously-approved: Queens", {"specs/rocky/approved/d-thing.rst": spec_text("D thing")}
    )
    repo.git("checkout", "-q", "master")
    repo.day += 30
    repo.git("merge", "-q", "--no-ff", "-m", 'Merge "Add d"', "change")
    (change,) = read(repo.path)[1]["specs/rocky/approved/d-thing.rst"].changes
    assert (change.sha, change.title, change.lines) == (sha, "Add d", ((3, "Previously-approved: Queens"),))
    assert change.date == "2017-08-20"


def by(repo: Repo, name: str, message: str, files: dict[str, str]) -> None:
    """A commit somebody else wrote."""
    repo.day += 1
    repo.write(files)
    repo.git("add", "-A")
    author = f"{name} <{name.split(maxsplit=1)[0].lower()}@example.org>"
    repo.git("commit", "-q", "--author", author, "-m", message)


def test_who_wrote_a_spec(repo: Repo):
    path = "specs/rocky/approved/c-thing.rst"
    message = "Say more\n\nCo-Authored-By: Cem C <cem@example.org>\nSigned-off-by: Dee D <dee@example.org>"
    by(repo, "Bea B", message, {path: spec_text("C thing", "More words, and then some")})
    _, records, _ = read(repo.path)
    c = records[path]
    assert [change.author for change in c.changes] == ["Ann"]
    (edit,) = c.edits
    assert (edit.author, edit.path, edit.before, edit.lines) == ("Bea B", path, path, ())
    assert edit.mbox == hashlib.sha1(b"mailto:bea@example.org").hexdigest()
    kept = hashlib.sha1(b"mailto:cem@example.org").hexdigest()
    assert edit.signed == ((3, f"Co-Authored-By: Cem C <{kept}>"),)


def test_who_made_a_merge_of_several_commits_wrote_none_of_them(repo: Repo):
    repo.git("checkout", "-q", "-b", "change")
    repo.git("checkout", "-q", "-b", "part")
    by(repo, "Bea B", "Add d", {"specs/rocky/approved/d-thing.rst": spec_text("D thing")})
    repo.git("checkout", "-q", "change")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge part", "part")
    repo.git("checkout", "-q", "master")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge change", "change")
    (change,) = read(repo.path)[1]["specs/rocky/approved/d-thing.rst"].changes
    assert (change.title, change.author, change.mbox) == ("Merge change", "", "")


def test_a_spec_taken_away_and_brought_back(repo: Repo):
    path = "specs/rocky/approved/c-thing.rst"
    (repo.path / path).unlink()
    repo.commit("Revert")
    repo.commit("Again", {path: spec_text("C thing")})
    changes = read(repo.path)[1][path].changes
    assert [(c.path, c.before) for c in changes] == [(path, ""), ("", path), (path, "")]


def test_bare_work_tree_and_plain_folder(repo: Repo, tmp_path: Path):
    bare = tmp_path / "x.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(repo.path), str(bare)], check=True)
    (repo.path / "specs/queens/approved/not-committed.rst").write_text("no")
    assert list(specs.read(bare, "x", OURS)) == list(specs.read(repo.path, "x", OURS))
    folder = tmp_path / "folder"
    shutil.copytree(repo.path / "specs", folder / "specs")
    (folder / "specs/queens/approved/not-committed.rst").unlink()
    _, records, problems = read(folder)
    assert set(records) == set(read(bare)[1])
    assert all(not record.changes for record in records.values())
    assert [problem.what for problem in problems] == [
        "a folder without git: when specs came into their places is not known"
    ]
    for place, known in (
        (bare, True),
        (repo.path, True),
        (folder, True),
        (tmp_path, False),
        (tmp_path / "no", False),
    ):
        assert specs.sniff(place) is known


def test_two_specs_of_one_name(repo: Repo):
    repo.commit(
        "Twice",
        {
            "specs/queens/approved/a-thing.rst": spec_text("A thing again"),
            "specs/rocky/approved/C-Thing.rst": spec_text("C in capitals"),
        },
    )
    _, records, problems = read(repo.path)
    assert "specs/queens/approved/a-thing.rst" not in records
    assert [problem.what for problem in problems] == [
        "two specs of one name: specs/queens/implemented/a-thing.rst counts, not specs/queens/approved/a-thing.rst",
        "two specs of one name: specs/rocky/approved/c-thing.rst counts, not specs/rocky/approved/C-Thing.rst",
    ]


def test_what_is_wrong_is_said_and_the_rest_is_read(repo: Repo):
    repo.write({
        "specs/utopia/approved/e-thing.rst": spec_text("E thing"),
        "specs/queens/approved/flat.rst": "only words, and no title\n",
        "specs/queens/approved/latin.rst": "Caf\xe9\n====\n".encode("latin-1"),
        "specs/rocky/redirects": "approved/x.rst ../implemented/gone.rst\napproved/y.rst https://example.org/y.html\n",
    })  # fmt: skip
    (repo.path / "specs/rocky/approved/link.rst").symlink_to("c-thing.rst")
    repo.commit("Odd things")
    _, records, problems = read(repo.path)
    assert records["specs/utopia/approved/e-thing.rst"].release == "utopia"
    assert records["specs/queens/approved/flat.rst"].title == "flat"
    assert records["specs/queens/approved/latin.rst"].title == "Caf\ufffd"
    assert "specs/rocky/approved/link.rst" not in records
    assert sorted((p.kind, p.line, p.what) for p in problems) == [
        ("odd", 0, "utopia is no release that the community's profile knows"),
        ("odd", 1, "specs/queens/approved/flat.rst has no title"),
        ("odd", 1, "specs/rocky/redirects leads from specs/rocky/approved/x.rst to specs/rocky/implemented/gone.rst, which is not there"),
    ]  # fmt: skip


def test_a_chain_of_redirects_is_followed(repo: Repo):
    rows = "approved/a1.rst a2.rst\napproved/a2.rst a3.rst\napproved/a3.rst ../implemented/a-thing.rst\n"
    repo.commit(
        "Chain", {"specs/queens/redirects": rows + "approved/r1.rst r2.rst\napproved/r2.rst r1.rst\n"}
    )
    _, records, problems = read(repo.path)
    assert records["specs/queens/implemented/a-thing.rst"].also == ("a1", "a2", "a3")
    assert len(problems) == 2  # the ring leads nowhere


def test_lines_of_the_template_tell_nothing(repo: Repo):
    records = read(repo.path)[1]
    assert records["specs/queens/implemented/a-thing.rst"].rare == 1  # the link to its blueprint
    assert records["specs/queens/approved/b-thing-queens.rst"].rare == 1


def test_a_shallow_clone_and_a_damaged_one(repo: Repo, tmp_path: Path):
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{repo.path}", str(shallow)], check=True)
    _, records, problems = read(shallow)
    assert len(records) == 3
    assert "the clone is not whole" in problems[0].what
    blob = repo.git("rev-parse", "HEAD:specs/rocky/approved/c-thing.rst")
    (repo.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    _, records, problems = read(repo.path)
    assert len(records) == 2
    assert any(p.kind == "unread" and "c-thing.rst" in p.what for p in problems)
    first = repo.git("rev-list", "--max-parents=0", "HEAD")
    (repo.path / ".git/objects" / first[:2] / first[2:]).unlink()
    _, records, problems = read(repo.path)
    assert len(records) == 2
    assert any("is not known: git cannot read it" in p.what for p in problems)


def test_what_holds_no_specs(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.rst").write_text("X\n=\n")
    with pytest.raises(KgError, match="no specs at the places"):
        read(tmp_path / "a")
    repo = Repo(tmp_path / "b")
    with pytest.raises(KgError, match="without a commit"):
        read(repo.path)
    assert not specs.sniff(repo.path)


def test_a_dump_holds_everything(repo: Repo):
    found = list(specs.read(repo.path, "x", OURS))
    rows = list(dumps.lines(dumps.Header("specs", "x"), found))
    assert list(dumps.entries(rows[1:], "x.jsonl")) == found


def test_the_real_repository_in_time(tmp_path: Path):
    real = cloned(tmp_path / "nova-specs.git")
    start = time.perf_counter()
    source, records, problems = read(real)
    taken = time.perf_counter() - start
    assert taken < 5, f"{taken:.1f} s"
    assert (source.project, len(records)) == ("nova", 813)
    assert {p.kind for p in problems} == {"odd"}
    assert all(record.changes for record in records.values())
    queens = [record.state for record in records.values() if record.release == "queens"]
    assert (len(queens), queens.count("implemented")) == (38, 28)
