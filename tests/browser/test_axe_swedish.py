"""Every page of the Swedish agency, in Swedish, is without fault for axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework import access, by_number
from casework.tables import UserAccount
from tests.browser import chromium
from tests.browser.conftest import Served
from tests.browser.examining import Examiner
from tests.browser.test_axe import examine
from tests.pages import abroad
from tests.pages.conftest import abroad_made  # noqa: F401  the shared database
from tests.pages.test_two_countries import lists, own

LOGINS = (
    "placement.mitt",
    "probation.bjork",
    "contact.bjork",
    "legal.mitt",
    "manager.bjork",
    "security.bjork",
    "psychologist.bjork",
    "officer.bjork",
    "programme.bjork",
    "governor.bjork",
    "headoffice.se",
    "probationhead.bjork",
    "region.mitt",
    "reader.se",
    "dpo.se",
    "oversight.se",
)
SAMPLE = LOGINS[:5]


@pytest.fixture(scope="module")
def served(
    abroad_made: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    """Both agencies of the demo; the Swedish one is at home."""
    chromium.path()
    folder = tmp_path_factory.mktemp("swedish") / "data"
    with abroad.open_house(abroad_made, folder) as house:
        served = Served(house)
        yield served
        served.close()


@pytest.fixture(scope="module")
def examiner() -> Examiner:
    """Each way in which pages are built is looked at once."""
    return Examiner(by_shape=True)


@pytest.mark.parametrize("login", SAMPLE)
def test_every_kind_of_page_in_swedish(sit_down, served, examiner, login):
    look_through(sit_down, served, examiner, login, rows=2)


@pytest.mark.prove
@pytest.mark.parametrize("login", LOGINS)
def test_every_page_in_swedish(sit_down, served, login):
    look_through(sit_down, served, Examiner(), login, rows=1000)


def test_the_pages_of_placements_clients_and_courts_are_among_them(served):
    """Else the pages that only Sweden has would be looked at by nobody."""
    pages = {login: addresses(served.house, login, 1) for login in SAMPLE}
    assert "/placements" in pages["placement.mitt"]
    assert "/clients" in pages["probation.bjork"]
    assert any(page.startswith("/clients/") for page in pages["probation.bjork"])


def look_through(sit_down, served, examiner, login, rows):
    desk = sit_down(login, locale="sv-SE")
    if desk.page.locator("html").get_attribute("lang") != "sv":
        desk.press(desk.page.get_by_role("button", name="Svenska"))
    assert not list(examine(desk, examiner, addresses(served.house, login, rows)))


def addresses(house, login: str, rows: int) -> list[str]:
    """Lists, forms that begin something, and of each route with a row the first that it opens."""
    return [*lists(house), *own(house, login, rows), *beginnings(house, login)]


def beginnings(house, login: str) -> list[str]:
    """The forms with which this function begins something."""
    with house.reading() as session:
        account = session.get_one(UserAccount, house.user(login))
        viewer = access.viewer(session, account, house.clock().date())
        found = by_number.offered(house.platform, session, viewer)
        return [f"/begin/{start.form_id}" for start in found] + [
            f"/cases/{house.case('S-2103')}/begin/{start.form_id}" for start in found
        ]
