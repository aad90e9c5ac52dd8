"""A clock that guards something of the product's own runs with no instance alive."""

from datetime import timedelta
from uuid import uuid4

from processes import clocks
from processes.tables import Clock, Timer
from tests.processes.world import MONDAY


def test_when_it_runs_out_the_product_is_told_once(world):
    guarded = uuid4()
    with world.writing() as session:
        clock = Clock(
            id=uuid4(),
            agency_id=world.agency_id,
            case_id=world.case_id,
            instance_id=None,
            establishment_id=world.place_id,
            guards="opinions",
            guarded_id=guarded,
            name="Kept until",
            base_at=MONDAY,
            zone="Europe/Paris",
            state="running",
        )
        session.add(clock)
        session.flush()
        at = MONDAY + timedelta(days=30)
        clocks.start_timer(session, world.acting(), clock, "due", "P30D", at)
    world.now = MONDAY + timedelta(days=29)
    assert world.sweep().idle
    world.now = MONDAY + timedelta(days=31)
    world.sweep()
    world.sweep()
    assert world.doubles.came == [("opinions", guarded, "due")]
    assert [timer.state for timer in world.rows(Timer)] == ["fired"]
