"""What changed: against the time before, feature by feature, and in the repositories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graph.table import Table
from graph.views.document import Block, Entries, Entry, Inline, Line, Link, Paragraph, Places, Strong
from graph.views.page import clip
from graph.views.report_facts import Fact
from graph.views.report_lines import Lines
from graph.views.report_model import Meeting, Month, Row, Tables, number, text
from graph.views.report_phrases import Phrases, counted, joined, phrases_of, says, series, short_day, spaced
from graph.views.report_tracks import Track, slips_of, standing, tracks_of
from graph.views.report_words import Words

_TITLE = 90
_NEWEST_TAGS = 6
Step = tuple[str, list[Fact]]


def changes(tables: Tables, month: Month, words: Words) -> list[Block]:
    """The section's blocks; none where nothing was discussed."""
    now = {key: t for key, t in tracks_of(month.meetings, month).items() if t.is_feature}
    phrases, blocks = phrases_of(words), list[Block]()
    if not now:
        return _whole(tables, month, words)
    before = month.period.before.said(words)
    if month.before:
        lines = list(_compared(now, month, words))
        if lines:
            blocks += [Paragraph((phrases.compared.format(before=before),)), _bullets(lines)]
    else:
        blocks.append(Paragraph((phrases.nothing_before.format(before=before, this=_this(month, words)),)))
    earlier = tracks_of(month.before, month)
    merged = _merged_of(tables.merged)
    specs = _by_feature(tables.specs)
    steps = {key: [*(earlier[key].steps[-1:] if key in earlier else []), *t.steps] for key, t in now.items()}
    told = [
        _entry(
            t,
            steps[key],
            [_merged(merged.get(t.slug, {}), words), *_specs(specs.get(t.slug, []), month, words)],
            month,
            words,
        )
        for key, t in now.items()
    ]
    entries = tuple(entry for entry in told if entry)
    if entries:
        # Two lists with nothing between them would be one in Markdown.
        apart = [Paragraph((phrases.each,))] if blocks and isinstance(blocks[-1], Entries) else []
        blocks += [*apart, Entries(entries)]
    blocks += _quiet([t for t, entry in zip(now.values(), told, strict=True) if entry is None], month, words)
    return [*blocks, *_whole(tables, month, words)]


def _this(month: Month, words: Words) -> str:
    one, many = phrases_of(words).this
    return one if month.period.count == 1 else many


def _bullets(lines: Iterable[Line]) -> Entries:
    return Entries(tuple(Entry(line) for line in lines))


# --- against the time before -------------------------------------------------------------------------------


def _compared(now: Mapping[str, Track], month: Month, words: Words) -> Iterator[Line]:
    phrases = phrases_of(words)
    before = {key: t for key, t in tracks_of(month.before, month).items() if t.is_feature}
    past = tracks_of(month.past, month)
    yield from _names(phrases.fresh, [t for key, t in now.items() if key not in before], month, words)
    yield from _names(phrases.gone, [t for key, t in before.items() if key not in now], month, words)
    for key, track in now.items():
        known = slips_of(past[key]) if key in past else {}
        for what, fact in slips_of(track).items():
            if what not in known:
                yield _slip(track, fact, month, words)
    yield from _carried_out(month, words)


def _names(lead: str, tracks: list[Track], month: Month, words: Words) -> Iterator[Line]:
    if tracks:
        places = tuple(dict.fromkeys(track.named[0] for track in tracks))
        yield (lead, words.both.join(track.name for track in tracks), Places(places, month.home))


def _slip(track: Track, fact: Fact, month: Month, words: Words) -> Line:
    name = f"{track.name}{words.open}{fact.part}{words.close}" if fact.part else track.name
    said = joined(name, says(fact.status, fact.release, words), words)
    when = f"{words.open}{short_day(fact.date, words)}{words.close}"
    return (phrases_of(words).slipped, said, when, Places((fact.place,), month.home))


def _carried_out(month: Month, words: Words) -> Iterator[Line]:
    """Decisions whose item is reported done at a later meeting, as a whole or by who was to do it."""
    lines = Lines(words, month, month.home)
    for meeting in (*month.past, *month.meetings):
        for item in meeting.items.values():
            for said in item.lines():
                for row in said.decisions:
                    done = _done_later(item.feature or item.heading, text(row["assignee"]), meeting, month)
                    if done:
                        what = spaced(
                            words.decides.format(who=text(row["assignee"]), what=lines.task(row)), words
                        )
                        when = f"{words.open}{short_day(meeting.date, words)}{words.close}"
                        places = ((said.source, said.line), done)
                        yield (phrases_of(words).done, what, when, Places(places, month.home))


def _done_later(name: str, assignee: str, meeting: Meeting, month: Month) -> tuple[str, int] | None:
    for later in month.meetings:
        if later.date <= meeting.date:
            continue
        for item in later.items.values():
            if name not in (item.feature, item.heading):
                continue
            for said in item.lines():
                for row in said.statuses:
                    whole = not text(row["part"]) and not row["bug"] and not row["patch"]
                    if row["status"] == "done" and not said.doubtful and (whole or row["person"] == assignee):
                        return said.source, said.line
    return None


# --- feature by feature ------------------------------------------------------------------------------------


def _entry(track: Track, steps: list[Step], lines: list[Line], month: Month, words: Words) -> Entry | None:
    """How a feature moved, from how it stood at the end of the time before; and what was merged."""
    path, places = _path(steps if track.steps else [], words)
    below = tuple(line for line in lines if line)
    if not path and not below:
        return None
    at = places or tuple(dict.fromkeys(track.named))
    said = f"{words.colon}{path}" if path else ""
    return Entry((Strong((track.name,)), said, Places(at, month.home)), below)


def _path(track_steps: list[Step], words: Words) -> tuple[str, tuple[tuple[str, int], ...]]:
    """`计划在 Queens 完成（1月8日）→ 没有进展（1月15日）`, and where each step was said."""
    steps: list[tuple[str, list[str]]] = []
    places: list[tuple[str, int]] = []
    for date, facts in track_steps:
        said, used = standing(facts, words)
        if not said:
            continue
        places += [fact.place for fact in used]
        if steps and steps[-1][0] == said:
            steps[-1][1].append(date)
        else:
            steps.append((said, [date]))
    told = [
        f"{said}{words.open}{words.both.join(short_day(date, words) for date in dates)}{words.close}"
        for said, dates in steps
    ]
    arrow = "→ " if words.lang == "zh" else " → "
    return arrow.join(told), tuple(dict.fromkeys(places))


def _merged_of(table: Table) -> dict[str, dict[str, Row]]:
    """Feature → patch → its first commit in this time."""
    found: dict[str, dict[str, Row]] = {}
    for row in table.dicts():
        found.setdefault(text(row["feature"]), {}).setdefault(text(row["patch"]), row)
    return found


def _by_feature(table: Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in table.dicts():
        found.setdefault(text(row["feature"]), []).append(row)
    return found


def _merged(patches: Mapping[str, Row], words: Words) -> Line:
    if not patches:
        return ()
    phrases = phrases_of(words)
    newest = max(patches.values(), key=lambda row: (text(row["merged"]), text(row["sha"])))
    version = text(newest["version"])
    notes = [short_day(text(newest["merged"]), words), version]
    aside = f"{words.open}{words.comma.join(note for note in notes if note)}{words.close}"
    link = Link(clip(text(newest["title"]), _TITLE), text(newest["url"]))
    if len(patches) == 1:
        one = "合入补丁 " if words.lang == "zh" else "merged: patch "
        return (one, link, aside)
    return (phrases.merged.format(n=len(patches)), phrases.newest, link, aside)


def _specs(rows: list[Row], month: Month, words: Words) -> list[Line]:
    return [_spec(row, month, words) for row in rows]


def _spec(row: Row, month: Month, words: Words) -> Line:
    state = phrases_of(words).spec.get(text(row["state"]), text(row["state"]))
    release = month.releases.get(text(row["release"]), text(row["release"]))
    what = f"{state}{words.open}{release}{words.comma}{short_day(text(row['date']), words)}{words.close}"
    return (what, _spec_place(row))


def _spec_place(row: Row) -> Places:
    return Places(((f"{text(row['source']).rstrip('/')}/{text(row['path'])}", number(row["line"])),))


def _quiet(tracks: list[Track], month: Month, words: Words) -> list[Block]:
    """Features that nothing is reported of, in one line."""
    if not tracks:
        return []
    places = tuple(dict.fromkeys(track.named[0] for track in tracks))
    said = phrases_of(words).only_named.format(names=series([t.name for t in tracks], words))
    return [Paragraph((spaced(said, words), Places(places, month.home)))]


# --- in the repositories -----------------------------------------------------------------------------------


def _whole(tables: Tables, month: Month, words: Words) -> list[Block]:
    """One line on the projects of the notes: patches merged, versions tagged, specs that changed."""
    phrases = phrases_of(words)
    line: list[Inline] = []
    for row in _own(tables.whole, month):
        lead = words.comma if line else ""
        line.append(f"{lead}{text(row['project'])} {phrases.merged.format(n=number(row['patches']))}")
    line += _tags(tables, month, phrases, words, bool(line))
    for state in ("approved", "implemented"):
        rows = [row for row in tables.specs.dicts() if row["state"] == state]
        if rows:
            told = counted(phrases.specs, len(rows), state=_state(state, words))
            line += [words.comma if line else "", told, _spec_place(rows[-1])]
    return [Paragraph((phrases.whole, *line, words.stop))] if line else []


def _state(state: str, words: Words) -> str:
    if words.lang == "zh":
        return {"approved": "获批", "implemented": "转为已实现"}[state]
    return {"approved": "approved", "implemented": "moved to implemented"}[state]


def _own(table: Table, month: Month) -> list[Row]:
    return [row for row in table.dicts() if not month.projects or text(row["project"]) in month.projects]


def _tags(tables: Tables, month: Month, phrases: Phrases, words: Words, more: bool) -> list[Inline]:
    found: dict[str, list[Row]] = {}
    for row in _own(tables.tags, month):
        found.setdefault(text(row["project"]), []).append(row)
    line: list[Inline] = []
    for project, rows in found.items():
        names = [f"{text(r['version'])}{words.open}{short_day(text(r['date']), words)}{words.close}"
                 for r in rows[-_NEWEST_TAGS:]]  # fmt: skip
        told = phrases.tagged.format(project="" if more else project, names=words.both.join(names)).strip()
        places = tuple((text(r["source"]), number(r["line"])) for r in rows[-_NEWEST_TAGS:] if r["source"])
        line += [words.comma if more or line else "", told, Places(places)]
    return line
