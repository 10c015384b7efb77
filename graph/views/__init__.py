"""Renderings of result tables. A view gets plain values and never queries."""
