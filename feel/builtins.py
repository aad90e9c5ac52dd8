"""The functions that every expression may call."""

from __future__ import annotations

from feel.functions import contexts, lists, numbers, ranges, strings, times, totals
from feel.signatures import Builtin

BUILTINS: dict[str, Builtin] = {
    **numbers.FUNCTIONS.all,
    **strings.FUNCTIONS.all,
    **lists.FUNCTIONS.all,
    **totals.FUNCTIONS.all,
    **contexts.FUNCTIONS.all,
    **times.FUNCTIONS.all,
    **ranges.FUNCTIONS.all,
}


def call_plan(name: str, count: int, labels: tuple[str, ...] | None) -> list[int | None] | str:
    """Which argument goes to which parameter (None: left out), or words on what is wrong."""
    return BUILTINS[name].plan(count, labels)
