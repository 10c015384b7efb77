"""A repository of specs: a folder a release, in it one folder for what was approved and one for what was done.

    specs/queens/approved/local-disk-serial-numbers.rst
    specs/queens/implemented/flavor-description.rst
    specs/queens/redirects          approved/flavor-description.rst ../implemented/flavor-description.rst
    specs/backlog/approved/…        wanted, of no release
    specs/abandoned/…

The shapes are the profile's. Of a git repository the commit HEAD leads to is read, never the work tree, and its
history says when each spec came into its place, from where, and with what words. A plain folder has no history,
and that is said.
"""

from __future__ import annotations

import contextlib
import hashlib
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graph import gitrepo
from graph.errors import KgError, Problem
from graph.gitrepo import GitRepo
from graph.profile import Profile, load
from graph.profile_specs import Spot
from graph.readers import spec_text
from graph.readers.spec_history import Trace, steps
from graph.records import SourceRecord, SpecChange, SpecRecord

NAME = "specs"
VERSION = 1
SKETCH = 96  # hashes kept of a spec
COMMON = 4  # a line that more specs than this have tells nothing of one of them
_STATES = {"implemented": 2, "approved": 1}
_FILE = re.compile(rb"100\d\d\d blob [0-9a-f]+\t")
_MOST_FILES = 50_000
_MOST_BYTES = 2_000_000
SpotOf = Callable[[str], Spot | None]
Wanted = Callable[[str], bool]


def sniff(path: Path, profile: Profile | None = None) -> bool:
    """Whether a folder, or a repository's HEAD, holds specs at the places a profile names."""
    ways = (profile or load()).specs
    try:
        if gitrepo.is_repository(path):
            with GitRepo(path) as repo:
                _, head = repo.head(repo.refs())
                return bool(head) and any(ways.spot(name) for name in _files(repo, head))
        return path.is_dir() and any(ways.spot(name) for name in _names_below(path, 5_000))
    except (KgError, OSError, ValueError):  # a name that is no UTF-8
        return False


def _files(repo: GitRepo, head: str) -> list[str]:
    """Paths of the plain files of a commit; links are none."""
    rows = repo.git("ls-tree", "-r", "-z", head).split(b"\0")
    plain = [row.partition(b"\t")[2] for row in rows if _FILE.match(row)]
    return [name.decode("utf-8", "replace") for name in plain[:_MOST_FILES]]


def _names_below(folder: Path, most: int) -> Iterator[str]:
    """Paths of plain files below a folder, in no order; hidden ones and links are left out."""
    waiting = [folder]
    while waiting and most:
        for path in waiting.pop().iterdir():
            if path.name.startswith(".") or path.is_symlink():
                continue
            if path.is_dir():
                waiting.append(path)
            elif most:
                most -= 1
                yield path.relative_to(folder).as_posix()


@dataclass
class _Tree:
    """Every file of the last state, by path, and what makes it this one."""

    files: dict[str, bytes]
    unread: list[str]
    mark: str
    about: tuple[tuple[str, str], ...] = ()


def _git_tree(repo: GitRepo, head: str, wanted: Wanted, about: tuple[tuple[str, str], ...]) -> _Tree:
    names = [name for name in _files(repo, head) if wanted(name)]
    found = dict(repo.blobs([f"{head}:{name}" for name in names], _MOST_BYTES))
    data = {name: found[f"{head}:{name}"] for name in names}
    files = {name: text for name, text in data.items() if text is not None}
    unread = [name for name in names if name not in files]
    return _Tree(files, unread, hashlib.sha256(head.encode()).hexdigest(), about)


def _folder_tree(folder: Path, wanted: Wanted) -> _Tree:
    names = sorted(name for name in _names_below(folder, _MOST_FILES) if wanted(name))
    files: dict[str, bytes] = {}
    for name in names:
        with contextlib.suppress(OSError, UnicodeEncodeError):
            name.encode()
            if (folder / name).stat().st_size <= _MOST_BYTES:
                files[name] = (folder / name).read_bytes()
    unread = [name.encode("utf-8", "replace").decode() for name in names if name not in files]
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return _Tree(files, unread, digest.hexdigest())


def read(path: Path, source: str, profile: Profile) -> Iterator[SourceRecord | SpecRecord | Problem]:
    """The source, then every spec in its last state, with problems between.

    Raises KgError where the place cannot be used, or holds no spec.
    """
    if gitrepo.is_repository(path):
        with GitRepo(path) as repo:
            yield from _Reading(source, profile).of_repository(repo)
    else:
        yield from _Reading(source, profile).of_folder(path)


class _Reading:
    """One reading of one source."""

    def __init__(self, source: str, profile: Profile) -> None:
        self.source = source
        self.profile = profile
        self.ways = profile.specs
        self.problems: list[Problem] = []

    def of_repository(self, repo: GitRepo) -> Iterator[SourceRecord | SpecRecord | Problem]:
        """What HEAD holds, and how it came about."""
        branch, head = repo.head(repo.refs())
        if not head:
            raise KgError("a repository without a commit", place=self.source, hint="clone it again")
        if repo.shallow or repo.partial:
            what = "the clone is not whole: when specs came into their places is not known for all of them"
            self._odd(what, hint="clone it without --depth and --filter")
        tree = _git_tree(repo, head, self._wanted, (("branch", branch), ("head", head)))
        found = self._spots(tree)
        yield from self._records(tree, found, self._history(repo, head, found))

    def _history(self, repo: GitRepo, head: str, spots: Iterable[str]) -> Trace:
        """What brought each spec where it is; what can be told of it when the history is damaged."""
        trace = Trace(spots, self.ways)
        try:
            for step in steps(repo, head, self.ways, self.profile.commits.authors):
                trace.follow(step)
        except KgError as error:
            self._odd(f"when specs came into their places is not known: {error.what}", hint=error.hint)
        return trace

    def of_folder(self, path: Path) -> Iterator[SourceRecord | SpecRecord | Problem]:
        """What a plain folder holds."""
        tree = _folder_tree(path, self._wanted)
        self._odd(
            "a folder without git: when specs came into their places is not known", hint="give the repository"
        )
        yield from self._records(tree, self._spots(tree), Trace((), self.ways))

    def _odd(self, what: str, quote: str = "", line: int = 0, hint: str = "", kind: str = "odd") -> None:
        self.problems.append(Problem(self.source, line, kind, what, quote, hint))

    def _wanted(self, name: str) -> bool:
        """Specs, redirects, and templates: a template's lines tell nothing of a spec."""
        stem = name.rpartition("/")[2].rpartition(".")[0]
        regex = self.ways.regex
        beside = regex("redirects").fullmatch(name) or regex("skip").fullmatch(stem)
        return bool(self.ways.spot(name) or beside)

    # --- which specs there are ------------------------------------------------------------------------------

    def _spots(self, tree: _Tree) -> dict[str, Spot]:
        """Path → place of every spec; of two with one name in one release the later state."""
        if not any(self.ways.spot(name) for name in tree.files):
            what, hint = "no specs at the places that the profile names", "is it a repository of specs?"
            raise KgError(what, place=self.source, hint=hint)
        for name in tree.unread:
            self._odd(f"{name} cannot be read, or is larger than {_MOST_BYTES} bytes", kind="unread")
        by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        spots = {name: spot for name in sorted(tree.files) if (spot := self.ways.spot(name))}
        for name, spot in spots.items():
            by_name[spot.release or spot.state, spot.slug].append(name)
        for names in by_name.values():
            for loser in self._losers(names, spots):
                del spots[loser]
        self._unknown_releases(spots.values())
        return spots

    def _losers(self, names: list[str], spots: dict[str, Spot]) -> list[str]:
        *losers, best = sorted(names, key=lambda name: (_STATES.get(spots[name].state, 0), name))
        if losers:
            what = f"two specs of one name: {best} counts, not {', '.join(losers)}"
            self._odd(what, hint="take one away, or give it another name")
        return losers

    def _unknown_releases(self, spots: Iterable[Spot]) -> None:
        for release in sorted({spot.release for spot in spots if spot.release}):
            if release.lower() not in self.profile.release_names:
                what = f"{release} is no release that the community's profile knows"
                self._odd(what, hint="add it to the profile; until then it has no place in the order")

    # --- records --------------------------------------------------------------------------------------------

    def _records(
        self, tree: _Tree, spots: dict[str, Spot], trace: Trace
    ) -> Iterator[SourceRecord | SpecRecord | Problem]:
        name = project(self.source, self.profile)
        about = (*tree.about, ("specs", str(len(spots))))
        yield SourceRecord(NAME, self.source, tree.mark, name, about)
        texts = {path: self._text(path, tree.files[path]) for path in spots}
        common = _common_lines(tree, texts, spots, self.ways.spot)
        aliases = self._aliases(tree)
        yield from sorted(self.problems)
        for path, spot in spots.items():
            text, history = texts[path], trace.changes.get(path, [])[::-1]
            rare = sorted(text.hashes - common)
            also = {*aliases.get(path, ()), *_earlier_names(history, self.ways.spot)} - {spot.slug}
            yield SpecRecord(
                path, spot.slug, spot.release, spot.state, text.title or spot.slug, max(text.line, 1),
                tuple(sorted(also)), text.blueprints, text.history, text.said, tuple(history),
                len(rare), tuple(rare[:SKETCH]), tuple(trace.edits.get(path, [])[::-1]),
            )  # fmt: skip

    def _text(self, path: str, data: bytes) -> spec_text.SpecText:
        text = spec_text.read(data.decode("utf-8", "replace").replace("\r\n", "\n"), self.ways)
        if not text.title:
            self._odd(f"{path} has no title", line=1, hint="underline its first heading")
        return text

    def _aliases(self, tree: _Tree) -> dict[str, set[str]]:
        """Path of a spec → names that redirects lead to it from."""
        moves: dict[str, tuple[str, str, int]] = {}
        for name in sorted(tree.files):
            if self.ways.regex("redirects").fullmatch(name):
                moves |= {old: (new, name, line) for old, new, line in _redirects(name, tree)}
        found: dict[str, set[str]] = defaultdict(set)
        for old, (new, name, line) in moves.items():
            end, seen = new, {old}
            while end in moves and end not in seen:
                seen.add(end)
                end = moves[end][0]
            if spot := self.ways.spot(old):
                found[end].add(spot.slug)
            if end not in tree.files and "://" not in end:
                self._odd(f"{name} leads from {old} to {end}, which is not there", line=line)
        return found


def _earlier_names(changes: list[SpecChange], spot: SpotOf) -> set[str]:
    """Names a spec had before: where it was moved, not copied, from."""
    moved = (change.before for change in changes if change.path and change.similar)
    return {found.slug for path in moved if (found := spot(path))}


def _redirects(name: str, tree: _Tree) -> Iterator[tuple[str, str, int]]:
    """Old path, new path or address, and line of each row of a redirects file."""
    folder = posixpath.dirname(name)
    text = tree.files[name].decode("utf-8", "replace")
    for number, row in enumerate(text.split("\n"), 1):
        words = row.split()
        if len(words) != 2 or row.startswith("#"):
            continue
        old = posixpath.normpath(posixpath.join(folder, words[0]))
        if "://" in words[1]:
            yield old, words[1], number
            continue
        bases = (posixpath.dirname(old), folder)
        ends = [posixpath.normpath(posixpath.join(base, words[1])) for base in bases]
        yield old, next((end for end in ends if end in tree.files), ends[0]), number


def _common_lines(
    tree: _Tree, texts: dict[str, spec_text.SpecText], spots: dict[str, Spot], spot: SpotOf
) -> frozenset[int]:
    """Hashes of lines that a template has, or specs of many names."""
    names: dict[str, set[int]] = defaultdict(set)
    for path, text in texts.items():
        names[spots[path].slug] |= text.hashes
    counts = Counter(line for lines in names.values() for line in lines)
    others = (data for path, data in tree.files.items() if not spot(path))
    plain = (spec_text.hashes(data.decode("utf-8", "replace").split("\n")) for data in others)
    return frozenset({line for line, count in counts.items() if count > COMMON}.union(*plain))


def project(source: str, profile: Profile) -> str:
    """The project a source of specs belongs to, by its name; the community's own where that tells nothing."""
    name = source.rstrip("/").rpartition("/")[2].removesuffix(".git")
    plain = name.removesuffix(profile.specs.suffix) if profile.specs.suffix else name
    return plain if plain in profile.projects else profile.project
