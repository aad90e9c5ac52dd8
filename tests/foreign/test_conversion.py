"""What other engines wrote on a shape becomes our own attribute, or is told with what to do."""

from __future__ import annotations

import pytest

from processes.engine.drawing import draw
from processes.foreign import Note, mend
from processes.foreign.juel import NotSimple, feel_of
from processes.foreign.moments import moment_of, once_of
from tests.foreign.drawn import END, START, extension, flow, model, step, task


def elements(raw: bytes):
    (process,) = draw("visits.bpmn", mend("visits.bpmn", raw).raw).processes
    return process.elements


def notes(raw: bytes, kind: str) -> list[Note]:
    return [note for note in mend("visits.bpmn", raw).notes if note.kind == kind]


CONVERTED = {
    "one group": ({"camunda__candidateGroups": "fr.registry"}, "role", "fr.registry"),
    "group in a variable": ({"camunda__candidateGroups": "${unit}"}, "role", "=unit"),
    "form of a key": ({"camunda__formKey": "F-VISIT"}, "form", "F-VISIT"),
    "form of a deployment": (
        {"camunda__formKey": "camunda-forms:deployment:visit.form"}, "form", "visit"),
    "form by reference": ({"camunda__formRef": "visit"}, "form", "visit"),
    "due after a length": ({"camunda__dueDate": "P3D"}, "due", "P3D"),
    "due in a program's words": (
        {"flowable__dueDate": "${dateTime().plusDays(3).toDate()}"}, "due", "P3D"),
    "due on a date": ({"camunda__dueDate": "${hearing}"}, "due", "P0D after hearing"),
    "looked at again": ({"camunda__followUpDate": "P1D"}, "remind", "P1D"),
}  # fmt: skip


@pytest.mark.parametrize(("given", "attribute", "value"), CONVERTED.values(), ids=CONVERTED)
def test_an_attribute_that_has_a_counterpart_becomes_it(given, attribute, value):
    raw = task(**given)
    assert getattr(elements(raw)["ask"], attribute) == value
    (note,) = notes(raw, "converted")
    assert (note.element_id, note.name) == ("ask", "ask")
    assert f"sv:{attribute}=“{value}”" in note.to_do
    assert notes(mend("visits.bpmn", raw).raw, "converted") == []


LEFT = {
    "a person": ({"camunda__assignee": "demo"}, "lane with sv:role"),
    "several groups": ({"camunda__candidateGroups": "sales, law"}, "one role"),
    "persons": ({"camunda__candidateUsers": "anna,ben"}, "lane with sv:role"),
    "a page as form": ({"camunda__formKey": "embedded:app:forms/visit.html"}, "Draw the form"),
    "a computed date": ({"camunda__dueDate": "${clock.next()}"}, "P10WD"),
    "a fixed date": ({"camunda__dueDate": "2015-06-26T09:54:00"}, "P10WD"),
    "a priority": ({"camunda__priority": "50"}, "sv:due"),
    "a word nobody knows": ({"camunda__colour": "grey"}, "Remove it"),
}


@pytest.mark.parametrize(("given", "to_do"), LEFT.values(), ids=LEFT)
def test_what_has_no_counterpart_is_left_and_told_with_what_to_do(given, to_do):
    raw = task(**given)
    assert mend("visits.bpmn", raw).raw is raw
    (note,) = notes(raw, "left")
    assert note.element_id == "ask"
    assert next(iter(given.values())) in note.words
    assert to_do in note.to_do


def test_what_only_the_other_engines_machinery_reads_is_told_once_for_the_file():
    raw = task(camunda__asyncBefore="true", camunda__exclusive="false")
    (note,) = notes(raw, "left")
    assert "camunda:asyncBefore (1), camunda:exclusive (1)" in note.words
    assert "nothing is missed" in note.to_do


def test_our_own_attribute_holds_against_the_foreign_one():
    raw = task(camunda__dueDate="P3D").replace(
        b"camunda:dueDate", b'xmlns:sv="urn:samverkan:bpmn:1" sv:due="P9D" camunda:dueDate'
    )
    assert elements(raw)["ask"].due == "P9D"
    (note,) = notes(raw, "converted")
    assert "says it already" in note.to_do


def test_the_words_of_a_user_task_in_the_cloud_are_converted():
    words = (
        '<zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="registry" />'
        '<zeebe:formDefinition formId="F-VISIT" bindingType="deployment" />'
        '<zeebe:taskSchedule dueDate="=now() + duration(&#34;P5D&#34;)" followUpDate="P2D" />'
    )
    raw = task(extension(words))
    ask = elements(raw)["ask"]
    assert (ask.role, ask.form, ask.due, ask.remind) == ("registry", "F-VISIT", "P5D", "P2D")
    assert b"assignmentDefinition" not in mend("visits.bpmn", raw).raw


LOOP = "<bpmn:multiInstanceLoopCharacteristics {}>{}</bpmn:multiInstanceLoopCharacteristics>"
LISTS = (
    '<zeebe:loopCharacteristics inputCollection="=guests" inputElement="guest" '
    'outputCollection="answers" outputElement="=answer" />'
)
OVER = 'camunda:collection="${guests}" camunda:elementVariable="guest"'
LOOPS = {
    "camunda": (LOOP.format(OVER, ""), None),
    "zeebe": (LOOP.format("", extension(LISTS)), "answers"),
}


@pytest.mark.parametrize(("loop", "outputs"), LOOPS.values(), ids=LOOPS)
def test_a_repetition_over_a_list_is_converted(loop, outputs):
    repeats = elements(task(loop))["ask"].repeats
    assert (repeats.collection, repeats.item, repeats.output) == ("guests", "guest", outputs)


def test_a_called_process_and_a_called_table_of_the_cloud_are_named_as_here():
    called = extension(
        '<zeebe:calledElement processId="hearing" propagateAllChildVariables="false" />'
    )
    asked = extension('<zeebe:calledDecision decisionId="route" resultVariable="way" />')
    raw = model(START, step("call", called, tag="callActivity"),
                step("look", asked, tag="businessRuleTask"), END, flow("a", "start", "call"),
                flow("b", "call", "look"), flow("c", "look", "end"))  # fmt: skip
    found = elements(raw)
    assert (found["call"].called, found["look"].decision) == ("hearing", "route")
    assert any("resultVariable" in note.words for note in notes(raw, "left"))


def test_the_standards_own_owner_becomes_a_role():
    owner = (
        "<bpmn:potentialOwner><bpmn:resourceAssignmentExpression><bpmn:formalExpression>"
        "group({})</bpmn:formalExpression></bpmn:resourceAssignmentExpression>"
        "</bpmn:potentialOwner>"
    )
    assert elements(task(owner.format("registry")))["ask"].role == "registry"
    (note,) = notes(task(owner.format("law and order")), "left")
    assert "sv:role" in note.to_do


def test_fields_written_on_a_task_are_told_so_that_a_form_can_be_drawn():
    data = (
        '<camunda:formData><camunda:formField id="name" label="Name of guest" type="string" />'
        '<camunda:formField id="day" type="date" /></camunda:formData>'
    )
    (note,) = notes(task(extension(data)), "left")
    assert "Name of guest, day" in note.to_do


def test_variables_handed_over_under_their_own_name_need_no_words():
    inside = extension(
        '<camunda:in variables="all" /><camunda:in source="a" target="a" />'
        '<camunda:out source="b" target="c" />'
    )
    raw = model(START, step("call", inside, tag="callActivity", calledElement="hearing"), END,
                flow("a", "start", "call"), flow("b", "call", "end"))  # fmt: skip
    assert len(notes(raw, "converted")) == 2
    (note,) = notes(raw, "left")
    assert "one name" in note.to_do


CONDITIONS = {
    "${approved}": "approved",
    "#{!approved}": "not(approved)",
    "${kind == 'family' &amp;&amp; (age &gt;= 18 || !alone)}":
        'kind = "family" and (age >= 18 or not(alone))',
    "${kind ne null and not (a eq b)}": "kind != null and not(a = b)",
    "${execution.getVariable('x') == 1}": "x = 1",
    "${count % 2 == 0}": "modulo(count, 2) = 0",
    "${a ? b : c}": "if a then b else c",
    "=approved and age &gt; 17": "approved and age > 17",
}  # fmt: skip


@pytest.mark.parametrize(("theirs", "ours"), CONDITIONS.items())
def test_a_simple_condition_becomes_feel(theirs, ours):
    raw = model(START, END, flow("f", "start", "end", theirs))
    (note,) = notes(raw, "converted")
    assert (note.element_id, note.to_do) == ("f", f"It becomes “{ours}”.")
    (process,) = draw("v.bpmn", mend("v.bpmn", raw).raw).processes
    assert process.flows["f"].condition == ours


@pytest.mark.parametrize(
    "text",
    ["${clerk.may(x)}", "${order.total > 3}", "${a}${b}", "approved", "${a < b < c}", "${empty x}",
     "${", "${}", "=a >", "${" + "(" * 5000 + "}", "${" + "!" * 5000 + "a}", "${a" + "+a" * 3000,
     "${a ? b}", "${'open}", "${a = b}", "${a ä b}", "${-" + "-" * 3000 + "a}"],
)  # fmt: skip
def test_what_calls_programs_or_cannot_be_read_is_no_simple_condition(text):
    with pytest.raises(NotSimple):
        feel_of(text)


TIMES = [
    ("P3D", "P3D"), ('"PT5M"', "PT5M"), ('="PT5M"', "PT5M"), ('=duration("PT5M")', "PT5M"),
    ("=release_day", "P0D after release_day"), ("${now().plusWeeks(2)}", "P2W"),
    ("${releaseDay}", None), ("0 0 12 * * ?", None), ("2026-01-01T00:00:00Z", None), ("", None),
    ("${}", None), ("=", None),
]  # fmt: skip


@pytest.mark.parametrize(("theirs", "ours"), TIMES)
def test_a_time_is_written_in_our_grammar_where_it_has_one(theirs, ours):
    assert moment_of(theirs) == ours


def test_a_timer_is_converted_and_a_cycle_that_runs_once_becomes_a_duration():
    def waiting(inside: str) -> bytes:
        wait = step("wait", f"<bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition>",
                    tag="intermediateCatchEvent")  # fmt: skip
        return model(START, wait, END, flow("a", "start", "wait"), flow("b", "wait", "end"))

    quoted = waiting('<bpmn:timeDuration>="P2D"</bpmn:timeDuration>')
    assert elements(quoted)["wait"].timer == "P2D"
    cycle = "<bpmn:timeCycle>R{}/PT1H</bpmn:timeCycle>"
    assert elements(waiting(cycle.format(1)))["wait"].timer == "PT1H"
    assert elements(waiting(cycle.format("")))["wait"].timer is None
    assert once_of("R3/PT1H") is None
