"""An instance that is ended from outside."""

from __future__ import annotations

from processes.engine import Run, compile_model
from tests.engine import xml
from tests.engine.driving import NOW, ids, schedule

CIRCUMSTANCES = {"now": NOW, "schedule": schedule, "new_id": ids(), "parameters": {}}
INSIDE = xml.process(
    xml.start("QS"), xml.user("B"), xml.end("QE"), xml.chain("QS", "B", "QE"), id="q"
)


def cancelled(files, top="p"):
    model = compile_model(files, top)
    state = Run.start(model, "S", {}, **CIRCUMSTANCES).snapshot().state
    run = Run.resume(model, state, **CIRCUMSTANCES)
    run.cancel()
    return run.snapshot()


def told(snapshot):
    return [(p.kind, p.element_id) for p in snapshot.passed]


def test_nothing_is_left_open_and_no_end_is_reached() -> None:
    raw = xml.model(
        xml.start(), xml.gateway("parallel", "F"), xml.user("A"), xml.user("C"),
        xml.gateway("parallel", "J"), xml.end(),
        xml.chain("S", "F", "A", "J", "E"), xml.chain("F", "C", "J"),
    )  # fmt: skip
    snapshot = cancelled({"p.bpmn": raw})
    assert (snapshot.tasks, snapshot.timers, snapshot.messages) == ((), (), ())
    assert snapshot.finished
    assert snapshot.outcome is None
    assert told(snapshot) == [("cancelled", "A"), ("cancelled", "C")]


def test_what_runs_inside_a_called_process_ends_first_then_the_call() -> None:
    raw = xml.model(
        xml.start(),
        xml.node("callActivity", "X", "", calledElement="q"),
        xml.end(),
        xml.chain("S", "X", "E"),
    )
    snapshot = cancelled({"p.bpmn": raw, "q.bpmn": xml.file(INSIDE)})
    assert told(snapshot) == [("cancelled", "B"), ("cancelled", "X")]


def test_the_stored_state_opens_nothing_again() -> None:
    raw = xml.model(xml.start(), xml.user("A"), xml.end(), xml.chain("S", "A", "E"))
    model = compile_model({"p.bpmn": raw}, "p")
    snapshot = cancelled({"p.bpmn": raw})
    again = Run.resume(model, snapshot.state, **CIRCUMSTANCES).snapshot()
    assert again.tasks == ()
    assert again.finished
