"""Every fixed sentence a form says, so that translators find them in one place."""

from __future__ import annotations

import re
from collections.abc import Callable

Translate = Callable[[str], str]
_SLOT = re.compile(r"\{(\w+)\}")


def N_(text: str) -> str:  # noqa: N802 - the name gettext's extractors look for
    """Mark a text for the translators."""
    return text


MISSING_TYPED = N_("Enter {label}")
MISSING_CHOSEN = N_("Select {label}")
MISSING_ANSWER = N_("Answer the question “{Label}”")
MISSING_TICK = N_("Tick the box “{Label}”")
TOO_LONG = N_("Shorten “{Label}” to {most} characters or fewer")
TOO_SHORT = N_("Write at least {least} characters in “{Label}”")
NOT_A_NUMBER = N_("Enter “{Label}” as a number, like 12")
TOO_MANY_DECIMALS = N_("Enter “{Label}” with at most {most} decimals")
NO_DECIMALS = N_("Enter “{Label}” as a whole number, like 12")
TOO_SMALL = N_("Enter a number of {least} or more for “{Label}”")
TOO_LARGE = N_("Enter a number of {most} or less for “{Label}”")
NOT_A_TICK = N_("Tick the box “{Label}” or leave it empty")
NOT_A_CHOICE = N_("Select one of the listed answers for “{Label}”")
GIVEN_TWICE = N_("Give one answer only for “{Label}”")
NOT_CHOICES = N_("Select only listed answers for “{Label}”")
DATE_INCOMPLETE = N_("Enter a day, a month and a year for “{Label}”")
DATE_UNREAL = N_("Enter a real date for “{Label}”, like 27 3 2026")
DATE_TOO_LATE = N_("Enter a date for “{Label}” that is today or in the past")
DATE_TOO_EARLY = N_("Enter a date for “{Label}” that is today or in the future")
TIME_UNREAL = N_("Enter a time of day for “{Label}”, like 14:30")
TIME_MISSING = N_("Enter the time of day for “{Label}”, like 14:30")
NOT_AS_ASKED = N_("Enter “{Label}” in the form that is asked for")
TOO_FEW_ITEMS = N_("Add at least {least} under “{Label}”")
TOO_MANY_ITEMS = N_("Keep at most {most} under “{Label}”")
IN_PLACE = N_("{place}: {words}")
ITEM = N_("{label} {number}")

DAY, MONTH, YEAR, TIME = N_("Day"), N_("Month"), N_("Year"), N_("Time")
YES, NO = N_("Yes"), N_("No")
NOT_ANSWERED = N_("Not answered")
TICKED, NOT_TICKED = N_("Ticked"), N_("Not ticked")
CHOOSE = N_("Choose an answer")
ADD = N_("Add another: {label}")
REMOVE = N_("Remove {label} {number}")
CONTINUE = N_("Continue")
ERROR = N_("Error")
SUMMARY_TITLE = N_("There is a problem")
UP_TO = N_("You can enter up to {most} characters")
AT_LEAST = N_("At least {least} characters")
ONLY_IF_IT_APPLIES = N_("Only if it applies")
ANOTHER_SHEET = N_("Use another sheet for more")
FORM_TITLE = N_("Form")
TIMES = N_("Hours and minutes, like 14:30")
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def say(translate: Translate, template: str, **parts: object) -> str:
    """A sentence in the reader's language; a translator's slip never raises."""
    return _SLOT.sub(
        lambda slot: str(parts.get(slot[1], slot[0])), in_language(translate, template)
    )


def in_language(translate: Translate, text: str) -> str:
    """The text translated; the empty text stays empty (gettext would answer its header)."""
    return str(translate(text)) if text else ""


def about(translate: Translate, template: str, label: str, **parts: object) -> str:
    """A sentence that names a field by its translated label, in-sentence or as it stands."""
    shown = in_language(translate, label).strip().rstrip(":").rstrip()
    return say(translate, template, label=_mid_sentence(shown), Label=shown, **parts)


def _mid_sentence(label: str) -> str:
    starts_plain = label[:1].isupper() and label[1:2].islower()
    return label[0].lower() + label[1:] if starts_plain else label
