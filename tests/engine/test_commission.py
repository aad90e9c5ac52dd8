"""The commission's models as they are drawn: who is asked, what leaves by itself, what ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from processes import deadlines
from processes.packs import MODELS
from tests.engine import driving, xml
from tests.engine.driving import Driver

CALLED = ("contradiction", "decide-measure", "transmit-to-judiciary", "inform-or-defer", "tell",
          "close-and-erase")  # fmt: skip
MOVED = "commission_opine_moved"  # open as long as no opinion is issued
SEATS = ["00000000-0000-4000-8000-00000000000" + str(n) for n in range(3)]
ISSUED = {"favourable": False, "opinion_issued_on": date(2026, 3, 2)}
SENT = {"opinion_sent_on": date(2026, 3, 4)}


def in_one_step(name: str) -> bytes:
    """A part that is called, told in one step: it has tests of its own."""
    stem = name.replace("-", "_")
    steps = (f"{stem}_begin", f"{stem}_step", f"{stem}_end")
    return xml.model(
        xml.start(steps[0]), xml.user(steps[1]), xml.end(steps[2]), xml.chain(*steps), id=name
    )


def drive(top: str, start: str, monkeypatch: pytest.MonkeyPatch, **variables: Any) -> Driver:
    """One of the commission's models as shipped; what it calls elsewhere goes in one step."""

    def read(text: str, seen: Mapping[str, Any]) -> Any:
        anchor = deadlines.parse(text).anchor
        assert anchor is None or isinstance(seen.get(anchor), date), f"{text}: {anchor} is not set"
        return driving.NOW

    own = sorted((MODELS / "france").glob("*.[bd][pm][mn]*"))
    files = {path.name: path.read_bytes() for path in own if path.stem != "detection"}
    files |= {f"{name}.bpmn": in_one_step(name) for name in CALLED}
    return Driver(files, top, start, variables, schedule=read)


def prepared(monkeypatch: pytest.MonkeyPatch) -> Driver:
    """A case whose item waits for a session."""
    case = drive("commission", "commission_referred", monkeypatch)
    case.do("commission_prepare")
    case.do("commission_observations")
    assert case.open == ["commission_on_agenda", MOVED]
    return case


def in_session(monkeypatch: pytest.MonkeyPatch, seats: list[str] = SEATS) -> Driver:
    case = prepared(monkeypatch)
    case.do("commission_on_agenda")
    case.do("commission_ask", {"opinion_seats": seats})
    return case


def opined(monkeypatch: pytest.MonkeyPatch, outcome: str) -> Driver:
    """A case in which the commission has named its outcome."""
    case = in_session(monkeypatch, [])
    case.do("commission_collective", {"cpu1_outcome": outcome})
    return case


def answered(monkeypatch: pytest.MonkeyPatch, outcome: str, position: str | None) -> Driver:
    """A case whose opinion the governor has answered, or not in time."""
    case = opined(monkeypatch, outcome)
    case.do("commission_issue", ISSUED)
    if position is None:
        case.do("commission_no_position")
        case.do("commission_not_given", {"governor_position": "not_given"})
    else:
        case.do("commission_position", {"governor_position": position})
    return case


def thrown(case: Driver) -> list[str]:
    return [message.name for message in case.snapshot.thrown]


def test_each_seat_is_asked_and_the_collective_opinion_waits_for_all(monkeypatch) -> None:
    case = in_session(monkeypatch)
    assert [task.variables["opinion_seat"] for task in case.snapshot.tasks] == SEATS
    assert {task.element.seat for task in case.snapshot.tasks} == {"opinion_seat"}
    for _ in SEATS[1:]:
        case.do("commission_opinion")
        assert "commission_collective" not in case.open
    case.do("commission_opinion")
    assert case.open == ["commission_collective", "commission_not_reached", MOVED]


def test_the_chair_closes_the_opinions_and_nobody_is_waited_for(monkeypatch) -> None:
    case = in_session(monkeypatch)
    case.do("commission_opinion")
    case.do("commission_opinions_closed")
    assert case.open == ["commission_missing", MOVED]
    case.do("commission_missing")
    assert case.open == ["commission_collective", "commission_not_reached", MOVED]


def test_an_item_not_reached_goes_to_the_next_agenda(monkeypatch) -> None:
    case = in_session(monkeypatch)
    case.do("commission_opinions_put_off")
    assert case.open == ["commission_on_agenda", MOVED]
    case.do("commission_on_agenda")
    case.do("commission_ask", {"opinion_seats": []})
    case.do("commission_not_reached")
    assert case.open == ["commission_on_agenda", MOVED]


def test_a_person_moved_before_the_opinion_is_prepared_by_the_new_commission(monkeypatch) -> None:
    case = in_session(monkeypatch)
    case.do("commission_opinion")
    case.do(MOVED)
    assert case.open == ["commission_prepare"], "nobody of the old commission is asked any more"


def test_the_persons_silence_holds_nothing_up(monkeypatch) -> None:
    case = drive("commission", "commission_asked", monkeypatch)
    case.do("commission_prepare")
    case.do("commission_observations_over")
    assert case.open == ["commission_on_agenda", MOVED]


def test_an_adjourned_item_is_prepared_again_and_no_opinion_is_issued(monkeypatch) -> None:
    case = opined(monkeypatch, "adjourn")
    case.do("commission_adjourn", {"adjourned": True})
    assert case.open == ["commission_prepare"]


def test_danger_now_issues_the_opinion_and_asks_for_an_urgent_measure(monkeypatch) -> None:
    case = opined(monkeypatch, "urgent")
    assert case.open == ["commission_urgent"]
    case.do("commission_urgent", ISSUED)
    assert (thrown(case), case.finished) == (["urgentMeasureNeeded"], True)


@pytest.mark.parametrize("position", ["follow", "not_follow", None])
def test_what_others_decide_goes_upward_whatever_the_governor_says(monkeypatch, position) -> None:
    case = answered(monkeypatch, "qer", position)
    assert "carry_upward_send" in case.open
    assert case.snapshot.variables["measure_kind"] == "qer"


@pytest.mark.parametrize("outcome", ["reinforced_supervision", "isolation_proposal"])
@pytest.mark.parametrize("position", ["not_follow", None])
def test_nothing_restrictive_rests_on_the_governors_silence(monkeypatch, outcome, position) -> None:
    case = answered(monkeypatch, outcome, position)
    assert case.open == ["tell_step"]
    case.do("tell_step")
    assert case.open == ["commission_not_followed"]


def test_a_followed_supervision_is_heard_decided_and_begun(monkeypatch) -> None:
    case = answered(monkeypatch, "reinforced_supervision", "follow")
    assert case.snapshot.variables["hearing_kind"] == "ordinary"
    case.do("contradiction_step")
    case.do("decide_measure_step", {"measure_decision": "decided"})
    assert thrown(case) == ["measureDecided"]


def test_where_no_measure_is_decided_the_person_is_told(monkeypatch) -> None:
    case = answered(monkeypatch, "reinforced_supervision", "follow")
    case.do("contradiction_step")
    case.do("decide_measure_step", {"measure_decision": "no_measure"})
    assert case.open == ["tell_step"]


def test_isolation_that_is_followed_has_its_own_procedure(monkeypatch) -> None:
    case = answered(monkeypatch, "isolation_proposal", "follow")
    assert thrown(case) == ["isolationProposed"]
    assert case.snapshot.variables["hearing_kind"] == "isolation"


@pytest.mark.parametrize("position", ["follow", None])
@pytest.mark.parametrize(
    ("outcome", "then"),
    [("no_follow_up", "close_and_erase_step"), ("support_only", "commission_offer_support")],
)
def test_a_favourable_opinion_stands_unless_it_is_refused(
    monkeypatch, outcome, then, position
) -> None:
    case = answered(monkeypatch, outcome, position)
    case.do("tell_step")
    assert case.open == [then]


@pytest.mark.parametrize("outcome", ["no_follow_up", "support_only"])
def test_a_favourable_opinion_the_governor_refuses_erases_nothing(monkeypatch, outcome) -> None:
    case = answered(monkeypatch, outcome, "not_follow")
    case.do("tell_step")
    assert case.open == ["commission_not_followed"]


def upward(monkeypatch: pytest.MonkeyPatch) -> Driver:
    case = drive(
        "carry-upward", "carry_upward_begin", monkeypatch,
        cpu1_outcome="qer", **ISSUED,
    )  # fmt: skip
    assert "carry_upward_joint" in case.open
    return case


def above(monkeypatch: pytest.MonkeyPatch) -> Driver:
    """An opinion on which region and judges have been asked; the person is to be heard."""
    case = upward(monkeypatch)
    case.do("carry_upward_send")
    case.do("carry_upward_by_hand", SENT)
    case.do("carry_upward_region")
    case.do("carry_upward_judges_over")
    return case


def before_the_ministry(monkeypatch: pytest.MonkeyPatch) -> Driver:
    case = above(monkeypatch)
    case.do("contradiction_step")
    return case


def test_an_opinion_leaves_by_itself_and_the_joint_report_holds_nothing_back(monkeypatch) -> None:
    case = upward(monkeypatch)
    case.do("carry_upward_not_sent")
    (call,) = case.run().effects()
    assert (call.name, case.model.elements[call.element_id].attributes["how"]) == (
        "opinion.send",
        "by_itself",
    )
    case.do("carry_upward_by_itself", SENT)
    case.do("carry_upward_region_over")
    assert "contradiction_step" not in case.open
    case.do("carry_upward_judges")
    assert "contradiction_step" in case.open
    assert "carry_upward_joint" in case.open


@pytest.mark.parametrize(
    "stood", ["contradiction_step", "carry_upward_decide", "carry_upward_more"]
)
def test_ninety_days_of_silence_end_everything_and_place_nobody(monkeypatch, stood) -> None:
    case = above(monkeypatch)
    if stood != "contradiction_step":
        case.do("contradiction_step")
    if stood == "carry_upward_more":
        case.do("carry_upward_decide", {"central_decision": "ask_more"})
        case.do("carry_upward_asked_more", {"asked_more": True})
    assert stood in case.open
    case.do("carry_upward_limit")
    assert case.open == ["carry_upward_joint", "carry_upward_unanswered"]
    case.do("carry_upward_unanswered", {"central_decision": "unanswered"})
    assert case.finished


def test_more_is_asked_and_answered_and_the_ministry_decides(monkeypatch) -> None:
    case = before_the_ministry(monkeypatch)
    case.do("carry_upward_decide", {"central_decision": "ask_more"})
    case.do("carry_upward_asked_more", {"asked_more": True})
    case.do("carry_upward_more")
    case.do("carry_upward_decide", {"central_decision": "refuse"})
    case.do("carry_upward_answered")
    case.do("inform_or_defer_step")
    case.do("transmit_to_judiciary_step")
    assert case.finished, "an unwritten joint report does not keep it open"


@pytest.mark.parametrize(
    ("decision", "message", "left"),
    [("place_qer", ["qerPlaced"], []), ("refuse", [], ["commission_refused"]),
     ("unanswered", [], ["commission_prepare"])],
)  # fmt: skip
def test_the_answer_from_above_ends_the_case_or_asks_for_a_fresh_opinion(
    monkeypatch, decision, message, left
) -> None:
    case = answered(monkeypatch, "qer", None)
    case.do("carry_upward_not_sent")
    case.do("carry_upward_by_itself", SENT)
    case.do("carry_upward_region")
    case.do("carry_upward_judges")
    case.do("contradiction_step")
    if decision == "unanswered":
        case.do("carry_upward_limit")
        case.do("carry_upward_unanswered", {"central_decision": decision})
    else:
        case.do("carry_upward_decide", {"central_decision": decision})
        case.do("carry_upward_answered")
        case.do("inform_or_defer_step")
        case.do("transmit_to_judiciary_step")
    assert (thrown(case), case.open) == (message, left)


def test_a_session_without_quorum_gets_a_new_day_and_is_closed_once(monkeypatch) -> None:
    on = date(2026, 3, 20)
    meeting = drive("commission-session", "commission_session_planned", monkeypatch, session_on=on)
    meeting.do("commission_session_agenda")
    meeting.do("commission_session_convene")
    meeting.do("commission_session_day")
    meeting.do("commission_session_hold", {"session_held": "no_quorum"})
    meeting.do("commission_session_new_day", {"session_on": date(2026, 3, 25)})
    assert meeting.open == ["commission_session_day"]
    meeting.do("commission_session_day")
    meeting.do("commission_session_hold", {"session_held": "yes"})
    meeting.do("commission_session_close")
    meeting.do("commission_session_minutes")
    meeting.do("commission_session_number")
    assert meeting.finished
