"""Who may open which task: holders, functions at their places, and blind raters."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework import record
from casework.access import bar_to_rating, may_see_task
from tests.casework_record.world import TODAY, FormOf, Submitted, World


class Round:
    """A round with three raters, one of whom has given the grid."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.case = world.case()
        self.instance = world.instance(self.case)
        self.custody = world.user("fr.custody")
        self.probation = world.user("fr.spip_officer")
        self.deputy = world.user("fr.spip_officer")
        self.management = world.user("fr.management")
        self.coordinator = world.user("fr.mlrv", world.region)
        self.lead = world.user("fr.unit_lead")
        self.one = world.seat(self.instance, "fr.custody", "G1", self.custody)
        self.two = world.seat(self.instance, "fr.spip_officer", "G2", self.probation, self.deputy)
        self.three = world.seat(self.instance, "fr.management", "G3", self.management)
        self.task_one = self.task(self.one, self.custody)
        self.task_two = self.task(self.two, self.probation)
        [self.grid] = self.give(self.custody, self.one, self.task_one)

    def task(self, seat, holder=None):
        return self.world.task(self.instance, seat.role, seat.form, holder, seat)

    def give(self, user, seat, task):
        entries = record.write_submission(
            self.world.platform,
            self.session,
            self.world.acting(user),
            self.case.id,
            self.instance.id,
            task,
            FormOf(seat.form),
            Submitted({"L2": {"influence": "observed"}}),
        )
        seat.state, seat.entry_id = "given", entries[0].id
        task.state, task.ended_by = "completed", user.id
        self.session.flush()
        return entries

    def read_grid(self, user) -> None:
        acting = self.world.acting(user)
        record.read_entry(self.world.platform, self.session, acting, self.grid)

    def may_open(self, user, task) -> bool:
        return may_see_task(self.session, self.world.viewer(user), task)

    def bar(self, user, seat=None):
        own = seat.id if seat else None
        return bar_to_rating(self.session, user.id, self.case.id, 1, own)


@pytest.fixture
def rated(world) -> Round:
    return Round(world)


@pytest.fixture
def step(world):
    return world.task(world.instance(world.case()), "fr.unit_lead")


def sees(world: World, user, task) -> bool:
    return may_see_task(world.session, world.viewer(user), task)


def test_a_task_is_open_to_its_function_at_its_place(world, step):
    assert sees(world, world.user("fr.unit_lead", world.north), step)


def test_a_task_is_open_to_its_function_held_above_its_place(world, step):
    assert sees(world, world.user("fr.unit_lead", world.region), step)


def test_a_task_is_closed_to_its_function_at_another_place(world, step):
    assert not sees(world, world.user("fr.unit_lead", world.south), step)


def test_a_task_is_closed_to_every_other_function(world, step):
    for role in ("fr.custody", "fr.mlrv", "fr.governor", "x.dpo", "x.oversight", "x.admin"):
        assert not sees(world, world.user(role, world.ministry), step)


def test_a_task_is_closed_before_and_after_the_days_of_the_role(world, step):
    user = world.user()
    world.hold(user, "fr.unit_lead", world.north, TODAY, TODAY)
    on = [world.viewer(user, TODAY + timedelta(days=n)) for n in (-1, 0, 1)]
    assert [may_see_task(world.session, v, step) for v in on] == [False, True, False]


def test_a_task_is_open_to_its_holder_from_elsewhere_when_lent(world, step):
    lent = world.user("fr.unit_lead", world.south)
    step.holder_id = lent.id
    assert not sees(world, lent, step)
    world.lend(lent, step)
    assert sees(world, lent, step)


def test_a_held_task_does_not_outlive_the_role(world, step):
    user = world.user("fr.custody")
    holding = world.hold(user, "fr.unit_lead", world.north)
    step.holder_id = user.id
    assert sees(world, user, step)
    holding.held_to = TODAY - timedelta(days=1)
    world.session.flush()
    assert not sees(world, user, step)


def test_a_rating_does_not_outlive_the_role_of_the_one_named(rated):
    rater = rated.world.user("fr.chaplaincy")
    rated.two.user_id = rated.task_two.holder_id = rater.id
    assert not rated.may_open(rater, rated.task_two)


def test_a_correction_is_open_to_the_one_asked_and_not_to_the_function(world, step):
    author, colleague = world.user("fr.unit_lead"), world.user("fr.unit_lead")
    step.handed_back_from, step.holder_id = world.new_id(), author.id
    assert sees(world, author, step)
    assert not sees(world, colleague, step)
    step.holder_id = None
    assert sees(world, colleague, step)


def test_a_holder_without_any_role_left_sees_nothing(world, step):
    former = world.user()
    step.holder_id = former.id
    assert not sees(world, former, step)


def test_a_task_that_another_holds_is_still_seen_by_the_function(world, step):
    step.holder_id = world.user("fr.unit_lead").id
    assert sees(world, world.user("fr.unit_lead"), step)


def test_a_task_of_another_agency_is_closed_to_the_same_function(world):
    case = world.case(world.elsewhere, world.other)
    task = world.task(world.instance(case), "fr.unit_lead")
    assert not sees(world, world.user("fr.unit_lead", world.ministry), task)
    own = world.user("fr.unit_lead", world.elsewhere, world.other)
    assert sees(world, own, task)


def test_a_holder_of_another_agency_does_not_see_the_task(world, step):
    stranger = world.user("fr.unit_lead", world.elsewhere, world.other)
    step.holder_id = stranger.id
    assert not sees(world, stranger, step)


def test_a_rating_is_open_to_those_on_its_seat(rated):
    assert rated.may_open(rated.probation, rated.task_two)
    assert rated.may_open(rated.deputy, rated.task_two)


def test_a_rating_is_closed_to_colleagues_of_the_same_function(rated):
    colleague = rated.world.user("fr.spip_officer")
    assert not rated.may_open(colleague, rated.task_two)


def test_a_rating_of_a_seat_without_a_name_is_open_to_its_function(rated):
    rated.two.user_id = rated.two.alternate_id = None
    rated.task_two.holder_id = None
    assert rated.may_open(rated.world.user("fr.spip_officer"), rated.task_two)
    assert not rated.may_open(rated.world.user("fr.custody"), rated.task_two)


def test_supervisors_see_no_rating(rated):
    for user in (rated.lead, rated.coordinator, rated.world.user("fr.spip_director")):
        assert not rated.may_open(user, rated.task_two)


def test_who_has_read_a_grid_of_the_round_cannot_rate_in_it(rated):
    assert rated.bar(rated.probation, rated.two) is None
    rated.read_grid(rated.probation)
    assert rated.bar(rated.probation, rated.two) == "has_read"
    assert not rated.may_open(rated.probation, rated.task_two)


def test_who_has_read_a_grid_as_a_coordinator_cannot_rate_either(rated):
    rated.world.hold(rated.coordinator, "fr.management", rated.world.north)
    rated.read_grid(rated.coordinator)
    assert rated.bar(rated.coordinator) == "has_read"


def test_who_has_read_the_persons_statement_of_the_round_cannot_rate_in_it(rated):
    registry = rated.world.user("fr.registry")
    task = rated.world.task(rated.instance, "fr.registry", "F-STMT", registry)
    [statement] = record.write_submission(
        rated.world.platform,
        rated.session,
        rated.world.acting(registry),
        rated.case.id,
        rated.instance.id,
        task,
        FormOf("F-STMT"),
        Submitted({"L1": {"said": "text"}}),
    )
    reader = rated.world.user("fr.management")
    acting = rated.world.acting(reader)
    record.read_entry(rated.world.platform, rated.session, acting, statement)
    assert rated.bar(reader) == "has_read"


def test_reading_the_own_grid_bars_nobody(rated):
    rated.read_grid(rated.custody)
    assert rated.bar(rated.custody, rated.one) is None


def test_who_has_read_a_grid_may_rate_in_the_next_round(rated):
    rated.read_grid(rated.probation)
    user, case = rated.probation.id, rated.case.id
    assert bar_to_rating(rated.session, user, case, 2) is None


def test_who_has_read_a_grid_may_rate_in_another_case(rated):
    rated.read_grid(rated.probation)
    other = rated.world.case()
    assert bar_to_rating(rated.session, rated.probation.id, other.id, 1) is None


def test_nobody_rates_twice_in_a_round(rated):
    assert rated.bar(rated.probation) == "other_seat"
    assert rated.bar(rated.custody) == "other_seat"


def test_nobody_is_deputy_for_two_raters_of_one_round(rated):
    assert rated.bar(rated.deputy) == "other_seat"
    assert rated.bar(rated.deputy, rated.two) is None
    rated.three.alternate_id = rated.deputy.id
    rated.session.flush()
    assert rated.bar(rated.deputy, rated.two) == "other_seat"


def test_a_seat_that_was_replaced_bars_nobody(rated):
    rated.two.state = "replaced"
    rated.session.flush()
    assert rated.bar(rated.probation) is None


def test_the_own_finished_rating_stays_open_after_reading_others(rated):
    other = rated.world.user("fr.management")
    [later] = rated.give(rated.probation, rated.two, rated.task_two)
    acting = rated.world.acting(rated.custody)
    record.read_entry(rated.world.platform, rated.session, acting, later)
    assert rated.may_open(rated.custody, rated.task_one)
    assert not rated.may_open(other, rated.task_one)


def test_a_third_reader_reads_first_and_is_not_barred(rated):
    reader = rated.world.user("x.second_reader")
    seat = rated.world.seat(rated.instance, "x.second_reader", "F-THIRD", reader)
    task = rated.task(seat, reader)
    rated.read_grid(reader)
    assert rated.may_open(reader, task)


def test_a_task_of_a_seat_that_is_gone_is_judged_by_its_function(world, step):
    step.seat_id = world.new_id()
    assert sees(world, world.user("fr.unit_lead"), step)
