"""Drawings in the reader's language."""

from casework.drawings import in_language
from processes.packs import MODELS

RAW = (MODELS / "france" / "detection.bpmn").read_bytes()


def test_a_drawing_speaks_french_and_keeps_its_shape():
    french = in_language(RAW, "france", "fr")
    assert b'name="Premier regard"' in french
    assert b'name="First look"' not in french
    assert 'name="Personne concernée"'.encode() in french
    assert b'name="notification"' in french
    assert french.count(b"<bpmndi:BPMNShape") == RAW.count(b"<bpmndi:BPMNShape")


def test_a_drawing_in_the_language_of_its_source_is_the_model_itself():
    assert in_language(RAW, "france", "en") == RAW
