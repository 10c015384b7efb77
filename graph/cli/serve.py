"""`kg serve`: the local web face."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from graph.cli.common import App, pass_app, talk
from graph.errors import UsageFault

HOST = "127.0.0.1"


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8350, show_default=True,
              help="Where it listens, on this machine only; 0 takes any free one.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, metavar="SECONDS",
              help="Time limit of a query at /sparql.")  # fmt: skip
@click.option("--queries", "extra", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder with more questions.")  # fmt: skip
@pass_app
def serve(app: App, port: int, timeout: float, extra: tuple[Path, ...]) -> None:
    """Show the graph in a browser: pages of every thing, questions, timeline, graph, SPARQL.

    It listens on 127.0.0.1 only, changes nothing, and shows a new build as soon as `kg build` is through. Stop it
    with Ctrl-C.
    """
    import uvicorn

    from graph.serve.app import application
    from graph.serve.state import Serving

    web = application(Serving(app.store.absolute(), app.lang, timeout, extra))
    with _listening(port) as door:
        where = f"http://{HOST}:{door.getsockname()[1]}/"
        talk(
            app.say(
                f"serving {app.store} at {where} (Ctrl-C ends)",
                f"{app.store} 的页面在 {where}（Ctrl-C 结束）",
            )
        )
        config = uvicorn.Config(
            web, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=2
        )
        uvicorn.Server(config).run(sockets=[door])


def _listening(port: int) -> socket.socket:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
        door.listen()
    except OSError as fault:
        door.close()
        hint = "give another one with --port, or --port 0 for any"
        raise UsageFault(f"port {port} cannot be used: {fault.strerror}", hint=hint) from fault
    return door
