"""The trial's own pages: acting as somebody, moving the clock, the tour."""

from webapp.demo.pages import blueprint

__all__ = ["blueprint"]
