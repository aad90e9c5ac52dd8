"""Recording an observation, or that there is nothing to record; blank forms on paper."""

from __future__ import annotations

from webapp.observations import pages, paper
from webapp.observations.blueprint import blueprint

__all__ = ["blueprint", "pages", "paper"]
