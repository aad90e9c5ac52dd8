"""Draws the fields of a form into a page, with buttons that work with and without script."""

from __future__ import annotations

from flask import current_app
from markupsafe import Markup, escape

from forms import BoundForm


def drawn_fields(
    form: BoundForm, section: str | None, *, swap: str, send: str, focus: str | None = None
) -> Markup:
    """The fields of a section, or of all sections.

    Add and remove buttons exchange the fields in place by a post to `swap`; without script they
    send the whole form to `send`. `focus` is the id that takes the focus after an exchange.
    """
    html = str(form.render(current_app.jinja_env, section))
    acts = f'hx-post="{escape(swap)}" formaction="{escape(send)}"'
    for name in ("_add", "_remove"):
        html = html.replace(f'name="{name}"', f'name="{name}" {acts}')
    if focus:
        html = html.replace(f'id="{escape(focus)}"', f'id="{escape(focus)}" data-focus', 1)
    return Markup(html)  # noqa: S704 - drawn by the forms' templates; addresses are escaped
