"""How each kind of thing looks in the network: one table, its rows in the order of the bands.

Colours are from palettes that colour-blind readers can tell apart (Okabe and Ito, Tol); no two kinds share
both colour and shape.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind's name, words, vis-network shape, fill colour and node size in pixels."""

    name: str
    en: str
    zh: str
    shape: str
    colour: str
    size: int


KINDS: tuple[Kind, ...] = (
    Kind("release", "Release", "版本", "star", "#d9a400", 17),
    Kind("milestone", "Milestone", "里程碑", "diamond", "#d9a400", 12),
    Kind("version", "Version", "发行号", "dot", "#d9a400", 9),
    Kind("note", "Note", "笔记", "square", "#e69f00", 13),
    Kind("meeting", "Meeting", "会议", "square", "#0072b2", 15),
    Kind("discussion", "Discussion", "议题", "dot", "#56b4e9", 11),
    Kind("feature", "Feature", "特性", "hexagon", "#d55e00", 16),
    Kind("topic", "Topic", "主题", "hexagon", "#ddaa88", 12),
    Kind("status", "Status", "状态", "triangle", "#56b4e9", 11),
    Kind("decision", "Decision", "决定", "diamond", "#aa4499", 13),
    Kind("todo", "TODO", "待办", "square", "#cc79a7", 11),
    Kind("patch", "Patch", "补丁", "triangle", "#009e73", 12),
    Kind("bug", "Bug", "缺陷", "triangleDown", "#cc3d4f", 12),
    Kind("person", "Person", "人", "dot", "#009e73", 13),
    Kind("link", "Link", "链接", "dot", "#999999", 8),
)

OTHER = Kind("other", "Other", "其他", "square", "#999999", 10)
BY_NAME = {kind.name: kind for kind in KINDS}


def look(name: str) -> Kind:
    """The look of a kind; an unknown kind is `other`."""
    return BY_NAME.get(name, OTHER)
