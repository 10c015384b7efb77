"""A question with its limits as one SPARQL text: the question's own SELECT inside, the limits around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graph.asking.limits import Limit, Pick
from graph.quads import literal
from graph.sparql import QueryFile


def composed(question: QueryFile, limits: Sequence[Limit], pick: Pick | None) -> QueryFile:
    """The question that gives only the rows within the limits, in its own order; itself where there are none."""
    if not limits and pick is None:
        return question
    columns = " ".join(f"?{column}" for column in question.columns)
    tests = "".join(f"  FILTER({_test(limit)})\n" for limit in limits)
    order = _outer_order(question)
    if pick and pick.column:
        order = f"{'DESC' if pick.last else 'ASC'}(STR(?{pick.column})) {order}"
        tests += f"  FILTER(BOUND(?{pick.column}))\n"
    text = f"SELECT {columns}\nWHERE {{\n  {{\n{question.text.rstrip()}\n  }}\n{tests}}}\nORDER BY {order}\n"
    return replace(question, text=text + (f"LIMIT {pick.count}\n" if pick else ""))


def _outer_order(question: QueryFile) -> str:
    """The question's own order where it can be said by its columns, else that of its columns one after the other."""
    used = set(re.findall(r"\?(\w+)", question.order))
    return question.order if used <= set(question.columns) else " ".join(f"?{c}" for c in question.columns)


def _test(limit: Limit) -> str:
    joined = " && " if limit.op == "!=" else " || "  # left out is what no column holds
    return joined.join(_column(column, limit) for column in limit.columns)


def _column(column: str, limit: Limit) -> str:
    if limit.op == "in":
        first, last = map(literal, limit.values)
        day = f"STR(?{column})"  # a month is as long as it is: `2018-01` lies within its own days
        return f"({day} >= SUBSTR({first}, 1, STRLEN({day})) && SUBSTR({day}, 1, 10) <= {last})"
    if limit.op in "<>":
        return f"?{column} {limit.op} {limit.values[0]}"
    value = f'COALESCE(LCASE(STR(?{column})), "")'
    if "*" in limit.values:
        return f'{value} {"=" if limit.op == "!=" else "!="} ""'
    words = [literal(word.casefold()) for word in limit.values]
    if limit.op == "~":
        return " || ".join(f"CONTAINS({value}, {word})" for word in words)
    return f"{value} {'NOT IN' if limit.op == '!=' else 'IN'} ({', '.join(words)})"
