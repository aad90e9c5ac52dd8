"""The pages of one task: what is known, the questions, and the answers once more."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework.work import TaskPage
from webapp.access import SIGNED_IN, access
from webapp.database import reading_is_recorded
from webapp.languages import speaking
from webapp.work.attaching import items
from webapp.work.blueprint import blueprint
from webapp.work.opened import drawn, has_steps, is_decision, open_task, section_title


@blueprint.get("/tasks/<uuid:task_id>")
@access(SIGNED_IN)
@reading_is_recorded
def task(task_id: UUID) -> ResponseReturnValue:
    """The task: its questions, or the list of their sections."""
    page = open_task(task_id)
    if page.state != "open":
        return ended(page)
    return task_page(page)


@blueprint.get("/tasks/<uuid:task_id>/<section>")
@access(SIGNED_IN)
@reading_is_recorded
def section(task_id: UUID, section: str) -> ResponseReturnValue:
    """One section of the questions."""
    page = open_task(task_id)
    if page.state != "open":
        return ended(page)
    if section not in {part.key for part in page.form.sections}:
        return redirect(url_for("work.task", task_id=task_id))
    return section_page(page, section)


@blueprint.get("/tasks/<uuid:task_id>/check")
@access(SIGNED_IN)
@reading_is_recorded
def check(task_id: UUID) -> ResponseReturnValue:
    """The answers once more, before they are sent."""
    page = open_task(task_id)
    if page.state != "open":
        return ended(page)
    return check_page(page)


def task_page(page: TaskPage) -> str:
    """The questions on one page, or the sections with how far each is."""
    if len(page.form.sections) == 1:
        return section_page(page, page.form.sections[0].key)
    return render_template("work/task.html", page=page, states=page.form.states())


def section_page(page: TaskPage, section: str, *, stale: bool = False) -> str:
    """The questions of one section, with what is wrong in it."""
    errors = [error for error in page.form.errors if error.section == section]
    return render_template(
        "work/section.html",
        page=page,
        section=section,
        alone=len(page.form.sections) == 1,
        title=section_title(page, section),
        errors=[(error.words, error.field_id) for error in errors],
        fields=drawn(page, section),
        last=not has_steps(page),
        attachable=items(page) if page.earlier else (),
        stale=stale,
    )


def check_page(page: TaskPage) -> str:
    """What will be sent; each answer that is missing or does not hold is named and linked."""
    described = page.definition.describe(page.form.answers(), speaking().translate)
    states = page.form.states()
    page.form.validate()
    return render_template(
        "work/check.html",
        page=page,
        described=described,
        states=states,
        faults=page.form.errors,
        decision=is_decision(page),
    )


def stale_page(page: TaskPage, section: str) -> str:
    """The questions with what was typed, which is not kept: another window has kept newer answers.
    What is typed on is not kept by itself either; the button replaces the newer answers."""
    return section_page(page, section, stale=True)


def refused_page(page: TaskPage) -> str:
    """The task again after answers that do not hold: each finding links to its question."""
    if len(page.form.sections) == 1:
        return section_page(page, page.form.sections[0].key)
    errors = [
        (
            error.words,
            url_for(
                "work.section", task_id=page.task_id, section=error.section, _anchor=error.field_id
            ),
        )
        for error in page.form.errors
    ]
    return render_template("work/task.html", page=page, states=page.form.states(), errors=errors)


def says_something(page: TaskPage) -> bool:
    """Whether anything was typed: empty fields of a page say nothing in vain."""
    return any(value not in ("", None, [], {}, False) for value in page.form.answers().values())


def ended(page: TaskPage, status: int = 200) -> ResponseReturnValue:
    """Say that the task is no longer open: who did it, when, and what was typed in vain."""
    own = says_something(page)
    described = page.definition.describe(page.form.answers(), speaking().translate) if own else []
    return render_template("work/ended.html", page=page, typed=described), status
