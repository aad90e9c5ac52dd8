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


def to_answer(sitting, login: str) -> list[str]:
    with sitting.reading() as session:
        return [row.title for row in desk(*sitting.asking(session, login)).to_answer]


def test_the_steps_in_which_an_authority_answers_stand_on_its_desk(sitting):
    case_id = opined(sitting)
    assert to_answer(sitting, "governor.north") == ["Answer the opinion"]
    assert to_answer(sitting, "governor.south") == to_answer(sitting, "region") == []
    position(sitting, case_id)
    assert to_answer(sitting, "governor.north") == ["Write the joint report"]
    sitting.pass_days(9)
    sitting.sweep()
    assert to_answer(sitting, "region") == ["Give the region's opinion"]
