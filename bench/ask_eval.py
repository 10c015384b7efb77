"""How well questions are answered: `make ask-eval` prints right, wrong and refused, and every miss.

The questions and their answers stand in tests/cases/ask/*.toml; the answers were found in the repositories by other
means than kg. A question needs the sources that its file names: `demo` (data/ alone) or `whole` (a store with the whole
history, given as --store; without one these are skipped).
"""

from __future__ import annotations

import argparse
import datetime
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph import pipeline
from graph.answers import Answer, answer
from graph.asking.asker import Asker
from graph.errors import KgError, UnknownName
from graph.names import Names
from graph.queries import Catalogue
from graph.store import Reader

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases" / "ask"
SHARED = ROOT.parent / "shared"
YES = re.compile(r"^(?:yes\b|是[。，：]|有[。，：])", re.IGNORECASE)
NO = re.compile(r"^(?:no\b|否[。，：])", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """One question: `expect` is answer, empty, unknown or suggest; `needs` demo or whole."""

    ask: str
    expect: str
    needs: str
    checks: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What came of a question: right, wrong or refused; why it is not right; what it was taken for."""

    case: Case
    kind: str
    why: str = ""
    taken: str = ""


def cases(paths: list[Path] | None = None) -> Iterator[Case]:
    """Every question of the files, in order."""
    for path in paths or sorted(CASES.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        for row in data["question"]:
            needs = str(row.get("needs", data.get("needs", "whole")))
            yield Case(str(row["ask"]), str(row.get("expect", "answer")), needs, row)


def judge(asker: Asker, reader: Reader, case: Case) -> Verdict:
    """Ask, and compare with what is known to be true."""
    try:
        found = answer(reader, asker.understand(case.ask))
    except UnknownName as error:
        return _refused(case, error)
    except KgError as error:
        return Verdict(case, "wrong", f"fails: {error}")
    taken = _taken(found)
    if case.expect in ("unknown", "suggest"):
        return Verdict(case, "wrong", f"answered: {found.sentence[:160]}", taken)
    why = "; ".join(_faults(case, found))
    return Verdict(case, "wrong" if why else "right", why, taken)


def _refused(case: Case, error: UnknownName) -> Verdict:
    said = f"{error} | {error.hint or ''}"
    if case.expect == "suggest":
        named = str(case.checks["suggest"]).casefold()
        ok = named in f"{said} {' '.join(error.nearest)}".casefold()
        return Verdict(case, "right" if ok else "refused", "" if ok else f"not suggested: {said[:200]}")
    ok = case.expect == "unknown"
    return Verdict(case, "right" if ok else "refused", "" if ok else said[:220])


def _taken(found: Answer) -> str:
    took = found.understood
    params = ", ".join(f"{name}={value}" for name, value in took.shown.items())
    limits = "".join(f" [{','.join(limit.columns)} {limit.op} {limit.shown}]" for limit in took.limits)
    return f"{took.question.name}({params}){limits}{f' {took.pick}' if took.pick else ''}"


def _faults(case: Case, found: Answer) -> Iterator[str]:
    rows, checks = found.table.dicts(), case.checks
    sentence = found.sentence.casefold()
    cells = {str(cell).casefold() for row in found.table.rows for cell in row if cell is not None}
    cells |= {piece.strip() for cell in list(cells) for piece in re.split("[,;、]", cell)}
    cells |= {
        key
        for cell in list(cells)
        for key in re.findall(r"\bi[0-9a-f]{40}\b|(?<![\d.-])\d{5,8}(?![\d.-])", cell)
    }
    if case.expect == "empty" and rows:
        yield f"{len(rows)} rows where there are none"
    if case.expect == "answer" and not rows and "yes" not in checks and checks.get("count") != 0:
        yield "no rows"
    yield from (f"lacks {value}" for value in checks.get("has", ()) if not _holds(value, cells, sentence))
    yield from (f"holds {value}" for value in checks.get("lacks", ()) if str(value).casefold() in cells)
    if "any" in checks and not any(_holds(value, cells, sentence) for value in checks["any"]):
        yield f"none of {checks['any']}"
    if "exact" in checks:
        yield from _not_exactly({str(value).casefold() for value in checks["exact"]}, found)
    if "count" in checks and not _counted(int(checks["count"]), found):
        yield f"not {checks['count']}: {found.sentence[:120]}"
    if "yes" in checks and not (YES if checks["yes"] else NO).search(found.sentence):
        yield f"not a {'yes' if checks['yes'] else 'no'}: {found.sentence[:120]}"


def _holds(value: object, cells: set[str], sentence: str) -> bool:
    text = str(value).casefold()
    return text in cells or bool(re.search(rf"(?<![a-z0-9.-]){re.escape(text)}(?![a-z0-9-]|\.\d)", sentence))


def _not_exactly(wanted: set[str], found: Answer) -> Iterator[str]:
    columns = list(zip(*found.table.rows, strict=True))
    sets = [{str(cell).casefold() for cell in column if cell not in (None, "")} for column in columns]
    if wanted not in sets:
        near = max(sets, key=lambda s: (len(s & wanted), -len(s)), default=set())
        yield f"missing {sorted(wanted - near)[:5]}, too many {sorted(near - wanted)[:5]}"


def _counted(number: int, found: Answer) -> bool:
    numbers = re.findall(r"(?<![\d.\-])\d+(?![\d.\-])", found.sentence)
    return str(number) in numbers or number in (found.count, len(found.table.rows))


def run(store: Path, wanted: list[Case], today: datetime.date | None = None) -> list[Verdict]:
    """Ask all of them of one store."""
    with Reader(store) as reader:
        asker = Asker(Catalogue.load(), Names(reader), today)
        return [judge(asker, reader, case) for case in wanted]


def tell(verdicts: list[Verdict], verbose: bool) -> int:
    """Print the misses and the counts; the number of wrong answers among those that have none."""
    for verdict in verdicts:
        if verdict.kind != "right" or verbose:
            print(f"{verdict.kind:8} {verdict.case.ask}\n         {verdict.taken} {verdict.why}".rstrip())
    counts = Counter(verdict.kind for verdict in verdicts)
    none = [v for v in verdicts if v.case.expect in ("unknown", "suggest")]
    bad = sum(v.kind == "wrong" for v in none)
    share = 100 * counts["right"] / (len(verdicts) or 1)
    print(f"\n{len(verdicts)} questions: {counts['right']} right ({share:.1f} %), {counts['wrong']} wrong, "
          f"{counts['refused']} refused; of {len(none)} without an answer {bad} answered wrongly")  # fmt: skip
    return bad


def whole_store(place: Path) -> Path | None:
    """A store of everything in ../shared, built where it is there; None else."""
    if not SHARED.is_dir():
        return None
    sources = [SHARED / "releases", *sorted((SHARED / "records").glob("*.md"))]
    for bundle in sorted((SHARED / "history").glob("*.bundle")):
        clone = place.parent / f"{bundle.stem}.git"
        subprocess.run(["git", "clone", "-q", "--bare", str(bundle), str(clone)], check=True)
        sources.append(clone)
    pipeline.build(place, [str(source) for source in sources])
    return place


def main() -> int:
    """Judge every question that the sources at hand can answer; 1 when fewer than 95 % are right or one is made up."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("files", nargs="*", type=Path, help="files of questions [all in tests/cases/ask]")
    options.add_argument("--store", type=Path, help="a store of the whole history [built from ../shared]")
    options.add_argument("-v", "--verbose", action="store_true", help="print the right ones too")
    asked = options.parse_args()
    wanted = list(cases(asked.files or None))
    with tempfile.TemporaryDirectory() as folder:
        whole = asked.store or whole_store(Path(folder) / "whole")
        here = [case for case in wanted if case.needs == "demo" or whole]
        if len(here) < len(wanted):
            print(f"skipped: {len(wanted) - len(here)} questions need the whole history (--store)")
        store = whole
        if store is None:
            store = Path(folder) / "demo"
            pipeline.build(store, [str(ROOT / "data")])
        verdicts = run(store, here)
    bad = tell(verdicts, asked.verbose)
    right = sum(verdict.kind == "right" for verdict in verdicts)
    return 1 if bad or right < 0.95 * len(verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
