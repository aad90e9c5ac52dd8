"""Every fault a process owner can make is found before loading, with place, words and remedy."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from processes import packs
from processes.checks import Problem, check_files, check_loose, check_pack, read_bounded
from processes.engine.reading import MOST_BYTES
from tests.engine import xml

SOUND_FORM = {
    "type": "default", "id": "F-X", "schemaVersion": 16, "properties": {"layer": "L2"},
    "components": [
        {
            "type": "radio", "key": "look", "label": "Look", "properties": {"variable": "look"},
            "values": [{"label": "Open", "value": "open"}, {"label": "Shut", "value": "shut"}],
        }
    ],
}  # fmt: skip

PACK: dict[str, Any] = {
    "roles": {"fr.custody": {"name": "Custody officer"}},
    "role_alias": {"common.custody": "fr.custody"},
    "variables": {
        "look": {"type": "code", "codes": ["open", "shut"]},
        "adult": {"type": "boolean"},
        "until": {"type": "date"},
        "seat": {"type": "reference"},
    },
    "effects": {"case.close": {"sets": ["adult"]}},
}

DOCUMENTED = "<bpmn:documentation>What it is for. [D]</bpmn:documentation>"

SOUND = {
    "lane": '<bpmn:laneSet id="ls"><bpmn:lane id="lane" name="Custody" sv:role="common.custody">'
    "<bpmn:flowNodeRef>A</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>",
    "S": xml.start("S", DOCUMENTED),
    "A": xml.user(
        "A", DOCUMENTED, sv__form="F-X", sv__due="param:look_due", sv__remind="P1D before due",
        sv__escalate="P1WD after due", sv__layer="L2", sv__basis="Article 1", sv__seat="seat",
    ),
    "X": xml.node("serviceTask", "X", DOCUMENTED, sv__effect="case.close"),
    "W": xml.node("intermediateCatchEvent", "W", DOCUMENTED + xml.timer("P0D after until")),
    "G": xml.node("exclusiveGateway", "G", DOCUMENTED, default="shut"),
    "E1": xml.end("E1", DOCUMENTED),
    "E2": xml.end("E2", DOCUMENTED),
    "chain": xml.chain("S", "A", "X", "W", "G"),
    "open": xml.flow("open", "G", "E1", 'look = "open" and param.look_due != null'),
    "shut": xml.flow("shut", "G", "E2"),
}  # fmt: skip


def named(text: str) -> str:
    """Flows out of the gateway have names."""
    for flow in ("open", "shut"):
        text = text.replace(f'id="{flow}" sourceRef', f'id="{flow}" name="{flow}" sourceRef')
    return text


def find(
    changes: dict[str, str] | None = None,
    pack: dict[str, Any] | None = None,
    form: Any = SOUND_FORM,
    **files: bytes,
) -> list[Problem]:
    parts = {**SOUND, **(changes or {})}
    model = named(xml.model(*parts.values()).decode()).encode()
    return check_files(
        {"p.bpmn": model, **files},
        forms={} if form is None else {"F-X": json.dumps(form).encode()},
        pack={**PACK, **(pack or {})},
        effects=frozenset({"case.close"}),
        parameters={"look_due"},
    )


def test_a_sound_pack_has_no_findings() -> None:
    assert find() == []


def changed(part: str, old: str, new: str) -> dict[str, str]:
    assert old in SOUND[part]
    return {part: SOUND[part].replace(old, new)}


LOOK = {"look": {"type": "code", "codes": ["open", "closed"]}}

FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "reminder before the step": (
        {"changes": {"A": SOUND["A"].replace("param:look_due", "P3D").replace("P1D b", "P9D b")}},
        "A", "lies before the step"),
    "escalation before it is due": (
        {"changes": changed("A", "P1WD after due", "P1WD before due")},
        "A", "before the step is due"),
    "layer of intelligence": ({"changes": changed("A", "L2", "L4")}, "A", "no layer L4"),
    "layer of a start": (
        {"changes": changed("S", "<bpmn:startEvent",
                            '<bpmn:startEvent sv:form="F-X" sv:layer="L9"')},
        "S", "no layer L9"),
    "lane without role": ({"changes": changed("lane", ' sv:role="common.custody"', "")},
                          "lane", "names no role"),
    "unknown role": ({"changes": changed("lane", "common.custody", "fr.nobody")},
                     "lane", "no role fr.nobody"),
    "alias without a role behind it": ({"pack": {"role_alias": {}}}, "lane", "no role common"),
    "role from an unknown name": ({"changes": changed("lane", "common.custody", "=superior")},
                                  "lane", "no variable is called"),
    "task in no lane": ({"changes": {"lane": ""}}, "A", "stands in no lane"),
    "task without form": ({"changes": changed("A", ' sv:form="F-X"', "")}, "A", "has no form"),
    "missing form": ({"form": None}, "A", "no form F-X"),
    "broken form": ({"form": {"type": "default"}}, "form", ""),
    "undeclared variable of a form": (
        {"pack": {"variables": {k: v for k, v in PACK["variables"].items() if k != "look"}}},
        "look", "does not declare"),
    "code that is not in the list": (
        {"pack": {"variables": {**PACK["variables"], **LOOK}}}, "look", "cannot be shut"),
    "unparsable deadline": ({"changes": changed("A", "param:look_due", "two weeks")},
                            "A", "is not a time"),
    "unparsable timer": ({"changes": changed("W", "P0D after until", "tomorrow")},
                         "W", "is not a time"),
    "unknown parameter": ({"changes": changed("A", "param:look_due", "param:other")},
                          "A", "parameter other"),
    "timer from no date": ({"changes": changed("W", "after until", "after adult")},
                           "W", "which is not a date"),
    "timer from a due date": ({"changes": changed("W", "after until", "after due")},
                              "W", "which is not a date"),
    "unknown name": ({"changes": changed("open", "look =", "first_lok =")},
                     "open", "speaks of first_lok"),
    "unknown code": ({"changes": changed("open", "open\"", "opened\"")},
                     "open", "can never be “opened”"),
    "unknown code in a list": (
        {"changes": {"open": xml.flow("open", "G", "E1", 'look in ("open", "ajar")')}},
        "open", "can never be “ajar”"),
    "unknown code on the left": (
        {"changes": {"open": xml.flow("open", "G", "E1", 'not("ajar" = look)')}},
        "open", "can never be “ajar”"),
    "unknown code in brackets": (
        {"changes": {"open": xml.flow("open", "G", "E1", 'look in ["ajar", "open"]')}},
        "open", "can never be “ajar”"),
    "unknown name in the end of a repetition": (
        {"changes": changed("A", "</bpmn:userTask>", xml.each(
            "seat", "one", inside="<bpmn:completionCondition>count(votes) = 2"
            "</bpmn:completionCondition>") + "</bpmn:userTask>")}, "A", "speaks of votes"),
    "owner that is no role": (
        {"changes": {"E2": xml.end("E2", DOCUMENTED + xml.message("m")).replace(
            'id="E2"', 'id="E2" sv:owner="fr.nobody"')}}, "E2", "no role fr.nobody"),
    "lane without a name": ({"changes": changed("lane", 'name="Custody"', 'name=""')},
                            "lane", "has no name"),
    "field of another kind": (
        {"pack": {"variables": {**PACK["variables"], "look": {"type": "date"}}}},
        "look", "another kind of value"),
    "code as condition": ({"changes": {"open": xml.flow("open", "G", "E1", "look")}},
                          "open", "neither true nor false"),
    "unknown parameter in a condition": ({"changes": changed("open", "param.look", "param.luck")},
                                         "open", "no parameter luck_due"),
    "unknown effect": ({"changes": changed("X", "case.close", "case.clothe")},
                       "X", "no effect case.clothe"),
    "unknown effect of an end": (
        {"changes": {"E1": xml.node("endEvent", "E1", DOCUMENTED, sv__effect="case.clothe")}},
        "E1", "no effect case.clothe"),
    "undeclared effect of a timer": (
        {"changes": changed("W", "<bpmn:intermediateCatchEvent",
                            '<bpmn:intermediateCatchEvent sv:effect="case.close"'),
         "pack": {"effects": {}}}, "W", "does not say what"),
    "unknown effect of a user task": ({"changes": changed("A", "sv:seat", "sv:effect")},
                                      "A", "no effect seat"),
    "undeclared effect": ({"pack": {"effects": {}}}, "X", "does not say what"),
    "effect that sets something unknown": (
        {"pack": {"effects": {"case.close": {"sets": ["surprise"]}}}}, "case.close", "surprise"),
    "seat that is no reference": ({"changes": changed("A", '"seat"', '"adult"')},
                                  "A", "holds a seat"),
    "layer that does not exist": ({"changes": changed("A", "L2", "L9")}, "A", "no layer L9"),
    "documentation without a source": (
        {"changes": changed("A", "What it is for. [D]", "What it is for.")},
        "A", "names no source"),
    "undocumented element": ({"changes": {"E1": xml.end("E1")}}, "E1", "not documented"),
    "message matched by nothing": (
        {"changes": {"W": xml.node("intermediateCatchEvent", "W", DOCUMENTED + xml.message("m"),
                                   sv__correlation="weather")}}, "W", "means nothing"),
    "message that ends the process itself": (
        {"q.bpmn": xml.file(xml.declare("caseInterrupted"), xml.process(
            xml.start("q_S", DOCUMENTED), xml.node("intermediateCatchEvent", "q_W",
                                                   DOCUMENTED + xml.message("caseInterrupted")),
            xml.end("q_E", DOCUMENTED), xml.chain("q_S", "q_W", "q_E"), id="q"))},
        "q_W", "wait in vain"),
    "list that nothing sets": (
        {"changes": changed("A", "</bpmn:userTask>", xml.each("seats", "seat")
                            + "</bpmn:userTask>")}, "A", "Nothing sets the list"),
    "script task": ({"changes": {"X": xml.node("scriptTask", "X", DOCUMENTED)}},
                    "X", "run a program"),
    "two processes of one id": (
        {"q.bpmn": xml.model(xml.start("q_S", DOCUMENTED), xml.end("q_E", DOCUMENTED),
                             xml.chain("q_S", "q_E"))}, "p", "process of this id"),
    "process not called as its file": (
        {"q.bpmn": xml.model(xml.start("q_S", DOCUMENTED), xml.end("q_E", DOCUMENTED),
                             xml.chain("q_S", "q_E"), id="r")}, "r", "as the file is"),
    "the same id in two files": (
        {"q.bpmn": xml.model(xml.start("S", DOCUMENTED), xml.end("q_E", DOCUMENTED),
                             xml.chain("S", "q_E"), id="q")}, "S", "is used in"),
    "file without a process": ({"q.bpmn": xml.file()}, "q.bpmn", "holds no process"),
    "hostile file": ({"q.bpmn": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "q.bpmn", "DOCTYPE"),
    "oversized file": ({"q.bpmn": b"<" * (MOST_BYTES + 1)}, "q.bpmn", "larger than"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "place", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_found_with_its_place_and_a_remedy(
    change: dict[str, Any], place: str, words: str
) -> None:
    problems = find(**change)
    fitting = [p for p in problems if words in p.words and (place in str(p))]
    assert fitting, problems
    assert all(problem.is_error for problem in fitting)
    assert all(problem.remedy for problem in problems)


def test_ways_out_of_a_gateway_have_names() -> None:
    unnamed = xml.model(*SOUND.values())
    problems = check_files(
        {"p.bpmn": unnamed}, forms={"F-X": json.dumps(SOUND_FORM).encode()}, pack=PACK,
        effects=frozenset({"case.close"}), parameters={"look_due"},
    )  # fmt: skip
    assert {problem.element_id for problem in problems} == {"open", "shut"}


def test_an_effect_of_an_event_is_handed_attributes_of_its_own() -> None:
    end = xml.node("endEvent", "E1", DOCUMENTED, sv__effect="case.close", sv__colour="grey")
    assert find({"E1": end}) == []


def test_a_missing_label_a_slip_in_an_attribute_and_a_missing_basis_are_remarks_only() -> None:
    labels = {
        "elements": dict.fromkeys(SOUND, "mot"), "flows": {"open": "ouvert"},
        "lanes": {"lane": "Surveillance"}, "models": {"p": "modèle"},
    }  # fmt: skip
    task = SOUND["A"].replace("sv:basis", "sv:bases")
    problems = find({"A": task}, **{"labels/fr.json": json.dumps(labels).encode()})
    assert not any(problem.is_error for problem in problems)
    assert [(p.element_id, p.words) for p in problems] == [
        ("A", "Nobody reads sv:bases."),
        ("A", "“A” does not say its legal basis."),
        ("shut", "“shut” has no label in fr."),
    ]
    problems = find(**{"labels/fr.json": json.dumps(labels).encode()})
    assert ("A", "“Article 1” has no label in fr.") in [(p.element_id, p.words) for p in problems]


def test_a_decision_is_checked_against_the_pack() -> None:
    raw = packs.MODELS / "france" / "escalation-route.dmn"
    problems = find(**{"route.dmn": raw.read_bytes()})
    assert {(p.file, p.words) for p in problems} == {
        ("route.dmn", "The decision reads role, which nothing sets.")
    }
    variables = {**PACK["variables"], "role": {"type": "code", "codes": ["fr.custody"]}}
    problems = find(pack={"variables": variables}, **{"route.dmn": raw.read_bytes()})
    assert any("role can never be “fr.unit_lead”" in p.words for p in problems)
    assert find(**{"route.dmn": b"<x>"})


def test_loose_files_are_checked_for_what_can_be_said_of_them_alone() -> None:
    sound = xml.model(*SOUND.values())
    assert check_loose({"/somewhere/else.bpmn": sound}) == []
    late = sound.replace(b"P0D after until", b"soon")
    assert [p.element_id for p in check_loose({"p.bpmn": late})] == ["W"]


def test_only_so_much_of_a_huge_file_is_read_as_shows_that_it_is_huge(tmp_path: Path) -> None:
    huge = tmp_path / "huge.bpmn"
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    raw = read_bounded(huge)
    assert len(raw) == MOST_BYTES + 1
    assert [problem.words for problem in check_loose({"huge.bpmn": raw})] == [
        "The file is larger than 2 MB."
    ]


@pytest.mark.parametrize("seed", range(60))
def test_no_damage_to_a_file_makes_the_check_crash(seed: int) -> None:
    """Bytes changed, cut, doubled: always findings or none, in our words."""
    random = Random(seed)
    raw = bytearray(xml.model(*SOUND.values()))
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(raw))
        kind = random.choice(["flip", "cut", "double", "swap"])
        if kind == "flip":
            raw[at] = random.randrange(256)
        elif kind == "cut":
            del raw[at : at + random.randrange(40)]
        elif kind == "double":
            raw[at:at] = raw[at : at + random.randrange(200)]
        else:
            name = random.choice([b"userTask", b"sourceRef", b"id=", b"targetRef", b"A", b"G"])
            raw = raw.replace(name, random.choice([b"x", b"", b"subProcess", b"S"]))
    for problem in find(**{"p.bpmn": bytes(raw)}):
        assert "could not be checked" not in problem.words
        lowered = str(problem).lower()
        assert not any(word in lowered for word in ("spiff", "workflow", "traceback"))


def test_a_check_that_stumbles_is_itself_a_finding() -> None:
    class Broken:
        @property
        def variables(self) -> None:
            raise ZeroDivisionError

    problems = check_files(
        {"p.bpmn": xml.model(*SOUND.values())}, forms={"F-X": Broken()}, pack=PACK,
        effects=frozenset({"case.close"}), parameters={"look_due"},
    )  # fmt: skip
    assert any("could not be checked (ZeroDivisionError)" in p.words for p in problems)


def test_the_packs_of_the_product_may_be_loaded() -> None:
    pack = packs.read_pack(packs.MODELS / "france")
    errors = [p for p in check_pack(pack, frozenset(pack.effects)) if p.is_error]
    assert errors == []
