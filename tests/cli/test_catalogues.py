"""Nothing that a reader would miss in his or her language; the list that `make check` prints."""

import json

import pytest

from processes.packs import MODELS
from tests import catalogues
from tests.catalogues import FRENCH, LANGUAGES, SWEDISH, findings


def test_everything_is_in_each_language_and_the_bundle_is_whole():
    assert list(findings()) == []


def test_a_country_is_asked_for_its_own_languages_only():
    swedish, french = (catalogues._said_by_forms(language) for language in (SWEDISH, FRENCH))
    assert "What was done or said?" in swedish & french
    assert "A remand or conviction for terrorism" in french - swedish
    assert [folder.name for folder in catalogues._packs_of(FRENCH)] == ["common", "france"]


def test_a_pack_that_no_language_names_is_found(monkeypatch):
    monkeypatch.setattr(catalogues, "LANGUAGES", (SWEDISH,))
    assert [words.split(":")[0] for words in catalogues._packs_in_no_language()] == [
        "processes/packs/france"
    ]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_a_sentence_that_nobody_translated_is_found(language):
    found = list(catalogues._missing("pages", language, language.pages, {"Nobody said this."}))
    assert len(found) == 1
    assert f"no {language.name} for “Nobody said this.”" in found[0]


def test_a_step_that_nobody_named_in_a_language_is_found(tmp_path):
    folder = tmp_path / "common"
    (folder / "labels").mkdir(parents=True)
    for path in (MODELS / "common").iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    labels = json.loads((MODELS / "common" / "labels" / "sv.json").read_text("utf-8"))
    del labels["elements"]["tell_signed"]
    (folder / "labels" / "sv.json").write_text(json.dumps(labels), "utf-8")
    found = list(catalogues._labels(SWEDISH, folder))
    assert len(found) == 1
    assert "elements.tell_signed (“Told and signed”) has no Swedish" in found[0]
