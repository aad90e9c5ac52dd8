"""Placements, and the files of courts."""

from __future__ import annotations

from webapp.placements.pages import blueprint

__all__ = ["blueprint"]
