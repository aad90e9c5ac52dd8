"""Pages speak the reader's language, and every sentence is translated."""

from __future__ import annotations

import pytest
from flask_babel import gettext

from casework.settings import Settings
from casework.tables import UserAccount
from processes import packs
from tests.catalogues import LANGUAGES as CHECKED
from tests.webapp_shell.conftest import post
from webapp import languages


def test_a_page_speaks_what_the_browser_asks_for_before_sign_in(shell):
    client = shell.client()
    page = client.get("/sign-in", headers={"Accept-Language": "fr-FR,fr;q=0.9"}).text
    assert '<html lang="fr"' in page
    assert "Se connecter" in page
    swedish = client.get("/sign-in", headers={"Accept-Language": "sv-SE,sv;q=0.9,en;q=0.5"}).text
    assert '<html lang="sv"' in swedish
    assert "Logga in" in swedish
    assert '<html lang="en"' in client.get("/sign-in", headers={"Accept-Language": "de"}).text


@pytest.mark.parametrize("language", ["fr", "sv"])
def test_the_chosen_language_stays_with_the_account(demo, language):
    client = demo.signed_in()
    answer = post(client, "/language", language=language, next="/demo/clock")
    assert answer.headers["Location"] == "/demo/clock"
    assert f'<html lang="{language}"' in client.get("/demo/clock").text
    with demo.sessions() as session:
        assert session.get_one(UserAccount, demo.users["officer"]).language == language
    assert f'<html lang="{language}"' in demo.signed_in().get("/demo/clock").text


FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
SWEDISH = "januari februari mars april maj juni juli augusti september oktober november december"


@pytest.mark.parametrize(("language", "months"), [("fr", FRENCH), ("sv", SWEDISH)])
def test_days_are_written_as_the_language_writes_them(demo, language, months):
    client = demo.signed_in()
    post(client, "/language", language=language)
    page = client.get("/demo/clock").text
    assert any(f" {month} 20" in page for month in months.split())


def test_questions_of_forms_and_words_of_pages_are_found_in_one_catalogue(shell):
    for language, work in (("fr", "Mon travail"), ("sv", "Mitt arbete")):
        with shell.app.test_request_context(headers={"Accept-Language": language}):
            assert gettext("My work") == work
            assert gettext("What was done or said?") != "What was done or said?"


def test_an_unknown_language_is_no_page(shell):
    assert post(shell.client(), "/language", language="xx").status_code == 404


def test_every_part_names_the_same_languages(tmp_path):
    spoken = set(packs.LANGUAGES)
    assert set(languages.LANGUAGES) == set(languages.LOCALES) == spoken
    assert {"en", *(language.code for language in CHECKED)} == spoken
    for language in spoken:
        given = Settings.from_environment({"SAMVERKAN_LANGUAGE": language}, tmp_path)
        assert given.language == language
