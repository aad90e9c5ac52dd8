"""The page of a special unit: who is there, asked for all of them together."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from casework import access
from casework.tables import Unit, UserAccount
from casework.units import pages
from tests.casework.story import Story
from tests.casework.test_stays import asked


def page_of(story: Story, login: str) -> tuple[pages.UnitPage, list[str]]:
    """The first evaluation unit's page for somebody, and the statements it took."""
    with story.reading() as session:
        account = session.scalars(select(UserAccount).where(UserAccount.login == login)).one()
        viewer = access.viewer(session, account, story.player.played.now.date())
        unit = session.scalars(select(Unit).where(Unit.kind == "qer").order_by(Unit.id)).first()
        assert unit is not None
        said: list[str] = []
        heard = event.listens_for(session.get_bind(), "before_cursor_execute")
        listener = heard(lambda *a: said.append(a[2]))
        page = pages.unit_page(story.platform, session, viewer, unit.id, story.player.played.now)
        event.remove(session.get_bind(), "before_cursor_execute", listener)
        return page, said


@pytest.mark.parametrize("login", ["region", "ministry", "oversight"])
def test_a_unit_with_many_persons_takes_as_many_statements_as_one_with_two(story, login):
    def come(numbers: range) -> None:
        with story.writing() as session:
            unit = session.scalars(select(Unit).where(Unit.kind == "qer").order_by(Unit.id)).first()
            assert unit is not None
            unit.capacity = 80
            for number in numbers:
                _, stay = asked(story, session, number)
                stay.unit_id, stay.state, stay.came_at = unit.id, "here", story.player.played.now

    come(range(2))
    few, said = page_of(story, login)
    come(range(2, 40))
    many, then = page_of(story, login)
    assert (len(few.here), len(many.here)) == (2, 40)
    assert len(then) == len(said)
