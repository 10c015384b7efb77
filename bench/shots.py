"""Pictures of the main pages, wide and on a phone, light and dark, to be looked at by eye.

    python bench/shots.py [--store outputs/store] [-o outputs/shots] [NAME ...]

One PNG for each page, width and scheme, as `NAME-1440-light.png`; what the console said is printed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
SIZES = {1440: 900, 390: 844}
SCHEMES = ("light", "dark")
ASKED = "从 Queens 推迟到 Rocky 的有哪些"


def addresses(store: Path) -> dict[str, str]:
    """Name of a picture → address, for things that the store has."""
    from graph.serve.layout import href
    from graph.store import Reader

    # Of each kind the thing with the most statements: a full page shows more of what can go wrong.
    most = (
        "SELECT ?s (COUNT(?p) AS ?n) WHERE {{ ?s a kg:{0} ; ?p ?o }} GROUP BY ?s ORDER BY DESC(?n) ?s LIMIT 1"
    )
    pages = {
        "home": "/", "ask": f"/ask?q={quote(ASKED)}", "unknown": "/ask?q=who+voted+against", "features": "/features",
        "releases": "/releases", "people": "/people", "meetings": "/meetings", "questions": "/questions",
        "question": "/questions/slips?from=queens&to=rocky", "editor": "/editor", "timeline": "/timeline",
        "graph": "/graph", "missing": "/nowhere",
    }  # fmt: skip
    with Reader(store) as reader:
        for kind in ("Feature", "Release", "Person", "Meeting", "Patch", "Bug"):
            for iri, _ in reader.select(most.format(kind)).rows:
                pages[kind.lower()] = href(str(iri))
        for iri, _ in reader.select(most.format("Feature")).rows:
            pages["story"] = f"/timeline?feature={quote(str(iri).rsplit('/', 1)[-1])}"
            pages["around"] = f"/graph?thing={quote(str(iri).rsplit('/', 1)[-1])}"
    return pages


def main() -> None:
    """Serve the store, take every picture."""
    from browsing import running
    from conftest import serving

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--store", type=Path, default=Path("outputs/store"))
    parser.add_argument("-o", "--output", type=Path, default=Path("outputs/shots"))
    parser.add_argument("--whole", action="store_true", help="the whole length of a page, not one screen")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    asked.output.mkdir(parents=True, exist_ok=True)
    pages = {n: at for n, at in addresses(asked.store).items() if not asked.names or n in asked.names}
    with serving(asked.store) as site, running() as browser:
        for width, height in SIZES.items():
            for scheme in SCHEMES:
                view = {"width": width, "height": height}
                context = browser.new_context(viewport=view, color_scheme=scheme, locale="zh-CN")
                for name, at in pages.items():
                    page = context.new_page()
                    page.on("console", lambda m, name=name: print(f"{name}: {m.text}"))
                    page.goto(site + at)
                    page.wait_for_timeout(700)
                    page.screenshot(path=asked.output / f"{name}-{width}-{scheme}.png", full_page=asked.whole)
                    page.close()
                context.close()
    print(f"{len(pages) * len(SIZES) * len(SCHEMES)} pictures in {asked.output}")


if __name__ == "__main__":
    main()
