"""Recording on the pages that something outside ends a case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.tables import Case
from processes.tables import HumanTask, ProcessInstance
from tests.webapp.pages import check_page
from tests.webapp.test_dangers import ALARM
from tests.webapp.walk import observe


@pytest.fixture
def case_id(house):
    observe(house)
    with house.sessions() as session:
        wanted = select(Case.id).where(Case.stage == "observed")
        return session.scalars(wanted.order_by(Case.opened_at.desc())).first()


def recorded(house, reason="released", ahead=0, **more):
    day = house.platform.real_now() - timedelta(days=1) + timedelta(days=ahead)
    return {
        "interruption": reason,
        "interrupted_on-day": str(day.day),
        "interrupted_on-month": str(day.month),
        "interrupted_on-year": str(day.year),
        "known_from": "register",
        "understood": "true",
        **more,
    }


def states(house, case_id):
    with house.sessions() as session:
        instances = select(ProcessInstance.state).where(ProcessInstance.case_id == case_id)
        tasks = select(HumanTask.element_id).where(
            HumanTask.case_id == case_id, HumanTask.state == "open"
        )
        return sorted(session.scalars(instances)), list(session.scalars(tasks))


@pytest.mark.parametrize(
    ("language", "done"), [("en", "Recorded"), ("fr", "Consigné"), ("sv", "Antecknat")]
)
def test_the_coordinator_ends_a_case_from_its_page(house, case_id, language, done):
    coordinator = house.sign_in("coordinator.north", language)
    check_page(coordinator.get(f"/cases/{case_id}"))
    links = [a.get("href") for a in coordinator.tree.iter("a")]
    assert f"/cases/{case_id}/interruption" in links
    check_page(coordinator.get(f"/cases/{case_id}/interruption"))
    check_page(coordinator.send(recorded(house)))
    assert coordinator.h1 == done
    assert states(house, case_id) == (["cancelled", "running"], ["interrupted_continues"])
    check_page(coordinator.get(f"/cases/{case_id}"))


def test_a_form_that_is_not_complete_ends_nothing(house, case_id):
    coordinator = house.sign_in("coordinator.north", "en")
    coordinator.get(f"/cases/{case_id}/interruption")
    check_page(coordinator.send(recorded(house, ahead=5)), 422)
    assert any("#f-interrupted_on" in a.get("href", "") for a in coordinator.tree.iter("a"))
    check_page(coordinator.send({**recorded(house), "understood": []}), 422)
    assert states(house, case_id) == (["running"], ["detection_first_look"])


WRONG = (
    "The note was about another person of the same name; the officer has said so in writing since."
)


def test_a_detection_is_found_wrong_by_the_owner_with_reasons(house, case_id):
    coordinator = house.sign_in("coordinator.north", "en")
    coordinator.get(f"/cases/{case_id}/interruption")
    check_page(coordinator.send(recorded(house, "wrongful_finding")), 422)
    short = recorded(house, "wrongful_finding", wrong_because="Mistaken.")
    check_page(coordinator.send(short), 422)
    assert states(house, case_id) == (["running"], ["detection_first_look"])
    check_page(coordinator.send(recorded(house, "wrongful_finding", wrong_because=WRONG)))
    assert states(house, case_id)[1] == ["close_and_erase_finding"]


def test_data_protection_finds_a_detection_wrong_without_learning_whom_it_is_about(house, case_id):
    dpo = house.sign_in("dpo", "en")
    check_page(dpo.get(f"/cases/{case_id}/interruption"))
    assert "Briar" not in dpo.answer.text
    check_page(dpo.send(recorded(house)), 422)
    assert "Your function records here only" in dpo.text
    check_page(dpo.send(recorded(house, "wrongful_finding", wrong_because=WRONG)))
    assert states(house, case_id)[1] == ["close_and_erase_finding"]


def test_somebody_called_to_a_danger_does_not_find_the_detection_wrong(house, case_id):
    lead = house.sign_in("lead.north", "en")
    lead.get(f"/tasks/{house.task('F-TRIAGE')}")
    while lead.h1 != "Check before you decide":
        lead.send(ALARM)
    lead.send(form="send")
    governor = house.sign_in("governor.north", "en")
    check_page(governor.get(f"/cases/{case_id}/interruption"))
    wrong = recorded(house, "wrongful_finding", wrong_because=WRONG)
    check_page(governor.send(wrong), 422)
    assert "recorded by the function that owns the case" in governor.text
    assert states(house, case_id)[0] == ["running"]


@pytest.mark.parametrize(
    "login",
    [
        "custody.north",
        "lead.north",
        "support.north",
        "registry.north",
        "director.north",
        "governor.north",
        "stranger",
    ],
)
def test_for_others_the_page_does_not_exist(house, case_id, login):
    reader = house.sign_in(login, "en")
    assert reader.get(f"/cases/{case_id}/interruption").status_code == 404
    reader.get("/work")
    assert reader.post(f"/cases/{case_id}/interruption").status_code == 404
    assert states(house, case_id) == (["running"], ["detection_first_look"])


def test_the_same_reason_twice_is_refused_in_words(house, case_id):
    coordinator = house.sign_in("coordinator.north", "en")
    coordinator.get(f"/cases/{case_id}/interruption")
    coordinator.send(recorded(house))
    coordinator.get(f"/cases/{case_id}/interruption")
    check_page(coordinator.send(recorded(house)), 409)
    assert "recorded already" in coordinator.text
    assert states(house, case_id) == (["cancelled", "running"], ["interrupted_continues"])


def test_a_further_reason_is_recorded_and_begins_nothing(house, case_id):
    coordinator = house.sign_in("coordinator.north", "en")
    coordinator.get(f"/cases/{case_id}/interruption")
    coordinator.send(recorded(house))
    coordinator.get(f"/cases/{case_id}/interruption")
    check_page(coordinator.send(recorded(house, "died")))
    assert "for another reason" in coordinator.text
    assert states(house, case_id) == (["cancelled", "running"], ["interrupted_continues"])
    coordinator.get("/notifications")
    assert "Something further was recorded" in coordinator.text
