"""A question with its values in its text: a query that runs anywhere as it stands.

A value is set by VALUES at the head of every group that speaks of its parameter, so that each of them finds it by
itself; what binds parameters here (`graph.sparql`) does the same without touching the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from graph.engine import Bound, term
from graph.sparql import QueryFile
from graph.terms import PREFIXES

# What hides braces and variables: comments, IRIs and strings, in this order of trying.
_PIECE = re.compile(
    r"""(?P<hidden>\#[^\n]*|<[^\s<>"{}|^`\\]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<open>\{)|(?P<close>\})|(?P<var>[?$]\w+)""",
    re.VERBOSE | re.DOTALL,
)
_HEADER = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*")


def standalone(question: QueryFile, bound: Mapping[str, Bound]) -> str:
    """The SPARQL of a question without its header, with its values set, and with the PREFIX lines it needs."""
    text = body(question)
    told = f"# {question.titles['en']}\n"
    told += "".join(f"# {name}: {' '.join(value.split())}\n" for name, (_, value) in bound.items())
    return told + prefixes(text, bound) + filled(text, bound)


def body(question: QueryFile) -> str:
    """A question's SPARQL without its header."""
    match = _HEADER.match(question.text)
    return question.text[match.end() if match else 0 :].strip() + "\n"


def prefixes(text: str, bound: Mapping[str, Bound] | None = None) -> str:
    """The PREFIX lines of the prefixes that a text uses (values of some kinds need XSD)."""
    plain = _PIECE.sub(lambda m: " " if m["hidden"] else m[0], text)
    used = set(re.findall(r"(?<![\w?$])(\w+):", plain))
    typed = any(kind not in ("iri", "string") for kind, _ in (bound or {}).values())
    names = [name for name in PREFIXES if name in used or (typed and name == "xsd")]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in names)


def filled(text: str, bound: Mapping[str, Bound]) -> str:
    """A query in which every group that speaks of a bound variable sets it."""
    groups = _groups(text)
    out, at = list[str](), 0
    for place in sorted(groups):
        used = [name for name in bound if name in groups[place]]
        if used:
            out += [text[at:place], "".join(f" VALUES ?{name} {{ {_term(bound[name])} }}" for name in used)]
            at = place
    return "".join([*out, text[at:]])


def _groups(text: str) -> dict[int, set[str]]:
    """The place behind each opening brace of a group → the variables that stand in it, and in no group inside it.

    A group that holds a SELECT is none: what it holds are the columns, the order and the group of the SELECT.
    """
    found: dict[int, set[str]] = {}
    stack: list[int] = []
    for match in _PIECE.finditer(text):
        if match["open"]:
            stack.append(match.end())
            if not re.match(r"(?:\s|#[^\n]*\n)*SELECT\b", text[match.end() :], re.IGNORECASE):
                found[match.end()] = set()
        elif match["close"] and stack:
            stack.pop()
        elif match["var"] and stack and stack[-1] in found:
            found[stack[-1]].add(match[0][1:])
    return found


def _term(value: Bound) -> str:
    return str(term(*value))
