"""Measures on the case page: their clocks, why somebody decided, remedies, what is withheld."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import shown, staff, submissions
from casework.access_policy import AUTHORITIES, DATA_PROTECTION, OVERSIGHT, REMEDIES_KEPT_BY
from casework.measures import competence, force, hearing, signing, words
from casework.measures.pages import (
    CaseMeasures,
    CourtFile,
    MeasureLine,
    PauseLine,
    RemedyLine,
    WithheldLine,
)
from casework.placement import bundle
from casework.tables import (
    Case,
    ClockPause,
    Decision,
    Delegation,
    Measure,
    RecordEntry,
    Remedy,
    WithheldElement,
)
from casework.telling import Telling
from forms import Field
from processes import parameters
from processes.acting import Acting
from processes.tables import HumanTask

SOON = timedelta(days=14)
SEE_WITHHELD = AUTHORITIES | DATA_PROTECTION | OVERSIGHT | REMEDIES_KEPT_BY
"""Decider, data protection and supervisors; the registry keeps it [domain.md 6.9]."""

PAUSING = ("common.registry", "common.coordinator")


def of_case(telling: Telling) -> CaseMeasures:
    """Everything about measures that the viewer may know of a case."""
    return CaseMeasures(
        measures=tuple(_measures(telling)),
        remedies=tuple(_remedies(telling)),
        court_files=tuple(_court_files(telling)),
        withheld=tuple(_withheld(telling)) if may_see_withheld(telling) else None,
        pauses=tuple(_pauses(telling)),
        may_pause=may_pause(telling),
    )


# --- measures -----------------------------------------------------------------------------------


def _measures(telling: Telling) -> Iterable[MeasureLine]:
    """Those in force first, the next to end first; then the ended ones, newest first."""
    wanted = select(Measure).where(
        Measure.case_id == telling.case.id, Measure.state.in_(("in_force", "ended"))
    )
    lines = [_measure(telling, row) for row in telling.session.scalars(wanted)]
    running = [line for line in lines if line.state == "in_force"]
    over = [line for line in lines if line.state == "ended"]
    yield from sorted(running, key=lambda line: (line.ends_at or telling.acting.now, line.words))
    yield from sorted(
        over, key=lambda line: (line.ended_at or telling.acting.now, line.words), reverse=True
    )


def _measure(telling: Telling, row: Measure) -> MeasureLine:
    ends_at = force.ends_at(telling.session, row.id) if row.state == "in_force" else None
    today = shown.local_day(telling.acting.now, telling.zone)
    return MeasureLine(
        measure_id=row.id,
        words=measure_words(telling, row),
        kind_words=words.kind_words(row.kind, telling.speaking, telling.names(row.instance_id)),
        state=row.state,
        effective_on=row.effective_on,
        review_on=row.review_on,
        expires_on=row.expires_on,
        ends_at=ends_at,
        soon=ends_at is not None and ends_at - telling.acting.now <= SOON,
        begins_later=row.state == "in_force" and row.effective_on > today,
        ended_at=row.ended_at,
        end_words=words.end_words(row.end_reason, telling.speaking) if row.ended_at else "",
    )


def measure_words(telling: Telling, row: Measure) -> str:
    """The words that stood beside the measure when it was chosen, else those of its kind."""
    if row.code == row.kind:
        return words.kind_words(row.kind, telling.speaking, telling.names(row.instance_id))
    for field in _fields(telling, row):
        label = next((c.label for c in field.choices if c.value == row.code), None)
        if label is not None:
            return telling.speaking.translate(label)
    return row.code.replace("_", " ")


def _fields(telling: Telling, row: Measure) -> Iterable[Field]:
    """The questions of the form on which the measure was decided, those of its lists too."""
    decision = telling.session.get_one(Decision, row.decision_id)
    form = _form_of(telling, decision)
    instance = next((i for i in telling.instances if i.id == decision.instance_id), None)
    if form is None or instance is None:
        return
    models, session = telling.platform.models, telling.session
    definition = submissions.form_at(models, session, instance, decision.decided_at, form)
    for part in definition.lists.values():
        yield from part.fields
    yield from (field for field in definition.fields.values() if field.key == f"{row.kind}_kind")


def _form_of(telling: Telling, decision: Decision) -> str | None:
    task = telling.session.get(HumanTask, decision.task_id)
    if task is not None:
        return task.form
    entry = telling.session.get(RecordEntry, decision.task_id)
    return entry.form if entry is not None else None


# --- the decision -------------------------------------------------------------------------------


def because(telling: Telling, row: Decision) -> tuple[str, ...]:
    """Under a decision: who decides such a thing and why, for whom it was signed, from when, and
    how it can be contested."""
    if row.authority_role is None:
        return ()
    say, speaking = telling.speaking.say, telling.speaking
    names = telling.names(row.instance_id)
    found = [say("Decided in the function of: {role}", role=telling.role(row.authority_role))]
    if names is not None and row.rule:
        why = competence.why(names, row.rule)
        found += [say("Why this function: {why}", why=why)] if why else []
    if row.delegation_id is not None:
        given = telling.session.get_one(Delegation, row.delegation_id)
        role = telling.role(given.from_role)
        found.append(signing.delegation_words(telling.session, given, role, speaking))
    if row.effective_on is not None:
        found.append(say("In force from {day}", day=speaking.day(row.effective_on)))
    if row.review_on is not None:
        found.append(say("Review on {day}", day=speaking.day(row.review_on)))
    if row.expires_on is not None and row.kind != "urgent":
        found.append(say("Ends by itself after {day}", day=speaking.day(row.expires_on)))
    remedy = _contestable(telling, row)
    return (*found, remedy) if remedy else tuple(found)


def _contestable(telling: Telling, row: Decision) -> str | None:
    """The remedy that the table names with the parameters of the day of the decision."""
    names = telling.names(row.instance_id)
    if names is None or row.remedy_days is None:
        return None
    on = shown.local_day(row.decided_at, telling.zone)
    values = parameters.Values(telling.session, row.agency_id, on)
    remedy = competence.contestable(names, row.kind, values)
    if remedy is None:
        return None
    return telling.speaking.say(
        "Can be contested before {court} within {time} of being told",
        court=words.court_words(remedy.court, telling.speaking),
        time=words.span_words(remedy.limit, telling.speaking),
    )


# --- remedies, withheld elements, pauses --------------------------------------------------------


def _remedies(telling: Telling) -> Iterable[RemedyLine]:
    say = telling.speaking.say
    states = {
        "open": say("waits for a ruling"),
        "ruled": say("ruled, not yet carried out"),
        "closed": say("closed"),
        "interrupted": say("open when the case was ended early"),
    }
    wanted = select(Remedy).where(Remedy.case_id == telling.case.id)
    for row in telling.session.scalars(wanted.order_by(Remedy.lodged_on.desc(), Remedy.id)):
        yield RemedyLine(
            words=words.remedy_words(row.kind, telling.speaking),
            lodged_on=row.lodged_on,
            suspensive=row.suspensive,
            state=row.state,
            state_words=states.get(row.state, row.state),
            ruling_words=words.ruling_words(row.ruling, telling.speaking) if row.ruling else "",
            ruled_on=row.ruled_on,
            executed_at=row.executed_at,
            entry_id=_readable(telling, row.instance_id, "F-APPEAL"),
        )


def _court_files(telling: Telling) -> Iterable[CourtFile]:
    """The files that went to a court, for who may open them: who hands the person the copy must
    find it."""
    case = telling.case
    if not bundle.READERS.intersection(telling.viewer.roles_at(case.establishment_id)):
        return
    for document in bundle.of_case(telling.session, case.id):
        yield CourtFile(document.id, document.number, document.issued_at)


def _readable(telling: Telling, instance_id: UUID, form: str) -> UUID | None:
    wanted = select(RecordEntry).where(
        RecordEntry.instance_id == instance_id, RecordEntry.form == form
    )
    found = (e.id for e in telling.session.scalars(wanted) if telling.sight.ground(e) is not None)
    return next(found, None)


def may_see_withheld(telling: Telling) -> bool:
    """Who may know that something is withheld: not the frontline, and no partner."""
    held = telling.viewer.roles_at(telling.case.establishment_id)
    main = telling.main
    coordinator = main.pack.role("common.coordinator") if main else ""
    return bool(held & (SEE_WITHHELD | {coordinator}))


def _withheld(telling: Telling) -> Iterable[WithheldLine]:
    today = shown.local_day(telling.acting.now, telling.zone)
    wanted = select(WithheldElement).where(WithheldElement.case_id == telling.case.id)
    ordered = wanted.order_by(WithheldElement.approved_at.desc(), WithheldElement.id)
    for row in telling.session.scalars(ordered):
        entry = telling.session.get(RecordEntry, row.gist_entry_id) if row.gist_entry_id else None
        may = entry is not None and telling.sight.ground(entry) is not None
        yield WithheldLine(
            ground_words=words.withheld_words(row.ground, telling.speaking),
            who=staff.name_of(telling.session, row.approved_by) or "",
            approved_at=row.approved_at,
            next_check_on=row.next_check_on,
            check_is_late=row.next_check_on is not None and row.next_check_on < today,
            entry_id=row.gist_entry_id if may else None,
        )


def _pauses(telling: Telling) -> Iterable[PauseLine]:
    wanted = select(ClockPause).where(ClockPause.case_id == telling.case.id)
    for row in telling.session.scalars(wanted.order_by(ClockPause.from_at.desc())):
        over = row.until_at or (row.max_until if row.max_until < telling.acting.now else None)
        yield PauseLine(
            ground_words=words.pause_words(row.ground, telling.speaking),
            from_at=row.from_at,
            until_at=over,
            max_until=row.max_until,
        )


def may_pause(telling: Telling) -> bool:
    """Whether the viewer may stop a time to prepare that runs in the case."""
    main = telling.main
    if main is None or telling.case.state != "open":
        return False
    held = telling.viewer.roles_at(telling.case.establishment_id)
    if not any(main.pack.role(name) in held for name in PAUSING):
        return False
    return hearing.waiting(telling.session, telling.case) is not None


def span_of(session: Session, acting: Acting, case: Case, text: str) -> str:
    """The length behind `param:NAME`, as it is in force today; any other text as it stands."""
    name = text.removeprefix("param:")
    zone = shown.zone_of(session, case.establishment_id)
    values = parameters.Values(session, case.agency_id, shown.local_day(acting.now, zone))
    return values.get(name, text)
