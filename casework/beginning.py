"""Beginning a process with a start form on a case that is there: a remedy, an urgent measure, a
request to be heard; which there are, and for whom, the deployed models say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    access,
    ahead,
    grid_rules,
    hindrances,
    moves,
    shown,
    starting,
    submissions,
    taskpage,
)
from casework.access import Viewer
from casework.access_policy import IDENTITY, task_layers
from casework.casepages import Beginning
from casework.clients import consents
from casework.grid_rules import RuleContext
from casework.measures import contesting, known
from casework.opening import MODELS as OPENING
from casework.pages import FormPage, PersonFacts
from casework.placement import after, late
from casework.refusals import Refused
from casework.tables import Case, RecordEntry
from casework.words import ENGLISH, Speaking, Wording, readers
from forms import BoundForm, Choice, build
from processes import parameters
from processes.acting import Acting
from processes.engine import Element
from processes.ports import Code
from processes.tables import ProcessVersion

if TYPE_CHECKING:
    from casework.platform import Platform

OPENS_A_FILE = frozenset({*OPENING, "commission-session"})
"""Processes whose start forms open a file of their own."""

EVEN_IF_CLOSED = frozenset(
    {
        *("remedy-watch", "court-after", "late-rejection"),
        *("placement", "release-planning", "probation"),
    }
)
"""What can still begin in a closed case: a decision is contested after its measure has ended, a
court rules after a release, and placement, release and probation begin in a file that rests."""

CHOSEN_FROM = {
    hindrances.REMEDY: contesting.options,
    after.FORM: after.options,
    late.FORM: late.options,
}
"""Start forms that let one choose among what stands in the case."""

SENT_TWICE_WITHIN = timedelta(hours=12)


@dataclass(frozen=True)
class BeginningPage(FormPage):
    """The start form, under the name of the event that it starts at."""

    form_id: str
    title: str


@dataclass(frozen=True)
class Done:
    """The process has begun: who goes on with what."""

    case_id: UUID
    instance_id: UUID
    title: str
    sentences: tuple[str, ...]
    may_see_case: bool


@dataclass(frozen=True)
class Start:
    """Where a start form stands."""

    version: ProcessVersion
    element: Element
    role: str
    names: Wording

    @property
    def form_id(self) -> str:
        """The start form."""
        return self.element.form or ""


@dataclass(frozen=True)
class _Asked:
    """Somebody who may begin a process on a case."""

    platform: Platform
    session: Session
    acting: Acting
    viewer: Viewer
    case: Case
    start: Start

    @property
    def speaking(self) -> Speaking:
        """The reader's language."""
        return self.start.names.speaking


def open_to(
    platform: Platform, session: Session, viewer: Viewer, case: Case, speaking: Speaking = ENGLISH
) -> tuple[Beginning, ...]:
    """What the viewer may begin on a case; nothing once it is closed."""
    return tuple(
        Beginning(start.form_id, start.names.element(start.element.id))
        for start in _on_case(platform, session, viewer, case, speaking)
        if _stands(case, start) and hindrances.words(session, case, start.form_id) is None
    )


def page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    form_id: str,
    *,
    speaking: Speaking = ENGLISH,
    formdata: Any = None,
) -> BeginningPage:
    """The form, empty or with what was just typed, not checked; `NotVisible` for others,
    `Refused` on a case that is closed."""
    asked = _asked(platform, session, acting, viewer, case_id, form_id, speaking)
    _require_standing(asked)
    return _page(asked, _bound(asked, formdata))


def send(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    form_id: str,
    formdata: Any,
    *,
    speaking: Speaking = ENGLISH,
) -> Done | BeginningPage:
    """Begin the process and write what was answered; the page again when form or rules refuse."""
    known = session.get(Case, case_id)
    if known is not None and formdata is not None:  # two posts at once: one waits here
        moves.settled(session, known)
    asked = _asked(platform, session, acting, viewer, case_id, form_id, speaking)
    _require_standing(asked)
    form = _bound(asked, formdata)
    if not form.validate():
        return _page(asked, form)
    sent = _sent_before(asked, form)
    if sent is not None:
        return sent
    return _carry_out(asked, form) if _holds(asked, form) else _page(asked, form)


def starts(
    platform: Platform,
    session: Session,
    agency_id: UUID,
    held: Collection[str],
    speaking: Speaking = ENGLISH,
) -> Iterator[Start]:
    """Where the deployed models let somebody who holds these functions begin on a case."""
    wanted = (
        select(ProcessVersion)
        .where(ProcessVersion.agency_id == agency_id, ProcessVersion.active)
        .where(ProcessVersion.model.not_in(OPENS_A_FILE))
        .order_by(ProcessVersion.model)
    )
    for version in session.scalars(wanted):
        model = platform.models.model(session, version.id)
        if not any(element.form for element in model.starts):
            continue
        names = shown.wording(platform, session, version.id, speaking)
        for element in model.starts:
            role = names.pack.role(element.role or "")
            if element.form and not element.message and role in held:
                yield Start(version, element, role, names)


def _on_case(
    platform: Platform, session: Session, viewer: Viewer, case: Case, speaking: Speaking
) -> Iterator[Start]:
    held = viewer.roles_at(case.establishment_id)
    if case.kind == "person" and case.agency_id == viewer.agency_id and held:
        yield from starts(platform, session, case.agency_id, held, speaking)


def _asked(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    form_id: str,
    speaking: Speaking,
) -> _Asked:
    case = session.get(Case, case_id)
    if case is None:
        raise access.NotVisible("case", case_id)
    found = _on_case(platform, session, viewer, case, speaking)
    start = next((start for start in found if start.form_id == form_id), None)
    if start is None:
        raise access.NotVisible("case", case_id)
    return _Asked(platform, session, replace(acting, role=start.role), viewer, case, start)


def _stands(case: Case, start: Start) -> bool:
    if case.at_end is not None:
        return False
    return case.state == "open" or (
        case.state == "closed" and start.version.model in EVEN_IF_CLOSED
    )


def _require_standing(asked: _Asked) -> None:
    if not _stands(asked.case, asked.start):
        raise Refused(
            asked.speaking.say(
                "This case is closed, so nothing can be begun in it. If it was closed by mistake,"
                " write to the coordinator."
            )
        )
    found = hindrances.words(asked.session, asked.case, asked.start.form_id, asked.speaking)
    if found is not None:
        raise Refused(found)


def _bound(asked: _Asked, formdata: Any) -> BoundForm:
    return build(
        asked.platform.models.form(asked.session, asked.start.version.id, asked.start.form_id),
        asked.speaking.translate,
        formdata,
        None,
        choices=_choices(asked),
        today=_today(asked),
    )


def _choices(asked: _Asked) -> dict[str, Sequence[Choice]]:
    """What a start form lets one choose from: decisions of the case, cases before a court."""
    options = CHOSEN_FROM.get(asked.start.form_id)
    return options(asked.session, asked.case, asked.speaking) if options else {}


def _today(asked: _Asked) -> Any:
    return shown.local_day(
        asked.acting.now, shown.zone_of(asked.session, asked.case.establishment_id)
    )


def _holds(asked: _Asked, form: BoundForm) -> bool:
    """Whether the rules accept what the form itself has taken."""
    definition, today = form.definition, _today(asked)
    values = parameters.Values(asked.session, asked.case.agency_id, today)
    found = grid_rules.check(
        grid_rules.rules_of(definition.id, definition.rules),
        definition,
        form.answers(),
        RuleContext(today, asked.speaking, values, _known(asked, today)),
    )
    for key, words in found:
        form.add_error(key, words)
    return not found


def _known(asked: _Asked, today: date) -> dict[str, Code]:
    """What the rules of a start form may know of the case."""
    return {
        **known.of_case(asked.session, asked.case.id),
        **consents.known(asked.session, asked.case.id, today),
    }


def _page(asked: _Asked, form: BoundForm) -> BeginningPage:
    session, case, start = asked.session, asked.case, asked.start
    sees = access.may_see_case(session, asked.viewer, case)
    main = shown.case_wording(asked.platform, session, case, asked.speaking)
    place = taskpage.place_of(start.names, start.version.id, start.element.id, start.role)
    return BeginningPage(
        case_id=case.id,
        form_id=start.form_id,
        title=start.names.element(start.element.id),
        case=shown.case_facts(session, case, main, asked.speaking) if sees else None,
        person=_person(asked),
        definition=form.definition,
        form=form,
        sections=form.sections,
        place=place,
        explanation=ahead.next_in_words(start.names, start.element.id),
        readers=readers(form.definition.layers, False, asked.speaking),
    )


def _person(asked: _Asked) -> PersonFacts | None:
    """Who it is about, for those who may know it: also whose function would with a step."""
    session, case = asked.session, asked.case
    with_step = IDENTITY in task_layers(asked.start.role)
    if not with_step and not access.may_see_person(session, asked.viewer, case):
        return None
    return shown.person_facts(session, case.person_id, asked.acting.now, asked.speaking)


def _sent_before(asked: _Asked, form: BoundForm) -> Done | None:
    """The first sending of the same words by the same author, when a post is sent twice."""
    session, acting = asked.session, asked.acting
    wanted = select(RecordEntry).where(
        RecordEntry.case_id == asked.case.id,
        RecordEntry.form == asked.start.form_id,
        RecordEntry.author_id == acting.user_id,
        RecordEntry.task_id.is_(None),
        RecordEntry.written_at >= acting.now - SENT_TWICE_WITHIN,
    )
    reading = replace(acting, user_id=None)
    for given in submissions.group(session.scalars(wanted)):
        if given.first.instance_id is None or given.first.erased_at is not None:
            continue
        if submissions.read(asked.platform, session, reading, given) == form.answers():
            words = asked.speaking.say("This was sent already: it was begun once, not twice.")
            return _done(asked, given.first.instance_id, (words,))
    return None


def _carry_out(asked: _Asked, form: BoundForm) -> Done:
    session, acting, case, start = asked.session, asked.acting, asked.case, asked.start
    case.state, case.closed_at = "open", None  # until what begins now has ended
    advanced, entries = starting.start(
        asked.platform, session, acting, case, start.version.id, start.element, start.names, form
    )
    follows = starting.FOLLOWS.get(start.form_id)
    if follows is not None:
        follows(
            starting.Begun(
                asked.platform,
                session,
                acting,
                case,
                advanced.instance,
                start.names,
                start.role,
                form.answers(),
                entries[0].id,
            )
        )
    zone = shown.zone_of(session, case.establishment_id)
    told = asked.speaking.say("What you wrote is in the case.")
    sentences = (told, *starting.next_steps(start.names, zone, advanced.opened))
    return _done(asked, advanced.instance.id, sentences)


def _done(asked: _Asked, instance_id: UUID, sentences: tuple[str, ...]) -> Done:
    return Done(
        case_id=asked.case.id,
        instance_id=instance_id,
        title=asked.start.names.element(asked.start.element.id),
        sentences=sentences,
        may_see_case=access.may_see_case(asked.session, asked.viewer, asked.case),
    )
