"""Opens a task for a page, with what was just posted in its form."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import abort, request, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from casework import record, work
from casework.access import NotVisible
from casework.work import TaskPage
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.work.drawing import drawn_fields

LONGEST_NUMBER = 12
OURS = frozenset({"csrf_token", "revision"})
"""Names in a post that are the page's, not the form's."""


def posted() -> MultiDict[str, str]:
    """The answers of this post, without what the page itself sends along."""
    items: Iterable[tuple[str, str]] = request.form.items(multi=True)
    return MultiDict((name, value) for name, value in items if name not in OURS)


def open_task(
    task_id: UUID, formdata: MultiDict[str, str] | None = None, section: str | None = None
) -> TaskPage:
    """The task as the asker sees it, its form holding what was posted over the draft."""
    return work.open_task(
        platform(),
        database(),
        acting(),
        viewer(),
        task_id,
        speaking=speaking(),
        formdata=formdata,
        section=section,
    )


def open_section(task_id: UUID, section: str) -> TaskPage:
    """The task with a post of one section; a section that the form lacks does not exist."""
    try:
        return open_task(task_id, posted(), section)
    except KeyError as unknown:
        raise NotVisible("section", task_id) from unknown


def posted_number(name: str) -> int | None:
    """A number that the page sends along; what is there and is none comes from no page of ours."""
    text = request.form.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        abort(400)
    return int(text)


def knows_too_little(task_id: UUID) -> bool:
    """Whether another window has kept something since this page was opened."""
    known = posted_number("revision")
    draft = record.load_draft(platform(), database(), viewer().user_id, task_id)
    return known is not None and draft is not None and draft[1] > known


def keep(page: TaskPage) -> int:
    """Keep what stands in the form as the asker's draft; gives its revision.

    Also when a colleague was first: what was typed stays the author's to read. NewerDraft when
    another window has kept something else meanwhile.
    """
    revision = posted_number("revision")
    draft = record.save_draft(
        platform(), database(), acting(), page.task_id, page.form.raw(), revision
    )
    return draft.revision


def is_decision(page: TaskPage) -> bool:
    """Whether the answers decide something: they are then shown once more before they count."""
    return page.definition.outcome is not None


def has_steps(page: TaskPage) -> bool:
    """Whether the answers are given on more than one page."""
    return len(page.form.sections) > 1 or is_decision(page)


def section_title(page: TaskPage, section: str) -> str:
    """The title of a section, in the reader's language."""
    return next((state.title for state in page.form.states() if state.key == section), page.title)


def drawn(page: TaskPage, section: str, focus: str | None = None) -> Markup:
    """The fields of a section as the page shows them."""
    return drawn_fields(
        page.form,
        section,
        swap=url_for("work.fields", task_id=page.task_id, section=section),
        send=url_for("work.answer", task_id=page.task_id, section=section),
        focus=focus,
    )
