"""What follows a submission beside the record: seats, decisions, loans; by form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import dangers, moving, notifying, rounds, seats, shown, submissions
from casework.access_policy import DANGER_FORM, RATING_FORMS
from casework.evaluation import broken
from casework.refusals import Refused
from casework.seats import SeatPlan
from casework.tables import Case, Decision, Loan
from processes.acting import Acting
from processes.engine import Model
from processes.packs import Pack
from processes.ports import Code
from processes.tables import HumanTask, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform
    from forms import FormDefinition


@dataclass(frozen=True)
class Submitted:
    """A submission that has been written, with everything around it."""

    platform: Platform
    session: Session
    acting: Acting
    case: Case
    instance: ProcessInstance
    task: HumanTask
    model: Model
    pack: Pack
    definition: FormDefinition
    answers: Mapping[str, Any]
    variables: Mapping[str, Code]
    entry_id: UUID | None


Hook = Callable[[Submitted], Mapping[str, Code]]
HOOKS: dict[str, Hook] = {}


def hook(*forms: str) -> Callable[[Hook], Hook]:
    """Register what follows a form; ValueError where something does already."""

    def register(function: Hook) -> Hook:
        if twice := HOOKS.keys() & set(forms):
            raise ValueError(f"forms with two hooks: {sorted(twice)}")
        HOOKS.update(dict.fromkeys(forms, function))
        return function

    return register


def after(submitted: Submitted) -> dict[str, Code]:
    """Do what follows; gives the engine variables it sets."""
    if submitted.task.seat_id is not None:
        rounds.give(submitted.session, submitted.task.seat_id, submitted.entry_id)
    follows = HOOKS.get(submitted.definition.id)
    return dict(follows(submitted)) if follows else {}


def seat_field(definition: FormDefinition, plan: SeatPlan) -> str | None:
    """The field in which the person for a seat is chosen, by the name of the seat's variable."""
    names = (f"{plan.stem}_rater", plan.variable, f"{plan.stem}_user", plan.stem)
    return next((name for name in names if name in definition.fields), None)


def chosen(
    definition: FormDefinition, answers: Mapping[str, Any], plans: tuple[SeatPlan, ...]
) -> dict[str, UUID]:
    """The persons chosen in a form, by the seat's variable; seats left empty are absent."""
    found = {}
    for plan in plans:
        field = seat_field(definition, plan)
        value = answers.get(field) if field else None
        if value:
            found[plan.variable] = UUID(str(value))
    return found


def blind_plans(model: Model, pack: Pack) -> tuple[SeatPlan, ...]:
    """The seats of raters: those drawn with a grid; a third reader reads first."""
    return tuple(plan for plan in seats.plans(model, pack) if plan.form in RATING_FORMS)


@hook("F-TRIAGE")
def note_first_look(submitted: Submitted) -> Mapping[str, Code]:
    """Where the case stands after the first look; a measure that runs is said before all else."""
    stages = {"open": "opened", "support": "support"}
    look = str(submitted.variables.get("first_look") or "")
    if submitted.case.stage != "measure":
        submitted.case.stage = stages.get(look, submitted.case.stage)
    return {}


@hook(DANGER_FORM)
def answer_danger(submitted: Submitted) -> Mapping[str, Code]:
    """The answer goes where the danger went, when its case has joined another meanwhile: of this
    one nothing is kept."""
    session, case = submitted.session, submitted.case
    other = dangers.joined_to(session, submitted.task)
    if other is not None and other.state != "erased":
        acting, form = submitted.acting, {DANGER_FORM}
        submissions.copy_to(submitted.platform, session, acting, case, other, only=form)
    dangers.let_go(session, submitted.task)
    return {}


@hook("F-BASIS")
def note_basis(submitted: Submitted) -> Mapping[str, Code]:
    """The purpose stands on the case from here on [LED art. 4(1)(b), 8]; the legal basis in the
    author's words stays in the sealed record."""
    if submitted.variables.get("basis_ok") is True:
        case, answers = submitted.case, submitted.answers
        case.purpose_code = str(answers.get("purpose_code") or case.purpose_code)
    return {}


@hook("F-RATERS")
def name_raters(submitted: Submitted) -> Mapping[str, Code]:
    """Opens a round when every rating seat has somebody; else the region is asked for a loan
    [domain.md 0.1 FR-1: raters not party to the incident; the region lends one]."""
    plans = blind_plans(submitted.model, submitted.pack)
    picked = chosen(submitted.definition, submitted.answers, plans)
    if len(picked) < len(plans):
        return {"raters_found": False}
    made = rounds.open_round(
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance.id,
        submitted.platform.ports.directory,
        seats.plans(submitted.model, submitted.pack),
        picked,
    )
    references: dict[str, Code] = {name: str(seat.id) for name, seat in made.items()}
    return references | {"raters_found": True}


@hook("F-LEND")
def lend(submitted: Submitted) -> Mapping[str, Code]:
    """The region lends its people to the case; the coordinator then names them."""
    plans = blind_plans(submitted.model, submitted.pack)
    picked = chosen(submitted.definition, submitted.answers, plans)
    for plan in plans:
        if plan.variable in picked:
            submitted.session.add(_loan(submitted, plan.role, picked[plan.variable]))
    submitted.session.flush()
    return {}


def _loan(submitted: Submitted, role: str, user_id: UUID) -> Loan:
    return Loan(
        id=submitted.acting.new_id(),
        agency_id=submitted.case.agency_id,
        case_id=submitted.case.id,
        role=role,
        user_id=user_id,
        lent_by=submitted.acting.user_id,
        lent_at=submitted.acting.now,
    )


@hook("F-MISSING")
def settle_missing(submitted: Submitted) -> Mapping[str, Code]:
    """Keeps who takes the place of a rater whose grid has not come, or waits no longer."""
    round_ = seats.current_round(submitted.session, submitted.case.id)
    if round_ is None:
        return {}
    if submitted.variables.get("missing_choice") == "go_on":
        rounds.go_on_without(submitted.session, round_)
        return {}
    plans = {(p.role, p.form): p for p in blind_plans(submitted.model, submitted.pack)}
    for seat in rounds.missing(submitted.session, round_):
        plan = plans[seat.role, seat.form]
        picked = chosen(submitted.definition, submitted.answers, (plan,))
        seat.alternate_id = picked.get(plan.variable)
    return {}


@hook("F-DETDEC")
def decide_detection(submitted: Submitted) -> Mapping[str, Code]:
    """The decision on detection as a row: who, in which function, when, until when."""
    until = submitted.variables.get("monitor_until")
    _decision(submitted, "detection", "detection_outcome", until)
    submitted.case.stage = "decided"
    return {}


@hook("F-DEFER-REVIEW")
def decide_deferral(submitted: Submitted) -> Mapping[str, Code]:
    """The review of a deferral is a decision with an end [LED art. 13(3), 15(3)]."""
    _decision(submitted, "deferral", "deferral", submitted.variables.get("deferral_until"))
    return {}


@hook("F-FIND")
def decide_finding(submitted: Submitted) -> Mapping[str, Code]:
    """The finding that ends a detection [domain.md X-7 step 1]."""
    _decision(submitted, "finding", "finding", None)
    return {}


@hook("F-CONTINUES", "F-ORDER")
def decide_what_continues(submitted: Submitted) -> Mapping[str, Code]:
    """After an interruption somebody says what continues: never a regime [domain.md 8.3]."""
    _decision(submitted, "continues", "continues", None)
    broken.ask_for_short_note(submitted)
    return {}


def _decision(submitted: Submitted, kind: str, variable: str, until: Code) -> None:
    if submitted.acting.user_id is None:
        raise ValueError("a decision is taken by a person")
    submitted.session.add(
        Decision(
            id=submitted.acting.new_id(),
            agency_id=submitted.case.agency_id,
            case_id=submitted.case.id,
            instance_id=submitted.instance.id,
            task_id=submitted.task.id,
            kind=kind,
            outcome=str(submitted.variables.get(variable) or ""),
            decided_by=submitted.acting.user_id,
            decided_at=submitted.acting.now,
            until=until if isinstance(until, date) else None,
        )
    )


@hook("F-OVERDUE")
def deal_with_overdue(submitted: Submitted) -> Mapping[str, Code]:
    """What the superior did about an overdue step: take it over, move it, or remind."""
    task = _guarded(submitted)
    if task is None or task.state != "open":
        return {}
    act = submitted.variables.get("overdue_act")
    ports, session, acting = submitted.platform.ports, submitted.session, submitted.acting
    to = overdue_taker(submitted.definition, submitted.answers, acting.user_id)
    if to is not None:
        on = shown.local_day(acting.now, shown.zone_of(session, task.establishment_id))
        barred = moving.why_not(session, task, to, on)
        if barred:
            raise Refused(barred)
        moving.move(session, ports, acting, task, to)
    if act == "reassigned" and to is not None:
        notifying.tell_holder(session, acting, task, "reassigned_to_you", to)
    elif act == "reminded":
        notifying.tell_holder(session, acting, task, "reminded_by_superior")
    return {}


def overdue_taker(
    definition: FormDefinition, answers: Mapping[str, Any], superior: UUID | None
) -> UUID | None:
    """Who would hold the overdue step after this: the superior, a colleague; None for nobody."""
    act = answers.get("overdue_act")
    if act == "taken_over":
        return superior
    return overdue_choice(definition, answers) if act == "reassigned" else None


def overdue_choice(definition: FormDefinition, answers: Mapping[str, Any]) -> UUID | None:
    """The colleague to whom an overdue step is moved."""
    for key, field in definition.fields.items():
        if field.choices_from and answers.get(key):
            return UUID(str(answers[key]))
    return None


def _guarded(submitted: Submitted) -> HumanTask | None:
    task_id = submitted.instance.guarded_task_id
    return submitted.session.get(HumanTask, task_id) if task_id else None
