"""`release-kg`: what a community says and does, as an RDF graph that can be asked."""

__version__ = "0.1.0"
