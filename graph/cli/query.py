"""`kg query` and `kg queries`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from graph.cli.common import App, format_option, pass_app, show, write


@click.command()
@click.argument("name")
@click.option(
    "-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the query."
)
@click.option(
    "--seconds", type=float, default=2.0, show_default=True, help="Time limit of a query of your own."
)
@click.option("--queries", "extra", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder with more questions.")  # fmt: skip
@click.option("--sparql", is_flag=True, help="Print the SPARQL of a named query instead of running it.")
@format_option
@pass_app
def query(
    app: App,
    name: str,
    params: tuple[str, ...],
    seconds: float,
    extra: tuple[Path, ...],
    sparql: bool,
    form: str,
) -> None:
    """Run NAME, a .rq FILE, or SPARQL from stdin (`-`), over the whole graph, read-only."""
    if name == "-" or name.endswith((".rq", ".sparql")):
        _own(app, name, params, seconds, form)
        return
    from graph import sparql as engine
    from graph.names import Names
    from graph.queries import Catalogue

    question = Catalogue.load(extra).get(name)
    if sparql:
        write(question.text, None)
        return
    with app.reader() as reader:
        words = _pairs(params)
        kinds = {param.name: param for param in question.params}
        bound = {}
        names = Names(reader)
        for key, param in kinds.items():
            word = words.get(key, param.default)
            if word is not None:
                bound[key] = names.resolve(param.kind, word)
        unknown = {key: ("string", words[key]) for key in words if key not in kinds}
        table = engine.run(reader, question, {**bound, **unknown})
    show(table, form, extra={"query": name})


def _pairs(params: tuple[str, ...]) -> dict[str, str]:
    from graph.errors import UsageFault

    pairs = {}
    for param in params:
        key, sign, value = param.partition("=")
        if not sign:
            raise UsageFault(f"-p {param} has no value", hint="write -p name=value")
        pairs[key.strip()] = value
    return pairs


def _own(app: App, name: str, params: tuple[str, ...], seconds: float, form: str) -> None:
    """A query of the user's own runs in the limited worker."""
    from graph.errors import QueryFault, UsageFault
    from graph.table import Table
    from graph.worker import run_user_query

    if params:
        raise UsageFault("-p goes with a named query", hint="write the value into the query")
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise QueryFault(f"cannot be read: {error.strerror}", place=name, hint="check the path") from error
    found = run_user_query(app.store, text, seconds=seconds)
    if isinstance(found, Table):
        show(found, form)
    else:
        write("".join(line + "\n" for line in found), None)


@click.command()
@click.option("--queries", "extra", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder with more questions.")  # fmt: skip
@format_option
@pass_app
def queries(app: App, extra: tuple[Path, ...], form: str) -> None:
    """List the questions: name, title, parameters, how to ask."""
    from graph.queries import Catalogue
    from graph.table import Table

    rows = []
    for name, question in sorted(Catalogue.load(extra).questions.items()):
        title = question.titles.get(app.lang) or question.titles.get("en", "")
        params = ", ".join(f"{p.name} ({p.kind})" for p in question.params)
        asked = question.phrases.get(app.lang) or question.phrases.get("en", ())
        rows.append((name, title, params, asked[0] if asked else ""))
    show(Table(("name", "title", "parameters", "example"), tuple(rows)), form)
