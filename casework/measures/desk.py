"""The desk of those who sign: what waits for a signature, what ends soon, what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from casework import access, shown, staff
from casework.access import Viewer
from casework.access_policy import AUTHORITIES
from casework.commission.owed import owed_page
from casework.measures import delegations, showing, words
from casework.measures.pages import Desk, EndingSoon, ToSign
from casework.measures.signing import KIND_OF, SIGNED
from casework.tables import Case, Decision, Measure, Person
from casework.telling import Telling
from casework.words import ENGLISH, Speaking
from casework.worklist import task_title
from processes import reading
from processes.acting import Acting
from processes.tables import Clock, Establishment, HumanTask, ProcessInstance, Timer

if TYPE_CHECKING:
    from casework.platform import Platform

SHOWN = 200
ANSWERING = ("F-GOV-POS", "F-JOINT", "F-REGION-OP")
"""Steps in which an authority answers an opinion of the commission."""


def signs(session: Session, viewer: Viewer) -> bool:
    """Whether the viewer signs anything: holds an authority, or a delegation in force."""
    if any(holding.role in AUTHORITIES for holding in viewer.holdings):
        return True
    return bool(delegations.of_user(session, viewer.user_id, viewer.on))


def desk(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    *,
    speaking: Speaking = ENGLISH,
) -> Desk:
    """To sign, ending soon, answers owed; empty for those who sign nothing."""
    if not signs(session, viewer):
        return Desk(False, (), (), (), ())
    return Desk(
        signs=True,
        to_sign=tuple(_waiting(platform, session, acting, viewer, SIGNED, speaking)),
        ending=tuple(_ending(platform, session, acting, viewer, speaking)),
        to_answer=tuple(_waiting(platform, session, acting, viewer, ANSWERING, speaking)),
        owed=owed_page(session, viewer, acting.now, speaking=speaking, own=True).rows,
    )


# --- to sign ------------------------------------------------------------------------------------


def _waiting(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    forms: Iterable[str],
    speaking: Speaking,
) -> Iterable[ToSign]:
    """Open steps with one of these forms that the viewer may send."""
    wanted = (
        select(HumanTask)
        .where(HumanTask.agency_id == viewer.agency_id, HumanTask.state == "open")
        .where(HumanTask.form.in_(list(forms)), HumanTask.handed_back_from.is_(None))
        .where(_reached(session, viewer))
        .order_by(HumanTask.due_at.is_(None), HumanTask.due_at, HumanTask.created_at)
        .limit(SHOWN)
    )
    for task in session.scalars(wanted):
        if access.may_see_task(session, viewer, task):
            yield _row(platform, session, acting, viewer, task, speaking)


def _reached(session: Session, viewer: Viewer) -> ColumnElement[bool]:
    """Of the viewer's functions, or of those the viewer signs for."""
    own = [
        and_(HumanTask.role == h.role, HumanTask.establishment_id.in_(h.covers))
        for h in viewer.holdings
    ]
    lent = [
        HumanTask.role == row.from_role
        for row in delegations.of_user(session, viewer.user_id, viewer.on)
    ]
    return or_(false(), *own, *lent)


def _row(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task: HumanTask,
    speaking: Speaking,
) -> ToSign:
    instance = session.get_one(ProcessInstance, task.instance_id)
    names = shown.wording(platform, session, instance.version_id, speaking)
    kind = KIND_OF.get(task.form)
    if kind is None and task.form in SIGNED:
        seen = reading.variables_at(session, platform, acting, task)
        kind = str(seen.get("measure_kind") or "")
    place = session.get_one(Establishment, task.establishment_id)
    return ToSign(
        task_id=task.id,
        title=task_title(task, names),
        kind_words=words.kind_words(kind, speaking, names) if kind else "",
        person=_person(session, viewer, session.get(Case, task.case_id), speaking),
        establishment=place.name,
        role_name=names.role(task.role),
        delegated=not viewer.holds(task.role, task.establishment_id),
        holder=staff.name_of(session, task.holder_id),
        due_at=task.due_at,
        overdue=task.due_at is not None and task.due_at < acting.now,
        zone=place.zone,
    )


def _person(session: Session, viewer: Viewer, case: Case | None, speaking: Speaking) -> str:
    """Who it is about, for those who may know."""
    if case is None or not access.may_see_person(session, viewer, case):
        return speaking.say("Case")
    person = session.get(Person, case.person_id) if case.person_id else None
    return shown.full_name(person) if person else case.name or speaking.say("Case")


# --- ending soon --------------------------------------------------------------------------------


def _ending(
    platform: Platform, session: Session, acting: Acting, viewer: Viewer, speaking: Speaking
) -> Iterable[EndingSoon]:
    """Measures of the viewer's authority that their clock ends within a fortnight, and those whose
    review is due, the next first."""
    reached = [
        and_(Decision.authority_role == h.role, Case.establishment_id.in_(h.covers))
        for h in viewer.holdings
        if h.role in AUTHORITIES
    ]
    wanted = (
        select(Measure, Case, Timer.due_at)
        .join(Case, Case.id == Measure.case_id)
        .join(Decision, Decision.id == Measure.decision_id)
        .join(Clock, (Clock.guarded_id == Measure.id) & (Clock.state == "running"))
        .join(Timer, (Timer.clock_id == Clock.id) & (Timer.state == "pending"))
        .where(Measure.agency_id == viewer.agency_id, Measure.state == "in_force")
        .where(Timer.due_at <= acting.now + showing.SOON, or_(false(), *reached))
        .order_by(Timer.due_at, Measure.id)
        .limit(SHOWN)
    )
    tellings: dict[object, Telling] = {}
    for measure, case, ends_at in session.execute(wanted):
        if case.id not in tellings:
            tellings[case.id] = Telling.of(platform, session, acting, viewer, case, speaking)
        yield _soon(tellings[case.id], measure, ends_at)


def _soon(telling: Telling, measure: Measure, ends_at: datetime) -> EndingSoon:
    case, session = telling.case, telling.session
    return EndingSoon(
        case_id=case.id,
        person=_person(session, telling.viewer, case, telling.speaking),
        words=showing.measure_words(telling, measure),
        establishment=session.get_one(Establishment, case.establishment_id).name,
        ends_at=ends_at,
        zone=telling.zone,
        review_on=measure.review_on,
        review_words=_review(telling, measure),
    )


def _review(telling: Telling, measure: Measure) -> str:
    """Whether somebody looks at it before it ends by itself."""
    say = telling.speaking.say
    if measure.kind == "urgent":
        return say("Confirmed or lifted before then; otherwise it lifts by itself.")
    steps = select(HumanTask).where(HumanTask.case_id == measure.case_id, HumanTask.form == "F-REV")
    rows = list(telling.session.scalars(steps.order_by(HumanTask.created_at.desc())))
    if not rows:
        return say("No review has been opened. It ends by itself.")
    if rows[0].state == "open":
        return say("The review is open and not answered yet.")
    return say("The review has been answered.")
