"""Special units: who is there, who waits."""

from __future__ import annotations

from webapp.units.pages import blueprint

__all__ = ["blueprint"]
