"""The post of a release: what it promised and what became of it, every number with its source.

# Queens: what it promised, and what became of it
## 1. In numbers          promised, shipped, slipped, dropped: number, source, the command that lists it
## 2. Slipped             spec, where it went, versions of its patches, what meetings said
## 3. Dropped …
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from graph.views.document import (
    Block,
    Code,
    Entries,
    Entry,
    Grid,
    Heading,
    Inline,
    Line,
    Link,
    Locate,
    Paragraph,
    Places,
    Strong,
    markdown,
)
from graph.views.report import page_of
from graph.views.report_cycle import cycle_blocks
from graph.views.report_facts import facts_of
from graph.views.report_lines import plain
from graph.views.report_model import Item, Month, Row, number, text
from graph.views.report_period import Period
from graph.views.report_promises import (
    FATES,
    Promise,
    Promises,
    cycles_of,
    heard,
    promises_of,
    release_row,
)
from graph.views.report_release_words import Said, said_of
from graph.views.report_tracks import standing
from graph.views.report_words import Words, aside, day, words_of

_PACKED = (".git", ".bundle", ".jsonl")
SHOWN = 3  # versions that are named
Page = Callable[[str, str], str]
"""Kind (feature, spec) and key or path → its page at the community's forge, or empty."""


def _nowhere(_kind: str, _key: str) -> str:
    return ""


def release_markdown(tables: Promises, lang: str, locate: Locate = str, page: Page = _nowhere) -> str:
    """The post of a release as Markdown."""
    return markdown(_Post(tables, words_of(lang), page).blocks(), locate)


def release_html(tables: Promises, lang: str, locate: Locate = str, page: Page = _nowhere) -> str:
    """The same as one self-contained page."""
    post = _Post(tables, words_of(lang), page)
    return page_of(post.blocks(), post.title, lang, locate)


def _command(query: str, feature: str) -> Code:
    """What lists a feature's patches or specs, to be typed as it is."""
    return Code(f"kg query {query} -p feature={shlex.quote(feature)}")


@dataclass(frozen=True)
class _Post:
    tables: Promises
    words: Words
    page: Page

    @property
    def said(self) -> Said:
        return said_of(self.words)

    @property
    def label(self) -> str:
        return text(release_row(self.tables).get("label")) or self.tables.release

    @property
    def title(self) -> str:
        return self.said.title.format(release=self.label)

    def blocks(self) -> tuple[Block, ...]:
        promises = promises_of(self.tables)
        groups = {fate: [p for p in promises if p.fate == fate] for fate in FATES}
        sections: list[tuple[str, list[Block]]] = [(self.said.numbers, self._numbers(promises))]
        for fate, some in groups.items():
            if some:
                entries = tuple(self._promise(promise) for promise in some)
                sections.append(
                    (
                        f"{self.said.fates[fate]}{aside([str(len(some))], self.words)}",
                        [Entries(entries, numbered=True)],
                    )
                )
        rows = heard(self.tables)
        if rows:
            sections.append((self.said.heard, [Entries(tuple(self._heard(row) for row in rows))]))
        for cycle in cycles_of(self.tables):
            inside = cycle_blocks(cycle, self.tables.release, self.words)
            sections.append((self.said.cycle.format(project=cycle.project), inside))
        blocks: list[Block] = [Heading(1, (self.title,)), *self._dates()]
        for n, (name, inside) in enumerate((s for s in sections if s[1]), 1):
            blocks += [Heading(2, (f"{n}. {name}",)), *inside]
        return tuple(blocks)

    # --- dates and numbers ---------------------------------------------------------------------------------

    def _dates(self) -> list[Block]:
        row, said = release_row(self.tables), self.said
        parts: list[Inline] = []
        dates = (text(row.get("start")), text(row.get("freeze")), text(row.get("ship")))
        told = [
            words.format(date=day(date, self.words))
            for words, date in zip(said.dates, dates, strict=True)
            if date
        ]
        if told:
            line = self.words.comma.join(told)
            parts += [f"{line[0].upper()}{line[1:]}{self.words.stop}", Places(self._dated())]
        return [Paragraph(tuple(parts))] if parts else []

    def _dated(self) -> tuple[tuple[str, int], ...]:
        """Where the days of freeze and release are written."""
        row = release_row(self.tables)
        days = {text(row.get("ship")), text(row.get("freeze"))} - {""}
        found = [r for r in self.tables.milestones.dicts() if text(r["date"]) in days and r["source"]]
        names = ("final release", "feature freeze")
        return tuple(
            sorted(
                {(text(r["source"]), number(r["line"])) for r in found if text(r["name"]).lower() in names}
            )
        )

    def _numbers(self, promises: list[Promise]) -> list[Block]:
        if not promises:
            return [Paragraph((self.said.no_specs.format(release=self.label),))]
        counts = {fate: [p for p in promises if p.fate == fate] for fate in FATES}
        plan, away = (
            f"kg query release-plan -p release={self.tables.release}",
            f"kg query slips-from -p from={self.tables.release}",
        )
        commands = {
            "shipped": plan,
            "slipped": away,
            "dropped": f"kg query dropped -p release={self.tables.release}",
            "open": plan,
        }
        rows = [self._number(self.said.promised, len(promises), self._specs(promises), plan)]
        for fate, some in counts.items():
            if some or fate != "open":
                note = self._classes(some) if fate == "slipped" else self.said.how[fate]
                rows.append(
                    self._number(
                        self.said.fates[fate],
                        len(some),
                        f"{self._specs(promises)}{self.words.comma}{note}",
                        commands[fate],
                    )
                )
        rows += self._heard_number()
        return [Grid(self.said.heads, tuple(rows)), Paragraph((self.said.counted,))]

    def _number(self, name: str, count: int, source: str, command: str) -> tuple[Line, ...]:
        return ((name,), (str(count),), (source,), (Code(command),))

    def _specs(self, promises: list[Promise]) -> str:
        names = sorted({promise.source.rstrip("/").rsplit("/", 1)[-1] for promise in promises})
        return self.words.both.join(names)

    def _classes(self, slipped: list[Promise]) -> str:
        """`其中同名重提 7、改名 1、缩减 1`."""
        counts: dict[str, int] = {}
        for promise in slipped:
            kind = text(promise.slips[0]["class"])
            counts[kind] = counts.get(kind, 0) + 1
        said = [
            f"{self.said.classes.get(kind, kind)} {count}"
            for kind, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        ]
        return (
            self.said.of_them.format(classes=self.words.both.join(said)) if said else self.said.how["slipped"]
        )

    def _heard_number(self) -> list[tuple[Line, ...]]:
        rows = heard(self.tables)
        if not rows:
            return []
        command = f"kg query slips-from -p from={self.tables.release}"
        return [self._number(self.said.heard, len(rows), self.said.not_counted, command)]

    # --- one promise ---------------------------------------------------------------------------------------

    def _promise(self, promise: Promise) -> Entry:
        url = next((found for thing in sorted(promise.things) if (found := self.page("feature", thing))), "")
        head: Line = (
            Strong((promise.label,)),
            " ",
            Link(promise.feature, url),
            self.words.comma,
            *self._spec(promise.path, promise.source, promise.feature),
        )
        lines = [self._went(row) for row in promise.slips if row["class"] != "dropped"]
        lines += self._versions(promise)
        lines += [self._disagreement(row) for row in promise.slips if row.get("disagreement")]
        lines += self._meetings(promise)
        return Entry(head, tuple(lines))

    def _spec(self, path: str, source: str, feature: str) -> Line:
        """The spec: its page where the community has one, else its file; in what is no folder, how to ask for it."""
        url = self.page("spec", path)
        if url:
            return (Link(path, url),)
        if source.endswith(_PACKED):
            return (path, " ", _command("spec", feature)) if feature else (path,)
        return (Places(((f"{source.rstrip('/')}/{path}", 1),), label=path),)

    def _went(self, row: Row) -> Line:
        """`→ Rocky：改名为 x，已实现`."""
        said, labels = self.said, self._labels()
        to = labels.get(text(row["to"]), text(row["to"]))
        parts = [said.how_moved.get(text(row["class"]), "")]
        if row["became"] and row["became"] != row["feature"]:
            parts.append(said.became.format(name=text(row["became"])))
        parts.append(said.outcomes.get(text(row["outcome"]), ""))
        if row["next"]:
            parts.append(said.again.format(release=labels.get(text(row["next"]), text(row["next"]))))
        told = self.words.comma.join(part for part in parts if part)
        return (f"→ {to}{self.words.colon}{told}", *self._evidence(row))

    def _labels(self) -> dict[str, str]:
        return {text(row["release"]): text(row["label"]) for row in self.tables.releases.dicts()}

    def _evidence(self, row: Row) -> Line:
        """The later spec among the places of a slip: `SOURCE:PATH:LINE`, the last of them."""
        cell = text(row["evidence"])
        later = [place.rsplit(":", 2) for place in cell.split("; ") if place.count(":") >= 2]
        specs = [parts for parts in later if parts[2].isdigit() and "/" in parts[1]]
        if not specs:
            return ()
        source, path, _ = specs[-1]
        # Under its old name it has been asked for already.
        name = "" if row["became"] == row["feature"] else text(row["became"])
        return (self.words.comma, *self._spec(path, source, name))

    def _versions(self, promise: Promise) -> list[Line]:
        """`补丁：Queens 4 个（17.0.0.0b3）、Rocky 5 个（18.0.0.0b2）`: the release's own first."""
        if not promise.landed:
            return [(self.said.no_patches,)] if promise.fate == "shipped" else []
        labels, order = self._labels(), [text(row["release"]) for row in self.tables.releases.dicts()]
        by_release: dict[str, list[Row]] = {}
        for row in promise.landed:
            by_release.setdefault(text(row["landed"]), []).append(row)
        own, told = self.tables.release, []
        for release in sorted(
            by_release, key=lambda r: (r != own, order.index(r) if r in order else len(order))
        ):
            rows = sorted(by_release[release], key=lambda r: (text(r["first"]), text(r["version"])))
            versions = self._some(list(dict.fromkeys(text(row["version"]) for row in rows)))
            count = sum(number(row["patches"]) for row in rows)
            told.append(
                self.said.landed.format(n=count, release=labels.get(release, release), versions=versions)
            )
        said = self.said.patches.format(landed=self.words.both.join(told))
        return [(said, " ", _command("patches", promise.feature))]

    def _some(self, versions: list[str]) -> str:
        """Three versions, or the first and the last of more."""
        if len(versions) > SHOWN:
            return self.said.range.format(first=versions[0], last=versions[-1])
        return self.words.both.join(versions)

    def _disagreement(self, row: Row) -> Line:
        return (f"{self.said.disagree}{text(row['disagreement'])}",)

    def _meetings(self, promise: Promise) -> list[Line]:
        """How the feature stood by each meeting, then what is doubtful in the notes' own words."""
        odd = {(text(r["source"]), number(r["line"])) for r in self.tables.odd.dicts()}
        days: dict[str, Item] = {}
        doubtful: dict[tuple[str, int], Line] = {}
        for row in promise.said:
            place = (text(row["source"]), number(row["line"]))
            if place in odd:
                quote = self.words.quotes.format(plain(text(row["quote"])))
                told = f"{day(text(row['date']), self.words)}{self.words.colon}{quote}"
                doubtful[place] = (told, aside([self.words.doubtful], self.words), Places((place,)))
            else:
                item = days.setdefault(text(row["date"]), Item(promise.label, "feature", *place))
                item.at(*place).statuses.append(row)
        return [*self._path(days), *doubtful.values()]

    def _path(self, days: dict[str, Item]) -> list[Line]:
        months = self._month()
        steps = [(date, *standing(facts_of(item, months), self.words)) for date, item in sorted(days.items())]
        told = [f"{said}{aside([day(date, self.words)], self.words)}" for date, said, _ in steps if said]
        if not told:
            return []
        places = tuple(dict.fromkeys(fact.place for _, _, facts in steps for fact in facts))
        arrow = "→ " if self.words.lang == "zh" else " → "
        home = places[0][0] if len({source for source, _ in places}) == 1 else ""
        name = aside([home.rsplit("/", 1)[-1]], self.words) if home else ""
        return [(f"{self.said.meetings}{name}{self.words.colon}{arrow.join(told)}", Places(places, home))]

    def _month(self) -> Month:
        """Names and freezes of the releases; nothing else is needed to say how something stands."""
        freezes = {text(row["release"]): text(row["freeze"]) for row in self.tables.releases.dicts()}
        return Month(Period("0001-01", "0001-01"), (), (), self._labels(), freezes, {})

    def _heard(self, row: Row) -> Entry:
        labels = self._labels()
        to = labels.get(text(row["to"]), text(row["to"]))
        places = []
        for cell in text(row["evidence"]).split("; "):
            source, _, line = cell.rpartition(":")
            if line.isdigit():
                places.append((source, int(line)))
        name = text(row["label"]) or text(row["feature"])
        return Entry((Strong((name,)), f" → {to}", Places(tuple(places))))
