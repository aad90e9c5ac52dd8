"""The pages of one's own session: sign in, sign out, language, start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user

from casework import accounts
from casework.signing_out import end_sessions
from webapp.access import PUBLIC, access, may_open
from webapp.database import begin_late, database, end_reading, writes_late
from webapp.languages import LANGUAGES
from webapp.limits import has_failed, limiter, tried_login, tried_login_from_here
from webapp.session import acting, platform, real_now, sign_in, sign_out, user

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("account", __name__)

STARTS = ("work.my_work", "cases.index", "oversight.overview", "demo.tour")


@blueprint.get("/")
@access(PUBLIC)
def home() -> ResponseReturnValue:
    """The first page that the asker may open."""
    if not current_user.is_authenticated:
        return redirect(url_for("account.sign_in"))
    return redirect(start_page())


@blueprint.get("/sign-in", endpoint="sign_in")
@access(PUBLIC)
def sign_in_page() -> ResponseReturnValue:
    """Ask for the login and the password."""
    if current_user.is_authenticated:
        return redirect(local_path(request.args.get("next")) or start_page())
    return render_template("account/sign_in.html", login="", next=request.args.get("next", ""))


@blueprint.post("/sign-in")
@limiter.limit("60 per 15 minutes", deduct_when=has_failed)
@limiter.limit("100 per 15 minutes", key_func=tried_login, deduct_when=has_failed)
@limiter.limit("8 per 15 minutes", key_func=tried_login_from_here, deduct_when=has_failed)
@access(PUBLIC)
@writes_late
def check_password() -> ResponseReturnValue:
    """Open a session, or say that the two do not match, never which."""
    login, back = request.form.get("login", "").strip(), request.form.get("next", "")
    password = request.form.get("password", "")
    stands = accounts.kept_hash(database(), login)
    end_reading()
    proof = accounts.prove(login, stands, password)
    begin_late()
    account = accounts.authenticate(platform(), database(), proof, real_now())
    if account is None:
        words = _("Login and password do not match an active account. Check both and try again.")
        page = render_template(
            "account/sign_in.html", login=login, next=back, errors=[(words, "login")]
        )
        return page, 422
    sign_in(account)
    return redirect(local_path(back) or start_page())


@blueprint.post("/sign-out", endpoint="sign_out")
@access(PUBLIC)
def leave() -> ResponseReturnValue:
    """End all sessions of the account; drafts stay."""
    if current_user.is_authenticated:
        end_sessions(platform(), database(), acting(), user())
    sign_out()
    return redirect(url_for("account.sign_in"))


@blueprint.post("/language")
@access(PUBLIC)
def choose_language() -> ResponseReturnValue:
    """Keep the language with the account, or with the browser before sign-in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(404)
    if current_user.is_authenticated:
        user().language = chosen
    else:
        session["chosen"] = chosen
    session["language"] = chosen
    refresh()
    return redirect(local_path(request.form.get("next")) or url_for("account.home"))


def start_page() -> str:
    """Where work begins for the one who asks."""
    return next((url_for(page) for page in STARTS if may_open(page)), url_for("health.live"))


def local_path(target: str | None) -> str | None:
    """The address when it stays on this site, else None."""
    if not target or not target.startswith("/") or target[1:2] in {"/", "\\"}:
        return None
    return None if any(ord(sign) < 32 for sign in target) else target


def here() -> str:
    """The address of this page, to come back to; the start page after a post."""
    return request.full_path.rstrip("?") if request.method == "GET" else url_for("account.home")


@blueprint.record_once
def _give_templates(state: object) -> None:
    app: Flask = state.app  # type: ignore[attr-defined]
    app.jinja_env.globals["here"] = here
