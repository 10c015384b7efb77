"""The words of a repository's commits: who wrote each, and which lines of its message are kept."""

from __future__ import annotations

import codecs
import functools
import hashlib
import re
import time as clock
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from graph.errors import Problem
from graph.gitrepo import GitRepo
from graph.profile_commits import CommitWays
from graph.readers.ancestry import Containment, Node, Walk
from graph.records import CommitRecord

SCANNED: Final = 100_000  # bytes of a commit
LINE: Final = 2_000  # characters of a kept line
SAMPLES: Final = 20  # problems of one kind that are told one by one
_LATEST: Final = 4_102_444_800  # the year 2100
_ADDRESS: Final = re.compile(r"<?\b[^\s<>@]+@[^\s<>@]+\b>?")
_AUTHOR: Final = re.compile(rb"^author ([^\n<]*)<?([^\n>]*)", re.MULTILINE)
_ENCODING: Final = re.compile(rb"^encoding ([^\n]+)", re.MULTILINE)


def nodes(repo: GitRepo, asked: bytes, *more: str) -> Iterator[Node]:
    """The history without its words, children first; `asked` are lines for rev-list, `more` further options."""
    words = ("rev-list", "--topo-order", "--parents", "--timestamp", *more, "--stdin")
    for row in repo.lines(*words, stdin=asked):
        time, sha, *parents = row.split(" ")
        yield Node(sha, _time(time), tuple(parents))


def _time(text: str) -> int | None:
    """Seconds since 1970; None for what no clock can have shown."""
    time = int(text) if text.removeprefix("-").isdecimal() else -1
    return time if 0 < time < _LATEST else None


@functools.cache
def _day(number: int) -> str:
    return clock.strftime("%Y-%m-%d", clock.gmtime(number * 86_400))


def day(time: int | None) -> str:
    """The day (UTC, ISO) of a time; empty where there is none."""
    return "" if time is None else _day(time // 86_400)


@functools.lru_cache(maxsize=10_000)
def mbox(address: str) -> str:
    """SHA-1 of `mailto:` and an address, as FOAF has it; empty where there is no address."""
    return hashlib.sha1(f"mailto:{address.lower()}".encode()).hexdigest() if "@" in address else ""  # noqa: S324


# --- commits ----------------------------------------------------------------------------------------------------


class _Oddities:
    """Problems of one kind: the first ones by themselves, the rest as a number."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.counts: Counter[tuple[str, str]] = Counter()
        self.found: list[Problem] = []

    def add(self, what: str, sha: str, hint: str) -> None:
        self.counts[what, hint] += 1
        if self.counts[what, hint] <= SAMPLES:
            self.found.append(Problem(self.source, 0, "odd", what, sha, hint))

    def told(self) -> Iterator[Problem]:
        yield from self.found
        for (what, hint), count in sorted(self.counts.items()):
            if count > SAMPLES:
                yield Problem(self.source, 0, "odd", f"{what}: {count - SAMPLES} more", hint=hint)


def commits(
    repo: GitRepo, shas: Iterable[str], done: Walk, contained: Containment, source: str
) -> Iterator[CommitRecord | Problem]:
    """Records of commits, in the order given, each with its fate; then what was odd about some."""
    ways = contained.profile.commits
    fates = [contained.fate(refs) for refs in done.sets]
    odd = _Oddities(source)
    for sha, size, data in repo.objects(shas, SCANNED):
        number, came = done.marks[sha]
        words = _words(sha, data, odd)
        if came is None:
            odd.add("a commit's date makes no sense: it was left out", sha, "its day is unknown")
        if size > SCANNED:
            hint = "trailers between them are not seen"
            odd.add(f"a commit is longer than {SCANNED:,} bytes: its start and end were read", sha, hint)
        title = words.message.partition("\n")[0]
        yield CommitRecord(
            sha,
            person(words.author),
            mbox(words.address),
            day(came),
            _masked(title.strip()),
            kept(words.message, ways),
            *fates[number],
        )
    yield from odd.told()


class _Words(NamedTuple):
    author: str
    address: str
    message: str


def _words(sha: str, data: bytes, odd: _Oddities) -> _Words:
    """A commit object's author and message, as text."""
    head, _, message = data.partition(b"\n\n")
    named = _ENCODING.search(head)
    text = _decoded(message, named[1].decode("ascii", "replace") if named else "", sha, odd)
    author = _AUTHOR.search(head)
    name, address = (author[1], author[2]) if author else (b"", b"")
    return _Words(_plain(name), _plain(address), text.lstrip("\n").replace("\0", ""))


def _plain(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _decoded(data: bytes, encoding: str, sha: str, odd: _Oddities) -> str:
    """A message in the encoding its commit names, else UTF-8, else Latin-1."""
    if encoding:
        try:
            return codecs.lookup(encoding).decode(data, "replace")[0]
        except (LookupError, ValueError, TypeError):
            odd.add(f"the encoding {encoding[:40]!r} is not known", sha, "it was read as UTF-8 or Latin-1")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if len(data) > SCANNED // 2 and error.end - error.start < 4:  # cut off inside a character
            return data.decode("utf-8", "ignore")
        odd.add("a message is not in UTF-8: it was read as Latin-1", sha, "nothing is lost")
        return data.decode("latin-1")


def person(name: str) -> str:
    """A name as it is kept: one space between words, no address in clear."""
    return _masked(" ".join(name.split()))


def kept(message: str, ways: CommitWays) -> tuple[tuple[int, str], ...]:
    """The lines of a message that trailers match, with their numbers."""
    wanted = ways.lines(message.encode())
    if not wanted:
        return ()
    lines = message.split("\n")
    return tuple((nth + 1, _masked(lines[nth])) for nth in sorted(wanted))


def _masked(line: str) -> str:
    """A line as it is kept: no addresses in clear, no great length."""
    line = line.rstrip()[:LINE]
    return _ADDRESS.sub(lambda m: f"<{mbox(m[0].strip('<>'))}>", line) if "@" in line else line
