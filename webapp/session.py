"""Who asks, at which time, with which roles: made once for each request from the cookie."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import func, select

from casework import accounts
from casework.access import Viewer, bind_agency
from casework.accounts import Holding
from casework.platform import Platform
from casework.tables import UserAccount
from processes.acting import Acting
from processes.tables import Establishment, Installation
from webapp.database import database

LONGEST = timedelta(hours=12)
"""No session outlives a shift."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """The account behind a session; the cookie names it together with its session mark."""

    def __init__(self, account: UserAccount) -> None:
        self.account = account

    def get_id(self) -> str:
        """What the cookie keeps: a new mark on the account ends all its sessions."""
        return f"{self.account.id}:{self.account.session_mark}"


def install(app: Flask) -> None:
    """Read the account of each request from the cookie."""
    login = LoginManager(app)
    login.session_protection = None  # the address of a workstation may change behind a proxy
    login.user_loader(_load)
    login.unauthorized_handler(_ask_to_sign_in)
    app.before_request(_identify)


def sign_in(account: UserAccount) -> None:
    """Begin a session for the account: nothing of the one before is kept but a language that was
    chosen on the page before, which is the account's from now on."""
    chosen = session.get("chosen")
    session.clear()
    if chosen:
        account.language = session["language"] = chosen
    for known in ("viewer", "zone", "held"):
        g.pop(known, None)
    bind_agency(database(), account.agency_id)
    at = real_now().timestamp()
    session.update(since=at, seen=at)
    session.permanent = True
    login_user(SignedIn(account))


def sign_out() -> None:
    """End this session."""
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language


def platform() -> Platform:
    """The wired platform of this process."""
    return cast("Platform", current_app.extensions["samverkan"])


def installation() -> Installation | None:
    """The mark of this database, or None before it has been created."""
    if "installation" not in g:
        g.installation = database().get(Installation, 1)
    return cast("Installation | None", g.installation)


def user() -> UserAccount:
    """The account that asks; only on pages that need a sign-in."""
    return cast("UserAccount", current_user.account)


def real_now() -> datetime:
    """The wall clock."""
    return platform().real_now()


def now() -> datetime:
    """The time of cases, the same during one request."""
    if "now" not in g:
        g.now = platform().case_now(database())
    return cast("datetime", g.now)


def acting(role: str | None = None) -> Acting:
    """The circumstances in which this request acts."""
    account = user()
    return Acting(account.agency_id, account.id, now(), real_now(), platform().new_id, role)


def viewer() -> Viewer:
    """Who looks, with the roles held today at the account's own place."""
    if "viewer" not in g:
        account = user()
        today = now().astimezone(zone()).date()
        g.viewer = Viewer(account.id, account.agency_id, _held(today), today)
    return cast("Viewer", g.viewer)


def zone() -> ZoneInfo:
    """The time zone of the asker's establishment, before the sign-in to a demo that of its
    places; UTC for someone without any."""
    if "zone" not in g:
        known = _zone_of_account() if current_user.is_authenticated else _zone_of_demo()
        g.zone = ZoneInfo(known or "UTC")
    return cast("ZoneInfo", g.zone)


def _zone_of_demo() -> str | None:
    """The zone of the most places of a demo."""
    here = installation()
    if here is None or not here.demo:
        return None
    most = select(Establishment.zone).group_by(Establishment.zone).order_by(func.count().desc())
    found = most.execution_options(across_agencies=True).limit(1)
    return database().scalars(found).first()


def _zone_of_account() -> str | None:
    held = _held(now().date())
    here = database().get(Establishment, held[0].establishment_id) if held else None
    return here.zone if here else None


def _held(on: date) -> tuple[Holding, ...]:
    """The asker's roles on a day: at most two days are asked for, and mostly one."""
    known: dict[date, tuple[Holding, ...]] = g.setdefault("held", {})
    if on not in known:
        known[on] = accounts.holdings(database(), user().id, on)
    return known[on]


def _identify() -> None:
    """Before anything is read: whose agency's rows this request may touch."""
    if request.endpoint in {None, "static", "health.live"}:
        return
    if current_user.is_authenticated:
        bind_agency(database(), user().agency_id)


def _load(kept: str) -> SignedIn | None:
    account_id, _, mark = kept.partition(":")
    account = database().get(UserAccount, _uuid(account_id))
    if account is None or not account.active or account.session_mark != mark or _is_over():
        return None
    session["seen"] = real_now().timestamp()
    return SignedIn(account)


def _uuid(text: str) -> UUID:
    """The id in a cookie; one that is no account's for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _is_over() -> bool:
    at = real_now().timestamp()
    idle = at - session.get("seen", 0)
    whole = at - session.get("since", 0)
    return bool(
        idle > current_app.permanent_session_lifetime.total_seconds()
        or whole > LONGEST.total_seconds()
    )


def _ask_to_sign_in() -> ResponseReturnValue:
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    target = url_for("account.sign_in", next=back)
    if request.accept_mimetypes.best == "application/json":
        return {"error": 401, "sign_in": target}, 401
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target)
