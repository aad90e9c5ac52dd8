"""What a run does: starts, tasks, parts, events, messages, effects, decisions, variables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from processes.engine import EngineFault, Run, compile_model
from tests.engine import xml
from tests.engine.driving import NOW, Driver, ids, schedule

PACKS = Path(__file__).resolve().parents[2] / "processes" / "packs"
ONE_TASK = xml.model(xml.start(), xml.user("A"), xml.end(), xml.chain("S", "A", "E"))


def test_everything_passed_is_told_in_order() -> None:
    driver = Driver(ONE_TASK)
    driver.do("A")
    assert driver.kinds == [
        ("entered", "S"), ("completed", "S"), ("taken", "S_A"), ("entered", "A"),
        ("completed", "A"), ("taken", "A_E"), ("entered", "E"), ("ended", "E"),
    ]  # fmt: skip
    assert driver.snapshot.outcome == "E"


def test_of_several_starts_only_the_named_one_fires() -> None:
    raw = xml.file(
        xml.declare("go"),
        xml.process(
            xml.start("S1"), xml.start("S2", xml.message("go")), xml.gateway("exclusive", "M"),
            xml.user("A"), xml.end(), xml.chain("S1", "M", "A", "E"), xml.chain("S2", "M"),
        ),
    )  # fmt: skip
    driver = Driver(raw, start="S2", variables={"origin": "report"})
    assert [start.id for start in driver.model.starts] == ["S1", "S2"]
    assert driver.snapshot.messages == ()
    assert driver.taken == ["S2_M", "M_A"]
    driver.do("A")
    assert driver.finished


def test_an_unknown_start_is_a_fault() -> None:
    with pytest.raises(EngineFault, match="no start event"):
        Driver(ONE_TASK, start="A")


def test_two_flows_between_the_same_gateways_are_both_needed_and_both_told() -> None:
    raw = xml.model(
        xml.start(), xml.user("A"), xml.gateway("parallel", "F"), xml.gateway("parallel", "J"),
        xml.end(), xml.chain("S", "A", "F"), xml.flow("one", "F", "J"), xml.flow("two", "F", "J"),
        xml.chain("J", "E"),
    )  # fmt: skip
    driver = Driver(raw)
    driver.do("A")
    assert driver.finished
    assert {"one", "two"} <= set(driver.taken)


CALL = {
    "p.bpmn": xml.file(
        xml.declare("oops", "hey"),
        xml.process(
            xml.start(), xml.user("A"), xml.node("callActivity", "C", calledElement="q"),
            xml.boundary("B", "C", xml.error("oops")),
            xml.boundary("H", "C", xml.escalation("hey"), False),
            xml.boundary("W", "C", xml.timer("PT2H")),
            xml.user("after"), xml.user("handled"), xml.user("heard"), xml.user("late"),
            *(xml.end(f"E{i}") for i in range(4)),
            xml.chain("S", "A", "C", "after", "E0"), xml.chain("B", "handled", "E1"),
            xml.chain("H", "heard", "E2"), xml.chain("W", "late", "E3"),
        ),
    ),
    "q.bpmn": xml.file(
        xml.declare("oops", "hey"),
        xml.process(
            xml.start("q_S"), xml.user("q_A"), xml.gateway("exclusive", "q_G", "q_fine"),
            xml.node("intermediateThrowEvent", "q_H", xml.escalation("hey")),
            xml.user("q_B"), xml.end("q_E"), xml.end("q_X", xml.error("oops")),
            xml.chain("q_S", "q_A", "q_G"), xml.flow("q_fine", "q_G", "q_B"),
            xml.flow("q_bad", "q_G", "q_X", "result = \"bad\""),
            xml.flow("q_say", "q_G", "q_H", "result = \"say\""), xml.chain("q_H", "q_B", "q_E"),
            id="q",
        ),
    ),
}  # fmt: skip


def test_a_called_process_gets_a_copy_and_gives_back_what_it_set() -> None:
    driver = Driver(CALL, variables={"result": "none", "kept": "old"})
    driver.do("A")
    assert driver.snapshot.tasks[0].variables == {"result": "none", "kept": "old"}
    driver.do("q_A", {"result": "fine"})
    assert driver.snapshot.variables["result"] == "none", "nothing leaves before the end"
    driver.do("q_B")
    assert driver.open == ["after"]
    assert driver.snapshot.variables == {"result": "fine", "kept": "old"}


def test_an_error_in_a_called_process_is_caught_at_its_edge() -> None:
    driver = Driver(CALL, variables={"result": "none"})
    driver.do("A")
    driver.do("q_A", {"result": "bad"})
    assert driver.open == ["handled"]
    assert ("fired", "B") in driver.kinds
    assert ("cancelled", "C") in driver.kinds
    assert driver.snapshot.variables == {"result": "none"}


def test_an_escalation_is_heard_beside_the_called_process() -> None:
    driver = Driver(CALL, variables={"result": "none"})
    driver.do("A")
    driver.do("q_A", {"result": "say"})
    assert driver.open == ["W", "heard", "q_B"]
    driver.do("q_B")
    driver.do("after")
    driver.do("heard")
    assert driver.finished


def test_a_timer_at_the_edge_of_a_call_gives_up_all_inside() -> None:
    driver = Driver(CALL, variables={"result": "none"})
    driver.do("A")
    driver.do("W")
    assert driver.open == ["late"]
    assert ("cancelled", "q_A") in driver.kinds
    driver.do("late")
    assert driver.finished
    assert driver.snapshot.outcome == "E3"


def test_a_terminate_end_ends_its_own_scope_only() -> None:
    inner = xml.node(
        "subProcess", "P",
        xml.start("s") + xml.gateway("parallel", "f") + xml.user("a") + xml.user("b")
        + xml.end("t", "<bpmn:terminateEventDefinition/>") + xml.end("e")
        + xml.chain("s", "f", "a", "t") + xml.chain("f", "b", "e"),
    )  # fmt: skip
    driver = Driver(
        xml.model(
            xml.start(), xml.gateway("parallel", "F"), inner, xml.user("X"), xml.user("Y"),
            xml.end("E1"), xml.end("E2"), xml.chain("S", "F", "P", "Y", "E1"),
            xml.chain("F", "X", "E2"),
        )
    )  # fmt: skip
    assert driver.open == ["X", "a", "b"]
    driver.do("a")
    assert driver.open == ["X", "Y"]


def test_a_sub_process_shares_the_variables_around_it() -> None:
    inner = xml.node(
        "subProcess", "P",
        xml.start("s") + xml.user("a") + xml.end("e") + xml.chain("s", "a", "e"),
    )  # fmt: skip
    driver = Driver(
        xml.model(
            xml.start(), xml.gateway("parallel", "F"), inner, xml.user("X"), xml.end("E1"),
            xml.end("E2"), xml.chain("S", "F", "P", "E1"), xml.chain("F", "X", "E2"),
        )
    )  # fmt: skip
    driver.do("a", {"seen": True})
    assert driver.snapshot.tasks[0].variables == {"seen": True}


def test_a_thrown_message_is_handed_out_and_not_caught_by_accident() -> None:
    raw = xml.file(
        xml.declare("go"),
        xml.process(
            xml.start(), xml.gateway("parallel", "F"), xml.user("A"),
            xml.node("intermediateThrowEvent", "T", xml.message("go")), xml.end("E1"),
            xml.node("intermediateCatchEvent", "C", xml.message("go"), sv__correlation="task"),
            xml.end("E2", xml.message("go")),
            xml.chain("S", "F", "A", "T", "E1"), xml.chain("F", "C", "E2"),
        ),
    )  # fmt: skip
    driver = Driver(raw)
    (waiting,) = driver.snapshot.messages
    assert (waiting.name, waiting.element.correlation) == ("go", "task")
    driver.do("A", {"choice": "yes"})
    (thrown,) = driver.snapshot.thrown
    assert (thrown.name, thrown.element.id, thrown.variables) == ("go", "T", {"choice": "yes"})
    assert driver.open == ["C"], "it waits until the platform delivers"
    driver.do("C", {"answer": "no"})
    assert driver.finished
    assert driver.snapshot.thrown[0].variables == {"choice": "yes", "answer": "no"}


def test_a_service_task_waits_for_its_effect() -> None:
    raw = xml.model(
        xml.start(), xml.node("serviceTask", "X", sv__effect="grids.compare", sv__stage="one"),
        xml.user("A"), xml.end(), xml.chain("S", "X", "A", "E"),
    )  # fmt: skip
    driver = Driver(raw, variables={"seat": "s"})
    (request,) = driver.run().effects()
    assert (request.element_id, request.name, request.variables) == (
        "X", "grids.compare", {"seat": "s"},
    )  # fmt: skip
    assert driver.snapshot.tasks == ()
    driver.do("X", {"differ": True})
    assert driver.snapshot.tasks[0].variables == {"seat": "s", "differ": True}


def test_a_user_task_opens_when_its_effect_is_done() -> None:
    raw = xml.model(
        xml.start(), xml.user("A", sv__effect="notify.urgent"),
        xml.boundary("B", "A", xml.timer("PT1H")), xml.end(), xml.end("E2"),
        xml.chain("S", "A", "E"), xml.chain("B", "E2"),
    )  # fmt: skip
    driver = Driver(raw)
    (request,) = driver.run().effects()
    assert (request.element_id, request.name) == ("A", "notify.urgent")
    assert (driver.snapshot.tasks, driver.snapshot.timers) == ((), ())
    driver.do("A", {"told": True})
    assert driver.snapshot.tasks[0].variables == {"told": True}
    driver.do("A")
    assert driver.finished


def test_an_end_is_taken_when_its_effect_is_done() -> None:
    raw = xml.file(
        xml.declare("go"),
        xml.process(
            xml.start(), xml.user("A"),
            xml.node("endEvent", "E", xml.message("go"), sv__effect="case.close", sv__stage="one"),
            xml.chain("S", "A", "E"),
        ),
    )  # fmt: skip
    driver = Driver(raw)
    driver.do("A", {"seat": "s"})
    (request,) = driver.run().effects()
    assert (request.element_id, request.name, request.variables) == (
        "E", "case.close", {"seat": "s"},
    )  # fmt: skip
    assert not driver.finished
    assert driver.snapshot.thrown == ()
    driver.do("E", {"closed": True})
    assert driver.finished
    assert driver.snapshot.outcome == "E"
    assert [thrown.variables for thrown in driver.snapshot.thrown] == [
        {"seat": "s", "closed": True}
    ]
    assert [passed for passed in driver.kinds if passed[1] not in {"S", "A", "S_A"}] == [
        ("taken", "A_E"), ("entered", "E"), ("ended", "E"),
    ]  # fmt: skip


def test_a_timer_begins_to_wait_when_its_effect_is_done() -> None:
    raw = xml.model(
        xml.start(),
        xml.node("intermediateCatchEvent", "W", xml.timer("PT1H"), sv__effect="monitor.begin"),
        xml.end(), xml.chain("S", "W", "E"),
    )  # fmt: skip
    driver = Driver(raw)
    assert driver.snapshot.timers == ()
    driver.do("W", {"monitored": True})
    (waiting,) = driver.snapshot.timers
    assert waiting.element.id == "W"
    driver.do("W")
    assert driver.finished
    assert driver.snapshot.variables == {"monitored": True}
    assert [kind for kind, element in driver.kinds if element == "W"] == [
        "entered", "fired", "completed",
    ]  # fmt: skip


def test_an_effect_of_an_event_that_is_given_up_leaves_no_trace() -> None:
    raw = xml.model(
        xml.start(), xml.gateway("parallel", "G"), xml.node("endEvent", "E", sv__effect="tell"),
        xml.user("A"), xml.end("T", "<bpmn:terminateEventDefinition/>"),
        xml.chain("S", "G", "E"), xml.chain("G", "A", "T"),
    )  # fmt: skip
    driver = Driver(raw)
    driver.do("A")
    assert driver.finished
    assert [kind for kind, element in driver.kinds if element == "E"] == []


def test_a_decision_sets_its_outputs() -> None:
    dmn = PACKS / "france" / "escalation-route.dmn"
    raw = xml.model(
        xml.start(), xml.node("businessRuleTask", "D", sv__decision="escalation-route"),
        xml.user("A"), xml.end(), xml.chain("S", "D", "A", "E"),
    )  # fmt: skip
    files = {"p.bpmn": raw, "route.dmn": dmn.read_bytes()}
    driver = Driver(files, variables={"role": "fr.custody"})
    assert driver.snapshot.variables["superior"] == "fr.unit_lead"
    assert driver.model.files == ("p.bpmn", "route.dmn")
    with pytest.raises(EngineFault, match="gives no answer") as fault:
        Driver(files)
    assert fault.value.element_id == "D"


def test_conditions_see_parameters() -> None:
    raw = xml.model(
        xml.start(), xml.gateway("exclusive", "G", "no"), xml.user("A"), xml.user("B"),
        xml.end("E1"), xml.end("E2"), xml.chain("S", "G"),
        xml.flow("yes", "G", "A", "param.strict"), xml.flow("no", "G", "B"),
        xml.chain("A", "E1"), xml.chain("B", "E2"),
    )  # fmt: skip
    assert Driver(raw, parameters={"strict": True}).open == ["A"]
    assert Driver(raw, parameters={"strict": False}).open == ["B"]


CHOICE = xml.model(
    xml.start(), xml.user("A"), xml.gateway("exclusive", "G"), xml.end("E1"), xml.end("E2"),
    xml.chain("S", "A", "G"), xml.flow("one", "G", "E1", "adult"),
    xml.flow("two", "G", "E2", "adult = false"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("variables", "words"),
    [({}, "adult"), ({"adult": None}, "true or false"), ({"adult": "yes"}, "true or false")],
)
def test_an_unknown_or_empty_answer_is_an_incident_and_never_false(
    variables: dict[str, str | None], words: str
) -> None:
    driver = Driver(CHOICE)
    before = driver.snapshot.state
    with pytest.raises(EngineFault, match=words) as fault:
        driver.do("A", variables)
    assert fault.value.element_id == "G"
    assert driver.run().snapshot().state == before


def test_a_choice_without_a_way_is_an_incident() -> None:
    raw = CHOICE.replace(b"adult = false", b"adult = null")
    with pytest.raises(EngineFault, match="No way leads on"):
        Driver(raw).do("A", {"adult": False})


def test_a_run_that_failed_refuses_to_go_on() -> None:
    driver = Driver(CHOICE)
    run = driver.run()
    (task,) = driver.snapshot.tasks
    with pytest.raises(EngineFault):
        run.complete(task.id, {})
    with pytest.raises(EngineFault, match="has failed"):
        run.snapshot()
    with pytest.raises(EngineFault, match="has failed"):
        run.complete(task.id, {"adult": True})


def test_a_time_that_cannot_be_found_is_an_incident() -> None:
    raw = xml.model(
        xml.start(), xml.user("A"), xml.node("intermediateCatchEvent", "W", xml.timer("P1X")),
        xml.end(), xml.chain("S", "A", "W", "E"),
    )  # fmt: skip
    with pytest.raises(EngineFault, match="cannot be found") as fault:
        Driver(raw).do("A")
    assert fault.value.element_id == "W"


def test_variables_of_every_kind_survive_storage() -> None:
    values = {
        "code": "open", "yes": True, "count": 3, "number": Decimal("1.50"), "nothing": None,
        "day": date(2026, 2, 28), "moment": NOW, "seats": ["a", "b"],
    }  # fmt: skip
    driver = Driver(ONE_TASK, variables=values)
    found = driver.run().snapshot().variables
    assert found == values
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in values.items()
    }


@pytest.mark.parametrize("value", [UUID(int=1), {"a": 1}, 1.5, [1], b"x", NOW.replace(tzinfo=None)])
def test_what_is_no_code_never_becomes_a_variable(value: object) -> None:
    driver = Driver(ONE_TASK)
    with pytest.raises(EngineFault, match="x"):
        driver.do("A", {"x": value})


def test_seats_are_gone_through_one_after_the_other_or_all_at_once() -> None:
    for sequential in (True, False):
        raw = xml.model(
            xml.start(), xml.user("A", xml.each("seats", "seat", sequential=sequential)),
            xml.end(), xml.chain("S", "A", "E"),
        )  # fmt: skip
        driver = Driver(raw, variables={"seats": ["s1", "s2"]})
        assert len(driver.snapshot.tasks) == (1 if sequential else 2)
        assert driver.snapshot.tasks[0].variables["seat"] == "s1"
        driver.do("A")
        assert driver.snapshot.tasks[0].variables["seat"] == "s2"
        driver.do("A")
        assert driver.finished
        assert "seat" not in driver.snapshot.variables
        assert Driver(raw, variables={"seats": []}).finished


def test_each_seat_may_have_a_process_of_its_own_with_a_deadline_over_all() -> None:
    files = {
        "p.bpmn": xml.model(
            xml.start(),
            xml.node("callActivity", "C", xml.each("seats", "seat"), calledElement="q"),
            xml.boundary("W", "C", xml.timer("PT2H")), xml.user("late"), xml.end("E1"),
            xml.end("E2"), xml.chain("S", "C", "E1"), xml.chain("W", "late", "E2"),
        ),
        "q.bpmn": xml.model(
            xml.start("q_S"), xml.user("q_A"), xml.end("q_E"), xml.chain("q_S", "q_A", "q_E"),
            id="q",
        ),
    }  # fmt: skip
    driver = Driver(files, variables={"seats": ["s1", "s2"]})
    assert [task.variables["seat"] for task in driver.snapshot.tasks] == ["s1", "s2"]
    driver.do("q_A")
    assert driver.open == ["W", "q_A"]
    driver.do("W")
    assert driver.open == ["late"]
    assert b'"q"' not in driver.snapshot.state


def test_a_repetition_without_its_list_is_an_incident() -> None:
    raw = xml.model(
        xml.start(), xml.user("B"), xml.user("A", xml.each("seats", "seat")), xml.end(),
        xml.chain("S", "B", "A", "E"),
    )  # fmt: skip
    with pytest.raises(EngineFault, match="no list seats"):
        Driver(raw).do("B")
    with pytest.raises(EngineFault, match="not a list"):
        Driver(raw).do("B", {"seats": "s1"})


def test_state_of_another_model_is_not_taken() -> None:
    driver = Driver(ONE_TASK)
    other = compile_model({"p.bpmn": ONE_TASK + b"\n"}, "p")
    with pytest.raises(EngineFault, match="another version"):
        Run.resume(other, driver.snapshot.state, **driver.circumstances)
    for broken in (b"", b"{}", b"zzz", b"\xff", b'{"form":1}'):
        with pytest.raises(EngineFault):
            Run.resume(driver.model, broken, **driver.circumstances)


def test_large_states_are_compressed_and_read_again() -> None:
    many = {f"variable_{number}": f"code_{number}" for number in range(400)}
    driver = Driver(ONE_TASK, variables=many)
    assert driver.snapshot.state.startswith(b"z")
    assert driver.run().snapshot().variables == many


def test_now_must_be_aware() -> None:
    model = compile_model({"p.bpmn": ONE_TASK}, "p")
    with pytest.raises(ValueError, match="aware"):
        Run.start(
            model, "S", {}, now=NOW.replace(tzinfo=None), schedule=schedule, new_id=ids(),
            parameters={},
        )  # fmt: skip


def test_the_same_ids_and_clock_give_the_same_bytes_at_every_step() -> None:
    def states() -> list[bytes]:
        driver = Driver(CALL, variables={"result": "none"})
        steps = [driver.snapshot.state]
        for task, values in (("A", {}), ("q_A", {"result": "say"}), ("heard", {}), ("W", {})):
            driver.do(task, values)
            steps.append(driver.snapshot.state)
        return steps

    assert states() == states()


def test_instances_of_one_model_do_not_disturb_each_other() -> None:
    first = Driver(CALL, variables={"result": "none"})
    second = Driver(CALL, variables={"result": "none"})
    assert first.model is second.model, "compiled once for the same content"
    first.do("A")
    first.do("q_A", {"result": "bad"})
    second.do("A")
    second.do("q_A", {"result": "fine"})
    assert (first.open, second.open) == (["handled"], ["W", "q_B"])


def test_service_tasks_that_go_round_for_ever_are_an_incident() -> None:
    raw = xml.model(
        xml.start(), xml.node("serviceTask", "X", sv__effect="again"),
        xml.gateway("exclusive", "G", "back"), xml.end(), xml.chain("S", "X", "G"),
        xml.flow("out", "G", "E", "false"), xml.flow("back", "G", "X"),
    )  # fmt: skip
    run = Driver(raw).run()

    def carry_out_all() -> None:
        while requests := run.effects():
            run.finish_effect(requests[0].task_id, {})

    with pytest.raises(EngineFault, match="goes round in a circle"):
        carry_out_all()


RICH = {
    "p.bpmn": xml.file(
        xml.declare("oops", "hey", "go"),
        xml.process(
            xml.start("S"), xml.start("M", xml.message("go")), xml.gateway("exclusive", "in"),
            xml.gateway("inclusive", "some", "none"), xml.user("A"),
            xml.gateway("inclusive", "met"),
            xml.node("callActivity", "C", calledElement="q"),
            xml.boundary("B", "C", xml.error("oops")),
            xml.boundary("H", "C", xml.escalation("hey"), False),
            xml.gateway("eventBased", "R"),
            xml.node("intermediateCatchEvent", "T", xml.timer("PT1H")),
            xml.node("intermediateCatchEvent", "G", xml.message("go")),
            *(xml.end(f"E{i}") for i in range(4)),
            xml.chain("S", "in", "some"), xml.chain("M", "in"), xml.flow("a", "some", "A", "adult"),
            xml.flow("none", "some", "met"), xml.chain("A", "met", "C", "R", "T", "E0"),
            xml.chain("R", "G", "E1"), xml.chain("B", "E2"), xml.chain("H", "E3"),
        ),
    ),
    "q.bpmn": CALL["q.bpmn"],
}  # fmt: skip


def test_every_flow_of_a_model_can_be_seen_to_be_taken() -> None:
    taken: set[str] = set()
    adult, minor = {"adult": True, "result": ""}, {"adult": False, "result": ""}
    for start, values, steps in (
        ("S", adult, [("A", {}), ("q_A", {"result": "say"}), ("q_B", {}), ("T", {})]),
        ("M", minor, [("q_A", {"result": "fine"}), ("q_B", {}), ("G", {})]),
        ("S", minor, [("q_A", {"result": "bad"})]),
    ):
        driver = Driver(RICH, start=start, variables=values)
        for element, given in steps:
            driver.do(element, given)
        assert driver.finished
        taken.update(driver.taken)
    assert taken == set(driver.model.flows)
