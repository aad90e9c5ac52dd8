"""What keeps an act on a task from being done; each tells what the reader can do next."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID


class AlreadyDone(Exception):
    """The task was completed (or cancelled) before: `who` is function and service number."""

    def __init__(self, task_id: UUID, who: str | None, when: datetime | None, state: str) -> None:
        self.task_id = task_id
        self.who = who
        self.when = when
        self.state = state  # completed, cancelled
        super().__init__(f"task {task_id} is {state}")


class Refused(Exception):
    """An act that cannot be done now; the message says what the reader can do next."""


class ChangedMeanwhile(Refused):
    """What was read through before sending is not what would be sent: another window changed it."""
