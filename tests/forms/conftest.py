"""A form that uses everything, and a page to draw it on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from forms import FormDefinition, load_form

HERE = Path(__file__).parent
TEMPLATES = HERE.parents[1] / "webapp" / "templates"


def as_bytes(components: list[dict[str, Any]], **more: Any) -> bytes:
    """A form file of these components, every input in L2 unless it says otherwise."""
    document = {
        "id": "F-TEST",
        "type": "default",
        "schemaVersion": 16,
        "properties": {"layer": "L2"},
        "components": components,
    }
    return json.dumps(document | more, ensure_ascii=False).encode()


def form_of(*components: dict[str, Any], **more: Any) -> FormDefinition:
    return load_form(as_bytes(list(components), **more), "F-TEST.form")


def plain(text: str) -> str:
    return text


@pytest.fixture(scope="session")
def everything() -> FormDefinition:
    return load_form((HERE / "F-EVERYTHING.form").read_bytes(), "F-EVERYTHING.form")


@pytest.fixture(scope="session")
def jinja() -> Environment:
    return Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(TEMPLATES),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
    )
