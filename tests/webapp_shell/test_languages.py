"""Pages speak the reader's language, and every sentence is translated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask_babel import gettext

from casework.tables import UserAccount
from tests.webapp_shell.conftest import post

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "webapp" / "translations" / "fr" / "LC_MESSAGES"


def test_a_page_speaks_what_the_browser_asks_for_before_sign_in(shell):
    client = shell.client()
    page = client.get("/sign-in", headers={"Accept-Language": "fr-FR,fr;q=0.9"}).text
    assert '<html lang="fr"' in page
    assert "Se connecter" in page
    assert '<html lang="en"' in client.get("/sign-in", headers={"Accept-Language": "de"}).text


def test_the_chosen_language_stays_with_the_account(demo):
    client = demo.signed_in()
    answer = post(client, "/language", language="fr", next="/demo/clock")
    assert answer.headers["Location"] == "/demo/clock"
    assert '<html lang="fr"' in client.get("/demo/clock").text
    with demo.sessions() as session:
        assert session.get_one(UserAccount, demo.users["officer"]).language == "fr"
    assert '<html lang="fr"' in demo.signed_in().get("/demo/clock").text


def test_days_are_written_as_the_language_writes_them(demo):
    client = demo.signed_in()
    post(client, "/language", language="fr")
    page = client.get("/demo/clock").text
    months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    assert any(f" {month} 20" in page for month in months.split())


def test_questions_of_forms_and_words_of_pages_are_found_in_one_catalogue(shell):
    with shell.app.test_request_context(headers={"Accept-Language": "fr"}):
        assert gettext("My work") == "Mon travail"
        assert gettext("What was done or said?") != "What was done or said?"


def test_an_unknown_language_is_no_page(shell):
    assert post(shell.client(), "/language", language="xx").status_code == 404


def test_every_sentence_of_the_pages_is_in_french(tmp_path):
    template = tmp_path / "messages.pot"
    command = ["-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg"]
    keywords = ["-k", "_l", "-k", "say", "-o", str(template), "."]
    subprocess.run([sys.executable, *command, *keywords], cwd=ROOT, check=True)
    with template.open("rb") as source, (CATALOGUE / "messages.po").open("rb") as french:
        wanted, known = read_po(source), read_po(french, locale="fr")
    missing = [
        message.id
        for message in wanted
        if message.id and not (message.id in known and _is_whole(known[message.id]))
    ]
    assert not missing, f"{len(missing)} sentences without a French one: {missing[:20]}"


def test_the_compiled_catalogue_is_that_of_the_source():
    with (CATALOGUE / "messages.po").open("rb") as source:
        written = {_key(m): _texts(m) for m in read_po(source, locale="fr") if _is_whole(m)}
    with (CATALOGUE / "messages.mo").open("rb") as compiled:
        built = {_key(m): _texts(m) for m in read_mo(compiled) if m.id}
    assert built == written


@pytest.mark.parametrize("sign", ["%(", "{"])
def test_a_translation_keeps_the_places_of_its_sentence(sign):
    pattern = re.compile(r"%\(\w+\)[sd]" if sign == "%(" else r"\{\w+\}")
    with (CATALOGUE / "messages.po").open("rb") as source:
        for message in read_po(source, locale="fr"):
            if not _is_whole(message):
                continue
            ids = [message.id] if isinstance(message.id, str) else message.id
            texts = _texts(message)
            wanted = set(pattern.findall(ids[-1]))
            for text in texts:
                assert set(pattern.findall(text)) <= wanted, message.id
            assert set(pattern.findall(texts[-1])) == wanted, message.id


def _key(message) -> tuple[str, str]:
    context = message.context or ""
    if isinstance(context, bytes):  # so it comes from a compiled catalogue
        context = context.decode("utf-8")
    return context, message.id if isinstance(message.id, str) else message.id[0]


def _is_whole(message) -> bool:
    return bool(message.id) and all(_texts(message)) and not message.fuzzy


def _texts(message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)
