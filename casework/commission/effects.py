"""What the service tasks of the commission's models do."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from casework.commission import agenda, closing, found, ledger, minutes, opinions, silence
from casework.commission.functions import COLLECTIVES, GOVERNOR, OUTCOMES, PUT_OFF
from casework.effects import Doing, effect
from casework.tables import CommissionSession, Opinion, RecordEntry
from processes.engine import EngineFault
from processes.ports import Code


def _session(doing: Doing) -> CommissionSession:
    row = found.of_file(doing.session, doing.case.id)
    if row is None:
        raise EngineFault(doing.element.id, "This is not the file of a session.")
    doing.session.refresh(row, with_for_update=True)
    return row


def _opinion(doing: Doing) -> Opinion:
    opinion = ledger.current(doing.session, doing.call.instance_id)
    if opinion is None:
        raise EngineFault(doing.element.id, "The commission has given no opinion in this case.")
    return opinion


def _declared(doing: Doing, values: dict[str, Code]) -> Mapping[str, Code]:
    """Of what an effect knows, the variables that the pack gives it."""
    sets = doing.pack.effects.get(doing.call.name, ())
    return {name: value for name, value in values.items() if name in sets}


@effect("opinions.ask")
def ask(doing: Doing) -> Mapping[str, Code]:
    """Ask the seats that have not given yet."""
    seats = opinions.ask(doing.session, doing.acting, doing.call.instance_id)
    return {"opinion_seats": [str(seat.id) for seat in seats]}


@effect("opinions.missing")
def missing(doing: Doing) -> Mapping[str, Code]:
    """Record whose opinion did not come; nobody is waited for."""
    for seat in opinions.missing(doing.session, doing.call.instance_id):
        doing.note("opinion.missing", role=seat.role)
    return {}


@effect("opinion.issue")
def issue(doing: Doing) -> Mapping[str, Code]:
    """Enter the collective opinion into the ledger; an adjournment is none."""
    known = doing.call.variables
    outcome = next((str(known[key]) for key in OUTCOMES.values() if known.get(key)), "")
    if "cpu2_outcome" in known:  # the second opinion, also where the first is still known
        outcome = str(known["cpu2_outcome"] or "")
    today: dict[str, Code] = {"opinion_issued_on": doing.today}
    if not outcome or outcome in PUT_OFF:
        return _declared(doing, {"favourable": False, **today})
    entry = doing.session.scalars(
        select(RecordEntry)
        .where(RecordEntry.instance_id == doing.call.instance_id, RecordEntry.form.in_(COLLECTIVES))
        .order_by(RecordEntry.written_at.desc(), RecordEntry.layer)
    ).first()
    opinion = ledger.issue(
        doing.session,
        doing.acting,
        doing.platform.ports.directory,
        doing.case,
        doing.call.instance_id,
        doing.call.establishment_id,
        found.newest_item(doing.session, doing.call.instance_id),
        entry.id if entry else None,
        outcome,
    )
    doing.note("opinion.issue", outcome=outcome, repeat=str(opinion.repeat))
    return _declared(doing, {"favourable": opinion.favourable, **today})


@effect("opinion.adjourn")
def adjourn_item(doing: Doing) -> Mapping[str, Code]:
    """The item is adjourned, once."""
    doing.note("opinion.adjourn")
    return {"adjourned": True}


@effect("position.not_given")
def position_not_given(doing: Doing) -> Mapping[str, Code]:
    """The governor gave no position in time; an opinion that is his to answer stays unanswered."""
    opinion = _opinion(doing)
    if opinion.owner_role == GOVERNOR:
        ledger.unanswered(doing.session, doing.acting, doing.platform.ports.directory, opinion)
    doing.note("position.not_given")
    return {"governor_position": "not_given"}


@effect("opinion.send")
def send(doing: Doing) -> Mapping[str, Code]:
    """The opinion leaves: by hand, or by itself."""
    how = doing.attribute("how", "by_hand")
    opinion = _opinion(doing)
    if ledger.send(doing.session, doing.acting, doing.platform.ports.directory, opinion, how):
        silence.watch(doing.session, doing.acting, opinion)
    doing.note("opinion.send", how=how)
    return _declared(doing, {"opinion_sent_on": doing.today})


@effect("opinion.unanswered")
def unanswered(doing: Doing) -> Mapping[str, Code]:
    """Ninety days without an answer: silence never places anyone."""
    ledger.unanswered(doing.session, doing.acting, doing.platform.ports.directory, _opinion(doing))
    doing.note("opinion.unanswered")
    return {"central_decision": "unanswered"}


@effect("opinion.answered")
def answered(doing: Doing) -> Mapping[str, Code]:
    """The answer is entered."""
    given = str(doing.call.variables.get("central_decision") or "")
    ledger.answer(doing.session, doing.acting, _opinion(doing), given)
    doing.note("opinion.answered", answer=given)
    return {}


@effect("opinion.asked_more")
def asked_more(doing: Doing) -> Mapping[str, Code]:
    """The ministry asked for more, once."""
    doing.note("opinion.asked_more")
    return {"asked_more": True}


@effect("session.convene")
def convene(doing: Doing) -> Mapping[str, Code]:
    """Put the items on the agenda and invite the members."""
    agenda.convene(doing.platform, doing.session, doing.acting, _session(doing))
    return {}


@effect("session.adjourn")
def adjourn_session(doing: Doing) -> Mapping[str, Code]:
    """No quorum: a new day within five working days."""
    day = closing.adjourn(doing.platform, doing.session, doing.acting, _session(doing))
    return {"session_on": day}


@effect("session.close")
def close(doing: Doing) -> Mapping[str, Code]:
    """Close the session, once; what was not reached goes to the next agenda."""
    closing.close(doing.platform, doing.session, doing.acting, _session(doing), doing.element.id)
    return {}


@effect("session.minutes")
def write_minutes(doing: Doing) -> Mapping[str, Code]:
    """Number the minutes and issue them."""
    minutes.issue(doing.platform, doing.session, doing.acting, _session(doing))
    return {}
