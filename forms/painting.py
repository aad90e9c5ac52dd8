"""Paints one question with its GOV.UK macro, keeping the shape for the next time it is asked.

The macros take about a millisecond each, too slow for a grid of sixty questions. A question looks
the same on every page but for what is typed, so the shape is painted once and the typed values,
which must not outlive the request, are filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from jinja2 import Environment
from markupsafe import Markup, escape

from forms.controls import Control

TEMPLATE = "forms/control.html"
MAX_SHAPES = 4_000
_SHAPES: WeakKeyDictionary[Environment, dict[str, str]] = WeakKeyDictionary()
_TOKEN = re.compile("\ue000([a-z0-9]+)\ue001")
_GAPS = re.compile(r"\s*\n\s*")


def paint(environment: Environment, control: Control) -> Markup:
    """The HTML of a question as it stands."""
    params, typed = _without_typed(control.params)
    if not control.is_lasting:
        return _filled(_shape(environment, control.draw, params), typed)
    shapes = _SHAPES.setdefault(environment, {})
    key = control.draw + json.dumps(params, default=str)
    shape = shapes.get(key)
    if shape is None:
        shape = _shape(environment, control.draw, params)
        if len(shapes) >= MAX_SHAPES:
            shapes.clear()
        shapes[key] = shape
    return _filled(shape, typed)


def _shape(environment: Environment, draw: str, params: dict[str, Any]) -> str:
    html = environment.get_template(TEMPLATE).render(draw=draw, params=params)
    return _GAPS.sub("\n", html).strip()


def _filled(shape: str, typed: dict[str, str]) -> Markup:
    """The shape with each value escaped in its place; one pass, so no value is read twice."""
    return Markup(  # noqa: S704
        _TOKEN.sub(lambda token: str(escape(typed.get(token[1], ""))), shape)
    )


def _without_typed(params: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    shape, typed = dict(params), dict[str, str]()
    if "value" in shape:
        typed["value"] = shape["value"]
        shape["value"] = "\ue000value\ue001"
    if "errorMessage" in shape:
        typed["error"] = shape["errorMessage"]["text"]
        shape["errorMessage"] = {**shape["errorMessage"], "text": "\ue000error\ue001"}
    if "namePrefix" in shape:
        shape["items"] = [dict(item) for item in shape["items"]]
        typed.update(_take_boxes(shape["items"]))
    return shape, typed


def _take_boxes(items: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for number, item in enumerate(items):
        yield f"box{number}", item["value"]
        item["value"] = f"\ue000box{number}\ue001"
