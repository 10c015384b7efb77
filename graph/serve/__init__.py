"""The local web face: pages, the data behind them, and a read-only SPARQL endpoint, for this machine only."""
