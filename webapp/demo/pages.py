"""Pages that exist only in a database created as demo; elsewhere they are not found."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any, cast
from uuid import UUID

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework import demo_clock, demo_people
from casework.demo_people import DemoPerson
from webapp.access import PUBLIC, SIGNED_IN, access
from webapp.account.pages import local_path, start_page
from webapp.database import database
from webapp.demo.tour import steps
from webapp.languages import moment
from webapp.layout import function_words
from webapp.session import acting, now, platform, real_now, sign_in, viewer

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


def demo_only(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Answer that there is no such page, unless the database is a demo."""

    @wraps(view)
    def only(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not demo_people.is_demo(database()):
            abort(404)
        return view(*args, **kwargs)

    return only


@blueprint.post("/act-as")
@access(PUBLIC)
@demo_only
def switch_role() -> ResponseReturnValue:
    """Act as somebody of the demo, without a password; the language stays."""
    person = _chosen(demo_people.people(database(), now().date()))
    if person is None:
        abort(404)
    language = session.get("language")
    sign_in(demo_people.account_of(database(), person))
    if language:
        session["language"] = language
    flash(
        _(
            "You now act as: %(function)s, %(place)s.",
            function=function_words(person.function),
            place=person.place,
        )
    )
    return redirect(local_path(request.form.get("next")) or start_page())


@blueprint.get("/clock", endpoint="clock")
@access(SIGNED_IN)
@demo_only
def clock_page() -> ResponseReturnValue:
    """Both times, and how far the demo's can be moved."""
    ahead = demo_clock.next_deadline(database(), acting())
    return render_template("demo/clock.html", real=real_now(), ahead=ahead)


@blueprint.post("/clock")
@access(SIGNED_IN)
@demo_only
def move_clock() -> ResponseReturnValue:
    """Move the demo's time forward."""
    by = request.form.get("by", "")
    if by not in demo_clock.STEPS:
        abort(404)
    held = viewer().holdings
    place = held[0].establishment_id if held else None
    try:
        moved_to = demo_clock.move(platform(), database(), acting(), by, place)
    except demo_clock.NothingAhead:
        flash(_("No deadline waits: there is nothing to move the clock to."))
        return redirect(url_for("demo.clock"))
    words = _(
        "The demo's time is now %(when)s. What fell due on the way was done at its own time.",
        when=moment(moved_to),
    )
    flash(words, "success")
    return redirect(url_for("demo.clock"))


@blueprint.get("/tour")
@access(PUBLIC)
@demo_only
def tour() -> ResponseReturnValue:
    """Six steps through real pages."""
    return render_template(
        "demo/tour.html", steps=steps(demo_people.people(database(), now().date()))
    )


def _chosen(people: list[DemoPerson]) -> DemoPerson | None:
    try:
        wanted = UUID(request.form.get("user_id", ""))
    except ValueError:
        return None
    return next((person for person in people if person.id == wanted), None)


def by_place() -> list[tuple[str, list[DemoPerson]]]:
    """The demo's staff for the switch, agency by agency and there place by place."""
    people = demo_people.people(database(), now().date())
    ordered = sorted(people, key=_where)
    return [(" · ".join(where), list(group)) for where, group in groupby(ordered, _where)]


def _where(person: DemoPerson) -> tuple[str, str]:
    return person.agency, person.place


@blueprint.record_once
def _give_templates(state: object) -> None:
    app = cast("Flask", state.app)  # type: ignore[attr-defined]
    app.jinja_env.globals["demo_users"] = by_place
