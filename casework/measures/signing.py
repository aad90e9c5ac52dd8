"""Who may sign: the authority that the table names, there or above, or its delegate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import accounts, staff, viewing
from casework.measures import delegations
from casework.measures.words import kind_words
from casework.tables import Delegation
from casework.words import Speaking
from processes.ports import Code

if TYPE_CHECKING:
    from casework.grid_rules import Finding
    from casework.material import Looking

SIGNED: Mapping[str, tuple[str, frozenset[str]]] = {
    "F-DEC": ("measure_decision", frozenset({"decided", "no_measure"})),
    "F-QER": ("central_decision", frozenset({"place_qer", "refuse"})),
    "F-EXTEND": ("extension", frozenset({"granted", "refused"})),
    "F-URGENT": ("measures", frozenset()),
    "F-URGENT-END": ("urgent_end", frozenset({"confirm", "lift"})),
    "F-END-ANSWER": ("end_answer", frozenset({"end", "keep"})),
}
"""Forms that are a signature: the field the words stand at, and the answers that sign; where none
are named, sending the form signs. To send something back is no signature."""

KIND_OF: Mapping[str, str] = {
    "F-QER": "qer",
    "F-EXTEND": "qer",
    "F-URGENT": "urgent",
    "F-URGENT-END": "urgent",
}
"""What is signed on a form that is for one kind of measure; else the case says which."""


@dataclass(frozen=True)
class Signature:
    """In which function somebody signs, and the delegation where it is not an own one."""

    role: str
    delegation: Delegation | None = None


def signature(looking: Looking, kind: str) -> Signature | None:
    """How the viewer may sign at this step; None for one who may not."""
    session, task, viewer = looking.session, looking.task, looking.viewer
    for holding in accounts.holdings(session, viewer.user_id, viewer.on):
        if holding.role == task.role and task.establishment_id in holding.covers:
            return Signature(task.role)
    rows = delegations.in_force(
        session, task.role, task.establishment_id, viewer.on, user_id=viewer.user_id
    )
    row = next((row for row in rows if row.act == kind), None)
    return Signature(task.role, row) if row else None


def why_not(
    looking: Looking, form: str, answers: Mapping[str, Any], variables: Mapping[str, Code]
) -> list[Finding]:
    """A form error that says who may sign, for one who holds neither function nor delegation; who
    is here by a delegation alone needs it to send back too."""
    if form not in SIGNED:
        return []
    key, outcomes = SIGNED[form]
    signs = not outcomes or answers.get(key) in outcomes
    if not signs and viewing.has_task(looking.session, looking.viewer, looking.task):
        return []
    kind = KIND_OF.get(form) or str(variables.get("measure_kind") or "")
    if signature(looking, kind) is not None:
        return []
    return [(key, _who_may(looking, kind))]


def _who_may(looking: Looking, kind: str) -> str:
    speaking, task = looking.speaking, looking.task
    words = speaking.say(
        "You cannot sign this: {kind} is decided by {role}, or by somebody with a delegation of"
        " signature for it that is in force today.",
        kind=kind_words(kind, speaking, looking.names),
        role=looking.names.role(task.role),
    )
    people = who_may(looking.session, task.role, task.establishment_id, kind, looking.viewer.on)
    named = "; ".join(dict.fromkeys(people))
    return speaking.say("{words} Now: {people}.", words=words, people=named) if named else words


def who_may(session: Session, role: str, place_id: UUID, kind: str, on: Any) -> list[str]:
    """Those who may sign today, by function and service number; holders before delegates."""
    places = staff.places_above(session, place_id)
    found = [staff.shown(user) for user in staff.holders(session, role, places, on)]
    rows = delegations.in_force(session, role, place_id, on)
    delegates = (staff.name_of(session, row.to_user) for row in rows if row.act == kind)
    return found + [name for name in delegates if name]


def delegation_words(session: Session, row: Delegation, role_name: str, speaking: Speaking) -> str:
    """What is printed under a decision that was signed for somebody else."""
    return speaking.say(
        "Signed for: {role}, by delegation of {given} given by {who}, valid from {first} to {last}",
        role=role_name,
        given=speaking.day(row.given_at.date()),
        who=staff.name_of(session, row.given_by) or "",
        first=speaking.day(row.valid_from),
        last=speaking.day(row.valid_to),
    )
