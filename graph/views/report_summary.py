"""One or two sentences on a meeting made from its facts: what moved, what slipped, what was decided."""

from __future__ import annotations

from graph.views.document import Line, Places
from graph.views.report_facts import GOING_ON, ORDER, TELLING, Fact, facts_of, is_whole, items_of
from graph.views.report_lines import Lines
from graph.views.report_model import Item, Meeting, text
from graph.views.report_phrases import joined, phrases_of, says, series, spaced
from graph.views.report_tracks import both
from graph.views.report_words import Words, listed, sentence

MOST = 6  # items told of; a meeting with more is told by the first
PLACES = 8


def summary_of(meeting: Meeting, lines: Lines) -> Line:
    """The sentences and the places they rest on; an empty line where nothing was noted under any item."""
    words = lines.words
    items = [(item, facts_of(item, lines.month)) for item in items_of(meeting)]
    told = _told(items)
    clauses = [_clause(item, facts, words) for item, facts in told][:MOST]
    said = [f"{_capital(words.semicolon.join(clauses), words)}{words.stop}"] if clauses else []
    said += _decided(meeting, lines)
    places = {fact.place for _, facts in told[:MOST] for fact in facts} | set(_decisions(meeting))
    if not said:
        names = list(dict.fromkeys(item.heading for item, _ in items))
        if not names and (meeting.items or text(meeting.row["summary"])):
            return ()
        said = [
            sentence(
                words.discussed.format(names=listed(names, words)) if names else words.nothing_more, words
            )
        ]
        places = {meeting.place}
    joint = "" if words.lang == "zh" else " "
    at = tuple(sorted(places)[:PLACES])
    return (spaced(joint.join(said), words), phrases_of(words).made, Places(at, meeting.source))


def _capital(said: str, words: Words) -> str:
    return (
        said
        if words.lang == "zh" or not said[:1].islower() or "_" in said.partition(" ")[0]
        else said[0].upper() + said[1:]
    )


def _told(items: list[tuple[Item, list[Fact]]]) -> list[tuple[Item, list[Fact]]]:
    """What is worth telling of each item: what merely goes on only where nothing in the meeting moved, or as a plan."""
    moved = any(fact.status in TELLING for _, facts in items for fact in facts)
    found = []
    for item, facts in items:
        kept = [
            f for f in facts
            if not moved or f.status in TELLING or (f.status in GOING_ON and f.release and is_whole(f, facts))
        ]  # fmt: skip
        if kept:
            found.append((item, kept))
    return found


def _clause(item: Item, facts: list[Fact], words: Words) -> str:
    """`A 接近完成，其中 x 推迟到 Rocky`, `A：x、y 已完成，z 推迟到 Rocky`."""
    whole = [fact for fact in facts if is_whole(fact, facts)]
    parts = _parts([fact for fact in facts if fact not in whole], words)
    if not whole:
        if len(parts) == 1 and item.kind == "bug":
            return parts[0]
        return f"{item.heading}{words.colon}{words.comma.join(parts)}"
    main = joined(item.heading, both(whole, words), words)
    if not parts:
        return main
    return main + phrases_of(words).of_it.format(parts=words.comma.join(parts))


def _parts(facts: list[Fact], words: Words) -> list[str]:
    """Parts of which the same is said go together; of one part only the most telling is said."""
    best: dict[str, Fact] = {}
    for fact in facts:
        name = _name(fact, words)
        if name not in best or ORDER.get(fact.status, 99) < ORDER.get(best[name].status, 99):
            best[name] = fact
    alike: dict[tuple[str, str], list[str]] = {}
    for name, fact in sorted(best.items(), key=lambda pair: ORDER.get(pair[1].status, 99)):
        alike.setdefault((fact.status, fact.release), []).append(name)
    return [
        joined(series(names, words), says(*key, words, len(names) > 1), words) for key, names in alike.items()
    ]


def _name(fact: Fact, words: Words) -> str:
    if fact.part or not fact.kind:
        return fact.part
    phrases = phrases_of(words)
    return (phrases.bug if fact.kind == "bug" else phrases.patch).format(key=fact.key)


def _decided(meeting: Meeting, lines: Lines) -> list[str]:
    words = lines.words
    rows = [row for item in meeting.items.values() for said in item.lines() for row in said.decisions]
    if not rows:
        return []
    template = phrases_of(words).decided
    said = [spaced(template.format(who=text(row["assignee"]), what=lines.task(row)), words) for row in rows]
    return [_capital(words.semicolon.join(dict.fromkeys(said)), words) + words.stop]


def _decisions(meeting: Meeting) -> list[tuple[str, int]]:
    return [
        (said.source, said.line) for item in meeting.items.values() for said in item.lines() if said.decisions
    ]
