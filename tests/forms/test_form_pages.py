"""What is drawn: every box has its label, every group its legend, every id is there once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import html5lib
import pytest
from werkzeug.datastructures import MultiDict

from forms import Choice, build, load_form
from tests.forms.making_forms import form_of, plain

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "forms" / "packs").rglob("*.form"))
CONTROLS = {"input", "select", "textarea"}


def read(html):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False, strict=False)
    tree = parser.parse(f"<!doctype html><html><body><form>{html}</form></body></html>")
    assert parser.errors == []
    return tree


def texts(element):
    return " ".join("".join(element.itertext()).split())


def controls(tree):
    return [e for e in tree.iter() if e.tag in CONTROLS and e.get("type") != "hidden"]


def parents(tree):
    return {child: parent for parent in tree.iter() for child in parent}


def check_page(html):
    tree = read(html)
    ids = Counter(e.get("id") for e in tree.iter() if e.get("id"))
    assert [i for i, times in ids.items() if times > 1] == []
    labels = {e.get("for") for e in tree.iter("label")}
    above = parents(tree)
    for control in controls(tree):
        assert control.get("id") in labels, control.attrib
        assert texts(next(e for e in tree.iter("label") if e.get("for") == control.get("id")))
        if control.get("type") == "radio":
            assert fieldset_of(control, above) is not None
    for element in tree.iter():
        for name in (element.get("aria-describedby") or "").split():
            assert name in ids, name
        for name in (element.get("aria-labelledby") or "").split():
            assert name in ids, name
    for fieldset in tree.iter("fieldset"):
        assert fieldset[0].tag == "legend"
        assert texts(fieldset[0])
    return tree


def fieldset_of(element, above):
    while element is not None and element.tag != "fieldset":
        element = above.get(element)
    return element


def wrong_everywhere(definition):
    """A post that opens what it can and is wrong in every field."""
    posted = []
    for field in definition.fields.values():
        name = field.path.replace(".", "-0-")
        value = field.choices[0].value if field.choices else "x" * 30_000
        posted.append((name, value))
    return MultiDict(posted)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_form_is_drawn_accessibly(path, jinja):
    definition = load_form(path.read_bytes(), path.name)
    names = {f.choices_from for f in definition.fields.values() if f.choices_from}
    choices = {name: [Choice("a1", "Function A"), Choice("b2", "Function B")] for name in names}
    blank = build(definition, plain, choices=choices)
    check_page(blank.render(jinja))
    full = build(definition, plain, wrong_everywhere(definition), choices=choices)
    full.validate()
    tree = check_page(full.render(jinja))
    ids = {e.get("id") for e in tree.iter()}
    assert {error.field_id for error in full.errors} <= ids
    for section in full.sections:
        check_page(full.render(jinja, section.key))


def test_everything_is_drawn_accessibly(everything, jinja):
    choices = {"raters": [Choice("a1", "Function A")]}
    form = build(
        everything, plain, wrong_everywhere(everything), {"first_look": "open"}, choices=choices
    )
    form.validate()
    check_page(form.render(jinja))


def test_choices_dates_and_repeated_items_stand_in_fieldsets(everything, jinja):
    form = build(everything, plain, data={"statements": [{}, {}]})
    legends = [texts(e) for e in read(form.render(jinja)).iter("legend")]
    assert legends[:2] == ["Did you see it yourself?", "When it happened"]
    assert "Statements" in legends
    assert "Statement 1" in legends
    assert "Statement 2" in legends
    assert "What else you know" in legends
    assert "What it is about" in legends


def test_an_error_is_tied_to_its_field(everything, jinja):
    form = build(everything, plain, MultiDict([("observed", "hearsay")]))
    form.validate()
    tree = read(form.render(jinja))
    box = next(e for e in tree.iter("textarea") if e.get("name") == "told_by")
    described = box.get("aria-describedby").split()
    assert described == ["f-told_by-hint", "f-told_by-error"]
    message = next(e for e in tree.iter() if e.get("id") == "f-told_by-error")
    assert texts(message) == "Error: Enter who told you"
    assert box.get("aria-invalid") == "true"
    day = next(e for e in tree.iter("fieldset") if texts(e[0]) == "When it happened")
    assert day.get("aria-describedby") == "f-seen_on-error"


def test_the_error_summary_links_and_names(everything, jinja):
    form = build(everything, plain, MultiDict())
    form.validate()
    template = jinja.from_string(
        '{% from "forms/summary.html" import error_summary %}{{ error_summary(form) }}'
        "{{ form.render('what_section') }}"
    )
    tree = check_page(template.render(form=form))
    links = [(e.get("href"), texts(e)) for e in tree.iter("a")]
    assert ("#f-observed", "Answer the question “Did you see it yourself?”") in links
    assert ("#f-seen_on-day", "Enter when it happened") in links


def test_a_form_without_errors_has_no_summary(everything, jinja):
    template = jinja.from_string(
        '{% from "forms/summary.html" import error_summary %}{{ error_summary(form) }}'
    )
    assert template.render(form=build(everything, plain)).strip() == ""


HOSTILE = '"><script>alert(1)</script>{{ 7 * 7 }}&amp;\ue000value\ue001'


def test_what_is_typed_is_shown_as_text(everything, jinja):
    posted = [("observed", "hearsay"), ("told_by", HOSTILE), ("seen_on-day", HOSTILE)]
    posted += [("statements-0-what", HOSTILE), ("days", HOSTILE), ("first_look", HOSTILE)]
    form = build(everything, plain, MultiDict(posted))
    form.validate()
    tree = check_page(form.render(jinja))
    assert not list(tree.iter("script"))
    boxes = {e.get("name"): e for e in controls(tree)}
    assert boxes["told_by"].text == HOSTILE
    for name in ("seen_on-day", "statements-0-what", "days"):
        assert boxes[name].get("value") == HOSTILE


def test_what_a_definition_says_is_shown_as_text(jinja):
    mark = "<b>x</b> & \"y\" 'z'"
    group = {
        "type": "group",
        "label": mark,
        "components": [
            {"type": "textarea", "key": "a", "label": mark, "description": mark},
            {
                "type": "radio",
                "key": "b",
                "label": mark,
                "values": [{"value": "v", "label": mark}],
            },
            {"type": "text", "text": mark + "\n\n- " + mark + "\n\n# " + mark},
            {
                "type": "dynamiclist",
                "path": "l",
                "label": mark,
                "description": mark,
                "components": [{"type": "checkbox", "key": "c", "label": mark}],
            },
        ],
    }
    definition = form_of({"type": "group", "label": mark, "components": [group]}, title=mark)
    form = build(definition, plain, MultiDict(), {"l": [{}]})
    form.add_error("l", mark)
    form.add_error("a", mark)
    tree = check_page(form.render(jinja))
    assert not list(tree.iter("b"))
    blank = jinja.from_string(
        '{% from "forms/blank.html" import blank_form %}{{ blank_form(blank) }}'
    )
    assert not list(read(blank.render(blank=definition.blank(plain))).iter("b"))


def test_typed_lines_come_back_as_they_were(everything, jinja):
    typed = "\n\n  first\n    second\n\n\nthird  "
    form = build(everything, plain, MultiDict([("observed", "hearsay"), ("told_by", typed)]))
    group = form_of(
        {
            "type": "group",
            "label": "S",
            "components": [
                {
                    "type": "group",
                    "label": "G",
                    "components": [{"type": "textarea", "key": "t", "label": "T"}],
                }
            ],
        }
    )
    nested = build(group, plain, MultiDict([("t", typed)]))
    for page in (form.render(jinja), nested.render(jinja)):
        (box,) = list(read(page).iter("textarea"))
        assert box.text == typed


def test_typed_text_is_not_kept_between_requests(everything, jinja):
    from forms.painting import _SHAPES

    secret = "a sentence nobody else may read"
    form = build(everything, plain, MultiDict([("observed", "hearsay"), ("told_by", secret)]))
    form.add_error("told_by", "Not " + secret)
    assert secret in form.render(jinja)
    assert secret not in repr(_SHAPES[jinja])


def test_the_same_question_is_drawn_anew_when_answer_error_or_language_change(everything, jinja):
    first = build(everything, plain, data={"observed": "own"}).render(jinja)
    second = build(everything, plain, data={"observed": "nothing"}).render(jinja)
    third = build(everything, lambda t: t.upper(), data={"observed": "own"}).render(jinja)
    again = build(everything, plain, data={"observed": "own"}).render(jinja)
    assert first == again
    assert len({first, second, third}) == 3


def test_steering_questions_are_marked_for_the_pages_script(everything, jinja):
    tree = read(build(everything, plain).render(jinja))
    marked = {e.get("name") for e in tree.iter() if e.get("data-steers")}
    assert marked == {"observed", "first_look", "statements-0-source"}


def test_the_page_sends_back_what_it_showed(everything, jinja):
    form = build(everything, plain)
    tree = read(form.render(jinja, "what_section"))
    (mark,) = [e for e in tree.iter("input") if e.get("name") == "_shown"]
    assert mark.get("value").split() == [
        "observed",
        "seen_on",
        "statements",
        "statements-0-what",
        "statements-0-when",
        "statements-0-source",
    ]


def test_a_posted_page_that_was_not_touched_opens_nothing(everything, jinja):
    form = build(everything, plain, data={"observed": "hearsay", "told_by": "x"})
    tree = read(form.render(jinja))
    posted = MultiDict()
    for e in tree.iter("input"):
        ticked = e.get("type") not in ("radio", "checkbox") or "checked" in e.attrib
        if ticked:
            posted.add(e.get("name"), e.get("value"))
    for e in tree.iter("textarea"):
        posted.add(e.get("name"), e.text or "")
    again = build(everything, plain, posted, {})
    assert again.opened == ()
    assert again.raw() == form.raw()
    assert again.unknown == ()


def test_enter_presses_continue_and_not_remove(everything, jinja):
    tree = read(build(everything, plain).render(jinja, "what_section"))
    buttons = list(tree.iter("button"))
    assert buttons[0].get("name") is None
    assert [b.get("name") for b in buttons[1:]] == ["_remove", "_add"]
    assert [b.get("value") for b in buttons[1:]] == ["statements-0", "statements"]


def test_a_full_list_has_no_add_button(everything, jinja):
    form = build(everything, plain, data={"statements": [{}] * 5})
    assert 'name="_add"' not in form.render(jinja)


def test_a_wide_form_is_compact(jinja):
    radio = {"type": "radio", "key": "a", "label": "A", "values": [{"value": "x", "label": "X"}]}
    area = {"type": "textarea", "key": "b", "label": "B"}
    wide = form_of(radio, area, properties={"layer": "L2", "wide": "true"})
    assert wide.is_wide
    html = build(wide, plain).render(jinja)
    assert "govuk-radios--small govuk-radios--inline" in html
    assert 'rows="3"' in html


def test_hints_of_form_and_bounds_are_sentences_apart(everything, jinja):
    page = build(everything, plain, data={"observed": "hearsay"}).render(jinja)
    assert "By function, not by name. You can enter up to 500 characters." in page


def test_a_hint_that_names_the_least_length_is_not_followed_by_another(jinja):
    area = {"type": "textarea", "key": "a", "label": "A", "validate": {"minLength": 80}}
    said = {**area, "description": "In your own words, at least 80 characters."}
    assert "At least 80 characters." in build(form_of(area), plain).render(jinja)
    html = build(form_of(said), plain).render(jinja)
    assert "In your own words, at least 80 characters." in html
    assert "At least 80 characters." not in html


def test_long_answers_stand_under_each_other(jinja):
    values = [{"value": f"v{n}", "label": "A rather long answer " * 2} for n in range(3)]
    form = form_of({"type": "radio", "key": "a", "label": "A", "values": values})
    assert "govuk-radios--inline" not in build(form, plain).render(jinja)


def test_all_sections_have_titles_one_alone_is_titled_by_its_page(everything, jinja):
    form = build(everything, plain)
    titles = [texts(e) for e in read(form.render(jinja)).iter("h2")]
    assert titles == ["What happened", "Your first look"]
    assert not list(read(form.render(jinja, "judgement")).iter("h2"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_form_can_be_printed_blank(path, jinja):
    definition = load_form(path.read_bytes(), path.name)
    template = jinja.from_string(
        '{% from "forms/blank.html" import blank_form %}{{ blank_form(blank) }}'
    )
    tree = check_page(template.render(blank=definition.blank(plain)))
    assert not controls(tree)
    shown = texts(tree)
    for field in definition.fields.values():
        assert " ".join(field.label.split()) in shown
    assert len(list(tree.iter("h1"))) == 1
