"""Takes over models that other tools made: converts what corresponds, mends what is clear."""

from processes.foreign.dialects import MARKS
from processes.foreign.mending import Mended, Note, mend

__all__ = ["MARKS", "Mended", "Note", "mend"]
