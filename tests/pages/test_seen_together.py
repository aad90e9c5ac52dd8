"""Many cases are judged together; each is judged as if it were alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework import access
from casework.tables import Case, UserAccount
from tests.pages.test_routes import EVERYBODY


@pytest.mark.parametrize("login", EVERYBODY)
def test_of_many_cases_one_sees_those_that_one_sees_singly(house, login):
    with house.reading() as session:
        account = session.scalars(select(UserAccount).where(UserAccount.login == login)).one()
        viewer = access.viewer(session, account, house.platform.real_now().date())
        cases = session.scalars(select(Case)).all()
        assert len(cases) > 5
        opened = {case.id for case in cases if access.may_see_case(session, viewer, case)}
        named = {case.id for case in cases if access.may_see_person(session, viewer, case)}
        assert access.cases_seen(session, viewer, cases) == opened
        assert access.persons_seen(session, viewer, cases) == named
