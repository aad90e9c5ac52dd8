"""What a step shows beside its questions: earlier submissions, grids side by side, known facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import access, concordance, record, seats, shown, staff, submissions
from casework.access import Viewer
from casework.access_policy import EXTRACT_STEPS
from casework.concordance import Grid
from casework.cycle import known as cycle
from casework.cycle import reading as cycle_reading
from casework.described import described
from casework.measures import known
from casework.needs import ASSESSED, GRIDS, NEEDS
from casework.pages import ConcordanceRow, Fact, Material, PersonFacts
from casework.submissions import Given
from casework.supervision import needs as unit_needs
from casework.supervision import silent_days
from casework.tables import Case
from casework.words import Speaking, Wording
from processes.acting import Acting
from processes.tables import HumanTask, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform
    from forms import FormDefinition

COMPARED = frozenset({"F-THIRD", "F-CONTRARY", "F-DRAFT", "F-DETDEC"})
LISTED = frozenset({"F-INVENTORY", "F-DPO"})
OF_A_ROUND = frozenset({*ASSESSED, "F-RATERS", "F-LEND", "F-DRAFT"})


@dataclass(frozen=True)
class Looking:
    """Somebody at a task, with everything needed to show it."""

    platform: Platform
    session: Session
    acting: Acting
    viewer: Viewer
    task: HumanTask
    case: Case
    instance: ProcessInstance
    names: Wording

    @property
    def speaking(self) -> Speaking:
        """The reader's language."""
        return self.names.speaking

    @cached_property
    def inside(self) -> frozenset[str]:
        """The calls in which the instance stands."""
        return shown.standing_in(self.session, self.instance, self.names)


def needed(looking: Looking) -> list[Given]:
    """The submissions that the step needs and that the viewer may read, oldest first."""
    case, form = looking.case, looking.task.form
    forms = NEEDS.get(form, ())
    if case.pack in shown.CYCLES:
        forms = (*forms, *cycle_reading.NEEDS.get(form, ()))
    if not forms:
        return []
    sight = access.CaseSight(looking.session, looking.viewer, case)
    round_ = seats.current_round(looking.session, case.id)
    found = []
    for given in submissions.in_force(_written(looking, forms)):
        if given.form not in forms or _is_of_earlier_round(given, round_.number if round_ else 0):
            continue
        readable = given.where(lambda entry: sight.ground(entry) is not None)
        if readable is not None:
            found.append(readable)
    return found


def _written(looking: Looking, forms: tuple[str, ...]) -> list[Given]:
    if looking.case.pack in shown.CYCLES:
        inside = looking.instance.id if looking.task.form in EXTRACT_STEPS else None
        one_of_each = dict.fromkeys(forms, 1)
        return submissions.newest(looking.session, looking.case.id, one_of_each, inside)
    if looking.task.form in unit_needs.NEEDS:
        shown_of = {form: unit_needs.AS_MANY.get(form, 1) for form in forms}
        return submissions.newest(looking.session, looking.case.id, shown_of)
    return submissions.of_case(looking.session, looking.case.id)


def _is_of_earlier_round(given: Given, number: int) -> bool:
    return given.form in OF_A_ROUND and given.first.round not in (None, number)


@dataclass(frozen=True)
class Reading:
    """A submission that has been read."""

    given: Given
    definition: FormDefinition
    answers: Mapping[str, Any]


def read(looking: Looking, needs: list[Given]) -> list[Reading]:
    """Read the submissions; each reading is audited in the viewer's name."""
    return [
        Reading(
            given,
            submissions.definition_of(looking.platform.models, looking.session, given),
            submissions.read(looking.platform, looking.session, looking.acting, given),
        )
        for given in needs
    ]


def in_words(looking: Looking, readings: list[Reading]) -> tuple[Material, ...]:
    """The readings as the page shows them."""
    return tuple(
        Material(
            entry_ids=tuple(entry.id for entry in reading.given.entries),
            title=title_of(looking, reading.given),
            author=author_of(looking, reading.given),
            written_at=reading.given.written_at,
            layer=reading.given.entries[-1].layer,
            sections=described(
                looking.session, reading.definition, reading.answers, looking.speaking
            ),
        )
        for reading in readings
    )


def title_of(looking: Looking, given: Given) -> str:
    """The name of the step in which it was answered, else of its form."""
    element = given.first.element_id
    if element:
        return _names_where(looking, given).element(element)
    definition = submissions.definition_of(looking.platform.models, looking.session, given)
    return looking.speaking.translate(definition.title)


def _names_where(looking: Looking, given: Given) -> Wording:
    """The names in the process in which it was answered: a case runs through several."""
    if given.first.instance_id in (None, looking.instance.id):
        return looking.names
    there = looking.session.get(ProcessInstance, given.first.instance_id)
    if there is None:
        return looking.names
    return shown.wording(looking.platform, looking.session, there.version_id, looking.speaking)


def author_of(looking: Looking, given: Given) -> str:
    """Function and service number of the author."""
    known = staff.name_of(looking.session, given.first.author_id, looking.speaking)
    return known or looking.names.role(given.first.author_role)


def concordance_rows(looking: Looking, readings: list[Reading]) -> tuple[ConcordanceRow, ...]:
    """The grids side by side, for the steps that weigh them."""
    if looking.task.form not in COMPARED:
        return ()
    grids = [
        Grid.of(looking.names.role(r.given.first.author_role), r.definition, r.answers)
        for r in readings
        if r.given.form in GRIDS
    ]
    return tuple(_row(row, looking.speaking) for row in concordance.compare(grids) if grids)


def _row(row: concordance.ThemeRow, speaking: Speaking) -> ConcordanceRow:
    return ConcordanceRow(
        theme=row.theme,
        title=concordance.theme_title(row.theme, speaking),
        same=row.is_same,
        cells=tuple(
            (cell.rater, concordance.position_title(cell.position, speaking), cell.texts)
            for cell in row.cells
        ),
    )


def facts(looking: Looking, person: PersonFacts | None) -> tuple[Fact, ...]:
    """What the system knows already, each with its source."""
    found: list[Fact] = []
    if person is not None and looking.instance.guarded_task_id is None:
        found += _person_facts(person, looking.speaking)
    if looking.instance.guarded_task_id is not None:
        found += _guarded_facts(looking, looking.instance.guarded_task_id)
    found += _round_facts(looking) + _question(looking) + known.facts(looking)
    found += cycle.facts(looking) + silent_days.facts(looking)
    if looking.task.form in LISTED:
        found += _inventory(looking)
    return tuple(found)


def _person_facts(person: PersonFacts, speaking: Speaking) -> list[Fact]:
    say = speaking.say
    source = say("prison register")
    known = [
        (say("Penal status"), person.penal_status),
        (say("Age"), say("{years} years", years=person.age)),
        (say("Unit"), ", ".join(filter(None, (person.unit, person.establishment)))),
    ]
    return [Fact(label, value, source) for label, value in known]


def _guarded_facts(looking: Looking, task_id: UUID) -> list[Fact]:
    task = looking.session.get(HumanTask, task_id)
    if task is None:
        return []
    say = looking.speaking.say
    instance = looking.session.get_one(ProcessInstance, task.instance_id)
    names = shown.wording(looking.platform, looking.session, instance.version_id, looking.speaking)
    source = say("this case's tasks")
    zone = shown.zone_of(looking.session, task.establishment_id)
    due = looking.speaking.moment(task.due_at, zone) if task.due_at else say("none")
    holder = staff.name_of(looking.session, task.holder_id, looking.speaking) or say("nobody")
    known = [
        (say("Overdue step"), names.element(task.element_id)),
        (say("Function that owes it"), names.role(task.role)),
        (say("Held by"), holder),
        (say("Was due"), due),
    ]
    return [Fact(label, value, source) for label, value in known]


def _round_facts(looking: Looking) -> list[Fact]:
    if looking.task.form not in {"F-MISSING", "F-DRAFT", "F-DETDEC"}:
        return []
    round_ = seats.current_round(looking.session, looking.case.id)
    say = looking.speaking.say
    states = {"given": say("grid given"), "asked": say("grid not given yet")}
    return [
        Fact(
            looking.names.role(seat.role),
            states.get(seat.state, say("grid missing")),
            say("this round's seats"),
        )
        for seat in (seats.seats_of(looking.session, round_) if round_ else [])
        if seat.form in GRIDS
    ]


def _question(looking: Looking) -> list[Fact]:
    """The abstract question to an advisor: the question alone, addressed to whoever answers."""
    if looking.task.form != "F-ADVISOR":
        return []
    asked = [
        g
        for g in submissions.in_force(submissions.of_case(looking.session, looking.case.id))
        if g.form == "F-RATERS"
    ]
    if not asked:
        return []
    answers = submissions.read(
        looking.platform, looking.session, looking.acting, asked[-1], "addressee"
    )
    say = looking.speaking.say
    question = str(answers.get("advisor_question") or "")
    return [Fact(say("The question"), question, say("the coordinator"))] if question else []


def _inventory(looking: Looking) -> list[Fact]:
    """Everything kept in the case, without its content [domain.md X-7 step 3]."""
    zone = shown.zone_of(looking.session, looking.case.establishment_id)
    return [
        Fact(
            title_of(looking, given),
            looking.speaking.moment(given.written_at, zone),
            ", ".join(entry.layer for entry in given.entries),
        )
        for given in submissions.of_case(looking.session, looking.case.id)
        if given.form != HAND_BACK
    ]


HAND_BACK = "HAND-BACK"
"""The form of a message that asks for a correction."""


@dataclass(frozen=True)
class Request:
    """What a correction was asked for: the message, who wrote it, the submission it is about."""

    message: str
    author: str
    corrects: Given | None


def request_of(looking: Looking) -> Request | None:
    """The message that a correction answers; addressed to its holder, so read without a layer."""
    if looking.task.handed_back_from is None:
        return None
    if looking.task.holder_id not in (None, looking.viewer.user_id):
        return None
    everything = submissions.of_case(looking.session, looking.case.id)
    asked = [g for g in everything if g.form == HAND_BACK and g.first.task_id == looking.task.id]
    if not asked:
        return None
    answers = record.read_entry(
        looking.platform, looking.session, looking.acting, asked[0].first, "addressee"
    )
    about = str(answers.get("corrects", ""))
    corrects = [g for g in everything if any(str(e.id) == about for e in g.entries)]
    return Request(
        str(answers.get("message", "")),
        author_of(looking, asked[0]),
        corrects[0] if corrects else None,
    )


def read_corrected(looking: Looking, request: Request) -> Reading | None:
    """The own submission that a correction starts from."""
    given = request.corrects
    if given is None:
        return None
    sight = access.CaseSight(looking.session, looking.viewer, looking.case)
    readable = given.where(lambda entry: sight.ground(entry) is not None)
    return read(looking, [readable])[0] if readable else None
