"""The area of observations; its views hang on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("observations", "webapp.observations")
