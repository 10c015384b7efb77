"""What the editor can complete: prefixes, classes and properties with their meaning, keywords; and names of things."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from starlette.requests import Request
from starlette.responses import Response

from graph.errors import UsageFault
from graph.ontology import SHAPES
from graph.serve.languages import language
from graph.serve.layout import as_json
from graph.serve.state import Generation
from graph.sparql import QueryFile
from graph.terms import CLASS_NAMES, CLASSES, PREFIXES, PROPERTIES, STATUSES, Term
from graph.tokens import tokens

NAMES = 12  # names offered at once
KEYWORDS = (
    "SELECT", "DISTINCT", "WHERE", "OPTIONAL", "UNION", "FILTER", "BIND", "VALUES", "GROUP BY", "ORDER BY", "LIMIT",
    "OFFSET", "HAVING", "ASC", "DESC", "AS", "IN", "NOT IN", "EXISTS", "NOT EXISTS", "MINUS", "GRAPH", "CONSTRUCT",
    "DESCRIBE", "ASK", "PREFIX", "FROM", "FROM NAMED", "UNDEF", "REDUCED", "COUNT", "SUM", "MIN", "MAX", "AVG",
    "SAMPLE", "GROUP_CONCAT", "SEPARATOR", "STR", "LANG", "LANGMATCHES", "DATATYPE", "BOUND", "IRI", "COALESCE", "IF",
    "STRLEN", "SUBSTR", "UCASE", "LCASE", "STRSTARTS", "STRENDS", "CONTAINS", "STRBEFORE", "STRAFTER", "CONCAT",
    "REGEX", "REPLACE", "ABS", "ROUND", "CEIL", "FLOOR", "YEAR", "MONTH", "DAY", "NOW", "isIRI", "isLITERAL",
    "isNUMERIC", "sameTerm", "ENCODE_FOR_URI", "STRDT", "STRLANG", "true", "false",
)  # fmt: skip
_NAME = re.compile(rf"(?<![\w?:])(?:{'|'.join(PREFIXES)}):[A-Za-z]\w*")
Completed = dict[str, str]


def terms(request: Request) -> Response:
    """What can be completed, as JSON; with `kind` and `q`, the names of things of a kind that are like a word."""
    serving = request.app.state.serving
    now, lang = serving.current(), language(request, serving.lang)
    kind = request.query_params.get("kind", "")
    if kind:
        answer = as_json(list(_offered(now, kind, request.query_params.get("q", ""))))
    else:
        answer = as_json(
            now.kept(f"terms {lang}", lambda: vocabulary(now.catalogue.questions.values(), lang))
        )
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def vocabulary(questions: Iterable[QueryFile], lang: str) -> dict[str, object]:
    """Prefixes with their IRIs; terms with kind (class, property, value) and meaning; keywords."""
    own = [*(_own(t, "class", lang) for t in CLASSES), *(_own(t, "property", lang) for t in PROPERTIES)]
    says = [
        {"name": f"kg:status-{name}", "kind": "value", "about": zh if lang == "zh" else en}
        for name, (en, zh) in STATUSES.items()
    ]
    known = {one["name"] for one in (*own, *says)}
    standard = [
        {"name": n, "kind": k, "about": a} for n, k, a in _standard(questions, lang) if n not in known
    ]
    return {"prefixes": PREFIXES, "terms": [*own, *says, *standard], "keywords": KEYWORDS}


def _own(term: Term, kind: str, lang: str) -> Completed:
    about = term.zh if lang == "zh" else term.en
    return {"name": f"kg:{term.name}", "kind": kind, "about": about, "holds": ", ".join(_held(term.name))}


def _held(name: str) -> list[str]:
    return [row[0] for row in SHAPES.get(name, ())]


def _standard(questions: Iterable[QueryFile], lang: str) -> Iterator[tuple[str, str, str]]:
    """Terms of other vocabularies: those that stand beside ours, and those that the questions use."""
    above: dict[str, list[str]] = {}
    for term in (*CLASSES, *PROPERTIES):
        for parent in term.parents:
            above.setdefault(parent, []).append(f"kg:{term.name}")
    found = dict.fromkeys(sorted(above))
    found |= {row[0]: None for rows in SHAPES.values() for row in rows if not row[0].startswith("kg:")}
    for text in (question.text for question in questions):
        found |= dict.fromkeys(_NAME.findall(_plain(text)))
    for name in sorted(found):
        if not name.startswith(("kg:", "id:", "xsd:")):
            local = name.partition(":")[2]
            kind = "class" if local[:1].isupper() and not _is_property(above.get(name, [])) else "property"
            beside = ", ".join(above.get(name, [])[:4])
            word = ("与此并列：" if lang == "zh" else "beside ") + beside if beside else ""
            yield name, kind, word


def _is_property(below: list[str]) -> bool:
    return bool(below) and all(name.removeprefix("kg:") not in CLASS_NAMES for name in below)


def _plain(text: str) -> str:
    return " ".join(token.text for token in tokens(text) if token.kind == "name")


# ---- names of things, for the fields of forms


def _offered(now: Generation, kind: str, word: str) -> Iterator[Completed]:
    """Names of a kind that begin with a word, then those that hold it, the short ones first."""
    if kind not in ("release", "feature", "topic", "person", "version", "newest", "project"):
        raise UsageFault(
            f"there are no names of the kind {kind!r}", hint="release, feature, person, version, project"
        )
    asked, found = _fold(word).strip(), list[tuple[int, int, str, str]]()
    for name, note, said in now.kept(f"offered {kind}", lambda: _names(now, kind)):
        at = said.find(asked)
        if at >= 0:
            found.append((min(at, 1) + (at > len(name)), len(name), name, note))
    for _, _, name, note in sorted(found)[:NAMES]:
        yield {"name": name, "note": note}


def _names(now: Generation, kind: str) -> list[tuple[str, str, str]]:
    """Names, each with what else the thing is called, and all of that folded."""
    found = {}
    if kind in ("version", "newest", "project"):
        found = dict.fromkeys(now.names.keys("version" if kind == "newest" else kind), "")
    else:
        for thing in now.names.of("feature" if kind == "topic" else kind):
            others = [name for name in thing.names if name != thing.shown]
            found[thing.shown] = ", ".join(others[:3])
    return [(name, note, f"{_fold(name)}\n{_fold(note)}") for name, note in sorted(found.items())]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
