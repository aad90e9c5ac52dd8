"""What the commission's forms must keep to beside their own questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import record, shown
from casework.commission import choices, closing, found, ledger, naming
from casework.commission.functions import COLLECTIVES, MORE, OUTCOMES, PUT_OFF
from casework.commission.naming import Finding, Named
from casework.grid_rules import day_of
from casework.material import Looking
from casework.tables import AgendaItem, Person, RecordEntry
from processes import calendars
from processes.deadlines import DeadlineError
from processes.tables import Establishment, HumanTask

if TYPE_CHECKING:
    from forms import FormDefinition


def findings(
    looking: Looking, definition: FormDefinition, answers: Mapping[str, Any]
) -> list[Finding]:
    """What stands against the answers, at which question."""
    rule = {
        "F-ITEM": _item,
        "F-AGENDA": _agenda,
        "F-HOLD": _hold,
        "F-GOV-POS": _position,
        "F-REGION-OP": _region,
        "F-QER": _decision,
    }.get(definition.id)
    if definition.id in COLLECTIVES:
        return _collective(looking, answers, OUTCOMES[definition.id])
    return rule(looking, answers) if rule else []


def named(looking: Looking, answers: Mapping[str, Any]) -> tuple[list[Named], list[Finding]]:
    """The seats of an item, each with the function in which its member holds the office."""
    seats, problems = [], []
    place, on = looking.case.establishment_id, looking.viewer.on
    for key, office, member, alternate in choices.seats_named(answers):
        role = choices.role_for(looking.session, place, office, member, on) if member else None
        if role is None:
            problems.append((key, _not_of_office(looking)))
            continue
        stands_in = alternate and choices.role_for(looking.session, place, office, alternate, on)
        if alternate and not stands_in:
            problems.append((key.replace("-member", "-alternate"), _not_of_office(looking)))
        seats.append(Named(key, office, role, member, alternate))
    return seats, problems


def _not_of_office(looking: Looking) -> str:
    return looking.speaking.say(
        "This colleague holds no function that goes with this office. Choose somebody else."
    )


def _item(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    seats, problems = named(looking, answers)
    problems += naming.office_twice(seats, looking.speaking)
    return problems + naming.same_person_twice(seats, looking.speaking)


def _agenda(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    row, say = found.of_file(looking.session, looking.case.id), looking.speaking.say
    if row is not None and row.state != "planned":
        return [("items", say("The session is convened: its agenda does not change any more."))]
    return [] if answers.get("items") else [("items", say("Choose at least one item."))]


def _hold(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    """Held only with a quorum for something; a new day lies within five working days."""
    row, say = found.of_file(looking.session, looking.case.id), looking.speaking.say
    if row is None:
        return []
    if row.state == "closed":
        return [("session_held", say("The session is closed already."))]
    items = found.items_of(looking.session, row.id)
    if answers.get("session_held") == "yes":
        return _held(looking, items)
    if any(item.state == "closed" for item in items):
        words = say("The commission has opined on an item in this session, so it was held.")
        return [("session_held", words)]
    return _new_day(looking, answers)


def _held(looking: Looking, items: list[AgendaItem]) -> list[Finding]:
    left = [item for item in items if item.state != "withdrawn"]
    if any(item.quorum for item in left) or not left:  # nothing to opine on is no lack of a quorum
        return []
    words = looking.speaking.say(
        "No item has a quorum. Note on the page of the session who is present, or choose a new day."
    )
    return [("session_held", words)]


def _new_day(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    row = found.of_file(looking.session, looking.case.id)
    if row is None or not answers.get("next_on"):
        return []
    last = closing.latest_new_day(looking.session, row, looking.acting.now)
    zone = shown.zone_of(looking.session, row.establishment_id)
    today = shown.local_day(looking.acting.now, zone)
    if today < date.fromisoformat(str(answers["next_on"])) <= last:
        return []
    words = looking.speaking.say(
        "Choose a day after today and no later than {day}: within five working days.",
        day=looking.speaking.day(last),
    )
    return [("next_on", words)]


def _collective(looking: Looking, answers: Mapping[str, Any], key: str) -> list[Finding]:
    """No collective opinion without a quorum, before the opinions are closed, or off the agenda;
    an item is adjourned once, for thirty days at most; dissents come from those who sat."""
    say = looking.speaking.say
    item = found.item_of(looking.session, looking.instance.id)
    if item is None:
        words = say("This item is on no agenda now. It waits for the next session.")
        return [(key, words)]
    problems = [(key, words) for words in not_yet(looking)]
    if answers.get(key) in PUT_OFF:
        problems += _adjourned(looking, answers, key)
    if answers.get(key) == "qer" and _is_minor(looking):
        problems.append((key, _for_adults(looking)))
    return problems + _dissents(looking, answers)


def not_yet(looking: Looking) -> tuple[str, ...]:
    """What still stands against writing down what the commission says on an item."""
    say, item = looking.speaking.say, found.item_of(looking.session, looking.instance.id)
    if looking.task.form not in COLLECTIVES or looking.task.state != "open" or item is None:
        return ()
    problems = []
    if item.opinions_closed_at is None:
        problems.append(say("The chair has not closed the opinions on this item yet."))
    if item.quorum is not True:
        problems.append(say("There is no quorum for this item: the commission cannot opine on it."))
    return tuple(problems)


def _adjourned(looking: Looking, answers: Mapping[str, Any], key: str) -> list[Finding]:
    say, session = looking.speaking.say, looking.session
    before = select(AgendaItem.id).where(
        AgendaItem.instance_id == looking.instance.id, AgendaItem.outcome.in_(PUT_OFF)
    )
    if session.scalars(before.limit(1)).first() is not None:
        return [(key, say("This item was adjourned once already. Give an opinion."))]
    last = _adjourn_until(session, looking)
    if last is None or not answers.get("adjourn_until"):
        return []
    if date.fromisoformat(str(answers["adjourn_until"])) <= last:
        return []
    words = say("Choose a day no later than {day}.", day=looking.speaking.day(last))
    return [("adjourn_until", words)]


def _adjourn_until(session: Session, looking: Looking) -> date | None:
    place = session.get_one(Establishment, looking.case.establishment_id)
    now = looking.acting.now
    try:
        at = calendars.due_at(session, place, "param:adjourn_max", base=now, dates={})
    except DeadlineError:
        return None
    return shown.local_day(at, place.zone)


def _position(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    """Whoever does not follow answers every point of the opinion [domain.md FR-2, step 8]."""
    if answers.get("governor_position") != "not_follow":
        return []
    opinion = ledger.current(looking.session, looking.instance.id)
    entry = looking.session.get(RecordEntry, opinion.entry_id) if opinion else None
    if entry is None or entry.ciphertext is None:
        return []
    unread = replace(looking.acting, user_id=None)  # the platform counts: nobody becomes a reader
    said = record.read_entry(looking.platform, looking.session, unread, entry)
    points, given = len(said.get("points") or []), len(answers.get("answers") or [])
    if given >= points:
        return []
    words = looking.speaking.say(
        "The opinion has {points} points and you answer {given}. Answer each of them.",
        points=points,
        given=given,
    )
    return [("answers", words)]


def _region(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    """The same opinion again: the region answers what became of the first, on its own clock of ten
    working days [domain.md FR-2, loop]."""
    opinion = ledger.current(looking.session, looking.instance.id)
    if opinion is None or opinion.repeat < ledger.QUESTION_AT or answers.get("earlier"):
        return []
    words = looking.speaking.say(
        "The commission has now given this opinion {count} times, and it was not followed. Say what"
        " became of it.",
        count=opinion.repeat,
    )
    return [("earlier", words)]


def _decision(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    """More is asked once of each opinion [domain.md FR-2, step 10a4]; a placement rests on open
    grounds and ends on a day."""
    if answers.get("central_decision") == "place_qer":
        return _placement(looking, answers)
    opinion = ledger.current(looking.session, looking.instance.id)
    if answers.get("central_decision") != "ask_more" or opinion is None:
        return []
    asked = select(HumanTask.id).where(
        HumanTask.instance_id == looking.instance.id,
        HumanTask.form == MORE,
        HumanTask.created_at >= opinion.issued_at,
    )
    if looking.session.scalars(asked.limit(1)).first() is None:
        return []
    words = looking.speaking.say("More was asked once already. Decide, with reasons.")
    return [("central_decision", words)]


def _placement(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    say, problems = looking.speaking.say, []
    if _is_minor(looking):
        return [("central_decision", _for_adults(looking))]
    if answers.get("attestation") == "not_open_grounds":
        words = say(
            "You would not place the person on the open grounds alone, so the placement cannot be"
            " decided. Refuse it, or ask once for more."
        )
        problems.append(("attestation", words))
    first, last = day_of(answers.get("from_on")), day_of(answers.get("until_on"))
    if first is None or last is None:
        return problems
    if last <= first:
        return [*problems, ("until_on", say("The last day must come after the first."))]
    latest = _longest_stay(looking, first)
    if latest is not None and last > latest:
        words = say("An evaluation lasts until {day} at most.", day=looking.speaking.day(latest))
        problems.append(("until_on", words))
    return problems


def _is_minor(looking: Looking) -> bool:
    """The way into an evaluation unit is closed to minors [domain.md 8.6, FR-2-I3]."""
    person = looking.session.get(Person, looking.case.person_id) if looking.case.person_id else None
    zone = shown.zone_of(looking.session, looking.case.establishment_id)
    today = shown.local_day(looking.acting.now, zone)
    return person is not None and not shown.is_adult(person, today)


def _for_adults(looking: Looking) -> str:
    return looking.speaking.say(
        "The person is a minor: an evaluation unit is for adults. Record on the case page that the"
        " person is a minor; the service for young people takes over."
    )


def _longest_stay(looking: Looking, first: date) -> date | None:
    """The last day that the service's longest evaluation allows; None where it sets none."""
    place = looking.session.get_one(Establishment, looking.case.establishment_id)
    rule, dates = "param:qer_longest after from_on", {"from_on": first}
    try:
        at = calendars.due_at(looking.session, place, rule, base=looking.acting.now, dates=dates)
    except DeadlineError:
        return None
    return shown.local_day(at, place.zone)


def _dissents(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    sitting = {seat.office for seat in found.seats_of(looking.session, looking.instance.id)}
    words = looking.speaking.say("This office has no seat on the item.")
    return [
        (f"dissents-{place}-office", words)
        for place, row in enumerate(answers.get("dissents") or [])
        if row.get("office") and row["office"] not in sitting
    ]
