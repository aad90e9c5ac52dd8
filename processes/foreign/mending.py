"""Mends a foreign model: converts its words, draws what was left implicit, keeps the rest."""

from __future__ import annotations

from dataclasses import dataclass

from processes.foreign.converting import convert
from processes.foreign.ends import mend_ends
from processes.foreign.identity import mend_identity
from processes.foreign.kinds import mend_kinds
from processes.foreign.sheet import Note, Sheet
from processes.foreign.splits import mend_splits
from processes.foreign.writing import NotWhole, read_whole, write

__all__ = ["Mended", "Note", "mend"]

MOST_REDRAWN = 1000
"""Shapes of a drawing in which room is still made for others: each moves all behind it."""


@dataclass(frozen=True)
class Mended:
    """A file after mending: the same bytes where there was nothing to mend."""

    raw: bytes
    notes: tuple[Note, ...]

    @property
    def done(self) -> tuple[Note, ...]:
        """What was changed in the file."""
        return tuple(note for note in self.notes if note.kind != "left")


def mend(name: str, raw: bytes) -> Mended:
    """The model with everything mended that has one clear meaning.

    A file that cannot be read, or is no BPMN file, comes back as it is: reading it says why.
    """
    try:
        root = read_whole(raw)
    except NotWhole:
        return Mended(raw, ())
    sheet = Sheet(root)
    convert(sheet)
    mend_kinds(sheet)
    mend_identity(sheet, name)
    if len(sheet.canvas.boxes) <= MOST_REDRAWN:
        mend_ends(sheet)
        mend_splits(sheet)
    notes = tuple(sheet.notes)
    changed = any(note.kind != "left" for note in notes)
    return Mended(write(root, raw) if changed else raw, notes)
