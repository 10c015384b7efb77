"""A git repository's history, as records: its version tags, then every commit that is no merge, oldest first.

What is kept of a commit (CommitRecord) is its title, and of its message the lines that a pattern of the profile
matches, with their numbers:

    libvirt: Report traits                              title, line 1

    Some words on why, of which nothing is kept.

    Implements: blueprint nested-resource-providers     kept, line 5
    Closes-Bug: #1741125                                kept, line 6
    Co-Authored-By: A Name <a.name@example.org>         kept, line 7, the address as its SHA-1
    Change-Id: I0123456789012345678901234567890123456789

The shape of the history is walked first, then the words are asked for in the order in which commits came onto their
branches. Neither text nor commits are held in memory; what is held is a mark per commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from graph import gitplace, gitrepo
from graph.errors import KgError, Problem
from graph.gitrepo import GitRepo, Ref
from graph.profile import Profile
from graph.readers import git_since
from graph.readers.ancestry import Containment, Fate, walk
from graph.readers.git_words import commits, day, nodes
from graph.records import COUNT, CommitRecord, SourceRecord, TagRecord

LATE: Final = 90 * 86_400  # seconds behind its commit from which a tag was made up for later
LATEST: Final = 200  # messages looked into before a repository with files is said to be no history
NAME: Final = "git"
VERSION: Final = 1

Entry = SourceRecord | TagRecord | CommitRecord | Problem
Known = tuple[tuple[str, str], ...]


def sniff(path: Path, profile: Profile | None = None) -> bool:
    """Whether a folder is a repository to be read as a history.

    One with a work tree may be somebody's notes: with a profile, it is a history only if a tag is a version, one of
    its latest messages has what the profile looks for, or it has no files.
    """
    if not gitrepo.is_repository(path):
        return False
    if profile is None or gitplace.is_git_folder(path) or not _has_files(path):
        return True
    try:
        with GitRepo(path) as repo:
            return _is_history(repo, profile)
    except KgError:
        return True  # the reader says why it cannot be read


def _has_files(path: Path) -> bool:
    return any(not entry.name.startswith(".") for entry in path.iterdir())


def _is_history(repo: GitRepo, profile: Profile) -> bool:
    refs = repo.refs()
    tags = (ref.name.removeprefix("refs/tags/") for ref in refs if ref.name.startswith("refs/tags/"))
    if any(profile.commits.tag(name)[0] for name in tags):
        return True
    head = repo.head(refs)[1]
    words = ("log", "-z", f"--max-count={LATEST}", "--format=%B", head)
    return bool(head) and any(profile.commits.lines(message) for message in repo.stream(*words))


def read(path: Path, source: str, profile: Profile, known: Known | None = None) -> Iterator[Entry]:
    """The history as records.

    `known` is the `about` of an earlier SourceRecord: then only those commits are given that were made since, and
    older ones that have a version, or a final one, by now; what is said of the source and its tags is whole. Raises
    KgError for a repository that cannot be read, at whatever place it comes to light, and Rewritten where older
    records no longer hold.
    """
    with GitRepo(path) as repo:
        refs = repo.refs()
        default = repo.head(refs)
        contained = Containment.of(refs, default, profile, profile.project_of(source))
        if known is None:
            asked = "".join(f"{sha}\n" for sha in sorted(contained.tips)).encode()
            done = walk(nodes(repo, asked), contained)
            shas, count = done.order(), len(done.marks) - len(done.merges)
        else:
            done, shas, count = git_since.changed(repo, contained, known)
        about = _about(refs, default, count)
        digest = hashlib.sha256(repr((about, repo.shallow)).encode()).hexdigest()
        yield SourceRecord(NAME, source, digest, contained.project, about)
        yield from _troubles(repo, refs, default, source)
        yield from _tags(repo, contained, source)
        yield from commits(repo, shas, done, contained, source)


def _about(refs: tuple[Ref, ...], default: tuple[str, str], count: int) -> Known:
    """What a later reading goes on from: default branch, number of commits, all refs."""
    named = ((ref.name, ref.sha) for ref in refs if not ref.symref)
    return (("default", default[0]), ("head", default[1]), (COUNT, str(count)), *named)


def _troubles(repo: GitRepo, refs: Iterable[Ref], default: tuple[str, str], source: str) -> Iterator[Problem]:
    """What is odd about the repository as a whole."""
    if not default[1]:
        yield Problem(source, 0, "odd", "it has no commit on a default branch", hint="was it pushed to yet?")
    if repo.shallow:
        what = f"the history is cut off at {len(repo.shallow)} commits: first versions near them cannot be trusted"
        yield Problem(source, 0, "odd", what, repo.shallow[0], "fetch the rest: git fetch --unshallow")
    for ref in refs:
        if ref.kind != "commit":
            what = f"{gitrepo.short(ref.name)} points at a {ref.kind}, not at a commit: it was left out"
            yield Problem(source, 0, "odd", what, ref.name)


def _tags(repo: GitRepo, contained: Containment, source: str) -> Iterator[TagRecord | Problem]:
    shas = sorted({tag.sha for tag in contained.tags})
    asked = "".join(f"{sha}\n" for sha in shas).encode()
    times = {node.sha: node.time for node in nodes(repo, asked, "--no-walk")} if shas else {}
    made = repo.tag_times()
    for tag in contained.tags:
        yield TagRecord(tag.name, tag.sha, _tagged(times.get(tag.sha), made.get(tag.name)), tag.stage)  # type: ignore[arg-type]
    for (
        tag
    ) in contained.ends:  # its commit is as old as the branch's last change: it tells nothing of the end
        yield TagRecord(tag.name, tag.sha, day(made.get(tag.name)), "end", tag.release)
    if not contained.tags:
        what = "no tag names a version, so no commit has one"
        yield Problem(
            source, 0, "odd", what, hint="fetch the tags, or say in [[commits.tag]] how versions look"
        )


def _tagged(time: int | None, made: int | None) -> str:
    """The day a version was tagged; of a tag made long after its commit, or before it, the commit's day."""
    if time is not None and made is not None and 0 <= made - time <= LATE:
        return day(made)
    return day(time)


def first_versions(path: Path, profile: Profile) -> dict[str, Fate]:
    """Every commit of a repository, merges too, with its branch, first version and first final version."""
    with GitRepo(path) as repo:
        refs = repo.refs()
        contained = Containment.of(refs, repo.head(refs), profile, profile.project_of(str(path)))
        tips = "".join(f"{sha}\n" for sha in contained.tips).encode()
        done = walk(nodes(repo, tips), contained)
    fates = [contained.fate(refs_) for refs_ in done.sets]
    return {sha: fates[number] for sha, (number, _) in done.marks.items()}
