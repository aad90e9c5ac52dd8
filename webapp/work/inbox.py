"""The page 'my work'."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from casework import notifications, oversight, work
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import now, platform, viewer
from webapp.work import filters
from webapp.work.blueprint import blueprint

NOTICES_SHOWN = 3
"""More than these are behind a link: the tasks come first."""

TOLD_BY_THE_LIST = frozenset({"task_remind", "task_due"})
"""The list of tasks already says it beside the task."""


@blueprint.get("/work")
@access(SIGNED_IN)
def my_work() -> ResponseReturnValue:
    """Open tasks of the asker and of the asker's functions, overdue and due first."""
    asked = filters.asked()
    found = work.my_work(platform(), database(), viewer(), now(), asked, speaking=speaking())
    notices = notifications.visible(
        platform(),
        database(),
        viewer(),
        now=now(),
        speaking=speaking(),
        limit=NOTICES_SHOWN + 1,
        leaving_out=TOLD_BY_THE_LIST,
    )
    return render_template(
        "work/my_work.html",
        work=found,
        chips=filters.chips(found),
        whose_choices=filters.whose(),
        due_choices=filters.due(),
        notices=notices[:NOTICES_SHOWN],
        more_notices=len(notices) > NOTICES_SHOWN,
        late_below=0 if found.rows else oversight.late(platform(), database(), viewer(), now()),
    )
