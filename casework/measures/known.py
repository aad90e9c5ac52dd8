"""What a step about a measure knows beside its answers: the case's variables, dates, pauses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import shown
from casework.measures import competence, rules, standing, words
from casework.measures.competence import Competence
from casework.pages import Fact
from casework.tables import Case, ClockPause, Measure, Remedy
from processes import parameters, reading
from processes.parameters import Values
from processes.ports import Code
from processes.tables import HumanTask

if TYPE_CHECKING:
    from casework.material import Looking

FORMS = frozenset(
    {
        "F-CRIT",
        "F-EYES",
        "F-DEC",
        "F-QER",
        "F-EXTEND",
        "F-GOV-OP",
        "F-DISP-OP",
        "F-CRIT-QPR",
        "F-REV",
        "F-HEAR",
        "F-PAUSE",
        "F-RULING",
        "F-URGENT",
        "F-URGENT-END",
        "F-QPR-PLAN",
        "F-QPR-REV",
        "F-QPR-SAFE",
        "F-QPR-QUARTER",
        "F-LEAVE-CLOSE",
        "F-END-ANSWER",
        "F-REJECT",
        "F-RECON",
        "F-COURT-RULING",
    }
)
DECIDING = frozenset({"F-CRIT", "F-EYES", "F-DEC", "F-QER"})
GAP, A_DAY = "measure_gap", "P1D"


def variables_for(looking: Looking, form: str) -> dict[str, Code]:
    """What the rules of a form may know; nothing for forms that are not about measures."""
    if form not in FORMS or looking.task.state != "open":
        return {}
    session, task = looking.session, looking.task
    found = dict(reading.variables_at(session, looking.platform, looking.acting, task))
    found |= of_case(session, looking.case.id)
    kind = str(found.get("measure_kind") or "")
    values = parameters_at(looking)
    today, gap = shown.local_day(looking.acting.now, _zone(looking)), values.get(GAP, A_DAY)
    found["since"] = runs_since(session, looking.case.id, kind, today, gap)
    found["in_force_since"] = _in_force_since(session, looking.case.id, kind)
    runs = standing.in_force(session, looking.case.id)
    found["unit_runs"] = bool(runs)
    found["unit_until"] = max((row.expires_on for row in runs if row.expires_on), default=None)
    found["adjourned"] = _was_put_off(session, task)
    remedy = session.scalars(select(Remedy).where(Remedy.instance_id == task.instance_id)).first()
    found["lodged_on"] = remedy.lodged_on if remedy else None
    pause = open_pause(session, task.instance_id)
    found["pause_ground"] = pause.ground if pause else None
    return found


def of_case(session: Session, case_id: UUID) -> dict[str, Code]:
    """What a form about measures may know before any process runs."""
    found: dict[str, Code] = {"urgent_runs": bool(standing.in_force(session, case_id, "urgent"))}
    for row in standing.contestable(session, case_id):
        place = session.get_one(Case, case_id).establishment_id
        found[rules.DECIDED + str(row.id)] = shown.local_day(
            row.decided_at, shown.zone_of(session, place)
        )
    return found


def runs_since(
    session: Session,
    case_id: UUID,
    kind: str,
    on: date,
    gap: str = A_DAY,
    *,
    alone: bool = False,
) -> date | None:
    """The first day of measures that follow each other, up to those that run on a day or ended
    shortly before it: a break as short as `gap` is none, however the measure has ended. Kinds of
    one family follow each other too, unless the kind `alone` is asked for."""
    wanted = select(Measure).where(
        Measure.case_id == case_id,
        Measure.kind.in_((kind,) if alone else words.family(kind)),
        Measure.state.in_(("in_force", "ended")),
    )
    since, before = None, on
    for row in sorted(session.scalars(wanted), key=lambda row: _last_day(row, on), reverse=True):
        bridged = rules.end_of(_last_day(row, on), gap)
        if bridged is not None and bridged >= before:
            since = min(since or row.effective_on, row.effective_on)
            before = min(before, row.effective_on)
    return since


def _in_force_since(session: Session, case_id: UUID, kind: str) -> date | None:
    """The first day of the decision that runs."""
    running = [
        row for name in words.family(kind) for row in standing.in_force(session, case_id, name)
    ]
    return max((row.effective_on for row in running), default=None)


def _last_day(row: Measure, on: date) -> date:
    """On which day a measure ended; one that runs has not."""
    if row.state == "in_force":
        return on
    return row.ended_at.date() if row.ended_at else row.expires_on or row.effective_on


def _was_put_off(session: Session, task: HumanTask) -> bool:
    """Whether the person was to be heard before on the same grounds: there is one adjournment."""
    done = select(HumanTask.form, HumanTask.ended_at).where(
        HumanTask.instance_id == task.instance_id,
        HumanTask.form.in_(("F-GROUNDS", "F-HEAR")),
        HumanTask.state == "completed",
        HumanTask.handed_back_from.is_(None),
    )
    ended = [(row.form, row.ended_at) for row in session.execute(done)]
    served = max((at for form, at in ended if form == "F-GROUNDS"), default=None)
    return any(form == "F-HEAR" and (served is None or at >= served) for form, at in ended)


def open_pause(session: Session, instance_id: UUID) -> ClockPause | None:
    """The pause that stands in an instance."""
    wanted = select(ClockPause).where(
        ClockPause.instance_id == instance_id, ClockPause.until_at.is_(None)
    )
    return session.scalars(wanted.order_by(ClockPause.from_at.desc())).first()


def parameters_at(looking: Looking) -> Values:
    """The parameters in force today at the step's place."""
    today = shown.local_day(looking.acting.now, _zone(looking))
    return parameters.Values(looking.session, looking.case.agency_id, today)


def _zone(looking: Looking) -> str:
    return shown.zone_of(looking.session, looking.task.establishment_id)


def who_decides(looking: Looking, variables: dict[str, Code]) -> Competence | None:
    """What the table of competence says of the case as it stands."""
    return competence.ask(looking.names, variables, parameters_at(looking))


def facts(looking: Looking) -> list[Fact]:
    """Above the questions of a decision: what it is about, who decides and why."""
    if looking.task.form not in DECIDING or looking.task.state != "open":
        return []
    say, names = looking.speaking.say, looking.names
    variables = variables_for(looking, looking.task.form)
    kind = str(variables.get("measure_kind") or "")
    found = [Fact(say("Measure"), words.kind_words(kind, looking.speaking, names), say("Case"))]
    answer = who_decides(looking, variables)
    if answer is not None:
        table = say("Table of competence")
        found.append(Fact(say("Who decides"), names.role(answer.authority), table))
        if answer.words:
            found.append(Fact(say("Why"), answer.words, table))
    term = str(variables.get("term_limit") or "")
    if term:
        text = words.span_words(term, looking.speaking)
        found.append(Fact(say("At most for"), text, say("Table of terms")))
    since = variables.get("since")
    if isinstance(since, date):
        runs = bool(standing.in_force(looking.session, looking.case.id, kind))
        label = say("In force since") if runs else say("Counted since")
        found.append(Fact(label, looking.speaking.day(since), say("Measures")))
    return found
