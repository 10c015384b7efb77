"""One sentence on a meeting: the author's own, else one made from the record, which then says so."""

from __future__ import annotations

from graph.views.report_lines import Lines
from graph.views.report_model import KINDS, Item, Meeting, Said, name_of, text
from graph.views.report_words import listed, sentence, status

# What moved comes first; what merely goes on is said only when nothing else is.
_TELLING = ("deferred", "abandoned", "at-risk", "stalled", "done", "nearly-done")
_GOING_ON = ("in-progress", "planned")


def summary_of(meeting: Meeting, lines: Lines) -> str:
    """The sentence, with its full stop; empty where only what stands outside any item is on record."""
    own = text(meeting.row["summary"])
    return sentence(own, lines.words) if own.strip() else _made(meeting, lines)


def _made(meeting: Meeting, lines: Lines) -> str:
    words = lines.words
    parts = _moved(meeting, lines, _TELLING) + _decided(meeting, lines)
    parts = parts or _moved(meeting, lines, _GOING_ON)
    if not parts:
        names = list(dict.fromkeys(item.heading for kind in KINDS for item in meeting.of(kind)))
        parts = [words.discussed.format(names=listed(names, words))] if names else []
    if not parts:
        return "" if meeting.items else sentence(words.nothing_more, words)
    said = words.semicolon.join(parts)
    return f"{said[:1].upper()}{said[1:]}{words.generated}{words.stop}"


def _moved(meeting: Meeting, lines: Lines, statuses: tuple[str, ...]) -> list[str]:
    """`推迟到 Rocky：A（部分）、B`, one for each status and release that was reported."""
    names: dict[tuple[str, str], dict[str, list[str]]] = {}
    for kind in KINDS:
        for item in meeting.of(kind):
            for said in item.lines():
                _note(names, item, said, lines)
    found = []
    for name in statuses:
        for key in sorted(key for key in names if key[0] == name):
            things = [_thing(heading, parts, lines) for heading, parts in names[key].items()]
            found.append(f"{status(*key, lines.words)}{lines.words.colon}{listed(things, lines.words)}")
    return found


def _note(names: dict[tuple[str, str], dict[str, list[str]]], item: Item, said: Said, lines: Lines) -> None:
    if not lines.reports(said):
        return
    for row in said.statuses:
        parts = names.setdefault((text(row["status"]), lines.release(row)), {}).setdefault(item.heading, [])
        part = name_of(text(row["part"]), text(row["quote"]))
        if part and part not in (*parts, item.heading):
            parts.append(part)


def _thing(heading: str, parts: list[str], lines: Lines) -> str:
    words = lines.words
    return heading + (f"{words.open}{words.both.join(parts)}{words.close}" if parts else "")


def _decided(meeting: Meeting, lines: Lines) -> list[str]:
    words = lines.words
    items = [item for _, item in sorted(meeting.items.items())]
    rows = [row for item in items for said in item.lines() for row in said.decisions]
    said = listed([lines.decided(row) for row in rows], words)
    return [f"{words.decision.lower()}{words.colon}{said}"] if rows else []
