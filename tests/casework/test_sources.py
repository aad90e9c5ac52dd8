"""The tags that say what a sentence rests on are shown as words."""

import pytest

from casework.sources import apart
from casework.words import ENGLISH, Speaking
from processes.engine.drawing import draw
from processes.packs import MODELS, labels

FRENCH = Speaking("fr", lambda text: text.replace("Law:", "Droit :"))


@pytest.mark.parametrize(
    ("tagged", "words", "source"),
    [
        ("A step. [D: default of the product]", "A step.", "Default of the product"),
        ("A step.\n[L: art. 13(3); O: CGLPL report]", "A step.",
         "Law: art. 13(3) · Oversight: CGLPL report"),
        ("A step. [S: a paper; P: a handbook]", "A step.",
         "Recommendation: a paper · Practice: a handbook"),
        ("A step. [see the manual]", "A step.", "see the manual"),
        ("A step [or two] at once.", "A step [or two] at once.", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_tag_becomes_words_beside_the_sentence(tagged: str, words: str, source: str):
    assert apart(tagged, ENGLISH) == (words, source)


def test_a_french_tag_is_read_as_french_is_written():
    assert apart("Une étape. [L : art. 13 ; D : valeur du produit]", FRENCH) == (
        "Une étape.",
        "Droit : art. 13 · Valeur du produit",
    )


def test_no_tag_of_the_packs_is_left_unread():
    told = list(labels("france", "fr")["documentation"].values())
    for path in MODELS.glob("*/*.bpmn"):
        for process in draw(path.name, path.read_bytes()).processes:
            told += [process.info.documentation]
            told += [element.documentation for element in process.elements.values()]
    assert len(told) > 300
    for documentation in told:
        words, source = apart(documentation, ENGLISH)
        assert source, documentation
        assert "[" not in words, documentation
        for part in source.split(" · "):
            assert part.split(":")[0].split(",")[0] in {
                "Law", "Oversight", "Practice", "Recommendation",
                "Default of the product", "Valeur par défaut du produit",
            }, documentation  # fmt: skip
