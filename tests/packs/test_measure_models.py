"""The processes of a measure go every way that is drawn, and end where they should."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.engine.driving import NOW, Driver
from tests.packs.french import PACK, driven, not_taken

TODAY = NOW.date()
DATES: dict[str, Any] = {
    "effective_on": TODAY,
    "review_on": TODAY + timedelta(days=60),
    "measure_until": TODAY + timedelta(days=90),
}
DECIDED = {"measure_decision": "decided", **DATES}
SUPERVISION = {"measure_kind": "reinforced_supervision", "renewal": False}


def tell(instance: Driver) -> None:
    instance.do("tell_receive", {"receipt": "signed"})


def decide(instance: Driver, *, eyes: bool) -> None:
    instance.do("decide_measure_criteria")
    if eyes:
        instance.do("decide_measure_eyes", {"eyes": "passed"})
    instance.do("decide_measure_decide", DECIDED)
    instance.do("decide_measure_enter")


def heard(instance: Driver, kind: str = "ordinary") -> None:
    instance.do("contradiction_grounds", {"preparation_waived": False})
    instance.do(f"contradiction_{kind}")
    instance.do("contradiction_hearing", {"hearing": "done"})
    instance.do("contradiction_answer")


def test_a_decision_is_sent_back_until_it_stands() -> None:
    first = driven("decide-measure", "decide_measure_begin", **{**SUPERVISION, "renewal": True})
    first.do("decide_measure_criteria")
    first.do("decide_measure_eyes", {"eyes": "returned"})
    first.do("decide_measure_criteria")
    first.do("decide_measure_eyes", {"eyes": "passed"})
    assert [task.element.role for task in first.snapshot.tasks] == ["=authority"]
    assert first.snapshot.variables["authority"] == "fr.governor"
    first.do("decide_measure_decide", {"measure_decision": "returned"})
    decide(first, eyes=True)
    assert first.finished
    second = driven("decide-measure", "decide_measure_begin", **SUPERVISION)
    second.do("decide_measure_criteria")
    second.do("decide_measure_decide", {"measure_decision": "no_measure"})
    assert second.finished
    assert not_taken("decide-measure", first, second) == set()


def contradiction(kind: str) -> Driver:
    instance = driven("contradiction", "contradiction_begin", hearing_kind=kind)
    assert instance.open == ["contradiction_grounds"]
    return instance


def test_time_to_prepare_belongs_to_the_procedure_and_begins_anew_after_a_pause() -> None:
    first = contradiction("isolation")
    first.do("contradiction_grounds", {"preparation_waived": False})
    assert first.open == ["contradiction_isolation", "contradiction_paused"]
    assert first.snapshot.timers[0].expression == "param:prepare_isolation"
    first.do("contradiction_paused")
    assert first.open == ["contradiction_pause", "contradiction_pause_longest"]
    first.do("contradiction_pause")
    first.do("contradiction_paused")
    first.do("contradiction_pause_longest")
    first.do("contradiction_isolation")
    first.do("contradiction_hearing", {"hearing": "adjourned"})
    first.do("contradiction_isolation")
    first.do("contradiction_hearing", {"hearing": "done"})
    first.do("contradiction_answer")
    second = contradiction("ordinary")
    second.do("contradiction_grounds", {"preparation_waived": False})
    second.do("contradiction_ordinary")
    second.do("contradiction_hearing", {"hearing": "refused"})
    third = contradiction("urgent")
    third.do("contradiction_grounds", {"preparation_waived": False})
    third.do("contradiction_urgent")
    third.do("contradiction_hearing", {"hearing": "absent_excused"})
    fourth = contradiction("ordinary")
    fourth.do("contradiction_grounds", {"preparation_waived": True})
    fourth.do("contradiction_hearing", {"hearing": "waived"})
    told = (first, second, third, fourth)
    assert all(instance.finished for instance in told)
    assert not_taken("contradiction", *told) == set()


def review() -> Driver:
    instance = driven("review-and-expiry", "review_and_expiry_begin", **SUPERVISION, **DATES)
    assert instance.open == ["review_and_expiry_last_day", "review_and_expiry_review_day"]
    return instance


def test_a_review_renews_ends_or_comes_too_late() -> None:
    renewed = review()
    renewed.do("review_and_expiry_review_day")
    renewed.do("review_and_expiry_test", {"review": "renew"})
    heard(renewed)
    decide(renewed, eyes=True)
    ended = review()
    ended.do("review_and_expiry_review_day")
    ended.do("review_and_expiry_test", {"review": "end"})
    lapsed = review()
    lapsed.do("review_and_expiry_review_day")
    lapsed.do("review_and_expiry_last_day")
    outcomes = [i.snapshot.variables["review_outcome"] for i in (renewed, ended, lapsed)]
    assert outcomes == ["renewed", "ended", "lapsed"]
    assert not_taken("review-and-expiry", renewed, ended, lapsed) == set()


def test_a_hearing_that_drags_on_does_not_prolong_the_measure() -> None:
    instance = review()
    instance.do("review_and_expiry_review_day")
    instance.do("review_and_expiry_test", {"review": "renew"})
    instance.do("contradiction_grounds", {"preparation_waived": False})
    instance.do("review_and_expiry_last_day")
    assert instance.finished
    assert instance.snapshot.variables["review_outcome"] == "lapsed"


def handed_over() -> Driver:
    instance = driven(
        "reinforced-supervision", "reinforced_supervision_decided", **SUPERVISION, **DATES
    )
    tell(instance)
    return instance


def supervision() -> Driver:
    instance = handed_over()
    instance.do("reinforced_supervision_look", {"measure_runs": True})
    instance.do("reinforced_supervision_begin")
    return instance


def test_supervision_is_noted_weekly_and_runs_out_by_itself() -> None:
    first = supervision()
    first.do("reinforced_supervision_week")
    first.do("reinforced_supervision_note")
    first.do("reinforced_supervision_week")
    first.do("review_and_expiry_review_day")
    first.do("review_and_expiry_test", {"review": "change"})
    heard(first)
    decide(first, eyes=True)
    assert first.open == ["tell_receive"], "no clock and no weekly note is left over"
    tell(first)
    first.do("reinforced_supervision_look", {"measure_runs": True})
    first.do("reinforced_supervision_begin")
    first.do("review_and_expiry_last_day")
    first.do("reinforced_supervision_lapse")
    tell(first)
    second = supervision()
    second.do("review_and_expiry_review_day")
    second.do("review_and_expiry_test", {"review": "end"})
    second.do("reinforced_supervision_end")
    tell(second)
    third = supervision()
    third.do("reinforced_supervision_stopped")
    assert third.open == ["tell_receive"]
    tell(third)
    fourth = handed_over()
    fourth.do("reinforced_supervision_look", {"measure_runs": False})
    assert fourth.open == ["tell_receive"], "nothing is put in place that has ended"
    tell(fourth)
    told = (first, second, third, fourth)
    assert all(instance.finished for instance in told)
    assert not_taken("reinforced-supervision", *told) == set()


def test_what_ends_before_it_is_put_in_place_is_told_and_not_put_in_place() -> None:
    instance = handed_over()
    instance.do("reinforced_supervision_look", {"measure_runs": True})
    instance.do("reinforced_supervision_stopped")
    assert instance.open == ["tell_receive"]


def urgent(start: str = "ordered") -> Driver:
    if start == "needed":
        instance = driven("urgent-measure", "urgent_measure_needed")
        instance.do("urgent_measure_order", {"kept_alone": False})
    else:
        instance = driven("urgent-measure", "urgent_measure_ordered", kept_alone=False)
    assert "urgent_measure_longest" in instance.open
    return instance


def up_to_the_decision(instance: Driver) -> None:
    tell(instance)
    instance.do("urgent_measure_reasons")
    heard(instance, "urgent")


def test_an_urgent_measure_is_confirmed_lifted_or_lifts_by_itself() -> None:
    confirmed = urgent()
    up_to_the_decision(confirmed)
    confirmed.do("urgent_measure_decide", {"urgent_end": "confirm"})
    decide(confirmed, eyes=False)
    snapshot = confirmed.do("urgent_measure_replace")
    assert [thrown.name for thrown in snapshot.thrown] == ["measureDecided"]
    assert snapshot.variables["measure_kind"] == "reinforced_supervision"
    lifted = urgent("needed")
    up_to_the_decision(lifted)
    lifted.do("urgent_measure_decide", {"urgent_end": "lift"})
    lifted.do("urgent_measure_lift")
    tell(lifted)
    forgotten = urgent()
    forgotten.do("urgent_measure_longest")
    assert forgotten.open == ["urgent_measure_lift"]
    forgotten.do("urgent_measure_lift")
    tell(forgotten)
    annulled = urgent()
    annulled.do("urgent_measure_stopped")
    tell(annulled)
    told = (confirmed, lifted, forgotten, annulled)
    assert all(instance.finished for instance in told)
    for part in ("urgent-measure", "urgent-measure-days"):
        assert not_taken(part, *told) == set()


@pytest.mark.parametrize(("alone", "hearing"), [(False, "urgent"), (True, "isolation")])
def test_who_is_kept_alone_has_the_hours_of_an_isolation(alone: bool, hearing: str) -> None:
    instance = driven("urgent-measure", "urgent_measure_ordered", kept_alone=alone)
    assert instance.snapshot.variables["hearing_kind"] == hearing


def test_a_confirmation_that_comes_to_no_decision_lifts() -> None:
    instance = urgent()
    up_to_the_decision(instance)
    instance.do("urgent_measure_decide", {"urgent_end": "confirm"})
    instance.do("decide_measure_criteria")
    instance.do("decide_measure_decide", {"measure_decision": "no_measure"})
    assert instance.open == ["urgent_measure_lift"]


@pytest.mark.parametrize(
    ("ruling", "is_executed"),
    [("upheld", False), ("remitted", False), ("withdrawn", False), ("annulled", True),
     ("suspended", True)],
)  # fmt: skip
def test_a_ruling_against_the_measure_is_carried_out(ruling: str, is_executed: bool) -> None:
    instance = driven("remedy-watch", "remedy_watch_lodged")
    instance.do("remedy_watch_open")
    instance.do("remedy_watch_bundle")
    instance.do("remedy_watch_ruling", {"ruling": ruling})
    if is_executed:
        instance.do("remedy_watch_execute")
        instance.do("remedy_watch_end")
    instance.do("remedy_watch_close")
    tell(instance)
    assert instance.finished
    untaken = not_taken("remedy-watch", instance)
    assert len(untaken) == (1 if is_executed else 3), untaken


def test_the_judge_is_informed_again_when_it_was_sent_back() -> None:
    sent = driven("transmit-to-judiciary", "transmit_to_judiciary_begin")
    sent.do("transmit_to_judiciary_status", {"penal_status": "remand"})
    assert sent.snapshot.variables["recipient"] == "magistrate"
    sent.do("transmit_to_judiciary_send")
    sent.do("transmit_to_judiciary_receipt", {"judicial_receipt": "returned"})
    sent.do("transmit_to_judiciary_send")
    sent.do("transmit_to_judiciary_receipt", {"judicial_receipt": "received"})
    nobody = driven("transmit-to-judiciary", "transmit_to_judiciary_begin")
    nobody.do("transmit_to_judiciary_status", {"penal_status": "none"})
    assert sent.finished
    assert nobody.finished
    assert not_taken("transmit-to-judiciary", sent, nobody) == set()


def test_the_person_is_told_of_a_measure_that_ended_by_itself() -> None:
    instance = driven("measure-ended", "measure_ended_lapsed")
    tell(instance)
    assert instance.finished
    assert not_taken("measure-ended", instance) == set()


def test_nothing_ends_a_measure_without_saying_why() -> None:
    reasons = {
        element.attributes.get("reason")
        for process in ("reinforced-supervision", "urgent-measure", "remedy-watch")
        for element in driven_model(process).values()
        if element.effect == "measure.end"
    }
    assert reasons == {"ended", "lapsed", "lifted", "replaced", "annulled"}


def driven_model(process: str) -> Any:
    from processes.engine import compile_model

    return compile_model(PACK.files, process).elements


def test_dates_of_a_decision_are_dates() -> None:
    assert all(isinstance(day, date) for day in DATES.values())
    assert {PACK.variables[name]["type"] for name in DATES} == {"date"}
