"""The timeline page: the drawn timeline with a panel, a filter by status, a search of rows, and a table.

The other two forms are `timeline_svg` (a file of its own) and `timeline_text` (a terminal).
"""

from __future__ import annotations

from collections import Counter

from graph.views.models import Feature, Mark, SlipArrow, Timeline
from graph.views.page import asset, esc, shell, visible
from graph.views.timeline_marks import ARROW, place, slip_target
from graph.views.timeline_svg import HEAD, Parts, parts, timeline_svg
from graph.views.timeline_text import timeline_text
from graph.views.timeline_words import BARE, LOOKS, Look, status_label, words_of

__all__ = ["timeline_html", "timeline_svg", "timeline_text"]

SLIP_SIGN = f'<path class="arrow" d="M3 2V9H15m-5-4 5 4-5 4" {ARROW}/>'
OUTLINE = 'fill="none" stroke="currentColor" stroke-width="1.5"'
KEYS = (
    ("report", f'<circle cx="9" cy="9" r="6.5" {OUTLINE}/>'),
    ("decision", f'<path d="M9 1 17 9 9 17 1 9Z" {OUTLINE}/>'),
    ("patch", f'<rect x="3" y="3" width="12" height="12" rx="2.5" {OUTLINE}/>'),
    (
        "freeze",
        '<path class="freeze" d="M9 0V18" stroke="#0b62a8" stroke-width="1.5" stroke-dasharray="3 3"/>',
    ),
    ("ship", '<path class="ship" d="M9 0V18" stroke="#00805f" stroke-width="1.5"/>'),
)
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
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div></details>'
    )


def _button(status: str, drawn: str, label: str, count: int) -> str:
    return (
        f'<button type="button" aria-pressed="true" data-status="{status}">'
        f'<svg viewBox="0 0 18 18" aria-hidden="true">{drawn}</svg>'
        f'<span>{esc(label)}</span> <span class="count">{count}</span></button>'
    )


def _dot(look: Look, sign: str) -> str:
    letter = 'x="9" y="12.6" font-size="10" font-weight="600" text-anchor="middle"'
    return f'<circle cx="9" cy="9" r="8.5" fill="{look.fill}"/><text {letter} fill="{look.ink}">{sign}</text>'


def _legend(model: Timeline) -> str:
    """A button for each status that is there, one for marks without, one for slips."""
    counts = Counter(m.status if m.status in LOOKS else "" for m in model.marks)
    zh, words = model.lang == "zh", words_of(model.lang)
    entries = [
        _button(
            status, _dot(look, look.zh if zh else look.en), status_label(status, model.lang), counts[status]
        )
        for status, look in LOOKS.items()
        if counts[status]
    ]
    if counts[""]:
        entries.append(_button("none", _dot(BARE, BARE.en), words["bare"], counts[""]))
    if model.slips:
        entries.append(_button("slip", SLIP_SIGN, words["slip"], len(model.slips)))
    return "\n".join(entries)


def _keys(lang: str) -> str:
    """The signs that are no filter: shapes of the kinds, lines of freeze and ship."""
    words = words_of(lang)
    return "".join(
        f'<span class="key"><svg viewBox="0 0 18 18" aria-hidden="true">{drawn}</svg>{esc(words[name])}</span>'
        for name, drawn in KEYS
    )


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
    return (
        f'<div class="legend" role="group" aria-label="{label}">{_legend(model)}</div>'
        f'<div class="keys">{_keys(model.lang)}</div>'
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
    return f"<header><h1>{esc(model.title)}</h1>{search}</header>{tools}<main>{_chart(model, drawn)}</main>{table}"


def timeline_html(model: Timeline) -> str:
    """A self-contained page, the same for the same input. Undated marks stand in the table only."""
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
    return shell(
        title=model.title, lang=model.lang, body=_body(model, parts(model), marks + slips), data=data,
        styles=[asset("page.css") + asset("timeline.css") + asset("timeline_svg.css")],
        scripts=[asset("timeline.js")],
    )  # fmt: skip
