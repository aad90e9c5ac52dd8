"""What follows a step, in sentences that one reads without knowing the diagram."""

from functools import lru_cache

import pytest
from babel.support import Translations

from casework.ahead import next_in_words
from casework.words import ENGLISH, Speaking, Wording
from processes.engine import compile_model
from processes.packs import MODELS, read_pack
from tests.engine import xml

TRANSLATIONS = MODELS.parents[1] / "webapp" / "translations"
IN_ROUND = frozenset({"detection_rate", "rate_and_hear_grids"})
TOLD = frozenset({"detection_inform", "inform_or_defer_hand_over"})
DECIDED = frozenset({"detection_tell", "inform_or_defer_hand_over"})


@lru_cache
def pack():
    return read_pack(MODELS / "france")


@lru_cache
def french() -> Speaking:
    return Speaking("fr", Translations.load(TRANSLATIONS, ["fr"]).gettext)


def ahead(step: str, inside=frozenset(), speaking=ENGLISH, top="detection") -> tuple[str, ...]:
    wording = Wording.of(compile_model(pack().files, top), pack(), speaking)
    return next_in_words(wording, step, inside)


def ahead_in(raw: bytes, step: str = "A") -> tuple[str, ...]:
    return next_in_words(Wording(compile_model({"p.bpmn": raw}, "p"), pack()), step)


def named(text: str, **names: str) -> str:
    for flow, name in names.items():
        text = text.replace(f'id="{flow}" sourceRef', f'id="{flow}" name="{name}" sourceRef')
    return text


def test_the_one_step_that_follows_is_named_with_its_function():
    assert ahead("detection_draft") == ("The next step is “Decide”, for SPIP director.",)
    assert ahead("detection_draft", speaking=french()) == (
        "L’étape suivante est «\u00a0Décider\u00a0», pour la fonction Directeur du SPIP.",
    )


def test_an_answer_leads_to_its_step_or_end():
    told = ahead("detection_first_look")
    assert told[0] == (
        "If the answer to “What follows?” is “Nothing to keep”, the process ends: “Nothing kept”."
    )
    assert (
        "If the answer to “What follows?” is “Open”, to “Already open?” “No” and to “Adult?” “Yes”,"
        " the next step is “Write down basis and purpose”, for Coordinator (DPIP-MLRV)."
    ) in told


def test_what_runs_beside_the_ordinary_way_says_so():
    told = ahead("detection_first_look")
    assert (
        "If the answer to “What follows?” is “Danger now”, “Answer the danger” for Governor comes"
        " beside the other steps."
    ) in told
    assert sum("beside" in sentence for sentence in told) == 1
    assert not any("always" in sentence for sentence in ahead("rate_and_hear_name"))


def test_a_question_whose_answers_lead_to_the_same_is_not_told():
    assert ahead("second_look_check_again", frozenset({"detection_second_look"})) == (
        "The next step is “Draft the decision”, for Coordinator (DPIP-MLRV).",
    )
    assert not any("How did it go?" in sentence for sentence in ahead("tell_receive", TOLD))
    assert any(
        sentence.startswith("If the answer to “What was decided?” is “Observe”, the case waits:")
        for sentence in ahead("tell_receive", DECIDED)
    )


def test_where_others_are_waited_for_it_says_so():
    told = ahead("blind_grids_custody", IN_ROUND)
    assert told[0] == (
        "Once the steps beside this one are done: if the answer to “Do conclusions differ?” is"
        " “Yes”, the next step is “Read both conclusions”, for Second reader."
    )
    third = ahead("rate_and_hear_third", frozenset({"detection_rate"}))
    assert not any("beside" in sentence for sentence in third)


def test_where_the_first_event_decides_the_case_waits_for_all_of_them():
    assert ahead("escalation_act", top="escalation") == (
        "The case waits: “Task done” or “Time over”.",
    )


def test_a_function_that_is_found_out_later_is_called_by_what_it_is():
    told = " ".join(ahead("escalation_overdue", top="escalation"))
    assert "for the superior." in told
    told = " ".join(ahead("escalation_overdue", top="escalation", speaking=french()))
    assert "pour le supérieur." in told


@pytest.mark.parametrize("speaking", [ENGLISH, french()], ids=["English", "French"])
def test_every_step_is_followed_by_whole_sentences(speaking: Speaking):
    for top in ("detection", "escalation", "interrupted"):
        model = compile_model(pack().files, top)
        for element in model.elements.values():
            if element.kind in {"userTask", "startEvent", "boundaryEvent"}:
                told = ahead(element.id, speaking=speaking, top=top)
                assert told, element.id
                for sentence in told:
                    assert sentence[0].isupper() or sentence[0] in "“«", sentence
                    assert sentence.endswith(".")


def test_answers_that_lead_to_the_same_stand_in_one_sentence():
    raw = xml.model(
        xml.start(), xml.user("A", sv__role="fr.custody"), xml.gateway("exclusive", "G"),
        xml.user("B", sv__role="fr.governor"), xml.end(), xml.chain("S", "A", "G"),
        named(
            xml.flow("one", "G", "B", 'x = "1"') + xml.flow("two", "G", "B", 'x = "2"')
            + xml.flow("three", "G", "E", 'x = "3"'),
            one="One", two="Two", three="Three",
        ),
        xml.chain("B", "E"),
    )  # fmt: skip
    assert ahead_in(raw) == (
        "If the answer to “G” is “One” or “Two”, the next step is “B”, for Governor.",
        "If the answer to “G” is “Three”, the process ends: “E”.",
    )


def test_a_way_round_in_which_nobody_acts_is_left_out():
    raw = xml.model(
        xml.start(), xml.user("A", sv__role="fr.custody"), xml.gateway("exclusive", "M"),
        xml.gateway("exclusive", "G"), xml.end(), xml.chain("S", "A", "M", "G"),
        named(xml.flow("again", "G", "M", "x") + xml.flow("done", "G", "E", "not(x)"),
              again="Again", done="Done"),
    )  # fmt: skip
    assert ahead_in(raw) == ("If the answer to “G” is “Done”, the process ends: “E”.",)
