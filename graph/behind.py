"""The kinds of statement that stand behind a thing: how their nodes are found, and what each says in words.

First the nodes are asked for, then each of their facts by itself: a query that joins all facts, some of which may be
missing, is looked for in the whole graph and takes seconds there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from graph.store import Reader
from graph.table import Cell

COLUMNS = ("date", "statement", "says", "quote", "source", "line", "corrected")
Row = tuple[Cell, ...]
Facts = dict[str, str]

_PLACE = "kg:fromSource/dcterms:source"
_LANDED = {"version": "kg:landedIn/kg:key", "release": "kg:landedIn/kg:versionOf/kg:slug"}
# Facts by name: the path from a node to their value.
_SPOKEN = {
    "class": "a", "date": "dcterms:date", "quote": "kg:quote/oa:exact", "line": "kg:line", "source": _PLACE,
    "status": "kg:status/skos:notation", "part": "kg:part", "release": "kg:forRelease/kg:slug", "key": "kg:key",
    "heading": "kg:heading", "text": "dcterms:description", "reason": "kg:correctedBy/kg:reason",
    "before": "kg:correctedBy/kg:written",
}  # fmt: skip
_SPEC = {
    "state": "kg:state", "release": "kg:forRelease/kg:slug", "path": "kg:path", "line": "kg:line",
    "quote": "dcterms:title", "source": _PLACE,
}  # fmt: skip
_CHANGE = {
    "state": "kg:state", "date": "dcterms:date", "sha": "kg:sha", "quote": "dcterms:title", "path": "kg:path",
    "words": "kg:written", "source": _PLACE,
}  # fmt: skip
_CONTINUATION = {
    "kind": "kg:slipClass", "quote": "kg:reason", "was": "kg:from/kg:slug", "first": "kg:from/kg:forRelease/kg:slug",
    "is": "kg:to/kg:slug", "last": "kg:to/kg:forRelease/kg:slug", "source": f"kg:to/{_PLACE}", "path": "kg:to/kg:path",
    "line": "kg:to/kg:line",
}  # fmt: skip
_COMMIT = {
    "sha": "kg:key", "date": "kg:merged", "branch": "kg:onBranch", "quote": "dcterms:title", "source": _PLACE,
    **_LANDED,
}  # fmt: skip
_REFERENCE = {
    "strength": "kg:strength", "quote": "kg:written", "line": "kg:line", "source": _PLACE, "sha": "kg:inCommit/kg:key",
    "date": "kg:inCommit/kg:merged", "change": "kg:inCommit/kg:commitOf/kg:key",
    **{name: f"kg:inCommit/{path}" for name, path in _LANDED.items()},
}  # fmt: skip
_VERSION = {
    "key": "kg:key",
    "project": "kg:project",
    "quote": "kg:stage",
    "date": "dcterms:date",
    "source": _PLACE,
}
_LINK = {
    "name": "kg:of",
    "target": "kg:target",
    "score": "kg:score",
    "quote": "kg:reason",
    "state": "kg:state",
}
_SLIP = {
    "kind": "kg:slipClass", "first": "kg:from/kg:slug", "last": "kg:to/kg:slug", "outcome": "kg:outcome",
    "quote": "kg:disagreement",
}  # fmt: skip


def _spoken(facts: Facts) -> Facts | None:
    kind = facts.get("class", "").rpartition("#")[2]
    if "line" not in facts or kind in ("Reference", "SpecRevision", "Commit", ""):
        return None
    said = next((facts[name] for name in ("status", "heading", "text", "key") if facts.get(name)), "")
    said += f" · {facts['part']}" if "part" in facts else ""
    said += f" → {facts['release']}" if "release" in facts else ""
    corrected = f"{facts['reason']} (read as {facts.get('before', '')})" if "reason" in facts else ""
    return {**facts, "statement": kind, "says": said, "corrected": corrected}


def _landed(facts: Facts) -> str:
    version = f" · {facts['version']}" if "version" in facts else ""
    return version + (f" → {facts['release']}" if "release" in facts else "")


def _at_commit(facts: Facts) -> str:
    return f"{facts.get('source', '')}:{facts.get('sha', '')[:12]}"


def _at_path(facts: Facts) -> str:
    return f"{facts.get('source', '')}:{facts.get('path', '')}"


def _spec(facts: Facts) -> Facts:
    return {**facts, "says": f"{facts['state']} → {facts.get('release', '')}", "source": _at_path(facts)}


def _change(facts: Facts) -> Facts:
    path = f" · {facts['path']}" if "path" in facts else ""
    quote = " · ".join(filter(None, (facts.get("quote", ""), facts.get("words", ""))))
    return {**facts, "says": facts["state"] + path, "quote": quote, "source": _at_commit(facts)}


def _continuation(facts: Facts) -> Facts:
    says = f"{facts['kind']} · {facts['was']} ({facts.get('first', '')}) → {facts['is']} ({facts.get('last', '')})"
    return {**facts, "says": says, "source": _at_path(facts)}


def _commit(facts: Facts) -> Facts:
    return {**facts, "says": facts.get("branch", "") + _landed(facts), "source": _at_commit(facts)}


def _reference(facts: Facts) -> Facts:
    says = f"{facts['strength']} · {facts.get('change', '')}{_landed(facts)}"
    return {**facts, "says": says, "source": _at_commit(facts)}


def _version(facts: Facts) -> Facts:
    return {**facts, "says": f"{facts.get('project', '')} {facts['key']}".strip()}


def _link(facts: Facts) -> Facts:
    """Keys are shown as people write them."""
    name, target = (unquote(facts.get(end, "").rpartition("/")[2]) for end in ("name", "target"))
    below = "" if facts["state"] == "linked" else " (not linked)"
    return {**facts, "says": f"{name} = {target} · {facts['score']}{below}"}


def _slip(facts: Facts) -> Facts:
    there = f" · {facts['outcome']} there" if "outcome" in facts else ""
    return {**facts, "says": f"{facts['kind']} · {facts['first']} → {facts['last']}{there}"}


class _Kind(NamedTuple):
    """A kind of statement: the query of its nodes, the paths to their facts, and their words."""

    name: str
    nodes: str
    facts: dict[str, str]
    words: Callable[[Facts], Facts | None]


_KINDS = (
    _Kind("", "{ ?node ?link ?thing . FILTER(?link IN (kg:about, kg:mentions, kg:byPerson, kg:assignee, kg:onPatch,"
              " kg:onBug, kg:forRelease, kg:milestoneOf)) }"
              " UNION { ?topic kg:resolvesTo ?thing . ?node kg:about ?topic }"
              " UNION { ?nick kg:resolvesTo ?thing . ?node ?link ?nick ."
              " FILTER(?link IN (kg:mentions, kg:byPerson, kg:assignee)) }"
              " UNION { ?slip kg:feature ?thing ; prov:wasDerivedFrom ?node . ?node kg:status ?any }",
          _SPOKEN, _spoken),
    _Kind("Spec", "{ ?node dcterms:isVersionOf ?thing } UNION { ?node a kg:SpecRevision ; kg:forRelease ?thing }",
          _SPEC, _spec),
    _Kind("StateChange", "?spec dcterms:isVersionOf ?thing . ?node kg:of ?spec", _CHANGE, _change),
    _Kind("Continuation", "?spec dcterms:isVersionOf ?thing . { ?node kg:from ?spec } UNION { ?node kg:to ?spec }",
          _CONTINUATION, _continuation),
    _Kind("Commit", "?node a kg:Reference ; kg:about ?thing", _REFERENCE, _reference),
    _Kind("Commit", "{ SELECT DISTINCT ?commit ?thing WHERE { { ?commit kg:author ?thing } UNION { ?commit kg:coAuthor"
                    " ?thing } } } ?node kg:inCommit ?commit ; kg:kind \"feature\"", _REFERENCE, _reference),
    _Kind("Commit", "{ ?node kg:commitOf ?thing } UNION { ?thing kg:samePatch ?patch . ?node kg:commitOf ?patch }"
                    " UNION { ?thing kg:resolvesTo ?patch . ?node kg:commitOf ?patch }", _COMMIT, _commit),
    _Kind("Version", "{ ?node kg:versionOf ?thing } UNION { ?thing kg:stage ?any . BIND(?thing AS ?node) }",
          _VERSION, _version),
    _Kind("Link", "{ ?node kg:target ?thing } UNION { ?node a kg:Link ; kg:of ?thing }", _LINK, _link),
    _Kind("Slip", "{ ?node kg:feature ?thing } UNION { ?node kg:about ?thing ; kg:slipClass ?any }", _SLIP, _slip),
)  # fmt: skip


def rows(reader: Reader, thing: str) -> list[Row]:
    """All statements behind a thing (its IRI), by day and place, in COLUMNS."""
    found = dict.fromkeys(row for kind in _KINDS for row in _of(reader, kind, thing))
    return sorted(found, key=_order)


def _of(reader: Reader, kind: _Kind, thing: str) -> list[Row]:
    table = reader.select(f"SELECT DISTINCT ?node ?thing WHERE {{ {kind.nodes} }}", {"thing": ("iri", thing)})
    known = _facts(reader, [str(row[0]) for row in table.rows], kind.facts)
    out = []
    for each in known:
        said = kind.words(each)
        if said is not None:
            out.append(_row({"statement": kind.name, **said}))
    return out


def _facts(reader: Reader, nodes: list[str], paths: dict[str, str]) -> list[Facts]:
    """One set of facts for each node, and one more for each further value of its quote (a reason, a trailer)."""
    values = " ".join(f"<{node}>" for node in nodes)  # IRIs of the graph itself
    known: dict[str, dict[str, list[str]]] = {node: {} for node in nodes}
    for name, path in paths.items() if nodes else ():
        text = f"SELECT DISTINCT ?node ?value WHERE {{ VALUES ?node {{ {values} }} ?node {path} ?value }}"
        for node, value in reader.select(text).rows:
            if name != "class" or str(value).startswith("https://w3id.org/release-kg/"):
                known[str(node)].setdefault(name, []).append(str(value))
    return [facts for found in known.values() for facts in _each(found)]


def _each(found: dict[str, list[str]]) -> list[Facts]:
    one = {name: min(values) for name, values in found.items()}
    many = next((name for name in ("words", "quote") if len(found.get(name, ())) > 1), "")
    return [{**one, many: value} for value in sorted(found[many])] if many else [one]


def _row(facts: Facts) -> Row:
    line = int(facts["line"]) if facts.get("line") else None
    return tuple(line if name == "line" else facts.get(name) or None for name in COLUMNS)


def _order(row: Row) -> tuple[str, ...]:
    """By day, then place; a line counts as a number."""
    date, statement, says, quote, source, line = row[:6]
    return (*(str(c or "") for c in (date, source)), f"{line or 0:>9}", str(statement), str(says), str(quote))
