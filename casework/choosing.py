"""Who can be chosen in a form: raters for seats, people to lend, a colleague for a late step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from casework import hooks, moving, seats, shown, staff
from casework.commission import choices
from casework.cycle import evaluating
from casework.evaluation import team
from casework.material import Looking
from casework.pages import Eligible, SeatChoice
from casework.placement import bundle
from casework.seats import SeatPlan, Standing
from casework.supervision import proposals
from casework.tables import UserAccount
from forms import Choice
from processes.tables import HumanTask

if TYPE_CHECKING:
    from forms import FormDefinition

SEAT_FORMS = frozenset({"F-RATERS", "F-LEND", "F-MISSING"})


def seat_choices(looking: Looking, definition: FormDefinition) -> tuple[SeatChoice, ...]:
    """For each seat that the form fills: everybody of the function, and who cannot and why."""
    if looking.task.form not in SEAT_FORMS:
        return ()
    found = []
    for plan in _open_plans(looking):
        key = hooks.seat_field(definition, plan)
        if key is not None:
            people = tuple(_eligible(standing, looking) for standing in _people(looking, plan))
            name = looking.names.role(plan.role)
            found.append(SeatChoice(key, name, plan.role, people))
    return tuple(found)


def _open_plans(looking: Looking) -> list[SeatPlan]:
    plans = hooks.blind_plans(looking.names.model, looking.names.pack)
    if looking.task.form != "F-MISSING":
        return list(plans)
    round_ = seats.current_round(looking.session, looking.case.id)
    absent = {
        (seat.role, seat.form)
        for seat in (seats.seats_of(looking.session, round_) if round_ else [])
        if seat.state != "given"
    }
    return [plan for plan in plans if (plan.role, plan.form) in absent]


def _people(looking: Looking, plan: SeatPlan) -> tuple[Standing, ...]:
    session, case = looking.session, looking.case
    number = seats.next_number(session, case.id)
    if looking.task.form == "F-MISSING":
        number -= 1
    if looking.task.form == "F-LEND":
        return seats.lendable(session, case, plan.role, number, looking.viewer.on, looking.speaking)
    return seats.candidates(session, case, plan.role, number, looking.viewer.on, looking.speaking)


def _eligible(standing: Standing, looking: Looking) -> Eligible:
    label = staff.shown(standing.user, looking.speaking)
    if standing.lent:
        label = looking.speaking.say("{who}, lent by the region", who=label)
    return Eligible(standing.user.id, label, standing.is_eligible, standing.reasons)


def options(
    looking: Looking, definition: FormDefinition, chosen_from: tuple[SeatChoice, ...]
) -> Mapping[str, Sequence[Choice]]:
    """The choices of fields that ask for a person: the eligible ones alone."""
    by_field = {seat.key: seat for seat in chosen_from}
    known_lists = {
        **choices.options(looking, definition),
        **team.options(looking, definition),
        **evaluating.options(looking),
        **proposals.options(looking, definition),
    }
    if definition.id == bundle.FORM:
        known_lists |= bundle.options(looking)
    found: dict[str, Sequence[Choice]] = dict(known_lists)
    for key, field in definition.fields.items():
        if field.choices_from is None or field.choices_from in known_lists:
            continue
        known = found.get(field.choices_from, [])
        new = [c for c in _choices(looking, by_field.get(key)) if c not in known]
        found[field.choices_from] = [*known, *new]
    return found


def _choices(looking: Looking, seat: SeatChoice | None) -> list[Choice]:
    if seat is not None:
        return [Choice(str(p.user_id), p.label) for p in seat.candidates if p.eligible]
    if looking.instance.guarded_task_id is not None:
        task = looking.session.get(HumanTask, looking.instance.guarded_task_id)
        people = colleagues(looking, task) if task is not None else []
        return [Choice(str(user.id), staff.shown(user, looking.speaking)) for user in people]
    return []


def colleagues(looking: Looking, task: HumanTask) -> list[UserAccount]:
    """Holders of a task's function at its place or above, but for whoever holds the task."""
    places = staff.places_above(looking.session, task.establishment_id)
    zone = shown.zone_of(looking.session, task.establishment_id)
    day = shown.local_day(looking.acting.now, zone)
    people = staff.holders(looking.session, task.role, places, day)
    return [
        user
        for user in people
        if user.id != task.holder_id and moving.why_not(looking.session, task, user.id, day) is None
    ]
