"""What a folder brings for the notes in it: the ways of its community, words, corrections.

    notes/
    ├── community.toml      see `profile`
    ├── lexicon*.toml       see `lexicon`
    ├── corrections.toml    see `corrections`
    └── 2018/01.md          read with all three

The nearest folder above a file that brings any of them wins, up to the file's repository.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from graph import __version__, corrections, lexicon, profile
from graph.errors import KgError, Problem

if TYPE_CHECKING:
    from graph.extract.notes import NoteExtractor

FILES = (profile.PROFILE_NAME, corrections.FILE)
T = TypeVar("T")
_EXTRACTORS: dict[str, NoteExtractor] = {}


@dataclass(frozen=True)
class Settings:
    """Profile, words, corrections; digests of profile and words, and of all that decides how a note is read."""

    profile: profile.Profile
    lexicon: lexicon.Lexicon | None  # None: ours, which is read with the first note
    corrections: tuple[corrections.Correction, ...]
    spoken: str
    digest: str

    @property
    def extractor(self) -> NoteExtractor:
        """Made when the first note is read, and kept: it compiles every word, and a build often reads none."""
        if self.spoken not in _EXTRACTORS:
            from graph.extract.notes import NoteExtractor  # noqa: PLC0415

            _EXTRACTORS[self.spoken] = NoteExtractor(self.lexicon or lexicon.load(), self.profile)
        return _EXTRACTORS[self.spoken]


def is_setting(path: str) -> bool:
    """Whether a file is settings and no source."""
    name = Path(path).name
    return name in FILES or (name.startswith("lexicon") and name.endswith(".toml"))


class Folders:
    """The settings of a build, each folder read once."""

    def __init__(self) -> None:
        self._loaded: dict[Path | None, Settings | KgError] = {}
        self._files: dict[Path, list[Path]] = {}
        self.problems: list[Problem] = []

    def of(self, path: str, *, folder: bool = False) -> Settings | KgError:
        """Settings of a file, or of a folder read as one, or why they cannot be used."""
        return self._of(self._folder(f"{path}/_" if folder else path))

    def _of(self, folder: Path | None) -> Settings | KgError:
        if folder not in self._loaded:
            self._loaded[folder] = self._load(folder)
        return self._loaded[folder]

    def _folder(self, path: str) -> Path | None:
        """Only the file's own path counts, so that a file alone is read as it is with its whole folder."""
        for folder in Path(path).parents:
            if self._settings(folder):
                return folder
            if (folder / ".git").exists():
                break
        return None

    def _settings(self, folder: Path) -> list[Path]:
        if folder not in self._files:
            self._files[folder] = [path for path in sorted(folder.glob("*.toml")) if is_setting(path.name)]
        return self._files[folder]

    def _load(self, folder: Path | None) -> Settings | KgError:
        try:
            settings = _load(folder, self._settings(folder) if folder else [])
        except KgError as error:
            return error
        except (OSError, UnicodeDecodeError) as error:
            return KgError(str(error), place=str(folder), hint="save the file as UTF-8")
        if folder:
            self.problems += _astray(folder, settings)
        return settings


def _load(folder: Path | None, files: list[Path]) -> Settings:
    rows: tuple[corrections.Correction, ...] = ()
    for path in files:
        if path.name == corrections.FILE:
            rows = corrections.parse(path.read_text(encoding="utf-8"), str(path))
    shape = _shaped(profile.load, folder, profile.PROFILE_NAME)
    own = any(path.name not in FILES for path in files)
    words = _shaped(lexicon.load, folder, "lexicon*.toml") if own else None
    spoken = _digest([path for path in files if path.name != corrections.FILE])
    return Settings(shape, words, rows, spoken, _digest(files))


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256(_code_digest().encode())
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _shaped(load: Callable[[Path | None], T], folder: Path | None, name: str) -> T:
    """What a loader gives; a stranger's TOML can hold a number where a table is looked for."""
    try:
        return load(folder)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        place = (folder or Path()) / name
        hint = "see the head of the shipped file of this kind"
        raise KgError(f"it is not of the shape that is read: {error}", place=str(place), hint=hint) from error


def _astray(folder: Path, settings: Settings) -> Iterator[Problem]:
    """Corrections of a note that does not stand in their folder or below it."""
    place = (folder / corrections.FILE).as_posix()
    for row in settings.corrections:
        if not any(folder.rglob(Path(row.source).name)):
            what = f"correction {row.nth} is of {row.source}, which is not here"
            yield Problem(
                place, 0, "odd", what, f"{row.fact}: {row.reason}", "is the name of the file right?"
            )


@functools.cache
def _code_digest() -> str:
    """Hash of what decides how a source is read beside its bytes: our version, words and shapes."""
    root = Path(__file__).parent
    rooms = [path for room in ("extract", "readers") for path in (root / room).glob("*.py")]
    alone = [path for shape in ("*quads.py", "profile*.py", "git*.py") for path in root.glob(shape)]
    digest = hashlib.sha256(__version__.encode())
    for path in sorted({*root.rglob("*.toml"), *rooms, *alone, root / "corrections.py", root / "terms.py"}):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@functools.cache
def link_digest() -> str:
    """Hash of what decides how names are linked."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "link").iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
