"""Samples of how long something takes, beside a bare loop that tells how busy the machine was."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

LOOP = 100_000


@dataclass
class Samples:
    """Seconds, in the order they were measured."""

    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[max(0, round(0.95 * len(self.seconds)) - 1)]

    @property
    def least(self) -> float:
        return min(self.seconds)

    def cells(self) -> tuple[str, str, str, str]:
        """Median, 95th percentile, fastest, how many: as a table shows them."""
        return ms(self.median), ms(self.p95), ms(self.least), str(len(self.seconds))


CELLS = ("median", "p95", "fastest", "runs")


def ms(seconds: float) -> str:
    """Milliseconds with what is worth reading."""
    value = seconds * 1000
    return f"{value:.1f} ms" if value >= 1 else f"{value:.3f} ms"


Clock = Callable[[], float]
WALL: Clock = time.perf_counter
PROCESSOR: Clock = time.thread_time
"""Time in which this thread ran: what else the machine did is not in it."""


def sample(
    act: Callable[[], object], runs: int, warm: int = 3, clock: Clock = PROCESSOR
) -> Samples:
    """Do it some times unmeasured, then measured one by one."""
    for _ in range(warm):
        act()
    return Samples([timed(act, clock) for _ in range(runs)])


def timed(act: Callable[[], object], clock: Clock = WALL) -> float:
    """Seconds of one run."""
    began = clock()
    act()
    return clock() - began


def bare_loop() -> None:
    """The same plain Python work everywhere: what a busy machine does to it, it does to all."""
    total = 0
    for number in range(LOOP):
        total += number & 7


class Business:
    """How busy the machine is: the bare loop now and then, beside what is measured."""

    def __init__(self) -> None:
        self.samples = Samples()

    def look(self) -> None:
        """Run the loop once."""
        self.samples.seconds.append(timed(bare_loop))

    @property
    def words(self) -> str:
        """In one sentence, for under the tables."""
        if not self.samples.seconds:
            return "No bare loop ran beside it."
        slower = self.samples.median / self.samples.least
        return (
            f"Bare loop of {LOOP:,} additions beside it: median {ms(self.samples.median)}, "
            f"fastest {ms(self.samples.least)}; the machine was {slower:.2f} times slower than "
            "at its quietest."
        )


business = Business()
