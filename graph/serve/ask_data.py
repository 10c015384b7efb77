"""An answer, or a refusal, for programs: as `kg ask --format json` writes it, CSV and Markdown."""

from __future__ import annotations

from typing import Any

from graph.answers import Answer, data
from graph.errors import KgError, UnknownName
from graph.views.tables import rendered

FORMS = {"json": "application/json", "csv": "text/csv", "md": "text/markdown"}


def data_of(answer: Answer, form: str) -> str:
    """An answer as text in one of FORMS."""
    return rendered(answer.table, form, data(answer) if form == "json" else {})


def fault_data(fault: KgError) -> dict[str, Any]:
    """A refusal, as the command writes it."""
    nearest = list(fault.nearest) if isinstance(fault, UnknownName) else []
    return {"error": str(fault), "hint": fault.hint, "nearest": nearest, "exit": fault.exit_code}
