"""`kg`: options shared by all commands, commands loaded when they are called, errors to exit codes."""

from __future__ import annotations

import importlib
import itertools
import json
import os
import sys
from pathlib import Path

import click

from graph.cli.common import App, default_lang

# Command → (module, one line for the help). Modules are imported when called: `kg --help` must be quick.
COMMANDS: dict[str, tuple[str, str]] = {
    "ask": ("ask", "Answer a question in English or Chinese."),
    "build": ("build", "Read sources into the store (default: data/)."),
    "check": ("check", "Check the graph against its shapes and vocabulary."),
    "diff": ("diff", "What changed since a date or a build."),
    "export": ("export", "Write the graph out: N-Quads, TriG, Turtle, JSON-LD, GraphML, CSV."),
    "problems": ("inspect", "List what was not understood, or is doubtful."),
    "queries": ("query", "List the questions that can be asked."),
    "query": ("query", "Run a named query, a file, or SPARQL from stdin."),
    "records": ("records", "Write what was read of a source, as lines of JSON."),
    "report": ("report", "Write the post of a month."),
    "serve": ("serve", "A local web face and a read-only SPARQL endpoint."),
    "sources": ("inspect", "List what the store holds, and from where."),
    "timeline": ("timeline", "Draw how features went, over time."),
    "todo": ("todo", "List TODOs; close one."),
    "visualize": ("visualize", "Draw the graph as one HTML file."),
    "why": ("inspect", "Show every statement behind a thing, with its quote."),
}


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a name; its help line alone is enough for the group's help."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"graph.cli.{COMMANDS[name][0]}")
        command = getattr(module, name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--store", type=click.Path(path_type=Path), help="Where the graph is [KG_STORE, else outputs/store]."
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="Language of answers [KG_LANG, else the locale]."
)
@click.version_option(package_name="release-kg", prog_name="kg")
@click.pass_context
def cli(ctx: click.Context, store: Path | None, lang: str | None) -> None:
    """What a community says and does, as a graph that can be asked.

    \b
    kg build notes/*.md                       read notes
    kg ask "what slipped from Queens to Rocky"
    kg timeline -o timeline.html              see it
    """
    place = store or Path(os.environ.get("KG_STORE") or "outputs/store")
    spoken = lang or os.environ.get("KG_LANG") or default_lang()
    ctx.obj = App(place, spoken if spoken in ("zh", "en") else "en")


def _wants_json(args: list[str]) -> bool:
    forms = {after for word, after in itertools.pairwise(args) if word == "--format"}
    forms |= {word.removeprefix("--format=") for word in args if word.startswith("--format=")}
    return not forms.isdisjoint(("json", "jsonl"))


def _report(error: Exception, args: list[str]) -> int:
    """Print an error as text, or as JSON where the output is JSON; its exit code."""
    what, hint = str(error), str(getattr(error, "hint", ""))
    code = int(getattr(error, "exit_code", 1))
    nearest = list(getattr(error, "nearest", ()))
    if _wants_json(args):
        data = {"error": what, "hint": hint, "nearest": nearest, "exit": code}
        click.echo(json.dumps(data, ensure_ascii=False), err=True)
        return code
    click.echo(f"error: {what}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
    for name in nearest[1:] if nearest and hint.startswith("did you mean") else ():
        click.echo(f"      or {name}", err=True)
    return code


def _run(args: list[str]) -> int:
    from graph.errors import KgError

    try:
        result = cli.main(args=args, prog_name="kg", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except KgError as error:
        return _report(error, args)
    except click.ClickException as error:
        if _wants_json(args):
            click.echo(
                json.dumps({"error": error.format_message(), "hint": "see --help", "exit": 2}), err=True
            )
        else:
            error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return 130
    except BrokenPipeError:
        return 0


def main() -> None:
    """Entry point. Nothing is left to tear down after a command, so the process ends at once."""
    code = _run(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        pass
    os._exit(code)


if __name__ == "__main__":
    main()
