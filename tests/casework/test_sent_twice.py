"""A start form that is sent twice."""

from sqlalchemy import func, select

from casework.tables import Case
from tests.casework.story import Story


def test_the_same_observation_sent_twice_opens_one_case(story: Story) -> None:
    story.observe()
    first = story.case_id
    story.observe()
    assert story.case_id == first
    with story.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_another_observation_about_the_same_person_is_another_case(story: Story) -> None:
    story.observe()
    story.observe(what="Said something else in the workshop an hour later.")
    with story.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2
