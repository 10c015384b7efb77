"""Everything that can go wrong, in one tree.

    KgError                     exit 1   the place itself cannot be used
    ├── UsageFault              exit 2   the words of the call are off
    ├── UnknownName             exit 3   a question, or a name in it, that the graph does not know
    │   └── AmbiguousName       exit 3   a name that can be any of several
    ├── CheckFailed             exit 4   `kg check` found a fault
    ├── StoreBusy               exit 5   somebody else is building
    ├── StoreDamaged            exit 1   the store is not what its pointer says
    ├── QueryFault              exit 1   a query that cannot be loaded or run
    └── OutOfTime               exit 124 a query ran into its limit

What concerns one input only is no exception but a `Problem`: the reader yields it and goes on.
"""

from __future__ import annotations

from dataclasses import dataclass


class KgError(Exception):
    """A failure with its place and its next step; `exit_code` is the command's."""

    exit_code = 1

    def __init__(self, what: str, *, place: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" if self.place else self.what


class UsageFault(KgError):
    """The words of the call are off."""

    exit_code = 2


class UnknownName(KgError):
    """A question or a name that the graph does not know; `nearest` are suggestions, best first."""

    exit_code = 3

    def __init__(self, what: str, *, nearest: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.nearest = nearest


class AmbiguousName(UnknownName):
    """A name that can be any of several; `nearest` are these."""


class CheckFailed(KgError):
    """A check found a fault."""

    exit_code = 4


class StoreBusy(KgError):
    """Another process is writing the store."""

    exit_code = 5


class StoreDamaged(KgError):
    """The store is not what its pointer says it is."""


class QueryFault(KgError):
    """A query that cannot be loaded or run."""


class OutOfTime(KgError):
    """A query was stopped at its time limit."""

    exit_code = 124


@dataclass(frozen=True, order=True)
class Problem:
    """What was not understood in one input, kept and listed, never dropped.

    kind: `refused` (the whole source), `unread` (a line nothing was made of), `odd` (kept as written, but
    doubtful), `inferred` (a part was completed from its surroundings). line 0 is the source as a whole.
    """

    source: str
    line: int
    kind: str
    what: str
    quote: str = ""
    hint: str = ""
