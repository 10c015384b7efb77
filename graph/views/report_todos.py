"""TODOs of the time: opened, carried over, closed, with their ages; as they stood at its end."""

from __future__ import annotations

from graph.terms import fold
from graph.views.document import Block, Code, Entries, Entry, Heading, Inline, Line, Link, Paragraph, Places
from graph.views.page import clip, safe_url
from graph.views.report_model import Month, Tables, number, text
from graph.views.report_phrases import age, phrases_of, short_day
from graph.views.report_stands import Stood, stood
from graph.views.report_words import Words, aside, day

_LINK = 60
_DAY = 10


def todos(tables: Tables, month: Month, today: str, words: Words) -> list[Block]:
    """Three lists; empty ones are left out. What was opened and closed within the time stands in both."""
    phrases, period, home = phrases_of(words), month.period, month.home
    found = stood(tables, period)
    opened = _new_ones(found, month)
    carried = [s for s in found if s.first < period.start and s.is_open]
    closed = [s for s in found if not s.is_open and period.holds(s.closed_on)]
    blocks: list[Block] = []
    lists = (
        (phrases.opened, [_new(s, s in closed, home, words) for s in opened]),
        (phrases.carried, [_old(s, today, home, words) for s in carried]),
        (phrases.closed, [_done(s, today, home, words) for s in closed]),
    )
    for name, lines in lists:
        if lines:
            entries = Entries(tuple(Entry(line) for line in lines), numbered=True)
            blocks += [Heading(3, (name,)), entries]
    if not blocks:
        return []
    counts = [
        word.format(n=len(lines)) for word, (_, lines) in zip(phrases.counts, lists, strict=True) if lines
    ]
    # What is all new needs no heading of its own.
    one = len(counts) == 1 and bool(opened)
    return [Paragraph((words.comma.join(counts) + words.stop,)), *(blocks[1:] if one else blocks)]


def _new_ones(found: list[Stood], month: Month) -> list[Stood]:
    """Those first listed in the time; one that only says an earlier one again is not new."""
    known: set[str] = set()
    new = []
    for each in sorted(found, key=lambda each: each.first):
        if month.period.holds(each.first) and fold(each.todo.text) not in known:
            new.append(each)
        known.add(fold(each.todo.text))
    return sorted(new, key=found.index)


def _what(each: Stood) -> str:
    return each.todo.text.strip().rstrip("。.；;，, ")


def _end(each: Stood, home: str) -> Line:
    return (" ", Code(each.todo.id), Places(each.places, home))


def _by(each: Stood, home: str) -> Line:
    """What closed it by hand: its page, or the words of the row that says so and the row's place."""
    by = each.stands.closed_by
    if safe_url(by):
        return (Link(clip(by, _LINK), by),)
    row = each.hand
    place: tuple[Inline, ...] = ()
    if row is not None and row["source"] and row["line"]:
        place = (Places(((text(row["source"]), number(row["line"])),), home),)
    return (by, *place)


def _new(each: Stood, told_below: bool, home: str, words: Words) -> Line:
    """Nothing is said of one that is simply open; how one was closed is said once, among the closed."""
    if each.is_open:
        return (_what(each), *_end(each, home))
    lead = words.states.get(each.stands.state, each.stands.state)
    if told_below or not each.stands.closed_by:
        return (_what(each), aside([lead], words), *_end(each, home))
    return (f"{_what(each)}{words.open}{lead}{words.colon}", *_by(each, home), words.close, *_end(each, home))


def _old(each: Stood, today: str, home: str, words: Words) -> Line:
    phrases, days = phrases_of(words), each.age(today)
    parts = [phrases.waits.format(age=age(days, words))] if days > 0 else []
    if each.again:
        parts.append(phrases.again[0] if each.again == 1 else phrases.again[1].format(n=each.again))
    if each.stands.reopened:
        parts.append(phrases.reopened.format(date=_when(each.stands.reopened, words)))
    return (f"{_what(each)}{aside(parts, words) if parts else ''}", *_end(each, home))


def _done(each: Stood, today: str, home: str, words: Words) -> Line:
    """`读 Cells（4月12日由 LINK 关闭，历时 4 周）`; what a note says is done leads to the note."""
    phrases, days = phrases_of(words), each.age(today)
    date = _when(each.closed_on, words)
    told: Line = (phrases.noted_done.format(date=date),)
    if each.closing:
        told = (*told, Places((each.closing,), home))
    elif each.stands.closed_by:
        lead, end = phrases.closed_on
        told = (lead.format(date=date), *_by(each, home), end)
    lasted = f"{words.comma}{phrases.lasted.format(age=age(days, words))}" if days > 0 else ""
    rest = tuple(place for place in each.places if place != each.closing)
    said = (f"{_what(each)}{words.open}", *told, f"{lasted}{words.close}")
    return (*said, " ", Code(each.todo.id), Places(rest, home))


def _when(date: str, words: Words) -> str:
    return short_day(date, words) if len(date) == _DAY else day(date, words)
