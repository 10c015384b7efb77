"""What changed, as a Markdown text that can go into a mail as it is.

A first line like a subject, a paragraph of numbers, then a section for each kind of change. Long lists are folded: the
newest lines, and how many more there are. No line is longer than 998 bytes, links are plain, and what a note says
stays text.
"""

from __future__ import annotations

from collections import Counter

from graph.table import Table
from graph.views.changes_lines import Line, Lines, Row, Where, moved, told, word
from graph.views.changes_words import HEADINGS, Spoken
from graph.views.document import md_text

MOST_LINES = 12  # of a section
MOST_GROUPS = 6  # that are counted of what is folded
MOST_IN_SUBJECT = 4
LONGEST = 998  # bytes of a line, as RFC 5322 has it
_SECTIONS = (
    "slip", "status", "feature", "spec", "merged", "fixed", "version", "decision", "todo", "closed", "carried",
    "milestone",
)  # fmt: skip


def changes_markdown(table: Table, title: str, lang: str, *, nothing: str = "", more: str = "") -> str:
    """The rows of `graph.diff` as a mail; `lang` is zh or en.

    title: what is told, as in "What changed since 2018-01-01". nothing: the sentence where there are no rows.
    more: the command that lists every row.
    """
    spoken = Spoken(lang)
    rows = table.dicts()
    if not rows:
        return f"{md_text(nothing or spoken.say('Nothing changed.', '没有变化。'))}\n"
    where = Where(word(row, "source") for row in rows if row["kind"] != "source")
    parts = [_subject(rows, title, spoken), _numbers(rows, spoken), *_sections(rows, spoken, where, more)]
    return "\n\n".join(part for part in parts if part) + "\n"


# --- numbers --------------------------------------------------------------------------------------------------


def _counts(rows: list[Row]) -> dict[str, int]:
    """How many things of each kind are new, by the names of COUNTED, in the order of the text."""
    new = [row for row in rows if row["change"] == "new"]
    kinds = Counter(word(row, "kind") for row in new)
    states = Counter(word(row, "says") for row in new if row["kind"] == "spec")
    found = {
        "slip": kinds["slip"],
        "move": sum(moved(row) for row in new if row["kind"] == "status"),
        "status": kinds["status"],
        "feature": kinds["feature"],
        "approved": states["approved"],
        "implemented": states["implemented"],
        "spec": kinds["spec"] - states["approved"] - states["implemented"],
        "merged": len({row["key"] for row in new if row["kind"] == "merged"}),
        "fixed": len({row["thing"] for row in new if row["kind"] == "fixed"}),
    }
    rest = ("version", "decision", "todo", "closed", "carried", "milestone", "meeting", "item")
    found |= {name: kinds[name] for name in rest}
    found["gone"] = sum(row["change"] != "new" and row["kind"] != "source" for row in rows)
    found["source"] = sum(row["kind"] == "source" for row in rows)
    return {name: number for name, number in found.items() if number}


def _subject(rows: list[Row], title: str, spoken: Spoken) -> str:
    """`# What changed since 2018-01-01: 3 slips, 2 status moves`."""
    counts = _counts(rows)
    if "move" in counts:
        counts.pop("status")
    said = [spoken.count(name, number) for name, number in counts.items()][:MOST_IN_SUBJECT]
    return f"# {md_text(title)}{spoken.colon}{spoken.comma.join(said)}"


def _numbers(rows: list[Row], spoken: Spoken) -> str:
    said = [spoken.count(name, number) for name, number in _counts(rows).items()]
    return spoken.comma.join(said) + spoken.stop


# --- sections -------------------------------------------------------------------------------------------------


def _sections(rows: list[Row], spoken: Spoken, where: Where, more: str) -> list[str]:
    lines = Lines(spoken, where)
    new: dict[str, list[Row]] = {}
    for row in rows:
        if row["change"] == "new":
            new.setdefault(word(row, "kind"), []).append(row)
    parts = [_section(kind, lines.of(kind, new[kind]), spoken, more) for kind in _SECTIONS if kind in new]
    parts.append(
        _section("meeting", lines.meetings(new.get("meeting", []), new.get("item", [])), spoken, more)
    )
    taken = [lines.taken(row) for row in rows if row["change"] != "new" and row["kind"] != "source"]
    parts.append(_section("gone", taken, spoken, more))
    read = [lines.source(row) for row in rows if row["kind"] == "source"]
    parts.append(_section("source", read, spoken, more))
    legend = [Line(text, 1, "") for text in where.legend()]
    return [*parts, _section("where", legend, spoken, "")]


def _section(name: str, lines: list[Line], spoken: Spoken, more: str) -> str:
    if not lines:
        return ""
    count = "" if name == "where" else f" ({told(lines):,})"
    shown, hidden = lines[:MOST_LINES], lines[MOST_LINES:]
    if len(hidden) == 1:
        shown, hidden = lines, []
    entries = [f"- {_fit(line.text)}" for line in shown]
    if hidden:
        entries.append(f"- {_fit(_folded(hidden, spoken, more))}")
    return "\n".join((f"## {spoken.of(HEADINGS, name)}{count}", "", *entries))


def _folded(hidden: list[Line], spoken: Spoken, more: str) -> str:
    """`… and 103 more (Juno → Kilo 12, Kilo → Liberty 20): kg diff …`."""
    facts = told(hidden)
    said = spoken.say(f"… and {len(hidden):,} more", f"……另有 {len(hidden):,} 行")
    if facts != len(hidden):
        said += spoken.say(f" with {facts:,} in all", f"，共 {facts:,} 条")
    groups = Counter(line.group for line in hidden if line.group)
    names = [f"{md_text(name)} {number}" for name, number in list(groups.items())[:MOST_GROUPS]]
    if len(groups) > MOST_GROUPS:
        names.append("…")
    said += spoken.aside(spoken.comma.join(names))
    return said + (f"{spoken.colon}`{more}`" if more else "")


def _fit(text: str) -> str:
    """A line that any mail can carry; what is cut ends in no half of an escape."""
    raw = text.encode()
    if len(raw) <= LONGEST - 8:
        return text
    return raw[: LONGEST - 16].decode("utf-8", "ignore").rstrip("\\") + "…"
