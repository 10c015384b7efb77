"""TODOs of the time: opened, carried over, closed, with their ages at its end."""

from __future__ import annotations

from collections.abc import Mapping

from graph.terms import fold
from graph.views.document import Block, Code, Entries, Entry, Heading, Inline, Line, Link, Paragraph, Places
from graph.views.page import clip, safe_url
from graph.views.report_model import Month, Tables, text
from graph.views.report_phrases import age, phrases_of, short_day
from graph.views.report_words import Words, day
from graph.views.todo_list import Todo, todos_of

_LINK = 60


def todos(tables: Tables, month: Month, today: str, words: Words) -> list[Block]:
    """Three lists; empty ones are left out."""
    phrases = phrases_of(words)
    closed_on = {text(r["todo"]): text(r["on"]) for r in tables.closings.dicts() if r["on"]}
    found = todos_of(tables.todos)
    opened = _new_ones(found, month)
    closed = [
        t for t in found if not t.is_open and month.period.holds(closed_on.get(t.id, "")) and t not in opened
    ]
    carried = [
        t for t in found if t.raised[:7] < month.period.start and _open_at(t, closed_on, month.period.last)
    ]
    home = month.home
    blocks: list[Block] = []
    lists = (
        (phrases.opened, [_new(t, month, closed_on, home, words) for t in opened]),
        (phrases.carried, [_old(t, month, closed_on, home, words) for t in carried]),
        (phrases.closed, [_done(t, closed_on, home, words) for t in closed]),
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


def _new_ones(found: list[Todo], month: Month) -> list[Todo]:
    """Those first raised in the time; one that only says an earlier one again is not new."""
    known: set[str] = set()
    new = []
    for todo in sorted(found, key=lambda todo: todo.month):
        if month.period.holds(todo.raised) and fold(todo.text) not in known:
            new.append(todo)
        known.add(fold(todo.text))
    return sorted(new, key=found.index)


def _open_at(todo: Todo, closed_on: Mapping[str, str], date: str) -> bool:
    """Whether it was open at the end of a day; closed on an unknown day counts as closed."""
    return todo.is_open or closed_on.get(todo.id, "") > date


def _what(todo: Todo) -> str:
    return todo.text.strip().rstrip("。.；;，, ")


def _end(todo: Todo, home: str) -> Line:
    return (" ", Code(todo.id), Places(todo.places, home))


def _by(todo: Todo) -> Inline:
    return Link(clip(todo.by, _LINK), todo.by) if safe_url(todo.by) else todo.by


def _new(todo: Todo, month: Month, closed_on: Mapping[str, str], home: str, words: Words) -> Line:
    """Nothing is said of one that is simply open."""
    if todo.is_open:
        return (_what(todo), *_end(todo, home))
    return (
        f"{_what(todo)}{words.open}",
        *_closing(todo, month, closed_on, words),
        words.close,
        *_end(todo, home),
    )


def _closing(todo: Todo, month: Month, closed_on: Mapping[str, str], words: Words) -> Line:
    """`已完成：LINK`; what was closed after the time says when: `2018年3月5日完成：LINK`."""
    on, lead = closed_on.get(todo.id, ""), words.states.get(todo.state, todo.state)
    if on > month.period.last:
        lead = phrases_of(words).closed_since.format(date=day(on, words))
    return (f"{lead}{words.colon}", _by(todo)) if todo.by else (lead,)


def _old(todo: Todo, month: Month, closed_on: Mapping[str, str], home: str, words: Words) -> Line:
    phrases = phrases_of(words)
    parts = [phrases.waits.format(age=age(todo.age, words))] if todo.age > 0 else []
    if todo.carried:
        parts.append(phrases.again[0] if todo.carried == 1 else phrases.again[1].format(n=todo.carried))
    aside = f"{words.open}{words.comma.join(parts)}" if parts else ""
    if todo.is_open:
        return (_what(todo), f"{aside}{words.close if aside else ''}", *_end(todo, home))
    lead = f"{aside}{words.semicolon}" if aside else words.open
    return (_what(todo), lead, *_closing(todo, month, closed_on, words), words.close, *_end(todo, home))


def _done(todo: Todo, closed_on: Mapping[str, str], home: str, words: Words) -> Line:
    phrases = phrases_of(words)
    when = phrases.closed_on.format(date=short_day(closed_on[todo.id], words))
    lasted = f"{words.comma}{phrases.waits.format(age=age(todo.age, words))}" if todo.age > 0 else ""
    return (_what(todo), f"{words.open}{when}", _by(todo), f"{lasted}{words.close}", *_end(todo, home))
