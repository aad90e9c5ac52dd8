"""What follows a start form that was answered on a case that is there already; by form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework.tables import Case
from casework.words import Wording
from processes.acting import Acting
from processes.tables import ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform


@dataclass(frozen=True)
class Begun:
    """A process that a start form began, its answers written."""

    platform: Platform
    session: Session
    acting: Acting
    case: Case
    instance: ProcessInstance
    names: Wording
    role: str
    answers: Mapping[str, Any]
    entry_id: UUID


Follows = Callable[[Begun], None]
FOLLOWS: dict[str, Follows] = {}


def begins(form: str) -> Callable[[Follows], Follows]:
    """Register what follows a start form."""

    def register(function: Follows) -> Follows:
        FOLLOWS[form] = function
        return function

    return register
