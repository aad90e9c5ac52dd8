import pytest

from tests.processes.world import World


@pytest.fixture
def world(engine) -> World:
    return World(engine)
