"""The page of delegations: those that concern the viewer, giving one, ending one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from casework import staff
from casework.access import NotVisible, Viewer
from casework.access_policy import AUTHORITIES, OVERSIGHT
from casework.measures import delegations
from casework.measures.pages import DelegationLine, DelegationsPage, Option
from casework.measures.words import DELEGABLE, kind_words
from casework.refusals import Refused
from casework.tables import Delegation
from casework.words import ENGLISH, Speaking, Wording
from processes import versions
from processes.acting import Acting
from processes.tables import Establishment, ProcessVersion

if TYPE_CHECKING:
    from casework.platform import Platform


def may_open(session: Session, viewer: Viewer) -> bool:
    """Whether delegations concern the viewer: one who gives or has some, or oversees them."""
    held = {holding.role for holding in viewer.holdings}
    if held & (AUTHORITIES | OVERSIGHT):
        return True
    mine = select(Delegation.id).where(Delegation.to_user == viewer.user_id)
    return session.scalars(mine.limit(1)).first() is not None


def page(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    *,
    speaking: Speaking = ENGLISH,
) -> DelegationsPage:
    """Those in force first; what the viewer may give, and to whom."""
    names = _names(platform, session, viewer, speaking)
    rows = [_line(session, viewer, row, names, speaking) for row in _rows(session, viewer)]
    order = {"in_force": 0, "later": 1, "ended": 2}
    roles, places = _own(session, viewer, names)
    people = delegations.candidates(session, places, viewer.user_id, viewer.on) if roles else []
    return DelegationsPage(
        rows=tuple(sorted(rows, key=lambda r: (order[r.state], r.valid_to, r.to))),
        roles=tuple(roles),
        acts=tuple(Option(kind, kind_words(kind, speaking)) for kind in DELEGABLE),
        people=tuple(Option(str(user.id), staff.shown(user)) for user in people),
        today=viewer.on,
    )


def _rows(session: Session, viewer: Viewer) -> Iterable[Delegation]:
    """Given for a function that the viewer holds there or above, or to the viewer."""
    reached: list[ColumnElement[bool]] = [
        (Delegation.from_role == h.role) & Delegation.establishment_id.in_(h.covers)
        for h in viewer.holdings
        if h.role in AUTHORITIES
    ]
    reached += [
        Delegation.establishment_id.in_(h.covers) for h in viewer.holdings if h.role in OVERSIGHT
    ]
    wanted = select(Delegation).where(
        Delegation.agency_id == viewer.agency_id,
        or_(false(), Delegation.to_user == viewer.user_id, *reached),
    )
    return session.scalars(wanted)


def _line(
    session: Session,
    viewer: Viewer,
    row: Delegation,
    names: Wording | None,
    speaking: Speaking,
) -> DelegationLine:
    return DelegationLine(
        delegation_id=row.id,
        role_name=names.role(row.from_role) if names else row.from_role,
        act_words=kind_words(row.act, speaking),
        to=staff.name_of(session, row.to_user) or "",
        establishment=session.get_one(Establishment, row.establishment_id).name,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        given_by=staff.name_of(session, row.given_by) or "",
        state=_state(session, row, viewer.on),
        ended_words=_ended(session, row, viewer.on, speaking),
        may_end=row.ended_at is None and row.valid_to >= viewer.on and _may_end(viewer, row),
    )


def _state(session: Session, row: Delegation, on: date) -> str:
    if row.ended_at is not None or row.valid_to < on:
        return "ended"
    if not delegations.is_alive(session, row, on):
        return "ended"
    return "in_force" if row.valid_from <= on else "later"


def _ended(session: Session, row: Delegation, on: date, speaking: Speaking) -> str:
    say = speaking.say
    if row.ended_at is not None:
        who = staff.name_of(session, row.ended_by) or ""
        return say("ended by {who}, {day}", who=who, day=speaking.day(row.ended_at.date()))
    if row.valid_to < on:
        return say("its last day has passed")
    if not delegations.is_alive(session, row, on):
        return say("whoever gave it no longer holds the function, or the delegate has left")
    return ""


def _may_end(viewer: Viewer, row: Delegation) -> bool:
    """Who holds the function there or above ends it, and the delegate gives it back."""
    return row.to_user == viewer.user_id or viewer.holds(row.from_role, row.establishment_id)


def _own(session: Session, viewer: Viewer, names: Wording | None) -> tuple[list[Option], set[UUID]]:
    """The functions whose signature the viewer may delegate, each at its place."""
    found, places = [], set[UUID]()
    for holding in viewer.holdings:
        if holding.role in AUTHORITIES:
            place = session.get_one(Establishment, holding.establishment_id)
            role = names.role(holding.role) if names else holding.role
            found.append(Option(f"{holding.role}@{place.id}", f"{role}, {place.name}"))
            places |= holding.covers
    return found, places


def _names(
    platform: Platform, session: Session, viewer: Viewer, speaking: Speaking
) -> Wording | None:
    """The names of functions, from any deployed version."""
    wanted = select(ProcessVersion).where(
        ProcessVersion.agency_id == viewer.agency_id, ProcessVersion.active
    )
    version = session.scalars(wanted.order_by(ProcessVersion.model).limit(1)).first()
    if version is None:
        return None
    try:
        models = platform.models
        pack = models.pack(session, version.id)
        return Wording.of(models.model(session, version.id), pack, speaking)
    except versions.NotDeployed:
        return None


def give(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    *,
    role_at: str,
    act: str,
    to_user: UUID,
    valid_from: date,
    valid_to: date,
    speaking: Speaking = ENGLISH,
) -> Delegation:
    """Delegate the signature of one kind of measure; `Refused` says what to change."""
    role, _, place = role_at.partition("@")
    own = {(h.role, str(h.establishment_id)): h.establishment_id for h in viewer.holdings}
    if (role, place) not in own or role not in AUTHORITIES:
        raise Refused(speaking.say("Choose a function that you hold."))
    row = Delegation(
        id=acting.new_id(),
        agency_id=viewer.agency_id,
        from_role=role,
        to_user=to_user,
        act=act,
        establishment_id=own[role, place],
        valid_from=valid_from,
        valid_to=valid_to,
        given_by=viewer.user_id,
        given_at=acting.now,
    )
    return delegations.give(session, platform.ports.journal, acting, row, viewer.on, speaking)


def end(
    platform: Platform, session: Session, acting: Acting, viewer: Viewer, delegation_id: UUID
) -> None:
    """It ends now; `NotVisible` for whoever may not end it. A second end changes nothing."""
    row = session.get(Delegation, delegation_id, with_for_update=True)
    if row is None or row.agency_id != viewer.agency_id or not _may_end(viewer, row):
        raise NotVisible("delegation", delegation_id)
    if row.ended_at is None:
        delegations.end(session, platform.ports.journal, acting, row)
