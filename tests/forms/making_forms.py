"""Forms made in tests, a page to draw them on, and words that stay as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def page_maker() -> Environment:
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(loader=ChoiceLoader([FileSystemLoader(TEMPLATES), govuk]), autoescape=True)
