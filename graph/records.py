"""What a source says, verbatim and typed, with its place. Nothing here interprets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

COUNT = "commits"
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
class TextRecord:
    """A file that people edit beside the notes (closed TODOs, aliases), as it is."""

    source: str
    sha256: str
    text: str


@dataclass(frozen=True)
class SourceRecord:
    """A source as a whole, the first record of every reader but the notes'.

    `source` is its path as given (its identity), `sha256` a digest of all that was read, `project` the project it
    belongs to, `about` further pairs that its kind needs (a default branch, a head); under COUNT about how many
    records follow, where that is known.
    """

    kind: str
    source: str
    sha256: str
    project: str
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TagRecord:
    """A tag that names a version, with the day it was made; its commit's day where that is far from it.

    At the stage `end` it names no version but the `release`, as written, that it ends; its day is that of the tag
    itself, and empty where the tag has none.
    """

    name: str
    sha: str
    date: str
    stage: Literal["final", "candidate", "milestone", "end"]
    release: str = ""


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
    `said` the places of its text where a pattern of the profile found it to take up another (line, words);
    `changes` when it entered a state, oldest first. `sketch` are the smallest hashes of those of its lines that
    hardly any other spec has, `rare` how many such lines there are: enough to tell how much two specs share.
    `edits` are the other changes of its words, in place, oldest first.
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
    said: tuple[tuple[int, str], ...]
    changes: tuple[SpecChange, ...]
    rare: int = 0
    sketch: tuple[int, ...] = ()
    edits: tuple[SpecChange, ...] = ()


@dataclass(frozen=True)
class SpecChange:
    """A spec came into a place: day (ISO), commit, path, the path it came from (empty when new).

    `path` is empty where it was taken away, and the same as `before` where only its words changed; `similar` says
    how much of it stood in `before` already, of 100. `lines` are the places of the commit's message where a
    pattern of the profile matched (line, words). `author` and `mbox` are as in a CommitRecord, empty where a merge
    brought the work of several; `signed` the lines that name co-authors, addresses as their SHA-1.
    """

    date: str
    sha: str
    path: str
    before: str
    title: str
    lines: tuple[tuple[int, str], ...]
    similar: int = 0
    author: str = ""
    mbox: str = ""
    signed: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class SeriesRecord:
    """A release as the list of releases has it: name, number (2023.1), status, day of release, as written.

    `ended` is the day its support ended, `then` the status it is to have next, `turns` the day of that.
    """

    path: str
    line: int
    name: str
    number: str
    status: str
    released: str
    ended: str = ""
    then: str = ""
    turns: str = ""


@dataclass(frozen=True)
class DeliveredRecord:
    """A version that a deliverable's file lists for a series; `nth` is its place there, from 1."""

    path: str
    line: int
    series: str
    project: str
    version: str
    sha: str
    nth: int


@dataclass(frozen=True)
class CycleRecord:
    """The head of a schedule: the weeks (days as written) in which a cycle starts and ships, with their lines."""

    path: str
    series: str
    starts: str
    starts_line: int
    ships: str
    ships_line: int


@dataclass(frozen=True)
class WeekEvent:
    """A key that stands in a week; `project` says that it stands among those of single projects."""

    key: str
    line: int
    project: bool = False


@dataclass(frozen=True)
class WeekRecord:
    """A week of a schedule: its days and its name (`R-5`) as written; of a table's row `written` (`Oct 19-23`)."""

    path: str
    line: int
    series: str
    name: str
    start: str
    end: str
    written: str
    events: tuple[WeekEvent, ...]


@dataclass(frozen=True)
class SectionRecord:
    """A section of a schedule's text: its keys (none for the document's own), title, the title above it, its lines."""

    path: str
    line: int
    series: str
    keys: tuple[str, ...]
    title: str
    above: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ReviewRecord:
    """A change as a review server answered: `nth` its place in the answer, from 1, `line` where it begins; times as
    written.

    `owner` is the account's user name, `owner_name` the person's, `mbox` the SHA-1 of `mailto:` and the address.
    """

    nth: int
    line: int
    number: str
    change: str
    project: str
    branch: str
    topic: str
    subject: str
    status: str
    created: str
    updated: str
    submitted: str
    revision: str
    owner: str
    owner_name: str
    mbox: str
