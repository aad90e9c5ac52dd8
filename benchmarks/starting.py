"""How long `samverkan serve --demo` takes until it answers: on an empty folder, and again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.prepared import Worlds
from benchmarks.served import served
from benchmarks.tables import show

AGAIN = 5


def run(_worlds: Worlds) -> None:
    """Print the table."""
    with TemporaryDirectory(prefix="samverkan-bench-") as folder:
        first, *others = (_start(Path(folder)) for _ in range(AGAIN + 1))
    rows = [
        ("the first, which creates and plays the demo", f"{first:.1f} s", ""),
        ("every other", f"{sorted(others)[AGAIN // 2]:.2f} s", f"{min(others):.2f} s"),
    ]
    show(
        "Start of `samverkan serve --demo`, until it answers", ("start", "median", "fastest"), rows
    )


def _start(data: Path) -> float:
    with served(data) as server:
        return server.seconds
