"""Answers owed to opinions of commissions."""

from __future__ import annotations

from webapp.owed.pages import blueprint

__all__ = ["blueprint"]
