"""The effects that models name with `sv:effect`: how they are found, and what all of them know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    aftermath,
    bearing,
    coming_due,
    notifying,
    record,
)
from casework.commission import closing, silence
from casework.cycle import categories
from casework.interruptedwords import PASSED_UP
from casework.measures import ending, standing
from casework.tables import Case, Notification
from processes.acting import Acting
from processes.engine import Element, EngineFault, Model
from processes.packs import Pack
from processes.ports import Code, EffectCall, Interruption, JournalEntry
from processes.tables import Clock, Establishment, HumanTask, Message, ProcessInstance, Timer

if TYPE_CHECKING:
    from casework.platform import Platform


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


STILL_TOLD = frozenset({"measureLapsed", "deferralGranted"})
"""Messages that begin a telling, which is owed although the case has closed meanwhile."""

Effect = Callable[[Doing], Mapping[str, Code]]
EFFECTS: dict[str, Effect] = {}


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register an effect under the name that models use; ValueError where it has one already."""

    def register(function: Effect) -> Effect:
        if name in EFFECTS:
            raise ValueError(f"effect registered twice: {name}")
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

    def may_begin(self, session: Session, message: Message) -> bool:
        """Whether a message may begin a process: in an open case; in a closed one only a telling
        that is still owed to the person."""
        case = session.get(Case, message.case_id)
        if case is None or case.agency_id != message.agency_id:
            return False
        return case.state == "open" or message.name in STILL_TOLD

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
        if case.at_end == "discard" and bearing.is_more(session, case.id, instance.id):
            case.at_end = None  # something was begun meanwhile: it is kept with all it rests on
        if case.at_end == "discard":
            record.discard_case(self.platform, session, acting, case.id)
        elif case.state == "open":
            _settle(session, acting, case)
        if case.state == "closed":
            categories.forget(session, acting, case)

    def interrupted(self, session: Session, acting: Acting, interruption: Interruption) -> None:
        """After an interruption: drop drafts, end corrections and the round, tell who worked."""
        closing.withdraw(session, acting, interruption.message.case_id)
        silence.withdraw(session, interruption.message.case_id)
        aftermath.tidy(session, acting, self.platform.ports.directory, interruption)
        message = interruption.message
        case = session.get_one(Case, message.case_id)
        categories.interrupted(self.platform, session, acting, case)
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
