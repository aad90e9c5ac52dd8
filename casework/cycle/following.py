"""What follows the forms of the cycle beside the record: rows, decisions, variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import grids
from casework.cycle import categories, reviews, words
from casework.effects import Doing, effect
from casework.grid_rules import CONCERN
from casework.hooks import Submitted, hook
from casework.refusals import Refused
from casework.starting import Begun, begins
from casework.tables import (
    Decision,
    Evaluation,
    MonitoringReview,
    RecordEntry,
    SharedAction,
)
from processes import reading
from processes.ports import Code

ROLES = "se."
"""Before an actor's code, what makes it a function of the pack."""


def _decide(submitted: Submitted, kind: str, outcome: str) -> None:
    if submitted.acting.user_id is None:
        raise ValueError("a decision is taken by a person")
    submitted.session.add(
        Decision(
            id=submitted.acting.new_id(),
            agency_id=submitted.case.agency_id,
            case_id=submitted.case.id,
            instance_id=submitted.instance.id,
            task_id=submitted.task.id,
            kind=kind,
            outcome=outcome,
            decided_by=submitted.acting.user_id,
            decided_at=submitted.acting.now,
        )
    )
    submitted.session.flush()


def _answer(submitted: Submitted, key: str) -> str:
    return str(submitted.answers.get(key) or "")


def _entry(submitted: Submitted) -> RecordEntry:
    return submitted.session.get_one(RecordEntry, submitted.entry_id)


# --- assessing ----------------------------------------------------------------------------------


@hook("F-EXPR")
def weigh_expressions(submitted: Submitted) -> Mapping[str, Code]:
    """Yes or no, not how many: whether somebody saw or heard what harms, religion aside."""
    seen = grids.observed(submitted.definition, submitted.answers)
    found = any(a.item.theme in grids.CONCERN_THEMES and not a.special for a in seen)
    return {
        "any_concern": submitted.answers.get("conclusion") == CONCERN,
        "expression_found": found,
    }


@hook("F-RESULT")
def decide_assessment(submitted: Submitted) -> Mapping[str, Code]:
    """The decision on an assessment; once it is more than “not enough”, observing is open anew."""
    outcome = _answer(submitted, "assessment_result")
    _decide(submitted, "assessment_result", outcome)
    submitted.case.stage = "decided"
    return {} if outcome == "insufficient" else {"observed_once": False}


# --- categories ---------------------------------------------------------------------------------


@hook("F-CAT-CHECK")
def check_category(submitted: Submitted) -> Mapping[str, Code]:
    """Confirmed by another line, the category is in force until its last day; the decision says
    that one was confirmed, not which."""
    outcome = _answer(submitted, "category_check")
    if outcome != "confirmed":
        return {}
    session, case = submitted.session, submitted.case
    proposal = categories.proposal(session, case.id)
    if proposal is None:
        raise Refused("Nothing was proposed.")
    categories.enter(
        submitted.platform,
        session,
        submitted.acting,
        case,
        submitted.instance.id,
        proposal,
        submitted.task.role,
    )
    _decide(submitted, "category_check", outcome)
    return {}


@hook("F-CONSEQ")
def decide_consequence(submitted: Submitted) -> Mapping[str, Code]:
    """What follows is a person's decision."""
    _decide(submitted, "consequence", _answer(submitted, "consequence"))
    return {}


@begins("F-CONTEST")
def contest(begun: Begun) -> None:
    """The category stands while another office reads it a second time."""
    row = categories.standing(begun.session, begun.case.id)
    if row is not None:
        row.contested_at = begun.acting.now


@hook("F-SECOND")
def decide_second_reading(submitted: Submitted) -> Mapping[str, Code]:
    """Kept, changed or removed; the last day stays, for this is no new assessment."""
    outcome, session, case = _answer(submitted, "second_reading"), submitted.session, submitted.case
    row = categories.standing(session, case.id)
    if row is not None and outcome == "removed":
        categories.end(submitted.platform, session, submitted.acting, case, "removed", told=False)
    elif row is not None and outcome == "changed":
        row.entry_id = _entry(submitted).id
    _decide(submitted, "second_reading", outcome)
    return {}


@hook("F-LIFT")
def lift_category(submitted: Submitted) -> Mapping[str, Code]:
    """Lifted by its owner; the client is told by a process of its own."""
    categories.end(
        submitted.platform, submitted.session, submitted.acting, submitted.case, "lifted"
    )
    _decide(submitted, "category_lifted", "lifted")
    return {}


# --- sharing ------------------------------------------------------------------------------------


@hook("F-SEPARATION")
def decide_separation(submitted: Submitted) -> Mapping[str, Code]:
    """The question of separation, answered by a person."""
    _decide(submitted, "separation", _answer(submitted, "separation"))
    return {}


@hook("F-ACTION")
def ask_for_action(submitted: Submitted) -> Mapping[str, Code]:
    """Without an action nothing is shared; with one, a row waits for its answer."""
    if not _is_yes(submitted.answers, "action_named"):
        _decide(submitted, "action", "none")
        return {}
    actor = ROLES + _answer(submitted, "actor")
    if actor not in submitted.pack.roles:
        raise Refused(f"There is no function {actor}.")
    submitted.session.add(
        SharedAction(
            id=submitted.acting.new_id(),
            agency_id=submitted.case.agency_id,
            case_id=submitted.case.id,
            instance_id=submitted.instance.id,
            entry_id=_entry(submitted).id,
            actor_role=actor,
            action=_answer(submitted, "action"),
            may_restrict=_is_yes(submitted.answers, "worse"),
            asked_at=submitted.acting.now,
            reply=None,
            replied_at=None,
        )
    )
    _decide(submitted, "action", _answer(submitted, "action"))
    return {"actor": actor}


@hook("F-REPLY")
def answer_action(submitted: Submitted) -> Mapping[str, Code]:
    """What became of the action."""
    wanted = select(SharedAction).where(
        SharedAction.instance_id == submitted.instance.id, SharedAction.reply.is_(None)
    )
    for row in submitted.session.scalars(wanted):
        row.reply, row.replied_at = _answer(submitted, "reply"), submitted.acting.now
    return {}


@effect("action.recall")
def recall_action(doing: Doing) -> Mapping[str, Code]:
    """Its category has ended: what was asked for is asked for no longer. The step that alone
    opened the extract is over with it; whoever was asked is told."""
    wanted = select(SharedAction).where(
        SharedAction.instance_id == doing.call.instance_id, SharedAction.reply.is_(None)
    )
    for row in doing.session.scalars(wanted):
        row.reply, row.replied_at = words.RECALLED, doing.acting.now
        doing.tell(row.actor_role, "action_recalled")
    doing.note("action.recall")
    return {}


def _is_yes(answers: Mapping[str, Any], key: str) -> bool:
    return str(answers.get(key)).lower() == "true"


# --- monitoring ---------------------------------------------------------------------------------


@hook("F-MONITOR")
def decide_review(submitted: Submitted) -> Mapping[str, Code]:
    """A review was made: whether it was quiet, what was decided; what was suspended stands again
    if it goes on."""
    session, outcome = submitted.session, _answer(submitted, "monitor_review")
    quiet = reviews.is_quiet(session, submitted.instance.id, _engine_values(submitted))
    session.add(
        MonitoringReview(
            id=submitted.acting.new_id(),
            agency_id=submitted.case.agency_id,
            case_id=submitted.case.id,
            instance_id=submitted.instance.id,
            reviewed_at=submitted.acting.now,
            quiet=quiet,
        )
    )
    reviews.stop_watching(session, submitted.instance.id)
    if outcome == "continue":
        categories.resume(submitted.platform, session, submitted.acting, submitted.case)
    _decide(submitted, "monitor_review", outcome)
    return {}


def _engine_values(submitted: Submitted) -> Mapping[str, Code]:
    return reading.variables_at(
        submitted.session, submitted.platform, submitted.acting, submitted.task
    )


@hook("F-EVAL")
def evaluate(submitted: Submitted) -> Mapping[str, Code]:
    """What became of each decision; wrong information ends the case and is erased."""
    session, acting = submitted.session, submitted.acting
    if acting.user_id is None:
        raise ValueError("an evaluation is made by a person")
    wrong = False
    for part in submitted.answers.get("evaluations") or ():
        information = str(part.get("information") or "")
        wrong = wrong or information == "wrong"
        session.add(
            Evaluation(
                id=acting.new_id(),
                agency_id=submitted.case.agency_id,
                case_id=submitted.case.id,
                decision_id=_of_case(session, submitted, part.get("decision")),
                instance_id=submitted.instance.id,
                information=information,
                evaluated_at=acting.now,
                evaluated_by=acting.user_id,
            )
        )
    session.flush()
    if wrong:
        reviews.stop_watching(session, submitted.instance.id)
    return {"information_wrong": wrong}


def _of_case(session: Session, submitted: Submitted, value: Any) -> UUID:
    row = session.get(Decision, UUID(str(value)))
    if row is None or row.case_id != submitted.case.id:
        raise Refused("This decision is not one of the case.")
    return row.id
