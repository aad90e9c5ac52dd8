"""A service on real servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workers.service import Redis, Service


@pytest.fixture
def redis(tmp_path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    if not server.can_be_had:
        pytest.skip("no Redis: install redis-server, or the test wheels")
    server.start()
    yield server
    server.lose()


@pytest.fixture
def service(postgresql_url: str, redis: Redis, tmp_path) -> Iterator[Service]:
    made = Service(tmp_path, postgresql_url, redis)
    yield made
    made.engine.dispose()
