"""Memory of live instances, and of a worker that resumes ten thousand of them."""

from __future__ import annotations

import gc
import os
import tracemalloc
from pathlib import Path

from benchmarks.engine import Desk
from benchmarks.prepared import Worlds
from benchmarks.tables import say, show
from processes import packs
from processes.engine import Run, compile_model
from processes.versions import closure

LIVE, RESUMED, LOOKS = 500, 10_000, 5
MODEL = "detection"


def run(_worlds: Worlds) -> None:
    """Print the table."""
    pack = packs.read_pack(packs.MODELS / "france")
    files = {n: raw for n, raw in closure(pack, MODEL).items() if n.endswith((".bpmn", ".dmn"))}
    desk = Desk(compile_model(files, MODEL), {seed.name: seed.value for seed in pack.parameters})
    states = [desk.start() for _ in range(RESUMED)]
    rows = []
    for look in range(LOOKS + 1):
        gc.collect()
        rows.append((f"{look * RESUMED // LOOKS:,} resumed and stepped", f"{_resident():.1f} MiB"))
        for state in states[look * RESUMED // LOOKS : (look + 1) * RESUMED // LOOKS]:
            desk.step(state)
    show(f"A worker that steps {RESUMED:,} instances of {MODEL}", ("after", "memory"), rows)
    live, stored = _live(desk, states[0]), len(states[0])
    say(
        f"A live instance takes {live:.1f} KiB while it is held, {stored:,} bytes while it is"
        f" stored. Memory is what the process has of the machine's; the {RESUMED:,} stored states"
        " are held throughout."
    )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


def _live(desk: Desk, state: bytes) -> float:
    """KiB of one instance held live, of many."""
    Run.resume(desk.model, state, **desk.surroundings())
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    held = [Run.resume(desk.model, state, **desk.surroundings()) for _ in range(LIVE)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(held) == LIVE
    return (after - before) / LIVE / 1024
