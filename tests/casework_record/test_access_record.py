"""Who may open a case and read which entry of it."""

from __future__ import annotations

import itertools

import pytest

from casework import access
from casework.access import (
    CaseSight,
    NotVisible,
    ground_of_reading,
    may_read_entry,
    may_see_case,
    visible_layers,
)
from casework.access_policy import ALWAYS, WITH_TASK, Audience
from casework.audience import who_will_see
from processes.tables import Message
from tests.casework_record.test_access_tasks import Round
from tests.casework_record.world import NOW, World

LAYERS = ("L0", "L1", "L2", "L3")


class Open:
    """An open case with an entry of every layer, written by somebody."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.case = world.case()
        self.instance = world.instance(self.case)
        self.author = world.user("fr.spip_officer")
        self.entries = {layer: world.entry(self.case, self.author, layer) for layer in LAYERS}

    def opens(self, user) -> bool:
        return may_see_case(self.session, self.world.viewer(user), self.case)

    def reads(self, user) -> str:
        """The layers a user may read, as one word."""
        viewer = self.world.viewer(user)
        return " ".join(
            layer
            for layer, entry in self.entries.items()
            if may_read_entry(self.session, viewer, entry)
        )

    def layers(self, user) -> set[str]:
        return set(visible_layers(self.session, self.world.viewer(user), self.case))

    def ground(self, user, entry):
        return ground_of_reading(self.session, self.world.viewer(user), entry)

    def task(self, role, holder=None, **more):
        return self.world.task(self.instance, role, "F-ANY", holder, **more)


@pytest.fixture
def file(world) -> Open:
    return Open(world)


@pytest.fixture
def rated(world) -> Round:
    return Round(world)


# -- the case page --------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["fr.mlrv", "fr.unit_lead", "x.dpo", "x.oversight"])
def test_a_case_is_open_to_those_who_answer_for_it(file, role):
    assert file.opens(file.world.user(role, file.world.north))


@pytest.mark.parametrize("role", ["fr.mlrv", "fr.unit_lead", "x.dpo", "x.oversight"])
def test_a_case_is_closed_to_them_at_another_place(file, role):
    assert not file.opens(file.world.user(role, file.world.south))


@pytest.mark.parametrize(
    "role", ["fr.custody", "fr.governor", "fr.spip_director", "fr.psychologist", "x.admin"]
)
def test_a_case_is_closed_to_all_others_without_a_task(file, role):
    assert not file.opens(file.world.user(role, file.world.ministry))


def test_a_case_is_open_to_the_function_that_owns_it(file):
    file.case.owner_role = "fr.governor"
    assert file.opens(file.world.user("fr.governor"))


def test_a_case_is_open_while_one_has_a_task_in_it(file):
    director = file.world.user("fr.spip_director")
    task = file.task("fr.spip_director")
    assert file.opens(director)
    task.state = "completed"
    file.session.flush()
    assert not file.opens(director)


def test_a_case_is_closed_to_the_group_once_a_colleague_holds_the_task(file):
    file.task("fr.spip_director", file.world.user("fr.spip_director"))
    assert not file.opens(file.world.user("fr.spip_director"))


def test_the_author_of_an_observation_does_not_follow_the_case(file):
    assert not file.opens(file.author)


def test_a_case_is_open_to_the_function_that_owes_an_answer(file):
    secretary = file.world.user("fr.cpu_secretary")
    message = Message(
        id=file.world.new_id(),
        agency_id=file.world.agency.id,
        name="referred",
        case_id=file.case.id,
        key="",
        sender_key="k",
        establishment_id=file.world.north.id,
        owner_role="fr.cpu_secretary",
        payload={},
        state="kept",
        created_at=NOW,
    )
    file.session.add(message)
    file.session.flush()
    assert file.opens(secretary)
    assert not file.opens(file.world.user("fr.cpu_secretary", file.world.south))
    message.owner_role = None
    assert not file.opens(secretary)


def test_an_erased_case_is_open_to_data_protection_and_oversight_only(file):
    file.case.state = "erased"
    assert file.opens(file.world.user("x.dpo"))
    assert file.opens(file.world.user("x.oversight"))
    assert not file.opens(file.world.user("fr.mlrv"))


def test_a_case_of_another_agency_is_closed_to_every_role(world):
    case = world.case(world.elsewhere, world.other)
    for role in ("fr.mlrv", "x.dpo", "x.oversight", "fr.unit_lead"):
        viewer = world.viewer(world.user(role, world.ministry))
        assert not may_see_case(world.session, viewer, case)
        assert visible_layers(world.session, viewer, case) == frozenset()


# -- entries --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "readable"),
    [
        ("fr.mlrv", "L0 L1 L2 L3"),
        ("x.oversight", "L0 L1 L2"),
        ("x.dpo", "L1"),
        ("fr.unit_lead", "L0 L2"),
        ("fr.custody", ""),
        ("fr.spip_director", ""),
        ("fr.governor", ""),
        ("fr.psychologist", ""),
        ("x.admin", ""),
        ("fr.registry", ""),
    ],
)
def test_without_a_task_a_role_reads_what_it_answers_for(file, role, readable):
    user = file.world.user(role)
    assert file.reads(user) == readable
    assert file.layers(user) == set(readable.split())


@pytest.mark.parametrize(
    ("role", "readable"),
    [
        ("fr.spip_director", "L0 L1 L2"),
        ("fr.governor", "L0 L1 L2"),
        ("x.second_reader", "L0 L1 L2 L3"),
        ("fr.support_pair", "L0 L1 L2 L3"),
        ("fr.psychologist", "L0 L1 L2 L3"),
        ("fr.custody", "L0 L1"),
        ("fr.chaplaincy", "L0 L1"),
        ("x.dpo", "L0 L1 L2"),
    ],
)
def test_with_a_task_a_role_reads_what_the_task_needs(file, role, readable):
    user = file.world.user(role)
    file.task(role, user)
    assert file.reads(user) == readable
    assert file.layers(user) == set(readable.split())


def test_a_role_at_another_place_reads_nothing(file):
    for role in ("fr.mlrv", "x.dpo", "x.oversight", "fr.unit_lead"):
        assert file.reads(file.world.user(role, file.world.south)) == ""


def test_an_author_reads_the_own_text_of_any_layer(file):
    assert file.reads(file.author) == "L0 L1 L2 L3"
    assert file.ground(file.author, file.entries["L2"]) == "own"


def test_an_author_without_any_role_left_reads_nothing(file):
    author = file.world.user()
    entry = file.world.entry(file.case, author)
    assert file.ground(author, entry) is None


def test_the_ground_of_reading_is_a_code_for_the_audit(file):
    director = file.world.user("fr.spip_director")
    file.task("fr.spip_director", director)
    assert file.ground(director, file.entries["L1"]) == "task"
    coordinator = file.world.user("fr.mlrv")
    assert file.ground(coordinator, file.entries["L1"]) == "role:fr.mlrv"
    assert file.ground(file.world.user("fr.custody"), file.entries["L1"]) is None


@pytest.mark.parametrize("form", ["F-CONTRARY", "F-DRAFT", "F-DETDEC", "F-BIAS"])
def test_a_unit_lead_reads_observations_and_nothing_of_the_assessment(file, form):
    lead = file.world.user("fr.unit_lead")
    observation = file.world.entry(file.case, file.author, "L2", "F-OBS")
    later = file.world.entry(file.case, file.author, "L2", form)
    assert file.ground(lead, observation) == "role:fr.unit_lead"
    assert file.ground(lead, later) is None


def test_an_erased_entry_is_read_by_nobody(file):
    file.entries["L1"].ciphertext = None
    assert file.ground(file.author, file.entries["L1"]) is None
    assert file.ground(file.world.user("fr.mlrv"), file.entries["L1"]) is None


def test_a_higher_layer_is_read_by_no_role_of_this_database(file):
    for layer in ("L4", "L5", "L6", "L7"):
        entry = file.world.entry(file.case, file.author, layer)
        for role in ("fr.mlrv", "x.oversight", "x.dpo", "fr.psychologist"):
            user = file.world.user(role)
            file.task(role, user)
            assert file.ground(user, entry) is None


def test_an_entry_of_another_agency_is_read_by_nobody_here(world):
    case = world.case(world.elsewhere, world.other)
    author = world.user("fr.mlrv", world.elsewhere, world.other)
    entry = world.entry(case, author, "L1")
    stranger = world.viewer(world.user("fr.mlrv", world.ministry))
    assert not may_read_entry(world.session, stranger, entry)
    assert may_read_entry(world.session, world.viewer(author), entry)


def test_an_entry_is_not_judged_by_the_sight_of_another_case(file):
    other = Open(file.world)
    sight = CaseSight(file.session, file.world.viewer(file.world.user("fr.mlrv")), file.case)
    assert sight.ground(file.entries["L1"]) == "role:fr.mlrv"
    assert sight.ground(other.entries["L1"]) is None


def test_an_entry_whose_case_is_gone_is_read_by_nobody(file):
    entry = file.entries["L1"]
    file.session.expunge(entry)
    entry.case_id = file.world.new_id()
    assert ground_of_reading(file.session, file.world.viewer(file.author), entry) is None


# -- rounds ---------------------------------------------------------------------------------


def reads_grid(rated: Round, user) -> str | None:
    return ground_of_reading(rated.session, rated.world.viewer(user), rated.grid)


def test_a_rater_reads_the_own_grid_only(rated):
    assert reads_grid(rated, rated.custody) == "own"
    assert reads_grid(rated, rated.probation) is None
    assert reads_grid(rated, rated.deputy) is None


def test_a_rater_reads_no_grid_in_another_capacity_before_rating(rated):
    rated.world.hold(rated.probation, "fr.mlrv", rated.world.north)
    rated.world.hold(rated.probation, "fr.spip_director", rated.world.north)
    rated.world.task(rated.instance, "fr.spip_director", "F-ANY", rated.probation)
    assert reads_grid(rated, rated.probation) is None


def test_who_claimed_an_unnamed_seat_reads_no_grid_before_rating(rated):
    rated.three.user_id = None
    user = rated.world.user("fr.management")
    rated.world.hold(user, "fr.mlrv", rated.world.north)
    rated.task(rated.three, user)
    assert reads_grid(rated, user) is None


def test_the_coordinator_reads_the_grids_once_all_are_submitted(rated):
    assert reads_grid(rated, rated.coordinator) is None
    rated.two.state = rated.three.state = "given"
    rated.session.flush()
    assert reads_grid(rated, rated.coordinator) == "role:fr.mlrv"


def test_a_unit_lead_reads_no_grid(rated):
    assert reads_grid(rated, rated.lead) is None


def test_nobody_reads_a_grid_by_a_task_while_the_round_is_open(rated):
    director = rated.world.user("fr.spip_director")
    rated.world.task(rated.instance, "fr.spip_director", "F-ANY", director)
    assert reads_grid(rated, director) is None
    for seat in (rated.two, rated.three):
        seat.state = "given"
    rated.session.flush()
    assert reads_grid(rated, director) == "task"


def test_a_frontline_task_opens_no_grid_even_after_the_round(rated):
    for seat in (rated.two, rated.three):
        seat.state = "given"
    for role in ("fr.custody", "fr.unit_lead"):
        user = rated.world.user(role)
        rated.world.task(rated.instance, role, "F-ANY", user)
        assert reads_grid(rated, user) is None


def test_a_rater_sees_the_open_file_and_nothing_that_others_think(rated):
    world = rated.world
    entries = {layer: world.entry(rated.case, rated.lead, layer, "F-ANY") for layer in LAYERS}
    viewer = world.viewer(rated.probation)
    readable = [x for x, e in entries.items() if may_read_entry(rated.session, viewer, e)]
    assert readable == ["L0", "L1"]
    assert visible_layers(rated.session, viewer, rated.case) == {"L0", "L1"}


def test_after_the_round_a_rater_still_reads_the_own_grid_only(rated):
    rated.give(rated.probation, rated.two, rated.task_two)
    rated.three.state = "given"
    rated.session.flush()
    assert reads_grid(rated, rated.probation) is None
    assert reads_grid(rated, rated.custody) == "own"


# -- the banner and the refusals ------------------------------------------------------------


def test_who_will_see_is_told_from_the_same_policy(file):
    roles = ("fr.mlrv", "fr.custody", "x.dpo", "fr.governor", "fr.unit_lead")
    assert who_will_see(("L1", "L2"), "F-TRIAGE", roles) == (
        Audience("fr.custody", frozenset({"L1"}), WITH_TASK),
        Audience("fr.governor", frozenset({"L1", "L2"}), WITH_TASK),
        Audience("fr.mlrv", frozenset({"L1", "L2"}), ALWAYS),
        Audience("fr.unit_lead", frozenset({"L2"}), ALWAYS),
        Audience("fr.unit_lead", frozenset({"L1"}), WITH_TASK),
        Audience("x.dpo", frozenset({"L1"}), ALWAYS),
        Audience("x.dpo", frozenset({"L2"}), WITH_TASK),
    )


def test_frontline_and_unit_leads_are_not_said_to_see_a_grid():
    roles = ("fr.custody", "fr.unit_lead", "fr.chaplaincy", "fr.mlrv")
    told = {audience.role for audience in who_will_see(("L2",), "G1", roles)}
    assert told == {"fr.mlrv"}


@pytest.mark.parametrize("layer", LAYERS)
def test_the_banner_and_the_policy_agree_for_every_role(file, layer):
    roles = ("fr.mlrv", "x.oversight", "x.dpo", "fr.custody", "fr.governor", "fr.psychologist")
    for role, has_task in itertools.product(roles, (False, True)):
        world = file.world
        other = Open(world)
        user = world.user(role)
        if has_task:
            other.task(role, user)
        told = any(
            audience.when == ALWAYS or has_task
            for audience in who_will_see((layer,), "F-TRIAGE", (role,))
        )
        assert (layer in other.reads(user).split()) is told, (role, has_task)


def test_what_may_be_seen_passes(file):
    coordinator = file.world.viewer(file.world.user("fr.mlrv"))
    access.require_case(file.session, coordinator, file.case)
    assert access.require_entry(file.session, coordinator, file.entries["L1"]) == "role:fr.mlrv"
    user = file.world.user("fr.governor")
    access.require_task(file.session, file.world.viewer(user), file.task("fr.governor", user))


def test_what_may_not_be_seen_is_refused_with_what_to_audit(file):
    stranger = file.world.viewer(file.world.user("fr.custody", file.world.south))
    task = file.task("fr.governor")
    refusals = [
        (access.require_case, file.case, "case"),
        (access.require_task, task, "task"),
        (access.require_entry, file.entries["L1"], "entry"),
    ]
    for require, subject, kind in refusals:
        with pytest.raises(NotVisible) as refused:
            require(file.session, stranger, subject)
        entry = refused.value.journal_entry(file.session, stranger.user_id)
        assert (entry.act, entry.subject_kind) == ("access.refused", kind)
        assert (entry.case_id, entry.subject_id) == (file.case.id, subject.id)


def test_a_refused_page_without_an_id_is_audited_for_the_one_who_asked(world):
    user = world.user()
    entry = NotVisible("page").journal_entry(world.session, user.id)
    assert (entry.subject_kind, entry.subject_id, entry.case_id) == ("page", user.id, None)


def test_a_refusal_does_not_name_a_case_that_was_discarded(world):
    user, gone = world.user(), world.new_id()
    entry = NotVisible("case", gone, gone).journal_entry(world.session, user.id)
    assert (entry.case_id, entry.subject_id) == (None, user.id)
