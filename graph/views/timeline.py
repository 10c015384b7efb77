"""The timeline page: rows and tools for a browser, the story of one feature, and the same as a table.

The other two forms are `timeline_svg` (a file of its own) and `timeline_text` (a terminal).
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.views.axis import parse_day
from graph.views.models import Timeline
from graph.views.page import Page, esc, single_file
from graph.views.timeline_page_body import chart
from graph.views.timeline_page_data import page_data
from graph.views.timeline_page_story import story
from graph.views.timeline_page_table import table
from graph.views.timeline_svg import timeline_svg
from graph.views.timeline_text import timeline_text
from graph.views.timeline_words import words_of

__all__ = ["timeline_html", "timeline_page", "timeline_svg", "timeline_text"]

STYLES = ("page.css", "timeline.css")
SCRIPTS = (
    "timeline_model.js", "timeline_rows.js", "timeline_draw.js", "timeline_view.js", "timeline_over.js",
    "timeline_panel.js", "timeline_tools.js", "timeline_away.js", "timeline_links.js", "timeline_paper.js",
    "timeline.js",
)  # fmt: skip


def _days(model: Timeline) -> Iterator[str]:
    yield from (fact.begin for fact in model.promises)
    for facts in (model.marks, model.slips, model.landings):
        yield from (fact.date for fact in facts)


def timeline_page(model: Timeline) -> Page:
    """The page before it is put together. What has no date stands in the table only."""
    drawn = bool(model.features) and any(parse_day(day) is not None for day in _days(model))
    empty = f'<p class="empty" id="empty">{esc(words_of(model.lang)["empty"])}</p>'
    tools, below = chart(model) if drawn else ("", empty)
    facts = bool(model.marks or model.slips or model.promises or model.landings)
    body = (
        f'<main class="tl"><header><h1>{esc(model.title)}</h1>{tools}</header>{below}'
        f"{story(model)}{table(model) if facts else ''}</main>"
    )
    return Page(model.title, model.lang, body, page_data(model), STYLES, SCRIPTS)


def timeline_html(model: Timeline) -> str:
    """One HTML file, the same for the same input."""
    return single_file(timeline_page(model))
