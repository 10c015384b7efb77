"""The post of some months: the record by meeting, what changed, milestones and TODOs, as Markdown or as a page.

    # Title
    4 meetings, 6 features …
    ## 1. Meeting record
    ### 8 January 2018
    one or two sentences made from the record, which say so; the author's own sentence
    #### Features
    1. **heading**           L19
       - part: how it stands, patch 521685    L20
    ## 2. What changed
    ## 3. Milestones
    ## 4. TODO

What is said of an item keeps the order of the notes. Doubtful reports are given in the notes' own words.
"""

from __future__ import annotations

from graph.views import report_changes, report_milestones, report_todos
from graph.views.document import (
    Block,
    Entries,
    Entry,
    Heading,
    Locate,
    Paragraph,
    Places,
    markdown,
    markup,
)
from graph.views.page import asset, shell
from graph.views.report_lines import Lines
from graph.views.report_milestones import Ways
from graph.views.report_model import KINDS, Meeting, Month, Tables, month, months, text
from graph.views.report_period import Period, period
from graph.views.report_phrases import counted, phrases_of
from graph.views.report_summary import summary_of
from graph.views.report_tracks import tracks_of
from graph.views.report_words import Words, day, in_language, sentence, words_of

__all__ = [
    "Period",
    "Tables",
    "Ways",
    "is_empty",
    "months",
    "page_of",
    "period",
    "report_html",
    "report_markdown",
]


def is_empty(tables: Tables, wanted: Period) -> bool:
    """Whether nothing is on record for a period."""
    return not any(wanted.holds(name) for name in months(tables))


def report_markdown(
    tables: Tables, wanted: Period, lang: str, today: str, locate: Locate = str, *, ways: Ways | None = None
) -> str:
    """The post of a period as Markdown; `today` is the ISO date that ages in `todos` count to."""
    return markdown(_blocks(tables, wanted, words_of(lang), today, ways or Ways()), locate)


def report_html(
    tables: Tables, wanted: Period, lang: str, today: str, locate: Locate = str, *, ways: Ways | None = None
) -> str:
    """The same as one self-contained page, for a screen, a phone and paper."""
    words = words_of(lang)
    blocks = _blocks(tables, wanted, words, today, ways or Ways())
    return page_of(blocks, _title(month(tables, wanted), words), lang, locate)


def page_of(blocks: tuple[Block, ...], title: str, lang: str, locate: Locate) -> str:
    """Blocks as one self-contained page."""
    body = f'<main class="report">\n{markup(blocks, locate)}\n</main>'
    styles = [asset("page.css"), asset("report.css")]
    return shell(title=title, lang=lang, body=body, data={}, styles=styles, scripts=[])


def _blocks(tables: Tables, wanted: Period, words: Words, today: str, ways: Ways) -> tuple[Block, ...]:
    found = month(tables, wanted)
    phrases = phrases_of(words)
    head = Heading(1, (_title(found, words),))
    sections = (
        (words.record, _record(found, words)),
        (phrases.changes, report_changes.changes(tables, found, words) if found.meetings else []),
        (
            phrases.milestones,
            report_milestones.milestones(tables, found, ways, words) if found.meetings else [],
        ),
        ("TODO", report_todos.todos(tables, found, today, words)),
    )
    kept = [section for section in sections if section[1]]
    blocks: list[Block] = [head, *_intro(found, words)]
    for n, (name, inside) in enumerate(kept, 1):
        blocks += [Heading(2, (f"{n}. {name}",)), *inside]
    return tuple(blocks)


def _title(found: Month, words: Words) -> str:
    """The notes' own title where they have one, in the language of the post."""
    titles = {text(meeting.row["title"]) for meeting in found.meetings}
    own = titles.pop() if len(titles) == 1 else ""
    if own and in_language(own, words):
        return own
    said = found.period.said(words)
    projects = sorted({text(meeting.row["project"]) for meeting in found.meetings} - {""})
    if words.lang == "zh":
        about = f"{'、'.join(projects)} " if projects else ""
        return f"{about}{words.record}（{said}）"
    return f"{words.record}{f' of {words.both.join(projects)}' if projects else ''}, {said}"


def _intro(found: Month, words: Words) -> list[Block]:
    """How much is on record, and where line numbers lead."""
    if not found.meetings:
        return [Paragraph((words.nothing.format(month=found.period.said(words)),))]
    phrases = phrases_of(words)
    tracks = tracks_of(found.meetings, found).values()
    rows = [
        row for m in found.meetings for item in m.items.values() for s in item.lines() for row in s.mentions
    ]
    counts = {
        "meeting": len(found.meetings),
        "feature": sum("feature" in track.kinds for track in tracks),
        "bug": sum("feature" not in track.kinds and "bug" in track.kinds for track in tracks),
        "topic": sum(track.kinds == {"topic"} for track in tracks),
        "patch": len({row["key"] for row in rows if row["kind"] == "patch"}),
    }
    said = {name: counted(phrases.counted[name], count) for name, count in counts.items() if count}
    meetings, patches = said.pop("meeting"), said.pop("patch", "")
    told = [part for part in (words.both.join(said.values()), patches) if part]
    intro = phrases.intro.format(
        period=found.period.said(words), meetings=meetings, what=words.comma.join(told)
    )
    if not told:
        intro = f"{found.period.said(words)}{words.colon}{meetings}{words.stop}"
    if not found.home:
        return [Paragraph((intro,))]
    lead, rest = phrases.basis
    gap = "" if words.lang == "zh" else " "
    name = found.home.rstrip("/").rsplit("/", 1)[-1]
    return [Paragraph((f"{intro}{gap}{lead}", Places(((found.home, 1),), label=name), rest))]


# --- the record --------------------------------------------------------------------------------------------


def _record(found: Month, words: Words) -> list[Block]:
    return [block for meeting in found.meetings for block in _meeting(meeting, found, words)]


def _meeting(meeting: Meeting, found: Month, words: Words) -> list[Block]:
    lines = Lines(words, found, meeting.source)
    head = day(meeting.date, words)
    if meeting.titled and meeting.row["title"]:
        head += f" · {text(meeting.row['title'])}"
    elif meeting.nth > 1:
        head += words.nth.format(n=meeting.nth)
    # Of several notes each meeting names its own once; its lines are then numbers only.
    place = Places((meeting.place,), found.home)
    summary = summary_of(meeting, lines)
    blocks: list[Block] = [Heading(3, (head,) if summary and found.home else (head, place))]
    if summary:
        blocks.append(Paragraph(summary))
    own = sentence(text(meeting.row["summary"]), words)
    if own:
        blocks.append(Paragraph((phrases_of(words).author, own, Places((meeting.place,), meeting.source))))
    loose = lines.loose(meeting)
    if loose:
        blocks.append(Entries(tuple(Entry(line) for line in loose)))
    for kind in KINDS:
        items = meeting.of(kind)
        if items:
            blocks.append(Heading(4, (words.sections[kind],)))
            blocks.append(Entries(tuple(lines.entry(item) for item in items), numbered=True))
    return blocks
