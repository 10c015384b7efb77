"""The files of a source that is a folder, or a git repository at the commit of its default branch.

Of a repository what was committed is read, never the work tree, so that it has one state and that state a name.
Hidden files and links are left alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from graph import gitrepo
from graph.errors import KgError

MOST_FILES = 50_000


def names(path: Path, roots: frozenset[str]) -> Iterator[str]:
    """Paths of the files below the roots (first parts of paths), in order. Raises KgError where nothing can be read."""
    if path.is_file():
        return iter(())
    found = _git_names(path, roots) if gitrepo.is_repository(path) else _folder_names(path, roots)
    return iter(sorted(set(found)))


def _folder_names(path: Path, roots: frozenset[str]) -> list[str]:
    found: list[str] = []
    for root in sorted(roots):
        if (path / root).is_file():
            found.append(root)
        for place, folders, files in os.walk(path / root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            below = (Path(place, name) for name in sorted(files) if not name.startswith("."))
            found += [file.relative_to(path).as_posix() for file in below if not file.is_symlink()]
            if len(found) > MOST_FILES:
                raise KgError(
                    f"it holds more than {MOST_FILES:,} files", place=str(path), hint="give a part of it"
                )
    return found


def _git_names(path: Path, roots: frozenset[str]) -> list[str]:
    with gitrepo.GitRepo(path) as repo:
        sha = _head(repo)
        rows = repo.git("ls-tree", "-r", "-z", sha, *_paths(roots)).decode("utf-8", "replace").split("\0")
    parts = (row.partition("\t") for row in rows if row)
    return [name for info, _, name in parts if info.startswith("100")]


def _paths(roots: frozenset[str]) -> list[str]:
    """What git is to list; nothing means everything."""
    return [] if "." in roots else sorted(roots)


def _head(repo: gitrepo.GitRepo) -> str:
    _, sha = repo.head(repo.refs())
    if not sha:
        raise KgError(
            "the repository has no commit", place=str(repo.path), hint="commit something, or give a folder"
        )
    return sha


def has_roots(path: Path, roots: frozenset[str]) -> bool:
    """Whether one of the roots is there at all; cheap, and never raises."""
    try:
        if not gitrepo.is_repository(path):
            return any((path / root).exists() for root in roots)
        with gitrepo.GitRepo(path) as repo:
            return bool(repo.git("ls-tree", "-z", "HEAD", *_paths(roots)))
    except (OSError, KgError, ValueError):
        return False


def contents(path: Path, wanted: list[str], most: int) -> Iterator[tuple[str, bytes | None]]:
    """Each path with its bytes; None for one that is larger than `most` or cannot be read."""
    if not gitrepo.is_repository(path):
        yield from ((name, one(path / name, most)) for name in wanted)
        return
    with gitrepo.GitRepo(path) as repo:
        sha = _head(repo)
        for name, (_, data) in zip(
            wanted, repo.blobs([f"{sha}:{name}" for name in wanted], most), strict=True
        ):
            yield name, data


def one(path: Path, most: int) -> bytes | None:
    """The bytes of a file; None when it is larger than `most` or cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError:
        return None
    return data if len(data) <= most else None
