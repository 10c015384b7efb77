"""`kg sources`, `kg problems`, `kg why`: what the graph rests on."""

from __future__ import annotations

import click

from graph.cli.common import App, format_option, pass_app, show, talk


def _named(app: App, name: str, form: str) -> None:
    from graph import sparql
    from graph.queries import Catalogue

    with app.reader() as reader:
        show(sparql.run(reader, Catalogue.load().get(name), {}), form)


@click.command()
@click.option("--drop", metavar="SOURCE", help="Take a source out of the store.")
@format_option
@pass_app
def sources(app: App, drop: str | None, form: str) -> None:
    """List what the store holds and from where: lines, how many were understood, the hash of what was read."""
    if drop:
        from graph import pipeline
        from graph.errors import UnknownName

        if not pipeline.drop(app.store, drop):
            raise UnknownName(f"no source {drop!r} in the store", hint="`kg sources` lists them")
        talk(app.say(f"dropped {drop}", f"已移除 {drop}"))
        return
    _named(app, "sources", form)


@click.command()
@format_option
@pass_app
def problems(app: App, form: str) -> None:
    """List the lines that nothing was made of, what is odd or was inferred, and what was refused."""
    from graph import sparql
    from graph.queries import Catalogue

    with app.reader() as reader:
        catalogue = Catalogue.load()
        table = sparql.run(reader, catalogue.get("problems"), {})
        held = sparql.run(reader, catalogue.get("sources"), {})
    show(table, form)
    for row in held.dicts():
        talk(app.say(f"{row['source']}: understood {row['understood']} of {row['lines']} lines",
                     f"{row['source']}：{row['lines']} 行中已理解 {row['understood']} 行"))  # fmt: skip


@click.command()
@click.argument("thing", nargs=-1, required=True)
@format_option
@pass_app
def why(app: App, thing: tuple[str, ...], form: str) -> None:
    """Show every statement behind THING (a feature, person, patch, bug, release or TODO), with quote and place."""
    from graph.evidence import statements
    from graph.names import Names

    word = " ".join(thing)
    with app.reader() as reader:
        found = statements(reader, Names(reader), word)
    talk(found.title)
    show(found.table, form, extra={"thing": found.iri})
    for line in found.contradictions(app.lang):
        talk(line)
