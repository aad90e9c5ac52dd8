"""Cases: the list, one case, and what was answered in it."""

from __future__ import annotations

from webapp.cases import beginning, by_number, entries, interrupting, pages, pausing
from webapp.cases.blueprint import blueprint

__all__ = ["beginning", "blueprint", "by_number", "entries", "interrupting", "pages", "pausing"]
