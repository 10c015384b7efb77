"""A result table as text: for a terminal, Markdown, CSV, JSON or lines of JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from typing import Any

from graph.table import Table

UNBROKEN = 16  # characters of a cell that a terminal's table keeps in one line: short words are hard to read in pieces
SHA, SHORT_SHA = 40, 12
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rendered(table: Table, form: str, extra: dict[str, Any]) -> str:
    """A table as text, with a line end."""
    if form == "json":
        data = {"columns": list(table.columns), "rows": table.dicts(), **extra}
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    if form == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table.dicts())
    if form == "csv":
        return _csv(table)
    return _markdown(table) if form == "md" else _terminal(table)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _csv(table: Table) -> str:
    """Cells that a spreadsheet would run as a formula get an apostrophe before them."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(table.columns)
    for row in table.rows:
        cells = [_cell(value) for value in row]
        rows.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()


def _markdown(table: Table) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

    rows = [line([_cell(value) for value in row]) for row in table.rows]
    return line(list(table.columns)) + line(["---"] * len(table.columns)) + "".join(rows)


def _terminal(table: Table) -> str:
    """Columns that are empty throughout, and long IRIs, are left out on a terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    shown = [i for i, _ in enumerate(table.columns) if any(_cell(row[i]) for row in table.rows)]
    shown = [i for i in shown if not all(_cell(row[i]).startswith("https://w3id.org/") for row in table.rows)]
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False)
    for i in shown:
        longest = max((len(_cell(row[i])) for row in table.rows), default=0)
        whole = max(longest, len(table.columns[i]))
        grid.add_column(table.columns[i], overflow="fold", min_width=whole if whole <= UNBROKEN else None)
    for row in table.rows:
        grid.add_row(*(Text(_printable(_shortened(table.columns[i], _cell(row[i])))) for i in shown))
    out = io.StringIO()
    tty = sys.stdout.isatty()
    console = Console(
        file=out, force_terminal=tty, no_color="NO_COLOR" in os.environ or not tty, width=None if tty else 160
    )
    console.print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _shortened(column: str, cell: str) -> str:
    """The first of many places and how many more there are, the begin of a commit's name; other formats have all."""
    if column in ("sha", "commit") and len(cell) == SHA:
        return cell[:SHORT_SHA]
    places = cell.split("; ")
    return f"{places[0]} (+{len(places) - 1})" if column == "evidence" and len(places) > 1 else cell


def _printable(text: str) -> str:
    """Control and direction characters are shown, not obeyed."""
    return "".join(c if c == "\n" or (c.isprintable() or c == "\u3000") else f"\\u{ord(c):04x}" for c in text)
