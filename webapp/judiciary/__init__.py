"""What judges see."""

from __future__ import annotations

from webapp.judiciary.pages import blueprint

__all__ = ["blueprint"]
