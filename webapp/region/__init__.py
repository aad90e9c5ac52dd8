"""What runs in a region, and ends when."""

from __future__ import annotations

from webapp.region.pages import blueprint

__all__ = ["blueprint"]
