"""`python -m graph` is `kg`."""

from graph.cli.main import main

main()
