"""Whatever lies in a folder: never a crash, never the words of an engine, never without end."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from processes.checks import LooseFiles, Problem, check_loose
from processes.engine import compile_model
from processes.engine.drawing import draw_once
from processes.foreign import mend
from processes.packs import MODELS
from tests.foreign.drawn import END, START, extension, flow, model, step

FOREIGN = model(
    START, step("ask", extension('<zeebe:taskSchedule dueDate="P3D" />'), camunda__assignee="demo"),
    step("g", tag="exclusiveGateway"), END, flow("a", "start", "ask"), flow("b", "ask", "g"),
    flow("c", "g", "end", "${x == 'a'}"), flow("d", "g", "end"),
)  # fmt: skip
SOURCES = [FOREIGN, *(path.read_bytes() for path in sorted(MODELS.glob("*/*.bpmn")))]
SHORT = [raw for raw in SOURCES if len(raw) < 25_000]
TEXTS = ["", " ", "é", "a b", "x" * 100, "NaN", "1e999", "-5", "true", "${x == 'a'}",
         "#{clerk.may()}", "=a >", "R3/PT1H", "0 0 * * *", "start", "\n"]  # fmt: skip
ENGINE = re.compile(
    r"spiff|taskspec|workflow|traceback|could not be checked|nonetype|keyerror|lxml"
)


def spoilt(random: Random, raw: bytes) -> bytes:
    """The model with attributes, elements, tags and texts changed, or with bytes cut out."""
    if random.random() < 0.2:
        at = random.randrange(len(raw))
        return raw[:at] + raw[at + random.randrange(60) :] if random.random() < 0.7 else raw[:at]
    root = etree.fromstring(raw)
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    for _ in range(random.randint(1, 6)):
        random.choice(CHANGES)(random, random.choice(nodes), random.choice(nodes))
    return etree.tostring(root)


def drop_attribute(random: Random, node, other) -> None:
    if node.attrib:
        del node.attrib[random.choice(list(node.attrib))]


def drop(random: Random, node, other) -> None:
    if node.getparent() is not None:
        node.getparent().remove(node)


def mix_attributes(random: Random, node, other) -> None:
    if node.attrib and other.attrib:
        node.set(random.choice(list(node.attrib)), other.get(random.choice(list(other.attrib))))


def retag(random: Random, node, other) -> None:
    node.tag = other.tag


def shuffle(random: Random, node, other) -> None:
    children = list(node)
    random.shuffle(children)
    node[:] = children


def double(random: Random, node, other) -> None:
    node.append(copy.deepcopy(other))


def retext(random: Random, node, other) -> None:
    node.text = random.choice(TEXTS)


def rename(random: Random, node, other) -> None:
    node.set("id", random.choice(TEXTS))


CHANGES = [drop_attribute, drop, mix_attributes, retag, shuffle, double, retext, rename]


def told_well(problem: Problem) -> bool:
    own_words = (problem.words + problem.remedy + problem.mend).replace(problem.name or "\0", "")
    return bool(problem.remedy or problem.mend) and not ENGINE.search(own_words.lower())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(SHORT))
def test_no_damage_to_a_model_makes_check_or_mending_crash(seed, source):
    raw = spoilt(Random(seed), source)
    found = check_loose({"p.bpmn": raw})
    assert all(told_well(problem) for problem in found), found
    after = mend("p.bpmn", raw).raw
    again = check_loose({"p.bpmn": after})
    assert not [problem for problem in again if problem.mend]
    assert mend("p.bpmn", after).raw is after
    if not any(problem.is_error for problem in again):
        for process in draw_once("p.bpmn", after).processes:
            compile_model({"p.bpmn": after}, process.info.id)


@pytest.mark.parametrize("path", sorted(MODELS.glob("*/*.bpmn")), ids=lambda path: path.stem)
def test_a_model_of_ours_is_not_touched(path):
    raw = path.read_bytes()
    assert mend(path.name, raw).raw is raw


OTHERS = {
    "cases": ('<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" />', "CMMN"),
    "tables": ('<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" />', "DMN"),
    "an early draft": ('<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0" />', "before"),
    "no name space": ('<definitions id="d" />', "no name space"),
    "a page": ("<html />", "not a BPMN file"),
    "no process": (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="choreography" />',
        "no process"),
    "a prefix without name space": ("<bpmn:definitions />", "not well-formed"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), OTHERS.values(), ids=OTHERS)
def test_a_file_that_holds_something_else_is_told_what_it_is(text, words):
    (problem,) = check_loose({"p.bpmn": text.encode()})
    assert words in problem.words
    assert problem.remedy


def test_each_of_two_files_is_judged_though_they_have_the_same_ids():
    broken = FOREIGN.replace(b"userTask", b"scriptTask")
    problems = check_loose({"a.bpmn": FOREIGN, "b.bpmn": broken})
    assert [p.file for p in problems if "script task" in p.words] == ["b.bpmn"]
    (same,) = [p for p in problems if "process of this id" in p.words]
    assert (same.file, same.is_error) == ("b.bpmn", False)


CALLING = model(START, step("call", tag="callActivity", calledElement="inner"), END,
                flow("a", "start", "call"), flow("b", "call", "end"))  # fmt: skip


def test_a_called_process_is_looked_for_in_the_other_files():
    def inner(prefix: str) -> bytes:
        raw = FOREIGN.replace(b'process id="visits"', b'process id="inner"')
        for name in (b"start", b"ask", b"end", b"g"):
            raw = raw.replace(b'"' + name + b'"', b'"' + prefix.encode() + name + b'"')
        return raw.replace(b'id="a"', b'id="x"').replace(b'id="b"', b'id="y"')

    alone = check_loose({"a.bpmn": CALLING})
    assert [p.words for p in alone] == ["There is no process inner to call."]
    assert [p for p in check_loose({"a.bpmn": CALLING, "b.bpmn": inner("in_")})
            if p.file == "a.bpmn"] == []  # fmt: skip
    (shared,) = [p for p in check_loose({"a.bpmn": CALLING, "b.bpmn": inner("")})
                 if p.file == "a.bpmn"]  # fmt: skip
    assert "It shares ids with inner, which it calls: end, start" in shared.words


def test_a_called_table_is_looked_for_in_the_other_files():
    asking = step("look", tag="businessRuleTask", camunda__decisionRef="quorum")
    raw = model(START, asking, END, flow("a", "start", "look"), flow("b", "look", "end"))
    (missing,) = [p for p in check_loose({"a.bpmn": raw}) if p.is_error]
    assert "no decision" in missing.words
    loose = LooseFiles()
    loose.add("a.bpmn", raw)
    loose.add("q.dmn", (MODELS / "france" / "quorum.dmn").read_bytes(), "table")
    assert all(p.mend for p in loose.problems())
    assert [p for p in loose.problems_left() if p.file == "a.bpmn"] == []


def test_a_file_that_cannot_be_had_is_a_finding():
    loose = LooseFiles()
    loose.add("a.bpmn", PermissionError(13, "Permission denied"))
    (problem,) = loose.problems()
    assert "cannot be read (Permission denied)" in problem.words


def test_a_finding_tells_the_name_of_its_element():
    raw = FOREIGN.replace(b'name="ask"', b'name="Ask the prison"')
    told = [str(p) for p in check_loose({"p.bpmn": raw}) if p.element_id == "ask"]
    assert told
    assert all("ask: “Ask the prison”: " in text for text in told)


@pytest.mark.parametrize(
    "parts",
    [
        [f'<bpmn:userTask id="t{n}" />' for n in range(4000)],
        ["<bpmn:userTask />"] * 4000,
        [f'<bpmn:task id="é{n}" />' for n in range(3000)],
        [f'<bpmn:parallelGateway id="g{n}" />' for n in range(1000)]
        + [flow(f"f{n}", f"g{n % 1000}", f"g{n * 7 % 1000}") for n in range(4000)],
        ["<bpmn:subProcess>" * 58 + "</bpmn:subProcess>" * 58],
    ],
    ids=["steps", "without ids", "accents", "gateways", "deep"],
)
def test_the_largest_files_come_to_an_end(parts):
    assert check_loose({"p.bpmn": model(*parts)})


def test_the_foreign_words_in_a_pack_are_remarked_there_too(tmp_path: Path):
    from processes.checks import check_files

    problems = check_files({"visits.bpmn": FOREIGN}, forms={}, pack={}, effects=frozenset(),
                           parameters=())  # fmt: skip
    assert any("camunda:assignee" in p.words and not p.is_error for p in problems)
    assert any("sv:due=“P3D”" in p.mend for p in problems)
