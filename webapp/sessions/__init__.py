"""Sessions of the commission: their list, their pages, opinions and papers."""

from __future__ import annotations

from webapp.sessions import acts, opinions, pages, papers, planning
from webapp.sessions.blueprint import blueprint

__all__ = ["acts", "blueprint", "opinions", "pages", "papers", "planning"]
