"""Recording an observation, and recording nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework.tables import AuditRow, Case, Draft, RecordEntry, Tally
from tests.webapp.pages import check_page
from tests.webapp.walk import THREAT, observation, observe


@pytest.mark.parametrize(
    ("language", "sent"),
    [("en", "Observation sent"), ("fr", "Observation"), ("sv", "Iakttagelsen är skickad")],
)
def test_an_observation_reaches_the_unit_lead(house, language, sent):
    officer = house.sign_in("custody.north", language)
    check_page(officer.get("/observations/new"))
    check_page(officer.get(f"/observations/new/{house.person('N-9001')}"))
    check_page(officer.send(observation(house)))
    assert sent in officer.h1
    lead = house.sign_in("lead.north", "en")
    check_page(lead.get("/work"))
    assert "Ira Briar" in lead.text


def test_the_search_finds_people_of_the_officers_own_prison_only(house):
    officer = house.sign_in("custody.north", "en")
    officer.get("/observations/new?search=briar")
    assert "Ira Briar" in officer.text
    assert "Larch" not in officer.text
    officer.get("/observations/new?search=slate")
    assert "Uma Slate" not in officer.text
    assert "Check the spelling" in officer.text


def test_an_observation_about_a_person_elsewhere_does_not_exist(house):
    officer = house.sign_in("custody.north", "en")
    assert officer.get(f"/observations/new/{house.person('S-9003')}").status_code == 404


def test_an_empty_observation_names_and_links_what_is_missing_and_keeps_the_rest(house):
    officer = house.sign_in("custody.north", "en")
    officer.get(f"/observations/new/{house.person('N-9001')}")
    check_page(officer.send({"what": THREAT, "where": ""}), 422)
    assert officer.tree.find(".//title").text.startswith("Error:")
    assert any(a.get("href") == "#f-where" for a in officer.tree.iter("a"))
    assert THREAT in officer.text


def test_without_script_an_answer_that_opens_a_question_shows_it_before_sending(house):
    officer = house.sign_in("custody.north", "en")
    officer.get(f"/observations/new/{house.person('N-9001')}")
    officer.send({**observation(house), "special": "true", "_plain": "1"})
    assert "strictly necessary" in officer.text
    with house.sessions() as session:
        assert session.scalars(select(Case).where(Case.stage == "observed")).first() is None


def test_what_is_typed_survives_signing_out(house):
    officer = house.sign_in("custody.north", "en")
    person = house.person("N-9001")
    officer.get(f"/observations/new/{person}")
    kept = officer.client.post(
        f"/observations/new/{person}/draft",
        data={"csrf_token": officer.token, "what": "Half a sentence", "revision": "0"},
    )
    assert kept.json["revision"] == 1
    again = house.sign_in("custody.north", "en")
    again.get("/observations/new")
    assert "not sent" in again.text
    again.get(f"/observations/new/{person}")
    assert "Half a sentence" in again.text


def test_an_older_window_does_not_overwrite_a_newer_draft(house):
    officer = house.sign_in("custody.north", "en")
    person = house.person("N-9001")
    officer.get(f"/observations/new/{person}")
    address, token = f"/observations/new/{person}/draft", officer.token
    for revision, text, expected in (("0", "first", 200), ("0", "older window", 409)):
        answer = officer.client.post(
            address, data={"csrf_token": token, "what": text, "revision": revision}
        )
        assert answer.status_code == expected
    officer.get(f"/observations/new/{person}")
    assert "first" in officer.text
    assert "older window" not in officer.text


@pytest.mark.parametrize("button", ["", "_later"])
def test_an_older_window_neither_sends_nor_keeps_over_a_newer_draft(house, button):
    """Whether it would be kept or sent: the newer one stands, and what was typed is shown."""
    older, newer = (house.sign_in("custody.north", "en") for _ in range(2))
    address = f"/observations/new/{house.person('N-9001')}"
    for reader in (older, newer):
        reader.get(address)
    newer.post(f"{address}/draft", what="From the newer window", revision="0")
    target = f"{address}/keep" if button else address
    told = older.post(target, **observation(house, "From the older window"), revision="0")
    assert told.status_code == 409
    assert "newer answers in another window" in told.text
    assert "From the older window" in told.text
    older.get(address)
    assert "From the newer window" in older.text


def test_ordinary_practice_leaves_a_tally_and_nothing_else(house):
    officer = house.sign_in("custody.north", "en")
    person = house.person("N-9001")
    officer.get(f"/observations/new/{person}")
    officer.post(f"/observations/new/{person}/draft", what="He prays", revision="0")
    officer.get(f"/observations/new/{person}")
    before = _rows(house)
    check_page(officer.send(form=1))
    assert officer.h1 == "Nothing has been recorded"
    with house.sessions() as session:
        assert session.scalars(select(Tally.count)).all() == [1]
        assert session.scalars(select(Draft).where(Draft.task_id.is_(None))).all() == []
    assert _rows(house) == before


def _rows(house) -> list[int]:
    with house.sessions() as session:
        return [len(session.scalars(select(t)).all()) for t in (AuditRow, Case, RecordEntry)]


def test_tampered_answers_are_refused_at_their_question(house):
    officer = house.sign_in("custody.north", "en")
    officer.get(f"/observations/new/{house.person('N-9001')}")
    answer = officer.send({**observation(house), "harm": "religion", "where": "x" * 5000})
    check_page(answer, 422)
    hrefs = {a.get("href") for a in officer.tree.iter("a")}
    assert {"#f-harm", "#f-where"} <= hrefs


def test_the_observation_of_another_officer_opens_a_case_of_its_own(house):
    observe(house)
    observe(house)  # the same post again: it opens nothing
    observe(house, login="custody2.north")
    with house.sessions() as session:
        assert len(session.scalars(select(Case).where(Case.stage == "observed")).all()) == 2


@pytest.mark.parametrize("form", ["F-OBS", "G1", "G2", "G3"])
def test_forms_can_be_printed_blank(house, form):
    check_page(house.sign_in("custody.north", "fr").get(f"/forms/{form}/blank"))


def test_a_late_draft_does_not_stand_again_after_its_form_was_sent(house):
    officer = house.sign_in("custody.north", "en")
    address = f"/observations/new/{house.person('N-9001')}"
    officer.get(address)
    kept = officer.post(f"{address}/draft", what="He", revision="0")
    assert kept.json["revision"] == 1
    officer.get(address)
    officer.send(observation(house))
    late = officer.post(f"{address}/draft", what="He said", revision="1")
    assert late.status_code == 409
    with house.sessions() as session:
        assert session.scalars(select(Draft).where(Draft.task_id.is_(None))).all() == []


def test_several_unfinished_observations_are_listed_and_deleted_one_by_one(house):
    officer = house.sign_in("custody.north", "en")
    for number in ("N-9001", "N-9002"):
        address = f"/observations/new/{house.person(number)}"
        officer.get(address)
        officer.post(f"{address}/draft", what=f"Half of {number}", revision="0")
    check_page(officer.get("/observations/new"))
    assert "Go on with Ira Briar (N-9001)" in officer.text
    assert "Go on with Dov Larch (N-9002)" in officer.text
    check_page(officer.post(f"/observations/new/{house.person('N-9002')}/delete"))
    assert "Dov Larch (N-9002)" not in officer.text
    officer.get(f"/observations/new/{house.person('N-9001')}")
    assert "Half of N-9001" in officer.text
