"""Effects, hooks and words that a usual journey does not meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from casework import ahead, notifying, seats, shown
from casework.access import Viewer
from casework.effects import CaseworkEffects
from casework.tables import Case, EntryRead, Notification, RecordEntry
from processes.engine import EngineFault
from processes.packs import MODELS, read_pack
from processes.ports import EffectCall
from processes.tables import Message, ProcessInstance, ProcessVersion
from tests.casework.story import REASONS, Story, grid


def call(story: Story, session, name: str, **changes) -> EffectCall:
    instance = session.scalars(
        select(ProcessInstance).where(ProcessInstance.case_id == story.case_id)
    ).first()
    made = EffectCall(
        name=name,
        instance_id=instance.id,
        case_id=story.case_id,
        establishment_id=instance.establishment_id,
        element_id="detection_nothing_kept",
        attributes={},
        variables={},
        guarded_task_id=None,
    )
    return replace(made, **changes)


def test_every_effect_of_the_pack_exists(story: Story) -> None:
    named = set(read_pack(MODELS / "france").effects)
    assert named <= story.platform.ports.effects.names()


def test_an_unbound_port_and_an_unknown_effect_say_what_is_wrong(story: Story) -> None:
    with pytest.raises(RuntimeError, match="bind"):
        _ = CaseworkEffects().platform
    story.observe()
    with story.reading() as session:
        effects = story.platform.ports.effects
        with pytest.raises(EngineFault, match="no effect"):
            effects.run(session, story.acting(None), call(story, session, "no.such"))


@pytest.mark.parametrize("name", ["grids.missing", "grids.compare", "seats.replace"])
def test_a_round_that_was_never_opened_is_an_incident(story: Story, name: str) -> None:
    story.observe()
    with story.reading() as session:
        effects = story.platform.ports.effects
        with pytest.raises(EngineFault, match="no round"):
            effects.run(session, story.acting(None), call(story, session, name))


def test_the_age_of_an_erased_person_is_an_incident(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        story.case(session).person_id = None
        effects = story.platform.ports.effects
        acting = story.acting(None)
        with pytest.raises(EngineFault, match="erased"):
            effects.run(session, acting, call(story, session, "person.age"))
        found = effects.run(session, acting, call(story, session, "case.find_duplicate"))
        assert found == {"duplicate": False}
        with pytest.raises(EngineFault, match="no older open case"):
            effects.run(session, acting, call(story, session, "case.join_duplicate"))


def test_an_answer_that_is_owed_is_told_to_who_owes_it_and_to_the_owner(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        case = story.case(session)
        message = Message(
            id=uuid4(),
            agency_id=case.agency_id,
            name="detectionReferred",
            case_id=case.id,
            key=str(case.id),
            sender_key="one",
            establishment_id=case.establishment_id,
            owner_role="fr.cpu_secretary",
            payload={},
            state="kept",
            created_at=story.player.played.now,
        )
        story.platform.ports.effects.answer_owed(session, story.acting(None), message)
        told = session.scalars(
            select(Notification.role).where(Notification.code == "answer_owed")
        ).all()
        assert set(told) == {"fr.cpu_secretary", "fr.mlrv"}


def test_an_overdue_step_is_moved_to_a_colleague_whom_the_form_offers(story: Story) -> None:
    story.up_to_grids()
    story.complete("blind_grids_custody", **grid("G1"))
    story.complete("blind_grids_management", **grid("G3"))
    story.do("wait", until="P13WD")
    with story.reading() as session:
        page = story.page(session, "escalation_act", "director.north")
        field = page.definition.fields["to_colleague"]
        assert field.choices_from == "colleagues"
    other = story.user("probation2.north")
    story.complete(
        "escalation_act",
        "director.north",
        overdue_act="reassigned",
        to_colleague=str(other),
        reasons=REASONS,
    )
    with story.reading() as session:
        assert story.task(session, "blind_grids_interview").holder_id == other
        codes = session.scalars(
            select(Notification.code).where(Notification.user_id == other)
        ).all()
        assert "reassigned_to_you" in codes


def test_who_has_read_anything_of_the_round_cannot_rate_in_it(story: Story) -> None:
    """V4, in whatever capacity."""
    story.up_to_grids()
    story.complete("blind_grids_custody", **grid("G1"))
    with story.writing() as session:
        case = story.case(session)
        reader = story.user("probation2.north")
        entry = session.scalars(select(RecordEntry).where(RecordEntry.form == "G1")).first()
        assert seats.why_barred(session, case, 1, reader) == ()
        session.add(
            EntryRead(
                id=uuid4(),
                agency_id=case.agency_id,
                case_id=case.id,
                round=1,
                entry_id=entry.id,
                user_id=reader,
                read_at=story.player.played.now,
            )
        )
        session.flush()
        assert seats.why_barred(session, case, 1, reader) == ("has read something of this round",)
        rater = story.user("probation.north")
        assert seats.why_barred(session, case, 1, rater) == ("has a seat in this round already",)


def test_what_comes_next_ends_for_every_step_of_the_model(story: Story) -> None:
    with story.reading() as session:
        for version_id in session.scalars(select(ProcessVersion.id)):
            names = shown.wording(story.platform, session, version_id, _english())
            for element in names.model.elements.values():
                for sentence in ahead.next_in_words(names, element.id):
                    assert sentence.endswith(".")
                    assert "{" not in sentence


def _english():
    from casework.words import ENGLISH

    return ENGLISH


def test_a_role_is_told_where_it_is_held(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        case = story.case(session)
        row = notifying.tell_role(
            session,
            story.acting(None),
            story.platform.ports.directory,
            "fr.disp",
            "information",
            establishment_id=case.establishment_id,
            case_id=case.id,
        )
        assert row.establishment_id == story.player.world.places["region"]


def test_ages_are_counted_in_completed_years() -> None:
    assert shown.years(date(2008, 3, 2), date(2026, 3, 1)) == 17
    assert shown.years(date(2008, 3, 2), date(2026, 3, 2)) == 18


def test_codes_of_cases_and_persons_have_words() -> None:
    for stage in ("observed", "opened", "support", "monitored", "decided", "referred"):
        case = Case(state="open", stage=stage)
        assert "_" not in shown.stage_words(case)
        assert shown.stage_words(case) != stage
    assert shown.stage_words(Case(state="erased", stage="decided")) == "Erased"
    assert shown.stage_words(Case(state="closed", stage="support")) == "Closed: Support offered"
    assert shown.penal_words("remand").startswith("On remand")
    assert shown.purpose_words("unknown_code") == "unknown code"


def test_the_viewer_is_bound_to_a_day(story: Story) -> None:
    with story.reading() as session:
        viewer = story.viewer(session, "lead.north")
        assert isinstance(viewer, Viewer)
        assert viewer.on == date(2026, 3, 2)
