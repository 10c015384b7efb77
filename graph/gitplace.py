"""Where a git repository lies, whether it may be opened, and a directory of ours to open it by."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from graph.errors import KgError

DAMAGED: Final = "clone it again; `git fsck` in it says what is missing"
SHA: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_POINTER: Final = 4096  # HEAD, a .git file: a line each
_HARMLESS: Final = {
    "noop",
    "objectformat",
    "partialclone",
    "preciousobjects",
    "relativeworktrees",
    "worktreeconfig",
}


def is_git_folder(path: Path) -> bool:
    """Whether a folder has what every repository has."""
    return (path / "HEAD").is_file() and ((path / "objects").is_dir() or (path / "commondir").is_file())


def locate(path: Path) -> tuple[Path, Path]:
    """The folder that holds HEAD, and the one that holds objects and refs (another one for a linked work tree)."""
    inner = path / ".git"
    if is_git_folder(inner):
        folder = inner
    elif inner.is_file():
        folder = _follow(inner)
    elif is_git_folder(path):
        folder = path
    else:
        raise KgError(
            "not a git repository", place=str(path), hint="give a folder with .git, or a bare repository"
        )
    pointer = folder / "commondir"
    common = (folder / _line(pointer)).resolve() if pointer.is_file() else folder
    if common != folder and not folder.resolve().is_relative_to(common / "worktrees"):
        raise KgError(
            "its commondir leads to a repository that does not know it", place=str(path), hint=DAMAGED
        )
    if not (common / "objects").is_dir() or not (common / "refs").is_dir():
        raise KgError("a git repository without objects or refs", place=str(path), hint=DAMAGED)
    return folder, common


def _follow(pointer: Path) -> Path:
    """Where a `.git` file leads; only to a folder that points back, since anybody can write such a file."""
    folder = (pointer.parent / _line(pointer).removeprefix("gitdir:").strip()).resolve()
    back = folder / "gitdir"
    home = pointer.parent.resolve()
    mutual = back.is_file() and (folder / _line(back)).resolve() == pointer.resolve()
    if not mutual and not any(folder.is_relative_to(place / ".git") for place in (home, *home.parents)):
        raise KgError(
            "its .git file leads to a repository that does not know it",
            place=str(pointer),
            hint=f"give that repository itself: {folder}",
        )
    return folder


def _line(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_POINTER).decode("utf-8", "surrogateescape").split("\n")[0].strip()


def check_borrowing(common: Path, path: Path) -> None:
    """Refuses a repository whose objects lie elsewhere."""
    borrowed = common / "objects" / "info" / "alternates"
    if borrowed.exists() or any((common / name).is_symlink() for name in ("objects", "objects/pack")):
        raise KgError(
            "its objects lie in another repository of this machine",
            place=str(borrowed if borrowed.exists() else path),
            hint="make a copy that stands by itself: git clone --bare --dissociate",
        )


def object_format(config: dict[str, str], path: Path) -> str:
    """`sha1` or `sha256`. Raises KgError for a repository of a form that is not known here."""
    extensions = {key.partition(".")[2] for key in config if key.startswith("extensions.")}
    if extensions - _HARMLESS:
        raise KgError(
            f"it uses extensions of git that are not known here: {', '.join(sorted(extensions - _HARMLESS))}",
            place=str(path),
            hint="make a plain copy: git clone --bare",
        )
    return "sha256" if config.get("extensions.objectformat", "").lower() == "sha256" else "sha1"


def is_partial(config: dict[str, str], common: Path) -> bool:
    """Whether objects may be missing by design."""
    promised = any(key.endswith(".promisor") and value != "false" for key, value in config.items())
    return (
        promised or "extensions.partialclone" in config or any((common / "objects/pack").glob("*.promisor"))
    )


def shallow(common: Path) -> tuple[str, ...]:
    """Commits whose parents were cut off."""
    file = common / "shallow"
    return tuple(sorted(set(SHA.findall(file.read_text("ascii", "replace"))))) if file.is_file() else ()


def head_of(folder: Path, path: Path) -> str:
    """What HEAD says: `ref: ` and a branch, or a commit."""
    head = _line(folder / "HEAD")
    if not re.fullmatch(r"ref: refs/[^\s\x00-\x1f]+", head) and not SHA.fullmatch(head):
        raise KgError("its HEAD names neither a branch nor a commit", place=str(path), hint=DAMAGED)
    return head


def furnish(room: Path, folder: Path, common: Path, form: str, path: Path) -> None:
    """A git directory of ours around somebody else's objects and refs."""
    (room / "HEAD").write_text(head_of(folder, path) + "\n", "utf-8")
    lines = ["[core]", "bare = true", f"repositoryformatversion = {int(form != 'sha1')}"]
    lines += ["[extensions]", "objectFormat = sha256"] if form != "sha1" else []
    (room / "config").write_text("\n".join(lines) + "\n", "ascii")
    for name in ("objects", "refs", "packed-refs", "shallow"):
        if (common / name).exists():
            (room / name).symlink_to((common / name).absolute())
