"""Makes the Flask application: wires the parts, registers the areas, refuses open routes.

An area is a package `webapp/<area>/` that gives a `blueprint`; its templates stand in
`webapp/templates/<area>/` and extend `layout/page.html`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from casework.platform import Platform
from webapp import (
    access,
    assets,
    config,
    database,
    errors,
    health,
    languages,
    layout,
    limits,
    security,
    session,
)

AREAS = (
    "account",
    "demo",
    "work",
    "observations",
    "cases",
    "registry",
    "measures",
    "sessions",
    "owed",
    "units",
    "judiciary",
    "region",
    "placements",
    "clients",
    "oversight",
    "models",
)


class Webapp(Flask):
    """Flask, with one place where a request that writes is committed."""

    def dispatch_request(self) -> Response:
        """Answer, then keep what was written; an exception skips the commit."""
        return database.finish(self.make_response(super().dispatch_request()))


def create_app(platform: Platform, **overrides: Any) -> Flask:
    """The web application for a wired platform; overrides are Flask settings, for tests."""
    app = Webapp("webapp", static_folder=None)
    app.config.update(config.from_platform(platform))
    app.config.update(overrides)
    app.extensions["samverkan"] = platform
    _trust_proxies(app)
    for part in (database, session, security, limits, languages, layout, assets, errors):
        part.install(app)
    app.before_request(access.guard)
    app.before_request(database.begin)
    app.register_blueprint(health.blueprint)
    for area in AREAS:
        if find_spec(f"webapp.{area}"):
            app.register_blueprint(import_module(f"webapp.{area}").blueprint)
    access.require_declarations(app)
    return app


def _trust_proxies(app: Flask) -> None:
    """Believe the reader's address from as many proxies as stand in front, and no more."""
    count = app.config["SAMVERKAN_PROXIES"]
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
