"""Whoever is called to a danger opens the case and reads the one observation that raised it."""

from __future__ import annotations

import pytest

from casework import notifications
from casework.access import may_see_person
from casework.access_policy import DANGER
from casework.tables import Notification, NotificationSeen
from tests.casework_record.test_access_record import Open
from tests.casework_record.world import NOW


class Danger(Open):
    """A case in which the governor at one prison was called to a danger."""

    def __init__(self, world) -> None:
        super().__init__(world)
        self.governor = world.user("fr.governor")
        self.observation = world.entry(self.case, self.author, "L2", "F-OBS")
        self.notice = self.tell(DANGER)

    def tell(self, code, **changes) -> Notification:
        row = {
            "id": self.world.new_id(),
            "agency_id": self.case.agency_id,
            "code": code,
            "role": "fr.governor",
            "establishment_id": self.world.north.id,
            "case_id": self.case.id,
            "entry_id": self.observation.id,
            "level": 1,
            "created_at": NOW,
        }
        notice = Notification(**{**row, **changes})
        self.session.add(notice)
        self.session.flush()
        return notice


@pytest.fixture
def danger(world) -> Danger:
    return Danger(world)


def test_a_case_is_open_to_the_function_called_to_a_danger(danger):
    assert danger.opens(danger.governor)
    viewer = danger.world.viewer(danger.governor)
    assert may_see_person(danger.session, viewer, danger.case)


def test_of_what_others_wrote_only_the_observation_that_raised_it_is_read(danger):
    assert danger.ground(danger.governor, danger.observation) == "danger"
    assert danger.reads(danger.governor) == ""
    later = danger.world.entry(danger.case, danger.author, "L2", "F-OBS")
    assert danger.ground(danger.governor, later) is None


def test_a_correction_of_the_observation_is_read_too(danger):
    written = danger.observation
    for _ in range(2):
        written = danger.world.entry(danger.case, danger.author, "L2", "F-OBS", corrects=written)
        assert danger.ground(danger.governor, written) == "danger"


@pytest.mark.parametrize("role", ["fr.custody", "fr.management", "fr.spip_director", "x.admin"])
def test_a_danger_opens_nothing_to_other_functions(danger, role):
    other = danger.world.user(role)
    assert not danger.opens(other)
    assert danger.ground(other, danger.observation) is None


def test_a_danger_opens_nothing_at_another_establishment(danger):
    other = danger.world.user("fr.governor", danger.world.south)
    assert not danger.opens(other)
    assert danger.ground(other, danger.observation) is None


def test_other_notices_open_nothing(world):
    file = Danger(world)
    file.notice.code = "escalated"
    file.session.flush()
    assert not file.opens(file.governor)


def test_the_right_ends_with_the_case_and_with_putting_the_notice_away(danger):
    danger.case.state = "closed"
    assert not danger.opens(danger.governor)
    danger.case.state = "open"
    assert danger.opens(danger.governor)
    viewer = danger.world.viewer(danger.governor)
    acting = danger.world.acting(danger.governor)
    notifications.put_away(danger.session, acting, viewer, danger.notice.id)
    assert danger.session.get(NotificationSeen, (danger.notice.id, danger.governor.id))
    assert not danger.opens(danger.governor)
    assert danger.ground(danger.governor, danger.observation) is None
