"""What the frame of every page knows: the navigation, the asker, the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from processes.tables import Agency
from webapp.access import may_open
from webapp.database import database
from webapp.languages import LANGUAGES, language
from webapp.session import installation, now

NAVIGATION = (
    ("work.my_work", _l("My work")),
    ("observations.start", _l("Record an observation")),
    ("registry.register", _l("Release, death or court order")),
    ("registry.transfer", _l("Transfer to another prison")),
    ("cases.index", _l("Cases")),
    ("sessions.index", _l("Sessions")),
    ("owed.answers", _l("Answers owed")),
    ("units.index", _l("Units")),
    ("judiciary.transmitted", _l("Sent to you")),
    ("judiciary.this_quarter", _l("Placements of the quarter")),
    ("region.ending", _l("What ends when")),
    ("measures.to_sign", _l("To sign")),
    ("placements.index", _l("Placements")),
    ("clients.index", _l("Clients")),
    ("oversight.overview", _l("Oversight")),
    ("work.notifications", _l("Notifications")),
)
"""Endpoints in the header; one shows when it exists and the asker may open it."""

URGENT = "urgent_notifications"
"""Under this extension the work pages put a function: is there an urgent notification?"""

OFFERED = "offered_links"
"""Under this extension an area puts, by endpoint, a function: is there something for the asker?"""


@dataclass(frozen=True)
class Item:
    """One link of the header."""

    href: str
    text: str
    is_current: bool
    is_urgent: bool


def install(app: Flask) -> None:
    """Find the component templates, and fill the frame."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.loader = ChoiceLoader(
        [
            PackageLoader("webapp"),
            PackageLoader("govuk_frontend_jinja"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    here = installation()
    return {
        "account": current_user.account if current_user.is_authenticated else None,
        "agency": _agency,
        "navigation": _navigation,
        "languages": LANGUAGES,
        "language": language(),
        "demo": bool(here and here.demo),
        "function_words": function_words,
        "now": now,
        "may_open": may_open,
        "offers": offers,
    }


def _agency() -> Agency | None:
    """Whose pages these are: several services may stand in one installation."""
    if not current_user.is_authenticated:
        return None
    return database().get(Agency, current_user.account.agency_id)


def function_words(function: str) -> str:
    """A function as the reader says it: those of a demo are translated, a service's own are not."""
    here = installation()
    return str(gettext(function)) if here and here.demo else function


def _navigation() -> list[Item]:
    if not current_user.is_authenticated:
        return []
    area = (request.blueprint or "", request.endpoint)
    return [_item(endpoint, str(text), area) for endpoint, text in NAVIGATION if offers(endpoint)]


def offers(endpoint: str) -> bool:
    """Whether a page may lead the asker there: one may open it, and it has something to do."""
    known: dict[str, Callable[[], bool]] = current_app.extensions.get(OFFERED, {})
    return may_open(endpoint) and (endpoint not in known or known[endpoint]())


def _item(endpoint: str, text: str, area: tuple[str, str | None]) -> Item:
    alone = sum(name.split(".")[0] == endpoint.split(".")[0] for name, _ in NAVIGATION) == 1
    is_current = endpoint == area[1] or (alone and endpoint.split(".")[0] == area[0])
    is_urgent = endpoint == "work.notifications" and _has_urgent()
    return Item(url_for(endpoint), text, is_current, is_urgent)


def _has_urgent() -> bool:
    ask: Callable[[], bool] | None = current_app.extensions.get(URGENT)
    return bool(ask and ask())
