"""`python -m benchmarks [section ...]`: measures, and prints tables in Markdown."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    auditing,
    cycle,
    deadlines,
    engine,
    expressions,
    foreign,
    growth,
    memory,
    pages,
    sessions,
    split,
    starting,
    units,
    weight,
)
from benchmarks.kept import keeping
from benchmarks.prepared import Worlds, worlds
from benchmarks.tables import machine, say

SECTIONS: dict[str, tuple[str, Callable[[Worlds], None]]] = {
    "pages": ("pages over HTTP, against `samverkan serve --demo`", pages.run),
    "sessions": (
        "pages of a long session and of many answers owed, on both databases",
        sessions.run,
    ),
    "units": ("two years of a programme, the region with 2,000 cases, both databases", units.run),
    "split": ("where their time goes, inside the process", split.run),
    "weight": ("bytes of script and style of a task page", weight.run),
    "start": ("from the command until the first answer", starting.run),
    "engine": ("the engine alone, and compiling", engine.run),
    "growth": (
        "a step at the first turn and the three-thousandth, beside the stock kernel",
        growth.run,
    ),
    "memory": ("memory of live instances and of a worker that resumes 10,000", memory.run),
    "feel": ("conditions and decision tables", expressions.run),
    "foreign": ("checking and mending the models of other tools", foreign.run),
    "audit": ("the audit's share of completing a task", auditing.run),
    "cycle": ("ten years of monitoring one case, on both databases", cycle.run),
    "sweep": ("deadlines: an empty sweep, and 500 timers", deadlines.run),
}
FIRST_LOOKS, GRIDS = 130, 30


def main() -> None:
    """Measure the sections asked for, or all."""
    told = "\n".join(f"  {name:<8} {words}" for name, (words, _) in SECTIONS.items())
    asked = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures the product on this machine, in folders that are thrown away.",
        epilog=f"sections:\n{told}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    asked.add_argument("section", nargs="*", help="which to measure (default: all)")
    asked.add_argument("--cases", type=int, default=FIRST_LOOKS, help="cases at their first look")
    asked.add_argument("--grids", type=int, default=GRIDS, help="cases waiting for a grid")
    asked.add_argument(
        "--keep", type=Path, help="a document in which to replace the tables, section by section"
    )
    given = asked.parse_args()
    unknown = set(given.section) - set(SECTIONS)
    if unknown:
        asked.error(f"there is no section {', '.join(sorted(unknown))}; see --help")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # the servers end with us
    with keeping(given.keep, "machine"):
        say(machine())
    with worlds(given.cases, given.grids) as made:
        for name in given.section or SECTIONS:
            with keeping(given.keep, name):
                SECTIONS[name][1](made)


if __name__ == "__main__":
    main()
