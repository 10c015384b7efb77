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
