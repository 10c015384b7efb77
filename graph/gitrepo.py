"""Git, asked as one asks a stranger.

A repository may come from anybody, so nothing of it but its objects and refs is used. Every `GitRepo` makes a
small directory of its own, with a config of ours and links to the repository's objects and refs, and gives that
to git: the repository's config, hooks, attributes, grafts and work tree are never looked at, its owner does not
matter, nothing in it is written, and nothing is fetched. A repository that borrows objects from another place of
this machine is refused, since it could show what its sender may not see.

    with GitRepo(Path("nova.git")) as repo:
        repo.refs()                                    every branch and tag, peeled
        repo.stream("log", "-z", "--format=%H%n%B")    records that end in NUL, one at a time
        repo.blobs(["HEAD:README.rst"])                contents, by one process
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from graph import gitplace
from graph.errors import KgError
from graph.gitplace import DAMAGED, SHA
from graph.gitrun import SECONDS, STREAM_SECONDS, Git

OUTPUT: Final = 64 * 1024 * 1024
RECORD: Final = 1024 * 1024
BLOB: Final = 5 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_REFS: Final = ("refs/heads", "refs/remotes", "refs/tags")


class Rewritten(KgError):
    """What was known of a history no longer holds: it must be read as a whole."""


@dataclass(frozen=True, order=True)
class Ref:
    """A ref with the object it leads to in the end; `kind` is commit, tree or blob; `symref` a ref it stands for."""

    name: str
    sha: str
    kind: str
    symref: str = ""


class GitRepo:
    """A repository, bare or with a work tree, opened read-only.

    `partial` says that objects may be missing by design, `shallow` holds the commits whose parents were cut off.
    Raises KgError where there is no repository, or one that must not be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._room = tempfile.TemporaryDirectory(prefix="kg-git-")
        self._git = Git(self._room.name, path)
        try:
            self._open()
        except OSError as error:
            self.close()
            raise KgError(f"it cannot be read: {error.strerror}", place=str(path), hint=DAMAGED) from error
        except KgError:
            self.close()
            raise

    def _open(self) -> None:
        folder, common = gitplace.locate(self.path)
        gitplace.check_borrowing(common, self.path)
        config = self._git.config(common / "config")
        self.partial = gitplace.is_partial(config, common)
        self.shallow = gitplace.shallow(common)
        form = gitplace.object_format(config, self.path)
        gitplace.furnish(Path(self._room.name), folder, common, form, self.path)
        self._head = gitplace.head_of(common, self.path)

    def __enter__(self) -> GitRepo:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the working directory away; the repository itself was never touched."""
        self._room.cleanup()

    # --- questions ----------------------------------------------------------------------------------------

    def git(self, *words: str, stdin: bytes = b"") -> bytes:
        """Output of one git command; at most 64 MB and two minutes. Raises KgError."""
        with self._git.run(words, stdin, SECONDS) as out:
            data = out.read(OUTPUT + 1)
        if len(data) > OUTPUT:
            raise KgError(f"git {words[0]} says more than {OUTPUT} bytes", place=str(self.path))
        return data

    def stream(self, *words: str, stdin: bytes = b"", most: int = RECORD) -> Iterator[bytes]:
        """The NUL-separated records of a command's output; of a longer one the first `most` bytes.

        Raises KgError at the end when git failed, so what came before may not be the whole.
        """
        with self._git.run(words, stdin, STREAM_SECONDS) as out:
            rest = b""
            while chunk := out.read1(_CHUNK):  # type: ignore[attr-defined]
                *whole, rest = (rest + chunk).split(b"\0")
                for record in whole:
                    yield record[:most]
                if len(rest) > most + _CHUNK:
                    rest = rest[:most]
            if rest:
                yield rest[:most]

    def lines(self, *words: str, stdin: bytes = b"") -> Iterator[str]:
        """The lines of a command's output, one at a time. Raises KgError as `stream` does."""
        with self._git.run(words, stdin, STREAM_SECONDS) as out:
            for line in out:
                yield line.decode("utf-8", "replace").rstrip("\n")

    def refs(self) -> tuple[Ref, ...]:
        """Every branch, remote branch and tag, in order of name, each with the object it leads to."""
        form = "--format=%(objectname) %(objecttype) %(refname) %(symref)"
        rows = self.git("for-each-ref", form, *_REFS).decode("utf-8", "replace")
        split = [(*line.split(" "), "")[:4] for line in rows.splitlines()]
        tags = [sha for sha, kind, _, _ in split if kind == "tag"]
        peeled = self._peel(tags)
        found = ((name, *peeled.get(sha, (sha, kind)), symref) for sha, kind, name, symref in split)
        return tuple(sorted(Ref(*row) for row in found))

    def tag_times(self) -> dict[str, int]:
        """Tag name → when its tag object was made, in seconds; tags without an object of their own are left out."""
        rows = self.git("for-each-ref", "--format=%(refname:lstrip=2) %(taggerdate:unix)", "refs/tags")
        pairs = (row.rpartition(" ") for row in rows.decode("utf-8", "replace").splitlines())
        return {name: int(time) for name, _, time in pairs if time.isdecimal()}

    def stamp(self) -> str:
        """A digest that differs when there is something else to read: of the refs, HEAD and the cut-off commits."""
        rows = self.git("for-each-ref", "--format=%(objectname) %(refname) %(symref)", *_REFS)
        own = (Path(self._room.name) / "HEAD").read_bytes()
        return hashlib.sha256(
            b"\0".join([rows, own, self._head.encode(), *map(str.encode, self.shallow)])
        ).hexdigest()

    def _peel(self, tags: list[str]) -> dict[str, tuple[str, str]]:
        """Tag object → the object behind all tags, and its kind."""
        if not tags:
            return {}
        asked = "".join(f"{sha}^{{}}\n" for sha in tags).encode()
        rows = self.git("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked).decode()
        answers = [row.split(" ") for row in rows.splitlines()]
        missing = [tag for tag, row in zip(tags, answers, strict=True) if row[-1] == "missing"]
        if missing:
            raise KgError(f"tag object {missing[0][:12]} leads nowhere", place=str(self.path), hint=DAMAGED)
        return {tag: (row[0], row[1]) for tag, row in zip(tags, answers, strict=True)}

    def head(self, refs: Iterable[Ref]) -> tuple[str, str]:
        """Short name and commit of the default branch; both empty where it has no commit.

        That is the branch a clone's origin calls its own, else the one HEAD stands on (the main work tree's), else
        one of the usual names.
        """
        by_name = {ref.name: ref for ref in refs}
        origin = by_name.get("refs/remotes/origin/HEAD")
        text = self._head
        wanted = [
            origin.symref if origin else "",
            text.removeprefix("ref: ") if text.startswith("ref: ") else "",
            *(
                f"refs/{kind}/{name}"
                for name in ("master", "main", "trunk")
                for kind in ("heads", "remotes/origin")
            ),
        ]
        found = next((by_name[name] for name in wanted if name in by_name), None)
        if found:
            return short(found.name), found.sha
        return ("HEAD", text) if SHA.fullmatch(text) else ("", "")

    def blobs(self, names: Iterable[str], most: int = BLOB) -> Iterator[tuple[str, bytes | None]]:
        """Each name (a sha, or `commit:path`) with its bytes; None for what is missing, no file, or too large."""
        words = ("cat-file", "--batch")
        with self._git.pipe(words) as (into, out):
            for name in names:
                if "\n" in name:
                    yield name, None
                    continue
                with contextlib.suppress(BrokenPipeError):  # the answer tells
                    into.write(name.encode("utf-8", "surrogateescape") + b"\n")
                    into.flush()
                yield name, self._blob(out, most)

    def objects(self, shas: Iterable[str], most: int = RECORD) -> Iterator[tuple[str, int, bytes]]:
        """Each object (by sha) with its size and its bytes, at the speed of the disk.

        Of one that is larger than `most` these are its start and its end, where trailers stand, with the line ends
        of what lies between, so that lines keep their numbers. Raises KgError for one that is missing.
        """
        asked = "".join(f"{sha}\n" for sha in shas).encode()
        with self._git.run(("cat-file", "--batch", "--buffer"), asked, STREAM_SECONDS) as out:
            while head := out.readline():
                sha, kind, *size = head.decode("ascii", "replace").split()
                if not size:
                    raise KgError(f"object {sha} is {kind}", place=str(self.path), hint=DAMAGED)
                large = int(size[0]) > most
                data = _ends(out, int(size[0]), most) if large else out.read(int(size[0]))
                self._skip(out, 1)
                yield sha, int(size[0]), data

    def _skip(self, out: IO[bytes], size: int) -> None:
        while size > 0:
            size -= len(out.read(min(size, _CHUNK))) or size

    def _blob(self, out: IO[bytes], most: int) -> bytes | None:
        head = out.readline()
        if not head:
            raise KgError("git stopped in the middle", place=str(self.path), hint=DAMAGED)
        words = head.split()
        if len(words) < 3 or not words[-1].isdigit():
            return None
        size = int(words[-1])
        if size <= most:
            data = out.read(size + 1)[:-1]
            return data if words[-2] == b"blob" else None
        self._skip(out, size + 1)
        return None


def _ends(out: IO[bytes], size: int, most: int) -> bytes:
    """The first and the last bytes of something large, `most` in all, and the line ends between them."""
    last = most // 10
    start, left = out.read(most - last), size - (most - last)
    lines = 0
    while left > last:
        piece = out.read(min(left - last, _CHUNK))
        lines += piece.count(b"\n")
        left -= len(piece) or left
    return start + b"\n" * lines + out.read(left)


def is_repository(path: Path) -> bool:
    """Whether a folder looks like a repository; cheap, and never raises."""
    try:
        return path.is_dir() and (gitplace.is_git_folder(path) or (path / ".git").exists())
    except OSError:
        return False


def short(name: str) -> str:
    """Name of a ref without its kind: `refs/remotes/origin/stable/pike` is `stable/pike`."""
    for prefix in ("refs/heads/", "refs/tags/"):
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return re.sub(r"^refs/remotes/[^/]+/", "", name)
