"""A case whose process is exchanged for a later version while a step of it is half filled in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework import record, work
from processes import migration, packs, versions
from processes.migration import Plan
from processes.tables import InstanceMigration, ProcessInstance
from tests.casework.story import OBSERVATION, REASONS, Story

FRANCE = packs.MODELS / "france"
TRIAGE = "detection_first_look"


def carry(story: Story, change: Callable[[str], str], *names: str) -> Plan:
    """Deploy the French pack with some files changed, and put the detection onto it."""
    pack = packs.read_pack(FRANCE)
    changed = {name: change(pack.files[name].decode()).encode() for name in names}
    pack = replace(pack, files={**pack.files, **changed})
    with story.writing() as session:
        mine = ProcessInstance.case_id == story.case_id
        instance = session.scalars(select(ProcessInstance).where(mine)).one()
        version = versions.deploy(session, story.acting(None), pack, "detection")
        acting = story.acting(None)
        return migration.migrate(session, story.platform, acting, instance.id, version, {})


def without(*keys: str) -> Callable[[str], str]:
    """A form with these questions taken out."""

    def change(raw: str) -> str:
        form = json.loads(raw)

        form["components"] = [part for part in form["components"] if part.get("key") not in keys]
        return json.dumps(form)

    return change


def test_what_was_half_typed_and_when_it_is_due_stay_as_they_were(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        typed = {"first_look": "open", "reasons": REASONS}
        work.save_draft(*story.asking(session, "lead.north"), task.id, typed, 0)
        due, held = task.due_at, task.holder_id

    def rename(raw: str) -> str:
        return raw.replace('name="First look"', 'name="First reading"')

    plan = carry(story, rename, "detection.bpmn")
    assert {step.element_id: step.fate for step in plan.steps}[TRIAGE] == "kept"
    with story.writing() as session:
        asking = story.asking(session, "lead.north")
        there = story.task(session, TRIAGE)
        page = work.open_task(*asking, there.id)
        assert (page.title, page.draft_revision) == ("First reading", 1)
        assert page.form.raw()["reasons"] == REASONS
        assert (there.due_at, there.holder_id) == (due, held)
        done = work.complete(*asking, there.id, MultiDict({"_shown": ""}))
        assert isinstance(done, work.Completed)
    assert story.open_elements()


def test_an_answer_to_a_question_that_is_gone_is_kept_in_the_draft_and_not_shown(
    story: Story,
) -> None:
    story.observe()
    typed = {"first_look": "open", "reasons": REASONS, "danger": "Said so twice"}
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        work.save_draft(*story.asking(session, "lead.north"), task.id, typed, 0)
    plan = carry(story, without("danger"), "F-TRIAGE.form")
    notes = {step.element_id: step.notes for step in plan.steps}[TRIAGE]
    assert notes == (
        "its form is another; what was typed is kept, but shown only where it is asked",
    )
    with story.writing() as session:
        asking = story.asking(session, "lead.north")
        page = work.open_task(*asking, story.task(session, TRIAGE).id)
        assert "danger" not in page.form.raw()
        assert page.form.raw()["reasons"] == REASONS
        kept, _ = record.load_draft(story.platform, session, story.user("lead.north"), task.id)
        assert kept["danger"] == "Said so twice"


def test_what_was_answered_before_is_read_by_the_form_that_asked_it(story: Story) -> None:
    story.observe()
    carry(story, without("where"), "F-OBS.form")
    with story.reading() as session:
        (observation,) = story.page(session, TRIAGE, "lead.north").material
        assert OBSERVATION["where"] in dict(observation.sections[0][1]).values()


def test_a_discarded_case_leaves_nothing_of_its_migration(story: Story) -> None:
    story.observe()
    carry(story, without("danger"), "F-TRIAGE.form")
    with story.writing() as session:
        assert session.scalars(select(InstanceMigration)).one().state_before
        acting = story.acting("lead.north")
        record.discard_case(story.platform, session, acting, story.case_id)
    with story.reading() as session:
        assert session.scalars(select(InstanceMigration)).all() == []
