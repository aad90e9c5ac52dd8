"""What service tasks and events do: the effects that models name with `sv:effect`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    aftermath,
    coming_due,
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
from casework.commission import closing, silence
from casework.concordance import any_concern, conclusions_differ, is_referable
from casework.interruptedwords import PASSED_UP
from casework.measures import ending, standing
from casework.tables import Case, Notification, Person, Round
from processes.acting import Acting
from processes.engine import Element, EngineFault, Model
from processes.packs import Pack
from processes.ports import Code, EffectCall, Interruption, JournalEntry
from processes.tables import Clock, Establishment, HumanTask, Message, ProcessInstance, Timer

if TYPE_CHECKING:
    from casework.platform import Platform

ADULT_AT = 18
GOES_ON = frozenset({"referred", "monitored"})
"""Stages in which a case stays open when its own process has ended."""

LEVELS = {"owner": 1, "superior": 2, "authority": 3, "oversight": 4}
"""The ladder of C-15 [domain.md 6.3]."""


@dataclass(frozen=True)
class Doing:
    """One effect with everything around it."""

    platform: Platform
    session: Session
    acting: Acting
    call: EffectCall
    case: Case
    element: Element
    model: Model
    pack: Pack

    @property
    def place(self) -> Establishment:
        """Where the case is."""
        return self.session.get_one(Establishment, self.call.establishment_id)

    @property
    def today(self) -> date:
        """The day at the establishment."""
        return self.acting.now.astimezone(ZoneInfo(self.place.zone)).date()

    def attribute(self, name: str, otherwise: str = "") -> str:
        """An sv: attribute of the service task or event."""
        return self.call.attributes.get(name) or otherwise

    def tell(
        self, role: str, code: str, level: int = 0, task: HumanTask | None = None
    ) -> Notification:
        """Notify a function at the case's place."""
        return notifying.tell_role(
            self.session,
            self.acting,
            self.platform.ports.directory,
            self.pack.role(role),
            code,
            establishment_id=self.call.establishment_id,
            case_id=self.case.id,
            task=task,
            element_id=self.element.id,
            level=level,
        )

    def note(self, act: str, **codes: str) -> None:
        """Write the act into the case's audit chain."""
        entry = JournalEntry(act, self.case.id, "case", self.case.id, codes)
        self.platform.ports.journal.write(self.session, self.acting, entry)


Effect = Callable[[Doing], Mapping[str, Code]]
EFFECTS: dict[str, Effect] = {}


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register an effect under the name that models use."""

    def register(function: Effect) -> Effect:
        EFFECTS[name] = function
        return function

    return register


class CaseworkEffects:
    """The effects port; `bind` gives it the platform it is a part of."""

    def __init__(self, platform: Platform | None = None) -> None:
        self._platform = platform

    def bind(self, platform: Platform) -> None:
        """Called once, when the platform is put together."""
        self._platform = platform

    @property
    def platform(self) -> Platform:
        """The platform; without one no effect can run."""
        if self._platform is None:
            raise RuntimeError("CaseworkEffects is not bound: call bind(platform) when wiring")
        return self._platform

    def names(self) -> frozenset[str]:
        """All effects that exist."""
        return frozenset(EFFECTS)

    def run(self, session: Session, acting: Acting, call: EffectCall) -> Mapping[str, Code]:
        """Carry out one effect; an unknown name is an incident of the step."""
        if call.name not in EFFECTS:
            raise EngineFault(call.element_id, f"There is no effect “{call.name}”.")
        instance = session.get_one(ProcessInstance, call.instance_id)
        model = self.platform.models.model(session, instance.version_id)
        doing = Doing(
            platform=self.platform,
            session=session,
            acting=acting,
            call=call,
            case=session.get_one(Case, call.case_id),
            element=model.elements[call.element_id],
            model=model,
            pack=self.platform.models.pack(session, instance.version_id),
        )
        return EFFECTS[call.name](doing)

    def remind(self, session: Session, acting: Acting, task: HumanTask, moment: str) -> None:
        """Tell the holder, or the function, that a task's reminder or due date has come."""
        notifying.tell_holder(session, acting, task, f"task_{moment}")

    def passed_on(self, session: Session, acting: Acting, task: HumanTask) -> None:
        """Tell whoever had to get a late step moving that it is not theirs any more."""
        notifying.tell_holder(session, acting, task, PASSED_UP)

    def answer_owed(self, session: Session, acting: Acting, message: Message) -> None:
        """Tell who owes the answer, and the owner of the case, that it is late."""
        case = session.get_one(Case, message.case_id)
        for role in dict.fromkeys((message.owner_role, case.owner_role)):
            if role is not None:
                notifying.tell_role(
                    session,
                    acting,
                    self.platform.ports.directory,
                    role,
                    "answer_owed",
                    establishment_id=message.establishment_id,
                    case_id=case.id,
                    level=1,
                )

    def came_due(self, session: Session, acting: Acting, clock: Clock, timer: Timer) -> None:
        """Something that casework guards has come to its moment, with or without an instance."""
        coming_due.come_due(coming_due.CameDue(self.platform, session, acting, clock, timer))

    def ended(self, session: Session, acting: Acting, instance: ProcessInstance) -> None:
        """After an instance: end its corrections; then discard, close, or leave the case waiting
        for the answer to its referral."""
        aftermath.cancel_corrections(session, acting, instance)
        case = session.get(Case, instance.case_id)
        if case is None or _is_running(session, case.id):
            return
        if case.at_end == "discard":
            record.discard_case(self.platform, session, acting, case.id)
        elif case.state == "open":
            _settle(session, acting, case)

    def interrupted(self, session: Session, acting: Acting, interruption: Interruption) -> None:
        """After an interruption: drop drafts, end corrections and the round, tell who worked."""
        closing.withdraw(session, acting, interruption.message.case_id)
        silence.withdraw(session, interruption.message.case_id)
        aftermath.tidy(session, acting, self.platform.ports.directory, interruption)
        message = interruption.message
        case = session.get_one(Case, message.case_id)
        ending.interrupted(self.platform, session, acting, case, message.sender_key)


def _settle(session: Session, acting: Acting, case: Case) -> None:
    """A case whose processes have ended is closed, unless a measure runs, which it says before
    all else, or an answer is owed to it."""
    owed = select(Message.id).where(
        Message.case_id == case.id, Message.state == "kept", Message.owner_role.is_not(None)
    )
    if standing.any_in_force(session, case.id):
        case.stage = "measure"
    elif session.scalars(owed.limit(1)).first() is not None:
        case.stage = "referred"
    else:
        case.state, case.closed_at = "closed", acting.now


def _is_running(session: Session, case_id: UUID) -> bool:
    running = select(ProcessInstance.id).where(
        ProcessInstance.case_id == case_id, ProcessInstance.state.in_(("running", "incident"))
    )
    return session.scalars(running).first() is not None


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
    return {"adult": shown.years(person.born_on, doing.today) >= ADULT_AT}


@effect("observation.discard")
def discard(doing: Doing) -> Mapping[str, Code]:
    """Nothing of a discarded observation remains: when the instance ends, all of it goes
    [domain.md 0.1 FR-1, invariant I1]."""
    doing.case.at_end = "discard"
    return {}


@effect("case.close")
def close(doing: Doing) -> Mapping[str, Code]:
    """Set the stage that the model names; close the case unless it goes on elsewhere, or a danger
    in it waits for an answer: it is then closed when its process ends."""
    stage = doing.attribute("stage", "closed")
    doing.case.stage = stage
    if stage not in GOES_ON and dangers.unanswered(doing.session, doing.case.id) is None:
        doing.case.state, doing.case.closed_at = "closed", doing.acting.now
    doing.note("case.stage", stage=stage)
    return {}


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
    for seat in rounds.missing(doing.session, _round(doing)):
        if seat.alternate_id is not None:
            rounds.take(doing.session, doing.acting, seat, seat.alternate_id)
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
    record.erase_case(doing.platform, doing.session, doing.acting, doing.case.id)
    return {}


# --- telling ------------------------------------------------------------------------------------


@effect("notify.urgent")
def notify_urgent(doing: Doing) -> Mapping[str, Code]:
    """Tell at once those who can act on a danger; the flow goes on beside it [domain.md 0.1]."""
    named = [role.strip() for role in doing.attribute("to").split(",") if role.strip()]
    governors = [role for role in doing.pack.roles if role.endswith(".governor")]
    forms = {start.form for start in doing.model.starts if start.form}
    entry_id = dangers.observation(doing.session, doing.case, forms)
    for role in named or governors or ["common.director"]:
        doing.tell(role, DANGER, level=1).entry_id = entry_id
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
