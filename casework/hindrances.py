"""Why a process has no object in a case: what must run, or must not, before it begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from casework.cycle import categories
from casework.measures import standing
from casework.placement import after, late
from casework.tables import Case
from casework.units import stays
from casework.words import ENGLISH, Speaking
from processes import advance, reading

REMEDY = "F-APPEAL"
"""Begins where there is a decision that can be contested."""

TO_END = "F-END-ASK"
"""Begins while a measure runs that could be ended."""

CONTEST = "F-CONTEST"
"""Begins where a category stands."""

OPINIONS = frozenset({"F-CPU-REQ", "F-CPU2-REQ"})
"""Begin while no evaluation and no programme in a unit runs: these end with an opinion of their
own, and two placements never run side by side."""

ONE_AT_A_TIME: Mapping[str, tuple[str, ...]] = {
    "F-RELEASE": ("release-planning",),
    "F-PROBATION": ("release-planning", "probation"),
}
"""Begin nothing while one of these runs: a planned release begins supervision by itself."""

CONSENTS, ON_THE_WAY_OUT = "F-CONSENTS", ("release-planning", "probation")
"""Asked while a release is planned or supervision runs: else nothing is shared by consent."""

BREACH, SUPERVISED = "F-BREACH", ("probation",)
"""Begins while supervision runs."""


def words(session: Session, case: Case, form: str, speaking: Speaking = ENGLISH) -> str | None:
    """Why what a start form would begin has no object in the case now; None if nothing hinders."""
    say = speaking.say
    if form == TO_END and not standing.any_in_force(session, case.id):
        return say("No measure runs in this case, so there is none to end.")
    if form == CONTEST and categories.standing(session, case.id) is None:
        return say("No category stands in this case.")
    if form in OPINIONS and stays.carried_on(session, case.id):
        return say(
            "An evaluation, or a programme in a unit, runs in this case. The commission"
            " gives its opinion at the end of it, so none can be asked for beside it."
        )
    if form in ONE_AT_A_TIME and _runs(session, case, ONE_AT_A_TIME[form]):
        return say(
            "A release is planned already in this case, or supervision runs. Change what runs:"
            " nothing is begun beside it."
        )
    if form == after.FORM and not standing.left_open(session, case.id):
        return say("Nothing that is before a court was left open in this case.")
    if form == late.FORM and not late.told_and_over(session, case.id):
        return say("No decision was told in this case whose time to be rejected has run out.")
    if form == CONSENTS and not _runs(session, case, ON_THE_WAY_OUT):
        return say("No release is planned in this case and no supervision runs: nothing is shared.")
    if form == BREACH and not _runs(session, case, SUPERVISED):
        return say("No supervision runs in this case, so nothing of it can be breached.")
    if form == REMEDY and not standing.contestable(session, case.id):
        return say("No decision has been taken in this case that could be contested.")
    return None


def _runs(session: Session, case: Case, models: Iterable[str]) -> bool:
    return bool(reading.instances_of(session, case.id, models, advance.RUNNING))
