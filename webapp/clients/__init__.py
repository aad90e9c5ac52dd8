"""Clients on the way out and outside."""

from __future__ import annotations

from webapp.clients.pages import blueprint

__all__ = ["blueprint"]
