"""Signing in and out, and choosing the language."""

from webapp.account.pages import blueprint

__all__ = ["blueprint"]
