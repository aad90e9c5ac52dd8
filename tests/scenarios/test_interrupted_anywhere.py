"""Scenario 33, generated: at every waiting state that any scenario passes through, each reason."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework.scenarios import ScenarioStep
from casework.tables import Case, RecordEntry
from casework.trial import Trials
from processes.packs import MODELS
from processes.tables import HistoryEvent, HumanTask, Message
from tests.scenarios import waiting_states
from tests.scenarios.waiting_states import State

ALL = sorted(MODELS.glob("*/scenarios/*.toml"))
SAMPLE = [
    p
    for p in ALL
    if p.stem in {"deferral-maximum", "released-with-support", "late-review-suspends"}
]
FIRST = {
    "released": "interrupted_continues",
    "died": "interrupted_inform",
    "minor": "interrupted_inform",
    "court_order": "interrupted_order",
    "wrongful_finding": "close_and_erase_finding",
}
REASONS = "Nothing of an unfinished detection may go on about somebody whom it no longer concerns."
WAYS = ("support_by_consent", "probation_by_law", "nothing_continues")
COORDINATOR = {"north": "fr.mlrv", "bjork": "se.case_manager"}
"""Who tells of it, by the world."""

LONGEST = 12
"""No way through what follows an interruption has more steps."""


def answers(element: str, way: str) -> dict[str, object]:
    """What staff answer in the steps that follow an interruption."""
    erased = way == "nothing_continues"
    goes_on = {
        "continues": way,
        "reasons": REASONS,
        **({} if erased else {"told_person": "The inquiry has ended. You may see the file."}),
        **({"provision": "Article 138"} if way == "probation_by_law" else {}),
    }
    ordered = {"court": "Court of appeal", "ordered_on": "@today", "done": "All is lifted."}
    given: dict[str, dict[str, object]] = {
        "interrupted_continues": goes_on,
        "interrupted_order": {**goes_on, **ordered},
        "interrupted_offer": {"consent": "declined", "asked_on": "@today"},
        "interrupted_hand_over": {
            "handed_over_on": "@today",
            "handed_to": "Probation",
            "handed_what": "Dates.",
            "no_rating": True,
        },
        "interrupted_inform": {"informed": ["family"], "informed_on": "@today"},
        "evaluation_short_write": {
            "known": "He works.",
            "not_known": "What he thinks of the words.",
            "helps": "Work.",
        },
        "tell_receive": {"receipt": "not_served", "why_not_served": "moved"},
        "close_and_erase_finding": {
            "finding": "no_longer_needed",
            "reasons": REASONS,
            "not_involved": True,
        },
        "close_and_erase_sort": {
            "items": [{"which": "All", "treatment": "erase"}],
            "outside": "None.",
            "certificate": "The matter is closed.",
        },
        "close_and_erase_agree": {"inventory_agreed": "true"},
    }
    return given[element]


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("interrupted"))


@pytest.fixture(scope="module")
def sample(on_trial, tmp_path_factory) -> list[State]:
    return waiting_states.met_in(on_trial, SAMPLE, tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def everywhere(on_trial, tmp_path_factory) -> list[State]:
    return waiting_states.met_in(on_trial, ALL, tmp_path_factory.mktemp("everywhere"))


@pytest.mark.xdist_group("interrupted")
@pytest.mark.parametrize("reason", FIRST)
def test_a_case_can_be_ended_at_some_waiting_states(on_trial, sample, reason, tmp_path):
    share = [s for n, s in enumerate(sample) if n % len(FIRST) == list(FIRST).index(reason)]
    assert share
    end_each(on_trial, share, reason, tmp_path)


@pytest.mark.prove
@pytest.mark.xdist_group("interrupted")
@pytest.mark.parametrize("reason", FIRST)
def test_a_case_can_be_ended_at_every_waiting_state(on_trial, everywhere, reason, tmp_path):
    assert len(everywhere) > 60
    end_each(on_trial, everywhere, reason, tmp_path)


def end_each(trials, states, reason, folder):
    wrong = []
    for number, state in enumerate(states):
        try:
            with waiting_states.again(trials, state, folder) as (player, sessions):
                end(player, sessions, state, reason, WAYS[number % len(WAYS)])
        except Exception as error:  # noqa: BLE001  every state is tried, then all are told
            wrong.append(f"{state}: {type(error).__name__}: {error}")
    assert not wrong, f"{len(wrong)} of {len(states)}:\n" + "\n".join(wrong)


def end(player, sessions, state, reason, way):
    """Interrupt, look that all has ended, and go through what follows to its end."""
    with sessions() as session:
        before = waiting_states.running(session, player.played)
        standing = {task.element_id for task in open_tasks(session, player.played)}
        follows_already = "caseInterrupted" in consumed(session, player.played)
    if state.waiting.state != "open" or state.waiting.at_end:
        interrupt(player, reason, refused=True)
        return
    if follows_already:
        return
    interrupt(player, reason)
    with sessions() as session:
        assert waiting_states.left_of(session, before) == {}
        assert standing <= cancelled(session, before)
        assert kept(session, player.played) == []
        [follows] = waiting_states.running(session, player.played)
        assert follows.id not in {instance.id for instance in before}
        assert [t.element_id for t in open_tasks(session, player.played)] == [FIRST[reason]]
    interrupt(player, reason, refused=True)
    finish(player, sessions, way)
    interrupt(player, reason, refused=True)


def interrupt(player, reason, **more):
    given = {
        "as": COORDINATOR[player.world.home],
        "reason": reason,
        "answers": {"wrong_because": REASONS},
    }
    player.step(ScenarioStep("interrupt", {**given, **more}))


def finish(player, sessions, way):
    for _ in range(LONGEST):
        with sessions() as session:
            waiting = open_tasks(session, player.played)
            step = (waiting[0].element_id, waiting[0].role) if waiting else None
        if step is None:
            break
        given = {"task": step[0], "as": step[1], "answers": answers(step[0], way)}
        player.step(ScenarioStep("complete", given))
    with sessions() as session:
        case = session.get_one(Case, player.played.case_id)
        assert case.state in {"closed", "erased"}
        assert waiting_states.running(session, player.played) == []
        seen = waiting_states.look(session, player.played)
        assert seen is not None
        assert (seen.tasks, seen.timers, seen.awaited, seen.kept) == ((), (), (), ())
        if case.state == "erased":
            texts = select(RecordEntry.ciphertext).where(RecordEntry.case_id == case.id)
            assert not any(session.scalars(texts))


def open_tasks(session, played):
    wanted = select(HumanTask).where(HumanTask.case_id == played.case_id, HumanTask.state == "open")
    return list(session.scalars(wanted))


def cancelled(session, instances):
    wanted = select(HistoryEvent.element_id).where(
        HistoryEvent.instance_id.in_([instance.id for instance in instances]),
        HistoryEvent.kind == "cancelled",
    )
    return set(session.scalars(wanted))


def kept(session, played):
    wanted = select(Message.name).where(Message.case_id == played.case_id, Message.state == "kept")
    return list(session.scalars(wanted))


def consumed(session, played):
    wanted = select(Message.name).where(
        Message.case_id == played.case_id, Message.state == "consumed"
    )
    return set(session.scalars(wanted))
