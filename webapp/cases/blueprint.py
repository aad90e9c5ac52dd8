"""The area of cases; its views hang on it."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from flask import Blueprint
from flask_babel import get_locale

from webapp.languages import day

blueprint = Blueprint("cases", "webapp.cases")


@blueprint.app_template_filter()
def iso_day(value: str) -> str:
    """A day written as 2027-03-03, in full: 3 March 2027."""
    return day(date.fromisoformat(value))


@blueprint.app_template_filter()
def month(value: date) -> str:
    """A month in full: March 2027."""
    return str(format_date(value, "MMMM y", locale=get_locale()))
