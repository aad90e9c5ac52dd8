"""A case before the court outlives the stay in prison: its ruling is noted, its file kept."""

from __future__ import annotations

from casework import bearing, hindrances
from casework.measures import standing
from casework.tables import Case, Remedy
from casework.words import ENGLISH

STORY, START = "ruled-after-release", "F-COURT-AFTER"


def hindered(at) -> bool:
    with at.sessions() as session:
        case = session.get_one(Case, at.case_id)
        return hindrances.words(session, case, START) is not None


def test_a_pending_court_case_can_be_taken_up_after_a_release_and_not_before(before):
    at = before(STORY, "court_route_bundle")
    at.go_on(1)
    assert hindered(at), "the ruling is noted where it is waited for"
    at.go_on(1)
    assert not hindered(at)


def test_the_legal_officer_finds_it_on_the_case_that_was_closed(before):
    at = before(STORY, START, do="begin")
    reader = at.house().sign_in("legal.mitt", "sv")
    page = reader.get(f"/cases/{at.case_id}/begin/{START}")
    assert page.status_code == 200
    assert "Återuppta ett mål i domstol" in reader.text


def test_what_a_court_may_still_rule_on_is_not_erased(before):
    at = before(STORY, START, do="begin")
    with at.sessions() as session:
        (left,) = standing.left_open(session, at.case_id)
        case = session.get_one(Case, at.case_id)
        assert bearing.goes_on(session, case.id, left.instance_id)
        found = bearing.why_kept(
            session, case, left.instance_id, "F-DPO", {bearing.AGREED: "true"}, ENGLISH
        )
        assert found


def test_a_ruling_after_the_release_says_what_came_too_late(before):
    at = before(STORY, "court_after_carry")
    answers = dict(at.rest[0].given["answers"])
    del answers["too_late"]
    at.step(
        "refused",
        task="court_after_carry",
        **{"as": "placement.mitt"},
        answers=answers,
        because="too_late",
    )
    at.go_on(1)
    with at.sessions() as session:
        (remedy,) = session.query(Remedy).all()
        assert remedy.executed_at is not None


def test_it_is_taken_up_once(before):
    at = before(STORY, START, do="begin")
    at.go_on(1)
    assert hindered(at)


def test_what_can_still_be_carried_out_stands_on_the_page_of_placements(before):
    at = before(STORY, "court_after_carry")
    reader = at.house().sign_in("placement.mitt", "en")
    page = reader.get("/placements")
    to_carry_out = page.text.split('aria-labelledby="carry"')[1].split("</table>")[0]
    assert "Carry out what still can be" in to_carry_out
