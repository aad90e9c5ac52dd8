"""Cases: the list, one case, and what was answered in it."""

from __future__ import annotations

from webapp.cases import entries, interrupting, pages
from webapp.cases.blueprint import blueprint

__all__ = ["blueprint", "entries", "interrupting", "pages"]
