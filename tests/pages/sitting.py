"""Two sessions for an agency, one that runs and one with minutes, written as rows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import papers
from casework.platform import Platform
from casework.tables import AgendaItem, Case, CommissionSession, Seat, UserAccount
from processes.acting import Acting
from processes.tables import ProcessInstance


def sessions(platform: Platform, session: Session, acting: Acting, member: str) -> None:
    """On the agenda of the first stands the agency's oldest case; one member sits on it."""
    about = select(Case).where(Case.agency_id == acting.agency_id).order_by(Case.opened_at)
    case = session.scalars(about).first()
    assert case is not None
    running = _session(session, acting, case.establishment_id, "convened")
    item = AgendaItem(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        session_id=running.id,
        case_id=case.id,
        instance_id=_instance(session, case.id),
        position=1,
        state="on_agenda",
    )
    session.add(item)
    session.flush()
    session.add(_seat(session, acting, case, item, member))
    over = _session(session, acting, case.establishment_id, "closed")
    paper = papers.store(
        platform,
        session,
        acting,
        case_id=over.case_id,
        kind="minutes",
        number="2026-001",
        content=b"%PDF-1.7 a paper",
    )
    over.minutes_number, over.minutes_document_id = 1, paper.id
    session.flush()


def _session(session: Session, acting: Acting, place: UUID, state: str) -> CommissionSession:
    case = Case(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        kind="session",
        establishment_id=place,
        pack="france",
        state="open",
        stage="session",
        owner_role="fr.cpu_secretary",
        purpose_code="commission",
        legal_basis="",
        opened_at=acting.now,
    )
    session.add(case)
    session.flush()
    row = CommissionSession(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        establishment_id=place,
        case_id=case.id,
        planned_at=acting.now - timedelta(days=state == "closed"),
        place="Room 3",
        chair_role="fr.governor",
        state=state,
    )
    session.add(row)
    session.flush()
    return row


def _seat(session: Session, acting: Acting, case: Case, item: AgendaItem, member: str) -> Seat:
    user = session.scalars(select(UserAccount).where(UserAccount.login == member)).one()
    return Seat(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        case_id=case.id,
        instance_id=item.instance_id,
        round=0,
        role="fr.spip_director",
        form="F-CPU-OP",
        establishment_id=case.establishment_id,
        user_id=user.id,
        state="asked",
        item_id=item.id,
        office="spip_director",
    )


def _instance(session: Session, case_id: UUID) -> UUID:
    wanted = select(ProcessInstance.id).where(ProcessInstance.case_id == case_id)
    return next(iter(session.scalars(wanted.order_by(ProcessInstance.started_at))))
