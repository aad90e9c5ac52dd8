"""What comes after a step where parts are drawn inside: in, out, by an error, by the last end."""

from __future__ import annotations

from casework import ahead
from casework.words import Wording
from processes.engine import compile_model
from processes.packs import MODELS, read_pack
from tests.engine import xml

PACK = read_pack(MODELS / "france")


def names(*parts: str, **called: bytes) -> Wording:
    """The words of a process p with a start S and a step A."""
    own = (xml.start(), xml.user("A"), xml.chain("S", "A"), *parts)
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l" name="Staff" sv:role="fr.custody">'
        + "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in ("A", "B", "C"))
        + "</bpmn:lane></bpmn:laneSet>"
    )
    raw = xml.file(xml.declare("go", "other"), xml.process(lanes, *own))
    files = {"p.bpmn": raw, **{f"{name}.bpmn": given for name, given in called.items()}}
    return Wording(compile_model(files, "p"), PACK)


def embedded(*parts: str) -> str:
    """A part P drawn inside p; `parts` stand in it."""
    return xml.node("subProcess", "P", xml.start("P_S") + "".join(parts))


def told(wording: Wording, step: str = "A") -> tuple[str, ...]:
    return ahead.next_in_words(wording, step)


B = "The next step is “B”, for Custody officer."


def test_a_part_drawn_inside_is_entered_and_left() -> None:
    inside = embedded(xml.user("P_A"), xml.end("P_E"), xml.chain("P_S", "P_A", "P_E"))
    wording = names(inside, xml.user("B"), xml.end(), xml.chain("A", "P", "B", "E"))
    assert ["“P_A”" in sentence for sentence in told(wording)] == [True]
    assert told(wording, "P_A") == (B,)


def test_a_part_that_ends_in_an_error_goes_on_where_the_error_is_caught() -> None:
    inside = embedded(
        xml.user("P_A"), xml.end("P_E", xml.error("go")), xml.chain("P_S", "P_A", "P_E")
    )
    catching = (
        xml.boundary("X", "P", xml.error("go")),
        xml.boundary("Y", "P", xml.error("other")),
        xml.chain("X", "B", "E"),
        xml.chain("Y", "C", "E"),
    )
    steps = (xml.user("B"), xml.user("C"), xml.end(), xml.chain("A", "P", "C"))
    assert told(names(inside, *steps, *catching), "P_A") == (B,)


def test_an_end_of_all_that_runs_ends_the_part_it_stands_in_and_no_more() -> None:
    stop = xml.end("P_E", "<bpmn:terminateEventDefinition/>")
    inside = embedded(xml.user("P_A"), stop, xml.chain("P_S", "P_A", "P_E"))
    wording = names(inside, xml.user("B"), xml.end(), xml.chain("A", "P", "B", "E"))
    assert told(wording, "P_A") == (B,)


def test_the_callers_of_a_part_are_told_from_the_outermost_in() -> None:
    inner = xml.model(xml.start("r_S"), xml.user("r_A"), xml.end("r_E"),
                      xml.chain("r_S", "r_A", "r_E"), id="r")  # fmt: skip
    middle = xml.model(
        xml.start("q_S"), xml.node("callActivity", "q_C", calledElement="r"), xml.end("q_E"),
        xml.chain("q_S", "q_C", "q_E"), id="q",
    )  # fmt: skip
    wording = names(
        xml.node("callActivity", "C", calledElement="q"), xml.end(), xml.chain("A", "C", "E"),
        q=middle, r=inner,
    )  # fmt: skip
    assert ahead.path_to(wording, "r") == (("p", "C"), ("q", "q_C"))
    assert ahead.path_to(wording, "p") == ()
