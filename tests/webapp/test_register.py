"""The registry's page: a number, a reason, a day, and an answer that says nothing of any case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from processes.tables import Establishment
from tests.webapp.pages import check_page
from tests.webapp.test_interruption import case_id, recorded, states
from tests.webapp.world import words

__all__ = ["case_id"]


def told(house, number="N-9001", reason="released", **more):
    answers = {k: v for k, v in recorded(house, reason, **more).items() if k[:5] == "inter"}
    return {"person_number": number, **answers}


def links(reader) -> set[str]:
    return {a.get("href") for a in reader.tree.iter("a")}


@pytest.mark.parametrize("language", ["en", "fr", "sv"])
def test_the_registry_ends_a_case_by_number_and_learns_nothing_of_it(house, case_id, language):
    registry = house.sign_in("registry.north", language)
    registry.get("/work")
    assert "/register" in links(registry)
    check_page(registry.get("/register"))
    check_page(registry.send(told(house)))
    assert states(house, case_id) == (["cancelled", "running"], ["interrupted_continues"])
    assert not [link for link in links(registry) if link and str(case_id) in link]
    assert "Briar" not in registry.answer.text


def test_the_answer_is_the_same_whether_a_case_is_open_or_not(house, case_id):
    registry = house.sign_in("registry.north", "en")
    answers = []
    for number in ("N-9001", "N-9002", "N-9001"):  # open, none, ended just now
        registry.get("/register")
        check_page(registry.send(told(house, number)))
        answers.append(registry.text)
    assert answers[0] == answers[1] == answers[2]
    assert states(house, case_id) == (["cancelled", "running"], ["interrupted_continues"])


def test_a_number_that_is_not_in_the_own_register_is_asked_again(house, case_id):
    registry = house.sign_in("registry.north", "en")
    for number in ("N-0000", "S-9003"):
        registry.get("/register")
        check_page(registry.send(told(house, number)), 422)
        assert "Nobody with this number" in registry.text
    assert states(house, case_id) == (["running"], ["detection_first_look"])


def test_what_is_only_foreseen_or_not_the_registrys_to_say_ends_nothing(house, case_id):
    registry = house.sign_in("registry.north", "en")
    for more in ({"ahead": 5}, {"reason": "wrongful_finding"}, {"reason": "minor"}):
        registry.get("/register")
        check_page(registry.send(told(house, **more)), 422)
    assert states(house, case_id) == (["running"], ["detection_first_look"])


@pytest.mark.parametrize("login", ["custody.north", "coordinator.north", "dpo", "stranger"])
def test_for_others_the_register_does_not_exist(house, login):
    reader = house.sign_in(login, "en")
    reader.get("/work")
    assert "/register" not in links(reader)
    assert reader.get("/register").status_code == 404
    reader.get("/work")
    assert reader.post("/register").status_code == 404
    assert reader.get("/register/transfer").status_code == 404
    reader.get("/work")
    assert reader.post("/register/transfer").status_code == 404


def test_the_menu_marks_the_page_and_the_cases_apart(house, case_id):
    coordinator = house.sign_in("coordinator.north", "en")
    coordinator.get(f"/cases/{case_id}")
    current = [words(a) for a in coordinator.tree.iter("a") if a.get("aria-current")]
    assert "Cases" in current


def moved(house, number="N-9001", ahead=0, to="Demo prison South"):
    day = house.platform.real_now() + timedelta(days=ahead)
    with house.sessions() as session:
        place = session.scalars(select(Establishment.id).where(Establishment.name == to)).one()
    return {
        "person_number": number,
        "to_prison": str(place),
        "moved_on-day": str(day.day),
        "moved_on-month": str(day.month),
        "moved_on-year": str(day.year),
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_registry_moves_a_person_by_number_and_learns_of_no_case(house, case_id, language):
    registry = house.sign_in("registry.north", language)
    registry.get("/work")
    assert "/register/transfer" in links(registry)
    answers = []
    for number in ("N-9001", "N-9002"):  # a case is open, and none
        check_page(registry.get("/register/transfer"))
        check_page(registry.send(moved(house, number)))
        answers.append(registry.text)
    assert answers[0] == answers[1]
    assert "Briar" not in registry.answer.text
    assert states(house, case_id) == (["running"], ["detection_first_look"])
    south = house.sign_in("lead.south", language)
    check_page(south.get(f"/cases/{case_id}"))
    north = house.sign_in("lead.north", language)
    assert north.get(f"/cases/{case_id}").status_code == 404


def test_a_move_that_is_only_planned_or_of_nobody_here_is_asked_again(house, case_id):
    registry = house.sign_in("registry.north", "en")
    for wrong in (moved(house, ahead=3), moved(house, "N-0000"), moved(house, to="Demo region")):
        registry.get("/register/transfer")
        check_page(registry.send(wrong), 422)
    north = house.sign_in("lead.north", "en")
    check_page(north.get(f"/cases/{case_id}"))


def test_a_move_without_a_named_unit_leaves_no_stray_comma(house, case_id):
    registry = house.sign_in("registry.north", "en")
    registry.get("/register/transfer")
    registry.send(moved(house))
    south = house.sign_in("lead.south", "en")
    south.get(f"/cases/{case_id}")
    assert "Demo prison South" in [words(item) for item in south.tree.iter("li")]
