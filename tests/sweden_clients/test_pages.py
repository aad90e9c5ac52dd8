"""The pages of those who place and of the probation officer: each route for each function."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework.placement import bundle
from casework.scenarios import read_scenario
from casework.tables import Document, UserAccount
from tests.sweden_clients.conftest import SCENARIOS
from tests.webapp.pages import check_page

PLACING = {"placement.mitt", "placement2.mitt", "legal.mitt", "headoffice.se"}
CLIENTS = {"probation.bjork", "probation2.bjork", "contact.bjork", "contact.gran"}
COURT = {"placement.mitt", "placement2.mitt", "legal.mitt", "contact.bjork"}


def logins(standing) -> list[str]:
    """Everybody of the agency, and one of the other."""
    with standing.sessions() as session:
        found = session.scalars(select(UserAccount.login).order_by(UserAccount.login))
        return [login for login in found if login in standing.world.users] + ["governor.north"]


def test_each_function_gets_the_pages_of_placement_that_are_its_own_and_no_others(before):
    standing = before("rejected-and-annulled", "court_route_bundle")
    standing.go_on(1)
    house = standing.house()
    with standing.sessions() as session:
        wanted = select(Document.id).where(Document.kind == bundle.KIND)
        paper = f"/court-files/{session.scalars(wanted).one()}.pdf"
    for login in logins(standing):
        reader = house.sign_in(login)
        assert (reader.get("/placements").status_code == 200) is (login in PLACING), login
        assert (reader.client.get(paper).status_code == 200) is (login in COURT), login
        leads = any(a.get("href") == "/placements" for a in reader.tree.iter("a"))
        assert leads is (login in PLACING), login


def test_each_function_gets_the_pages_of_clients_that_are_its_own_and_no_others(before):
    standing = before("consent-taken-back", "F-WITHDRAW", do="begin")
    house, address = standing.house(), f"/clients/{standing.case_id}"
    for login in logins(standing):
        reader = house.sign_in(login)
        assert (reader.get("/clients").status_code == 200) is (login in CLIENTS), login
        here = login in CLIENTS - {"contact.gran"}  # the other prison's helps its own clients
        assert (reader.get(address).status_code == 200) is here, login


@pytest.mark.parametrize(
    ("language", "words"), [("en", "security unit"), ("sv", "säkerhetsavdelning")]
)
def test_the_placement_officer_sees_what_is_in_force_and_what_ends_by_itself(
    before, language, words
):
    standing = before("rejected-and-annulled", "court_route_ruling", do="complete")
    reader = standing.house().sign_in("placement.mitt", language)
    check_page(reader.get("/placements"))
    assert words in reader.text
    assert "Sam Alkvist" in reader.text
    assert "Gran" not in reader.text  # no ground and no word of the file is on it


@pytest.mark.parametrize(("language", "words"), [("en", "Taken back"), ("sv", "Återkallat")])
def test_the_officer_sees_the_consent_as_a_table_and_what_can_be_begun(before, language, words):
    standing = before("consent-taken-back", "F-WITHDRAW", do="begin")
    standing.go_on(1)
    reader = standing.house().sign_in("probation.bjork", language)
    check_page(reader.get("/clients"))
    check_page(reader.get(f"/clients/{standing.case_id}"))
    assert words in reader.text
    links = [a.get("href") or "" for a in reader.tree.iter("a")]
    for form in ("F-CLIENT-SHARE", "F-CONSENTS", "F-WITHDRAW", "F-EXCEPTION"):
        assert f"/cases/{standing.case_id}/begin/{form}" in links
    assert f"/cases/{standing.case_id}/begin/F-BREACH" not in links  # nobody is supervised yet


def test_the_list_of_clients_names_the_step_that_their_own_page_names(before):
    """Whatever of the way out waits first: an answer of a partner as much as a meeting."""
    standing = before("consent-taken-back", "share_with_partner_prepare")
    reader = standing.house().sign_in("probation.bjork")
    reader.get("/clients")
    assert "Write what is shared" in reader.text
    assert "Nothing waits" not in reader.text


def test_a_clients_page_tells_nothing_of_what_else_runs_in_the_case(before):
    standing = before("consent-taken-back", "F-WITHDRAW", do="begin")
    answers = next(
        step.given["answers"]
        for step in read_scenario(SCENARIOS / "rejected-and-annulled.toml").steps
        if step.given.get("form") == "F-PLACE"
    )
    standing.step("begin", **{"as": "placement.mitt"}, form="F-PLACE", answers=answers)
    reader = standing.house().sign_in("probation.bjork")
    reader.get(f"/clients/{standing.case_id}")
    assert "Write what is shared" in reader.text
    assert "Serve the grounds" not in reader.text


def test_a_reconsideration_is_named_as_the_services_own_and_not_the_deciders(before):
    """Whoever decided takes no part in it [SE-6-I1]: Swedish words must not say otherwise."""
    standing = before("rejected-and-annulled", "reconsideration_test")
    reader = standing.house().sign_in("legal.mitt", "sv")
    reader.get("/placements")
    assert "Begäran om omprövning hos myndigheten" in reader.text
    assert "beslutsfattaren" not in reader.text


def test_who_hands_the_copy_over_finds_the_court_file_on_the_case(before):
    standing = before("rejected-and-annulled", "court_route_ruling")
    house = standing.house()
    with standing.sessions() as session:
        wanted = select(Document.id).where(Document.kind == bundle.KIND)
        paper = f"/court-files/{session.scalars(wanted).one()}.pdf"
    for login in ("contact.bjork", "legal.mitt", "manager.bjork"):
        reader = house.sign_in(login, "sv")
        assert reader.get(f"/cases/{standing.case_id}").status_code == 200, login
        found = any(a.get("href") == paper for a in reader.tree.iter("a"))
        assert found is (login in COURT), login
