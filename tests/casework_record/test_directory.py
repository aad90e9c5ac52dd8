"""The directory that the platform asks who may act."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.directory import RoleDirectory
from tests.casework_record.world import TODAY, World

DIRECTORY = RoleDirectory()


def place_for(world: World, place, role: str, on=None):
    return DIRECTORY.place_for(world.session, place.id, role, on)


def test_a_seat_tells_its_function_its_place_and_who_is_preferred(world):
    rater = world.user("fr.custody")
    seat = world.seat(world.instance(world.case()), "fr.custody", "G1", rater)
    holder = DIRECTORY.seat(world.session, seat.id)
    assert (holder.role, holder.establishment_id, holder.holder_id) == (
        "fr.custody",
        world.north.id,
        rater.id,
    )


def test_a_seat_that_does_not_exist_is_told_in_words(world):
    with pytest.raises(LookupError, match="name the raters again"):
        DIRECTORY.seat(world.session, world.new_id())


def test_a_role_is_sought_at_the_place_and_then_upwards(both):
    both.user("fr.mlrv", both.region)
    both.user("fr.central", both.ministry)
    both.user("fr.custody", both.north)
    assert place_for(both, both.north, "fr.custody") == both.north.id
    assert place_for(both, both.north, "fr.mlrv") == both.region.id
    assert place_for(both, both.north, "fr.central") == both.ministry.id


def test_the_nearest_place_wins(world):
    world.user("fr.mlrv", world.ministry)
    world.user("fr.mlrv", world.north)
    assert place_for(world, world.north, "fr.mlrv") == world.north.id
    assert place_for(world, world.south, "fr.mlrv") == world.ministry.id


def test_a_role_held_only_below_or_beside_does_not_serve(world):
    world.user("fr.custody", world.south)
    assert place_for(world, world.north, "fr.custody") == world.north.id
    assert place_for(world, world.region, "fr.custody") == world.region.id


def test_a_role_of_a_closed_account_does_not_serve(world):
    world.user("fr.mlrv", world.region).active = False
    world.session.flush()
    assert place_for(world, world.north, "fr.mlrv") == world.north.id


def test_a_role_that_ends_counts_only_on_its_days(world):
    user = world.user()
    world.hold(user, "fr.mlrv", world.region, TODAY, TODAY + timedelta(days=1))
    assert place_for(world, world.north, "fr.mlrv") == world.north.id
    assert place_for(world, world.north, "fr.mlrv", TODAY) == world.region.id
    later = TODAY + timedelta(days=2)
    assert place_for(world, world.north, "fr.mlrv", later) == world.north.id


def test_places_in_a_ring_end_nevertheless(world):
    world.ministry.parent_id = world.north.id
    world.session.flush()
    assert place_for(world, world.north, "fr.mlrv") == world.north.id


def test_one_may_hold_what_ones_role_reaches_on_that_day(world):
    user = world.user()
    world.hold(user, "fr.mlrv", world.region, TODAY, TODAY)
    may = DIRECTORY.may_hold
    assert may(world.session, user.id, "fr.mlrv", world.north.id, TODAY)
    assert not may(world.session, user.id, "fr.custody", world.north.id, TODAY)
    assert not may(world.session, user.id, "fr.mlrv", world.ministry.id, TODAY)
    tomorrow = TODAY + timedelta(days=1)
    assert not may(world.session, user.id, "fr.mlrv", world.north.id, tomorrow)
