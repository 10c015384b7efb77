"""The network page: one HTML file that needs no network at all.

Up to MOST_VIS nodes are drawn by vis-network, as pyvis gives and ships it; more by a renderer of our own, on a
canvas with a cached bitmap, which stays quick without a graphics card. Legend, slider, search, path, panel,
address and export are written once for both. Positions are computed here, never in the reader's browser.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from graph.views.kinds import BY_NAME, OTHER, Kind
from graph.views.models import Edge, Node
from graph.views.network_data import Drawn, columns_of, drawn
from graph.views.network_words import PAGE_WORDS, WORDS
from graph.views.page import Page, asset, esc, single_file

MOST_VIS = 2000  # nodes and folds; from more on, our own renderer
LAYOUTS = ("meaning", "free")
STYLES = ("page.css", "network.css")
PARTS = ("network-model.js", "network-paint.js", "network-picture.js")
CONTROLS = ("network-panel.js", "network-controls.js", "network-keys.js", "network.js")

SYMBOLS = {
    "dot": '<circle cx="8" cy="8" r="6"/>',
    "square": '<rect x="2.5" y="2.5" width="11" height="11"/>',
    "diamond": '<path d="M8 1 15 8 8 15 1 8Z"/>',
    "triangle": '<path d="M8 1.5 15 14H1Z"/>',
    "triangleDown": '<path d="M8 14.5 1 2H15Z"/>',
    "hexagon": '<path d="M4.5 2h7L15 8l-3.5 6h-7L1 8Z"/>',
    "star": '<path d="M8 .5l2 5.1 5.5.4-4.2 3.5 1.3 5.5L8 12l-4.6 3 1.3-5.5L.5 6 6 5.6Z"/>',
}


def network_html(
    nodes: Sequence[Node], edges: Sequence[Edge], *, title: str, lang: str, layout: str = "meaning",
    fold: bool = True, said: Iterable[str] = (),
) -> str:  # fmt: skip
    """The page as one HTML file, the same for the same input; arguments as for `network_page`."""
    return single_file(
        network_page(nodes, edges, title=title, lang=lang, layout=layout, fold=fold, said=said)
    )


def network_page(
    nodes: Sequence[Node], edges: Sequence[Edge], *, title: str, lang: str, layout: str = "meaning",
    fold: bool = True, said: Iterable[str] = (),
) -> Page:  # fmt: skip
    """The page before it is put together.

    Of nodes with one id the first counts; an edge is drawn when both its ends are among the nodes. `lang` is
    `zh` or `en` and sets the page's own words; labels and facts are shown as given. layout: one of LAYOUTS,
    shown first. fold: whether leaves of a crowded network stand together. said: sentences on what was left out.
    """
    lang = lang if lang in WORDS else "en"
    free = layout == "free"
    few = len({node.id for node in nodes}) <= MOST_VIS
    net = drawn(nodes, edges, fold=fold, meaning=few or not free, free=few or free)
    words = WORDS[lang]
    data = {
        **columns_of(net, lang), "site": "", "words": words, "start": layout,
        "said": [*said, *_folded(net, words)], "vis": _vis(net, free) if few else None,
    }  # fmt: skip
    ours = ("network-gestures.js", "network-canvas.js")
    scripts = ("vis-network", *PARTS, "network-vis.js", *CONTROLS) if few else (*PARTS, *ours, *CONTROLS)
    return Page(title, lang, _body(title, lang, data["kinds"]), data, STYLES, scripts)


def _vis(net: Drawn, free: bool) -> dict[str, Any]:
    from graph.views.network_vis import through_pyvis  # noqa: PLC0415 - slow to import, and not always needed

    return through_pyvis(net, free)


def _folded(net: Drawn, words: dict[str, str]) -> list[str]:
    """How many of which kind stand together, in words; nothing where none do."""
    members, groups = Counter[str](), Counter[str]()
    for fold in net.folds:
        kind = net.nodes[fold.members[0]].kind
        members[kind] += len(fold.members)
        groups[kind] += 1
    key = "zh" if words is WORDS["zh"] else "en"
    each = [
        words["folded-kind"].format(
            count=members[name], kind=getattr(BY_NAME[name], key), groups=groups[name]
        )
        for name in BY_NAME
        if members[name]
    ]
    return [words["folded"].format(each=words["and"].join(each))] if each else []


def _legend(rows: Sequence[Sequence[Any]]) -> str:
    return "\n".join(_legend_entry(BY_NAME.get(row[0], OTHER), row[1], row[5]) for row in rows)


def _legend_entry(kind: Kind, name: str, count: int) -> str:
    symbol = f'<svg viewBox="0 0 16 16" aria-hidden="true" fill="{kind.colour}">{SYMBOLS[kind.shape]}</svg>'
    return (
        f'<button type="button" class="kind" aria-pressed="true" data-kind="{kind.name}">{symbol}'
        f'<span>{name}</span> <span class="count">{count}</span></button>'
    )


def _body(title: str, lang: str, kinds: Sequence[Sequence[Any]]) -> str:
    markup = asset("network.html").replace("{legend}", _legend(kinds))
    for key, value in PAGE_WORDS[lang].items():
        markup = markup.replace("{" + key + "}", esc(value))
    return markup.replace("{title}", esc(title))
