"""What is known about a model, and what is refused as one."""

from __future__ import annotations

import pytest

from processes.engine import ModelError, compile_model
from processes.engine.reading import MOST_BYTES, MOST_DEPTH
from tests.engine import xml

LANES = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="outer" name="Prison" sv:role="fr.governor">'
    "<bpmn:flowNodeRef>A</bpmn:flowNodeRef><bpmn:flowNodeRef>B</bpmn:flowNodeRef>"
    '<bpmn:childLaneSet id="cls"><bpmn:lane id="inner" name="Wing" sv:role="fr.custody">'
    "<bpmn:flowNodeRef>A</bpmn:flowNodeRef></bpmn:lane>"
    '<bpmn:lane id="quiet" name="Desk"><bpmn:flowNodeRef>C</bpmn:flowNodeRef></bpmn:lane>'
    "</bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
)


def test_elements_carry_what_is_drawn_and_written_on_them() -> None:
    documented = "<bpmn:documentation>Look at it. [D]</bpmn:documentation>"
    raw = xml.model(
        LANES, xml.start(), xml.user(
            "A", documented, sv__form="F-X", sv__due="PT72H", sv__remind="P1D before due",
            sv__escalate="P1WD after due", sv__layer="L2", sv__basis="Article 1", sv__seat="seat",
            sv__person="true",
        ), xml.user("B"), xml.user("C"), xml.end(), xml.chain("S", "A", "B", "C", "E"),
    )  # fmt: skip
    model = compile_model({"p.bpmn": raw}, "p")
    a = model.elements["A"]
    assert (a.name, a.kind, a.process, a.lane, a.role) == (
        "A",
        "userTask",
        "p",
        "Wing",
        "fr.custody",
    )
    assert (a.form, a.due, a.remind) == ("F-X", "PT72H", "P1D before due")
    assert (a.escalate, a.layer, a.legal_basis, a.seat) == (
        "P1WD after due",
        "L2",
        "Article 1",
        "seat",
    )
    assert a.attributes["person"] == "true"
    assert a.documentation == "Look at it. [D]"
    assert model.elements["B"].role == "fr.governor"
    assert model.elements["C"].role == "fr.governor", "an inner lane without a role takes the outer"
    assert [lane.id for lane in model.processes["p"].lanes] == ["outer", "inner", "quiet"]
    flow = model.flows["A_B"]
    assert (flow.source, flow.target, flow.process) == ("A", "B", "p")


def test_only_what_is_called_belongs_to_a_model() -> None:
    files = {
        "p.bpmn": xml.model(
            xml.start(), xml.node("callActivity", "C", calledElement="q"), xml.end(),
            xml.chain("S", "C", "E"),
        ),
        "q.bpmn": xml.model(xml.start("q_S"), xml.user("q_A"), xml.end("q_E"),
                            xml.chain("q_S", "q_A", "q_E"), id="q"),
        "r.bpmn": xml.model(xml.start("r_S"), xml.end("r_E"), xml.chain("r_S", "r_E"), id="r"),
    }  # fmt: skip
    model = compile_model(files, "p")
    assert set(model.processes) == {"p", "q"}
    assert model.files == ("p.bpmn", "q.bpmn")
    changed = compile_model({**files, "r.bpmn": files["r.bpmn"] + b" "}, "p")
    assert changed.digest == model.digest, "what is not called changes nothing"


def refused(raw: bytes, **more: bytes) -> str:
    files = {"p.bpmn": raw, **{f"{name}.bpmn": given for name, given in more.items()}}
    with pytest.raises(ModelError) as error:
        compile_model(files, "p")
    for problem in error.value.problems:
        assert problem.words
        assert problem.remedy
        lowered = problem.words.lower() + problem.remedy.lower()
        assert not any(word in lowered for word in ("spiff", "workflow", " spec ", "traceback"))
    return str(error.value)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>"""
EXTERNAL = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>"""
)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "not well-formed"),
        (b"<a><b></a>", "not well-formed"),
        (b"\xff\xfe\x00", "not well-formed"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "not well-formed"),
        (b"<a/>", "not a BPMN file"),
        (BOMB, "DOCTYPE"),
        (EXTERNAL, "DOCTYPE"),
        (BOMB.decode().encode("utf-16"), "DOCTYPE"),
        (b"<a>" + b" " * MOST_BYTES + b"</a>", "larger than"),
        (b"<a>" * (MOST_DEPTH + 1) + b"</a>" * (MOST_DEPTH + 1), "nested"),
        (b"<a>" + b"<b/>" * 20_001 + b"</a>", "XML elements"),
    ],
)
def test_a_hostile_or_broken_file_is_refused(raw: bytes, words: str) -> None:
    assert words in refused(raw)


def _with(*parts: str) -> bytes:
    return xml.file(
        xml.declare("go"),
        xml.process(xml.start(), xml.user("A"), xml.end(), xml.chain("S", "A"), *parts),
    )


X = ("A", "X", "E")


@pytest.mark.parametrize(
    ("raw", "element", "words"),
    [
        (xml.file(xml.process(xml.start(), xml.end(), xml.chain("S", "E"), executable=False)),
         "p", "not marked as executable"),
        (xml.file(xml.process(xml.start("S"), xml.end(), xml.chain("S", "E"), id="q")),
         "p.bpmn", "no process p"),
        (_with(xml.node("scriptTask", "X"), xml.chain(*X)), "X", "run a program"),
        (_with(xml.node("task", "X"), xml.chain(*X)), "X", "who does it"),
        (_with(xml.node("sendTask", "X"), xml.chain(*X)), "X", "not used"),
        (_with(xml.node("complexGateway", "X"), xml.chain(*X)), "X", "no agreed meaning"),
        (_with(xml.node("callChoreography", "X"), xml.chain(*X)), "X", "not understood"),
        (_with(xml.node("serviceTask", "X"), xml.chain(*X)), "X", "which effect"),
        (_with(xml.node("parallelGateway", "X", sv__effect="do.it"), xml.chain(*X)), "X",
         "cannot have an effect"),
        (_with(xml.node("endEvent", "X", xml.error("go"), sv__effect="do.it"),
               xml.chain("A", "X")), "X", "cannot have an effect"),
        (_with(xml.node("endEvent", "X", "<bpmn:terminateEventDefinition/>", sv__effect="do.it"),
               xml.chain("A", "X")), "X", "cannot have an effect"),
        (_with(xml.node("intermediateCatchEvent", "X", xml.message("go"), sv__effect="do.it"),
               xml.chain(*X)), "X", "cannot have an effect"),
        (_with(xml.node("boundaryEvent", "X", xml.timer("PT1H"), attachedToRef="A",
                        sv__effect="do.it"), xml.flow("f", "X", "E")), "X",
         "cannot have an effect"),
        (_with(xml.gateway("eventBased", "G"),
               xml.node("intermediateCatchEvent", "X", xml.timer("PT1H"), sv__effect="do.it"),
               xml.chain("A", "G", "X", "E")), "X", "cannot have an effect"),
        (_with(xml.node("endEvent", "X", sv__effect=""), xml.chain("A", "X")), "X",
         "which effect"),
        (_with(xml.node("businessRuleTask", "X", sv__decision="d"), xml.chain(*X)), "X",
         "no decision d"),
        (_with(xml.node("callActivity", "X", calledElement="z"), xml.chain(*X)), "X",
         "no process z"),
        (_with(xml.node("callActivity", "X", calledElement="p"), xml.chain(*X)), "X",
         "leads back"),
        (_with(xml.user("X", "<bpmn:standardLoopCharacteristics/>"), xml.chain(*X)), "X",
         "standard loop"),
        (_with(xml.user("X", "<bpmn:multiInstanceLoopCharacteristics/>"), xml.chain(*X)), "X",
         "which list"),
        (_with(xml.node("subProcess", "X", triggeredByEvent="true"), xml.chain(*X)), "X",
         "interrupt"),
        (_with(xml.node("subProcess", "X"), xml.chain(*X)), "X", "exactly one start"),
        (_with(xml.node("intermediateCatchEvent", "X"), xml.chain(*X)), "X", "trigger"),
        (_with(xml.node("intermediateCatchEvent", "X", xml.timer("")), xml.chain(*X)), "X",
         "does not say when"),
        (_with(xml.node("intermediateCatchEvent", "X", "<bpmn:timerEventDefinition>"
                        "<bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>"),
               xml.chain(*X)), "X", "repeats itself"),
        (_with(xml.node("intermediateCatchEvent", "X", "<bpmn:messageEventDefinition/>"),
               xml.chain(*X)), "X", "does not name its message"),
        (_with(xml.end("X", xml.error()), xml.chain("A", "X")), "X", "no code"),
        (_with(xml.boundary("X", "A", xml.error("go")), xml.chain("X", "E"),
               xml.flow("f", "A", "E")), "X", "No error can come out"),
        (_with(xml.boundary("X", "E", xml.timer("PT1H")), xml.flow("f", "X", "A")), "X",
         "stands on"),
        (_with(xml.user("B"), xml.flow("f1", "A", "B"), xml.flow("f2", "A", "E"),
               xml.chain("B", "E")), "A", "More than one flow"),
        (_with(xml.user("X"), xml.chain("A", "X")), "X", "Nothing follows"),
        (_with(xml.user("X"), xml.chain("A", "E", "X")), "E", "leads on from an end"),
        (_with(xml.flow("f", "A", "E"), xml.flow("X", "A", "nowhere")), "X", "nowhere"),
        (_with(xml.gateway("exclusive", "X"), xml.end("E2"), xml.chain("A", "X", "E"),
               xml.chain("X", "E2")), "X_E", "no condition"),
        (_with(xml.gateway("exclusive", "X", "d"), xml.end("E2"), xml.chain("A", "X"),
               xml.flow("d", "X", "E"), xml.flow("c", "X", "E2", "1 +")), "c", "cannot be read"),
        (_with(xml.gateway("exclusive", "X", "S_A"), xml.chain(*X)), "X", "does not leave it"),
        (_with(xml.gateway("eventBased", "X"), xml.user("B"), xml.end("E2"),
               xml.chain("A", "X", "B", "E2"), xml.flow("f", "X", "E")), "X_B", "waits"),
        (_with(xml.user("A"), xml.chain("A", "E")), "A", "used twice"),
        (_with(xml.user("p"), xml.chain("A", "p", "E")), "p", "used in"),
        (_with(xml.user("é"), xml.chain("A", "é", "E")), "é", "cannot be used"),
    ],
)  # fmt: skip
def test_what_could_only_be_run_wrongly_is_refused(raw: bytes, element: str, words: str) -> None:
    told = refused(raw)
    assert element in told
    assert words in told


def test_a_problem_names_the_line() -> None:
    with pytest.raises(ModelError) as error:
        compile_model({"p.bpmn": _with(xml.node("scriptTask", "X"), xml.chain(*X))}, "p")
    problem = next(p for p in error.value.problems if p.element_id == "X")
    assert problem.line is not None
    assert problem.line > 1


def test_two_files_may_not_hold_the_same_process_or_id() -> None:
    called = xml.model(xml.start("S"), xml.end("q_E"), xml.chain("S", "q_E"), id="q")
    calling = _with(xml.node("callActivity", "X", calledElement="q"), xml.chain(*X))
    assert "The id S is used" in refused(calling, q=called)
    assert "stands in" in refused(calling, q=called, r=called)
