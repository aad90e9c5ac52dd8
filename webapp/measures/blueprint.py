"""The area of those who sign; its views hang on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("measures", "webapp.measures")
