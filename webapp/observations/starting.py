"""Which start form is asked for: an observation, or an offence or outside report."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from casework import observations
from casework.observations import StartPage
from webapp.database import database
from webapp.languages import speaking
from webapp.session import platform, viewer

OBSERVATION = "F-OBS"


def form_id() -> str:
    """The start form in the address; an observation where none is named."""
    return request.args.get("form") or OBSERVATION


def start_page(search: str) -> StartPage:
    """The persons for the start form asked for, else for the first that the asker may fill in."""
    page = _page(search, form_id())
    if not page.may_observe and page.starts and "form" not in request.args:
        return _page(search, page.starts[0][0])
    return page


def is_offered() -> bool:
    """Whether the asker may fill in some start form."""
    return observations.may_start(platform(), database(), viewer())


def _page(search: str, form: str) -> StartPage:
    return observations.start_page(
        platform(), database(), viewer(), search=search, form_id=form, speaking=speaking()
    )


def address(name: str, person_id: UUID, form: str, anchor: str | None = None) -> str:
    """The address of one of the form's pages or acts."""
    asked = None if form == OBSERVATION else form
    return url_for(f"observations.{name}", person_id=person_id, form=asked, _anchor=anchor)
