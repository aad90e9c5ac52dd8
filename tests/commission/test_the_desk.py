"""What an authority owes an answer to stands on the page of those who sign."""

from __future__ import annotations

from casework.measures.desk import desk
from tests.commission.test_ledger import opined, position


def owed(sitting, login: str) -> list[str]:
    with sitting.reading() as session:
        return [row.outcome_words for row in desk(*sitting.asking(session, login)).owed]


def test_an_opinion_waits_on_the_desk_of_the_governor_until_it_is_answered(both):
    case_id = opined(both, "support_only")
    assert len(owed(both, "governor.north")) == 1
    assert owed(both, "governor.south") == owed(both, "ministry") == []
    position(both, case_id, "follow")
    assert owed(both, "governor.north") == []
