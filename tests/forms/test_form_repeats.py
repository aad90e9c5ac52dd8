"""Repeated parts: items are added and removed by plain submit buttons."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from forms import build
from tests.forms.making_forms import form_of, plain


def statements(**more):
    return form_of(
        {
            "type": "dynamiclist",
            "path": "statements",
            "label": "Statements",
            "components": [
                {
                    "type": "textfield",
                    "key": "what",
                    "label": "What",
                    "validate": {"required": more.pop("required", False)},
                },
                {"type": "checkbox", "key": "own", "label": "Own"},
            ],
            **more,
        }
    )


def pressed(definition, *posted):
    formdata = MultiDict(posted)
    form = build(definition, plain, formdata)
    return form, form.apply_button(formdata)


def test_add_adds_a_blank_item_and_says_where():
    form, change = pressed(statements(), ("statements-0-what", "a"), ("_add", "statements"))
    assert (change.list_key, change.index, change.field_id) == ("statements", 1, "f-statements-1")
    assert form.raw() == {"statements": [{"what": "a"}, {}]}
    assert "statements-1-what" in form.shown_names()


def test_remove_removes_that_item():
    posted = [(f"statements-{n}-what", letter) for n, letter in enumerate("abc")]
    form, change = pressed(statements(), *posted, ("_remove", "statements-1"))
    assert change.field_id == "f-statements"
    assert form.raw() == {"statements": [{"what": "a"}, {"what": "c"}]}


def test_remove_means_the_number_that_was_posted():
    posted = [("statements-3-what", "a"), ("statements-7-what", "b")]
    form, _ = pressed(statements(), *posted, ("_remove", "statements-3"))
    assert form.raw() == {"statements": [{"what": "b"}]}


def test_the_last_item_that_must_be_is_emptied_instead():
    form, _ = pressed(
        statements(required=True), ("statements-0-what", "a"), ("_remove", "statements-0")
    )
    assert form.raw() == {"statements": [{}]}


def test_an_optional_list_may_become_empty_and_stays_so():
    form, _ = pressed(statements(), ("statements-0-what", "a"), ("_remove", "statements-0"))
    assert form.raw() == {"statements": []}
    assert build(form.definition, plain, data=form.raw()).raw() == {"statements": []}


@pytest.mark.parametrize(
    "button",
    [
        ("_add", "nothing"),
        ("_add", ""),
        ("_remove", "statements"),
        ("_remove", "statements-x"),
        ("_remove", "statements-0-what"),
        ("_remove", "other-0"),
        ("save", "1"),
    ],
)
def test_a_button_that_is_not_of_the_form_changes_nothing(button):
    form, change = pressed(statements(), ("statements-0-what", "a"), button)
    assert change is None
    assert form.raw() == {"statements": [{"what": "a"}]}


def test_removing_what_is_not_there_changes_no_item():
    form, change = pressed(statements(), ("statements-0-what", "a"), ("_remove", "statements-9"))
    assert change is not None
    assert form.raw() == {"statements": [{"what": "a"}]}


def test_a_full_list_takes_no_more_and_says_so():
    posted = [(f"statements-{n}-what", "a") for n in range(20)]
    form, change = pressed(statements(), *posted, ("_add", "statements"))
    assert change is not None
    assert [e.words for e in form.errors] == ["Keep at most 20 under “Statements”"]
    assert len(form.raw()["statements"]) == 20


def test_more_items_than_allowed_in_a_post_are_an_error():
    posted = [(f"statements-{n}-what", "a") for n in range(40)]
    form = build(statements(), plain, MultiDict(posted))
    assert not form.validate()
    assert form.errors[0].key == "statements"
    assert len(form.answers()["statements"]) == 20


def test_a_blank_item_too_many_is_not_asked_for_and_not_kept():
    definition = statements(required=True)
    form = build(
        definition, plain, MultiDict([("statements-0-what", "a"), ("statements-1-what", " ")])
    )
    assert form.validate()
    assert form.answers() == {"statements": [{"what": "a", "own": False}]}


def test_the_first_item_is_asked_for_when_its_questions_are_required():
    form = build(statements(required=True), plain, MultiDict([("statements-0-what", "")]))
    assert not form.validate()
    assert form.errors[0].words == "Statements 1: Enter what"
    optional = build(statements(), plain, MultiDict([("statements-0-what", "")]))
    assert optional.validate()


def test_too_few_items_are_an_error_at_the_list():
    definition = statements(properties={"min": "2"})
    form = build(definition, plain, MultiDict([("statements-0-what", "a")]))
    assert not form.validate()
    assert form.errors[0].words == "Add at least 2 under “Statements”"
    assert form.validate(draft=True)
    blanks = build(definition, plain)
    assert len(blanks.raw()["statements"]) == 2
    assert not blanks.validate()


def test_errors_name_the_item_they_are_in():
    posted = [("statements-0-what", "a"), ("statements-1-what", "x" * 300)]
    form = build(statements(properties={"item": "Statement"}), plain, MultiDict(posted))
    form.validate()
    assert form.errors[0].key == "statements-1-what"
    assert form.errors[0].words.startswith("Statement 2: Shorten")


def test_lists_of_one_name_say_their_group():
    lists = [
        {
            "type": "group",
            "label": label,
            "components": [
                {
                    "type": "dynamiclist",
                    "path": path,
                    "label": "What was seen",
                    "properties": {"item": "Statement"},
                    "components": [
                        {
                            "type": "textfield",
                            "key": "what",
                            "label": "What",
                            "validate": {"required": True},
                        }
                    ],
                }
            ],
        }
        for path, label in (("a", "Violence"), ("b", "Influence"))
    ]
    form = build(form_of(*lists), plain)
    form.validate()
    assert form.errors[0].words == "Violence: Statement 1: Enter what"
    assert form.errors[1].words == "Influence: Statement 1: Enter what"


def test_how_far_a_section_is_tells_not_started_from_started(everything):
    def states(data):
        return [state.state for state in build(everything, plain, data=data).states()]

    assert states({}) == ["not_started", "not_started"]
    assert states({"observed": "own"}) == ["started", "not_started"]
    whole = {"observed": "nothing", "seen_on": "2026-01-02", "first_look": "support"}
    assert states(whole) == ["complete", "complete"]
