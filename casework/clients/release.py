"""The day of conditional release and the end of the trial period, as the law's table says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from casework.effects import Doing, effect
from casework.grid_rules import months_after
from processes.engine import EngineFault
from processes.ports import Code

SHARES: Mapping[str, tuple[int, int]] = {"two_thirds": (2, 3), "three_quarters": (3, 4)}
TRIALS: Mapping[str, int] = {"one_year": 12, "two_years": 24}
AT_LEAST = 30
"""Days that are served in any case before a conditional release [brottsbalken 26 kap. 6 §]."""


def released_on(began: date, months: int, share: str) -> date:
    """The first day after the part that is served; a part of a day is served whole."""
    part, of = SHARES[share]
    whole = (months_after(began, months) - began).days
    return began + timedelta(days=max(AT_LEAST, -(-whole * part // of)))


def trial_ends(began: date, months: int, released: date, least: str) -> date:
    """What is left of the sentence, and never less than the law's shortest trial period."""
    return max(months_after(began, months), months_after(released, TRIALS[least]))


@effect("release.dates")
def reckon(doing: Doing) -> Mapping[str, Code]:
    """Both days, from what the table of the law answered."""
    seen = doing.call.variables
    began, months = seen.get("began_on"), seen.get("sentence_months")
    if not isinstance(began, date) or months is None:
        raise EngineFault(doing.element.id, "Without the day it began and its length, no day.")
    whole, share = int(str(months)), str(seen.get("release_share"))
    released = released_on(began, whole, share)
    ends = trial_ends(began, whole, released, str(seen.get("trial_least")))
    doing.note("release.dates", share=share)
    return {"release_on": released, "trial_until": ends}
