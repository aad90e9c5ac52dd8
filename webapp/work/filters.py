"""What of one's work is asked for: read from the address, shown as chips that can be taken away."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _

from casework.work import Choice, Filters, MyWork

NAMES = ("search", "whose", "due", "role", "establishment", "form")
LONGEST_SEARCH = 80


@dataclass(frozen=True)
class Chip:
    """One filter in words, and the address of the same list without it."""

    words: str
    href: str


def asked() -> Filters:
    """The filters in the address; what is not a known value counts as not asked."""
    return Filters(
        whose=_one_of("whose", ("mine", "groups"), "all"),
        role=request.args.get("role") or None,
        establishment_id=request.args.get("establishment", type=UUID),
        form=request.args.get("form") or None,
        due=_one_of("due", ("overdue", "today", "week"), "any"),
        search=request.args.get("search", "").strip()[:LONGEST_SEARCH],
    )


def chips(work: MyWork) -> list[Chip]:
    """The filters in force, each to be taken away alone."""
    chosen = work.filters
    shown = [
        ("search", _("Contains “%(text)s”", text=chosen.search) if chosen.search else ""),
        ("whose", _label(whose(), chosen.whose, "all")),
        ("due", _label(due(), chosen.due, "any")),
        ("role", _label(work.roles, chosen.role)),
        ("establishment", _label(work.establishments, str(chosen.establishment_id or ""))),
        ("form", _label(work.forms, chosen.form)),
    ]
    return [Chip(words, _without(name)) for name, words in shown if words]


def whose() -> tuple[Choice, ...]:
    """Who may hold the tasks shown."""
    return (
        Choice("all", _("You or your functions")),
        Choice("mine", _("You")),
        Choice("groups", _("Your functions, not you alone")),
    )


def due() -> tuple[Choice, ...]:
    """By when the tasks shown are due."""
    return (
        Choice("any", _("At any time")),
        Choice("overdue", _("Overdue")),
        Choice("today", _("Today")),
        Choice("week", _("Within a week")),
    )


def _one_of(name: str, known: tuple[str, ...], otherwise: str) -> str:
    value = request.args.get(name, "")
    return value if value in known else otherwise


def _label(choices: tuple[Choice, ...], value: str | None, silent: str = "") -> str:
    if not value or value == silent:
        return ""
    return next((choice.label for choice in choices if choice.value == value), value)


def _without(name: str) -> str:
    kept = {key: request.args[key] for key in NAMES if key != name and request.args.get(key)}
    return url_for("work.my_work", **kept)  # type: ignore[arg-type]
