"""The task page: the form with its draft, and everything around it that its reader must know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    access,
    ahead,
    apart,
    choosing,
    deadlines,
    material,
    record,
    shown,
    sources,
    staff,
)
from casework.access import Viewer
from casework.access_policy import ABSTRACT_FORMS, RATING_FORMS
from casework.commission import rules as commission_rules
from casework.commission.functions import COLLECTIVES, OPINIONS
from casework.material import Looking
from casework.observed import earlier_observations
from casework.pages import Beside, CaseFacts, HandBackTarget, PersonFacts, Place, TaskPage
from casework.refusals import Refused
from casework.submissions import Given
from casework.supervision import days
from casework.tables import Case, Draft, Notification, UserAccount
from casework.words import ENGLISH, Speaking, Wording, readers
from casework.worklist import held_by, task_title
from forms import BoundForm, FormDefinition, build
from processes.acting import Acting
from processes.tables import HumanTask, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform


def open_task(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
    raw: Mapping[str, Any] | None = None,
    formdata: Any = None,
    section: str | None = None,
    form: BoundForm | None = None,
) -> TaskPage:
    """The task page; `NotVisible` when not the viewer's. The draft fills the form, unless what
    was just typed (`raw`, or `formdata` as posted, of one `section` or of all) is handed in to
    show it again without checking, or a `form` that was checked."""
    looking = look(platform, session, acting, viewer, task_id, speaking)
    definition = definition_of(looking)
    seats_asked = choosing.seat_choices(looking, definition)
    if form is None:
        options = choosing.options(looking, definition, seats_asked)
        form = bind(looking, definition, options, raw=raw, formdata=formdata, section=section)
    return _page(looking, definition, form, seats_asked)


def look(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    speaking: Speaking = ENGLISH,
) -> Looking:
    """The task with its case and model; `NotVisible` when there is none for the viewer."""
    task = session.get(HumanTask, task_id)
    if task is None:
        raise access.NotVisible("task", task_id)
    if not access.may_see_task(session, viewer, task) and was_moved_away(session, viewer, task_id):
        raise Refused(
            speaking.say(
                "The person was moved to another prison, and this step is done there now. What was"
                " typed here and not sent is not kept."
            )
        )
    access.require_task(session, viewer, task)
    instance = session.get_one(ProcessInstance, task.instance_id)
    return Looking(
        platform=platform,
        session=session,
        acting=acting,
        viewer=viewer,
        task=task,
        case=session.get_one(Case, task.case_id),
        instance=instance,
        names=shown.wording(platform, session, instance.version_id, speaking),
    )


def was_moved_away(session: Session, viewer: Viewer, task_id: UUID) -> bool:
    """Whether the viewer was told that this step has gone with a person who was moved."""
    wanted = select(Notification.id).where(
        Notification.task_id == task_id,
        Notification.user_id == viewer.user_id,
        Notification.code == "step_moved_away",
    )
    return session.scalars(wanted.limit(1)).first() is not None


def definition_of(looking: Looking) -> FormDefinition:
    """The form of the task, of the version in which its instance runs."""
    models = looking.platform.models
    return models.form(looking.session, looking.instance.version_id, looking.task.form)


def bind(
    looking: Looking,
    definition: FormDefinition,
    options: Mapping[str, Any],
    *,
    raw: Mapping[str, Any] | None = None,
    formdata: Any = None,
    section: str | None = None,
) -> BoundForm:
    """The form with what was typed, over the draft, over what a correction starts from."""
    zone = shown.zone_of(looking.session, looking.task.establishment_id)
    return build(
        definition,
        looking.speaking.translate,
        formdata,
        raw if raw is not None else _typed_before(looking),
        section,
        choices=options,
        today=shown.local_day(looking.acting.now, zone),
    )


def _typed_before(looking: Looking) -> Mapping[str, Any] | None:
    task, user_id = looking.task, looking.viewer.user_id
    draft = record.load_draft(looking.platform, looking.session, user_id, task.id)
    if draft is not None:
        return draft[0]
    request = material.request_of(looking)
    corrected = material.read_corrected(looking, request) if request else None
    return corrected.answers if corrected else days.suggested(looking)


def _page(
    looking: Looking,
    definition: FormDefinition,
    form: BoundForm,
    seats_asked: tuple[Any, ...],
) -> TaskPage:
    task, session, speaking = looking.task, looking.session, looking.speaking
    person = person_shown(looking)
    needs = material.needed(looking)
    draft = draft_of(session, looking.viewer.user_id, task.id)
    holds = held_by(task, looking.viewer.user_id)
    is_open = task.state == "open"
    blocked = apart.why_not(session, task.case_id, task.form, looking.viewer.user_id, speaking)
    return TaskPage(
        task_id=task.id,
        title=task_title(task, looking.names),
        state=task.state,
        role=task.role,
        role_name=looking.names.role(task.role),
        definition=definition,
        form=form,
        sections=form.sections,
        wide=definition.is_wide,
        minutes=definition.minutes,
        draft_saved_at=draft.saved_at if draft else None,
        draft_revision=draft.revision if draft else 0,
        case=case_shown(looking),
        person=person,
        seats=seats_asked,
        place=place_of(
            looking.names,
            looking.instance.version_id,
            task.element_id,
            task.role,
            looking.inside,
        ),
        explanation=explained(looking),
        readers=readers(definition.layers, task.form in RATING_FORMS, speaking),
        deadline=deadlines.of_task(looking),
        held_by=holds,
        holder=staff.name_of(session, task.holder_id, looking.speaking),
        may_claim=is_open and holds == "nobody" and blocked is None,
        may_release=is_open and holds == "me" and task.seat_id is None,
        may_complete=is_open and holds != "other" and blocked is None,
        blocked=blocked,
        targets=targets(looking, needs) if is_open and holds != "other" else (),
        corrections=corrections(looking),
        legal_basis=looking.names.basis(task.legal_basis),
        layer=task.layer,
        done_by=staff.name_of(session, task.ended_by, looking.speaking),
        done_by_me=task.ended_by == looking.viewer.user_id,
        done_at=task.ended_at,
        read=lambda: beside(looking, needs, person),
    )


def beside(looking: Looking, needs: list[Given], person: PersonFacts | None) -> Beside:
    """Read what the step is done from; each reading is audited."""
    readings = material.read(looking, needs)
    request = material.request_of(looking)
    rates = looking.task.form in RATING_FORMS and looking.task.state == "open"
    return Beside(
        facts=material.facts(looking, person),
        material=material.in_words(looking, readings),
        concordance=material.concordance_rows(looking, readings),
        earlier=earlier_observations(looking) if rates else (),
        message=request.message if request else None,
        message_from=request.author if request else None,
    )


def person_shown(looking: Looking) -> PersonFacts | None:
    """Who the case is about; nobody where the step is answered without name and file."""
    if looking.task.form in ABSTRACT_FORMS:
        return None
    return shown.person_facts(
        looking.session, looking.case.person_id, looking.acting.now, looking.speaking
    )


def case_shown(looking: Looking) -> CaseFacts:
    """The case in one line; without its name where the step is abstract."""
    facts = shown.case_facts(looking.session, looking.case, looking.names, looking.speaking)
    if looking.task.form not in ABSTRACT_FORMS:
        return facts
    return CaseFacts(**{**facts.__dict__, "name": None})


def place_of(
    names: Wording,
    version_id: UUID,
    element_id: str,
    role: str,
    inside: frozenset[str] = frozenset(),
) -> Place:
    """Where an element stands."""
    element = names.model.elements[element_id]
    documentation, source = sources.apart(names.documentation(element_id), names.speaking)
    return Place(
        version_id=version_id,
        model=element.process,
        model_title=names.process(element.process),
        element_id=element_id,
        element_name=names.element(element_id),
        lane=names.lane(element),
        role_name=names.role(role),
        callers=ahead.path_to(names, element.process, inside),
        documentation=documentation,
        source=source,
    )


def explained(looking: Looking) -> tuple[str, ...]:
    """What stands against the step, and what comes after it; a correction goes back to where it
    came from."""
    if looking.task.handed_back_from is None:
        return commission_rules.not_yet(looking) + ahead.next_in_words(
            looking.names, looking.task.element_id, looking.inside
        )
    say = looking.speaking.say
    return (say("When you submit, the colleague who asked goes on with the corrected answers."),)


def targets(looking: Looking, needs: list[Given]) -> tuple[HandBackTarget, ...]:
    """Whose work, shown here, can be handed back: not a blind grid, nor an opinion that others have
    read since, nor the person's own words."""
    kept = {*RATING_FORMS, *OPINIONS, *COLLECTIVES, "F-STMT", "F-ADVISOR"}
    return tuple(
        HandBackTarget(
            given.first.id,
            material.title_of(looking, given),
            material.author_of(looking, given),
        )
        for given in needs
        if given.form not in kept
        and given.first.author_id not in (None, looking.viewer.user_id)
        and _is_active(looking.session, given.first.author_id)
    )


def _is_active(session: Session, user_id: UUID | None) -> bool:
    user = session.get(UserAccount, user_id) if user_id else None
    return user is not None and user.active


def corrections(looking: Looking) -> tuple[str, ...]:
    """Corrections that were asked for from here and are still open."""
    return tuple(
        looking.speaking.say(
            "{title}, asked of {who}",
            title=task_title(task, looking.names),
            who=staff.name_of(looking.session, task.holder_id, looking.speaking)
            or looking.names.role(task.role),
        )
        for task in open_corrections(looking.session, looking.task.id)
    )


def open_corrections(session: Session, task_id: UUID) -> list[HumanTask]:
    """Corrections asked for from a task that are still open."""
    waiting = select(HumanTask).where(
        HumanTask.handed_back_from == task_id, HumanTask.state == "open"
    )
    return list(session.scalars(waiting))


def draft_of(session: Session, user_id: UUID, task_id: UUID | None) -> Draft | None:
    """The viewer's draft of a task; its text stays sealed."""
    wanted = select(Draft).where(Draft.author_id == user_id, Draft.task_id == task_id)
    return session.scalars(wanted).first()
