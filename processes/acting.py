"""Who acts, when, and where new ids come from: handed into every use case, never looked up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Acting:
    """The circumstances of one command.

    `now` is the time of cases (in a demo it may run ahead of the wall clock), `real_now` that of
    the wall clock; both are aware and in UTC. `user_id` is None when a deadline or a message acts.
    """

    agency_id: UUID
    user_id: UUID | None
    now: datetime
    real_now: datetime
    new_id: Callable[[], UUID]
    role: str | None = None
