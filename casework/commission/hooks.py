"""What follows the forms of the commission beside the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from casework import notifying, seats
from casework.commission import agenda, choices, closing, found, ledger, naming
from casework.commission.functions import COLLECTIVES, GOVERNOR, OFFICES, OPINION, OUTCOMES
from casework.commission.naming import Named
from casework.hooks import Submitted, hook
from casework.measures import standing
from casework.refusals import Refused
from casework.starting import Begun, begins
from casework.tables import CommissionSession
from casework.words import ENGLISH
from processes.ports import Code

REFERRED = "referred"
"""The stage of a case about which the commission is asked."""


@begins("F-CPU-REQ")
def asked_for(begun: Begun) -> None:
    """The case waits for the commission from now on; a measure that runs says so first."""
    if not standing.any_in_force(begun.session, begun.case.id):
        begun.case.stage = REFERRED


@hook("F-ITEM")
def name_seats(submitted: Submitted) -> Mapping[str, Code]:
    """The seats that will be asked for an opinion; the engine knows references alone."""
    made = naming.make_seats(
        submitted.session,
        submitted.acting,
        submitted.platform.ports.directory,
        submitted.case,
        submitted.instance.id,
        _named(submitted),
        _opinion_form(submitted),
    )
    return naming.by_variable(made)


def _opinion_form(submitted: Submitted) -> str:
    """On which form the seats of this process give their opinion, as its model draws it."""
    plans = seats.plans(submitted.model, submitted.pack)
    return next((plan.form for plan in plans if plan.variable == "opinion_seat"), OPINION)


def _named(submitted: Submitted) -> list[Named]:
    place, on = submitted.case.establishment_id, submitted.acting.now.date()
    named = []
    for key, office, member, alternate in choices.seats_named(submitted.answers):
        role = choices.role_for(submitted.session, place, office, member, on) if member else None
        named.append(Named(key, office, role or OFFICES[office][0], member, alternate))
    return named


@hook("F-REGION-OP")
def region_spoke(submitted: Submitted) -> Mapping[str, Code]:
    """The region has given its opinion: the ministry owes the answer."""
    opinion = ledger.current(submitted.session, submitted.instance.id)
    if opinion is not None:
        ledger.pass_on(submitted.session, opinion)
    return {}


@hook("F-AGENDA")
def set_agenda(submitted: Submitted) -> Mapping[str, Code]:
    """The items chosen stand on the agenda; consultative members are invited by function."""
    row = _row(submitted)
    chosen = [UUID(str(value)) for value in submitted.answers.get("items") or []]
    agenda.choose(submitted.session, submitted.acting, row, chosen)
    for office in submitted.answers.get("invited") or []:
        for role in OFFICES.get(str(office), ()):
            if role in submitted.pack.roles:
                _invite(submitted, row, role)
    return {}


def _invite(submitted: Submitted, row: CommissionSession, role: str) -> None:
    notifying.tell_role(
        submitted.session,
        submitted.acting,
        submitted.platform.ports.directory,
        role,
        "session_convened",
        establishment_id=row.establishment_id,
        case_id=row.case_id,
    )


@hook("F-HOLD")
def hold(submitted: Submitted) -> Mapping[str, Code]:
    """Without a quorum the session meets again on the day that was named."""
    row = _row(submitted)
    if submitted.variables.get("session_held") != "no_quorum":
        return {}
    row.state = "no_quorum"
    day = submitted.answers.get("next_on")
    if day:
        zone = found.place_of(submitted.session, row).zone
        at = submitted.answers.get("next_time")
        row.planned_at = moment(str(day), str(at) if at else None, zone, row.planned_at)
    submitted.session.flush()
    return {}


def moment(day: str, at: str | None, zone: str, otherwise: datetime) -> datetime:
    """A day and hour at a place; without an hour, that of the moment given."""
    if at is None:
        return closing.moved_to(otherwise, date.fromisoformat(day), zone)
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))


@hook(*COLLECTIVES)
def settle_item(submitted: Submitted) -> Mapping[str, Code]:
    """The commission has spoken on the item; no further opinion is taken."""
    item = found.item_of(submitted.session, submitted.instance.id)
    if item is None:
        raise Refused(ENGLISH.say("This item is on no agenda now. It waits for the next session."))
    outcome = str(submitted.variables.get(OUTCOMES[submitted.definition.id]) or "")
    closing.settle(submitted.session, submitted.acting, item, outcome)
    return {}


@hook("F-GOV-POS")
def answer_opinion(submitted: Submitted) -> Mapping[str, Code]:
    """What the governor decides himself he has answered; what others decide is sent all the same
    [domain.md 0.1 FR-2]."""
    opinion = ledger.current(submitted.session, submitted.instance.id)
    if opinion is not None and opinion.owner_role == GOVERNOR:
        given = str(submitted.variables.get("governor_position") or "")
        ledger.answer(submitted.session, submitted.acting, opinion, given)
    return {}


def _row(submitted: Submitted) -> CommissionSession:
    row = found.of_file(submitted.session, submitted.case.id)
    if row is None:
        raise Refused(ENGLISH.say("This is not the file of a session."))
    submitted.session.refresh(row, with_for_update=True)
    return row
