"""Each fault of the stock kernel, shown on the stock kernel, and its cure beside it.

Where a newer release of the kernel makes a `stock` assertion fail, the cure may be given up.
"""

from __future__ import annotations

import os

import pytest
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from processes.engine import EngineFault, ModelError
from processes.engine.script import FeelEngine
from tests.engine import xml
from tests.engine.driving import NOW, Driver
from tests.engine.stock import Stock

TWO_IN_A_LOOP = xml.model(
    xml.start(),
    xml.gateway("exclusive", "M"),
    xml.gateway("parallel", "F"),
    xml.user("T1"),
    xml.user("T2"),
    xml.gateway("parallel", "J"),
    xml.gateway("exclusive", "G", "out"),
    xml.end(),
    xml.chain("S", "M", "F", "T1", "J", "G"),
    xml.chain("F", "T2", "J"),
    xml.flow("back", "G", "M", "again"),
    xml.flow("out", "G", "E"),
)

SOME_IN_A_LOOP = (
    TWO_IN_A_LOOP.replace(b"parallelGateway", b"inclusiveGateway")
    .replace(b'targetRef="T1"></', b'targetRef="T1"><bpmn:conditionExpression>again</'
             b"bpmn:conditionExpression></")
    .replace(b'targetRef="T2"></', b'targetRef="T2"><bpmn:conditionExpression>again</'
             b"bpmn:conditionExpression></")
)  # fmt: skip

REVIEW_LOOP = xml.model(
    xml.start(),
    xml.user("review"),
    xml.gateway("exclusive", "G", "out"),
    xml.end(),
    xml.chain("S", "review", "G"),
    xml.flow("back", "G", "review", "again"),
    xml.flow("out", "G", "E"),
)


@pytest.mark.parametrize("raw", [TWO_IN_A_LOOP, SOME_IN_A_LOOP], ids=["parallel", "inclusive"])
def test_a_join_in_a_loop_waits_for_both_in_every_turn(raw: bytes) -> None:
    stock = Stock(raw, again=True)
    for task in ("T1", "T2", "T2"):
        stock.do(task)
    assert stock.open == ["T1", "T1", "T2"], "the stock join fired on one token"

    ours = Driver(raw, variables={"again": True})
    for task in ("T1", "T2", "T2"):
        ours.do(task)
    assert ours.open == ["T1"]


def test_an_excess_token_waits_at_the_join_for_the_next_turn() -> None:
    """Two tokens on one arrow of a join: one is used, one stays."""
    raw = xml.model(
        xml.start(), xml.gateway("parallel", "F"), xml.user("A"), xml.user("B"), xml.user("C"),
        xml.gateway("exclusive", "M"), xml.gateway("parallel", "J"), xml.user("D"), xml.end(),
        xml.chain("S", "F", "A", "M", "J", "D", "E"), xml.chain("F", "B", "M"),
        xml.chain("F", "C", "J"),
    )  # fmt: skip
    ours = Driver(raw)
    ours.do("A")
    ours.do("B")
    ours.do("C")
    assert ours.open == ["D"]
    with pytest.raises(EngineFault, match="can never all arrive"):
        ours.do("D")


def test_a_variable_set_in_one_branch_is_not_undone_by_the_other() -> None:
    raw = xml.model(
        xml.start(), xml.gateway("parallel", "F"), xml.user("A"), xml.user("B"),
        xml.gateway("parallel", "J"), xml.user("C"), xml.end(),
        xml.chain("S", "F", "A", "J", "C", "E"), xml.chain("F", "B", "J"),
    )  # fmt: skip
    stock = Stock(raw, urgency="low")
    stock.do("A", urgency="high")
    stock.do("B")
    task = stock.workflow.get_next_task(spec_name="C")
    assert task.data["urgency"] == "low", "the stock join took the older value"

    ours = Driver(raw, variables={"urgency": "low"})
    ours.do("A", {"urgency": "high"})
    ours.do("B")
    assert ours.snapshot.variables == {"urgency": "high"}


def _fails(name: str) -> str:
    return xml.node(
        "subProcess",
        name,
        xml.start(f"{name}s")
        + xml.user(f"{name}u")
        + xml.gateway("exclusive", f"{name}g", f"{name}d")
        + xml.end(f"{name}e")
        + xml.end(f"{name}x", xml.error("oops"))
        + xml.chain(f"{name}s", f"{name}u", f"{name}g")
        + xml.flow(f"{name}d", f"{name}g", f"{name}e")
        + xml.flow(f"{name}b", f"{name}g", f"{name}x", "bad"),
    )


def test_an_error_is_caught_only_at_the_activity_it_happened_in() -> None:
    raw = xml.file(
        xml.declare("oops"),
        xml.process(
            xml.start(), xml.gateway("parallel", "F"), _fails("A"), _fails("B"),
            xml.boundary("bA", "A", xml.error("oops")), xml.boundary("bB", "B", xml.error("oops")),
            xml.user("hA"), xml.user("hB"), *(xml.end(f"E{i}") for i in range(4)),
            xml.chain("S", "F", "A", "E0"), xml.chain("F", "B", "E1"),
            xml.chain("bA", "hA", "E2"), xml.chain("bB", "hB", "E3"),
        ),
    )  # fmt: skip
    stock = Stock(raw, bad=False)
    stock.do("Bu", bad=True)
    assert stock.open == ["hA", "hB"], "the stock kernel gave up A as well"

    ours = Driver(raw, variables={"bad": False})
    ours.do("Bu", {"bad": True})
    assert ours.open == ["Au", "hB"]


def test_an_uncaught_error_is_an_incident_and_nothing_changes() -> None:
    raw = xml.file(
        xml.declare("oops"),
        xml.process(
            xml.start(), xml.user("A"), xml.end("E", xml.error("oops")), xml.chain("S", "A", "E")
        ),
    )
    stock = Stock(raw)
    stock.do("A")
    assert stock.workflow.is_completed()
    assert stock.workflow.success, "the stock kernel calls it a success"

    ours = Driver(raw)
    before = ours.snapshot.state
    with pytest.raises(EngineFault) as fault:
        ours.do("A")
    assert fault.value.element_id == "E"
    assert ours.run().snapshot().state == before


def test_a_task_cannot_be_completed_twice() -> None:
    stock = Stock(REVIEW_LOOP, again=False)
    task = stock.workflow.get_next_task(spec_name="review")
    task.run()
    task.run()
    assert task.state == TaskState.COMPLETED, "the stock kernel ran it again"

    ours = Driver(REVIEW_LOOP, variables={"again": True})
    first = ours.snapshot.tasks[0].id
    ours.do("review")
    with pytest.raises(EngineFault, match="Nothing is open"):
        ours.run().complete(first, {})


def test_a_loop_costs_the_same_at_every_turn() -> None:
    stock = Stock(REVIEW_LOOP, again=True)
    for _ in range(20):
        stock.do("review")
    assert len(stock.workflow.tasks) > 40, "the stock kernel keeps every turn"

    ours = Driver(REVIEW_LOOP, variables={"again": True})
    sizes = set()
    for turn in range(1200):
        ours.do("review")
        if turn >= 1000:
            sizes.add(len(ours.snapshot.state))
    assert max(sizes) < 600
    ours.do("review", {"again": False})
    assert ours.finished


@pytest.mark.prove
def test_a_loop_does_not_stall_at_the_depth_limit() -> None:
    stock = Stock(REVIEW_LOOP, again=True)
    for _ in range(501):
        if not stock.open:
            break
        stock.do("review")
    assert stock.open == []
    assert stock.workflow.is_completed(), "the stock kernel says it is done"
    assert not [t for t in stock.workflow.tasks.values() if t.task_spec.name == "End"
                and t.state == TaskState.COMPLETED]  # fmt: skip


def test_an_endless_automatic_loop_is_an_incident() -> None:
    raw = xml.model(
        xml.start(), xml.user("A"), xml.gateway("exclusive", "G", "out"), xml.end(),
        xml.chain("S", "A", "G"), xml.flow("out", "G", "E"), xml.flow("self", "G", "G", "again"),
    )  # fmt: skip
    ours = Driver(raw)
    with pytest.raises(EngineFault, match="goes round in a circle"):
        ours.do("A", {"again": True})
    ours.do("A", {"again": False})
    assert ours.finished


def test_a_long_straight_model_can_be_read_and_is_stored_small() -> None:
    names = [f"T{number}" for number in range(600)]
    raw = xml.model(
        xml.start(), *(xml.user(name) for name in names), xml.end(), xml.chain("S", *names, "E")
    )
    with pytest.raises(ValidationException, match="recursion"):
        Stock(raw)

    ours = Driver(raw)
    ours.do("T0")
    assert ours.open == ["T1"]
    assert len(ours.snapshot.state) < 400


def test_no_python_runs_from_a_model() -> None:
    harmful = "__import__('os').environ.__setitem__('SAMVERKAN_STOCK', '1') is None"
    raw = REVIEW_LOOP.replace(b">again<", f">{harmful}<".encode())
    os.environ.pop("SAMVERKAN_STOCK", None)
    Stock(raw).do("review")
    assert os.environ.pop("SAMVERKAN_STOCK") == "1", "the stock kernel runs Python"

    with pytest.raises(ModelError, match="cannot be read"):
        Driver(raw)
    assert "SAMVERKAN_STOCK" not in os.environ


def test_a_resumed_instance_still_has_no_python() -> None:
    class Own(PythonScriptEngine):
        pass

    stock = Stock(REVIEW_LOOP, again=True)
    stock.workflow.script_engine = Own()
    serializer = BpmnWorkflowSerializer()
    restored = serializer.deserialize_json(serializer.serialize_json(stock.workflow))
    assert not isinstance(restored.script_engine, Own), "the stock kernel forgot the engine"

    run = Driver(REVIEW_LOOP, variables={"again": True}).run()
    engine = run._instance.script_engine
    assert isinstance(engine, FeelEngine)
    with pytest.raises(EngineFault, match="cannot run scripts"):
        engine.execute(None, "x = 1")


def _race(first: str, second: str) -> bytes:
    return xml.model(
        xml.start(), xml.gateway("eventBased", "R"),
        xml.node("intermediateCatchEvent", "long", xml.timer(first)),
        xml.node("intermediateCatchEvent", "short", xml.timer(second)),
        xml.user("late"), xml.user("soon"), xml.end("E1"), xml.end("E2"),
        xml.chain("S", "R", "long", "late", "E1"), xml.chain("R", "short", "soon", "E2"),
    )  # fmt: skip


def test_two_timers_under_one_gateway_keep_their_own_moments() -> None:
    stock = Stock(_race('"P1D"', '"PT0S"'))
    assert stock.open == [], "on the stock kernel the short timer waits for the long one"

    ours = Driver(_race("PT24H", "PT1H"))
    due = {timer.element.id: timer.due_at for timer in ours.snapshot.timers}
    assert (due["long"] - NOW).total_seconds() == 24 * 3600
    assert (due["short"] - NOW).total_seconds() == 3600
    ours.do("short")
    assert ours.open == ["soon"]
    assert "R_short" in ours.taken
    assert "R_long" not in ours.taken


def test_a_drawn_timer_is_written_as_people_write_it_and_fires_only_when_told() -> None:
    raw = xml.model(
        xml.start(), xml.node("intermediateCatchEvent", "W", xml.timer("PT14H")), xml.end(),
        xml.chain("S", "W", "E"),
    )  # fmt: skip
    with pytest.raises(SpiffWorkflowException):
        Stock(raw)

    ours = Driver(raw.replace(b"PT14H", b"PT0H"))
    (waiting,) = ours.snapshot.timers
    assert waiting.due_at == NOW
    assert ours.open == ["W"], "it is due, but nobody has said so"
    ours.do("W")
    assert ours.finished


def test_a_message_beside_an_activity_may_come_more_than_once() -> None:
    raw = xml.file(
        xml.declare("go"),
        xml.process(
            xml.start(), xml.user("A"), xml.boundary("B", "A", xml.message("go"), False),
            xml.user("C"), xml.end("E1"), xml.end("E2"),
            xml.chain("S", "A", "E1"), xml.chain("B", "C", "E2"),
        ),
    )  # fmt: skip
    stock = Stock(raw)
    event = BpmnEvent(MessageEventDefinition("go"), payload={})
    stock.workflow.send_event(event)
    stock.settle()
    with pytest.raises(SpiffWorkflowException, match="not waiting"):
        stock.workflow.send_event(event)

    ours = Driver(raw)
    ours.do("B")
    ours.do("B")
    assert ours.open == ["A", "B", "C", "C"]
    ours.do("A")
    assert ours.open == ["C", "C"]


def test_whether_enough_have_answered_is_judged_on_all_answers() -> None:
    condition = "<bpmn:completionCondition>{}</bpmn:completionCondition>"
    stock_each = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false">'
        "<bpmn:loopDataInputRef>seats</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>votes</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="seat"/><bpmn:outputDataItem id="vote"/>'
        + condition.format("len(votes) &gt;= 2")
        + "</bpmn:multiInstanceLoopCharacteristics>"
    )
    ours_each = xml.each(
        "seats", "seat", inside=condition.format("count(votes) &gt;= 2"), output="vote",
        outputs="votes",
    )  # fmt: skip
    parts = (xml.user("B"), xml.end(), xml.chain("S", "A", "B", "E"))

    stock = Stock(xml.model(xml.start(), xml.user("A", stock_each), *parts), seats=["a", "b", "c"])
    stock.do("A", vote="yes")
    stock.do("A", vote="yes")
    assert stock.open == ["A"], "on the stock kernel one answer does not see the others"

    ours = Driver(
        xml.model(xml.start(), xml.user("A", ours_each), *parts),
        variables={"seats": ["a", "b", "c"]},
    )
    assert [task.variables["seat"] for task in ours.snapshot.tasks] == ["a", "b", "c"]
    ours.do("A", {"vote": "yes"}, nth=2)
    assert ours.open == ["A", "A"]
    ours.do("A", {"vote": "no"})
    assert ours.open == ["B"]
    assert ours.snapshot.variables == {"seats": ["a", "b", "c"], "votes": ["no", "yes"]}


def test_ids_are_not_drawn_by_the_kernel() -> None:
    stock_ids = {Stock(REVIEW_LOOP).workflow.task_tree.id for _ in range(2)}
    assert len(stock_ids) == 2, "the stock kernel draws random ids"

    states = {Driver(REVIEW_LOOP, variables={"again": True}).snapshot.state for _ in range(2)}
    assert len(states) == 1


SILENTLY_WRONG = {
    "link": (
        xml.start(), xml.user("A"), xml.end(), xml.user("B"),
        xml.node("intermediateThrowEvent", "L", '<bpmn:linkEventDefinition name="l"/>'),
        xml.node("intermediateCatchEvent", "K", '<bpmn:linkEventDefinition name="l"/>'),
        xml.chain("S", "A", "L"), xml.chain("K", "B", "E"),
    ),
    "compensation": (
        xml.start(), xml.user("A"), xml.end(),
        xml.node("intermediateThrowEvent", "L", "<bpmn:compensateEventDefinition/>"),
        xml.chain("S", "A", "L", "E"),
    ),
    "message without a name": (
        xml.start(), xml.user("A"), xml.node("sendTask", "L"), xml.end(),
        xml.chain("S", "A", "L", "E"),
    ),
    "condition behind a task": (
        xml.start(), xml.user("A"), xml.user("B"), xml.end(), xml.chain("S", "A"),
        xml.flow("L", "A", "B", "False"), xml.chain("B", "E"),
    ),
    "shape without a way to it": (
        xml.start(), xml.user("A"), xml.end(), xml.user("L"), xml.end("E2"),
        xml.chain("S", "A", "E"), xml.chain("L", "E2"),
    ),
    "edge without a way on": (
        xml.start(), xml.user("A"), xml.boundary("L", "A", xml.timer('"PT1S"')), xml.end(),
        xml.chain("S", "A", "E"),
    ),
    "signal end": (
        xml.start(), xml.user("A"), xml.end("L", "<bpmn:signalEventDefinition/>"),
        xml.chain("S", "A", "L"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("parts", SILENTLY_WRONG.values(), ids=SILENTLY_WRONG)
def test_what_the_kernel_would_run_wrongly_without_a_word_is_refused(
    parts: tuple[str, ...],
) -> None:
    raw = xml.model(*parts)
    Stock(raw).do("A")  # no word

    with pytest.raises(ModelError) as refused:
        Driver(raw)
    assert "L" in {problem.element_id for problem in refused.value.problems}
