"""Paths given to a build → what to read: files, and folders that are one source each (repositories).

Every place knows the folder that owns it. Nothing is opened here.
"""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.errors import Problem

MOST_FILES = 20_000


@dataclass(frozen=True, order=True)
class Place:
    """What is read as one: its path as given (normalised), the folder that owns it (empty when given by itself).

    `folder` says that it is a folder read as a whole.
    """

    path: str
    owner: str = ""
    folder: bool = False


def normal(path: str) -> str:
    """A path as it stands in the graph: forward slashes, no `./`, no double slashes."""
    return Path(os.path.normpath(path)).as_posix()


Whole = Callable[[str], bool]  # whether a folder is one source


def find(given: list[str], whole: Whole = lambda _: False) -> tuple[list[Place], list[Problem]]:
    """Every regular file and whole folder of the given paths, once, in order of names; the rest as problems."""
    places: dict[str, Place] = {}
    problems: list[Problem] = []
    for path in map(normal, given):
        found, faults = _given(path, whole)
        problems += faults
        for place in found:
            if not _is_text(place.path):
                shown = place.path.encode("utf-8", "backslashreplace").decode()
                problems.append(Problem(shown, 0, "refused", "its name is no UTF-8", hint="rename the file"))
            elif place.owner or place.path not in places:
                places[place.path] = place
    return sorted(places.values()), problems


def _given(path: str, whole: Whole) -> tuple[list[Place], list[Problem]]:
    if not Path(path).is_dir():
        return _single(path)
    return ([Place(path, folder=True)], []) if whole(path) else _folder(path, whole)


def _is_text(path: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in path)


def _single(path: str) -> tuple[list[Place], list[Problem]]:
    fault = _fault(path) if _is_text(path) else None
    return ([], [fault]) if fault else ([Place(path)], [])


def _folder(path: str, whole: Whole) -> tuple[list[Place], list[Problem]]:
    below = list(itertools.islice(_below(path, whole), MOST_FILES + 1))
    if len(below) <= MOST_FILES:
        return below, []
    what = f"it holds more than {MOST_FILES:,} files; the rest was not read"
    return below[:-1], [Problem(path, 0, "refused", what, hint="give the folders in it one by one")]


def _below(folder: str, whole: Whole) -> Iterator[Place]:
    """What a folder and the folders in it hold; what is hidden or a link is left alone."""
    for root, folders, files in os.walk(folder):
        seen = sorted(name for name in folders if not name.startswith("."))
        below = {name: Path(root, name).as_posix() for name in seen}
        one = {name for name, path in below.items() if not Path(path).is_symlink() and whole(path)}
        folders[:] = [name for name in seen if name not in one]
        yield from (Place(below[name], folder, folder=True) for name in sorted(one))
        for name in sorted(files):
            path = Path(root, name)
            if not name.startswith(".") and not path.is_symlink():
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


def head_of(path: str, size: int = 512) -> bytes | Problem:
    """The first bytes of a file, or why it cannot be read."""
    fault = _fault(path)
    if fault:
        return fault
    try:
        with Path(path).open("rb") as handle:
            return handle.read(size)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        return Problem(path, 0, "refused", what, hint="check its permissions")


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
