"""What is asked depends on the answers; what is not asked is not checked and not kept."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from forms import build
from tests.forms.making_forms import form_of, plain

NEED = {"validate": {"required": True}}


def text(key, hide=None, **more):
    more = {"conditional": {"hide": hide}} | more if hide else more
    return {"type": "textfield", "key": key, "label": key, **more}


def post(definition, *posted, **more):
    return build(definition, plain, MultiDict(posted), **more)


def test_a_hidden_field_is_neither_required_nor_answered(everything):
    form = post(everything, ("observed", "own"), ("told_by", "x" * 9000), section="what_section")
    assert "told_by" not in form.shown_names()
    assert "told_by" not in form.answers()
    form.validate()
    assert "told_by" not in {e.key for e in form.errors}


def test_an_answer_opens_the_field_that_depends_on_it(everything):
    form = post(everything, ("observed", "hearsay"))
    form.validate()
    assert "told_by" in {e.key for e in form.errors}


def test_a_condition_in_an_item_asks_its_own_item(everything):
    form = post(
        everything,
        ("observed", "own"),
        ("statements-0-source", "document"),
        ("statements-1-source", "own"),
    )
    shown = form.shown_names()
    assert "statements-0-reference" in shown
    assert "statements-1-reference" not in shown


def test_a_condition_in_an_item_may_ask_a_question_outside():
    form = form_of(
        text("kind"),
        {
            "type": "dynamiclist",
            "path": "items",
            "label": "Items",
            "components": [text("what"), text("why", 'kind != "long"')],
        },
    )
    short = post(form, ("kind", "short"), ("items-0-what", "x"), ("items-0-why", "y"))
    assert short.answers() == {"kind": "short", "items": [{"what": "x"}]}
    long = post(form, ("kind", "long"), ("items-0-what", "x"), ("items-0-why", "y"))
    assert long.answers() == {"kind": "long", "items": [{"what": "x", "why": "y"}]}


def test_a_hidden_list_is_not_asked_for_items(everything):
    form = post(everything, ("observed", "nothing"), ("statements-0-what", "x"))
    form.validate()
    assert not [e for e in form.errors if e.key.startswith("statements")]
    assert "statements" not in form.answers()


def test_what_depends_on_a_hidden_answer_sees_nothing():
    form = form_of(text("a"), text("b", 'a = "x"'), text("c", 'b != "go"'))
    both = post(form, ("a", "y"), ("b", "go"), ("c", "kept"))
    assert both.answers() == {"a": "y", "b": "go", "c": "kept"}
    hidden = post(form, ("a", "x"), ("b", "go"), ("c", "dropped"))
    assert hidden.answers() == {"a": "x"}


def test_a_hidden_group_hides_its_questions_and_a_hidden_section_too():
    group = {
        "type": "group",
        "label": "Group",
        "conditional": {"hide": 'a = "x"'},
        "components": [text("b", **NEED)],
    }
    form = form_of(text("a"), {"type": "group", "label": "Part", "components": [group]})
    assert post(form, ("a", "x")).validate()
    assert not post(form, ("a", "y")).validate()
    section = form_of({"type": "group", "key": "s", "label": "S", "components": [text("a")]}, group)
    hidden = post(section, ("a", "x"))
    assert [s.key for s in hidden.sections] == ["s"]
    assert [s.key for s in hidden.states()] == ["s"]
    assert hidden.validate()


def test_conditions_see_typed_values_and_null_for_nothing():
    form = form_of(
        {"type": "number", "key": "n", "label": "N"},
        {"type": "datetime", "subtype": "date", "key": "d", "label": "D"},
        {"type": "checkbox", "key": "c", "label": "C"},
        {
            "type": "checklist",
            "key": "m",
            "label": "M",
            "values": [{"value": "a", "label": "A"}],
        },
        text("big", "n = null or n <= 5"),
        text("late", 'd = null or d < date("2026-01-01")'),
        text("ticked", "not(c)"),
        text("listed", 'not(list contains(m, "a"))'),
    )
    assert post(form).shown_names() == ("n", "d", "c", "m")
    shown = post(form, ("n", "6"), ("d", "2026-02-01"), ("c", "true"), ("m", "a")).shown_names()
    assert shown[4:] == ("big", "late", "ticked", "listed")
    assert "big" not in post(form, ("n", "six")).shown_names()


def test_a_condition_may_ask_a_whole_list():
    form = form_of(
        {"type": "dynamiclist", "path": "items", "label": "Items", "components": [text("what")]},
        text("more", 'not(some i in items satisfies i.what = "x")'),
    )
    assert "more" in post(form, ("items-0-what", "x")).shown_names()
    assert "more" not in post(form, ("items-0-what", "y")).shown_names()


def test_a_condition_that_cannot_be_evaluated_shows_its_field_and_is_told():
    form = form_of(text("a"), text("b", "a > 5"))
    bound = post(form, ("a", "x"))
    assert "b" in bound.shown_names()
    unsound = form_of(text("a"), text("b", "a.c.d = 1"))
    assert "b" in post(unsound, ("a", "x")).shown_names()
    for text_of_condition, reason in post(unsound, ("a", "x")).faults:
        assert text_of_condition
        assert reason


def test_what_the_answers_have_opened_is_known_to_the_page(everything):
    first = build(everything, plain)
    shown = " ".join(first.shown_names("what_section"))
    form = post(everything, ("observed", "hearsay"), ("_shown", shown), section="what_section")
    assert form.opened == ("told_by",)
    again = post(
        everything, ("observed", "hearsay"), ("_shown", shown + " told_by"), section="what_section"
    )
    assert again.opened == ()
    assert post(everything, ("observed", "hearsay")).opened == ()


def test_what_was_typed_before_it_was_hidden_comes_back_when_it_is_asked_again(everything):
    draft = {"observed": "hearsay", "told_by": "the night guard", "statements": [{"what": "x"}]}
    shown = "observed seen_on statements statements-0-what statements-0-when statements-0-source"
    hidden = post(
        everything, ("observed", "nothing"), ("_shown", shown), data=draft, section="what_section"
    )
    assert "told_by" not in hidden.answers()
    assert "statements" not in hidden.answers()
    back = post(
        everything,
        ("observed", "hearsay"),
        ("_shown", "observed seen_on"),
        data=hidden.raw(),
        section="what_section",
    )
    assert back.answers()["told_by"] == "the night guard"


def test_without_the_pages_mark_hidden_answers_are_kept_in_the_draft_too(everything):
    draft = {"observed": "hearsay", "told_by": "the night guard", "statements": [{"what": "x"}]}
    hidden = post(everything, ("observed", "nothing"), data=draft, section="what_section")
    assert hidden.raw()["told_by"] == "the night guard"
    assert hidden.raw()["statements"] == [{"what": "x"}]
    own = post(everything, ("observed", "own"), data=draft)
    assert own.raw()["told_by"] == "the night guard"
    assert own.raw()["statements"] == []


def test_an_unticked_box_is_unticked_though_the_draft_had_it_ticked(everything):
    draft = {"urgent": "true", "themes": ["violence"], "adult": "true"}
    shown = "urgent themes days at_time first_look adult"
    for mark in ([("_shown", shown)], []):
        form = post(everything, *mark, data=draft, section="judgement")
        assert form.answers()["urgent"] is False
        assert form.answers()["themes"] == []
        assert form.answers()["adult"] is None


def test_a_section_leaves_the_others_as_they_were(everything):
    draft = {"observed": "own", "seen_on": {"day": "x", "month": "", "year": ""}}
    form = post(
        everything, ("first_look", "open"), ("observed", "nothing"), data=draft, section="judgement"
    )
    assert form.raw()["observed"] == "own"
    assert form.raw()["seen_on"] == {"day": "x", "month": "", "year": ""}
    assert form.raw()["first_look"] == "open"
