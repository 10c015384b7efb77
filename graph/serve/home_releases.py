"""Which releases the sources of a graph speak of: the package knows a community's releases before anybody names one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from graph import profile
from graph.serve.ask_index import rows_of
from graph.serve.state import Generation
from graph.terms import keys_of

# Named in a source: a spec's folder, a report's sentence, a tag that ends a release, a list of releases. What follows
# from a date alone (the cycle that a meeting falls in) is the profile's word, and no source's.
_SPOKEN = """
SELECT DISTINCT ?release WHERE {
  { ?spec a kg:SpecRevision ; kg:forRelease ?release }
  UNION { ?report a kg:StatusReport ; kg:forRelease ?release }
  UNION { ?ending kg:endOf ?release }
  UNION { GRAPH ?graph { ?release a kg:Release } FILTER(!CONTAINS(STR(?graph), "/graph/profile%2F")) }
}
"""
_PROMISED = "SELECT DISTINCT ?release WHERE { ?spec a kg:SpecRevision ; kg:forRelease ?release }"
_PLANS = ("specs", "releases")  # readers whose days tell when a plan was edited, and not that anybody worked


@dataclass(frozen=True)
class Known:
    """Slugs of releases: those of communities that the sources speak of, those with specs; the last day of work."""

    told: frozenset[str]
    promised: frozenset[str]
    worked: str


def known_releases(now: Generation) -> Known:
    """What the sources of a build say of releases; asked once."""
    return now.kept("known releases", lambda: _known(now))


def _known(now: Generation) -> Known:
    spoken = {keys_of(str(iri))[0] for (iri,) in now.reader.select(_SPOKEN).rows}
    package = profile.load().name
    every = [named.iri for named in now.names.of("release")]
    told = (iri for iri in every if (home := keys_of(iri)[0]) in spoken or home != package)
    promised = (str(iri) for (iri,) in now.reader.select(_PROMISED).rows)
    days = [
        str(row["newest"] or "")[:10]
        for row in rows_of(now, "sources")
        if not str(row["reader"]).startswith(_PLANS)
    ]
    return Known(frozenset(map(slug_of, told)), frozenset(map(slug_of, promised)), max(days, default=""))


def slug_of(iri: str) -> str:
    """The slug that a release's address ends with."""
    return unquote(iri.rpartition("/")[2])
