"""The words of models, demo and punctuation, in each language."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from processes.tables import Installation
from tests import catalogues
from tests.webapp.pages import check_page
from tests.webapp.world import words
from webapp.models.times import time_in_words


@pytest.mark.parametrize(
    ("text", "english", "french", "swedish"),
    [
        ("P10WD", "10 working days", "10 jours ouvrés", "10 arbetsdagar"),
        ("PT72H", "72 hours", "72 heures", "72 timmar"),
        ("P1M", "1 month", "1 mois", "1 månad"),
        ("P3WD before due", "3 working days before the due date", "3 jours ouvrés avant",
         "3 arbetsdagar före sista dagen"),
        ("param:triage_due", "triage due", "triage due", "triage due"),
        ("every full moon", "every full moon", "every full moon", "every full moon"),
    ],
)  # fmt: skip
def test_a_time_is_said_in_plain_words(house, text, english, french, swedish):
    with house.app.test_request_context():
        with force_locale("en_GB"):
            assert english in time_in_words(text)
        with force_locale("fr"):
            assert french in time_in_words(text)
        with force_locale("sv"):
            assert swedish in time_in_words(text)


def test_a_parameter_is_named_in_the_readers_language(house):
    reader = house.sign_in("custody.north", "fr")
    reader.get("/models")
    check_page(reader.get(_first_model(reader)))
    assert "délai du premier regard" in reader.text
    assert "triage due" not in reader.text


def _first_model(reader) -> str:
    links = ((a.get("href") or "", words(a)) for a in reader.tree.iter("a"))
    return next(href for href, said in links if href.startswith("/models/") and said == "Détection")


def test_open_is_said_of_tasks_and_cases_and_not_as_an_order(house):
    governor = house.sign_in("governor.north", "fr")
    check_page(governor.get("/oversight"))
    heads = [words(th) for th in governor.tree.iter("th") if th.get("scope") == "col"]
    assert "Ouvertes" in heads
    assert "Ouvrir" not in heads
    assert "Personne encore" not in governor.text
    coordinator = house.sign_in("coordinator.north", "fr")
    check_page(coordinator.get("/cases"))
    assert "Ouverts" in [words(option) for option in coordinator.tree.iter("option")]


def test_a_demo_names_its_functions_in_the_readers_language(house):
    reader = house.sign_in("custody.north", "fr")
    check_page(reader.get("/work"))
    options = {words(option) for option in reader.tree.iter("option")}
    assert {"Surveillant, bâtiment A", "Chef d’établissement, Nord"} <= options
    assert "Governor" not in options
    header = next(e for e in reader.tree.iter("span") if e.get("class") == "app-header__function")
    assert words(header) == "Surveillant, bâtiment A"
    with house.sessions() as session:
        session.get_one(Installation, 1).demo = False
        session.commit()
    reader.get("/work")
    assert "Custody officer, wing A" in reader.answer.text


def test_a_demo_names_its_functions_in_swedish(house):
    reader = house.sign_in("custody.north", "sv")
    check_page(reader.get("/work"))
    header = next(e for e in reader.tree.iter("span") if e.get("class") == "app-header__function")
    assert words(header) == "Kriminalvårdare, avdelning A"


@pytest.mark.parametrize("language", catalogues.LANGUAGES, ids=lambda language: language.name)
def test_signs_are_set_as_the_language_sets_them(language):
    for folder in (language.pages, language.questions):
        assert not list(catalogues._spaces(language, folder))


@pytest.mark.parametrize("wrong", ["Pourquoi ?", "Pourquoi?", "« oui »", "«oui»", "Base : loi"])
def test_french_with_a_breaking_space_is_found(wrong):
    assert catalogues.FRENCH.wrong.search(wrong)
    right = "Pourquoi\u202f? «\u00a0Oui\u00a0»\u00a0: à 14:05"
    assert not catalogues.FRENCH.wrong.search(right)


@pytest.mark.parametrize(
    "wrong", ["Varför ?", "Varför\u00a0?", "“ja”", "„ja”", '"ja"', "»ja»", "Grund : lag"]
)
def test_swedish_with_foreign_signs_is_found(wrong):
    assert catalogues.SWEDISH.wrong.search(wrong)
    assert not catalogues.SWEDISH.wrong.search("Varför? ”Ja”: kl. 14:05; klart!")
