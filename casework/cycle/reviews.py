"""Monitoring: when the next review is, whether two in a row were quiet, what a late one does."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coming_due, grid_rules
from casework.coming_due import CameDue, guarded_by
from casework.cycle import categories
from casework.effects import Doing, effect
from casework.tables import Case, MonitoringReview
from processes import clocks, parameters
from processes.ports import Code
from processes.tables import HumanTask, ProcessInstance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from processes.acting import Acting

GUARDS = categories.REVIEWS
NAME = "A late review suspends the category"
LATE = "param:review_suspend after next_review"
FRAMES = "F-FRAMES"
RHYTHMS = {"one_month": ("review_month", 1), "three_months": ("review_quarter", 3)}
"""By the rhythm that a person chose: the parameter, and its value where the service sets none."""


class _Watch:
    """An instance as a clock guards it."""

    def __init__(self, instance: ProcessInstance) -> None:
        self.id, self.agency_id, self.case_id = instance.id, instance.agency_id, instance.case_id


@effect("monitoring.next")
def next_review(doing: Doing) -> Mapping[str, Code]:
    """Set the day of the next review, by the rhythm chosen, and watch that it comes."""
    parameter, otherwise = RHYTHMS.get(
        str(doing.call.variables.get("rhythm") or ""), RHYTHMS["three_months"]
    )
    values = parameters.Values(doing.session, doing.case.agency_id, doing.today)
    months = grid_rules.months_of(values.get(parameter, "")) or otherwise
    day = grid_rules.months_after(doing.today, months)
    doing.case.stage = "monitored"
    instance = doing.session.get_one(ProcessInstance, doing.call.instance_id)
    _watch(doing.session, doing.acting, instance, day)
    return {"next_review": day}


def _watch(session: Session, acting: Acting, instance: ProcessInstance, day: date) -> None:
    stop_watching(session, instance.id)
    coming_due.watch(
        session,
        acting,
        _Watch(instance),
        instance.establishment_id,
        LATE,
        guards=GUARDS,
        name=NAME,
        dates={"next_review": day},
    )


def stop_watching(session: Session, instance_id: UUID) -> None:
    """The review was made, or nothing is reviewed any more."""
    clocks.end_clocks(session, instance_id, "completed", guards=GUARDS)


@guarded_by(GUARDS)
def review_is_late(came: CameDue) -> None:
    """Three weeks late: the category is suspended; what runs goes on."""
    came.clock.state = "done"
    instance = came.session.get(ProcessInstance, came.clock.guarded_id)
    if instance is None or instance.state != "running":
        return
    case = came.session.get_one(Case, instance.case_id)
    categories.suspend(came.platform, came.session, came.acting, case)


@effect("monitoring.look")
def look(doing: Doing) -> Mapping[str, Code]:
    """Whether this turn and the one before were quiet: then closing is proposed [SE-5 step 7]."""
    now_quiet = is_quiet(doing.session, doing.call.instance_id, doing.call.variables)
    before = last(doing.session, doing.call.instance_id)
    return {"two_quiet": now_quiet and before is not None and before.quiet}


def is_quiet(session: Session, instance_id: UUID, variables: Mapping[str, Code]) -> bool:
    """Somebody looked since the last review, and nothing that harms or threatens was seen."""
    before = last(session, instance_id)
    since = before.reviewed_at if before else None
    return looked(session, instance_id, since) and variables.get("expression_seen") is False


def looked(session: Session, instance_id: UUID, since: datetime | None) -> bool:
    """Whether what was seen was noted since a moment; nobody looking is not the same as quiet."""
    wanted = select(HumanTask.id).where(
        HumanTask.instance_id == instance_id,
        HumanTask.form == FRAMES,
        HumanTask.state == "completed",
    )
    if since is not None:
        wanted = wanted.where(HumanTask.ended_at > since)
    return session.scalars(wanted.limit(1)).first() is not None


def last(session: Session, instance_id: UUID) -> MonitoringReview | None:
    """The review before this one."""
    wanted = select(MonitoringReview).where(MonitoringReview.instance_id == instance_id)
    return session.scalars(wanted.order_by(MonitoringReview.reviewed_at.desc()).limit(1)).first()


@effect("assessment.observe")
def observe_once(doing: Doing) -> Mapping[str, Code]:
    """Observation until a day begins; it is open once."""
    doing.case.stage = "monitored"
    return {"observed_once": True}
