"""Invented timelines of any size, the same for the same numbers: for benchmarks and for tests of the pages."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from graph.terms import ID, STATUSES
from graph.views.models import (
    OUTCOMES,
    Evidence,
    Feature,
    Landing,
    Mark,
    Promise,
    Release,
    SlipArrow,
    Taking,
    Timeline,
)  # fmt: skip

FIRST = date(2021, 3, 1)
CYCLE = 182  # days
NAMES = (
    "Alder",
    "Birch",
    "Cedar",
    "Dogwood",
    "Elm",
    "Fir",
    "Ginkgo",
    "Hazel",
    "Ivy",
    "Juniper",
    "Kapok",
    "Larch",
)
WORDS = (
    "volume",
    "卷组",
    "quota",
    "配额",
    "queue",
    "cache",
    "镜像",
    "move",
    "trait",
    "audit",
    "backup",
    "drain",
)
TAILS = (
    "snapshots",
    "一致性",
    "for cells",
    "of tenants",
    "迁移",
    "retries",
    "under load",
    "API",
    "清理",
    "policy",
)
QUOTES = (
    "这部分基本完成了，还差一个补丁。",
    "No progress, waiting for review.",
    "本周期赶不上，推到下个版本。",
)
CLASSES = ("re-proposed", "renamed", "narrowed", "said")
NOTE = "https://notes.example.org/{}.md"


def _day(n: int) -> str:
    return (FIRST + timedelta(days=n)).isoformat()


def releases(count: int) -> tuple[Release, ...]:
    """`count` cycles of half a year, with three milestones each."""
    return tuple(_release(n) for n in range(count))


def _release(n: int) -> Release:
    start, name = n * CYCLE, NAMES[n % len(NAMES)] + ("" if n < len(NAMES) else str(n))
    marks = tuple((_day(start + 45 * k), f"{name}-{k}") for k in (1, 2, 3))
    return Release(
        name.lower(), name, _day(start), _day(start + 140), _day(start + CYCLE), marks, f"{ID}c/release/{name.lower()}"
    )  # fmt: skip


def _key(n: int) -> str:
    return f"{ID}c/feature/p/thing-{n}"


def _life(n: int, count: int, dice: Random) -> tuple[list[Promise], list[SlipArrow]]:
    """The promises of a feature, one cycle after the other, until it ships or is given up."""
    at = dice.randrange(count)
    promises: list[Promise] = []
    slips: list[SlipArrow] = []
    while True:
        outcome = "open" if at == count - 1 else dice.choice(("implemented", *OUTCOMES[:4]))
        begin, ship = at * CYCLE + dice.randrange(5, 70), (at + 1) * CYCLE
        end = (
            "" if outcome == "open" else _day(ship - dice.randrange(60) if outcome == "implemented" else ship)
        )
        name = NAMES[at % len(NAMES)].lower()
        spec = Evidence("", f"https://specs.example.org/{name}/thing-{n}.rst", 0)
        promises.append(Promise(_key(n), name, outcome, _day(begin), end, f"{name}/approved/thing-{n}", spec))
        if outcome not in {"slipped", "skipped"}:
            return promises, slips
        after = min(count - 1, at + (1 if outcome == "slipped" else 2))
        kind = dice.choice(CLASSES)
        slips.append(SlipArrow(
            _key(n), name, NAMES[after % len(NAMES)].lower(), kind, _day(ship - dice.randrange(20)), QUOTES[2],
            NOTE.format(name), 7 + n,
        ))  # fmt: skip
        at = after


def _marks(n: int, promises: list[Promise], count: int, dice: Random) -> list[Mark]:
    begin = (date.fromisoformat(promises[0].begin) - FIRST).days
    marks = [
        Mark(
            _key(n),
            p.begin,
            "spec",
            "approved",
            "",
            p.release,
            f"approved for {p.release}",
            "",
            p.evidence.source,
            0,
        )
        for p in promises
    ]
    for k in range(dice.randrange(count)):
        kind = dice.choice(("report", "report", "report", "decision", "patch"))
        status = dice.choice(list(STATUSES)) if kind == "report" else ""
        marks.append(Mark(
            _key(n), _day(begin + dice.randrange(300)), kind, status, "client" if k % 4 == 0 else "", "",
            f"word {k} on it", dice.choice(QUOTES), NOTE.format("2031-03"), 20 + k,
        ))  # fmt: skip
    if promises[-1].outcome == "implemented":
        name = promises[-1].release
        marks.append(
            Mark(_key(n), promises[-1].end, "version", "", "", name, "first in 3.0.0", "", "p:3.0.0", 0)
        )
    return marks


def _landings(n: int, promises: list[Promise], count: int, dice: Random) -> list[Landing]:
    last = promises[-1]
    begin = (date.fromisoformat(last.begin) - FIRST).days
    made = []
    for k in range(count):
        sha = f"{dice.getrandbits(160):040x}"
        back = dice.random() < 0.15
        made.append(Landing(
            _key(n), _day(begin + (150 if back else 0) + dice.randrange(120)), f"{ID}c/patch/I{sha}",
            f"{dice.choice(WORDS)} {dice.choice(TAILS)}: step {k}", f"{n % 20}.{k % 3}.0", last.release, back,
            f"p:{sha[:12]}",
        ))  # fmt: skip
    return made


def timeline(rows: int, cycles: int = 10, landings: int | None = None, lang: str = "en") -> Timeline:
    """`rows` features over `cycles` releases with seven merged patches each, or `landings` in all."""
    dice = Random(rows)
    features: list[Feature] = []
    promises: list[Promise] = []
    slips: list[SlipArrow] = []
    marks: list[Mark] = []
    merged: list[Landing] = []
    whole = 7 * rows if landings is None else landings
    for n in range(rows):
        told, moved = _life(n, cycles, dice)
        said = _marks(n, told, 8, dice)
        share = (n + 1) * whole // rows - n * whole // rows
        patches = _landings(n, told, share, dice)
        days = [p.begin for p in told] + [m.date for m in said] + [p.date for p in patches]
        who = tuple(
            Taking(f"{ID}c/person/p{k}", f"Person {k} 某人", dice.choice(("author", "reviewer")), 1 + k % 5)
            for k in sorted(dice.sample(range(40), 3))
        )
        label = f"{dice.choice(WORDS)} {dice.choice(TAILS)} {n}"
        features.append(Feature(_key(n), label, (f"thing-{n}",), told[-1].release, max(days), who))
        promises, slips, marks, merged = promises + told, slips + moved, marks + said, merged + patches
    return Timeline(
        tuple(features), tuple(marks), releases(cycles), tuple(slips), lang, f"{rows} features", tuple(promises),
        tuple(merged),
    )  # fmt: skip
