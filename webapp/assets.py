"""Serves the built style and script: compressed beforehand, cached for ever under their hash."""

from __future__ import annotations

import mimetypes
from functools import cache
from pathlib import Path

import orjson
from flask import Flask, Response, abort, request, send_from_directory, url_for

from webapp.access import PUBLIC, access

BUILD = Path(__file__).parent / "static" / "build"
FOR_EVER = "public, max-age=31536000, immutable"


def install(app: Flask) -> None:
    """Serve `/static/<name>`, and give templates `asset("main.css")`."""
    app.add_url_rule("/static/<name>", "static", _serve)
    app.jinja_env.globals["asset"] = asset


@cache
def manifest() -> dict[str, str]:
    """The built name of every file by the name pages use."""
    names: dict[str, str] = orjson.loads((BUILD / "manifest.json").read_bytes())
    return names


def asset(name: str) -> str:
    """The address of a built file: asset("main.css")."""
    return url_for("static", name=manifest()[name])


@access(PUBLIC)
def _serve(name: str) -> Response:
    if name not in manifest().values():
        abort(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    squeezed = request.accept_encodings.quality("gzip") > 0 and (BUILD / f"{name}.gz").exists()
    response = send_from_directory(BUILD, f"{name}.gz" if squeezed else name, mimetype=kind)
    if squeezed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    return response
