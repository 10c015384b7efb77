"""What the page of a thing says: key facts, how it stands, and its sections with links and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from graph import behind, things
from graph.errors import UnknownName
from graph.evidence import Statements
from graph.sentences import filled, meets
from graph.serve.layout import href
from graph.serve.recent import Recent
from graph.serve.results_cells import Grid, Shown, by_name, short
from graph.serve.results_words import column as column_in_general
from graph.serve.state import Generation
from graph.serve.thing_cells import PEOPLE, RELEASES, cells
from graph.serve.thing_fate import fate
from graph.serve.thing_statements import Fact, pointing, statements
from graph.serve.thing_words import column_word, kind_word, value_word
from graph.sparql import QueryFile
from graph.table import Cell, Table
from graph.terms import ID, STATUSES, expand, keys_of, kg
from graph.things import KINDS, Section, kind_of
from graph.views.page import safe_url

FIRST = 10  # rows of a section before "all …"
MOST = 200  # rows of a section that has no page of its own
KEPT = 400  # pages that are kept
_CODES = re.compile(rf"(?<![\w-])({'|'.join(STATUSES)})(?![\w-])")
_DAY = re.compile(r"\d{4}-\d\d(-\d\d)?")
Tables = dict[str, Table]


@dataclass(frozen=True)
class Part:
    """A section as it is shown; `total` rows there are, `whole` leads to them all, `same` to its question."""

    name: str
    title: str
    told: str
    grid: Grid
    total: int
    whole: str
    same: str
    note: str = ""


@dataclass(frozen=True)
class ThingPage:
    """All that the page of a thing shows."""

    iri: str
    kind: str
    title: str
    note: str
    stands: tuple[str, ...]
    same: Shown | None
    facts: tuple[Fact, ...]
    alerts: tuple[tuple[Shown, ...], ...]
    parts: tuple[Part, ...]
    without: tuple[str, ...]
    pointing: tuple[Fact, ...]
    place: Shown | None


def thing_page(now: Generation, iri: str, lang: str) -> ThingPage:
    """The page of a thing that is known; the last ones are kept as long as their build is the newest."""
    recent: Recent[tuple[str, str], ThingPage] = now.kept("pages of things", lambda: Recent(KEPT))
    return recent.get((iri, lang), lambda: _made(now, iri, lang))


def _made(now: Generation, iri: str, lang: str) -> ThingPage:
    kind = kind_of(iri)
    look = KINDS.get(kind, things.Kind("", ""))
    tables = _tables(now, look, iri)
    said = things.own(now.reader, iri)
    title, note = named(now, iri)
    word = word_for(now, "feature" if kind == "topic" else kind, iri) if look.sections else ""
    parts = [
        _part(now, section, tables[section.question], (word, note or title), lang)
        for section in look.sections
    ]
    facts = _facts(now, look, tables, said, lang)
    return ThingPage(
        iri, kind_word(kind, lang), title, note,
        _stands(now, look, tables, note or title, lang), _same(now, said),
        tuple(fact for fact in facts if not _is_said(fact, title, iri)),
        _alerts(iri, title, tables, lang), tuple(part for part in parts if part.total or part.note),
        tuple(part.title for part in parts if not (part.total or part.note)),
        () if look.sections and kind != "commit" else pointing(now, iri, lang), _place(said, now),
    )  # fmt: skip


def _is_said(fact: Fact, title: str, iri: str) -> bool:
    """Whether a fact says no more than the title does."""
    first = fact.values[0]
    whole = first.text == title or (kind_of(iri) in ("meeting", "bug") and first.text in title)
    return len(fact.values) == 1 and not first.href and whole


def _tables(now: Generation, look: things.Kind, iri: str) -> Tables:
    names = (look.facts, *look.stands, *(section.question for section in look.sections))
    return {
        name: things.table(now.reader, things.question(now.catalogue, name), iri)
        for name in dict.fromkeys(names)
        if name
    }


def named(now: Generation, iri: str) -> tuple[str, str]:
    """The title of a thing and the key it is known by ("" where that is its title)."""
    label = things.labels(now.reader, [iri]).get(iri, "")
    kind, key = kind_of(iri), keys_of(iri)[-1]
    if kind == "version":
        return label or key, key
    if kind == "commit":
        return label or key, key[:12]
    if kind == "bug":
        return label or key, ""
    if not label:
        return key if kind in KINDS else short(iri), ""
    return label, key if kind in ("feature", "patch") and key != label else ""


# ---- sentences


def told(asked: QueryFile, found: Table, name: str, lang: str) -> str:
    """The sentence of a question on rows; what it says of none where there are none."""
    rows = found.dicts()
    texts = asked.answers if rows else asked.empties
    text = texts.get(lang) or texts.get("en") or ""
    said = (when for when in asked.whens if when.lang == lang and any(meets(r, when.condition) for r in rows))
    first = next(said, None)
    slots = {asked.params[0].name: name, "yes": "", "no": ""}
    return filled(first.text if first else text, rows, slots, asked.counts, lang)


def _stands(now: Generation, look: things.Kind, tables: Tables, name: str, lang: str) -> tuple[str, ...]:
    texts = (
        fate(tables["promises"], tables["current-status"], name, lang) if "promises" in look.stands else ()
    )
    if not texts:
        said = ((things.question(now.catalogue, q), tables[q]) for q in look.stands)
        texts = tuple(told(asked, found, name, lang) for asked, found in said if found.rows)
    return tuple(_CODES.sub(lambda code: STATUSES[code[1]][lang == "zh"], text) for text in texts)


def _alerts(iri: str, title: str, tables: Tables, lang: str) -> tuple[tuple[Shown, ...], ...]:
    """Where sources contradict each other; all of them stay."""
    rows: list[behind.Row] = []
    for report in tables.get("page-reports", Table((), ())).dicts():
        part = f" · {report['part']}" if report["part"] else ""
        goal = f" → {report['release']}" if report["release"] else ""
        says = f"{report['status']}{part}{goal}"
        rows.append(
            (report["date"], "StatusReport", says, report["quote"], report["source"], report["line"], None)
        )
    for slip in tables.get("slips-of", Table((), ())).dicts():
        says = f"{slip['class']} · {slip['from']} → {slip['to']}"
        rows.append((None, "Slip", says, slip["disagreement"], None, None, None))
    found = Statements(iri, title, Table(behind.COLUMNS, tuple(rows))).contradictions(lang)
    places = {f"{row[4]}:{row[5]}": (str(row[4]), str(row[5])) for row in rows if row[4]}
    return tuple(tuple(_with_places(text, places)) for text in dict.fromkeys(found))


def _with_places(text: str, places: Mapping[str, tuple[str, str]]) -> Iterable[Shown]:
    """A text in pieces, its places as links."""
    names = "|".join(re.escape(name) for name in sorted(places, key=len, reverse=True))
    for piece in re.split(rf"({names})(?!\d)", text) if names else [text]:
        source, line = places.get(piece, ("", ""))
        if source:
            address = f"/evidence?source={quote(source, safe='')}&line={line}"
            yield Shown(piece.rpartition("/")[2], address, whole=piece)
        elif piece:
            yield Shown(piece)


# ---- sections


def _part(now: Generation, section: Section, found: Table, called: tuple[str, str], lang: str) -> Part:
    word, name = called
    asked = things.question(now.catalogue, section.question)
    own_page = "" if section.question.startswith("page-") else section.question
    address = _question(now, own_page or section.whole, word)
    cut = FIRST if address else MOST
    rows = _listed(section, found)
    shown = cells(
        now, asked, section, Table(found.columns, (rows[::-1] if section.newest else rows)[:cut]), lang
    )
    said = told(asked, found, name, lang) if section.told and found.rows else ""
    return Part(
        section.question, section.zh if lang == "zh" else section.en, said, shown, len(rows),
        address if len(rows) > cut else "", address, _unlisted(section, found, lang),
    )  # fmt: skip


def _listed(section: Section, found: Table) -> tuple[tuple[Cell, ...], ...]:
    """The rows that show something, and have what the section cannot do without."""
    wanted = (section.needs,) if section.needs else section.columns
    shown = [at for at, column in enumerate(found.columns) if column in wanted]
    return tuple(row for row in found.rows if any(row[at] not in (None, "") for at in shown))


def _unlisted(section: Section, found: Table, lang: str) -> str:
    """What was merged and is in no version yet, of a section that lists versions."""
    if section.needs != "version":
        return ""
    waiting = sum(int(str(row["patches"])) for row in found.dicts() if row["version"] in (None, ""))
    text = (
        f"已合入、尚未进入任何发行号：{waiting}" if lang == "zh" else f"Merged, in no version yet: {waiting}"
    )
    return text if waiting else ""


def _question(now: Generation, name: str, word: str) -> str:
    """The address of a question about a thing; "" without a question."""
    if not name:
        return ""
    param = now.catalogue.get(name).params[0]
    return f"/questions/{name}?{urlencode({param.name: word})}"


def asking(now: Generation, iri: str, lang: str) -> str:
    """A question about a thing in words, as its kind is asked about; "" for a kind that no question is about."""
    look = KINDS.get(kind_of(iri))
    name = next(iter((*look.stands, look.facts)), "") if look else ""
    if not name:
        return ""
    asked = now.catalogue.get(name)
    phrases = asked.phrases.get(lang) or asked.phrases.get("en") or ("",)
    kind = kind_of(iri)
    word = word_for(now, "feature" if kind == "topic" else kind, iri)
    return phrases[0].replace(
        "{" + asked.params[0].name + "}", keys_of(iri)[-1] if word.startswith(ID) else word
    )


def word_for(now: Generation, kind: str, iri: str) -> str:
    """A word that names a thing and no other, else its IRI."""
    key = keys_of(iri)[-1]
    if kind not in ("feature", "release", "person"):
        return key
    try:
        return key if now.names.thing(kind, key).iri == iri else iri
    except UnknownName:
        return iri


# ---- facts


def _facts(
    now: Generation, look: things.Kind, tables: Tables, said: Sequence[tuple[str, str]], lang: str
) -> tuple[Fact, ...]:
    if not look.facts:
        own = said if not look.sections else [(name, value) for name, value in said if name != kg("quote")]
        return statements(now, own, lang)
    rows = tables[look.facts].dicts()
    out = []
    for column in look.columns:
        value = next((str(row[column]) for row in rows if row.get(column) not in (None, "")), "")
        if value:
            word = column_word(column, lang) or column_in_general(column, lang)
            out.append(Fact(word, tuple(_values(now, column, value, lang))))
    return tuple(out)


def _values(now: Generation, column: str, value: str, lang: str) -> Iterable[Shown]:
    """The values of a key fact; a list of names is one value each."""
    many = column in ("names", "releases", "shipped", "features", "bugs")
    for piece in value.split(", ") if many else [value]:
        kind = "release" if column in ("releases", "shipped", "release", *RELEASES) else "person"
        iri = "" if _DAY.fullmatch(piece) else by_name(now)[kind].get(piece.casefold(), "")
        linked = iri if kind == "release" or column in PEOPLE else ""
        away = bool(safe_url(piece))
        yield Shown(value_word(column, piece, lang), piece if away else href(linked), away=away)


def _same(now: Generation, said: Sequence[tuple[str, str]]) -> Shown | None:
    """What a name of the notes stands for."""
    target = next((value for name, value in said if name in (kg("resolvesTo"), kg("samePatch"))), "")
    if not target:
        return None
    return Shown(things.labels(now.reader, [target]).get(target) or short(target), href(target))


def _place(said: Sequence[tuple[str, str]], now: Generation) -> Shown | None:
    """Where the thing itself stands in a source."""
    facts = dict(reversed(said))
    source = facts.get(kg("fromSource"), "")
    name = dict(things.own(now.reader, source)).get(expand("dcterms:source"), "") if source else ""
    line, path, sha = (facts.get(kg(n), "") for n in ("line", "path", "sha"))
    sha = sha or (facts.get(kg("key"), "") if kg("commitOf") in facts else "")
    if kg("inCommit") in facts:  # the line is one of the commit's message
        sha = keys_of(facts[kg("inCommit")])[-1]
    if not name or not (line or path or sha):
        return None
    spot = f"{name}:{sha[:12]}" if sha else f"{name}:{path}" if path else name
    tail = f"&line={line}" if line and not sha else ""
    return Shown(f"{spot}:{line}" if tail else spot, f"/evidence?source={quote(spot, safe='')}{tail}")
