"""The catalogue of questions: every `.rq` file that we ship, and those of the user, which win by name.

queries/                a question each; its stem is its name everywhere
└── rules/NN-name.rq    a CONSTRUCT each, run in the order of their names
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from graph.errors import KgError, QueryFault, UnknownName
from graph.sparql import QueryFile, load
from graph.tokens import check_local, check_syntax, check_terms, form, tokens

_RULE = re.compile(r"\d\d-[\w-]+")
_SLOT = re.compile(r"\{(\w+)\}")


def shipped() -> Path:
    """The directory of our own questions: in the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    places = (package / "_queries", package.parent / "queries")
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        raise KgError("the questions are missing", place=str(places[0]), hint="install the package again")
    return found


@dataclass(frozen=True)
class Catalogue:
    """All questions by name, and the directories they come from, ours first."""

    questions: Mapping[str, QueryFile] = field(default_factory=lambda: MappingProxyType({}))
    places: tuple[Path, ...] = ()

    @classmethod
    def load(cls, extra_dirs: Iterable[str | Path] = (), *, quick: bool = False) -> Catalogue:
        """Read every question. Raises QueryFault for a file that is refused, or a phrase claimed twice.

        With `quick` the SPARQL of our own questions is not checked again: the tests have done it, and a question that
        is run is checked by its run.
        """
        places = (shipped(), *(Path(place) for place in extra_dirs))
        paths = _files(places, "*.rq")
        questions = {
            name: load(path, checked=not quick or path.parent != places[0])
            for name, path in sorted(paths.items())
        }
        _check_phrases(questions.values())
        return cls(MappingProxyType(questions), places)

    @classmethod
    def without_questions(cls, extra_dirs: Iterable[str | Path] = ()) -> Catalogue:
        """The rules alone: what a build needs."""
        return cls(places=(shipped(), *(Path(place) for place in extra_dirs)))

    def names(self) -> list[str]:
        """The names, sorted."""
        return sorted(self.questions)

    def get(self, name: str) -> QueryFile:
        """The question of this name; UnknownName with the nearest names, best first, when there is none."""
        if name in self.questions:
            return self.questions[name]
        nearest = _nearest(name, self.names())
        hint = f"did you mean {nearest[0]}?" if nearest else "`kg queries` lists them"
        raise UnknownName(f"there is no question named {name!r}", nearest=nearest, hint=hint)

    def rules(self) -> list[tuple[str, str]]:
        """Names and texts of the rules, in the order they run. Raises QueryFault for one that is refused."""
        return [(name, _rule(path)) for name, path in sorted(_files(self.places, "rules/*.rq").items())]


def _files(places: Iterable[Path], pattern: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for place in places:
        if not place.is_dir():
            raise QueryFault("no such directory", place=str(place), hint="give a directory of .rq files")
        found |= {path.stem: path for path in sorted(place.glob(pattern))}
    return found


def _nearest(name: str, names: list[str]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - needed for a misspelt name only

    found = process.extract(name.lower(), names, scorer=fuzz.WRatio, limit=3, score_cutoff=60)
    return tuple(str(match) for match, _, _ in found)


def folded(query: QueryFile, phrase: str) -> str:
    """What a phrase is once case, spaces, its question mark and the names of its slots are set aside."""
    kinds = {param.name: param.kind for param in query.params}
    plain = " ".join(phrase.casefold().split()).rstrip(" ?？.。!！")
    return _SLOT.sub(lambda slot: f"{{{kinds.get(slot[1], slot[1])}}}", plain)


def _check_phrases(questions: Iterable[QueryFile]) -> None:
    claimed: dict[str, tuple[QueryFile, str]] = {}
    for query in questions:
        for phrase in (phrase for phrases in query.phrases.values() for phrase in phrases):
            other, words = claimed.setdefault(folded(query, phrase), (query, phrase))
            if other is not query:
                what = f"{phrase!r} is claimed by {_place(other, words)} too"
                raise QueryFault(what, place=_place(query, phrase), hint="say one of the two differently")


def _place(query: QueryFile, phrase: str) -> str:
    rows = query.text.split("\n")
    line = next(
        (n for n, row in enumerate(rows, 1) if row.startswith("#") and row.rstrip().endswith(phrase)), 1
    )
    return f"{query.path}:{line}"


def _rule(path: Path) -> str:
    place = str(path)
    if not _RULE.fullmatch(path.stem):
        raise QueryFault("a rule is named NN-name.rq", place=f"{place}:1", hint="its number is its turn")
    text = path.read_text("utf-8")
    found = tokens(text)
    first = form(found)
    if not first.says("CONSTRUCT"):
        hint = "a rule is one CONSTRUCT; a question belongs in queries/"
        raise QueryFault(
            f"{first.text or 'nothing'} is no CONSTRUCT", place=f"{place}:{first.line}", hint=hint
        )
    check_local(found, place)
    check_syntax(text, place)
    check_terms(found, place)
    return text
