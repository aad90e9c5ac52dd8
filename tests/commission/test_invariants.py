"""The invariants of the commission, each named as the reference names it [domain.md FR-2]."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework.access import NotVisible
from casework.commission.ledger import OWED
from casework.tables import Case, Decision, Opinion, Person
from processes.tables import Clock, HumanTask, Timer
from tests.commission.sitting import SESSION_DAY
from tests.commission.test_ledger import opined, position

OUTCOMES = ("qer", "reinforced_supervision", "no_follow_up", "support_only", "isolation_proposal")
GROUNDS = {
    "considered": "A stay in an evaluation unit.",
    "grounds": [{"ground": "Said on the yard that guards would go first."}],
    "shown": "The collective opinion and the answer of the governor.",
    "anything_withheld": False,
    "counsel": "counsel_none",
    "interpreter": False,
    "preparation_waived": True,
    "waiver_reference": "Sheet signed before the registry",
}
HEARD = {
    "hearing": "refused",
    "time_given": "Waived in writing",
    "file_seen": "whole",
    "counsel": "counsel_none",
    "interpreter": False,
    "not_heard_why": "He has nothing to add.",
}
PLACED = {
    "central_decision": "place_qer",
    "unit": "Evaluation unit, South",
    "from_on": SESSION_DAY + timedelta(days=60),
    "until_on": SESSION_DAY + timedelta(days=150),
    "reasons": "Interviews here could not settle what the words meant; a trained team may well do.",
    "answered_points": "The words were heard by two and not denied.",
    "milder": "Interviews here were held twice and settled nothing.",
    "attestation": "open_grounds",
}


def owing(sitting, case_id) -> list[tuple[Opinion, bool]]:
    """Each opinion of a case, and whether a clock of the case runs."""
    with sitting.reading() as session:
        opinions = session.scalars(select(Opinion).where(Opinion.case_id == case_id)).all()
        pending = (
            select(Timer.id)
            .join(Clock, Clock.id == Timer.clock_id)
            .where(Clock.case_id == case_id, Timer.state == "pending")
        )
        return [(opinion, session.scalar(pending.limit(1)) is not None) for opinion in opinions]


@pytest.mark.parametrize("given", ["follow", "not_follow", None])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_FR_2_I1_an_opinion_has_an_answer_or_somebody_owes_one_and_a_clock_runs(
    sitting, outcome, given
):
    case_id = opined(sitting, outcome)
    if given is not None:
        position(sitting, case_id, given)
    for _ in range(6):
        for opinion, clock_runs in owing(sitting, case_id):
            if opinion.state in OWED:
                assert opinion.owner_role
                assert clock_runs
            elif opinion.state == "answered":
                assert opinion.answer
                assert opinion.answered_at
            else:
                assert opinion.state == "unanswered"
        sitting.pass_days(25)
        sitting.sweep()
    assert next(o.state for o, _ in owing(sitting, case_id)) in {"answered", "unanswered"}


def up_to_the_ministry(sitting):
    case_id = opined(sitting)
    position(sitting, case_id)
    sitting.go_to(SESSION_DAY + timedelta(days=9))
    while "contradiction_grounds" not in sitting.elements(case_id):
        sitting.pass_days(7)
        sitting.sweep()
    sitting.complete(
        case_id, "contradiction_grounds", "registry.north", served_on=sitting.now.date(), **GROUNDS
    )
    sitting.complete(
        case_id, "contradiction_hearing", "registry.north", heard_on=sitting.now.date(), **HEARD
    )
    return case_id


def test_FR_2_I2_nobody_but_the_minister_places_anybody_in_an_evaluation_unit(sitting):
    case_id = up_to_the_ministry(sitting)
    others = set(sitting.world.users) - {"ministry"}
    with sitting.reading() as session:
        task = sitting.open_tasks(session, case_id, "carry_upward_decide")[0]
        assert task.role == "fr.central"
    for login in sorted(others):
        with pytest.raises(NotVisible):
            sitting.complete(case_id, "carry_upward_decide", login, **PLACED)
    sitting.complete(case_id, "carry_upward_decide", "ministry", **PLACED)
    with sitting.reading() as session:
        signed = session.scalars(select(Decision).where(Decision.kind == "qer")).all()
        done = session.scalars(select(HumanTask).where(HumanTask.form == "F-QER")).all()
        assert {row.authority_role for row in signed} == {"fr.central"}
        assert {task.ended_by for task in done} == {sitting.user("ministry")}


def becomes_a_minor(sitting, case_id) -> None:
    """What the register shows is corrected: the person is seventeen."""
    with sitting.writing() as session:
        person = session.get_one(Person, session.get_one(Case, case_id).person_id)
        today = sitting.now.date()
        person.born_on = date(today.year - 17, 1, 1)


def test_FR_2_I3_a_minor_is_neither_proposed_for_an_evaluation_unit_nor_placed_in_one(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    sitting.attend(session_id, case_id)
    sitting.close_opinions(case_id)
    becomes_a_minor(sitting, case_id)
    points = [{"point": "He works and learns."}]
    found = sitting.refused(
        case_id, "commission_collective", "secretary.north", cpu1_outcome="qer", points=points
    )
    assert "minor" in found["cpu1_outcome"]


def test_FR_2_I3_a_minor_found_on_the_way_is_not_placed(sitting):
    case_id = up_to_the_ministry(sitting)
    becomes_a_minor(sitting, case_id)
    found = sitting.refused(case_id, "carry_upward_decide", "ministry", **PLACED)
    assert "minor" in found["central_decision"]
