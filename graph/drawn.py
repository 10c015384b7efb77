"""What a drawing is made of: the tables of a scene from the store, and the things that a user's words name in it."""

from __future__ import annotations

from graph import sparql
from graph.errors import UnknownName
from graph.names import Names, acronym
from graph.queries import shipped
from graph.store import Reader
from graph.terms import fold
from graph.views.scenes import TABLES, Scene, scene

THINGS = ("feature", "person", "patch", "bug", "release")


def read_scene(reader: Reader, lang: str) -> Scene:
    """All tables of a scene; lang: `zh` or `en`."""
    place = shipped() / "views"
    tables = {name: sparql.run(reader, sparql.load(place / f"scene-{name}.rq"), {}) for name in TABLES}
    return scene(tables, lang)


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
