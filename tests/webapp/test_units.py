"""The pages of special units: named once, and what is late said so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.player import Player
from tests.supervision.playing import until
from tests.webapp.pages import check_page
from tests.webapp.world import House


def words(element) -> str:
    return "".join(element.itertext())


@pytest.fixture
def begun(house: House) -> House:
    """Three weeks ago somebody came to the unit; nobody has written a contact down since."""
    now = house.platform.real_now() - timedelta(days=21)
    player = Player(house.platform, house.sessions, house.world, now)
    player.play(until("unit-individual", "individual_safeguards_contact"))
    return house


@pytest.mark.parametrize(("language", "late"), [("en", "Overdue"), ("fr", "En retard")])
def test_a_unit_is_called_by_what_it_is_for_and_shows_what_is_late(begun, language, late):
    reader = begun.sign_in("governor.west", language)
    check_page(reader.get("/units"))
    [row] = [one for one in reader.tree.iter("tr") if "Annœullin" in words(one)]
    assert words(row).count("Annœullin") == 1
    [link] = [one.get("href") for one in row.iter("a")]
    check_page(reader.get(link))
    [heading] = reader.tree.iter("h1")
    assert "QPR" in words(heading)
    assert "Annœullin" in words(heading)
    assert "Whimbrel" in reader.text
    assert late in reader.text
