"""Steps about measures, told in the demo world: an urgent measure, its hearing, the decision."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from casework import beginning
from casework.measures import standing
from casework.scenarios import as_posted
from casework.tables import Decision, Measure
from processes.tables import ProcessInstance, ProcessVersion
from tests.casework.story import REASONS, Story, filled

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
URGENT = {
    "danger": "Said at noon to two officers that he would hurt a named prisoner tonight.",
    "measures": [{"measure": "observation", "least": "Anything milder comes too late tonight."}],
    "at_time": "10:00",
    "oral_reasons_to": "Unit lead",
    "health": "Nothing known.",
}


def evidence(**changes: Any) -> dict[str, Any]:
    return {
        "what": "Threatened a named prisoner before two officers.",
        "when": TODAY,
        "where_written": "Observation of 1 March",
        "rests_on": "own_observation",
        "open": "open",
        **changes,
    }


def criteria(form: str = "F-CRIT", **changes: Any) -> dict[str, Any]:
    """One criterion that holds, the others that do not."""
    names = ("violence", "influence", "preparation", "being_influenced", "duties")
    found: dict[str, Any] = {f"{name}_holds": "does_not_hold" for name in names}
    if form == "F-REV":
        found |= {f"{name}_since": "Nothing was reported of it since, as noted." for name in names}
        found |= {"why_not_ordinary": REASONS, "reasons": REASONS}
    found |= {
        "violence_holds": "holds",
        "violence_evidence": [evidence()],
        "violence_contrary": "He walked away twice when he was provoked.",
    }
    return {**found, **changes}


def local_day(story: Any) -> date:
    """The day it is in the prison."""
    now: datetime = story.player.played.now
    return now.astimezone(ZoneInfo("Europe/Paris")).date()


def decision(today: date = TODAY, **changes: Any) -> dict[str, Any]:
    """Two measures for two months, signed on open grounds."""
    single = {
        "how": "Every working day at noon.",
        "ground": "The threat of 1 March.",
        "milder": "Talks alone did not end it.",
    }
    return {
        "attestation": "yes",
        "measure_decision": "decided",
        "measures": [
            {"measure": "named_officer", **single},
            {"measure": "accompanied", **single},
        ],
        "proportionality": REASONS,
        "effective_on": today,
        "review_on": today + 40 * DAY,
        "measure_until": today + 60 * DAY,
        "reasons": REASONS,
        **changes,
    }


def grounds(**changes: Any) -> dict[str, Any]:
    return {
        "grounds": [{"ground": "The threat of 1 March."}],
        "anything_withheld": "false",
        "preparation_waived": "false",
        **changes,
    }


ANSWER = {"point": "It was meant as a joke.", "accepted": "partly", "answer": "It was heard twice."}


def begin(story: Story, who: str, form: str, **answers: Any) -> Any:
    """Begin a process on the story's case with its start form; what is missing is filled in."""
    with story.writing() as session:
        wanted = select(ProcessVersion).where(ProcessVersion.active)
        for version in session.scalars(wanted):
            model = story.platform.models.model(session, version.id)
            if any(start.form == form for start in model.starts):
                definition = story.platform.models.form(session, version.id, form)
        if form == "F-APPEAL":
            answers["contested"] = _contested(story, session, answers["contested"])
        posted = MultiDict(as_posted(filled(definition, answers)))
        done = beginning.send(*story.asking(session, who), story.case_id, form, posted)
    story.player.do_what_is_due()
    return done


def _contested(story: Story, session: Session, kind: str) -> str:
    """The newest decision of a kind, as the form offers it."""
    taken = standing.contestable(session, story.case_id)
    return str(next(row.id for row in taken if row.kind == kind))


def ordered(story: Story, **answers: Any) -> Any:
    """A case with an urgent measure in force."""
    story.observe()
    today = local_day(story)
    return begin(story, "governor.north", "F-URGENT", **{**URGENT, "since": today, **answers})


def told(story: Story) -> None:
    """The urgent measure: the person told, its reasons written."""
    story.complete("tell_receive", receipt="signed", handed_on=local_day(story))
    story.complete("urgent_measure_reasons", reasons=REASONS)


def heard(story: Story) -> None:
    """The same, and the person heard without waiting."""
    told(story)
    for element, answers in (
        ("contradiction_grounds", grounds(preparation_waived="true")),
        ("contradiction_hearing", {"hearing": "done"}),
        ("contradiction_answer", {"answers": [ANSWER]}),
    ):
        story.complete(element, **answers)


def confirmed(story: Story) -> None:
    """Up to the signature of a measure that follows the urgent one."""
    ordered(story)
    heard(story)
    story.complete("urgent_measure_decide", urgent_end="confirm", reasons=REASONS)
    story.complete("decide_measure_criteria", **criteria())
    if "decide_measure_eyes" in story.open_elements():
        story.complete("decide_measure_eyes", eyes="passed")


def decided(story: Story, **changes: Any) -> None:
    """A measure of reinforced supervision in force, the person told."""
    confirmed(story)
    today = local_day(story)
    story.complete("decide_measure_decide", "governor.north", **decision(today, **changes))
    story.complete("tell_receive", receipt="signed", handed_on=local_day(story))


def measures(story: Story, kind: str | None = None) -> list[Measure]:
    with story.reading() as session:
        wanted = select(Measure).where(Measure.case_id == story.case_id).order_by(Measure.code)
        rows = [row for row in session.scalars(wanted) if kind in (None, row.kind)]
        session.expunge_all()
    return rows


def decisions(story: Story, kind: str) -> list[Decision]:
    with story.reading() as session:
        wanted = select(Decision).where(Decision.case_id == story.case_id, Decision.kind == kind)
        rows = list(session.scalars(wanted.order_by(Decision.decided_at)))
        session.expunge_all()
    return rows


def running(story: Story) -> set[str]:
    """The processes that run in the case."""
    with story.reading() as session:
        wanted = (
            select(ProcessVersion.model)
            .join(ProcessInstance, ProcessInstance.version_id == ProcessVersion.id)
            .where(ProcessInstance.case_id == story.case_id, ProcessInstance.state == "running")
        )
        return set(session.scalars(wanted))


def pass_time(story: Story, until: datetime) -> None:
    story.player.pass_time(until)
    story.player.do_what_is_due()


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def rows(story: Story, table: Any) -> list[Any]:
    with story.reading() as session:
        found = list(session.scalars(select(table)))
        session.expunge_all()
    return found


PLACED = {
    "measure": "accompanied",
    "in_place": "yes",
    "since": TODAY,
    "seen_to_by": "Unit lead",
}


def in_place(story: Story) -> None:
    decided(story)
    story.complete("reinforced_supervision_begin", placed=[PLACED], person_explained="true")


def contested(story: Story, **answers: Any) -> Any:
    given = {
        "remedy_kind": "court",
        "lodged_on": TODAY,
        "contested": "reinforced_supervision",
        "suspensive": "false",
        "counsel": "counsel_none",
        "interpreter": "false",
        **answers,
    }
    return begin(story, "registry.north", "F-APPEAL", **given)
