"""The times of a model in plain words, in both languages."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from webapp.models.times import time_in_words


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("P10WD", "10 working days", "10 jours ouvrés"),
        ("PT72H", "72 hours", "72 heures"),
        ("P1M", "1 month", "1 mois"),
        ("P3WD before due", "3 working days before the due date", "3 jours ouvrés avant"),
        ("param:triage_due", "triage due", "triage due"),
        ("every full moon", "every full moon", "every full moon"),
    ],
)
def test_a_time_is_said_in_plain_words(house, text, english, french):
    with house.app.test_request_context():
        with force_locale("en_GB"):
            assert english in time_in_words(text)
        with force_locale("fr"):
            assert french in time_in_words(text)
