"""What is typed becomes typed answers, or a message that names the field."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from forms import Choice, build
from tests.forms.making_forms import form_of, plain


def bound(component, *posted, **more):
    form = form_of({"key": "what", "label": "What happened", **component})
    return build(form, plain, MultiDict(posted), **more)


def message(component, *posted, **more):
    form = bound(component, *posted, **more)
    form.validate()
    return form.errors[0].words if form.errors else None


def answer(component, *posted):
    return bound(component, *posted).answers()["what"]


LINE, LINES, NUMBER = {"type": "textfield"}, {"type": "textarea"}, {"type": "number"}
DATE = {"type": "datetime", "subtype": "date"}
MOMENT = {"type": "datetime", "subtype": "datetime"}
TIME = {"type": "datetime", "subtype": "time"}
REQUIRED = {"validate": {"required": True}}
VALUES = [{"value": "open", "label": "Open a case"}, {"value": "none", "label": "Nothing"}]
RADIO = {"type": "radio", "values": VALUES}
MANY = {"type": "checklist", "values": VALUES}


@pytest.mark.parametrize(
    ("component", "words"),
    [
        (LINE, "Enter what happened"),
        (LINE | {"label": "What happened?"}, "Answer the question “What happened?”"),
        (LINE | {"label": "CPU number:"}, "Enter CPU number"),
        (LINE | {"properties": {"missing": "Say what you saw"}}, "Say what you saw"),
        (LINES, "Enter what happened"),
        (NUMBER, "Enter what happened"),
        (DATE, "Enter what happened"),
        (TIME, "Enter what happened"),
        (RADIO, "Select what happened"),
        (RADIO | {"type": "select"}, "Select what happened"),
        (MANY, "Select what happened"),
        ({"type": "checkbox"}, "Tick the box “What happened”"),
    ],
)
def test_a_missing_answer_is_asked_for_by_name(component, words):
    assert message(component | REQUIRED) == words
    assert message(component) is None


@pytest.mark.parametrize(
    ("component", "posted", "words"),
    [
        (LINE, "x" * 201, "Shorten “What happened” to 200 characters or fewer"),
        (LINES, "x" * 4001, "Shorten “What happened” to 4000 characters or fewer"),
        (
            LINES | {"validate": {"minLength": 80}},
            "too short",
            "Write at least 80 characters in “What happened”",
        ),
        (
            LINE | {"validate": {"pattern": "[0-9]{4}"}},
            "12",
            "Enter “What happened” in the form that is asked for",
        ),
        (
            LINE
            | {"validate": {"pattern": "[0-9]{4}"}, "properties": {"patternWords": "4 digits"}},
            "12",
            "4 digits",
        ),
        (NUMBER, "twelve", "Enter “What happened” as a number, like 12"),
        (NUMBER, "1e5", "Enter “What happened” as a number, like 12"),
        (NUMBER, "NaN", "Enter “What happened” as a number, like 12"),
        (NUMBER, "9" * 16, "Enter “What happened” as a number, like 12"),
        (NUMBER, "1.5", "Enter “What happened” as a whole number, like 12"),
        (
            NUMBER | {"decimalDigits": 1},
            "1.55",
            "Enter “What happened” with at most 1 decimals",
        ),
        (
            NUMBER | {"validate": {"min": 1}},
            "0",
            "Enter a number of 1 or more for “What happened”",
        ),
        (
            NUMBER | {"validate": {"max": 9}},
            "10",
            "Enter a number of 9 or less for “What happened”",
        ),
        (RADIO, "forged", "Select one of the listed answers for “What happened”"),
        (MANY, "forged", "Select only listed answers for “What happened”"),
        ({"type": "checkbox"}, "perhaps", "Tick the box “What happened” or leave it empty"),
        (TIME, "25:00", "Enter a time of day for “What happened”, like 14:30"),
        (DATE, "yesterday", "Enter a day, a month and a year for “What happened”"),
        (DATE, "2026-13-40", "Enter a real date for “What happened”, like 27 3 2026"),
        (DATE, "0026-01-01", "Enter a real date for “What happened”, like 27 3 2026"),
        (MOMENT, "2026-03-02", "Enter the time of day for “What happened”, like 14:30"),
    ],
)
def test_a_wrong_answer_is_a_message_and_what_was_typed_is_kept(component, posted, words):
    form = bound(component, ("what", posted))
    assert form.validate() is False
    assert [error.words for error in form.errors] == [words]
    again = build(form.definition, plain, data=form.raw())
    assert again.raw() == form.raw()
    assert posted in str(form.raw()) or component in (DATE, MOMENT)


@pytest.mark.parametrize(
    ("component", "posted", "expected"),
    [
        (LINE, "  a   b ", "a b"),
        (LINE, "   ", None),
        (LINES, "a\r\nb\x00\x07", "a\nb�"),
        (NUMBER, "12", 12),
        (NUMBER, " 1 200 ", 1200),
        (NUMBER, "-0", 0),
        (NUMBER | {"decimalDigits": 2}, "1,25", 1.25),
        (NUMBER | {"decimalDigits": 2}, "3.", 3),
        (RADIO, "open", "open"),
        ({"type": "checkbox"}, "true", True),
        ({"type": "checkbox"}, "on", True),
        ({"type": "checkbox"}, "", False),
        (TIME, "9:05", "09:05"),
        (TIME, "9h05", "09:05"),
        (TIME, "0905", "09:05"),
        (TIME, "14", "14:00"),
        (DATE, "2026-03-02", "2026-03-02"),
        (MOMENT, "2026-03-02T08:30", "2026-03-02T08:30"),
        (
            RADIO | {"values": [{"value": True, "label": "Y"}, {"value": False, "label": "N"}]},
            "false",
            False,
        ),
    ],
)
def test_an_answer_is_typed(component, posted, expected):
    assert answer(component, ("what", posted)) == expected


def test_a_date_is_read_from_day_month_and_year():
    parts = [("what-day", "2"), ("what-month", "03"), ("what-year", " 2026 ")]
    assert answer(DATE, *parts) == "2026-03-02"
    assert answer(DATE, ("what", "2"), ("what", "3"), ("what", "2026")) == "2026-03-02"
    assert answer(MOMENT, *parts, ("what-time", "7:00")) == "2026-03-02T07:00"


@pytest.mark.parametrize("missing", ["day", "month", "year"])
def test_a_date_with_a_missing_part_is_a_message_and_never_raises(missing):
    parts = {"what-day": "2", "what-month": "3", "what-year": "2026"}
    parts.pop(f"what-{missing}")
    expected = "Enter a day, a month and a year for “What happened”"
    assert message(DATE, *parts.items()) == expected


@pytest.mark.parametrize("year", ["26", "1890", "2500", "٢٠٢٦"])
def test_a_year_has_four_plain_digits_and_is_of_our_time(year):
    parts = [("what-day", "2"), ("what-month", "3"), ("what-year", year)]
    assert message(DATE, *parts) == "Enter a real date for “What happened”, like 27 3 2026"


def test_a_date_is_held_to_the_past_or_future_when_today_is_known():
    past = DATE | {"properties": {"when": "past"}}
    future = DATE | {"disallowPassedDates": True}
    today = date(2026, 3, 2)
    assert message(past, ("what", "2026-03-02"), today=today) is None
    assert "in the past" in message(past, ("what", "2026-03-03"), today=today)
    assert "in the future" in message(future, ("what", "2026-03-01"), today=today)
    assert message(past, ("what", "2026-03-03")) is None


def test_several_answers_are_kept_in_the_order_given_without_doubles():
    assert answer(MANY, ("what", "none"), ("what", "open"), ("what", "none")) == ["none", "open"]


def test_required_yes_or_no_accepts_no():
    yes_no = RADIO | {"values": [{"value": "true", "label": "Y"}, {"value": "false", "label": "N"}]}
    assert message(yes_no | REQUIRED, ("what", "false")) is None
    assert "listed answers" in message(yes_no | REQUIRED, ("what", "no"))


def test_offered_choices_come_from_outside_and_nothing_else_is_taken():
    component = {"type": "select", "valuesKey": "raters", **REQUIRED}
    choices = {"raters": [Choice("6f1c", "Rater One")]}
    assert message(component, ("what", "6f1c"), choices=choices) is None
    assert "listed answers" in message(component, ("what", "9999"), choices=choices)
    assert "listed answers" in message(component, ("what", "6f1c"))


def test_a_default_stands_until_something_is_typed():
    form = form_of({"key": "what", "label": "What", **LINE, "defaultValue": "usual"})
    assert build(form, plain).answers() == {"what": "usual"}
    assert build(form, plain, data={}).answers() == {"what": None}
    assert build(form, plain, MultiDict([("what", "")])).answers() == {"what": None}


def test_a_draft_is_not_asked_for_what_is_missing():
    form = bound(LINE | REQUIRED)
    assert form.validate(draft=True) is True
    long = bound(LINE | REQUIRED, ("what", "x" * 201))
    assert long.validate(draft=True) is False


def test_unknown_names_are_ignored_and_reported():
    posted = [("what", "x"), ("evil", "1"), ("what-day", "1"), ("items-0-x", "1")]
    form = bound(LINE, *posted, ("csrf_token", "t"), ("_shown", "what"), ("a" * 500, ""))
    assert form.validate()
    assert form.unknown == ("evil", "what-day", "items-0-x", "a" * 100)
    assert form.raw() == {"what": "x"}


def test_unknown_names_are_reported_up_to_a_bound():
    assert len(bound(LINE, *((f"x{n}", "") for n in range(500))).unknown) == 50


def test_messages_about_alike_labels_say_the_group(everything):
    parts = [
        {
            "type": "group",
            "label": f"Group {n}",
            "components": [{"type": "textfield", "key": f"k{n}", "label": "Why", **REQUIRED}],
        }
        for n in (1, 2)
    ]
    form = build(form_of(*parts), plain)
    form.validate()
    assert [e.words for e in form.errors] == ["Group 1: Enter why", "Group 2: Enter why"]


def test_messages_and_labels_are_in_the_readers_language():
    words = {"Enter {label}": "Saisissez : {label}", "What happened": "Ce qui s'est passé"}
    form = form_of({"key": "what", "label": "What happened", **LINE, **REQUIRED})
    french = build(form, lambda text: words.get(text, text))
    french.validate()
    assert french.errors[0].words == "Saisissez : ce qui s'est passé"


def test_a_translators_slip_never_raises():
    form = form_of({"key": "what", "label": "What {most}", **LINE, **REQUIRED})
    slipped = build(form, lambda text: text + " {0} {nothing} {", MultiDict())
    assert slipped.validate() is False


def test_a_section_is_validated_alone(everything):
    form = build(everything, plain, MultiDict(), section="judgement")
    form.validate()
    assert {error.section for error in form.errors} == {"judgement"}
    assert [error.key for error in form.errors] == ["first_look"]


def test_errors_come_in_page_order(everything):
    form = build(everything, plain, MultiDict([("observed", "own")]))
    form.validate()
    keys = [error.key for error in form.errors]
    assert keys == ["seen_on", "statements-0-what", "first_look"]


def test_a_rule_outside_the_form_adds_its_finding_to_a_field(everything):
    items = [("statements-0-what", " "), ("statements-1-what", "said")]
    form = build(everything, plain, MultiDict([("observed", "own"), *items]))
    assert len(form.answers()["statements"]) == 1
    form.add_error("statements-0-when", "Say when")  # the first of the answers is the second shown
    form.add_error("statements.what", "Say what")
    form.add_error("statements-9-what", "Too far")
    form.add_error("statements", "Say more")
    form.add_error("seen_on", "Not then")
    form.add_error("nowhere", "Lost")
    assert [(e.key, e.field_id, e.section) for e in form.errors] == [
        ("statements-1-when", "f-statements-1-when-day", "what_section"),
        ("statements-1-what", "f-statements-1-what", "what_section"),
        ("statements", "f-statements", "what_section"),
        ("statements", "f-statements", "what_section"),
        ("seen_on", "f-seen_on-day", "what_section"),
        ("nowhere", "f-nowhere", "what_section"),
    ]


@pytest.mark.parametrize("component", [RADIO, RADIO | {"type": "select"}, {"type": "checkbox"}])
def test_a_single_choice_that_is_sent_twice_is_no_answer(component):
    for first, second in (("open", "none"), ("open", "open"), ("", "open"), ("true", "false")):
        posted = [("what", first), ("what", second)]
        assert message(component, *posted) == "Give one answer only for “What happened”"
        assert answer(component, *posted) in (None, False)
        raw = bound(component, *posted).raw()
        form = build(
            form_of({"key": "what", "label": "What happened", **component}), plain, data=raw
        )
        assert not form.validate(), "nor when the draft is sent"


@pytest.mark.parametrize(
    "nothing", ["\x00", "\ufffd\ufffd", "?!", "—", "\x07\x85", " . ", "\u200b"]
)
@pytest.mark.parametrize("component", [LINE, LINES])
def test_a_required_text_without_a_letter_or_digit_is_missing(component, nothing):
    assert message(component | REQUIRED, ("what", nothing)) == "Enter what happened"
    assert message(component, ("what", nothing)) is None


@pytest.mark.parametrize("something", ["a", "1", "é", "نعم", "是"])
def test_a_letter_or_digit_of_any_script_is_something(something):
    assert message(LINES | REQUIRED, ("what", something)) is None


def test_control_characters_are_not_kept():
    assert answer(LINES, ("what", "a\x1b[2J\x7fb\x85c\x9bd\te\nf")) == "a[2Jbcd\te\nf"
