"""Whatever is posted, a form never raises, and a draft gives back exactly what was typed."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms import build, load_form, problems
from tests.forms.making_forms import HERE, as_bytes, page_maker, plain

FORM = load_form((HERE / "F-EVERYTHING.form").read_bytes(), "F-EVERYTHING.form")
PAGE = page_maker()
CODES = ["own", "hearsay", "nothing", "document", "open", "support", "true", "false", "on", ""]
NAMES = [
    *(name for name in FORM.fields if "." not in name),
    *(f"seen_on-{part}" for part in ("day", "month", "year", "time")),
    *(f"statements-{n}-{key}" for n in (0, 1, 2, 7) for key in ("what", "source", "reference")),
    *(f"statements-{n}-when-{part}" for n in (0, 1) for part in ("day", "month", "year", "time")),
    "statements",
    "statements-0",
    "statements-0-",
    "statements-99999-what",
    "_shown",
    "_add",
    "_remove",
    "csrf_token",
]
values = st.one_of(
    st.sampled_from(
        [*CODES, "31", "2", "2026", "2026-02-30", "12:60", "x" * 5000, "statements-1", "statements"]
    ),
    st.text(max_size=30),
    st.just(" ".join(build(FORM, plain).shown_names())),
)
names = st.one_of(st.sampled_from(NAMES), st.text(max_size=12))
posts = st.lists(st.tuples(names, values), max_size=25)
sections = st.sampled_from([None, "what_section", "judgement"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(posts, sections, st.booleans())
def test_no_post_raises_and_the_draft_of_it_is_whole(posted, section, is_draft):
    formdata = MultiDict(posted)
    form = build(FORM, plain, formdata, section=section)
    form.apply_button(formdata)
    form.validate(draft=is_draft)
    answers = form.answers()
    json.dumps(answers).encode()
    again = build(FORM, plain, data=json.loads(json.dumps(form.raw())))
    assert again.raw() == form.raw()
    assert again.answers() == answers
    FORM.split(answers)
    FORM.describe(answers, plain)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(posts)
def test_every_message_links_to_an_id_that_is_on_the_page(posted):
    form = build(FORM, plain, MultiDict(posted))
    form.validate()
    page = form.render(PAGE)
    for error in form.errors:
        assert f'id="{error.field_id}"' in page


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([*FORM.fields, "statements"]), anything))
def test_no_draft_raises_whatever_it_holds(data):
    form = build(FORM, plain, data=data)
    form.validate()
    assert build(FORM, plain, data=form.raw()).raw() == form.raw()
    FORM.split(data)
    FORM.describe(data, plain)
    FORM.join({"L2": data})


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_typed_text_is_kept_to_the_letter(typed):
    form = build(FORM, plain, MultiDict([("observed", "hearsay"), ("told_by", typed)]))
    kept = form.raw().get("told_by", "")
    shown = typed.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    assert kept == shown.replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=150, deadline=None)
@given(st.lists(anything, max_size=5), st.dictionaries(st.text(max_size=8), anything))
def test_no_definition_raises_it_is_refused_in_words(components, more):
    found = problems(as_bytes(components, **more), "F-TEST.form")
    assert all(problem.words and problem.remedy for problem in found)


KINDS = ["textfield", "radio", "group", "dynamiclist", "datetime", "number", "text"]
ATTRIBUTES = ["key", "label", "values", "components", "properties", "conditional", "validate"]
ATTRIBUTES += ["defaultValue", "path", "subtype", "valuesKey", "description", "text", "id"]
strange = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS)}, optional=dict.fromkeys(ATTRIBUTES, anything)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(strange, max_size=4))
def test_no_component_raises_whatever_its_attributes(components):
    problems(as_bytes(components), "F-TEST.form")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_file_raises(raw):
    assert problems(raw, "F-TEST.form")
