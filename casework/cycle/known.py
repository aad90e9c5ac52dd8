"""What the rules and pages of the cycle know beside the answers of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from casework import shown
from casework.cycle import categories, evaluating, words
from casework.pages import Fact
from casework.tables import Category, Person, SharedAction
from processes import reading
from processes.ports import Code

if TYPE_CHECKING:
    from casework.material import Looking

OF_CATEGORY = frozenset({"F-CONSEQ", "F-SEPARATION", "F-ACTION", "F-MONITOR", "F-SECOND", "F-LIFT"})
"""Steps of those who own or read a category, and so must see it and are held by it."""

FORMS = OF_CATEGORY | {"F-RESULT", "F-CATEGORY", "F-REPLY", "F-EVAL"}


def variables_for(looking: Looking, form: str) -> dict[str, Code]:
    """What the rules of a form may know; it never reaches the engine."""
    session, case = looking.session, looking.case
    found = dict(reading.variables_at(session, looking.platform, looking.acting, looking.task))
    if form in OF_CATEGORY:
        found["category"] = _category(looking)
    if form == "F-CATEGORY" and case.person_id is not None:
        zone = shown.zone_of(session, case.establishment_id)
        person = session.get_one(Person, case.person_id)
        found["adult"] = shown.is_adult(person, shown.local_day(looking.acting.now, zone))
    if form == "F-REPLY":
        asked = asked_of(looking)
        found["may_restrict"] = asked is None or asked.may_restrict
    if form == "F-EVAL":
        found["to_evaluate"] = [str(row.id) for row in evaluating.waiting(session, case.id)]
    return found


def _category(looking: Looking) -> str:
    row = categories.standing(looking.session, looking.case.id)
    if row is None:
        return ""
    return categories.value_of(looking.platform, looking.session, looking.acting, row)


def asked_of(looking: Looking) -> SharedAction | None:
    """The action that this instance asks for now."""
    wanted = select(SharedAction).where(SharedAction.instance_id == looking.task.instance_id)
    return looking.session.scalars(wanted.order_by(SharedAction.asked_at.desc()).limit(1)).first()


def facts(looking: Looking) -> list[Fact]:
    """Above the questions: the category that stands; what two quiet reviews propose."""
    task = looking.task
    if task.state != "open":
        return []
    if task.form == "F-RECEIPT":
        return _ended(looking)
    if task.form not in FORMS:
        return []
    say, found = looking.speaking.say, []
    row = categories.standing(looking.session, looking.case.id)
    if task.form in OF_CATEGORY and row is not None:
        value = categories.value_of(looking.platform, looking.session, looking.acting, row)
        until = say(
            "{category}, until {day}",
            category=words.category(value, looking.speaking),
            day=looking.speaking.day(row.expires_on),
        )
        if row.state == "suspended":
            until = say("{category}; suspended until the review is made", category=until)
        found.append(Fact(say("Category"), until, say("Case")))
    if task.form == "F-MONITOR":
        told = reading.variables_at(looking.session, looking.platform, looking.acting, task)
        if told.get("two_quiet") is True:
            found.append(
                Fact(
                    say("Proposed"),
                    say("Close: two reviews in a row without anything that harms or threatens."),
                    say("Reviews"),
                )
            )
    return found


def _ended(looking: Looking) -> list[Fact]:
    """What the contact person is to tell where a category has ended or was suspended."""
    if looking.names.model.process_id != "category-ended":
        return []
    say = looking.speaking.say
    wanted = select(Category).where(Category.case_id == looking.case.id)
    row = looking.session.scalars(wanted.order_by(Category.effective_on.desc()).limit(1)).first()
    if row is None:
        return []
    if row.state == "suspended":
        told = say(
            "A review is three weeks late. The category counts for nothing until it is made."
        )
    else:
        told = words.end_words(row.end_reason, looking.speaking)
    return [Fact(say("Category"), told, say("Case"))] if told else []
