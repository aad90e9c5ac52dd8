"""A case before a court that outlives the rest: taken up again, its ruling noted and carried out
as far as it still can be [SE-6: released, and the ruling still wanted]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from casework.effects import Doing, effect
from casework.measures import contesting, remedies, standing
from casework.tables import Case, Decision, Remedy
from casework.words import Speaking
from forms import Choice
from processes.engine import EngineFault
from processes.ports import Code

FORM, SOURCE, CHOSEN = "F-COURT-AFTER", "open_at_court", "court_case"


def options(session: Session, case: Case, speaking: Speaking) -> dict[str, Sequence[Choice]]:
    """The choices of the form: each by the decision that is contested."""
    return {
        SOURCE: [
            Choice(str(row.id), _told(session, row, speaking))
            for row in standing.left_open(session, case.id)
        ]
    }


def _told(session: Session, row: Remedy, speaking: Speaking) -> str:
    decision = session.get(Decision, row.decision_id) if row.decision_id else None
    lodged = speaking.say("rejected on {day}", day=speaking.day(row.lodged_on))
    if decision is None:
        return lodged
    return f"{contesting.told(session, decision, speaking)}: {lodged}"


@effect("placement.resume")
def resume(doing: Doing) -> Mapping[str, Code]:
    """The remedy goes on in this process; the decision that it contests stays the same."""
    chosen = str(doing.call.variables.get(CHOSEN) or "")
    found = standing.left_open(doing.session, doing.case.id)
    row = next((remedy for remedy in found if str(remedy.id) == chosen), None)
    if row is None:
        raise EngineFault(doing.element.id, "This case before the court was taken up already.")
    row.instance_id, row.state = doing.call.instance_id, remedies.OPEN
    doing.session.flush()
    doing.note("remedy.resume", decision=str(row.decision_id))
    return {}
