"""Reads files from a folder without ever holding more of one than a check needs."""

from __future__ import annotations

from pathlib import Path

from processes.engine.reading import MOST_BYTES


def read_bounded(path: Path) -> bytes:
    """The content; of an oversized file only so much that it is seen to be oversized."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
