"""A transfer, generated: at every waiting state that any scenario passes, there and back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework import access
from casework.blind import is_rating_seat
from casework.scenarios import ScenarioStep, read_scenario
from casework.staff import places_above
from casework.tables import AgendaItem, Case, Notification, Opinion, Person, Seat
from casework.trial import Trials
from processes.packs import MODELS
from processes.rerouting import TRANSFERRED
from processes.tables import (
    Clock,
    HumanTask,
    Incident,
    Message,
    ProcessInstance,
    Subscription,
    Timer,
)
from tests.scenarios import waiting_states
from tests.scenarios.waiting_states import State

MOVES = frozenset({"moved-twice", "moved-in-evaluation", "nothing-follows"})
"""The scenarios that themselves move the person."""
ALL = [p for p in sorted((MODELS / "france" / "scenarios").glob("*.toml")) if p.stem not in MOVES]
SAMPLE = [p for p in ALL if p.stem in {"raters-differ", "hospital-on-hearing-day"}]
SWEDISH = sorted((MODELS / "sweden" / "scenarios").glob("*.toml"))
FEW = [p for p in SWEDISH if p.stem in {"placement-remitted", "release-by-a-new-judgment"}]
OTHER = {
    "north": "south",
    "south": "north",
    "annoeullin": "north",
    "bjork": "gran",
    "gran": "bjork",
}
REGISTRY = {"france": "registry", "sweden": "contact"}
COORDINATOR = {"france": "coordinator.north", "sweden": "manager.bjork"}
"""Who keeps the register in a world’s prisons, and who goes on with a case at the first of them."""
TAKEN_OVER = {"steps_seen": True, "measures_seen": True}


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("transferred"))


def test_a_case_goes_on_in_another_prison_from_some_waiting_states(
    on_trial, tmp_path_factory, tmp_path
):
    sample = waiting_states.met_in(on_trial, SAMPLE, tmp_path_factory.mktemp("sample"))
    assert len(sample) > 20
    move_each(on_trial, sample[::4], tmp_path)


def test_a_swedish_case_goes_on_in_another_prison_from_some_waiting_states(
    on_trial, tmp_path_factory, tmp_path
):
    sample = waiting_states.met_in(on_trial, FEW, tmp_path_factory.mktemp("few"))
    assert len(sample) > 10
    move_each(on_trial, sample[::4], tmp_path)


@pytest.mark.prove
def test_a_swedish_case_goes_on_in_another_prison_from_every_waiting_state(
    on_trial, tmp_path_factory, tmp_path
):
    everywhere = waiting_states.met_in(on_trial, SWEDISH, tmp_path_factory.mktemp("sweden"))
    assert len(everywhere) > 60
    move_each(on_trial, everywhere, tmp_path)


@pytest.mark.prove
def test_a_case_goes_on_in_another_prison_from_every_waiting_state(
    on_trial, tmp_path_factory, tmp_path
):
    everywhere = waiting_states.met_in(on_trial, ALL, tmp_path_factory.mktemp("everywhere"))
    assert len(everywhere) > 60
    move_each(on_trial, everywhere, tmp_path)


def move_each(trials, states, folder):
    wrong = []
    for state in states:
        try:
            with waiting_states.again(trials, state, folder) as (player, sessions):
                there_and_back(player, sessions, state)
        except Exception as error:  # noqa: BLE001  every state is tried, then all are told
            wrong.append(f"{state}: {type(error).__name__}: {error}")
    assert not wrong, f"{len(wrong)} of {len(states)}:\n" + "\n".join(wrong)


def there_and_back(player, sessions, state: State):
    """Moved, everything is where it belongs and no clock has changed; moved back and taken over,
    the rest of the scenario goes as it was written."""
    with sessions() as session:
        before = moments(session, player.played)
        listens = waits_for_it(session, player.played)
    move(player, sessions, state)
    if state.waiting.state == "open":
        with sessions() as session:
            belongs(session, player, state)
            assert listens or before <= moments(session, player.played)
    move(player, sessions, state)
    if listens:  # the commission prepares anew: its own scenario plays that to the end
        return
    take_over(player, sessions, state)
    path = next(p for p in (*ALL, *SWEDISH) if p.stem == state.scenario)
    for step in read_scenario(path).steps[state.step :]:
        player.step(step)


def move(player, sessions, state):
    with sessions() as session:
        here = session.get_one(Person, player.played.person_id).establishment_id
    [at] = [key for key, place in player.world.places.items() if place == here]
    player.step(ScenarioStep("transfer", {"as": f"{REGISTRY[state.world]}.{at}", "to": OTHER[at]}))


def take_over(player, sessions, state):
    with sessions() as session:
        standing = open_tasks(session, player.played)
        wanted = [task for task in standing if task.element_id == "arrived_take_over"]
    if wanted:
        step = {"task": "arrived_take_over", "as": COORDINATOR[state.world], "answers": TAKEN_OVER}
        player.step(ScenarioStep("complete", step))


def belongs(session, player, met):
    """Every step, clock, message, notice and answer owed is at the new place; who has a step may
    open it; nothing failed."""
    case = session.get_one(Case, player.played.case_id)
    assert case.establishment_id == player.played.place_id
    here = places_above(session, player.played.place_id)
    speaking = spoken(session, case.id)
    for task in open_tasks(session, player.played):
        stays = task.instance_id in speaking or is_asked_of_somebody(session, task)
        assert stays or task.establishment_id in here, task.element_id
        if met.world == "sweden":  # both of its prisons have staff for every step
            assert is_open_to_somebody(session, player, task), f"nobody may open {task.element_id}"
        if task.holder_id is not None:
            viewer = player.viewer(session, task.holder_id)
            assert access.may_see_task(session, viewer, task), task.element_id
    mine = {"case_id": case.id}
    for table, state in ((Clock, "running"), (Message, "kept"), (ProcessInstance, "running")):
        for row in session.scalars(select(table).filter_by(**mine, state=state)):
            assert row.establishment_id == player.played.place_id, row
    for row in session.scalars(select(Opinion).filter_by(**mine)):
        assert row.establishment_id in here or row.state in ("answered", "superseded")
    for item in session.scalars(select(AgendaItem).filter_by(**mine, state="on_agenda")):
        assert item.instance_id in speaking
    for notice in session.scalars(select(Notification).filter_by(**mine, user_id=None)):
        task = session.get(HumanTask, notice.task_id) if notice.task_id else None
        if task is None or task.state != "open":
            continue  # told of the past
        stays = task.instance_id in speaking or is_asked_of_somebody(session, task)
        assert stays or notice.establishment_id in here, notice.code
    assert not session.scalars(select(Incident).filter_by(state="open")).all()
    left = player.viewer(session, player.world.users[COORDINATOR[met.world]])
    home = player.world.places[player.world.home]
    assert player.played.place_id == home or not access.may_see_case(session, left, case)


def is_open_to_somebody(session, player, task) -> bool:
    viewers = (player.viewer(session, user_id) for user_id in player.world.users.values())
    return any(access.may_see_task(session, viewer, task) for viewer in viewers)


def is_asked_of_somebody(session, task) -> bool:
    seat = session.get(Seat, task.seat_id) if task.seat_id else None
    return task.handed_back_from is not None or (seat is not None and is_rating_seat(seat))


def spoken(session, case_id) -> set:
    wanted = select(AgendaItem.instance_id).where(
        AgendaItem.case_id == case_id,
        AgendaItem.state == "on_agenda",
        AgendaItem.opinions_closed_at.is_not(None),
    )
    return set(session.scalars(wanted))


def waits_for_it(session, played) -> bool:
    mine = select(ProcessInstance.id).where(ProcessInstance.case_id == played.case_id)
    wanted = select(Subscription.id).where(
        Subscription.name == TRANSFERRED, Subscription.instance_id.in_(mine)
    )
    return session.scalars(wanted).first() is not None


def moments(session, played) -> set:
    """Every deadline that is still to come, to the second, with the zone it was counted in."""
    wanted = (
        select(Timer.id, Timer.kind, Timer.due_at, Clock.zone)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(Clock.case_id == played.case_id, Timer.state == "pending")
    )
    return {tuple(row) for row in session.execute(wanted)}


def open_tasks(session, played):
    wanted = select(HumanTask).where(HumanTask.case_id == played.case_id, HumanTask.state == "open")
    return list(session.scalars(wanted))
