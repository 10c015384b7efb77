"""A result table as plain values: what queries give and views take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Table:
    """Named columns and rows of the same width; a cell without a value is None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def dicts(self) -> list[dict[str, Cell]]:
        """The rows as dictionaries, keys in column order."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def without(self, columns: Iterable[str]) -> Table:
        """The same rows without the named columns; a name that is no column is ignored."""
        gone = set(columns)
        kept = [n for n, column in enumerate(self.columns) if column not in gone]
        if len(kept) == len(self.columns):
            return self
        names = tuple(self.columns[n] for n in kept)
        return Table(names, tuple(tuple(row[n] for n in kept) for row in self.rows))
