"""Drawings that cannot even be taken down, and shapes that would be run otherwise than drawn."""

from __future__ import annotations

import pytest

from processes.engine import EngineFault, compile_model
from processes.engine.script import FeelEngine
from tests.engine import xml
from tests.engine.test_models import X, _with, refused

DONE = xml.chain("A", "E")


def called(*parts: str) -> bytes:
    """A process q to be called."""
    return xml.model(*parts, id="q")


CALL = _with(xml.node("callActivity", "X", calledElement="q"), xml.chain(*X))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (xml.file('<bpmn:process isExecutable="true"/>'), "A process has no id"),
        (_with("<bpmn:userTask/>", DONE), "A userTask has no id"),
        (_with('<bpmn:sequenceFlow id="f" sourceRef="A"/>', DONE), "no id, start or end"),
        (_with('<bpmn:sequenceFlow sourceRef="A" targetRef="E"/>', DONE), "no id, start or end"),
        (_with(xml.flow("A_E", "A", "E"), DONE), "The id A_E is used twice"),
        (_with(xml.flow("A", "A", "E")), "The id A is used twice"),
        (_with(xml.user("S_A"), DONE), "The id S_A is used twice"),
        (_with(xml.user("X", "", isForCompensation="true"), xml.chain(*X)), "Compensation"),
        (_with(xml.node("transaction", "X"), xml.chain(*X)), "A transaction is not understood"),
        (_with(xml.node("businessRuleTask", "X", xml.each("seats", "one"), sv__decision="d"),
               xml.chain(*X)), "cannot be repeated for each item"),
        (_with(xml.user("X", xml.each("seats", "one", output="answer")), xml.chain(*X)),
         "The answers are collected nowhere"),
        (xml.model(xml.user("A"), xml.end(), DONE), "no start event"),
        (_with(xml.boundary("X", "A", xml.timer("PT1H")), xml.user("B"), xml.chain("A", "B", "X"),
               xml.chain("X", "E")), "A flow leads into a boundary event"),
        (_with(xml.boundary("X", "A", xml.timer("PT1H")), DONE), "Nothing follows"),
        (_with(xml.node("subProcess", "P", xml.start("P_S") + xml.end("P_E")
                        + xml.chain("P_S", "P_E")),
               xml.boundary("X", "P", xml.error("go"), interrupting=False),
               xml.chain("A", "P", "E"), xml.chain("X", "E")), "An error always interrupts"),
    ],
)  # fmt: skip
def test_what_is_drawn_so_is_refused(raw: bytes, words: str) -> None:
    assert words in refused(raw)


def test_a_called_process_begins_at_one_plain_start() -> None:
    two = called(
        xml.start("q_S"), xml.start("q_T"), xml.end("q_E"), xml.chain("q_S", "q_E"),
        xml.chain("q_T", "q_E"),
    )  # fmt: skip
    told = refused(CALL, q=two)
    assert "exactly one start event" in told
    assert "It has 2" in told


def test_processes_that_call_each_other_in_a_ring_beside_are_refused_where_they_stand() -> None:
    """The caller stands outside the ring, and looking for it comes to an end."""

    def ring(name: str, other: str) -> bytes:
        call = xml.node("callActivity", f"{name}_X", calledElement=other)
        ends = (xml.start(f"{name}_S"), xml.end(f"{name}_E"))
        return xml.model(*ends, call, xml.chain(f"{name}_S", f"{name}_X", f"{name}_E"), id=name)

    told = refused(CALL, q=ring("q", "r"), r=ring("r", "q"))
    assert "“q_X” leads back" in told
    assert "“r_X” leads back" in told
    assert "“X” leads back" not in told


def test_no_program_is_run_even_if_one_slipped_in() -> None:
    engine = FeelEngine()
    with pytest.raises(EngineFault, match="cannot run scripts"):
        engine.execute(None, "import os")
    with pytest.raises(EngineFault, match="names an effect"):
        engine.environment.call_service({}, operation_name="any")


def test_where_two_lanes_name_a_step_the_inner_one_holds() -> None:
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="one" name="Prison" sv:role="fr.governor">'
        '<bpmn:childLaneSet id="cls"><bpmn:lane id="in" name="Wing" sv:role="fr.custody">'
        "<bpmn:flowNodeRef>A</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane>"
        '<bpmn:lane id="two" name="Court" sv:role="fr.judge">'
        "<bpmn:flowNodeRef>A</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    model = compile_model({"p.bpmn": _with(lanes, DONE)}, "p")
    assert (model.elements["A"].lane, model.elements["A"].role) == ("Wing", "fr.custody")
