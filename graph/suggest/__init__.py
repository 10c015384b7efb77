"""What somebody may be about to type: things by any of their names, questions of the catalogue with names filled in.

Everything is compared without spaces, hyphens, case and end marks, so that `nested resource`, `Nested-Resource` and a
Chinese question written with or without blanks around a name are one.
"""

from __future__ import annotations

from graph.suggest.index import KINDS, Asked, Index
from graph.suggest.phrases import Phrase, Slot, Thing, phrases, squeezed

__all__ = ["KINDS", "Asked", "Index", "Phrase", "Slot", "Thing", "phrases", "squeezed"]
