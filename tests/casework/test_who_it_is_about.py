"""Who a case is about, and a question asked without name and file."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework import access, accounts, casefile, worklist
from casework.casepages import CaseFilters
from casework.pages import Filters
from casework.tables import RoleHolding
from tests.casework.story import Story

ADVISOR = {"ask_advisor": "true", "advisor_question": "What does the word mean?"}


def test_data_protection_reads_the_case_without_the_person(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        page = casefile.case_page(*story.asking(session, "dpo"), story.case_id)
        rows = casefile.cases(*_listing(story, session, "dpo")).rows
        assert page.person is None
        assert [row.person_number for row in rows] == [None]
        assert "Basalt" not in repr(rows)
        assert "Noa" not in repr(rows)
        found = casefile.cases(*_listing(story, session, "dpo"), CaseFilters(search="N-2041"))
        assert found.rows == ()
        lead = casefile.case_page(*story.asking(session, "lead.north"), story.case_id)
        assert lead.person is not None


def _listing(story: Story, session, login: str):
    platform, _, acting, viewer = story.asking(session, login)
    return platform, session, viewer, acting.now


@pytest.fixture
def asked(story: Story) -> Story:
    """The religious advisor is asked an abstract question."""
    story.up_to_raters()
    story.complete("rate_and_hear_name", **story.raters(**ADVISOR))
    return story


def test_an_abstract_question_opens_no_case_and_is_found_by_no_name(asked: Story) -> None:
    with asked.reading() as session:
        platform, _, viewer, now = _listing(asked, session, "chaplaincy.north")
        assert not access.may_see_case(session, viewer, asked.case(session))
        (row,) = worklist.my_work(platform, session, viewer, now).rows
        assert (row.form, row.person_name, row.case_name) == ("F-ADVISOR", None, None)
        for text in ("Basalt", "N-2041", "Noa"):
            named = worklist.my_work(platform, session, viewer, now, Filters(search=text))
            assert named.rows == ()


def test_tasks_of_a_role_that_ends_go_back_to_the_function(story: Story) -> None:
    story.observe()
    story.do("claim", task="detection_first_look", as_="lead.north")
    with story.writing() as session:
        lead, acting = story.user("lead.north"), story.acting(None)
        wanted = select(RoleHolding).where(
            RoleHolding.user_id == lead, RoleHolding.role == "fr.unit_lead"
        )
        for holding in session.scalars(wanted):
            accounts.end_role(story.platform, session, acting, holding, acting.now.date())
    with story.reading() as session:
        assert story.task(session, "detection_first_look").holder_id is None
