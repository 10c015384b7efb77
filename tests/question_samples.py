"""The catalogue and a slice to ask it on: two short notes, specs, releases and commits, and parameters that fit them."""

from __future__ import annotations

from conftest import ROOT, TODAY

from graph import sparql
from graph.names import Names
from graph.queries import Catalogue
from graph.store import Reader
from graph.table import Table

GOLDEN = ROOT / "tests/cases/queries"
SLICE = "tests/cases/queries/slice"
CATALOGUE = Catalogue.load()
QUESTIONS = sorted(CATALOGUE.questions)
NESTED, ALTERNATE = "nested-resource-providers", "return-alternate-hosts"
TREE, RPC = "I4e50245a14bb669d409ab489cedea8ce84cf3edc", "Ibee7721cc3a9856f9c2bc252e68eb8b67e33ea3d"
Words = dict[str, str]


def either(name: str, *values: str) -> tuple[Words, Words]:
    """One parameter and two of its values."""
    return {name: values[0]}, {name: values[1]}


# Questions about a feature that notes name, and about one that specs and commits name.
NOTED = ("history", "people-of", "meetings-of", "said-of", "current-status", "links-of")
CODED = ("patches", "landed-in", "authors", "slips-of", "promises", "spec", "about")
OF_RELEASES = (
    *("release-plan", "dropped", "versions", "milestones-of", "release", "support", "release-after"),
    *("release-before", "bugs-in-release", "commits-in-release", "latest-version"),
)
# Parameters of the golden table, and others that must give another one.
WORDS: dict[str, tuple[Words, Words]] = {
    "slips": ({"from": "Queens", "to": "Rocky"}, {"from": "Rocky", "to": "Stein"}),
    "slips-from": either("from", "Queens", "Rocky"),
    "slips-into": either("to", "Rocky", "Queens"),
    "todos": either("today", TODAY, "2018-04-01"),
    "release-at": either("day", "2018-01-15", "2018-05-01"),
    "say": either("text", "NUMA", "Rocky"),
    "patch-mentions": either("patch", "521685", "531022"),
    "bug-mentions": either("bug", "1741125", "1785425"),
    "bug": either("bug", "1785425", "1741125"),
    "bug-fixes": either("bug", "1785425", "1741125"),
    "has-fix": (
        {"bug": "1785425", "version": "18.0.0.0rc1"},
        {"bug": "1785425", "version": "17.0.0.0rc1"},
    ),
    "has-patch": ({"patch": TREE, "version": "17.0.0.0rc1"}, {"patch": RPC, "version": "16.0.0.0b3"}),
    "has-feature": (
        {"feature": NESTED, "version": "17.0.0.0rc1"},
        {"feature": ALTERNATE, "version": "17.0.0.0rc1"},
    ),
    "reverts": either("patch", RPC, TREE),
    "reverts-of": either("feature", ALTERNATE, NESTED),
    "bugs-in-version": either("version", "17.0.11", "17.0.0.0b3"),
    **{name: either("feature", "Nested Resource Providers", "Alternate hosts") for name in NOTED},
    **{name: either("feature", NESTED, ALTERNATE) for name in CODED},
    **{name: either("release", "Queens", "Rocky") for name in OF_RELEASES},
    **{name: either("person", "efried", "jaypipes") for name in ("features-of", "attended", "person")},
    **{name: either("person", "efried", "cdent") for name in ("said-by", "tasks-of")},
    **{name: either("person", "Eric Fried", "Jay Pipes") for name in ("work-of", "specs-by")},
    **{name: either("patch", TREE, RPC) for name in ("patch", "backports")},
    **{name: either("version", "17.0.0.0b3", "17.0.0.0rc1") for name in ("version", "commits-in-version")},
}


def words_of(name: str) -> Words:
    """The parameters of a question's golden table."""
    return WORDS.get(name, ({}, {}))[0]


def answer(reader: Reader, name: str, words: Words) -> Table:
    """The rows of a question."""
    question, names = CATALOGUE.get(name), Names(reader)
    bound = {p.name: names.resolve(p.kind, words[p.name]) for p in question.params}
    return sparql.run(reader, question, bound)
