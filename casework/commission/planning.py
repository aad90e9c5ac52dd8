"""Plans a session: a start form, on a file of its own that is about no person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, shown
from casework.access import Viewer
from casework.commission.functions import CHAIRS, GOVERNOR, SECRETARY
from casework.commission.hooks import moment
from casework.starting import start
from casework.tables import Case, CommissionSession
from casework.words import ENGLISH, Speaking, Wording
from forms import BoundForm, FormDefinition, build
from processes import versions
from processes.acting import Acting
from processes.engine import Element
from processes.tables import Establishment, ProcessVersion

if TYPE_CHECKING:
    from casework.platform import Platform

MODEL = "commission-session"


@dataclass(frozen=True)
class PlanPage:
    """The form that plans a session; after a refused post it holds what was typed."""

    definition: FormDefinition
    form: BoundForm
    places: tuple[tuple[UUID, str], ...]
    place_id: UUID


@dataclass(frozen=True)
class _Starting:
    version: ProcessVersion
    start: Element
    names: Wording
    place: Establishment


def may_plan(viewer: Viewer) -> bool:
    """Whether the viewer keeps the commission of some place."""
    return any(holding.role == SECRETARY for holding in viewer.holdings)


def places(session: Session, viewer: Viewer) -> list[Establishment]:
    """The places whose commission the viewer keeps."""
    covered = {place for h in viewer.holdings if h.role == SECRETARY for place in h.covers}
    wanted = select(Establishment).where(Establishment.id.in_(covered))
    return list(session.scalars(wanted.order_by(Establishment.name)))


def plan_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    *,
    place_id: UUID | None = None,
    formdata: Any = None,
    speaking: Speaking = ENGLISH,
) -> PlanPage:
    """The form; NotVisible for whoever keeps no commission."""
    starting = _starting(platform, session, viewer, place_id, speaking)
    return _page(session, viewer, starting, _bound(platform, session, acting, starting, formdata))


def _starting(
    platform: Platform, session: Session, viewer: Viewer, place_id: UUID | None, speaking: Speaking
) -> _Starting:
    mine = places(session, viewer)
    place = next((p for p in mine if place_id in (None, p.id)), None)
    if place is None:
        raise access.NotVisible("establishment", place_id)
    try:
        version = versions.active_version(session, viewer.agency_id, MODEL)
    except versions.NotDeployed as absent:
        raise access.NotVisible("page", place.id) from absent
    names = shown.wording(platform, session, version.id, speaking)
    start = next(start for start in names.model.starts if start.form)
    return _Starting(version, start, names, place)


def _bound(
    platform: Platform, session: Session, acting: Acting, starting: _Starting, formdata: Any
) -> BoundForm:
    return build(
        platform.models.form(session, starting.version.id, starting.start.form or ""),
        starting.names.speaking.translate,
        formdata,
        today=shown.local_day(acting.now, starting.place.zone),
    )


def _page(session: Session, viewer: Viewer, starting: _Starting, form: BoundForm) -> PlanPage:
    known = tuple((place.id, place.name) for place in places(session, viewer))
    return PlanPage(form.definition, form, known, starting.place.id)


def plan(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    formdata: Any,
    *,
    place_id: UUID | None = None,
    speaking: Speaking = ENGLISH,
) -> CommissionSession | PlanPage:
    """Open the file and start its process; the page again when the form refuses. The same hour
    planned twice is one session."""
    starting = _starting(platform, session, viewer, place_id, speaking)
    form = _bound(platform, session, acting, starting, formdata)
    if not form.validate():
        return _page(session, viewer, starting, form)
    answers = form.answers()
    at = moment(
        str(answers["session_on"]), answers.get("session_time"), starting.place.zone, acting.now
    )
    session.get_one(Establishment, starting.place.id, with_for_update=True)  # two posts at once
    known = select(CommissionSession).where(
        CommissionSession.establishment_id == starting.place.id,
        CommissionSession.planned_at == at,
        CommissionSession.state == "planned",
    )
    twice = session.scalars(known).first()
    if twice is not None:
        return twice
    case = _file(session, acting, starting)
    row = CommissionSession(
        id=acting.new_id(),
        agency_id=case.agency_id,
        establishment_id=starting.place.id,
        case_id=case.id,
        planned_at=at,
        place=str(answers.get("place") or ""),
        chair_role=CHAIRS.get(str(answers.get("chair")), GOVERNOR),
        state="planned",
    )
    session.add(row)
    session.flush()
    start(
        platform,
        session,
        replace(acting, role=SECRETARY),
        case,
        starting.version.id,
        starting.start,
        starting.names,
        form,
    )
    return row


def _file(session: Session, acting: Acting, starting: _Starting) -> Case:
    case = Case(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        kind="session",
        person_id=None,
        establishment_id=starting.place.id,
        pack=starting.names.pack.id,
        name=None,
        state="open",
        stage="session",
        owner_role=SECRETARY,
        purpose_code="commission",
        legal_basis=starting.start.legal_basis or "",
        opened_at=acting.now,
        opened_by=acting.user_id,
    )
    session.add(case)
    session.flush()
    return case
