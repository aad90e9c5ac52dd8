"""Says the times of a model in plain words: `P10WD`, `param:triage_due`, `P3WD before due`."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

_PARTS = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W(?!D))?"
    r"(?:(?P<working>\d+)WD)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?\Z"
)
_RELATED = re.compile(r"(?P<length>\S+)\s+(?P<side>before|after)\s+(?P<date>\w+)\Z")


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def time_in_words(text: str, parameter: Callable[[str], str] = _spaced) -> str:
    """The time as a reader says it; what is not known is shown as it stands.

    `parameter` gives the name of a parameter or a day in the reader's language.
    """
    plain = text.strip()
    if related := _RELATED.match(plain):
        return _related(related, parameter)
    if plain.startswith("param:"):
        return str(_("as the rule “%(name)s” sets", name=parameter(plain[6:])))
    return _length(plain)


def _related(found: re.Match[str], parameter: Callable[[str], str]) -> str:
    length = time_in_words(found["length"], parameter)
    day = _("the due date") if found["date"] == "due" else parameter(found["date"])
    if found["side"] == "before":
        return str(_("%(length)s before %(day)s", length=length, day=day))
    return str(_("%(length)s after %(day)s", length=length, day=day))


def _length(text: str) -> str:
    found = _PARTS.match(text)
    if found is None or not any(found.groupdict().values()):
        return text.replace("_", " ")
    return ", ".join(
        _counted(name, int(number)) for name, number in found.groupdict().items() if number
    )


def _counted(unit: str, number: int) -> str:
    words = {
        "years": lambda: ngettext("%(num)d year", "%(num)d years", number),
        "months": lambda: ngettext("%(num)d month", "%(num)d months", number),
        "weeks": lambda: ngettext("%(num)d week", "%(num)d weeks", number),
        "working": lambda: ngettext("%(num)d working day", "%(num)d working days", number),
        "days": lambda: ngettext("%(num)d day", "%(num)d days", number),
        "hours": lambda: ngettext("%(num)d hour", "%(num)d hours", number),
        "minutes": lambda: ngettext("%(num)d minute", "%(num)d minutes", number),
    }
    return str(words[unit]())
