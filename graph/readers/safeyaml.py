"""YAML from strangers: plain data whose every value knows its line, and nothing that could cost more than it shows.

Every scalar is its text (a version 1.10 is not 1.1, `yes` is no truth). Merge keys and tags are refused, and so are
more than 100 aliases, a depth of more than 50, and more than 1 MB: all of it while parsing, before anything is
built from it. An alias gives the very node it names, never a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from graph.errors import Problem

MAX_BYTES: Final = 1_000_000
MAX_ALIASES: Final = 100
MAX_DEPTH: Final = 50
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Node:
    """A value and its line (from 1): a text, a list of nodes, or a mapping of texts to nodes."""

    line: int
    value: str | list[Node] | dict[str, Node]

    def text(self, key: str = "") -> str:
        """The text itself, or that of a key; empty where there is none."""
        node = self if not key else self.get(key)
        return node.value if isinstance(node.value, str) else ""

    def get(self, key: str) -> Node:
        """The node of a key, an empty text where there is none."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found or Node(self.line, "")

    def items(self) -> list[Node]:
        """The nodes of a list; none of anything else."""
        return self.value if isinstance(self.value, list) else []


class _Refused(Exception):
    def __init__(self, line: int, what: str, hint: str) -> None:
        super().__init__(what)
        self.line, self.what, self.hint = line, what, hint


@dataclass
class _Builder:
    """Takes events, one after another, and keeps the open lists and mappings on a stack."""

    anchors: dict[str, Node] = field(default_factory=dict)
    stack: list[tuple[Node, list[str]]] = field(default_factory=list)
    root: Node | None = None
    aliases: int = 0

    def take(self, event: Any) -> None:  # noqa: ANN401 - yaml's events have no common type
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            self._put(self._alias(event.anchor or "", line))
        elif isinstance(event, yaml.ScalarEvent):
            self._plain(event, line)
            self._put(self._named(event.anchor, Node(line, event.value)))
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self._open(event, line)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _Refused(line, "the file holds more than one document", "give each a file of its own")

    def _alias(self, anchor: str, line: int) -> Node:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise _Refused(line, f"more than {MAX_ALIASES} aliases", "write the values out")
        if anchor not in self.anchors:
            raise _Refused(line, f"the alias *{anchor} names nothing", "write the value out")
        return self.anchors[anchor]

    def _plain(self, event: Any, line: int) -> None:  # noqa: ANN401
        if event.tag and event.tag != "!":
            raise _Refused(line, f"the tag {event.tag} is not read", "write plain values")
        if event.value == "<<" and event.implicit[0]:
            raise _Refused(line, "merge keys (<<) are not read", "write the keys out")

    def _named(self, anchor: str | None, node: Node) -> Node:
        if anchor:
            self.anchors[anchor] = node
        return node

    def _open(self, event: Any, line: int) -> None:  # noqa: ANN401
        if event.tag and event.tag != "!":
            raise _Refused(line, f"the tag {event.tag} is not read", "write plain values")
        if len(self.stack) >= MAX_DEPTH:
            raise _Refused(line, f"nested deeper than {MAX_DEPTH}", "make it flatter")
        node = Node(line, [] if isinstance(event, yaml.SequenceStartEvent) else {})
        self._put(self._named(event.anchor, node))
        self.stack.append((node, []))

    def _put(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent, key = self.stack[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif not key:
            key.append(node.value if isinstance(node.value, str) else "")
        elif isinstance(parent.value, dict):
            parent.value[key.pop()] = node


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)


def load(data: bytes, source: str) -> Node | Problem:
    """The first document's root, or why the file is refused, with the line."""
    if len(data) > MAX_BYTES:
        what = f"the file has {len(data):,} bytes, more than the limit of {MAX_BYTES:,}"
        return Problem(source, 0, "refused", what, hint="YAML of this size is not read")
    builder = _Builder()
    try:
        for event in _events(data.decode("utf-8-sig")):
            builder.take(event)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(source, line, "refused", "it is not UTF-8", hint="save the file as UTF-8")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__
        return Problem(
            source, mark.line + 1 if mark else 0, "refused", f"it is no YAML: {why}", hint="mend it"
        )
    except _Refused as error:
        return Problem(source, error.line, "refused", error.what, hint=error.hint)
    return builder.root or Node(1, "")
