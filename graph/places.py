"""Paths given to a build → the files to read, each with the folder it belongs to. Nothing is opened here."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.errors import Problem

MOST_FILES = 20_000


@dataclass(frozen=True, order=True)
class Place:
    """A file: its path as given (normalised), the folder that owns it (empty when given by itself)."""

    path: str
    owner: str = ""


def normal(path: str) -> str:
    """A path as it stands in the graph: forward slashes, no `./`, no double slashes."""
    return Path(os.path.normpath(path)).as_posix()


def find(given: list[str]) -> tuple[list[Place], list[Problem]]:
    """Every regular file of the given paths, once, in order of names; what cannot be used as problems."""
    places: dict[str, Place] = {}
    problems: list[Problem] = []
    for path in map(normal, given):
        found, faults = _folder(path) if Path(path).is_dir() else _single(path)
        problems += faults
        for place in found:
            if not _is_text(place.path):
                shown = place.path.encode("utf-8", "backslashreplace").decode()
                problems.append(Problem(shown, 0, "refused", "its name is no UTF-8", hint="rename the file"))
            elif place.owner or place.path not in places:
                places[place.path] = place
    return sorted(places.values()), problems


def _is_text(path: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in path)


def _single(path: str) -> tuple[list[Place], list[Problem]]:
    fault = _fault(path) if _is_text(path) else None
    return ([], [fault]) if fault else ([Place(path)], [])


def _folder(path: str) -> tuple[list[Place], list[Problem]]:
    below = list(itertools.islice(_below(path), MOST_FILES + 1))
    if len(below) <= MOST_FILES:
        return below, []
    what = f"it holds more than {MOST_FILES:,} files; the rest was not read"
    return below[:-1], [Problem(path, 0, "refused", what, hint="give the folders in it one by one")]


def _below(folder: str) -> Iterator[Place]:
    """Files of a folder and the folders in it; hidden ones and links out of it are left alone."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root, name)
            if name.startswith(".") or path.is_symlink():
                continue
            yield Place(path.as_posix(), folder)


def _fault(path: str) -> Problem | None:
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return Problem(path, 0, "refused", "there is no such file", hint="check the path")
    except (OSError, ValueError) as error:
        what = f"cannot be opened: {getattr(error, 'strerror', None) or error}"
        return Problem(path, 0, "refused", what, hint="check the path and its permissions")
    if not stat.S_ISREG(mode):
        return Problem(path, 0, "refused", "it is no regular file", hint="give a file or a folder")
    return None


def read_bytes(path: str, limit: int) -> bytes | Problem:
    """The bytes of a file, unless it is larger than the limit or cannot be read."""
    fault = _fault(path)
    if fault:
        return fault
    try:
        size = Path(path).stat().st_size
        if size > limit:
            what = f"the file has {size:,} bytes, more than the limit of {limit:,}"
            return Problem(path, 0, "refused", what, hint="split it, a post a file")
        return Path(path).read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        return Problem(path, 0, "refused", what, hint="check its permissions")
