"""The words of forms: small markdown, sheets to print, texts for translators."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.extract import extract as babel_extract

from forms import words
from forms.markdown import to_html
from forms.messages import extract
from tests.forms.making_forms import HERE, as_bytes, form_of, plain

FORM = HERE / "F-EVERYTHING.form"


def test_every_text_of_a_form_is_found_with_its_line():
    source = FORM.read_text(encoding="utf-8").splitlines()
    with FORM.open("rb") as file:
        found = list(extract(file, {}, [], {}))
    texts = [text for _, _, text, _ in found]
    for expected in ("What happened", "Yes, I saw it", "By function, not by name", "Statement"):
        assert expected in texts
    assert "Everything a form can ask" in texts
    for line, _, text, comments in found:
        assert text.split("\n")[0] in source[line - 1]
        assert comments


def test_each_of_two_alike_texts_has_its_own_line():
    raw = as_bytes([]).decode().replace("[]", '[\n{"label":"Why"},\n{"label":"Why"}\n]').encode()
    assert [line for line, *_ in extract(io.BytesIO(raw), {}, [], {})] == [2, 3]


def test_escaped_letters_are_found_too():
    raw = b'{"id": "x",\n"title": "D\\u00e9cision"}'
    assert next(extract(io.BytesIO(raw), {}, [], {}))[:3] == (2, None, "Décision")


def test_a_broken_form_gives_translators_nothing():
    assert list(extract(io.BytesIO(b"{"), {}, [], {})) == []


def test_babel_takes_the_extractor():
    with FORM.open("rb") as file:
        found = list(babel_extract("forms.messages:extract", file))
    assert any(message == "First look" for _, message, _, _ in found)


def test_fixed_sentences_are_marked_for_translators():
    path = Path(words.__file__)
    with path.open("rb") as file:
        found = {message for _, message, _, _ in babel_extract("python", file)}
    assert words.MISSING_TYPED in found
    assert words.MONTHS[0] in found
    assert words.TOO_LONG in found


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", '<p class="govuk-body">plain</p>'),
        ("a\nb", '<p class="govuk-body">a<br>b</p>'),
        ("**a** and *b* or _c_", "<strong>a</strong> and <em>b</em> or <em>c</em>"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("# Head", '<h3 class="govuk-heading-s">Head</h3>'),
        ("- a\n- b", '<ul class="govuk-list govuk-list--bullet"><li>a</li><li>b</li></ul>'),
        ("1. a", '<ol class="govuk-list govuk-list--number"><li>a</li></ol>'),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("**<i>**", "<strong>&lt;i&gt;</strong>"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
    ],
)
def test_markdown_is_small_and_escaped(text, html):
    assert html in to_html(text)


def test_an_intro_before_a_list_stays_a_paragraph():
    html = to_html("Say:\n- one\n\nThen *go*")
    assert html.count("<p") == 2
    assert html.count("<ul") == 1


def test_the_empty_text_is_not_translated():
    assert to_html("") == ""
    assert words.in_language(lambda _text: "Project-Id-Version: 1", "") == ""


def test_a_blank_sheet_has_boxes_to_tick_and_lines_to_write_on(everything):
    blank = everything.blank(plain)
    first, second = blank.sections
    radio = next(p for p in first.parts if p.label == "Did you see it yourself?")
    assert len(radio.choices) == 3
    assert radio.lines == 0
    told = next(p for p in first.parts if p.label == "Who told you")
    assert told.lines == 3
    assert told.note == "Only if it applies"
    day = next(p for p in first.parts if p.label == "When it happened")
    assert day.boxes == ("Day", "Month", "Year")
    items = [p.label for p in first.parts if p.draw == "group"]
    assert items == ["Statement 1", "Statement 2"]
    tick = next(p for p in second.parts if p.label.startswith("This cannot"))
    assert tick.choices == ("Yes",)


def test_a_list_of_one_is_printed_once():
    form = form_of(
        {
            "type": "dynamiclist",
            "path": "items",
            "label": "Items",
            "properties": {"max": 1},
            "components": [{"type": "textarea", "key": "a", "label": "A"}],
        }
    )
    (item,) = form.blank(plain).sections[0].parts
    assert item.note == ""
    assert item.parts[0].lines == 6
