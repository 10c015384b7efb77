"""The monthly post: the record by meeting, a sentence on each, and the TODOs, as Markdown or as a page.

    # Title
    ## 1. Meeting record
    ### 8 January 2018
    the author's sentence, or one made from the record, which then says so
    #### Features
    1. **heading**           file:19
       - part: how it stands, patch 521685    file:20
    ## 2. TODO

What is said of an item keeps the order of the notes. Doubtful reports are given in the notes' own words.
"""

from __future__ import annotations

from graph.views.document import (
    Block,
    Entries,
    Entry,
    Heading,
    Line,
    Locate,
    Paragraph,
    Places,
    Strong,
    markdown,
    markup,
)
from graph.views.page import asset, shell
from graph.views.report_lines import Lines, worth_a_line
from graph.views.report_model import KINDS, Item, Meeting, Month, Tables, month, months, number, text
from graph.views.report_summary import summary_of
from graph.views.report_words import Words, day, in_language, words_of
from graph.views.todo_list import todo_line

__all__ = ["Tables", "is_empty", "months", "report_html", "report_markdown"]


def is_empty(tables: Tables, wanted: str) -> bool:
    """Whether nothing is on record for a month like `2018-01`."""
    return wanted not in months(tables)


def report_markdown(tables: Tables, wanted: str, lang: str, today: str, locate: Locate = str) -> str:
    """The post of a month (`2018-01`) as Markdown; `today` is the ISO date that ages in `todos` count to."""
    return markdown(_blocks(tables, wanted, words_of(lang), today), locate)


def report_html(tables: Tables, wanted: str, lang: str, today: str, locate: Locate = str) -> str:
    """The same as one self-contained page, for a screen, a phone and paper."""
    words = words_of(lang)
    blocks = _blocks(tables, wanted, words, today)
    title = _title(month(tables, wanted), wanted, words)
    body = f'<main class="report">\n{markup(blocks, locate)}\n</main>'
    styles = [asset("page.css"), asset("report.css")]
    return shell(title=title, lang=lang, body=body, data={}, styles=styles, scripts=[])


def _blocks(tables: Tables, wanted: str, words: Words, today: str) -> tuple[Block, ...]:
    found = month(tables, wanted)
    head = Heading(1, (_title(found, wanted, words),))
    sections: list[tuple[str, list[Block]]] = []
    if found.meetings or found.milestones:
        sections.append((words.record, _record(found, words)))
    if found.todos:
        sections.append(("TODO", _todos(found, words, today)))
    if not sections:
        return head, Paragraph((words.nothing.format(month=day(wanted, words)),))
    blocks: list[Block] = [head]
    for n, (name, inside) in enumerate(sections, 1):
        blocks += [Heading(2, (f"{n}. {name}",)), *inside]
    return tuple(blocks)


def _title(found: Month, wanted: str, words: Words) -> str:
    """The notes' own title where they have one, in the language of the post."""
    titles = {text(meeting.row["title"]) for meeting in found.meetings}
    own = titles.pop() if len(titles) == 1 else ""
    if own and in_language(own, words):
        return own
    projects = sorted({text(meeting.row["project"]) for meeting in found.meetings} - {""})
    if words.lang == "zh":
        about = f"{'、'.join(projects)} " if projects else ""
        return f"{about}{words.record}（{day(wanted, words)}）"
    return f"{words.record}{f' of {words.both.join(projects)}' if projects else ''}, {day(wanted, words)}"


# --- 1. the record -----------------------------------------------------------------------------------------


def _record(found: Month, words: Words) -> list[Block]:
    blocks = _milestones(found, words)
    lines = Lines(words, found)
    for meeting in found.meetings:
        blocks += _meeting(meeting, lines)
    return blocks


def _milestones(found: Month, words: Words) -> list[Block]:
    places: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for row in found.milestones:
        key = (text(row["date"]), text(row["release"]), text(row["name"]))
        places.setdefault(key, []).append((text(row["source"]), number(row["line"])))
    if not places:
        return []
    entries = []
    for (date, release, name), at in sorted(places.items()):
        said = f"{day(date, words)}{words.colon}{found.releases.get(release, release)} {name}"
        entries.append(Entry((said, Places(tuple(sorted(at))))))
    return [Heading(3, (words.milestones,)), Entries(tuple(entries))]


def _meeting(meeting: Meeting, lines: Lines) -> list[Block]:
    words, row = lines.words, meeting.row
    place = Places(((text(row["source"]), number(row["line"])),))
    head = day(text(row["date"]), words)
    if meeting.titled and row["title"]:
        head += f" · {text(row['title'])}"
    elif meeting.nth > 1:
        head += words.nth.format(n=meeting.nth)
    summary = summary_of(meeting, lines)
    blocks: list[Block] = [Heading(3, (head,) if summary else (head, place))]
    if summary:
        blocks.append(Paragraph((summary, place)))
    loose = _loose(meeting, lines)
    if loose:
        blocks.append(Entries(tuple(Entry(line) for line in loose)))
    for kind in KINDS:
        items = meeting.of(kind)
        if items:
            entries = tuple(_item(item, lines) for item in items)
            blocks += [Heading(4, (words.sections[kind],)), Entries(entries, numbered=True)]
    return blocks


def _loose(meeting: Meeting, lines: Lines) -> list[Line]:
    """What stands outside any item, unless the summary says it already."""
    item = meeting.items.get(0)
    if item is None:
        return []
    summary = text(meeting.row["summary"])
    for line, said in list(item.said.items()):
        if any(text(row["quote"]) in summary for row in said.statuses):
            del item.said[line]
    return lines.of(item) if worth_a_line(item) else []


def _item(item: Item, lines: Lines) -> Entry:
    place = Places(((item.source, item.line),))
    return Entry((Strong(lines.heading(item)), place), tuple(lines.of(item)))


# --- 2. TODO -----------------------------------------------------------------------------------------------


def _todos(found: Month, words: Words, today: str) -> list[Block]:
    entries = tuple(Entry(todo_line(todo, words)) for todo in found.todos)
    blocks: list[Block] = [Entries(entries, numbered=True)]
    notes = []
    if any(todo.is_open and todo.age for todo in found.todos):
        notes.append(words.ages.format(date=day(today, words)))
    if found.earlier:
        notes.append(words.earlier.format(count=found.earlier))
    if notes:
        blocks.append(Paragraph((("" if words.lang == "zh" else " ").join(notes),)))
    return blocks
