"""The vocabulary as an ontology and the shapes a graph must have, both derived from the table in `terms`.

`ontology.ttl` and `shapes.ttl` beside this file are what these functions give; a test holds them together.
"""

from __future__ import annotations

from pathlib import Path

from graph import terms

# Class → (property, at least, at most, what it holds): `iri`, an XSD type, or the name of a class.
SHAPES: dict[str, tuple[tuple[str, int, int | None, str], ...]] = {
    "Source": (("kg:sha256", 1, 1, "string"), ("kg:reader", 1, 1, "string"), ("dcterms:source", 1, 1, "string")),
    "Meeting": (
        ("dcterms:date", 1, 1, "date"), ("kg:nth", 1, 1, "integer"), ("kg:line", 1, 1, "integer"),
        ("kg:fromSource", 1, 1, "iri"), ("kg:quote", 1, 1, "iri"), ("kg:summary", 0, 1, "string"),
    ),
    "Discussion": (
        ("kg:inMeeting", 1, 1, "Meeting"), ("kg:position", 1, 1, "integer"), ("kg:kind", 1, 1, "string"),
        ("kg:heading", 1, 1, "string"), ("kg:line", 1, 1, "integer"), ("kg:quote", 1, 1, "iri"),
    ),
    "StatusReport": (
        ("kg:status", 1, 1, "iri"), ("kg:inMeeting", 1, 1, "Meeting"), ("kg:quote", 1, 1, "iri"),
        ("kg:line", 1, 1, "integer"), ("kg:forRelease", 0, 1, "Release"), ("kg:fromSource", 1, 1, "iri"),
    ),
    "Decision": (("kg:assignee", 1, 1, "Person"), ("kg:quote", 1, 1, "iri"), ("kg:inMeeting", 1, 1, "Meeting")),
    "Mention": (("kg:kind", 1, 1, "string"), ("kg:key", 1, 1, "string"), ("kg:quote", 1, None, "iri")),
    "Milestone": (
        ("kg:milestoneOf", 1, 1, "Release"), ("dcterms:date", 1, 1, "date"), ("rdfs:label", 1, None, "string"),
    ),
    "Todo": (
        ("kg:todoId", 1, 1, "string"), ("kg:state", 1, 1, "string"), ("dcterms:description", 1, 1, "string"),
        ("kg:raisedIn", 1, 1, "iri"), ("kg:quote", 1, 1, "iri"),
    ),
    "Slip": (
        ("kg:feature", 1, 1, "iri"), ("kg:from", 1, 1, "Release"), ("kg:to", 1, 1, "Release"),
        ("kg:slipClass", 1, 1, "string"), ("prov:wasDerivedFrom", 1, None, "iri"),
    ),
    "SpecRevision": (
        ("kg:slug", 1, 1, "string"), ("kg:state", 1, 1, "string"), ("dcterms:isVersionOf", 1, 1, "Feature"),
        ("kg:forRelease", 0, 1, "iri"), ("kg:path", 1, 1, "string"), ("kg:line", 1, 1, "integer"),
        ("kg:fromSource", 1, 1, "iri"),
    ),
    "StateChange": (
        ("kg:of", 1, 1, "SpecRevision"), ("kg:state", 1, 1, "string"), ("kg:path", 1, 1, "string"),
        ("kg:sha", 1, 1, "string"), ("dcterms:date", 0, 1, "date"), ("kg:author", 0, 1, "Person"),
        ("kg:kind", 1, 1, "string"),
    ),
    "Edit": (
        ("kg:edits", 1, 1, "SpecRevision"), ("kg:path", 1, 1, "string"), ("kg:sha", 1, 1, "string"),
        ("dcterms:date", 0, 1, "date"), ("kg:author", 0, 1, "Person"),
    ),
    "Continuation": (
        ("kg:from", 1, 1, "SpecRevision"), ("kg:to", 1, 1, "SpecRevision"), ("kg:slipClass", 1, 1, "string"),
        ("kg:score", 1, 1, "decimal"), ("kg:reason", 1, None, "string"),
    ),
    "Release": (
        ("kg:slug", 1, 1, "string"), ("kg:ordinal", 1, 1, "integer"), ("rdfs:label", 1, None, "string"),
        ("kg:endOfLife", 0, 1, "date"), ("kg:nextPhaseStart", 0, 1, "date"),
    ),
    "Ending": (
        ("kg:key", 1, 1, "string"), ("kg:project", 1, 1, "string"), ("kg:endOf", 1, 1, "Release"),
        ("dcterms:date", 0, 1, "date"),
    ),
    "Version": (
        ("kg:key", 1, 1, "string"), ("kg:project", 1, 1, "string"), ("kg:stage", 1, 1, "string"),
        ("kg:versionOf", 0, 1, "Release"),
    ),
    "Patch": (("kg:key", 1, 1, "string"),),
    "Bug": (("kg:key", 1, 1, "string"),),
    "Link": (
        ("kg:kind", 1, 1, "string"), ("kg:state", 1, 1, "string"), ("kg:score", 1, 1, "decimal"),
        ("kg:reason", 1, 1, "string"), ("kg:of", 0, 1, "iri"), ("kg:target", 0, 1, "iri"),
    ),
    "Alias": (("kg:kind", 1, 1, "string"), ("kg:written", 1, 1, "string"), ("kg:fromSource", 1, 1, "iri")),
    "Person": (("foaf:nick", 0, None, "string"), ("foaf:name", 0, None, "string")),
    "Topic": (("kg:slug", 1, 1, "string"), ("skos:altLabel", 1, None, "string")),
    "Feature": (("kg:slug", 1, 1, "string"),),
    "Quote": (("oa:exact", 1, 1, "string"), ("kg:line", 1, 1, "integer"), ("kg:fromSource", 1, 1, "iri")),
    "Problem": (("kg:kind", 1, 1, "string"), ("dcterms:description", 1, 1, "string"), ("kg:line", 1, 1, "integer")),
    "Correction": (("kg:reason", 1, 1, "string"), ("kg:written", 1, 1, "string")),
    "Closing": (("kg:of", 1, 1, "string"), ("kg:closedBy", 1, 1, "string")),
}  # fmt: skip


def _prefixes() -> str:
    names = {**terms.PREFIXES, "sh": "http://www.w3.org/ns/shacl#"}
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(names.items())) + "\n"


def _quoted(text: str, lang: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@{lang}'


def ontology() -> str:
    """The ontology as Turtle: every class and property with its standard parents, labels in two languages."""
    out = [
        _prefixes(),
        f"<{terms.NS.rstrip('#')}> a owl:Ontology ; rdfs:label {_quoted('release-kg vocabulary', 'en')} .\n",
    ]
    out += [_term(term, "owl:Class", "rdfs:subClassOf") for term in terms.CLASSES]
    out += [_term(term, "rdf:Property", "rdfs:subPropertyOf") for term in terms.PROPERTIES]
    out.append("\nkg:statuses a skos:ConceptScheme .\n")
    for status, (en, zh) in terms.STATUSES.items():
        labels = f"{_quoted(en, 'en')} , {_quoted(zh, 'zh')}"
        out.append(
            f"kg:status-{status} a skos:Concept ; skos:inScheme kg:statuses ;\n"
            f'  skos:notation "{status}" ; skos:prefLabel {labels} .\n'
        )
    return "".join(out)


def _term(term: terms.Term, kind: str, below: str) -> str:
    parents = f" ; {below} {' , '.join(term.parents)}" if term.parents else ""
    labels = f"{_quoted(term.name, 'en')} , {_quoted(term.zh, 'zh')}"
    return (
        f"kg:{term.name} a {kind}{parents} ; rdfs:label {labels} ; rdfs:comment {_quoted(term.en, 'en')} .\n"
    )


def shapes() -> str:
    """The shapes as SHACL in Turtle."""
    return _prefixes() + "".join(_shape(name, rows) for name, rows in SHAPES.items())


def _shape(name: str, rows: tuple[tuple[str, int, int | None, str], ...]) -> str:
    out = [f"kg:{name}Shape a sh:NodeShape ; sh:targetClass kg:{name}"]
    out += [f" ;\n  sh:property [ {_property(*row)} ]" for row in rows]
    return "".join(out) + " .\n"


def _property(path: str, least: int, most: int | None, holds: str) -> str:
    parts = [f"sh:path {path}"]
    if least:
        parts.append(f"sh:minCount {least}")
    if most is not None:
        parts.append(f"sh:maxCount {most}")
    if holds == "iri":
        parts.append("sh:nodeKind sh:IRI")
    elif holds in terms.CLASS_NAMES:
        parts.append(f"sh:class kg:{holds}")
    else:
        parts.append(f"sh:datatype xsd:{holds}")
    return " ; ".join(parts)


def main() -> None:
    """Write `ontology.ttl` and `shapes.ttl` anew."""
    here = Path(__file__).parent
    (here / "ontology.ttl").write_text(ontology(), encoding="utf-8")
    (here / "shapes.ttl").write_text(shapes(), encoding="utf-8")


if __name__ == "__main__":
    main()
