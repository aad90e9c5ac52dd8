"""A world on both databases, and how often each race is run."""

from __future__ import annotations

import pytest

from tests.races.contest import Contest


@pytest.fixture(params=[12, pytest.param(400, marks=pytest.mark.prove)], ids=["some", "many"])
def rounds(request: pytest.FixtureRequest) -> range:
    return range(request.param)


@pytest.fixture
def contest(engine) -> Contest:
    return Contest(engine)
