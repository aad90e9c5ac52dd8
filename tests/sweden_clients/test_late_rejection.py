"""A rejection after three weeks is taken down and looked at by its days; it is not lost."""

from __future__ import annotations

from casework import hindrances
from casework.measures import standing
from casework.placement import late
from casework.scenarios import ScenarioStep
from casework.tables import Case, Decision, Measure, Remedy

STORY, START = "late-rejections", "F-REJECT-LATE"


def hindered(at) -> bool:
    with at.sessions() as session:
        case = session.get_one(Case, at.case_id)
        return hindrances.words(session, case, START) is not None


def test_it_is_offered_once_the_time_has_run_out_and_not_before(before):
    at = before(STORY, "placement_execute")
    at.go_on(1)
    at.player.step(ScenarioStep("wait", {"until": "P15D"}))
    assert hindered(at), "within three weeks the person answers on the step that is open"
    at.player.step(ScenarioStep("wait", {"until": "P7D"}))
    assert not hindered(at)


def test_a_decision_is_rejected_late_once(before):
    at = before(STORY, START, do="begin")
    at.go_on(1)
    assert hindered(at), "while it is looked at"
    at.go_on(2)
    assert hindered(at), "after it was dismissed"


def test_too_late_is_a_decision_of_its_own_and_leaves_the_placement_alone(before):
    at = before(STORY, "late_rejection_contest")
    with at.sessions() as session:
        kinds = [row.kind for row in session.query(Decision).order_by(Decision.decided_at)]
        assert kinds.count(late.KIND) == 2
        running = standing.in_force(session, at.case_id)
        assert [row.kind for row in running] == ["placement"]


def test_what_was_in_time_is_reconsidered_with_the_day_it_was_said_on(before):
    at = before(STORY, "late_rejection_test", nth=2)
    at.go_on(1)
    with at.sessions() as session:
        (remedy,) = session.query(Remedy).filter(Remedy.state == "open")
        newest = session.query(Measure).filter(Measure.state == "in_force").one()
        assert remedy.decision_id == newest.decision_id
        assert remedy.lodged_on == at.player.played.now.date()


def test_an_annulled_dismissal_leads_to_the_decision_that_was_rejected(before):
    at = before(STORY, "reconsideration_test", nth=2)
    with at.sessions() as session:
        (remedy,) = session.query(Remedy).filter(Remedy.state == "open")
        decision = session.get_one(Decision, remedy.decision_id)
        assert (decision.kind, decision.outcome) == ("placement", "decided")


def test_the_contact_person_finds_the_start_in_swedish(before):
    at = before(STORY, START, do="begin")
    reader = at.house().sign_in("contact.bjork", "sv")
    assert reader.get(f"/cases/{at.case_id}/begin/{START}").status_code == 200
    assert "Begär omprövning efter tre veckor" in reader.text
