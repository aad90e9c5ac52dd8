"""Clerical and supervisory steps open identity and the open file, and no content behind them."""

from __future__ import annotations

import pytest

from casework import material
from casework.access import may_read_entry, visible_layers
from casework.access_policy import NARROW_STEPS, WITH_TASK, Audience, step_layers
from casework.audience import who_will_see
from tests.casework_record.test_access_record import Open


@pytest.fixture
def file(world) -> Open:
    return Open(world)


CLERICAL = ("F-OVERDUE", "F-RECEIPT", "F-STMT", "F-CONSENT", "F-HANDOVER", "F-INFORMED")


@pytest.mark.parametrize("form", CLERICAL)
@pytest.mark.parametrize("role", ["fr.spip_director", "fr.registry", "fr.support_pair"])
def test_a_clerical_step_opens_nothing_restricted(file, form, role):
    user = file.world.user(role)
    assert file.reads(user) == ""
    file.world.task(file.instance, role, form, user)
    assert file.reads(user) == "L0 L1"
    assert file.layers(user) == {"L0", "L1"}


def test_a_step_that_weighs_the_case_opens_the_restricted_part_beside_a_clerical_one(file):
    director = file.world.user("fr.spip_director")
    file.world.task(file.instance, "fr.spip_director", "F-OVERDUE", director)
    file.world.task(file.instance, "fr.spip_director", "F-DETDEC", director)
    assert file.reads(director) == "L0 L1 L2"


def test_who_lends_a_colleague_reads_who_is_missing_and_no_observation(file):
    region = file.world.user("fr.disp")
    asked = file.world.entry(file.case, file.author, "L2", "F-RATERS")
    seen = file.world.entry(file.case, file.author, "L2", "F-OBS")
    file.world.task(file.instance, "fr.disp", "F-LEND", region)
    viewer = file.world.viewer(region)
    assert may_read_entry(file.session, viewer, asked)
    assert not may_read_entry(file.session, viewer, seen)
    assert visible_layers(file.session, viewer, file.case) == {"L0", "L1", "L2"}


def test_no_narrow_step_opens_working_notes():
    for form in NARROW_STEPS:
        assert "L3" not in step_layers("fr.support_pair", form)


def test_what_a_narrow_step_opens_is_what_it_is_done_from():
    for form, opened in NARROW_STEPS.items():
        assert opened <= set(material.NEEDS.get(form, ()))


def test_a_function_with_clerical_steps_alone_is_not_said_to_read_the_restricted_part():
    steps = {"fr.registry": ("F-RECEIPT", "F-STMT"), "fr.governor": ("F-DANGER",)}
    told = who_will_see(("L1", "L2"), "F-OBS", tuple(steps), steps)
    assert told == (
        Audience("fr.governor", frozenset({"L1", "L2"}), WITH_TASK),
        Audience("fr.registry", frozenset({"L1"}), WITH_TASK),
    )
    told = who_will_see(("L2",), "G1", tuple(steps), steps)
    assert told == ()
