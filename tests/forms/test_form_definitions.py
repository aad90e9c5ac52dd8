"""What a form file must be, and what it is told when it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forms import FormDefinition, FormError, load_form, problems
from tests.forms.making_forms import as_bytes, form_of

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "forms" / "packs").rglob("*.form"))


def found(*components, **more):
    return problems(as_bytes(list(components), **more), "F-TEST.form")


def text(key="what", **more):
    return {"type": "textfield", "key": key, "label": "What happened", **more}


def radio(key="look", **more):
    values = [{"value": "open", "label": "Open"}, {"value": "none", "label": "None"}]
    return {"type": "radio", "key": key, "label": "First look", "values": values, **more}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_form_is_sound(path):
    assert [str(p) for p in problems(path.read_bytes(), path.name)] == []


def test_top_level_groups_are_sections_and_loose_parts_join_the_next(everything):
    assert [section.key for section in everything.sections] == ["what_section", "judgement"]
    assert everything.sections[0].title == "What happened"
    assert everything.sections[0].parts[0].text.startswith("# Before you begin")


def test_a_form_without_groups_is_one_section():
    form = form_of(text())
    assert [s.key for s in form.sections] == ["main"]
    assert form.sections[0].fields[0] is form.fields["what"]


def test_what_stands_after_the_last_section_joins_it():
    form = form_of({"type": "group", "label": "One", "components": [text()]}, text("more"))
    assert [f.key for f in form.sections[0].fields] == ["what", "more"]


def test_fields_of_a_repeated_part_are_found_by_path(everything):
    assert everything.fields["statements.what"].list_key == "statements"
    assert everything.lists["statements"].most == 5
    assert everything.lists["statements"].least == 1


def test_a_layer_is_inherited_from_group_or_form_and_can_be_said_by_the_field(everything):
    assert everything.fields["observed"].layer == "L2"
    assert everything.fields["told_by"].layer == "L3"
    assert everything.layers == {"L0", "L1", "L2", "L3"}


def test_form_properties_are_read(everything):
    assert everything.rules == ("V2", "V3")
    assert everything.outcome == "first_look"
    assert everything.minutes == 10
    assert set(everything.variables) == {"seen_on", "urgent", "contact_days", "first_look", "adult"}


def test_the_fields_that_steer_others_are_known(everything):
    assert everything.steering == {"observed", "first_look", "statements.source"}


def test_a_condition_on_a_list_makes_its_questions_steer():
    inner = {"type": "dynamiclist", "path": "items", "label": "Items", "components": [text("a")]}
    form = form_of(inner, text("b", conditional={"hide": "count(items) = 0"}))
    assert form.steering == {"items.a"}


def test_an_input_without_layer_is_refused():
    (problem,) = found(text(), properties={})
    assert problem.element_id == "what"
    assert "layer" in problem.words
    assert "L0 to L3" in problem.remedy


def test_a_problem_names_the_line_of_its_component():
    raw = json.dumps(
        {
            "id": "F-TEST",
            "type": "default",
            "schemaVersion": 16,
            "components": [text()],
        },
        indent=1,
    ).encode()
    (problem,) = problems(raw, "F-TEST.form")
    assert raw.decode().splitlines()[problem.line - 1].strip().startswith('"key": "what"')


@pytest.mark.parametrize(
    "kind",
    ["html", "iframe", "button", "image", "documentPreview", "filepicker", "expression", "table"],
)
def test_a_component_that_could_mislead_is_refused_with_what_to_do(kind):
    (problem,) = found(text(), {"type": kind, "id": "Field_1"})
    assert problem.element_id == "Field_1"
    assert f"{kind} is refused" in problem.words
    assert problem.remedy.endswith(".")


@pytest.mark.parametrize(
    ("component", "words"),
    [
        ({"type": "hologram", "key": "x", "label": "X"}, "unknown"),
        ({"key": "x", "label": "X"}, "unknown"),
        ("text", "not a component"),
        (text(key="What Now"), "key"),
        (text(key=""), "key"),
        (text(key=7), "key"),
        (text(key="x" * 61), "key"),
        (text(key="and"), "word of FEEL"),
        (text(label=""), "label is missing"),
        (text(label=["What"]), "not text"),
        (text(label="=1 + 1"), "expression"),
        (text(label="Hello {{name}}"), "expression"),
        (text(label="x" * 301), "longer"),
        (text(disabled=True), "disabled"),
        (text(readonly=True), "readonly"),
        (text(validate={"maxLength": "many"}), "maxLength"),
        (text(validate={"maxLength": 100_000}), "maxLength"),
        (text(validate={"minLength": -1}), "minLength"),
        (text(validate={"required": "yes"}), "required"),
        (text(validate={"pattern": "("}), "pattern"),
        (text(validate={"pattern": "(a+)+b"}), "without end"),
        (text(validate={"pattern": "a" * 201}), "too long"),
        (text(validate={"validationType": "email"}), "validation"),
        (text(validate=[]), "not an object"),
        (text(defaultValue=["x"]), "default"),
        (text(properties={"layer": "L9"}), "layer"),
        (text(properties={"layer": {}}), "property"),
        (text(properties={"variable": "what"}), "textfield cannot be an engine variable"),
        (
            {**text(properties={"variable": "what"}), "type": "textarea"},
            "Narrative must not become an engine variable",
        ),
        (radio(properties={"variable": "First Look"}), "not a plain name"),
        (radio(values=[]), "nothing to choose"),
        (radio(values=[{"value": "Open case", "label": "Open"}]), "not a code"),
        (radio(values=[{"value": "open", "label": ""}]), "no label"),
        (radio(values=["open"]), "not a code"),
        (radio(values=[{"value": "a", "label": "A"}] * 2), "listed twice"),
        (radio(values=[{"value": f"a{n}", "label": "A"} for n in range(61)]), "More than"),
        (radio(values=None, valuesKey="No Way"), "valuesKey"),
        (radio(valuesExpression="=x"), "expression"),
        (radio(properties={"when": "past"}), "'when'"),
        (text(conditional={"hide": "=1 +"}), "cannot be read"),
        (text(conditional={"hide": 5}), "not text"),
        (text(conditional={"hide": "nothing_known = 1"}), "names 'nothing_known'"),
        (text(conditional={"hide": 'what = "x"'}), "depends on itself"),
        (text(conditional={"hide": 'exec("x") = 1'}), ""),
        ({"type": "datetime", "subtype": "era", "key": "d", "dateLabel": "Day"}, "subtype"),
        ({"type": "number", "key": "n", "label": "N", "validate": {"min": 5, "max": 1}}, "above"),
        ({"type": "number", "key": "n", "label": "N", "validate": {"min": "x"}}, "not a number"),
        ({"type": "number", "key": "n", "label": "N", "validate": {"min": True}}, "not a number"),
        ({"type": "number", "key": "n", "label": "N", "decimalDigits": 99}, "decimalDigits"),
        ({"type": "dynamiclist", "path": "l", "label": "L", "components": []}, "asks nothing"),
        ({"type": "dynamiclist", "path": "l", "label": "L"}, "not a list"),
        ({"type": "group", "label": "G", "components": "x"}, "not a list"),
    ],
)
def test_a_wrong_component_is_refused_in_words(component, words):
    problem = found(component)[0]
    assert words in problem.words
    assert problem.remedy


def test_an_engine_variable_may_not_stand_in_a_repeated_part():
    part = radio(properties={"variable": "look"})
    listed = {"type": "dynamiclist", "path": "items", "label": "Items", "components": [part]}
    assert "repeatedly" in found(listed)[0].words


def test_a_repeated_part_inside_another_is_refused():
    inner = {"type": "dynamiclist", "path": "b", "label": "B", "components": [text()]}
    outer = {"type": "dynamiclist", "path": "a", "label": "A", "components": [inner, text("x")]}
    assert any("inside another" in p.words for p in found(outer))


def test_two_fields_of_one_key_are_refused_but_lists_have_keys_of_their_own():
    assert "used 2 times" in found(text(), text())[0].words
    lists = [
        {"type": "dynamiclist", "path": path, "label": path, "components": [text()]}
        for path in ("a", "b")
    ]
    assert found(*lists) == []


def test_two_fields_may_not_set_one_variable():
    a, b = (radio(key, properties={"variable": "look"}) for key in ("a", "b"))
    assert any("Several fields set" in p.words for p in found(a, b))


def test_l4_and_l5_are_asked_alone():
    assert found(text(properties={"layer": "L5"})) == []
    mixed = found(text(properties={"layer": "L5"}), text("b"))
    assert "L5 stands beside L2" in mixed[0].words


def test_conditions_that_wait_for_each_other_are_refused():
    a = text("a", conditional={"hide": 'b = "x"'})
    b = text("b", conditional={"hide": 'a = "x"'})
    assert any("depends on itself" in p.words for p in found(a, b))


def test_a_question_may_not_depend_on_the_list_it_stands_in():
    part = text("a", conditional={"hide": "count(items) > 1"})
    listed = {"type": "dynamiclist", "path": "items", "label": "Items", "components": [part]}
    assert any("depends on itself" in p.words for p in found(listed))


def test_a_chain_of_conditions_is_bounded():
    chain = [text("f0")]
    chain += [text(f"f{n}", conditional={"hide": f'f{n - 1} = "x"'}) for n in range(1, 60)]
    assert any("wait for each other" in p.words for p in found(*chain))


def test_the_outcome_must_be_a_question_that_decides():
    assert "outcome" in found(text(), properties={"layer": "L2", "outcome": "what"})[0].words
    assert found(radio(), properties={"layer": "L2", "outcome": "look"}) == []


def test_a_group_with_a_path_is_refused():
    group = {"type": "group", "label": "G", "path": "g", "components": [text()]}
    assert "path" in found(group)[0].words


def test_a_group_without_label_is_refused():
    assert "label" in found({"type": "group", "id": "g1", "components": [text()]})[0].words


def test_nesting_is_bounded():
    part = text()
    for _ in range(9):
        part = {"type": "group", "label": "G", "components": [part]}
    assert any("nested" in p.words for p in found(part))


def test_the_number_of_components_is_bounded():
    many = [text(f"f{n}") for n in range(500)]
    assert "400 components" in found(*many)[0].words


def test_a_huge_file_is_refused_before_it_is_read():
    raw = b'{"a":"' + b"x" * 600_000
    (problem,) = problems(raw, "F-TEST.form")
    assert "512 kB" in problem.words


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"id":"a","id":"b"}',
        b'{"id": NaN}',
        b"[" * 200_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"schemaVersion": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_form_is_refused_in_words(raw):
    found = problems(raw, "F-TEST.form")
    assert found
    assert all(p.words and p.remedy for p in found)


def test_components_nested_without_end_are_refused():
    raw = b'{"id":"F-TEST","type":"default","schemaVersion":16,"components":['
    raw += b'{"type":"group","label":"g","components":[' * 300 + b"]}" * 300 + b"]}"
    assert problems(raw, "F-TEST.form")


def test_the_id_is_the_name_of_the_file():
    assert "name of the file" in problems(as_bytes([text()], id="F-OTHER"), "F-TEST.form")[0].words
    assert problems(as_bytes([text()]), "packs/france/F-TEST.form") == []
    assert "id" in problems(as_bytes([text()], id=None), "F-TEST.form")[0].words


def test_an_old_or_foreign_schema_is_refused():
    assert "schemaVersion" in found(text(), schemaVersion=4)[0].words
    assert "type" in found(text(), type="table")[0].words
    assert "no components" in found()[0].words


def test_load_form_says_all_problems_at_once():
    raw = as_bytes([text(label=""), {"type": "iframe", "id": "f"}])
    with pytest.raises(FormError) as refused:
        load_form(raw, "F-TEST.form")
    assert len(refused.value.problems) == 2
    assert "F-TEST.form" in str(refused.value)


def test_a_section_that_does_not_exist_is_a_key_error(everything: FormDefinition):
    with pytest.raises(KeyError):
        everything.section("nowhere")


def test_two_sections_of_one_key_are_refused():
    sections = [
        {"type": "group", "key": "s", "label": "S", "components": [text(key)]} for key in ("a", "b")
    ]
    assert "Two sections" in found(*sections)[0].words
