"""Oversight: what is late, what was escalated, who carries how much, and moving a task."""

from __future__ import annotations

from webapp.oversight.pages import blueprint

__all__ = ["blueprint"]
