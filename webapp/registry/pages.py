"""Telling of a release, a death, a court order or a transfer by register number, without seeing any
case."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import registering, transferring
from casework.registering import Registered, RegisterPage
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.work.drawing import drawn_fields
from webapp.work.opened import posted

blueprint = Blueprint("registry", __name__)


@blueprint.get("/register")
@access(SIGNED_IN)
def register() -> ResponseReturnValue:
    """The form; it does not exist for other functions."""
    page = registering.register_page(
        platform(), database(), acting(), viewer(), speaking=speaking()
    )
    return _form_page(page)


@blueprint.post("/register")
@access(SIGNED_IN)
def tell() -> ResponseReturnValue:
    """End what runs about the person; the answer never says whether anything did."""
    done = registering.register(
        platform(), database(), acting(), viewer(), posted(), speaking=speaking()
    )
    if isinstance(done, Registered):
        return render_template("registry/told.html")
    return _form_page(done), 422


@blueprint.get("/register/transfer")
@access(SIGNED_IN)
def transfer() -> ResponseReturnValue:
    """The form of a move to another prison; it does not exist for other functions."""
    page = transferring.transfer_page(
        platform(), database(), acting(), viewer(), speaking=speaking()
    )
    return _transfer_page(page)


@blueprint.post("/register/transfer")
@access(SIGNED_IN)
def move() -> ResponseReturnValue:
    """Move the person and what is open about him or her; the answer never says whether anything
    was."""
    done = transferring.transfer(
        platform(), database(), acting(), viewer(), posted(), speaking=speaking()
    )
    if isinstance(done, Registered):
        return render_template("registry/moved.html")
    return _transfer_page(done), 422


def is_offered() -> bool:
    """Whether the asker keeps a prison's register."""
    return registering.may_register(platform(), database(), viewer())


def _form_page(page: RegisterPage) -> str:
    return _drawn(page, "registry/register.html", url_for("registry.tell"))


def _transfer_page(page: RegisterPage) -> str:
    return _drawn(page, "registry/transfer.html", url_for("registry.move"))


def _drawn(page: RegisterPage, template: str, here: str) -> str:
    return render_template(
        template,
        page=page,
        errors=[(error.words, error.field_id) for error in page.form.errors],
        fields=drawn_fields(page.form, None, swap=here, send=here),
    )
