"""The person was released, died, is a minor; a court orders otherwise; the detection was wrong.

Whoever sees the case and answers for it records it: everything that runs in the case ends, and
the process that says what continues begins [domain.md 0.1 Interruptions, 8.3, 8.6 to 8.9]. The
registry, which learns first and sees no case, has a page of its own (`casework.registering`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework import access, ahead, moves, record, shown, taskpage
from casework.access import Viewer
from casework.pages import FormPage
from casework.refusals import Refused
from casework.tables import Case
from casework.words import ENGLISH, Speaking, Wording, readers
from forms import BoundForm, FormDefinition, build
from processes import delivery, messages, versions
from processes import interruption as frame
from processes.acting import Acting
from processes.engine import Element
from processes.ports import Code
from processes.tables import HumanTask, Message, ProcessVersion

if TYPE_CHECKING:
    from casework.platform import Platform

MODEL = "interrupted"
REASON = "interruption"
WRONGFUL = "wrongful_finding"
OUTSIDE = frozenset({"released", "died", "minor", "court_order"})
EVERY = OUTSIDE | {WRONGFUL}
MAY_RECORD: Mapping[str, frozenset[str]] = {
    "common.coordinator": OUTSIDE,
    "common.director": EVERY,
    "common.governor": OUTSIDE,
    "common.dpo": frozenset({WRONGFUL}),
}
"""What functions that see the case and answer for it may record; the case's owner everything.
That a detection was wrong is said by those who answer for its being right, or for the person's
data: nobody else ends a case as wrong [LED art. 16, 34]."""


@dataclass(frozen=True)
class Interrupted:
    """It is recorded: what ended, and who goes on with what."""

    case_id: UUID
    sentences: tuple[str, ...]
    may_see_case: bool


@dataclass(frozen=True)
class Asked:
    """Somebody who may interrupt a case, and the process that would begin."""

    platform: Platform
    session: Session
    acting: Acting
    viewer: Viewer
    case: Case
    version: ProcessVersion
    start: Element
    names: Wording
    reasons: frozenset[str]

    @property
    def speaking(self) -> Speaking:
        """The reader's language."""
        return self.names.speaking


def may_interrupt(platform: Platform, session: Session, viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may record an interruption, and anything is left that it would end."""
    if not _reasons(platform, session, viewer, case):
        return False
    return case.state == "open" and frame.stands(session, case.id)


def interruption_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
) -> FormPage:
    """The empty form; `NotVisible` for others, `Refused` when nothing could be ended."""
    asked = _asked(platform, session, acting, viewer, case_id, speaking)
    require_standing(asked)
    return _page(asked, _bound(asked, None))


def interrupt(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    formdata: Any,
    *,
    speaking: Speaking = ENGLISH,
) -> Interrupted | FormPage:
    """Record it: end what runs, begin what follows. The page again when the form refuses;
    `Refused`, in words, when it comes too early, too late, or a second time."""
    known = session.get(Case, case_id)
    if known is not None:
        moves.settled(session, known)
    asked = _asked(platform, session, acting, viewer, case_id, speaking)
    require_standing(asked)
    form = _bound(asked, formdata)
    if not form.validate() or not _allowed(asked, form):
        return _page(asked, form)
    return carry_out(asked, form.definition, form.answers())


def _allowed(asked: Asked, form: BoundForm) -> bool:
    """Whether the viewer's function may record this reason; else the form says who may."""
    reason = form.answers()[REASON]
    if reason in asked.reasons:
        return True
    say = asked.speaking.say
    wrongful = say(
        "That a detection was wrong is recorded by the function that owns the case, by the"
        " director or by the data protection officer."
    )
    outside = say("Your function records here only that the detection was wrong.")
    form.add_error(REASON, wrongful if reason == WRONGFUL else outside)
    return False


def _asked(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    speaking: Speaking,
) -> Asked:
    case = session.get(Case, case_id)
    found = _reasons(platform, session, viewer, case) if case is not None else {}
    if case is None or not found:
        raise access.NotVisible("case", case_id)
    return asked_as(platform, session, acting, viewer, case, found, speaking)


def asked_as(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case: Case,
    found: Mapping[str, frozenset[str]],
    speaking: Speaking,
) -> Asked:
    """Everything around an interruption by somebody who may record `found`, by function."""
    version = versions.active_version(session, case.agency_id, MODEL)
    names = shown.wording(platform, session, version.id, speaking)
    start = next(s for s in names.model.starts if s.message == messages.INTERRUPTED)
    acting = replace(acting, role=max(found, key=lambda role: len(found[role])))
    reasons = frozenset(reason for may in found.values() for reason in may)
    return Asked(platform, session, acting, viewer, case, version, start, names, reasons)


def _reasons(
    platform: Platform, session: Session, viewer: Viewer, case: Case
) -> dict[str, frozenset[str]]:
    """What the viewer may record, by function held at the place of a case that he or she sees."""
    if case.kind != "person" or not access.may_see_case(session, viewer, case):
        return {}
    try:
        version = versions.active_version(session, case.agency_id, MODEL)
    except versions.NotDeployed:
        return {}
    pack = platform.models.pack(session, version.id)
    may = {pack.role(name): reasons for name, reasons in MAY_RECORD.items()}
    may[case.owner_role] = EVERY
    held = viewer.roles_at(case.establishment_id)
    return {role: reasons for role, reasons in may.items() if role in held}


def require_standing(asked: Asked) -> None:
    """A case that is closed, erased or about to leave nothing is not interrupted."""
    case, say = asked.case, asked.speaking.say
    if case.at_end == "discard":
        raise Refused(say("Nothing of this observation is kept. There is nothing to end."))
    if case.state == "open" and frame.stands(asked.session, case.id):
        return
    raise Refused(
        say(
            "This case is closed: nothing runs in it that could be ended. If something in it was"
            " wrong, write to the data protection officer."
        )
    )


def _bound(asked: Asked, formdata: Any) -> BoundForm:
    zone = shown.zone_of(asked.session, asked.case.establishment_id)
    return build(
        asked.platform.models.form(asked.session, asked.version.id, asked.start.form or ""),
        asked.speaking.translate,
        formdata,
        None,
        today=shown.local_day(asked.acting.now, zone),
    )


def _page(asked: Asked, form: BoundForm) -> FormPage:
    session, case, names = asked.session, asked.case, asked.names
    sees_person = access.may_see_person(session, asked.viewer, case)
    main = shown.case_wording(asked.platform, session, case, asked.speaking)
    return FormPage(
        case_id=case.id,
        case=shown.case_facts(session, case, main, asked.speaking),
        person=shown.person_facts(
            session, case.person_id if sees_person else None, asked.acting.now, asked.speaking
        ),
        definition=form.definition,
        form=form,
        sections=form.sections,
        place=taskpage.place_of(
            names, asked.version.id, asked.start.id, names.pack.role(asked.start.role or "")
        ),
        explanation=ahead.next_in_words(names, asked.start.id),
        readers=readers(form.definition.layers, False, asked.speaking),
    )


def carry_out(asked: Asked, definition: FormDefinition, answers: Mapping[str, Any]) -> Interrupted:
    """End what runs, write down why, begin what follows."""
    session, acting, case = asked.session, asked.acting, asked.case
    submission = definition.split(answers)
    reason = str(submission.variables[REASON])
    _require_new(asked, reason)
    message = _message(asked, reason, dict(submission.variables))
    advanced = delivery.deliver(session, asked.platform, acting, message)
    if message.consumed_by is None:  # somebody else was quicker, and nothing is left to end
        require_standing(asked)
        raise Refused(asked.speaking.say("This case was ended just now. Open it again to see."))
    record.write_submission(
        asked.platform,
        session,
        acting,
        case.id,
        message.consumed_by,
        None,
        definition,
        submission,
    )
    return Interrupted(
        case_id=case.id,
        sentences=tuple(_sentences(asked, advanced.opened if advanced else None)),
        may_see_case=access.may_see_case(session, asked.viewer, case),
    )


def _message(asked: Asked, reason: str, payload: dict[str, Code]) -> Message:
    """The message that ends the case; of two with one reason at once, one is refused in words."""
    case = asked.case
    try:
        with asked.session.begin_nested():
            return messages.case_interrupted(
                asked.session, asked.acting, case.id, case.establishment_id, reason, payload
            )
    except IntegrityError:
        _require_new(asked, reason)
        raise


def _require_new(asked: Asked, reason: str) -> None:
    """Each reason is recorded once."""
    wanted = select(Message).where(
        Message.case_id == asked.case.id,
        Message.name == messages.INTERRUPTED,
        Message.sender_key == reason,
    )
    known = asked.session.scalars(wanted).first()
    if known is not None:
        zone = shown.zone_of(asked.session, asked.case.establishment_id)
        raise Refused(
            asked.speaking.say(
                "This was recorded already, on {moment}. Nothing needs to be done again.",
                moment=asked.speaking.moment(known.created_at, zone),
            )
        )


def _sentences(asked: Asked, opened: tuple[HumanTask, ...] | None) -> list[str]:
    say, names = asked.speaking.say, asked.names
    if opened is None:
        return [
            say("It is recorded. The case had been ended early before, for another reason."),
            say("Those who are finishing it have been told."),
        ]
    found = [say("Everything that was open in this case has ended. No deadline runs on.")]
    zone = shown.zone_of(asked.session, asked.case.establishment_id)
    for task in opened:
        step, role = names.element(task.element_id), names.role(task.role)
        due = asked.speaking.moment(task.due_at, zone) if task.due_at else ""
        found.append(
            say("Next: {role}: “{step}”, by {due}.", role=role, step=step, due=due)
            if due
            else say("Next: {role}: “{step}”.", role=role, step=step)
        )
    return found
