"""A form that uses everything, and a page to draw it on."""

from __future__ import annotations

import pytest
from jinja2 import Environment

from forms import FormDefinition, load_form
from tests.forms.making_forms import HERE, page_maker


@pytest.fixture(scope="session")
def everything() -> FormDefinition:
    return load_form((HERE / "F-EVERYTHING.form").read_bytes(), "F-EVERYTHING.form")


@pytest.fixture(scope="session")
def jinja() -> Environment:
    return page_maker()
