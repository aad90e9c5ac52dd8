"""Steps of detection as staff take them on the pages."""

from __future__ import annotations

from datetime import timedelta

from tests.webapp.world import House, Reader

THREAT = "He said: hand over your canteen or we visit your family. Two others stood beside him."


def observation(house: House, what: str = THREAT) -> dict[str, str]:
    """What an officer answers in F-OBS."""
    day = house.platform.real_now() - timedelta(days=2)
    return {
        "what": what,
        "when-day": str(day.day),
        "when-month": str(day.month),
        "when-year": str(day.year),
        "when-time": "14:30",
        "where": "Yard B",
        "source": "own",
        "harm": "influence",
        "other_explanation": "provocation",
        "contrary": "Afterwards he laughed and shared tobacco.",
    }


def observe(house: House, number: str = "N-9001", login: str = "custody.north") -> Reader:
    """Record an observation about a person; gives the officer, at the confirmation."""
    officer = house.sign_in(login, "en")
    officer.get(f"/observations/new/{house.person(number)}")
    officer.send(observation(house))
    assert officer.answer.status_code == 200, officer.text
    return officer
