"""Lets several threads do something at the same moment, and tells what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any


def race(*runners: Callable[[], Any]) -> list[Any]:
    """What each runner gave, or the exception it ended with, in the order of the runners."""
    start = Barrier(len(runners), timeout=30)

    def run(runner: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return runner()
        except Exception as error:  # noqa: BLE001  how it ended is what is looked at
            return error

    with ThreadPoolExecutor(len(runners)) as threads:
        return list(threads.map(run, runners))


def of_kind(outcomes: Sequence[Any], kind: type) -> list[Any]:
    return [outcome for outcome in outcomes if isinstance(outcome, kind)]
