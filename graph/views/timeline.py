"""The timeline page: the drawn timeline with a panel, a filter by status, a search of rows, and a table.

The other two forms are `timeline_svg` (a file of its own) and `timeline_text` (a terminal).
"""

from __future__ import annotations

from graph.views.models import Feature, Mark, SlipArrow, Timeline
from graph.views.page import Page, esc, single_file, visible
from graph.views.timeline_legend import Sign, counted, keys
from graph.views.timeline_marks import place, slip_target
from graph.views.timeline_svg import HEAD, Parts, parts, timeline_svg
from graph.views.timeline_text import timeline_text
from graph.views.timeline_words import status_label, words_of

__all__ = ["timeline_html", "timeline_svg", "timeline_text"]

COLUMNS = ("feature", "date", "kind", "status", "part", "release", "text", "quote", "place")


def _cells(mark: Mark, names: dict[str, str], lang: str) -> tuple[str, ...]:
    kind = words_of(lang).get(mark.kind, mark.kind)
    return (
        names.get(mark.feature, mark.feature), mark.date, kind, status_label(mark.status, lang), mark.part,
        mark.release, mark.text, mark.quote, place(mark.source, mark.line),
    )  # fmt: skip


def _slip_cells(slip: SlipArrow, model: Timeline, names: dict[str, str]) -> tuple[str, ...]:
    moved = f"{slip.from_release} → {slip_target(slip, {r.slug: r for r in model.releases})}"
    return (
        names.get(slip.feature, slip.feature), slip.date, words_of(model.lang)["slip"], slip.slip_class, "",
        moved, "", slip.quote, place(slip.source, slip.line),
    )  # fmt: skip


def _table(model: Timeline, rows: list[tuple[str, ...]]) -> str:
    words = words_of(model.lang)
    head = "".join(f'<th scope="col">{esc(words[name])}</th>' for name in COLUMNS)
    body = "\n".join(f"<tr>{''.join(f'<td>{esc(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f"<details><summary>{esc(words['table'])}</summary>"
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'
        "</details>"
    )


def _button(sign: Sign) -> str:
    return (
        f'<button type="button" aria-pressed="true" data-status="{sign.key}">'
        f'<svg viewBox="0 0 18 18" aria-hidden="true">{sign.drawn}</svg>'
        f'<span>{esc(sign.label)}</span> <span class="count">{sign.times}</span></button>'
    )


def _key(sign: Sign) -> str:
    drawn = f'<svg viewBox="0 0 18 18" aria-hidden="true">{sign.drawn}</svg>'
    return f'<span class="key">{drawn}{esc(sign.label)}</span>'


def _names(features: tuple[Feature, ...]) -> str:
    return "".join(
        f'<div class="name" role="listitem" title="{esc(f.label)}"><span>{esc(f.label)}</span></div>'
        for f in features
    )


def _chart(model: Timeline, drawn: Parts | None) -> str:
    words = words_of(model.lang)
    if drawn is None:
        return f'<p class="empty" id="empty">{esc(words["empty"])}</p>'
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{esc(model.title)}"><div class="chart">'
        f'<div class="corner">{esc(words["feature"])}</div>'
        f'<svg class="head" width="{drawn.width}" height="{HEAD}" aria-hidden="true">{drawn.head}</svg>'
        f'<div class="names" role="list">{_names(model.features)}</div>'
        f'<svg class="rows" width="{drawn.width}" height="{drawn.height}">{drawn.rows}</svg>'
        f'</div><p class="empty" id="none" hidden>{esc(words["none"])}</p></div>'
        f'<aside id="panel" aria-label="{esc(words["panel"])}" aria-live="polite">'
        f'<p class="pick">{esc(words["pick"])}</p></aside>'
    )


def _tools(model: Timeline) -> str:
    label = esc(words_of(model.lang)["legend-words"])
    buttons, rest = "\n".join(map(_button, counted(model))), "".join(map(_key, keys(model)))
    return (
        f'<div class="legend" role="group" aria-label="{label}">{buttons}</div><div class="keys">{rest}</div>'
    )


def _search(lang: str) -> str:
    label = esc(words_of(lang)["search"])
    return (
        f'<label><span class="sr">{label}</span><input type="search" id="search" placeholder="{label}" '
        'autocomplete="off" spellcheck="false"></label>'
    )


def _body(model: Timeline, drawn: Parts | None, rows: list[tuple[str, ...]]) -> str:
    search, tools = (_search(model.lang), _tools(model)) if drawn is not None else ("", "")
    table = _table(model, rows) if rows else ""
    header = f"<header><h1>{esc(model.title)}</h1>{search}</header>"
    return f"{header}{tools}<main>{_chart(model, drawn)}</main>{table}"


def timeline_html(model: Timeline) -> str:
    """One HTML file, the same for the same input."""
    return single_file(timeline_page(model))


def timeline_page(model: Timeline) -> Page:
    """The page before it is put together. Undated marks stand in the table only."""
    names = {f.key: f.label for f in model.features}
    marks = [_cells(m, names, model.lang) for m in model.marks]
    slips = [_slip_cells(s, model, names) for s in model.slips]
    words = words_of(model.lang)
    data = {
        "names": [visible(f"{f.label}\n{f.key}") for f in model.features],
        "marks": [[visible(cell) for cell in row] for row in marks],
        "slips": [[visible(cell) for cell in row] for row in slips],
        "columns": [words[name] for name in COLUMNS],
        "slipColumns": [words["class" if name == "status" else name] for name in COLUMNS],
        "words": words,
    }
    return Page(
        model.title, model.lang, _body(model, parts(model), marks + slips), data,
        ("page.css", "timeline.css", "timeline_svg.css"), ("timeline.js",),
    )  # fmt: skip
