"""One feature's life for a terminal: dated lines in order, cycle by cycle, with the words and places they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Group
from rich.table import Table
from rich.text import Text

from graph.views.models import Release, Timeline
from graph.views.page import clip, columns, visible
from graph.views.timeline_page_story import VERBS, Told, chapters
from graph.views.timeline_page_words import page_words
from graph.views.timeline_words import OUTCOME_LOOKS, words_of

DATE = 10
MOST_PATCHES = 12  # of one version that are named
STYLES = {"title": "bold", "soft": "dim", "slipped": "bold dark_orange", "head": "bold blue"}


def timeline_story(model: Timeline, width: int = 100, color: bool = True) -> Group:
    """A rich renderable of at most `width` columns. Names and words are plain text to rich, never its markup."""
    teller = _Teller(model, color)
    title = teller.text(clip(model.features[0].label if model.features else model.title, width), "title")
    told = [line for part in chapters(model) for line in teller.chapter(*part)]
    head = [title, *teller.names(), *teller.people()]
    return Group(*head, *(told or [Text(words_of(model.lang)["nothing"])]))


class _Teller:
    def __init__(self, model: Timeline, color: bool) -> None:
        self.model, self.color = model, color
        self.words, self.page = words_of(model.lang), page_words(model.lang)

    def text(self, content: str, style: str = "") -> Text:
        """Plain text; the style is dropped without colour."""
        return Text(visible(content), STYLES.get(style, style) if self.color else "")

    def names(self) -> Iterator[Text]:
        """Every name of the feature, and those of what it continues or became."""
        for feature in self.model.features:
            yield self.text(", ".join(feature.slugs), "soft")

    def people(self) -> Iterator[Text]:
        """Who takes part, by name, with the roles and how often."""
        found: dict[str, Counter[str]] = {}
        for who in (one for feature in self.model.features for one in feature.people):
            found.setdefault(who.name, Counter())[who.role] += who.times
        said = [
            f"{name} ({', '.join(f'{role} {times}' for role, times in roles.items())})"
            for name, roles in sorted(found.items(), key=lambda entry: entry[0].casefold())
        ]
        if said:
            yield self.text(f"{self.words['people']}: {'; '.join(said)}")

    def chapter(self, release: Release | None, entries: list[Told]) -> Iterator[Text | Table]:
        """The cycle's name and days, and its entries."""
        yield Text()
        yield self._heading(release, entries)
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True, min_width=DATE)
        grid.add_column(no_wrap=True, min_width=max(columns(self.page[verb]) for verb in VERBS.values()))
        grid.add_column(overflow="fold")
        for entry in entries:
            grid.add_row(self.text(entry.date), self._verb(entry), self._says(entry))
        yield grid

    def _heading(self, release: Release | None, entries: list[Told]) -> Text:
        if release is None:
            return self.text(self.page["s-before" if entries[0].date else "s-undated"], "head")
        line = self.text(release.label, "head")
        days = ((release.freeze, self.words["freeze"]), (release.ship, self.words["ship"]))
        said = [release.start, *(f"{word} {day}" for day, word in days if day)]
        return line.append_text(self.text("  " + " · ".join(part for part in said if part), "soft"))

    def _verb(self, entry: Told) -> Text:
        look = OUTCOME_LOOKS.get(entry.tone)
        return self.text(self.page[entry.verb], look.style if look else "")

    def _says(self, entry: Told) -> Text:
        said = self.text(entry.says)
        quote = entry.quote if entry.quote and entry.quote not in entry.says else ""
        if quote:
            said.append_text(self.text("\n" + "“" + quote + "”"))
        if entry.source:
            place = f"{entry.source}:{entry.line}" if entry.line else entry.source
            said.append_text(self.text("\n" + place, "soft"))
        for day, title, place, _ in entry.inner[:MOST_PATCHES]:
            said.append_text(self.text(f"\n{day} {title}")).append_text(self.text(f" {place}", "soft"))
        more = len(entry.inner) - MOST_PATCHES
        return (
            said.append_text(self.text("\n" + self.words["more"].format(n=more), "soft"))
            if more > 0
            else said
        )
