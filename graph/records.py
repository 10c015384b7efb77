"""What a source says, verbatim and typed, with its place. Nothing here interprets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["heading", "item", "text", "code", "quote", "table", "html"]


@dataclass(frozen=True)
class Block:
    """A run of lines of one shape: a heading, a list item's paragraph, a paragraph, a code block.

    `first` is the number of its first line (from 1); `lines` are the raw lines without the block's own marks
    (hashes, bullet, number), so each is a verbatim slice of the file. `level` is a heading's level (1–6) or a
    list item's depth (0 is outermost); `marker` is the bullet or number as written. `loose` says that a blank
    line stands before it.
    """

    role: Role
    level: int
    marker: str
    first: int
    lines: tuple[str, ...]
    loose: bool = False


@dataclass(frozen=True)
class NoteRecord:
    """One post: front matter (strings only), its blocks in order, and the number of its non-blank lines."""

    source: str
    sha256: str
    layout: Literal["markdown", "plain"]
    front: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    line_count: int

    @property
    def title(self) -> str:
        """The front matter's title, or empty."""
        return dict(self.front).get("title", "")


@dataclass(frozen=True)
class SourceRecord:
    """A source as a whole, the first record of every reader but the notes'.

    `source` is its path as given (its identity), `sha256` a digest of all that was read, `project` the project it
    belongs to, `about` further pairs that its kind needs (a default branch, a head).
    """

    kind: str
    source: str
    sha256: str
    project: str
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TagRecord:
    """A tag that names a version: its day is that of the commit it points at."""

    name: str
    sha: str
    date: str
    stage: Literal["final", "candidate", "milestone"]


@dataclass(frozen=True)
class CommitRecord:
    """A commit that is no merge, with the lines of its message that one of the profile's patterns matched.

    `mbox` is the SHA-1 of `mailto:` and the author's address; `merged` the day (ISO) it came onto its branch, by
    the merge that brought it; `lines` pairs of a line's number (1 is the title) and its text. `version` is the
    first tag that contains it, by ancestry, `final` the first final one; both empty while there is none.
    """

    sha: str
    author: str
    mbox: str
    merged: str
    title: str
    lines: tuple[tuple[int, str], ...]
    branch: str
    version: str
    final: str


@dataclass(frozen=True)
class SpecRecord:
    """A spec in its last state in one release's folder.

    `release` is the folder's name as written (empty for the backlog), `state` its folder (approved, implemented,
    backlog, abandoned); `also` are file names that redirects or renames give it in that release; `blueprints` the
    slugs of blueprint links near its head; `history` the rows of its own History table (release, words);
    `changes` when it entered a state.
    """

    path: str
    slug: str
    release: str
    state: str
    title: str
    line: int
    also: tuple[str, ...]
    blueprints: tuple[str, ...]
    history: tuple[tuple[str, str], ...]
    changes: tuple[SpecChange, ...]


@dataclass(frozen=True)
class SpecChange:
    """A spec came into a place: day (ISO), commit, path, the path it came from (empty when new).

    `lines` are lines of the commit's message that a pattern of the profile matched, with their numbers.
    """

    date: str
    sha: str
    path: str
    before: str
    title: str
    lines: tuple[tuple[int, str], ...]
