"""Hostile repetition: the whole way from bytes to facts takes time in proportion to the text."""

from __future__ import annotations

from time import process_time

import pytest
from extract_samples import extract

SIZE = 100_000
LINE = 10_000
BOUND = 20.0  # seconds of processor time for both shapes of one kind, so that other work does not count
PIECES = [
    "a", "1", "(", "[", "@", ":", "，", "。", "“", "中", "https://a.b/(", "[a](", "**a", "Jan ", "1月", "done ", "正在",
    "推迟到Rocky", "决定由", "gibi, ", "#1 ", "~~a", "- a\n", "1. a\n", "## 2018-01-08\n", "  - a\n",
]  # fmt: skip


def seconds(text: str) -> float:
    start = process_time()
    extract(f"## 2018-01-08\n### Features\n#### 1. Some thing\n{text}\n")
    return process_time() - start


@pytest.mark.parametrize("piece", PIECES)
def test_repetition_is_linear(piece: str) -> None:
    whole = (piece * (SIZE // len(piece) + 1))[:SIZE]
    line = whole.replace("\n", " ")[:LINE]
    lines = (
        "\n".join(whole[start : start + 200] for start in range(0, SIZE, 200)) if "\n" not in piece else whole
    )
    spent = seconds(line) + seconds(lines)
    assert spent < BOUND, f"{spent:.1f} s for {piece!r}"
