"""What was left implicit is drawn where the standard says what it means, and nothing else moves."""

from __future__ import annotations

import difflib
from itertools import pairwise

import pytest
from lxml import etree

from processes.checks import check_loose
from processes.engine import compile_model
from processes.engine.drawing import Drawn, draw
from processes.foreign import mend
from processes.foreign.identity import words_of
from tests.foreign.drawn import END, HEAD, START, diagram, flow, model, step

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"


def mended(raw: bytes) -> Drawn:
    (process,) = draw("visits.bpmn", mend("visits.bpmn", raw).raw).processes
    return process


def ways(process: Drawn, source: str) -> set[str]:
    return {flow.target for flow in process.flows.values() if flow.source == source}


SPLIT = (START, step("ask"), step("look"), step("tell"), END, flow("f1", "start", "ask"),
         flow("f3", "look", "end"), flow("f4", "tell", "end"))  # fmt: skip
TASK_DRAWN_FOR_READERS = model(START, step("ask", tag="task"), END, flow("a", "start", "ask"),
                               flow("b", "ask", "end"), executable=False)  # fmt: skip

FINDINGS = {
    "not executable": (
        model(START, END, flow("f", "start", "end"), executable=False), "not marked as executable"),
    "a plain task of a drawing": (TASK_DRAWN_FOR_READERS, "A plain task does not say"),
    "a manual task": (
        model(START, step("ask", tag="manualTask"), END, flow("a", "start", "ask"),
              flow("b", "ask", "end")), "leaves no trace"),
    "a transaction": (
        model(START, step("both", '<bpmn:startEvent id="s" /><bpmn:endEvent id="e" />'
                          + flow("i", "s", "e"), tag="transaction"), END,
              flow("a", "start", "both"), flow("b", "both", "end")), "transaction"),
    "no start": (model(step("ask"), END, flow("f", "ask", "end")), "has no start event"),
    "no end": (model(START, step("ask"), flow("f", "start", "ask")), "Nothing follows"),
    "every way": (
        model(*SPLIT, flow("f2", "ask", "look"), flow("f5", "ask", "tell")), "More than one flow"),
    "ways with conditions": (
        model(*SPLIT, flow("f2", "ask", "look", "urgent"), flow("f5", "ask", "tell")),
        "More than one flow"),
    "a condition of another engine": (
        model(START, step("g", tag="exclusiveGateway", default="f2"), END,
              flow("f1", "start", "g"), flow("f2", "g", "end"),
              flow("f3", "g", "end", "${urgent}")), "written for another engine"),
    "one way without condition": (
        model(START, step("g", tag="exclusiveGateway"), END, flow("f1", "start", "g"),
              flow("f2", "g", "end"), flow("f3", "g", "end", "urgent")), "is no default"),
    "a default where nothing is chosen": (
        model(START, step("ask", default="f2"), END, flow("f1", "start", "ask"),
              flow("f2", "ask", "end")), "no meaning here"),
    "no id": (
        model(START, '<bpmn:userTask name="Ask" />', END, flow("f", "start", "end")), "has no id"),
    "no id of the process": (
        model(START, END, flow("f", "start", "end")).replace(b'process id="visits"', b"process"),
        "A process has no id"),
    "an id with accents": (
        model(START, step("prévenir"), END, flow("a", "start", "prévenir"),
              flow("b", "prévenir", "end")), "cannot be used"),
    "an unnamed step": (
        model(START, '<bpmn:userTask id="tellTheVisitor" />', END,
              flow("a", "start", "tellTheVisitor"), flow("b", "tellTheVisitor", "end")),
        "has no name"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "words"), FINDINGS.values(), ids=FINDINGS)
def test_a_finding_says_that_it_can_be_mended_and_is_gone_after_mending(raw, words):
    (finding,) = [p for p in check_loose({"visits.bpmn": raw}) if words in p.words]
    assert finding.mend
    assert finding.mend in str(finding)
    again = mend("visits.bpmn", raw).raw
    left = check_loose({"visits.bpmn": again})
    assert not [problem for problem in left if words in problem.words or problem.mend]
    assert mend("visits.bpmn", again).raw is again


def test_every_way_from_a_step_leads_through_a_parallel_gateway():
    process = mended(model(*SPLIT, flow("f2", "ask", "look"), flow("f5", "ask", "tell")))
    assert ways(process, "ask") == {"ask_split"}
    assert process.elements["ask_split"].kind == "parallelGateway"
    assert ways(process, "ask_split") == {"look", "tell"}


def test_ways_with_conditions_lead_through_an_inclusive_gateway():
    raw = model(*SPLIT, flow("f2", "ask", "look", "urgent"), flow("f5", "ask", "tell"))
    process = mended(raw)
    assert process.elements["ask_split"].kind == "inclusiveGateway"
    assert (process.flows["f2"].condition, process.flows["f5"].condition) == ("urgent", "true")
    model_ = compile_model({"visits.bpmn": mend("visits.bpmn", raw).raw}, "visits")
    assert "ask_split" in model_.elements


def test_the_default_of_a_step_becomes_that_of_its_gateway():
    ask = step("ask", default="f5")
    raw = model(START, ask, *SPLIT[2:], flow("f2", "ask", "look", "urgent"),
                flow("f5", "ask", "tell"))  # fmt: skip
    process = mended(raw)
    assert process.flows["f5"].is_default
    assert process.flows["f5"].source == "ask_split"


UNCLEAR = {
    "default beside a way that is always taken": model(
        START, step("ask", default="f5"), *SPLIT[2:], flow("f2", "ask", "look", "urgent"),
        flow("f5", "ask", "tell"), flow("f6", "ask", "end")),
    "two ways without a condition": model(
        START, step("g", tag="exclusiveGateway"), END, flow("f1", "start", "g"),
        flow("f2", "g", "end"), flow("f3", "g", "end")),
    "one way with a condition": model(
        START, step("ask"), END, flow("f1", "start", "ask"), flow("f2", "ask", "end", "urgent")),
    "two flows of one id": model(
        START, step("ask"), step("ask"), END, flow("f1", "start", "ask"),
        flow("f2", "ask", "end"), flow("f3", "ask", "end")),
    "a transaction that is cancelled": model(
        START, step("both", '<bpmn:startEvent id="s" /><bpmn:endEvent id="e">'
                    "<bpmn:cancelEventDefinition /></bpmn:endEvent>" + flow("i", "s", "e"),
                    tag="transaction"), END, flow("a", "start", "both"),
        flow("b", "both", "end")),
    "an inner drawing of a partner": model(START, END, flow("f", "start", "end")).replace(
        b"</bpmn:definitions>", b'<bpmn:process id="other"><bpmn:startEvent id="s2" />'
        b"</bpmn:process></bpmn:definitions>"),
    "nothing that is BPMN": b"<definitions/>",
    "nothing that is XML": b"<definitions",
}  # fmt: skip


@pytest.mark.parametrize("raw", UNCLEAR.values(), ids=UNCLEAR)
def test_what_has_no_one_clear_meaning_is_left_as_it_is(raw):
    assert mend("visits.bpmn", raw).raw is raw
    problems = check_loose({"visits.bpmn": raw})
    assert problems
    assert not any(problem.mend for problem in problems)


def test_several_starts_are_a_remark_with_what_to_draw():
    raw = model(START, START.replace('"start"', '"other"'), END, flow("a", "start", "end"),
                flow("b", "other", "end"))  # fmt: skip
    (remark,) = check_loose({"visits.bpmn": raw})
    assert (remark.element_id, remark.is_error) == ("other", False)
    assert "2 starts" in remark.words
    assert "draw one start" in remark.remedy


def test_ways_that_run_together_and_meet_in_a_step_are_remarked():
    ends = (flow("f1", "start", "g"), flow("f2", "g", "ask"), flow("f3", "g", "look"))
    fork = step("g", tag="parallelGateway")
    meeting = model(START, fork, step("ask"), step("look"), step("tell"), END, *ends,
                    flow("f4", "ask", "tell"), flow("f5", "look", "tell"),
                    flow("f6", "tell", "end"))  # fmt: skip
    (remark,) = check_loose({"visits.bpmn": meeting})
    assert (remark.element_id, remark.is_error) == ("tell", False)
    joined = model(START, fork, step("ask"), step("look"), step("j", tag="parallelGateway"),
                   step("tell"), END, *ends, flow("f4", "ask", "j"), flow("f5", "look", "j"),
                   flow("f6", "j", "tell"), flow("f7", "tell", "end"))  # fmt: skip
    assert check_loose({"visits.bpmn": joined}) == []


def test_where_every_condition_can_fail_a_default_is_proposed():
    def choosing(one: str, other: str) -> bytes:
        gateway = step("g", tag="exclusiveGateway")
        return model(START, gateway, END, flow("f1", "start", "g"), flow("f2", "g", "end", one),
                     flow("f3", "g", "end", other))  # fmt: skip

    (remark,) = check_loose({"visits.bpmn": choosing("a = 1", "a = 2")})
    assert (remark.element_id, remark.is_error) == ("g", False)
    assert check_loose({"visits.bpmn": choosing("urgent", "not(urgent)")}) == []


BOXES = {"start": (100, 100, 36, 36), "ask": (180, 78, 100, 80), "look": (340, 78, 100, 80),
         "tell": (340, 200, 100, 80), "end": (500, 100, 36, 36)}  # fmt: skip
ARROWS = {"f1": [136, 118, 180, 118], "f2": [280, 118, 340, 118],
          "f5": [230, 158, 230, 240, 340, 240], "f3": [440, 118, 500, 118],
          "f4": [440, 240, 518, 240, 518, 136]}  # fmt: skip
DRAWN = model(*SPLIT, flow("f2", "ask", "look"), flow("f5", "ask", "tell"),
              diagram=diagram(BOXES, ARROWS))  # fmt: skip


def boxes(raw: bytes) -> dict[str, tuple[float, float, float, float]]:
    found = {}
    for shape in etree.fromstring(raw).iter(DI + "BPMNShape"):
        bounds = shape.find(DC + "Bounds")
        found[shape.get("bpmnElement")] = tuple(
            float(bounds.get(name)) for name in ("x", "y", "width", "height")
        )
    return found


def ends_of(raw: bytes, flow_id: str) -> tuple[tuple[float, float], tuple[float, float]]:
    (edge,) = etree.fromstring(raw).xpath(f"//*[@bpmnElement='{flow_id}']")
    points = [
        (float(point.get("x")), float(point.get("y")))
        for point in edge
        if point.tag.endswith("waypoint")
    ]
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))
    return points[0], points[-1]


def test_a_drawn_gateway_has_a_place_of_its_own_and_the_arrows_touch_their_shapes():
    raw = mend("visits.bpmn", DRAWN).raw
    placed = boxes(raw)
    assert "ask_split" in placed
    for name, (x, y, width, height) in placed.items():
        for other, (ox, oy, owidth, oheight) in placed.items():
            if name != other:
                apart = x + width <= ox or ox + owidth <= x
                assert apart or y + height <= oy or oy + oheight <= y, (name, other)
    (process,) = draw("v.bpmn", raw).processes
    for arrow in process.flows.values():
        for point, end in zip(ends_of(raw, arrow.id), (arrow.source, arrow.target), strict=True):
            x, y, width, height = placed[end]
            assert x <= point[0] <= x + width
            assert y <= point[1] <= y + height


def test_pools_and_lanes_grow_with_what_is_drawn_in_them():
    lane = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="lane" name="Registry">'
        "<bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    raw = model(lane, step("ask"), diagram=diagram(
        {"lane": (100, 60, 160, 120), "ask": (130, 80, 100, 80)}, {}))  # fmt: skip
    ask_only = mend("visits.bpmn", raw).raw
    assert mend("visits.bpmn", ask_only).raw is ask_only
    ended = raw.replace(b"</bpmn:process>", b'<bpmn:startEvent id="start" />'
                        + flow("f", "start", "ask").encode() + b"</bpmn:process>")  # fmt: skip
    placed = boxes(mend("visits.bpmn", ended).raw)
    lane_right = placed["lane"][0] + placed["lane"][2]
    assert placed["ask_end"][0] + placed["ask_end"][2] < lane_right
    process = mended(ended)
    assert process.elements["ask_end"].lane == "Registry"


def test_nothing_is_drawn_where_there_is_no_drawing():
    raw = mend("visits.bpmn", model(*SPLIT, flow("f2", "ask", "look"), flow("f5", "ask", "tell")))
    assert b"BPMNShape" not in raw.raw


def test_everything_else_in_the_file_stays_letter_by_letter():
    raw = TASK_DRAWN_FOR_READERS.replace(
        b'<bpmn:endEvent',
        b"<!-- kept --><bpmn:documentation><![CDATA[a < b]]></bpmn:documentation>"
        b'<bpmn:dataObject id="d1" /><?kept too?><bpmn:endEvent',
    )  # fmt: skip
    after = mend("visits.bpmn", raw).raw
    differing = [
        line
        for line in difflib.ndiff(raw.decode().splitlines(), after.decode().splitlines())
        if line[0] in "-+"
    ]
    assert len(differing) == 4, differing
    assert b"<!-- kept -->" in after
    assert b"<![CDATA[a < b]]>" in after
    assert b"<?kept too?>" in after


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16", "windows-1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encoding_and_line_ends_are_those_of_the_original(encoding, newline):
    text = TASK_DRAWN_FOR_READERS.decode().replace('name="ask"', 'name="Prévenir"')
    raw = text.replace("UTF-8", encoding).replace("\n", newline).encode(encoding)
    after = mend("visits.bpmn", raw).raw
    assert mended(raw).elements["ask"].name == "Prévenir"
    assert "Prévenir" in after.decode(encoding)
    if encoding != "UTF-16":
        assert (b"\r\n" in after) == (newline == "\r\n")


def test_a_file_with_a_doctype_or_entities_is_never_mended():
    raw = TASK_DRAWN_FOR_READERS.replace(b"?>\n", b'?>\n<!DOCTYPE d [<!ENTITY a "b">]>\n', 1)
    assert mend("visits.bpmn", raw).raw is raw


def test_a_drawing_that_would_have_to_be_moved_too_often_is_not_redrawn():
    many = [f"t{number}" for number in range(300)]
    raw = model(START, *(step(name) for name in many),
                *(flow(f"f{name}", "start", name) for name in many))  # fmt: skip
    problems = check_loose({"visits.bpmn": raw})
    assert any("More than one flow" in p.words and not p.mend for p in problems)
    assert sum(bool(p.mend) for p in problems if "Nothing follows" in p.words) == 100


def test_the_head_of_the_file_says_whose_our_attributes_are():
    raw = model(step("ask", camunda__candidateGroups="registry"))
    after = mend("visits.bpmn", raw).raw.decode()
    assert 'xmlns:sv="urn:samverkan:bpmn:1"' in after.split("<bpmn:process")[0]
    assert 'sv:role="registry"' in after
    assert all(part in after for part in HEAD.split()[-3:-2])


@pytest.mark.parametrize(
    ("made", "words"),
    [("reviewRequest", "Review request"), ("tell_the_visitor", "Tell the visitor"),
     ("askDNAExpert", "Ask DNA expert"), ("UserTask_1", ""), ("Activity_0x1y2z", ""),
     ("sid-AB-12", ""), ("_a1b2c3", ""), ("task", "")],
)  # fmt: skip
def test_a_name_is_made_of_an_id_that_says_something(made, words):
    assert words_of(made) == words
