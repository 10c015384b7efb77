"""What a drawing is made of: the tables of a scene from the store, and the things that a user's words name in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from graph import sparql
from graph.errors import UnknownName
from graph.names import Names, acronym
from graph.queries import shipped
from graph.store import Reader
from graph.table import Table
from graph.terms import fold
from graph.views.models import Timeline
from graph.views.scene_timeline import Choice, story_of, timeline_scene
from graph.views.scenes import NETWORK_TABLES, OF_THINGS, TIMELINE_TABLES, Row, Scene, scene

THREADS = 4
THINGS = ("feature", "person", "patch", "bug", "release")


def read_scene(
    reader: Reader, lang: str, names: Collection[str] = NETWORK_TABLES, about: Collection[str] | None = None
) -> Scene:
    """A scene of some tables; lang: `zh` or `en`. With `about` (IRIs), the tables OF_THINGS hold only those things."""
    first = sorted(names, key=lambda name: name not in ("landings", "tracked", "commits"))
    # Oxigraph answers without Python's lock, so that two tables are read in the time of one.
    with ThreadPoolExecutor(THREADS) as pool:
        tables = pool.map(lambda name: _table(reader, name, about), first)
        return scene(dict(zip(first, tables, strict=True)), lang)


def _table(reader: Reader, name: str, about: Collection[str] | None) -> Table:
    query = sparql.load(shipped() / "views" / f"scene-{name}.rq", checked=False)
    if about is None or name not in OF_THINGS:
        return reader.select(query.text)
    found = [reader.select(query.text, {"thing": ("iri", thing)}) for thing in sorted(about)]
    return Table(query.columns, tuple(row for table in found for row in table.rows))


@dataclass(frozen=True)
class Wanted:
    """What a user wants a timeline of, in words: features (none: all), a release, a person; days as ISO dates."""

    features: tuple[str, ...] = ()
    release: str = ""
    person: str = ""
    since: str = ""
    until: str = ""


def read_timeline(reader: Reader, names: Names, lang: str, wanted: Wanted) -> Timeline:
    """The timeline of what is wanted. Raises UnknownName for a word that names nothing."""
    small = tuple(name for name in TIMELINE_TABLES if name not in OF_THINGS)
    first = read_scene(reader, lang, small if wanted.features else TIMELINE_TABLES)
    choice, title = _choice(first, names, wanted)
    if choice.things:
        first = Scene({**first.rows, **_rest(reader, first, choice)}, lang)
    return timeline_scene(first, choice, title)


def timeline_of(whole: Scene, names: Names, wanted: Wanted) -> Timeline:
    """The same from a scene of all TIMELINE_TABLES that was read before."""
    return timeline_scene(whole, *_choice(whole, names, wanted))


def _choice(scene: Scene, names: Names, wanted: Wanted) -> tuple[Choice, str]:
    """What the words name, and the title of it."""
    chosen = tuple(subject(scene, names, word) for word in wanted.features)
    cycle = names.thing("release", wanted.release) if wanted.release else None
    who = names.thing("person", wanted.person) if wanted.person else None
    iris = cycle.iri if cycle else "", who.iri if who else ""
    title = ", ".join(named.shown for named in (cycle, who) if named is not None)
    return Choice(chosen, *iris, wanted.since, wanted.until), title


def _rest(reader: Reader, first: Scene, choice: Choice) -> dict[str, Sequence[Row]]:
    """The tables that grow with the code, of the chosen things and all that is one with them."""
    keys = {*story_of(first, choice), *(first.heads.get(thing, "") for thing in choice.things)}
    about = [thing for thing, head in first.heads.items() if head in keys]
    found = read_scene(reader, first.lang, OF_THINGS, about)
    return {name: found.rows[name] for name in OF_THINGS}


def subject(scene: Scene, names: Names, word: str) -> str:
    """IRI of the feature or topic of a name. A topic and a feature that items join are one, not two."""
    try:
        return names.thing("feature", word).iri
    except UnknownName:
        keys = fold(word), word.casefold().rstrip("s")
        known = names.of("feature")
        same = [t for t in known if any(keys[0] == fold(n) or keys[1] == acronym(n) for n in t.names)]
        if len({scene.heads.get(thing.iri) for thing in same}) == 1:
            return same[0].iri
        raise


def things(scene: Scene, names: Names, word: str) -> list[str]:
    """Ids of the nodes that a word names. Raises UnknownName with the nearest names."""
    own = [row["todo"] for row in scene.rows["todos"] if row["id"] == word]
    own += [row["meeting"] for row in scene.rows["meetings"] if row["date"] == word]
    return list(dict.fromkeys(own)) or [_thing(scene, names, word)]


def _thing(scene: Scene, names: Names, word: str) -> str:
    nearest: list[str] = []
    for kind in THINGS:
        try:
            iri = subject(scene, names, word) if kind == "feature" else names.thing(kind, word).iri
            return scene.heads.get(iri) or scene.spoken(iri)[0]
        except UnknownName as error:
            nearest += error.nearest
    hint = f"did you mean {nearest[0]}?" if nearest else "`kg build` the notes that name it"
    raise UnknownName(f"no one thing is known as {word!r}", nearest=tuple(dict.fromkeys(nearest)), hint=hint)
