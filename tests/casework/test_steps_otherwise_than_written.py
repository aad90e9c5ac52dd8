"""A scenario that does not go as written says which step, what was wanted, and what was found."""

from __future__ import annotations

from typing import Any

import pytest

from casework.player import Player
from casework.scenarios import ScenarioError
from casework.trial import BEGIN
from tests.casework.story import OBSERVATION, REASONS, Story

TRIAGE = "detection_first_look"
OPEN = {"first_look": "open", "reasons": REASONS}


def told(story: Story, do: str, **given: Any) -> str:
    """What a step says that cannot go as written."""
    with pytest.raises(ScenarioError) as wrong:
        story.do(do, **given)
    return str(wrong.value)


@pytest.fixture
def observed(story: Story) -> Story:
    story.observe()
    return story


# -- expectations ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "wanted", "words"),
    [
        ("open", [], "open are ['detection_first_look'], not []"),
        ("open_among", ["no_such_step"], "['no_such_step'] is missing"),
        ("ended", "detection_end", "none at detection_end"),
        ("stage", "opened", "the case stands at observed, not at opened"),
        ("told", ["fr.governor:urgent"], "['fr.governor:urgent'] is missing"),
        ("entries_left", 0, "readable entries are left, not 0"),
        ("messages", ["referred"], "waiting messages are [], not ['referred']"),
        ("decided", "monitor", "decisions are [], none is monitor"),
        ("nothing_left", True, "rows remain: {"),
        ("timers", 0, "timers wait, not 0"),
        ("escalated", 1, "the highest escalation level is 0, not 1"),
        ("weather", "fine", "“weather” cannot be expected; write one of: ['consents', 'dates'"),
    ],
)
def test_what_is_expected_and_not_so_is_told(observed: Story, key, wanted, words) -> None:
    assert words in told(observed, "expect", **{key: wanted})


def test_what_is_expected_and_so_passes(observed: Story) -> None:
    observed.do("expect", open=[TRIAGE], open_among=[TRIAGE], stage="observed", escalated=0)
    observed.do("expect", messages=[], nothing_left=False, note="a remark for the reader")


# -- steps ----------------------------------------------------------------------------------


def test_a_start_form_that_is_refused_is_told_with_its_fields(story: Story) -> None:
    assert "refused: [('what'," in told(story, "start", as_="custody.north", answers={})
    wrong = {**OBSERVATION, "what": ""}
    given = {"as_": "custody.north", "answers": wrong}
    story.do("refused", **given)
    story.do("refused", because="what", **given)
    because = told(story, "refused", because="harm", **given)
    assert because == "refused because of ['what'], not of harm"


@pytest.mark.parametrize("because", [{}, {"because": "what"}])
def test_a_start_form_that_is_accepted_but_should_not_be_is_told(story: Story, because) -> None:
    given = {"as_": "custody.north", "answers": OBSERVATION, **because}
    assert "should have been refused" in told(story, "refused", **given)


def test_a_task_form_that_is_refused_or_wrongly_accepted_is_told(observed: Story) -> None:
    said = told(observed, "complete", task=TRIAGE, as_="lead.north", answers={})
    assert said.startswith(f"{TRIAGE} was refused: ['first_look:")
    said = told(observed, "refused", task=TRIAGE, as_="lead.north", answers=OPEN)
    assert said == f"{TRIAGE} was accepted, but should have been refused"


def test_a_task_that_is_not_open_or_not_ones_own_is_told(observed: Story) -> None:
    said = told(observed, "complete", task="no_such_step", as_="lead.north")
    assert said == f"no task no_such_step is open; open are: ['{TRIAGE}']"
    said = told(observed, "complete", task=TRIAGE, as_="custody.north", answers=OPEN)
    assert said.startswith(f"{TRIAGE} by custody.north: task ")
    assert "nobody here holds fr.nobody" in told(observed, "claim", task=TRIAGE, as_="fr.nobody")


def test_a_task_that_should_be_hidden_and_is_not_is_told(observed: Story) -> None:
    observed.do("hidden", task=TRIAGE, as_="custody.north")
    said = told(observed, "hidden", task=TRIAGE, as_="lead.north")
    assert said == f"lead.north may see {TRIAGE}, but should not"


def test_a_second_completion_must_come_too_late(observed: Story) -> None:
    late = {"as_": "lead.north", "answers": OPEN}
    assert told(observed, "late", **late) == "no task was completed yet"
    observed.complete(TRIAGE, "lead.north", **OPEN)
    observed.do("late", **late)
    observed.do("refused", task="basis_and_age_ground", as_="coordinator.north", answers={})
    said = told(observed, "late", as_="coordinator.north", answers={})
    assert said == "the second completion was accepted"


def test_time_does_not_go_back(observed: Story) -> None:
    assert told(observed, "wait", until="P3D before today") == "P3D before today lies in the past"
    observed.complete(TRIAGE, "lead.north", first_look="nothing_kept", reasons=REASONS)
    assert told(observed, "wait", until="P1D after due") == "no open task has a due date"


def test_an_interruption_that_goes_otherwise_is_told(observed: Story) -> None:
    known = {"as_": "coordinator.north", "reason": "released"}
    later = {**known, "on": "2099-01-01"}
    observed.do("interrupt", **later, because="interrupted_on")
    assert told(observed, "interrupt", **later).startswith("refused: [('interrupted_on',")
    said = told(observed, "interrupt", **later, because="known_from")
    assert said == "refused because of ['interrupted_on'], not of known_from"
    said = told(observed, "interrupt", **known, refused=True)
    assert said == "the interruption was accepted, but should have been refused"


def test_an_interruption_recorded_twice_is_refused_in_words(observed: Story) -> None:
    known = {"as_": "coordinator.north", "reason": "released"}
    observed.do("interrupt", **known)
    observed.do("interrupt", **known, refused=True)
    assert "refused: This was recorded already" in told(observed, "interrupt", **known)


def test_without_a_person_or_case_a_step_says_so(trials) -> None:
    with trials.world() as (sessions, world):
        player = Player(trials.platform, sessions, world, BEGIN)
        for missing, words in (
            (player.place, "the scenario names no [person]"),
            (player.person, "the scenario names no [person]"),
            (player.case, "no case was started yet"),
        ):
            with pytest.raises(ScenarioError) as wrong:
                missing()
            assert str(wrong.value) == words
