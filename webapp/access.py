"""Says who may open a route, and refuses every route that does not say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from casework.access import NotVisible
from casework.setup import PACKS
from processes import packs
from processes.tables import Agency
from webapp.database import database
from webapp.session import viewer

PUBLIC = "public"
SIGNED_IN = "signed-in"
EVERYWHERE = "x."
"""So begin the codes of functions that the services of all countries have."""

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def access(*who: str) -> Callable[[View], View]:
    """Declare who may open a view: "public", "signed-in", or the codes of the roles.

    Put it nearest to the function, below the blueprint's route.
    """
    if not who:
        raise ValueError('say who may open the page: "public", "signed-in" or role codes')

    def declare(view: View) -> View:
        view.access = frozenset(who)  # type: ignore[attr-defined]
        return view

    return declare


def declared(app: Flask, endpoint: str) -> frozenset[str] | None:
    """Who may open the endpoint, or None where nobody said it."""
    found: frozenset[str] | None = getattr(app.view_functions[endpoint], "access", None)
    return found


def require_declarations(app: Flask) -> None:
    """Refuse to start while a route is open by oversight."""
    silent = sorted(
        rule.endpoint for rule in app.url_map.iter_rules() if not declared(app, rule.endpoint)
    )
    if silent:
        raise RuntimeError(
            f"these routes do not say who may open them: {', '.join(silent)}. "
            'Add @access("signed-in") or the codes of the roles below the route.'
        )


def exists(endpoint: str) -> bool:
    """Whether some area has registered the endpoint."""
    return endpoint in current_app.view_functions


def may_open(endpoint: str) -> bool:
    """Whether the one who asks may open the endpoint; false where it does not exist."""
    if not exists(endpoint):
        return False
    who = declared(current_app, endpoint) or frozenset()
    if PUBLIC in who:
        return True
    if not current_user.is_authenticated:
        return False
    held = {holding.role for holding in viewer().holdings}
    return SIGNED_IN in who or (bool(who & held) and _is_for(who, held))


def _is_for(who: frozenset[str], held: set[str]) -> bool:
    """Whether the asker's service has what the page shows. A function of every country opens a
    page together with those of one country: elsewhere there is nothing to see on it."""
    of_one = {role for role in who if not role.startswith(EVERYWHERE)}
    if not of_one or of_one & held:
        return True
    agency = database().get_one(Agency, viewer().agency_id)
    pack = PACKS.get(agency.country)
    return pack is None or bool(of_one & packs.functions(pack))


def guard() -> ResponseReturnValue | None:
    """Before every request: sign in first; what one may not see does not exist."""
    if request.endpoint is None or may_open(request.endpoint):
        return None
    if not current_user.is_authenticated:
        answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer
    raise NotVisible("page", _subject())


def _subject() -> UUID:
    """What the address names, for the audit of a refusal; else the one who asked."""
    named = [value for value in (request.view_args or {}).values() if isinstance(value, UUID)]
    return named[0] if named else viewer().user_id
