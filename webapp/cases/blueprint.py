"""The area of cases; its views hang on it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from babel.dates import format_date
from flask import Blueprint
from flask_babel import get_locale

from casework import access
from casework.tables import Case
from webapp.database import database
from webapp.languages import day
from webapp.session import viewer

blueprint = Blueprint("cases", "webapp.cases")


@blueprint.app_template_filter()
def iso_day(value: str) -> str:
    """A day written as 2027-03-03, in full: 3 March 2027."""
    return day(date.fromisoformat(value))


@blueprint.app_template_filter()
def month(value: date) -> str:
    """A month in full: March 2027."""
    return str(format_date(value, "MMMM y", locale=get_locale()))


@blueprint.app_template_global()
def may_open_case(case_id: UUID | None) -> bool:
    """Whether a page may link to the case: no link leads where its reader may not go."""
    case = database().get(Case, case_id) if case_id else None
    return case is not None and access.may_see_case(database(), viewer(), case)
