"""What a programme in a care unit does by itself: how long it has lasted, who decides, its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from casework import shown
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.measures import deciding, force, known, signing, standing
from casework.measures.deciding import Signed
from casework.measures.signing import Signature
from casework.measures.words import CARE_UNITS
from casework.supervision import days
from casework.supervision.rules import months_in_all
from casework.tables import Decision, Measure
from processes import parameters
from processes.engine import EngineFault
from processes.ports import Code

TERM, GAP = "qpr_term", "measure_gap"
LAPSED, ENDED = "lapsed", "ended"


def running(doing: Doing) -> list[Measure]:
    """The measures of a care unit that run in the case."""
    found = standing.in_force(doing.session, doing.case.id)
    return [row for row in found if row.kind in CARE_UNITS]


@effect("unit.months")
def count_months(doing: Doing) -> Mapping[str, Code]:
    """How long both programmes have lasted together, the term that is proposed counted in: the
    table of competence asks for it [code pénitentiaire, R. 224-20]."""
    values = parameters.Values(doing.session, doing.case.agency_id, doing.today)
    since = known.runs_since(
        doing.session, doing.case.id, CARE_UNITS[0], doing.today, values.get(GAP, "P1D")
    )
    rows = running(doing)
    if since is None or not rows:
        raise EngineFault(doing.element.id, "No programme runs in this case that could be renewed.")
    last = max(row.expires_on or doing.today for row in rows)
    return {"measure_months": months_in_all(since, last, values.get(TERM, "P6M"))}


@effect("unit.since")
def count_since(doing: Doing) -> Mapping[str, Code]:
    """Since when the person is under individual supervision without a break, and which day of it is
    written down first: today, or one that an earlier term has left open."""
    values = parameters.Values(doing.session, doing.case.agency_id, doing.today)
    since = known.runs_since(
        doing.session, doing.case.id, CARE_UNITS[1], doing.today, values.get(GAP, "P1D"), alone=True
    )
    following = days.next_day(doing.session, doing.case, doing.today)
    return {"unit_since": since or doing.today, days.NEXT: following}


@effect("unit.end")
def end(doing: Doing) -> Mapping[str, Code]:
    """End what runs of a programme: as lapsed what has come to its last day, else all of it."""
    reason, rows = doing.attribute("reason", ENDED), running(doing)
    if reason == LAPSED:
        rows = [row for row in rows if row.expires_on is None or row.expires_on <= doing.today]
    force.end(doing.platform, doing.session, doing.acting, rows, reason)
    if doing.call.variables.get("supervision_review") is None:  # stopped before any review
        return {"supervision_review": "end_to_ordinary"}
    return {}


@effect("measure.authority")
def find_authority(doing: Doing) -> Mapping[str, Code]:
    """Who decided the measure that runs: that authority answers whether it ends."""
    rows = [row for row in standing.in_force(doing.session, doing.case.id) if row.kind != "urgent"]
    rows.sort(key=lambda row: (row.kind == "unit_security", -row.effective_on.toordinal()))
    if not rows:
        return {"measure_runs": False}
    decision = doing.session.get_one(Decision, rows[0].decision_id)
    return {
        "measure_runs": True,
        "measure_kind": rows[0].kind,
        "authority": decision.authority_role or doing.pack.role("common.governor"),
    }


@hook("F-QPR-REV")
def note_review(submitted: Submitted) -> Mapping[str, Code]:
    """What the commission proposed; whoever decides signs a decision of its own."""
    return _noted(
        submitted, "supervision_review", str(submitted.variables.get("supervision_review") or "")
    )


@hook("F-END-ANSWER")
def answer_request(submitted: Submitted) -> Mapping[str, Code]:
    """The authority's answer to a request that a measure ends is a decision [R. 224-23]."""
    return _noted(submitted, "end_answer", str(submitted.variables.get("end_answer") or ""))


def _noted(submitted: Submitted, kind: str, outcome: str) -> Mapping[str, Code]:
    looking, variables = deciding.looked_at(submitted)
    signature = signing.signature(looking, str(variables.get("measure_kind") or ""))
    deciding.write(
        submitted.platform,
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        Signed(
            kind,
            outcome,
            submitted.task.id,
            signature or Signature(submitted.task.role),
            None,
        ),
    )
    return {}


def today_of(submitted: Submitted) -> date:
    """The day at the place of the step."""
    zone = shown.zone_of(submitted.session, submitted.task.establishment_id)
    return shown.local_day(submitted.acting.now, zone)
