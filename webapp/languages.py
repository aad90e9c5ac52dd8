"""Which language a page speaks, and how it writes days and times."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, get_timezone_name
from babel.support import NullTranslations
from flask import Flask, g, request, session
from flask_babel import Babel, get_locale, get_translations
from flask_login import current_user

from casework.words import Speaking
from webapp.session import zone

LANGUAGES = {"en": "English", "fr": "Français", "sv": "Svenska"}
LOCALES = {"en": "en_GB", "fr": "fr", "sv": "sv"}

babel = Babel()


def install(app: Flask) -> None:
    """Translate pages, and give templates filters for days and times."""
    babel.init_app(app, locale_selector=_choose)
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda about, text: _catalogue().upgettext(about, text),
        npgettext=lambda about, one, many, count: _catalogue().unpgettext(about, one, many, count),
    )
    app.jinja_env.filters.update(
        day=day, short_day=short_day, moment=moment, clock_time=clock_time, zone_name=zone_name
    )


def language() -> str:
    """The two letters of the page's language."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def _catalogue() -> NullTranslations:
    """The page's catalogue, asked for once: a long list has some hundred words."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue  # type: ignore[no-any-return]


def speaking() -> Speaking:
    """The reader's language, for sentences that use cases make."""
    return Speaking(language(), get_translations().ugettext)


def day(value: date | datetime, at: str | None = None) -> str:
    """A day in full: 3 March 2027. `at` names a zone, else it is the reader's place."""
    return _written(_local_day(value, at), "d MMMM y", str(get_locale() or "en_GB"))


def short_day(value: date | datetime, at: str | None = None) -> str:
    """A day with its weekday, for tables: Wed 3 Mar 2027."""
    return _written(_local_day(value, at), "EEE d MMM y", str(get_locale() or "en_GB"))


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str, locale: str) -> str:
    """A day in words; a list shows the same few days again and again."""
    return format_date(day, pattern, locale=locale)


def moment(value: datetime, at: str | None = None) -> str:
    """A day and time: 3 March 2027, 14:05."""
    return format_datetime(_local(value, at), "d MMMM y, HH:mm", locale=get_locale())


def zone_name(value: datetime, at: str | None = None) -> str:
    """The name of the zone at that moment: Central European Standard Time."""
    return get_timezone_name(_local(value, at), locale=get_locale())


def clock_time(value: datetime, at: str | None = None) -> str:
    """The time of day: 14:05."""
    return format_time(_local(value, at), "HH:mm", locale=get_locale())


def _local(value: datetime, at: str | None) -> datetime:
    return value.astimezone(ZoneInfo(at) if at else zone())


def _local_day(value: date | datetime, at: str | None) -> date:
    return _local(value, at).date() if isinstance(value, datetime) else value


def _choose() -> str:
    chosen = session.get("language")
    if chosen not in LOCALES and current_user and current_user.is_authenticated:
        chosen = current_user.account.language
    if chosen not in LOCALES:
        chosen = request.accept_languages.best_match(list(LOCALES), default="en")
    return LOCALES[chosen]
