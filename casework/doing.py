"""What the steps of a detection and its common parts do by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from casework import (
    bearing,
    catalogues,
    dangers,
    duplicates,
    hooks,
    notifying,
    record,
    rounds,
    seats,
    shown,
    submissions,
)
from casework.access_policy import DANGER
from casework.clients import consents
from casework.commission import minutes
from casework.concordance import any_concern, conclusions_differ, is_referable
from casework.cycle import categories
from casework.effects import Doing, effect
from casework.placement import bundle
from casework.refusals import Refused
from casework.tables import Person, Round
from processes.engine import EngineFault
from processes.ports import Code
from processes.tables import HumanTask

GOES_ON = frozenset({"referred", "monitored"})
"""Stages in which a case stays open when its own process has ended."""

LEVELS = {"owner": 1, "superior": 2, "authority": 3, "oversight": 4}
"""The ladder of C-15 [domain.md 6.3]."""


# --- the case and the person --------------------------------------------------------------------


@effect("case.find_duplicate")
def find_duplicate(doing: Doing) -> Mapping[str, Code]:
    """Whether the same person has an older open case [domain.md C-01 duplicate check]."""
    return {"duplicate": duplicates.older_open_case(doing.session, doing.case) is not None}


@effect("case.join_duplicate")
def join_duplicate(doing: Doing) -> Mapping[str, Code]:
    """Copy this case's submissions into the older case; nothing of this one remains apart."""
    other = duplicates.older_open_case(doing.session, doing.case, lock=True)
    if other is None:  # the form refuses this before; nothing may vanish without a place to go
        raise EngineFault(doing.element.id, "There is no older open case to join.")
    copies = submissions.copy_to(doing.platform, doing.session, doing.acting, doing.case, other)
    dangers.hand_on(doing.session, doing.case, other, copies)
    doing.case.at_end, doing.case.stage = "discard", "joined"
    doing.note("case.join")
    notifying.tell_role(
        doing.session,
        doing.acting,
        doing.platform.ports.directory,
        other.owner_role,
        "observation_joined",
        establishment_id=other.establishment_id,
        case_id=other.id,
    )
    return {}


@effect("person.age")
def age(doing: Doing) -> Mapping[str, Code]:
    """Whether the person is of age today; adult paths are closed to minors [domain.md 8.6]."""
    if doing.case.person_id is None:
        raise EngineFault(doing.element.id, "The case is about nobody any more: it was erased.")
    person = doing.session.get_one(Person, doing.case.person_id)
    return {"adult": shown.is_adult(person, doing.today)}


@effect("observation.discard")
def discard(doing: Doing) -> Mapping[str, Code]:
    """Nothing of a discarded observation remains: when the instance ends, all of it goes
    [domain.md 0.1 FR-1, invariant I1]; but a case that carries more than it is kept."""
    if not bearing.is_more(doing.session, doing.case.id, doing.call.instance_id):
        doing.case.at_end = "discard"
    return {}


@effect("case.close")
def close(doing: Doing) -> Mapping[str, Code]:
    """Set the stage that the model names; close the case unless it goes on elsewhere, a danger in
    it waits for an answer, or a measure or another process runs: it is then closed when all of
    that has ended."""
    stage, session, case_id = doing.attribute("stage", "closed"), doing.session, doing.case.id
    doing.case.stage = stage
    waits = dangers.unanswered(session, case_id) is not None
    if stage not in GOES_ON and not waits and not _goes_on(doing):
        doing.case.state, doing.case.closed_at = "closed", doing.acting.now
        categories.forget(session, doing.acting, doing.case)
    doing.note("case.stage", stage=stage)
    return {}


def _goes_on(doing: Doing) -> bool:
    return bearing.goes_on(doing.session, doing.case.id, doing.call.instance_id)


@effect("monitor.begin")
def begin_monitoring(doing: Doing) -> Mapping[str, Code]:
    """Monitoring begins; it is open once [domain.md FR-1: no second monitor]."""
    doing.case.stage = "monitored"
    doing.note("case.stage", stage="monitored")
    return {"monitored": True}


# --- the round ----------------------------------------------------------------------------------


@effect("grids.missing")
def missing(doing: Doing) -> Mapping[str, Code]:
    """Which grids have not come yet: asked before the raters are."""
    round_ = _round(doing)
    absent = {seat.id for seat in rounds.missing(doing.session, round_)}
    round_.complete = not absent
    found: dict[str, Code] = {"grids_complete": not absent}
    for plan in hooks.blind_plans(doing.model, doing.pack):
        seat_id = doing.call.variables.get(plan.variable)
        found[f"{plan.stem}_missing"] = bool(seat_id) and UUID(str(seat_id)) in absent
    return found


def _round(doing: Doing) -> Round:
    round_ = seats.current_round(doing.session, doing.case.id)
    if round_ is None:
        raise EngineFault(doing.element.id, "There is no round of ratings in this case.")
    return round_


@effect("grids.compare")
def compare(doing: Doing) -> Mapping[str, Code]:
    """Set the grids that are in side by side: yes-or-no answers, no number."""
    taken_stock = missing(doing)
    round_ = _round(doing)
    unread = replace(doing.acting, user_id=None)
    given = submissions.grids_of(doing.platform, doing.session, unread, round_)
    round_.differs = conclusions_differ(given)
    round_.referable = is_referable(given)
    return {
        **taken_stock,
        "any_concern": any_concern(given),
        "conclusions_differ": round_.differs,
        "referable": round_.referable,
    }


@effect("seats.replace")
def replace_raters(doing: Doing) -> Mapping[str, Code]:
    """Put the alternates on the seats whose grid has not come."""
    directory = doing.platform.ports.directory
    for seat in rounds.missing(doing.session, _round(doing)):
        if seat.alternate_id is not None:
            place_id = seats.place_for(
                doing.session, directory, doing.case, seat, doing.acting.now.date()
            )
            rounds.take(doing.session, doing.acting, seat, seat.alternate_id, place_id)
            doing.note("seat.replace", seat=str(seat.id))
    return {}


# --- the record ---------------------------------------------------------------------------------


@effect("record.inventory")
def inventory(doing: Doing) -> Mapping[str, Code]:
    """Note that the inventory of the case is drawn up; the step that follows shows it
    [domain.md X-7 step 3; LED art. 16]."""
    doing.note("record.inventory")
    return {}


@effect("record.erase")
def erase(doing: Doing) -> Mapping[str, Code]:
    """Erase what the inventory names; the proof without content stays [domain.md X-7]."""
    if _goes_on(doing):  # begun after the list was agreed
        say = catalogues.of_pack(doing.case.pack).say
        raise Refused(
            say(
                "A measure, a remedy or another process still runs in this case. It is erased"
                " once that has ended."
            )
        )
    asked = (doing.platform, doing.session, doing.acting, doing.case.id)
    record.erase_case(*asked)
    categories.forget(doing.session, doing.acting, doing.case)
    minutes.rewrite(*asked)
    bundle.destroy(*asked)
    consents.forget(doing.session, doing.case.id)
    return {}


# --- telling ------------------------------------------------------------------------------------


@effect("notify.urgent")
def notify_urgent(doing: Doing) -> Mapping[str, Code]:
    """Tell at once those who can act on a danger; the flow goes on beside it [domain.md 0.1]."""
    named = [role.strip() for role in doing.attribute("to").split(",") if role.strip()]
    governors = [role for role in doing.pack.roles if role.endswith(".governor")]
    forms = {start.form for start in doing.model.starts if start.form}
    entry_id = dangers.observation(doing.session, doing.case, forms)
    asking = dangers.asking_step(doing.session, doing.call.instance_id) or doing.element.id
    for role in named or governors or ["common.director"]:
        notice = doing.tell(role, DANGER, level=1)
        notice.entry_id, notice.element_id = entry_id, asking
    doing.session.flush()
    return {}


@effect("notify.role")
def notify_role(doing: Doing) -> Mapping[str, Code]:
    """Tell the function that the model names, with the code it names."""
    doing.tell(doing.attribute("to", "common.coordinator"), doing.attribute("code", "information"))
    return {}


@effect("escalation.tell")
def tell_escalation(doing: Doing) -> Mapping[str, Code]:
    """Tell the next level that a step is overdue (C-15): `sv:to` names a variable with a role."""
    named = doing.attribute("level", "owner")
    level = int(named) if named.isdigit() else LEVELS.get(named, 1)
    to = doing.attribute("to", "superior").lstrip("= ")
    role = str(doing.call.variables.get(to) or to)
    task = _guarded(doing)
    if task is not None and task.state == "open":
        task.escalation_level = max(task.escalation_level, level)
    doing.tell(role, "escalated", level=level, task=task)
    return {}


def _guarded(doing: Doing) -> HumanTask | None:
    task_id = doing.call.guarded_task_id
    return doing.session.get(HumanTask, task_id) if task_id else None
