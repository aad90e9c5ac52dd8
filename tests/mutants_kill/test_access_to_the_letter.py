"""Access to the letter: each condition of the policy, with one case on either side of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.access import (
    CaseSight,
    NotVisible,
    bind_agency,
    may_see_case,
    may_see_person,
    may_see_task,
)
from casework.access_policy import DANGER, NOTES, covers_form, task_layers
from casework.blind import bar_to_rating, round_of
from casework.tables import Notification, TaskMove, UserAccount
from processes.tables import Message
from tests.casework_record.world import NOW, TODAY, World


def owe(world: World, case, role: str, state: str = "kept") -> Message:
    return world._add(
        Message(
            id=world.new_id(),
            agency_id=case.agency_id,
            name="referred",
            case_id=case.id,
            key=str(case.id),
            sender_key=world.new_id().hex,
            establishment_id=case.establishment_id,
            owner_role=role,
            payload={},
            state=state,
            created_at=NOW,
        )
    )


def move(world: World, task, to: UserAccount, by: UserAccount, hours: int = 0) -> TaskMove:
    return world._add(
        TaskMove(
            id=world.new_id(),
            agency_id=task.agency_id,
            case_id=task.case_id,
            task_id=task.id,
            to_user=to.id,
            moved_by=by.id,
            moved_at=NOW + timedelta(hours=hours),
            reason="illness",
        )
    )


def knows(world: World, user: UserAccount, case) -> bool:
    return may_see_person(world.session, world.viewer(user), case)


def opens(world: World, user: UserAccount, task) -> bool:
    return may_see_task(world.session, world.viewer(user), task)


# -- who knows who it is about --------------------------------------------------------------


def test_who_reads_identity_by_standing_knows_the_person(world) -> None:
    assert knows(world, world.user("fr.mlrv"), world.case())


def test_who_reads_the_open_file_alone_does_not_know_the_person(world) -> None:
    assert not knows(world, world.user("x.dpo"), world.case())


def test_who_answers_for_the_case_knows_the_person_at_that_place_only(world) -> None:
    case = world.case()
    case.owner_role = "fr.cpu_secretary"
    assert knows(world, world.user("fr.cpu_secretary"), case)
    assert not knows(world, world.user("fr.cpu_secretary", world.south), case)
    assert not knows(world, world.user("fr.management"), case)


def test_who_owes_the_case_an_answer_knows_the_person_until_it_is_given(world) -> None:
    case, secretary = world.case(), world.user("fr.cpu_secretary")
    message = owe(world, case, "fr.cpu_secretary")
    assert knows(world, secretary, case)
    message.state = "consumed"
    world.session.flush()
    assert not knows(world, secretary, case)


def test_of_an_erased_case_nobody_knows_the_person_by_answering_for_it(world) -> None:
    case = world.case()
    case.owner_role = "fr.cpu_secretary"
    case.state = "erased"
    assert not knows(world, world.user("fr.cpu_secretary"), case)


def test_an_account_of_another_agency_knows_nobody_whatever_it_holds_here(world) -> None:
    case = world.case()
    case.owner_role = "fr.cpu_secretary"
    stranger = world.user(agency=world.other)
    world.hold(stranger, "fr.cpu_secretary", world.north)
    assert not knows(world, stranger, case)


# -- which task opens -----------------------------------------------------------------------


def test_an_account_of_another_agency_opens_no_task_whatever_it_holds_here(world) -> None:
    task = world.task(world.instance(world.case()), "fr.custody")
    stranger = world.user(agency=world.other)
    world.hold(stranger, "fr.custody", world.north)
    assert not opens(world, stranger, task)


def test_who_holds_no_function_any_more_opens_nothing_that_was_taken_over(world) -> None:
    superior = world.user("fr.management")
    task = world.task(world.instance(world.case()), "fr.custody", holder=superior)
    move(world, task, superior, superior)
    assert opens(world, superior, task)
    retired = world.user()
    task.holder_id = retired.id
    move(world, task, retired, retired, hours=1)
    assert not opens(world, retired, task)


def test_a_superior_opens_what_was_taken_over_and_not_what_was_given_by_another(world) -> None:
    superior, chief = world.user("fr.management"), world.user("fr.governor")
    task = world.task(world.instance(world.case()), "fr.custody", holder=superior)
    assert not opens(world, superior, task), "nobody moved it"
    move(world, task, superior, chief)
    assert not opens(world, superior, task), "the chief moved it"
    move(world, task, superior, superior, hours=1)
    assert opens(world, superior, task)
    move(world, task, chief, superior, hours=2)
    assert not opens(world, superior, task), "the last move counts"


def test_a_move_of_another_task_opens_nothing(world) -> None:
    superior, instance = world.user("fr.management"), world.instance(world.case())
    task = world.task(instance, "fr.custody", holder=superior)
    other = world.task(instance, "fr.custody", holder=superior)
    move(world, other, superior, superior)
    assert opens(world, superior, other)
    assert not opens(world, superior, task)


def test_somebody_lent_opens_the_task_beside_other_functions_held(world) -> None:
    officer = world.user("fr.custody", world.south)
    world.hold(officer, "fr.unit_lead", world.south)
    task = world.task(world.instance(world.case()), "fr.custody", holder=officer)
    world.lend(officer, task)
    assert opens(world, officer, task)


# -- ratings --------------------------------------------------------------------------------


def test_a_deputy_who_has_read_opens_no_rating_that_a_colleague_gave(world) -> None:
    instance = world.instance(world.case())
    rater, deputy = world.user("fr.custody"), world.user("fr.custody")
    seat = world.seat(instance, "fr.custody", "G1", rater, deputy, state="given")
    task = world.task(instance, "fr.custody", "G1", rater, seat, state="completed")
    task.ended_by = rater.id
    world.seat(instance, "fr.custody", "G2", deputy)
    assert opens(world, rater, task)
    assert not opens(world, deputy, task)


def test_a_text_belongs_to_the_round_of_its_seat_or_of_its_case(world) -> None:
    first, second = world.instance(world.case()), world.instance(world.case())
    one = world.seat(first, "fr.custody", "G1", None, number=1, state="given")
    two = world.seat(first, "fr.custody", "G1", None, number=2)
    assert round_of(world.session, first.case_id, one.id) == 1
    assert round_of(world.session, first.case_id, two.id) == 2
    assert round_of(world.session, first.case_id, None) == 2
    assert round_of(world.session, second.case_id, None) is None


@pytest.mark.parametrize("state", ["open", "completed"])
def test_who_gave_or_holds_a_rating_named_for_another_rates_nowhere_else(world, state) -> None:
    instance = world.instance(world.case())
    seat = world.seat(instance, "fr.custody", "G1", world.user("fr.custody"))
    taker = world.user("fr.custody")
    task = world.task(instance, "fr.custody", "G1", seat=seat, state=state)
    held = state == "open"
    task.holder_id, task.ended_by = (taker.id, None) if held else (None, taker.id)
    world.session.flush()

    def bar(user: UserAccount) -> str | None:
        return bar_to_rating(world.session, user.id, instance.case_id, 1)

    assert bar(taker) == "other_seat"
    assert bar(world.user("fr.custody")) is None


def test_who_held_a_rating_that_was_cancelled_may_rate(world) -> None:
    instance = world.instance(world.case())
    seat = world.seat(instance, "fr.custody", "G1", world.user("fr.custody"))
    taker = world.user("fr.custody")
    task = world.task(instance, "fr.custody", "G1", holder=taker, seat=seat, state="cancelled")
    task.ended_by = taker.id
    world.session.flush()
    assert bar_to_rating(world.session, taker.id, instance.case_id, 1) is None


def test_a_rating_in_another_case_bars_nobody_here(world) -> None:
    instance, other = world.instance(world.case()), world.instance(world.case())
    rater = world.user("fr.custody")
    seat = world.seat(instance, "fr.custody", "G1", None)
    world.task(other, "fr.custody", "G1", holder=rater, seat=seat)
    assert bar_to_rating(world.session, rater.id, instance.case_id, 1) is None


# -- a danger and a round -------------------------------------------------------------------


class Called:
    """An observation that raised a danger and was corrected within a round; a rater was called."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.case = world.case()
        self.instance = world.instance(self.case)
        self.rater, self.deputy = world.user("fr.custody"), world.user("fr.custody")
        author = world.user("fr.custody")
        began = world.entry(self.case, author, "L2", "F-OBS")
        self.corrected = world.entry(self.case, author, "L2", "F-OBS", number=1, corrects=began)
        world._add(
            Notification(
                id=world.new_id(),
                agency_id=self.case.agency_id,
                code=DANGER,
                role="fr.custody",
                establishment_id=world.north.id,
                case_id=self.case.id,
                entry_id=began.id,
                level=1,
                created_at=NOW,
            )
        )

    def ground(self, user: UserAccount) -> str | None:
        sight = CaseSight(self.world.session, self.world.viewer(user), self.case)
        return sight.ground(self.corrected)


@pytest.fixture
def called(world) -> Called:
    return Called(world)


def test_a_rater_called_to_a_danger_reads_nothing_of_the_round_before_rating(called) -> None:
    seat = called.world.seat(called.instance, "fr.custody", "G1", called.rater, called.deputy)
    assert called.ground(called.world.user("fr.custody")) == "danger"
    assert called.ground(called.rater) is None
    assert called.ground(called.deputy) is None
    seat.state = "given"
    called.world.session.flush()
    assert called.ground(called.rater) == "danger"


def test_a_seat_in_another_round_keeps_nobody_from_reading(called) -> None:
    called.world.seat(called.instance, "fr.custody", "G1", called.rater, number=2)
    assert called.ground(called.rater) == "danger"


def test_who_holds_the_task_of_a_seat_named_for_another_reads_nothing_of_that_round(called) -> None:
    seat = called.world.seat(called.instance, "fr.custody", "G1", None, state="missing")
    task = called.world.task(called.instance, "fr.custody", "G1", called.rater, seat)
    assert called.ground(called.rater) is None
    task.holder_id = called.deputy.id
    called.world.session.flush()
    assert called.ground(called.deputy) is None
    seat.round = 2
    called.world.session.flush()
    assert called.ground(called.deputy) == "danger"


def test_a_rating_that_nobody_holds_keeps_nobody_from_reading(called) -> None:
    seat = called.world.seat(called.instance, "fr.custody", "G1", None, state="missing")
    called.world.task(called.instance, "fr.custody", "G1", seat=seat)
    assert called.ground(called.rater) == "danger"


def test_who_holds_a_task_without_a_seat_reads_what_the_task_shows(called) -> None:
    called.world.task(called.instance, "fr.custody", "F-OVERDUE", called.rater)
    assert called.ground(called.rater) == "danger"


# -- what is refused, what is stored ---------------------------------------------------------


def test_a_refusal_names_what_stands_in_another_agency_and_nothing_that_is_not_there(world) -> None:
    foreign = world.case(world.elsewhere, world.other)
    asker = world.new_id()
    bind_agency(world.session, world.agency.id)
    named = NotVisible("case", foreign.id, foreign.id).journal_entry(world.session, asker)
    assert (named.subject_id, named.case_id) == (foreign.id, foreign.id)
    for gone in (world.new_id(), None):
        entry = NotVisible("case", gone, gone).journal_entry(world.session, asker)
        assert (entry.subject_id, entry.case_id) == (asker, None)


def test_an_abstract_question_opens_no_case(world) -> None:
    case, advisor = world.case(), world.user("fr.chaplaincy")
    task = world.task(world.instance(case), "fr.chaplaincy", "F-ADVISOR", advisor)
    viewer = world.viewer(advisor)
    assert not may_see_case(world.session, viewer, case)
    task.form = "F-DUPLICATE"
    world.session.flush()
    assert may_see_case(world.session, viewer, case)


def test_a_notice_of_danger_is_known_by_the_code_that_older_rows_hold() -> None:
    assert DANGER == "urgent"


def test_working_notes_are_the_assessors(world) -> None:
    assessors = {"fr.mlrv", "x.second_reader", "fr.support_pair", "fr.psychologist"}
    assert {role for role in (*assessors, "fr.governor") if NOTES in task_layers(role)} == assessors


# -- forms ----------------------------------------------------------------------------------


def test_a_unit_lead_reads_observations_and_no_round() -> None:
    assert covers_form("fr.unit_lead", "F-OBS", in_round=False) is True
    assert covers_form("fr.unit_lead", "F-OBS", in_round=True) is False
    assert covers_form("fr.unit_lead", "F-DRAFT", in_round=False) is False


def test_a_role_that_begins_tomorrow_opens_nothing_today(world) -> None:
    task = world.task(world.instance(world.case()), "fr.custody")
    officer = world.user()
    world.hold(officer, "fr.custody", world.north, since=TODAY + timedelta(days=1))
    assert not opens(world, officer, task)
