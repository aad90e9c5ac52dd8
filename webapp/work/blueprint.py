"""The area of a person's own work; its views hang on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("work", "webapp.work")
