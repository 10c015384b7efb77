"""What the endpoint says of itself: a SPARQL 1.1 Service Description, in Turtle."""

from __future__ import annotations

from collections.abc import Iterable

from graph.quads import node
from graph.terms import PREFIXES

SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "RDF_XML",
    "JSON-LD", "N-Triples",
)  # fmt: skip


def service(endpoint: str, graphs: Iterable[str], statements: int) -> str:
    """A service at an address, over these graphs with so many statements in all."""
    lines = [
        f"@prefix sd: <{SD}> .",
        f"@prefix void: <{PREFIXES['void']}> .",
        "",
        f"{node(endpoint)} a sd:Service ;",
        f"  sd:endpoint {node(endpoint)} ;",
        "  sd:supportedLanguage sd:SPARQL11Query ;",
        "  sd:feature sd:UnionDefaultGraph ;",
        *(f"  sd:resultFormat <{_FORMATS}{name}> ;" for name in _RESULTS),
        "  sd:defaultDataset [ a sd:Dataset ;",
        *(f"    sd:namedGraph [ a sd:NamedGraph ; sd:name {node(iri)} ] ;" for iri in sorted(graphs)),
        f"    sd:defaultGraph [ a sd:Graph ; void:triples {statements} ]",
        "  ] .",
    ]
    return "\n".join(lines) + "\n"
