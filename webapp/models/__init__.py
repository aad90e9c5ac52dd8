"""The deployed models: each as a diagram and as words."""

from __future__ import annotations

from webapp.models.pages import blueprint

__all__ = ["blueprint"]
