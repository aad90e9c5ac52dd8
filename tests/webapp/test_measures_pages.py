"""Measures on the pages: the case, the desk of those who sign, delegations, start forms, pauses."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from casework.player import Player
from casework.tables import AuditRow, Case, ClockPause, Delegation, Measure, Remedy
from tests.casework.measures import confirmed, decided, decisions, grounds, ordered, told
from tests.casework.story import REASONS, Story
from tests.webapp.pages import check_page
from tests.webapp.world import House


@pytest.fixture
def story(house: House) -> Story:
    """A story in the house, told today."""
    return Story(Player(house.platform, house.sessions, house.world, house.platform.real_now()))


def links(reader) -> list[str]:
    return [a.get("href") or "" for a in reader.tree.iter("a")]


def newest(house, table):
    with house.sessions() as session:
        return session.scalars(select(table)).first()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Ends by itself"), ("fr", "d’elle-même"), ("sv", "av sig själv")]
)
def test_the_case_page_shows_measures_decision_and_why(house, story, language, words):
    decided(story)
    coordinator = house.sign_in("coordinator.north", language)
    check_page(coordinator.get(f"/cases/{story.case_id}"))
    assert words in coordinator.text
    if language == "en":
        assert "Accompanied movements" in coordinator.text
        assert "Decided in the function of: Governor" in coordinator.text
        assert "Why this function" in coordinator.text
        assert "replaced by a new decision" in coordinator.text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_governor_finds_what_waits_for_a_signature_and_what_ends_soon(house, story, language):
    confirmed(story)
    governor = house.sign_in("governor.north", language)
    check_page(governor.get("/to-sign"))
    assert "/to-sign" in links(governor)
    with house.sessions() as session:
        task = story.task(session, "decide_measure_decide")
    assert f"/tasks/{task.id}" in " ".join(links(governor))
    assert f"/cases/{story.case_id}" in links(governor)  # the urgent measure ends within days


def test_those_who_sign_nothing_are_not_led_there_and_are_told_so(house):
    officer = house.sign_in("custody.north", "en")
    check_page(officer.get("/to-sign"))
    assert "None of your functions signs" in officer.text
    officer.get("/cases")
    assert "/to-sign" not in links(officer)
    check_page(officer.get("/delegations"))
    assert [f for f in officer.tree.iter("form") if f.get("id") == "answers"] == []


def here(house) -> date:
    """The day it is in the prison."""
    return house.platform.real_now().astimezone(ZoneInfo("Europe/Paris")).date()


def test_the_governor_gives_and_ends_a_delegation(house):
    governor = house.sign_in("governor.north", "en")
    check_page(governor.get("/delegations"))
    check_page(governor.send({}), 422)
    assert "Select who may sign" in governor.text
    first = here(house)
    last = first + timedelta(days=30)
    given = {
        "act": "reinforced_supervision",
        "to_user": str(house.world.users["management.north"]),
        **{f"valid_from-{part}": str(getattr(first, part)) for part in ("day", "month", "year")},
        **{f"valid_to-{part}": str(getattr(last, part)) for part in ("day", "month", "year")},
    }
    check_page(governor.send({**given, "valid_to-year": "2020"}), 409)
    check_page(governor.send(given))
    assert "The delegation is given" in governor.text
    delegate = house.sign_in("management.north", "en")
    delegate.get("/cases")
    assert "/to-sign" in links(delegate)
    check_page(delegate.get("/delegations"))
    check_page(governor.send(form=0))
    row = newest(house, Delegation)
    assert row.ended_by == house.world.users["governor.north"]
    stranger = house.sign_in("governor.south", "en")
    stranger.get("/delegations")
    answer = stranger.post(f"/delegations/{row.id}/end")
    assert answer.status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_registry_lodges_a_remedy_from_the_case_page(house, story, language):
    decided(story)
    [signed] = decisions(story, "reinforced_supervision")
    registry = house.sign_in("registry.north", language)
    check_page(registry.get(f"/cases/{story.case_id}"))
    address = f"/cases/{story.case_id}/begin/F-APPEAL"
    assert address in links(registry)
    assert f"/cases/{story.case_id}/begin/F-URGENT" not in links(registry)
    check_page(registry.get(address))
    check_page(registry.send({}), 422)
    day = here(house)
    answers = {
        "remedy_kind": "court",
        **{f"lodged_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")},
        "contested": str(signed.id),
        "request": "That it be looked at again.",
        "counsel": "counsel_none",
        "interpreter": "false",
        "suspensive": "false",
    }
    check_page(registry.send(answers))
    remedy = newest(house, Remedy)
    assert (remedy.kind, remedy.state, remedy.suspensive) == ("court", "open", False)
    assert remedy.decision_id == signed.id
    check_page(registry.get(f"/cases/{story.case_id}"))


def test_the_governor_orders_an_urgent_measure_with_the_buttons_of_the_page(house, story):
    story.observe()
    governor = house.sign_in("governor.north", "en")
    address = f"/cases/{story.case_id}/begin/F-URGENT"
    check_page(governor.get(address))
    check_page(governor.send({"danger": "He says he will act tonight."}, press="_add"))
    assert "He says he will act tonight." in governor.answer.text
    day = here(house) - timedelta(days=1)
    answers = {
        "danger": "He says he will act tonight.",
        "measures-0-measure": "observation",
        "measures-0-least": "Nothing milder comes in time.",
        "measures-1-measure": "accompanied",
        "measures-1-least": "Nothing milder comes in time.",
        **{f"since-{part}": str(getattr(day, part)) for part in ("day", "month", "year")},
        "at_time": "23:30",
        "oral_reasons_to": "Unit lead",
        "health": "Nothing known.",
    }
    check_page(governor.send(answers))
    with house.sessions() as session:
        rows = session.scalars(select(Measure).where(Measure.case_id == story.case_id)).all()
    assert {(row.kind, row.state) for row in rows} == {("urgent", "in_force")}
    assert {row.code for row in rows} == {"observation", "accompanied"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_governor_names_by_number_whom_an_urgent_measure_is_about(house, story, language):
    story.observe()
    governor = house.sign_in("governor.north", language)
    check_page(governor.get("/to-sign"))
    assert "/begin/F-URGENT" in links(governor)
    check_page(governor.get("/begin/F-URGENT"))
    check_page(governor.send({"number": "N-0000"}), 422)
    assert [field.get("value") for field in governor.tree.iter("input") if field.get("id")] == [
        "N-0000"
    ]
    check_page(governor.send({"number": " N-2041 "}))
    assert f"/cases/{story.case_id}/begin/F-URGENT/fields" in governor.answer.text
    assert "Noa Basalt" in governor.text
    with house.sessions() as session:
        found = select(AuditRow.actor_id).where(
            AuditRow.chain_id == story.case_id, AuditRow.act == "case.found"
        )
        assert session.scalars(found).all() == [house.world.users["governor.north"]]


def test_the_secretary_asks_the_commission_about_somebody_by_number(house):
    secretary = house.sign_in("secretary.north", "en")
    check_page(secretary.get("/sessions"))
    assert "/begin/F-CPU-REQ" in links(secretary)


def test_an_observation_that_nobody_has_looked_at_is_found_by_who_acts_on_a_danger_alone(
    house, story
):
    story.observe()
    secretary = house.sign_in("secretary.north", "en")
    secretary.get("/begin/F-CPU-REQ")
    check_page(secretary.send({"number": "N-2041"}), 422)
    with house.sessions() as session:
        sought = select(AuditRow.actor_id).where(AuditRow.act == "case.sought")
        assert session.scalars(sought).all() == [house.world.users["secretary.north"]]
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    secretary.get("/begin/F-CPU-REQ")
    check_page(secretary.send({"number": "N-2041"}))


def test_who_learns_of_no_case_finds_none_by_number(house, story):
    story.observe()
    for login, form in (("registry.north", "F-APPEAL"), ("custody.north", "F-URGENT")):
        reader = house.sign_in(login, "en")
        assert reader.get(f"/begin/{form}").status_code == 404
    south = house.sign_in("governor.south", "en")
    check_page(south.get("/begin/F-URGENT"))
    check_page(south.send({"number": "N-2041"}), 422)


def test_what_one_may_not_begin_does_not_exist(house, story):
    story.observe()
    officer = house.sign_in("custody.north", "en")
    for form in ("F-URGENT", "F-APPEAL", "F-INTERRUPT", "F-OBS", "nothing"):
        assert officer.get(f"/cases/{story.case_id}/begin/{form}").status_code == 404
    governor = house.sign_in("governor.north", "en")
    assert governor.get(f"/cases/{story.case_id}/begin/F-OBS").status_code == 404
    assert governor.get(f"/cases/{story.case_id}/begin/F-INTERRUPT").status_code == 404


def test_nothing_begins_in_a_case_that_is_closed(house, story):
    story.observe()
    with house.sessions() as session:
        session.get_one(Case, story.case_id).state = "closed"
        session.commit()
    governor = house.sign_in("governor.north", "en")
    check_page(governor.get(f"/cases/{story.case_id}/begin/F-URGENT"), 409)
    assert "closed" in governor.text


def test_the_registry_stops_the_time_to_prepare_and_it_is_shown(house, story):
    ordered(story)
    told(story)
    story.complete("contradiction_grounds", **grounds())
    registry = house.sign_in("registry.north", "en")
    check_page(registry.get(f"/cases/{story.case_id}"))
    assert f"/cases/{story.case_id}/pause" in links(registry)
    check_page(registry.get(f"/cases/{story.case_id}/pause"))
    check_page(registry.post(f"/cases/{story.case_id}/pause"), 422)
    check_page(registry.post(f"/cases/{story.case_id}/pause", ground="hospital"))
    assert newest(house, ClockPause).ground == "hospital"
    assert "Hospital" in registry.text
    assert f"/cases/{story.case_id}/pause" not in links(registry)
    officer = house.sign_in("custody.north", "en")
    assert officer.get(f"/cases/{story.case_id}/pause").status_code == 404
